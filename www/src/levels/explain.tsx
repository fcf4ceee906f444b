/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How each clock of a ticket came to be what it is, line by line. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { maybe, t } from '../lib/i18n';
import type { Priority } from '../lib/types';
import { Icon, problemText, Skeleton } from '../ui/parts';
import { span } from './clock';
import { KINDS, saidTime } from './data';

type What = 'opened' | 'handed' | 'status' | 'priority' | 'answered' | 'asked' | 'warned' | 'late' | 'now';
interface Line {
  clock: 1 | 2 | 3;
  at: string;
  what: What;
  data?: { status?: [string, string]; priority?: [string | null, string | null] };
  state: 1 | 2 | 3 | 4;
  used: number;
  target?: number;
  version?: number;
  priority?: Priority;
  calendar?: number;
  calendar_version?: number;
  due?: string;
  late?: boolean;
  left?: number;
}
interface Answer { lines: Line[]; clocks: Line[]; calendars: Record<string, string> }

const STATE = { 1: 'runs', 2: 'paused', 3: 'stopped', 4: 'over' } as const;

/** Seconds, whole minutes of them. */
const minutes = (seconds: number) => (seconds < 60 ? t('levels.minutes', { n: 0 }) : saidTime(Math.floor(seconds / 60)));
const priorityName = (p: string | null | undefined) => (p ? maybe(`priority.${p}`) ?? p : t('levels.unset'));

function happened(l: Line): string {
  const s = l.data?.status, p = l.data?.priority;
  return [t(`levels.line.${l.what}`),
    s && `${maybe(`state.${s[0]}`) ?? s[0]} → ${maybe(`state.${s[1]}`) ?? s[1]}`,
    p && `${priorityName(p[0])} → ${priorityName(p[1])}`].filter(Boolean).join(': ');
}

function Why({ l, calendars }: { l: Line; calendars: Record<string, string> }) {
  return (
    <p class="muted">
      {l.target === undefined ? t('levels.why.none') : t('levels.why', { time: saidTime(l.target / 60), n: l.version ?? 0, priority: priorityName(l.priority) })}{' '}
      {l.target !== undefined && (l.calendar ? <>{t('levels.why.calendar', { n: l.calendar_version ?? 0 })} <bdi>{calendars[String(l.calendar)] ?? ''}</bdi></> : t('levels.why.always'))}
    </p>
  );
}

export function Explain({ number, onClose }: { number: number; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [fault, setFault] = useState('');
  useEffect(() => {
    dialog.current?.showModal();
    api<Answer>('GET', `/api/tickets/${number}/clocks`).then(setAnswer, (e: unknown) => setFault(e instanceof Problem ? problemText(e) : t('err.unknown')));
  }, []);
  return (
    <dialog class="dialog levels-dialog" ref={dialog} aria-labelledby="explain-title" onClose={onClose}>
      <div class="form">
        <div class="levels-head">
          <h2 id="explain-title">{t('levels.explain.title', { number })}</h2>
          <button class="btn btn-ghost btn-icon" type="button" title={t('levels.close')} onClick={() => dialog.current?.close()}><Icon name="x" /><span class="visually-hidden">{t('levels.close')}</span></button>
        </div>
        {!answer && !fault && <Skeleton />}
        {answer && !answer.clocks.length && <p>{t('levels.nothing')}</p>}
        {answer?.clocks.map((c) => {
          const lines = answer.lines.filter((l) => l.clock === c.clock);
          return (
            <section key={c.clock} aria-labelledby={`explain-${c.clock}`}>
              <h3 id={`explain-${c.clock}`}>{t(`levels.kind.${KINDS[c.clock - 1] ?? 'first'}`)}</h3>
              <p>{t(`levels.state.${STATE[c.state]}`)}{c.due && <> · {t(c.late || (c.left ?? 0) <= 0 ? 'levels.due.was' : 'levels.due', { time: dateTime(c.due) })}</>}
                {c.left !== undefined && c.left > 0 && c.state < 4 && <> · {t('levels.left', { time: span(c.left) })}</>}</p>
              <Why l={c} calendars={answer.calendars} />
              <div class="levels-scroll" tabIndex={0} role="group" aria-labelledby={`explain-${c.clock}`}>
                <table class="levels-lines">
                  <thead><tr><th scope="col">{t('levels.col.when')}</th><th scope="col">{t('levels.col.what')}</th><th scope="col">{t('levels.col.used')}</th><th scope="col">{t('levels.col.promised')}</th><th scope="col">{t('levels.col.due')}</th></tr></thead>
                  <tbody>
                    {lines.map((l, n) => (
                      <tr key={n}>
                        <td><time dateTime={l.at}>{dateTime(l.at)}</time></td>
                        <td>{happened(l)}<br /><span class="muted">{t(`levels.state.${STATE[l.state]}`)}</span></td>
                        <td>{minutes(l.used)}</td>
                        <td>{l.target === undefined ? '–' : saidTime(l.target / 60)}</td>
                        <td>{l.due ? <time dateTime={l.due}>{dateTime(l.due)}</time> : '–'}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </section>
          );
        })}
        {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
        <div class="form-end"><button class="btn btn-primary" type="button" onClick={() => dialog.current?.close()}>{t('levels.close')}</button></div>
      </div>
    </dialog>
  );
}
