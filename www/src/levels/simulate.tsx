/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a table or a calendar would have changed for past tickets, before it is saved. */
import { useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import type { Priority } from '../lib/types';
import { fieldText, Icon, Prio, problemText } from '../ui/parts';
import type { Kind } from './data';

interface Named { number: number; title: string; kind: Kind }
interface Outcome {
  days: number; looked: number; tickets: number; better: number; worse: number; moved: number;
  kinds: { kind: Kind; priority: Priority; met: number; missed: number; new_met: number; new_missed: number }[];
  changed: (Named & { met: boolean })[];
  dues: (Named & { due: string | null; new_due: string | null })[];
}

const Ticket = ({ of }: { of: Named }) => <><a class="link" href={`/agent/t/${of.number}`}>#{of.number} <bdi>{of.title}</bdi></a> · {t(`levels.kind.${of.kind}`)}</>;
const when = (at: string | null) => (at ? dateTime(at) : t('simulate.never'));

function Shown({ of }: { of: Outcome }) {
  return (
    <>
      <p>{t('simulate.looked', { n: of.looked, days: of.days })}{of.looked < of.tickets && <> {t('simulate.not_all')}</>}</p>
      <p><b>{of.better + of.worse + of.moved ? t('simulate.sum', { worse: of.worse, better: of.better, moved: of.moved }) : t('simulate.nothing')}</b></p>
      {of.kinds.length > 0 && (
        <div class="simulate-wide" tabIndex={0} role="group" aria-label={t('simulate.kept')}>
          <table class="simulate-table">
            <thead><tr><th scope="col">{t('simulate.promise')}</th><th scope="col">{t('simulate.priority')}</th><th scope="col">{t('simulate.before')}</th><th scope="col">{t('simulate.after')}</th></tr></thead>
            <tbody>{of.kinds.map((k) => (
              <tr key={k.kind + k.priority}><th scope="row">{t(`levels.kind.${k.kind}`)}</th><td><Prio priority={k.priority} text={t(`priority.${k.priority}`)} /></td>
                <td>{t('simulate.of', { met: k.met, n: k.met + k.missed })}</td><td>{t('simulate.of', { met: k.new_met, n: k.new_met + k.new_missed })}</td></tr>
            ))}</tbody>
          </table>
        </div>
      )}
      {of.changed.length > 0 && (
        <details>
          <summary>{t('simulate.changed', { n: of.better + of.worse })}</summary>
          <ul class="simulate-list">{of.changed.map((c) => <li key={`${c.number}-${c.kind}`}><Ticket of={c} />: {t(c.met ? 'simulate.becomes_met' : 'simulate.becomes_missed')}</li>)}</ul>
          {of.better + of.worse > of.changed.length && <p class="muted">{t('simulate.first', { n: of.changed.length })}</p>}
        </details>
      )}
      {of.dues.length > 0 && (
        <details>
          <summary>{t('simulate.dues', { n: of.moved })}</summary>
          <ul class="simulate-list">{of.dues.map((d) => <li key={`${d.number}-${d.kind}`}><Ticket of={d} />: {t('simulate.moves', { from: when(d.due), to: when(d.new_due) })}</li>)}</ul>
          {of.moved > of.dues.length && <p class="muted">{t('simulate.first', { n: of.dues.length })}</p>}
        </details>
      )}
    </>
  );
}

/** body: what would be saved; null: what is typed can't be. */
export function Simulate({ body }: { body: () => object | null }) {
  const [days, setDays] = useState(30);
  const [of, setOf] = useState<Outcome | null>(null);
  const [fault, setFault] = useState('');
  const run = useOne();
  const go = () => run(async () => {
    const given = body();
    setFault('');
    setOf(null);
    if (!given) return setFault(t('simulate.not_yet'));
    try {
      const found = await api<Outcome>('POST', '/api/service-levels/simulate', { body: { ...given, days } });
      setOf(found);
      announce(t('simulate.looked', { n: found.looked, days: found.days }));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFault(e.errors[0] ? `${t('simulate.not_yet')} ${fieldText(e.errors[0].code)}` : problemText(e));
    }
  });
  return (
    <section class="card simulate" aria-labelledby="simulate-title">
      <h2 id="simulate-title">{t('simulate.title')}</h2>
      <p class="muted">{t('simulate.lead')}</p>
      <div class="simulate-ask">
        <div class="field">
          <label for="simulate-days">{t('simulate.days')}</label>
          <select class="input" id="simulate-days" value={String(days)} onChange={(e) => setDays(Number(e.currentTarget.value))}>
            {[7, 30, 90].map((n) => <option key={n} value={String(n)}>{t('simulate.days.n', { n })}</option>)}
          </select>
        </div>
        <button class="btn" type="button" id="simulate" onClick={() => void go()}>{t('simulate.do')}</button>
      </div>
      {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
      {of && <Shown of={of} />}
    </section>
  );
}
