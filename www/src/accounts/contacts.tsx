/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** An administrator's page: the support contacts of the own account. */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import type { Named } from '../lib/types';
import { Failed, Heading, Skeleton } from '../ui/parts';
import { Asked, ContactsForm, Flagged } from './contacts-form';
import type { Contact } from './data';

interface Page { account: Named & { partner: string | null; tenant: string }; can: { edit: boolean }; contacts: Contact[] }

export default function OwnContacts() {
  const [page, setPage] = useState<Page | null>(null);
  const [fault, setFault] = useState<Problem | null>(null);
  const load = () => {
    api<Page>('GET', '/api/contacts').then((p) => { setFault(null); setPage(p); }, (e) => { if (e instanceof Problem) setFault(e); });
  };
  useEffect(() => {
    const first = takeRoute<Page>();
    if (first?.contacts) setPage(first);
    else load();
  }, []);

  if (!page) return <><Heading text={t('accounts.contacts')} />{fault ? <Failed problem={fault} retry={load} /> : <Skeleton />}</>;
  const who = page.account.partner ?? page.account.tenant;
  return (
    <>
      <Heading text={t('accounts.contacts')} />
      <p>{t('accounts.contacts.text', { account: page.account.name })}</p>
      <section class="card" aria-label={t('accounts.contacts')}>
        {page.can.edit
          ? <ContactsForm account={page.account.id} contacts={page.contacts} who={who} onSaved={(contacts) => setPage({ ...page, contacts })} />
          : (
            <>
              <Flagged contacts={page.contacts} />
              <Asked contacts={page.contacts} who={who} />
              <ul class="contacts" role="list">{page.contacts.map((c) => <li key={c.email}><bdi>{c.name ?? ''}</bdi> <span dir="ltr">{c.email}</span></li>)}</ul>
              <p class="muted">{t('accounts.contacts.kept')}</p>
            </>
          )}
      </section>
    </>
  );
}
