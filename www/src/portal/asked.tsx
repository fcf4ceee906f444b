/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Fetched where a customer is asked whether it is fixed. */
import { useEffect, useState } from 'preact/hooks';
import type { Resource } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { withTexts } from '../ui/area';

type Part = typeof import('../talk/fixed').default;

export function Asked(of: { number: number; name: string; r: Resource<TicketPage> }) {
  const [Fixed, setFixed] = useState<Part | null>(null);
  useEffect(() => { withTexts(import('../talk/fixed'), import('../gen/fixed')).then((m) => setFixed(() => m.default), () => {}); }, []);
  return Fixed && <Fixed {...of} />;
}
