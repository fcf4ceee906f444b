/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One problem a ticket: what another one begins with, of the one that was sent last. Its text is its own. */
import type { Draft } from '../lib/draft';

type Kept = Pick<Draft, 'cc' | 'form'>;
let last: { number: number; kept: Kept } | null = null;

/** Its type, its people, and what is known of the browser; other answers are of the problem. */
export function sentAs(number: number, { cc, form }: Draft): void {
  const isFacts = (a: unknown) => typeof a === 'object' && !Array.isArray(a);
  last = { number, kept: {
    ...(cc?.length ? { cc } : {}),
    ...(form ? { form: { type: form.type, answers: Object.fromEntries(Object.entries(form.answers).filter(([, a]) => isFacts(a))) } } : {}),
  } };
}

export const keptOf = (number: number): Kept | null => (last?.number === number ? last.kept : null);
