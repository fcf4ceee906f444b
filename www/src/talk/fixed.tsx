/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A release has what a ticket waited for: its customer says whether that is fixed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { forgetLists, type Resource } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { fieldText, Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';

export default function Fixed({ number, name, r }: { number: number; name: string; r: Resource<TicketPage> }) {
  const [not, setNot] = useState(false);
  const [body, setBody] = useState('');
  const [fault, setFault] = useState('');
  const area = useRef<HTMLTextAreaElement>(null);
  const run = useOne();
  useEffect(() => { if (not) area.current?.focus(); }, [not]);
  const answer = (fixed: boolean) => run(async () => {
    if (!fixed && !body.trim()) {
      setFault(t('fixed.say'));
      return area.current?.focus();
    }
    setFault('');
    try {
      await api('POST', `/api/tickets/${number}/fixed`, { body: { fixed, ...(fixed ? {} : { body }) } });
      forgetLists();
      toast(t(fixed ? 'fixed.done.yes' : 'fixed.done.no'));
      await r.load(true);
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFault(e.errors[0] ? fieldText(e.errors[0].code) : problemText(e));
      void r.load(true);
    }
  });
  return (
    <li>
      <span class="avatar" data-by="support" aria-hidden="true"><Icon name="check" /></span>
      <section class="card" aria-labelledby="fixed">
        <h2 id="fixed">{t('fixed.ask')}</h2>
        <p>{t('fixed.text', { name })}</p>
        {not ? (
          <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void answer(false); }}>
            <div class="field">
              <label for="fixed-body">{t('fixed.what')}</label>
              <textarea class="input" id="fixed-body" ref={area} rows={4} dir="auto" maxLength={10000} value={body} aria-invalid={fault ? true : undefined} aria-describedby={fault ? 'fixed-fault' : undefined} onInput={(e) => setBody(e.currentTarget.value)} />
              {fault && <span class="error" id="fixed-fault" role="alert"><Icon name="circle-alert" />{fault}</span>}
            </div>
            <div class="form-end">
              <button class="btn btn-primary" type="submit"><Icon name="send" flip />{t('fixed.send')}</button>
              <button class="btn btn-ghost" type="button" onClick={() => { setNot(false); setFault(''); }}>{t('app.cancel')}</button>
            </div>
          </form>
        ) : (
          <>
            {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
            <div class="form-end">
              <button class="btn btn-primary" type="button" onClick={() => void answer(true)}><Icon name="check" />{t('fixed.yes')}</button>
              <button class="btn" type="button" onClick={() => setNot(true)}>{t('fixed.no')}</button>
            </div>
          </>
        )}
      </section>
    </li>
  );
}
