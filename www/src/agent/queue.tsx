/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The queue: filters and order are in the address. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { query, url } from '../lib/router';
import { accounts, list, person } from '../lib/store';
import type { ListPage, Named, Priority, Ticket } from '../lib/types';
import { LazyBar } from '../lists/lazy';
import { End, Many, Unread } from '../lists/rows';
import { counts, isSearchAlone, listPath, PACE, useCounts } from '../lists/state';
import { LazyExcerpt, LazyFound, LazySearch } from '../search/lazy';
import { Chip, Empty, Failed, Heading, Prio, Skeleton, Time } from '../ui/parts';

export const PRIORITIES: Priority[] = ['low', 'normal', 'high', 'urgent'];
const GROUPS = ['open', 'pending', 'done', ''] as const;
const TABS = { open: 'agent.group.open', pending: 'agent.group.pending', done: 'agent.group.done', '': 'agent.group.all' } as const;

/** Who can be assigned; asked once. */
export const agents = signal<Named[]>([]);
let asked = false;
export function needAgents(): void {
  if (asked) return;
  asked = true;
  api<{ items: Named[] }>('GET', '/api/agents').then((a) => { agents.value = a.items; }, () => { asked = false; });
}

export const queue = () => list(listPath(url.value, 'queue'));

function accountOf(ticket: Ticket): string {
  const a = ticket.account;
  return a === null ? '' : typeof a === 'number' ? accounts.value[String(a)]?.name ?? '' : a.name;
}

function Row({ item, page, selected }: { item: Ticket; page: ListPage; selected: boolean }) {
  const asks = person(item.requester);
  const where = accountOf(item);
  return (
    <a class="qrow" href={`/agent/t/${item.number}${url.value.search}`} aria-current={selected ? 'true' : undefined} data-unread={item.unread ? '' : undefined}>
      <span class="qrow-1"><span dir="auto"><Unread item={item} />{item.title}</span><Time at={item.desk_updated_at ?? item.updated_at} /></span>
      <span class="qrow-2">
        {item.status && <Chip status={item.status} text={t(`state.${item.status}`)} />}
        <span class="num">#{item.number}</span>
        <span class="who" dir="auto">{asks?.name}{where ? ` · ${where}` : ''}</span>
        {item.priority && item.priority !== 'normal' && <Prio priority={item.priority} text={t(`priority.${item.priority}`)} />}
      </span>
      <LazyExcerpt of={page.excerpts?.[item.number]} />
    </a>
  );
}

export function Queue({ selected }: { selected: number | null }) {
  const q = url.value.searchParams;
  const group = GROUPS.find((g) => g === q.get('group')) ?? '';
  const here = url.value.pathname;
  const r = queue();
  const alone = isSearchAlone(url.value, 'queue');
  useEffect(needAgents, []);
  useCounts('queue', 60);
  useEffect(() => {
    const first = selected === null ? takeRoute<ListPage>() : null;
    if (first?.items) r.set(first);
    else void r.load(r.data.peek() !== null);
  }, [r]);
  useLive(15, () => true, () => void r.refresh(), PACE);

  const page = r.data.value;
  return (
    <section class="pane-list" aria-label={t('agent.queue')} tabIndex={-1}>
      <div class="list-head">
        {selected === null ? <Heading text={t('agent.queue')} /> : <h2>{t('agent.queue')}</h2>}
        <LazySearch />
        <nav aria-label={t('agent.views')} hidden={alone}>
          <ul class="tabs" role="list">
            {GROUPS.map((g) => <li key={g}><a href={`${here}${query({ group: g })}`} aria-current={g === group ? 'true' : undefined}>{t(TABS[g])}<Many of={counts.value?.groups?.[g || 'all']} /></a></li>)}
          </ul>
        </nav>
      </div>
      {!alone && <LazyBar place="queue" agents={agents.value} problem={r.error.value} />}
      {alone ? <LazyFound selected={selected} /> : r.error.value && !page ? <Failed problem={r.error.value} retry={() => void r.load()} />
        : !page ? <Skeleton rows={8} />
          : page.items.length ? (
            <>
              <ul class="qlist" role="list" aria-busy={r.loading.value}>{page.items.map((i) => <li key={i.number}><Row item={i} page={page} selected={i.number === selected} /></li>)}</ul>
              <End r={r} page={page} rows=".qrow" place="queue" />
            </>
          ) : <><Empty icon="inbox" title={t('agent.none')}><a class="btn" href={here}>{t('agent.clear')}</a></Empty><End r={r} page={page} rows=".qrow" place="queue" /></>}
    </section>
  );
}
