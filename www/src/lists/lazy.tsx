/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The bar above a list comes behind it: nobody waits for it. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { withSheet, withTexts } from '../ui/area';
import type { BarProps } from './bar';
import type { Place } from './state';

type Parts = { Bar: (props: BarProps) => VNode | null; Right: (props: { place: Place }) => VNode | null };
let fetched: Parts | null = null;
const fetchIt = () => withSheet(LISTS_CSS, withTexts(import('./bar'), import('../gen/lists')));

function useParts(): Parts | null {
  const [parts, setParts] = useState(fetched);
  useEffect(() => { if (!parts) fetchIt().then((m) => setParts(fetched = m), () => {}); }, []);
  return parts;
}

export function LazyBar(props: BarProps) {
  const parts = useParts();
  return parts ? <parts.Bar {...props} /> : <div class="list-bar" />;
}

export function LazyRight({ place }: { place: Place }) {
  const parts = useParts();
  return parts && <parts.Right place={place} />;
}
