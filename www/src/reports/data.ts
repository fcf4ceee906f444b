/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A report, as /api/reports tells it. */
import type { Texts } from '../forms/data';
import { boot, me } from '../lib/boot';
import type { Kind } from '../levels/data';
import type { Priority } from '../lib/types';

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

/** Seconds in the two largest units that there are. */
export function spent(seconds: number): string {
  const unit = (n: number, u: 'day' | 'hour' | 'minute') => new Intl.NumberFormat(locale, { style: 'unit', unit: u, unitDisplay: 'short' }).format(n);
  const m = Math.round(seconds / 60), h = Math.floor(m / 60), d = Math.floor(h / 24);
  if (d >= 2) return [unit(d, 'day'), ...(h % 24 ? [unit(h % 24, 'hour')] : [])].join(' ');
  return [...(h ? [unit(h, 'hour')] : []), ...(m % 60 || !h ? [unit(m % 60, 'minute')] : [])].join(' ');
}
export const share = (met: number, missed: number): string =>
  (met + missed ? new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(met / (met + missed)) : '–');
export const count = (n: number): string => n.toLocaleString(locale);
