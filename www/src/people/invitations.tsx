/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** For whoever may bring people in without looking after them: inviting, and what one has sent. */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { Failed, Heading, Skeleton } from '../ui/parts';
import { Invite, type InvitePage } from './invite';

export default function Invitations() {
  const [page, setPage] = useState<InvitePage | null>(() => { const first = takeRoute<InvitePage>(); return first?.portals ? first : null; });
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => void api<InvitePage>('GET', '/api/invitations').then((p) => { setProblem(null); setPage(p); }, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  useEffect(() => { if (!page) load(); }, []);
  return (
    <>
      <Heading text={t('people.invitations')} />
      {!page ? problem ? <Failed problem={problem} retry={load} /> : <Skeleton /> : (
        <>
          {!page.closed && page.roles.length + page.portals.length === 0 && <p class="notice">{t('people.invite.not')}</p>}
          <Invite page={page} changed={load} />
        </>
      )}
    </>
  );
}
