/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What /api/rules tells, and how conditions and actions are put. */
import type { Texts } from '../forms/data';
import { Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { fieldText, problemText } from '../ui/parts';

export type Value = string | number | boolean | null;
export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | Leaf;
export interface Leaf { field: string; is?: Value[]; has?: string[]; at_least?: number; at_most?: number }
export interface When { event?: string; by?: string; time?: string; minutes?: number; counted?: string; clock?: string; before?: number; after?: number; used?: number }
export interface Action {
  status?: string; priority?: string | null; assignee?: number | null; note?: string; reply?: Texts;
  mail?: { to: (string | number)[]; text: string }; team?: number | null; tags?: { add?: string[]; remove?: string[] }; follow?: number; level?: number;
}
export interface Rule { when: When; if: Condition | null; do: Action[] }
export interface Item {
  id: number; name: string; on: boolean; version: number; since: string; past: boolean; reaching: boolean; rule: Rule;
  runs: { ran: number; stopped: number; failed: number; last: string | null };
}
interface Named { id: number; name: string }
interface Keyed { key: string; labels: Texts }
export interface Choices { types: Keyed[]; fields: (Keyed & { kind: string; options: Keyed[] })[]; accounts: Named[]; portals: Named[]; plans: Keyed[]; teams: Named[]; staff: Named[] }
export interface About { languages: string[]; most: { rules: number; parts: number; depth: number; actions: number; text: number; kept: number }; placeholders: string[]; choices: Choices }
export interface All extends About { rules: Item[] }
export interface Why { field: string; given: Value | Value[]; holds: boolean }
/** `fault`: why it could not be done, a word. */
export interface Did { do?: Record<string, unknown>; what: string; fault?: string }
export interface Run { version: number; outcome: 'ran' | 'again' | 'depth' | 'daily' | 'failed'; why: Why[]; did: Did[]; at: string }
export interface One extends About {
  item: Item;
  versions: { version: number; name: string; rule: Rule; at: string; by: string }[];
  log: (Run & { number: number; title: string })[];
}
export interface Replay {
  now: { count: number; more: boolean; looked: number; whole: boolean };
  tickets: number; hits: number; since: string; whole: boolean;
  rows: { number: number; title: string; at: string; event: number | null; would: Record<string, unknown>[] }[];
}
export interface TicketRules { level: number | null; runs: (Run & { id: number; name: string })[] }

export const EVENTS = ['opened', 'replied', 'changed', 'escalated', 'warned', 'late'] as const;
export const TIMES = ['status', 'customer', 'agent', 'due'] as const;
export const BYS = ['any', 'customer', 'agent', 'rule'] as const;
export const CLOCKS = ['first', 'next', 'resolution'] as const;
export const DUES = ['before', 'after', 'used'] as const;
export const UNITS = [1, 60, 1440] as const;
export const FIELDS = ['status', 'group', 'priority', 'type', 'account', 'plan', 'portal', 'language', 'role', 'assignee', 'team', 'tags', 'level', 'title', 'message', 'by', 'changed', 'clock', 'was.status', 'was.priority'] as const;
export const ACTIONS = ['status', 'priority', 'assignee', 'team', 'tags', 'note', 'reply', 'mail', 'follow', 'level'] as const;
export const OPS = ['is', 'has', 'at_least', 'at_most'] as const;
export type Op = (typeof OPS)[number];

export const isLeaf = (c: Condition): c is Leaf => 'field' in c;
export const joinOf = (c: Condition): 'all' | 'any' | null => ('all' in c ? 'all' : 'any' in c ? 'any' : null);
export const partsOf = (c: Condition): Condition[] => ('all' in c ? c.all : 'any' in c ? c.any : []);
export const opOf = (c: Leaf): Op => OPS.find((o) => c[o] !== undefined) ?? 'is';

/** How a field may be compared. */
export function opsOf(field: string, choices: Choices): Op[] {
  if (field === 'title' || field === 'message') return ['has'];
  if (field === 'level') return ['is', 'at_least', 'at_most'];
  const own = field.startsWith('fields.') ? choices.fields.find((f) => f.key === field.slice(7)) : undefined;
  if (!own) return ['is'];
  return own.kind === 'number' ? ['at_least', 'at_most'] : ['one_of', 'several_of', 'yes_no'].includes(own.kind) ? ['is'] : ['has'];
}

export function newLeaf(field: string, choices: Choices, op: Op = opsOf(field, choices)[0]!): Leaf {
  return op === 'is' ? { field, is: [] } : op === 'has' ? { field, has: [] } : { field, [op]: field === 'level' ? 1 : 0 };
}

/** A fault, and where: the third condition, the second action. */
export function faultOf(e: unknown): string {
  if (!(e instanceof Problem)) throw e;
  const first = e.errors[0];
  if (!first) return problemText(e);
  const action = /^do\.(\d+)/.exec(first.field);
  const part = /(?:all|any)\.(\d+)(?!.*(?:all|any)\.\d)/.exec(first.field);
  const where = action ? t('rules.fault.action', { n: Number(action[1]) + 1 })
    : part ? t('rules.fault.part', { n: Number(part[1]) + 1 })
      : first.field.startsWith('when') ? t('rules.when') : first.field.startsWith('if') ? t('rules.if') : first.field === 'do' ? t('rules.do') : t('rules.name');
  return t('rules.fault', { where, what: fieldText(first.code) });
}
