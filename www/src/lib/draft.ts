/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Text that isn't sent yet. Kept in this browser by person, ticket and mode,
 * on every keystroke, with the idempotency key it will be sent under: sending
 * twice makes one ticket, also after a reload.
 */
import type { Answers } from '../forms/data';
import { newKey } from './api';

/** Somebody who is to join it. */
export interface Joins { email: string; name?: string | null }

/** Somebody whom the text names. */
export interface Meant { id: number; name: string; sees: boolean }

export interface Draft {
  title: string;
  body: string;
  cc?: Joins[];
  mentions?: Meant[];
  /** Ids of those that go with it, once it goes out. */
  files?: number[];
  /** What its type asks (forms/ask.tsx). */
  form?: { type: string | null; answers: Answers };
  key: string;
  /** What was on the wire when an answer failed to come. */
  tried?: string;
}

export interface Shelf { getItem(k: string): string | null; setItem(k: string, v: string): void; removeItem(k: string): void }

const nowhere: Shelf = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

function shelf(): Shelf {
  try { return localStorage; } catch { return nowhere; }
}

export function draftName(person: number, ticket: number | 'new', mode: string): string {
  return `draft:${person}:${ticket}:${mode}`;
}

export function readDraft(name: string, from: Shelf = shelf()): Draft {
  try {
    const d = JSON.parse(from.getItem(name) ?? '') as Partial<Draft>;
    if (typeof d.body === 'string' && typeof d.key === 'string') return { title: String(d.title ?? ''), body: d.body, key: d.key, ...(Array.isArray(d.cc) ? { cc: d.cc } : {}), ...(Array.isArray(d.mentions) ? { mentions: d.mentions } : {}), ...(d.form?.answers ? { form: d.form } : {}), ...(d.tried === undefined ? {} : { tried: d.tried }) };
  } catch { /* none, or not ours */ }
  return { title: '', body: '', key: newKey() };
}

export function isEmpty(d: Draft): boolean { return d.title.trim() === '' && d.body.trim() === ''; }

export function keepDraft(name: string, d: Draft, at: Shelf = shelf()): void {
  try {
    if (isEmpty(d) && d.tried === undefined) at.removeItem(name);
    else at.setItem(name, JSON.stringify(d));
  } catch { /* storage full or forbidden: the text is still on the page */ }
}

export function dropDraft(name: string, at: Shelf = shelf()): void {
  try { at.removeItem(name); } catch { /* as above */ }
}

/**
 * The draft as it goes out. The same text keeps its key, so a second try finds
 * the first one's result; a text changed since a failed try is a new one.
 */
export function outgoing(d: Draft): Draft {
  const tried = JSON.stringify([d.title, d.body, ...(d.cc ?? []).map((j) => j.email), ...(d.files ?? []), ...(d.form ? [d.form] : [])]);
  return d.tried === undefined || d.tried === tried ? { ...d, tried } : { ...d, tried, key: newKey() };
}
