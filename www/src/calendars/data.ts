/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Business calendars, as the server tells them and as the editor has them. */
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import type { Texts } from '../forms/data';

export type Span = [opens: number, closes: number];
/** `to`: the last of several days in a row. */
export interface Holiday { day: string; to?: string | undefined; name: string; yearly?: boolean }
export interface Limits { calendars: number; spans: number; holidays: number; holiday_days: number; feed_days: number; versions: number }
export interface Feed {
  url: string;
  state: 'waiting' | 'read' | 'failed';
  fault: 'unreachable' | 'refused' | 'moved' | 'too_long' | 'not_calendar' | 'rule' | 'too_many' | 'never_open' | 'versions' | 'unfit' | null;
  asked_at: string | null;
  read_at: string | null;
}
export interface Row {
  id: number; name: string; version: number; zone: string; hours: Span[][]; holidays: number; feed_days: number;
  feed: Feed | null; archived: boolean; is_open: boolean; next_at: string | null;
}
export interface List { limits: Limits; may_change: boolean; calendars: Row[] }
export interface Day { day: string; hours: Span[]; seconds: number; holiday: string | null; set: number | null }
export interface Calendar {
  id: number; name: string; version: number; newest: number; zone: string; hours: Span[][]; holidays: Holiday[]; feed_days: Holiday[];
  feed: Feed | null; archived: boolean; since: string; until: string; limits: Limits; may_change: boolean; days: Day[]; plans: { key: string; names: Texts }[];
  versions: { version: number; at: string; by: string | null }[];
}

/** What is typed: times of a day, '' while there is none yet. */
export interface Typed { opens: string; closes: string }

const locale = boot.lang === 'en' ? 'en-GB' : boot.lang;
const named = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
const weekdays = named({ weekday: 'long' });
const shown = named({ weekday: 'short', day: 'numeric', month: 'short' });
/** 0 is Monday. */
export const weekday = (n: number): string => weekdays.format(new Date(Date.UTC(2024, 0, 1 + n)));
export const dayName = (day: string): string => shown.format(new Date(`${day}T00:00:00Z`));

const two = (n: number) => String(n).padStart(2, '0');
/** 1440 is midnight, as 0 is: which of the two, its place says. */
export const clock = (m: number): string => `${two(Math.floor(m / 60) % 24)}:${two(m % 60)}`;
/** As it is read: to 24:00. */
export const span = ([a, b]: Span): string => `${clock(a)}–${b === 1440 ? '24:00' : clock(b)}`;
const minutes = (s: string): number => Number(s.slice(0, 2)) * 60 + Number(s.slice(3, 5));
const unit = (n: number, u: 'hour' | 'minute') => new Intl.NumberFormat(locale, { style: 'unit', unit: u, unitDisplay: 'short' }).format(n);
export function duration(seconds: number): string {
  const h = Math.floor(seconds / 3600), m = Math.round(seconds % 3600 / 60);
  return [...(h || !m ? [unit(h, 'hour')] : []), ...(m ? [unit(m, 'minute')] : [])].join(' ');
}

export const typedOf = (day: Span[]): Typed[] => day.map(([a, b]) => ({ opens: clock(a), closes: clock(b) }));
/** Midnight that closes is the day's end. */
export const spanOf = (x: Typed): Span => [minutes(x.opens), x.closes === '00:00' ? 1440 : minutes(x.closes)];

/** What is wrong with the days of a holiday, as a sentence; '': nothing. */
export function rangeFault(h: Holiday, most: number): string {
  if (!h.day || !h.to) return '';
  return h.to < h.day ? t('err.field.last_day') : Date.parse(h.to) - Date.parse(h.day) >= most * 86_400_000 ? t('err.field.range_long') : '';
}

/** What is wrong with a day, as a sentence; '': nothing. */
export function dayFault(day: Typed[]): string {
  if (day.some((x) => !x.opens || !x.closes)) return t('calendars.fault.empty');
  const spans = day.map(spanOf).sort((a, b) => a[0] - b[0]);
  const back = spans.find(([a, b]) => b <= a);
  if (back) return t('err.field.reversed');
  return spans.some(([a], n) => n && a < (spans[n - 1]?.[1] ?? 0)) ? t('err.field.overlap') : '';
}
