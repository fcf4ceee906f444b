/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A rule as it is written: when, if, then. */
import { useEffect, useState } from 'preact/hooks';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { Pick, TextsField } from '../make/parts';
import { Icon } from '../ui/parts';
import { Values, WholeCondition, wordsIn } from './condition';
import { ACTIONS, BYS, CLOCKS, DUES, EVENTS, TIMES, UNITS, type About, type Action, type Rule, type Value, type When } from './data';
import { toName, unitOf, valuesOf } from './words';

const pairs = <T extends string>(of: readonly T[], text: (v: T) => string): [string, string][] => of.map((v) => [v, text(v)]);

/** So many minutes, hours or days. */
function Amount({ id, value, least, onChange }: { id: string; value: number; least: number; onChange: (minutes: number) => void }) {
  const [unit, setUnit] = useState(() => unitOf(value));
  return (
    <>
      <div class="field">
        <label for={id}>{t('rules.amount')}</label>
        <input class="input" id={id} type="number" min={least} max={Math.floor(525600 / unit)} step={1} value={String(value / unit)} onInput={(e) => onChange(Math.round(Number(e.currentTarget.value) * unit))} />
      </div>
      <Pick id={`${id}-unit`} label={t('rules.unit')} value={String(unit)} options={UNITS.map((u) => [String(u), t(`rules.unit.${u}`)])} onChange={(u) => { onChange(Math.round(value / unit) * Number(u)); setUnit(Number(u)); }} />
    </>
  );
}

function WhenEditor({ of, onChange }: { of: When; onChange: (w: When) => void }) {
  const kind = of.event ?? `time.${of.time}`;
  const due = DUES.find((d) => of[d] !== undefined) ?? 'before';
  const choose = (k: string) => onChange(!k.startsWith('time.') ? { event: k, by: 'any' } : k === 'time.due' ? { time: 'due', clock: 'first', used: 75 } : { time: k.slice(5), minutes: 1440, counted: 'open' });
  const put = (how: string, n: number) => onChange({ time: 'due', clock: of.clock ?? 'first', [how]: n });
  return (
    <fieldset class="field rule-when">
      <legend class="visually-hidden">{t('rules.when')}</legend>
      <div class="make-line">
        <Pick id="rule-when" label={t('rules.when')} value={kind} onChange={choose} options={[...pairs(EVENTS, (e) => t(`rules.event.${e}`)), ...TIMES.map((x): [string, string] => [`time.${x}`, t(`rules.time.${x}`)])]} />
        {of.event && <Pick id="rule-by" label={t('rules.by')} value={of.by ?? 'any'} onChange={(by) => onChange({ ...of, by })} options={pairs(BYS, (b) => t(`rules.by.${b}`))} />}
        {of.time && of.time !== 'due' && <>
          <Amount id="rule-amount" value={of.minutes ?? 60} least={1} onChange={(minutes) => onChange({ ...of, minutes })} />
          <Pick id="rule-counted" label={t('rules.counted')} value={of.counted ?? 'all'} onChange={(counted) => onChange({ ...of, counted })} options={pairs(['open', 'all'] as const, (c) => t(`rules.counted.${c}`))} />
        </>}
        {of.time === 'due' && <>
          <Pick id="rule-clock" label={t('rules.clock')} value={of.clock ?? 'first'} onChange={(clock) => onChange({ ...of, clock })} options={pairs(CLOCKS, (c) => t(`levels.kind.${c}`))} />
          <Pick id="rule-due" label={t('rules.op')} value={due} onChange={(d) => put(d, d === 'used' ? 75 : 60)} options={pairs(DUES, (d) => t(`rules.due.${d}`))} />
          {due === 'used'
            ? <div class="field"><label for="rule-used">{t('rules.percent')}</label><input class="input" id="rule-used" type="number" min={1} max={99} value={String(of.used ?? 75)} onInput={(e) => put('used', Number(e.currentTarget.value))} /></div>
            : <Amount key={due} id="rule-amount" value={of[due] ?? 60} least={due === 'after' ? 0 : 1} onChange={(n) => put(due, n)} />}
        </>}
      </div>
    </fieldset>
  );
}

const fresh = (what: string, about: About): Action =>
  (what === 'status' ? { status: 'in_progress' } : what === 'priority' ? { priority: 'high' } : what === 'assignee' ? { assignee: null } : what === 'team' ? { team: about.choices.teams[0]?.id ?? null } : what === 'tags' ? { tags: { add: [] } } : what === 'note' ? { note: '' } : what === 'reply' ? { reply: {} }
    : what === 'mail' ? { mail: { to: ['assignee'], text: '' } } : what === 'follow' ? { follow: about.choices.staff[0]?.id ?? 0 } : { level: 1 });

