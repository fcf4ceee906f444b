/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One problem per ticket: some of its messages become a new one, or it ends as a duplicate. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useOnce } from '../lib/once';
import { navigate } from '../lib/router';
import { person, ticket } from '../lib/store';
import type { Comment, TicketPage } from '../lib/types';
import { sentence } from '../talk/who';
import { Find } from '../ui/find';
import { fieldText, Icon, problemText } from '../ui/parts';
import { toast } from '../ui/toast';
import { undo, undoes } from './change';
import { OfIncident } from './incident';
import { Links, searchBeside } from './links';

const FAULTS = ['choice', 'itself', 'account', 'merged', 'done', 'late', 'unmerged'] as const;
const says = (code: string) => { const own = FAULTS.find((f) => f === code); return own ? t(`sort.fault.${own}`) : fieldText(code); };
const faultOf = (e: unknown): string => {
  if (!(e instanceof Problem)) throw e;
  const first = e.errors[0];
  return first ? (first.field === 'into' ? says(first.code) : sentence(first, true)) : problemText(e);
};
const LONG = 100;
function words(c: Comment): string {
  const all = [...new DOMParser().parseFromString(c.html, 'text/html').body.children].map((e) => e.textContent).join(' ').replace(/\s+/g, ' ').trim();
  return all.length > LONG ? `${all.slice(0, LONG).replace(/\s\S*$/, '')}…` : all;
}
const path = (number: number) => `/api/tickets/${number}/merging`;
async function unmerge(number: number): Promise<void> {
  try {
    await api('DELETE', path(number));
    toast(t('sort.unmerge.done'));
    await ticket(number).load(true);
  } catch (e) { toast(faultOf(e)); }
}

function Split({ page, onClose }: { page: TicketPage; onClose: () => void }) {
  const [chosen, setChosen] = useState<number[]>([]);
  const [title, setTitle] = useState(page.ticket.title);
  const [lacks, setLacks] = useState<{ which?: boolean; title?: boolean }>({});
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const keyFor = useOnce();
  const said = page.comments.filter((c) => !c.internal && !c.automatic);
  const box = useRef<HTMLFormElement>(null);
  const send = async () => {
    if (busy) return;
    const lack = { which: !chosen.length, title: !title.trim() };
    setLacks(lack);
    setFault('');
    if (lack.which || lack.title) return box.current?.querySelector<HTMLElement>(lack.which ? '[type=checkbox]' : '#split-title')?.focus();
    setBusy(true);
    try {
      const body = { title: title.trim(), comments: chosen };
      const made = await api<{ number: number }>('POST', `/api/tickets/${page.ticket.number}/split`, { body, key: keyFor(body) });
      toast(t('sort.split.done', { number: made.number }));
      navigate(`/agent/t/${made.number}`);
    } catch (e) {
      setFault(faultOf(e));
      setBusy(false);
    }
  };
  return (
    <form class="form" noValidate ref={box} onSubmit={(e) => { e.preventDefault(); void send(); }}>
      <fieldset class="field" aria-describedby={lacks.which ? 'split-which-fault' : undefined}>
        <legend class="label">{t('sort.split.which')}</legend>
        {said.map((c) => (
          <label class="check" key={c.id}>
            <input type="checkbox" checked={chosen.includes(c.id)} onChange={(e) => setChosen(e.currentTarget.checked ? [...chosen, c.id] : chosen.filter((x) => x !== c.id))} />
            <span><bdi>{person(c.author)?.name ?? t('app.somebody')}</bdi>, {dateTime(c.created_at)}<br /><small class="muted" dir="auto">{words(c)}</small></span>
          </label>
        ))}
        {lacks.which && <span class="error" id="split-which-fault" role="alert"><Icon name="circle-alert" />{t('sort.split.choose')}</span>}
      </fieldset>
      <div class="field">
        <label for="split-title">{t('sort.split.title')}</label>
        <input class="input" id="split-title" dir="auto" autocomplete="off" maxLength={200} aria-invalid={lacks.title || undefined} aria-describedby={lacks.title ? 'split-title-fault' : undefined} value={title} onInput={(e) => setTitle(e.currentTarget.value)} />
        {lacks.title && <span class="error" id="split-title-fault" role="alert"><Icon name="circle-alert" />{fieldText('required')}</span>}
      </div>
      {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
      <div class="form-end">
        <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('sort.split.do')}</button>
        <button class="btn btn-ghost" type="button" onClick={onClose}>{t('app.cancel')}</button>
      </div>
    </form>
  );
}

