/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** An account's people: who is here, as what, and who is invited. */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { Empty, Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { Field } from './form';
import { Invite, type InvitePage } from './invite';
import { PersonCard, type PersonRow } from './person';

interface Page { items: PersonRow[]; next: number | null }

export default function People() {
  const [page, setPage] = useState<Page | null>(() => { const first = takeRoute<Page>(); return first?.items ? first : null; });
  const [invites, setInvites] = useState<InvitePage | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [q, setQ] = useState('');
  const get = async <T,>(path: string, use: (answer: T) => void) => {
    try {
      use(await api<T>('GET', path));
      setProblem(null);
    } catch (e) {
      if (e instanceof Problem) setProblem(e);
    }
  };
  const path = (last?: number | null) => `/api/people?${new URLSearchParams({ ...(q.trim() ? { q: q.trim() } : {}), ...(last ? { last: String(last) } : {}) })}`;
  const load = () => void get<Page>(path(), setPage);
  const loadInvites = () => void get<InvitePage>('/api/invitations', setInvites);
  useEffect(() => { loadInvites(); if (!page) load(); }, []);
  useEffect(() => {
    if (!page) return undefined;
    const soon = setTimeout(load, 200);
    return () => clearTimeout(soon);
  }, [q]);
  const more = () => void get<Page>(path(page?.next), (next) => setPage({ ...next, items: [...page?.items ?? [], ...next.items] }));

  if (problem && !page) return <><Heading text={t('people.title')} /><Failed problem={problem} retry={load} /></>;
  return (
    <>
      <div class="page-head">
        <Heading text={t('people.title')} />
        <a class="btn" href={`/api/people.csv?lang=${boot.lang}`} download=""><Icon name="download" />{t('app.csv')}</a>
      </div>
      <div class="form-cols">
        <section class="form" aria-label={t('people.title')}>
          <Field id="search" type="search" dir="auto" label={t('people.search')} value={q} onInput={(e) => setQ(e.currentTarget.value)} />
          {!page ? <Skeleton /> : page.items.length === 0 ? <Empty icon="inbox" title={t('people.none')} /> : (
            <ul role="list" class="form">{page.items.map((p) => <li key={p.id}><PersonCard of={p} portals={invites?.portals ?? []} partner={invites?.roles.includes('partner') ?? false} changed={load} /></li>)}</ul>
          )}
          {page?.next && <p><button class="btn btn-wide" type="button" onClick={more}>{t('app.more')}</button></p>}
        </section>
        {invites && <Invite page={invites} changed={loadInvites} />}
      </div>
    </>
  );
}
