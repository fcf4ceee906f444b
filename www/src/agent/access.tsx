/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What customers have opened to the tenant's agents, and what I asked for. */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { me, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { usePoll } from '../lib/poll';
import { Empty, Failed, Heading, Skeleton, Time } from '../ui/parts';
import { MoveLogin, type Moves } from './move-login';
import { OpenGrant, Token, type DeskGrant, type DeskRequest } from './grants';

interface Page { grants: DeskGrant[]; requests: (DeskRequest & { account: string })[]; moves: Moves }

export default function AccessPane() {
  const [page, setPage] = useState<Page | null>(() => { const first = takeRoute<Page>(); return first?.grants ? first : null; });
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = async (quiet = false) => {
    try {
      setPage(await api<Page>('GET', '/api/grants', { quiet }));
      setProblem(null);
    } catch (e) {
      if (e instanceof Problem && !quiet) setProblem(e);
    }
  };
  useEffect(() => { if (!page) void load(); }, []);
  usePoll(15, () => void load(true));
  return (
    <>
      <Heading text={t('access.title')} />
      <p class="muted">{t('access.desk.lead')}</p>
      {Number(me.who) >= 3 && <p><a href="/agent/webhook">{t('access.hook.title')}</a></p>}
      {!page ? problem ? <Failed problem={problem} retry={() => void load()} /> : <Skeleton /> : (
        <>
          {page.grants.length ? page.grants.map((g) => (
            <section key={g.id} class="card" aria-labelledby={`grant-${g.id}`}>
              <h2 id={`grant-${g.id}`} dir="auto">{g.account.name}</h2>
              <OpenGrant g={g} />
              <Token grant={g.id} />
            </section>
          )) : <Empty icon="lock" title={t('access.desk.none')} />}
          {page.requests.length > 0 && (
            <section class="card" aria-labelledby="asked">
              <h2 id="asked">{t('access.desk.asked')}</h2>
              <ul>
                {page.requests.map((r) => (
                  <li key={r.id}><a href={`/agent/t/${r.ticket}`}>#{r.ticket}</a> · <bdi>{r.account}</bdi> · {t(`access.state.${r.state}`)} · <Time at={r.created_at} /></li>
                ))}
              </ul>
            </section>
          )}
          <MoveLogin moves={page.moves} changed={() => void load(true)} />
        </>
      )}
    </>
  );
}
