/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where a list has its search; the search itself is fetched then. */
import { useEffect, useState } from 'preact/hooks';
import { url } from '../lib/router';
import { withSheet, withTexts } from '../ui/area';
import { Skeleton } from '../ui/parts';
import type { Excerpt } from './main';

const part = () => withSheet(SEARCH_CSS, withTexts(import('./main'), import('../gen/search')));
type Part = Awaited<ReturnType<typeof part>>;
let got: Part | null = null;

function usePart(wanted = true): Part | null {
  const [now, set] = useState(got);
  useEffect(() => { if (wanted && !now) part().then((p) => set(got = p), () => {}); }, [wanted]);
  return now;
}

/** What is searched for here; '' for nothing. */
export const searched = () => url.value.searchParams.get('q')?.trim() ?? '';

/** The box above a list; elsewhere `to` is the list that it searches. */
export function LazySearch({ to }: { to?: string }) {
  const p = usePart();
  return p ? <p.Box to={to} /> : <div class="find" />;
}

/** What was found, in the list's place; `selected`: the ticket beside it. */
export function LazyFound({ selected }: { selected?: number | null }) {
  const p = usePart();
  return p ? <p.Found key={searched()} selected={selected} /> : <Skeleton rows={6} />;
}

/** Under a row of a list: where in the ticket the words are. */
export function LazyExcerpt({ of }: { of: Excerpt | undefined }) {
  const p = usePart(of !== undefined);
  return p && of ? <p.Text excerpt={of} /> : null;
}
