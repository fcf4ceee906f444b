/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where agents keep their macros, and administrators the team's. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { STATES } from '../lib/moves';
import { PRIORITIES } from '../agent/choices';
import { agents, needAgents, teams } from '../agent/state';
import { asTag } from '../agent/tag';
import { languageName } from '../settings/control';
import { Failed, fieldText, Heading, Icon, problemText, Skeleton } from '../ui/parts';
import type { Macro, MacroChange, Macros } from './data';

const blank = (team: boolean): Macro => ({ id: 0, name: '', own: !team, texts: {}, change: {} });

function Form({ of, all, onSaved, onClose }: { of: Macro; all: Macros; onSaved: (m: Macros) => void; onClose: () => void }) {
  const [now, setNow] = useState(of);
  const [lang, setLang] = useState(Object.keys(of.texts)[0] ?? boot.lang);
  const [tags, setTags] = useState((of.change.tags ?? []).join(', '));
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const id = `macro-${of.id}`;
  useEffect(() => { document.getElementById(`${id}-name`)?.focus(); }, []);
  const text = (value: string) => {
    const { [lang]: _, ...rest } = now.texts;
    setNow({ ...now, texts: value ? { ...rest, [lang]: value } : rest });
  };
  const tag = (said: string) => {
    setTags(said);
    const { tags: _, ...rest } = now.change;
    const tags = [...new Set(said.split(',').map(asTag).filter(Boolean))];
    setNow({ ...now, change: tags.length ? { ...rest, tags } : rest });
  };
  const set = (key: Exclude<keyof MacroChange, 'tags'>, value: string) => {
    const { [key]: _, ...rest } = now.change;
    setNow({ ...now, change: value === '' ? rest : { ...rest, [key]: value === 'none' ? null : value } });
  };
  const put = (name: string) => {
    const el = area.current;
    const value = now.texts[lang] ?? '';
    const at = el?.selectionStart ?? value.length;
    text(`${value.slice(0, at)}{${name}}${value.slice(el?.selectionEnd ?? at)}`);
    el?.focus();
  };
  const run = async (method: 'POST' | 'PATCH' | 'DELETE') => {
    if (busy) return;
    if (method !== 'DELETE' && !now.name.trim()) return setFault(fieldText('required'));
    setBusy(true);
    setFault('');
    try {
      const body = { name: now.name.trim(), team: !now.own, texts: now.texts, change: now.change };
      onSaved(await api<Macros>(method, `/api/macros${of.id ? `/${of.id}` : ''}`, method === 'DELETE' ? {} : { body }));
      announce(t(method === 'DELETE' ? 'macros.removed' : 'macros.saved'));
      onClose();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      const first = e.errors[0];
      setFault(first?.code === 'placeholder' ? t('macros.placeholder', { name: `{${first.about ?? ''}}`, list: new Intl.ListFormat(boot.lang).format(all.placeholders.map((p) => `{${p}}`)) })
        : first ? fieldText(first.code) : problemText(e));
      setBusy(false);
    }
  };
  const select = (key: Exclude<keyof MacroChange, 'tags'>, label: string, options: [string, string][]) => {
    const value = key in now.change ? String(now.change[key] ?? 'none') : '';
    return (
      <div class="field">
        <label for={`${id}-${key}`}>{label}</label>
        <select class="input" id={`${id}-${key}`} value={value} onChange={(e) => set(key, e.currentTarget.value)}>
          <option value="">{t('macros.keep')}</option>
          {options.map(([v, words]) => <option key={v} value={v} dir="auto">{words}</option>)}
        </select>
      </div>
    );
  };
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void run(of.id ? 'PATCH' : 'POST'); }}>
      <div class="field">
        <label for={`${id}-name`}>{t('macros.name')}</label>
        <input class="input" id={`${id}-name`} maxLength={80} dir="auto" autocomplete="off" value={now.name} onInput={(e) => setNow({ ...now, name: e.currentTarget.value })} />
      </div>
      {all.team && <label class="check"><input type="checkbox" checked={!now.own} onChange={(e) => setNow({ ...now, own: !e.currentTarget.checked })} /><span>{t('macros.team')}</span></label>}
      <div class="field">
        <label for={`${id}-lang`}>{t('macros.language')}</label>
        <select class="input" id={`${id}-lang`} value={lang} onChange={(e) => setLang(e.currentTarget.value)}>
          {[...new Set([...all.languages, ...Object.keys(now.texts)])].map((l) => <option key={l} value={l}>{`${languageName(l)}${now.texts[l] ? ' ✓' : ''}`}</option>)}
        </select>
        <span class="hint">{t('macros.language.help')}</span>
      </div>
      <div class="field">
        <label for={`${id}-text`}>{t('macros.text')}</label>
        <span class="hint" id={`${id}-help`}>{t('macros.text.help', { n: all.most.text })}</span>
        <textarea class="input" id={`${id}-text`} ref={area} rows={8} dir="auto" lang={lang} maxLength={all.most.text} aria-describedby={`${id}-help`} value={now.texts[lang] ?? ''} onInput={(e) => text(e.currentTarget.value)} />
        <div class="macro-places" role="group" aria-label={t('macros.placeholders')}>
          {all.placeholders.map((p) => <button class="btn" type="button" key={p} onClick={() => put(p)}><code>{`{${p}}`}</code></button>)}
        </div>
      </div>
      <fieldset class="macro-change">
        <legend class="label">{t('macros.changes')}</legend>
        {select('status', t('agent.status'), STATES.filter((s) => s !== 'closed_escalated').map((s) => [s, t(`state.${s}`)]))}
        {select('priority', t('agent.priority'), [...PRIORITIES.map((p): [string, string] => [p, t(`priority.${p}`)]), ['none', t('agent.no_priority')]])}
        {select('assignee', t('agent.assignee'), [['me', t('macros.taker')], ['none', t('agent.nobody')], ...agents.value.map((a): [string, string] => [String(a.id), a.name])])}
        <div class="field">
          <label for={`${id}-tags`}>{t('macros.tags')}</label>
          <input class="input" id={`${id}-tags`} maxLength={400} dir="auto" autocomplete="off" aria-describedby={`${id}-tags-help`} value={tags} onInput={(e) => tag(e.currentTarget.value)} />
          <span class="hint" id={`${id}-tags-help`}>{t('macros.tags.help')}</span>
        </div>
        {(teams.value.length > 0 || 'team' in now.change) && select('team', t('agent.team'), [['none', t('agent.team.none')], ...teams.value.filter((g) => !g.archived || String(now.change.team) === String(g.id)).map((g): [string, string] => [String(g.id), g.name])])}
      </fieldset>
      {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
      <div class="form-end">
        <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('macros.save')}</button>
        <button class="btn btn-ghost" type="button" onClick={onClose}>{t('app.cancel')}</button>
        {of.id > 0 && <button class="btn btn-ghost" type="button" onClick={() => void run('DELETE')}><Icon name="trash-2" />{t('macros.remove')}</button>}
      </div>
    </form>
  );
}

