/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The middle of a long conversation that one has read is one line, which opens; what
 * is new has a line before it, and there the page begins. Whoever looks for words in
 * the page, or follows a link to a message, has it opened.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { me } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import type { Comment } from '../lib/types';
import type { Row } from '../ui/thread';
import { plan, type Plan } from './read';

/* A browser that would not find what is folded has it all. */
const FINDS = typeof document !== 'undefined' && 'onbeforematch' in document.documentElement;

export function Folded({ rows, comments, before }: { rows: Row[]; comments: Comment[]; before: string | null | undefined }) {
  const [is, set] = useState<(Plan & { goes: boolean }) | null>(null);
  const [open, setOpen] = useState(false);
  const mark = useRef<HTMLLIElement>(null);
  const box = useRef<HTMLLIElement>(null);
  /* Once, as the page was opened: nothing is folded under somebody's eyes. */
  useLayoutEffect(() => {
    if (is || before === undefined) return;
    const got = plan(comments, before, me.id);
    const pane = document.querySelector('.pane-talk');
    const begun = Math.max(pane?.scrollTop ?? 0, scrollY) > 4 || pane?.querySelector('.composer')?.contains(document.activeElement);
    const linked = Number(/^#m(\d+)$/.exec(location.hash)?.[1] ?? 0);
    set({ fresh: got.fresh, folded: begun || !FINDS || got.folded.includes(linked) ? [] : got.folded, goes: !begun && !linked });
    const n = got.fresh === null ? 0 : comments.filter((c) => c.id >= (got.fresh ?? 0) && c.author !== me.id).length;
    if (n) announce(t('app.new_messages', { n }));
  }, [before]);
  useLayoutEffect(() => {
    const at = mark.current?.getBoundingClientRect();
    if (is?.goes && at && at.bottom > innerHeight * 0.6) mark.current?.scrollIntoView();
  }, [is]);
  useEffect(() => {
    const found = () => setOpen(true);
    box.current?.addEventListener('beforematch', found);
    return () => box.current?.removeEventListener('beforematch', found);
  }, [is]);
  const folded = new Set(is?.folded);
  const inside = rows.filter((x) => folded.has(x.id));
  return (
    <>
      {rows.flatMap((x) => [
        is && x.id === is.fresh && before && <li class="rail-dot read-new" key="new" ref={mark}><p>{t('agent.read.new', { time: dateTime(before) })}</p></li>,
        ...(x.id === inside[0]?.id ? [
          <li class="rail-dot" key="fold"><button class="link" type="button" aria-expanded={open} aria-controls="read-before" onClick={() => setOpen(!open)}>{t('agent.read.folded', { n: inside.length })}</button></li>,
          <li class="read-before" id="read-before" key="folded" ref={box} hidden={open ? undefined : 'until-found'}>
            <ol class="thread" role="list" aria-label={t('agent.read.folded', { n: inside.length })}>{inside.flatMap((y) => y.of)}</ol>
          </li>] : []),
        ...(folded.has(x.id) ? [] : x.of)])}
    </>
  );
}
