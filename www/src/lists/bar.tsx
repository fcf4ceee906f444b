/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Above a list: what is shown of it, in which order, kept lists, CSV. Fetched behind the list. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type Problem } from '../lib/api';
import { boot, me } from '../lib/boot';
import { t } from '../lib/i18n';
import { navigate, url } from '../lib/router';
import { accounts, people } from '../lib/store';
import type { Named, People, Priority } from '../lib/types';
import { say, type Field, type Texts } from '../forms/data';
import { Icon } from '../ui/parts';
import { Filters, readFields } from './filters';
import { csvPath, here, SORTS, usualDir, usualSort, wanted, type Place, type Sort } from './state';
import { Views } from './views';

/** What the lists of a place can be filtered by. */
export interface Choices {
  types: { key: string; labels: Texts }[];
  fields: Field[];
  status: boolean;
  priority: boolean;
  /** Something is promised that can be late. */
  due?: boolean;
  /** At the desk. */
  tags?: string[] | null;
  requesters: number[];
  accounts: Record<string, { name: string }>;
  people: People;
  organisation: { role: string; name: string }[];
}
export interface BarProps { place: Place; agents?: Named[]; teams?: Named[]; problem: Problem | null }

export const PRIORITIES: Priority[] = ['low', 'normal', 'high', 'urgent'];

const known: Partial<Record<Place, Choices>> = {};
const CHOICES = { tickets: '/api/lists/filters', inbox: '/api/lists/filters?list=partner', queue: '/api/queue/filters' };

function useChoices(place: Place): Choices | null {
  const [choices, setChoices] = useState(known[place] ?? null);
  useEffect(() => {
    api<Choices>('GET', CHOICES[place], { quiet: true }).then((c) => {
      people.value = { ...people.value, ...c.people };
      accounts.value = { ...accounts.value, ...c.accounts };
      setChoices(known[place] = c);
    }, () => {});
  }, [place]);
  return choices;
}

/** A chosen filter, in words. */
function words(name: string, value: string, choices: Choices | null, agents: Named[], teams: Named[]): string {
  const day = (d: string) => { const at = new Date(`${d}T12:00:00Z`); return Number.isNaN(at.getTime()) ? d : new Intl.DateTimeFormat(boot.lang === 'en' ? 'en-GB' : boot.lang, { dateStyle: 'medium', timeZone: 'UTC' }).format(at); };
  const who = (id: string) => (id === 'me' ? t('lists.me') : people.value[id]?.name ?? agents.find((a) => String(a.id) === id)?.name ?? id);
  switch (name) {
    case 'priority': return `${t('lists.priority')}: ${t(`priority.${value as Priority}`)}`;
    case 'type': { const y = choices?.types.find((x) => x.key === value); return `${t('lists.type')}: ${y ? say(y.labels) : value}`; }
    case 'requester': return `${t('lists.requester')}: ${who(value)}`;
    case 'assignee': return `${t('lists.assignee')}: ${value === 'none' ? t('lists.nobody') : who(value)}`;
    case 'team': return `${t('lists.team')}: ${value === 'mine' ? t('lists.team.mine') : value === 'none' ? t('lists.team.none') : teams.find((g) => String(g.id) === value)?.name ?? value}`;
    case 'account': return `${t('lists.account')}: ${accounts.value[value]?.name ?? value}`;
    case 'unread': return t('lists.unread');
    case 'due': return t('lists.late');
    case 'snoozed': return t(value === 'yes' ? 'lists.snoozed' : 'lists.snoozed.not');
    case 'tag': return `${t('lists.tag')}: ${value}`;
    default: return t(`lists.${name as 'created_from'}`, { day: day(value) });
  }
}

/** Those of custom fields: [key, words]. What is no filter stands as it is in the address, to be taken away. */
function fieldWords(json: string, choices: Choices | null): [string, string][] {
  const all = Object.entries(readFields(json));
  return !all.length ? [['', json]] : all.map(([key, asked]) => {
    const f = choices?.fields.find((x) => x.key === key);
    const one = (v: unknown) => {
      const option = f?.options.find((o) => o.key === v);
      return option ? say(option.labels) : f?.kind === 'yes_no' ? t(v === true ? 'lists.yes' : 'lists.no') : f?.kind === 'person' ? people.value[String(v)]?.name ?? String(v) : String(v);
    };
    const range = (asked && typeof asked === 'object' ? asked : { is: asked }) as { from?: unknown; to?: unknown; has?: unknown; is?: unknown };
    const said = Array.isArray(asked) ? new Intl.ListFormat(boot.lang, { type: 'disjunction' }).format(asked.map(one))
      : 'has' in range || 'is' in range ? `“${String(range.has ?? range.is)}”` : `${String(range.from ?? '')} – ${String(range.to ?? '')}`;
    return [key, `${f ? say(f.labels) : key}: ${said}`];
  });
}

