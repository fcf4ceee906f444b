/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the server put into the page: who, which portal, the first data. */
import type { Boot } from './types';

const element = typeof document === 'undefined' ? null : document.getElementById('boot');

export const boot = JSON.parse(element?.textContent || '{}') as Boot;
export const me = boot.me;

/** The first route's data: given once, then fetched. */
export function takeRoute<T>(): T | null {
  const data = boot.route as T | null;
  boot.route = null;
  return data ?? null;
}

/** What an agent changes is told to others so many seconds later. */
export const holds = (): { hold?: number } => (me.hold ? { hold: me.hold } : {});
