/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One's own second factors: what the server says, and how it is changed. */
import { api, Problem } from '../lib/api';
import { fieldText, problemText } from '../ui/parts';

export interface Dated { created_at: string; used_at: string | null }
export interface Passkey extends Dated { id: number; name: string; host: string }
export interface Factors {
  app: Dated | null;
  passkeys: Passkey[];
  /** Recovery codes that are left. */
  recovery: number;
  /** A role of theirs wants a second factor. */
  required: boolean;
  providers: (Dated & { id: number; name: string })[];
  /** Signed in a short while ago: all this may be changed. */
  proved: boolean;
}

export interface Change {
  /** Sends a change: its answer, or null and the fault is told. */
  send: <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) => Promise<T | null>;
  fault: string;
}

const base = '/api/me/factors';

export async function sendChange<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, tell: (fault: string) => void): Promise<T | null> {
  try {
    const answer = await api<T>(method, base + path, body === undefined ? {} : { body });
    tell('');
    return answer ?? ({} as T);
  } catch (e) {
    if (!(e instanceof Problem)) throw e;
    tell(e.errors[0] ? fieldText(e.errors[0].code) : problemText(e));
    return null;
  }
}
