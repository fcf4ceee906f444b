/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What stands around the form of a new ticket: fetched with it, and never waited for. */
import { useEffect, useState } from 'preact/hooks';
import type { Now, Shown } from '../before/data';
import { api } from '../lib/api';
import { boot } from '../lib/boot';
import { withTexts } from '../ui/area';

const NARROW = '(width < 60rem)';
type Part = typeof import('../before/form');

export function useBefore(): { part: Part | null; shown: Shown[]; now: Now[]; narrow: boolean } {
  const [part, setPart] = useState<Part | null>(null);
  const [told, setTold] = useState<{ signposts: Shown[]; incidents: Now[] }>({ signposts: [], incidents: [] });
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    if (!boot.support) {
      withTexts(import('../before/form'), import('../gen/before')).then((m) => setPart(m), () => {});
      api<typeof told>('GET', '/api/before', { quiet: true }).then(setTold, () => {});
    }
    const media = matchMedia(NARROW);
    const turn = () => setNarrow(media.matches);
    media.addEventListener('change', turn);
    return () => media.removeEventListener('change', turn);
  }, []);
  return { part, shown: told.signposts, now: told.incidents, narrow };
}
