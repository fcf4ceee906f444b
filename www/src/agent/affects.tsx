/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Whom an action affects, said beside what does it (`data-affects`) as soon as a
 * pointer or the focus rests there: who gets mail, who can see it, what customers read.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api } from '../lib/api';
import { boot } from '../lib/boot';
import { maybe, t } from '../lib/i18n';
import { learn, person } from '../lib/store';
import type { People, TicketPage } from '../lib/types';

interface Hears { named: number[]; others: number; people: People }
type Act = 'replied' | 'prioritised' | 'solved' | 'closed' | 'reopened';

/* Who only passes over it is told nothing; and there is time to go over to what is said. */
const REST_MS = 350;
const GO_MS = 250;
const ROOM = 272;
const DONE = /^(solved|closed)/;

const word = (s: string) => maybe(`status.${s}`) ?? maybe(`state.${s}`) ?? s;
const list = (h: Hears) => new Intl.ListFormat(boot.lang).format([...h.named.map((id) => person(id)?.name ?? t('app.somebody')), ...(h.others ? [t('affects.others', { n: h.others })] : [])]);
const anybody = (h: Hears) => h.named.length + h.others > 0;

async function hears(number: number, act: Act, signal: AbortSignal): Promise<Hears> {
  const h = await api<Hears>('GET', `/api/tickets/${number}/hears?act=${act}`, { quiet: true, signal });
  learn(h);
  return h;
}
const mail = (h: Hears) => (anybody(h) ? t('affects.mail', { list: list(h) }) : t('affects.mail.none'));

/** Who gets mail of a priority or of an end, in a line; of several tickets, that customers do. */
export async function whoHears(number: number, act: 'prioritised' | 'solved', several: boolean, signal: AbortSignal): Promise<string> {
  const h = await hears(number, act, signal);
  if (!anybody(h)) return '';
  if (act === 'solved') return several ? '' : t('affects.ends', { list: list(h) });
  return several ? t('levels.choose.tells') : mail(h);
}

/** What is said of each; `to`: the status that it would be. */
async function words(what: string, to: string, of: TicketPage['ticket'], signal: AbortSignal): Promise<string[]> {
  if (what === 'assignee') return [t('affects.assignee')];
  if (what === 'priority') return [mail(await hears(of.number, 'prioritised', signal))];
  const now = of.status ?? '';
  const says = to && to !== now ? [t('affects.sees', { status: word(to) })] : [];
  if (what === 'reply') {
    const [h, r] = await Promise.all([hears(of.number, 'replied', signal),
      api<{ count: number; more: boolean }>('GET', `/api/tickets/${of.number}/readers`, { quiet: true, signal })]);
    return [mail(h), t(r.more ? 'affects.readers.most' : 'affects.readers', { n: r.count }), ...says];
  }
  if (!says.length) {
    const h = await hears(of.number, DONE.test(now) ? 'reopened' : 'solved', signal);
    return [t('affects.sees.now', { status: word(now) }), anybody(h) ? t('affects.ends', { list: list(h) }) : t('affects.mail.none')];
  }
  const act: Act | null = to === 'solved' ? 'solved' : DONE.test(to) ? 'closed' : DONE.test(now) ? 'reopened' : null;
  return [...says, act ? mail(await hears(of.number, act, signal)) : t('affects.mail.none')];
}

export default function Affects({ page }: { page: TicketPage }) {
  const box = useRef<HTMLDivElement>(null);
  const of = useRef(page.ticket);
  of.current = page.ticket;
  const [said, say] = useState<string[]>([]);
  useEffect(() => {
    let at: HTMLElement | null = null;
    let about: Element | null = null;
    let timer = 0;
    let stop = new AbortController();
    const hide = () => {
      clearTimeout(timer);
      stop.abort();
      about?.removeAttribute('aria-describedby');
      at = about = null;
      if (box.current?.matches(':popover-open')) box.current.hidePopover();
    };
    const show = async (field: HTMLElement, control: Element) => {
      const [what = '', to = ''] = (field.dataset['affects'] ?? '').split(' ');
      stop.abort();
      const mine = stop = new AbortController();
      const select = field.querySelector('select') ?? (field instanceof HTMLSelectElement ? field : null);
      /* A reply goes with what is chosen beside it. */
      const chosen = to || (what === 'reply' ? field.closest('form')?.querySelector('select')?.value : select?.value);
      const now = await words(what, chosen ?? '', of.current, mine.signal).catch(() => null);
      const el = box.current;
      if (!now || mine.signal.aborted || at !== field || !el) return;
      say(now);
      el.showPopover();
      /* At its side where there is room, else below it or above. */
      requestAnimationFrame(() => {
        const r = field.getBoundingClientRect();
        const room = (boot.dir === 'rtl' ? innerWidth - r.right : r.left) > ROOM && what !== 'reply';
        const left = !room ? r.left : boot.dir === 'rtl' ? r.right + 12 : r.left - el.offsetWidth - 12;
        const below = r.bottom + 8 + el.offsetHeight < innerHeight;
        const top = room ? r.top : below ? r.bottom + 8 : r.top - el.offsetHeight - 8;
        el.style.left = `${Math.max(8, Math.min(left, innerWidth - el.offsetWidth - 8))}px`;
        el.style.top = `${Math.max(8, Math.min(top, innerHeight - el.offsetHeight - 8))}px`;
      });
      about = control;
      control.setAttribute('aria-describedby', 'affects');
      if (control.matches(':focus-visible')) announce(now.join(' '));
    };
    const come = (e: Event) => {
      const target = e.target instanceof Element ? e.target : null;
      if (target && box.current?.contains(target)) return clearTimeout(timer);
      const field = target?.closest<HTMLElement>('[data-affects]') ?? null;
      if (field === at) return clearTimeout(field ? timer : 0);
      if (!field || !target) {
        /* Focus holds it where the pointer leaves. */
        if (at && !at.contains(document.activeElement)) { clearTimeout(timer); timer = window.setTimeout(hide, GO_MS); }
        return undefined;
      }
      hide();
      at = field;
      timer = window.setTimeout(() => void show(field, target.closest('button, select') ?? field.querySelector('select') ?? field), REST_MS);
      return undefined;
    };
    const changed = (e: Event) => { if (at && e.target instanceof Node && at.contains(e.target)) void show(at, e.target as Element); };
    const left = (e: FocusEvent) => { if (at?.contains(e.target as Node) && !at.contains(e.relatedTarget as Node | null)) hide(); };
    /* It alone goes by the key; the ticket stays. */
    const key = (e: KeyboardEvent) => {
      if (e.key !== 'Escape' || !box.current?.matches(':popover-open')) return;
      e.preventDefault();
      hide();
    };
    const on: [string, EventListener][] = [['pointerover', come], ['focusin', come], ['focusout', left as EventListener], ['change', changed], ['keydown', key as EventListener], ['click', (e) => { if (at && !(e.target instanceof HTMLSelectElement)) hide(); }], ['scroll', () => { if (box.current?.matches(':popover-open')) hide(); }]];
    for (const [name, f] of on) document.addEventListener(name, f, true);
    return () => { hide(); for (const [name, f] of on) document.removeEventListener(name, f, true); };
  }, []);
  return <div class="affects" id="affects" role="tooltip" popover="manual" ref={box}>{said.map((s) => <p key={s} dir="auto">{s}</p>)}</div>;
}
