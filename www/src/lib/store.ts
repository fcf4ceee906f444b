/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What the server said, by address: shown at once when a page comes back,
 * refreshed behind. Names of people and accounts are kept apart, by id.
 */
import { signal, type Signal } from '@preact/signals';
import { api, Problem } from './api';
import type { Comment, ListPage, People, Person, Shown, Ticket, TicketPage } from './types';

export const people: Signal<People> = signal({});
export const accounts: Signal<Record<string, { name: string }>> = signal({});

export function person(id: number | null): Person | null {
  return id === null ? null : people.value[String(id)] ?? null;
}

export function learn(data: unknown): void {
  const d = data as { people?: People; accounts?: Record<string, { name: string }> } | null;
  more(people, d?.people);
  more(accounts, d?.accounts);
}
/* All that shows a name is drawn again when one is new, and not whenever one comes by. */
function more<T>(known: Signal<Record<string, T>>, fresh: Record<string, T> | undefined): void {
  const old = known.peek();
  if (fresh && Object.keys(fresh).some((id) => !alike(old[id], fresh[id]))) known.value = { ...old, ...fresh };
}

/** Is it the same, part by part? What was kept of the other is not looked into: lists have thousands of rows. */
export function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((k) => k in y && alike(x[k], y[k]));
}

let answers = 0;

export class Resource<T> {
  readonly data = signal<T | null>(null);
  readonly error = signal<Problem | null>(null);
  readonly loading = signal(false);
  private running: AbortController | null = null;
  private stale = false;
  private failed = false;
  /** How often something was put here by hand. */
  private puts = 0;
  private answer = Promise.resolve(false);
  /** Which answer of all it was that is here. */
  at = 0;

  constructor(readonly path: string, readonly merge: (old: T, fresh: T) => T) {}

  set(data: T): void {
    this.puts++;
    learn(data);
    this.data.value = data;
    this.error.value = null;
  }

  /** Fetches again; true when something changed. Polls are quiet about faults, but what may be seen no longer goes. */
  load(quiet = false): Promise<boolean> {
    if (this.running && quiet) return this.answer;
    /* It was asked for before somebody wanted to see it: that is waited for. */
    if (this.running && !this.loading.peek() && !this.data.peek()) return this.answer.then((is) => (this.data.peek() || this.error.peek() ? is : this.load()));
    return this.answer = this.ask(quiet);
  }

  private async ask(quiet: boolean): Promise<boolean> {
    this.running?.abort();
    const mine = this.running = new AbortController();
    if (!quiet) this.loading.value = true;
    const { puts } = this;
    try {
      const fresh = await api<T>('GET', this.path, { signal: mine.signal, quiet });
      if (this.running !== mine) return false;
      this.failed = false;
      /* What was asked before a change may not know it: asked once more. */
      if (puts !== this.puts) {
        this.stale = true;
        return false;
      }
      const old = this.data.peek();
      const next = old === null ? fresh : this.merge(old, fresh);
      learn(fresh);
      this.error.value = null;
      this.at = ++answers;
      if (alike(next, old)) return false;
      this.data.value = next;
      return true;
    } catch (e) {
      if (!(e instanceof Problem) || this.running !== mine) return false;
      this.failed = e.uncertain || e.status === 429;
      const gone = e.status === 403 || e.status === 404;
      if (gone) this.data.value = null;
      if (gone || !quiet) this.error.value = e;
      return gone;
    } finally {
      if (this.running === mine) {
        this.running = null;
        this.loading.value = false;
        if (this.stale) void this.refresh();
      }
    }
  }

  /** It changed: what is on its way may not know that yet, and what fails is tried again for a while. */
  async refresh(tries = 0): Promise<void> {
    this.stale = this.running !== null;
    if (this.stale) return;
    await this.load(true);
    if (this.failed && tries < 5) setTimeout(() => void this.refresh(tries + 1), 1000 * 2 ** tries * (0.5 + Math.random()));
  }
}

const resources = new Map<string, Resource<never>>();

function resource<T>(path: string, merge: (old: T, fresh: T) => T): Resource<T> {
  let r = resources.get(path) as Resource<T> | undefined;
  if (!r) resources.set(path, (r = new Resource<T>(path, merge)) as unknown as Resource<never>);
  return r;
}

type SortKey = (t: Ticket) => string;

/** What a list is sorted by, where that is a moment. */
function sortKey(path: string): SortKey | null {
  if (/[?&]sort=(priority|status|title)/.test(path)) return null;
  if (path.includes('sort=created')) return (t) => t.created_at;
  return /^\/api\/(queue|search)/.test(path) ? (t) => t.desk_updated_at ?? t.updated_at : (t) => t.updated_at;
}

/** What a page says of its rows holds for those that are kept of another, too. */
const bothExcerpts = (a: ListPage, b: ListPage) => (a.excerpts || b.excerpts ? { excerpts: { ...a.excerpts, ...b.excerpts } } : {});

/** A fresh first page before what was loaded of the rest: what belongs above
 * its end and isn't in it has left the list. */
export function mergeList(key: SortKey | null, old: ListPage, fresh: ListPage, oldestFirst = false): ListPage {
  const last = fresh.items[fresh.items.length - 1];
  if (!last || fresh.next === null || old.items.length <= fresh.items.length) return fresh;
  const here = new Set(fresh.items.map((t) => t.number));
  const below = (t: Ticket, n: number) => (!key ? n >= fresh.items.length : oldestFirst ? key(t) >= key(last) : key(t) <= key(last));
  const rest = old.items.filter((t, n) => !here.has(t.number) && below(t, n));
  return rest.length ? { ...fresh, items: [...fresh.items, ...rest], next: old.next, ...bothExcerpts(old, fresh) } : fresh;
}

