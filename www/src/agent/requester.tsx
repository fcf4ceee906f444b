/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who opened a ticket, beside it: their account's plan, what else of theirs there is. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../lib/api';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import type { Status, TicketPage } from '../lib/types';
import { Chip, Skeleton } from '../ui/parts';
import { keep, kept } from './panes';

interface Other { number: number; title: string; status: Status | null; created_at: string }
interface Card { plan: Record<string, string> | null; tickets: Other[]; more: boolean; others: Other[]; count: number }

/* Who only passes by asks for nothing. */
const REST_MS = 300;

function Tickets({ items }: { items: Other[] }) {
  return <>{items.map((o) => (
    <dd class="side-other" key={o.number}><a href={`/agent/t/${o.number}`}><span class="num muted">#{o.number}</span> <bdi>{o.title}</bdi></a>{o.status && <Chip status={o.status} text={t(`state.${o.status}`)} />}</dd>
  ))}</>;
}

export default function Requester({ page }: { page: TicketPage }) {
  const of = page.ticket;
  const open = kept.value.requester ?? true;
  const [card, setCard] = useState<Card | null>(null);
  useEffect(() => {
    if (!open) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => { api<Card>('GET', `/api/tickets/${of.number}/requester`, { quiet: true, signal: stop.signal }).then(setCard, () => {}); }, REST_MS);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [of.number, open]);
  const plan = card?.plan ? card.plan[boot.lang] ?? card.plan['en'] ?? Object.values(card.plan)[0] : null;
  return (
    <details class="side-part" open={open} onToggle={(e) => { if (e.currentTarget.open !== open) keep({ requester: e.currentTarget.open }); }}>
      <summary>{t('requester.title')}</summary>
      {open && !card && <Skeleton rows={2} />}
      {open && card && (
        <dl class="facts">
          {plan && <div><dt>{t('requester.plan')}</dt><dd><bdi>{plan}</bdi></dd></div>}
          <div>
            <dt>{t('requester.tickets')}</dt>
            <Tickets items={card.tickets} />
            {!card.tickets.length && <dd class="muted">{t('requester.tickets.none')}</dd>}
            {card.more && <dd><a class="link" href={`/agent?requester=${of.requester}`}>{t('requester.tickets.all')}</a></dd>}
          </div>
          {of.account && (
            <div>
              <dt>{t('requester.others', { account: of.account.name })}</dt>
              <Tickets items={card.others} />
              {!card.others.length && <dd class="muted">{t('requester.others.none')}</dd>}
              {card.count > card.others.length && <dd><a class="link" href={`/agent?group=active&account=${of.account.id}`}>{t('requester.others.all', { account: of.account.name })}</a></dd>}
            </div>
          )}
        </dl>
      )}
    </details>
  );
}
