/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { useMemo, useState } from 'preact/hooks';
import { newKey, Problem } from '../lib/api';
import { dropDraft, isEmpty, keepDraft, outgoing, readDraft, type Draft } from '../lib/draft';

/** One draft, kept on every keystroke; `send` guards against a second click. An empty one begins with `title`. */
export function useDraft(name: string, title = '') {
  const begin = () => {
    const kept = readDraft(name);
    const restored = !isEmpty(kept);
    return { name, draft: restored ? kept : { ...kept, title }, restored, busy: false };
  };
  const first = useMemo(begin, [name]);
  const [state, setState] = useState(first);
  const now = state.name === name ? state : first;

  const put = (draft: Draft, more: Partial<typeof now> = {}) => {
    keepDraft(name, draft);
    setState({ ...now, draft, ...more });
  };
  return {
    draft: now.draft,
    restored: now.restored,
    busy: now.busy,
    change: (part: Partial<Pick<Draft, 'title' | 'body' | 'cc' | 'form' | 'mentions'>>) => put({ ...now.draft, ...part }),
    discard: () => { dropDraft(name); setState(begin()); },
    /** Runs `post` with the draft as it goes out; the draft goes once it is stored. */
    async send<T>(post: (d: Draft) => Promise<T>, files: number[] = []): Promise<T | null> {
      if (now.busy) return null;
      const out = outgoing({ ...now.draft, files });
      put(out, { busy: true });
      try {
        const answer = await post(out);
        dropDraft(name);
        setState(begin());
        return answer;
      } catch (e) {
        /* Refused for certain: nothing is stored under this key, the next try is a new one. */
        const kept: Draft = e instanceof Problem && !e.uncertain ? { ...out, key: newKey() } : out;
        if (kept !== out) delete kept.tried;
        keepDraft(name, kept);
        setState({ ...now, draft: kept, busy: false });
        throw e;
      }
    },
  };
}
