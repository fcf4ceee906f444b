/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The service level, as /api/service-level tells it. */
import type { Texts } from '../forms/data';
import { t } from '../lib/i18n';
import type { Priority } from '../lib/types';

export const PRIORITIES: Priority[] = ['urgent', 'high', 'normal', 'low'];
export const GRADES = ['high', 'medium', 'low'] as const;
export type Grade = (typeof GRADES)[number];
export const KINDS = ['first', 'next', 'resolution'] as const;
export type Kind = (typeof KINDS)[number];

/** Minutes; what is left out is not promised. Without a calendar every hour counts. */
export type Target = Partial<Record<Kind, number>> & { calendar?: number | null };
export interface Plan { key: string; names: Texts; targets: Partial<Record<Priority, Target>> }
export type Matrix = Partial<Record<Grade, Partial<Record<Grade, Priority>>>>;
export interface Body {
  shown: boolean;
  escalated_runs: boolean;
  warn: number;
  priorities: Partial<Record<Priority, { definition?: Texts; examples?: Texts }>>;
  matrix: Matrix;
  plans: Plan[];
}
export interface Level { table: (Body & { version: number; since: string }) | null; calendars?: Record<string, string> }

/** One of a ticket's. state: 1 runs, 2 is paused, 3 is stopped; left: seconds that count, where it does not run. */
export interface Clock { kind: Kind; state: 1 | 2 | 3; due: string | null; warn: string | null; late: boolean; left: number | null }
/** What it says of a ticket: to agents its clocks, to others until when the next thing is promised. */
export interface Said { clocks?: Clock[] | null; promised?: { kind: Kind; due: string } | null }

/** 270 → "4 h 30 min". */
export const saidTime = (minutes: number): string =>
  [minutes >= 60 && t('levels.hours', { n: Math.floor(minutes / 60) }), minutes % 60 > 0 && t('levels.minutes', { n: minutes % 60 })].filter(Boolean).join(' ');

/** From a day on in hours, from two in days and hours: nobody counts the minutes. */
export function roughly(minutes: number): string {
  if (minutes < 1440) return minutes ? saidTime(minutes) : t('levels.minutes', { n: 0 });
  const hours = Math.round(minutes / 60);
  if (hours < 48) return t('levels.hours', { n: hours });
  return [t('levels.days', { n: Math.floor(hours / 24) }), hours % 24 > 0 && t('levels.hours', { n: hours % 24 })].filter(Boolean).join(' ');
}
