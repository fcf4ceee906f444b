/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A clock of a ticket as a chip that counts down; it says the same in words, and its title has the date. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import { roughly, type Clock } from './data';

/* One beat for all that count, while there are any. */
const now = signal(Date.now());
let counting = 0;
let beat = 0;
const BEAT = 5000;

function useNow(): number {
  useEffect(() => {
    if (counting++ === 0) {
      now.value = Date.now();
      beat = window.setInterval(() => { now.value = Date.now(); }, BEAT);
    }
    return () => { if (--counting === 0) clearInterval(beat); };
  }, []);
  return now.value;
}

export const span = (seconds: number): string => roughly(Math.max(1, Math.round(seconds / 60)));

export function ClockChip({ of }: { of: Pick<Clock, 'state' | 'due' | 'warn' | 'late' | 'left'> & { kind?: Clock['kind'] } }) {
  const at = useNow();
  if (of.state !== 1 && of.late) return <span class="clock" data-tone="late"><Icon name={of.state === 2 ? 'pause' : 'check'} />{t('levels.chip.used_up')}</span>;
  if (of.state !== 1) {
    return <span class="clock" data-tone="idle"><Icon name={of.state === 2 ? 'pause' : 'check'} />{t(of.state === 2 ? 'levels.chip.paused' : 'levels.chip.stopped', { time: span(of.left ?? 0) })}</span>;
  }
  if (!of.due) return <span class="clock" data-tone="idle">{t('levels.chip.never')}</span>;
  const left = (Date.parse(of.due) - at) / 1000;
  const tone = left <= 0 ? 'late' : !of.warn || Date.parse(of.warn) <= at ? 'soon' : 'fine';
  /* Late by whole minutes: in the first of them it is due, and the sign keeps to its number where words run from the right. */
  const over = Math.floor(-left / 60);
  const time = left > 0 ? span(left) : over < 1 ? t('levels.minutes', { n: 0 }) : span(over * 60);
  return (
    <time class="clock" data-tone={tone} dateTime={of.due} title={dateTime(of.due)}>
      <span aria-hidden="true">{over > 0 ? `\u200e−${time}` : time}</span>
      <span class="visually-hidden">{of.kind ? `${t(`levels.kind.${of.kind}`)}: ` : ''}{t(left <= 0 ? 'levels.chip.late' : 'levels.chip.left', { time })}</span>
    </time>
  );
}
