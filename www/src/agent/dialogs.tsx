/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The dialogs of the workspace: whom to assign to, a status, a priority; all commands; their keys. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { api } from '../lib/api';
import { me } from '../lib/boot';
import { t } from '../lib/i18n';
import { mayBecome, STATES } from '../lib/moves';
import { navigate } from '../lib/router';
import { knownTicket } from '../lib/store';
import type { ListPage } from '../lib/types';
import { keptViews } from '../lists/state';
import { withTexts } from '../ui/area';
import { Icon } from '../ui/parts';
import { canUndo, change, seenOf, type Change } from './change';
import { PRIORITIES } from './choices';
import { Chooser, Keys, type Option } from './chooser';
import { commands, usable, type Command } from './commands';
import { Macro } from './macro';
import { keep, kept, sideOpen, toggleSide } from './panes';
import { Snooze } from './snooze';
import { agents, awayText, closed, escalating, howMany, needAgents, onDesk, openTicket, takeAhead, targets, teams, type Asked } from './state';
import { Tags } from './tags';
import { BUILT_IN, hasView } from './views';

/** What those that are chosen have in common. */
function common<K extends 'status' | 'priority' | 'assignee' | 'team'>(key: K): Change[K] | undefined {
  const all = new Set(targets().map((n) => knownTicket(n)?.[key] ?? null));
  return all.size === 1 ? [...all][0] as Change[K] : undefined;
}
const named = () => { const n = targets(); return howMany() === 1 ? `#${n[0]}` : t('agent.selected', { n: howMany() }); };

interface Closes { close: () => void }

/** Said beside the choice as soon as it is known; nothing waits for it. */
function useTells(act: 'prioritised' | 'solved'): string {
  const [said, say] = useState('');
  useEffect(() => {
    const [first] = targets();
    const stop = new AbortController();
    if (first !== undefined) withTexts(import('./affects'), import('../gen/affects')).then((m) => m.whoHears(first, act, howMany() > 1, stop.signal)).then(say, () => {});
    return () => stop.abort();
  }, []);
  return said;
}

function Assign({ close, groups }: Closes & { groups?: boolean }) {
  /* Who went away meanwhile. */
  useEffect(() => needAgents(true), []);
  const now = common('assignee');
  const team = common('team');
  const [seen] = useState(() => seenOf(targets()));
  const set = (assignee: number | null) => () => void change(targets(), { assignee }, undefined, seen);
  const give = (to: number | null) => () => void change(targets(), { team: to }, undefined, seen);
  const all = agents.value;
  const live = teams.value.filter((g) => !g.archived);
  const group = live.length ? t('desk.group.agents') : '';
  const people: Option[] = [
    { id: 'me', text: t('agent.assign_me'), keys: 'i', now: now === me.id, run: set(me.id), group },
    { id: 'none', text: t('agent.nobody'), now: now === null, run: set(null), group },
    ...all.filter((a) => a.id !== me.id).map((a) => ({ id: String(a.id), text: a.name, own: true, note: awayText(a.id), now: now === a.id, run: set(a.id), group })),
  ];
  const options: Option[] = [
    ...(groups ? [] : people),
    ...live.map((g) => ({ id: `team-${g.id}`, text: g.name, own: true, now: team === g.id, run: give(g.id), group: groups ? '' : t('desk.group.teams') })),
    ...(live.length && team !== null ? [{ id: 'team-none', text: t('agent.team.none'), run: give(null), group: groups ? '' : t('desk.group.teams') }] : []),
  ];
  return <Chooser small title={`${t(groups ? 'agent.team' : 'desk.assign')} · ${named()}`} hint={t(groups ? 'desk.filter' : 'desk.assign.hint')} options={options} onClose={close} />;
}

