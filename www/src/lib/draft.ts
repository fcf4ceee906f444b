/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Text that isn't sent yet. Kept in this browser by person, ticket and mode,
 * on every keystroke, with the idempotency key it will be sent under: sending
 * twice makes one ticket, also after a reload. The server has it a little
 * later (lib/writing.ts), for other devices and other sessions.
 */
import type { Answers } from '../forms/data';
import { isOver, newKey } from './api';
import type { Status } from './types';

/** Somebody who is to join it. */
export interface Joins { email: string; name?: string | null }

/** Somebody whom the text names. */
export interface Meant { id: number; name: string; sees: boolean }

/** A file of it that is on the server already. */
export interface Carried { id: number; name: string; size: number }

export interface Draft {
  title: string;
  body: string;
  cc?: Joins[];
  mentions?: Meant[];
  /** Ids of those that go with it, once it goes out. */
  files?: number[];
  /** What its type asks (forms/ask.tsx). */
  form?: { type: string | null; answers: Answers };
  /** What a reply makes of its ticket's. */
  status?: Status | '';
  key: string;
  /** What was on the wire under this key: it may be stored, whatever was answered since. */
  tried?: string;
  carries?: Carried[];
  /** When something was written last. */
  at?: number;
  /** The server's, which this was made from; saved: and is still. */
  version?: number;
  saved?: boolean;
  /** What was written elsewhere meanwhile: kept until it is thrown away. */
  others?: Draft[];
  /** It came from the server: what is made of it here is another text. */
  taken?: true;
  /** When what was sent there without an answer was written: it may be there. */
  gone?: number[];
  /** Keys of what was sent or thrown away here, until the server knows. */
  over?: string[];
}

/** What the server has of it. */
export interface Stored { version: number; updated_at: string; body: unknown }

export interface Shelf { getItem(k: string): string | null; setItem(k: string, v: string): void; removeItem(k: string): void }

const nowhere: Shelf = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };

function shelf(): Shelf {
  try { return localStorage; } catch { return nowhere; }
}

export function draftName(person: number, ticket: number | 'new', mode: string): string {
  return `draft:${person}:${ticket}:${mode}`;
}

/** Whose it is. */
export const personOf = (name: string) => name.split(':')[1] ?? '';

/** Its name on the server: 'new.ticket', '42.reply'. */
export const placeOf = (name: string) => name.split(':').slice(2).join('.');

const blank = (): Draft => ({ title: '', body: '', key: newKey() });

/** What is a draft of what was kept; null: none, or not ours. */
export function parseDraft(x: unknown): Draft | null {
  const d = x as Partial<Draft> | null;
  if (typeof d?.body !== 'string' || typeof d.key !== 'string') return null;
  const others = Array.isArray(d.others) ? d.others.flatMap((o) => parseDraft(o) ?? []) : [];
  return {
    title: String(d.title ?? ''), body: d.body, key: d.key,
    ...(Array.isArray(d.cc) ? { cc: d.cc } : {}),
    ...(Array.isArray(d.mentions) ? { mentions: d.mentions } : {}),
    ...(d.form?.answers ? { form: d.form } : {}),
    ...(typeof d.status === 'string' ? { status: d.status } : {}),
    ...(Array.isArray(d.carries) ? { carries: d.carries } : {}),
    ...(typeof d.at === 'number' ? { at: d.at } : {}),
    ...(typeof d.version === 'number' ? { version: d.version } : {}),
    ...(d.saved === true ? { saved: true } : {}),
    ...(others.length ? { others } : {}),
    ...(d.tried === undefined ? {} : { tried: d.tried }),
    ...(d.taken === true ? { taken: true } : {}),
    ...(Array.isArray(d.gone) ? { gone: d.gone } : {}),
    ...(Array.isArray(d.over) ? { over: d.over } : {}),
  };
}

/** But for what only this browser knows of it. */
export function bare({ version: _v, saved: _s, tried: _t, taken: _k, gone: _g, over: _o, ...d }: Draft): Draft {
  return d;
}

export function readDraft(name: string, from: Shelf = shelf()): Draft {
  try {
    return parseDraft(JSON.parse(from.getItem(name) ?? '')) ?? blank();
  } catch {
    return blank();
  }
}

/**
 * What was written while `out` was on its way, as a text of its own. What follows
 * a text that went out is the rest of it; one that was changed is kept whole.
 */
