/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The people with access of their own to a ticket. */
import { useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { me } from '../lib/boot';
import { t } from '../lib/i18n';
import { person, type Resource } from '../lib/store';
import type { TicketPage } from '../lib/types';
import { withTexts } from '../ui/area';
import { Avatar, Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';

export type Share = typeof import('./share');
export const fetchShare = (): Promise<Share> => withTexts(import('./share'), import('../gen/share'));

export function TicketPeople({ page, r }: { page: TicketPage; r: Resource<TicketPage> }) {
  const [share, setShare] = useState<Share | null>(null);
  const of = page.ticket;
  const name = (id: number) => person(id)?.name ?? t('app.somebody');
  const ids = (page.shared ?? []).slice().sort((a, b) => Number(b === of.requester) - Number(a === of.requester) || name(a).localeCompare(name(b)));
  const changed = () => r.load(true);
  const remove = async (id: number) => {
    try {
      await api('DELETE', `/api/tickets/${of.number}/people/${id}`);
      toast(t('portal.people.removed', { who: name(id) }));
      await changed();
      document.getElementById('people')?.focus();
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
  };
  const close = () => { setShare(null); requestAnimationFrame(() => document.getElementById('add-people')?.focus()); };
  return (
    <>
      <dl class="facts">
        <div>
          <dt id="people" tabIndex={-1}>{t('portal.people')}</dt>
          {ids.map((id) => (
            <dd key={id}>
              <span class="who">
                <Avatar who={person(id)} /><span class="grow" dir="auto">{name(id)}{id === of.requester && <small class="muted"> · {t('portal.people.opened')}</small>}</span>
                {/* Nobody shuts themselves out by one click. */}
                {of.can.share && id !== of.requester && id !== me.id && (
                  <button class="btn btn-ghost" type="button" aria-label={t('portal.people.remove', { who: name(id) })} onClick={() => void remove(id)}><Icon name="x" /></button>
                )}
              </span>
            </dd>
          ))}
        </div>
      </dl>
      {share && <share.AddPeople number={of.number} within={ids} onClose={close} onAdded={() => { void changed(); close(); }} />}
      {of.can.share && !share && (
        <button class="btn btn-wide" id="add-people" type="button" onClick={() => fetchShare().then((s) => setShare(s), () => toast(t('err.network')))}><Icon name="plus" />{t('portal.people.add')}</button>
      )}
    </>
  );
}
