/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The address is the state: one signal, links of our own routes intercepted. */
import { signal } from '@preact/signals';

export const url = signal(new URL(location.href));
/** True once somebody has moved inside the app: a new page then takes focus. */
export let moved = false;

function show(to: URL): void {
  const samePage = to.pathname === url.value.pathname;
  moved = moved || !samePage;
  url.value = to;
}

export function navigate(to: string, how: { replace?: boolean } = {}): void {
  const next = new URL(to, location.href);
  const samePage = next.pathname === location.pathname;
  if (((history.state as { y?: number } | null)?.y ?? 0) !== scrollY) history.replaceState({ ...history.state, y: scrollY }, '');
  history[how.replace ? 'replaceState' : 'pushState']({ y: 0 }, '', next);
  show(next);
  if (!samePage) scrollTo(0, 0);
}

export function startRouter(ours: (path: string) => boolean): void {
  history.scrollRestoration = 'manual';
  addEventListener('popstate', (e) => {
    show(new URL(location.href));
    const y = (e.state as { y?: number } | null)?.y ?? 0;
    requestAnimationFrame(() => scrollTo(0, y));
  });
  document.addEventListener('click', (e) => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    const a = e.target instanceof Element ? e.target.closest('a') : null;
    if (!a || a.target || a.origin !== location.origin || !ours(a.pathname)) return;
    if (a.hash && a.pathname === location.pathname) return;
    e.preventDefault();
    a.closest('details')?.removeAttribute('open');
    navigate(a.href);
  });
}

/** The current query with some values changed; null or '' takes one away. */
export function query(change: Record<string, string | null>, from: URL = url.value): string {
  const q = new URLSearchParams(from.search);
  for (const [k, v] of Object.entries(change)) {
    if (v) q.set(k, v);
    else q.delete(k);
  }
  const s = q.toString();
  return s ? `?${s}` : '';
}
