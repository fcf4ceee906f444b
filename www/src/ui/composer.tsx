/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Answering a ticket. A reply is the default, and its button names who gets
 * it; an internal note is another surface with another button.
 */
import { useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { holds, me } from '../lib/boot';
import { wanted, type Wanted } from '../lib/compose';
import { draftName } from '../lib/draft';
import { t } from '../lib/i18n';
import { mayBecome } from '../lib/moves';
import { addComment, type Resource } from '../lib/store';
import type { Comment, Held, People, Shown, Status, TicketPage } from '../lib/types';
import { ready, sentWith } from '../lib/attached';
import { typed } from '../lib/typing';
import { withTexts } from './area';
import { useDraft } from './draft';
import { Editor } from './editor';
import { Files } from './files';
import { Gate, isGate } from './gate';
import { Mentions, named } from './mentions';
import { fieldText, Icon, problemText } from './parts';
import { useSeen } from './seen';
import { Restored } from './restored';

export interface Mode {
  name: 'reply' | 'note';
  tab: string;
  label: string;
  button: string;
  path: string;
  done: string;
}

interface Props {
  number: number;
  r: Resource<TicketPage>;
  modes: Mode[];
  /** Statuses a reply may set at once, with their words; the first is what comes of itself. */
  then?: { status: Status | ''; text: string }[] | undefined;
  onSent?: () => void;
  /** The first of a reply is there. */
  onBegin?: () => void;
  /** Letters are keys again as soon as it is sent, and come into no second message. */
  leaves?: boolean;
  /** For so many seconds what is sent can be taken back. */
  hold?: number | undefined;
  onHeld?: (held: Held) => void;
  /** Beside the button: other ways for a reply to go. */
  ways?: (send: (status: Status | '', after: () => void) => void) => ComponentChildren;
}

/** What a reply of whoever works on a ticket may make of its status. The first
 * answer begins the work: then there is nothing to keep. */
export function thenFor(now: Status | null): Props['then'] {
  const begins = now === 'new';
  return [{ status: '', text: t(begins ? 'app.then.in_progress' : 'app.then.keep') },
    ...(['in_progress', 'blocked', 'solved'] as const).filter((s) => s !== now && !(begins && s === 'in_progress') && (!now || mayBecome(begins ? 'in_progress' : now, s)))
      .map((status) => ({ status, text: t(`app.then.${status}`) }))];
}

export function Composer({ number, r, modes, then, onSent, onBegin, hold, onHeld, ways, leaves }: Props) {
  const [chosen, choose] = useState<Mode['name']>('reply');
  const [fault, setFault] = useState('');
  const [gate, setGate] = useState<Problem | null>(null);
  const [ask, setAsk] = useState<Wanted | null>(null);
  const mode = modes.find((m) => m.name === chosen) ?? modes[0];
  const place = draftName(me.id, number, mode?.name ?? 'reply');
  const writing = useDraft(place);
  const d = writing.state.value;
  /* One that is offered no more was taken, by an earlier try or somebody else. */
  const status = then?.find((s) => s.status === d.draft.status)?.status ?? '';
  const seen = useSeen(r.data.value?.comments ?? []);
  useSignalEffect(() => {
    const asked = wanted.value;
    if (asked?.number !== number) return;
    wanted.value = null;
    choose(asked.mode);
    setAsk(asked);
  });
  /* A note's text is never put where a reply is written: it waits until its own place is there. A reply that came back may be a note. */
  useEffect(() => {
    const to = ask?.back && !modes.some((m) => m.name === ask.mode) ? 'note' : ask?.mode;
    if (!ask || mode?.name !== to) return;
    setAsk(null);
    const el = document.getElementById(`write-${to}`) as HTMLTextAreaElement | null;
    if (ask.back) {
      writing.back(ask.back);
      ask.kept?.();
      setFault((to === ask.mode ? ask.say : ask.noted) ?? '');
      el?.focus();
      if (ask.say) void r.load(true).then(() => setTimeout(seen.show, 50));
    } else if (ask.insert) {
      const at = el?.selectionStart ?? 0, to = el?.selectionEnd ?? at;
      const { body } = writing.state.peek().draft;
      if (!note && !body.trim()) onBegin?.();
      writing.change({ body: body.slice(0, at) + ask.insert + body.slice(to), ...(ask.status ? { status: ask.status } : {}) });
      requestAnimationFrame(() => { el?.focus(); el?.setSelectionRange(at + (ask.insert?.length ?? 0), at + (ask.insert?.length ?? 0)); });
    } else requestAnimationFrame(() => el?.focus());
  }, [ask, mode?.name, modes.length]);
  if (!mode) return null;

  const note = mode.name === 'note';
  const id = `write-${mode.name}`;
  const send = async (sets = status, after?: () => void) => {
    if (d.busy) return;
    if (!d.draft.body.trim()) {
      setFault(t('app.empty_message'));
      return document.getElementById(id)?.focus();
    }
    const files = ready(place);
    if (!files) return setFault(t('app.files.wait'));
    setFault('');
    setGate(null);
    const box = document.getElementById(id);
    if (leaves && box === document.activeElement) box?.closest<HTMLElement>('.pane-talk')?.focus({ preventScroll: true });
    try {
      const body = { body: '', ...(then && !note && sets ? { status: sets } : {}) };
      const mentions = named(d.draft.body, d.draft.mentions).map((m) => m.id);
      const answer = await writing.send((out) => api<{ comment: Comment; files: Shown[]; people: People; held?: Held }>('POST', mode.path, { body: { ...body, body: out.body, ...(hold ? { hold } : {}), ...(note ? {} : { seen: seen.upTo() }), ...(mentions.length ? { mentions } : {}), ...(files.length ? { files } : {}) }, key: out.key }), files);
      if (!answer) return;
      sentWith(place);
      if (answer !== 'before' && answer.held) onHeld?.(answer.held);
      else {
        announce(mode.done);
        if (answer !== 'before') addComment(r, answer);
        else if (body.status) await api('PATCH', `/api/tickets/${number}`, { body: { status: body.status, ...holds() } });
        void r.load(true);
      }
      onSent?.();
      after?.();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      if (leaves) box?.focus();
      if (isGate(e)) return setGate(e);
      if (e.code === 'unseen') {
        await r.load(true);
        setTimeout(seen.show, 50);
      }
      const field = e.errors[0];
      const fallback = field ? fieldText(field.code) : problemText(e);
      if (field?.field !== 'mentions' && field?.field !== 'cc') return setFault(fallback);
      const words = await withTexts(import('../talk/who'), import('../gen/talk')).catch(() => null);
      setFault(words?.refused(e.errors, d.draft.mentions ?? [], note) ?? fallback);
    }
  };

  return (
    <form class="composer" data-vis={note ? 'internal' : 'public'} data-invalid={fault ? '' : undefined} aria-label={mode.label}
      onSubmit={(e) => { e.preventDefault(); void send(); }}>
      {modes.length > 1 && (
        <div class="composer-modes">
          {modes.map((m) => (
            <button type="button" key={m.name} aria-pressed={m.name === mode.name} onClick={() => { choose(m.name); setFault(''); }}>
              {m.name === 'note' && <Icon name="lock" />}{m.tab}
            </button>
          ))}
        </div>
      )}
      <Editor id={id} key={id} label={mode.label} value={d.draft.body} invalid={fault !== ''} describedBy={fault ? `${id}-fault` : undefined}
        onInput={(body) => { typed.value = Date.now(); if (!note && !d.draft.body.trim() && body.trim()) onBegin?.(); writing.change({ body }); }} onSend={(solves) => void send(solves && then?.some((s) => s.status === 'solved') ? 'solved' : status)} />
      <Mentions number={number} area={id} note={note} value={d.draft.body} meant={d.draft.mentions ?? []} onChange={(body, mentions) => writing.change({ body, mentions })} />
      <Files place={place} />
      {gate && <Gate problem={gate} />}
      {fault && <div class="composer-foot"><p class="error" id={`${id}-fault`} role="alert"><Icon name="circle-alert" />{fault}</p></div>}
      <div class="composer-foot">
        <Restored of={writing} />
        {then && !note && (
          <select class="input" aria-label={t('app.then')} data-affects="reply" value={status} onChange={(e) => writing.change({ status: e.currentTarget.value as Status | '' })}>
            {then.map((s) => <option key={s.status} value={s.status}>{s.text}</option>)}
          </select>
        )}
        <button class={note ? 'btn btn-note' : 'btn btn-primary'} type="submit" aria-disabled={d.busy} data-affects={note ? undefined : 'reply'}>
          <Icon name={note ? 'lock' : 'send'} flip={!note} />{d.busy ? t('app.sending') : mode.button}
        </button>
        {!note && ways?.((sets, after) => void send(sets || status, after))}
      </div>
    </form>
  );
}
