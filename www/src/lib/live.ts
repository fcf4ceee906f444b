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
type Word = { up: true } | { ticket: number | null };

const BEAT = 25_000;
const ears = new Set<Ear>();
let heard = 0;

/** Does somebody of this browser listen now? */
const isLive = () => Date.now() - heard < 2.5 * BEAT;

function take(word: Word): void {
  heard = Date.now();
  if ('ticket' in word) for (const ear of [...ears]) ear(word.ticket);
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
  let wait = 1000;
  let timer = 0;
  const connect = () => {
    source = new EventSource('/api/live');
    source.onopen = () => { wait = 1000; tell({ ticket: null }); };
    source.onmessage = (e: MessageEvent<string>) => tell(JSON.parse(e.data) as Word);
    /* Everybody is cut off at once: they do not come back at once. */
    source.onerror = () => {
      leave();
      timer = window.setTimeout(connect, wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, 30_000);
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
  addEventListener('pageshow', (e) => { if (e.persisted) connect(); });
  connect();
}

/**
 * Calls when a hint is wanted, and every so many seconds while there are none to
 * be had (two minutes while there are). A page that is not seen does it when it is.
 */
export function useLive(seconds: number, wants: (ticket: number) => boolean, work: () => void): void {
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
      timer ||= window.setTimeout(run, 50 + Math.random() * 250);
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
