/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What changes elsewhere, shown without a reload: the server hints that a ticket
 * changed, and the page asks for what it shows of it. One connection a browser:
 * the page that holds the lock listens and tells the others. Without a connection
 * pages ask by themselves; with a new one they ask for everything, since hints
 * may have been missed.
 */
import { useEffect, useRef } from 'preact/hooks';
import { boot } from './boot';

/** A ticket's number; null: anything may have changed. */
type Ear = (ticket: number | null) => void;
/** `here`: nothing of it changed but who has it before them. */
type Word = { up: true } | { ticket: number | null; here?: true };

const BEAT = 25_000;
/* The server cuts who listens for five minutes: whoever comes again before misses nothing. */
const ANEW = 230_000;
/* Everybody is cut off at once: they do not come back at once. But who was cut off for
 * losing a ticket is soon told. */
const SPREAD = 5_000;
const ears = new Set<Ear>();
const watchers = new Set<Ear>();
let heard = 0;

/** Does somebody of this browser listen now? */
const isLive = () => Date.now() - heard < 2.5 * BEAT;

function take(word: Word): void {
  heard = Date.now();
  if ('ticket' in word) for (const ear of [...(word.here ? watchers : ears)]) ear(word.ticket);
}

/** Calls when somebody comes to a ticket, leaves it or begins to type; ends by what it returns. */
export function watch(ear: Ear): () => void {
  watchers.add(ear);
  start();
  return () => watchers.delete(ear);
}

let started = false;
function start(): void {
  /* Both are there wherever there is TLS. Support's visit may write nothing, not even that it listens. */
  if (started || boot.support || !navigator.locks || !('BroadcastChannel' in globalThis)) return;
  started = true;
  const others = new BroadcastChannel('live');
  others.onmessage = (e: MessageEvent<Word>) => take(e.data);
  const tell = (word: Word) => { take(word); others.postMessage(word); };
  void navigator.locks.request('live', () => new Promise<never>(() => lead(tell)));
}

/** For as long as the page is there. */
function lead(tell: (word: Word) => void): void {
  let source: EventSource | null = null;
  let wait = 0;
  let timer = 0;
  const later = (ms: number) => { timer = window.setTimeout(connect, ms); };
  const connect = () => {
    leave();
    source = new EventSource('/api/live');
    source.onopen = () => {
      wait = 0;
      later(ANEW * (1 + Math.random() / 5));
      tell({ ticket: null });
    };
    source.onmessage = (e: MessageEvent<string>) => tell(JSON.parse(e.data) as Word);
    source.onerror = () => {
      leave();
      /* Without a network of one's own one waits for that, not for the others. */
      if (navigator.onLine) later(Math.random() * SPREAD + wait);
      wait = Math.min(2 * wait + SPREAD, 12 * SPREAD);
    };
  };
  const leave = () => {
    source?.close();
    source = null;
    clearTimeout(timer);
  };
  setInterval(() => { if (source?.readyState === EventSource.OPEN) tell({ up: true }); }, BEAT);
  /* A page that may be shown again holds no connection meanwhile. */
  addEventListener('pagehide', leave);
  addEventListener('online', () => { if (!source) later(Math.random() * 1000); });
  addEventListener('pageshow', (e) => { if (e.persisted) connect(); });
  connect();
}

/**
 * Calls when a hint is wanted, and every so many seconds while there are none to
 * be had (two minutes while there are). A page that is not seen does it when it is.
 * pace: the least milliseconds between two calls, for what many hints concern.
 */
export function useLive(seconds: number, wants: (ticket: number) => boolean, work: () => void, pace = 0): void {
  const latest = useRef({ wants, work });
  latest.current = { wants, work };
  useEffect(() => {
    let last = Date.now();
    let due = false;
    let timer = 0;
    const run = () => {
      clearTimeout(timer);
      timer = 0;
      if (document.visibilityState !== 'visible') { due = true; return; }
      last = Date.now();
      due = false;
      latest.current.work();
    };
    const ear: Ear = (ticket) => {
      if (ticket !== null && !latest.current.wants(ticket)) return;
      /* One question for a handful of hints, and not everybody's at once. */
      timer ||= window.setTimeout(run, Math.max(50 + Math.random() * 250, last + pace - Date.now()));
    };
    const tick = () => { if (due || Date.now() - last > (isLive() ? 120 : seconds) * 1000 - 50) run(); };
    const seen = () => { if (document.visibilityState === 'visible') tick(); };
    const beat = setInterval(tick, seconds * 1000);
    ears.add(ear);
    start();
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearInterval(beat);
      clearTimeout(timer);
      ears.delete(ear);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [seconds]);
}
