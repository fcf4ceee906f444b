/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What stands around the form of a new ticket: fetched with it, and never waited for. */
import { useEffect, useState } from 'preact/hooks';
import type { Shown } from '../before/data';
import { api } from '../lib/api';
import { boot } from '../lib/boot';
import { withTexts } from '../ui/area';

const NARROW = '(width < 60rem)';
type Part = typeof import('../before/form');

export function useBefore(): { part: Part | null; shown: Shown[]; narrow: boolean } {
  const [part, setPart] = useState<Part | null>(null);
  const [shown, setShown] = useState<Shown[]>([]);
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    if (!boot.support) {
      withTexts(import('../before/form'), import('../gen/before')).then((m) => setPart(m), () => {});
      api<{ signposts: Shown[] }>('GET', '/api/before', { quiet: true }).then((a) => setShown(a.signposts), () => {});
    }
    const media = matchMedia(NARROW);
    const turn = () => setNarrow(media.matches);
    media.addEventListener('change', turn);
    return () => media.removeEventListener('change', turn);
  }, []);
  return { part, shown, narrow };
}
