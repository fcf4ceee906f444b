/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Mentions in a reply or a note: the list behind '@' comes with the first one. */
import { useEffect, useState } from 'preact/hooks';
import type { Meant } from '../lib/draft';
import { withTexts } from './area';

/** Those whom the text still names. */
export const named = (body: string, meant: Meant[] = []) => meant.filter((m) => body.includes(`@${m.name}`));

export interface MentionProps {
  number: number;
  /** The textarea's id. */
  area: string;
  /** Of a note the desk hears alone. */
  note: boolean;
  value: string;
  meant: Meant[];
  onChange: (body: string, meant: Meant[]) => void;
}

export function Mentions(of: MentionProps) {
  const [List, setList] = useState<typeof import('../talk/mention').default | null>(null);
  const wanted = of.value.includes('@');
  useEffect(() => {
    if (wanted && !List) withTexts(import('../talk/mention'), import('../gen/talk')).then((m) => setList(() => m.default), () => {});
  }, [wanted]);
  return List && <List {...of} />;
}
