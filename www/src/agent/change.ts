/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Changes of tickets: shown at once, taken back where they are refused, and undone in turn. */
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { knownTicket, people, putTicket, saving } from '../lib/store';
import type { People, Priority, Status, Ticket } from '../lib/types';
import { fieldText, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { isHeld, takeBack } from './held';
import { chosen, queue, whole } from './state';
import { withTexts } from '../ui/area';

export interface TagChange { add?: string[]; remove?: string[] }
export type Change = { status?: Status; priority?: Priority | null; assignee?: number | null; tags?: TagChange; team?: number | null };
interface Done { number: number; before: Change; after: Change }

/** So many at once, each by a request of its own; of more, jobs take care. */
const FEW = 20;
export const MOST = 1000;
const AT_ONCE = 4;
const KEPT = 20;
/* From when a change is begun: who takes it back at once waits for it first. A number is of what was sent and is not out; 'many', of what jobs do; a function knows its own way. */
const undoable: (Promise<Done[]> | number | { many: number } | (() => void))[] = [];
const many = () => withTexts(import('./many'), import('../gen/desk'));

/** Which statuses may follow is said where that is limited: another page may know an older rule. */
function refusal(e: Problem): string {
  const first = e.errors[0];
  if (first?.field === 'item' && first.code === 'required') return t('agent.status.item');
  if (!first?.allowed?.length) return first ? fieldText(first.code) : problemText(e);
  return t('agent.status.may', { list: new Intl.ListFormat(boot.lang, { type: 'disjunction' }).format(first.allowed.map((s) => t(`state.${s}`))) });
}

/** Of one ticket one after the other, as they were asked for. */
const turns = new Map<number, Promise<unknown>>();

/** As the ticket is shown then. */
function looks(number: number, { tags, ...rest }: Change): Partial<Ticket> {
  if (!tags) return rest;
  const has = knownTicket(number)?.tags ?? [];
  return { ...rest, tags: [...new Set([...has.filter((x) => !tags.remove?.includes(x)), ...tags.add ?? []])].sort() };
}

async function send({ number, before, after }: Done): Promise<boolean> {
  const soon = looks(number, after);
  saving.set(number, { ...saving.get(number), ...soon });
  putTicket(number, soon);
  const mine = (turns.get(number) ?? Promise.resolve()).then(() => api<{ ticket: Ticket; people: People }>('PATCH', `/api/tickets/${number}`, { body: after }));
  const turn = mine.catch(() => {});
  turns.set(number, turn);
  const isLast = () => turns.get(number) === turn;
  try {
    const answer = await mine;
    people.value = { ...people.value, ...answer.people };
    /* What was asked for since is not in it. */
    if (isLast()) {
      saving.delete(number);
      putTicket(number, answer.ticket);
    }
    return true;
  } catch (e) {
    if (isLast()) {
      saving.delete(number);
      putTicket(number, looks(number, before));
    }
    const why = e instanceof Problem ? refusal(e) : t('err.unknown');
    toast(t('agent.not_saved', { why }), { label: t('app.retry'), run: () => void change([number], after) });
    return false;
  }
}

async function all(list: Done[]): Promise<Done[]> {
  const left = [...list];
  const done: Done[] = [];
  const turn = async () => { for (let d = left.shift(); d; d = left.shift()) if (await send(d)) done.push(d); };
  await Promise.all(Array.from({ length: AT_ONCE }, turn));
  if (done.length) void queue().load(true);
  return done;
}

/** The same change of one ticket or some. */
export async function change(numbers: number[], after: Change, matching = numbers.length === chosen.peek().size ? whole.peek() : null): Promise<boolean> {
  if (!matching && numbers.length > MOST) { toast(t('agent.select.most', { n: MOST })); return false; }
  if (matching || numbers.length > FEW) {
    const job = await many().then((m) => m.start(matching ? { query: matching.query } : { numbers }, after), () => { toast(t('err.network')); return null; });
    if (job === null) return false;
    undoable.push({ many: job });
    chosen.value = new Set();
    return true;
  }
  const list: Done[] = [];
  for (const number of numbers) {
    const now = knownTicket(number);
    const { tags, ...plain } = after;
    const before: Change = {};
    for (const k of Object.keys(plain) as (keyof typeof plain)[]) Object.assign(before, { [k]: now?.[k] ?? null });
    let differs = JSON.stringify(before) !== JSON.stringify(plain);
    if (tags) {
      const has = now?.tags ?? [];
      before.tags = { add: (tags.remove ?? []).filter((x) => has.includes(x)), remove: (tags.add ?? []).filter((x) => !has.includes(x)) };
      differs ||= [...before.tags.add ?? [], ...before.tags.remove ?? []].length > 0;
    }
    if (!differs) continue;
    /* A team may give somebody a turn, which is taken back with it. */
    if (after.team && after.assignee === undefined) before.assignee = now?.assignee ?? null;
    list.push({ number, before, after });
  }
  if (!list.length) return true;
  const ended = all(list);
  undoable.push(ended);
  if (undoable.length > KEPT) undoable.shift();
  const done = await ended;
  if (done.length) {
    const said = done.length === 1 && done[0] ? t('agent.changed.one', { number: done[0].number }) : t('agent.changed', { n: done.length });
    if (done.length === list.length) toast(said, { label: t('agent.undo'), run: () => void undo() }, true);
    announce(t('agent.saved'));
  }
  return done.length === list.length;
}

/** What was sent can be taken back as a change can. */
export function sent(held: number): void { undoable.push(held); }
/** So can what somebody else knows the way back of. */
export function done(back: () => void): void { undoable.push(back); }

/** Takes back what was done last: a change, or what was sent, as long as it is not out. */
export async function undo(): Promise<void> {
  let of = undoable.pop();
  while (typeof of === 'number' && !isHeld(of)) of = undoable.pop();
  if (typeof of === 'number') return void takeBack(of);
  if (typeof of === 'function') return of();
  if (of && 'many' in of) { const { many: job } = of; return many().then((m) => m.takeBack(job), () => void toast(t('err.network'))); }
  const last = await of;
  if (!last) return void toast(t('agent.undo.none'));
  /* A status that was hidden or is not to be had any more stays as it is. */
  const done = await all(last.map(({ number, before, after }) => ({ number, before: after, after: before })));
  if (done.length === last.length) toast(t('agent.undone'));
}
