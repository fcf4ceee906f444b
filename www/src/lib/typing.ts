/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** When something was last typed into an answer, for whoever else has the ticket. */
import { signal } from '@preact/signals';

export const typed = signal(0);
