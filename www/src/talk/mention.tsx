/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Behind '@': whom one may mention, found as one types; and, before sending,
 * with whom the ticket is shared by it.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api } from '../lib/api';
import { t } from '../lib/i18n';
import type { Meant } from '../lib/draft';
import { named, type MentionProps } from '../ui/mentions';
import { listed } from './data';

interface Item extends Meant { kind: 'colleague' | 'agent'; may: boolean }
interface Found { items: Item[]; invite: boolean }

/* '@' where a word begins, and up to three words of a name. */
const AT = /(?:^|[\s(])@((?:[\p{L}\p{N}.'’-]+ ?){0,3})$/u;

export default function MentionList({ number, area, note, value, meant, onChange }: MentionProps) {
  const [question, setQuestion] = useState<string | null>(null);
  const [found, setFound] = useState<Found>({ items: [], invite: false });
  const [active, setActive] = useState(0);
  const caret = useRef<number | null>(null);
  const box = () => document.getElementById(area) as HTMLTextAreaElement | null;

  /* What was just typed. */
  useEffect(() => {
    const el = box();
    const before = el && el === document.activeElement ? value.slice(0, el.selectionStart) : '';
    const asked = AT.exec(before)?.[1] ?? null;
    setQuestion(asked !== null && meant.some((m) => asked.startsWith(`${m.name} `)) ? null : asked);
  }, [value]);
  useEffect(() => {
    if (question === null) return setFound({ items: [], invite: false });
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const q = question.trim();
      api<Found>('GET', `/api/tickets/${number}/mentionable?${new URLSearchParams({ ...(q ? { q } : {}), ...(note ? { note: 'yes' } : {}) })}`, { signal: stop.signal, quiet: true })
        .then((f) => { setFound(f); setActive(0); }, () => {});
    }, 120);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [question]);

  const { items } = found;
  const open = question !== null && items.length > 0;
  const nobody = question !== null && question.trim().length > 1 && items.length === 0;
  const pick = (item: Item | undefined) => {
    const el = box();
    if (!el || !item?.may || question === null) return;
    const end = el.selectionStart;
    const start = end - question.length;
    const body = `${value.slice(0, start)}${item.name} ${value.slice(end)}`;
    caret.current = start + item.name.length + 1;
    setQuestion(null);
    onChange(body, [...meant.filter((m) => m.id !== item.id), { id: item.id, name: item.name, sees: item.sees }]);
  };
  useLayoutEffect(() => {
    if (caret.current === null) return;
    const el = box();
    el?.focus();
    el?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [value]);

  /* The keys go to the list while it is there; the text keeps focus. */
  // With the list itself: no name of what is not there.
  useLayoutEffect(() => {
    const el = box();
    if (!el || !open) return undefined;
    const onKey = (e: KeyboardEvent) => {
      if (e.isComposing || e.keyCode === 229 || e.ctrlKey || e.metaKey) return;
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') setActive((active + (e.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length);
      else if (e.key === 'Enter' || e.key === 'Tab') pick(items[active]);
      else if (e.key === 'Escape') setQuestion(null);
      else return;
      e.preventDefault();
      e.stopPropagation();
    };
    el.addEventListener('keydown', onKey, true);
    el.setAttribute('aria-autocomplete', 'list');
    el.setAttribute('aria-controls', `${area}-mentions`);
    el.setAttribute('aria-activedescendant', `${area}-mention-${active}`);
    return () => {
      el.removeEventListener('keydown', onKey, true);
      for (const a of ['aria-autocomplete', 'aria-controls', 'aria-activedescendant']) el.removeAttribute(a);
    };
  });

  const fresh = named(value, meant).filter((m) => !m.sees).map((m) => m.name);
  return (
    <>
      {open && (
        <ul class="tlist" role="listbox" id={`${area}-mentions`} aria-label={t('talk.mention')}>
          {items.map((i, n) => (
            <li key={i.id} class="item" role="option" id={`${area}-mention-${n}`} aria-selected={n === active} aria-disabled={!i.may}
              onMouseDown={(e) => e.preventDefault()} onClick={() => pick(i)}>
              <span class="grow"><bdi>{i.name}</bdi><br />
                <small class="muted">{!i.may ? t('share.may_not') : i.kind === 'agent' ? t('talk.mention.agent') : i.sees ? t('talk.mention.sees') : t('talk.mention.new')}</small></span>
            </li>
          ))}
        </ul>
      )}
      {nobody && (
        <p class="composer-foot muted" role="status">
          {t(note ? 'talk.mention.staff' : 'share.outside', { who: question.trim() })} {found.invite && <a href="/invitations">{t('share.invite', { who: question.trim() })}</a>}
        </p>
      )}
      {fresh.length > 0 && <p class="notice" role="status">{t('talk.mention.shares', { who: listed(fresh) })}</p>}
    </>
  );
}
