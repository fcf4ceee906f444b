/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Somebody wants to write: the composer of that ticket takes it up, once it is there. */
import { signal } from '@preact/signals';
import type { Change } from './writing';
import type { Status } from './types';

export interface Wanted { number: number; mode: 'reply' | 'note'; insert?: string; status?: Status; back?: Change; say?: string; noted?: string; kept?: () => void }

/** `insert`: goes in where one was writing; `status`: what a reply is to set;
 * `back`: what was sent and did not go, with what is to be said of that, or where only a note
 * can be written; `kept`: it is there. */
export const wanted = signal<Wanted | null>(null);