export function since(out: Draft, now: Draft): Draft {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  const body = now.body.startsWith(out.body) ? now.body.slice(out.body.length).trimStart() : now.body;
  return {
    ...blank(), body, at: now.at ?? Date.now(),
    title: now.title === out.title ? '' : now.title,
    ...(body && now.mentions ? { mentions: now.mentions } : {}),
    ...(now.cc && !same(now.cc, out.cc) ? { cc: now.cc } : {}),
    ...(now.form && !same(now.form, out.form) ? { form: now.form } : {}),
  };
}

/* What a browser says of itself is there without anybody's doing. */
const isOwn = (a: unknown) => typeof a !== 'object' || Array.isArray(a);

export function isEmpty(d: Draft): boolean {
  return d.title.trim() === '' && d.body.trim() === '' && !d.cc?.length && !d.carries?.length
    && !Object.values(d.form?.answers ?? {}).some(isOwn);
}

const isNothing = (d: Draft) => isEmpty(d) && !d.others?.length && d.tried === undefined && !d.over?.length;

/** What a person would call the same: not what browsers fill in, nor the order in which the server gives answers. */
export const said = (d: Draft) => JSON.stringify([d.title, d.body, (d.cc ?? []).map((j) => j.email), d.form?.type ?? null,
  Object.entries(d.form?.answers ?? {}).filter(([, a]) => isOwn(a)).sort(), (d.carries ?? []).map((c) => c.id)]);

const OTHERS_MOST = 5;

/**
 * What was written here and what the server has, together. The newer is shown,
 * and of two that differ none is lost. What was saved here and is on the server
 * no more was sent or thrown away elsewhere.
 */
export function settle(mine: Draft, stored: Stored | null): Draft {
  const { version: _, gone = [], over = [], ...loose } = mine;
  if (!stored) return mine.saved ? blank() : { ...loose, saved: false };
  if (mine.version === stored.version) return mine;
  const parsed = parseDraft(stored.body);
  const here = { ...loose, version: stored.version, saved: false };
  if (!parsed) return here;
  /* Ended here, or written here; the answer was lost. */
  if (over.includes(parsed.key)) return { ...here, over };
  if (parsed.key === mine.key && parsed.at !== undefined && gone.includes(parsed.at)) return { ...here, saved: parsed.at === mine.at && !mine.others };
  const theirs: Draft = { ...bare(parsed), at: Date.parse(stored.updated_at), version: stored.version, saved: true, taken: true };
  if ((isEmpty(mine) && !mine.others?.length && mine.tried === undefined) || mine.saved) return theirs;
  const [shown, other] = said(mine) === said(theirs) ? [mine.tried === undefined ? { ...mine, key: theirs.key, taken: true as const } : mine, theirs]
    : (mine.at ?? 0) >= (theirs.at ?? 0) ? [mine, theirs] : [theirs, mine];
  const others = [other, ...shown.others ?? [], ...other.others ?? []]
    .map(({ others: _o, ...o }): Draft => bare(o))
    .filter((o, i, all) => !isEmpty(o) && said(o) !== said(shown) && all.findIndex((x) => said(x) === said(o)) === i)
    .slice(0, OTHERS_MOST);
  const { others: _o, gone: _g, over: _e, ...rest } = shown;
  return { ...rest, version: stored.version, saved: said(shown) === said(theirs) && others.length === (theirs.others?.length ?? 0), ...(others.length ? { others } : {}) };
}

export function keepDraft(name: string, d: Draft, at: Shelf = shelf()): void {
  if (isOver()) return;
  try {
    if (isNothing(d)) at.removeItem(name);
    else at.setItem(name, JSON.stringify(d));
  } catch { /* storage full or forbidden: the text is still on the page */ }
}

export function dropDraft(name: string, at: Shelf = shelf()): void {
  try { at.removeItem(name); } catch { /* as above */ }
}

/**
 * The draft as it goes out. The same text keeps its key, so a second try finds
 * the first one's result; a text changed since a failed try is a new one. A status
 * is no text: what is stored already is not stored again for another one.
 */
export function outgoing(d: Draft): Draft {
  const tried = JSON.stringify([d.title, d.body, ...(d.cc ?? []).map((j) => j.email), ...(d.files ?? []), ...(d.form ? [d.form.type, Object.entries(d.form.answers).map(([k, a]) => [k, isOwn(a) ? a : Object.entries(a).sort()]).sort()] : [])]);
  return d.tried === undefined || d.tried === tried ? { ...d, tried } : { ...d, tried, key: newKey() };
}
