/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Reports: of the desk, or of an organisation's own tickets. What is asked stands in the address. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../forms/data';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { navigate, url } from '../lib/router';
import type { Priority } from '../lib/types';
import { Chart } from '../ui/chart';
import { Empty, Failed, fieldText, Heading, Icon, Prio, Skeleton } from '../ui/parts';
import { asked, count, csvPath, dateName, dayName, daysAgo, hours, monthName, reportPath, share, spent, words, type Asked, type Met, type Part, type Report, type Spent } from './data';

const PRESETS = [7, 30, 90, 365] as const;
const PRIORITIES: Priority[] = ['urgent', 'high', 'normal', 'low'];
const KINDS = ['first', 'next', 'resolution'] as const;

function Field({ id, label, children }: { id: string; label: string; children: ComponentChildren }) {
  return <div class="field"><label for={id}>{label}</label>{children}</div>;
}

/** Filters hold once they are shown: an arrow key in a list of choices asks for nothing yet. */
function Filters({ of, q, fault }: { of: Report | null; q: Asked; fault: Problem | null }) {
  const preset = q.until ? 'own' : !q.since ? '30' : String(PRESETS.find((n) => daysAgo(n - 1) === q.since) ?? 'own');
  const [period, setPeriod] = useState(preset);
  const [typed, setTyped] = useState(q);
  const [days, setDays] = useState({ since: q.since ?? '', until: q.until ?? '' });
  useEffect(() => { setPeriod(preset); setTyped(q); }, [url.value.search]);
  useEffect(() => setDays({ since: q.since ?? of?.since ?? '', until: q.until ?? of?.until ?? '' }), [q.since, q.until, of?.since]);
  const put = (change: Asked) => setTyped({ ...typed, ...change });
  /* A day that nobody typed is not asked for: it stands there since the report says it. */
  const own = (which: 'since' | 'until') => (q[which] === undefined && days[which] === of?.[which] ? '' : days[which]);
  const next = asked(new URL(`?${new URLSearchParams({ ...typed, since: period === 'own' ? own('since') : period === '30' ? '' : daysAgo(Number(period) - 1), until: period === 'own' ? own('until') : '' })}`, url.value));
  const changed = words(next) !== words(q);
  const wrong = fault?.errors[0];
  return (
    <form class="reports-filters" noValidate onSubmit={(e) => { e.preventDefault(); if (changed) navigate(`${url.value.pathname}${words(next)}`); }}>
      <Field id="r-period" label={t('reports.period')}>
        <select class="input" id="r-period" value={period} onChange={(e) => setPeriod(e.currentTarget.value)}>
          {PRESETS.map((n) => <option key={n} value={String(n)}>{t('reports.period.last', { n })}</option>)}
          <option value="own">{t('reports.period.own')}</option>
        </select>
      </Field>
      {period === 'own' && (
        <>
          <Field id="r-since" label={t('reports.since')}><input class="input" type="date" id="r-since" aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? 'r-fault' : undefined} value={days.since} onInput={(e) => setDays({ ...days, since: e.currentTarget.value })} /></Field>
          <Field id="r-until" label={t('reports.until')}><input class="input" type="date" id="r-until" aria-describedby={wrong ? 'r-fault' : undefined} value={days.until} onInput={(e) => setDays({ ...days, until: e.currentTarget.value })} /></Field>
        </>
      )}
      <Field id="r-by" label={t('reports.by')}>
        <select class="input" id="r-by" value={typed.by ?? of?.by ?? 'day'} onChange={(e) => put({ by: e.currentTarget.value })}>
          {(['day', 'week', 'month'] as const).map((b) => <option key={b} value={b}>{t(`reports.by.${b}`)}</option>)}
        </select>
      </Field>
      {of && of.accounts.length > 1 && (
        <Field id="r-account" label={t('reports.account')}>
          <select class="input" id="r-account" value={typed.account ?? ''} onChange={(e) => put({ account: e.currentTarget.value })}>
            <option value="">{t('reports.any')}</option>
            {of.accounts.map((a) => <option key={a.id} value={String(a.id)}>{a.name}</option>)}
          </select>
        </Field>
      )}
      {of?.teams && of.teams.length > 0 && (
        <Field id="r-team" label={t('reports.team')}>
          <select class="input" id="r-team" value={typed.team ?? ''} onChange={(e) => put({ team: e.currentTarget.value })}>
            <option value="">{t('reports.any')}</option>
            {of.teams.map((g) => <option key={g.id} value={String(g.id)}>{g.name}</option>)}
          </select>
        </Field>
      )}
      <Field id="r-priority" label={t('reports.priority')}>
        <select class="input" id="r-priority" value={typed.priority ?? ''} onChange={(e) => put({ priority: e.currentTarget.value })}>
          <option value="">{t('reports.any')}</option>
          {PRIORITIES.map((p) => <option key={p} value={p}>{t(`priority.${p}`)}</option>)}
        </select>
      </Field>
      {of && of.types.length > 0 && (
        <Field id="r-type" label={t('reports.type')}>
          <select class="input" id="r-type" value={typed.type ?? ''} onChange={(e) => put({ type: e.currentTarget.value })}>
            <option value="">{t('reports.any')}</option>
            {of.types.map((y) => <option key={y.key} value={y.key}>{say(y.labels)}</option>)}
          </select>
        </Field>
      )}
      <button class={changed ? 'btn btn-primary' : 'btn'} type="submit">{t('reports.show')}</button>
      {wrong && <p class="error" id="r-fault" role="alert"><Icon name="circle-alert" />{fieldText(wrong.code)}</p>}
    </form>
  );
}

