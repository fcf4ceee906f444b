/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** An account's people as far as its partner and the tenant have to do with them. */
import { useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, newKey, Problem } from '../lib/api';
import { fill, t } from '../lib/i18n';
import { fieldText, problemText } from '../ui/parts';
import { isAddress } from '../ui/people-field';
import { toast } from '../ui/toast';
import type { AccountPage } from './data';

/** The first administrator of an account that has just been made, or a further one. */
function Invite({ account }: { account: number }) {
  const [email, setEmail] = useState('');
  const [fault, setFault] = useState('');
  const [key, setKey] = useState(newKey);
  const send = async () => {
    if (!isAddress(email.trim().toLowerCase())) return setFault(fieldText('email'));
    setFault('');
    try {
      await api('POST', '/api/invitations', { body: { email: email.trim().toLowerCase(), role: 'account_admin', account }, key });
      setEmail('');
      announce(t('accounts.invited'));
      toast(t('accounts.invited'));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFault(e.errors[0] ? fill(fieldText(e.errors[0].code), { email: email.trim() }) : problemText(e));
    }
    setKey(newKey());
  };
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void send(); }}>
      <div class="field">
        <label for="invite">{t('accounts.invite')}</label>
        <input class="input" id="invite" type="email" autocomplete="off" dir="ltr" value={email} aria-invalid={fault ? true : undefined} aria-describedby={fault ? 'invite-fault' : undefined}
          onInput={(e) => setEmail(e.currentTarget.value)} />
        {fault && <span class="error" id="invite-fault" role="alert">{fault}</span>}
      </div>
      <div class="form-end"><button class="btn" type="submit">{t('accounts.invite.send')}</button></div>
    </form>
  );
}

/** A partner's staff. Whoever is no longer with it is taken out here, if the partner itself doesn't. */
function Staff({ of, changed }: { of: { membership: number; name: string; email: string }; changed: () => void }) {
  const [asking, setAsking] = useState(false);
  const end = async () => {
    try {
      await api('DELETE', `/api/memberships/${of.membership}`);
      announce(t('accounts.staff.ended', { name: of.name }));
      toast(t('accounts.staff.ended', { name: of.name }));
      changed();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      toast(problemText(e));
    }
  };
  return (
    <li>
      <bdi>{of.name}</bdi> <span class="muted" dir="ltr">{of.email}</span>{' '}
      {!asking && <button class="link" type="button" aria-label={`${t('accounts.staff.end')}: ${of.name}`} onClick={() => setAsking(true)}>{t('accounts.staff.end')}</button>}
      {asking && <p class="notice" data-tone="warn" role="alert">{t('accounts.staff.ask', { name: of.name })}</p>}
      {asking && (
        <p class="form-end">
          <button class="btn" type="button" onClick={() => void end()}>{t('accounts.staff.end')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => setAsking(false)}>{t('app.cancel')}</button>
        </p>
      )}
    </li>
  );
}

/** Once an account has administrators, they decide whom it has. */
export function People({ page, changed }: { page: AccountPage; changed: () => void }) {
  const staff = page.staff ?? [];
  return (
    <section class="card form" aria-labelledby="h-people">
      <h2 id="h-people">{t('accounts.people')}</h2>
      {page.people.length
        ? <ul>{page.people.map((p) => <li key={`${p.id} ${p.role}`}><bdi>{p.name}</bdi></li>)}</ul>
        : <p class="muted">{t('accounts.people.own')}</p>}
      {staff.length > 0 && <><h3>{t('accounts.staff')}</h3><ul>{staff.map((s) => <Staff key={s.membership} of={s} changed={changed} />)}</ul></>}
      {page.account.can.invite ? <Invite account={page.account.id} /> : <p class="muted">{t('accounts.invite.own')}</p>}
    </section>
  );
}
