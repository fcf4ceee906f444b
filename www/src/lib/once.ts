/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { useRef } from 'preact/hooks';
import { newKey } from './api';

/** The idempotency key of what a form sends: the same after a lost answer, so that it is done once; another for another text. */
export function useOnce(): (body: unknown) => string {
  const last = useRef({ body: '', key: '' });
  return (body) => {
    const now = JSON.stringify(body);
    if (last.current.body !== now) last.current = { body: now, key: newKey() };
    return last.current.key;
  };
}

/** One thing at a time: a second click does nothing. */
export function useOne(): (what: () => Promise<unknown>) => Promise<void> {
  const busy = useRef(false);
  return async (what) => {
    if (busy.current) return;
    busy.current = true;
    try { await what(); } finally { busy.current = false; }
  };
}
