/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Tags put on what is chosen, or taken off, one after the other: by typing a part of one, or a new one. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../lib/api';
import { t } from '../lib/i18n';
import { knownTicket } from '../lib/store';
import { change } from './change';
import { Chooser, type Option } from './chooser';
import { asTag } from './tag';
import { chosen, howMany, targets, whole } from './state';

interface Found { items: { tag: string; n: number }[] }
const COUNTED = 1000;

export function Tags({ number, close }: { number: number | null; close: () => void }) {
  const [numbers] = useState(() => (number === null ? targets() : [number]));
  /* All that a list holds, of which few are here: nobody knows which of these have a tag. */
  const [matching] = useState(() => (number === null && numbers.length === chosen.peek().size ? whole.peek() : null));
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<Found['items']>([]);
  const [, again] = useState(0);
  const words = asTag(typed);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      api<Found>('GET', `/api/tags${words ? `?q=${encodeURIComponent(words.slice(0, 40))}` : ''}`, { quiet: true, signal: stop.signal })
        .then((a) => setFound(a.items), () => {});
    }, words ? 150 : 0);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [words]);
  const all = numbers.map((n) => knownTicket(n)?.tags ?? []);
  const is = (tag: string) => !matching && all.every((tags) => tags.includes(tag));
  const own = [...new Set(all.flat())].sort();
  const set = (tag: string) => () => {
    void change(numbers, { tags: is(tag) ? { remove: [tag] } : { add: [tag] } }, matching);
    again((n) => n + 1);
  };
  const count = (n: number) => (n < COUNTED ? String(n) : `${COUNTED}+`);
  const options: Option[] = [
    ...own.filter((tag) => tag.includes(words)).map((tag) => ({ id: tag, text: tag, own: true, found: true, now: is(tag), run: set(tag) })),
    ...found.filter((f) => f.tag.includes(words) && !own.includes(f.tag)).map((f) => ({ id: f.tag, text: f.tag, own: true, found: true, note: count(f.n), run: set(f.tag) })),
    ...(words && ![...own, ...found.map((f) => f.tag)].includes(words) ? [{ id: '+', text: t('desk.tag.new', { tag: words }), found: true, run: set(words) }] : []),
  ];
  const n = number === null ? howMany() : 1;
  const named = n === 1 ? `#${numbers[0]}` : t('agent.selected', { n });
  return <Chooser small stays title={`${t('desk.tags')} · ${named}`} hint={t('desk.tags.hint')} options={options} onInput={setTyped} onClose={close} />;
}
