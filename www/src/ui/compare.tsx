/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The compare box: somebody else has changed a field meanwhile. What one meant and
 * what it is now stand beside each other, and nothing is changed until one has said
 * which of them it shall be.
 */
import { render, type ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import type { Changed } from '../lib/types';

export interface Side { field: string; mine: ComponentChildren; theirs: ComponentChildren; who: Changed['who'] }
export type Taken = 'mine' | 'theirs';

function Box({ about, sides, done }: { about: string; sides: Side[]; done: (taken: Taken[] | null) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const head = useRef<HTMLHeadingElement>(null);
  const [taken, setTaken] = useState<Taken[]>([]);
  const left = useRef<Taken[] | null>(null);
  const side = sides[taken.length];
  /* What is typed when it opens decides nothing. */
  useEffect(() => { dialog.current?.showModal(); }, []);
  useEffect(() => { head.current?.focus(); }, [taken.length]);
  if (!side) return null;
  const take = (one: Taken) => {
    const now = [...taken, one];
    if (now.length < sides.length) return setTaken(now);
    left.current = now;
    dialog.current?.close();
  };
  const when = side.who ? dateTime(side.who.at) : '';
  const name = side.who?.rule ?? side.who?.name;
  return (
    <dialog class="dialog compare" ref={dialog} aria-labelledby="compare-title" aria-describedby="compare-who" onClose={() => done(left.current)}>
      <p class="muted compare-about"><span>{about}</span>{sides.length > 1 && <span class="num" dir="ltr">{taken.length + 1} / {sides.length}</span>}</p>
      <h2 id="compare-title" tabIndex={-1} ref={head} dir="auto">{side.field}</h2>
      <p id="compare-who" dir="auto">{!side.who ? t('compare.meanwhile') : side.who.rule ? t('compare.rule', { name: side.who.rule, when }) : name ? t('compare.who', { name, when }) : t('compare.when', { when })}</p>
      <dl class="compare-sides">
        <div><dt>{t('compare.mine')}</dt><dd>{side.mine ?? t('compare.empty')}</dd></div>
        <div><dt>{t('compare.theirs')}</dt><dd>{side.theirs ?? t('compare.empty')}</dd></div>
      </dl>
      <div class="form-end">
        <button class="btn" type="button" onClick={() => take('mine')}>{t('compare.mine.take')}</button>
        <button class="btn" type="button" onClick={() => take('theirs')}>{t('compare.theirs.take')}</button>
      </div>
    </dialog>
  );
}

let last: Promise<unknown> = Promise.resolve();

/** Which of each; null: left as it is for now. Of several boxes one after the other. */
export function compare(about: string, sides: Side[]): Promise<Taken[] | null> {
  const mine = last.then(() => new Promise<Taken[] | null>((resolve) => {
    const place = document.createElement('div');
    document.body.append(place);
    render(<Box about={about} sides={sides} done={(taken) => {
      render(null, place);
      place.remove();
      resolve(taken);
    }} />, place);
  }));
  last = mine;
  return mine;
}
