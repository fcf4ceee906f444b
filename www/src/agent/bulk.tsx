/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Under the list: what is done to the tickets that are chosen, or to all that the list holds. */
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { url } from '../lib/router';
import { viewQuery } from '../lists/state';
import { Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { ask, chosen, takeWhole, whole } from './state';

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
      }, (e: unknown) => toast(e instanceof Problem ? e.errors[0]?.code === 'too_many' ? t('agent.select.too_many', { n: 10_000 }) : problemText(e) : t('err.unknown')));
  };
  return (
    <div class="bulk" role="group" aria-label={t('agent.selected', { n })}>
      <span aria-live="polite">{t('agent.selected', { n })}</span>
      <div>
        <button class="btn" type="button" onClick={() => ask('assign')}>{t('agent.assignee')}</button>
        <button class="btn" type="button" onClick={() => ask('status')}>{t('agent.status')}</button>
      </div>
      <div>
        <button class="btn" type="button" onClick={() => ask('priority')}>{t('agent.priority')}</button>
        <button class="btn" type="button" onClick={() => ask('tags')}>{t('agent.tags')}</button>
      </div>
      {all && !whole.value && <button class="link" type="button" onClick={matching}>{t('agent.select.matching')}</button>}
      <button class="btn btn-ghost btn-icon" type="button" onClick={() => { chosen.value = new Set(); }}><Icon name="x" /><span class="visually-hidden">{t('agent.select.none')}</span></button>
    </div>
  );
}
