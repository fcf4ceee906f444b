/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The knowledge base as its writers see it: the tree, an article, and what is sent of them. */
import type { Texts } from '../forms/data';

export const LEVELS = ['public', 'signed_in', 'agents'] as const;
export type Level = (typeof LEVELS)[number];
export const ROLES = ['account_admin', 'portal_admin', 'main_user', 'member', 'partner'] as const;
export type Role = (typeof ROLES)[number];
export interface Named { id: number; name: string }
/** told: one from elsewhere that means nothing here. */
export interface Audience { level: Level; portals?: Named[]; accounts?: Named[]; roles?: Role[]; told?: unknown }
/** As it is sent. */
export interface Said { level: Level | 'inherited'; portals?: number[]; accounts?: number[]; roles?: Role[] }

/** audience: its own; null: as what is above. */
export interface Section { id: number; key: string; parent: number | null; names: Texts; abouts: Texts; audience: number | null; shown_to: number; articles: number; live: number }
export interface Tree {
  languages: string[];
  portals: Named[];
  needs_review: boolean;
  /** What counts where nothing else is said. */
  audience: number | null;
  audiences: Record<string, Audience>;
  /** In no section. */
  articles: number;
  sections: Section[];
}

export const STATES = ['draft', 'review', 'approved'] as const;
export type State = (typeof STATES)[number];
/** What lists are kept to. */
export const FILTERS = ['draft', 'review', 'approved', 'planned', 'live', 'overdue', 'outdated'] as const;
export type Filter = (typeof FILTERS)[number];
export interface ListedText { title: string; live?: number; draft?: State; publish_at?: string; outdated?: true }
export interface Listed { id: number; section: number; language: string; live: boolean; own_audience: boolean; level: Level; expires_at: string | null; review_by: string | null; updated_at: string; texts: Record<string, ListedText> }
export interface ListedPage { articles: Listed[]; next: string | null }

/** of: the version of the article's own language that it translates. */
export interface LiveText { version: number; title: string; slug: string; since: string; by?: string; of?: number; outdated?: true }
export interface DraftText { title: string; edit: number; state: State; publish_at?: string; updated_at: string; by?: string; mine?: boolean; of?: number; outdated?: true }
export interface OneText { live?: LiveText; draft?: DraftText }
export interface Article {
  id: number;
  key: string;
  section: number;
  language: string;
  audience: Audience | null;
  shown_to: Audience;
  expires_at: string | null;
  review_by: string | null;
  needs_review: boolean;
  languages: string[];
  texts: Record<string, OneText>;
}

export interface Words { title: string; keywords: string[]; body: string }
/** A text as it is sent to who writes: was counts what was stored of a draft. */
export interface Written { live: (Words & { version: number }) | null; draft: (Words & { was: number }) | null }
export interface Version { version: number; title: string; by: string | null; from: string; until: string | null }
/** number 0: what is being written. */
export interface OldText { title: string; keywords: string[]; html: string }

/** Sends something; null when it was refused, which is said then. `done`: what is announced. */
export type Send = <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, done: string, key?: string) => Promise<T | null>;

/** Sections in the order of the tree, with how deep they lie. */
export function inTree(sections: Section[], parent: number | null = null, depth = 0): { section: Section; depth: number }[] {
  return sections.filter((s) => s.parent === parent).flatMap((section) => [{ section, depth }, ...inTree(sections, section.id, depth + 1)]);
}

/** A section and all below it. */
export const below = (sections: Section[], id: number): Set<number> => new Set([id, ...inTree(sections, id).map((x) => x.section.id)]);
