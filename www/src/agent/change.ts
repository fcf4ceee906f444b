/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Changes of tickets: shown at once, told a few seconds later, taken back where they are refused, and undone in turn. */
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot, holds, me } from '../lib/boot';
import { t } from '../lib/i18n';
import { knownTicket, learn, person, putTicket, saving } from '../lib/store';
import type { Changed, People, Priority, Status, Ticket } from '../lib/types';
import { fieldText, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { isHeld, takeBack } from './held';
import { chosen, queue, whole } from './state';
import { withSheet, withTexts } from '../ui/area';

export interface TagChange { add?: string[]; remove?: string[] }
export interface Plain { status?: Status; priority?: Priority | null; assignee?: number | null; team?: number | null }
export type Change = Plain & { tags?: TagChange };
/** `was`: what was there is said, and where somebody else has made something else of it one is asked, or theirs stays. `turn`: whom a team gave it to. */
interface Done { number: number; before: Change; after: Change; was?: Plain | undefined; asks?: boolean; turn?: number | null }

/** So many at once, each by a request of its own; of more, jobs take care. */
const FEW = 20;
export const MOST = 1000;
const AT_ONCE = 4;
const KEPT = 20;
/** What can be taken back: from when it is begun, so that who does it at once waits for it first. `stands`: not any more, where that is false. `many`: of what jobs do. */
export interface Step { back: () => unknown; stands?: () => boolean; many?: number }
const undoable: Step[] = [];
export function undoes(step: Step): Step {
  undoable.push(step);
  if (undoable.length > KEPT) undoable.shift();
  return step;
}
/** It was taken back in another way, or there is nothing of it to take back. */
export function forget(which: Step | number): void {
  const at = undoable.findIndex((s) => s === which || s.many === which);
  if (at >= 0) undoable.splice(at, 1);
}
export const many = () => withTexts(import('./many'), import('../gen/desk'));

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

const plain = ({ tags: _, ...rest }: Change): Plain => rest;
const BOX = () => withSheet(DIALOGS_CSS, withTexts(import('./compare'), import('../gen/compare')));

/** What is on its way, or waits for that. */
const going = new Set<Done>();
/** What was meant of a ticket is not so, but this: what was asked for after it goes on from there. */
function learnt(number: number, meant: Change, is: Change): void {
  for (const d of going) {
    if (d.number !== number) continue;
    for (const k of Object.keys(plain(is)) as (keyof Plain)[]) {
      if (d.before[k] !== meant[k]) continue;
      for (const of of [d.before, d.was]) if (of && k in of) Object.assign(of, { [k]: is[k] });
    }
  }
}

/** What was shown of a ticket is not so, but this: as far as nothing else was asked for since. */
function unsaid(number: number, is: Change): void {
  const back = looks(number, is);
  const soon = saving.get(number);
  for (const k of Object.keys(back) as (keyof Change)[]) {
    if (![...going].some((d) => d.number === number && k in d.after)) delete soon?.[k];
    /* Of tags each adds and takes away its own. */
    else if (k === 'tags') Object.assign(soon ?? {}, { tags: back.tags });
    else delete back[k];
  }
  putTicket(number, back);
}

export const WORDS = { status: 'agent.status', priority: 'agent.priority', assignee: 'agent.assignee', team: 'agent.team', tags: 'agent.tags' } as const;
/** What was not saved, as long as that is said. */
let lost: { of: { number: number; after: Change; why: string }[]; away: () => boolean } | null = null;
function notSaved(number: number, after: Change, why: string): void {
  const of = [...(lost?.away() ? lost.of : []), { number, after, why }];
  const what = (Object.keys(WORDS) as (keyof Change)[]).flatMap((k) => {
    const where = of.filter((l) => k in l.after).map((l) => `#${l.number}`);
    return where.length ? `${t(WORDS[k])} ${where.join(', ')}` : [];
  });
  const said = [...new Set([...(of.length > 1 ? what : []), ...of.map((l) => l.why)])].join(' · ');
  lost = { of, away: toast(t('agent.not_saved', { why: said }), { label: t('app.retry'), run: () => { for (const l of of) void change([l.number], l.after); } }) };
}

/** Somebody else was first: theirs it is until one has said otherwise. */
async function met(d: Done, theirs: Changed[]): Promise<boolean> {
  const now = Object.fromEntries(theirs.map((f) => [f.field, f.now])) as Plain;
  learnt(d.number, d.after, now);
  unsaid(d.number, now);
  if (!d.asks) return false;
  const box = await BOX().catch(() => null);
  if (!box) {
    toast(t('agent.not_saved', { why: fieldText('changed') }), { label: t('app.retry'), run: () => void met(d, theirs) });
    return false;
  }
  const left = await box.decide(d.number, d.after, theirs);
  if (!left) return false;
  Object.assign(d, { after: left, before: { ...d.before, ...now }, was: { ...d.was, ...now } });
  return send(d);
}

async function send(d: Done): Promise<boolean> {
  const { number, after } = d;
  const soon = looks(number, after);
  saving.set(number, { ...saving.get(number), ...soon });
  putTicket(number, soon);
  going.add(d);
  const mine = (turns.get(number) ?? Promise.resolve()).then(() => api<{ ticket: Ticket; people: People }>('PATCH', `/api/tickets/${number}`, { body: { ...after, ...(d.was ? { was: d.was } : {}), ...holds() } }));
  const turn = mine.catch(() => {});
  turns.set(number, turn);
  /* It is the last, and over. */
  const ended = () => {
    going.delete(d);
    if (turns.get(number) !== turn) return false;
    turns.delete(number);
    saving.delete(number);
    return true;
  };
  try {
    const answer = await mine;
    learn(answer);
    if (after.team) d.turn = answer.ticket.assignee;
    /* What was asked for since is not in it. */
    if (ended()) putTicket(number, answer.ticket);
    return true;
  } catch (e) {
    ended();
    unsaid(number, d.before);
    const theirs = e instanceof Problem ? e.errors.filter((f): f is Changed => f.code === 'changed') : [];
    if (theirs.length) return met(d, theirs);
    learnt(number, after, d.before);
    const why = e instanceof Problem ? refusal(e) : t('err.unknown');
    notSaved(number, after, why);
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

/** Takes back what was changed of some tickets. A status that was hidden or is not to be had any more stays as it is. */
const keep = (ended: Promise<Done[]>): Step => undoes({ back: async () => {
  const last = await ended;
  const back = await all(last.map(({ number, before, after, turn }) => {
    const became = { ...after, ...(turn !== undefined && 'assignee' in before ? { assignee: turn } : {}) };
    return { number, before: became, after: before, was: { ...plain(became) }, asks: last.length === 1 };
  }));
  if (last.length && back.length === last.length) toast(t('agent.undone'));
  else if (last.length > 1) toast(t('agent.undone.part', { done: back.length, n: last.length }));
} });

/** What whoever is about to choose has before them: of the one ticket that it is about. */
export function seenOf(numbers: number[]): Plain {
  const { status, priority, assignee, team } = (numbers.length === 1 && knownTicket(numbers[0] as number)) || {} as Plain;
  return { status, priority, assignee, team } as Plain;
}

/** The same change of one ticket or some. `seen`: as it was when one began to choose. */
export async function change(numbers: number[], after: Change, matching = numbers.length === chosen.peek().size ? whole.peek() : null, seen: Plain = {}): Promise<boolean> {
  if (!matching && numbers.length > MOST) { toast(t('agent.select.most', { n: MOST })); return false; }
  if (matching || numbers.length > FEW) {
    const job = await many().then((m) => m.start(matching ? { query: matching.query } : { numbers }, after), () => { toast(t('err.network')); return null; });
    if (job === null) return false;
    undoes({ many: job, back: () => many().then((m) => m.takeBack({ id: job }), () => void toast(t('err.network'))) });
    chosen.value = new Set();
    return true;
  }
  const list: Done[] = [];
  for (const number of numbers) {
    const now = knownTicket(number);
    const { tags } = after;
    const before: Change = {};
    /* As far as it is known here. */
    const was: Plain = {};
    for (const k of Object.keys(plain(after)) as (keyof Plain)[]) {
      Object.assign(before, { [k]: now?.[k] ?? null });
      const it = seen[k] === undefined ? now?.[k] : seen[k];
      if (it !== undefined) Object.assign(was, { [k]: it });
    }
    let differs = JSON.stringify(before) !== JSON.stringify(plain(after));
    if (tags) {
      const has = now?.tags ?? [];
      before.tags = { add: (tags.remove ?? []).filter((x) => has.includes(x)), remove: (tags.add ?? []).filter((x) => !has.includes(x)) };
      differs ||= [...before.tags.add ?? [], ...before.tags.remove ?? []].length > 0;
    }
    if (!differs) continue;
    /* A team may give somebody a turn, which is taken back with it. */
    if (after.team && after.assignee === undefined) before.assignee = now?.assignee ?? null;
    /* Of several nobody is asked. */
    list.push({ number, before, after, ...(numbers.length === 1 ? { was, asks: true } : {}) });
  }
  if (!list.length) return true;
  const ended = all(list);
  const step = keep(ended);
  const done = await ended;
  if (!done.length) forget(step);
  else {
    const said = done.length === 1 && done[0] ? t('agent.changed.one', { number: done[0].number }) : t('agent.changed', { n: done.length });
    if (done.length === list.length) toast(said, { label: t('agent.undo'), run: () => void undo(step) }, true);
    announce(t('agent.saved'));
  }
  return done.length === list.length;
}

/** Of these one has begun to write a reply: taken back, they are not taken again. */
const begun = new Set<number>();

/** Whoever begins to write a reply in a ticket that nobody has gets it, where the tenant wants that. */
export async function beginReply(number: number): Promise<void> {
  if (!me.takes || begun.has(number) || knownTicket(number)?.assignee !== null) return;
  begun.add(number);
  const a = await api<{ taken: boolean; assignee: number | null; people: People }>('POST', `/api/tickets/${number}/taking`, { body: {}, quiet: true }).catch(() => null);
  if (!a) return void begun.delete(number);
  learn(a);
  putTicket(number, { assignee: a.assignee });
  if (a.taken) {
    const step = keep(Promise.resolve([{ number, before: { assignee: null }, after: { assignee: me.id } }]));
    toast(t('agent.taken'), { label: t('agent.undo'), run: () => void undo(step) }, true);
    void queue().load(true);
  } else if (a.assignee && a.assignee !== me.id) toast(t('agent.taken.other', { who: person(a.assignee)?.name ?? t('app.somebody') }));
}

/** What was sent can be taken back as a change can. */
export function sent(held: number): void { undoes({ back: () => takeBack(held), stands: () => isHeld(held) }); }

/** Is there anything to take back? */
export const canUndo = (): boolean => undoable.some((s) => s.stands?.() ?? true);

/** Takes back what was done last, or that one: a change, what was put aside, or what was sent, as long as it is not out. */
export async function undo(which?: Step): Promise<void> {
  const of = which ? undoable.find((s) => s === which) : undoable.findLast((s) => s.stands?.() ?? true);
  if (!of) return void toast(t('agent.undo.none'));
  forget(of);
  await of.back();
}
