/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How a ticket hangs together with others, as agents say: seen on both sides, by agents alone. */
import { useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { ticket } from '../lib/store';
import type { ListPage, TicketPage, TypedLink } from '../lib/types';
import { Find } from '../ui/find';
import { fieldText, Icon, problemText } from '../ui/parts';

const KINDS: TypedLink['kind'][] = ['relates', 'blocks', 'blocked_by', 'causes', 'caused_by'];
const FAULTS = ['choice', 'itself', 'ring', 'too_many'] as const;
function faultOf(e: unknown): string {
  if (!(e instanceof Problem)) throw e;
  const first = e.errors[0];
  const own = first?.field === 'to' && FAULTS.find((f) => f === first.code);
  return own ? t(`sort.link.fault.${own}`) : first ? fieldText(first.code) : problemText(e);
}

/** Tickets beside that one, by number or words. */
export const searchBeside = (number: number) => (q: string, signal: AbortSignal) => api<ListPage>('GET', `/api/search?limit=8&q=${encodeURIComponent(q.replace(/^#/, ''))}`, { signal, quiet: true })
  .then((a) => a.items.filter((i) => i.number !== number).map((i) => ({ id: i.number, text: `#${i.number} ${i.title}`, note: i.status ? t(`state.${i.status}`) : undefined })));

export function Links({ page }: { page: TicketPage }) {
  const number = page.ticket.number;
  const path = `/api/tickets/${number}/links`;
  const [adding, setAdding] = useState(false);
  const [kind, setKind] = useState<TypedLink['kind']>('relates');
  const [fault, setFault] = useState('');
  const section = useRef<HTMLElement>(null);
  const all = page.typed ?? [];
  const focus = (id: string) => requestAnimationFrame(() => document.getElementById(id)?.focus());
  const run = async (what: () => Promise<unknown>, said: string) => {
    setFault('');
    try {
      await what();
      await ticket(number).load(true);
      announce(said);
      return true;
    } catch (e) { setFault(faultOf(e)); return false; }
  };
  const add = async (to: number) => {
    if (await run(() => api('POST', path, { body: { kind, to } }), t('sort.link.added', { number: to }))) { setAdding(false); focus('link-add'); }
  };
  const remove = async (l: TypedLink) => {
    if (await run(() => api('DELETE', `${path}/${l.number}?kind=${l.kind}`), t('sort.link.removed', { number: l.number }))) focus('link-add');
  };
  const search = searchBeside(number);
  return (
    <section class="side-part form" aria-labelledby="links-title" ref={section}>
      <h2 id="links-title">{t('sort.links')}</h2>
      {all.length > 0 && (
        <ul class="typed" role="list">
          {all.map((l) => (
            <li key={`${l.kind}${l.number}`}>
              <span><small class="muted">{t(`sort.link.${l.kind}`)}</small><br /><a class="link" href={`/agent/t/${l.number}`}>#{l.number} <bdi>{l.title}</bdi></a></span>
              <button class="btn btn-ghost btn-icon" type="button" title={t('sort.link.remove', { number: l.number })} onClick={() => void remove(l)}><Icon name="x" /><span class="visually-hidden">{t('sort.link.remove', { number: l.number })}</span></button>
            </li>
          ))}
        </ul>
      )}
      {adding ? (
        <div class="form" role="group" aria-label={t('sort.link.add')} onKeyDown={(e) => { if (e.key === 'Escape' && !(e.target instanceof HTMLSelectElement)) { e.preventDefault(); setAdding(false); focus('link-add'); } }}>
          <div class="field">
            <label for="link-kind">{t('sort.link.kind')}</label>
            <select class="input" id="link-kind" value={kind} onChange={(e) => setKind(e.currentTarget.value as TypedLink['kind'])}>
              {KINDS.map((k) => <option key={k} value={k}>{t(`sort.link.${k}`)}</option>)}
            </select>
          </div>
          <Find id="link-to" label={t('sort.link.to')} search={search} onPick={(hit) => void add(hit.id)} count={(n) => t('sort.link.found', { n })} describedBy={fault ? 'link-fault' : undefined} />
          {fault && <p class="error" id="link-fault" role="alert"><Icon name="circle-alert" />{fault}</p>}
          <div class="form-end"><button class="btn btn-ghost" type="button" onClick={() => { setAdding(false); focus('link-add'); }}>{t('app.cancel')}</button></div>
        </div>
      ) : (
        <>
          {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
          <p><button class="btn btn-wide" type="button" id="link-add" onClick={() => { setFault(''); setAdding(true); focus('link-kind'); }}>{t('sort.link.add')}</button></p>
        </>
      )}
    </section>
  );
}
