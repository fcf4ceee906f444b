/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the parts of the workspace know of each other: the list, what is in hand and what is chosen in it. */
import { computed, signal } from '@preact/signals';
import { api } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { navigate, url } from '../lib/router';
import { list } from '../lib/store';
import type { Named } from '../lib/types';
import { listPath } from '../lists/state';

/** Who can be assigned, who of them is or will be away, and the teams; asked once, or again. */
export const agents = signal<Named[]>([]);
interface Absence { begins: string; ends: string; stand_in: number | null }
const away = signal<Record<string, Absence>>({});
export interface Team extends Named { mine: boolean; archived: boolean }
export const teams = signal<Team[]>([]);
let asked = false;
export function needAgents(again = false): void {
  if (asked && !again) return;
  asked = true;
  api<{ items: Named[]; away: Record<string, Absence>; teams: Team[] }>('GET', '/api/agents', { quiet: again }).then((a) => {
    agents.value = a.items;
    away.value = a.away;
    teams.value = a.teams;
  }, () => { asked = false; });
}
/** Somebody's absence, while it lasts; in words. */
export function awayNow(id: number | null): Absence | null {
  const a = id === null ? undefined : away.value[String(id)];
  return a && Date.parse(a.begins) <= Date.now() && Date.parse(a.ends) > Date.now() ? a : null;
}
export const awayText = (id: number | null): string | undefined => { const a = awayNow(id); return a ? t('agent.away.until', { when: dateTime(a.ends) }) : undefined; };
export const teamName = (id: number | null | undefined): string | undefined => (id ? teams.value.find((g) => g.id === id)?.name : undefined);

/** Rows that lead on with it are drawn anew when it changes, and not at each ticket. */
export const search = computed(() => url.value.search);

export const queue = () => list(listPath(url.value, 'queue'));

/** The ticket that is open; null beside the list alone. */
export const openNumber = (): number | null => Number(/^\/agent\/t\/(\d+)$/.exec(url.value.pathname)?.[1] ?? 0) || null;
/** Is the queue there, alone or beside a ticket? */
export const onDesk = (): boolean => url.value.pathname === '/agent' || openNumber() !== null;
/** The row that keys move, while no ticket is open. */
export const hand = signal<number | null>(null);
export const chosen = signal<ReadonlySet<number>>(new Set());
/** Under fingers one says first that one is about to choose. */
export const picking = signal(false);
/** The rows as they are shown. */
export const order = signal<number[]>([]);
/** Asks the list for more of itself. */
export const more: { of: (() => Promise<void>) | null } = { of: null };

/** Those that are chosen stand for all that the list holds: how many, and the list as an address's query. */
const all = signal<{ of: ReadonlySet<number>; n: number; query: string } | null>(null);
/** As long as the choice stays as it is. */
export const whole = computed(() => (all.value?.of === chosen.value ? all.value : null));
export const takeWhole = (n: number, query: string) => { all.value = { of: chosen.peek(), n, query }; };
/** How many a command is about. */
export const howMany = () => whole.value?.n ?? targets().length;

/** What a command is about: those that are chosen, else the one that is open or in hand. */
export function targets(): number[] {
  if (chosen.value.size) return [...chosen.value];
  const one = openNumber() ?? hand.value;
  return one === null ? [] : [one];
}

export const openTicket = (number: number) => navigate(`/agent/t/${number}${url.value.search}`);

/** A change of many tickets, as jobs are at it; what was refused of it. */
export interface Job { id: number; state: 'working' | 'done' | 'stopped'; undoes: number | null; total: number; done: number; same: number; refused: number; undo: boolean }
/** How far one is. Of what the page did itself: said, what it was; back takes it back. */
export interface Outcome { job: Job; refused: { number: number; code: string; said?: string }[]; said?: string; back?: () => void }
/** Those that are shown, the newest first. */
export const working = signal<Outcome[]>([]);
/** Those that were closed are not shown again when the page is loaded anew. */
const CLOSED = 'many:closed';
const put = (): number[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(CLOSED) ?? '[]');
    return Array.isArray(kept) ? kept as number[] : [];
  } catch { return []; }
};
export function close(job: number): void {
  try { localStorage.setItem(CLOSED, JSON.stringify([job, ...put()].slice(0, 20))); } catch { /* then it is there again */ }
}
export const isOpen = (job: Job): boolean => job.state === 'working' || job.undo && !put().includes(job.id);

/** The ticket that is about to be escalated: its item is asked for beside it. */
export const escalating = signal<number | null>(null);
/** The dialog that is open: a choice, a macro, the palette, the sheet of keys. */
export type Asking = 'assign' | 'team' | 'status' | 'priority' | 'tags' | 'macro' | 'snooze' | 'palette' | 'keys';
export interface Asked {
  what: Asking;
  n: number;
  /** The ticket whose page asks, whatever is chosen in the list. */
  number: number | null;
}
export const asking = signal<Asked | null>(null);
let asks = 0;
/** What is typed while the dialog is still on its way is meant for it, unless one has gone elsewhere to write. */
export const ahead: { typed: string | null; from: Element | null } = { typed: null, from: null };
export function takeAhead(): string {
  const typed = ahead.typed ?? '';
  ahead.typed = null;
  return typed;
}
export function ask(what: Asking, number: number | null = null): void {
  ahead.typed = '';
  ahead.from = document.activeElement;
  asking.value = { what, n: ++asks, number };
}
/** Browsers tell in a later moment that a dialog was closed: one that was asked for in between stays. */
export function closed(of: Asked | null): void {
  if (asking.peek() !== of) return;
  asking.value = ahead.typed = null;
}
