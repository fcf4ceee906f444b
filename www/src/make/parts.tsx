/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What types and fields are made with: texts side by side, conditions, an order. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { say, type Condition, type Texts } from '../forms/data';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { languageName } from '../settings/control';
import { Icon } from '../ui/parts';
import { chooses, nameOf, type Made } from './data';

/** One text in each language, beside each other; an empty one is none. */
export function TextsField({ id, legend, languages, value, max, long, onChange }: { id: string; legend: string; languages: string[]; value: Texts; max: number; long?: boolean; onChange: (texts: Texts) => void }) {
  const all = [...new Set([boot.lang, ...languages, ...Object.keys(value)])];
  const set = (lang: string, text: string) => {
    const { [lang]: old, ...rest } = value;
    onChange(text ? { ...rest, [lang]: text } : rest);
  };
  return (
    <fieldset class="field">
      <legend class="label">{legend}</legend>
      <div class="make-texts">
        {all.map((lang) => (
          <div class="field" key={lang}>
            <label for={`${id}-${lang}`}><bdi>{languageName(lang)}</bdi></label>
            {long
              ? <textarea class="input" id={`${id}-${lang}`} dir="auto" rows={2} maxLength={max} value={value[lang] ?? ''} onInput={(e) => set(lang, e.currentTarget.value)} />
              : <input class="input" id={`${id}-${lang}`} dir="auto" autocomplete="off" maxLength={max} value={value[lang] ?? ''} onInput={(e) => set(lang, e.currentTarget.value)} />}
          </div>
        ))}
      </div>
    </fieldset>
  );
}

export function Pick({ id, label, value, options, onChange }: { id: string; label: string; value: string; options: [string, string][]; onChange: (value: string) => void }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select class="input" id={id} value={value} onChange={(e) => onChange(e.currentTarget.value)}>
        {options.map(([v, text]) => <option key={v} value={v}>{text}</option>)}
      </select>
    </div>
  );
}

/** Which answers to another question: those that are ticked. `among`: the fields that may be asked after. */
export function ConditionField({ id, made, among, value, none, onChange }: { id: string; made: Made; among: string[]; value: Condition | null; none?: string; onChange: (c: Condition | null) => void }) {
  const fields = made.fields.filter((f) => among.includes(f.key) && (chooses(f.kind) || f.kind === 'yes_no') && !f.archived);
  const parts = value?.all ?? value?.any ?? [];
  const put = (list: typeof parts) => onChange(list.length ? (value?.any ? { any: list } : { all: list }) : null);
  const answers = (key: string): [string | boolean, string][] => {
    const f = fields.find((x) => x.key === key);
    return f?.kind === 'yes_no' ? [[true, t('forms.yes')], [false, t('forms.no')]] : (f?.options ?? []).filter((o) => !o.archived).map((o) => [o.key, say(o.labels)]);
  };
  const free = fields.filter((f) => !parts.some((p) => p.field === f.key));
  return (
    <fieldset class="field">
      <legend class="label">{t('make.condition')}</legend>
      {parts.map((p, n) => (
        <fieldset class="field" key={p.field}>
          <legend>{t('make.condition.of', { field: nameOf(made, p.field) })}</legend>
          {answers(p.field).map(([v, text]) => (
            <label class="check" key={String(v)}>
              <input type="checkbox" checked={p.is.includes(v)} onChange={(e) => {
                const is = e.currentTarget.checked ? [...p.is, v] : p.is.filter((x) => x !== v);
                put(is.length ? parts.map((x, i) => (i === n ? { ...x, is } : x)) : parts.filter((_, i) => i !== n));
              }} /><bdi>{text}</bdi>
            </label>
          ))}
        </fieldset>
      ))}
      {parts.length > 1 && (
        <Pick id={`${id}-join`} label={t('make.condition.join')} value={value?.any ? 'any' : 'all'} options={[['all', t('make.condition.all')], ['any', t('make.condition.any')]]}
          onChange={(j) => onChange(j === 'any' ? { any: parts } : { all: parts })} />
      )}
      {free.length > 0 && parts.length < 8
        ? <Pick id={`${id}-add`} label={t('make.condition.add')} value="" options={[['', parts.length ? t('forms.choose') : none ?? t('make.condition.none')], ...free.map((f): [string, string] => [f.key, say(f.labels)])]}
          onChange={(key) => { const first = answers(key)[0]; if (first) put([...parts, { field: key, is: [first[0]] }]); }} />
        : !parts.length && <p class="muted">{t('make.condition.nothing')}</p>}
    </fieldset>
  );
}

/** A list that is put in order by dragging or by its buttons; one row open at a time. */
export function Ordered({ keys, name, onOrder, row }: { keys: string[]; name: (key: string) => string; onOrder: (keys: string[], moved: string) => void; row: (key: string) => { head: ComponentChildren; body: ComponentChildren } }) {
  const [open, setOpen] = useState<string | null>(null);
  const [drag, setDrag] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const move = (key: string, to: number) => {
    const rest = keys.filter((k) => k !== key);
    onOrder([...rest.slice(0, to), key, ...rest.slice(to)], key);
  };
  return (
    <ol class="make-list" role="list">
      {keys.map((key, n) => {
        const { head, body } = row(key);
        return (
          <li key={key} data-over={over === key && drag !== key ? '' : undefined} draggable={drag !== null}
            onDragStart={(e) => { e.dataTransfer?.setData('text/plain', key); }}
            onDragOver={(e) => { if (drag) { e.preventDefault(); setOver(key); } }}
            onDrop={(e) => { e.preventDefault(); if (drag && drag !== key) move(drag, n); setDrag(null); setOver(null); }}
            onDragEnd={() => { setDrag(null); setOver(null); }}>
            <div class="make-row">
              <span class="make-grip" aria-hidden="true" onPointerDown={() => setDrag(key)} onPointerUp={() => setDrag(null)}><Icon name="grip-vertical" /></span>
              <span class="grow">{head}</span>
              <button class="btn btn-icon" type="button" id={`up-${key}`} aria-label={t('make.up', { what: name(key) })} aria-disabled={n === 0} onClick={() => { if (n) move(key, n - 1); }}><Icon name="arrow-up" /></button>
              <button class="btn btn-icon" type="button" id={`down-${key}`} aria-label={t('make.down', { what: name(key) })} aria-disabled={n === keys.length - 1} onClick={() => { if (n < keys.length - 1) move(key, n + 1); }}><Icon name="arrow-down" /></button>
              <button class="btn" type="button" aria-expanded={open === key} aria-label={t('make.change.what', { what: name(key) })} onClick={() => setOpen(open === key ? null : key)}>{t('make.change')}</button>
            </div>
            {open === key && <div class="make-body">{body}</div>}
          </li>
        );
      })}
    </ol>
  );
}
