/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One change of more tickets than a page changes itself: jobs do it, and this says how far they are. */
import { useEffect } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, newKey, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { fieldText, Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { undo, type Change } from './change';
import { queue, working, type Job } from './state';

type Answer = NonNullable<typeof working.value>;
const ASK_MS = 700;
const say = (e: unknown) => toast(e instanceof Problem ? e.errors[0] ? fieldText(e.errors[0].code) : problemText(e) : t('err.unknown'));

function show(a: Answer): void {
  working.value = a;
  const { job } = a;
  if (job.state === 'working') return;
  void queue().load(true);
  const said = job.undoes ? t('agent.undone') : t(job.state === 'stopped' ? 'desk.many.stopped' : 'agent.changed', { n: job.done });
  announce(said);
  /* What was refused stays to be read. */
  if (job.refused) return;
  working.value = null;
  toast(said, job.undo ? { label: t('agent.undo'), run: () => void undo() } : undefined, true);
}

/** The job's number; null: it was refused. */
export async function start(which: { numbers: number[] } | { query: string }, change: Change): Promise<number | null> {
  try {
    const a = await api<Answer>('POST', '/api/bulk', { body: { ...which, change }, key: newKey() });
    announce(t('desk.many.working', { done: 0, n: a.job.total }));
    show(a);
    return a.job.id;
  } catch (e) {
    say(e);
    return null;
  }
}

export async function takeBack(job: number): Promise<void> {
  try { show(await api<Answer>('POST', `/api/bulk/${job}/undo`, { body: {} })); } catch (e) { say(e); }
}

const look = (job: Job) => api<Answer>('GET', `/api/bulk/${job.id}`, { quiet: true }).then((a) => { if (working.peek()?.job.id === job.id) show(a); });

const why = (code: string) => (code === 'gone' ? t('desk.many.gone') : code === 'forbidden' ? t('desk.many.forbidden') : code === 'changed' ? t('desk.many.changed')
  : code === 'merged' ? t('desk.many.merged') : fieldText(code));

export function Many() {
  const now = working.value;
  const job = now?.job;
  useEffect(() => {
    if (job?.state !== 'working') return undefined;
    const timer = setInterval(() => { if (document.visibilityState === 'visible') look(job).catch(() => {}); }, ASK_MS);
    return () => clearInterval(timer);
  }, [job?.id, job?.state]);
  if (!now || !job) return null;
  const at = job.done + job.same + job.refused;
  const close = () => { working.value = null; };
  if (job.state === 'working') {
    const said = t(job.undoes ? 'desk.many.undoing' : 'desk.many.working', { done: at, n: job.total });
    return (
      <div class="many" role="group" aria-label={said}>
        <span id="many-said">{said}</span>
        <progress aria-labelledby="many-said" max={job.total} value={at} />
        <button class="btn" type="button" onClick={() => void api<Answer>('POST', `/api/bulk/${job.id}/stop`, { body: {} }).then(show, say)}>{t('desk.many.stop')}</button>
      </div>
    );
  }
  return (
    <div class="many" role="group" aria-label={t('desk.many.refused', { n: job.refused })}>
      <span>{t(job.state === 'stopped' ? 'desk.many.stopped' : 'agent.changed', { n: job.done })}. {t('desk.many.refused', { n: job.refused })}</span>
      <ul role="list" tabIndex={0} aria-label={t('desk.many.refused', { n: job.refused })}>
        {now.refused.map((r) => <li key={r.number}>{r.code === 'gone' ? <b>#{r.number}</b> : <a href={`/agent/t/${r.number}`}>#{r.number}</a>} {why(r.code)}</li>)}
      </ul>
      {job.refused > now.refused.length && <span class="muted">{t('desk.many.more', { n: job.refused - now.refused.length })}</span>}
      {job.undo && <button class="btn" type="button" onClick={() => void takeBack(job.id)}>{t('agent.undo')}</button>}
      <button class="btn btn-ghost btn-icon" type="button" onClick={close}><Icon name="x" /><span class="visually-hidden">{t('desk.foot.close')}</span></button>
    </div>
  );
}
