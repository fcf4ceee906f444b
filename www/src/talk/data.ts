/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who has to do with a ticket: the shapes of the API, and names in a list. */
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { person } from '../lib/store';
import type { Named, People, TicketLink } from '../lib/types';

export type Level = 'all' | 'replies' | 'none';
export const LEVELS: Level[] = ['all', 'replies', 'none'];

/** Who joins when they accept: by whom, until when. */
export interface Pending { id: number; email: string; by: number; until: string; state: 'sending' | 'sent' | 'bounced' | 'late' | 'unsent'; again: boolean }

/** `gone`: one took oneself out of it. */
export interface Lists {
  mine: Level;
  followers: { person: number; level: Level }[];
  count: number;
  shared: number[];
  pending: Pending[];
  account: Named | null;
  people: People;
  gone?: boolean;
}

export interface Rating { person: number; score: 1 | 2 | 3 | 4 | 5; words: string | null; rated_at: string }
export interface ListsPage { lists: Lists; contacts: string[]; links: TicketLink[]; ratings: Rating[]; people: People; item?: (import('../releases/data').Item & { told_at: string | null; fixed: boolean | null }) | null }

export interface Losing { count: number; more: boolean; me: boolean; items: number[]; people: People }

export type Rule = 'opened' | 'added' | 'account' | 'main_user' | 'partner' | 'desk';
export interface Readers {
  items: { person: number; side: 'account' | 'partner' | 'desk'; rules: Rule[] }[];
  others: { side: string; name: string; count: number }[];
  count: number;
  /** More than that. */
  more: boolean;
  people: People;
  next: number | null;
}

export const nameOf = (id: number) => person(id)?.name ?? t('app.somebody');
export const listed = (names: string[]) => new Intl.ListFormat(boot.lang).format(names);
