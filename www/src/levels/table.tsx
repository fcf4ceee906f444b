/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The service level to be read: what priorities mean, and what is promised. */
import { say } from '../forms/data';
import { t } from '../lib/i18n';
import { Prio } from '../ui/parts';
import { GRADES, KINDS, PRIORITIES, saidTime, type Body, type Level, type Matrix, type Plan } from './data';

/** Texts that people wrote, line by line. */
const Lines = ({ text }: { text: string }) => <p class="levels-text" dir="auto">{text}</p>;

export function Meanings({ body }: { body: Body }) {
  return (
    <dl class="levels-list">
      {PRIORITIES.map((p) => {
        const of = body.priorities[p];
        const definition = say(of?.definition ?? {}), examples = say(of?.examples ?? {});
        return (
          <div key={p}>
            <dt><Prio priority={p} text={t(`priority.${p}`)} /></dt>
            <dd>{definition ? <Lines text={definition} /> : <p class="muted">{t('levels.undefined')}</p>}{examples && <><p class="muted">{t('levels.examples')}</p><Lines text={examples} /></>}</dd>
          </div>
        );
      })}
    </dl>
  );
}

export function Targets({ plan, calendars, caption }: { plan: Plan; calendars: Record<string, string>; caption: string }) {
  return (
    <table class="levels-table">
      <caption dir="auto">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{t('levels.priority')}</th>
          {KINDS.map((k) => <th scope="col" key={k}>{t(`levels.kind.${k}`)}</th>)}
          <th scope="col">{t('levels.counted')}</th>
        </tr>
      </thead>
      <tbody>
        {PRIORITIES.map((p) => {
          const of = plan.targets[p] ?? {};
          return (
            <tr key={p}>
              <th scope="row"><Prio priority={p} text={t(`priority.${p}`)} /></th>
              {KINDS.map((k) => <td key={k} data-label={t(`levels.kind.${k}`)}>{of[k] ? saidTime(of[k]) : <span class="muted">{t('levels.none')}</span>}</td>)}
              <td data-label={t('levels.counted')}>{of.calendar ? <bdi>{calendars[String(of.calendar)] ?? t('levels.open')}</bdi> : t('levels.always')}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function Grid({ matrix }: { matrix: Matrix }) {
  return (
    <table class="levels-table" data-grid="">
      <caption>{t('levels.matrix.text')}</caption>
      <thead><tr><th scope="col">{t('levels.impact')}</th>{GRADES.map((u) => <th scope="col" key={u}>{t('levels.urgency.of', { grade: t(`levels.grade.${u}`) })}</th>)}</tr></thead>
      <tbody>
        {GRADES.map((i) => (
          <tr key={i}>
            <th scope="row">{t(`levels.grade.${i}`)}</th>
            {GRADES.map((u) => { const p = matrix[i]?.[u]; return <td key={u} data-label={t('levels.urgency.of', { grade: t(`levels.grade.${u}`) })}>{p ? <Prio priority={p} text={t(`priority.${p}`)} /> : '–'}</td>; })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function LevelTable({ level }: { level: Level & { table: Body } }) {
  const body = level.table;
  return (
    <>
      <section class="card" aria-labelledby="levels-means">
        <h2 id="levels-means">{t('levels.means')}</h2>
        <Meanings body={body} />
      </section>
      <section class="card" aria-labelledby="levels-promised">
        <h2 id="levels-promised">{t('levels.promised')}</h2>
        {body.plans.map((p) => <Targets key={p.key} plan={p} calendars={level.calendars ?? {}} caption={t('levels.plan', { plan: say(p.names) })} />)}
        <p class="muted">{t('levels.pauses')}</p>
      </section>
      {Object.keys(body.matrix).length > 0 && (
        <section class="card" aria-labelledby="levels-matrix">
          <h2 id="levels-matrix">{t('levels.matrix')}</h2>
          <Grid matrix={body.matrix} />
        </section>
      )}
    </>
  );
}
