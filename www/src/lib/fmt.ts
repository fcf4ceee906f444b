/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Dates in the person's language and time zone; formatters are made once. */
import { boot, me } from './boot';

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  let f = cache.get(kind);
  if (!f) {
    const make = (zone?: string) => new Intl.DateTimeFormat(boot.lang === 'en' ? 'en-GB' : boot.lang, zone ? { ...options, timeZone: zone } : options);
    try { f = make(me?.time_zone ?? undefined); } catch { f = make(); }
    cache.set(kind, f);
  }
  return f;
}

export const dateTime = (iso: string) => formatter('full', { dateStyle: /^(ja|ko|zh)/.test(boot.lang) ? 'long' : 'medium', timeStyle: 'short' }).format(new Date(iso));

const day = (d: Date) => formatter('day', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(d);

/** The end of a span: its time alone on the day that it began. */
export const endTime = (from: string, to: string) =>
  (day(new Date(from)) === day(new Date(to)) ? formatter('clock', { timeStyle: 'short' }).format(new Date(to)) : dateTime(to));

/** As short as it stays clear: the time today, else day and month, with the year of other years. */
export function shortTime(iso: string, now: Date = new Date()): string {
  const d = new Date(iso);
  if (day(d) === day(now)) return formatter('time', { hour: '2-digit', minute: '2-digit' }).format(d);
  return d.getUTCFullYear() === now.getUTCFullYear()
    ? formatter('month', { day: 'numeric', month: 'short' }).format(d)
    : formatter('year', { day: 'numeric', month: 'short', year: 'numeric' }).format(d);
}

/** One or two letters for a person without a picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0] ?? '';
  if (/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(first)) return [...first][0] ?? '';
  const last = words.length > 1 ? words[words.length - 1] ?? '' : '';
  return ([...first][0] ?? '?').concat([...last][0] ?? '').toLocaleUpperCase();
}

/** UTF-8 length, which is what the server limits. */
export const bytes = (s: string) => new TextEncoder().encode(s).length;
