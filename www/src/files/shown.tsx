/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The files that a ticket has: pictures and videos in the page, the rest to be fetched. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { person } from '../lib/store';
import type { Shown, TicketPage } from '../lib/types';
import { Icon } from '../ui/parts';
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

export function TicketFiles({ page }: { page: TicketPage }) {
  const by = new Map(page.comments.map((c) => [c.id, c.author]));
  const files = (page.files ?? []).slice().reverse();
  return (
    <details class="side-files">
      <summary>{t('files.all', { n: files.length })}</summary>
      <ul class="file-list" role="list">
        {files.map((f) => {
          const who = f.comment === null ? null : person(by.get(f.comment) ?? null)?.name;
          return (
            <li class="file" key={f.id}>
              <span class="grow">
                {f.state === 'ready' ? <a href={href(page.ticket.number, f)} download={f.name}><bdi>{f.name}</bdi></a> : <bdi>{f.name}</bdi>} <small class="muted">{size(f.size)}</small>
                <small class="muted"><a href={`#m${f.comment}`}>{dateTime(f.created_at)}</a>{who && <> · <bdi>{who}</bdi></>}</small>
              </span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
