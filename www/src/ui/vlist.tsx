/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * A long list of rows of one height, of which those are drawn that are near to
 * what is seen, and the one that is in hand. The pane around it scrolls.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props<T> {
  items: T[];
  /** Whose rows they are: another list begins at its top. */
  of: unknown;
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

/** Which row of the page draws each of these: its own as long as it is seen. Another list altogether is written into the rows that are there. */
function useSlots(keys: number[]): number[] {
  const were = useRef({ slots: new Map<number, number>(), next: 0 });
  const { slots: old, next: first } = were.current;
  const free = keys.some((k) => old.has(k)) ? [] : [...old.values()];
  let next = first;
  const slots = keys.map((k) => old.get(k) ?? free.shift() ?? next++);
  were.current = { slots: new Map(keys.map((k, at) => [k, slots[at] as number])), next };
  return slots;
}

export function VList<T>({ items, of, height, hand, scroller, keyOf, row, onEnd, attributes, more }: Props<T>) {
  const list = useRef<HTMLUListElement>(null);
  /* What is seen, in pixels of the list, as it was measured last: to ask again at each drawing would lay the page out twice.
     What is seen is drawn first, what is beside it in the next moment. */
  const seen = useRef({ of, top: 0, above: 0, room: 12 * height, beside: 0 });
  const s = seen.current;
  if (s.of !== of) Object.assign(s, { of, top: s.top - s.above, beside: 0 });
  const [, draw] = useState(0);
  const n = items.length;
  const from = Math.max(0, Math.floor(s.top / height) - s.beside);
  const to = Math.min(n, Math.max(from, Math.ceil((s.top + s.room) / height) + s.beside));
  const look = useRef(() => {});
  look.current = () => {
    const ul = list.current;
    const box = ul?.closest<HTMLElement>(scroller);
    if (!ul || !box) return;
    const top = box.getBoundingClientRect().top - ul.getBoundingClientRect().top;
    const [first, last] = [Math.floor(top / height), Math.ceil((top + box.clientHeight) / height)];
    const is = first !== Math.floor(s.top / height) || last !== Math.ceil((s.top + s.room) / height);
    Object.assign(s, { top, above: box.scrollTop, room: box.clientHeight });
    if (is) draw((d) => d + 1);
  };
  useLayoutEffect(() => {
    const box = s.above ? list.current?.closest<HTMLElement>(scroller) : null;
    s.above = 0;
    if (box) box.scrollTop = 0;
  }, [of]);
  useLayoutEffect(() => look.current(), []);
  useEffect(() => {
    const box = list.current?.closest<HTMLElement>(scroller);
    if (!box) return undefined;
    const now = () => look.current();
    const sizes = new ResizeObserver(now);
    sizes.observe(box);
    box.addEventListener('scroll', now, { passive: true });
    return () => { sizes.disconnect(); box.removeEventListener('scroll', now); };
  }, []);
  useEffect(() => {
    s.beside = BESIDE;
    draw((d) => d + 1);
  }, [of]);
  useEffect(() => { if (more && to >= n - EARLY) onEnd?.(); }, [to, n, more]);

  const shown: number[] = [];
  if (hand >= 0 && hand < Math.min(from, n)) shown.push(hand);
  for (let i = from; i < Math.min(to, n); i++) shown.push(i);
  if (hand >= to && hand < n) shown.push(hand);
  const slots = useSlots(shown.map((i) => keyOf(items[i] as T)));
  return (
    <ul {...attributes} ref={list} role="list" style={{ blockSize: `${n * height}px` }}>
      {shown.map((i, at) => {
        const item = items[i] as T;
        return <li key={slots[at]} aria-setsize={more ? -1 : n} aria-posinset={i + 1} style={{ insetBlockStart: `${i * height}px` }}>{row(item, i)}</li>;
      })}
    </ul>
  );
}
