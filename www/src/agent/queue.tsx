/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The queue: filters and order are in the address. */
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { dateTime, shortTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { navigate, url } from '../lib/router';
import { accounts, loadMore, person, ticket } from '../lib/store';
import type { ListPage, Ticket } from '../lib/types';
import { LazyClock } from '../levels/lazy';
import { LazyBar } from '../lists/lazy';
import { Ends, Unread } from '../lists/rows';
import { isSearchAlone, PACE } from '../lists/state';
import { LazyExcerpt, LazyFound, LazySearch } from '../search/lazy';
import { lazy, withTexts } from '../ui/area';
import { Avatar, Chip, Empty, Failed, Heading, Icon, Prio, problemText, Skeleton, Time } from '../ui/parts';
import { toast } from '../ui/toast';
import { VList } from '../ui/vlist';
import { many } from './change';
import { keep, kept, toggleViews, viewsOpen } from './panes';
import { useRows } from './shown';
import { agents, awayText, chosen, hand, isOpen, more, needAgents, openTicket, order, picking, queue, search, teamName, teams, working, type Job } from './state';
import { viewName } from './views';

type Here = Record<string, { name: string; types: boolean }[]>;
/** Which tickets other agents have before them. */
const here = signal<Here>({});
const HERE_MS = 15_000;

function useHere(): void {
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState !== 'visible') return;
      api<{ here: Here }>('GET', '/api/presence', { quiet: true }).then((a) => { here.value = a.here; }, () => {});
    };
    ask();
    const timer = setInterval(ask, HERE_MS);
    document.addEventListener('visibilitychange', ask);
    return () => { clearInterval(timer); document.removeEventListener('visibilitychange', ask); };
  }, []);
}

function accountOf(ticket: Ticket): string {
  const a = ticket.account;
  return a === null ? '' : typeof a === 'number' ? accounts.value[String(a)]?.name ?? '' : a.name;
}

function Others({ number }: { number: number }) {
  const who = here.value[String(number)];
  if (!who?.[0]) return null;
  const said = t(who[0].types ? 'agent.row.types' : 'agent.row.reads', { who: who.map((w) => w.name).join(', ') });
  return <span class="here-dot" data-types={who[0].types ? '' : undefined} title={said}><span class="visually-hidden" dir="auto">{said}</span></span>;
}

/** Which team has it. */
function Team({ of }: { of: number | null | undefined }) {
  const team = teamName(of);
  return team ? <span class="row-team" title={`${t('agent.team')}: ${team}`}><Icon name="users" /><span class="visually-hidden">{t('agent.team')}: </span><bdi>{team}</bdi></span> : null;
}

/** Who has it. */
function Holder({ of }: { of: number | null }) {
  const who = person(of);
  if (!who) return null;
  const said = `${t('agent.assignee')}: ${who.name}`;
  return <span class="row-holder" title={said}><Avatar who={who} /><span class="visually-hidden" dir="auto">{said}</span></span>;
}

/** By a click with the shift key all up to there. */
function choose(number: number, is: boolean, all: boolean): void {
  const next = new Set(chosen.peek());
  const rows = order.peek();
  const at = rows.indexOf(number);
  const from = all && hand.peek() !== null ? rows.indexOf(hand.peek() as number) : at;
  for (const n of all && from >= 0 ? rows.slice(Math.min(from, at), Math.max(from, at) + 1) : [number]) if (is) next.add(n); else next.delete(n);
  chosen.value = next;
  hand.value = number;
}

