/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Statuses, and which may follow which where the tenant limits that. */
import { boot } from './boot';
import type { Status } from './types';

export const STATES: Status[] = ['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'];

/** May the reader make that of it? It may stay as it is. */
export const mayBecome = (from: Status, to: Status): boolean => from === to || !boot.moves || (boot.moves[from] ?? []).includes(to);
