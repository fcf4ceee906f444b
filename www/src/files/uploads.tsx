/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The files that go with what is being written. */
import type { ComponentChildren } from 'preact';
import { useSignalEffect } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { api } from '../lib/api';
import { attached, chosen, type Item } from '../lib/attached';
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import { size, type Limits as Most } from './data';
import { add, goOn, remove, start } from './upload';

let asked: Promise<Most> | null = null;
/** Asked once a page. */
function limits(): Promise<Most> {
  return asked ??= api<{ limits: Most }>('GET', '/api/files', { quiet: true }).then((a) => a.limits, (e: unknown) => { asked = null; throw e; });
}

/** A button that goes under the click gives the focus to what is beside it: of its row, of the next one, or of the form. */
function focusBeside(button: HTMLElement, row: boolean): void {
  const li = button.closest('li');
  const other = row ? button.nextElementSibling : (li?.nextElementSibling ?? li?.previousElementSibling)?.lastElementChild ?? li?.closest('.files')?.querySelector('.composer-foot button');
  (other as HTMLElement | null)?.focus();
}

function Row({ place, item, more }: { place: string; item: Item; more: ComponentChildren }) {
  return (
    <li class="file" data-state={item.state}>
      <Icon name={item.state === 'failed' ? 'circle-alert' : item.state === 'done' ? 'check' : 'upload'} />
      <span class="grow">
        <bdi>{item.name}</bdi> <small class="muted">{size(item.size)}</small>
        {item.state === 'goes' && <progress max={item.size} value={item.sent} aria-label={t('files.sending', { name: item.name })} />}
        {item.fault && item.state === 'failed' && <span class="error" role="alert">{item.fault}</span>}
        {more}
      </span>
      {item.state === 'failed' && !item.final && <button class="btn btn-ghost" type="button" aria-label={t('files.again', { name: item.name })} onClick={(e) => { focusBeside(e.currentTarget, true); start(place, item.key); }}><Icon name="rotate-cw" /></button>}
      <button class="btn btn-ghost" type="button" aria-label={t('files.remove', { name: item.name })} onClick={(e) => { focusBeside(e.currentTarget, false); remove(place, item.key); }}><Icon name="x" /></button>
    </li>
  );
}

/** more: what is to be said of one, below it. */
export function Uploads({ place, more }: { place: string; more?: (item: Item) => ComponentChildren }) {
  useEffect(() => { void goOn(place); }, [place]);
  useSignalEffect(() => {
    const mine = chosen.value.filter((c) => c.place === place);
    if (!mine.length) return;
    chosen.value = chosen.value.filter((c) => c.place !== place);
    /* Without an answer the server says what is too much. */
    limits().catch(() => ({ size: Infinity, count: Infinity })).then((most) => mine.forEach((c) => add(place, c.files, most)));
  });
  const items = attached(place).value;
  return items.length > 0 ? <ul class="file-list" role="list" aria-label={t('files.yours')}>{items.map((i) => <Row key={i.key} place={place} item={i} more={more?.(i)} />)}</ul> : null;
}

export function Limits({ place }: { place: string }) {
  const [most, setMost] = useState<Most | null>(null);
  useEffect(() => { limits().then(setMost, () => {}); }, []);
  return <small class="muted" id={`limits-${place}`}>{most ? t('files.limits', { n: most.count, size: size(most.size) }) : ''}</small>;
}
