/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** An answer that names one of the account's people: searched as one types (ARIA combobox). */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api } from '../lib/api';
import { t } from '../lib/i18n';
import { describes, type ControlProps } from './field';

interface Member { id: number; name: string }

const find = (query: string, ticket: number | null | undefined, signal: AbortSignal) =>
  api<{ items: Member[] }>('GET', `/api/members?${query}${ticket ? `&ticket=${ticket}` : ''}`, { signal, quiet: true });

export function Person({ id, field, value, onChange, fault, ticket }: ControlProps) {
  const [text, setText] = useState('');
  /* What is asked for; null: nothing is. */
  const [question, setQuestion] = useState<string | null>(null);
  const [found, setFound] = useState<Member[]>([]);
  const [active, setActive] = useState(0);
  const shown = question !== null && found.length > 0;

  /* An answer from before is an id, and so is one that was given elsewhere: whose is it? */
  const known = useRef<typeof value>(undefined);
  const answer = (id: number | undefined) => {
    known.current = id;
    onChange(id);
  };
  useEffect(() => {
    if (value === known.current) return undefined;
    known.current = value;
    setText('');
    if (typeof value !== 'number') return undefined;
    const stop = new AbortController();
    find(`person=${value}`, ticket, stop.signal).then((a) => setText(a.items[0]?.name ?? t('app.somebody')), () => {});
    return () => stop.abort();
  }, [value]);
  useEffect(() => {
    const q = question?.trim();
    if (!q) return setFound([]);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      find(`q=${encodeURIComponent(q)}`, ticket, stop.signal).then(({ items }) => {
        setFound(items);
        setActive(0);
        announce(items.length ? t('forms.person.found', { n: items.length }) : t('forms.person.none'));
      }, () => {});
    }, 150);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [question]);

  const pick = (m: Member) => {
    setText(m.name);
    setQuestion(null);
    answer(m.id);
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.isComposing || e.keyCode === 229) return;
    const chosen = found[active];
    if (shown && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) setActive((active + (e.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
    else if (e.key === 'Enter') shown && chosen && pick(chosen);
    else if (shown && e.key === 'Escape') setQuestion(null);
    else return;
    e.preventDefault();
  };
  return (
    <div class="combo">
      <input class="input" id={id} role="combobox" autocomplete="off" autocapitalize="none" spellcheck={false} dir="auto" required={field.required}
        aria-autocomplete="list" aria-expanded={shown} aria-controls={`${id}-list`} aria-activedescendant={shown ? `${id}-${active}` : undefined}
        aria-describedby={[`${id}-who`, describes(id, field, fault)].filter(Boolean).join(' ')} aria-invalid={fault ? true : undefined} value={text}
        onInput={(e) => { setText(e.currentTarget.value); setQuestion(e.currentTarget.value); answer(undefined); }} onKeyDown={onKey}
        onBlur={() => { setQuestion(null); if (value === undefined) setText(''); }} />
      <span class="hint" id={`${id}-who`}>{t('forms.person.hint')}</span>
      <div class="menu-panel" hidden={!shown}>
        <ul role="listbox" id={`${id}-list`} aria-label={t('forms.person.hint')}>
          {found.map((m, i) => (
            <li key={m.id} class="item" role="option" id={`${id}-${i}`} aria-selected={i === active} onMouseDown={(e) => e.preventDefault()} onClick={() => pick(m)}><bdi>{m.name}</bdi></li>
          ))}
        </ul>
      </div>
    </div>
  );
}
