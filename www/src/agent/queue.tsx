/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The queue: group, assignee, priority and order are in the address. */
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { me, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { navigate, query, url } from '../lib/router';
import { accounts, list, loadMore, person } from '../lib/store';
import type { ListPage, Named, Priority, Ticket } from '../lib/types';
import { Chip, Empty, Failed, Heading, Prio, problemText, Skeleton, Time } from '../ui/parts';
import { toast } from '../ui/toast';

export const PRIORITIES: Priority[] = ['low', 'normal', 'high', 'urgent'];
const GROUPS = ['open', 'pending', 'done', ''] as const;
const TABS = { open: 'agent.group.open', pending: 'agent.group.pending', done: 'agent.group.done', '': 'agent.group.all' } as const;
const SORTS = ['updated', 'created'] as const;

/** Who can be assigned; asked once. */
export const agents = signal<Named[]>([]);
let asked = false;
export function needAgents(): void {
  if (asked) return;
  asked = true;
  api<{ items: Named[] }>('GET', '/api/agents').then((a) => { agents.value = a.items; }, () => { asked = false; });
}

/** The list's address at the API, from the page's. */
export function queuePath(page: URL): string {
  const q = page.searchParams;
  const group = GROUPS.find((g) => g === q.get('group')) ?? '';
  const sort = SORTS.find((s) => s === q.get('sort')) ?? null;
  const priority = PRIORITIES.find((p) => p === q.get('priority')) ?? null;
  const assignee = /^(me|none|\d+)$/.exec(q.get('assignee') ?? '')?.[0] ?? null;
  return `/api/queue${query({ group, assignee, priority, sort: sort === 'updated' ? null : sort }, new URL('/', page))}`;
}

export const queue = () => list(queuePath(url.value));

function accountOf(ticket: Ticket): string {
  const a = ticket.account;
  return a === null ? '' : typeof a === 'number' ? accounts.value[String(a)]?.name ?? '' : a.name;
}

function Row({ item, selected }: { item: Ticket; selected: boolean }) {
  const asks = person(item.requester);
  const where = accountOf(item);
  return (
    <a class="qrow" href={`/agent/t/${item.number}${url.value.search}`} aria-current={selected ? 'true' : undefined}>
      <span class="qrow-1"><span dir="auto">{item.title}</span><Time at={item.desk_updated_at ?? item.updated_at} /></span>
      <span class="qrow-2">
        {item.status && <Chip status={item.status} text={t(`state.${item.status}`)} />}
        <span class="num">#{item.number}</span>
        <span class="who" dir="auto">{asks?.name}{where ? ` · ${where}` : ''}</span>
        {item.priority && item.priority !== 'normal' && <Prio priority={item.priority} text={t(`priority.${item.priority}`)} />}
      </span>
    </a>
  );
}

export function Queue({ selected }: { selected: number | null }) {
  const q = url.value.searchParams;
  const group = GROUPS.find((g) => g === q.get('group')) ?? '';
  const here = url.value.pathname;
  const r = queue();
  const [busy, setBusy] = useState(false);
  useEffect(needAgents, []);
  useEffect(() => {
    const first = selected === null ? takeRoute<ListPage>() : null;
    if (first?.items) r.set(first);
    else void r.load(r.data.peek() !== null);
  }, [r]);
  useLive(15, () => true, () => void r.refresh());

  const page = r.data.value;
  const pick = (change: Record<string, string | null>) => navigate(`${here}${query(change)}`);
  const more = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const had = page?.items.length ?? 0;
      await loadMore(r);
      announce(t('app.more_loaded', { n: (r.data.peek()?.items.length ?? 0) - had }));
      requestAnimationFrame(() => document.querySelectorAll<HTMLElement>('.qrow')[had]?.focus());
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
    setBusy(false);
  };

  return (
    <section class="pane-list" aria-label={t('agent.queue')} tabIndex={-1}>
      <div class="list-head">
        {selected === null ? <Heading text={t('agent.queue')} /> : <h2>{t('agent.queue')}</h2>}
        <nav aria-label={t('agent.views')}>
          <ul class="tabs" role="list">
            {GROUPS.map((g) => <li key={g}><a href={`${here}${query({ group: g })}`} aria-current={g === group ? 'true' : undefined}>{t(TABS[g])}</a></li>)}
          </ul>
        </nav>
        <div class="list-tools">
          <label>{t('agent.assignee')}
            <select class="input" value={q.get('assignee') ?? ''} onChange={(e) => pick({ assignee: e.currentTarget.value })}>
              <option value="">{t('agent.everyone')}</option>
              <option value="me">{t('agent.mine')}</option>
              <option value="none">{t('agent.nobody')}</option>
              {agents.value.filter((a) => a.id !== me.id).map((a) => <option key={a.id} value={String(a.id)}>{a.name}</option>)}
            </select>
          </label>
          <label>{t('agent.priority')}
            <select class="input" value={q.get('priority') ?? ''} onChange={(e) => pick({ priority: e.currentTarget.value })}>
              <option value="">{t('agent.any')}</option>
              {PRIORITIES.map((p) => <option key={p} value={p}>{t(`priority.${p}`)}</option>)}
            </select>
          </label>
          <label>{t('agent.sort')}
            <select class="input" value={q.get('sort') ?? 'updated'} onChange={(e) => pick({ sort: e.currentTarget.value })}>
              {SORTS.map((s) => <option key={s} value={s}>{t(`agent.sort.${s}`)}</option>)}
            </select>
          </label>
        </div>
      </div>
      {r.error.value && !page ? <Failed problem={r.error.value} retry={() => void r.load()} />
        : !page ? <Skeleton rows={8} />
          : page.items.length ? (
            <>
              <ul class="qlist" role="list" aria-busy={r.loading.value}>{page.items.map((i) => <li key={i.number}><Row item={i} selected={i.number === selected} /></li>)}</ul>
              {page.next && <p class="form-end"><button class="btn btn-wide btn-ghost" type="button" aria-disabled={busy} onClick={more}>{busy ? t('app.loading') : t('app.more')}</button></p>}
            </>
          ) : <Empty icon="inbox" title={t('agent.none')}><a class="btn" href={here}>{t('agent.clear')}</a></Empty>}
    </section>
  );
}
