/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A partner's inbox: the tickets of all its accounts, and who has each. */
import { useEffect } from 'preact/hooks';
import { boot, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { query, url } from '../lib/router';
import { accounts, list, person } from '../lib/store';
import type { ListPage, Ticket } from '../lib/types';
import { LazyBar } from '../lists/lazy';
import { End, Many, Unread } from '../lists/rows';
import { counts, isFiltered, leaveList, listPath, PACE, useCounts, wanted } from '../lists/state';
import { LazyExcerpt, LazySearch } from '../search/lazy';
import { Chip, Empty, Failed, Heading, Skeleton, Time } from '../ui/parts';
import { statusText } from './data';

const GROUPS = ['', 'open', 'pending', 'done'] as const;
const TABS = { '': 'accounts.inbox.all', open: 'accounts.inbox.open', pending: 'accounts.inbox.pending', done: 'accounts.inbox.done' } as const;
type Item = Ticket & { with: 'partner' | 'tenant' };
type Page = ListPage & { tenant: string };

function Row({ item, page }: { item: Item; page: Page }) {
  const who = person(item.requester);
  const where = accounts.value[String(item.account)]?.name ?? '';
  return (
    <a class="trow" href={`/t/${item.number}`} data-unread={item.unread ? '' : undefined}>
      <span class="trow-head"><Unread item={item} />
        <span class="num">#{item.number}</span>
        <span class="trow-title"><bdi>{item.title}</bdi><br /><small class="muted"><bdi>{where}</bdi> · {t('accounts.with', { who: item.with === 'tenant' ? page.tenant : boot.portal.account?.name ?? '' })}</small></span>
      </span>
      {item.status && <Chip status={item.status} text={statusText(item.status)} />}
      <span class="trow-who" dir="auto">{who?.name ?? t('app.somebody')}</span>
      <Time at={item.updated_at} />
      <LazyExcerpt of={page.excerpts?.[item.number]} />
    </a>
  );
}

export function Inbox() {
  const { group = '', account = null } = wanted(url.value, 'inbox');
  const r = list(listPath(url.value, 'inbox'));
  useCounts('inbox', 60);
  leaveList();
  useEffect(() => {
    const first = takeRoute<ListPage>();
    if (first?.items) r.set(first);
    else void r.load(r.data.peek() !== null);
  }, [r]);
  useLive(30, () => true, () => void r.refresh(), PACE);

  const page = r.data.value as Page | null;
  return (
    <>
      <Heading text={t('accounts.inbox')} />
      <LazySearch />
      <nav aria-label={t('accounts.inbox.filter')}>
        <ul class="tabs" role="list">
          {GROUPS.map((g) => <li key={g}><a href={`/inbox${query({ group: g })}`} aria-current={g === group ? 'page' : undefined}>{t(TABS[g])}<Many of={counts.value?.groups?.[g || 'all']} /></a></li>)}
        </ul>
      </nav>
      {account && <p>{t('accounts.inbox.of', { account: accounts.value[account]?.name ?? '…' })} <a class="link" href={`/inbox${query({ account: null })}`}>{t('accounts.inbox.every')}</a></p>}
      <LazyBar place="inbox" problem={r.error.value} />
      {r.error.value && !page ? <Failed problem={r.error.value} retry={() => void r.load()} />
        : !page ? <Skeleton rows={6} />
          : page.items.length ? (
            <>
              <ul class="tlist" role="list" aria-busy={r.loading.value}>{page.items.map((i) => <li key={i.number}><Row item={i as Item} page={page} /></li>)}</ul>
              <End r={r} page={page} rows=".trow" place="inbox" />
            </>
          ) : <><Empty icon="inbox" title={t(isFiltered(url.value, 'inbox') ? 'portal.list.no_match' : 'accounts.inbox.none')}>{isFiltered(url.value, 'inbox') && <a class="btn" href="/inbox">{t('portal.list.clear')}</a>}</Empty><End r={r} page={page} rows=".trow" place="inbox" /></>}
    </>
  );
}
