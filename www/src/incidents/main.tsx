/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where the tenant's staff says how things are: incidents, maintenance, and what they are about. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../forms/data';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { dateTime, endTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { Failed, fieldText, Heading, Icon, problemText, Skeleton } from '../ui/parts';
import { Parts } from './components';
import type { Incident, Kept, Kind, Send, State } from './data';
import { NewOne, Opened } from './incident';

const OVER: readonly State[] = ['resolved', 'completed'];
const faults: Record<string, () => string> = {
  future: () => t('incidents.fault.future'), ends_first: () => t('incidents.fault.ends_first'),
  two_years: () => t('incidents.fault.two_years'), one_level: () => t('incidents.fault.one_level'), too_many: () => t('incidents.fault.too_many'),
};

function List({ of, kept, send, onKept, onChanged, open, setOpen }: { of: Incident[]; kept: Kept; send: Send; onKept: (k: Kept) => void; onChanged: (i: Incident) => void; open: number | null; setOpen: (id: number | null) => void }) {
  if (!of.length) return <p class="muted">{t('incidents.none')}</p>;
  return (
    <ul class="make-list" role="list">
      {of.map((i) => (
        <li key={i.id}>
          <div class="make-row">
            <span class="grow">
              <bdi>{say(i.titles)}</bdi>
              <small class="muted">{[t(`service.${i.kind}`), t(`service.state.${i.state}`), ...(i.kind === 'incident' ? [t(`service.impact.${i.impact}`)] : [])].join(' · ')}</small>
              <small class="muted"><time dateTime={i.starts_at}>{dateTime(i.starts_at)}</time>{i.ends_at && <> – <time dateTime={i.ends_at}>{endTime(i.starts_at, i.ends_at)}</time></>}</small>
              {i.affected > 0 && <small class="muted">{t('incidents.affected', { n: i.affected })}</small>}
            </span>
            <button class="btn" type="button" aria-expanded={open === i.id} aria-label={t('make.change.what', { what: say(i.titles) })} onClick={() => setOpen(open === i.id ? null : i.id)}>{t('make.change')}</button>
          </div>
          {open === i.id && <div class="make-body"><Opened id={i.id} kept={kept} send={send} onKept={onKept} onChanged={onChanged} /></div>}
        </li>
      ))}
    </ul>
  );
}

export default function Main() {
  const [kept, setKept] = useState<Kept | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wrong, setWrong] = useState('');
  const [making, setMaking] = useState<Kind | null>(null);
  const [open, setOpen] = useState<number | null>(null);
  const summary = useRef<HTMLParagraphElement>(null);
  const load = () => {
    setProblem(null);
    const first = takeRoute<Kept>();
    if (first?.components) return setKept(first);
    api<Kept>('GET', '/api/status').then(setKept, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  useEffect(() => { if (wrong) summary.current?.focus(); }, [wrong]);

  const send: Send = async <T,>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, done: string, key?: string): Promise<T | null> => {
    setWrong('');
    try {
      const now = await api<T>(method, path, { ...(body === undefined ? {} : { body }), ...(key ? { key } : {}) });
      announce(done);
      return now;
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      const code = e.errors[0]?.code;
      setWrong(code ? faults[code]?.() ?? fieldText(code) : problemText(e));
      return null;
    }
  };
  if (!kept) return <><Heading text={t('service.title')} />{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  const changed = (i: Incident) => setKept({ ...kept, incidents: kept.incidents.map((x) => (x.id === i.id ? i : x)) });
  const older = async () => {
    const more = await api<Kept>('GET', `/api/status?after=${encodeURIComponent(kept.next ?? '')}`);
    setKept({ ...kept, incidents: [...kept.incidents, ...more.incidents], next: more.next });
  };
  const shown = { kept, send, onKept: setKept, onChanged: changed, open, setOpen };
  const past = kept.incidents.filter((i) => OVER.includes(i.state));
  return (
    <>
      <Heading text={t('service.title')} />
      <p class="muted">{t('incidents.lead')}</p>
      {wrong && <p class="error" ref={summary} tabIndex={-1} role="alert"><Icon name="circle-alert" />{wrong}</p>}
      <section class="card" aria-labelledby="now">
        <h2 id="now">{t('incidents.now')}</h2>
        <List {...shown} of={kept.incidents.filter((i) => !OVER.includes(i.state))} />
        {making ? <NewOne key={making} kind={making} kept={kept} send={send} onKept={setKept} onClose={() => setMaking(null)} /> : (
          <p class="form-end">
            <button class="btn btn-primary" type="button" onClick={() => setMaking('incident')}>{t('incidents.new.incident')}</button>
            <button class="btn" type="button" onClick={() => setMaking('maintenance')}>{t('incidents.new.maintenance')}</button>
          </p>
        )}
      </section>
      <section class="card" aria-labelledby="past">
        <h2 id="past">{t('incidents.past')}</h2>
        <List {...shown} of={past} />
        {kept.next && <p><button class="btn" type="button" onClick={() => void older()}>{t('service.older')}</button></p>}
      </section>
      <Parts kept={kept} send={send} onKept={setKept} />
    </>
  );
}