function Chips({ place, choices, agents, teams }: { place: Place; choices: Choices | null; agents: Named[]; teams: Named[] }) {
  const want = wanted(url.value, place);
  const chips: [string, string][] = [];
  for (const [name, value] of Object.entries(want)) {
    if (/^(list|group|sort|dir|fields|q)$/.test(name)) continue;
    chips.push([here({ [name]: null }), words(name, value, choices, agents, teams)]);
  }
  if (want['fields']) for (const [key, text] of fieldWords(want['fields'], choices)) {
    const { [key]: _, ...others } = readFields(want['fields']);
    chips.push([here({ fields: Object.keys(others).length ? JSON.stringify(others) : null }), text]);
  }
  if (!chips.length) return null;
  /* A filter that is taken away goes under the click: the next one has the focus, or where filters are chosen. */
  const gone = (n: number) => requestAnimationFrame(() => {
    const left = document.querySelectorAll<HTMLElement>('.list-chips a');
    if (left.length < chips.length) (left[n] ?? left[n - 1] ?? document.getElementById('list-filters'))?.focus();
  });
  return (
    <ul class="list-chips" role="list" aria-label={t('lists.chosen')}>
      {chips.map(([to, text], n) => <li key={text}><a class="chip" href={to} onClick={() => gone(n)}><bdi>{text}</bdi><Icon name="x" /><span class="visually-hidden">{t('lists.remove')}</span></a></li>)}
    </ul>
  );
}

export function Bar({ place, agents = [], teams = [], problem }: BarProps) {
  const want = wanted(url.value, place);
  const choices = useChoices(place);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => { setOpen(false); button.current?.focus(); };
  useEffect(() => { if (problem?.errors.length) setOpen(true); }, [problem]);
  const chosen = Object.keys(want).filter((k) => !/^(list|group|sort|dir|q)$/.test(k)).length;
  const sort = (want['sort'] ?? usualSort(want)) as Sort;
  const down = (want['dir'] ?? usualDir(sort)) === 'desc';
  const turn = (s: Sort, d: boolean) => navigate(here({ sort: s === usualSort(want) && d === (usualDir(s) === 'desc') ? null : s, dir: d === (usualDir(s) === 'desc') ? null : d ? 'desc' : 'asc' }));
  return (
    <div class="list-bar">
      <Views place={place} />
      <div class="list-line">
        {place === 'tickets' && choices?.status !== false && <div><label for="list-status">{t('lists.status')}</label>
          <select class="input" id="list-status" value={want['group'] ?? ''} onChange={(e) => navigate(here({ group: e.currentTarget.value }))}>
            <option value="">{t('lists.any')}</option>
            {(['active', 'open', 'pending', 'done'] as const).map((g) => <option key={g} value={g}>{t(`lists.group.${g}`)}</option>)}
          </select>
        </div>}
        {place === 'queue' && <div><label for="list-assignee">{t('lists.assignee')}</label>
          <select class="input" id="list-assignee" value={want['assignee'] ?? ''} onChange={(e) => navigate(here({ assignee: e.currentTarget.value }))}>
            <option value="">{t('lists.everyone')}</option>
            <option value="me">{t('lists.me')}</option>
            <option value="none">{t('lists.nobody')}</option>
            {agents.filter((a) => a.id !== me.id).map((a) => <option key={a.id} value={String(a.id)}>{a.name}</option>)}
          </select>
        </div>}
        <div><label for="list-sort">{t('lists.sort')}</label>
          <select class="input" id="list-sort" value={sort} onChange={(e) => { const s = e.currentTarget.value as Sort; turn(s, usualDir(s) === 'desc'); }}>
            {SORTS.filter((s) => s !== 'due' || s === sort || choices?.due).map((s) => <option key={s} value={s}>{t(`lists.sort.${s}`)}</option>)}
          </select>
        </div>
        <button class="btn btn-ghost" type="button" onClick={() => turn(sort, !down)}>
          <Icon name={down ? 'arrow-down' : 'arrow-up'} /><span class="visually-hidden">{t(down ? 'lists.descending' : 'lists.ascending')}</span>
        </button>
        <button class="btn btn-ghost" type="button" id="list-filters" data-n={chosen || undefined} title={t('lists.filters')} ref={button} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name="list-filter" />{chosen ? t('lists.filters.n', { n: chosen }) : t('lists.filters')}
        </button>
        <a class="btn btn-ghost" title={t('app.csv')} href={csvPath(url.value, place)} download=""><Icon name="download" />{t('app.csv')}</a>
      </div>
      {open && choices && <Filters key={url.value.search} place={place} choices={choices} teams={teams} problem={problem} close={close} />}
      <Chips place={place} choices={choices} agents={agents} teams={teams} />
    </div>
  );
}

/** 'Visible to you as administrator of …' above the tickets of an organisation. */
export function Right({ place }: { place: Place }) {
  const choices = useChoices(place);
  if (!choices?.organisation.length) return null;
  const list = new Intl.ListFormat(boot.lang);
  const roles = [...new Set(choices.organisation.map((o) => o.role))];
  return <>{roles.map((role) => <p class="muted" key={role}>{t(`lists.right.${role as 'main_user'}`, { name: list.format(choices.organisation.filter((o) => o.role === role).map((o) => o.name)) })}</p>)}</>;
}
