/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One type: what it is called, what it asks in which order, what its answers propose. */
import { useState } from 'preact/hooks';
import { say, type Condition } from '../forms/data';
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import { nameOf, type Asked, type Made, type MadeType, type Rule, type Send } from './data';
import { ConditionField, Ordered, Pick, TextsField } from './parts';

const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
const OPENERS = ['account_admin', 'portal_admin', 'main_user', 'member', 'support_user'] as const;
const path = (type: MadeType) => `/api/types/${type.key}`;

/** How one field is asked in it. */
function AskedField({ made, type, of, send }: { made: Made; type: MadeType; of: Asked; send: Send }) {
  const [draft, setDraft] = useState(of);
  const id = `ask-${of.field}`;
  const save = () => send('POST', `${path(type)}/fields`, { field: of.field, required: draft.required, weight: draft.weight, condition: draft.condition ?? {} }, t('make.saved'));
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <label class="check"><input type="checkbox" checked={draft.required} onChange={(e) => setDraft({ ...draft, required: e.currentTarget.checked })} />{t('make.required')}</label>
      <Pick id={`${id}-weight`} label={t('make.weight')} value={String(draft.weight)} options={Array.from({ length: 11 }, (_, n): [string, string] => [String(n), String(n)])} onChange={(w) => setDraft({ ...draft, weight: Number(w) })} />
      <ConditionField id={id} made={made} among={type.fields.map((f) => f.field).filter((f) => f !== of.field)} value={draft.condition} onChange={(condition) => setDraft({ ...draft, condition })} />
      <div class="form-end">
        <button class="btn btn-primary" type="submit">{t('forms.save')}</button>
        <button class="btn btn-ghost" type="button" onClick={() => void send('DELETE', `${path(type)}/fields/${of.field}`, undefined, t('make.taken_out', { what: nameOf(made, of.field) }))}>{t('make.take_out')}</button>
      </div>
    </form>
  );
}

/** Which answers propose which priority: the first that holds. */
function Rules({ made, type, send }: { made: Made; type: MadeType; send: Send }) {
  const [rules, setRules] = useState<{ condition: Condition | null; priority: Rule['priority'] }[]>(type.rules);
  const put = (n: number, rule: { condition: Condition | null; priority: Rule['priority'] } | null) =>
    setRules(rules.flatMap((r, i) => (i !== n ? [r] : rule ? [rule] : [])));
  const whole = rules.filter((r) => r.condition);
  return (
    <details>
      <summary>{t('make.rules', { n: type.rules.length })}</summary>
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void send('PATCH', path(type), { rules: whole }, t('make.saved')); }}>
        <p class="muted">{t('make.rules.hint')}</p>
        {rules.map((r, n) => (
          <div class="make-list" key={n}>
            <ConditionField id={`rule-${n}`} made={made} among={type.fields.map((f) => f.field)} value={r.condition} none={t('forms.choose')} onChange={(condition) => put(n, { ...r, condition })} />
            <Pick id={`rule-${n}-priority`} label={t('forms.priority')} value={r.priority} options={PRIORITIES.map((p) => [p, t(`priority.${p}`)])} onChange={(p) => put(n, { ...r, priority: p as Rule['priority'] })} />
            <div><button class="btn btn-ghost" type="button" onClick={() => put(n, null)}><Icon name="x" />{t('make.rules.remove')}</button></div>
          </div>
        ))}
        <div class="form-end">
          <button class="btn btn-primary" type="submit">{t('forms.save')}</button>
          {rules.length < 20 && <button class="btn" type="button" onClick={() => setRules([...rules, { condition: null, priority: 'high' }])}><Icon name="plus" />{t('make.rules.add')}</button>}
        </div>
      </form>
    </details>
  );
}

