/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What stands before a new ticket, as the server tells it: shown, found, and made. */
import type { Texts } from '../forms/data';

export type Kind = 'first_aid' | 'elsewhere';

/** What is shown, in the reader's language. */
export interface Shown {
  id: number;
  kind: Kind;
  title: string;
  text: string | null;
  url: string | null;
  people: { name: string; email: string }[] | null;
}
/** What goes on, or is to come. */
export interface Now { id: number; kind: 'incident' | 'maintenance'; title: string; lang: string | null; text: string | null; text_lang: string | null; state: string; starts_at: string; ends_at: string | null; url: string; affected: boolean }

/** Where a wish leads: a host's name, or people's. */
export const leadsTo = (s: Shown): string => /^https:\/\/([^/?#]+)/.exec(s.url ?? '')?.[1] ?? (s.people ?? []).map((p) => p.name).join(', ');

/** What is found for a title. */
export interface Found {
  incidents: { id: number; kind: 'incident' | 'maintenance'; title: string; affected: boolean }[];
  articles: { id: number; title: string; language: string }[];
  tickets: { number: number; title: string }[];
}

/** What the staff has written. */
export interface Signpost {
  id: number;
  kind: Kind;
  portal: number | null;
  titles: Texts;
  texts: Texts;
  url: string | null;
  contact: string | null;
  roles: string[];
}
export type Level = 'public' | 'signed_in' | 'agents';
/** Who reads it: of everybody, of accounts, portals or roles. */
export interface Audience { level: Level; portals?: { id: number; name: string }[]; accounts?: { id: number; name: string }[]; roles?: string[] }
export interface Article { id: number; audience: Audience; published: boolean; titles: Texts; solved: number }
export interface Written { languages: string[]; portals: { id: number; name: string }[]; signposts: Signpost[]; articles: Article[] }

/** Sends a change; the page is what comes back. Null when it was refused. `done`: what is said then. */
export type Send = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, done: string, key?: string) => Promise<Written | null>;
