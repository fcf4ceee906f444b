/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Under the list: what is done to the tickets that are chosen, or to all that the list holds. */
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { url } from '../lib/router';
import { viewQuery } from '../lists/state';
import { Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { ask, chosen, picking, takeWhole, teams, whole, type Asking } from './state';

export default function Bulk({ all }: { all: boolean }) {
  const n = whole.value?.n ?? chosen.value.size;
  const query = viewQuery(url.value, 'queue');
  const matching = () => {
    const of = chosen.peek();
    void api<{ n: number }>('GET', `/api/bulk/matching?query=${encodeURIComponent(query)}`)
      .then((a) => {
        /* What was left out meanwhile stays out. */
        if (chosen.peek() !== of || viewQuery(url.peek(), 'queue') !== query) return;
        takeWhole(a.n, query);
        announce(t('agent.selected', { n: a.n }));
      }, (e: unknown) => toast(e instanceof Problem ? e.errors[0]?.code === 'too_many' ? t('desk.bulk.too_many', { n: 10_000 }) : problemText(e) : t('err.unknown')));
  };
  const one = (what: Asking, text: string) => <button class="btn" type="button" onClick={() => ask(what)}>{text}</button>;
  return (
    <div class="bulk" role="group" aria-label={t('agent.selected', { n })}>
      <button class="btn btn-ghost btn-icon" type="button" onClick={() => { chosen.value = new Set(); picking.value = false; }}><Icon name="x" /><span class="visually-hidden">{t('desk.bulk.none')}</span></button>
      <span aria-live="polite">{t('agent.selected', { n })}</span>
      {all && !whole.value && <button class="link" type="button" onClick={matching}>{t('desk.bulk.matching')}</button>}
      <div>
        {one('assign', t('agent.assignee'))}
        {teams.value.some((g) => !g.archived) && one('team', t('agent.team'))}
        {one('status', t('agent.status'))}
        {one('priority', t('agent.priority'))}
        {one('tags', t('agent.tags'))}
        {!whole.value && one('snooze', t('desk.snooze'))}
      </div>
    </div>
  );
}
