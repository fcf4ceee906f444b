/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A rule in words, line by line. */
import { say } from '../forms/data';
import { boot } from '../lib/boot';
import { maybe, t } from '../lib/i18n';
import { PRIORITIES } from '../agent/choices';
import { STATES } from '../lib/moves';
import { languageName } from '../settings/control';
import { isLeaf, joinOf, opOf, partsOf, type About, type Choices, type Condition, type Rule, type Value, type When, BYS, CLOCKS, UNITS } from './data';

const list = (parts: string[], type: 'conjunction' | 'disjunction' = 'disjunction') => new Intl.ListFormat(boot.lang, { type }).format(parts);
const number = (n: number) => new Intl.NumberFormat(boot.lang).format(n);

export const fieldName = (field: string, choices: Choices | null): string => {
  if (!field.startsWith('fields.')) return maybe(`rules.field.${field}`) ?? field;
  const own = choices?.fields.find((f) => f.key === field.slice(7));
  return own ? say(own.labels) : field.slice(7);
};

/** What a field can be, and how each is called. */
export function valuesOf(field: string, { choices, languages }: Pick<About, 'choices' | 'languages'>): [Value, string][] {
  const named = (a: { id: number; name: string }[]): [Value, string][] => a.map((x) => [x.id, x.name]);
  const keyed = (a: { key: string; labels: Record<string, string> }[]): [Value, string][] => a.map((x) => [x.key, say(x.labels)]);
  const none: [Value, string][] = [[null, t('rules.nothing')]];
  switch (field) {
    case 'status': case 'was.status': return STATES.map((s) => [s, t(`state.${s}`)]);
    case 'group': return (['open', 'pending', 'done'] as const).map((g) => [g, t(`lists.group.${g}`)]);
    case 'priority': case 'was.priority': return [...PRIORITIES.map((p): [Value, string] => [p, t(`priority.${p}`)]), ...none];
    case 'type': return [...keyed(choices.types), ...none];
    case 'account': return named(choices.accounts);
    case 'portal': return named(choices.portals);
    case 'plan': return [...keyed(choices.plans), ...none];
    case 'language': return languages.map((l) => [l, languageName(l)]);
    case 'role': return (['account_admin', 'portal_admin', 'main_user', 'member', 'partner'] as const).map((r) => [r, t(`settings.role.${r}`)]);
    case 'assignee': return [...named(choices.staff), ...none];
    case 'team': return [...named(choices.teams), ...none];
    case 'level': return [0, 1, 2, 3, 4, 5].map((n) => [n, n ? t('rules.level', { n }) : t('rules.nothing')]);
    case 'by': return BYS.filter((b) => b !== 'any').map((b) => [b, t(`rules.by.${b}`)]);
    case 'changed': return (['status', 'priority', 'assignee', 'team', 'type'] as const).map((f) => [f, t(`rules.field.${f}`)]);
    case 'clock': return CLOCKS.map((c) => [c, t(`levels.kind.${c}`)]);
    default: {
      const own = choices.fields.find((f) => `fields.${f.key}` === field);
      return own?.kind === 'yes_no' ? [[true, t('rules.yes')], [false, t('rules.no')]] : [...keyed(own?.options ?? []), ...none];
    }
  }
}
export const valueName = (field: string, v: Value, about: Pick<About, 'choices' | 'languages'>): string =>
  valuesOf(field, about).find(([x]) => x === v)?.[1] ?? (v === null ? t('rules.nothing') : String(v));

/** Minutes in the largest unit that holds them whole. */
export const unitOf = (minutes: number): number => [...UNITS].reverse().find((u) => minutes > 0 && minutes % u === 0) ?? 1;
const span = (minutes: number): string => {
  const u = unitOf(minutes);
  return new Intl.NumberFormat(boot.lang, { style: 'unit', unit: u === 1 ? 'minute' : u === 60 ? 'hour' : 'day', unitDisplay: 'long' }).format(minutes / u);
};

