/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One ticket: the conversation, its status in a sentence, and answering. */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { boot, me, takeRoute } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useLive } from '../lib/live';
import { forgetLists, person, ticket, type Resource } from '../lib/store';
import type { TicketDetail, TicketPage } from '../lib/types';
import { backTo, useCounts, useSeen } from '../lists/state';
import { Around } from '../ui/around';
import { Composer, thenFor } from '../ui/composer';
import { TicketFiles } from '../ui/files';
import { Level } from '../ui/level';
import { Avatar, Chip, Failed, Heading, Icon, problemText, Skeleton } from '../ui/parts';
import { Thread } from '../ui/thread';
import { toast } from '../ui/toast';
import { TicketForm } from '../ui/ticket-form';
import { keptOf } from './again';
import { Asked } from './asked';
import { Ended } from './ended';

function Details({ of, r, page }: { of: TicketDetail; r: Resource<TicketPage>; page: TicketPage }) {
  const works = person(of.assignee);
  const asked = person(of.requester);
  /* Narrow, the conversation comes first. */
  const [wide] = useState(() => matchMedia('(width >= 60rem)').matches);
  const facts = (
    <dl class="facts">
      <div>
        <dt>{t('portal.ticket.assignee')}</dt>
        <dd>{works ? <span class="who"><Avatar who={works} /><span dir="auto">{works.name}</span></span> : t('portal.ticket.nobody')}</dd>
      </div>
      <div>
        <dt>{t('portal.ticket.requester')}</dt>
        <dd><span class="who"><Avatar who={asked} /><span dir="auto">{asked?.name ?? t('app.somebody')}</span></span></dd>
      </div>
      <div><dt>{t('portal.ticket.created')}</dt><dd><time dateTime={of.created_at}>{dateTime(of.created_at)}</time></dd></div>
      {of.with && <div><dt>{t('portal.ticket.with')}</dt><dd><bdi>{of.with}</bdi></dd></div>}
      {page.incident && <div><dt>{t('portal.ticket.incident')}</dt><dd>{page.incident.url ? <a class="link" dir="auto" href={page.incident.url}>{page.incident.title.text}</a> : <bdi>{page.incident.title.text}</bdi>}</dd></div>}
      {of.account && <div><dt>{t('portal.ticket.account')}</dt><dd><bdi>{of.account.name}</bdi>{of.portal && of.portal.name !== of.account.name && <> · <bdi>{of.portal.name}</bdi></>}</dd></div>}
    </dl>
  );
  const form = <TicketForm page={page} r={r} />;
  return (
    <section class="card ticket-side" aria-label={t('portal.ticket.details')}>
      <div class="side-status" role="status">
        {of.status && <Chip status={of.status} text={t(`status.${of.status}`)} />}
        {of.status && !of.can.work && <p>{t(`portal.says.${of.status}`)}</p>}
      </div>
      {wide ? facts : <details><summary class="label link">{t('portal.ticket.details')}</summary>{facts}{form}</details>}
      {of.instead && of.group !== 'done' && <p class="muted">{t('portal.ticket.instead', { who: new Intl.ListFormat(boot.lang).format(of.instead.map((w) => w.name)) })}</p>}
      <Level page={page} r={r} />
      <TicketFiles page={page} />
      {wide && form}
      <Around page={page} r={r} />
      {of.can.escalate && <Escalate of={of} r={r} />}
    </section>
  );
}

/** The partner hands it to the tenant, and stays in it. */
function Escalate({ of, r }: { of: TicketDetail; r: Resource<TicketPage> }) {
  const [busy, setBusy] = useState(false);
  const escalate = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await api('POST', `/api/tickets/${of.number}/escalation`, { body: {}, key: `escalate-${of.number}` });
      forgetLists();
      toast(t('portal.escalate.done', { tenant: of.tenant ?? '' }));
      await r.load(true);
    } catch (e) {
      toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
    setBusy(false);
  };
  return (
    <>
      <p class="muted"><small>{t('portal.escalate.text', { tenant: of.tenant ?? '' })}</small></p>
      <button class="btn btn-wide" type="button" aria-disabled={busy} onClick={() => void escalate()}><Icon name="send" flip />{t('portal.escalate', { tenant: of.tenant ?? '' })}</button>
    </>
  );
}

export function TicketView({ number }: { number: number }) {
  const r = ticket(number);
  useEffect(() => {
    const first = takeRoute<TicketPage>();
    if (first?.ticket) r.set(first);
    else void r.load();
  }, [r]);
  useLive(30, (n) => n === number, () => void r.refresh());

  const page = r.data.value;
  useCounts('tickets', 60);
  useSeen(number, page?.ticket.updated_at);
  if (!page) {
    return (
      <>
        <Heading text={t('portal.ticket.title', { number })} />
        {r.error.value ? <Failed problem={r.error.value} retry={() => void r.load()} /> : <Skeleton />}
      </>
    );
  }
  const of = page.ticket;
  return (
    <>
      <p><a class="link" href={backTo('/tickets')}>{t('portal.list.title')}</a></p>
      <Heading text={`#${of.number} ${of.title}`}><span class="num muted">#{of.number}</span> {of.title}</Heading>
      {keptOf(number) && <p><a class="btn" href={`/tickets/new?again=${number}`}><Icon name="plus" />{t('portal.new.another')}</a></p>}
      <div class="ticket-cols">
        <Thread r={r} page={page}>
          {of.asked && of.can.share && <Asked number={number} name={of.asked.name} r={r} />}
          {of.can.reply !== false
            ? (
              <li>
                <Avatar who={{ ...me, side: of.can.work ? 'support' : me.side }} mine />
                <Composer key={number} number={number} r={r} onSent={forgetLists} then={of.can.work ? thenFor(of.status) : undefined} modes={[{
                  name: 'reply', tab: t('portal.reply'), label: t('portal.reply.label'), button: t('portal.reply.send'),
                  path: `/api/tickets/${number}/comments`, done: t('portal.reply.done'),
                }]} />
              </li>
            )
            : <Ended key={number} number={number} goesOn={page.links?.find((l) => l.kind === 'duplicate_of')} />}
        </Thread>
        <Details of={of} r={r} page={page} />
      </div>
    </>
  );
}
