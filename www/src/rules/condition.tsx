/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A condition, made of parts that hold others. */
import { t } from '../lib/i18n';
import { Pick } from '../make/parts';
import { Icon } from '../ui/parts';
import { FIELDS, isLeaf, joinOf, newLeaf, opOf, opsOf, partsOf, type About, type Condition, type Leaf, type Op, type Value } from './data';
import { conditionLines, fieldName, valueName, valuesOf } from './words';

/** Words with commas between them. */
export const wordsIn = (text: string): string[] => text.split(/[,、，]/).map((x) => x.trim()).filter(Boolean);

/** Values that were chosen, each with its button; and the others. */
export function Values({ id, label, values, name, options, onChange }: { id: string; label: string; values: Value[]; name: (v: Value) => string; options: [Value, string][]; onChange: (v: Value[]) => void }) {
  const free = options.filter(([v]) => !values.includes(v));
  return (
    <div class="field rule-values">
      {values.length > 0 && (
        <ul class="rule-chips" role="list">
          {values.map((v, n) => <li key={String(v)}><bdi>{name(v)}</bdi><button class="btn btn-ghost btn-icon" type="button" aria-label={t('rules.remove', { what: name(v) })} onClick={() => { onChange(values.filter((_, i) => i !== n)); document.getElementById(id)?.focus(); }}><Icon name="x" /></button></li>)}
        </ul>
      )}
      <label for={id} class="visually-hidden">{label}</label>
      <select class="input" id={id} value="" onChange={(e) => { const o = free[Number(e.currentTarget.value)]; if (o) onChange([...values, o[0]]); e.currentTarget.value = ''; }}>
        <option value="">{t('rules.value.add')}</option>
        {free.map(([v, text], n) => <option key={String(v)} value={String(n)} dir="auto">{text}</option>)}
      </select>
    </div>
  );
}

function LeafEditor({ id, of, about, onChange }: { id: string; of: Leaf; about: About; onChange: (c: Leaf) => void }) {
  const fields = [...FIELDS.filter((f) => (f !== 'type' || about.choices.types.length) && (f !== 'team' || about.choices.teams.length) && (f !== 'plan' || about.choices.plans.length)), ...about.choices.fields.filter((f) => f.kind !== 'date' && f.kind !== 'person').map((f) => `fields.${f.key}`)];
  const ops = opsOf(of.field, about.choices);
  const op = opOf(of);
  return (
    <div class="make-line rule-leaf">
      <Pick id={`${id}-field`} label={t('rules.field')} value={of.field} options={fields.map((f) => [f, fieldName(f, about.choices)])} onChange={(field) => onChange(newLeaf(field, about.choices))} />
      {ops.length > 1 ? <Pick id={`${id}-op`} label={t('rules.op')} value={op} options={ops.map((o) => [o, t(`rules.op.${o}`)])} onChange={(o) => onChange(newLeaf(of.field, about.choices, o as Op))} />
        : <span class="rule-op">{t(`rules.op.${op}`)}</span>}
      {op === 'is' && of.field === 'tags' ? (
        <div class="field">
          <label for={`${id}-value`}>{t('rules.words')}</label>
          <input class="input" id={`${id}-value`} dir="auto" autocomplete="off" maxLength={800} value={(of.is ?? []).join(', ')} onChange={(e) => onChange({ field: of.field, is: wordsIn(e.currentTarget.value).map((x) => x.normalize('NFKC').toLowerCase()) })} />
        </div>
      ) : op === 'is' ? <Values id={`${id}-value`} label={`${fieldName(of.field, about.choices)}: ${t('rules.value.add')}`} values={of.is ?? []} options={valuesOf(of.field, about)} name={(v) => valueName(of.field, v, about)} onChange={(is) => onChange({ field: of.field, is })} />
        : op === 'has' ? (
          <div class="field">
            <label for={`${id}-value`}>{t('rules.words')}</label>
            <input class="input" id={`${id}-value`} dir="auto" autocomplete="off" maxLength={800} value={(of.has ?? []).join(', ')}
              onChange={(e) => onChange({ field: of.field, has: wordsIn(e.currentTarget.value) })} />
          </div>
        ) : (
          <div class="field">
            <label for={`${id}-value`}>{t('rules.value')}</label>
            <input class="input" id={`${id}-value`} type="number" step="any" value={String(of[op] ?? 0)} onInput={(e) => onChange({ field: of.field, [op]: Number(e.currentTarget.value) })} />
          </div>
        )}
    </div>
  );
}

