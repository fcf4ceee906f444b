/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The service level, for whoever it is promised to and for those who keep it. */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { boot, me, takeRoute } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { url } from '../lib/router';
import { Empty, Failed, Heading, Skeleton } from '../ui/parts';
import type { Level } from './data';
import { LevelTable } from './table';

export default function Page() {
  const [level, setLevel] = useState<Level | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => {
    setProblem(null);
    const first = takeRoute<Level>();
    if (first && 'table' in first) return setLevel(first);
    api<Level>('GET', `/api/service-level${url.value.search}`).then(setLevel, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  return (
    <>
      <Heading text={t('levels.title')} />
      {!boot.portal.account && Number(me.who) >= 3 && <p><a class="link" href="/agent/service-levels">{t('levels.keep')}</a></p>}
      {problem ? <Failed problem={problem} retry={load} /> : !level ? <Skeleton />
        : level.table ? <><p class="muted">{t('levels.since', { n: level.table.version, time: dateTime(level.table.since) })}</p><LevelTable level={{ ...level, table: level.table }} /></>
          : <Empty icon="info" title={t('levels.empty')} />}
    </>
  );
}
