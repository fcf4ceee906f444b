/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Whoever has to do with a ticket: comes behind the page, nobody waits for it. */
import { useEffect, useState } from 'preact/hooks';
import type { Resource } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { withTexts } from './area';

type Part = typeof import('../talk/lists').default;

export function Around(of: { page: TicketPage; r: Resource<TicketPage> }) {
  const [Lists, setLists] = useState<Part | null>(null);
  useEffect(() => { withTexts(import('../talk/lists'), import('../gen/talk')).then((m) => setLists(() => m.default), () => {}); }, []);
  return Lists && <Lists {...of} />;
}
