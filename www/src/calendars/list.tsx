/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The calendars there are, and which of them is open now. */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { Empty, Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { duration, type List, type Row } from './data';

function Line({ c }: { c: Row }) {
  const week = c.hours.flat().reduce((sum, [a, b]) => sum + b - a, 0) * 60;
  return (
    <a class="cal-row" href={`/agent/calendars/${c.id}`}>
      <span class="cal-name" dir="auto">{c.name}</span>
      {c.archived ? <span class="chip">{t('calendars.archived')}</span>
        : <span class="chip" data-s={c.is_open ? 'solved' : 'closed'}>{c.is_open ? t('calendars.open') : t('calendars.closed')}</span>}
      <span class="muted">{c.feed?.state === 'failed' && !c.archived && <span class="chip" data-s="bad">{t('calendars.feed.failing')}</span>} <bdi>{c.zone}</bdi> · {t('calendars.week', { hours: duration(week) })}
        {c.holidays + c.feed_days > 0 && ` · ${t('calendars.holidays.n', { n: c.holidays + c.feed_days })}`}
        {c.next_at && !c.archived && ` · ${t(c.is_open ? 'calendars.until' : 'calendars.again', { when: dateTime(c.next_at) })}`}</span>
    </a>
  );
}

export function Calendars() {
  const [page, setPage] = useState<List | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => {
    setProblem(null);
    const first = takeRoute<List>();
    if (first?.calendars) return setPage(first);
    api<List>('GET', '/api/calendars').then(setPage, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  const used = page?.calendars.filter((c) => !c.archived).length ?? 0;
  return (
    <>
      <div class="page-head">
        <Heading text={t('calendars.title')} />
        {page?.may_change && used < page.limits.calendars && <a class="btn btn-primary" href="/agent/calendars/new"><Icon name="plus" />{t('calendars.new')}</a>}
      </div>
      <p class="muted">{t('calendars.lead')}</p>
      {problem ? <Failed problem={problem} retry={load} /> : !page ? <Skeleton /> : page.calendars.length
        ? <ul class="tlist" role="list">{page.calendars.map((c) => <li key={c.id}><Line c={c} /></li>)}</ul>
        : <Empty icon="inbox" title={t('calendars.none')} />}
      {page && used >= page.limits.calendars && <p class="muted">{t('calendars.most', { n: page.limits.calendars })}</p>}
    </>
  );
}
