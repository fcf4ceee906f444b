/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Answers that agents give again and again, as the API has them. */
import type { Priority, Status } from '../lib/types';

export interface MacroChange { status?: Status; priority?: Priority | null; assignee?: string | number | null; tags?: string[]; team?: string | number | null }
export interface Macro { id: number; name: string; own: boolean; texts: Record<string, string>; change: MacroChange }
export interface Macros { languages: string[]; placeholders: string[]; team: boolean; most: { team: number; own: number; text: number }; items: Macro[] }
/** One for a ticket, in its reader's language. */
export interface Filled { id: number; name: string; language: string | null; body: string | null; change: MacroChange }
