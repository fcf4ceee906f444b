/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The keys of the workspace. Letters are what a keyboard writes, not where its keys
 * are; nothing happens while somebody types, composes or is in a dialog, and
 * single letters can be switched off.
 */
import { commands, usable, type Command } from './commands';
import { kept } from './panes';
import { ahead, ask, asking, closed } from './state';

const MAC = /^Mac|^iP/.test(navigator.platform);
export const MOD = MAC ? '⌘' : 'Ctrl ';

/** As people read it: 'mod+shift+enter' → 'Ctrl Shift Enter'. */
export function keyText(keys: string): string[] {
  const name = (k: string) => (k === 'mod' ? MOD.trim() : k === 'shift' ? (MAC ? '⇧' : 'Shift') : k.length === 1 ? k.toUpperCase() : k[0]?.toUpperCase() + k.slice(1));
  return keys.split(' ').flatMap((one) => one.split('+').map(name));
}

/** What was pressed, in the words of the table. */
export function pressed(e: KeyboardEvent): string {
  const graph = e.getModifierState?.('AltGraph') ?? false;
  const mod = (e.ctrlKey || e.metaKey) && !graph;
  if (e.altKey && !graph) return '';
  const key = e.key === 'Escape' ? 'esc' : e.key.toLowerCase();
  /* A sign may need the shift key to be written, which then says nothing. */
  const sign = key.length === 1 && !/\p{L}/u.test(key);
  return `${mod ? 'mod+' : ''}${e.shiftKey && !sign ? 'shift+' : ''}${key}`;
}

const TYPES = 'input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]';
const SEQUENCE_MS = 1500;

export function startKeys(): () => void {
  let first = '';
  let timer = 0;
  const find = (keys: string): Command | undefined => commands.find((c) => c.keys === keys && usable(c));
  const on = (e: KeyboardEvent) => {
    if (e.defaultPrevented || e.isComposing || e.keyCode === 229 || document.querySelector('dialog:is([open], :popover-open)')) return;
    const target = e.target instanceof HTMLElement ? e.target : null;
    if (ahead.typed !== null && !e.ctrlKey && !e.metaKey && (e.key.length === 1 || /^(Escape|Enter)$/.test(e.key))) {
      /* Who writes elsewhere meanwhile does not wait for it. */
      if (e.key === 'Escape' || target !== ahead.from && target?.closest(TYPES)) closed(asking.peek());
      else if (e.key !== 'Enter') ahead.typed += e.key;
      if (asking.peek() || e.key === 'Escape') return e.preventDefault();
    }
    const keys = pressed(e);
    if (keys === 'mod+k') {
      e.preventDefault();
      ask('palette');
      return;
    }
    if (!keys || kept.value.keys === false) return;
    if (target?.closest(TYPES)) {
      /* Out of what one writes, back to where letters are keys. */
      if (keys === 'esc' && target.closest('.composer, .find')) {
        e.preventDefault();
        (target.closest<HTMLElement>('.pane-talk') ?? document.getElementById('pane-list'))?.focus();
      }
      /* At the beginning of a line a stroke asks for a macro; a second one is a stroke. */
      if (keys === '/' && target instanceof HTMLTextAreaElement && target.id === 'write-reply' && /(^|\n)$/.test(target.value.slice(0, target.selectionStart))) {
        e.preventDefault();
        ask('macro');
      }
      return;
    }
    clearTimeout(timer);
    const all = first ? `${first} ${keys}` : keys;
    first = '';
    const command = find(all);
    if (command?.run) {
      /* What has the focus does what Enter means there; the row in hand may not have it yet. */
      if (keys === 'enter' && target?.closest('a:not(.qrow), button, summary, [role=separator], input')) return;
      e.preventDefault();
      command.run();
    } else if (commands.some((c) => c.keys.startsWith(`${all} `))) {
      first = all;
      timer = window.setTimeout(() => { first = ''; }, SEQUENCE_MS);
    }
  };
  document.addEventListener('keydown', on);
  return () => document.removeEventListener('keydown', on);
}
