/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The filters of a list as a form: what is sent is the page's address. */
import { useState } from 'preact/hooks';
import type { Problem } from '../lib/api';
import { boot, me } from '../lib/boot';
import { t } from '../lib/i18n';
import { navigate, url } from '../lib/router';
import { people } from '../lib/store';
import type { Named } from '../lib/types';
import { say, type Field } from '../forms/data';
import { fieldText, Icon } from '../ui/parts';
import { PRIORITIES, type Choices } from './bar';
import { here, wanted, type Place } from './state';

type Asked = Record<string, unknown>;
const DAYS = ['created_from', 'created_to', 'updated_from', 'updated_to'] as const;

/** What is asked of custom fields; what is no such thing asks nothing. */
export function readFields(json: string | undefined): Asked {
  try {
    const all: unknown = JSON.parse(json ?? '{}');
    return all && typeof all === 'object' && !Array.isArray(all) ? all as Asked : {};
  } catch { return {}; }
}

const names = (ids: number[]) => [...new Set(ids)].filter((id) => id !== me.id).map((id) => ({ id, name: people.value[String(id)]?.name ?? t('app.somebody') }))
  .sort((a, b) => a.name.localeCompare(b.name, boot.lang));

/** One custom field; what is empty asks nothing. */
function Ask({ field, value, fault, onChange, choices }: { field: Field; value: unknown; fault: string | undefined; onChange: (v: unknown) => void; choices: Choices }) {
  const id = `ask-${field.key}`;
  const range = (value && typeof value === 'object' && !Array.isArray(value) ? value : {}) as Record<string, string | number>;
  const list = Array.isArray(value) ? value as unknown[] : [];
  const label = <bdi>{say(field.labels)}</bdi>;
  const error = fault && <p class="error" id={`${id}-error`}><Icon name="circle-alert" />{fieldText(fault)}</p>;
  const end = (name: 'from' | 'to', text: string) => {
    const next = { ...range, [name]: field.kind === 'number' ? Number(text) : text };
    if (text === '') delete next[name];
    onChange(Object.keys(next).length ? next : undefined);
  };
  if (field.kind === 'one_of' || field.kind === 'several_of') {
    return (
      <fieldset class="field"><legend class="label">{label}</legend>
        {field.options.map((o) => (
          <label class="check" key={o.key}>
            <input type="checkbox" checked={list.includes(o.key)} onChange={(e) => {
              const next = e.currentTarget.checked ? [...list, o.key] : list.filter((k) => k !== o.key);
              onChange(next.length ? next : undefined);
            }} /><bdi>{say(o.labels)}</bdi>
          </label>
        ))}{error}
      </fieldset>
    );
  }
  if (field.kind === 'number' || field.kind === 'date') {
    return (
      <fieldset class="field"><legend class="label">{label}</legend>
        <div class="list-range">{(['from', 'to'] as const).map((end_) => (
          <label key={end_}><span>{t(`lists.${end_}`)}</span>
            <input class="input" type={field.kind as 'number' | 'date'} step="any" value={String(range[end_] ?? '')} aria-invalid={!!fault} onInput={(e) => end(end_, e.currentTarget.value)} />
          </label>
        ))}</div>{error}
      </fieldset>
    );
  }
  if (field.kind === 'yes_no' || field.kind === 'person') {
    const options = field.kind === 'yes_no' ? [['true', t('lists.yes')], ['false', t('lists.no')]] : [[String(me.id), t('lists.me')], ...names(choices.requesters).map((p) => [String(p.id), p.name])];
    return (
      <div class="field"><label for={id}>{label}</label>
        <select class="input" id={id} value={String(list[0] ?? '')} onChange={(e) => onChange(e.currentTarget.value ? [JSON.parse(e.currentTarget.value)] : undefined)}>
          <option value="">{t('lists.any')}</option>
          {options.map(([v, text]) => <option key={v} value={v} dir="auto">{text}</option>)}
        </select>{error}
      </div>
    );
  }
  return (
    <div class="field"><label for={id}>{label}</label>
      <input class="input" id={id} maxLength={100} value={String(range['has'] ?? range['is'] ?? '')} placeholder={t('lists.has')} onInput={(e) => onChange(e.currentTarget.value ? { has: e.currentTarget.value } : undefined)} />{error}
    </div>
  );
}

