/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * How far a conversation was seen: what was there when it was opened, and what
 * came later once it was on the screen. An answer says so, and stops at what is new.
 */
import { useEffect, useRef } from 'preact/hooks';
import { me } from '../lib/boot';
import type { Comment } from '../lib/types';

export interface Seen {
  /** The newest comment before which none is unseen; undefined: there is none. */
  upTo: () => number | undefined;
  /** Shows what is unseen, which then counts as seen. */
  show: () => void;
}

export function useSeen(comments: Comment[]): Seen {
  const known = useRef<Set<number> | null>(null);
  const unseen = useRef(new Set<number>());
  const all = useRef(comments);
  all.current = comments;
  known.current ??= new Set(comments.map((c) => c.id));
  useEffect(() => {
    const fresh = comments.filter((c) => !known.current?.has(c.id));
    for (const c of fresh) known.current?.add(c.id);
    const theirs = fresh.filter((c) => c.author !== me.id);
    for (const c of theirs) unseen.current.add(c.id);
    const eye = new IntersectionObserver((entries) => {
      for (const e of entries) if (e.isIntersecting && document.visibilityState === 'visible') unseen.current.delete(Number(e.target.id.slice(1)));
    });
    for (const id of unseen.current) {
      const on = document.getElementById(`m${id}`);
      if (on) eye.observe(on);
    }
    return () => eye.disconnect();
  }, [comments]);
  return {
    upTo: () => {
      const first = Math.min(...unseen.current);
      const seen = all.current.filter((c) => c.id < first).map((c) => c.id);
      return seen.length ? Math.max(...seen) : undefined;
    },
    show: () => {
      const first = Math.min(...unseen.current, ...all.current.slice(-1).map((c) => c.id));
      document.getElementById(`m${first}`)?.scrollIntoView({ block: 'nearest' });
      unseen.current.clear();
    },
  };
}
