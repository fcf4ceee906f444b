/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The conversation on its rail. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { Problem } from '../lib/api';
import { boot, me } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { loadOlder, people, type Resource } from '../lib/store';
import type { Comment, TicketLink, TicketPage } from '../lib/types';
import { withTexts } from './area';
import { Attached } from './files';
import { Avatar, Icon, problemText, Prose } from './parts';
import { toast } from './toast';

type History = typeof import('./history');

function Message({ c, page }: { c: Comment; page: TicketPage }) {
  const who = people.value[String(c.author)] ?? null;
  const mine = c.author === me.id;
  return (
    <li>
      <Avatar who={who} internal={c.internal} />
      <article class="msg" id={`m${c.id}`} data-by={who?.side} data-vis={c.internal ? 'internal' : 'public'} tabIndex={-1}>
        <header class="msg-head">
          <b dir="auto">{who?.name ?? t('app.somebody')}</b>
          {c.internal
            ? <span class="tag"><Icon name="lock" />{t('agent.note.tag')}</span>
            : mine ? <span class="tag">{t('app.you')}</span>
              : who?.side === 'support' && <span class="tag" data-by="support">{t('app.support')}</span>}
          {c.automatic && <span class="tag">{t('app.automatic')}</span>}
          <a href={`#m${c.id}`}><time dateTime={c.created_at}>{dateTime(c.created_at)}</time></a>
        </header>
        <Prose html={c.html} />
        {page.files?.length ? <Attached page={page} files={page.files.filter((f) => f.comment === c.id)} /> : null}
      </article>
    </li>
  );
}

/** What became of it: where it goes on, or came from. */
function Line({ link }: { link: TicketLink }) {
  return (
    <li class="rail-dot">
      <p class="muted">{t(`app.link.${link.kind}`)} <a class="link" href={`${boot.portal.account ? '' : '/agent'}/t/${link.number}`}>#{link.number} <bdi>{link.title}</bdi></a> · <time dateTime={link.at}>{dateTime(link.at)}</time></p>
    </li>
  );
}

/** What happened between the messages comes behind the page, and again when it changes. */
function useHistory(page: TicketPage) {
  const [past, setPast] = useState<{ Lines: History['default']; lines: Awaited<ReturnType<History['read']>> } | null>(null);
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(() => {
      withTexts(import('./history'), import('../gen/history'))
        .then((m) => m.read(page.ticket.number).then((lines) => { if (!gone) setPast({ Lines: m.default, lines }); })).catch(() => {});
    }, 300);
    return () => { gone = true; clearTimeout(timer); };
  }, [page]);
  return past;
}

/** A message and the lines that follow it. */
export interface Row { id: number; of: ComponentChildren[] }

/** `fold`: how the rows are shown, where it is not one after another. */
export function Thread({ r, page, fold, children }: { r: Resource<TicketPage>; page: TicketPage; fold?: (rows: Row[]) => VNode; children?: ComponentChildren }) {
  const [busy, setBusy] = useState(false);
  const past = useHistory(page);
  const list = useRef<HTMLOListElement>(null);
  const known = useRef(new Set(page.comments.map((c) => c.id)));

  useEffect(() => {
    const id = location.hash.slice(1);
    if (/^m\d+$/.test(id)) document.getElementById(id)?.scrollIntoView();
  }, []);
  useEffect(() => {
    const fresh = page.comments.filter((c) => !known.current.has(c.id) && c.author !== me.id);
    for (const c of page.comments) known.current.add(c.id);
    if (fresh.length) announce(t('app.new_messages', { n: fresh.length }));
  }, [page.comments]);

  const older = async () => {
    if (busy) return;
    setBusy(true);
    const first = list.current?.querySelector('.msg');
    const before = first?.getBoundingClientRect().top ?? 0;
    try {
      const old = new Set(page.comments.map((c) => c.id));
      await loadOlder(r);
      for (const c of r.data.peek()?.comments ?? []) if (!old.has(c.id)) known.current.add(c.id);
      requestAnimationFrame(() => {
        /* What was being read stays where it was; focus goes to the oldest one shown. */
        if (first) (first.closest('.pane-talk') ?? document.scrollingElement)?.scrollBy(0, first.getBoundingClientRect().top - before);
        list.current?.querySelector<HTMLElement>('.msg')?.focus({ preventScroll: true });
      });
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
    setBusy(false);
  };

  const rows = page.comments.map((c, n): Row => {
    const next = page.comments[n + 1];
    const here = (l: { at: string }) => l.at >= c.created_at && !(next && l.at >= next.created_at);
    const of: ComponentChildren[] = [<Message key={c.id} c={c} page={page} />];
    /* What became of it stands among what happened, by time. */
    let lines = past?.lines.filter(here) ?? [];
    for (const l of (page.links ?? []).filter(here).sort((a, b) => (a.at < b.at ? -1 : 1))) {
      const before = lines.filter((h) => h.at <= l.at);
      if (past && before.length) of.push(<past.Lines key={`h${l.kind}${l.number}`} lines={before} />);
      of.push(<Line key={`${l.kind}${l.number}`} link={l} />);
      lines = lines.filter((h) => h.at > l.at);
    }
    if (past) of.push(<past.Lines key={`h${c.id}`} lines={lines} />);
    return { id: c.id, of };
  });
  return (
    <ol class="thread" role="list" ref={list} aria-label={t('app.conversation')}>
      {page.more && (
        <li class="rail-dot"><button class="link" type="button" aria-disabled={busy} onClick={older}>{t('app.older')}</button></li>
      )}
      {fold ? fold(rows) : rows.flatMap((x) => x.of)}
      {children}
    </ol>
  );
}
