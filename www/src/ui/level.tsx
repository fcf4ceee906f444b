/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the service level says of a ticket: fetched where there is one. */
import type { Resource } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { lazy, withSheet, withTexts } from './area';

export interface LevelProps { page: TicketPage; r: Resource<TicketPage> }

export const Level = lazy<LevelProps>(() => withSheet(LEVELS_CSS, withTexts(import('../levels/side'), import('../gen/levels'))), { wanted: (of) => of.page.ticket.service_level === true });
