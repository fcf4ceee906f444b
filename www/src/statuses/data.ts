/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What /api/statuses tells: the tenant's words, and what may follow what. */
import type { Texts } from '../forms/data';
import { statuses as ours } from '../gen/statuses';
import { Problem } from '../lib/api';
import { STATES } from '../lib/moves';
import { t } from '../lib/i18n';
import type { Status } from '../lib/types';
import { fieldText, problemText } from '../ui/parts';

export type Side = 'agents' | 'customers';
export type Words = Record<Side, Texts>;
export type Role = 'agent' | 'tenant_admin';
export type Moves = Partial<Record<Status, Status[]>>;
export interface Kept { languages: string[]; statuses: Partial<Record<Status, Words>>; moves: Record<Role, Moves | null> }
export const SIDES: Side[] = ['agents', 'customers'];
export const ROLES: Role[] = ['agent', 'tenant_admin'];

export const wordsOf = (kept: Kept): Record<Status, Words> =>
  Object.fromEntries(STATES.map((s) => [s, kept.statuses[s] ?? { agents: {}, customers: {} }])) as Record<Status, Words>;

/** The product's own texts, in each language: they stand where the tenant has none. */
export type Ours = Record<string, Record<string, string | string[]>>;
export async function loadOurs(languages: string[]): Promise<Ours> {
  return Object.fromEntries(await Promise.all(languages.map(async (l) => [l, (await ours[l]?.())?.default ?? {}] as const)));
}
export const ourWord = (all: Ours, lang: string, key: string): string => String(all[lang]?.[key] ?? all['en']?.[key] ?? '');
const KEYS = { agents: 'state', customers: 'status' } as const;
export const wordIn = (all: Ours, words: Words, side: Side, status: Status, lang: string): string =>
  words[side][lang] ?? words[side][lang.split('-')[0] ?? ''] ?? ourWord(all, lang, `${KEYS[side]}.${status}`);

/** A fault of a graph names the status that it is about. */
export function faultText(e: Problem, name: (s: Status) => string): string {
  const first = e.errors[0];
  if (!first) return problemText(e);
  if (first.status && first.code === 'stuck') return t('statuses.fault.stuck', { status: name(first.status) });
  if (first.status && first.code === 'unreachable') return t('statuses.fault.unreachable', { status: name(first.status) });
  return fieldText(first.code);
}
