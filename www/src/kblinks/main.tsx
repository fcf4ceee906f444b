/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Links of published articles that lead nowhere, or further than some of their readers may follow. */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { navigate, query, url } from '../lib/router';
import { Pick } from '../make/parts';
import { languageName } from '../settings/control';
import { KbNav } from '../ui/kb-nav';
import { Failed, Heading, Icon, Skeleton } from '../ui/parts';

const TROUBLES = ['gone', 'unpublished', 'narrower', 'heading', 'missing', 'unreachable'] as const;
type Trouble = (typeof TROUBLES)[number];
interface Link { article: number; title: string | null; language: string; href: string; kind: 'article' | 'file' | 'heading' | 'elsewhere'; trouble: Trouble; since: string; to: { id: number; title: string | null } | null }
interface Report { troubles: Partial<Record<Trouble, number>>; count: number; page: number; most: number; waiting: number; links: Link[] }
/** The API's own limit. */
const PAGES = 20;

function Line({ of }: { of: Link }) {
  const title = of.title ?? String(of.article);
  return (
    <li>
      <div class="make-row">
        <span class="grow">
          <a href={`/agent/kb/${of.article}?lang=${encodeURIComponent(of.language)}`} lang={of.language} dir="auto">{title}</a> <small class="tag"><bdi>{languageName(of.language)}</bdi></small>
          <small class="kblinks-why"><Icon name="circle-alert" />{t(`links.trouble.${of.trouble}`)}</small>
          <small class="muted">
            {t('links.to')} {of.to ? <a href={`/agent/kb/${of.to.id}`} dir="auto">{of.to.title ?? String(of.to.id)}</a> : of.kind === 'elsewhere' ? <a href={of.href} target="_blank" rel="noopener noreferrer" dir="ltr">{of.href}</a> : <code dir="ltr">{of.href}</code>}
            {of.to && of.href.includes('#') && <> <code dir="ltr">{of.href.slice(of.href.indexOf('#'))}</code></>}
          </small>
          <small class="muted">{t('links.since', { when: dateTime(of.since) })}</small>
        </span>
      </div>
    </li>
  );
}

export default function LinksPage() {
  const [report, setReport] = useState<Report | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = useOne();
  const trouble = TROUBLES.find((x) => x === url.value.searchParams.get('trouble'));
  const ask = (page: number) => api<Report>('GET', `/api/kb/links?${new URLSearchParams({ ...(trouble ? { trouble } : {}), page: String(page) })}`);
  const load = () => {
    let here = true;
    setProblem(null);
    const first = takeRoute<Report>();
    if (first?.troubles) setReport(first);
    else ask(1).then((r) => { if (here) setReport(r); }, (e: unknown) => { if (here && e instanceof Problem) setProblem(e); });
    return () => { here = false; };
  };
  useEffect(load, [trouble]);
  const more = () => run(async () => {
    if (!report) return;
    try {
      const next = await ask(report.page + 1);
      setReport({ ...next, links: [...report.links, ...next.links] });
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setProblem(e);
    }
  });
  const head = <><Heading text={t('links.title')} /><KbNav at="links" /></>;
  if (!report) return <>{head}{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  const all = Object.values(report.troubles).reduce((sum, n) => sum + n, 0);
  return (
    <>
      {head}
      <p class="muted">{t('links.lead')}</p>
      {report.waiting > 0 && <p class="notice" role="status">{t('links.waiting', { n: report.waiting })}</p>}
      {problem && <Failed problem={problem} retry={load} />}
      {all === 0 ? <p class="kblinks-fine"><Icon name="check" />{t('links.none')}</p> : (
        <section class="card kblinks" aria-labelledby="links">
          <h2 id="links">{t('links.list')}</h2>
          <Pick id="links-trouble" label={t('links.filter')} value={trouble ?? ''} options={[['', `${t('links.filter.any')} (${all})`], ...TROUBLES.filter((x) => report.troubles[x] || x === trouble).map((x): [string, string] => [x, `${t(`links.trouble.${x}`)} (${report.troubles[x] ?? 0})`])]}
            onChange={(v) => navigate(`/agent/kb/links${query({ trouble: v })}`)} />
          <ul class="make-list" role="list">{report.links.map((l) => <Line key={`${l.article} ${l.language} ${l.href}`} of={l} />)}</ul>
          {report.links.length < report.count && report.page < PAGES && <p><button class="btn" type="button" onClick={() => void more()}>{t('app.more')}</button></p>}
        </section>
      )}
    </>
  );
}
