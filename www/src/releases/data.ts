/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What /api/items and /api/releases tell. */
import type { Texts } from '../forms/data';
import { api, Problem } from '../lib/api';
import type { Status } from '../lib/types';
import { fieldText, problemText } from '../ui/parts';

export interface Item {
  id: number;
  key: string;
  title: string;
  url: string | null;
  state: 'open' | 'done' | 'dropped';
  release: { id: number; name: string; published_at: string | null } | null;
  /** Counted to a thousand. */
  tickets: number;
}
export interface Items { items: Item[]; more: boolean }
export interface ItemPage { item: Item; waiting: { number: number; title: string; status: Status | null; account: string; told_at: string | null; fixed: boolean | null }[] }
export interface Release {
  id: number;
  name: string;
  notes: Texts;
  published_at: string | null;
  by: string | null;
  items: Pick<Item, 'id' | 'key' | 'title'>[];
  tickets: number;
  told: number;
  yes: number;
  no: number;
}
export interface Releases { can: boolean; languages: string[]; releases: Release[]; more: boolean }

export const faultOf = (e: unknown): string => {
  if (!(e instanceof Problem)) throw e;
  return e.errors[0] ? fieldText(e.errors[0].code) : problemText(e);
};
export const findItems = (q: string, state: string) =>
  api<Items>('GET', `/api/items?${new URLSearchParams({ ...(q.trim() ? { q: q.trim().slice(0, 80) } : {}), ...(state ? { state } : {}) })}`);
