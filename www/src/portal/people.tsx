/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Choosing people for a ticket: fetched when somebody wants to. */
import { withTexts } from '../ui/area';

export type Share = typeof import('./share');
export const fetchShare = (): Promise<Share> => withTexts(import('./share'), import('../gen/share'));
