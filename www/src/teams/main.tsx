/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where administrators keep the teams: who is in one, how it gives turns, which new tickets come to it. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import type { Named } from '../lib/types';
import { fits } from '../agent/chooser';
import { agents, awayNow, awayText, needAgents } from '../agent/state';
import { say, type Texts } from '../forms/data';
import { Find } from '../ui/find';
import { Failed, fieldText, Heading, Icon, problemText, Skeleton } from '../ui/parts';

const TURNS = ['off', 'turn', 'least'] as const;
interface Team { id: number; name: string; turns: (typeof TURNS)[number]; types: string[]; rest: boolean; archived: boolean; members: Named[] }
interface Teams { most: { teams: number; members: number }; types: { key: string; labels: Texts }[]; items: Team[] }

const FAULTS = ['name.taken', 'name.too_many', 'types.taken', 'rest.taken', 'members.too_many'] as const;
function faultOf(e: Problem): string {
  const first = e.errors[0];
  const own = first && FAULTS.find((f) => f === `${first.field}.${first.code}`);
  return own ? t(`teams.fault.${own}`) : first ? fieldText(first.code) : problemText(e);
}

function Members({ id, most, value, onChange }: { id: string; most: number; value: Named[]; onChange: (m: Named[]) => void }) {
  const free = () => agents.peek().filter((a) => !value.some((v) => v.id === a.id));
  const remove = (m: Named) => {
    onChange(value.filter((v) => v.id !== m.id));
    announce(t('pick.removed', { who: m.name }));
    document.getElementById(id)?.focus();
  };
  return (
    <>
      <Find id={id} label={t('teams.members')} hint={t('teams.members.help', { n: most })}
        search={(q) => Promise.resolve(free().filter((a) => fits(q, a.name)).slice(0, 8).map((a) => ({ id: a.id, text: a.name, note: awayText(a.id) })))}
        onPick={(hit) => { onChange([...value, { id: hit.id, name: hit.text }]); announce(t('pick.added', { who: hit.text })); }} />
      {value.length > 0 && (
        <ul class="chips" role="list" aria-label={t('teams.members')}>
          {value.map((m) => (
            <li class="chip" key={m.id}>
              <span><bdi>{m.name}</bdi>{awayNow(m.id) && <small> · {awayText(m.id)}</small>}</span>
              <button type="button" aria-label={t('pick.remove', { who: m.name })} onClick={() => remove(m)}><Icon name="x" /></button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Form({ of, all, onSaved, onClose }: { of: Team; all: Teams; onSaved: (m: Teams) => void; onClose: () => void }) {
  const [now, setNow] = useState(of);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const id = `team-${of.id}`;
  useEffect(() => { document.getElementById(`${id}-name`)?.focus(); }, []);
  const run = async (archived: boolean) => {
    if (busy) return;
    if (!now.name.trim()) return setFault(fieldText('required'));
    setBusy(true);
    setFault('');
    try {
      const body = { name: now.name.trim(), turns: now.turns, types: now.types, rest: now.rest, members: now.members.map((m) => m.id) };
      onSaved(of.id ? await api<Teams>('PATCH', `/api/teams/${of.id}`, { body: { ...body, archived } }) : await api<Teams>('POST', '/api/teams', { body }));
      needAgents(true);
      announce(t(archived && !of.archived ? 'teams.archived.done' : 'teams.saved'));
      onClose();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFault(faultOf(e));
      setBusy(false);
    }
  };
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void run(of.archived); }}>
      <div class="field">
        <label for={`${id}-name`}>{t('teams.name')}</label>
        <input class="input" id={`${id}-name`} maxLength={80} dir="auto" autocomplete="off" value={now.name} onInput={(e) => setNow({ ...now, name: e.currentTarget.value })} />
      </div>
      <Members id={`${id}-members`} most={all.most.members} value={now.members} onChange={(members) => setNow({ ...now, members })} />
      <fieldset class="field">
        <legend class="label">{t('teams.turns')}</legend>
        {TURNS.map((how) => (
          <label class="check" key={how}><input type="radio" name={`${id}-turns`} checked={now.turns === how} onChange={() => setNow({ ...now, turns: how })} /><span>{t(`teams.turns.${how}`)}</span></label>
        ))}
        <span class="hint">{t('teams.turns.help')}</span>
      </fieldset>
      <fieldset class="field">
        <legend class="label">{t('teams.types')}</legend>
        {all.types.map((y) => (
          <label class="check" key={y.key}>
            <input type="checkbox" checked={now.types.includes(y.key)} onChange={(e) => setNow({ ...now, types: e.currentTarget.checked ? [...now.types, y.key] : now.types.filter((k) => k !== y.key) })} />
            <span><bdi>{say(y.labels)}</bdi></span>
          </label>
        ))}
        <label class="check"><input type="checkbox" checked={now.rest} onChange={(e) => setNow({ ...now, rest: e.currentTarget.checked })} /><span>{t(all.types.length ? 'teams.rest' : 'teams.rest.all')}</span></label>
        <span class="hint">{t('teams.types.help')}</span>
      </fieldset>
      {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
      <div class="form-end">
        <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('teams.save')}</button>
        <button class="btn btn-ghost" type="button" onClick={onClose}>{t('app.cancel')}</button>
        {of.id > 0 && <button class="btn btn-ghost" type="button" onClick={() => void run(!of.archived)}><Icon name={of.archived ? 'rotate-cw' : 'archive'} />{t(of.archived ? 'teams.restore' : 'teams.archive')}</button>}
      </div>
    </form>
  );
}

export default function TeamsPage() {
  const [all, setAll] = useState<Teams | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const load = () => {
    setProblem(null);
    const first = takeRoute<Teams>();
    if (first?.most) return setAll(first);
    api<Teams>('GET', '/api/teams').then(setAll, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  useEffect(() => needAgents(), []);
  if (!all) return <><Heading text={t('teams.title')} />{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  const list = new Intl.ListFormat(boot.lang);
  const close = (id: number) => { setOpen(null); requestAnimationFrame(() => document.getElementById(`team-open-${id}`)?.focus()); };
  const what = (g: Team) => [t(`teams.turns.${g.turns}`), list.format([...g.types.map((k) => { const y = all.types.find((x) => x.key === k); return y ? say(y.labels) : k; }), ...(g.rest ? [t('teams.rest.short')] : [])])].filter(Boolean).join(' · ');
  const group = (archived: boolean) => {
    const items = all.items.filter((g) => g.archived === archived);
    if (archived && !items.length) return null;
    return (
      <section class="card" aria-labelledby={archived ? 'teams-archived' : 'teams-live'}>
        <h2 id={archived ? 'teams-archived' : 'teams-live'}>{t(archived ? 'teams.archived' : 'teams.title')}</h2>
        <p class="muted">{archived ? t('teams.archived.help') : t('teams.most', { n: all.most.teams })}</p>
        {items.length === 0 && <p>{t('teams.none')}</p>}
        <ul class="make-list" role="list">
          {items.map((g) => (
            <li key={g.id}>
              <div class="make-row">
                <span class="grow"><b dir="auto">{g.name}</b>
                  <small dir="auto">{g.members.length ? list.format(g.members.map((m) => m.name)) : t('teams.nobody')}</small>
                  <small class="muted" dir="auto">{what(g)}</small></span>
                <button class="btn" type="button" id={`team-open-${g.id}`} aria-expanded={open === g.id} aria-label={t('teams.change', { name: g.name })} onClick={() => setOpen(open === g.id ? null : g.id)}>{t('teams.edit')}</button>
              </div>
              {open === g.id && <div class="make-body"><Form of={g} all={all} onSaved={setAll} onClose={() => close(g.id)} /></div>}
            </li>
          ))}
        </ul>
        {!archived && (open === 0
          ? <Form of={{ id: 0, name: '', turns: 'off', types: [], rest: false, archived: false, members: [] }} all={all} onSaved={setAll} onClose={() => close(0)} />
          : <p><button class="btn" type="button" id="team-open-0" onClick={() => setOpen(0)}><Icon name="plus" />{t('teams.new')}</button></p>)}
      </section>
    );
  };
  return (
    <>
      <Heading text={t('teams.title')} />
      <p class="muted">{t('teams.lead')}</p>
      {group(false)}
      {group(true)}
    </>
  );
}
