/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Moments in the person's time zone. */
import { me } from './boot';

/** The last minute of a day in the person's zone, as dateTime() tells it; so many days from now, or of a date. */
export function endOfDay(of: number | string, now: Date = new Date(), zone: string | undefined = me?.time_zone ?? undefined): Date {
  const wall = (d: Date) => {
    const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
    const make = (timeZone?: string) => new Intl.DateTimeFormat('en-US', timeZone ? { ...options, timeZone } : options);
    let f;
    try { f = make(zone); } catch { f = make(); }
    const part = Object.fromEntries(f.formatToParts(d).map((p) => [p.type, Number(p.value)]));
    return Date.UTC(part['year'] ?? NaN, (part['month'] ?? 1) - 1, part['day'], part['hour'], part['minute']);
  };
  const day = typeof of === 'string' ? Date.parse(`${of}T00:00:00Z`) : Math.floor(wall(now) / 86_400_000 + of) * 86_400_000;
  if (Number.isNaN(day)) return new Date(NaN);
  const end = day + 86_340_000;
  /* Twice: where the clock is put on or back in between, the first is an hour off. */
  const once = end - (wall(new Date(end)) - end);
  return new Date(once - (wall(new Date(once)) - end));
}
