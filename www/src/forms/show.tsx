/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A ticket's form: its type and answers, and changing what one may. */
import { useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot, holds } from '../lib/boot';
import { t } from '../lib/i18n';
import type { Changed, Priority } from '../lib/types';
import { withSheet, withTexts } from '../ui/area';
import { fieldText, Icon, problemText } from '../ui/parts';
import type { FormProps } from '../ui/ticket-form';
import { toast } from '../ui/toast';
import { asked, isAnswer, say, type Answer, type Answers, type Condition, type Field } from './data';
import { AnswerText, FieldControl } from './field';

interface Shown extends Field { value: Answer | null; can: boolean }
export interface TicketFormData {
  type: { key: string; labels: Record<string, string> } | null;
  types: { key: string; labels: Record<string, string> }[] | null;
  can: { type: boolean; priority: boolean };
  proposal: { priority: Priority; because: Condition | null } | null;
  fields: Shown[];
  people: Record<string, { name: string }>;
}

const PRIORITIES: Priority[] = ['low', 'normal', 'high', 'urgent'];
const given = (fields: Shown[]): Answers => Object.fromEntries(fields.flatMap((f) => (f.value === null || f.value === undefined ? [] : [[f.key, f.value]])));

/** Which answers a rule found, in words. */
function because(form: TicketFormData, rule: Condition): string {
  const words = (rule.all ?? rule.any ?? []).map(({ field, is }) => {
    const f = form.fields.find((x) => x.key === field);
    const said = is.map((v) => (typeof v === 'boolean' ? t(v ? 'forms.yes' : 'forms.no') : say(f?.options.find((o) => o.key === v)?.labels ?? { en: String(v) })));
    return `${f ? say(f.labels) : field}: ${new Intl.ListFormat(boot.lang, { type: 'disjunction' }).format(said)}`;
  });
  return new Intl.ListFormat(boot.lang, { type: rule.all ? 'conjunction' : 'disjunction' }).format(words);
}

function Edit({ form, number, r, priority, onDone, onClose }: { form: TicketFormData; number: number; r: FormProps['r']; priority: Priority | null; onDone: (f: TicketFormData) => void; onClose: () => void }) {
  const mine = form.fields.filter((f) => f.can);
  /* As they were when it was opened: what others change meanwhile is not taken back. */
  const [before, setBefore] = useState(() => ({ answers: given(form.fields), type: form.type?.key ?? '', level: priority ?? '' }));
  const [answers, setAnswers] = useState<Answers>(before.answers);
  const [type, setType] = useState(before.type);
  const [level, setLevel] = useState<string>(before.level);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const list = useRef<HTMLFormElement>(null);
  const open = asked(form.fields, answers).fields.filter((f) => f.can);

  const path = `/api/tickets/${number}`;

  /* What others made of the same fields stands beside what is meant here, and one says which it shall be. */
  const settle = async (met: Changed[]) => {
    const box = await withSheet(DIALOGS_CSS, withTexts(import('../ui/compare'), import('../gen/compare'))).catch(() => null);
    await r.load(true);
    const fresh = r.data.peek()?.ticket.form ?? form;
    const keyOf = (f: Changed) => f.field.replace(/^fields\./, '');
    /* In the order of the form. */
    const turn = (f: Changed) => form.fields.findIndex((x) => x.key === keyOf(f));
    const theirs = [...met].sort((a, b) => turn(a) - turn(b));
    const keys = theirs.map(keyOf);
    const names = { ...form.people, ...fresh.people };
    /* Whom one means is named by no answer yet. */
    for (const f of form.fields) {
      const id = answers[f.key];
      if (f.kind !== 'person' || typeof id !== 'number' || names[id] || !keys.includes(f.key)) continue;
      const found = await api<{ items: { id: number; name: string }[] }>('GET', `/api/members?person=${id}&ticket=${number}`, { quiet: true }).catch(() => null);
      for (const p of found?.items ?? []) names[p.id] = p;
    }
    const shown = (key: string, value: unknown) => {
      if (value === null || value === undefined || value === '') return null;
      if (key === 'priority') return t(`priority.${value as Priority}`);
      if (key === 'type') return <bdi>{say([...form.types ?? [], ...(fresh.type ? [fresh.type] : [])].find((y) => y.key === value)?.labels ?? { en: String(value) })}</bdi>;
      const field = fresh.fields.find((f) => f.key === key) ?? form.fields.find((f) => f.key === key);
      return field ? <AnswerText field={field} value={value as Answer} people={names} /> : null;
    };
    const label = (key: string) => (key === 'priority' ? t('forms.priority') : key === 'type' ? t('forms.type') : say(form.fields.find((f) => f.key === key)?.labels ?? { en: key }));
    const mine = (key: string) => (key === 'priority' ? level : key === 'type' ? type : answers[key]);
    const taken = box && await box.compare(t('compare.ticket', { number }), theirs.map((f, n) => ({ field: label(keys[n]!), mine: shown(keys[n]!, mine(keys[n]!)), theirs: shown(keys[n]!, f.now), who: f.who })));
    if (!taken) return setFaults(Object.fromEntries(keys.map((key) => [key, fieldText('changed')])));
    const base = { ...before, answers: { ...before.answers } };
    const now = { answers: { ...answers }, type, level };
    theirs.forEach((f, n) => {
      const key = keys[n]!;
      const sides = taken[n] === 'mine' ? [base] : [base, now];
      for (const side of sides) {
        if (key === 'type' || key === 'priority') side[key === 'type' ? 'type' : 'level'] = (f.now ?? '') as Priority;
        else if (f.now === null) delete side.answers[key];
        else side.answers[key] = f.now as Answer;
      }
    });
    setBefore(base);
    setAnswers(now.answers);
    setType(now.type);
    setLevel(now.level);
    await save(base, now);
  };

  const save = async (base = before, mean = { answers, type, level }) => {
    setBusy(true);
    const now = asked(form.fields, mean.answers).answers;
    const changed: Record<string, Answer | null> = {};
    for (const f of mine) {
      const a = now[f.key];
      if (JSON.stringify(a) === JSON.stringify(base.answers[f.key])) continue;
      /* What is asked no more the server lets go by itself. */
      if (isAnswer(a)) changed[f.key] = a as Answer;
      else if (asked(form.fields, mean.answers).fields.some((o) => o.key === f.key && o.can)) changed[f.key] = null;
    }
    if (form.can.type && mean.type !== base.type) changed['type'] = mean.type;
    if (form.can.priority && mean.level !== base.level) changed['priority'] = mean.level || null;
    const was = Object.fromEntries(Object.keys(changed).map((key) => [key, key === 'type' ? base.type || null : key === 'priority' ? base.level || null : base.answers[key] ?? null]));
    try {
      if (Object.keys(changed).length) onDone(await api<TicketFormData>('PATCH', `${path}/fields`, { body: { fields: changed, was, ...holds() } }));
      else onClose();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      const theirs = e.errors.filter((f): f is Changed => f.code === 'changed');
      if (theirs.length) await settle(theirs);
      else if (e.errors.length) setFaults(Object.fromEntries(e.errors.map((f) => [f.field.replace(/^fields\./, ''), fieldText(f.code)])));
      else toast(problemText(e));
      requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-invalid], .error')?.focus());
    }
    setBusy(false);
  };
  const choice = (key: 'type' | 'priority', label: string, value: string, set: (v: string) => void, options: [string, string][]) => (
    <div class="field">
      <label for={`edit.${key}`}>{label}</label>
      <select class="input" id={`edit.${key}`} value={value} aria-invalid={faults[key] ? true : undefined} onChange={(e) => set(e.currentTarget.value)}>
        {options.map(([v, text]) => <option key={v} value={v}>{text}</option>)}
      </select>
      {faults[key] && <span class="error"><Icon name="circle-alert" />{faults[key]}</span>}
    </div>
  );
  return (
    <form class="form" noValidate ref={list} onSubmit={(e) => { e.preventDefault(); if (!busy) void save(); }}>
      {form.can.type && form.types && choice('type', t('forms.type'), type, setType, [...(form.type ? [] : [['', t('forms.choose')] as [string, string]]), ...form.types.map((y): [string, string] => [y.key, say(y.labels)])])}
      {form.can.priority && choice('priority', t('forms.priority'), level, setLevel, [['', t('forms.choose')], ...PRIORITIES.map((p): [string, string] => [p, t(`priority.${p}`)])])}
      {open.map((f) => (
        <FieldControl key={f.key} id={`edit.${f.key}`} field={f} value={answers[f.key]} fault={faults[f.key]} ticket={number}
          onChange={(a) => {
            setAnswers(({ [f.key]: old, ...rest }) => (a === undefined ? rest : { ...rest, [f.key]: a }));
            setFaults(({ [f.key]: gone, ...rest }) => rest);
          }} />
      ))}
      <div class="form-end">
        <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('forms.save')}</button>
        <button class="btn btn-ghost" type="button" onClick={onClose}>{t('app.cancel')}</button>
      </div>
    </form>
  );
}

