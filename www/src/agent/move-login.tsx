/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Moving a login, by whom an account is shown: under a grant, or when it has no administrator. */
import { useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import type { Named } from '../lib/types';
import { fieldText, problemText } from '../ui/parts';
import { toast } from '../ui/toast';

export interface Moves { accounts: Named[]; begun: { id: number; account: string; old: string; email: string; due_at: string }[] }

function Form({ accounts, changed }: { accounts: Named[]; changed: () => void }) {
  const [account, setAccount] = useState(accounts[0]?.id ?? 0);
  const [draft, setDraft] = useState({ person: '', email: '' });
  const [faults, setFaults] = useState<Record<string, string>>({});
  const send = async () => {
    setFaults({});
    try {
      await api('POST', '/api/moves', { body: { account, ...draft } });
      setDraft({ person: '', email: '' });
      toast(t('access.move.begun'));
      changed();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      if (e.errors.length) setFaults(Object.fromEntries(e.errors.map((f) => [f.field, fieldText(f.code)])));
      else toast(problemText(e));
    }
  };
  const address = (name: 'person' | 'email') => (
    <div class="field">
      <label for={`move-${name}`}>{t(`access.move.${name}`)}</label>
      <input class="input" id={`move-${name}`} type="email" dir="ltr" autocomplete="off" maxLength={254} value={draft[name]} aria-invalid={faults[name] ? true : undefined}
        aria-describedby={faults[name] ? `move-${name}-fault` : undefined} onInput={(e) => setDraft({ ...draft, [name]: e.currentTarget.value })} />
      {faults[name] && <span class="error" id={`move-${name}-fault`} role="alert">{faults[name]}</span>}
    </div>
  );
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void send(); }}>
      <div class="field">
        <label for="move-account">{t('access.move.account')}</label>
        <select class="input" id="move-account" value={String(account)} onChange={(e) => setAccount(Number(e.currentTarget.value))}>
          {accounts.map((a) => <option key={a.id} value={String(a.id)}>{a.name}</option>)}
        </select>
      </div>
      {address('person')}
      {address('email')}
      <div class="form-end"><button class="btn" type="submit">{t('access.move')}</button></div>
    </form>
  );
}

export function MoveLogin({ moves, changed }: { moves: Moves; changed: () => void }) {
  const stop = (id: number) => api('PATCH', `/api/moves/${id}`, { body: { yes: false } }).then(changed, (e: unknown) => toast(e instanceof Problem ? problemText(e) : t('err.unknown')));
  if (!moves.accounts.length && !moves.begun.length) return null;
  return (
    <section class="card form" aria-labelledby="moves">
      <h2 id="moves">{t('access.move')}</h2>
      <p class="muted">{t('access.move.lead')}</p>
      {moves.begun.length > 0 && (
        <ul>
          {moves.begun.map((m) => (
            <li key={m.id}>
              <bdi>{m.account}</bdi>: {t('access.move.open', { old: m.old, email: m.email, time: dateTime(m.due_at) })}{' '}
              <button class="link" type="button" aria-label={`${t('access.move.stop')}: ${m.old}`} onClick={() => void stop(m.id)}>{t('access.move.stop')}</button>
            </li>
          ))}
        </ul>
      )}
      {moves.accounts.length > 0 && <Form accounts={moves.accounts} changed={changed} />}
    </section>
  );
}