function Row({ item, page, selected, tab }: { item: Ticket; page: ListPage; selected: boolean; tab: boolean }) {
  const asks = person(item.requester);
  const where = accountOf(item);
  const away = awayText(item.assignee);
  const on = chosen.value.has(item.number);
  return (
    <>
      <input class="pick" type="checkbox" tabIndex={tab ? 0 : -1} aria-label={t('agent.select', { number: item.number })} checked={on}
        onClick={(e) => choose(item.number, e.currentTarget.checked, e.shiftKey)} />
      <a class="qrow" href={`/agent/t/${item.number}${search.value}`} data-n={item.number} tabIndex={tab ? 0 : -1} aria-current={selected ? 'true' : undefined}
        data-on={on ? '' : undefined} data-unread={item.unread ? '' : undefined} data-due={item.due ? '' : undefined}
        onClick={(e) => { if (picking.value) { e.preventDefault(); choose(item.number, !on, false); } }} onFocus={() => { hand.value = item.number; }}>
        <span class="qrow-1"><Unread item={item} /><span class="qrow-title" dir="auto">{item.title}</span><LazyClock of={item.due} /><Time at={item.desk_updated_at ?? item.updated_at} /></span>
        <span class="qrow-2">
          {item.status && <Chip status={item.status} text={t(`state.${item.status}`)} />}
          <span class="num">#{item.number}</span>
          <span class="qrow-mid">
            {item.snoozed && <span class="tag" title={t('agent.aside.until', { time: dateTime(item.snoozed) })}><Icon name="pause" /><time dateTime={item.snoozed}>{shortTime(item.snoozed)}</time></span>}
            {item.raised && <span class="tag" data-tone="warn">{t('agent.raised', { n: item.raised })}</span>}
            {away && <span class="row-away" title={`${person(item.assignee)?.name ?? ''} ${away}`}><Icon name="calendar-off" />{t('agent.away')}</span>}
            <span class="who" dir="auto">{asks?.name}{where ? ` · ${where}` : ''}</span>
            <Team of={item.team} />
            {item.tags?.[0] && <span class="tag" title={item.tags.join(', ')}><bdi>{item.tags[0]}</bdi>{item.tags.length > 1 && <span>+{item.tags.length - 1}</span>}</span>}
          </span>
          <Others number={item.number} />
          {item.priority && item.priority !== 'normal' && <Prio priority={item.priority} text={t(`priority.${item.priority}`)} />}
          <Holder of={item.assignee} />
        </span>
        <LazyExcerpt of={page.excerpts?.[item.number]} />
      </a>
    </>
  );
}

/** The height of a row, as the sheet has it. */
function useRowHeight(tall: boolean): number {
  const now = () => parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--qrow')) || 58;
  const [px, set] = useState(now);
  const { compact } = kept.value;
  useLayoutEffect(() => set(now()), [compact]);
  return tall ? px + 2.8 * parseFloat(getComputedStyle(document.documentElement).fontSize) : px;
}

/** What jobs are at for oneself, or what of it can be taken back: once a page. */
let asked = false;
function findMany(): void {
  if (asked) return;
  asked = true;
  api<{ items: Job[] }>('GET', '/api/bulk', { quiet: true }).then(async ({ items }) => {
    const open = items.filter(isOpen).slice(0, 5);
    if (open.length) (await many()).found(open);
  }).catch(() => { asked = false; });
}

/** Progress of what jobs do to many tickets, and what became of it. */
const Many = lazy<object>(() => many().then((m) => ({ default: m.Many })), { wanted: () => working.value.length > 0 });

/** What is done to those that are chosen. */
const Bulk = lazy<{ all: boolean }>(() => withTexts(import('./bulk'), import('../gen/desk')), { wanted: () => chosen.value.size > 0 });

