/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What one has sent and can still take back; what did not go comes back by itself. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { me } from '../lib/boot';
import { wanted } from '../lib/compose';
import type { Carried, Meant } from '../lib/draft';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { ticket } from '../lib/store';
import type { Held, Status } from '../lib/types';
import { Avatar, Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { openNumber, openTicket } from './state';

/** `until`: by this browser's clock. */
interface Mine extends Held { until: number }
interface Back { ticket: number; internal: boolean; body: string; status: Status | null; stopped: Held['stopped']; files: Carried[]; mentions: Meant[] }

export const held = signal<Mine[]>([]);
/* Of these this page has the whole text back; null: it is in the composer. */
const taken = new Map<number, string | null>();
/* Of these it was said that they did not go. */
const told = new Set<number>();
/* What offers to take the last of them back. */
let offer: { id: number; away: () => void } | null = null;
let timer = 0;

/** Asked again once the next of them is out. */
function put(items: Held[]): void {
  held.value = items.filter((h) => taken.get(h.id) !== null).map((h) => ({ ...h, text: taken.get(h.id) ?? h.text, until: Date.now() + h.left }));
  if (offer && !held.value.some((h) => h.id === offer?.id && !h.stopped)) {
    offer.away();
    offer = null;
  }
  clearTimeout(timer);
  const next = Math.min(...held.value.filter((h) => !h.stopped).map((h) => h.until));
  if (Number.isFinite(next)) timer = window.setTimeout(() => void look(), Math.max(700, next - Date.now() + 700));
  for (const h of held.value) {
    /* What another page takes back is that page's, unless it stays. */
    if (!h.stopped || h.stopped === 'taken' || h.author || told.has(h.id)) continue;
    told.add(h.id);
    /* Of two pages one has it. */
    if (openNumber() === h.ticket && document.visibilityState === 'visible' && isIdle(h.internal)) void takeBack(h.id, true);
    else toast(t('agent.held.stopped', { number: h.ticket }), { label: t('agent.held.show'), run: () => void takeBack(h.id) });
  }
}

const again = () => held.peek().map((h) => ({ ...h, left: h.until - Date.now() }));

let looked = 0;
async function look(): Promise<void> {
  looked = Date.now();
  await api<{ items: Held[] }>('GET', '/api/held', { quiet: true }).then((a) => put(a.items),
    () => { clearTimeout(timer); if (held.peek().length) timer = window.setTimeout(() => void look(), 5000); });
}

/** Nobody writes, nor sends: what comes back by itself takes no keys away, and no text comes where another one is. */
function isIdle(internal: boolean): boolean {
  const box = document.querySelector<HTMLElement>('.composer');
  if (!box || document.querySelector('dialog:is([open], :popover-open)') || box.querySelector('[type=submit][aria-disabled=true]')) return false;
  if ([...box.querySelectorAll('textarea')].some((a) => a.value)) return false;
  return !box.contains(document.activeElement) || (box.dataset['vis'] === 'internal') === internal;
}

/** Into the composer again; false: it was out. */
export async function takeBack(id: number, byItself = false): Promise<boolean> {
  const author = held.peek().find((h) => h.id === id)?.author;
  try {
    const b = await api<Back>('DELETE', `/api/held/${id}`);
    if (taken.get(id) === null) return true;
    /* Until it is written in again it stands where it was, as what did not go. */
    taken.set(id, b.body);
    told.add(id);
    put(again().map((h) => (h.id === id ? { ...h, stopped: b.stopped } : h)));
    if (openNumber() !== b.ticket) openTicket(b.ticket);
    /* What it was refused for the page may not know yet. */
    const r = ticket(b.ticket);
    if (b.stopped === 'refused') await r.load();
    const page = r.data.peek();
    /* Nobody may write here: it stands in the conversation, all of it. */
    if (page ? page.ticket.can.reply === false && page.ticket.can.note === false : r.error.peek()) {
      toast(t('agent.held.stopped', { number: b.ticket }));
      return true;
    }
    wanted.value = { number: b.ticket, mode: b.internal ? 'note' : 'reply', noted: t('agent.held.noted'),
      back: { body: b.body, carries: b.files, mentions: b.mentions, ...(b.status ? { status: b.status } : {}) },
      ...(author ? { say: t('agent.held.left', { name: author }) } : b.stopped === 'unseen' || b.stopped === 'refused' ? { say: t(b.stopped === 'unseen' ? 'agent.held.unseen' : 'agent.held.refused') } : {}),
      /* The server gives it away once it is here. */
      kept: () => {
        taken.set(id, null);
        put(again());
        announce(t('agent.held.taken'));
        void api('DELETE', `/api/held/${id}?kept=yes`, { quiet: true }).catch(() => {});
      } };
    return true;
  } catch (e) {
    void look();
    if (!byItself) toast(e instanceof Problem && e.status === 404 ? t('agent.held.out') : e instanceof Problem ? problemText(e) : t('err.unknown'));
    return false;
  }
}

/** One was sent just now. */
export function hold(h: Held): void {
  put([...again(), h]);
  offer = { id: h.id, away: toast(t(h.internal ? 'agent.held.note' : 'agent.held', { n: Math.round(h.left / 1000) }), { label: t('agent.undo'), run: () => void takeBack(h.id) }, h.left) };
}

export const isHeld = (id: number): boolean => held.peek().some((h) => h.id === id);

/** Those of other tabs and of before are found, and what became of them. */
export function useHeld(): void {
  useEffect(() => { void look(); }, []);
  useLive(60, (n) => held.peek().some((h) => h.ticket === n), () => { if (held.peek().length) void look(); });
}

/* What colleagues left who are gone is looked for now and then, when a ticket is opened. */
const STALE_MS = 60_000;

/** Longer ones stay as they are: each sign looks for its other one to the end of the line. */
const PLAIN_MOST = 4000;
/** As it reads, without the signs of its Markdown; it may be cut in the middle of one. */
export const plainText = (markdown: string): string => (markdown.length > PLAIN_MOST ? markdown : markdown
  .replace(/^ *```.*\n?/gm, '')
  .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)?/g, '$1')
  .replace(/(\*\*|__|~~|`)(?=\S)([^\n]*?\S)\1/g, '$2')
  .replace(/(^|[^\w\\])([*_])(?=\S)([^\n]*?[^\s\\])\2(?!\w)/gm, '$1$3')
  .replace(/^ *(?:#{1,6}|>)[ \t]+/gm, '')
  .replace(/^( *)[-*+] (?=\S)/gm, '$1• ')
  .replace(/\\([\\`*_{}[\]()#+.!~>-])/g, '$1'));

/** In the conversation, where they will be. */
export function HeldHere({ number }: { number: number }) {
  useEffect(() => { if (looked && Date.now() - looked > STALE_MS) void look(); }, [number]);
  return <>{held.value.filter((h) => h.ticket === number).map((h) => (
    <li key={h.id}>
      <Avatar who={h.author ? { name: h.author, side: 'support' } : me} internal={h.internal} />
      <article class="msg" data-held="" data-vis={h.internal ? 'internal' : 'public'}>
        <header class="msg-head">
          <span class="tag">{h.internal && <Icon name="lock" />}{h.author ? <span dir="auto">{t('agent.held.left', { name: h.author })}</span> : h.stopped ? t('agent.held.stopped', { number }) : t(h.internal ? 'agent.held.soon.note' : 'agent.held.soon')}</span>
          <button class="link" type="button" onClick={() => void takeBack(h.id)}>{t(h.author ? 'agent.held.take' : 'agent.held.back')}</button>
        </header>
        <p dir="auto" class="held-text">{plainText(h.text)}</p>
      </article>
    </li>
  ))}</>;
}