export default function MacrosPage() {
  const [all, setAll] = useState<Macros | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const load = () => {
    setProblem(null);
    const first = takeRoute<Macros>();
    if (first?.placeholders) return setAll(first);
    api<Macros>('GET', '/api/macros').then(setAll, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  useEffect(() => needAgents(), []);
  if (!all) return <><Heading text={t('macros.title')} />{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  const close = (id: number) => { setOpen(null); requestAnimationFrame(() => document.getElementById(`macro-open-${id}`)?.focus()); };
  const group = (own: boolean) => {
    const items = all.items.filter((m) => m.own === own);
    return (
      <section class="card" aria-labelledby={own ? 'macros-own' : 'macros-team'}>
        <h2 id={own ? 'macros-own' : 'macros-team'}>{t(own ? 'macros.own' : 'macros.ours')}</h2>
        <p class="muted">{t('macros.most', { n: own ? all.most.own : all.most.team })}</p>
        {items.length === 0 && <p>{t('macros.none')}</p>}
        <ul class="make-list" role="list">
          {items.map((m) => (
            <li key={m.id}>
              <div class="make-row">
                <span class="grow"><b dir="auto">{m.name}</b><br /><small class="muted" dir="auto">{(m.texts[boot.lang] ?? Object.values(m.texts)[0] ?? '').slice(0, 120)}</small></span>
                {(own || all.team) && <button class="btn" type="button" id={`macro-open-${m.id}`} aria-expanded={open === m.id} aria-label={t('macros.change', { name: m.name })} onClick={() => setOpen(open === m.id ? null : m.id)}>{t('macros.edit')}</button>}
              </div>
              {open === m.id && <div class="make-body"><Form of={m} all={all} onSaved={setAll} onClose={() => close(m.id)} /></div>}
            </li>
          ))}
        </ul>
        {(own || all.team) && (open === (own ? 0 : -1)
          ? <Form of={blank(!own)} all={all} onSaved={setAll} onClose={() => close(own ? 0 : -1)} />
          : <p><button class="btn" type="button" id={`macro-open-${own ? 0 : -1}`} onClick={() => setOpen(own ? 0 : -1)}><Icon name="plus" />{t('macros.new')}</button></p>)}
      </section>
    );
  };
  return (
    <>
      <Heading text={t('macros.title')} />
      <p class="muted">{t('macros.lead')}</p>
      {group(false)}
      {group(true)}
    </>
  );
}
