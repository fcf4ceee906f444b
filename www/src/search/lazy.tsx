/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where a list has its search; the search itself is fetched then. */
import { url } from '../lib/router';
import { Part, usePart, withSheet, withTexts } from '../ui/area';
import { Skeleton } from '../ui/parts';
import type { Excerpt } from './main';

const part = new Part(() => withSheet(SEARCH_CSS, withTexts(import('./main'), import('../gen/search'))));

/** What is searched for here; '' for nothing. */
export const searched = () => url.value.searchParams.get('q')?.trim() ?? '';

/** The box above a list; elsewhere `to` is the list that it searches. */
export function LazySearch({ to }: { to?: string }) {
  const p = usePart(part);
  return p ? <p.Box to={to} /> : <div class="find" />;
}

/** What was found, in the list's place; `selected`: the ticket beside it. */
export function LazyFound({ selected }: { selected?: number | null }) {
  const p = usePart(part);
  return p ? <p.Found key={searched()} selected={selected} /> : <Skeleton rows={6} />;
}

/** Under a row of a list: where in the ticket the words are. */
export function LazyExcerpt({ of }: { of: Excerpt | undefined }) {
  const p = usePart(part, of !== undefined);
  return p && of ? <p.Text excerpt={of} /> : null;
}
