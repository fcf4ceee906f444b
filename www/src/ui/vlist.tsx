/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * A long list of rows of one height, of which those are drawn that are near to
 * what is seen, and the one that is in hand. The pane around it scrolls.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props<T> {
  items: T[];
  /** The height of a row, in pixels. */
  height: number;
  /** Drawn wherever it is: it may have the focus. */
  hand: number;
  /** The element that scrolls. */
  scroller: string;
  keyOf: (item: T) => number;
  row: (item: T, n: number) => ComponentChildren;
  /** The end is near. */
  onEnd?: (() => void) | undefined;
  attributes: Record<string, unknown>;
  /** Whether there is more than is known. */
  more: boolean;
}

/** So many rows beyond what is seen, and so many before the end it is called for. */
const BESIDE = 6, EARLY = 25;

export function VList<T>({ items, height, hand, scroller, keyOf, row, onEnd, attributes, more }: Props<T>) {
  const list = useRef<HTMLUListElement>(null);
  const [[from, to], setRange] = useState<[number, number]>([0, 12]);
  const n = items.length;
  const beside = useRef(0);
  const look = useRef(() => {});
  look.current = () => {
    const ul = list.current;
    const box = ul?.closest<HTMLElement>(scroller);
    if (!ul || !box) return;
    const above = box.getBoundingClientRect().top - ul.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(above / height) - beside.current);
    const last = Math.min(n, Math.ceil((above + box.clientHeight) / height) + beside.current);
    if (first !== from || last !== to) setRange([first, Math.max(first, last)]);
  };
  useLayoutEffect(() => look.current(), [n, height]);
  useEffect(() => {
    const box = list.current?.closest<HTMLElement>(scroller);
    if (!box) return undefined;
    const now = () => look.current();
    /* What is seen was drawn first. */
    beside.current = BESIDE;
    now();
    const sizes = new ResizeObserver(now);
    sizes.observe(box);
    box.addEventListener('scroll', now, { passive: true });
    return () => { sizes.disconnect(); box.removeEventListener('scroll', now); };
  }, []);
  useEffect(() => { if (more && to >= n - EARLY) onEnd?.(); }, [to, n, more]);

  const shown: number[] = [];
  if (hand >= 0 && hand < Math.min(from, n)) shown.push(hand);
  for (let i = from; i < Math.min(to, n); i++) shown.push(i);
  if (hand >= to && hand < n) shown.push(hand);
  return (
    <ul {...attributes} ref={list} role="list" style={{ blockSize: `${n * height}px` }}>
      {shown.map((i) => {
        const item = items[i] as T;
        return <li key={keyOf(item)} aria-setsize={more ? -1 : n} aria-posinset={i + 1} style={{ insetBlockStart: `${i * height}px` }}>{row(item, i)}</li>;
      })}
    </ul>
  );
}
