/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One grant that is open, and one that is asked for. */
import { useState } from 'preact/hooks';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { EndField, endText, ScopeField, scopeNames, scopeOf, scopeText, type End, type PortalRef } from '../ui/grant';
import { fieldText } from '../ui/parts';

export interface Grant {
  id: number;
  reason: string;
  ticket: number | null;
  portals: PortalRef[] | null;
  granted_by: number;
  created_at: string;
  ends_at: string;
}

export interface Request {
  id: number;
  reason: string;
  ticket: number;
  days: number;
  portals: PortalRef[] | null;
  asked_by: number;
  created_at: string;
}

type Faults = Record<string, string> | null;

function Facts({ of }: { of: Grant | Request }) {
  return (
    <dl class="facts">
      <div><dt>{t('access.scope')}</dt><dd dir="auto">{scopeNames(of.portals)}</dd></div>
      <div><dt>{t('access.reason')}</dt><dd dir="auto">{of.reason}</dd></div>
      {of.ticket !== null && <div><dt>{t('access.for')}</dt><dd><a href={`/t/${of.ticket}`}>#{of.ticket}</a></dd></div>}
    </dl>
  );
}

export function GrantCard({ g, who, portals, most, end, change }: {
  g: Grant; who: string; portals: PortalRef[]; most: number;
  end: () => Promise<Faults>; change: (scope: string, ends_at: string | null) => Promise<Faults>;
}) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [scope, setScope] = useState(() => scopeOf(g.portals));
  const [until, setUntil] = useState<End>({ kind: 'tomorrow', date: '' });
  const [fault, setFault] = useState<Record<string, string>>({});
  const once = async (work: () => Promise<Faults>) => {
    if (busy) return;
    setBusy(true);
    const wrong = await work();
    setBusy(false);
    setFault(wrong ?? {});
    if (!wrong) setOpen(false);
  };
  return (
    <section class="card" aria-labelledby={`grant-${g.id}`}>
      <h2 id={`grant-${g.id}`}>{t('access.until', { time: dateTime(g.ends_at) })}</h2>
      <Facts of={g} />
      <p class="muted">{t('access.by', { name: who, time: dateTime(g.created_at) })}</p>
      {open ? (
        <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void once(() => change(scopeText(scope), endText(until))); }}>
          <ScopeField id={`c${g.id}`} portals={portals} value={scope} onChange={setScope} fault={fault['scope']} />
          <EndField id={`c${g.id}`} most={most} value={until} onChange={setUntil} fault={fault['ends_at']} />
          <div class="form-end">
            <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('access.save')}</button>
            <button class="btn btn-ghost" type="button" onClick={() => setOpen(false)}>{t('app.cancel')}</button>
          </div>
        </form>
      ) : (
        <div class="form-end">
          <button class="btn" type="button" aria-disabled={busy} onClick={() => void once(end)}>{t('access.end_now')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => setOpen(true)}>{t('access.change')}</button>
        </div>
      )}
    </section>
  );
}

/** Approved as it was asked for, or for less; nothing opens by itself. */
export function RequestCard({ r, who, portals, most, approve, refuse }: {
  r: Request; who: string; portals: PortalRef[]; most: number;
  approve: (body: unknown) => Promise<Faults>; refuse: () => Promise<Faults>;
}) {
  const [scope, setScope] = useState(() => scopeOf(r.portals));
  const [until, setUntil] = useState<End>(() => ({ kind: 'date', date: new Date(Date.now() + Math.min(r.days, Math.max(most - 1, 0)) * 86_400_000).toISOString().slice(0, 10) }));
  const [fault, setFault] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const once = async (work: () => Promise<Faults>) => {
    if (busy) return;
    setBusy(true);
    setFault(await work() ?? {});
    setBusy(false);
  };
  const yes = () => {
    const ends_at = endText(until);
    if (!ends_at) return setFault({ ends_at: fieldText('required') });
    return void once(() => approve({ scope: scopeText(scope), ends_at }));
  };
  return (
    <section class="card" data-tone="warn" aria-labelledby={`request-${r.id}`}>
      <h2 id={`request-${r.id}`}>{t('access.asks', { name: who })}</h2>
      <Facts of={r} />
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); yes(); }}>
        <ScopeField id={`r${r.id}`} portals={portals} value={scope} onChange={setScope} fault={fault['scope']} />
        <EndField id={`r${r.id}`} most={most} value={until} onChange={setUntil} fault={fault['ends_at']} />
        <div class="form-end">
          <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('access.approve')}</button>
          <button class="btn" type="button" aria-disabled={busy} onClick={() => void once(refuse)}>{t('access.refuse')}</button>
        </div>
      </form>
    </section>
  );
}
