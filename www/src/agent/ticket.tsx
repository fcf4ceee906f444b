/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A ticket as agents work on it: conversation, notes, properties. */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { me, takeRoute } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { mayBecome, STATES } from '../lib/moves';
import { person, ticket, type Resource } from '../lib/store';
import type { Priority, Status, TicketDetail, TicketPage } from '../lib/types';
import { useSeen } from '../lists/state';
import { Later, lazy, withSheet, withTexts } from '../ui/area';
import { Around } from '../ui/around';
import { Composer, thenFor, type Mode } from '../ui/composer';
import { TicketFiles } from '../ui/files';
import { Level } from '../ui/level';
import { Avatar, Chip, Empty, Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { Thread } from '../ui/thread';
import { TicketForm } from '../ui/ticket-form';
import { toast } from '../ui/toast';
import { AsideNow } from './aside';
import { beginReply, change, sent } from './change';
import { PRIORITIES } from './choices';
import { Folded } from './folded';
import { held, HeldHere, hold } from './held';
import { Here } from './here';
import { Edge, room, sideOpen, toggleSide } from './panes';
import { foresee, openNext } from './queue';
import { SendMenu } from './send-menu';
import { agents, ask, awayText, escalating, needAgents, queue, search, teamName, teams } from './state';

export function Nothing() {
  return <section class="pane-talk" aria-label={t('agent.ticket')}><Empty icon="inbox" title={t('agent.choose')} /></section>;
}

/**
 * A choice that is saved. With the keys one passes over others on the way to it: only where they rest is saved.
 */
function Choice({ id, value, disabled, onSave, children }: { id: string; value: string; disabled: boolean; onSave: (value: string) => void; children: ComponentChildren }) {
  const [on, setOn] = useState<string | null>(null);
  const timer = useRef(0);
  const done = (v: string | null) => {
    clearTimeout(timer.current);
    setOn(null);
    if (v !== null && v !== value) onSave(v);
  };
  return (
    <select class="input" id={id} disabled={disabled} value={on ?? value} onBlur={() => done(on)}
      onKeyDown={(e) => { if (e.key === 'Enter') done(on); if (e.key === 'Escape') done(null); }}
      onChange={(e) => {
        const v = e.currentTarget.value;
        clearTimeout(timer.current);
        setOn(v);
        timer.current = window.setTimeout(() => done(v), 700);
      }}>
      {children}
    </select>
  );
}

const SupportAccess = lazy(() => withTexts(import('./ticket-access'), import('../gen/access')));
/** Who opened it, and what else of theirs there is. */
const Requester = lazy(() => withTexts(import('./requester'), import('../gen/requester')));
/** Says whom an action affects, where the pointer or the focus rests on it. */
const Affects = lazy(() => withTexts(import('./affects'), import('../gen/affects')));
/** What rules did to it. */
const Automation = lazy(() => withSheet(FORMS_CSS, withTexts(import('../rules/side'), import('../gen/rules'))));
const SortOut = lazy(() => withTexts(import('./sort'), import('../gen/sort')));
/** What it waits for is asked before it is escalated. */
const Escalation = lazy<{ number: number; r: Resource<TicketPage>; onClose: () => void }>(() => withTexts(import('../releases/escalate'), import('../gen/releases')), { lost: (of) => of.onClose() });

function Tags({ of, locked }: { of: TicketDetail; locked: boolean }) {
  const tags = of.tags ?? [];
  if (locked && !tags.length) return null;
  /* The one that is taken off goes under the click. */
  const remove = (tag: string) => {
    void change([of.number], { tags: { remove: [tag] } });
    requestAnimationFrame(() => document.getElementById('p-tag-add')?.focus());
  };
  return (
    <div class="field">
      <span class="label" id="p-tags">{t('agent.tags')}</span>
      <ul class="tags" role="list" aria-labelledby="p-tags">
        {tags.map((tag) => (
          <li class="tag" key={tag}>
            <a href={`/agent?tag=${encodeURIComponent(tag)}`}><bdi>{tag}</bdi></a>
            {!locked && <button type="button" aria-label={t('agent.tag.remove', { tag })} onClick={() => remove(tag)}><Icon name="x" /></button>}
          </li>
        ))}
        {!locked && <li><button class="link" id="p-tag-add" type="button" onClick={() => { ask('tags', of.number); }}>{t('agent.tag.add')}</button></li>}
      </ul>
    </div>
  );
}

function Properties({ r, page }: { r: Resource<TicketPage>; page: TicketPage }) {
  const of = page.ticket;
  const locked = of.can.edit === false;
  const list = agents.value;
  if (!sideOpen.value) return null;
  const holder = person(of.assignee);
  const asks = person(of.requester);
  return (
    <section class="pane-side" id="pane-side" aria-label={t('agent.properties')}>
      <div class="props">
        {of.status && <div class="field" data-affects="status">
          <label for="p-status">{t('agent.status')}</label>
          <Choice id="p-status" disabled={locked} value={of.status} onSave={(v) => { if (v === 'closed_escalated') escalating.value = of.number; else void change([of.number], { status: v as Status }); }}>
            {STATES.filter((s) => mayBecome(of.status as Status, s)).map((s) => <option key={s} value={s}>{t(`state.${s}`)}</option>)}
          </Choice>
        </div>}
        {escalating.value === of.number && <Escalation number={of.number} r={r} onClose={() => { escalating.value = null; document.getElementById('p-status')?.focus(); }} />}
        <div class="field" data-affects="priority">
          <label for="p-priority">{t('agent.priority')}</label>
          <Choice id="p-priority" disabled={locked || of.form?.can.priority === false} value={of.priority ?? ''} onSave={(v) => void change([of.number], { priority: (v || null) as Priority | null })}>
            <option value="">{t('agent.no_priority')}</option>
            {PRIORITIES.map((p) => <option key={p} value={p}>{t(`priority.${p}`)}</option>)}
          </Choice>
        </div>
        <div class="field" data-affects="assignee">
          <label for="p-assignee">{t('agent.assignee')}</label>
          <Choice id="p-assignee" disabled={locked} value={of.assignee === null ? '' : String(of.assignee)}
            onSave={(v) => void change([of.number], { assignee: v ? Number(v) : null })}>
            <option value="">{t('agent.nobody')}</option>
            {of.assignee !== null && !list.some((a) => a.id === of.assignee) && <option value={String(of.assignee)}>{holder?.name ?? t('app.somebody')}</option>}
            {list.map((a) => <option key={a.id} value={String(a.id)}>{[a.name, awayText(a.id)].filter(Boolean).join(' · ')}</option>)}
          </Choice>
          {awayText(of.assignee) && <span class="hint row-away"><Icon name="calendar-off" />{holder?.name} · {awayText(of.assignee)}</span>}
          {of.assignee !== me.id && !locked && (
            <span><button class="link" type="button" onClick={() => void change([of.number], { assignee: me.id })}>{t('agent.assign_me')}</button></span>
          )}
        </div>
        <Tags of={of} locked={locked} />
        {(of.team || teams.value.some((g) => !g.archived)) && <div class="field">
          <label for="p-team">{t('agent.team')}</label>
          <Choice id="p-team" disabled={locked} value={of.team ? String(of.team) : ''} onSave={(v) => void change([of.number], { team: v ? Number(v) : null })}>
            <option value="">{t('agent.team.none')}</option>
            {teams.value.filter((g) => !g.archived || g.id === of.team).map((g) => <option key={g.id} value={String(g.id)} dir="auto">{g.name}</option>)}
            {of.team && !teamName(of.team) && <option value={String(of.team)}>{t('app.somebody')}</option>}
          </Choice>
        </div>}
      </div>
      <Level page={page} r={r} />
      <dl class="facts">
        <div>
          <dt>{t('agent.requester')}</dt>
          <dd><span class="who"><Avatar who={asks} /><span dir="auto">{asks?.name ?? t('app.somebody')}</span></span></dd>
        </div>
        {of.account && <div><dt>{t('agent.account')}</dt><dd><bdi>{of.account.name}</bdi></dd></div>}
        {of.account && <div><dt>{t('agent.account.id')}</dt><dd class="ident">{of.account.id}</dd></div>}
        {of.portal && <div><dt>{t('agent.portal')}</dt><dd><bdi>{of.portal.name}</bdi></dd></div>}
        {of.portal && <div><dt>{t('agent.portal.id')}</dt><dd class="ident">{of.portal.id}</dd></div>}
        <div><dt>{t('agent.created')}</dt><dd><time dateTime={of.created_at}>{dateTime(of.created_at)}</time></dd></div>
        <div><dt>{t('agent.updated')}</dt><dd><time dateTime={of.updated_at}>{dateTime(of.updated_at)}</time></dd></div>
      </dl>
      <Requester page={page} />
      <Automation number={of.number} stamp={of.desk_updated_at ?? of.updated_at} />
      <TicketFiles page={page} />
      <TicketForm page={page} r={r} />
      <Around page={page} r={r} />
      {of.can.edit !== false && <SortOut page={page} />}
      <SupportAccess number={of.number} />
    </section>
  );
}

/** By itself: another order of the list draws nothing else of the ticket anew. */
function Back() {
  return <a class="link back" href={`/agent${search.value}`}><Icon name="arrow-left" flip />{t('agent.back')}</a>;
}

/* Who only passes by asks for nothing more. */
const FORESEE_MS = 250;

export function TicketPane({ number }: { number: number }) {
  const r = ticket(number);
  const [first] = useState(() => takeRoute<TicketPage>());
  /* As far as it was read before this page showed it; undefined: not asked yet, or it shows what was kept, which may not have what is new. */
  const [before, setBefore] = useState<string | null>();
  const read = useRef<{ fresh?: true; before?: string | null }>({});
  const know = (more: typeof read.current) => {
    Object.assign(read.current, more);
    if (read.current.fresh) setBefore(read.current.before);
  };
  useEffect(() => needAgents(), []);
  useEffect(() => {
    if (first?.ticket?.number === number) {
      r.set(first);
      know({ fresh: true });
    } else void r.load(r.data.peek() !== null).then(() => know({ fresh: true }));
  }, [r]);
  useLive(15, (n) => n === number, () => void r.refresh());

  const page = r.data.value;
  const here = page !== null;
  useEffect(() => {
    if (!here) return undefined;
    const timer = setTimeout(() => foresee(number), FORESEE_MS);
    return () => clearTimeout(timer);
  }, [number, here]);
  useSeen(number, page?.ticket.desk_updated_at ?? page?.ticket.updated_at, (b) => { if (read.current.before === undefined) know({ before: b }); });
  /* The same at each drawing: it looks at the width of its pane. */
  const edge = useMemo(() => <Edge of="side" label={t('agent.side.width')} />, []);
  if (!page) {
    return (
      <section class="pane-talk" aria-label={t('agent.ticket')}>
        <Back />
        <Heading text={t('agent.ticket.title', { number })} />
        {r.error.value ? <><Failed problem={r.error.value} retry={() => void r.load()} />{held.value.some((h) => h.ticket === number) && <ol class="thread" role="list"><HeldHere number={number} /></ol>}</> : <Skeleton />}
      </section>
    );
  }
  const of = page.ticket;
  const asks = person(of.requester)?.name ?? t('app.somebody');
  const modes: Mode[] = [];
  if (of.can.reply !== false) {
    modes.push({ name: 'reply', tab: t('agent.reply'), label: t('agent.reply.label', { name: asks }), button: t('agent.reply.send', { name: asks }),
      path: `/api/tickets/${number}/comments`, done: t('agent.reply.done', { name: asks }) });
  }
  if (of.can.note !== false) {
    modes.push({ name: 'note', tab: t('agent.note'), label: t('agent.note.label'), button: t('agent.note.add'),
      path: `/api/tickets/${number}/notes`, done: t('agent.note.done') });
  }
  return (
    <>
      <section class="pane-talk" aria-label={t('agent.ticket')} tabIndex={0}>
        <Back />
        <div class="talk-head">
          <div class="page-head">
            <Heading text={`#${of.number} ${of.title}`}><span class="num muted">#{of.number}</span> {of.title}</Heading>
            {of.status && <Chip status={of.status} text={t(`state.${of.status}`)} />}
          </div>
          <button class="btn btn-ghost btn-icon" type="button" aria-expanded={sideOpen.value} aria-controls="pane-side" title={t('agent.side.toggle')} onClick={toggleSide}>
            <Icon name="panel-right" flip /><span class="visually-hidden">{t('agent.side.toggle')}</span>
          </button>
        </div>
        <AsideNow number={number} until={of.snoozed} />
        <Thread r={r} page={page} fold={(rows) => <Folded rows={rows} comments={page.comments} before={before} />}>
          <Later>
            <HeldHere number={number} />
            <Here number={number} />
            {modes.length > 0 && (
              <li>
                <Avatar who={me} mine />
                <Composer number={number} r={r} modes={modes} then={thenFor(of.status)} leaves hold={me.hold ?? 0} onHeld={(h) => { hold(h); sent(h.id); }} onBegin={() => void beginReply(number)} onSent={() => void queue().load(true)}
                  ways={(send) => <SendMenu now={of.status} send={(status, next) => send(status, () => { if (next && !openNext(1, number)) toast(t('agent.done.last')); })} />} />
              </li>
            )}
          </Later>
        </Thread>
        <Affects page={page} />
      </section>
      <Later instead={sideOpen.value && <section class="pane-side" id="pane-side" aria-label={t('agent.properties')} aria-busy="true" />}><Properties r={r} page={page} /></Later>
      {sideOpen.value && room.value === 'wide' && edge}
    </>
  );
}
