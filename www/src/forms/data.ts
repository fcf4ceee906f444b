/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What forms ask, what was answered, and what follows from it. */
import { boot, me } from '../lib/boot';

export type Kind = 'text' | 'long_text' | 'number' | 'date' | 'one_of' | 'several_of' | 'yes_no' | 'person' | 'facts';
/** A text by language. */
export type Texts = Record<string, string>;
export type Facts = Record<string, string>;
export type Answer = string | number | boolean | string[] | Facts;
export type Answers = Record<string, Answer>;
interface Part { field: string; is: (string | boolean)[] }
export interface Condition { all?: Part[]; any?: Part[] }

export interface Field {
  key: string;
  kind: Kind;
  labels: Texts;
  help: Texts;
  options: { key: string; labels: Texts; archived?: true }[];
  required: boolean;
  condition: Condition | null;
  weight?: number;
}
export interface Form { key: string | null; labels: Texts; help: Texts; fields: Field[] }
/** What a new ticket may be here. */
export interface Forms { types: Form[]; priority: { required: boolean } | null }

/** In the reader's language, or the nearest there is. */
export const say = (texts: Texts, lang: string = boot.lang): string =>
  texts[lang] ?? texts[lang.split('-')[0] ?? ''] ?? texts['en'] ?? Object.values(texts)[0] ?? '';

/** Does a condition hold for these answers? As app.condition_holds() has it. */
export function holds(condition: Condition | null, answers: Answers): boolean {
  const part = ({ field, is }: Part) => {
    const given = answers[field];
    return given !== undefined && (Array.isArray(given) ? given : [given]).some((g) => is.includes(g as string | boolean));
  };
  return !condition || (condition.all ? condition.all.every(part) : (condition.any ?? []).some(part));
}

/** The fields that are asked, and the answers to them: what is not asked has none. */
export function asked<F extends Field>(fields: F[], answers: Answers): { fields: F[]; answers: Answers } {
  let list = fields, kept = answers;
  for (;;) {
    const next = list.filter((f) => holds(f.condition, kept));
    const keys = new Set(next.map((f) => f.key));
    kept = Object.fromEntries(Object.entries(kept).filter(([key]) => keys.has(key) || !fields.some((f) => f.key === key)));
    if (next.length === list.length) return { fields: next, answers: kept };
    list = next;
  }
}

export const isAnswer = (a: Answer | undefined): boolean =>
  a !== undefined && (typeof a === 'object' ? Object.values(a).some((v) => v !== '') : typeof a !== 'string' || a.trim() !== '');

/** How much of what is asked is answered, of a hundred; null: nothing counts. */
export function complete(fields: Field[], answers: Answers): number | null {
  const all = fields.reduce((sum, f) => sum + (f.weight ?? 0), 0);
  const done = fields.reduce((sum, f) => sum + (isAnswer(answers[f.key]) ? f.weight ?? 0 : 0), 0);
  return all ? Math.round((done / all) * 100) : null;
}

/** What goes out: nothing empty, and always in one order, as what is sent twice must be the same. */
export function outgoing(fields: Field[], answers: Answers): Answers {
  const all = asked(fields, answers).answers;
  return Object.fromEntries(Object.entries(all).filter(([, a]) => isAnswer(a))
    .map(([key, a]) => [key, typeof a === 'object' && !Array.isArray(a) ? Object.fromEntries(Object.entries(a).filter(([, v]) => v.trim()).sort()) : a]));
}

export const FACTS = ['browser', 'version', 'system', 'device', 'screen', 'window', 'language', 'time_zone', 'app', 'page', 'portal', 'portal_id'] as const;

interface Brand { brand: string; version: string }
interface Agent { userAgent: string; languages?: readonly string[]; userAgentData?: { brands: Brand[]; platform: string; mobile: boolean } }

/** Browser, its version and the system, by what a browser calls itself. */
export function readAgent({ userAgent: ua, userAgentData: data }: Agent): Facts {
  const brand = data?.brands.find((b) => !/not.?a.?brand|chromium/i.test(b.brand)) ?? data?.brands.find((b) => b.brand === 'Chromium');
  const [, name = '', version = ''] = /(Firefox|Edg|OPR)\/([\d.]+)/.exec(ua) ?? /(Chrome)\/([\d.]+)/.exec(ua) ?? /Version\/()([\d.]+).*Safari/.exec(ua) ?? [];
  const [, apple] = /\((iPhone|iPad)/.exec(ua) ?? [];
  const [, mac] = /Mac OS X ([\d_]+)/.exec(ua) ?? [];
  const system = apple ? `iOS${/OS ([\d_]+)/.exec(ua)?.[1]?.replace(/^|_/g, (c) => (c ? '.' : ' ')) ?? ''}` : /Android [\d.]+/.exec(ua)?.[0] ?? (/Windows/.test(ua) ? 'Windows' : mac ? 'macOS' : /Linux|X11/.test(ua) ? 'Linux' : '');
  return {
    browser: brand?.brand ?? { Edg: 'Microsoft Edge', OPR: 'Opera', '': /Safari/.test(ua) ? 'Safari' : '' }[name] ?? name,
    version: version || brand?.version || '',
    system: data?.platform || system,
    device: apple ?? (data?.mobile || /Mobile|Android/.test(ua) ? 'mobile' : ''),
  };
}

/** What the browser and the page know by themselves. */
export function facts(): Facts {
  return {
    ...readAgent(navigator),
    screen: `${screen.width} × ${screen.height}`,
    window: `${innerWidth} × ${innerHeight}`,
    language: navigator.languages?.join(', ') || navigator.language,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? me?.time_zone ?? '',
    portal: boot.portal.name,
    portal_id: String(boot.portal.id),
  };
}
