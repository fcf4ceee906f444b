/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What was granted, asked, entered and read. */
import { useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import type { PortalRef } from '../ui/grant';
import { problemText, Time } from '../ui/parts';
import { toast } from '../ui/toast';
import { folded, pageWords } from './access-pages';

interface Entry {
  id: string;
  at: string;
  what: 'opened' | 'changed' | 'ended' | 'requested' | 'approved' | 'refused' | 'withdrawn' | 'entered' | 'left' | 'page';
  person: number | null;
  ticket: number | null;
  portal: number | null;
  page: string | null;
  /** How often in a row. */
  times: number;
  until: string | null;
}

export interface LogPage { items: Entry[]; people: Record<string, { name: string }>; next: string | null }

export function Log({ first, portals, tenant }: { first: LogPage; portals: PortalRef[]; tenant: string }) {
  const [older, setOlder] = useState<LogPage | null>(null);
  const [busy, setBusy] = useState(false);
  const here = new Set(first.items.map((i) => i.id));
  /* What came since moves the end of the first page: the rest keeps its place. */
  const items = [...first.items, ...(older?.items ?? []).filter((i) => !here.has(i.id))];
  const people = { ...older?.people, ...first.people };
  const next = older ? older.next : first.next;
  const more = async () => {
    if (busy || !next) return;
    setBusy(true);
    try {
      const page = await api<LogPage>('GET', `/api/access/log?after=${encodeURIComponent(next)}`);
      const seen = older ? older.items : first.items;
      setOlder({ ...page, items: [...seen, ...page.items], people: { ...people, ...page.people } });
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
    setBusy(false);
  };
  const words = (i: Entry) => {
    const portal = portals.find((p) => p.id === i.portal)?.name ?? '';
    if (i.what === 'page') return t('access.log.page', { page: pageWords(i.page ?? '') ?? i.page ?? '', portal });
    if (i.what === 'entered' || i.what === 'left') return t(`access.log.${i.what}`, { portal });
    if (i.what === 'opened' || i.what === 'changed') return t(`access.log.${i.what}`, { time: i.until ? dateTime(i.until) : '' });
    return i.what === 'ended' ? t('access.log.ended') : t(`access.log.${i.what}`, { number: i.ticket ?? '' });
  };
  return (
    <section class="card card-list" aria-labelledby="log-title">
      <h2 id="log-title">{t('access.log')}</h2>
      <p class="muted">{t('access.log.lead')}</p>
      {items.length ? (
        <ol class="tlist" role="list">
          {folded(items).map((i) => (
            <li key={i.id}>
              <div class="trow">
                <span class="trow-head"><span dir="auto">{words(i)}{i.page && pageWords(i.page) && <> <small class="muted" dir="ltr">{i.page}</small></>}{i.times > 1 && <span class="muted"> · {t('access.log.times', { n: i.times })}</span>}</span></span>
                <span class="muted" dir="auto">{(i.person !== null && people[String(i.person)]?.name) || (i.what === 'ended' ? t('access.log.time') : tenant)}</span>
                <Time at={i.at} />
              </div>
            </li>
          ))}
        </ol>
      ) : <p class="empty">{t('access.log.none')}</p>}
      {next && <p><button class="btn btn-wide" type="button" aria-disabled={busy} onClick={() => void more()}>{busy ? t('app.loading') : t('app.more')}</button></p>}
    </section>
  );
}