export function whenWords(w: When): string {
  if (w.event) return [t(`rules.event.${w.event as 'opened'}`), w.by && w.by !== 'any' ? `${t('rules.by')}: ${t(`rules.by.${w.by as 'agent'}`)}` : ''].filter(Boolean).join(' · ');
  if (w.time !== 'due') return `${t(`rules.time.${w.time as 'status'}`)}: ${span(w.minutes ?? 0)} · ${t(`rules.counted.${w.counted as 'open'}`)}`;
  const how = w.used !== undefined ? 'used' : w.after !== undefined ? 'after' : 'before';
  return `${t(`levels.kind.${w.clock as 'first'}`)}: ${t(`rules.due.${how}`)} · ${how === 'used' ? new Intl.NumberFormat(boot.lang, { style: 'percent' }).format((w.used ?? 0) / 100) : span(w[how] ?? 0)}`;
}

export function conditionLines(c: Condition | null, about: About, depth = 0): string[] {
  const pad = '  '.repeat(depth);
  if (!c) return [`${pad}${t('rules.always')}`];
  if (isLeaf(c)) {
    const op = opOf(c);
    const given = op === 'is' ? list((c.is ?? []).map((v) => valueName(c.field, v, about))) : op === 'has' ? list((c.has ?? []).map((w) => `“${w}”`)) : number(c[op] ?? 0);
    return [`${pad}${fieldName(c.field, about.choices)} ${t(`rules.op.${op}`)} ${given}`];
  }
  const join = joinOf(c);
  if (join) return [`${pad}${t(`rules.${join}`)}`, ...partsOf(c).flatMap((p) => conditionLines(p, about, depth + 1))];
  return [`${pad}${t('rules.none_of')}`, ...conditionLines('not' in c ? c.not : null, about, depth + 1)];
}

/** One action, as far as it is known: the log and a replay keep no texts. */
export function actionWords(a: Record<string, unknown>, about: Pick<About, 'choices' | 'languages'>): string {
  const what = Object.keys(a)[0] ?? '';
  const v = a[what];
  const name = t(`rules.do.${what as 'note'}`);
  switch (what) {
    case 'note': return typeof v === 'string' ? `${name}: ${v}` : name;
    case 'reply': return v && typeof v === 'object' ? `${name}: ${Object.entries(v as Record<string, string>).map(([l, text]) => `${languageName(l)}: ${text}`).join(' · ')}` : name;
    case 'mail': return v && typeof v === 'object' ? `${name}: ${list((v as { to: Value[] }).to.map((w) => toName(w, about.choices)), 'conjunction')}: ${(v as { text: string }).text}` : name;
    case 'tags': { const { add = [], remove = [] } = v as { add?: string[]; remove?: string[] }; return `${name}: ${[...add.map((x) => `+${x}`), ...remove.map((x) => `−${x}`)].join(', ')}`; }
    case 'follow': return `${name}: ${valueName('assignee', v as Value, about)}`;
    default: return `${name}: ${valueName(what, v as Value, about)}`;
  }
}
export const toName = (who: Value, choices: Choices): string =>
  (typeof who === 'number' ? choices.staff.find((s) => s.id === who)?.name ?? String(who)
    : typeof who === 'string' && who.startsWith('team:') ? t('rules.to.team.of', { name: choices.teams.find((g) => `team:${g.id}` === who)?.name ?? who.slice(5) })
      : t(`rules.to.${who as 'agents'}`));

export const ruleLines = (rule: Rule, about: About): string[] =>
  [`${t('rules.when')}: ${whenWords(rule.when)}`, ...conditionLines(rule.if, about).map((l, n) => (n ? l : `${t('rules.if')}: ${l}`)), ...rule.do.map((a) => `${t('rules.do')}: ${actionWords(a as Record<string, unknown>, about)}`)];
