/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Tickets that are put aside: what their pages say of it, and how one comes back. */
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { knownTicket, putTicket, ticket } from '../lib/store';
import { fieldText, Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { forget, many, MOST, undo, undoes, type Step } from './change';
import { queue, type Outcome } from './state';

interface Aside { number: number; until: string | null }
type Refused = Outcome['refused'][0];
const AT_ONCE = 4;

/** Each by itself: what is refused holds up none of the others. */
async function all(list: Aside[]): Promise<{ done: number[]; refused: Refused[] }> {
  const left = [...list];
  const done: number[] = [];
  const refused: Refused[] = [];
  const turn = async () => {
    for (let w = left.shift(); w; w = left.shift()) {
      const { number, until } = w;
      try {
        await api(until ? 'POST' : 'DELETE', `/api/tickets/${number}/snooze`, until ? { body: { until } } : {});
        /* A row that is in hand stays where it is. */
        putTicket(number, { snoozed: until });
        done.push(number);
      } catch (e) {
        const code = e instanceof Problem ? e.status === 404 ? 'gone' : e.status === 403 ? 'forbidden' : e.errors[0]?.code : undefined;
        refused.push({ number, code: code ?? 'invalid', ...(code ? {} : { said: e instanceof Problem ? problemText(e) : t('err.unknown') }) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
  for (const { number } of list) if (ticket(number).data.peek()) void ticket(number).load(true);
  void queue().load(true);
  return { done, refused: refused.sort((a, b) => a.number - b.number) };
}

/** Says what became of it: of several that were refused, which and why. */
function say(said: string, of: number, { done, refused }: { done: number[]; refused: Refused[] }, step?: Step): void {
  const back = step && done.length ? () => void undo(step) : undefined;
  const [first] = refused;
  if (!first) {
    announce(said);
    toast(said, back && { label: t('agent.undo'), run: back }, true);
  } else if (of === 1) toast(first.said ?? fieldText(first.code));
  else void many().then((m) => m.tell(done.length ? said : t('agent.changed', { n: 0 }), refused, back), () => toast(t('err.network')));
}

/** Puts them aside until then; null: brings them back. */
export async function putAside(numbers: number[], until: string | null): Promise<void> {
  if (numbers.length > MOST) return void toast(t('agent.select.most', { n: MOST }));
  const before = numbers.map((number) => ({ number, until: knownTicket(number)?.snoozed ?? null }));
  const ended = all(numbers.map((number) => ({ number, until })));
  const step = undoes({ back: async () => {
    const { done } = await ended;
    say(t('agent.undone'), done.length, await all(before.filter((b) => done.includes(b.number))));
  } });
  const what = await ended;
  if (!what.done.length) forget(step);
  say(until ? t('agent.aside.done', { time: dateTime(until) }) : t('agent.aside.back.done'), numbers.length, what, step);
}

export function AsideNow({ number, until }: { number: number; until: string | null | undefined }) {
  if (!until) return null;
  return (
    <p class="aside-now"><Icon name="pause" /><span>{t('agent.aside.until', { time: dateTime(until) })}</span>
      <button class="link" type="button" onClick={() => void putAside([number], null)}>{t('agent.aside.back')}</button></p>
  );
}
