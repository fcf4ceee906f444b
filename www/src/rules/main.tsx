/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Rules in their order: turned on and off here, written on pages of their own. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { url } from '../lib/router';
import { Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { faultOf, type All, type Item, type Replay } from './data';
import { RuleView } from './one';
import { nowWords } from './replay';
import { whenWords } from './words';

/** Before it is on: how many tickets are so now. */
function TurnOn({ of, onDone, onClose }: { of: Item; onDone: (past: boolean) => Promise<unknown>; onClose: () => void }) {
  const [now, setNow] = useState<Replay['now'] | null>(null);
  const [past, setPast] = useState(false);
  const [fault, setFault] = useState('');
  const sure = useRef<HTMLButtonElement>(null);
  const run = useOne();
  useEffect(() => {
    sure.current?.focus();
    api<Replay>('POST', '/api/rules/replay', { body: { rule: of.rule, days: 1, id: of.id } }).then((r) => setNow(r.now), (e: unknown) => setFault(faultOf(e)));
  }, []);
  return (
    <div class="make-body" role="group" aria-labelledby={`sure-${of.id}`} onKeyDown={(e) => { if (e.key === 'Escape') onClose(); }}>
      <p id={`sure-${of.id}`}>{t('rules.turn.lead')} <span role="status">{now && nowWords(now)}</span></p>
      {of.rule.when.time && <label class="check"><input type="checkbox" checked={past} onChange={(e) => setPast(e.currentTarget.checked)} />{t('rules.turn.past')}</label>}
      {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
      <div class="form-end">
        <button class="btn btn-primary" type="button" ref={sure} onClick={() => void run(() => onDone(past))}>{t('rules.turn_on')}</button>
        <button class="btn btn-ghost" type="button" onClick={onClose}>{t('app.cancel')}</button>
      </div>
    </div>
  );
}

function RuleList() {
  const [all, setAll] = useState<All | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [turning, setTurning] = useState<number | null>(null);
  const [wrong, setWrong] = useState('');
  const run = useOne();
  const load = () => {
    setProblem(null);
    const first = takeRoute<All>();
    if (first?.rules) return setAll(first);
    api<All>('GET', '/api/rules').then(setAll, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  if (!all) return <><Heading text={t('rules.title')} />{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  const send = async (what: () => Promise<All>, done: string, focus: string) => {
    setWrong('');
    try {
      setAll(await what());
      announce(done);
      setTurning(null);
      requestAnimationFrame(() => document.getElementById(focus)?.focus());
    } catch (e) { setWrong(faultOf(e)); }
  };
  const turn = (of: Item, on: boolean, past: boolean) => send(() => api<All>('PATCH', `/api/rules/${of.id}/state`, { body: { on, past } }), t(on ? 'rules.turned' : 'rules.turned.off', { name: of.name }), `turn-${of.id}`);
  const move = (n: number, to: number, focus: string) => {
    const ids = all.rules.map((r) => r.id);
    ids.splice(to, 0, ...ids.splice(n, 1));
    void run(() => send(() => api<All>('POST', '/api/rules/order', { body: { ids } }), t('rules.moved'), focus));
  };
  return (
    <>
      <Heading text={t('rules.title')} />
      <p class="muted">{t('rules.lead')}</p>
      {wrong && <p class="error" role="alert"><Icon name="circle-alert" />{wrong}</p>}
      {all.rules.length === 0 && <p>{t('rules.none')}</p>}
      <ol class="make-list" role="list">
        {all.rules.map((r, n) => (
          <li key={r.id}>
            <div class="make-row">
              <span class="grow">
                <a class="link" href={`/agent/rules/${r.id}`}><bdi>{r.name}</bdi></a> <span class="tag" data-on={r.on ? '' : undefined}>{t(r.on ? 'rules.on' : 'rules.off')}</span>
                <small class="muted">{whenWords(r.rule.when)}{r.reaching && ` · ${t('rules.reaching')}`}</small>
                {r.runs.stopped + r.runs.failed > 0 && <small class="rule-warn"><Icon name="circle-alert" />{t('rules.stopped')}</small>}
              </span>
              <button class="btn btn-icon" type="button" id={`up-${r.id}`} aria-label={t('make.up', { what: r.name })} aria-disabled={n === 0} onClick={() => { if (n) move(n, n - 1, `up-${r.id}`); }}><Icon name="arrow-up" /></button>
              <button class="btn btn-icon" type="button" id={`down-${r.id}`} aria-label={t('make.down', { what: r.name })} aria-disabled={n === all.rules.length - 1} onClick={() => { if (n < all.rules.length - 1) move(n, n + 1, `down-${r.id}`); }}><Icon name="arrow-down" /></button>
              <button class="btn" type="button" id={`turn-${r.id}`} aria-expanded={r.on ? undefined : turning === r.id} aria-describedby={`turn-${r.id}-name`} onClick={() => { if (r.on) void run(() => turn(r, false, false)); else setTurning(turning === r.id ? null : r.id); }}>{t(r.on ? 'rules.turn_off' : 'rules.turn_on')}</button>
              <span class="visually-hidden" id={`turn-${r.id}-name`}>{r.name}</span>
            </div>
            {turning === r.id && !r.on && <TurnOn of={r} onDone={(past) => turn(r, true, past)} onClose={() => { setTurning(null); requestAnimationFrame(() => document.getElementById(`turn-${r.id}`)?.focus()); }} />}
          </li>
        ))}
      </ol>
      <p class="form-end"><a class="btn btn-primary" href="/agent/rules/new"><Icon name="plus" />{t('rules.new')}</a> <small class="muted">{t('rules.most', { n: all.most.rules })}</small></p>
    </>
  );
}

export default function RulesPage() {
  const at = /^\/agent\/rules\/(\d+|new)$/.exec(url.value.pathname)?.[1];
  return at ? <RuleView key={at} id={at === 'new' ? null : Number(at)} /> : <RuleList />;
}