function About({ made, type, send }: { made: Made; type: MadeType; send: Send }) {
  const [draft, setDraft] = useState({ labels: type.labels, help: type.help, is_problem: type.is_problem, roles: type.roles });
  const role = (r: string, on: boolean) => setDraft({ ...draft, roles: on ? [...draft.roles, r] : draft.roles.filter((x) => x !== r) });
  return (
    <details>
      <summary>{t('make.type.about')}</summary>
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void send('PATCH', path(type), draft, t('make.saved')); }}>
        <TextsField id="type-label" legend={t('make.label')} languages={made.languages} value={draft.labels} max={120} onChange={(labels) => setDraft({ ...draft, labels })} />
        <TextsField id="type-help" legend={t('make.help')} languages={made.languages} value={draft.help} max={600} long onChange={(help) => setDraft({ ...draft, help })} />
        <label class="check"><input type="checkbox" checked={draft.is_problem} onChange={(e) => setDraft({ ...draft, is_problem: e.currentTarget.checked })} />{t('make.type.problem')}</label>
        <fieldset class="field">
          <legend class="label">{t('make.type.roles')}</legend>
          {OPENERS.map((r) => <label class="check" key={r}><input type="checkbox" checked={draft.roles.includes(r)} onChange={(e) => role(r, e.currentTarget.checked)} />{t(`settings.role.${r}`)}</label>)}
        </fieldset>
        <div class="form-end">
          <button class="btn btn-primary" type="submit">{t('forms.save')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => void send('PATCH', path(type), { archived: !type.archived }, t('make.saved'))}>{type.archived ? t('make.restore') : t('make.archive')}</button>
        </div>
      </form>
    </details>
  );
}

export function TypeCard({ made, type, send }: { made: Made; type: MadeType; send: Send }) {
  const [add, setAdd] = useState('');
  const keys = type.fields.map((f) => f.field);
  const free = made.fields.filter((f) => !f.archived && !keys.includes(f.key));
  const order = async (next: string[], moved: string) => {
    await send('PATCH', path(type), { order: next }, t('make.moved', { what: nameOf(made, moved), n: next.indexOf(moved) + 1 }));
    document.getElementById(`${next.indexOf(moved) > keys.indexOf(moved) ? 'down' : 'up'}-${moved}`)?.focus();
  };
  return (
    <section class="card" aria-labelledby="type-name">
      <h2 id="type-name"><bdi>{say(type.labels)}</bdi> <small class="muted">{(type.used < 100 ? t('make.used', { n: type.used }) : t('make.used.many'))}{type.archived && ` · ${t('make.archived')}`}</small></h2>
      <About key={`about-${type.key}-${JSON.stringify(type.labels)}`} made={made} type={type} send={send} />
      {keys.length ? (
        <Ordered keys={keys} name={(key) => nameOf(made, key)} onOrder={(next, moved) => void order(next, moved)} row={(key) => {
          const a = type.fields.find((f) => f.field === key) as Asked;
          const f = made.fields.find((x) => x.key === key);
          const notes = [f && t(`make.kind.${f.kind}`), a.required && t('make.required'), a.condition && t('make.conditional'), f?.archived && t('make.archived')].filter(Boolean).join(' · ');
          return { head: <><bdi>{nameOf(made, key)}</bdi><small class="muted">{notes}</small></>, body: <AskedField key={JSON.stringify(a)} made={made} type={type} of={a} send={send} /> };
        }} />
      ) : <p class="muted">{t('make.type.empty')}</p>}
      {free.length > 0 && (
        <form class="make-line" onSubmit={(e) => { e.preventDefault(); if (add) void send('POST', `${path(type)}/fields`, { field: add }, t('make.added', { what: nameOf(made, add) })).then(() => setAdd('')); }}>
          <Pick id="add-field" label={t('make.add')} value={add} options={[['', t('forms.choose')], ...free.map((f): [string, string] => [f.key, say(f.labels)])]} onChange={setAdd} />
          <button class="btn" type="submit"><Icon name="plus" />{t('make.add.button')}</button>
        </form>
      )}
      <Rules key={`rules-${type.key}-${type.rules.length}`} made={made} type={type} send={send} />
    </section>
  );
}