/** Buttons that add one; which then has the focus. */
function Adds({ id, depth, about, onAdd }: { id: string; depth: number; about: About; onAdd: (c: Condition) => void }) {
  return (
    <div class="form-end">
      <button class="btn" type="button" id={`${id}-add`} onClick={() => onAdd(newLeaf('status', about.choices))}><Icon name="plus" />{t('rules.add')}</button>
      {depth < about.most.depth - 1 && <button class="btn btn-ghost" type="button" onClick={() => onAdd({ any: [newLeaf('status', about.choices)] })}><Icon name="plus" />{t('rules.add.group')}</button>}
    </div>
  );
}

export function ConditionEditor({ id, of, about, depth = 0, onChange }: { id: string; of: Condition; about: About; depth?: number; onChange: (c: Condition | null) => void }) {
  const negated = 'not' in of;
  const bare = negated ? of.not : of;
  const put = (c: Condition | null) => onChange(c && negated ? { not: c } : c);
  const join = joinOf(bare);
  const parts = partsOf(bare);
  const wrap = (list: Condition[], j = join ?? 'all'): Condition => (j === 'any' ? { any: list } : { all: list });
  const what = isLeaf(bare) ? conditionLines(bare, about)[0]!.trim() : t(`rules.${join ?? 'all'}`);
  const remove = () => { onChange(null); requestAnimationFrame(() => document.getElementById(`${id.replace(/-\d+$/, '')}-add`)?.focus()); };
  const bar = (
    <div class="rule-bar">
      {depth < about.most.depth - (isLeaf(bare) ? 0 : 1) && <label class="check"><input type="checkbox" checked={negated} onChange={(e) => onChange(e.currentTarget.checked ? { not: bare } : bare)} />{t('rules.not')}</label>}
      <button class="btn btn-ghost btn-icon" type="button" aria-label={t('rules.remove', { what })} onClick={remove}><Icon name="trash-2" /></button>
    </div>
  );
  if (isLeaf(bare)) return <div class="rule-part" role="group" aria-label={what}><LeafEditor id={id} of={bare} about={about} onChange={put} />{bar}</div>;
  const inner = depth + (negated ? 1 : 0);
  return (
    <fieldset class="rule-group" data-not={negated ? '' : undefined}>
      <legend class="visually-hidden">{what}</legend>
      <div class="rule-part">
        <Pick id={`${id}-join`} label={t('rules.join')} value={join ?? 'all'} options={[['all', t('rules.all')], ['any', t('rules.any')]]} onChange={(j) => put(wrap(parts, j as 'all'))} />
        {bar}
      </div>
      <ul role="list" class="rule-parts">
        {parts.map((p, n) => (
          <li key={n}><ConditionEditor id={`${id}-${n}`} of={p} about={about} depth={inner + 1} onChange={(c) => { const rest = c ? parts.map((x, i) => (i === n ? c : x)) : parts.filter((_, i) => i !== n); put(rest.length ? wrap(rest) : null); }} /></li>
        ))}
      </ul>
      <Adds id={id} depth={inner} about={about} onAdd={(c) => { put(wrap([...parts, c])); requestAnimationFrame(() => document.getElementById(`${id}-${parts.length}-${isLeaf(c) ? 'field' : 'join'}`)?.focus()); }} />
    </fieldset>
  );
}

/** The whole: nothing at first. */
export function WholeCondition({ id, of, about, onChange }: { id: string; of: Condition | null; about: About; onChange: (c: Condition | null) => void }) {
  if (of) return <ConditionEditor id={id} of={joinOf(of) || 'not' in of ? of : { all: [of] }} about={about} onChange={onChange} />;
  return (
    <>
      <p class="muted">{t('rules.always')}</p>
      <Adds id={id} depth={about.most.depth} about={about} onAdd={(c) => { onChange({ all: [c] }); requestAnimationFrame(() => document.getElementById(`${id}-0-field`)?.focus()); }} />
    </>
  );
}
