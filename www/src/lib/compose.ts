/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Somebody wants to write: the composer of that ticket takes it up, once it is there. */
import { signal } from '@preact/signals';

export const wanted = signal<{ number: number; mode: 'reply' | 'note' } | null>(null);
