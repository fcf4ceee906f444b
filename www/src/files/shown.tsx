/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The files that a ticket has: pictures and videos in the page, the rest to be fetched. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { learn, person } from '../lib/store';
import type { People, Shown, TicketPage } from '../lib/types';
import { Failed, Icon, Skeleton } from '../ui/parts';
import { size } from './data';

const href = (number: number, f: Shown) => `/api/tickets/${number}/files/${f.id}`;

function Picture({ number, f }: { number: number; f: Shown }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [large, setLarge] = useState(false);
  const open = () => { setLarge(true); dialog.current?.showModal(); };
  return (
    <>
      <button class="file-picture" type="button" aria-label={t('files.enlarge', { name: f.name })} onClick={open}><img src={href(number, f)} alt="" loading="lazy" /></button>
      <dialog class="file-large" ref={dialog} aria-label={f.name} onClose={() => setLarge(false)} onClick={(e) => { if (e.target === dialog.current) dialog.current?.close(); }}>
        {large && <img src={href(number, f)} alt={f.name} />}
        <p><a class="btn" href={href(number, f)} download={f.name}>{t('files.fetch')}</a> <button class="btn btn-primary" type="button" onClick={() => dialog.current?.close()}>{t('files.close')}</button></p>
      </dialog>
    </>
  );
}

function File({ number, f }: { number: number; f: Shown }) {
  if (f.state !== 'ready') {
    return <li class="file"><Icon name={f.state === 'refused' ? 'circle-alert' : 'lock'} /><span class="grow"><bdi>{f.name}</bdi> <small class="muted">{t(f.state === 'refused' ? 'err.file-refused' : 'err.file-checking')}</small></span></li>;
  }
  return (
    <li class="file" id={`f${f.id}`}>
      {f.kind === 'picture' ? <Picture number={number} f={f} /> : f.kind === 'file' && <Icon name="paperclip" />}
      <span class="grow">
        {f.kind === 'video' && <video controls preload="metadata" src={href(number, f)} aria-label={f.name} />}
        <a href={href(number, f)} download={f.name}><bdi>{f.name}</bdi></a> <small class="muted">{size(f.size)}</small>
      </span>
    </li>
  );
}

export function Attached({ number, files }: { number: number; files: Shown[] }) {
  /* A mail's link leads to one. */
  useEffect(() => { if (files.some((f) => location.hash === `#f${f.id}`)) document.getElementById(location.hash.slice(1))?.scrollIntoView(); }, []);
  return <ul class="file-list" role="list" aria-label={t('files.title')}>{files.map((f) => <File key={f.id} number={number} f={f} />)}</ul>;
}

/** As the list of all of them tells it: who brought it, and whether the desk alone has it. */
interface Listed extends Shown { by: number; internal: boolean }

/** All of a ticket, behind what its summary counts: asked for when somebody looks. */
export function TicketFiles({ page }: { page: TicketPage }) {
  const number = page.ticket.number;
  const n = page.files?.length ?? 0;
  const [open, setOpen] = useState(false);
  const [files, setFiles] = useState<Listed[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [turn, setTurn] = useState(0);
  const states = page.files?.map((f) => f.state).join();
  useEffect(() => {
    if (!open) return undefined;
    const stop = new AbortController();
    api<{ files: Listed[]; people: People }>('GET', `/api/tickets/${number}/files`, { quiet: true, signal: stop.signal }).then((a) => {
      learn(a);
      setFiles(a.files);
      setProblem(null);
    }, (e: unknown) => { if (e instanceof Problem && !stop.signal.aborted) setProblem(e); });
    return () => stop.abort();
  }, [number, open, n, states, turn]);
  /* To whoever sees both it is said which is which. */
  const both = files?.some((f) => f.internal);
  return (
    <details class="side-files" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t('files.all', { n })}</summary>
      {open && !files && (problem ? <Failed problem={problem} retry={() => setTurn(turn + 1)} /> : <Skeleton rows={Math.min(n, 3)} />)}
      {files && (
        <ul class="file-list" role="list" aria-label={t('files.title')}>
          {files.map((f) => {
            const when = dateTime(f.created_at);
            const said = page.comments.some((c) => c.id === f.comment);
            return (
              <li class="file" key={f.id} data-vis={f.internal ? 'internal' : 'public'}>
                {f.state === 'ready' && f.kind === 'picture' ? <Picture number={number} f={f} />
                  : <Icon name={f.state === 'ready' ? 'paperclip' : f.state === 'refused' ? 'circle-alert' : 'lock'} />}
                <span class="grow">
                  {f.state === 'ready' ? <a href={href(number, f)} download={f.name}><bdi>{f.name}</bdi></a> : <bdi>{f.name}</bdi>}
                  <small class="muted">{size(f.size)}{f.state !== 'ready' && <> · {t(f.state === 'refused' ? 'err.file-refused' : 'err.file-checking')}</>}</small>
                  <small class="muted"><bdi>{person(f.by)?.name ?? t('app.somebody')}</bdi> · {said ? <a href={`#m${f.comment}`}>{when}</a> : when}</small>
                  {both && <small class="tag">{f.internal && <Icon name="lock" />}{t(f.internal ? 'files.internal' : 'files.shown')}</small>}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </details>
  );
}
