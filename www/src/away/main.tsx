/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where an agent says when they are out of office, and who stands in. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { me, takeRoute } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { agents, awayText, needAgents } from '../agent/state';
import { Failed, fieldText, Heading, Icon, problemText, Skeleton } from '../ui/parts';

interface Absence { begins: string; ends: string; stand_in: number | null; now: boolean }
interface Mine { zone: string; absence: Absence | null; covers: { name: string; ends: string }[] }

const FAULTS = ['ends.past', 'ends.order', 'ends.too_long'] as const;
function faultOf(e: Problem): string {
  const first = e.errors[0];
  const own = first && FAULTS.find((f) => f === `${first.field}.${first.code}`);
  return own ? t(`away.fault.${own}`) : first ? fieldText(first.code) : problemText(e);
}
const blank: Absence = { begins: '', ends: '', stand_in: null, now: false };

export default function AwayPage() {
  const [mine, setMine] = useState<Mine | null>(null);
  const [said, setSaid] = useState(blank);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const take = (m: Mine) => { setMine(m); setSaid(m.absence ?? blank); };
  const load = () => {
    setProblem(null);
    const first = takeRoute<Mine>();
    if (first?.zone) return take(first);
    api<Mine>('GET', '/api/me/absence').then(take, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  useEffect(() => needAgents(), []);
  if (!mine) return <><Heading text={t('away.title')} />{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  const run = async (method: 'PATCH' | 'DELETE') => {
    if (busy) return;
    if (method === 'PATCH' && !said.ends) return setFault(t('away.fault.ends.required'));
    setBusy(true);
    setFault('');
    try {
      take(await api<Mine>(method, '/api/me/absence', method === 'DELETE' ? {} : { body: { ...(said.begins ? { begins: said.begins } : {}), ends: said.ends, ...(said.stand_in ? { stand_in: said.stand_in } : {}) } }));
      needAgents(true);
      announce(t(method === 'DELETE' ? 'away.back.done' : 'away.saved'));
      document.querySelector('h1')?.focus();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFault(faultOf(e));
    }
    setBusy(false);
  };
  const when = (name: 'begins' | 'ends', help: string) => (
    <div class="field">
      <label for={`away-${name}`}>{t(`away.${name}`)}</label>
      <span class="hint" id={`away-${name}-help`}>{help}</span>
      <input class="input" id={`away-${name}`} type="datetime-local" aria-describedby={`away-${name}-help`} value={said[name]} onInput={(e) => setSaid({ ...said, [name]: e.currentTarget.value })} />
    </div>
  );
  return (
    <>
      <Heading text={t('away.title')} />
      <p class="muted">{t('away.lead')}</p>
      {mine.absence && <p class="notice" data-tone={mine.absence.now ? 'warn' : undefined}>{t(mine.absence.now ? 'away.now' : 'away.planned')}</p>}
      <form class="card form" noValidate onSubmit={(e) => { e.preventDefault(); void run('PATCH'); }}>
        {when('begins', t('away.begins.help'))}
        {when('ends', t('away.zone', { zone: mine.zone.replace(/_/g, ' ') }))}
        <div class="field">
          <label for="away-stand-in">{t('away.stand_in')}</label>
          <span class="hint" id="away-stand-in-help">{t('away.stand_in.help')}</span>
          <select class="input" id="away-stand-in" aria-describedby="away-stand-in-help" value={said.stand_in ? String(said.stand_in) : ''} onChange={(e) => setSaid({ ...said, stand_in: Number(e.currentTarget.value) || null })}>
            <option value="">{t('away.nobody')}</option>
            {agents.value.filter((a) => a.id !== me.id).map((a) => <option key={a.id} value={String(a.id)} dir="auto">{[a.name, awayText(a.id)].filter(Boolean).join(' · ')}</option>)}
          </select>
        </div>
        {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
        <div class="form-end">
          <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('away.save')}</button>
          {mine.absence && <button class="btn" type="button" onClick={() => void run('DELETE')}>{t(mine.absence.now ? 'away.back' : 'away.forget')}</button>}
        </div>
      </form>
      <section class="card" aria-labelledby="away-does">
        <h2 id="away-does">{t('away.does')}</h2>
        <ul>
          <li>{t('away.does.turns')}</li>
          <li>{t('away.does.marked')}</li>
          <li>{t('away.does.mail')}</li>
        </ul>
      </section>
      {mine.covers.length > 0 && (
        <section class="card" aria-labelledby="away-covers">
          <h2 id="away-covers">{t('away.covers')}</h2>
          <ul>{mine.covers.map((c) => <li key={c.name + c.ends}><bdi>{c.name}</bdi> · {t('agent.away.until', { when: dateTime(c.ends) })}</li>)}</ul>
        </section>
      )}
    </>
  );
}
