/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The rows of a list as they stand. While somebody has the list in hand nothing
 * moves in it: what changes, changes in its place, and what is new waits above it
 * until it is asked for.
 */
import { useRef, useState } from 'preact/hooks';
import type { Resource } from '../lib/store';
import type { ListPage, Ticket } from '../lib/types';

const stamp = (t: Ticket) => t.desk_updated_at ?? t.updated_at;

export interface Rows { order: number[]; known: Map<number, Ticket>; stamps: Map<number, string>; fresh: number }

export function anew(items: Ticket[]): Rows {
  return { order: items.map((t) => t.number), known: new Map(items.map((t) => [t.number, t])), stamps: new Map(items.map((t) => [t.number, stamp(t)])), fresh: 0 };
}

/** The same order, with what is known now: what follows its end is added to it, what would stand above is counted. */
export function held(rows: Rows, items: Ticket[]): Rows {
  const old = new Set(rows.order);
  const known = new Map(rows.known);
  for (const t of items) known.set(t.number, t);
  let last = -1;
  items.forEach((t, n) => { if (old.has(t.number)) last = n; });
  const tail = items.filter((t, n) => n > last && !old.has(t.number));
  const stamps = new Map(rows.stamps);
  for (const t of tail) stamps.set(t.number, stamp(t));
  const news = items.filter((t, n) => (n < last && !old.has(t.number)) || (old.has(t.number) && t.unread && stamp(t) > (rows.stamps.get(t.number) ?? '')));
  return { order: [...rows.order, ...tail.map((t) => t.number)], known, stamps, fresh: news.length };
}

const NONE: Ticket[] = [];

export function useRows(r: Resource<ListPage>, inHand: () => boolean): { items: Ticket[]; fresh: number; take: () => void } {
  /* As the page has them, until something has to stay where it is: there are thousands. */
  const kept = useRef<{ r: Resource<ListPage>; page: ListPage; rows: Rows | null; items: Ticket[] } | null>(null);
  const asIs = (page: ListPage) => { kept.current = { r, page, rows: null, items: page.items }; };
  const hold = (page: ListPage, was: Rows) => {
    const rows = held(was, page.items);
    kept.current = { r, page, rows, items: rows.order.flatMap((n) => rows.known.get(n) ?? []) };
  };
  const [, draw] = useState(0);
  const page = r.data.value;
  const now = kept.current;
  if (!page) kept.current = null;
  else if (now?.r !== r) asIs(page);
  else if (now.page !== page) inHand() ? hold(page, now.rows ?? anew(now.items)) : asIs(page);
  return {
    items: kept.current?.items ?? NONE,
    fresh: kept.current?.rows?.fresh ?? 0,
    take: () => {
      if (!page) return;
      asIs(page);
      draw((n) => n + 1);
    },
  };
}
