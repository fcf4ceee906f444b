/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A partner's inbox: the tickets of all its accounts, and who has each. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { Problem } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { query, url } from '../lib/router';
import { accounts, list, loadMore, person } from '../lib/store';
import type { ListPage, Ticket } from '../lib/types';
import { Chip, Empty, Failed, Heading, problemText, Skeleton, Time } from '../ui/parts';
import { toast } from '../ui/toast';
import { statusText } from './data';

const GROUPS = ['', 'open', 'pending', 'done'] as const;
const TABS = { '': 'accounts.inbox.all', open: 'accounts.inbox.open', pending: 'accounts.inbox.pending', done: 'accounts.inbox.done' } as const;
type Item = Ticket & { with: 'partner' | 'tenant' };
type Page = ListPage & { tenant: string };

function Row({ item, tenant }: { item: Item; tenant: string }) {
  const who = person(item.requester);
  const where = accounts.value[String(item.account)]?.name ?? '';
  return (
    <a class="trow" href={`/t/${item.number}`}>
      <span class="trow-head">
        <span class="num">#{item.number}</span>
        <span class="trow-title"><bdi>{item.title}</bdi><br /><small class="muted"><bdi>{where}</bdi> · {t('accounts.with', { who: item.with === 'tenant' ? tenant : boot.portal.account?.name ?? '' })}</small></span>
      </span>
      {item.status && <Chip status={item.status} text={statusText(item.status)} />}
      <span class="trow-who" dir="auto">{who?.name ?? t('app.somebody')}</span>
      <Time at={item.updated_at} />
    </a>
  );
}

export function Inbox() {
  const q = url.value.searchParams;
  const group = GROUPS.find((g) => g === q.get('group')) ?? '';
  const account = /^\d{1,16}$/.exec(q.get('account') ?? '')?.[0] ?? null;
  const r = list(`/api/inbox${query({ group, account }, new URL('/', location.href))}`);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const first = takeRoute<ListPage>();
    if (first?.items) r.set(first);
    else void r.load(r.data.peek() !== null);
  }, [r]);
  useLive(30, () => true, () => void r.refresh());

  const page = r.data.value as Page | null;
  const more = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const had = page?.items.length ?? 0;
      await loadMore(r);
      announce(t('app.more_loaded', { n: (r.data.peek()?.items.length ?? 0) - had }));
      requestAnimationFrame(() => document.querySelectorAll<HTMLElement>('.trow')[had]?.focus());
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
    setBusy(false);
  };
  return (
    <>
      <Heading text={t('accounts.inbox')} />
      <nav aria-label={t('accounts.inbox.filter')}>
        <ul class="tabs" role="list">
          {GROUPS.map((g) => <li key={g}><a href={`/inbox${query({ group: g })}`} aria-current={g === group ? 'page' : undefined}>{t(TABS[g])}</a></li>)}
        </ul>
      </nav>
      {account && <p>{t('accounts.inbox.of', { account: accounts.value[account]?.name ?? '…' })} <a class="link" href={`/inbox${query({ account: null })}`}>{t('accounts.inbox.every')}</a></p>}
      {r.error.value && !page ? <Failed problem={r.error.value} retry={() => void r.load()} />
        : !page ? <Skeleton rows={6} />
          : page.items.length ? (
            <>
              <ul class="tlist" role="list" aria-busy={r.loading.value}>{page.items.map((i) => <li key={i.number}><Row item={i as Item} tenant={page.tenant} /></li>)}</ul>
              {page.next && <p><button class="btn btn-wide" type="button" aria-disabled={busy} onClick={more}>{busy ? t('app.loading') : t('app.more')}</button></p>}
            </>
          ) : <Empty icon="inbox" title={t('accounts.inbox.none')} />}
    </>
  );
}
