/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The knowledge base as somebody else finds it: a visitor or a role at a portal, or who asked in a ticket. */
import { useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import type { TicketPage } from '../lib/types';
import { Pick } from '../make/parts';
import { ROLES, type Named } from './data';
import { faultText, Refused } from './send';

export interface As { portal: number; role: string; person: { id: number; name: string } | null }
/** articles: of the section that was asked for, those they find. */
export interface Finds { sections: { id: number; articles: number }[]; articles: number[] | null; reads: boolean | null }

export const findsOf = (as: As, more: Record<string, number> = {}) =>
  api<Finds>('GET', `/api/kb/as?${new URLSearchParams({ portal: String(as.portal), ...(as.person ? { person: String(as.person.id) } : { role: as.role }), ...Object.fromEntries(Object.entries(more).map(([k, v]) => [k, String(v)])) })}`);

export function AsForm({ tree, article, of, onAs }: { tree: { portals: Named[] }; article?: number; of: (As & { finds: Finds }) | null; onAs: (as: (As & { finds: Finds }) | null) => void }) {
  const [portal, setPortal] = useState(String(tree.portals[0]?.id ?? ''));
  const [role, setRole] = useState('visitor');
  const [ticket, setTicket] = useState('');
  const [wrong, setWrong] = useState('');
  const run = useOne();
  if (!tree.portals.length) return null;
  const look = () => run(async () => {
    setWrong('');
    try {
      let as: As = { portal: Number(portal), role, person: null };
      const number = ticket.replace(/^#/, '').trim();
      if (number) {
        const { ticket, people } = await api<TicketPage>('GET', `/api/tickets/${encodeURIComponent(number)}`);
        as = { ...as, portal: ticket.portal?.id ?? as.portal, person: { id: ticket.requester, name: people[String(ticket.requester)]?.name ?? t('app.somebody') } };
      }
      onAs({ ...as, finds: await findsOf(as, article ? { article } : {}) });
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setWrong(faultText(e));
    }
  });
  const who = of && (of.person?.name ?? (of.role === 'visitor' ? t('articles.as.visitor') : t(`settings.role.${of.role as (typeof ROLES)[number]}`)));
  const where = of && (tree.portals.find((p) => p.id === of.portal)?.name ?? '');
  return (
    <details class="articles-as" open={of !== null || undefined}>
      <summary>{t('articles.as')}</summary>
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void look(); }}>
        <div class="make-line">
          <Pick id="as-portal" label={t('articles.as.portal')} value={portal} options={tree.portals.map((p): [string, string] => [String(p.id), p.name])} onChange={setPortal} />
          <Pick id="as-role" label={t('articles.as.role')} value={role} options={[['visitor', t('articles.as.visitor')], ...ROLES.map((r): [string, string] => [r, t(`settings.role.${r}`)])]} onChange={setRole} />
          <div class="field">
            <label for="as-ticket">{t('articles.as.ticket')}</label>
            <input class="input" id="as-ticket" inputMode="numeric" autocomplete="off" dir="ltr" maxLength={12} value={ticket} onInput={(e) => setTicket(e.currentTarget.value)} />
          </div>
        </div>
        <Refused text={wrong} />
        <div class="form-end">
          <button class="btn" type="submit">{t('articles.as.look')}</button>
          {of && <button class="btn btn-ghost" type="button" onClick={() => onAs(null)}>{t('articles.as.end')}</button>}
        </div>
      </form>
      {of && (
        <p class="notice" role="status">
          <bdi>{who}</bdi>{where && <> · <bdi>{where}</bdi></>}{of.finds.reads !== null && of.finds.reads !== undefined && <>: {t(of.finds.reads ? 'articles.as.reads' : 'articles.as.reads_not')}</>}
        </p>
      )}
    </details>
  );
}
