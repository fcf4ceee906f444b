/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One rule: written, tried, its log and its versions. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { navigate } from '../lib/router';
import { Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { faultOf, type About, type All, type One, type Rule } from './data';
import { RuleEditor } from './editor';
import { RunLine } from './lines';
import { TryIt } from './replay';
import { ruleLines } from './words';

/* A new function each time would take the keys away from who writes. */
const focusOnce = (b: HTMLElement | null) => b?.focus();

const BLANK: Rule = { when: { event: 'opened', by: 'any' }, if: null, do: [] };

function Versions({ of, revert }: { of: One; revert: (v: One['versions'][number]) => void }) {
  return (
    <section class="card" aria-labelledby="versions">
      <h2 id="versions">{t('rules.versions')}</h2>
      <ul class="make-list" role="list">
        {of.versions.map((v, n) => {
          const before = of.versions[n + 1];
          const now = [v.name, ...ruleLines(v.rule, of)];
          const old = before ? [before.name, ...ruleLines(before.rule, of)] : [];
          return (
            <li key={v.version}>
              <details>
                <summary class="make-row">{t('rules.version', { n: v.version, who: v.by, when: dateTime(v.at) })}</summary>
                <div class="make-body">
                  <ul role="list" class="rule-diff">
                    {now.filter((l) => !old.includes(l)).map((l) => <li key={`+${l}`} data-new="">{before ? t('rules.diff.new', { line: l.trim() }) : l.trim()}</li>)}
                    {old.filter((l) => !now.includes(l)).map((l) => <li key={`-${l}`}>{t('rules.diff.gone', { line: l.trim() })}</li>)}
                  </ul>
                  {n > 0 && <p><button class="btn" type="button" onClick={() => revert(v)}><Icon name="rotate-cw" />{t('rules.revert')}</button></p>}
                </div>
              </details>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Log({ of }: { of: One }) {
  return (
    <section class="card" aria-labelledby="log">
      <h2 id="log">{t('rules.log')}</h2>
      {of.log.length === 0 ? <p class="muted">{t('rules.log.none')}</p> : (
        <>
          <p class="muted"><small>{t('rules.log.lead')} {t('rules.log.kept', { n: of.most.kept })}</small></p>
          <ul class="make-list rule-log" role="list">
            {of.log.map((l, n) => (
              <li key={n} data-tone={l.outcome === 'ran' ? undefined : 'warn'}>
                <p><a class="link" href={`/agent/t/${l.number}`}>#{l.number}</a> <bdi>{l.title}</bdi> <small class="muted"><time dateTime={l.at}>{dateTime(l.at)}</time></small></p>
                <RunLine of={l} about={of} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Page({ about, one, setOne }: { about: About; one: One | null; setOne: (o: One) => void }) {
  const [rule, setRule] = useState(one?.item.rule ?? BLANK);
  const [fault, setFault] = useState('');
  const [asking, setAsking] = useState(false);
  const run = useOne();
  const save = async (name: string, next: Rule) => {
    setFault('');
    try {
      const made = one ? await api<One>('PATCH', `/api/rules/${one.item.id}`, { body: { name, rule: next, based: one.item.version } }) : await api<One>('POST', '/api/rules', { body: { name, rule: next } });
      announce(t('rules.saved'));
      if (one) setOne(made);
      else navigate(`/agent/rules/${made.item.id}`);
    } catch (e) { setFault(faultOf(e)); }
  };
  const forget = () => run(async () => {
    try {
      await api('DELETE', `/api/rules/${one!.item.id}`);
      announce(t('rules.deleted'));
      navigate('/agent/rules');
    } catch (e) { setFault(faultOf(e)); }
  });
  return (
    <>
      <p><a class="link" href="/agent/rules">{t('rules.back')}</a></p>
      <Heading text={one?.item.name ?? t('rules.new')} />
      {one && <p class="muted">{t(one.item.on ? 'rules.on' : 'rules.off')}</p>}
      <div class="make-cols">
        <div class="rule-side">
          <section class="card" aria-label={one?.item.name ?? t('rules.new')}>
            <RuleEditor key={one?.item.version ?? 0} name={one?.item.name ?? ''} rule={one?.item.rule ?? BLANK} about={about} fault={fault} onSave={save} onChange={setRule} />
            {one && (!asking
              ? <p><button class="btn btn-ghost" type="button" id="rule-delete" onClick={() => setAsking(true)}><Icon name="trash-2" />{t('rules.delete')}</button></p>
              : <div role="group" aria-label={t('rules.delete')}>
                <p>{t('rules.delete.sure')}</p>
                <div class="form-end">
                  <button class="btn" type="button" ref={focusOnce} onClick={() => void forget()}>{t('rules.delete')}</button>
                  <button class="btn btn-ghost" type="button" onClick={() => { setAsking(false); requestAnimationFrame(() => document.getElementById('rule-delete')?.focus()); }}>{t('app.cancel')}</button>
                </div>
              </div>)}
          </section>
        </div>
        <div class="rule-side">
          <TryIt rule={rule} id={one?.item.id ?? null} about={about} />
          {one && <Log of={one} />}
          {one && <Versions of={one} revert={(v) => void run(() => save(v.name, v.rule))} />}
        </div>
      </div>
    </>
  );
}

/** `id` null: a new one. */
export function RuleView({ id }: { id: number | null }) {
  const [got, setGot] = useState<{ about: About; one: One | null } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => {
    setProblem(null);
    const got = (a: One | All) => setGot({ about: a, one: 'item' in a ? a : null });
    const first = takeRoute<One | All>();
    if (first && ('item' in first ? first.item.id === id : !id && 'rules' in first)) return got(first);
    api<One | All>('GET', id ? `/api/rules/${id}` : '/api/rules').then(got, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, [id]);
  if (!got) return <><Heading text={t('rules.title')} />{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  return <Page key={id ?? 0} about={got.about} one={got.one} setOne={(one) => setGot({ about: one, one })} />;
}
