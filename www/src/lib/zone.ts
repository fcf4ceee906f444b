/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Moments in the person's time zone. */
import { me } from './boot';

const own = () => me?.time_zone ?? undefined;

/** What a clock in the zone shows, as if it were UTC. */
function shown(d: Date, zone: string | undefined): number {
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const make = (timeZone?: string) => new Intl.DateTimeFormat('en-US', timeZone ? { ...options, timeZone } : options);
  let f;
  try { f = make(zone); } catch { f = make(); }
  const part = Object.fromEntries(f.formatToParts(d).map((p) => [p.type, Number(p.value)]));
  return Date.UTC(part['year'] ?? NaN, (part['month'] ?? 1) - 1, part['day'], part['hour'], part['minute']);
}

/** The moment at which a clock in the zone shows that. */
function moment(clock: number, zone: string | undefined): Date {
  /* Twice: where the clock is put on or back in between, the first is an hour off. */
  const once = clock - (shown(new Date(clock), zone) - clock);
  return new Date(once - (shown(new Date(once), zone) - clock));
}

/** The last minute of a day in the person's zone, as dateTime() tells it; so many days from now, or of a date. */
export function endOfDay(of: number | string, now: Date = new Date(), zone: string | undefined = own()): Date {
  const day = typeof of === 'string' ? Date.parse(`${of}T00:00:00Z`) : Math.floor(shown(now, zone) / 86_400_000 + of) * 86_400_000;
  return Number.isNaN(day) ? new Date(NaN) : moment(day + 86_340_000, zone);
}

/** As a control for date and time has it: '2026-03-01T09:30'. */
export const wall = (iso: string, zone: string | undefined = own()): string => new Date(shown(new Date(iso), zone)).toISOString().slice(0, 16);

/** And back. */
export const zoned = (clock: string, zone: string | undefined = own()): string => moment(Date.parse(`${clock}Z`), zone).toISOString();