interface Preview { number: number; title: string; gain: { id: number; name: string }[]; pending: { email: string; by: number | null }[] }

function Merge({ page, onClose }: { page: TicketPage; onClose: () => void }) {
  const [seen, setSeen] = useState<Preview | null>(null);
  const [added, setAdded] = useState<number[]>([]);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const { number } = page.ticket;
  const run = async (what: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setFault('');
    try {
      await what();
    } catch (e) {
      setFault(faultOf(e));
    }
    setBusy(false);
  };
  const look = (into: number) => void run(async () => { setAdded([]); setSeen(null); setSeen(await api<Preview>('GET', `${path(number)}?into=${into}`)); });
  /* Whom somebody asked who sees that one, or is about to. */
  const asked = seen?.pending.filter((p) => p.by === null || added.includes(p.by)) ?? [];
  const merge = () => void run(async () => {
    if (!seen) return;
    await api('POST', path(number), { body: { into: seen.number, people: added } });
    const step = undoes({ back: () => unmerge(number) });
    toast(t('sort.merge.done', { number: seen.number }), { label: t('agent.undo'), run: () => void undo(step) }, true);
    navigate(`/agent/t/${seen.number}`);
  });
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); merge(); }}>
      <Find id="merge-into" label={t('sort.merge.into')} search={searchBeside(number)} onPick={(hit) => look(hit.id)} count={(n) => t('sort.link.found', { n })} describedBy={fault ? 'merge-fault' : undefined} />
      {seen && (
        <>
          <p>#{seen.number} <bdi>{seen.title}</bdi></p>
          {seen.gain.length > 0
            ? (
              <fieldset class="field">
                <legend class="label">{t('sort.merge.gain')}</legend>
                {seen.gain.map((g) => (
                  <label class="check" key={g.id}><input type="checkbox" checked={added.includes(g.id)} onChange={(e) => setAdded(e.currentTarget.checked ? [...added, g.id] : added.filter((x) => x !== g.id))} /><bdi>{g.name}</bdi></label>
                ))}
              </fieldset>
            )
            : asked.length === 0 && <p class="muted">{t('sort.merge.nobody')}</p>}
          {asked.length > 0 && <p class="muted">{t('sort.merge.pending', { who: asked.map((p) => p.email).join(', ') })}</p>}
        </>
      )}
      {fault && <p class="error" id="merge-fault" role="alert"><Icon name="circle-alert" />{fault}</p>}
      <div class="form-end">
        {seen && <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('sort.merge.do', { number: seen.number })}</button>}
        <button class="btn btn-ghost" type="button" onClick={onClose}>{t('app.cancel')}</button>
      </div>
    </form>
  );
}

export default function Sort({ page }: { page: TicketPage }) {
  const [open, setOpen] = useState<'split' | 'merge' | null>(null);
  useEffect(() => setOpen(null), [page.ticket.number]);
  const merged = page.links?.find((l) => l.kind === 'duplicate_of');
  const section = useRef<HTMLElement>(null);
  /* A form comes in place of its button, and goes for it. */
  useEffect(() => { if (open) section.current?.querySelector('input')?.focus(); }, [open]);
  const close = () => { setOpen(null); requestAnimationFrame(() => document.getElementById(`sort-${open}`)?.focus()); };
  return (
    <>
    <Links key={page.ticket.number} page={page} />
    <OfIncident key={`i${page.ticket.number}`} page={page} />
    <section class="side-part form" aria-labelledby="sort-title" ref={section}>
      <h2 id="sort-title">{t('sort.title')}</h2>
      {open === 'split' ? <Split page={page} onClose={close} /> : open === 'merge' ? <Merge page={page} onClose={close} /> : (
        <>
          <p><button class="btn btn-wide" type="button" id="sort-split" onClick={() => setOpen('split')}>{t('sort.split')}</button></p>
          {merged && Date.now() - Date.parse(merged.at) < 30 * 864e5 && (
            <p><button class="btn btn-wide" type="button" id="sort-unmerge" aria-describedby="sort-unmerge-help" onClick={() => void unmerge(page.ticket.number)}>{t('sort.unmerge', { number: merged.number })}</button>
              <small class="hint" id="sort-unmerge-help">{t('sort.unmerge.help')}</small></p>
          )}
          {!merged && <p><button class="btn btn-wide" type="button" id="sort-merge" onClick={() => setOpen('merge')}>{t('sort.merge')}</button></p>}
        </>
      )}
    </section>
    </>
  );
}
