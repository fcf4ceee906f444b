/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One person of an account, and what an administrator may do about them. */
import { useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot, me } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { Avatar, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { Field, useSending } from './form';
import { RoleChoice, roleName, type PortalChoice } from './invite';

interface Membership { id: number; role: string; portal: number | null; support: boolean }
export interface PersonRow {
  id: number; name: string; email: string; job_title: string | null; phone: string | null; photo: string | null;
  roles: Membership[] | null;
  /** Has a second factor, which the reader may take away. */
  factor: boolean;
  moving: { id: number; email: string; due_at: string; mine: boolean } | null;
}

const ROLES = ['account_admin', 'main_user', 'member'];
const STAFF = ['tenant_admin', 'agent'];

function Role({ of, name, portals, partner, changed }: { of: Membership; name: string; portals: PortalChoice[]; partner: boolean; changed: () => void }) {
  const { busy, faults, send } = useSending();
  const [as, setAs] = useState<{ role: string; portal: number | null }>({ role: of.role, portal: of.portal });
  const [support, setSupport] = useState(of.support);
  const [asking, setAsking] = useState(false);
  const staff = STAFF.includes(of.role);
  const act = async (method: 'PATCH' | 'DELETE', body?: unknown) => {
    if (!await send(method, `/api/memberships/${of.id}`, body)) return;
    announce(t('people.saved'));
    changed();
  };
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void act('PATCH', { role: as.role, ...(as.portal ? { portal: as.portal } : {}), support }); }}>
      <RoleChoice id={`m${of.id}`} roles={staff ? STAFF : partner || of.role === 'partner' ? [...ROLES, 'partner'] : ROLES} portals={portals} value={as} onChange={setAs} />
      {!staff && <label class="check"><input type="checkbox" checked={support} onChange={(e) => setSupport(e.currentTarget.checked)} />{t('people.support')}</label>}
      {support && <p class="hint" role="status">{t('people.support.shown')}</p>}
      {faults['last'] && <p class="error" role="alert">{t(staff ? 'people.last.staff' : 'people.last')}</p>}
      {asking && <p class="notice" data-tone="warn" role="alert">{t('people.end.ask', { name })}</p>}
      <div class="form-end">
        <button class="btn" type="submit" aria-disabled={busy}>{t('people.save')}</button>
        <button class="btn btn-ghost" type="button" onClick={() => (asking ? void act('DELETE') : setAsking(true))}>{t('people.end')}</button>
      </div>
    </form>
  );
}

function Move({ of, changed }: { of: PersonRow; changed: () => void }) {
  const { busy, faults, send } = useSending();
  const [email, setEmail] = useState('');
  const decide = async (yes: boolean) => {
    const said = await send<{ done: boolean }>('PATCH', `/api/moves/${of.moving?.id}`, { yes });
    if (!said) return;
    if (yes && said !== true && !said.done) toast(t('people.move.fallen'));
    changed();
  };
  if (of.moving) {
    return (
      <p role="status">
        {t('people.moving', { email: of.moving.email, time: dateTime(of.moving.due_at) })}{' '}
        {!of.moving.mine && <button class="link" type="button" onClick={() => void decide(true)}>{t('people.move.yes')}</button>}{' '}
        <button class="link" type="button" onClick={() => void decide(false)}>{t('people.move.stop')}</button>
      </p>
    );
  }
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void send('POST', `/api/people/${of.id}/email`, { email }).then((ok) => { if (ok) { toast(t('people.saved')); changed(); } }); }}>
      <Field id={`move-${of.id}`} type="email" dir="ltr" autocomplete="off" label={t('people.move')} hint={t('people.move.hint')} fault={faults['email']} value={email} onInput={(e) => setEmail(e.currentTarget.value)} />
      <div class="form-end"><button class="btn" type="submit" aria-disabled={busy}>{t('people.move')}</button></div>
    </form>
  );
}

/** For whoever has lost their app and their keys. */
function Factor({ of, changed }: { of: PersonRow; changed: () => void }) {
  const [asking, setAsking] = useState(false);
  const [fault, setFault] = useState<Problem | null>(null);
  const reset = async () => {
    try {
      await api('DELETE', `/api/people/${of.id}/factors`);
      toast(t('people.factor.gone', { name: of.name }));
      changed();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFault(e);
    }
  };
  return (
    <div class="form">
      <p>{t('people.factor')}{' '}
        {!asking && <button class="link" type="button" onClick={() => setAsking(true)}>{t('people.factor.reset', { name: of.name })}</button>}
      </p>
      {asking && <p class="notice" data-tone="warn" role="alert">{t('people.factor.ask', { name: of.name })}</p>}
      {fault && (
        <p class="error" role="alert">{problemText(fault)}
          {fault.code === 'proof-old' && <> <a href={`/sign-in?to=${encodeURIComponent(location.pathname)}`}>{t('people.factor.proof')}</a></>}
        </p>
      )}
      {asking && (
        <div class="form-end">
          <button class="btn btn-primary" type="button" onClick={() => void reset()}>{t('people.factor.sure')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => setAsking(false)}>{t('app.cancel')}</button>
        </div>
      )}
    </div>
  );
}

/** partner: the account is one, so that its people can be its staff. */
export function PersonCard({ of, portals, partner, changed }: { of: PersonRow; portals: PortalChoice[]; partner: boolean; changed: () => void }) {
  const roles = of.roles ?? [];
  return (
    <article class="card form">
      <div class="facts"><div class="who"><Avatar who={{ name: of.name, side: 'customer', photo: of.photo }} /><strong dir="auto">{of.name}</strong></div></div>
      <p><span class="muted"><span dir="ltr">{of.email}</span>{of.job_title && <> · <bdi>{of.job_title}</bdi></>}{of.phone && <> · <bdi>{of.phone}</bdi></>}</span><br />
        {roles.map((m) => [roleName(m.role), portals.find((p) => p.id === m.portal)?.name, m.support && t('people.support')].filter(Boolean).join(', ')).join(' · ')}</p>
      {of.factor && <Factor of={of} changed={changed} />}
      {!boot.support && roles.length > 0 && (
        <details>
          <summary aria-label={`${t('people.edit')}: ${of.name}`}>{t('people.edit')}</summary>
          {roles.map((m) => <Role key={`${m.id}${m.role}${m.support}`} of={m} name={of.name} portals={portals} partner={partner} changed={changed} />)}
          {of.id !== me.id && !roles.some((m) => m.role === 'partner' || STAFF.includes(m.role)) && <Move of={of} changed={changed} />}
        </details>
      )}
    </article>
  );
}