function Status({ close }: Closes) {
  const tells = useTells('solved');
  const now = common('status');
  const [seen] = useState(() => seenOf(targets()));
  /* What each of them may become. */
  const are = targets().map((n) => knownTicket(n)?.status ?? null);
  const one = are.length === 1 ? targets()[0] : undefined;
  const may = STATES.filter((s) => are.every((is) => !is || is === s || mayBecome(is, s)) && (one || s !== 'closed_escalated'));
  /* One is escalated where its item is asked for. */
  const escalate = (number: number) => { openTicket(number); if (!sideOpen.peek()) toggleSide(); escalating.value = number; };
  return <Chooser small title={`${t('desk.status')} · ${named()}`} hint={t('desk.filter')} tells={tells} onClose={close}
    options={may.map((s) => ({ id: s, text: t(`state.${s}`), note: t('desk.status.customers', { status: t(`status.${s}`) }), now: now === s, run: () => { if (one && s === 'closed_escalated' && now !== s) escalate(one); else void change(targets(), { status: s }, undefined, seen); } }))} />;
}

function PriorityOf({ close }: Closes) {
  const tells = useTells('prioritised');
  const now = common('priority');
  const [seen] = useState(() => seenOf(targets()));
  return <Chooser small title={`${t('desk.priority')} · ${named()}`} hint={t('desk.filter')} tells={tells} onClose={close}
    options={[...[...PRIORITIES].reverse().map((p) => ({ id: p, text: t(`priority.${p}`), now: now === p, run: () => void change(targets(), { priority: p }, undefined, seen) })),
      { id: 'none', text: t('agent.no_priority'), now: now === null, run: () => void change(targets(), { priority: null }, undefined, seen) }]} />;
}

/* ---- the palette ---- */
const LAST = `palette:${me.id}`;
const LAST_MOST = 5;
interface Used { id: string; text: string; own?: boolean }
const lastUsed = (): Used[] => { try { return (JSON.parse(localStorage.getItem(LAST) ?? '[]') as Used[]).slice(0, LAST_MOST); } catch { return []; } };
function remember(o: Option): void {
  const next = [{ id: o.id, text: o.text, ...(o.own ? { own: true } : {}) }, ...lastUsed().filter((u) => u.id !== o.id)].slice(0, LAST_MOST);
  try { localStorage.setItem(LAST, JSON.stringify(next)); } catch { /* then none is remembered */ }
}

/** The pages that the head of the page leads to: those that this person may open. */
const pages = (): Option[] => [...document.querySelectorAll<HTMLAnchorElement>('.top nav a, .menu-panel a.item')].filter((a) => a.pathname !== '/agent' || !a.search)
  .map((a) => ({ id: `page:${a.pathname}`, text: (a.firstChild?.textContent ?? a.textContent ?? '').trim(), run: () => a.click() }));

/** How the page looks, and the way out: as the menu has them. */
const menu = (): Option[] => [...document.querySelectorAll<HTMLButtonElement>('.menu-panel .seg button, .menu-panel form[action$="/sign-out"] button')].map((b) => {
  const about = b.closest('.seg')?.previousElementSibling?.textContent;
  return { id: `menu:${b.name}:${b.value}`, text: [about, b.textContent].filter(Boolean).join(': '), run: () => b.click() };
});

