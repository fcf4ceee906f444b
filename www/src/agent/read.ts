/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Of a conversation's messages, what one has read of its middle, and where what is new begins. */
import type { Comment } from '../lib/types';

/* So many read ones stay before what is new or the end; fewer than that are not folded. */
const STAY = 2;
const LEAST = 4;

/** `fresh`: the first that is new, if others are before it; `folded`: those that go into one line. */
export interface Plan { fresh: number | null; folded: number[] }

/** before: up to when one had read; null: not known, and then nothing is folded. */
export function plan(comments: Pick<Comment, 'id' | 'author' | 'created_at'>[], before: string | null, mine: number): Plan {
  if (before === null) return { fresh: null, folded: [] };
  const first = comments.findIndex((c) => c.created_at > before && c.author !== mine);
  const folded = comments.slice(1, Math.max(1, (first < 0 ? comments.length : first) - STAY)).map((c) => c.id);
  return { fresh: first > 0 ? comments[first]?.id ?? null : null, folded: folded.length < LEAST ? [] : folded };
}
