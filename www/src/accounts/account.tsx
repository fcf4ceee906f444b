/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One account: its record, contacts, staff, portals and open tickets. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { AccountPlan } from '../levels/account';
import { LazySearch } from '../search/lazy';
import { Chip, Failed, fieldText, Heading, problemText, Skeleton, Time } from '../ui/parts';
import { toast } from '../ui/toast';
import { ContactsForm } from './contacts-form';
import { base, desk, statusText, ticketAt, type AccountPage, type Routing } from './data';
import { Grants, Settings } from './held';
import { NamedStaff } from './named';
import { People } from './people';

function Record({ of, onSaved }: { of: AccountPage['account']; onSaved: (change: Partial<AccountPage['account']>) => void }) {
  const [name, setName] = useState(of.name);
  const [routing, setRouting] = useState<Routing>(of.routing);
  const [fault, setFault] = useState('');
  const changed = name.trim() !== of.name || routing !== of.routing;
  const save = async () => {
    if (!changed) return;
    if (!name.trim()) return setFault(fieldText('required'));
    setFault('');
    try {
      await api('PATCH', `/api/accounts/${of.id}`, { body: { name: name.trim(), routing } });
      onSaved({ name: name.trim(), routing });
      announce(t('accounts.saved'));
      toast(t('accounts.saved'));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFault(e.errors[0] ? fieldText(e.errors[0].code) : problemText(e));
    }
  };
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <div class="field">
        <label for="name">{t('accounts.name')}</label>
        <input class="input" id="name" dir="auto" maxLength={200} value={name} aria-invalid={fault ? true : undefined} aria-describedby={fault ? 'record-fault' : undefined}
          onInput={(e) => setName(e.currentTarget.value)} />
      </div>
      {of.partner && <RoutingChoice value={routing} partner={of.partner.name} tenant={of.tenant} onChange={setRouting} />}
      {fault && <p class="error" id="record-fault" role="alert">{fault}</p>}
      <div class="form-end"><button class="btn btn-primary" type="submit" aria-disabled={!changed}>{t('accounts.save')}</button></div>
    </form>
  );
}

export function RoutingChoice({ value, partner, tenant, onChange }: { value: Routing; partner: string; tenant: string; onChange: (r: Routing) => void }) {
  return (
    <fieldset class="field" aria-describedby="routing-hint">
      <legend class="label">{t('accounts.routing')}</legend>
      <span class="hint" id="routing-hint">{t('accounts.routing.hint')}</span>
      {(['partner', 'tenant'] as const).map((r) => (
        <div key={r}>
          <label class="check">
            <input type="radio" name="routing" value={r} checked={value === r} onChange={() => onChange(r)} />
            {t('accounts.routing.first', { who: r === 'partner' ? partner : tenant })}
          </label>
        </div>
      ))}
    </fieldset>
  );
}

function Tickets({ page }: { page: AccountPage }) {
  const all = `${desk ? '/agent' : '/inbox'}?account=${page.account.id}`;
  return (
    <section class="card card-list" aria-labelledby="h-tickets">
      <div class="card-head"><h2 id="h-tickets">{t('accounts.tickets')}</h2><a href={all}>{t('accounts.tickets.all')}</a></div>
      <LazySearch to={all} />
      {page.tickets.length ? (
        <ul class="tlist" role="list">
          {page.tickets.map((i) => (
            <li key={i.number}>
              <a class="trow" href={ticketAt(i.number)}>
                <span class="trow-head"><span class="num">#{i.number}</span> <span class="trow-title" dir="auto">{i.title}</span></span>
                <Chip status={i.status} text={statusText(i.status)} />
                <Time at={i.updated_at} />
              </a>
            </li>
          ))}
        </ul>
      ) : <p class="muted">{t('accounts.tickets.none')}</p>}
    </section>
  );
}

function Portals({ page }: { page: AccountPage }) {
  return (
    <section class="card" aria-labelledby="h-portals">
      <h2 id="h-portals">{t('accounts.portals')}</h2>
      <ul>
        {page.portals.map((p) => (
          <li key={p.id}>
            <bdi>{p.name}</bdi>{p.top && <small class="muted"> · {t('accounts.portals.top')}</small>}
            {p.host && <><br /><a href={`//${p.host}${location.port ? `:${location.port}` : ''}/`} dir="ltr">{p.host}</a></>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Account({ id }: { id: number }) {
  const [page, setPage] = useState<AccountPage | null>(null);
  const [fault, setFault] = useState<Problem | null>(null);
  const load = () => {
    api<AccountPage>('GET', `/api/accounts/${id}`).then((p) => { setFault(null); setPage(p); }, (e) => { if (e instanceof Problem) setFault(e); });
  };
  useEffect(() => {
    const first = takeRoute<AccountPage>();
    if (first?.account?.id === id) setPage(first);
    else load();
  }, [id]);

  const back = <p><a class="link" href={base}>{t('accounts.title')}</a></p>;
  if (!page) return <>{back}<Heading text={t('accounts.one')} />{fault ? <Failed problem={fault} retry={load} /> : <Skeleton />}</>;
  const of = page.account;
  return (
    <>
      {back}
      <Heading text={of.name}><bdi>{of.name}</bdi></Heading>
      {(of.is_partner || of.partner) && (
        <p class="muted">{of.is_partner ? t('accounts.is_partner') : t('accounts.looked_after', { partner: of.partner?.name ?? '' })}</p>
      )}
      <div class="form-cols">
        <div class="form">
          <Tickets page={page} />
          <section class="card" aria-label={t('accounts.contacts')}>
            <ContactsForm account={id} contacts={page.contacts} who={of.partner?.name ?? of.tenant} onSaved={(contacts) => setPage({ ...page, contacts })} />
          </section>
          <section class="card" aria-labelledby="h-record">
            <h2 id="h-record">{t('accounts.record')}</h2>
            <Record of={of} onSaved={(change) => setPage({ ...page, account: { ...of, ...change } })} />
          </section>
        </div>
        <div class="form">
          <NamedStaff page={page} onSaved={(named) => setPage({ ...page, named })} />
          {desk && <AccountPlan account={id} />}
          <Portals page={page} />
          {page.grants && <Grants of={page.grants} />}
          <People page={page} changed={load} />
          {page.settings && <Settings of={page.settings} tenant={of.tenant} />}
        </div>
      </div>
    </>
  );
}
