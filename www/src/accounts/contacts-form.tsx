/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** An account's support contacts: chosen, then saved at once. */
import { useMemo, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, newKey, Problem } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { maybe, t } from '../lib/i18n';
import { fieldText, problemText } from '../ui/parts';
import { isAddress, PeopleField, type Entry } from '../ui/people-field';
import { toast } from '../ui/toast';
import { findIn, toEntry, type Contact } from './data';

/** Contacts that don't work, since when and why. */
export function Flagged({ contacts }: { contacts: Contact[] }) {
  const bad = contacts.filter((c) => c.state !== 'works' && c.state !== 'asked');
  if (!bad.length) return null;
  return (
    <div class="notice" data-tone="warn">
      <p><b>{bad.length === contacts.length ? t('accounts.contact.none_works') : t('accounts.contact.some_fail')}</b></p>
      <ul>
        {bad.map((c) => (
          <li key={c.email}>
            <bdi>{c.name ?? c.email}</bdi>: {t(`accounts.contact.${c.state as 'bounced' | 'departed' | 'declined'}.since`, { at: dateTime(c.state_at) })}
            {c.answer && <> <small dir="ltr">{c.answer}</small></>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Contacts who have not answered yet, and who gets their mail meanwhile. */
export function Asked({ contacts, who, again }: { contacts: Contact[]; who: string; again?: (email: string) => void }) {
  const asked = contacts.filter((c) => c.state === 'asked');
  if (!asked.length) return null;
  return (
    <div class="notice">
      <p><b>{t('accounts.contact.waiting')}</b></p>
      <p>{t('accounts.contact.waiting.text')} {!contacts.some((c) => c.state === 'works') && t('accounts.contact.stand_in', { who })}</p>
      <ul>
        {asked.map((c) => (
          <li key={c.email}>
            <bdi>{c.email}</bdi>: {maybe(`accounts.contact.mail.${c.mail ?? 'none'}`)}
            {again && <> <button class="link" type="button" aria-label={`${t('accounts.contact.again')}: ${c.email}`} onClick={() => again(c.email)}>{t('accounts.contact.again')}</button></>}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function ContactsForm({ account, contacts, who, onSaved }: { account: number; contacts: Contact[]; who: string; onSaved: (c: Contact[]) => void }) {
  const [value, setValue] = useState<Entry[]>(() => contacts.map(toEntry));
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState(newKey);
  const search = useMemo(() => findIn({ account }), [account]);
  const change = (v: Entry[]) => { setValue(v); setFault(''); setKey(newKey()); };

  const add = value.filter((v) => !contacts.some((c) => c.email === v.email)).map((v) => v.email);
  const remove = contacts.filter((c) => !value.some((v) => v.email === c.email)).map((c) => c.email);
  const changed = add.length + remove.length > 0;
  const save = async () => {
    if (busy || !changed) return;
    if (value.some((v) => !isAddress(v.email))) return document.getElementById('contacts')?.focus();
    setBusy(true);
    try {
      const saved = await api<{ contacts: Contact[] }>('POST', `/api/accounts/${account}/contacts`, { body: { add, remove }, key });
      setValue(saved.contacts.map(toEntry));
      onSaved(saved.contacts);
      announce(t('accounts.saved'));
      toast(t('accounts.saved'));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      const field = e.errors[0];
      setFault(field ? fieldText(field.code) : problemText(e));
    }
    setKey(newKey());
    setBusy(false);
  };
  const again = async (email: string) => {
    try {
      onSaved((await api<{ contacts: Contact[] }>('POST', `/api/accounts/${account}/contacts/again`, { body: { email } })).contacts);
      announce(t('accounts.contact.again.said', { email }));
      toast(t('accounts.contact.again.said', { email }));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      toast(problemText(e));
    }
  };
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <Flagged contacts={contacts} />
      <Asked contacts={contacts} who={who} again={(email) => void again(email)} />
      <PeopleField id="contacts" label={t('accounts.contacts')} hint={t('accounts.contacts.hint')} value={value} onChange={change} search={search} fault={fault} />
      <div class="form-end">
        <button class="btn btn-primary" type="submit" aria-disabled={busy || !changed}>{busy ? t('app.sending') : t('accounts.save')}</button>
        {changed && <button class="btn btn-ghost" type="button" onClick={() => change(contacts.map(toEntry))}>{t('app.cancel')}</button>}
      </div>
    </form>
  );
}
