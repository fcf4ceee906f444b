/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Somebody signs out, maybe of a computer that others use: what they have begun
 * to write goes to the server, and nothing of it stays in this browser. What the
 * server would not take stays: it would be lost.
 */
import { isEmpty, readDraft, settle } from '../lib/draft';
import { end, store } from '../lib/drafts';
import { forgetOf } from '../files/data';

const WAIT_MS = 3000;

async function save(name: string): Promise<void> {
  let draft = readDraft(name);
  /* Put together with another device's, it goes once more. */
  for (let tries = 0; tries < 2 && !draft.saved; tries++) {
    if (isEmpty(draft) && !draft.others) {
      await end(name);
      return localStorage.removeItem(name);
    }
    const answer = await store(name, draft);
    draft = 'version' in answer ? { ...draft, saved: true } : settle(draft, answer.draft);
  }
  if (draft.saved) localStorage.removeItem(name);
}

export async function leave(person: string): Promise<void> {
  const mine = `draft:${person}:`;
  const names = Object.keys(localStorage);
  const late = new Promise((done) => setTimeout(done, WAIT_MS));
  await Promise.race([Promise.allSettled([
    ...names.filter((n) => n.startsWith(mine)).map(save),
    forgetOf(mine),
  ]), late]);
  for (const n of names) if (n.startsWith(`files:${mine}`)) localStorage.removeItem(n);
}
