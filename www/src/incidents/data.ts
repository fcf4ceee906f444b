/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Service status, as the tenant's staff keeps it. */
import type { Texts } from '../forms/data';

export type Kind = 'incident' | 'maintenance';
export const STAGES = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
export type Stage = (typeof STAGES)[number];
export type State = Stage | 'planned' | 'under_way' | 'completed';
export const IMPACTS = ['minor', 'major', 'critical'] as const;
export type Impact = (typeof IMPACTS)[number];

export interface Component { id: number; parent: number | null; names: Texts; portals: number[] }
/** As the list has it. */
export interface Incident { id: number; kind: Kind; titles: Texts; state: State; impact: Impact; starts_at: string; ends_at: string | null; affected: number }
export interface Update { n: number; at: string; state: Stage | null; texts: Texts; by: string | null }
/** All of one. */
export interface Whole extends Incident { portals: number[]; components: number[]; postmortems: Texts; updates: Update[] }
export interface Kept { languages: string[]; portals: { id: number; name: string }[]; components: Component[]; incidents: Incident[]; next: string | null; made?: number }

/** Sends something; what comes back, or null when it was refused, which is said then. `done`: what is announced. */
export type Send = <T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, done: string, key?: string) => Promise<T | null>;