export function Filters({ place, choices, teams, problem, close }: { place: Place; choices: Choices; teams: Named[]; problem: Problem | null; close: () => void }) {
  const want = wanted(url.peek(), place);
  const [said, setSaid] = useState(want);
  const [fields, setFields] = useState<Asked>(() => Object.fromEntries(Object.entries(readFields(want['fields'])).filter(([, v]) => v && typeof v === 'object')));
  const faults = Object.fromEntries((problem?.errors ?? []).map((e) => [e.field, e.code]));
  const set = (name: string, value: string) => setSaid((s) => ({ ...s, [name]: value }));
  const send = (e: Event) => {
    e.preventDefault();
    const kept = Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined));
    const change: Record<string, string | null> = { fields: Object.keys(kept).length ? JSON.stringify(kept) : null };
    for (const name of [...DAYS, 'requester', 'team', 'account', 'type', 'priority', 'unread', 'due', 'tag']) change[name] = said[name]?.trim() || null;
    navigate(here(change));
    close();
  };
  const select = (name: string, options: [string, string][]) => (
    <div class="field"><label for={`by-${name}`}>{t(`lists.${name as 'type'}`)}</label>
      <select class="input" id={`by-${name}`} value={said[name] ?? ''} onChange={(e) => set(name, e.currentTarget.value)}>
        <option value="">{t('lists.any')}</option>
        {options.map(([v, text]) => <option key={v} value={v} dir="auto">{text}</option>)}
      </select>
    </div>
  );
  const held = Object.entries(choices.accounts);
  return (
    <form class="card list-filters" onSubmit={send} noValidate aria-label={t('lists.filters')}>
      {DAYS.map((name) => (
        <div class="field" key={name}>
          <label for={`by-${name}`}>{t(`lists.day.${name}`)}</label>
          <input class="input" id={`by-${name}`} type="date" value={said[name] ?? ''} aria-invalid={!!faults[name]} aria-describedby={faults[name] ? `by-${name}-error` : undefined}
            onInput={(e) => set(name, e.currentTarget.value)} />
          {faults[name] && <p class="error" id={`by-${name}-error`}><Icon name="circle-alert" />{fieldText(faults[name])}</p>}
        </div>
      ))}
      {select('requester', [['me', t('lists.me')], ...names(choices.requesters).map((p): [string, string] => [String(p.id), p.name])])}
      {teams.length > 0 && select('team', [['mine', t('lists.team.mine')], ['none', t('lists.team.none')], ...teams.map((g): [string, string] => [String(g.id), g.name])])}
      {held.length > 1 && select('account', held.map(([id, a]): [string, string] => [id, a.name]))}
      {choices.types.length > 0 && select('type', choices.types.map((y): [string, string] => [y.key, say(y.labels)]))}
      {choices.priority && select('priority', PRIORITIES.map((p): [string, string] => [p, t(`priority.${p}`)]))}
      {!!choices.tags && (choices.tags.length > 0 || said['tag']) && (
        <div class="field"><label for="by-tag">{t('lists.tag')}</label>
          <input class="input" id="by-tag" list="by-tag-list" maxLength={40} dir="auto" autocomplete="off" value={said['tag'] ?? ''} onInput={(e) => set('tag', e.currentTarget.value)} />
          <datalist id="by-tag-list">{choices.tags.map((tag) => <option key={tag} value={tag} />)}</datalist>
        </div>
      )}
      {choices.fields.map((f) => <Ask key={f.key} field={f} value={fields[f.key]} fault={faults[`fields.${f.key}`]} choices={choices} onChange={(v) => setFields((all) => ({ ...all, [f.key]: v }))} />)}
      <label class="check"><input type="checkbox" checked={said['unread'] === 'yes'} onChange={(e) => set('unread', e.currentTarget.checked ? 'yes' : '')} />{t('lists.unread')}</label>
      {(choices.due || said['due']) && <label class="check"><input type="checkbox" checked={said['due'] === 'late'} onChange={(e) => set('due', e.currentTarget.checked ? 'late' : '')} />{t('lists.late')}</label>}
      {problem && problem.errors.some((e) => e.field === 'fields') && <p class="error"><Icon name="circle-alert" />{fieldText('invalid')}</p>}
      <div class="form-end">
        <button class="btn btn-primary" type="submit">{t('lists.apply')}</button>
        {/* The form begins anew, and so does this. */}
        <a class="btn" id="list-clear" onClick={() => requestAnimationFrame(() => document.getElementById('list-clear')?.focus())} href={here({ ...Object.fromEntries([...DAYS, 'requester', 'team', 'account', 'type', 'priority', 'unread', 'due', 'tag', 'fields'].map((n) => [n, null])) })}>{t('lists.clear')}</a>
        <button class="btn btn-ghost" type="button" onClick={close}>{t('lists.close')}</button>
      </div>
    </form>
  );
}
