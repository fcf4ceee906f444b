/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** 'Who can see this': everybody who can, and by which rule. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { people } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { Avatar, Icon, problemText, Skeleton } from '../ui/parts';
import { nameOf, type Readers as Answer, type Rule } from './data';

export function Readers({ page, onClose }: { page: TicketPage; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [shown, setShown] = useState<Answer | null>(null);
  const [fault, setFault] = useState('');
  const of = page.ticket;
  const load = async (last?: number) => {
    try {
      const a = await api<Answer>('GET', `/api/tickets/${of.number}/readers${last ? `?last=${last}` : ''}`);
      people.value = { ...people.value, ...a.people };
      setShown((old) => (last && old ? { ...a, items: [...old.items, ...a.items] } : a));
    } catch (e) {
      setFault(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
  };
  useEffect(() => {
    dialog.current?.showModal();
    void load();
  }, []);
  const words = (rules: Rule[]) => rules.map((r) => t(`talk.rule.${r}`, { account: of.account?.name ?? '' })).join(' · ');
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby="readers-title" onClose={onClose}>
      <div class="form">
        <h2 id="readers-title">{t('talk.who')}</h2>
        {!shown && !fault && <Skeleton />}
        {shown && (
          <>
            <p role="status">{t(shown.more ? 'talk.who.most' : 'talk.who.count', { n: shown.count })}</p>
            <dl class="facts">
              <div>
                {/* A list needs its term. */}
                <dt>{t('talk.who.people')}</dt>
                {shown.items.map((i) => (
                  <dd key={i.person}>
                    <span class="who"><Avatar who={people.value[String(i.person)] ?? null} /><span class="grow"><bdi>{nameOf(i.person)}</bdi><br /><small class="muted">{words(i.rules)}</small></span></span>
                  </dd>
                ))}
                {shown.others.map((o) => (
                  <dd key={o.side}><span class="who"><Icon name="users" /><span class="grow">{t('talk.who.others', { n: o.count, name: o.name })}<br />
                    <small class="muted">{t(o.side === 'desk' ? 'talk.rule.desk' : o.side === 'partner' ? 'talk.rule.partner' : 'talk.rule.its_account', { account: of.account?.name ?? '' })}</small></span></span></dd>
                ))}
              </div>
            </dl>
            {shown.next !== null && <button class="btn" type="button" onClick={() => void load(shown.next ?? undefined)}>{t('talk.who.more')}</button>}
          </>
        )}
        {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
        <div class="form-end"><button class="btn btn-primary" type="button" onClick={() => dialog.current?.close()}>{t('talk.close')}</button></div>
      </div>
    </dialog>
  );
}