function Rows({ selected, alone }: { selected: number | null; alone: boolean }) {
  const r = queue();
  const page = r.data.value;
  const pane = useRef<HTMLElement | null>(null);
  const tall = !!page?.excerpts;
  const height = useRowHeight(tall);
  useEffect(() => { pane.current = document.getElementById('pane-list'); }, []);
  /* Somebody points at it, is in it, or works through it. */
  const rows = useRows(r, () => selected !== null || hand.peek() !== null || chosen.peek().size > 0 || !!pane.current
    && (pane.current.scrollTop > 4 || pane.current.matches(':hover') || pane.current.contains(document.activeElement)));
  const numbers = useMemo(() => rows.items.map((i) => i.number), [rows.items]);
  useLayoutEffect(() => {
    const old = order.peek();
    if (!alone && (old.length !== numbers.length || numbers.some((n, at) => n !== old[at]))) order.value = numbers;
  }, [numbers, alone]);
  const busy = useRef(false);
  const further = async () => {
    if (busy.current || !r.data.peek()?.next) return;
    busy.current = true;
    try { await loadMore(r, 100); } catch (e) { toast(e instanceof Problem ? problemText(e) : t('err.unknown')); }
    busy.current = false;
  };
  more.of = further;

  if (alone) return <LazyFound selected={selected} />;
  if (r.error.value && !page) return <Failed problem={r.error.value} retry={() => void r.load()} />;
  if (!page) return <Skeleton rows={8} />;
  if (!rows.items.length) return <><Empty icon="inbox" title={t('agent.none')}><a class="btn" href={url.value.pathname}>{t('agent.clear')}</a></Empty><Ends r={r} page={page} place="queue" busy={false} more={further} auto /></>;
  const now = numbers.indexOf(selected ?? hand.value ?? -1);
  const top = () => {
    rows.take();
    const box = pane.current;
    if (box) box.scrollTop = 0;
    requestAnimationFrame(() => box?.querySelector<HTMLElement>('.qrow')?.focus());
  };
  return (
    <>
      {rows.fresh > 0 && <p class="fresh"><button type="button" onClick={top}><Icon name="arrow-up" />{t('agent.fresh', { n: rows.fresh })}</button></p>}
      <VList of={r} items={rows.items} height={height} hand={now} scroller=".pane-list" keyOf={(i) => i.number} more={page.next !== null}
        onEnd={page.searched ? undefined : () => void further()}
        attributes={{ class: 'qlist vlist', 'data-tall': tall ? '' : undefined, 'data-picking': picking.value || chosen.value.size ? '' : undefined, 'aria-busy': r.loading.value, 'aria-label': viewName().text }}
        row={(i, n) => <Row item={i} page={page} selected={i.number === selected} tab={now < 0 ? n === 0 : n === now} />} />
      <Ends r={r} page={page} place="queue" busy={false} more={further} auto />
      <Bulk all={page.next !== null && numbers.every((n) => chosen.value.has(n))} />
    </>
  );
}

export function Queue({ selected }: { selected: number | null }) {
  const r = queue();
  const alone = isSearchAlone(url.value, 'queue');
  const name = viewName();
  const pane = useRef<HTMLElement>(null);
  useEffect(() => needAgents(), []);
  useEffect(findMany, []);
  useHere();
  /* Asked before it is drawn that nothing is there yet. */
  useLayoutEffect(() => {
    const first = selected === null ? takeRoute<ListPage>() : null;
    if (first?.items) r.set(first);
    else void r.load(r.data.peek() !== null);
  }, [r]);
  /* Another list begins at its top, with nothing chosen. */
  useEffect(() => {
    if (chosen.peek().size) chosen.value = new Set();
    picking.value = false;
    hand.value = null;
    pane.current?.scrollTo(0, 0);
  }, [r]);
  /* Back from a ticket its row is in hand. */
  useEffect(() => {
    if (selected !== null) hand.value = selected;
    else if (hand.peek() !== null) focusRow(order.peek().indexOf(hand.peek() as number));
  }, [selected]);
  useLive(15, () => true, () => void r.refresh(), PACE);
  const head = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const size = new ResizeObserver(() => pane.current?.style.setProperty('--fresh-at', `${head.current?.offsetHeight ?? 0}px`));
    if (head.current) size.observe(head.current);
    return () => size.disconnect();
  }, []);
  const compact = !!kept.value.compact;
  return (
    <section class="pane-list" id="pane-list" ref={pane} aria-label={t('agent.queue')} tabIndex={-1}
      onKeyDown={(e) => {
        /* In the list the arrows move as J and K do, which can be switched off. */
        const row = (e.target as HTMLElement).closest<HTMLElement>('.qrow[data-n]');
        if (!row || e.ctrlKey || e.metaKey || e.altKey || e.shiftKey || !/^(ArrowUp|ArrowDown|Home|End)$/.test(e.key)) return;
        e.preventDefault();
        const all = order.peek();
        const at = all.indexOf(Number(row.dataset['n']));
        focusRow(e.key === 'Home' ? 0 : e.key === 'End' ? all.length - 1 : at + (e.key === 'ArrowDown' ? 1 : -1));
      }}>
      <div class="list-head" ref={head}>
        <div class="list-name-line">
          <button class="btn btn-ghost btn-icon" type="button" aria-expanded={viewsOpen.value} aria-controls="pane-views" title={t('agent.views')} onClick={toggleViews}>
            <Icon name="panel-left" flip /><span class="visually-hidden">{t('agent.views')}</span>
          </button>
          {selected === null ? <Heading key={name.text} text={name.text}>{name.own ? <bdi>{name.text}</bdi> : name.text}</Heading> : <h2>{name.own ? <bdi>{name.text}</bdi> : name.text}</h2>}
          {name.count && <span class="count">{name.count}</span>}
          <button class="btn btn-ghost pick-start" type="button" aria-pressed={picking.value} onClick={() => { if (picking.value) chosen.value = new Set(); picking.value = !picking.value; }}>{t('agent.select.start')}</button>
          <button class="btn btn-ghost btn-icon" type="button" aria-pressed={compact} title={t('agent.dense')} onClick={() => keep({ compact: !compact })}>
            <Icon name="rows-4" /><span class="visually-hidden">{t('agent.dense')}</span>
          </button>
        </div>
        <LazySearch />
      </div>
      {!alone && <LazyBar place="queue" agents={agents.value} teams={teams.value} problem={r.error.value} />}
      <Rows selected={selected} alone={alone} />
      <Many />
    </section>
  );
}

