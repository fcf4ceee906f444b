/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Support access beside a ticket: enter, or ask to be let in. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, newKey, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { usePoll } from '../lib/poll';
import type { PortalRef } from '../ui/grant';
import { fieldText, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { OpenGrant, type DeskGrant, type DeskRequest } from './grants';

interface State { grants: DeskGrant[]; request: DeskRequest | null; days_most: number; portal: PortalRef }

function Ask({ number, state, done }: { number: number; state: State; done: () => void }) {
  /* The account's others are not known here: whoever decides may choose among them. */
  const here = String(state.portal.id);
  const scopes = state.portal.top ? ['top', 'all'] as const : [here, 'top', 'all'] as const;
  const [scope, setScope] = useState<string>(scopes[0]);
  const [reason, setReason] = useState('');
  const [days, setDays] = useState('1');
  const [fault, setFault] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const submit = async () => {
    if (busy) return;
    if (!reason.trim()) return setFault({ reason: fieldText('required') });
    setBusy(true);
    try {
      await api('POST', `/api/tickets/${number}/access-requests`, { body: { scope, reason: reason.trim(), days: Number(days) || 1 }, key: key.current });
      announce(t('access.sent'));
      done();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      if (e.errors.length) setFault(Object.fromEntries(e.errors.map((f) => [f.field, fieldText(f.code)])));
      else toast(problemText(e));
      key.current = newKey();
    }
    setBusy(false);
  };
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
      <fieldset class="field">
        <legend class="label">{t('access.scope')}</legend>
        <ul class="contacts" role="list">
          {scopes.map((s) => (
            <li key={s}><label class="check"><input type="radio" name="ask-scope" checked={scope === s} onChange={() => setScope(s)} /><span dir="auto">{s === 'top' || s === 'all' ? t(`access.scope.${s}`) : t('access.scope.this', { portal: state.portal.name })}</span></label></li>
          ))}
        </ul>
        {fault['scope'] && <span class="error">{fault['scope']}</span>}
      </fieldset>
      <div class="field">
        <label for="ask-days">{t('access.days')}</label>
        <input class="input" id="ask-days" type="number" min={1} max={state.days_most} value={days} aria-invalid={fault['days'] ? true : undefined} onInput={(e) => setDays(e.currentTarget.value)} />
        {fault['days'] && <span class="error">{fault['days']}</span>}
      </div>
      <div class="field">
        <label for="ask-reason">{t('access.reason')}</label>
        <textarea class="input" id="ask-reason" rows={3} dir="auto" maxLength={500} required aria-invalid={fault['reason'] ? true : undefined} aria-describedby={fault['reason'] ? 'ask-reason-fault' : undefined}
          value={reason} onInput={(e) => setReason(e.currentTarget.value)} />
        {fault['reason'] && <span class="error" id="ask-reason-fault">{fault['reason']}</span>}
      </div>
      <div class="form-end">
        <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('access.ask.send')}</button>
        <button class="btn btn-ghost" type="button" onClick={done}>{t('app.cancel')}</button>
      </div>
    </form>
  );
}

export default function TicketAccess({ number }: { number: number }) {
  const [state, setState] = useState<State | null>(null);
  const [asking, setAsking] = useState(false);
  const load = async () => {
    try {
      setState(await api<State>('GET', `/api/tickets/${number}/access`, { quiet: true }));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
    }
  };
  useEffect(() => { void load(); }, [number]);
  usePoll(15, () => void load());
  if (!state) return null;
  const asked = state.request?.state === 'open' ? state.request : null;
  const withdraw = async () => {
    try {
      await api('DELETE', `/api/access-requests/${asked?.id}`);
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
    await load();
  };
  return (
    <div class="form side-access">
      <h2>{t('access.title')}</h2>
      {state.grants.map((g) => <OpenGrant key={g.id} g={g} />)}
      {!state.grants.length && !asking && <p class="muted">{t('access.desk.closed')}</p>}
      {asked ? <p>{t('access.state.open')} <button class="link" type="button" onClick={() => void withdraw()}>{t('access.withdraw')}</button></p>
        : asking ? <Ask number={number} state={state} done={() => { setAsking(false); void load(); }} />
          : (
            <>
              {state.request?.state === 'refused' && <p>{t('access.state.refused')}</p>}
              {!state.grants.length && <p><button class="btn btn-wide" type="button" onClick={() => setAsking(true)}>{t('access.ask')}</button></p>}
            </>
          )}
    </div>
  );
}
