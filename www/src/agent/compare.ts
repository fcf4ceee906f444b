/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A change of a ticket that met somebody else's: both in words, and what is left of one's own. */
import { announce } from '../lib/announce';
import { t } from '../lib/i18n';
import { person } from '../lib/store';
import type { Changed, Priority, Status } from '../lib/types';
import { compare } from '../ui/compare';
import { WORDS, type Change, type Plain } from './change';
import { agents, teamName } from './state';

function said(field: keyof Plain, value: unknown, called?: string): string {
  if (field === 'status') return value ? t(`state.${value as Status}`) : '';
  if (field === 'priority') return value ? t(`priority.${value as Priority}`) : t('agent.no_priority');
  if (!value) return t(field === 'team' ? 'agent.team.none' : 'agent.nobody');
  const id = value as number;
  return called ?? (field === 'team' ? teamName(id) : agents.value.find((a) => a.id === id)?.name ?? person(id)?.name) ?? t('app.somebody');
}

/** What is still to be changed; null: nothing of what they have made. */
export async function decide(number: number, after: Change, theirs: Changed[]): Promise<Change | null> {
  const fields = theirs.map((f) => f.field as keyof Plain);
  const taken = await compare(t('compare.ticket', { number }), theirs.map((f, n) => ({
    field: t(WORDS[fields[n]!]), mine: said(fields[n]!, after[fields[n]!]), theirs: said(fields[n]!, f.now, f.called), who: f.who,
  })));
  const left = { ...after };
  fields.forEach((field, n) => { if (taken?.[n] !== 'mine') delete left[field]; });
  if (!taken || Object.keys(left).length === 0) {
    announce(t('compare.theirs.taken'));
    return null;
  }
  return left;
}
