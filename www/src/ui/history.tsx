/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What happened to a ticket between its messages: a line for what one did in one go. */
import { api } from '../lib/api';
import { boot } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { maybe, t } from '../lib/i18n';
import { learn, person } from '../lib/store';
import type { People } from '../lib/types';

export interface Line {
  id: number;
  at: string;
  /** Null: nobody, it came by itself. */
  who: number | null;
  kind: string;
  status?: [string, string];
  priority?: [string | null, string | null];
  assignee?: [number | null, number | null];
  /** What it is called now. */
  team?: [string | null];
  turn?: boolean;
  /** Whoever began to write a reply got it. */
  writing?: boolean;
  number?: number;
  /** The title of the incident that it comes of. */
  incident?: string;
  fields?: string[];
  tagged?: string[];
  untagged?: string[];
  people?: number[];
  account?: boolean;
  reason?: string;
  clock?: string;
  score?: number;
  level?: number;
  /** The name of the rule that did it. */
  rule?: string;
  /** Put aside until then; `why` it is back. */
  until?: string;
  why?: 'time' | 'reply' | 'hand';
}

/** What one did within so many seconds is one line. */
const TOGETHER = 120;

export async function read(number: number): Promise<Line[]> {
  const { lines, people } = await api<{ lines: Line[]; people: People }>('GET', `/api/tickets/${number}/history`, { quiet: true });
  learn({ people });
  return lines;
}

const name = (id: number | null | undefined) => person(id ?? null)?.name ?? t('app.somebody');
const listed = (names: string[]) => new Intl.ListFormat(boot.lang).format(names);
const state = (s: string) => maybe(`${boot.portal.account ? 'status' : 'state'}.${s}`) ?? s;

function* said(l: Line): Generator<string> {
  if (l.status) yield t('history.status', { from: state(l.status[0]), to: state(l.status[1]) });
  if (l.priority) yield l.priority[1] ? t('history.priority', { to: maybe(`priority.${l.priority[1]}`) ?? l.priority[1] }) : t('history.priority.none');
  if (l.team) yield l.team[0] ? t('history.team', { to: l.team[0] }) : t('history.team.none');
  if (l.assignee) yield l.writing ? t('history.writing') : l.assignee[1] ? t(l.turn ? 'history.turn' : 'history.assignee', { to: name(l.assignee[1]) }) : t('history.assignee.none');
  if (l.fields) yield t('history.fields', { n: l.fields.length });
  if (l.tagged) yield t('history.tagged', { list: listed(l.tagged) });
  if (l.untagged) yield t('history.untagged', { list: listed(l.untagged) });
  if (l.reason) yield t('history.reason', { reason: l.reason });
  if (l.number && (l.kind === 'linked' || l.kind === 'unlinked' || l.kind === 'unmerged')) yield t(`history.${l.kind}`, { number: l.number });
  if (l.incident) yield t(`history.${l.kind as 'incident_linked' | 'incident_unlinked' | 'incident_over'}`, { title: l.incident });
  if (l.kind === 'escalated') yield t('history.escalated');
  if (l.kind === 'shared' || l.kind === 'unshared') yield l.account ? t(`history.${l.kind}.account`) : t(`history.${l.kind}`, { list: listed((l.people ?? []).map(name)) });
  if (l.kind === 'warned' || l.kind === 'late') yield t(`history.${l.kind}`, { clock: maybe(`history.clock.${l.clock}`) ?? '' });
  if (l.level !== undefined) yield t('history.level', { n: l.level });
  if (l.until) yield t('history.aside', { time: dateTime(l.until) });
  if (l.why) yield t(`history.back.${l.why}`);
  if (l.score) yield t('history.rated', { n: l.score });
}

export default function Lines({ lines }: { lines: Line[] }) {
  const groups: Line[][] = [];
  for (const l of lines) {
    const last = groups.at(-1)?.at(-1);
    if (last?.who === l.who && last.rule === l.rule && Date.parse(l.at) - Date.parse(last.at) < TOGETHER * 1000) groups.at(-1)!.push(l);
    else groups.push([l]);
  }
  return <>{groups.map((g) => (
    <li class="rail-dot" key={`h${g[0]!.id}`}>
      <p class="muted">
        {g[0]!.rule && <><bdi>{t('history.rule', { name: g[0]!.rule })}</bdi> · </>}
        {g[0]!.who !== null && <><bdi>{name(g[0]!.who)}</bdi> · </>}
        <bdi>{g.flatMap((l) => [...said(l)]).join(' · ')}</bdi> · <time dateTime={g[0]!.at}>{dateTime(g[0]!.at)}</time>
      </p>
    </li>
  ))}</>;
}
