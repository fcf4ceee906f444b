/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** My tickets. Everything that is chosen is in the address. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { Problem } from '../lib/api';
import { boot, me, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { navigate, query, url } from '../lib/router';
import { accounts, list, loadMore, person } from '../lib/store';
import type { ListPage, Ticket } from '../lib/types';
import { Chip, Empty, Failed, Heading, Icon, problemText, Skeleton, Time } from '../ui/parts';
import { toast } from '../ui/toast';

const GROUPS = ['', 'open', 'pending', 'done'] as const;
const TABS = { '': 'portal.list.all', open: 'portal.list.open', pending: 'portal.list.pending', done: 'portal.list.done' } as const;

function Row({ item }: { item: Ticket }) {
  const who = person(item.assignee);
  const asks = item.requester === me.id ? null : person(item.requester);
  const where = typeof item.account === 'number' && item.account !== boot.portal.account?.id ? accounts.value[String(item.account)]?.name : '';
  const from = [asks?.name, where].filter(Boolean).join(' · ');
  return (
    <a class="trow" href={`/t/${item.number}`}>
      <span class="trow-head"><span class="num">#{item.number}</span> <span class="trow-title" dir="auto">{item.title}</span>{from && <> <span class="muted" dir="auto">{from}</span></>}</span>
      {item.status ? <Chip status={item.status} text={t(`status.${item.status}`)} /> : <span />}
      <span class="trow-who" dir="auto">{who ? <><span class="visually-hidden">{t('portal.ticket.assignee')}: </span>{who.name}</> : ''}</span>
      <Time at={item.updated_at} />
    </a>
  );
}

export function TicketList() {
  const q = url.value.searchParams;
  const group = GROUPS.find((g) => g === q.get('group')) ?? '';
  const mine = q.get('requester') === 'me';
  const path = `/api/tickets${query({ group, requester: mine ? 'me' : null }, new URL('/', location.href))}`;
  const r = list(path);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    const first = takeRoute<ListPage>();
    if (first?.items) r.set(first);
    else void r.load();
  }, [r]);

  useLive(60, () => true, () => void r.refresh());

  const page = r.data.value;
  const more = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const had = page?.items.length ?? 0;
      await loadMore(r);
      const now = r.data.peek()?.items.length ?? 0;
      announce(t('app.more_loaded', { n: now - had }));
      requestAnimationFrame(() => document.querySelectorAll<HTMLElement>('.trow')[had]?.focus());
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
    setBusy(false);
  };

  return (
    <>
      <Heading text={t('portal.list.title')} />
      <div class="bar">
        <nav aria-label={t('portal.list.filter')}>
          <ul class="tabs" role="list">
            {GROUPS.map((g) => (
              <li key={g}><a href={`/tickets${query({ group: g })}`} aria-current={g === group ? 'page' : undefined}>{t(TABS[g])}</a></li>
            ))}
          </ul>
        </nav>
        <label class="check">
          <input type="checkbox" checked={mine} onChange={(e) => navigate(`/tickets${query({ requester: e.currentTarget.checked ? 'me' : null })}`)} />
          {t('portal.list.mine')}
        </label>
      </div>
      {r.error.value && !page ? <Failed problem={r.error.value} retry={() => void r.load()} />
        : !page ? <Skeleton rows={6} />
          : page.items.length ? (
            <>
              <ul class="tlist" role="list" aria-busy={r.loading.value}>{page.items.map((i) => <li key={i.number}><Row item={i} /></li>)}</ul>
              {page.next && <p><button class="btn btn-wide" type="button" aria-disabled={busy} onClick={more}>{busy ? t('app.loading') : t('app.more')}</button></p>}
            </>
          ) : boot.support ? (
            <Empty icon="inbox" title={t('portal.list.support')} />
          ) : group || mine ? (
            <Empty icon="inbox" title={t('portal.list.no_match')}><a class="btn" href="/tickets">{t('portal.list.clear')}</a></Empty>
          ) : (
            <Empty icon="inbox" title={t('portal.list.none')}>
              <p>{t('portal.list.none.text')}</p>
              <a class="btn btn-primary" href="/tickets/new"><Icon name="plus" />{t('portal.new.title')}</a>
            </Empty>
          )}
    </>
  );
}
