/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Whom of the tenant's staff an account is shown; a tenant_admin chooses. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import type { Named } from '../lib/types';
import { Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { KINDS, type AccountPage, type Kind, type NamedContact } from './data';

type Row = { kind: Kind; person: number };

function Choose({ page, onSaved }: { page: AccountPage; onSaved: (named: NamedContact[]) => void }) {
  const before = page.named.map((n) => ({ kind: n.kind, person: n.id }));
  const [rows, setRows] = useState<Row[]>(before);
  const [staff, setStaff] = useState<Named[]>(page.named);
  useEffect(() => { api<{ items: Named[] }>('GET', '/api/agents').then((a) => setStaff(a.items), () => {}); }, []);
  const put = (at: number, change: Partial<Row>) => setRows(rows.map((r, i) => (i === at ? { ...r, ...change } : r)));
  const changed = JSON.stringify(rows) !== JSON.stringify(before);
  const save = async () => {
    if (!changed) return;
    try {
      await api('PATCH', `/api/accounts/${page.account.id}`, { body: { named: rows } });
      onSaved(rows.map((r) => ({ kind: r.kind, id: r.person, name: staff.find((s) => s.id === r.person)?.name ?? '', email: '' })));
      announce(t('accounts.saved'));
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
  };
  return (
    <form class="form" onSubmit={(e) => { e.preventDefault(); void save(); }}>
      {rows.map((r, i) => (
        <div class="form-end" key={i}>
          <select class="input" aria-label={t('accounts.named.kind', { n: i + 1 })} value={r.kind} onChange={(e) => put(i, { kind: e.currentTarget.value as Kind })}>
            {KINDS.map((k) => <option key={k} value={k}>{t(`accounts.kind.${k}`)}</option>)}
          </select>
          <select class="input" aria-label={t('accounts.named.person', { n: i + 1 })} value={String(r.person)} onChange={(e) => put(i, { person: Number(e.currentTarget.value) })}>
            {staff.map((s) => <option key={s.id} value={String(s.id)}>{s.name}</option>)}
          </select>
          <button class="btn btn-ghost" type="button" onClick={() => setRows(rows.filter((_, o) => o !== i))}><Icon name="x" />{t('accounts.named.remove')}</button>
        </div>
      ))}
      <div class="form-end">
        <button class="btn" type="button" aria-disabled={!staff.length} onClick={() => staff[0] && setRows([...rows, { kind: KINDS[0], person: staff[0].id }])}><Icon name="plus" />{t('accounts.named.add')}</button>
        <button class="btn btn-primary" type="submit" aria-disabled={!changed}>{t('accounts.save')}</button>
      </div>
    </form>
  );
}

export function NamedStaff({ page, onSaved }: { page: AccountPage; onSaved: (named: NamedContact[]) => void }) {
  return (
    <section class="card" aria-labelledby="h-named">
      <h2 id="h-named">{t('accounts.named')}</h2>
      {page.account.can.name_staff ? <Choose page={page} onSaved={onSaved} />
        : page.named.length ? (
          <ul class="contacts" role="list">
            {page.named.map((n) => <li key={`${n.kind} ${n.id}`}><b><bdi>{n.name}</bdi></b> · {t(`accounts.kind.${n.kind}`)}<br /><span dir="ltr">{n.email}</span></li>)}
          </ul>
        ) : <p class="muted">{t('accounts.named.none')}</p>}
    </section>
  );
}
