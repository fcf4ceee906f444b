/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The views: lists that there always are, and those that somebody keeps; with how many each holds now. */
import { useEffect } from 'preact/hooks';
import { api } from '../lib/api';
import { t, type PlainKey } from '../lib/i18n';
import { navigate, url } from '../lib/router';
import { counts, countText, isSearchAlone, keptViews, managing, takeViews, useCounts, viewQuery, type View } from '../lists/state';
import { Icon } from '../ui/parts';
import { MOD } from './keys';
import { over, room } from './panes';
import { ask, teams } from './state';

/** As app.desk_counts() names them. */
export const BUILT_IN: { name: string; text: PlainKey; query: string }[] = [
  { name: 'mine', text: 'agent.view.mine', query: 'group=open&assignee=me' },
  { name: 'unassigned', text: 'agent.view.unassigned', query: 'group=open&assignee=none' },
  { name: 'teams', text: 'agent.view.teams', query: 'group=open&team=mine' },
  { name: 'open', text: 'agent.view.open', query: 'group=open' },
  { name: 'late', text: 'agent.view.late', query: 'due=late' },
  { name: 'pending', text: 'agent.view.pending', query: 'group=pending' },
  { name: 'unread', text: 'agent.view.unread', query: 'unread=yes' },
  { name: 'snoozed', text: 'agent.view.snoozed', query: 'snoozed=yes' },
  { name: 'done', text: 'agent.view.done', query: 'group=done' },
  { name: 'all', text: 'agent.view.all', query: '' },
];

/** Of teams for who is in one; of what is late where something is promised. */
export const hasView = (name: string): boolean => (name === 'teams' ? teams.value.some((g) => g.mine) : name !== 'late' || !!counts.value?.views?.['late']);

/** What the list is called that the address asks for; a kept one in its maker's words. */
export function viewName(): { text: string; own: boolean; count: string } {
  const now = viewQuery(url.value, 'queue');
  const built = BUILT_IN.find((v) => v.query === now);
  const kept = keptViews.value.queue?.find((v) => v.query === now);
  const of = counts.value?.views?.[built?.name ?? String(kept?.id)];
  const count = of ? countText(of) : '';
  if (built) return { text: t(built.text), own: false, count };
  return kept ? { text: kept.name, own: true, count } : { text: t(isSearchAlone(url.value, 'queue') ? 'agent.view.found' : 'agent.view.filtered'), own: false, count: '' };
}

function Line({ to, text, own, of }: { to: string; text: string; own?: boolean; of: string }) {
  const count = counts.value?.views?.[of];
  const now = viewQuery(url.value, 'queue') === to;
  return (
    <li>
      <a class="view" href={`/agent${to ? `?${to}` : ''}`} aria-current={now ? 'page' : undefined} onClick={() => { if (room.peek() === 'narrow') over.value = null; }}>
        {own ? <bdi>{text}</bdi> : <span>{text}</span>}
        {count && <span class="count">{countText(count)}</span>}
      </a>
    </li>
  );
}

/* The dialog is above the list, which what was found alone has not. */
function manage(): void {
  if (isSearchAlone(url.peek(), 'queue')) navigate('/agent');
  managing.value++;
}

export function Views() {
  useCounts('queue', 60);
  useEffect(() => { api<{ items: View[] }>('GET', '/api/views?place=queue', { quiet: true }).then((a) => takeViews('queue', a), () => {}); }, []);
  const all = keptViews.value.queue ?? [];
  const own = all.filter((v) => !v.shared);
  const team = all.filter((v) => v.shared);
  /* The button that puts one's own in order stands with the first that has one of them. */
  const edit = <button class="btn btn-ghost" type="button" title={t('agent.views.manage')} onClick={manage}><Icon name="pencil" /><span class="visually-hidden">{t('agent.views.manage')}</span></button>;
  const lines = (of: View[]) => <ul role="list">{of.map((v) => <Line key={v.id} to={v.query} text={v.name} own of={String(v.id)} />)}</ul>;
  return (
    <div class="pane-views" id="pane-views">
      <nav aria-label={t('agent.views')}>
        <ul role="list">{BUILT_IN.filter((v) => hasView(v.name)).map((v) => <Line key={v.name} to={v.query} text={t(v.text)} of={v.name} />)}</ul>
      </nav>
      {team.length > 0 && (
        <nav aria-labelledby="views-team">
          <div class="views-own"><h2 id="views-team">{t('agent.views.team')}</h2>{!own.length && team.some((v) => v.own) && edit}</div>
          {lines(team)}
        </nav>
      )}
      {own.length > 0 && (
        <nav aria-labelledby="views-own">
          <div class="views-own"><h2 id="views-own">{t('agent.views.own')}</h2>{edit}</div>
          {lines(own)}
        </nav>
      )}
      <div class="views-foot">
        <button class="view" type="button" onClick={() => { ask('palette'); }}><Icon name="search" /><span>{t('agent.commands')}</span><kbd>{MOD}K</kbd></button>
        <button class="view" type="button" onClick={() => { ask('keys'); }}><Icon name="keyboard" /><span>{t('agent.keys')}</span><kbd>?</kbd></button>
      </div>
    </div>
  );
}
