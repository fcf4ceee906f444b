/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Drafts on the server: where there are some, and the traffic with it. */
import { api } from './api';
import { bare, personOf, placeOf, type Draft, type Stored } from './draft';

/* What a browser sends when the page goes away may have 64 KiB. */
const LAST_WORDS = 60_000;
const FRESH_MS = 30_000;

let known: { at: number; items: Promise<Map<string, number>> } | null = null;

/** The versions there are, by place; asked for once in a while. */
function versions(): Promise<Map<string, number>> {
  if (!known || Date.now() - known.at > FRESH_MS) {
    const items = api<{ items: { place: string; version: number }[] }>('GET', '/api/drafts', { quiet: true })
      .then((a) => new Map(a.items.map((i) => [i.place, i.version])));
    items.catch(() => { known = null; });
    known = { at: Date.now(), items };
  }
  return known.items;
}

/** Asks anew at the next look: somebody was away. */
export function forgetVersions(): void { known = null; }

const path = (name: string) => `/api/drafts/${placeOf(name)}`;

/** What the server has: asked of each text that is here, it may be over; else where there is something. */
export async function look(name: string, mine: Draft): Promise<Stored | null> {
  const place = placeOf(name);
  if (mine.version === undefined && !place.startsWith('new.') && !(await versions()).has(place)) return null;
  return (await api<{ draft: Stored | null }>('GET', path(name), { quiet: true })).draft;
}

/** Saves it, or says what was written elsewhere. Also from pages that are nobody's. */
export async function store(name: string, mine: Draft, leaving = false): Promise<{ version: number } | { draft: Stored | null }> {
  const body = { draft: bare(mine), ...(mine.version === undefined ? {} : { version: mine.version }) };
  const answer = await api<{ version: number } | { draft: Stored | null }>('PATCH', path(name),
    { body, quiet: true, headers: { 'X-Sportello-Person': personOf(name) }, keepalive: leaving && JSON.stringify(body).length < LAST_WORDS });
  known = null;
  return answer;
}

export async function end(name: string): Promise<void> {
  known = null;
  await api('DELETE', path(name), { quiet: true, keepalive: true });
}
