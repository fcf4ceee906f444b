/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The bar above a list comes behind it: nobody waits for it. */
import { Part, usePart, withSheet, withTexts } from '../ui/area';
import type { BarProps } from './bar';
import type { Place } from './state';

const part = new Part(() => withSheet(LISTS_CSS, withTexts(import('./bar'), import('../gen/lists'))));

export function LazyBar(props: BarProps) {
  const p = usePart(part);
  return p ? <p.Bar {...props} /> : <div class="list-bar" />;
}

export function LazyRight({ place }: { place: Place }) {
  const p = usePart(part);
  return p && <p.Right place={place} />;
}
