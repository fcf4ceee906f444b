/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Support access, for the account's administrators: what is open, who asks, what was done. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, newKey, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { usePoll } from '../lib/poll';
import { EndField, endText, ScopeField, scopeText, type End, type PortalRef, type Scope } from '../ui/grant';
import { Failed, fieldText, Heading, problemText, Skeleton } from '../ui/parts';
import { toast } from '../ui/toast';
import { GrantCard, RequestCard, type Grant, type Request } from './access-cards';
import { Log, type LogPage } from './access-log';

interface Page {
  tenant: string;
  account: string;
  days_most: number;
  portals: PortalRef[];
  grants: Grant[];
  requests: Request[];
  people: Record<string, { name: string }>;
  log: LogPage;
}

/** Sends a change; what is wrong with a field is given back, the rest is told. */
async function send(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, key?: string): Promise<Record<string, string> | null> {
  try {
    await api(method, path, { ...(body === undefined ? {} : { body }), ...(key ? { key } : {}) });
    return null;
  } catch (e) {
    if (!(e instanceof Problem)) throw e;
    if (!e.errors.length) toast(problemText(e));
    return Object.fromEntries(e.errors.length ? e.errors.map((f) => [f.field, fieldText(f.code)]) : [['', problemText(e)]]);
  }
}

function NewGrant({ page, done }: { page: Page; done: () => void }) {
  const [scope, setScope] = useState<Scope>(page.portals.length > 1 ? { kind: 'top', chosen: [] } : { kind: 'all', chosen: [] });
  const [end, setEnd] = useState<End>({ kind: 'tomorrow', date: '' });
  const [reason, setReason] = useState('');
  const [ticket, setTicket] = useState('');
  const [fault, setFault] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const submit = async () => {
    if (busy) return;
    const ends_at = endText(end);
    const missing: Record<string, string> = {};
    if (!reason.trim()) missing['reason'] = fieldText('required');
    if (!ends_at) missing['ends_at'] = fieldText('required');
    if (scope.kind === 'some' && !scope.chosen.length) missing['scope'] = fieldText('required');
    setFault(missing);
    if (Object.keys(missing).length) return;
    setBusy(true);
    const wrong = await send('POST', '/api/access/grants', { scope: scopeText(scope), ends_at, reason: reason.trim(), ...(ticket ? { ticket: Number(ticket) } : {}) }, key.current);
    setBusy(false);
    key.current = newKey();
    if (wrong) return setFault(wrong);
    announce(t('access.opened'));
    done();
  };
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
      <ScopeField id="new" portals={page.portals} value={scope} onChange={setScope} fault={fault['scope']} />
      <EndField id="new" most={page.days_most} value={end} onChange={setEnd} fault={fault['ends_at']} />
      <div class="field">
        <label for="new-reason">{t('access.reason')}</label>
        <textarea class="input" id="new-reason" rows={2} dir="auto" required maxLength={500} aria-invalid={fault['reason'] ? true : undefined} aria-describedby={fault['reason'] ? 'new-reason-fault' : undefined}
          value={reason} onInput={(e) => setReason(e.currentTarget.value)} />
        {fault['reason'] && <span class="error" id="new-reason-fault">{fault['reason']}</span>}
      </div>
      <div class="field">
        <label for="new-ticket">{t('access.ticket')}</label>
        <input class="input" id="new-ticket" inputMode="numeric" dir="ltr" aria-describedby={fault['ticket'] ? 'new-ticket-hint new-ticket-fault' : 'new-ticket-hint'} aria-invalid={fault['ticket'] ? true : undefined}
          value={ticket} onInput={(e) => setTicket(e.currentTarget.value.replace(/\D/g, ''))} />
        <span class="hint" id="new-ticket-hint">{t('access.ticket.hint')}</span>
        {fault['ticket'] && <span class="error" id="new-ticket-fault">{fault['ticket']}</span>}
      </div>
      <div class="form-end">
        <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('access.open')}</button>
        <button class="btn btn-ghost" type="button" onClick={done}>{t('app.cancel')}</button>
      </div>
    </form>
  );
}

export default function Access() {
  const [page, setPage] = useState<Page | null>(() => { const first = takeRoute<Page>(); return first?.grants ? first : null; });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asking, setAsking] = useState(false);
  const load = async (quiet = false) => {
    try {
      setPage(await api<Page>('GET', '/api/access', { quiet }));
      setProblem(null);
    } catch (e) {
      if (e instanceof Problem && !quiet) setProblem(e);
    }
  };
  useEffect(() => { if (!page) void load(); }, []);
  usePoll(2, () => { if (page) void load(true); });

  if (!page) return <><Heading text={t('access.title')} />{problem ? <Failed problem={problem} retry={() => void load()} /> : <Skeleton />}</>;
  const act = async (method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, said: string) => {
    const wrong = await send(method, path, body);
    if (!wrong) announce(said);
    await load(true);
    return wrong;
  };
  const isOn = page.grants.length > 0;
  const flip = async () => {
    if (!isOn) return setAsking(true);
    for (const g of page.grants) await act('DELETE', `/api/access/grants/${g.id}`, undefined, t('access.ended'));
  };
  return (
    <>
      <Heading text={t('access.title')} />
      <p>{t('access.lead', { tenant: page.tenant, account: page.account })}</p>
      <div class="form-end">
        <button class={isOn ? 'btn' : 'btn btn-primary'} type="button" role="switch" aria-checked={isOn} onClick={() => void flip()}>{isOn ? t('access.off') : t('access.on')}</button>
        <span role="status">{isOn ? t('access.is_on', { n: page.grants.length }) : t('access.is_off')}</span>
      </div>
      {page.requests.map((r) => (
        <RequestCard key={r.id} r={r} who={page.people[String(r.asked_by)]?.name ?? page.tenant} portals={page.portals} most={page.days_most}
          approve={(body) => act('POST', `/api/access/requests/${r.id}/approval`, body, t('access.opened'))}
          refuse={() => act('POST', `/api/access/requests/${r.id}/refusal`, undefined, t('access.refused'))} />
      ))}
      {page.grants.map((g) => (
        <GrantCard key={g.id} g={g} who={page.people[String(g.granted_by)]?.name ?? ''} portals={page.portals} most={page.days_most}
          end={() => act('DELETE', `/api/access/grants/${g.id}`, undefined, t('access.ended'))}
          change={(scope, ends_at) => act('PATCH', `/api/access/grants/${g.id}`, { scope, ...(ends_at ? { ends_at } : {}) }, t('access.changed'))} />
      ))}
      {asking
        ? <section class="card" aria-labelledby="new-title"><h2 id="new-title">{t('access.new')}</h2><NewGrant page={page} done={() => { setAsking(false); void load(true); }} /></section>
        : isOn && <p><button class="link" type="button" onClick={() => setAsking(true)}>{t('access.another')}</button></p>}
      <Log first={page.log} portals={page.portals} tenant={page.tenant} />
    </>
  );
}

