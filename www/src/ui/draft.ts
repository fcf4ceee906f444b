/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { useEffect, useMemo } from 'preact/hooks';
import { Writing } from '../lib/writing';

/** One draft, kept on every keystroke; `send` guards against a second click. An empty one begins with `title`. */
export function useDraft(name: string, title = ''): Writing {
  const writing = useMemo(() => new Writing(name, title), [name]);
  useEffect(() => writing.start(), [writing]);
  return writing;
}