function ActionEditor({ id, of, about, onChange }: { id: string; of: Action; about: About; onChange: (a: Action) => void }) {
  const what = Object.keys(of)[0] as (typeof ACTIONS)[number];
  const label = t(`rules.do.${what}`);
  const help = t('rules.text.help', { n: what === 'mail' ? 500 : about.most.text, list: what === 'mail' ? '–' : new Intl.ListFormat(boot.lang).format(about.placeholders.map((p) => `{${p}}`)) });
  if (what === 'reply') return <div><TextsField id={id} legend={label} languages={about.languages} value={of.reply ?? {}} max={about.most.text} long onChange={(reply) => onChange({ reply })} /><small class="muted rule-help">{help}</small></div>;
  if (what === 'note') {
    return (
      <div class="field">
        <label for={id}>{label}</label>
        <textarea class="input" id={id} dir="auto" rows={3} maxLength={about.most.text} aria-describedby={`${id}-help`} value={of.note} onInput={(e) => onChange({ note: e.currentTarget.value })} />
        <span class="hint rule-help" id={`${id}-help`}>{help}</span>
      </div>
    );
  }
  if (what === 'mail') {
    const mail = of.mail!;
    const options: [Value, string][] = [...(['assignee', 'agents', 'key_account', ...(about.choices.teams.length ? ['team'] as const : [])] as const).map((x): [Value, string] => [x, t(`rules.to.${x}`)]),
      ...about.choices.teams.map((g): [Value, string] => [`team:${g.id}`, t('rules.to.team.of', { name: g.name })]), ...about.choices.staff.map((s): [Value, string] => [s.id, s.name])];
    return (
      <fieldset class="field">
        <legend class="label">{label}</legend>
        <Values id={`${id}-to`} label={t('rules.to')} values={mail.to} options={options} name={(v) => toName(v, about.choices)} onChange={(to) => onChange({ mail: { ...mail, to: to as (string | number)[] } })} />
        <div class="field"><label for={id}>{t('rules.text')}</label><textarea class="input" id={id} dir="auto" rows={2} maxLength={500} value={mail.text} onInput={(e) => onChange({ mail: { ...mail, text: e.currentTarget.value } })} /></div>
      </fieldset>
    );
  }
  if (what === 'tags') {
    const tags = of.tags ?? {};
    return (
      <fieldset class="field">
        <legend class="label">{label}</legend>
        {(['add', 'remove'] as const).map((k) => (
          <div class="field" key={k}>
            <label for={k === 'add' ? id : `${id}-${k}`}>{t(`rules.tags.${k}`)}</label>
            <input class="input" id={k === 'add' ? id : `${id}-${k}`} dir="auto" autocomplete="off" maxLength={800} value={(tags[k] ?? []).join(', ')} onChange={(e) => { const list = wordsIn(e.currentTarget.value); const { [k]: _, ...rest } = tags; onChange({ tags: list.length ? { ...rest, [k]: list } : rest }); }} />
          </div>
        ))}
      </fieldset>
    );
  }
  const field = what === 'follow' ? 'assignee' : what;
  const values = valuesOf(field, about).filter(([v]) => !(what === 'follow' && v === null) && v !== 'closed_escalated');
  const now = of[what] as Value;
  return <Pick id={id} label={label} value={String(values.findIndex(([v]) => v === now))} options={values.map(([, text], n) => [String(n), text])} onChange={(n) => { const o = values[Number(n)]; if (o) onChange({ [what]: o[0] } as Action); }} />;
}

export function RuleEditor({ name: first, rule, about, fault, onSave, onChange }: { name: string; rule: Rule; about: About; fault: string; onSave: (name: string, rule: Rule) => Promise<unknown>; onChange: (rule: Rule) => void }) {
  const [name, setName] = useState(first);
  const [now, setNow] = useState(rule);
  const run = useOne();
  const set = (more: Partial<Rule>) => setNow({ ...now, ...more });
  useEffect(() => onChange(now), [now]);
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void run(() => onSave(name.trim(), now)); }}>
      <div class="field">
        <label for="rule-name">{t('rules.name')}</label>
        <input class="input" id="rule-name" dir="auto" autocomplete="off" maxLength={80} value={name} onInput={(e) => setName(e.currentTarget.value)} />
      </div>
      <WhenEditor of={now.when} onChange={(when) => set({ when })} />
      <fieldset class="field">
        <legend class="label rule-head">{t('rules.if')}</legend>
        <WholeCondition id="rule-if" of={now.if} about={about} onChange={(c) => set({ if: c })} />
      </fieldset>
      <fieldset class="field">
        <legend class="label rule-head">{t('rules.do')}</legend>
        <ol role="list" class="rule-parts">
          {now.do.map((a, n) => (
            <li class="rule-part" key={n}>
              <ActionEditor key={Object.keys(a)[0]} id={`rule-do-${n}`} of={a} about={about} onChange={(x) => set({ do: now.do.map((y, i) => (i === n ? x : y)) })} />
              <button class="btn btn-ghost btn-icon" type="button" aria-label={t('rules.remove', { what: t(`rules.do.${Object.keys(a)[0] as 'note'}`) })}
                onClick={() => { set({ do: now.do.filter((_, i) => i !== n) }); document.getElementById('rule-do-add')?.focus(); }}><Icon name="trash-2" /></button>
            </li>
          ))}
        </ol>
        {now.do.length < about.most.actions && (
          <Pick id="rule-do-add" label={t('rules.do.add')} value="" options={[['', '–'], ...ACTIONS.filter((a) => (a !== 'follow' || about.choices.staff.length) && (a !== 'team' || about.choices.teams.length)).map((a): [string, string] => [a, t(`rules.do.${a}`)])]}
            onChange={(what) => { if (!what) return; const n = now.do.length; set({ do: [...now.do, fresh(what, about)] }); requestAnimationFrame(() => (document.getElementById(`rule-do-${n}`) ?? document.getElementById(`rule-do-${n}-${boot.lang}`))?.focus()); }} />
        )}
      </fieldset>
      {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
      <div class="form-end"><button class="btn btn-primary" type="submit">{t('rules.save')}</button></div>
    </form>
  );
}
