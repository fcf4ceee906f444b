/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the server says of files, and this browser's own record of those that are on their way. */
import { boot } from '../lib/boot';

export interface Limits { size: number; count: number }
export interface Kept { key: string; place: string; file: File; at: number; id?: number }

/** 12 kB, 3.4 MB, in the language of the page. */
export function size(bytes: number): string {
  const step = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : bytes < 1_000_000_000 ? 2 : 3;
  const unit = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const)[step] ?? 'byte';
  return new Intl.NumberFormat(boot.lang, { style: 'unit', unit, unitDisplay: step ? 'short' : 'long', maximumFractionDigits: step > 1 ? 1 : 0 }).format(bytes / 1000 ** step);
}

/* The file itself is kept, so that a reload in the middle goes on by itself. */
let opened: Promise<IDBDatabase> | null = null;
function database(): Promise<IDBDatabase> {
  return opened ??= new Promise((done, fail) => {
    const ask = indexedDB.open('sportello', 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore('files', { keyPath: 'key' });
    ask.onsuccess = () => done(ask.result);
    ask.onerror = () => fail(ask.error);
  });
}

async function run<T>(mode: IDBTransactionMode, what: (s: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  try {
    const s = (await database()).transaction('files', mode).objectStore('files');
    return await new Promise<T>((done, fail) => {
      const ask = what(s);
      ask.onsuccess = () => done(ask.result);
      ask.onerror = () => fail(ask.error);
    });
  } catch {
    return null; // no room, or forbidden: then a reload forgets them
  }
}

export const keep = (k: Kept) => run('readwrite', (s) => s.put(k));
export const drop = (key: string) => run('readwrite', (s) => s.delete(key));
export async function kept(place: string): Promise<Kept[]> {
  return ((await run<Kept[]>('readonly', (s) => s.getAll())) ?? []).filter((k) => k.place === place).sort((a, b) => a.at - b.at);
}

/** Nothing of a person stays here: the names of their drafts begin so. */
export async function forgetOf(drafts: string): Promise<void> {
  const all = (await run<Kept[]>('readonly', (s) => s.getAll())) ?? [];
  await Promise.all(all.filter((k) => k.place.startsWith(drafts)).map((k) => drop(k.key)));
}