export default function Show({ page, r }: FormProps) {
  const [editing, setEditing] = useState(false);
  const head = useRef<HTMLHeadingElement>(null);
  const of = page.ticket;
  const form = of.form;
  if (!form) return null;
  /* At the desk the priority stands with the other properties. */
  const can = of.can.edit ? { ...form, can: { ...form.can, priority: false } } : form;
  const close = () => { setEditing(false); requestAnimationFrame(() => head.current?.focus()); };
  const put = (fresh: TicketFormData) => {
    const now = r.data.peek();
    if (now) r.set({ ...now, ticket: { ...now.ticket, form: fresh } });
    announce(t('forms.saved'));
    close();
    void r.load(true);
  };
  const shown = asked(form.fields, given(form.fields)).fields.filter((f) => f.can || isAnswer(f.value ?? undefined));
  const answered = form.fields.filter((f) => isAnswer(f.value ?? undefined));
  const open = shown.filter((f) => !answered.includes(f));
  return (
    <section class="side-form" aria-labelledby="form-title">
      <h2 id="form-title" tabIndex={-1} ref={head}>{form.type ? <bdi>{say(form.type.labels)}</bdi> : t('forms.title')}</h2>
      {form.proposal && <p class="notice">{t('forms.proposal', { priority: t(`priority.${form.proposal.priority}`), why: form.proposal.because ? because(form, form.proposal.because) : t('forms.proposal.rule') })}</p>}
      {editing ? <Edit form={can} number={of.number} r={r} priority={of.priority} onDone={put} onClose={close} /> : (
        <>
          {answered.length > 0 && <dl class="facts">
            {answered.map((f) => <div key={f.key}><dt dir="auto">{say(f.labels)}</dt><dd><AnswerText field={f} value={f.value} people={form.people} /></dd></div>)}
          </dl>}
          {open.length > 0 && (
            <details>
              <summary class="link">{t('forms.open', { n: open.length })}</summary>
              <ul role="list">{open.map((f) => <li key={f.key} dir="auto">{say(f.labels)}</li>)}</ul>
            </details>
          )}
          {(can.can.type || can.can.priority || form.fields.some((f) => f.can)) && (
            <button class="btn btn-wide" type="button" onClick={() => setEditing(true)}>{t('forms.edit')}</button>
          )}
        </>
      )}
    </section>
  );
}
