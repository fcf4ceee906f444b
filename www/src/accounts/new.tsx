/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A new account: it has a portal and a support contact from the beginning. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api, newKey, Problem } from '../lib/api';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { navigate } from '../lib/router';
import type { Named } from '../lib/types';
import { fieldText, Heading, Icon, problemText } from '../ui/parts';
import { isAddress, PeopleField, type Entry } from '../ui/people-field';
import { toast } from '../ui/toast';
import { RoutingChoice } from './account';
import { base, desk, findIn, type Routing } from './data';

const FIELDS = ['name', 'slug', 'contacts'] as const;
type Field = typeof FIELDS[number] | '';
type Faults = { field: Field; text: string }[];

/** What a name looks like in an address, as a proposal. */
const proposal = (name: string) => name.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase()
  .replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 40).replace(/-$/, '');

interface Where { items: Named[]; domain: string; tenant: string }

export function NewAccount() {
  const [name, setName] = useState('');
  const [slug, setSlug] = useState<string | null>(null);
  const [contacts, setContacts] = useState<Entry[]>([]);
  const [partner, setPartner] = useState<number | null>(null);
  const [isPartner, setIsPartner] = useState(false);
  const [routing, setRouting] = useState<Routing>('partner');
  const [where, setWhere] = useState<Where | null>(null);
  const [faults, setFaults] = useState<Faults>([]);
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const summary = useRef<HTMLDivElement>(null);
  const search = useMemo(() => findIn({ partner }), [partner]);
  useEffect(() => { api<Where>('GET', '/api/accounts/where').then(setWhere, () => {}); }, []);
  useEffect(() => { if (faults.length) summary.current?.focus(); }, [faults]);

  const label = { name: t('accounts.name'), slug: t('accounts.slug'), contacts: t('accounts.contacts') };
  const fault = (field: Field) => faults.find((f) => f.field === field)?.text;
  const address = slug ?? proposal(name);
  const owner = desk ? where?.items.find((p) => p.id === partner)?.name : boot.portal.account?.name;

  const check = (): Faults => {
    const found: Faults = [];
    if (!name.trim()) found.push({ field: 'name', text: fieldText('required') });
    if (!address.trim()) found.push({ field: 'slug', text: fieldText('required') });
    if (!contacts.length) found.push({ field: 'contacts', text: t('accounts.contacts.needed') });
    else if (contacts.some((c) => !isAddress(c.email))) found.push({ field: 'contacts', text: t('pick.bad') });
    return found;
  };
  const submit = async () => {
    if (busy) return;
    const found = check();
    setFaults(found);
    if (found.length) return;
    setBusy(true);
    try {
      const made = await api<{ id: number }>('POST', '/api/accounts', { key: key.current, body: {
        name: name.trim(), slug: address.trim().toLowerCase(), contacts: contacts.map((c) => c.email), ...(owner ? { routing } : {}),
        ...(desk ? { is_partner: isPartner, ...(partner ? { partner } : {}) } : {}) } });
      navigate(`${base}/${made.id}`);
      toast(t('accounts.made', { name: name.trim() }));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      if (!e.uncertain) key.current = newKey();
      const known: Faults = e.errors.map((f) => ({ field: FIELDS.find((k) => k === f.field) ?? '',
        text: f.field === 'slug' && f.code === 'invalid' ? t('accounts.slug.bad') : fieldText(f.code) }));
      setFaults(known.length ? known : [{ field: '', text: problemText(e) }]);
      setBusy(false);
    }
  };

  if (boot.support) return <><Heading text={t('accounts.new')} /><p class="notice">{t('err.support-reads-only.do')}</p></>;
  return (
    <>
      <p><a class="link" href={base}>{t('accounts.title')}</a></p>
      <Heading text={t('accounts.new')} />
      <div class="form-cols">
        <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
          {faults.length > 0 && (
            <div class="summary" ref={summary} tabIndex={-1} role="group" aria-labelledby="summary-title">
              <h2 id="summary-title">{t('accounts.faults', { n: faults.length })}</h2>
              <ul>
                {faults.map((f) => <li key={f.field}>{f.field ? <a href={`#${f.field}`} onClick={(e) => { e.preventDefault(); document.getElementById(f.field)?.focus(); }}>{label[f.field]}: {f.text}</a> : f.text}</li>)}
              </ul>
            </div>
          )}
          <div class="field">
            <label for="name">{label.name}</label>
            <input class="input" id="name" dir="auto" autocomplete="off" maxLength={200} required aria-invalid={fault('name') ? true : undefined} aria-describedby={fault('name') ? 'name-fault' : undefined}
              value={name} onInput={(e) => setName(e.currentTarget.value)} />
            {fault('name') && <span class="error" id="name-fault"><Icon name="circle-alert" />{fault('name')}</span>}
          </div>
          <div class="field">
            <label for="slug">{label.slug}</label>
            <span class="hint" id="slug-hint">{t('accounts.slug.hint', { address: `${address || '…'}.${where?.domain ?? '…'}` })}</span>
            <input class="input" id="slug" dir="ltr" autocomplete="off" autocapitalize="none" spellcheck={false} maxLength={63} required
              aria-invalid={fault('slug') ? true : undefined} aria-describedby={fault('slug') ? 'slug-hint slug-fault' : 'slug-hint'}
              value={address} onInput={(e) => setSlug(e.currentTarget.value)} />
            {fault('slug') && <span class="error" id="slug-fault"><Icon name="circle-alert" />{fault('slug')}</span>}
          </div>
          {desk && (
            <>
              <label class="check"><input type="checkbox" checked={isPartner} onChange={(e) => { setIsPartner(e.currentTarget.checked); setPartner(null); }} />{t('accounts.make_partner')}</label>
              {!isPartner && (
                <div class="field">
                  <label for="partner">{t('accounts.partner')}</label>
                  <select class="input" id="partner" value={partner === null ? '' : String(partner)} onChange={(e) => setPartner(Number(e.currentTarget.value) || null)}>
                    <option value="">{t('accounts.partner.none')}</option>
                    {where?.items.map((p) => <option key={p.id} value={String(p.id)}>{p.name}</option>)}
                  </select>
                </div>
              )}
            </>
          )}
          {owner && <RoutingChoice value={routing} partner={owner} tenant={where?.tenant ?? ''} onChange={setRouting} />}
          <PeopleField id="contacts" label={label.contacts} hint={t('accounts.contacts.hint')} value={contacts} onChange={setContacts} search={search} fault={fault('contacts')} />
          <div class="form-end">
            <button class="btn btn-primary" type="submit" aria-disabled={busy}>{busy ? t('app.sending') : t('accounts.create')}</button>
            <a class="btn btn-ghost" href={base}>{t('app.cancel')}</a>
          </div>
        </form>
      </div>
    </>
  );
}
