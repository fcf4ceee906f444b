/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Which incident a ticket comes of, as agents say: its people see it, and are told when it is over. */
import { useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { ticket } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { fieldText, Icon, problemText } from '../ui/parts';

interface Choice { id: number; title: { text: string; lang: string | null } }

export function OfIncident({ page }: { page: TicketPage }) {
  const number = page.ticket.number;
  const of = page.incident;
  const [choices, setChoices] = useState<Choice[] | null>(null);
  const [fault, setFault] = useState('');
  const busy = useRef(false);
  const run = async (what: () => Promise<void>) => {
    if (busy.current) return;
    busy.current = true;
    setFault('');
    try { await what(); } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFault(e.errors[0] ? fieldText(e.errors[0].code) : problemText(e));
    } finally { busy.current = false; }
  };
  const focus = (id: string) => requestAnimationFrame(() => document.getElementById(id)?.focus());
  const look = () => run(async () => {
    setChoices((await api<{ items: Choice[] }>('GET', `/api/tickets/${number}/incidents`)).items);
    focus('incident-of');
  });
  const set = (incident: number | null) => run(async () => {
    await api('PATCH', `/api/tickets/${number}/incident`, { body: { incident } });
    await ticket(number).load(true);
    setChoices(null);
    announce(t(incident ? 'sort.incident.set' : 'sort.incident.unset'));
    focus(incident ? 'incident-remove' : 'incident-look');
  });
  return (
    <section class="side-part form" aria-labelledby="incident-title">
      <h2 id="incident-title">{t('sort.incident')}</h2>
      {of ? (
        <ul class="typed" role="list">
          <li>
            <span><bdi lang={of.title.lang ?? undefined}>{of.title.text}</bdi>{of.over && <><br /><small class="muted">{t('sort.incident.over')}</small></>}</span>
            <button class="btn btn-ghost btn-icon" type="button" id="incident-remove" title={t('sort.incident.remove')} onClick={() => void set(null)}><Icon name="x" /><span class="visually-hidden">{t('sort.incident.remove')}</span></button>
          </li>
        </ul>
      ) : !choices ? <p><button class="btn btn-wide" type="button" id="incident-look" onClick={() => void look()}>{t('sort.incident.look')}</button></p>
        : choices.length ? (
          <div class="field">
            <label for="incident-of">{t('sort.incident.which')}</label>
            <select class="input" id="incident-of" value="" aria-describedby="incident-help" onChange={(e) => { if (e.currentTarget.value) void set(Number(e.currentTarget.value)); }}>
              <option value="">–</option>
              {choices.map((c) => <option key={c.id} value={c.id} lang={c.title.lang ?? undefined}>{c.title.text}</option>)}
            </select>
            <small class="hint" id="incident-help">{t('sort.incident.help')}</small>
          </div>
        ) : <p class="muted" id="incident-of" tabIndex={-1}>{t('sort.incident.none')}</p>}
      {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
    </section>
  );
}
