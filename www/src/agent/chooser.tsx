/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Something is chosen by typing a part of it: a dialog with a combobox and its list. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import { keyText } from './keys';
import { takeAhead } from './state';

export interface Option {
  id: string;
  text: string;
  /** Somebody's words, and not ours. */
  own?: boolean;
  note?: string | undefined;
  keys?: string | undefined;
  group?: string;
  /** It is so already. */
  now?: boolean;
  /** Found elsewhere by what was typed: not looked at again. */
  found?: boolean;
  run: () => void;
}

/** So many can be seen. */
const FIRST = 12;

const plain = (s: string) => s.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
/** Each word that was typed begins somewhere in it, or is in it where words are not parted. */
export function fits(typed: string, text: string): boolean {
  const all = plain(text);
  return plain(typed).split(/\s+/).filter(Boolean).every((word) => all.includes(word));
}

export function Keys({ of }: { of: string }) {
  return <span class="keyset">{keyText(of).map((k, i) => <kbd key={i}>{k}</kbd>)}</span>;
}

interface Props {
  title: string;
  hint: string;
  /** Who is told of what is chosen. */
  tells?: string;
  options: Option[];
  small?: boolean;
  /** One after the other is chosen. */
  stays?: boolean;
  onInput?: (typed: string) => void;
  onClose: () => void;
}

export function Chooser({ title, hint, tells, options, small, stays, onInput, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [all, setAll] = useState(false);
  const [active, setActive] = useState(0);
  const shown = options.filter((o) => o.found || fits(typed, `${o.text} ${o.note ?? ''}`));
  const at = Math.min(active, shown.length - 1);
  const close = () => dialog.current?.hidePopover();
  const isOpen = () => dialog.current?.matches(':popover-open') ?? false;
  /* Over all, but not modal: what is behind need not be made inert, which would cost a look at the whole page.
     At once: no key is pressed between the one that asked for it and this. */
  useLayoutEffect(() => {
    const was = takeAhead();
    dialog.current?.showPopover();
    input.current?.focus();
    if (was) {
      setTyped(was);
      onInput?.(was);
    } else setActive(Math.max(0, options.findIndex((o) => o.now)));
  }, []);
  /* The first that can be seen are shown first. */
  useEffect(() => setAll(true), []);
  /* A press beside it closes it and does nothing else: not every browser does so by itself, and those that do let it through. */
  useEffect(() => {
    const beside = (e: PointerEvent) => {
      if (!isOpen() || dialog.current?.contains(e.target as Node)) return;
      e.preventDefault();
      close();
      const eat = (click: MouseEvent) => { if (click.detail > 0) { click.preventDefault(); click.stopPropagation(); } };
      document.addEventListener('click', eat, { capture: true, once: true });
      document.addEventListener('pointerdown', () => document.removeEventListener('click', eat, true), { capture: true, once: true });
    };
    document.addEventListener('pointerdown', beside, true);
    return () => document.removeEventListener('pointerdown', beside, true);
  }, []);
  useEffect(() => { if (typed) announce(t('desk.found', { n: shown.length })); }, [typed, shown.length]);
  useEffect(() => { document.getElementById(`choice-${at}`)?.scrollIntoView({ block: 'nearest' }); }, [at]);
  const run = (o: Option | undefined) => {
    if (!o) return;
    if (stays) {
      o.run();
      setTyped('');
      setActive(0);
      onInput?.('');
      return;
    }
    /* First the focus goes back to where it was; then what was chosen may take it. */
    close();
    o.run();
  };
  const drawn = all ? shown : shown.slice(0, Math.max(FIRST, at + 1));
  const groups = [...new Set(drawn.map((o) => o.group ?? ''))];
  return (
    <dialog class="chooser" ref={dialog} data-small={small ? '' : undefined} aria-labelledby="chooser-title" popover="auto"
      onToggle={(e) => { if ((e as unknown as ToggleEvent).newState === 'closed') onClose(); }}
      onKeyDown={(e) => { if (e.key === 'Tab') { e.preventDefault(); close(); } }}
      onFocusOut={(e) => { if (isOpen() && e.relatedTarget && !e.currentTarget.contains(e.relatedTarget as Node)) input.current?.focus(); }}>
      <h2 id="chooser-title">{title}</h2>
      <input ref={input} type="text" role="combobox" aria-expanded={shown.length > 0} aria-controls="chooser-list" aria-autocomplete="list" aria-labelledby="chooser-title" aria-describedby={tells ? 'chooser-tells' : undefined} autocomplete="off" spellcheck={false} dir="auto" maxLength={100}
        placeholder={hint} aria-activedescendant={shown.length ? `choice-${at}` : undefined} value={typed}
        onInput={(e) => { setTyped(e.currentTarget.value); setActive(0); onInput?.(e.currentTarget.value); }}
        onKeyDown={(e) => {
          if (e.isComposing || e.keyCode === 229) return;
          const n = shown.length;
          const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 8, n - 1), PageUp: Math.max(at - 8, 0) }[e.key];
          if (to !== undefined && n) { e.preventDefault(); setActive((to + n) % n); }
          if (e.key === 'Enter') { e.preventDefault(); run(shown[at]); }
        }} />
      <div class="chooser-list" id="chooser-list" role="listbox" aria-labelledby="chooser-title" tabIndex={-1}>
        {groups.map((g, gn) => (
          <div key={g} role="group" aria-label={g || title}>
            {g && <span role="presentation" id={`chooser-group-${gn}`}>{g}</span>}
            {drawn.map((o, n) => ((o.group ?? '') !== g ? null : (
              <div key={o.id} class="choice" role="option" id={`choice-${n}`} aria-selected={n === at} onPointerMove={() => { if (n !== at) setActive(n); }} onMouseDown={(e) => e.preventDefault()} onClick={() => run(o)}>
                <span class="grow" dir={o.own ? 'auto' : undefined}>{o.text}</span>
                {o.note && <small dir="auto">{o.note}</small>}
                {o.now && <><Icon name="check" /><span class="visually-hidden">{t('desk.now')}</span></>}
                {o.keys && <Keys of={o.keys} />}
              </div>
            )))}
          </div>
        ))}
      </div>
      {shown.length === 0 && <p class="chooser-none">{t('desk.none')}</p>}
      {tells && <p class="chooser-none" id="chooser-tells">{tells}</p>}
      <p class="chooser-foot" aria-hidden="true"><span><kbd>↑</kbd> <kbd>↓</kbd> {t('desk.foot.move')}</span><span><kbd>Enter</kbd> {t('desk.foot.choose')}</span><span><kbd>Esc</kbd> {t('desk.foot.close')}</span></p>
    </dialog>
  );
}
