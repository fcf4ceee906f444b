/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Inviting somebody, and how far the invitations are. */
import { useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { newKey } from '../lib/api';
import { maybe, t } from '../lib/i18n';
import { url } from '../lib/router';
import { Time } from '../ui/parts';
import { toast } from '../ui/toast';
import { Choice, Field, useSending } from './form';

export interface PortalChoice { id: number; name: string; admin: boolean }
interface Invitation { id: number; email: string; role: string; portal: number | null; created_at: string; state: string }
/** support: whether the reader may appoint people for it; closed: nobody but administrators brings people in. */
export interface InvitePage { items: Invitation[]; roles: string[]; closed: boolean; support: boolean; portals: PortalChoice[] }

export const roleName = (role: string) => maybe(`people.role.${role}`) ?? role;

/** A role in all portals, or one that a sub-portal has. */
export function RoleChoice({ id, roles, portals, value, onChange }: { id: string; roles: string[]; portals: PortalChoice[]; value: { role: string; portal: number | null }; onChange: (v: { role: string; portal: number | null }) => void }) {
  const here = value.portal ? ['member', ...(portals.find((p) => p.id === value.portal)?.admin ? ['portal_admin'] : [])] : roles;
  return (
    <>
      {portals.length > 0 && (
        <Choice id={`${id}-portal`} label={t('people.portal')} value={String(value.portal ?? '')} onChange={(v) => onChange(v ? { role: 'member', portal: Number(v) } : { role: roles[0] ?? 'member', portal: null })}>
          {roles.length > 0 && <option value="">{t('people.portal.all')}</option>}
          {portals.map((p) => <option key={p.id} value={String(p.id)}>{p.name}</option>)}
        </Choice>
      )}
      <Choice id={`${id}-role`} label={t('people.role')} value={value.role} onChange={(role) => onChange({ ...value, role })}>
        {here.map((r) => <option key={r} value={r}>{roleName(r)}</option>)}
      </Choice>
    </>
  );
}

function Form({ page, changed }: { page: InvitePage; changed: () => void }) {
  const { busy, faults, send } = useSending();
  const key = useRef(newKey());
  /* Named where they were missing: a ticket's people. */
  const [email, setEmail] = useState(url.value.searchParams.get('invite') ?? '');
  const [support, setSupport] = useState(false);
  const [as, setAs] = useState<{ role: string; portal: number | null }>(page.roles.length
    ? { role: page.roles.includes('member') ? 'member' : page.roles[page.roles.length - 1] ?? 'member', portal: null }
    : { role: 'member', portal: page.portals[0]?.id ?? null });
  const submit = async () => {
    const made = await send('POST', '/api/invitations', { email, role: as.role, ...(as.portal ? { portal: as.portal } : {}), support }, key.current);
    if (!made) return;
    key.current = newKey();
    toast(t('people.sent', { email }));
    setEmail('');
    changed();
  };
  return (
    <form class="card form" noValidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
      <h2>{t('people.invite')}</h2>
      <Field id="invite-email" type="email" dir="ltr" autocomplete="off" label={t('people.email')} fault={faults['email']} value={email} onInput={(e) => setEmail(e.currentTarget.value)} />
      <RoleChoice id="invite" roles={page.roles} portals={page.portals} value={as} onChange={setAs} />
      {page.support && <label class="check"><input type="checkbox" checked={support} onChange={(e) => setSupport(e.currentTarget.checked)} />{t('people.support')}</label>}
      {support && <p class="hint" role="status">{t('people.support.shown')}</p>}
      <div class="form-end"><button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('people.send')}</button></div>
    </form>
  );
}

export function Invite({ page, changed }: { page: InvitePage; changed: () => void }) {
  const { send } = useSending();
  const act = async (method: 'POST' | 'DELETE', path: string, said: string) => {
    if (!await send(method, path)) return;
    announce(said);
    changed();
  };
  return (
    <div class="form">
      {page.closed && <p class="muted">{t('people.closed')}</p>}
      {page.roles.length + page.portals.length > 0 && <Form page={page} changed={changed} />}
      {page.items.length > 0 && (
        <section class="card form" aria-labelledby="invitations">
          <h2 id="invitations">{t('people.invitations')}</h2>
          <ul role="list" class="form">
            {page.items.map((i) => (
              <li key={i.id}>
                <strong dir="ltr">{i.email}</strong>
                <p class="muted">{roleName(i.role)} · {maybe(`people.state.${i.state}`) ?? i.state} · <Time at={i.created_at} /></p>
                {i.state !== 'accepted' && (
                  <p class="form-end">
                    <button class="link" type="button" aria-label={`${t('people.again')}: ${i.email}`} onClick={() => void act('POST', `/api/invitations/${i.id}/again`, t('people.sent', { email: i.email }))}>{t('people.again')}</button>
                    <button class="link" type="button" aria-label={`${t('people.withdraw')}: ${i.email}`} onClick={() => void act('DELETE', `/api/invitations/${i.id}`, t('people.saved'))}>{t('people.withdraw')}</button>
                  </p>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
