/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is due next, in a row of a list: fetched where something is. */
import { useEffect, useState } from 'preact/hooks';
import type { Ticket } from '../lib/types';
import { withTexts } from '../ui/area';

type Part = typeof import('./clock').ClockChip;
let part: Part | null = null;
let coming: Promise<void> | null = null;

export function LazyClock({ of }: { of: Ticket['due'] }) {
  const [Chip, setChip] = useState<Part | null>(() => part);
  useEffect(() => {
    if (!of || Chip) return;
    coming ??= withTexts(import('./clock'), import('../gen/levels')).then((m) => { part = m.ClockChip; }, () => { coming = null; });
    void coming.then(() => setChip(() => part));
  }, [!of]);
  return of && Chip ? <Chip of={{ ...of, state: 1, late: false, left: null }} /> : null;
}
