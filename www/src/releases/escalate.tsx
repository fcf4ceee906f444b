/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** An escalated ticket carries what it waits for: chosen, or made, before it is escalated. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { holds } from '../lib/boot';
import { announce } from '../lib/announce';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { forgetLists, type Resource } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { Icon } from '../ui/parts';
import { faultOf, type Item } from './data';
import { PickItems } from './pick';

export default function Escalate({ number, r, onClose }: { number: number; r: Resource<TicketPage>; onClose: () => void }) {
  const [chosen, setChosen] = useState<Pick<Item, 'id' | 'key' | 'title'> | null>(null);
  const [fault, setFault] = useState('');
  const form = useRef<HTMLFormElement>(null);
  const was = useRef(r.data.peek()?.ticket.status ?? null);
  const run = useOne();
  useEffect(() => { form.current?.querySelector('input')?.focus(); }, []);
  const send = () => run(async () => {
    if (!chosen) return setFault(t('releases.choose'));
    setFault('');
    try {
      await api('PATCH', `/api/tickets/${number}`, { body: { status: 'closed_escalated', item: chosen.id, was: { status: was.current }, ...holds() } });
      forgetLists();
      announce(t('releases.escalated', { key: chosen.key }));
      await r.load(true);
      onClose();
    } catch (e) {
      setFault(faultOf(e));
      /* Once it was read, it may be done. */
      if (!(e instanceof Problem) || e.errors[0]?.code !== 'changed') return;
      await r.load(true);
      was.current = r.data.peek()?.ticket.status ?? null;
    }
  });
  return (
    <form class="form side-part" ref={form} noValidate aria-labelledby="escalate" onSubmit={(e) => { e.preventDefault(); void send(); }}
      onKeyDown={(e) => { if (e.key === 'Escape') onClose(); }}>
      <h2 id="escalate">{t('releases.escalate')}</h2>
      <p class="muted"><small>{t('releases.escalate.lead')}</small></p>
      <PickItems id="escalate-item" legend={t('releases.item')} value={chosen ? [chosen] : []} onChange={([i]) => { setChosen(i ?? null); setFault(''); }} />
      {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
      <div class="form-end">
        <button class="btn btn-primary" type="submit">{t('releases.escalate.do')}</button>
        <button class="btn btn-ghost" type="button" onClick={onClose}>{t('app.cancel')}</button>
      </div>
    </form>
  );
}
