/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The search of tickets: its box, and what it finds. The words are in the address. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { navigate, query, url } from '../lib/router';
import { accounts, list, loadMore, person } from '../lib/store';
import type { ListPage, Ticket } from '../lib/types';
import { Chip, Empty, Failed, fieldText, Icon, problemText, Skeleton, Time } from '../ui/parts';
import { toast } from '../ui/toast';

/** A text in pieces; true: what was searched for. */
type Pieces = [text: string, hit: boolean][];
export interface Excerpt { title: Pieces; text: Pieces | null; in: 'reply' | 'note' | 'file' | 'title' }
interface FoundPage extends ListPage { excerpts: Record<string, Excerpt> | null; count: number; more: boolean }

const atDesk = () => url.value.pathname.startsWith('/agent');
const place = () => (atDesk() ? '/agent' : '/tickets');
const asked = () => url.value.searchParams.get('q')?.trim() ?? '';

/** A search costs more than a list: so often at most is it asked again while tickets change. */
const PACE = 10_000;

export function Box({ to }: { to?: string | undefined }) {
  const q = asked();
  const [text, setText] = useState(q);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(q), [q]);
  /* Filters are of the list: who searches, searches all of it. */
  const go = (words: string) => {
    if (to) { if (words) navigate(`${to}&q=${encodeURIComponent(words)}`); }
    else if (words || q) navigate(`${url.value.pathname}${query({ q: words || null, after: null })}`);
  };
  const clear = () => {
    setText('');
    input.current?.focus();
    go('');
  };
  return (
    <form class="find" role="search" onSubmit={(e) => { e.preventDefault(); go(text.trim()); }}>
      <label class="visually-hidden" for="find-q">{t('search.label')}</label>
      <div class="find-text">
        <input ref={input} id="find-q" class="input" type="search" dir="auto" maxLength={200} autocomplete="off" enterkeyhint="search" placeholder={t('search.label')} value={text}
          aria-describedby="find-help" onInput={(e) => setText(e.currentTarget.value)}
          onKeyDown={(e) => {
            /* Enter takes what is being composed, and searches the next time. */
            if (e.key === 'Enter' && (e.isComposing || e.keyCode === 229)) e.preventDefault();
            else if (e.key === 'Escape' && !e.isComposing && text) { e.preventDefault(); clear(); }
          }} />
        {text && <button class="btn btn-ghost" type="button" aria-label={t('search.clear')} onClick={clear}><Icon name="x" /></button>}
      </div>
      <button class="btn" type="submit"><Icon name="search" />{t('search.go')}</button>
      <details class="find-help"><summary>{t('search.help')}</summary><p id="find-help">{t('search.help.text')}{atDesk() && <> {t('search.help.desk')}</>}</p></details>
    </form>
  );
}

function Marked({ pieces }: { pieces: Pieces }) {
  return <>{pieces.map(([text, hit], i) => (hit ? <mark key={i}>{text}</mark> : text))}</>;
}

export function Text({ excerpt }: { excerpt: Excerpt | undefined }) {
  if (!excerpt?.text) return null;
  const kind = excerpt.in === 'note' ? t('search.in.note') : excerpt.in === 'file' ? t('search.in.file') : '';
  return <span class="found-text" data-in={excerpt.in}>{kind && <span class="found-in">{kind}: </span>}<bdi><Marked pieces={excerpt.text} /></bdi></span>;
}

function Row({ item, excerpt, selected }: { item: Ticket; excerpt: Excerpt | undefined; selected: boolean }) {
  const title = excerpt ? <Marked pieces={excerpt.title} /> : item.title;
  const where = typeof item.account === 'number' ? accounts.value[String(item.account)]?.name : '';
  const from = [person(item.requester)?.name, where].filter(Boolean).join(' · ');
  if (atDesk()) {
    return (
      <a class="qrow" href={`/agent/t/${item.number}${url.value.search}`} aria-current={selected ? 'true' : undefined}>
        <span class="qrow-1"><span class="qrow-title" dir="auto">{title}</span><Time at={item.desk_updated_at ?? item.updated_at} /></span>
        <span class="qrow-2">{item.status && <Chip status={item.status} text={t(`state.${item.status}`)} />}<span class="num">#{item.number}</span><span class="who" dir="auto">{from}</span></span>
        <Text excerpt={excerpt} />
      </a>
    );
  }
  return (
    <a class="trow" href={`/t/${item.number}`}>
      <span class="trow-head"><span class="num">#{item.number}</span> <span class="trow-title" dir="auto">{title}</span></span>
      {item.status ? <Chip status={item.status} text={t(`status.${item.status}`)} /> : <span />}
      <span class="trow-who" dir="auto">{from}</span>
      <Time at={item.updated_at} />
      <Text excerpt={excerpt} />
    </a>
  );
}

export function Found({ selected }: { selected?: number | null | undefined }) {
  const r = list(`/api/search${query({ q: asked() }, new URL('/', location.href))}`);
  const page = r.data.value as FoundPage | null;
  const [busy, setBusy] = useState(false);
  const count = page && (page.more ? t('search.many', { n: page.count }) : t('search.count', { n: page.count }));

  useEffect(() => { void r.load(r.data.peek() !== null); }, [r]);
  /* Told once a question: what comes later is there to be seen. */
  const told = useRef(false);
  useEffect(() => {
    if (count && !told.current) announce(count);
    told.current ||= Boolean(count);
  }, [count]);
  useLive(60, () => true, () => void r.refresh(), PACE);

  const more = async () => {
    if (busy) return;
    setBusy(true);
    try {
      const had = page?.items.length ?? 0;
      await loadMore(r);
      requestAnimationFrame(() => document.querySelectorAll<HTMLElement>('.trow, .qrow')[had]?.focus());
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
    setBusy(false);
  };

  const fault = r.error.value?.errors?.find((e) => e.field === 'q');
  if (fault) return <Empty icon="search" title={fieldText(fault.code)}><p>{t('search.help.text')}</p></Empty>;
  if (r.error.value && !page) return <Failed problem={r.error.value} retry={() => void r.load()} />;
  if (!page) return <Skeleton rows={6} />;
  if (!page.items.length) {
    return (
      <Empty icon="search" title={t(page.more ? 'app.list.searched' : 'search.none')}>
        <p>{t('search.none.text')}</p>
        <a class="btn" href={place()}>{t('search.back')}</a>
      </Empty>
    );
  }
  return (
    <>
      <p class="muted">{count}</p>
      <ul class={atDesk() ? 'qlist' : 'tlist'} role="list" aria-busy={r.loading.value}>
        {page.items.map((i) => <li key={i.number}><Row item={i} excerpt={page.excerpts?.[i.number]} selected={i.number === selected} /></li>)}
      </ul>
      {page.next && <p><button class="btn btn-wide" type="button" aria-disabled={busy} onClick={more}>{busy ? t('app.loading') : t('app.more')}</button></p>}
    </>
  );
}
