/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The people field: search as you type and pick, or type an address and press
 * Enter (ARIA combobox with a listbox). What is chosen are chips with a remove
 * button; one that is not right is red. Nothing is stored here: the form saves.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { t } from '../lib/i18n';
import { Icon } from './parts';

export interface Entry { email: string; name?: string | null; note?: string; bad?: boolean }
export interface Found { id: number; name: string; email: string; partner: string | null }

interface Props {
  id: string;
  label: string;
  hint: string;
  value: Entry[];
  onChange: (value: Entry[]) => void;
  search: (q: string, signal: AbortSignal) => Promise<Found[]>;
  fault?: ComponentChildren;
  /** Nobody at all will do. */
  optional?: boolean;
}

const ADDRESS = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)+$/;
export const isAddress = (s: string) => s.length <= 254 && ADDRESS.test(s);
const nameOf = (e: Entry) => e.name ?? e.email;

/** What is found for what is typed; asked when typing pauses, the last question wins. */
function useFound(text: string, search: Props['search']): Found[] {
  const [found, setFound] = useState<Found[]>([]);
  useEffect(() => {
    const q = text.trim();
    if (!q) return setFound([]);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      search(q, stop.signal).then((items) => { if (!stop.signal.aborted) setFound(items); }, () => {});
    }, 150);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [text, search]);
  return found;
}

function Chips({ value, remove, fixed }: { value: Entry[]; remove: (e: Entry) => void; fixed: boolean }) {
  return (
    <ul class="chips" role="list">
      {value.map((e) => (
        <li key={e.email} class="chip" data-s={isAddress(e.email) && !e.bad ? undefined : 'bad'}>
          <span><bdi>{nameOf(e)}</bdi>{e.name && <small class="muted" dir="ltr"> {e.email}</small>}{e.note && <small> · {e.note}</small>}</span>
          <button type="button" aria-label={t('pick.remove', { who: nameOf(e) })} aria-disabled={fixed} onClick={() => remove(e)}><Icon name="x" /></button>
        </li>
      ))}
    </ul>
  );
}

export function PeopleField({ id, label, hint, value, onChange, search, fault, optional }: Props) {
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const found = useFound(text, search).filter((f) => !value.some((e) => e.email === f.email));
  const shown = open && found.length > 0;
  const wrong = value.some((e) => !isAddress(e.email)) ? t('pick.bad') : fault;

  useEffect(() => {
    setActive(-1);
    if (open && text.trim()) announce(t('pick.found', { n: found.length }));
  }, [found.map((f) => f.id).join()]);

  const add = (entries: Entry[]) => {
    const fresh = entries.filter((e, i) => e.email && !value.some((v) => v.email === e.email) && entries.findIndex((o) => o.email === e.email) === i);
    if (fresh.length) onChange([...value, ...fresh]);
    setText('');
    setOpen(false);
    const last = fresh[fresh.length - 1];
    if (last) announce(isAddress(last.email) ? t('pick.added', { who: nameOf(last) }) : t('pick.bad'));
  };
  const typed = (s: string) => add(s.toLowerCase().split(/[\s,;]+/).map((email) => ({ email })));
  const pick = (f: Found) => { add([{ email: f.email, name: f.name }]); input.current?.focus(); };
  const remove = (e: Entry) => {
    if (value.length === 1 && !optional) return announce(t('pick.last'));
    const at = value.indexOf(e);
    onChange(value.filter((v) => v !== e));
    announce(t('pick.removed', { who: nameOf(e) }));
    requestAnimationFrame(() => {
      const left = box.current?.querySelectorAll<HTMLElement>('.chips button');
      (left?.[Math.min(at, left.length - 1)] ?? input.current)?.focus();
    });
  };

  const onKey = (e: KeyboardEvent) => {
    /* Enter that ends a composition chooses characters, not people. */
    if (e.isComposing || e.keyCode === 229) return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      setOpen(true);
      const n = found.length;
      if (n) setActive((active + (e.key === 'ArrowDown' ? 1 : active < 0 ? n : -1) + n) % n);
    } else if (e.key === 'Enter' && text.trim()) {
      e.preventDefault();
      const f = shown ? found[active] : undefined;
      if (f) pick(f);
      else typed(text);
    } else if (e.key === 'Enter') {
      e.preventDefault();
    } else if (e.key === 'Escape' && (shown || text)) {
      e.preventDefault();
      if (shown) setOpen(false);
      else setText('');
    } else if (e.key === 'Backspace' && !text) {
      const all = box.current?.querySelectorAll<HTMLElement>('.chips button');
      all?.[all.length - 1]?.focus();
    }
  };

  const describedBy = wrong ? `${id}-hint ${id}-fault` : `${id}-hint`;
  return (
    <div class="field" ref={box}>
      <label for={id}>{label}</label>
      <span class="hint" id={`${id}-hint`}>{hint}</span>
      {value.length > 0 && <Chips value={value} remove={remove} fixed={value.length === 1 && !optional} />}
      <div class="combo">
        <input class="input" id={id} ref={input} role="combobox" autocomplete="off" autocapitalize="none" spellcheck={false} dir="auto"
          aria-autocomplete="list" aria-expanded={shown} aria-controls={`${id}-list`} aria-describedby={describedBy} aria-invalid={wrong ? true : undefined}
          aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
          value={text} onInput={(e) => { setText(e.currentTarget.value); setOpen(true); }} onKeyDown={onKey}
          onBlur={() => { setOpen(false); if (text.includes('@')) typed(text); }} />
        <div class="menu-panel" hidden={!shown}>
          <ul role="listbox" id={`${id}-list`} aria-label={label}>
            {found.map((f, i) => (
              <li key={f.id} class="item" role="option" id={`${id}-${i}`} aria-selected={i === active}
                onMouseDown={(e) => e.preventDefault()} onClick={() => pick(f)}>
                <span class="grow"><bdi>{f.name}</bdi><br /><small class="muted"><bdi>{f.email}</bdi>{f.partner && <> · <bdi>{f.partner}</bdi></>}</small></span>
                <span class="btn">{t('pick.add')}</span>
              </li>
            ))}
          </ul>
        </div>
      </div>
      {wrong && <span class="error" id={`${id}-fault`}><Icon name="circle-alert" />{wrong}</span>}
    </div>
  );
}
