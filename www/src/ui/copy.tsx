/* SPDX-License-Identifier: AGPL-3.0-or-later */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { Icon } from './parts';
import { toast } from './toast';

export interface Copying {
  text: string;
  /** Where it stands on the page: selected, where the browser does not let us copy (plain http). */
  shown: string;
  /** The button's name, if its words alone don't say it. */
  label?: string | undefined;
  said: string;
  refused: string;
  /** Its words, if there are any; told for a moment that it is done. */
  children?: (done: boolean) => ComponentChildren;
}

export function CopyButton({ text, shown, label, said, refused, children }: Copying) {
  const [done, setDone] = useState(0);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(0), 2500);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone((n) => n + 1);
      announce(said);
    } catch {
      const box = document.getElementById(shown);
      if (box) getSelection()?.selectAllChildren(box);
      toast(refused);
    }
  };
  return (
    <button class={children ? 'btn' : 'btn btn-icon'} type="button" title={children ? undefined : label} aria-label={label} onClick={() => void copy()}>
      <Icon name={done ? 'check' : 'copy'} />{children?.(done > 0)}
    </button>
  );
}
