/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Files that go with what is being written, by the draft's name. Here is what
 * the form must know of them; files/ sends them and keeps them over a reload.
 */
import { signal, type Signal } from '@preact/signals';
import { api } from './api';

export interface Item {
  /** Of this browser's record of it. */
  key: string;
  name: string;
  size: number;
  /** How much of it has been taken. */
  sent: number;
  state: 'goes' | 'done' | 'failed';
  /** Why it did not go: a sentence; `final`: another try is of no use. */
  fault?: string;
  final?: boolean;
  /** The server's, once it has one. */
  id?: number;
  file?: File;
  /** When it was chosen: their order. */
  at?: number;
}

const places = new Map<string, Signal<Item[]>>();

export function attached(place: string): Signal<Item[]> {
  let s = places.get(place);
  if (!s) places.set(place, (s = signal<Item[]>([])));
  return s;
}

/** What was chosen, dropped or pasted, until files/ has taken it up. */
export const chosen = signal<{ place: string; files: File[] }[]>([]);

const mark = (place: string) => `files:${place}`;
/** Is there something to go on with? */
export function begun(place: string): boolean {
  try { return localStorage.getItem(mark(place)) !== null; } catch { return false; }
}
export function setBegun(place: string, is: boolean): void {
  try { if (is) localStorage.setItem(mark(place), '1'); else localStorage.removeItem(mark(place)); } catch { /* then a reload forgets them */ }
}

/** Told by files/, which stops what goes and forgets its records when all went out. */
let forget: (place: string, items: Item[]) => void = () => {};
export function onSent(f: typeof forget): void { forget = f; }
export function sentWith(place: string): void {
  const items = attached(place).peek();
  attached(place).value = [];
  setBegun(place, false);
  forget(place, items);
}

export const TUS = { 'Tus-Resumable': '1.0.0' };
/** The server may forget it. */
export const end = (id: number) => void api('DELETE', `/api/files/${id}`, { headers: TUS, quiet: true }).catch(() => {});

/** Thrown away with the text, but for what another text carries. */
export function discardWith(place: string, but: number[]): void {
  for (const { id } of attached(place).peek()) if (id !== undefined && !but.includes(id)) end(id);
  sentWith(place);
}

/** The ids that go out, the same after a reload; null while one is not there yet. */
export function ready(place: string): number[] | null {
  const items = attached(place).peek();
  return items.every((i) => i.state === 'done' && i.id !== undefined) ? items.map((i) => i.id as number).sort((a, b) => a - b) : null;
}
