/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is due next, in a row of a list: fetched where something is. */
import type { Ticket } from '../lib/types';
import { Part, usePart, withTexts } from '../ui/area';

const part = new Part(() => withTexts(import('./clock'), import('../gen/levels')));

export function LazyClock({ of }: { of: Ticket['due'] }) {
  const p = usePart(part, !!of);
  return p && of ? <p.ClockChip of={{ ...of, state: 1, late: false, left: null }} /> : null;
}
