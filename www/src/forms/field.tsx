/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One question of a form, and the control that answers it. */
import type { ComponentChildren } from 'preact';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import { FACTS, say, type Answer, type Facts, type Field } from './data';
import { Person } from './person';

export interface ControlProps {
  id: string;
  field: Field;
  value: Answer | undefined;
  onChange: (value: Answer | undefined) => void;
  fault?: string | undefined;
  /** The ticket, where there is one: whose people may be named. */
  ticket?: number | null;
}

/** A group has a legend, one control a label. */
function Frame({ id, field, fault, group, children }: Pick<ControlProps, 'id' | 'field' | 'fault'> & { group: boolean; children: ComponentChildren }) {
  const help = say(field.help);
  const name = <>{say(field.labels)}{!field.required && <span class="muted"> {t('forms.optional')}</span>}</>;
  const rest = (
    <>
      {help && <span class="hint" id={`${id}-hint`} dir="auto">{help}</span>}
      {children}
      {fault && <span class="error" id={`${id}-fault`}><Icon name="circle-alert" />{fault}</span>}
    </>
  );
  return group
    ? <fieldset class="field" id={id} tabIndex={-1} aria-describedby={describes(id, field, fault)}><legend class="label" dir="auto">{name}</legend>{rest}</fieldset>
    : <div class="field"><label for={id} dir="auto">{name}</label>{rest}</div>;
}

export const describes = (id: string, field: Field, fault: string | undefined) =>
  [say(field.help) && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;

function FactRows({ id, value, onChange }: ControlProps) {
  const now = (value ?? {}) as Facts;
  return (
    <dl class="facts">
      {FACTS.map((f) => (
        <div key={f}>
          <dt><label for={`${id}-${f}`}>{t(`forms.fact.${f}`)}</label></dt>
          <dd><input class="input" id={`${id}-${f}`} dir="auto" autocomplete="off" maxLength={300} value={now[f] ?? ''}
            onInput={(e) => onChange({ ...now, [f]: e.currentTarget.value })} /></dd>
        </div>
      ))}
    </dl>
  );
}

export function FieldControl(props: ControlProps) {
  const { id, field, value, onChange, fault } = props;
  const common = { id, required: field.required, 'aria-invalid': fault ? true : undefined, 'aria-describedby': describes(id, field, fault) } as const;
  const options = field.options.filter((o) => !o.archived || o.key === value || Array.isArray(value) && value.includes(o.key));
  const chosen = new Set(Array.isArray(value) ? value : []);
  const toggle = (key: string, on: boolean) => {
    const next = field.options.map((o) => o.key).filter((k) => (k === key ? on : chosen.has(k)));
    onChange(next.length ? next : undefined);
  };
  const control = (): ComponentChildren => {
    switch (field.kind) {
      case 'text': return <input {...common} class="input" dir="auto" autocomplete="off" maxLength={500} value={String(value ?? '')} onInput={(e) => onChange(e.currentTarget.value || undefined)} />;
      case 'long_text': return <textarea {...common} class="input" dir="auto" maxLength={8000} rows={4} value={String(value ?? '')} onInput={(e) => onChange(e.currentTarget.value || undefined)} />;
      case 'number': return <input {...common} class="input" type="number" step="any" inputMode="decimal" value={value === undefined ? '' : String(value)}
        onInput={(e) => onChange(Number.isFinite(e.currentTarget.valueAsNumber) ? e.currentTarget.valueAsNumber : undefined)} />;
      case 'date': return <input {...common} class="input" type="date" min="1000-01-01" max="9999-12-31" value={String(value ?? '')} onInput={(e) => onChange(e.currentTarget.value || undefined)} />;
      case 'person': return <Person {...props} />;
      case 'facts': return <FactRows {...props} />;
      case 'several_of': return options.map((o) => (
        <label class="check" key={o.key}><input type="checkbox" checked={chosen.has(o.key)} onChange={(e) => toggle(o.key, e.currentTarget.checked)} /><bdi>{say(o.labels)}</bdi></label>
      ));
      case 'yes_no': return [true, false].map((yes) => (
        <label class="check" key={String(yes)}><input type="radio" name={id} checked={value === yes} onChange={() => onChange(yes)} />{t(yes ? 'forms.yes' : 'forms.no')}</label>
      ));
      case 'one_of': return (
        <select {...common} class="input" value={String(value ?? '')} onChange={(e) => onChange(e.currentTarget.value || undefined)}>
          <option value="">{t('forms.choose')}</option>
          {options.map((o) => <option key={o.key} value={o.key}>{say(o.labels)}</option>)}
        </select>
      );
    }
  };
  const group = field.kind === 'several_of' || field.kind === 'yes_no' || field.kind === 'facts';
  return <Frame id={id} field={field} fault={fault} group={group}>{control()}</Frame>;
}

/** An answer in words. */
export function AnswerText({ field, value, people }: { field: Field; value: Answer | null; people: Record<string, { name: string }> }) {
  const option = (key: string) => say(field.options.find((o) => o.key === key)?.labels ?? { en: key });
  if (value === null) return null;
  if (Array.isArray(value)) return <bdi>{new Intl.ListFormat(boot.lang).format(value.map(option))}</bdi>;
  if (typeof value === 'object') return <>{FACTS.filter((f) => value[f]).map((f) => <span key={f} class="fact">{t(`forms.fact.${f}`)}: <bdi>{value[f]}</bdi><br /></span>)}</>;
  if (typeof value === 'boolean') return <>{t(value ? 'forms.yes' : 'forms.no')}</>;
  if (field.kind === 'person') return <bdi>{people[String(value)]?.name ?? t('app.somebody')}</bdi>;
  if (typeof value === 'number') return <>{new Intl.NumberFormat(boot.lang, { maximumFractionDigits: 20 }).format(value)}</>;
  if (field.kind === 'one_of') return <bdi>{option(value)}</bdi>;
  if (field.kind === 'date') return <time dateTime={value}>{new Intl.DateTimeFormat(boot.lang, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${value}T00:00:00Z`))}</time>;
  return <span dir="auto" class="said">{value}</span>;
}
