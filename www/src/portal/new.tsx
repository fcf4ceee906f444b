/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A new ticket. One draft, one idempotency key: sending twice makes one. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { boot, me } from '../lib/boot';
import { draftName, isEmpty } from '../lib/draft';
import { bytes } from '../lib/fmt';
import type { FieldError } from '../lib/types';
import { t } from '../lib/i18n';
import { navigate, url } from '../lib/router';
import { forgetLists } from '../lib/store';
import { ready, sentWith } from '../lib/attached';
import { useDraft } from '../ui/draft';
import { BODY_MAX, Editor } from '../ui/editor';
import { Files } from '../ui/files';
import { Gate, isGate } from '../ui/gate';
import { fieldText, Heading, Icon, problemText } from '../ui/parts';
import { Restored } from '../ui/restored';
import { toast } from '../ui/toast';
import { keptOf, sentAs } from './again';
import { useBefore } from './before';
import { useForms } from './forms';
import { fetchShare, type Share } from './people';

const TITLE_MAX = 200;
/** Of what a type asks, with its label. */
type Faults = { field: string; text: string; label?: string | undefined }[];

export function NewTicket() {
  /* The language menu leads here for a language that is missing: with a draft of its own. */
  const language = url.value.searchParams.get('about') === 'language';
  /* A ticket that has ended leads here. */
  const follows = Number(url.value.searchParams.get('follows')) || null;
  const place = draftName(me.id, 'new', language ? 'language' : follows ? `follows-${follows}` : 'ticket');
  const writing = useDraft(place, language ? t('portal.new.language') : '');
  const d = writing.state.value;
  const again = Number(url.value.searchParams.get('again'));
  useEffect(() => {
    const kept = keptOf(again);
    if (kept && isEmpty(writing.state.peek().draft)) writing.change(kept);
  }, [writing, again]);
  const [faults, setFaults] = useState<Faults>([]);
  const [gate, setGate] = useState<Problem | null>(null);
  const [refused, setRefused] = useState<FieldError[]>([]);
  const [share, setShare] = useState<Share | null>(null);
  const cc = d.draft.cc ?? [];
  const before = useBefore();
  const leads = before.shown.filter((s) => s.kind === 'elsewhere');
  const [lead, setLead] = useState<number | null>(null);
  const away = leads.find((s) => s.id === lead);
  const ask = useForms(leads.length > 0);
  const filled = d.draft.form ?? { type: null, answers: {} };
  const addPeople = () => fetchShare().then((s) => setShare(s), () => toast(t('err.network')));
  useEffect(() => { if (cc.length && !share) void addPeople(); }, [cc.length > 0]);
  const summary = useRef<HTMLDivElement>(null);
  /* Where it stands when it is new; not when one of them is mended. */
  const [told, setTold] = useState(0);
  useEffect(() => { if (told) summary.current?.focus(); }, [told]);
  const tell = (found: Faults) => {
    setFaults(found);
    if (found.length) setTold((n) => n + 1);
  };
  /* What is wrong with a field goes when the field changes. */
  const mend = (gone: (field: string) => boolean) => { if (faults.some((f) => gone(f.field))) setFaults(faults.filter((f) => !gone(f.field))); };
  const answer = (form: typeof filled) => {
    writing.change({ form });
    mend((f) => /^(type|fields\.)/.test(f) && (form.type !== filled.type || form.answers[f.slice(7)] !== filled.answers[f.slice(7)]));
  };
  const choosePeople = (people: { email: string; name?: string | null }[]) => {
    writing.change({ cc: people.map(({ email, name }) => ({ email, name: name ?? null })) });
    const left = refused.filter((f) => people.some((e) => e.email === f.detail));
    setRefused(left);
    if (!left.length) mend((f) => f === 'cc');
  };

  const label = { title: t('portal.new.subject'), description: t('portal.new.description'), cc: t('portal.people.add') };
  const labelOf = (field: string): string | undefined => (label as Record<string, string>)[field];
  const fault = (field: string) => faults.find((f) => f.field === field)?.text;

  const submit = async () => {
    if (d.busy || away) return;
    const found: Faults = [];
    if (!d.draft.title.trim()) found.push({ field: 'title', text: fieldText('required') });
    else if ([...d.draft.title].length > TITLE_MAX) found.push({ field: 'title', text: fieldText('too_long') });
    if (!d.draft.body.trim()) found.push({ field: 'description', text: fieldText('required') });
    else if (bytes(d.draft.body) > BODY_MAX) found.push({ field: 'description', text: fieldText('too_long') });
    const files = ready(place);
    if (!files) found.push({ field: '', text: t('app.files.wait') });
    if (ask) found.push(...ask.part.missing(ask.forms, filled));
    tell(found);
    setRefused([]);
    if (found.length || !files) return;
    try {
      const made = await writing.send((out) => api<{ number: number }>('POST', '/api/tickets', { body: { title: out.title.trim(), description: out.body, ...(follows ? { follows } : {}), ...(out.cc?.length ? { cc: out.cc.map((j) => j.email) } : {}), ...(files.length ? { files } : {}), ...ask?.part.sent(ask.forms, out.form ?? filled) }, key: out.key }), files);
      if (!made) return;
      sentWith(place);
      forgetLists();
      if (made === 'before') {
        navigate('/tickets');
        return toast(t('err.idempotency-key-reused'));
      }
      sentAs(made.number, d.draft);
      navigate(`/t/${made.number}`);
      toast(t('portal.new.done', { number: made.number }));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setGate(isGate(e) ? e : null);
      if (isGate(e)) return;
      /* Who may not join: told at the field, each by name; once in the summary. */
      const others = e.errors.filter((f) => f.field !== 'cc');
      const known: Faults = others.map((f) => {
        const named = labelOf(f.field) ?? ask?.part.labelOf(ask.forms, filled, f.field);
        return { field: named ? f.field : '', text: fieldText(f.code), label: named };
      });
      setRefused(e.errors.filter((f) => f.field === 'cc'));
      if (others.length < e.errors.length) known.push({ field: 'cc', text: t('portal.people.refused') });
      tell(known.length ? known : [{ field: '', text: problemText(e) }]);
    }
  };

  const spares = before.part && <before.part.Spares title={d.draft.title} field="title" onSolved={() => {
    writing.discard();
    navigate('/tickets');
    toast(t('before.solved'));
  }} />;
  if (boot.support) return <><Heading text={t('portal.new.title')} /><p class="notice">{t('err.support-reads-only.do')}</p></>;
  return (
    <>
      <Heading text={t('portal.new.title')} />
      {before.part && <before.part.Before shown={before.shown} now={before.now} />}
      <div class="form-cols">
        <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
          {follows && <p class="notice">{t('portal.new.follows', { number: follows })}</p>}
          {gate && <Gate problem={gate} />}
          {faults.length > 0 && (
            <div class="summary" ref={summary} tabIndex={-1} role="group" aria-labelledby="summary-title">
              <h2 id="summary-title">{t('portal.new.faults', { n: faults.length })}</h2>
              <ul>
                {faults.map((f) => (
                  <li key={f.field}>{f.field ? <a href={`#${f.field}`} onClick={(e) => { e.preventDefault(); document.getElementById(f.field)?.focus(); }}>{f.label ?? labelOf(f.field)}: {f.text}</a> : f.text}</li>
                ))}
              </ul>
            </div>
          )}
          {(d.restored !== null || d.draft.others) && <p class="muted"><Restored of={writing} onDiscard={() => { setFaults([]); setRefused([]); }} /></p>}
          {ask && <ask.part.ChooseType forms={ask.forms} value={filled} onChange={answer} fault={fault} leads={leads} lead={away} onLead={setLead} />}
          {away && before.part && <before.part.Elsewhere of={away} />}
          {/* What is written stays, for whoever chooses a type again. */}
          <div class="form" hidden={away !== undefined}>
            <div class="field">
              <label for="title">{label.title}</label>
              <span class="hint" id="title-hint">{t('portal.new.subject.hint')}</span>
              <input class="input" id="title" name="title" dir="auto" autocomplete="off" required aria-describedby={fault('title') ? 'title-hint title-fault' : 'title-hint'} aria-invalid={fault('title') ? true : undefined}
                value={d.draft.title} onInput={(e) => { writing.change({ title: e.currentTarget.value }); mend((f) => f === 'title'); }}
                onKeyDown={(e) => { if (e.key === 'Enter') { e.preventDefault(); if (!e.isComposing && e.keyCode !== 229) document.getElementById('description')?.focus(); } }} />
              {fault('title') && <span class="error" id="title-fault"><Icon name="circle-alert" />{fault('title')}</span>}
            </div>
            {before.narrow && spares}
            <div class="field">
              <label for="description">{label.description}</label>
              <span class="hint" id="description-hint">{t(language ? 'portal.new.language.hint' : 'portal.new.description.hint')}</span>
              <div class="composer" data-invalid={fault('description') ? '' : undefined}>
                <Editor id="description" label={label.description} value={d.draft.body} invalid={Boolean(fault('description'))}
                  describedBy={fault('description') ? 'description-hint description-fault' : 'description-hint'}
                  onInput={(body) => { writing.change({ body }); mend((f) => f === 'description'); }} onSend={() => void submit()} />
                <Files place={place} />
              </div>
              {fault('description') && <span class="error" id="description-fault"><Icon name="circle-alert" />{fault('description')}</span>}
            </div>
            {ask && <ask.part.Ask forms={ask.forms} value={filled} onChange={answer} onFill={(answers) => writing.fill(answers)} fault={fault} />}
            {share
              ? <share.ShareField ticket={null} value={cc} onChange={choosePeople} faults={refused} />
              : <p><button class="btn" type="button" onClick={() => void addPeople().then(() => document.getElementById('cc')?.focus())}><Icon name="plus" />{t('portal.people.add')}</button></p>}
            <div class="form-end">
              <button class="btn btn-primary" type="submit" aria-disabled={d.busy}><Icon name="send" flip />{d.busy ? t('app.sending') : t('portal.new.submit')}</button>
              <a class="btn btn-ghost" href="/tickets">{t('app.cancel')}</a>
            </div>
          </div>
        </form>
        <div class="form" hidden={away !== undefined}>
          {!before.narrow && spares}
          <section class="card" aria-labelledby="tips">
            <h2 id="tips">{t('portal.new.tips')}</h2>
            <ul>
              <li>{t('portal.new.tip.one')}</li>
              <li>{t('portal.new.tip.steps')}</li>
              <li>{t('portal.new.tip.when')}</li>
            </ul>
            <p class="muted"><small>{t('portal.new.carries', { portal: boot.portal.name })}</small></p>
          </section>
        </div>
      </div>
    </>
  );
}
