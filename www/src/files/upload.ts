/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Sends files by tus 1.0, one after another, each in slices: a slice that gets
 * lost is sent again from where the server has it.
 */
import { announce } from '../lib/announce';
import { api, newKey, Problem } from '../lib/api';
import { attached, begun, end, onSent, setBegun, TUS, type Item } from '../lib/attached';
import { t } from '../lib/i18n';
import { fieldText, problemText } from '../ui/parts';
import { drop, keep, kept, type Limits } from './data';

/* Up to 8 MB are collected in front of the workers (conf/site.conf.in). */
const SLICE = { first: 512 * 1024, least: 64 * 1024, most: 4 * 1024 * 1024 };
/* A slice that takes less is doubled, one that takes more is halved. */
const QUICK_MS = 1000;
const SLOW_MS = 5000;
const TRIES = 6;
/* Without a network no try counts. Should the browser be wrong about that, one is made all the same. */
const AWAY_MS = 60_000;

const stops = new Map<string, AbortController>();
/** A pause before another try: over at once when there is a network again, or nothing to be sent. */
const pause = (ms: number, stop: AbortSignal) => new Promise<void>((done) => {
  const heard = new AbortController();
  const over = () => {
    clearTimeout(timer);
    heard.abort();
    done();
  };
  const timer = setTimeout(over, ms);
  addEventListener('online', over, { signal: heard.signal });
  stop.addEventListener('abort', over, { signal: heard.signal });
});
const base64 = (s: string) => btoa(String.fromCharCode(...new TextEncoder().encode(s)));

function change(place: string, key: string, part: Partial<Item>): void {
  attached(place).value = attached(place).peek().map((i) => (i.key === key ? { ...i, ...part } : i));
}

interface State { id: number; received: number; size: number }

/** One that was taken off the list meanwhile ends again. */
async function begin(place: string, item: Item, file: File): Promise<State> {
  const made = await api<State>('POST', '/api/files', {
    headers: { ...TUS, 'Upload-Length': String(file.size), 'Upload-Metadata': `filename ${base64(item.name)}` } });
  if (stops.get(item.key)?.signal.aborted) {
    end(made.id);
    throw new Problem(0, 'aborted');
  }
  await keep({ key: item.key, place, file, at: item.at ?? 0, id: made.id });
  change(place, item.key, { id: made.id });
  return made;
}

/** Where it is; one that the server has forgotten begins anew. */
async function whereIs(place: string, item: Item, file: File): Promise<State> {
  if (item.id !== undefined) {
    try {
      return await api<State>('GET', `/api/files/${item.id}`);
    } catch (e) {
      if (!(e instanceof Problem) || e.status !== 404) throw e;
    }
  }
  return begin(place, item, file);
}

/** Might it go the next time? */
const passes = (e: Problem) => e.uncertain || e.status === 408 || e.status === 409 || e.status === 429 || e.status === 460;

async function send(place: string, item: Item, file: File, stop: AbortSignal): Promise<void> {
  let slice = SLICE.first;
  let lost = 0;
  if (!navigator.onLine) await pause(AWAY_MS, stop);
  let now = await whereIs(place, item, file);
  while (now.received < file.size) {
    const part = file.slice(now.received, now.received + slice);
    const began = performance.now();
    try {
      await api('PATCH', `/api/files/${now.id}`, { file: part, signal: stop,
        headers: { ...TUS, 'Upload-Offset': String(now.received), 'Content-Type': 'application/offset+octet-stream' } });
      now = { ...now, received: now.received + part.size };
      lost = 0;
      const ms = performance.now() - began;
      if (ms < QUICK_MS) slice = Math.min(slice * 2, SLICE.most);
      else if (ms > SLOW_MS) slice = Math.max(slice / 2, SLICE.least);
    } catch (e) {
      const away = !navigator.onLine;
      if (!(e instanceof Problem) || !passes(e) || (!away && ++lost > TRIES)) throw e;
      slice = Math.max(slice / 4, SLICE.least);
      await pause(away ? AWAY_MS : 500 * 2 ** lost, stop);
      if (stop.aborted) throw e;
      now = await whereIs(place, { ...item, id: now.id }, file).catch(() => now);
    }
    change(place, item.key, { sent: now.received });
  }
  change(place, item.key, { state: 'done', sent: file.size, id: now.id });
}

function why(e: unknown): { fault: string; final: boolean } {
  if (!(e instanceof Problem)) return { fault: t('files.lost'), final: true };
  const field = e.errors[0];
  return { fault: field ? fieldText(field.code) : problemText(e), final: e.status === 413 || e.status === 422 };
}

/* One at a time, so that what was chosen first is there first. */
let turn: Promise<void> = Promise.resolve();

export function start(place: string, key: string): void {
  const stop = new AbortController();
  stops.set(key, stop);
  change(place, key, { state: 'goes' });
  turn = turn.then(async () => {
    const item = attached(place).peek().find((i) => i.key === key);
    if (!item?.file || stop.signal.aborted) return;
    try {
      await send(place, item, item.file, stop.signal);
      announce(t('files.done', { name: item.name }));
    } catch (e) {
      if (stop.signal.aborted) return;
      change(place, key, { state: 'failed', ...why(e) });
      announce(t('files.failed', { name: item.name }));
    }
  });
}

export function remove(place: string, key: string): void {
  const item = attached(place).peek().find((i) => i.key === key);
  stops.get(key)?.abort();
  attached(place).value = attached(place).peek().filter((i) => i.key !== key);
  void drop(key);
  setBegun(place, attached(place).peek().length > 0);
  if (item?.id !== undefined) end(item.id);
}

/* Several are chosen at one time. */
let last = 0;

/** Takes up what was chosen: what can't go is said at once, without a byte on the way. */
export function add(place: string, files: File[], limits: Limits): void {
  for (const file of files) {
    const item: Item = { key: newKey(), name: file.name, size: file.size, sent: 0, state: 'goes', file, at: last = Math.max(last + 1, Date.now()) };
    const many = attached(place).peek().filter((i) => i.state !== 'failed').length >= limits.count;
    const fault = !file.size ? fieldText('empty') : file.size > limits.size ? t('err.file-too-large') : many ? fieldText('too_many') : '';
    attached(place).value = [...attached(place).peek(), fault ? { ...item, state: 'failed', fault, final: true } : item];
    if (fault) continue;
    setBegun(place, true);
    void keep({ key: item.key, place, file, at: last }).then(() => start(place, item.key));
  }
}

/** After a reload: what was on its way goes on, and what was thrown away before this was there is forgotten. */
export async function goOn(place: string): Promise<void> {
  if (attached(place).peek().length) return;
  const all = await kept(place);
  if (attached(place).peek().length) return;
  if (!begun(place)) return all.forEach((k) => void drop(k.key));
  attached(place).value = all.map((k) => ({ key: k.key, name: k.file.name, size: k.file.size, sent: 0, state: 'goes', file: k.file, at: k.at, ...(k.id === undefined ? {} : { id: k.id }) }));
  setBegun(place, all.length > 0);
  for (const k of all) start(place, k.key);
}

onSent((place, items) => {
  for (const { key } of items) stops.get(key)?.abort();
  void kept(place).then((all) => all.forEach((k) => void drop(k.key)));
});
