/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { announce } from '../lib/announce';
import { Icon } from './parts';

/** Puts a text into the clipboard; where that is not let, the text is marked for it. */
export function CopyButton({ from, label, said }: { from: string; label: string; said: string }) {
  const copy = async () => {
    const box = document.getElementById(from);
    if (!box) return;
    try {
      await navigator.clipboard.writeText(box.textContent ?? '');
      announce(said);
    } catch {
      getSelection()?.selectAllChildren(box);
    }
  };
  return <button class="btn btn-icon" type="button" title={label} aria-label={label} onClick={() => void copy()}><Icon name="copy" /></button>;
}
