/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where administrators keep the service level: each save is a version, which holds from then on. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../forms/data';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import type { Priority } from '../lib/types';
import { keyFor } from '../make/data';
import { TextsField } from '../make/parts';
import { Failed, fieldText, Heading, Icon, Prio, problemText, Skeleton } from '../ui/parts';
import { Simulate } from './simulate';
import { GRADES, KINDS, PRIORITIES, type Body, type Kind, type Plan } from './data';

interface Kept {
  languages: string[];
  newest: number | null;
  version: number | null;
  body: Body | null;
  calendars: { id: number; name: string }[];
  versions: { version: number; since: string; author: string | null }[];
}
type Faults = Record<string, string>;

const target = (first: number, next: number, resolution: number) => ({ first, next, resolution, calendar: null });
const begin = (): Body => ({
  shown: false, escalated_runs: false, warn: 60,
  priorities: {}, matrix: {},
  plans: [{ key: 'standard', names: { en: 'Standard' }, targets: { urgent: target(60, 120, 480), high: target(240, 480, 1440), normal: target(480, 960, 4800), low: target(1440, 2880, 9600) } }],
});

/** 270 ↔ '4:30'. What can't be read as a time is sent as it is, and refused by its field. */
const shown = (minutes: number | undefined): string => (minutes === undefined ? '' : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`);
export function read(text: string): number | undefined {
  const part = /^\s*(\d{1,5})(?::([0-5]\d))?\s*$/.exec(text);
  return part ? Number(part[1]) * 60 + Number(part[2] ?? 0) : text.trim() === '' ? undefined : NaN;
}

function Time({ id, label, value, fault, onChange }: { id: string; label: string; value: number | undefined; fault: string | undefined; onChange: (minutes: number | undefined) => void }) {
  const [text, setText] = useState(shown(value));
  const wrong = fault ?? (Number.isNaN(read(text)) ? t('keep.time.wrong') : undefined);
  return (
    <span class="levels-cell">
      <input class="input" id={id} dir="ltr" autocomplete="off" maxLength={8} aria-label={label} aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? `${id}-fault` : undefined}
        value={text} onInput={(e) => { setText(e.currentTarget.value); onChange(read(e.currentTarget.value)); }} />
      {wrong && <span class="error" id={`${id}-fault`}>{wrong}</span>}
    </span>
  );
}

function PlanCard({ plan, n, kept, faults, first, onChange, onRemove }: { plan: Plan; n: number; kept: Kept; faults: Faults; first: boolean; onChange: (plan: Plan) => void; onRemove: () => void }) {
  const name = say(plan.names);
  const put = (p: Priority, change: object) => onChange({ ...plan, targets: { ...plan.targets, [p]: { ...plan.targets[p], ...change } } });
  const time = (p: Priority, k: Kind, minutes: number | undefined) => {
    const { [k]: old, ...rest } = plan.targets[p] ?? {};
    onChange({ ...plan, targets: { ...plan.targets, [p]: minutes === undefined ? rest : { ...rest, [k]: minutes } } });
  };
  return (
    <section class="card form" aria-labelledby={`plan-${n}`}>
      <h2 id={`plan-${n}`} tabIndex={-1} dir="auto">{t('levels.plan', { plan: name })}</h2>
      <p class="muted">{first ? t('keep.plan.first') : t('keep.plan.other')}</p>
      <TextsField id={`plan-${n}-name`} legend={t('keep.plan.name')} languages={kept.languages} value={plan.names} max={80} onChange={(names) => onChange({ ...plan, names })} />
      {(faults[`plans.${n}.names`] ?? faults[`plans.${n}.key`]) && <p class="error">{faults[`plans.${n}.names`] ?? faults[`plans.${n}.key`]}</p>}
      <p class="hint" id={`plan-${n}-hint`}>{t('keep.time.hint')}</p>
      <table class="levels-table" data-edit="" aria-describedby={`plan-${n}-hint`}>
        <caption class="visually-hidden">{t('levels.plan', { plan: name })}</caption>
        <thead><tr><th scope="col">{t('levels.priority')}</th>{KINDS.map((k) => <th scope="col" key={k}>{t(`levels.kind.${k}`)}</th>)}<th scope="col">{t('levels.counted')}</th></tr></thead>
        <tbody>
          {PRIORITIES.map((p) => {
            const at = `plans.${n}.targets.${p}`;
            return (
              <tr key={p}>
                <th scope="row"><Prio priority={p} text={t(`priority.${p}`)} /></th>
                {KINDS.map((k) => (
                  <td key={k} data-label={t(`levels.kind.${k}`)}>
                    <Time id={`t-${n}-${p}-${k}`} label={`${t(`priority.${p}`)}: ${t(`levels.kind.${k}`)}`} value={plan.targets[p]?.[k]} fault={faults[`${at}.${k}`]} onChange={(m) => time(p, k, m)} />
                  </td>
                ))}
                <td data-label={t('levels.counted')}>
                  <select class="input" id={`t-${n}-${p}-calendar`} aria-label={`${t(`priority.${p}`)}: ${t('levels.counted')}`} aria-invalid={faults[`${at}.calendar`] ? true : undefined}
                    value={String(plan.targets[p]?.calendar ?? '')} onChange={(e) => put(p, { calendar: e.currentTarget.value ? Number(e.currentTarget.value) : null })}>
                    <option value="">{t('levels.always')}</option>
                    {kept.calendars.map((c) => <option key={c.id} value={String(c.id)}>{c.name}</option>)}
                  </select>
                  {faults[`${at}.calendar`] && <span class="error">{faults[`${at}.calendar`]}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {!first && <div class="form-end"><button class="btn" type="button" aria-label={t('keep.plan.remove.of', { plan: name })} onClick={onRemove}><Icon name="trash-2" />{t('keep.plan.remove')}</button></div>}
    </section>
  );
}

function Meanings({ body, kept, faults, set }: { body: Body; kept: Kept; faults: Faults; set: (body: Body) => void }) {
  const put = (p: Priority, change: object) => set({ ...body, priorities: { ...body.priorities, [p]: { ...body.priorities[p], ...change } } });
  return (
    <section class="card form" aria-labelledby="keep-means">
      <h2 id="keep-means">{t('levels.means')}</h2>
      <p class="muted">{t('keep.means.text')}</p>
      {PRIORITIES.map((p) => (
        <details key={p} open={Boolean(faults[`priorities.${p}.definition`] ?? faults[`priorities.${p}.examples`])}>
          <summary><Prio priority={p} text={t(`priority.${p}`)} /> <span class="muted" dir="auto">{say(body.priorities[p]?.definition ?? {}).slice(0, 80)}</span></summary>
          <div class="form">
            <TextsField id={`def-${p}`} legend={t('keep.definition')} languages={kept.languages} value={body.priorities[p]?.definition ?? {}} max={600} long onChange={(definition) => put(p, { definition })} />
            <TextsField id={`ex-${p}`} legend={t('levels.examples')} languages={kept.languages} value={body.priorities[p]?.examples ?? {}} max={1000} long onChange={(examples) => put(p, { examples })} />
          </div>
        </details>
      ))}
    </section>
  );
}

function MatrixCard({ body, set }: { body: Body; set: (body: Body) => void }) {
  const on = Object.keys(body.matrix).length > 0;
  const fresh = () => Object.fromEntries(GRADES.map((i, a) => [i, Object.fromEntries(GRADES.map((u, b) => [u, PRIORITIES[Math.min(a + b, 3)]]))])) as Body['matrix'];
  return (
    <section class="card form" aria-labelledby="keep-matrix">
      <h2 id="keep-matrix">{t('levels.matrix')}</h2>
      <label class="check"><input type="checkbox" checked={on} onChange={(e) => set({ ...body, matrix: e.currentTarget.checked ? fresh() : {} })} />{t('keep.matrix.on')}</label>
      {on && (
        <table class="levels-table" data-edit="" data-grid="">
          <caption>{t('levels.matrix.text')}</caption>
          <thead><tr><th scope="col">{t('levels.impact')}</th>{GRADES.map((u) => <th scope="col" key={u}>{t('levels.urgency.of', { grade: t(`levels.grade.${u}`) })}</th>)}</tr></thead>
          <tbody>
            {GRADES.map((i) => (
              <tr key={i}>
                <th scope="row">{t(`levels.grade.${i}`)}</th>
                {GRADES.map((u) => (
                  <td key={u} data-label={t('levels.urgency.of', { grade: t(`levels.grade.${u}`) })}>
                    <select class="input" id={`m-${i}-${u}`} aria-label={`${t('levels.impact')} ${t(`levels.grade.${i}`)}, ${t('levels.urgency.of', { grade: t(`levels.grade.${u}`) })}`} value={body.matrix[i]?.[u] ?? 'normal'}
                      onChange={(e) => set({ ...body, matrix: { ...body.matrix, [i]: { ...body.matrix[i], [u]: e.currentTarget.value as Priority } } })}>
                      {PRIORITIES.map((p) => <option key={p} value={p}>{t(`priority.${p}`)}</option>)}
                    </select>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Rules({ body, faults, set }: { body: Body; faults: Faults; set: (body: Body) => void }) {
  return (
    <section class="card form" aria-labelledby="keep-rules">
      <h2 id="keep-rules">{t('keep.rules')}</h2>
      <div class="field">
        <label for="warn">{t('keep.warn')}</label>
        <span class="hint" id="warn-hint">{t('keep.warn.hint')}</span>
        <Warn value={body.warn} fault={faults['warn']} onChange={(warn) => set({ ...body, warn })} />
      </div>
      <label class="check"><input type="checkbox" id="shown" checked={body.shown} onChange={(e) => set({ ...body, shown: e.currentTarget.checked })} />{t('keep.shown')}</label>
      <label class="check"><input type="checkbox" id="escalated" checked={body.escalated_runs} onChange={(e) => set({ ...body, escalated_runs: e.currentTarget.checked })} />{t('keep.escalated')}</label>
    </section>
  );
}

function Warn({ value, fault, onChange }: { value: number; fault: string | undefined; onChange: (minutes: number) => void }) {
  const [text, setText] = useState(shown(value));
  return (
    <>
      <input class="input" id="warn" dir="ltr" autocomplete="off" maxLength={8} aria-describedby={fault ? 'warn-hint warn-fault' : 'warn-hint'} aria-invalid={fault ? true : undefined} value={text}
        onInput={(e) => { setText(e.currentTarget.value); onChange(read(e.currentTarget.value) ?? 0); }} />
      {fault && <span class="error" id="warn-fault">{fault}</span>}
    </>
  );
}

function Versions({ kept, show }: { kept: Kept; show: (version: number) => void }) {
  if (!kept.versions.length) return null;
  return (
    <section class="card" aria-labelledby="keep-versions">
      <h2 id="keep-versions">{t('keep.versions')}</h2>
      <ul class="contacts" role="list">
        {kept.versions.map((v) => (
          <li key={v.version}>
            <span>{t('keep.version', { n: v.version, time: dateTime(v.since) })}{v.author && <> · <bdi>{v.author}</bdi></>}</span>{' '}
            {v.version !== kept.version && <button class="link" type="button" aria-label={t('keep.version.show.of', { n: v.version })} onClick={() => show(v.version)}>{t('keep.version.show')}</button>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export default function Keep() {
  const [kept, setKept] = useState<Kept | null>(null);
  const [body, setBody] = useState<Body>(begin);
  const [turn, setTurn] = useState(0);
  const [faults, setFaults] = useState<Faults>({});
  const [wrong, setWrong] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const summary = useRef<HTMLParagraphElement>(null);
  const run = useOne();
  const take = (k: Kept) => { setKept(k); setBody(k.body ?? begin()); setTurn((n) => n + 1); setFaults({}); setWrong(''); };
  const load = (version?: number) => {
    setProblem(null);
    const first = version === undefined ? takeRoute<Kept>() : null;
    if (first?.versions) return take(first);
    api<Kept>('GET', `/api/service-levels${version ? `?version=${version}` : ''}`).then(take, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(() => load(), []);
  useEffect(() => { if (wrong) summary.current?.focus(); }, [wrong]);
  if (!kept) return <><Heading text={t('keep.title')} />{problem ? <Failed problem={problem} retry={() => load()} /> : <Skeleton rows={6} />}</>;

  const save = () => run(async () => {
    setFaults({});
    setWrong('');
    try {
      take(await api<Kept>('POST', '/api/service-levels', { body: { table: body, based: kept.newest ?? 0 } }));
      announce(t('keep.saved'));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFaults(Object.fromEntries(e.errors.map((f) => [f.field, f.code === 'range' ? t(f.field === 'warn' ? 'keep.warn.range' : 'keep.time.range') : f.code === 'type' ? t('keep.time.wrong') : fieldText(f.code)])));
      setWrong(e.errors.length ? t('keep.wrong', { n: e.errors.length }) : problemText(e));
    }
  });
  const plans = (next: Plan[]) => setBody({ ...body, plans: next });
  const old = kept.version !== null && kept.version !== kept.newest;
  return (
    <>
      <Heading text={t('keep.title')} />
      <p class="muted">{t('keep.lead')} <a class="link" href="/agent/service-level">{t('keep.as_read')}</a></p>
      {wrong && <p class="error" ref={summary} tabIndex={-1} role="alert"><Icon name="circle-alert" />{wrong}</p>}
      {old && <p class="notice" data-tone="warn">{t('keep.old', { n: kept.version ?? 0 })}</p>}
      {kept.newest === null && <p class="notice">{t('keep.none')}</p>}
      <form class="form" key={turn} noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
        {body.plans.map((p, n) => (
          <PlanCard key={p.key} plan={p} n={n} kept={kept} faults={faults} first={n === 0}
            onChange={(next) => plans(body.plans.map((x, i) => (i === n ? next : x)))} onRemove={() => plans(body.plans.filter((_, i) => i !== n))} />
        ))}
        {body.plans.length < 20 && (
          <div><button class="btn" type="button" onClick={() => {
            const last = body.plans[body.plans.length - 1] as Plan;
            const n = body.plans.length;
            plans([...body.plans, { ...last, key: keyFor(`plan ${n + 1}`, body.plans.map((p) => p.key)), names: { en: t('keep.plan.new', { n: n + 1 }) } }]);
            requestAnimationFrame(() => document.getElementById(`plan-${n}`)?.focus());
          }}><Icon name="plus" />{t('keep.plan.add')}</button></div>
        )}
        <Meanings body={body} kept={kept} faults={faults} set={setBody} />
        <MatrixCard body={body} set={setBody} />
        <Rules body={body} faults={faults} set={setBody} />
        <Simulate body={() => ({ table: body })} />
        <div class="form-end"><button class="btn btn-primary" type="submit">{t('keep.save')}</button></div>
      </form>
      <Versions kept={kept} show={load} />
    </>
  );
}
