/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The accounts one looks after. The search is in the address. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { navigate, query, url } from '../lib/router';
import { Empty, Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { base, type AccountList, type AccountRow } from './data';

function Row({ a }: { a: AccountRow }) {
  return (
    <a class="trow" href={`${base}/${a.id}`}>
      <span class="trow-head"><span class="trow-title" dir="auto">{a.name}</span></span>
      {a.flagged > 0 ? <span class="chip" data-s="blocked">{t('accounts.flagged', { n: a.flagged })}</span> : <span />}
      <span class="trow-who" dir="auto">{a.is_partner ? t('accounts.is_partner') : a.partner ?? ''}</span>
      <span class="num">{a.open < 100 ? t('accounts.open', { n: a.open }) : t('accounts.open_many')}</span>
    </a>
  );
}

export function Accounts() {
  const q = url.value.searchParams.get('q') ?? '';
  const [page, setPage] = useState<AccountList | null>(null);
  const [fault, setFault] = useState<Problem | null>(null);
  const timer = useRef(0);
  const path = `/api/accounts${query({ q }, new URL('/', location.href))}`;

  const load = (after?: string) => {
    const stop = new AbortController();
    const to = after ? `${path}${q ? '&' : '?'}after=${encodeURIComponent(after)}` : path;
    api<AccountList>('GET', to, { signal: stop.signal }).then((p) => {
      setFault(null);
      setPage((old) => (after && old ? { ...p, items: [...old.items, ...p.items] } : p));
      if (q && !after) announce(t('accounts.found', { n: p.items.length }));
    }, (e) => { if (e instanceof Problem) setFault(e); });
    return () => stop.abort();
  };
  useEffect(() => {
    const first = takeRoute<AccountList>();
    if (first?.items && !q) return setPage(first);
    return load();
  }, [path]);

  const type = (text: string) => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => navigate(`${base}${query({ q: text.trim() || null })}`, { replace: true }), 200);
  };
  return (
    <>
      <div class="page-head">
        <Heading text={t('accounts.title')} />
        <a class="btn" href={`/api/accounts.csv?lang=${boot.lang}`} download=""><Icon name="download" />{t('app.csv')}</a>
        {page?.can.make && <a class="btn btn-primary" href={`${base}/new`}><Icon name="plus" />{t('accounts.new')}</a>}
      </div>
      <div class="field">
        <label for="q">{t('accounts.search')}</label>
        <input class="input" id="q" type="search" defaultValue={q} dir="auto" autocomplete="off" onInput={(e) => type(e.currentTarget.value)} />
      </div>
      {fault && !page ? <Failed problem={fault} retry={() => load()} />
        : !page ? <Skeleton rows={6} />
          : page.items.length ? (
            <>
              <ul class="tlist" role="list">{page.items.map((a) => <li key={a.id}><Row a={a} /></li>)}</ul>
              {page.next && <p><button class="btn btn-wide" type="button" onClick={() => load(page.next ?? '')}>{t('app.more')}</button></p>}
            </>
          ) : <Empty icon="inbox" title={q ? t('accounts.no_match') : t('accounts.none')} />}
    </>
  );
}
