/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Everything there is of a tenant's forms, as /api/fields tells it. */
import { api, Problem } from '../lib/api';
import { fieldText, problemText } from '../ui/parts';
import { say, type Condition, type Field, type Kind, type Texts } from '../forms/data';

export type Access = 'hidden' | 'view' | 'edit';
export interface Option { key: string; labels: Texts; archived?: true }
export interface MadeField { key: string; kind: Kind; labels: Texts; help: Texts; options: Option[]; archived: boolean; used: number; types: string[] }
export interface Asked { field: string; required: boolean; weight: number; condition: Condition | null }
export interface Rule { condition: Condition; priority: 'low' | 'normal' | 'high' | 'urgent' }
export interface MadeType { key: string; labels: Texts; help: Texts; is_problem: boolean; roles: string[]; archived: boolean; used: number; fields: Asked[]; rules: Rule[] }
export interface Policy { field: string; role: string; access: Access; required: boolean; account: number | null; portal: number | null; at: { kind: string; name: string } }
export interface Made { fields: MadeField[]; types: MadeType[]; policies: Policy[]; languages: string[] }

export const KINDS: Kind[] = ['text', 'long_text', 'number', 'date', 'one_of', 'several_of', 'yes_no', 'person', 'facts'];
export const chooses = (kind: Kind) => kind === 'one_of' || kind === 'several_of';
/** Whom a policy is about: administrators of the tenant see all of it. */
export const ROLES = ['agent', 'partner', 'account_admin', 'portal_admin', 'main_user', 'member'] as const;
export type Role = (typeof ROLES)[number];

/** Sends one change; the page is what comes back. Null when it was refused, and why is told. */
export type Send = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, done: string) => Promise<string | null>;
export const change = async (method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown): Promise<Made | string> => {
  try {
    return await api<Made>(method, path, { body });
  } catch (e) {
    if (!(e instanceof Problem)) throw e;
    return e.errors[0] ? fieldText(e.errors[0].code) : problemText(e);
  }
};

/** A key of a label: letters that a key has, and not one that there is. */
export function keyFor(label: string, taken: string[]): string {
  const plain = label.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 30) || 'field';
  let key = plain;
  for (let n = 2; taken.includes(key) || ['status', 'type', 'priority'].includes(key); n++) key = `${plain}_${n}`;
  return key;
}

/** What holds for a role without a policy, as app.usual_access() has it. */
export const usual = (field: string, role: string): Access =>
  role === 'agent' ? 'edit' : field === 'status' ? (role === 'partner' ? 'edit' : 'view') : field === 'type' || field === 'priority' ? 'view' : 'edit';

/** For the whole tenant. */
export const accessOf = (made: Made, field: string, role: string): { access: Access; required: boolean; own: boolean } => {
  const p = made.policies.find((x) => x.field === field && x.role === role && x.account === null && x.portal === null);
  return p ? { access: p.access, required: p.required, own: true } : { access: usual(field, role), required: false, own: false };
};

/** The form as somebody with that role fills it in; an agent sees what they may read. */
export function preview(made: Made, type: MadeType, role: Role): Field[] {
  return type.fields.flatMap((a) => {
    const f = made.fields.find((x) => x.key === a.field);
    const may = f && accessOf(made, f.key, role);
    if (!f || f.archived || !may || may.access === 'hidden' || (role !== 'agent' && may.access !== 'edit')) return [];
    return [{ key: f.key, kind: f.kind, labels: f.labels, help: f.help, options: f.options, required: a.required || may.required, condition: a.condition, weight: a.weight }];
  });
}

export const nameOf = (made: Made, key: string): string => {
  const f = made.fields.find((x) => x.key === key);
  return f ? say(f.labels) : key;
};
