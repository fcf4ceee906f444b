/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a ticket's properties can be. */
import type { Priority } from '../lib/types';

export const PRIORITIES: Priority[] = ['low', 'normal', 'high', 'urgent'];
