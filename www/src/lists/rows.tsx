/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the lists of tickets have in common: the mark of what is unread, and how a list ends. */
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import type { Resource } from '../lib/store';
import type { ListPage, Ticket } from '../lib/types';
import { counts, countText, readAll, useMore, type Count, type Place } from './state';

export function Unread({ item }: { item: Ticket }) {
  return item.unread ? <span class="unread"><span class="visually-hidden">{t('app.unread')}</span></span> : null;
}

/** Beside a tab: how many it has, once that is known. */
export function Many({ of }: { of: Count | undefined }) {
  return of ? <> <span class="count">{countText(of)}</span></> : null;
}

/** More of it, or how far it goes; `auto`: more comes as one scrolls, but for what must be looked for further. */
export function Ends({ r, page, place, busy, more, auto = false }: { r: Resource<ListPage>; page: ListPage; place: Place; busy: boolean; more: () => Promise<void>; auto?: boolean }) {
  return (
    <>
      {page.since && <p class="muted">{t('app.list.since', { when: dateTime(page.since) })}</p>}
      {page.searched && page.next && <p class="muted">{t('app.list.searched')}</p>}
      {page.next && (auto && !page.searched ? <p class="list-more">{t('app.loading')}</p>
        : <p class="form-end"><button class="btn btn-wide" type="button" aria-disabled={busy} onClick={() => void more()}>{busy ? t('app.loading') : t(page.searched ? 'app.list.further' : 'app.more')}</button></p>)}
      {!!counts.value?.unread.n && page.items.length > 0 && <p><button class="link" type="button" onClick={() => void readAll(r, place)}>{t('app.read_all')}</button></p>}
    </>
  );
}

export function End({ r, page, rows, place }: { r: Resource<ListPage>; page: ListPage; rows: string; place: Place }) {
  const [busy, more] = useMore(r, rows);
  return <Ends r={r} page={page} place={place} busy={busy} more={more} />;
}