/** What the period comes to, with the same of the one before. */
function Totals({ of }: { of: Report }) {
  const a = of.totals, b = of.previous;
  const half = (s: Partial<Spent>) => (s.p50 === null || s.p50 === undefined ? '–' : spent(s.p50));
  const tiles: [string, string, string][] = [
    [t('reports.opened'), count(a.opened), count(b.opened)],
    [t('reports.solved'), count(a.solved), count(b.solved)],
    [t('reports.backlog'), count(a.backlog), count(b.backlog)],
    [t('reports.first'), half(a.first), half(b.first)],
    [t('reports.resolution'), half(a.resolution), half(b.resolution)],
    ...(a.met + a.missed + b.met + b.missed ? [[t('reports.kept'), share(a.met, a.missed), share(b.met, b.missed)] as [string, string, string]] : []),
  ];
  return (
    <>
      <dl class="reports-totals">
        {tiles.map(([name, now, was]) => <div key={name}><dt>{name}</dt><dd><b class="num"><bdi>{now}</bdi></b> <small class="muted">{t('reports.was', { value: was })}</small></dd></div>)}
      </dl>
      <p class="muted">{t('reports.compared', { since: dateName(of.since), until: dateName(of.until), before: dateName(of.before.since), then: dateName(of.before.until) })}</p>
    </>
  );
}

function Csv({ q, part, title }: { q: Asked; part: Part; title: string }) {
  return <a class="btn btn-ghost" href={csvPath(q, part)} download="" aria-label={`${t('app.csv')}: ${title}`}><Icon name="download" />{t('app.csv')}</a>;
}

/** Kept and broken, a row a thing and a promise. */
function Kept<T extends Met>({ of, first, name }: { of: T[]; first: string; name: (row: T) => ComponentChildren }) {
  return (
    <table>
      <thead><tr><th scope="col">{first}</th><th scope="col">{t('reports.promise')}</th><th scope="col">{t('reports.met')}</th><th scope="col">{t('reports.missed')}</th><th scope="col">{t('reports.kept')}</th></tr></thead>
      <tbody>{of.map((r, n) => <tr key={n}><th scope="row">{name(r)}</th><td>{t(`levels.kind.${r.kind}`)}</td><td>{count(r.met ?? 0)}</td><td>{count(r.missed ?? 0)}</td><td>{share(r.met ?? 0, r.missed ?? 0)}</td></tr>)}</tbody>
    </table>
  );
}

function Attainment({ of, q }: { of: Report; q: Asked }) {
  const [kind, setKind] = useState<(typeof KINDS)[number]>('first');
  const { months, priorities, plans } = of.attainment;
  if (!months.length) return null;
  const rows = months.filter((m) => m.kind === kind);
  const all = [...new Set(months.map((m) => m.month))];
  const values = (what: 'met' | 'missed') => all.map((m) => rows.find((r) => r.month === m)?.[what] ?? 0);
  return (
    <>
      <Chart id="r-kept" title={t('reports.attainment')} kind="bars" labels={all.map(monthName)} of={t('reports.month')}
        series={[{ name: t('reports.met'), values: values('met') }, { name: t('reports.missed'), values: values('missed') }]}>
        <label class="reports-pick">{t('reports.promise')} <select class="input" id="r-kind" value={kind} onChange={(e) => setKind(e.currentTarget.value as typeof kind)}>{KINDS.map((k) => <option key={k} value={k}>{t(`levels.kind.${k}`)}</option>)}</select></label>
        <Csv q={q} part="attainment" title={t('reports.attainment')} />
      </Chart>
      <section class="card" aria-labelledby="r-kept-by">
        <h2 id="r-kept-by">{t('reports.kept_by')}</h2>
        <div class="chart-table" tabIndex={0} role="group" aria-labelledby="r-kept-by">
          <Kept of={priorities} first={t('reports.priority')} name={(r) => (r.priority ? <Prio priority={r.priority} text={t(`priority.${r.priority}`)} /> : '–')} />
          {plans && <Kept of={plans} first={t('reports.plan')} name={(r) => <bdi>{(r.plan && of.plans?.[r.plan] && say(of.plans[r.plan] ?? {})) || r.plan || '–'}</bdi>} />}
        </div>
      </section>
    </>
  );
}

