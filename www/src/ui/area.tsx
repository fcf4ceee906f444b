/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A part of an app that is fetched when somebody goes there. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../lib/api';
import { addTexts, type AreaTexts } from '../lib/i18n';
import { Failed, Skeleton } from './parts';

type Page = () => VNode | null;
export type Load = () => Promise<{ default: Page }>;

/** A page and its texts, at once. */
export async function withTexts<T>(page: Promise<T>, texts: Promise<Record<string, AreaTexts>>): Promise<T> {
  const [module] = await Promise.all([page, texts.then((t) => Promise.all(Object.values(t).map(addTexts)))]);
  return module;
}

/** The same with a sheet of its own; without it the page stands, plain. */
export async function withSheet<T>(href: string, page: Promise<T>): Promise<T> {
  let arrived: Promise<unknown> | null = null;
  if (!document.querySelector(`link[href="${href}"]`)) {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = href;
    arrived = new Promise((done) => { link.onload = link.onerror = done; });
    document.head.append(link);
  }
  /* Both at once: a page that fails while its sheet is on its way is not left to itself. */
  return (await Promise.all([page, arrived]))[0];
}

/** A part that comes behind the page: one fetch for all who want it, begun again when it failed. */
export class Part<T> {
  known: T | null = null;
  private coming: Promise<T> | null = null;
  constructor(private readonly load: () => Promise<T>) {}
  get(): Promise<T> {
    return this.coming ??= this.load().then((is) => this.known = is, (e: unknown) => { this.coming = null; throw e; });
  }
}

/** It, fetched when it is first wanted; from then on it is there at once. Without it the page goes on, and who waits for it is told. */
export function usePart<T>(part: Part<T>, wanted = true, lost?: () => void): T | null {
  const [now, set] = useState(() => part.known);
  useEffect(() => { if (wanted && !now) part.get().then((is) => set(() => is), () => lost?.()); }, [wanted]);
  return wanted ? now : null;
}

/** The same as a component of its own. */
export function lazy<P extends object>(load: () => Promise<{ default: (of: P) => VNode | null }>, { wanted = () => true, lost }: { wanted?: (of: P) => boolean; lost?: (of: P) => void } = {}) {
  const part = new Part(load);
  return function Lazy(of: P): VNode | null {
    const is = usePart(part, wanted(of), () => lost?.(of));
    return is && <is.default {...of} />;
  };
}

/** What is seen first is drawn first, and the rest in the next moment. */
export function Later({ instead = null, children }: { instead?: ComponentChildren; children: ComponentChildren }) {
  const [now, setNow] = useState(false);
  useEffect(() => {
    let timer = 0;
    const frame = requestAnimationFrame(() => { timer = window.setTimeout(() => setNow(true)); });
    return () => { cancelAnimationFrame(frame); clearTimeout(timer); };
  }, []);
  return <>{now ? children : instead}</>;
}

export function Area({ load }: { load: Load }) {
  const [Page, setPage] = useState<Page | null>(null);
  const [lost, setLost] = useState(false);
  const fetchIt = () => {
    setLost(false);
    load().then((m) => setPage(() => m.default), () => setLost(true));
  };
  useEffect(fetchIt, [load]);
  if (Page) return <Page />;
  return lost ? <Failed problem={new Problem(0, 'network')} retry={fetchIt} /> : <Skeleton />;
}