function Palette({ close }: Closes) {
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<Option[]>([]);
  const about = onDesk() ? targets() : [];
  const words = typed.trim();
  useEffect(() => {
    if (words.length < 2) return setFound([]);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const ask = <T,>(path: string) => api<T>('GET', path, { quiet: true, signal: stop.signal }).catch(() => null);
      void Promise.all([
        ask<ListPage>(`/api/search?limit=8&q=${encodeURIComponent(words)}`),
        ask<{ items: { id: number; name: string }[] }>(`/api/accounts?limit=5&q=${encodeURIComponent(words)}`),
      ]).then(([tickets, accounts]) => {
        if (stop.signal.aborted) return;
        setFound([
          ...(tickets?.items ?? []).map((i) => ({ id: `ticket:${i.number}`, text: `#${i.number} ${i.title}`, own: true, note: i.status ? t(`state.${i.status}`) : undefined, group: t('desk.group.tickets'), found: true, run: () => openTicket(i.number) })),
          ...(accounts?.items ?? []).map((a) => ({ id: `account:${a.id}`, text: a.name, own: true, group: t('desk.group.accounts'), found: true, run: () => navigate(`/agent/accounts/${a.id}`) })),
        ]);
      });
    }, 150);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [words]);
  const fixed = useMemo<Option[]>(() => {
    const can = (c: Command) => !c.bare && usable(c) && (c.id !== 'undo' || canUndo());
    const command = (group: string) => (c: Command): Option => ({ id: `do:${c.id}`, text: t(c.text), keys: c.keys, group, run: c.run ?? (() => {}) });
    const view = (query: string) => () => navigate(`/agent${query ? `?${query}` : ''}`);
    return [
      ...commands.filter((c) => c.group === 'ticket' && can(c)).map(command(about.length ? named() : t('desk.group.ticket'))),
      ...commands.filter((c) => c.group !== 'ticket' && can(c)).map(command(t('desk.group.page'))),
      ...BUILT_IN.filter((v) => hasView(v.name)).map((v) => ({ id: `view:${v.query}`, text: t(v.text), group: t('agent.views'), run: view(v.query) })),
      ...(keptViews.value.queue ?? []).map((v) => ({ id: `view:${v.query}`, text: v.name, own: true, group: t('agent.views'), run: view(v.query) })),
      ...[...pages(), ...menu()].map((p) => ({ ...p, group: t('desk.group.pages') })),
    ];
  }, []);
  const all = [...fixed, ...found];
  const last = typed ? [] : lastUsed().flatMap((u): Option[] => {
    const now = fixed.find((o) => o.id === u.id);
    const number = Number(/^ticket:(\d+)$/.exec(u.id)?.[1] ?? 0);
    return now ? [{ ...now, group: t('desk.group.last') }] : number ? [{ ...u, group: t('desk.group.last'), run: () => openTicket(number) }] : [];
  });
  const again = new Set(last.map((o) => o.id));
  const options = [...last, ...(words.length >= 2 ? [...all.filter((o) => !o.found), ...found] : all).filter((o) => !again.has(o.id))]
    .map((o) => ({ ...o, run: () => { remember(o); o.run(); } }));
  return <Chooser title={t('agent.commands')} hint={t('desk.palette.hint')} options={options} onInput={setTyped} onClose={close} />;
}

/* ---- the sheet of keys ---- */
const GROUPS = ['list', 'go', 'page', 'ticket'] as const;

function Sheet({ close }: Closes) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => { takeAhead(); dialog.current?.showModal(); }, []);
  return (
    <dialog class="keys" ref={dialog} aria-labelledby="keys-title" onClose={close}>
      <div class="keys-head">
        <h2 id="keys-title">{t('desk.keys')}</h2>
        <label class="check"><input type="checkbox" checked={kept.value.keys !== false} onChange={(e) => keep({ keys: e.currentTarget.checked })} /><span>{t('desk.keys.on')}</span></label>
        <button class="btn btn-ghost btn-icon" type="button" onClick={() => dialog.current?.close()}><Icon name="x" /><span class="visually-hidden">{t('desk.foot.close')}</span></button>
      </div>
      <div class="keys-cols">
        {GROUPS.map((g) => (
          <section key={g} aria-labelledby={`keys-${g}`}>
            <h3 id={`keys-${g}`}>{t(`desk.group.${g}`)}</h3>
            <dl>{commands.filter((c) => c.group === g).map((c) => <div key={c.id}><dt>{t(c.text)}</dt><dd><Keys of={c.keys} /></dd></div>)}</dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}

export default function Dialogs({ of }: { of: Asked }) {
  const close = () => closed(of);
  switch (of.what) {
    case 'assign': return <Assign close={close} />;
    case 'team': return <Assign close={close} groups />;
    case 'status': return <Status close={close} />;
    case 'priority': return <PriorityOf close={close} />;
    case 'tags': return <Tags number={of.number} close={close} />;
    case 'macro': return <Macro close={close} />;
    case 'snooze': return <Snooze close={close} />;
    case 'palette': return <Palette close={close} />;
    case 'keys': return <Sheet close={close} />;
    default: return null;
  }
}
