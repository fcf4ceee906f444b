/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Tickets that are put aside: what their pages say of it, and how one comes back. */
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { knownTicket, putTicket, ticket } from '../lib/store';
import { fieldText, Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { done, MOST, undo } from './change';
import { queue } from './state';

/** Puts them aside until then; null: brings them back. */
export async function putAside(numbers: number[], until: string | null): Promise<void> {
  if (numbers.length > MOST) return void toast(t('agent.select.most', { n: MOST }));
  const before = numbers.map((n) => ({ n, until: knownTicket(n)?.snoozed ?? null }));
  const put = (n: number, to: string | null) => api(to ? 'POST' : 'DELETE', `/api/tickets/${n}/snooze`, to ? { body: { until: to } } : {});
  const all = async (work: { n: number; until: string | null }[]): Promise<boolean> => {
    try {
      for (const w of work) {
        await put(w.n, w.until);
        /* A row that is in hand stays where it is. */
        putTicket(w.n, { snoozed: w.until });
      }
      return true;
    } catch (e) {
      const first = e instanceof Problem ? e.errors[0] : undefined;
      toast(first ? fieldText(first.code) : e instanceof Problem ? problemText(e) : t('err.unknown'));
      return false;
    } finally {
      for (const w of work) if (ticket(w.n).data.peek()) void ticket(w.n).load(true);
      void queue().load(true);
    }
  };
  if (!await all(numbers.map((n) => ({ n, until })))) return;
  const said = until ? t('agent.aside.done', { time: dateTime(until) }) : t('agent.aside.back.done');
  announce(said);
  done(() => void all(before).then((is) => { if (is) toast(t('agent.undone')); }));
  toast(said, { label: t('agent.undo'), run: () => void undo() }, true);
}

export function AsideNow({ number, until }: { number: number; until: string | null | undefined }) {
  if (!until) return null;
  return (
    <p class="aside-now"><Icon name="pause" /><span>{t('agent.aside.until', { time: dateTime(until) })}</span>
      <button class="link" type="button" onClick={() => void putAside([number], null)}>{t('agent.aside.back')}</button></p>
  );
}
