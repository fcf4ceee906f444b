/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A report, as /api/reports tells it. */
import type { Texts } from '../forms/data';
import { boot, me } from '../lib/boot';
import { roughly, type Kind } from '../levels/data';
import type { Priority } from '../lib/types';
import { scale } from '../ui/chart';

export type Part = 'volume' | 'times' | 'ages' | 'attainment' | 'agents';
export interface Spent { p50: number | null; p90: number | null; n: number }
export interface Totals { opened: number; solved: number; backlog: number; first: Partial<Spent>; resolution: Partial<Spent>; met: number; missed: number }
interface Lines { p50: (number | null)[]; p90: (number | null)[] }
export interface Met { kind: Kind; met: number | null; missed: number | null }
export interface Report {
  since: string; until: string; by: 'day' | 'week' | 'month'; zone: string; desk: boolean;
  before: { since: string; until: string };
  days: string[]; opened: number[]; solved: number[]; backlog: number[];
  first: Lines; resolution: Lines;
  totals: Totals; previous: Totals;
  age_days: number[]; ages: number[];
  attainment: { months: (Met & { month: string })[]; priorities: (Met & { priority: Priority | null })[]; plans: (Met & { plan: string | null })[] | null };
  plans: Record<string, Texts> | null;
  agents: { id: number | null; name: string | null; open: number; solved: number; replies: number }[] | null;
  untold: { status?: boolean; priority?: boolean };
  accounts: { id: number; name: string }[];
  teams: { id: number; name: string }[] | null;
  types: { key: string; labels: Texts }[];
}

export const NAMES = ['since', 'until', 'by', 'account', 'team', 'priority', 'type'] as const;
export type Asked = Partial<Record<(typeof NAMES)[number], string>>;
export function asked(page: URL): Asked {
  const out: Asked = {};
  for (const name of NAMES) {
    const value = page.searchParams.get(name);
    if (value) out[name] = value;
  }
  return out;
}
/** As an address has it. */
export const words = (q: object) => { const s = new URLSearchParams(q as Record<string, string>).toString(); return s ? `?${s}` : ''; };
export const reportPath = (q: Asked) => `/api/reports${words(q)}`;
export const csvPath = (q: Asked, part: Part) => `/api/reports.csv${words({ part, ...q, lang: boot.lang })}`;

const locale = boot.lang === 'en' ? 'en-GB' : boot.lang;
const named = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
const day = named({ day: 'numeric', month: 'short' }), whole = named({ dateStyle: 'medium' }), month = named({ month: 'short', year: 'numeric' });
const at = (d: string) => new Date(`${d}T00:00:00Z`);
export const dayName = (d: string): string => day.format(at(d));
export const dateName = (d: string): string => whole.format(at(d));
export const monthName = (d: string): string => month.format(at(d));

/** A day so many before today, where the reader is. */
export function daysAgo(n: number, now = Date.now()): string {
  const at = new Date(now - n * 86_400_000);
  const said = (zone?: string) => new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', ...(zone ? { timeZone: zone } : {}) }).format(at);
  try { return said(me?.time_zone ?? undefined); } catch { return said(); }
}

/** As the clocks of a ticket say it. */
export const spent = (seconds: number): string => roughly(Math.round(seconds / 60));

/** The end of a scale of seconds: whole hours that halve well, and days. */
export function hours(most: number): number {
  const h = most / 3600;
  return ([1, 2, 4, 8, 12, 24].find((n) => n >= h) ?? scale(Math.max(2, h / 24)) * 24) * 3600;
}
export const share = (met: number, missed: number): string =>
  (met + missed ? new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(met / (met + missed)) : '–');
export const count = (n: number): string => n.toLocaleString(locale);
