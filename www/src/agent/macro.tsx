/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A macro taken for a ticket: chosen by typing, and looked at before it does anything. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { me } from '../lib/boot';
import { wanted } from '../lib/compose';
import { t } from '../lib/i18n';
import { mayBecome } from '../lib/moves';
import { navigate } from '../lib/router';
import { knownTicket, person } from '../lib/store';
import type { Filled, Macros } from '../macros/data';
import { problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { change, type Change } from './change';
import { Chooser, type Option } from './chooser';
import { agents, ahead, hand, openNumber, openTicket, takeAhead, teamName } from './state';

let kept: Macros | null = null;
const say = (e: unknown) => toast(e instanceof Problem ? problemText(e) : t('err.unknown'));

/** What it does besides its text, in words: what is, and what will be. */
function effects(number: number, after: Change): { key: string; name: string; from: string; to: string }[] {
  const now = knownTicket(number);
  const who = (id: number | null | undefined) => (id ? agents.value.find((a) => a.id === id)?.name ?? person(id)?.name ?? t('app.somebody') : t('agent.nobody'));
  const out = [];
  if (after.status && after.status !== now?.status) out.push({ key: 'status', name: t('agent.status'), from: now?.status ? t(`state.${now.status}`) : '', to: t(`state.${after.status}`) });
  if (after.priority !== undefined && after.priority !== now?.priority) out.push({ key: 'priority', name: t('agent.priority'), from: now?.priority ? t(`priority.${now.priority}`) : t('agent.no_priority'), to: after.priority ? t(`priority.${after.priority}`) : t('agent.no_priority') });
  if (after.assignee !== undefined && after.assignee !== now?.assignee) out.push({ key: 'assignee', name: t('agent.assignee'), from: who(now?.assignee), to: who(after.assignee) });
  const more = (after.tags?.add ?? []).filter((x) => !now?.tags?.includes(x));
  if (more.length) out.push({ key: 'tags', name: t('agent.tags'), from: (now?.tags ?? []).join(', '), to: [...now?.tags ?? [], ...more].join(', ') });
  const team = (id: number | null | undefined) => teamName(id) ?? t('agent.team.none');
  if (after.team !== undefined && after.team !== (now?.team ?? null)) out.push({ key: 'team', name: t('agent.team'), from: team(now?.team), to: team(after.team) });
  return out;
}

function Preview({ number, of, onClose }: { number: number; of: Filled; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => { dialog.current?.showModal(); }, []);
  const { assignee, tags, team, ...rest } = of.change;
  const after: Change = { ...rest, ...(assignee === undefined ? {} : { assignee: assignee === 'me' ? me.id : assignee === null ? null : Number(assignee) }), ...(tags?.length ? { tags: { add: tags } } : {}),
    ...(team === undefined ? {} : { team: team === null ? null : Number(team) }) };
  const does = effects(number, after);
  const is = knownTicket(number)?.status;
  const refused = after.status && is && !mayBecome(is, after.status);
  const apply = () => {
    dialog.current?.close();
    const now = { ...after };
    /* What a reply may set goes out with it. */
    const later = of.body && now.status && /^(in_progress|blocked|solved)$/.test(now.status) ? now.status : undefined;
    if (later || refused) delete now.status;
    if (of.body) {
      wanted.value = { number, mode: 'reply', insert: of.body, ...(later ? { status: later } : {}) };
      if (openNumber() !== number) openTicket(number);
    }
    if (Object.keys(now).length) void change([number], now);
  };
  return (
    <dialog class="chooser macro" ref={dialog} aria-labelledby="macro-title" onClose={onClose}>
      <h2 id="macro-title"><bdi>{of.name}</bdi></h2>
      {of.body && <div class="macro-text" dir="auto" lang={of.language ?? undefined} tabIndex={0} role="group" aria-label={t('desk.macro.text')}>{of.body}</div>}
      {does.length > 0 && (
        <dl class="macro-does" aria-label={t('desk.macro.does')}>
          {does.map((d) => <div key={d.key}><dt>{d.name}</dt><dd><span dir="auto">{d.from}</span> <span aria-hidden="true">→</span> <b dir="auto">{d.to}</b>{d.key === 'status' && of.body && !refused && <small> · {t('desk.macro.later')}</small>}{d.key === 'status' && refused && <small class="error"> {t('err.field.transition')}</small>}</dd></div>)}
        </dl>
      )}
      <div class="form-end macro-end">
        <button class="btn btn-primary" type="button" autoFocus onClick={apply}>{t('desk.macro.apply')}</button>
        <button class="btn btn-ghost" type="button" onClick={() => dialog.current?.close()}>{t('app.cancel')}</button>
      </div>
    </dialog>
  );
}

export function Macro({ close }: { close: () => void }) {
  const number = openNumber() ?? hand.value;
  const [all, setAll] = useState(kept);
  const [of, setOf] = useState<Filled | null>(null);
  const picking = useRef(false);
  useEffect(() => {
    if (number === null) return close();
    api<Macros>('GET', '/api/macros', { quiet: true }).then((m) => setAll(kept = m), (e: unknown) => {
      say(e);
      /* The stroke that asked is a stroke, and what was typed after it follows. */
      if (ahead.from?.id === 'write-reply') wanted.value = { number, mode: 'reply', insert: `/${takeAhead()}` };
      close();
    });
  }, []);
  if (number === null || !all) return null;
  if (of) return <Preview number={number} of={of} onClose={close} />;
  const take = (id: number) => {
    picking.current = true;
    api<Filled>('GET', `/api/tickets/${number}/macros/${id}`).then(setOf, (e: unknown) => { say(e); close(); });
  };
  const options: Option[] = [
    ...all.items.map((m) => ({ id: String(m.id), text: m.name, own: true, note: m.own ? t('desk.macro.own') : undefined, run: () => take(m.id) })),
    { id: 'keep', text: t('desk.macro.keep'), run: () => navigate('/agent/macros') },
  ];
  const stroke = (typed: string) => {
    const area = document.getElementById('write-reply');
    if (typed !== '/' || number !== openNumber() || !area) return;
    close();
    wanted.value = { number, mode: 'reply', insert: '/' };
  };
  return <Chooser small onInput={stroke} title={t('desk.macro')} hint={t('desk.filter')} options={options} onClose={() => setTimeout(() => { if (!picking.current) close(); })} />;
}
