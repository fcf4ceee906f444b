/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One incident or maintenance: a new one, or what more is said of one. */
import { useEffect, useState } from 'preact/hooks';
import { say, type Texts } from '../forms/data';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { useOnce, useOne } from '../lib/once';
import { Pick, TextsField } from '../make/parts';
import { Failed, Skeleton, Time } from '../ui/parts';
import { IMPACTS, STAGES, type Impact, type Kept, type Kind, type Send, type Stage, type Whole } from './data';
import { Components, Moment, Portals } from './fields';
import { Reach } from './reach';

type About = Pick<Whole, 'titles' | 'impact' | 'portals' | 'components' | 'starts_at' | 'ends_at'>;

const stages = (): [string, string][] => STAGES.map((s) => [s, t(`service.state.${s}`)]);

/** What is said of all of it. `over`: an incident's end is told too. */
function Fields({ id, kind, kept, value, over, onChange }: { id: string; kind: Kind; kept: Kept; value: Omit<About, 'starts_at'> & { starts_at: string | null }; over: boolean; onChange: (v: typeof value) => void }) {
  const planned = kind === 'maintenance';
  return (
    <>
      <TextsField id={`${id}-title`} legend={t('incidents.label')} languages={kept.languages} value={value.titles} max={120} onChange={(titles) => onChange({ ...value, titles })} />
      {!planned && <Pick id={`${id}-impact`} label={t('incidents.impact')} value={value.impact} options={IMPACTS.map((i): [string, string] => [i, t(`service.impact.${i}`)])} onChange={(impact) => onChange({ ...value, impact: impact as Impact })} />}
      <Components kept={kept} value={value.components} onChange={(components) => onChange({ ...value, components })} />
      <Portals id={`${id}-portals`} kept={kept} value={value.portals} onChange={(portals) => onChange({ ...value, portals })} />
      <div class="make-line">
        <Moment id={`${id}-starts`} label={t(planned ? 'incidents.starts' : 'incidents.began')} value={value.starts_at} onChange={(starts_at) => onChange({ ...value, starts_at })} />
        {(planned || over) && <Moment id={`${id}-ends`} label={t('incidents.ends')} value={value.ends_at} onChange={(ends_at) => onChange({ ...value, ends_at })} />}
      </div>
    </>
  );
}

const times = (v: { starts_at: string | null; ends_at: string | null }) => ({ ...(v.starts_at ? { starts_at: v.starts_at } : {}), ...(v.ends_at ? { ends_at: v.ends_at } : {}) });

export function NewOne({ kind, kept, send, onKept, onClose }: { kind: Kind; kept: Kept; send: Send; onKept: (k: Kept) => void; onClose: () => void }) {
  const [about, setAbout] = useState<Omit<About, 'starts_at'> & { starts_at: string | null }>({ titles: {}, impact: 'minor', portals: [], components: [], starts_at: null, ends_at: null });
  const [texts, setTexts] = useState<Texts>({});
  const [stage, setStage] = useState<Stage>('investigating');
  const keyFor = useOnce();
  const run = useOne();
  const id = `new-${kind}`;
  useEffect(() => document.querySelector<HTMLElement>(`#${id} input`)?.focus(), []);
  const publish = () => run(async () => {
    const { titles, impact, portals, components } = about;
    const body = { kind, titles, texts, impact, portals, components, ...(kind === 'incident' ? { stage } : {}), ...times(about) };
    const now = await send<Kept>('POST', '/api/incidents', body, t('incidents.published'), keyFor(body));
    if (now) { onKept(now); onClose(); }
  });
  return (
    <form class="form" id={id} noValidate onSubmit={(e) => { e.preventDefault(); void publish(); }}>
      <h3>{t(`incidents.new.${kind}`)}</h3>
      <Fields id={id} kind={kind} kept={kept} value={about} over={false} onChange={setAbout} />
      {kind === 'incident' && <Pick id={`${id}-stage`} label={t('incidents.stage')} value={stage} options={stages()} onChange={(s) => setStage(s as Stage)} />}
      <TextsField id={`${id}-text`} legend={t('incidents.text')} languages={kept.languages} value={texts} max={2000} long onChange={setTexts} />
      <Reach portals={about.portals} components={about.components} over={kind === 'incident' && stage === 'resolved'} />
      <div class="form-end">
        <button class="btn btn-primary" type="submit">{t('incidents.publish')}</button>
        <button class="btn btn-ghost" type="button" onClick={onClose}>{t('incidents.cancel')}</button>
      </div>
    </form>
  );
}

