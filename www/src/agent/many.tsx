/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Changes of more tickets than a page makes itself: jobs make them, and this says how far they are, and what was refused. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, newKey, Problem } from '../lib/api';
import { holds } from '../lib/boot';
import { t } from '../lib/i18n';
import { fieldText, Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { forget, type Change } from './change';
import { focusRow } from './queue';
import { close, hand, order, queue, working, type Job, type Outcome } from './state';

/** So many are shown; those at work, three at most, always are. */
const SHOWN = 5;
const ASK_MS = 700;
const ASK_MOST_MS = 15_000;
const say = (e: unknown) => toast(e instanceof Problem ? e.errors[0] ? fieldText(e.errors[0].code) : problemText(e) : t('err.unknown'));

/* What takes one back stands in its place. */
const place = (job: Job) => job.undoes ?? job.id;
const known = (job: Job) => working.peek().find((o) => place(o.job) === place(job));
const isAtWork = (o: Outcome) => o.job.state === 'working';
const looked = (job: Job) => job.done + job.same + job.refused;
const drop = (job: Job) => { working.value = working.peek().filter((o) => place(o.job) !== place(job)); };

function put(a: Outcome): void {
  const all = working.peek();
  const next = known(a.job) ? all.map((o) => (place(o.job) === place(a.job) ? a : o)) : [a, ...all];
  while (next.length > SHOWN) {
    const last = next.findLastIndex((o) => !isAtWork(o) && o !== a);
    if (last < 0) break;
    next.splice(last, 1);
  }
  working.value = next;
}

const saidOf = ({ job, said }: Outcome) => said ?? (job.undoes ? t('agent.undone') : t(job.state === 'stopped' ? 'desk.many.stopped' : 'agent.changed', { n: job.done }));

function show(a: Outcome): void {
  put(a);
  if (isAtWork(a)) return;
  void queue().load(true);
  announce(a.job.refused ? `${saidOf(a)}. ${t('desk.many.refused', { n: a.job.refused })}` : saidOf(a));
  /* What was refused stays to be read. */
  if (a.job.refused) return;
  drop(a.job);
  toast(saidOf(a), a.job.undo ? { label: t('agent.undo'), run: () => void takeBack(a.job) } : undefined, true);
}

/** The job's number; null: it was refused. */
export async function start(which: { numbers: number[] } | { query: string }, change: Change): Promise<number | null> {
  try {
    const a = await api<Outcome>('POST', '/api/bulk', { body: { ...which, change, ...holds() }, key: newKey() });
    announce(t('desk.many.working', { done: 0, n: a.job.total }));
    show(a);
    return a.job.id;
  } catch (e) {
    say(e);
    return null;
  }
}

export async function takeBack(job: { id: number }): Promise<void> {
  forget(job.id);
  try {
    const a = await api<Outcome>('POST', `/api/bulk/${job.id}/undo`, { body: {} });
    if (isAtWork(a)) announce(t('desk.many.undoing', { done: looked(a.job), n: a.job.total }));
    show(a);
  } catch (e) { say(e); }
}

const stop = (job: Job) => api<Outcome>('POST', `/api/bulk/${job.id}/stop`, { body: {} }).then(show, say);

/** Those of before this page was loaded: at work, or to be taken back as long as that can be. */
export function found(jobs: Job[]): void {
  for (const job of jobs.toReversed()) {
    if (known(job)) continue;
    put({ job, refused: [] });
    if (job.refused) void api<Outcome>('GET', `/api/bulk/${job.id}`, { quiet: true }).then((a) => { if (known(job)) put(a); }, () => {});
  }
}

/** What the page did itself, of which some was refused. */
export function tell(said: string, refused: Outcome['refused'], back?: () => void): void {
  show({ said, refused, ...(back ? { back } : {}),
    job: { id: -Date.now(), state: 'done', undoes: null, total: refused.length, done: 0, same: 0, refused: refused.length, undo: !!back } });
}

/* How far they are is asked in turn, less and less often while nothing moves or nobody answers, and not at all while the page is not seen. */
let timer = 0;
let wait = ASK_MS;
let asking = false;
let isShown = false;
async function ask(): Promise<void> {
  clearTimeout(timer);
  if (asking) return;
  asking = true;
  let moved = false;
  for (const { job } of working.peek().filter(isAtWork)) {
    if (!isShown || document.visibilityState !== 'visible') break;
    try {
      const a = await api<Outcome>('GET', `/api/bulk/${job.id}`, { quiet: true });
      /* It may be stopped since, or taken back. */
      const now = known(job);
      if (now?.job.id !== job.id || !isAtWork(now)) continue;
      moved ||= looked(a.job) !== looked(job) || !isAtWork(a);
      show(a);
    } catch (e) {
      if (e instanceof Problem && e.status === 404) drop(job);
    }
  }
  asking = false;
  wait = moved ? ASK_MS : Math.min(wait * 1.5, ASK_MOST_MS);
  if (isShown && document.visibilityState === 'visible' && working.peek().some(isAtWork)) timer = window.setTimeout(() => void ask(), wait);
}
function askSoon(): void {
  wait = ASK_MS;
  clearTimeout(timer);
  if (isShown && document.visibilityState === 'visible') timer = window.setTimeout(() => void ask(), wait);
}

const why = ({ code, said }: Outcome['refused'][0]) => said ?? (code === 'gone' ? t('desk.many.gone') : code === 'forbidden' ? t('desk.many.forbidden')
  : code === 'changed' ? t('desk.many.changed') : code === 'busy' ? t('desk.many.busy') : code === 'merged' ? t('desk.many.merged') : fieldText(code));

/** Whoever was in one that goes is brought to the next one, or back to the list. */
function leave(box: HTMLElement): void {
  const next = box.nextElementSibling ?? box.previousElementSibling;
  if (next instanceof HTMLElement) next.focus();
  else if (!focusRow(Math.max(0, order.peek().indexOf(hand.peek() ?? 0)))) document.getElementById('pane-list')?.focus();
}

function One({ of }: { of: Outcome }) {
  const { job, refused } = of;
  const box = useRef<HTMLDivElement>(null);
  const isIn = !!box.current?.contains(document.activeElement);
  /* The button that was pressed may be none any more. */
  useLayoutEffect(() => { if (isIn && !box.current?.contains(document.activeElement)) box.current?.focus(); });
  useLayoutEffect(() => () => { if (box.current?.contains(document.activeElement)) leave(box.current); }, []);
  if (isAtWork(of)) {
    const said = t(job.undoes ? 'desk.many.undoing' : 'desk.many.working', { done: looked(job), n: job.total });
    return (
      <div class="many-one" role="group" aria-label={said} ref={box} tabIndex={-1}>
        <span id={`many-${job.id}`}>{said}</span>
        <progress aria-labelledby={`many-${job.id}`} max={job.total} value={looked(job)} />
        <button class="btn" type="button" onClick={() => void stop(job)}>{t('desk.many.stop')}</button>
      </div>
    );
  }
  const bad = job.refused ? t('desk.many.refused', { n: job.refused }) : '';
  const said = bad ? `${saidOf(of)}. ${bad}` : saidOf(of);
  return (
    <div class="many-one" role="group" aria-label={said} ref={box} tabIndex={-1}>
      <span dir="auto">{said}</span>
      {refused.length > 0 && (
        <ul role="list" tabIndex={0} aria-label={bad}>
          {refused.map((r) => <li key={r.number}>{r.code === 'gone' ? <b>#{r.number}</b> : <a href={`/agent/t/${r.number}`}>#{r.number}</a>} {why(r)}</li>)}
        </ul>
      )}
      {refused.length > 0 && job.refused > refused.length && <span class="muted">{t('desk.many.more', { n: job.refused - refused.length })}</span>}
      {job.undo && <button class="btn" type="button" onClick={() => { if (of.back) { drop(job); of.back(); } else void takeBack(job); }}>{t('agent.undo')}</button>}
      <button class="btn btn-ghost btn-icon" type="button" onClick={() => { close(job.id); drop(job); }}><Icon name="x" /><span class="visually-hidden">{t('desk.foot.close')}</span></button>
    </div>
  );
}

export function Many() {
  const all = working.value;
  const ids = all.filter(isAtWork).map((o) => o.job.id).join();
  useEffect(() => {
    isShown = true;
    document.addEventListener('visibilitychange', askSoon);
    return () => { isShown = false; clearTimeout(timer); document.removeEventListener('visibilitychange', askSoon); };
  }, []);
  useEffect(() => { if (ids) askSoon(); }, [ids]);
  const box = useRef<HTMLDivElement>(null);
  /* What is chosen in the list stands above it. */
  useLayoutEffect(() => {
    const pane = document.getElementById('pane-list');
    pane?.style.setProperty('--many', `${box.current?.offsetHeight ?? 0}px`);
    return () => { pane?.style.removeProperty('--many'); };
  });
  return <div class="many" ref={box}>{all.map((o) => <One key={place(o.job)} of={o} />)}</div>;
}
