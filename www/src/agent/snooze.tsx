/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Until when to put a ticket aside: usual times, or one of one's own, where the agent is. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { me } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { knownTicket } from '../lib/store';
import { putAside } from './aside';
import { Chooser, type Option } from './chooser';
import { targets } from './state';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What clocks and calendars show in a zone, as if it were UTC. */
function wall(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' }).formatToParts(at);
  const n = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  return Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'));
}
/** When they show that there; twice, since between the two the zone may change its clocks. */
export function moment(shown: number, zone: string): number {
  const first = shown - (wall(shown, zone) - shown);
  return first + shown - wall(first, zone);
}
const zoneOf = (): string => {
  try { return new Intl.DateTimeFormat('en', { timeZone: me.time_zone ?? undefined }).resolvedOptions().timeZone; } catch { return 'UTC'; }
};

/** The usual times, from a moment on. */
export function presets(now: number, zone: string): { id: 'later' | 'tomorrow' | 'monday'; at: number }[] {
  const here = wall(now, zone);
  const today = Math.floor(here / DAY) * DAY;
  const evening = today + 18 * HOUR;
  const later = here < evening - 3 * HOUR ? evening : Math.ceil((here + 3 * HOUR) / HOUR) * HOUR;
  const weekday = new Date(today).getUTCDay();
  return [
    ...(later < today + DAY ? [{ id: 'later' as const, at: moment(later, zone) }] : []),
    { id: 'tomorrow' as const, at: moment(today + DAY + 9 * HOUR, zone) },
    { id: 'monday' as const, at: moment(today + ((8 - weekday) % 7 || 7) * DAY + 9 * HOUR, zone) },
  ];
}

const field = (shown: number) => new Date(shown).toISOString().slice(0, 16);

function Own({ numbers, onClose }: { numbers: number[]; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const zone = zoneOf();
  const [now] = useState(() => wall(Date.now(), zone));
  const [value, set] = useState(() => field(Math.floor(now / DAY) * DAY + DAY + 9 * HOUR));
  useEffect(() => { dialog.current?.showModal(); }, []);
  return (
    <dialog class="chooser macro" ref={dialog} aria-labelledby="snooze-title" onClose={onClose}>
      <h2 id="snooze-title">{t('desk.snooze')}</h2>
      <form onSubmit={(e) => {
        e.preventDefault();
        if (!value) return;
        dialog.current?.close();
        void putAside(numbers, new Date(moment(Date.parse(`${value}Z`), zone)).toISOString());
      }}>
        <div class="field snooze-own">
          <label for="snooze-at">{t('desk.snooze.when', { zone })}</label>
          <input class="input" id="snooze-at" type="datetime-local" required min={field(now)} max={field(now + 364 * DAY)} value={value} onInput={(e) => set(e.currentTarget.value)} />
        </div>
        <div class="form-end macro-end">
          <button class="btn btn-primary" type="submit">{t('desk.snooze.do')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => dialog.current?.close()}>{t('app.cancel')}</button>
        </div>
      </form>
    </dialog>
  );
}

export function Snooze({ close }: { close: () => void }) {
  const [numbers] = useState(targets);
  const [own, setOwn] = useState(false);
  const going = useRef(false);
  useEffect(() => { if (!numbers.length) close(); }, []);
  if (!numbers.length) return null;
  if (own) return <Own numbers={numbers} onClose={close} />;
  const away = numbers.some((n) => knownTicket(n)?.snoozed);
  const options: Option[] = [
    ...(away ? [{ id: 'back', text: t('agent.aside.back'), run: () => void putAside(numbers, null) }] : []),
    ...presets(Date.now(), zoneOf()).map((p) => ({ id: p.id, text: t(`desk.snooze.${p.id}`), note: dateTime(new Date(p.at).toISOString()), run: () => void putAside(numbers, new Date(p.at).toISOString()) })),
    { id: 'own', text: t('desk.snooze.own'), run: () => { going.current = true; setOwn(true); } },
  ];
  const named = numbers.length === 1 ? `#${numbers[0]}` : t('agent.selected', { n: numbers.length });
  return <Chooser small title={`${t('desk.snooze')} · ${named}`} hint={t('desk.filter')} options={options} onClose={() => setTimeout(() => { if (!going.current) close(); })} />;
}