function Say({ whole, kept, send, onWhole }: { whole: Whole; kept: Kept; send: Send; onWhole: (w: Whole) => void }) {
  const [texts, setTexts] = useState<Texts>({});
  const [stage, setStage] = useState<Stage>((STAGES as readonly string[]).includes(whole.state) ? whole.state as Stage : 'investigating');
  const keyFor = useOnce();
  const run = useOne();
  const id = `say-${whole.id}`;
  const publish = () => run(async () => {
    const body = { texts, ...(whole.kind === 'incident' ? { stage } : {}) };
    const now = await send<Whole>('POST', `/api/incidents/${whole.id}/updates`, body, t('incidents.published'), keyFor({ n: whole.updates.length, ...body }));
    if (now) { onWhole(now); setTexts({}); }
  });
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void publish(); }}>
      <h3>{t('incidents.say')}</h3>
      {whole.kind === 'incident' && <Pick id={`${id}-stage`} label={t('incidents.stage')} value={stage} options={stages()} onChange={(s) => setStage(s as Stage)} />}
      <TextsField id={`${id}-text`} legend={t('incidents.text')} languages={kept.languages} value={texts} max={2000} long onChange={setTexts} />
      <Reach incident={whole.id} over={whole.kind === 'incident' && stage === 'resolved'} />
      <div class="form-end"><button class="btn btn-primary" type="submit">{t('incidents.publish')}</button></div>
    </form>
  );
}

function Change({ whole, kept, send, onWhole, onKept }: { whole: Whole; kept: Kept; send: Send; onWhole: (w: Whole) => void; onKept: (k: Kept) => void }) {
  const [about, setAbout] = useState<Omit<About, 'starts_at'> & { starts_at: string | null }>(whole);
  const [why, setWhy] = useState(whole.postmortems);
  const run = useOne();
  const id = `incident-${whole.id}`;
  const over = whole.kind === 'maintenance' || whole.state === 'resolved';
  const save = () => run(async () => {
    const { titles, impact, portals, components } = about;
    const now = await send<Whole>('PATCH', `/api/incidents/${whole.id}`, { titles, impact, portals, components, postmortems: why, ...times(over ? about : { ...about, ends_at: null }) }, t('incidents.saved'));
    if (now) onWhole(now);
  });
  const remove = () => run(async () => {
    const now = await send<Kept>('DELETE', `/api/incidents/${whole.id}`, undefined, t('incidents.removed'));
    if (now) onKept(now);
  });
  return (
    <details>
      <summary>{t('incidents.change')}</summary>
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
        <Fields id={id} kind={whole.kind} kept={kept} value={about} over={over} onChange={setAbout} />
        <TextsField id={`${id}-why`} legend={t('service.postmortem')} languages={kept.languages} value={why} max={4000} long onChange={setWhy} />
        <div class="form-end">
          <button class="btn btn-primary" type="submit">{t('incidents.save')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => void remove()}>{t('incidents.remove')}</button>
        </div>
        <p class="muted">{t('incidents.remove.text')}</p>
      </form>
    </details>
  );
}

/** All of one, fetched when it is opened. `onChanged`: the list has it otherwise now. */
export function Opened({ id, kept, send, onKept, onChanged }: { id: number; kept: Kept; send: Send; onKept: (k: Kept) => void; onChanged: (w: Whole) => void }) {
  const [whole, setWhole] = useState<Whole | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => {
    setProblem(null);
    api<Whole>('GET', `/api/incidents/${id}`).then(setWhole, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, [id]);
  if (!whole) return problem ? <Failed problem={problem} retry={load} /> : <Skeleton />;
  const take = (w: Whole) => { setWhole(w); onChanged(w); };
  return (
    <>
      <p><a class="link" href={`/status/${id}`} target="_blank" rel="noopener">{t('incidents.view')}</a></p>
      <Say whole={whole} kept={kept} send={send} onWhole={take} />
      <section aria-labelledby={`told-${id}`}>
        <h3 id={`told-${id}`}>{t('service.said')}</h3>
        <ol class="service-told" role="list">
          {whole.updates.map((u) => (
            <li key={u.n}>
              <p class="muted">{[u.state && t(`service.state.${u.state}`), u.by].filter(Boolean).join(' · ')} · <Time at={u.at} /></p>
              <p class="said" dir="auto">{say(u.texts)}</p>
            </li>
          ))}
        </ol>
      </section>
      <Change key={`${whole.updates.length}-${whole.state}`} whole={whole} kept={kept} send={send} onWhole={take} onKept={onKept} />
    </>
  );
}