function Agents({ of, q }: { of: Report; q: Asked }) {
  if (!of.agents?.length) return null;
  const most = Math.max(...of.agents.map((a) => a.open), 1);
  return (
    <section class="card" aria-labelledby="r-agents">
      <h2 id="r-agents">{t('reports.agents')}</h2>
      <div class="chart-table" tabIndex={0} role="group" aria-labelledby="r-agents">
        <table>
          <thead><tr><th scope="col">{t('reports.agent')}</th><th scope="col">{t('reports.open')}</th><th scope="col">{t('reports.solved')}</th><th scope="col">{t('reports.replies')}</th></tr></thead>
          <tbody>{of.agents.map((a) => (
            <tr key={a.id ?? 0}>
              <th scope="row"><bdi>{a.name ?? t('reports.nobody')}</bdi></th>
              <td><span class="reports-load"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width={a.open / most * 100} height="8" /></svg>{count(a.open)}</span></td>
              <td>{count(a.solved)}</td><td>{count(a.replies)}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
      <div class="chart-end"><Csv q={q} part="agents" title={t('reports.agents')} /></div>
    </section>
  );
}

function Shown({ of, q }: { of: Report; q: Asked }) {
  const label = of.by === 'month' ? monthName : dayName;
  const labels = of.days.map(of.days.length > 1 && of.days[0]?.slice(0, 4) !== of.days[of.days.length - 1]?.slice(0, 4) && of.by !== 'month' ? dateName : label);
  const what = t(`reports.by.${of.by}`);
  const ages = of.ages.map((_, n) => (n === 0 ? t('reports.age.under', { n: of.age_days[0] ?? 1 }) : n === of.ages.length - 1 ? t('reports.age.over', { n: of.age_days[n - 1] ?? 0 }) : t('reports.age.between', { from: of.age_days[n - 1] ?? 0, to: of.age_days[n] ?? 0 })));
  return (
    <>
      <Totals of={of} />
      <div class="reports-charts">
        <Chart id="r-volume" title={t('reports.volume')} kind="line" labels={labels} of={what} series={[{ name: t('reports.opened'), values: of.opened }, { name: t('reports.solved'), values: of.solved }]}>
          <Csv q={q} part="volume" title={t('reports.volume')} />
        </Chart>
        <Chart id="r-backlog" title={t(`reports.backlog.${of.by}`)} kind="bars" labels={labels} of={what} series={[{ name: t('reports.backlog'), values: of.backlog }]} />
        <Chart id="r-ages" title={t('reports.ages')} kind="bars" labels={ages} of={t('reports.age')} series={[{ name: t('reports.tickets'), values: of.ages }]}>
          <Csv q={q} part="ages" title={t('reports.ages')} />
        </Chart>
        {(['first', 'resolution'] as const).map((k) => (
          <Chart key={k} id={`r-${k}`} title={t(`reports.${k}.over`)} kind="line" labels={labels} of={what} say={spent} scale={hours} series={[{ name: t('reports.half'), values: of[k].p50 }, { name: t('reports.most'), values: of[k].p90 }]}>
            <Csv q={q} part="times" title={t(`reports.${k}.over`)} />
          </Chart>
        ))}
        <Attainment of={of} q={q} />
      </div>
      <Agents of={of} q={q} />
      <details class="card reports-how">
        <summary>{t('reports.how')}</summary>
        <p>{t('reports.how.solved')}</p>
        <p>{t('reports.how.times')}</p>
        <p>{t('reports.how.kept')}</p>
        <p>{t('reports.how.zone', { zone: of.zone })}</p>
      </details>
    </>
  );
}

export default function Reports() {
  const q = asked(url.value);
  const path = reportPath(q);
  const [of, setOf] = useState<Report | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(true);
  const current = useRef('');
  const load = () => {
    current.current = path;
    setProblem(null);
    const first = takeRoute<Report>();
    if (first && 'totals' in first) { setBusy(false); return setOf(first); }
    setBusy(true);
    api<Report>('GET', path).then((r) => {
      if (current.current !== path) return;
      setOf(r);
      announce(t('reports.shown', { opened: count(r.totals.opened), solved: count(r.totals.solved) }));
    }, (e: unknown) => { if (e instanceof Problem && current.current === path) setProblem(e); }).finally(() => { if (current.current === path) setBusy(false); });
  };
  useEffect(load, [path]);
  const some = of && (of.totals.opened || of.totals.solved || of.totals.backlog || of.previous.opened);
  return (
    <div class="reports">
      <Heading text={t('reports.title')} />
      <p class="muted">{t(boot.portal.account ? 'reports.lead.account' : 'reports.lead.desk')}</p>
      {(of || problem) && <Filters of={of} q={q} fault={problem} />}
      {of?.untold.status && <p class="notice">{t('reports.untold.status')}</p>}
      {of?.untold.priority && <p class="notice">{t('reports.untold.priority')}</p>}
      {problem && !problem.errors.length ? <Failed problem={problem} retry={load} />
        : !of ? !problem && <Skeleton rows={8} />
          : <div aria-busy={busy || undefined}>{some ? <Shown of={of} q={q} /> : <Empty icon="info" title={t('reports.empty')} />}</div>}
    </div>
  );
}
