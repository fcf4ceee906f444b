/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The part of a new ticket that its type asks for: fetched where the portal has types. */
import { useEffect } from 'preact/hooks';
import { leadsTo, type Shown } from '../before/data';
import { t } from '../lib/i18n';
import { fieldText } from '../ui/parts';
import { asked, complete, facts, isAnswer, outgoing, say, type Answer, type Answers, type Form, type Forms } from './data';
import { FieldControl } from './field';

/** What is kept of it in the draft. */
export interface Filled { type: string | null; answers: Answers }
export interface Fault { field: string; text: string; label: string }

interface Props { forms: Forms; value: Filled; onChange: (value: Filled) => void; fault: (field: string) => string | undefined }

export const formOf = (forms: Forms, value: Filled): Form | undefined => forms.types.find((f) => f.key === value.type) ?? forms.types[0];
const id = (key: string) => `fields.${key}`;

/** What goes out beside title and description. */
export function sent(forms: Forms, value: Filled): { type?: string; fields: Answers } {
  const form = formOf(forms, value);
  const { priority } = value.answers;
  const fields = form?.fields ?? [];
  /* What another type asked stays in the draft, and goes nowhere. */
  const answers = Object.fromEntries(fields.flatMap((f) => { const a = value.answers[f.key]; return a === undefined ? [] : [[f.key, a]]; }));
  return {
    ...(form?.key ? { type: form.key } : {}),
    fields: { ...outgoing(fields, answers), ...(forms.priority && priority !== undefined ? { priority } : {}) },
  };
}

/** What must be answered and is not. */
export function missing(forms: Forms, value: Filled): Fault[] {
  const list = asked(formOf(forms, value)?.fields ?? [], value.answers);
  const found = list.fields.filter((f) => f.required && !isAnswer(list.answers[f.key])).map((f) => ({ field: id(f.key), label: say(f.labels), text: fieldText('required') }));
  if (forms.priority?.required && !value.answers['priority']) found.push({ field: id('priority'), label: t('forms.priority'), text: fieldText('required') });
  return found;
}

/** The label of a field that the server names. */
export function labelOf(forms: Forms, value: Filled, field: string): string | undefined {
  if (field === 'type') return t('forms.type');
  if (field === id('priority')) return t('forms.priority');
  const f = formOf(forms, value)?.fields.find((x) => id(x.key) === field);
  return f && say(f.labels);
}

/** Which type it is, where there are several, and what leads elsewhere (`lead`: the one that is chosen). */
export function ChooseType({ forms, value, onChange, fault, leads, lead, onLead }: Props & { leads: Shown[]; lead: Shown | undefined; onLead: (id: number | null) => void }) {
  const form = formOf(forms, value);
  if (forms.types.length < 2 && !leads.length) return null;
  const help = form && !lead ? say(form.help) : '';
  const choose = (chosen: string) => {
    const to = /^to:(\d+)$/.exec(chosen)?.[1];
    onLead(to ? Number(to) : null);
    if (!to) onChange({ ...value, type: chosen || null });
  };
  return (
    <div class="field">
      <label for="type">{t('forms.type')}</label>
      {help && <span class="hint" id="type-hint" dir="auto">{help}</span>}
      <select class="input" id="type" aria-describedby={help ? 'type-hint' : undefined} aria-invalid={fault('type') ? true : undefined} value={lead ? `to:${lead.id}` : form?.key ?? ''}
        onChange={(e) => choose(e.currentTarget.value)}>
        {forms.types.length ? forms.types.map((f) => <option key={f.key} value={f.key ?? ''}>{say(f.labels) || t('forms.ticket')}</option>) : <option value="">{t('forms.ticket')}</option>}
        {leads.length > 0 && (
          <optgroup label={t('forms.elsewhere')}>
            {leads.map((s) => <option key={s.id} value={`to:${s.id}`}>{t('forms.leads', { what: s.title, where: leadsTo(s) })}</option>)}
          </optgroup>
        )}
      </select>
    </div>
  );
}

const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;

export function Ask({ forms, value, onChange, onFill, fault }: Props & { onFill: (answers: Answers) => void }) {
  const form = formOf(forms, value);
  const all = form?.fields ?? [];
  const now = asked(all, value.answers);
  const done = complete(now.fields, now.answers);
  const set = (key: string, answer: Answer | undefined) => {
    const { [key]: old, ...rest } = value.answers;
    onChange({ ...value, answers: answer === undefined ? rest : { ...rest, [key]: answer } });
  };
  /* What the browser knows by itself is there at once, to be corrected. */
  const open = all.filter((f) => f.kind === 'facts' && value.answers[f.key] === undefined);
  useEffect(() => {
    if (open.length) onFill(Object.fromEntries(open.map((f) => [f.key, facts()])));
  }, [form, open.length > 0]);
  return (
    <>
      {now.fields.map((f) => (
        <FieldControl key={f.key} id={id(f.key)} field={f} value={now.answers[f.key]} onChange={(a) => set(f.key, a)} fault={fault(id(f.key))} />
      ))}
      {forms.priority && (
        <div class="field">
          <label for={id('priority')}>{t('forms.priority')}{!forms.priority.required && <span class="muted"> {t('forms.optional')}</span>}</label>
          <select class="input" id={id('priority')} aria-invalid={fault(id('priority')) ? true : undefined} value={String(value.answers['priority'] ?? '')} onChange={(e) => set('priority', e.currentTarget.value || undefined)}>
            <option value="">{t('forms.choose')}</option>
            {PRIORITIES.map((p) => <option key={p} value={p}>{t(`priority.${p}`)}</option>)}
          </select>
        </div>
      )}
      {done !== null && (
        <p class="muted">
          <label for="complete">{t('forms.meter')}</label> <meter id="complete" min={0} max={100} low={40} high={80} optimum={100} value={done} /> {t('forms.meter.value', { n: done })}
        </p>
      )}
    </>
  );
}
