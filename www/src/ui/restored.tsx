/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Says that a draft is back, and offers what was written of it on another device. */
import { useEffect, useRef } from 'preact/hooks';
import { announce } from '../lib/announce';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import type { Writing } from '../lib/writing';

const when = (at: number | undefined) => dateTime(new Date(at ?? Date.now()).toISOString());

export function Restored({ of, onDiscard }: { of: Writing; onDiscard?: () => void }) {
  const { draft, restored } = of.state.value;
  const others = draft.others?.length ?? 0;
  const had = useRef(0);
  useEffect(() => {
    const last = draft.others?.[0];
    if (others > had.current && last) announce(t('app.draft.other', { when: when(last.at) }));
    had.current = others;
  }, [others]);
  return (
    <span class="grow">
      <span role="status">{restored !== null && t('app.draft.restored', { when: when(restored) })}</span>
      {restored !== null && <> <button class="link" type="button" onClick={() => { of.discard(); onDiscard?.(); }}>{t('app.draft.discard')}</button></>}
      {draft.others?.map((o) => (
        <span key={o.at}>
          {' '}{t('app.draft.other', { when: when(o.at) })} <q dir="auto">{(o.title || o.body).slice(0, 60)}</q>{' '}
          <button class="link" type="button" onClick={() => of.exchange(o)}>{t('app.draft.show')}</button>{' '}
          <button class="link" type="button" onClick={() => of.forget(o)}>{t('app.draft.forget')}</button>
        </span>
      ))}
    </span>
  );
}
