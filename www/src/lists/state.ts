/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a list shows stands in the page's address, and in nothing else: this reads it and asks the API the same. */
import { useEffect, useState } from 'preact/hooks';
import { signal, type Signal } from '@preact/signals';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { query, url } from '../lib/router';
import { loadMore, readNow, type Resource } from '../lib/store';
import type { ListPage } from '../lib/types';
import { problemText } from '../ui/parts';
import { toast } from '../ui/toast';

export type Place = 'tickets' | 'inbox' | 'queue';
export const LISTS = ['all', 'mine', 'shared', 'followed', 'organisation'] as const;
export const GROUPS = ['open', 'pending', 'active', 'done'] as const;
export const SORTS = ['updated', 'created', 'priority', 'status', 'title', 'due'] as const;
export type Sort = (typeof SORTS)[number];

const ONE_OF: Record<string, readonly string[]> = {
  list: LISTS, group: GROUPS, sort: SORTS, dir: ['asc', 'desc'], unread: ['yes'], due: ['late'], snoozed: ['yes', 'no'], priority: ['low', 'normal', 'high', 'urgent'],
};
/** In this order in an address, so that the same list has one. */
export const FILTERS = ['group', 'priority', 'type', 'requester', 'assignee', 'team', 'account', 'unread', 'due', 'tag', 'snoozed', 'created_from', 'created_to', 'updated_from', 'updated_to', 'fields', 'q'] as const;
const NAMES = ['list', ...FILTERS, 'sort', 'dir'] as const;

/** What the address asks for; what it can't ask for is left out. */
export function wanted(page: URL, place: Place): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name of NAMES) {
    const value = page.searchParams.get(name);
    if (!value || (ONE_OF[name] && !ONE_OF[name].includes(value)) || (name === 'list' && place !== 'tickets')) continue;
    /* What is due, and for which team, is the desk's to see, and so are tags and what is put aside. */
    if (place !== 'queue' && (name === 'due' || name === 'team' || value === 'due' || name === 'tag' || name === 'snoozed')) continue;
    if (name === 'team' && !/^(mine|none|\d{1,16})$/.test(value)) continue;
    if (/^(requester|assignee|account)$/.test(name) && !/^(me|none|\d{1,16})$/.test(value)) continue;
    out[name] = value;
  }
  if (out['list'] === 'all') delete out['list'];
  if (out['sort'] === 'updated' && !out['dir']) delete out['sort'];
  return out;
}

const asked = (want: Record<string, string>) => { const s = new URLSearchParams(want).toString(); return s ? `?${s}` : ''; };
export const listPath = (page: URL, place: Place) => `/api/${place}${asked(wanted(page, place))}`;
export const csvPath = (page: URL, place: Place) => `/api/${place}.csv${asked({ ...wanted(page, place), lang: boot.lang })}`;
/** The order that a list has without saying so; titles and what is due begin at the first. */
export const usualSort = (want: Record<string, string>): Sort => (want['due'] ? 'due' : 'updated');
export const usualDir = (sort: Sort) => (sort === 'title' || sort === 'due' ? 'asc' : 'desc');
/** The page with other values in its address; what was chosen of the rest stays. */
export const here = (change: Record<string, string | null>) => `${url.value.pathname}${query(change)}`;
/** Is anything chosen beside the list itself and its order? */
export const isFiltered = (page: URL, place: Place) => FILTERS.some((f) => f in wanted(page, place));

/** Words and nothing else (at the desk the group does not count): then all there is is searched. */
export function isSearchAlone(page: URL, place: Place): boolean {
  const want = wanted(page, place);
  return 'q' in want && Object.keys(want).every((name) => name === 'q' || (place === 'queue' && name === 'group'));
}

/* ---- counts ---- */
export interface Count { n: number; more: boolean }
/** `groups`: of what is one list by groups of status; 'all' is all of it. */
interface Counts { lists: Record<string, Count>; groups: Record<string, Count> | null; unread: Count;
  /** At the desk: of the views that there always are, by name, and of kept ones, by id; null: not counted. */
  views?: Record<string, Count | null> }
export const counts: Signal<Counts | null> = signal(null);
export const countText = (c: Count) => (c.more ? `${c.n}+` : String(c.n));

