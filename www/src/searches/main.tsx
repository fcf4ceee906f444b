/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What readers looked for in the knowledge base, what is to be done of it, and the words that mean the same to its search. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { navigate, query, url } from '../lib/router';
import { Pick } from '../make/parts';
import { languageName } from '../settings/control';
import { KbNav } from '../ui/kb-nav';
import { Failed, Heading, Skeleton } from '../ui/parts';
import { isIn, titleOf, type Report, type Row, type Words } from './data';
import { WordsCard, type Begun } from './words';

const PERIODS = [7, 30, 90];
const FIRST = 8;
const number = (n: number) => n.toLocaleString(boot.lang);
const dayName = (iso: string) => new Intl.DateTimeFormat(boot.lang === 'en' ? 'en-GB' : boot.lang, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(iso));

/** The first of them, and all on a click. */
function Lines({ id, title, lead, rows, more, acts }: { id: string; title: string; lead?: string; rows: Row[]; more?: (r: Row) => ComponentChildren; acts?: (r: Row) => ComponentChildren }) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? rows : rows.slice(0, FIRST);
  return (
    <section class="card searches-card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {rows.length === 0 ? <p class="muted">{t('searches.nothing')}</p> : (
        <>
          {lead && <p class="muted">{lead}</p>}
          <ul class="make-list" role="list">
            {shown.map((r) => (
              <li key={`${r.language} ${r.q}`}>
                <div class="make-row">
                  <span class="grow">
                    <b dir="auto" lang={r.language}>{r.q}</b>
                    <small class="muted">{[t('searches.times', { n: r.count }), languageName(r.language), t('searches.last', { day: dayName(r.last) })].map((x, n) => <span key={n}>{n > 0 && ' · '}<bdi>{x}</bdi></span>)}</small>
                    {more?.(r)}
                  </span>
                  {acts && <span class="searches-acts">{acts(r)}</span>}
                </div>
              </li>
            ))}
          </ul>
          {shown.length < rows.length && <p><button class="btn" type="button" onClick={() => setWhole(true)}>{t('app.more')}</button></p>}
        </>
      )}
    </section>
  );
}

export default function SearchesPage() {
  const [report, setReport] = useState<Report | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [words, setWords] = useState<Words | null>(null);
  const [lost, setLost] = useState<Problem | null>(null);
  const [begun, setBegun] = useState<Begun | null>(null);
  const { search } = url.value;
  const load = () => {
    let here = true;
    setProblem(null);
    const first = takeRoute<Report>();
    if (first?.without_result) setReport(first);
    else api<Report>('GET', `/api/kb/searches${search}`).then((r) => { if (here) setReport(r); }, (e: unknown) => { if (here && e instanceof Problem) setProblem(e); });
    return () => { here = false; };
  };
  const loadWords = () => {
    setLost(null);
    api<Words>('GET', '/api/synonyms', { quiet: true }).then(setWords, (e: unknown) => { if (e instanceof Problem) setLost(e); });
  };
  useEffect(load, [search]);
  useEffect(loadWords, []);
  const head = <><Heading text={t('searches.title')} /><KbNav at="searches" /></>;
  if (!report) return <>{head}{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  const language = url.value.searchParams.get('language') ?? '';
  const same = (r: Row) => {
    setBegun({ n: (begun?.n ?? 0) + 1, q: r.q, language: r.language });
    document.getElementById('words')?.scrollIntoView({ block: 'start' });
  };
  const has = (r: Row) => words !== null && isIn(words.groups, r.q, r.language);
  const addWords = (r: Row) => (has(r) ? <small class="tag">{t('searches.words.has')}</small>
    : <button class="btn" type="button" aria-label={t('searches.words.add.what', { what: r.q })} onClick={() => same(r)}>{t('searches.words.add.here')}</button>);
  const acts = (r: Row) => (
    <>
      <a class="btn" href={`/agent/kb?${new URLSearchParams({ new: titleOf(r.q, r.language), lang: r.language })}`} aria-label={t('searches.write.what', { what: r.q })}>{t('searches.write')}</a>
      {addWords(r)}
    </>
  );
  return (
    <>
      {head}
      <p class="muted">{t('searches.lead')}</p>
      <div class="reports-filters">
        <Pick id="searches-days" label={t('searches.period')} value={String(report.days)} options={PERIODS.map((n): [string, string] => [String(n), t('searches.days', { n })])} onChange={(days) => navigate(`/agent/kb/searches${query({ days })}`)} />
        <Pick id="searches-language" label={t('searches.language')} value={language} options={[['', t('searches.language.any')], ...report.languages.map((l): [string, string] => [l, languageName(l)])]} onChange={(to) => navigate(`/agent/kb/searches${query({ language: to })}`)} />
      </div>
      {problem && <Failed problem={problem} retry={load} />}
      <dl class="reports-totals">
        {([['searches.total', report.searches], ['searches.empty', report.empty], ['searches.clicked', report.clicked]] as const).map(([name, n]) => <div key={name}><dt>{t(name)}</dt><dd><b>{number(n)}</b></dd></div>)}
      </dl>
      <div class="reports-charts" key={search}>
        <Lines id="searches-empty" title={t('searches.without_result')} lead={t('searches.without_result.lead')} rows={report.without_result} acts={acts} />
        <div class="searches-side">
          <WordsCard all={words} onSaved={setWords} problem={lost} retry={loadWords} begun={begun} onBegun={setBegun} />
          <Lines id="searches-unclicked" title={t('searches.without_click')} rows={report.without_click} more={(r) => <small class="muted">{t('searches.found', { n: r.hits ?? 0 })}</small>}
            acts={addWords} />
          <Lines id="searches-most" title={t('searches.most')} rows={report.most} more={(r) => (
            <>
              <small class="muted">{[t('searches.found', { n: r.hits ?? 0 }), t('searches.opened', { n: r.clicks ?? 0 })].join(' · ')}</small>
              {r.articles?.map((a) => <small key={a.id}><a href={`/agent/kb/${a.id}`} dir="auto" lang={r.language}>{a.title}</a> <span class="num">{number(a.count)}</span></small>)}
            </>
          )} />
        </div>
      </div>
    </>
  );
}
