/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the rule, as it is written, would have done. */
import { useRef, useState } from 'preact/hooks';
import { api } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { Icon } from '../ui/parts';
import { faultOf, type About, type Replay, type Rule } from './data';
import { actionWords } from './words';

export const nowWords = (now: Replay['now']): string =>
  [t('rules.try.now', { count: now.more ? '1000+' : String(now.count) }), now.whole || now.more ? '' : t('rules.try.looked', { n: now.looked })].filter(Boolean).join(', ');

export function TryIt({ rule, id, about }: { rule: Rule; id: number | null; about: About }) {
  const [days, setDays] = useState(30);
  const [said, setSaid] = useState<Replay | null>(null);
  const [fault, setFault] = useState('');
  const told = useRef<HTMLParagraphElement>(null);
  const run = useOne();
  const send = () => run(async () => {
    setFault('');
    try {
      setSaid(await api<Replay>('POST', '/api/rules/replay', { body: { rule, days, ...(id ? { id } : {}) } }));
      requestAnimationFrame(() => told.current?.focus());
    } catch (e) { setSaid(null); setFault(faultOf(e)); }
  });
  return (
    <section class="card" aria-labelledby="try">
      <h2 id="try">{t('rules.try')}</h2>
      <p class="muted"><small>{t('rules.try.lead')}</small></p>
      <form class="make-line" noValidate onSubmit={(e) => { e.preventDefault(); void send(); }}>
        <div class="field">
          <label for="try-days">{t('rules.try.days')}</label>
          <input class="input" id="try-days" type="number" min={1} max={90} value={String(days)} onInput={(e) => setDays(Number(e.currentTarget.value))} />
        </div>
        <button class="btn" type="submit">{t('rules.try.do')}</button>
      </form>
      {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
      {said && (
        <>
          <p ref={told} tabIndex={-1}>{t('rules.try.found', { n: said.hits, tickets: said.tickets })}{!said.whole && ` ${t('rules.try.part', { when: dateTime(said.since) })}`}</p>
          <p>{nowWords(said.now)}</p>
          {said.rows.length > 0 && (
            <div class="rule-scroll" role="region" aria-label={t('rules.try.would')} tabIndex={0}>
              <table class="rule-table">
                <thead><tr><th scope="col">{t('rules.try.ticket')}</th><th scope="col">{t('rules.try.when')}</th><th scope="col">{t('rules.try.would')}</th></tr></thead>
                <tbody>
                  {said.rows.map((r) => (
                    <tr key={`${r.number}-${r.event ?? r.at}`}>
                      <td><a class="link" href={`/agent/t/${r.number}`}>#{r.number}</a> <bdi>{r.title}</bdi></td>
                      <td><time dateTime={r.at}>{dateTime(r.at)}</time></td>
                      <td>{r.would.length ? r.would.map((a) => actionWords(a, about)).join('; ') : t('rules.try.same')}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {said.hits > 200 && <p class="muted">{t('rules.try.more')}</p>}
        </>
      )}
    </section>
  );
}
