/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Beside a ticket: what rules did to it. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../lib/api';
import { me } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import type { TicketRules } from './data';
import { RunLine } from './lines';

const NOTHING = { languages: [] as string[], choices: { types: [], fields: [], accounts: [], portals: [], plans: [], teams: [], staff: [] } };

export default function Side({ number, stamp }: { number: number; stamp: string }) {
  const [got, setGot] = useState<TicketRules | null>(null);
  useEffect(() => {
    let here = true;
    api<TicketRules>('GET', `/api/tickets/${number}/rules`, { quiet: true }).then((a) => { if (here) setGot(a); }, () => {});
    return () => { here = false; };
  }, [number, stamp]);
  if (!got || (!got.runs.length && !got.level)) return null;
  return (
    <section class="side-part" aria-labelledby="rules-side">
      <h2 id="rules-side">{t('rules.side')}</h2>
      {got.level && <p><span class="tag">{t('rules.level', { n: got.level })}</span></p>}
      {got.runs.length > 0 && (
        <details>
          <summary>{t('rules.side.see')}</summary>
          <ul role="list" class="rule-log">
            {got.runs.map((r, n) => (
              <li key={n}>
                <p>{me.is?.['tenant_admin'] ? <a class="link" href={`/agent/rules/${r.id}`}><bdi>{r.name}</bdi></a> : <bdi>{r.name}</bdi>} <small class="muted">{r.version} · <time dateTime={r.at}>{dateTime(r.at)}</time></small></p>
                <RunLine of={r} about={NOTHING} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
