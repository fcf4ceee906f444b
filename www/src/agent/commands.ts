/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What can be done here, with its keys: the keys, their sheet and the palette read this one table. */
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { me } from '../lib/boot';
import { wanted } from '../lib/compose';
import { t, type PlainKey } from '../lib/i18n';
import { navigate } from '../lib/router';
import { knownTicket, putTicket } from '../lib/store';
import { counts } from '../lists/state';
import { problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { change, undo } from './change';
import { toggleSide, toggleViews } from './panes';
import { backToList, focusRow, openNext } from './queue';
import { ask, chosen, hand, onDesk, openNumber, openTicket, order, targets, teams, whole } from './state';

export interface Command {
  /** What the palette remembers it by. */
  id: string;
  keys: string;
  text: PlainKey;
  group: 'list' | 'ticket' | 'go' | 'page';
  /** None: something else reads these keys. */
  run?: () => void;
  when?: () => boolean;
  /** Of use by its keys alone: the palette leaves it out. */
  bare?: boolean;
}

/** Elsewhere than at the desk one can go on to another page, and see the keys. */
export const usable = (c: Command): boolean => !!c.run && (onDesk() || c.group === 'go' || c.id === 'keys') && (!c.when || c.when());

const say = (e: unknown) => toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
const any = () => targets().length > 0;
const one = () => openNumber() ?? hand.value;
const isOne = () => one() !== null;
const isOpen = () => openNumber() !== null;

function move(by: 1 | -1): void {
  const open = openNumber();
  if (open !== null) {
    if (!openNext(by, open) && by === 1) announce(t('agent.done.last'));
    return;
  }
  const at = hand.value === null ? -1 : order.peek().indexOf(hand.value);
  focusRow(at < 0 ? 0 : at + by);
}

function pick(number: number | null, is?: boolean): void {
  if (number === null) return;
  const next = new Set(chosen.peek());
  if (is ?? !next.has(number)) next.add(number);
  else next.delete(number);
  chosen.value = next;
  announce(t('agent.selected', { n: next.size }));
}

function extend(by: 1 | -1): void {
  const at = hand.value === null ? -1 : order.peek().indexOf(hand.value);
  pick(hand.value, true);
  focusRow(at + by);
  pick(order.peek()[Math.max(0, Math.min(at + by, order.peek().length - 1))] ?? null, true);
}

function write(mode: 'reply' | 'note'): void {
  const number = one();
  if (number === null) return;
  /* What comes back there goes in first. */
  const now = wanted.peek();
  if (!now?.back || now.number !== number) wanted.value = { number, mode };
  if (!isOpen()) openTicket(number);
}

function solve(): void {
  const numbers = targets();
  const done = !whole.peek() && numbers.every((n) => /^(solved|closed)/.test(knownTicket(n)?.status ?? ''));
  void change(numbers, { status: done ? 'in_progress' : 'solved' });
}

async function follow(): Promise<void> {
  const number = one();
  try {
    const { lists } = await api<{ lists: { mine: string } }>('GET', `/api/tickets/${number}/people`, { quiet: true });
    const level = lists.mine === 'none' ? 'all' : 'none';
    await api('PATCH', `/api/tickets/${number}/following`, { body: { level } });
    toast(t(level === 'none' ? 'agent.follow.off' : 'agent.follow.on'));
  } catch (e) { say(e); }
}

async function copyLink(): Promise<void> {
  const link = `${location.origin}/agent/t/${one()}`;
  try {
    await navigator.clipboard.writeText(link);
    toast(t('agent.link.copied'));
  } catch { toast(link); }
}

async function unread(): Promise<void> {
  const number = one();
  if (number === null) return;
  try {
    const { unread: is } = await api<{ unread: boolean }>('DELETE', `/api/tickets/${number}/seen`);
    if (is) putTicket(number, { unread: true });
    toast(t(is ? 'agent.unread.done' : 'agent.unread.own'));
  } catch (e) { say(e); }
}

const find = () => {
  const box = document.getElementById('find-q');
  if (box instanceof HTMLInputElement) { box.focus(); box.select(); }
};
const go = (to: string) => () => navigate(`/agent${to}`);

export const commands: Command[] = [
  { id: 'next', keys: 'j', text: 'desk.next', group: 'list', run: () => move(1), bare: true },
  { id: 'previous', keys: 'k', text: 'desk.previous', group: 'list', run: () => move(-1), bare: true },
  { id: 'open', keys: 'enter', text: 'desk.open', group: 'list', run: () => { if (hand.value !== null) openTicket(hand.value); }, when: () => !isOpen() && hand.value !== null, bare: true },
  { id: 'back', keys: 'esc', text: 'desk.back', group: 'list', run: () => { if (isOpen()) backToList(); else chosen.value = new Set(); }, when: () => isOpen() || chosen.value.size > 0, bare: true },
  { id: 'select', keys: 'x', text: 'desk.select', group: 'list', run: () => pick(one()), when: isOne, bare: true },
  { id: 'extend', keys: 'shift+j', text: 'desk.extend.down', group: 'list', run: () => extend(1), when: () => !isOpen(), bare: true },
  { id: 'extend-up', keys: 'shift+k', text: 'desk.extend.up', group: 'list', run: () => extend(-1), when: () => !isOpen(), bare: true },
  { id: 'all', keys: 'mod+a', text: 'desk.select.all', group: 'list', run: () => { chosen.value = new Set(order.peek()); announce(t('agent.selected', { n: order.peek().length })); } },
  { id: 'find', keys: '/', text: 'desk.find', group: 'list', run: find },

  { id: 'reply', keys: 'r', text: 'desk.reply', group: 'ticket', run: () => write('reply'), when: isOne },
  { id: 'note', keys: 'n', text: 'desk.note', group: 'ticket', run: () => write('note'), when: isOne },
  { id: 'send', keys: 'mod+enter', text: 'desk.send', group: 'ticket', bare: true },
  { id: 'send-solve', keys: 'mod+shift+enter', text: 'desk.send.solve', group: 'ticket', bare: true },
  { id: 'assign', keys: 'a', text: 'desk.assign', group: 'ticket', run: () => ask('assign'), when: any },
  { id: 'mine', keys: 'i', text: 'agent.assign_me', group: 'ticket', run: () => void change(targets(), { assignee: me.id }), when: any },
  { id: 'status', keys: 's', text: 'desk.status', group: 'ticket', run: () => ask('status'), when: any },
  { id: 'priority', keys: 'p', text: 'desk.priority', group: 'ticket', run: () => ask('priority'), when: any },
  { id: 'tags', keys: 'l', text: 'desk.tags', group: 'ticket', run: () => ask('tags'), when: any },
  { id: 'macro', keys: 'm', text: 'desk.macro', group: 'ticket', run: () => ask('macro'), when: isOne },
  { id: 'solve', keys: 'e', text: 'desk.solve', group: 'ticket', run: solve, when: any },
  { id: 'snooze', keys: 'h', text: 'desk.snooze', group: 'ticket', run: () => ask('snooze'), when: any },
  { id: 'follow', keys: 'f', text: 'desk.follow', group: 'ticket', run: () => void follow(), when: isOne },
  { id: 'unread', keys: 'u', text: 'desk.unread', group: 'ticket', run: () => void unread(), when: isOne },
  { id: 'link', keys: '.', text: 'desk.link', group: 'ticket', run: () => void copyLink(), when: isOne },
  { id: 'undo', keys: 'z', text: 'desk.undo', group: 'ticket', run: () => void undo() },

  { id: 'go-mine', keys: 'g i', text: 'desk.go.mine', group: 'go', run: go('?group=open&assignee=me') },
  { id: 'go-unassigned', keys: 'g u', text: 'desk.go.unassigned', group: 'go', run: go('?group=open&assignee=none') },
  { id: 'go-teams', keys: 'g t', text: 'desk.go.teams', group: 'go', run: go('?group=open&team=mine'), when: () => teams.peek().some((g) => g.mine) },
  { id: 'go-late', keys: 'g o', text: 'desk.go.late', group: 'go', run: go('?due=late'), when: () => counts.peek()?.views?.['late'] !== null },
  { id: 'go-all', keys: 'g a', text: 'desk.go.all', group: 'go', run: go('') },
  { id: 'go-accounts', keys: 'g p', text: 'desk.go.accounts', group: 'go', run: go('/accounts') },
  { id: 'go-reports', keys: 'g r', text: 'desk.go.reports', group: 'go', run: go('/reports') },

  { id: 'views', keys: '[', text: 'desk.views', group: 'page', run: toggleViews },
  { id: 'side', keys: ']', text: 'desk.side', group: 'page', run: toggleSide, when: isOpen },
  { id: 'palette', keys: 'mod+k', text: 'desk.palette', group: 'page', bare: true },
  { id: 'keys', keys: '?', text: 'desk.keys', group: 'page', run: () => ask('keys') },
];
