/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** My tickets, as several lists. Everything that is chosen is in the address. */
import { useEffect } from 'preact/hooks';
import { boot, me, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { query, url } from '../lib/router';
import { accounts, list, person } from '../lib/store';
import type { ListPage, Ticket } from '../lib/types';
import { LazyBar, LazyRight } from '../lists/lazy';
import { End, Many, Unread } from '../lists/rows';
import { counts, isFiltered, isSearchAlone, leaveList, listPath, LISTS, PACE, useCounts, wanted } from '../lists/state';
import { LazyExcerpt, LazyFound, LazySearch } from '../search/lazy';
import { Chip, Empty, Failed, Heading, Icon, Skeleton, Time } from '../ui/parts';

const TABS = { all: 'portal.list.all', mine: 'portal.list.mine', shared: 'portal.list.shared', followed: 'portal.list.followed', organisation: 'portal.list.organisation' } as const;

function Row({ item, page }: { item: Ticket; page: ListPage }) {
  const who = person(item.assignee);
  const asks = item.requester === me.id ? null : person(item.requester);
  const where = typeof item.account === 'number' && item.account !== boot.portal.account?.id ? accounts.value[String(item.account)]?.name : '';
  const from = [asks?.name, where].filter(Boolean).join(' · ');
  return (
    <a class="trow" href={`/t/${item.number}`} data-unread={item.unread ? '' : undefined}>
      <span class="trow-head"><Unread item={item} /><span class="num">#{item.number}</span> <span class="trow-title" dir="auto">{item.title}</span>{from && <> <span class="muted" dir="auto">{from}</span></>}</span>
      {item.status ? <Chip status={item.status} text={t(`status.${item.status}`)} /> : <span />}
      <span class="trow-who" dir="auto">{who ? <><span class="visually-hidden">{t('portal.ticket.assignee')}: </span>{who.name}</> : ''}</span>
      <Time at={item.updated_at} />
      <LazyExcerpt of={page.excerpts?.[item.number]} />
    </a>
  );
}

/** Each with how many there are; the organisation's where one has the right. */
function Tabs({ chosen }: { chosen: string }) {
  const has = counts.value?.lists;
  const offered = LISTS.filter((l) => l !== 'organisation' || chosen === l || has?.['organisation'] || me.is?.['main_user'] || me.is?.['account_admin']);
  return (
    <nav aria-label={t('portal.list.lists')}>
      <ul class="tabs" role="list">
        {offered.map((l) => (
          <li key={l}><a href={`/tickets${query({ list: l === 'all' ? null : l })}`} aria-current={l === chosen ? 'page' : undefined}>{t(TABS[l])}<Many of={has?.[l]} /></a></li>
        ))}
      </ul>
    </nav>
  );
}

/** The list, or what was searched for in all of them. */
export function TicketList() {
  useCounts('tickets', 60);
  leaveList();
  return (
    <>
      <Heading text={t('portal.list.title')} />
      <LazySearch />
      {isSearchAlone(url.value, 'tickets') ? <><LazyBar place="tickets" problem={null} /><LazyFound /></> : <Listed />}
    </>
  );
}

function Listed() {
  const r = list(listPath(url.value, 'tickets'));
  const chosen = wanted(url.value, 'tickets')['list'] ?? 'all';

  useEffect(() => {
    const first = takeRoute<ListPage>();
    if (first?.items) r.set(first);
    else void r.load(r.data.peek() !== null);
  }, [r]);
  useLive(60, () => true, () => void r.refresh(), PACE);

  const page = r.data.value;
  const filtered = chosen !== 'all' || isFiltered(url.value, 'tickets');
  return (
    <>
      <Tabs chosen={chosen} />
      {chosen === 'organisation' && <LazyRight place="tickets" />}
      <LazyBar place="tickets" problem={r.error.value} />
      {r.error.value && !page ? <Failed problem={r.error.value} retry={() => void r.load()} />
        : !page ? <Skeleton rows={6} />
          : page.items.length ? (
            <>
              <ul class="tlist" role="list" aria-busy={r.loading.value}>{page.items.map((i) => <li key={i.number}><Row item={i} page={page} /></li>)}</ul>
              <End r={r} page={page} rows=".trow" place="tickets" />
            </>
          ) : boot.support ? (
            <Empty icon="inbox" title={t('portal.list.support')} />
          ) : filtered ? (
            <>
              <Empty icon="inbox" title={t('portal.list.no_match')}><a class="btn" href="/tickets">{t('portal.list.clear')}</a></Empty>
              <End r={r} page={page} rows=".trow" place="tickets" />
            </>
          ) : (
            <Empty icon="inbox" title={t('portal.list.none')}>
              <p>{t('portal.list.none.text')}</p>
              <a class="btn btn-primary" href="/tickets/new"><Icon name="plus" />{t('portal.new.title')}</a>
            </Empty>
          )}
    </>
  );
}
