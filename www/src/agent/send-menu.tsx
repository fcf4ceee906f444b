/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Beside the button that sends: what else an answer may do as it goes. */
import { useRef, useState } from 'preact/hooks';
import { t, type PlainKey } from '../lib/i18n';
import { mayBecome } from '../lib/moves';
import type { Status } from '../lib/types';
import { Icon } from '../ui/parts';

interface Way { status: Status | ''; next: boolean; text: PlainKey }
const WAYS: Way[] = [
  { status: '', next: true, text: 'agent.send.next' },
  { status: 'blocked', next: false, text: 'agent.send.blocked' },
  { status: 'blocked', next: true, text: 'agent.send.blocked.next' },
  { status: 'solved', next: false, text: 'agent.send.solved' },
  { status: 'solved', next: true, text: 'agent.send.solved.next' },
];

export function SendMenu({ now, send }: { now: Status | null; send: (status: Status | '', next: boolean) => void }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const ways = WAYS.filter((w) => !w.status || !now || mayBecome(now, w.status));
  const items = () => [...box.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? []];
  const show = (at: number) => { setOpen(true); requestAnimationFrame(() => items().at(at)?.focus()); };
  const close = () => { setOpen(false); button.current?.focus(); };
  return (
    <div class="send-menu" ref={box} onFocusOut={(e) => { if (!box.current?.contains(e.relatedTarget as Node | null)) setOpen(false); }}
      onKeyDown={(e) => {
        const all = items();
        const at = all.indexOf(document.activeElement as HTMLElement);
        const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[e.key];
        if (e.key === 'Escape' && open) { e.preventDefault(); close(); }
        else if (to !== undefined) { e.preventDefault(); if (open) all.at(to % all.length)?.focus(); else show(e.key === 'ArrowUp' ? -1 : 0); }
      }}>
      <button class="btn btn-primary btn-icon" type="button" ref={button} aria-haspopup="menu" aria-expanded={open} title={t('agent.send.more')} onClick={() => (open ? close() : show(0))}>
        <Icon name="chevron-down" /><span class="visually-hidden">{t('agent.send.more')}</span>
      </button>
      {open && (
        <div class="menu-panel" role="menu" aria-label={t('agent.send.more')}>
          {ways.map((w) => <button class="item" type="button" role="menuitem" data-affects={`reply ${w.status}`} tabIndex={-1} key={w.text} onClick={() => { close(); send(w.status, w.next); }}>{t(w.text)}</button>)}
        </div>
      )}
    </div>
  );
}
