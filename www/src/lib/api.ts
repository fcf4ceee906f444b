/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The only fetch of the apps. Problems (RFC 9457) become Problem; a lost
 * connection or a 502–504 is tried again where that is safe: reads, and posts
 * that carry an idempotency key. Each says whose page it is from: the server
 * refuses it once somebody else has signed in in this browser.
 */
import { boot } from './boot';
import type { FieldError } from './types';

export class Problem extends Error {
  constructor(readonly status: number, readonly code: string, readonly errors: FieldError[] = [], readonly requestId: string | null = null) {
    super(code);
  }

  /** Whether the server may have carried the request out all the same. */
  get uncertain(): boolean { return this.status === 0 || this.status >= 500; }
}

export interface Options { body?: unknown; file?: Blob; key?: string; headers?: Record<string, string>; signal?: AbortSignal; quiet?: boolean; keepalive?: boolean; patience?: number }

/** Asks to sign in again; true when that worked. Set by ui/session. */
let signInAgain: () => Promise<boolean> = async () => false;
export function onSignedOut(ask: () => Promise<boolean>): void { signInAgain = ask; }

const never = () => new Promise<never>(() => {});

/** This host has no tickets (any more): the page that leads to the one that has. */
function leave(): Promise<never> {
  location.assign(`/elsewhere?to=${encodeURIComponent(location.pathname + location.search)}`);
  return never();
}

export type Why = 'another' | 'left';
let over = false;
let sayOver: (why: Why) => void = () => {};
/** Says that the page is somebody's who is not here any more. Set by ui/session. */
export function onOver(say: (why: Why) => void): void { sayOver = say; }

/** From here on nothing goes out, what is on its way is not heard, and nothing is kept in this browser. */
export function stop(why?: Why): void {
  if (!over && why) sayOver(why);
  over = true;
}
export const isOver = (): boolean => over;

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function once<T>(method: string, path: string, o: Options): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-Sportello'] = '1';
  if (boot.me) headers['X-Sportello-Person'] = String(boot.me.id);
  if (o.body !== undefined) headers['Content-Type'] = 'application/json';
  if (o.file) headers['Content-Type'] = 'application/octet-stream';
  if (o.key) headers['Idempotency-Key'] = o.key;
  Object.assign(headers, o.headers);
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      keepalive: o.keepalive ?? false,
      signal: AbortSignal.any([AbortSignal.timeout(o.patience ?? 30_000), ...(o.signal ? [o.signal] : [])]),
      ...(o.file ? { body: o.file } : o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
    });
    if (answer.ok) return (answer.status === 204 ? null : await answer.json()) as T;
  } catch (e) {
    if (o.signal?.aborted) throw e;
    throw new Problem(0, 'network');
  }
  const p = await answer.json().catch(() => ({})) as { code?: string; errors?: FieldError[]; request_id?: string };
  if (p.code === 'elsewhere') await leave();
  throw new Problem(answer.status, p.code ?? `status-${answer.status}`, p.errors ?? [], p.request_id ?? null);
}

export async function api<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, o: Options = {}): Promise<T> {
  const safe = method === 'GET' || o.key !== undefined;
  for (let tries = 1; ; tries++) {
    if (over) return never();
    try {
      const answer = await once<T>(method, path, o);
      return over ? await never() : answer;
    } catch (e) {
      if (e instanceof Problem && e.code === 'another-person') stop('another');
      if (over) return never();
      if (!(e instanceof Problem)) throw e;
      if (e.code === 'support-ended') {
        /* The page says why, and forgets that it was support's. */
        location.reload();
        return never();
      }
      if (e.status === 401 && !o.quiet && await signInAgain()) continue;
      /* What is busy has done nothing. */
      const again = !o.quiet && tries < 3 && (e.code === 'work-busy' || (safe && (e.status === 0 || (e.status >= 502 && e.status <= 504))));
      if (!again) throw e;
      await wait(400 * tries * tries + Math.random() * 200);
    }
  }
}

/** Posts a form of a server-rendered page: true when it led on, else its status. */
export async function postForm(path: string, form: HTMLFormElement): Promise<true | number> {
  const body = new URLSearchParams(new FormData(form) as never);
  const answer = await fetch(path, { method: 'POST', body, redirect: 'manual', credentials: 'same-origin' });
  return answer.type === 'opaqueredirect' || answer.status;
}

/** Asks a server-rendered page's own question; null when it is refused. */
export async function ask<T>(path: string): Promise<T | null> {
  const answer = await fetch(path, { method: 'POST', credentials: 'same-origin' }).catch(() => null);
  return answer?.ok ? await answer.json() as T : null;
}

/** A static file of ours whose name carries its hash; null when it is gone. */
export async function asset<T>(url: string): Promise<T | null> {
  const answer = await fetch(url);
  return answer.ok ? await answer.json() as T : null;
}

/** A new idempotency key. crypto.randomUUID is not there on plain http. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}