let asking = '';
function askCounts(page: URL, place: Place): void {
  const want = wanted(page, place);
  for (const name of ['list', 'sort', 'dir', 'q']) delete want[name];
  const path = `/api/${place === 'tickets' ? 'lists' : place}/counts${place === 'queue' ? '' : asked(want)}`;
  asking = path;
  api<Counts>('GET', path, { quiet: true }).then((c) => { if (asking === path) { counts.value = c; tellNav(c.unread); } }, () => {});
}

/** The number beside the list's link in the page's head. */
function tellNav(unread: Count): void {
  for (const a of document.querySelectorAll<HTMLAnchorElement>('.top nav a')) {
    if (!/^(\/tickets|\/agent)$/.test(a.pathname)) continue;
    let mark = a.querySelector('.count');
    if (!mark && unread.n) a.append(' ', mark = Object.assign(document.createElement('span'), { className: 'count' }));
    if (!mark) continue;
    const said = Object.assign(document.createElement('span'), { className: 'visually-hidden', textContent: ` (${t('app.unread')})` });
    mark.replaceChildren(...(unread.n ? [countText(unread), said] : []));
  }
}

/** Lists ask again at most so often, however much happens. */
export const PACE = 4000;
const DESK_PACE = 10_000;
export function useCounts(place: Place, seconds: number): void {
  /* The desk's are of its views, whichever of them is shown. */
  const address = place === 'queue' ? '' : listPath(url.value, place);
  useEffect(() => askCounts(url.peek(), place), [address, place]);
  useLive(seconds, () => true, () => askCounts(url.peek(), place), place === 'queue' ? DESK_PACE : PACE);
}

/* ---- lists by name ---- */
/** At the desk there are other agents' too, which they share. */
export interface View { id: number; name: string; query: string; shared?: boolean; own?: boolean }
export const keptViews: Signal<Partial<Record<Place, View[]>>> = signal({});
export const takeViews = (place: Place, a: { items: View[] }) => { keptViews.value = { ...keptViews.peek(), [place]: a.items }; };
/** Counted up when somebody wants to put them in order. */
export const managing = signal(0);
/** What the address asks for, as a view keeps it. */
export const viewQuery = (page: URL, place: Place) => new URLSearchParams(wanted(page, place)).toString();

/* ---- what was read ---- */

/** The page shows a ticket as it was changed last: whoever sees it has read it. `told`: up to where they had until now, if that is known. */
export function useSeen(number: number, at: string | undefined, told?: (before: string | null) => void): void {
  useEffect(() => {
    if (!at || boot.support) return undefined;
    const tell = () => {
      if (document.visibilityState !== 'visible') return;
      document.removeEventListener('visibilitychange', tell);
      api<{ before: string | null }>('POST', `/api/tickets/${number}/seen`, { body: { at }, quiet: true }).then((a) => { readNow(number); told?.(a.before); }, () => {});
    };
    document.addEventListener('visibilitychange', tell);
    tell();
    return () => document.removeEventListener('visibilitychange', tell);
  }, [number, at]);
}

export async function readAll(r: Resource<ListPage>, place: Place): Promise<void> {
  try {
    await api('POST', '/api/lists/seen', { body: {} });
    readNow(null);
    askCounts(url.peek(), place);
    await r.load(true);
    announce(t('app.read_all.done'));
  } catch (e) {
    toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
  }
}

/** Where a ticket's page leads back to: the list as it was left. */
let left: string | null = null;
export const leaveList = () => { left = url.value.pathname + url.value.search; };
export const backTo = (fallback: string) => left ?? fallback;

/** More of a list by a button: told to all, and focus on the first of them. */
export function useMore(r: Resource<ListPage>, rows: string): [boolean, () => Promise<void>] {
  const [busy, setBusy] = useState(false);
  const more = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const had = r.data.peek()?.items.length ?? 0;
      await loadMore(r);
      announce(t('app.more_loaded', { n: (r.data.peek()?.items.length ?? 0) - had }));
      requestAnimationFrame(() => document.querySelectorAll<HTMLElement>(rows)[had]?.focus());
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
    setBusy(false);
  };
  return [busy, more];
}
