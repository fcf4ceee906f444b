/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One grant that is open to agents, and entering by it. */
import { useState } from 'preact/hooks';
import { api, newKey, Problem } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import type { PortalRef } from '../ui/grant';
import { Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';

export interface DeskGrant {
  id: number;
  reason: string;
  ticket: number | null;
  account: { id: number; name: string };
  all: boolean;
  portals: PortalRef[];
  ends_at: string;
}

export interface DeskRequest {
  id: number;
  reason: string;
  ticket: number;
  days: number;
  state: 'open' | 'approved' | 'refused' | 'withdrawn';
  created_at: string;
}

/** In a tab of its own, opened before the question so that no blocker minds. */
async function enter(grant: number, portal: number): Promise<void> {
  const tab = open('about:blank');
  try {
    const way = await api<{ url: string }>('POST', `/api/grants/${grant}/entries`, { body: { portal } });
    if (tab) tab.location.href = way.url;
    else location.assign(way.url);
  } catch (e) {
    tab?.close();
    toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
  }
}

/** What the tenant's own product checks before it lets an agent look. */
export function Token({ grant }: { grant: number }) {
  const [made, setMade] = useState<{ token: string; expires_at: string } | null>(null);
  const make = async () => {
    try {
      setMade(await api('POST', `/api/grants/${grant}/tokens`, { key: newKey() }));
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
  };
  return made ? (
    <div class="field">
      <label for={`token-${grant}`}>{t('access.token')}</label>
      <textarea class="input" id={`token-${grant}`} readOnly rows={3} dir="ltr" value={made.token} onFocus={(e) => e.currentTarget.select()} />
      <span class="hint">{t('access.token.until', { time: dateTime(made.expires_at) })}</span>
    </div>
  ) : <p><button class="link" type="button" onClick={() => void make()}>{t('access.token')}</button></p>;
}

export function OpenGrant({ g }: { g: DeskGrant }) {
  const [all, setAll] = useState(false);
  const shown = all ? g.portals : g.portals.slice(0, 5);
  return (
    <>
      <p><span dir="auto">{g.reason}</span>{g.ticket !== null && <> · <a href={`/agent/t/${g.ticket}`}>#{g.ticket}</a></>}</p>
      <p class="muted">{t('access.until', { time: dateTime(g.ends_at) })}</p>
      <ul class="contacts" role="list">
        {shown.map((p) => (
          <li key={p.id}><button class="btn btn-wide" type="button" onClick={() => void enter(g.id, p.id)}><Icon name="eye" /><span dir="auto">{t('access.enter', { portal: p.name })}</span></button></li>
        ))}
      </ul>
      {!all && g.portals.length > shown.length && <p><button class="link" type="button" onClick={() => setAll(true)}>{t('app.more')}</button></p>}
    </>
  );
}
