/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The forms of a new ticket. Where there is nothing to choose or to answer, nothing more of them is fetched. */
import { useEffect, useState } from 'preact/hooks';
import type { Forms } from '../forms/data';
import { api } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { withSheet, withTexts } from '../ui/area';

export interface Asking { forms: Forms; part: typeof import('../forms/ask') }

/** `leads`: there is more to choose from than types. */
export function useForms(leads: boolean): Asking | null {
  const [forms, setForms] = useState<Forms | null>(null);
  const [part, setPart] = useState<Asking['part'] | null>(null);
  useEffect(() => {
    const first = takeRoute<Forms>();
    if (boot.support) return;
    /* Without them the server says what is missing. */
    if (first?.types) setForms(first);
    else api<Forms>('GET', '/api/forms', { quiet: true }).then(setForms, () => {});
  }, []);
  const wanted = forms !== null && (leads || forms.types.length > 0 || forms.priority !== null);
  useEffect(() => { if (wanted) withSheet(FORMS_CSS, withTexts(import('../forms/ask'), import('../gen/forms'))).then((m) => setPart(m), () => {}); }, [wanted]);
  return forms && part && { forms, part };
}
