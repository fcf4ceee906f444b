/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where a form takes files: chosen, dropped on it or pasted into it. What sends and what shows them is fetched then. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { attached, begun, chosen } from '../lib/attached';
import { t } from '../lib/i18n';
import type { Shown, TicketPage } from '../lib/types';
import { withSheet, withTexts } from './area';
import { Icon } from './parts';

const part = () => withSheet(FILES_CSS, withTexts(import('../files/main'), import('../gen/files')));
type Part = Awaited<ReturnType<typeof part>>;

/** The part that is fetched, once `wanted`. */
function usePart(wanted: boolean): Part | null {
  const [got, setGot] = useState<Part | null>(null);
  useEffect(() => { if (wanted && !got) part().then((p) => setGot(p), () => {}); }, [wanted]);
  return got;
}

export function Files({ place }: { place: string }): VNode {
  const here = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [wanted, want] = useState(() => begun(place) || attached(place).peek().length > 0);
  const got = usePart(wanted);
  const take = (files: Iterable<File> | null | undefined) => {
    const list = [...files ?? []];
    if (!list.length) return;
    chosen.value = [...chosen.value, { place, files: list }];
    want(true);
  };
  const any = attached(place).value.length > 0;
  useEffect(() => { want(any || begun(place)); }, [place, any]);
  useEffect(() => {
    const form = here.current?.closest('form');
    if (!form) return undefined;
    const paste = (e: ClipboardEvent) => {
      /* A table copied out of a sheet is a picture too: its text is meant. */
      if (!e.clipboardData?.files.length || e.clipboardData.types.includes('text/plain')) return;
      e.preventDefault();
      take(e.clipboardData.files);
    };
    const over = (e: DragEvent) => {
      if (!e.dataTransfer?.types.includes('Files')) return;
      e.preventDefault();
      form.dataset['drop'] = '';
      want(true);
    };
    const out = (e: DragEvent) => { if (!form.contains(e.relatedTarget as Node | null)) delete form.dataset['drop']; };
    const drop = (e: DragEvent) => {
      delete form.dataset['drop'];
      if (!e.dataTransfer?.files.length) return;
      e.preventDefault();
      take(e.dataTransfer.files);
    };
    const on = { paste, dragover: over, dragleave: out, drop, focusin: () => want(true) };
    for (const [name, f] of Object.entries(on)) form.addEventListener(name, f as EventListener);
    return () => { for (const [name, f] of Object.entries(on)) form.removeEventListener(name, f as EventListener); };
  }, [place]);
  return (
    <div class="files" ref={here}>
      {got && <got.Uploads place={place} />}
      <div class="composer-foot">
        <button class="btn btn-ghost" type="button" onClick={() => input.current?.click()} aria-describedby={got ? `limits-${place}` : undefined}><Icon name="paperclip" />{t('app.files.add')}</button>
        {got && <got.Limits place={place} />}
      </div>
      <input type="file" multiple hidden ref={input} aria-label={t('app.files.add')} onChange={(e) => { take(e.currentTarget.files); e.currentTarget.value = ''; }} />
    </div>
  );
}

/** Those of a comment. */
export function Attached({ page, files }: { page: TicketPage; files: Shown[] }) {
  const got = usePart(files.length > 0);
  return got && files.length > 0 ? <got.Attached number={page.ticket.number} files={files} /> : null;
}

/** All of a ticket. */
export function TicketFiles({ page }: { page: TicketPage }) {
  const files = page.files ?? [];
  const got = usePart(files.length > 0);
  return got && files.length > 0 ? <got.TicketFiles page={page} /> : null;
}
