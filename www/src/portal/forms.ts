/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The forms of a new ticket. Where a portal has none, nothing of them is fetched. */
import { useEffect, useState } from 'preact/hooks';
import type { Forms } from '../forms/data';
import { api } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { withSheet, withTexts } from '../ui/area';

export interface Asking { forms: Forms; part: typeof import('../forms/ask') }

export function useForms(): Asking | null {
  const [asking, setAsking] = useState<Asking | null>(null);
  useEffect(() => {
    const first = takeRoute<Forms>();
    if (boot.support) return;
    const arrive = async () => {
      const forms = first?.types ? first : await api<Forms>('GET', '/api/forms', { quiet: true });
      if (forms.types.length || forms.priority) setAsking({ forms, part: await withSheet(FORMS_CSS, withTexts(import('../forms/ask'), import('../gen/forms'))) });
    };
    /* Without them the server says what is missing. */
    arrive().catch(() => {});
  }, []);
  return asking;
}
