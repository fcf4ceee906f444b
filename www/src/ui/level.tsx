/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the service level says of a ticket: fetched where there is one. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Resource } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { withSheet, withTexts } from './area';

export interface LevelProps { page: TicketPage; r: Resource<TicketPage> }

export function Level(props: LevelProps) {
  const any = props.page.ticket.service_level === true;
  const [Part, setPart] = useState<((p: LevelProps) => VNode | null) | null>(null);
  useEffect(() => { if (any) withSheet(LEVELS_CSS, withTexts(import('../levels/side'), import('../gen/levels'))).then((m) => setPart(() => m.default), () => {}); }, [any]);
  return any && Part ? <Part {...props} /> : null;
}
