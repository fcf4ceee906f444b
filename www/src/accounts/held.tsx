/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the desk sees of an account's support access, and of the settings that hold for it. */
import { useState } from 'preact/hooks';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { Area, withTexts } from '../ui/area';
import { ticketAt, type AccountPage, type Grant } from './data';

export function Grants({ of }: { of: Grant[] }) {
  return (
    <section class="card" aria-labelledby="h-grants">
      <div class="card-head"><h2 id="h-grants">{t('accounts.grants')}</h2>{of.some((g) => g.live) && <a href="/agent/access">{t('accounts.grants.enter')}</a>}</div>
      {of.length ? (
        <ul>
          {of.map((g) => (
            <li key={g.id}>
              <span dir="auto">{g.reason}</span>{g.ticket !== null && <> · <a href={ticketAt(g.ticket)}>#{g.ticket}</a></>}
              <br /><small class="muted"><bdi>{g.portals?.map((p) => p.name).join(', ') ?? t('accounts.grants.all')}</bdi> · {t(g.live ? 'accounts.grants.until' : 'accounts.grants.ended', { time: dateTime(g.ends_at) })}</small>
            </li>
          ))}
        </ul>
      ) : <p class="muted">{t('accounts.grants.none')}</p>}
    </section>
  );
}

/** Their names and values are in the texts of the settings' own pages. */
export function Settings({ of, tenant }: { of: NonNullable<AccountPage['settings']>; tenant: string }) {
  const [load] = useState(() => () => withTexts(import('../settings/held'), import('../gen/settings'))
    .then(({ Held }) => ({ default: () => <Held of={of} tenant={tenant} /> })));
  return (
    <section class="card" aria-labelledby="h-settings">
      <h2 id="h-settings">{t('accounts.settings')}</h2>
      <p class="muted">{t('accounts.settings.lead')}</p>
      <Area load={load} />
    </section>
  );
}