const inOrder = (a: Comment, b: Comment) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : a.id - b.id);

export function mergeComments(...lists: Comment[][]): Comment[] {
  return [...new Map(lists.flat().map((c) => [c.id, c])).values()].sort(inOrder);
}

/** Newest comments joined to the older ones that are on the page. */
export function mergeTicket(old: TicketPage, fresh: TicketPage): TicketPage {
  const oldest = fresh.comments.reduce((m, c) => (c.created_at < m ? c.created_at : m), '~');
  const older = old.comments.filter((c) => c.created_at < oldest);
  /* More arrived than one page holds: begin anew, so that no gap shows. */
  const joins = old.comments.some((c) => fresh.comments.some((f) => f.id === c.id));
  return joins && older.length && fresh.more !== null
    ? { ...fresh, comments: mergeComments(older, fresh.comments), more: old.more }
    : { ...fresh, comments: mergeComments(fresh.comments) };
}

/** What is being saved of tickets: an answer that does not know it yet does not take it back. */
export const saving = new Map<number, Partial<Ticket>>();
const soon = <T extends Ticket>(t: T): T => (saving.has(t.number) ? { ...t, ...saving.get(t.number) } : t);

export const list = (path: string) => resource<ListPage>(path, (old, fresh) => mergeList(sortKey(path), old, saving.size ? { ...fresh, items: fresh.items.map(soon) } : fresh, path.includes('dir=asc')));
export const ticket = (number: number) => resource<TicketPage>(`/api/tickets/${number}`, (old, fresh) => mergeTicket(old, { ...fresh, ticket: soon(fresh.ticket) }));

export async function loadMore(r: Resource<ListPage>, size?: number): Promise<void> {
  const before = r.data.peek();
  if (!before?.next) return;
  const page = await api<ListPage>('GET', `${r.path}${r.path.includes('?') ? '&' : '?'}after=${encodeURIComponent(before.next)}${size ? `&limit=${size}` : ''}`);
  const here = new Set(before.items.map((t) => t.number));
  const longer = { ...page, items: [...before.items, ...page.items.filter((t) => !here.has(t.number))], ...bothExcerpts(before, page) };
  /* It may have been refreshed meanwhile, or be gone. */
  const now = r.data.peek();
  if (now) r.set(now === before ? longer : r.merge(longer, now));
}

export async function loadOlder(r: Resource<TicketPage>): Promise<number> {
  const now = r.data.peek();
  if (!now?.more) return 0;
  const page = await api<{ comments: Comment[]; more: string | null; people: People }>('GET', `${r.path}/comments?before=${encodeURIComponent(now.more)}`);
  learn(page);
  r.set({ ...now, comments: mergeComments(page.comments, now.comments), more: page.more });
  return page.comments.length;
}

/** A comment that was just sent, at its place. */
export function addComment(r: Resource<TicketPage>, answer: { comment: Comment; files?: Shown[]; people?: People }): void {
  learn(answer);
  const now = r.data.peek();
  if (now) r.set({ ...now, comments: mergeComments(now.comments, [answer.comment]), ...(answer.files?.length ? { files: [...now.files ?? [], ...answer.files] } : {}) });
}

/** A ticket, or all of them, is read: the lists that are kept show it at once. */
export function readNow(number: number | null): void {
  for (const [path, r] of resources) {
    const now = (r as unknown as Resource<ListPage>).data.peek();
    if (!/^\/api\/(tickets|queue|inbox)(\?|$)/.test(path) || !now?.items.some((i) => i.unread && (number === null || i.number === number))) continue;
    (r as unknown as Resource<ListPage>).set({ ...now, items: now.items.map((i) => (number === null || i.number === number ? { ...i, unread: null } : i)) });
  }
}

/** What is known of a ticket: the newest of what its own page and the lists have. */
export function knownTicket(number: number): Ticket | null {
  const stamp = (t: Ticket) => t.desk_updated_at ?? t.updated_at;
  let known: Ticket | undefined, at = 0;
  for (const [path, r] of resources as unknown as Map<string, Resource<TicketPage & ListPage>>) {
    const now = r.data.peek();
    const is = path === `/api/tickets/${number}` ? now?.ticket : /^\/api\/(queue|search)(\?|$)/.test(path) ? now?.items.find((i) => i.number === number) : null;
    /* Not all of it moves its time. */
    if (!is || known && (stamp(is) < stamp(known) || stamp(is) === stamp(known) && r.at < at)) continue;
    known = is;
    at = r.at;
  }
  return known ?? null;
}

/** Of a ticket this is so now: its page shows it, and the lists that are kept. */
export function putTicket(number: number, { account: _, ...part }: Partial<Ticket>): void {
  const own = resources.get(`/api/tickets/${number}`) as unknown as Resource<TicketPage> | undefined;
  const page = own?.data.peek();
  if (page) own?.set({ ...page, ticket: { ...page.ticket, ...part } });
  for (const [path, r] of resources) {
    const now = (r as unknown as Resource<ListPage>).data.peek();
    if (!/^\/api\/(queue|search)(\?|$)/.test(path) || !now?.items.some((i) => i.number === number)) continue;
    (r as unknown as Resource<ListPage>).set({ ...now, items: now.items.map((i) => (i.number === number ? { ...i, ...part } : i)) });
  }
}

/** Lists are refreshed when they are shown again. */
export function forgetLists(): void {
  for (const path of resources.keys()) if (!/^\/api\/tickets\/\d+$/.test(path)) resources.delete(path);
}
