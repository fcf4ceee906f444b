/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Something is found as one types, and picked (ARIA combobox with a listbox). What is picked is kept elsewhere. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { t } from '../lib/i18n';

export interface Hit { id: number; text: string; note?: ComponentChildren }

interface Props {
  id: string;
  label: string;
  hint?: string;
  /** Asked when typing pauses; the last question wins. */
  search: (q: string, signal: AbortSignal) => Promise<Hit[]>;
  onPick: (hit: Hit) => void;
  describedBy?: string | undefined;
  /** How many there are, in words. */
  count?: (n: number) => string;
}

export function Find({ id, label, hint, search, onPick, describedBy, count = (n) => t('pick.found', { n }) }: Props) {
  const [text, setText] = useState('');
  const [question, setQuestion] = useState<string | null>(null);
  const [found, setFound] = useState<Hit[]>([]);
  const [active, setActive] = useState(0);
  const shown = question !== null && found.length > 0;
  useEffect(() => {
    const q = question?.trim();
    if (!q) return setFound([]);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      search(q, stop.signal).then((items) => {
        if (stop.signal.aborted) return;
        setFound(items);
        setActive(0);
        announce(count(items.length));
      }, () => {});
    }, 150);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [question]);
  const pick = (hit: Hit) => {
    setText('');
    setQuestion(null);
    onPick(hit);
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.isComposing || e.keyCode === 229) return;
    const hit = found[active];
    if (shown && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) setActive((active + (e.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
    else if (e.key === 'Enter' && text.trim()) shown && hit && pick(hit);
    else if (shown && e.key === 'Escape') setQuestion(null);
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && <span class="hint" id={`${id}-hint`}>{hint}</span>}
      <div class="combo">
        <input class="input" id={id} role="combobox" autocomplete="off" autocapitalize="none" spellcheck={false} dir="auto" maxLength={100}
          aria-autocomplete="list" aria-expanded={shown} aria-controls={`${id}-list`} aria-activedescendant={shown ? `${id}-${active}` : undefined}
          aria-describedby={[hint && `${id}-hint`, describedBy].filter(Boolean).join(' ') || undefined} value={text}
          onInput={(e) => { setText(e.currentTarget.value); setQuestion(e.currentTarget.value); }} onKeyDown={onKey} onBlur={() => setQuestion(null)} />
        <div class="menu-panel" hidden={!shown}>
          <ul role="listbox" id={`${id}-list`} aria-label={label}>
            {found.map((hit, i) => (
              <li key={hit.id} class="item" role="option" id={`${id}-${i}`} aria-selected={i === active} onMouseDown={(e) => e.preventDefault()} onClick={() => pick(hit)}>
                <span class="grow"><bdi>{hit.text}</bdi>{hit.note && <><br /><small class="muted">{hit.note}</small></>}</span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}