/** Puts a row into the hand, where it can be seen. Without a focus of its own a list of what was found is moved by its links. */
export function focusRow(at: number): boolean {
  const pane = document.getElementById('pane-list');
  const all = order.peek();
  const list = pane?.querySelector<HTMLElement>('.vlist');
  if (!pane || !list) {
    const rows = [...document.querySelectorAll<HTMLElement>('#pane-list .qrow')];
    rows[Math.max(0, Math.min(at, rows.length - 1))]?.focus();
    return rows.length > 0;
  }
  const n = Math.max(0, Math.min(at, all.length - 1));
  const number = all[n];
  if (number === undefined) return false;
  hand.value = number;
  show(pane, list, n);
  requestAnimationFrame(() => { if (hand.peek() === number) list.querySelector<HTMLElement>(`.qrow[data-n="${number}"]`)?.focus({ preventScroll: true }); });
  return true;
}

function show(pane: HTMLElement, list: HTMLElement, n: number): void {
  const height = (list.firstElementChild as HTMLElement | null)?.offsetHeight ?? 58;
  const head = pane.querySelector<HTMLElement>('.list-head')?.offsetHeight ?? 0;
  const foot = [...pane.querySelectorAll<HTMLElement>('.bulk, .many')].reduce((sum, e) => sum + e.offsetHeight, 0);
  const top = list.getBoundingClientRect().top - pane.getBoundingClientRect().top + n * height;
  if (top < head) pane.scrollTop += n === 0 ? -pane.scrollTop : top - head;
  else if (top + height > pane.clientHeight - foot) pane.scrollTop += top + height - pane.clientHeight + foot;
}

const inOrder = () => (order.peek().length ? order.peek() : [...document.querySelectorAll<HTMLAnchorElement>('#pane-list .qrow')].map((a) => Number(/\/(\d+)/.exec(a.pathname)?.[1])));
function beside(by: 1 | -1, from: number): number | undefined {
  const all = inOrder();
  const at = all.indexOf(from);
  return all[at < 0 ? 0 : at + by];
}

/** The one after it is at hand when it is asked for, and asked for anew then. */
export function foresee(from: number): void {
  const next = beside(1, from);
  if (next === undefined) return;
  const r = ticket(next);
  if (r.data.peek() === null) void r.load(true);
}

/** The ticket after or before the one that is open: the list goes along. */
export function openNext(by: 1 | -1, from: number): boolean {
  const all = inOrder();
  const next = beside(by, from);
  if (next === undefined) return false;
  const pane = document.getElementById('pane-list');
  const list = pane?.querySelector<HTMLElement>('.vlist');
  if (pane && list) show(pane, list, all.indexOf(next));
  openTicket(next);
  return true;
}

export const backToList = () => navigate(`/agent${url.value.search}`);
