/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Lists kept by name: links, and a dialog to keep them in order. */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { url } from '../lib/router';
import { fieldText, Icon, problemText } from '../ui/parts';
import { keptViews, managing, takeViews, viewQuery, type Place, type View } from './state';

type Answer = { items: View[] };

/* Once what was changed is drawn: where the button was that went, or what came in its place. */
const focusNext = (...places: string[]) => requestAnimationFrame(() => {
  for (const place of places) {
    const e = document.querySelector<HTMLElement>(place);
    if (e) return e.focus();
  }
});
const why = (e: unknown) => (e instanceof Problem ? e.errors[0] ? fieldText(e.errors[0].code) : problemText(e) : t('err.unknown'));

export function Views({ place }: { place: Place }) {
  const all = keptViews.value[place] ?? [];
  const views = all.filter((v) => v.own !== false);
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const [fault, setFault] = useState('');
  const run = useOne();
  const dialog = useRef<HTMLDialogElement>(null);
  const take = (a: Answer) => takeViews(place, a);
  useEffect(() => { if (naming) document.getElementById('view-name')?.focus(); }, [naming]);
  const unname = () => {
    setNaming(false);
    setFault('');
    focusNext('#view-keep');
  };
  useEffect(() => { api<Answer>('GET', `/api/views?place=${place}`, { quiet: true }).then(take, () => {}); }, [place]);
  const [asked] = useState(() => managing.peek());
  useSignalEffect(() => { if (managing.value > asked && !dialog.current?.open) dialog.current?.showModal(); });
  const now = viewQuery(url.value, place);
  const keep = async () => {
    if (!name.trim()) { setFault(fieldText('required')); return; }
    try {
      take(await api<Answer>('POST', '/api/views', { body: { place, name: name.trim(), query: now } }));
      setNaming(false);
      setName('');
      setFault('');
      announce(t('lists.view.kept'));
      focusNext('.list-views [aria-current]', '.pane-views [aria-current]', '#view-keep');
    } catch (error) { setFault(why(error)); }
  };
  const change = async (view: View, method: 'PATCH' | 'DELETE', body: object | null, ...focus: string[]) => {
    try {
      take(await api<Answer>(method, `/api/views/${view.id}`, { ...(body ? { body } : {}) }));
      setFault('');
      if (focus.length) focusNext(...focus);
    } catch (error) { setFault(why(error)); }
  };
  if (boot.support) return null;
  return (
    <div class="list-views">
      {/* The desk has them in a pane of their own. */}
      {views.length > 0 && place !== 'queue' && (
        <nav aria-label={t('lists.views')}>
          <ul role="list">
            {views.map((v) => <li key={v.id}><a class="chip" href={`${url.value.pathname}${v.query ? `?${v.query}` : ''}`} aria-current={v.query === now ? 'true' : undefined}><bdi>{v.name}</bdi></a></li>)}
          </ul>
        </nav>
      )}
      {naming ? (
        <form class="list-name" onSubmit={(e) => { e.preventDefault(); void run(keep); }} noValidate>
          <label for="view-name">{t('lists.view.name')}</label>
          <input class="input" id="view-name" maxLength={80} value={name} aria-invalid={!!fault} aria-describedby={fault ? 'view-fault' : undefined} onInput={(e) => setName(e.currentTarget.value)}
            onKeyDown={(e) => { if (e.key === 'Escape' && !e.isComposing) unname(); }} />
          <button class="btn btn-primary" type="submit">{t('lists.view.save')}</button>
          <button class="btn btn-ghost" type="button" onClick={unname}>{t('lists.close')}</button>
          {fault && <p class="error" id="view-fault"><Icon name="circle-alert" />{fault}</p>}
        </form>
      ) : now !== '' && !all.some((v) => v.query === now) && <button class="link" type="button" id="view-keep" onClick={() => setNaming(true)}>{t('lists.view.keep')}</button>}
      {views.length > 0 && place !== 'queue' && <button class="link" type="button" onClick={() => dialog.current?.showModal()}>{t('lists.view.manage')}</button>}
      <dialog class="dialog" ref={dialog} aria-labelledby="views-title" onClose={() => { if (!views.length) focusNext('#view-keep', '#list-filters'); }}>
        <h2 id="views-title">{t('lists.views')}</h2>
        {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
        <ol class="list-kept" role="list">
          {views.map((v, n) => (
            <li key={v.id}>
              <input class="input" aria-label={t('lists.view.rename', { name: v.name })} maxLength={80} value={v.name} onChange={(e) => { const next = e.currentTarget.value.trim(); if (next && next !== v.name) void change(v, 'PATCH', { name: next }); }} />
              {place === 'queue' && <label class="check view-share"><input type="checkbox" checked={!!v.shared} onChange={(e) => void change(v, 'PATCH', { shared: e.currentTarget.checked })} /><span>{t('lists.view.share')}<span class="visually-hidden" dir="auto"> {v.name}</span></span></label>}
              <button class="btn btn-ghost" type="button" id={`view-up-${v.id}`} aria-disabled={n === 0} onClick={() => { const before = views[n - 1]; if (before) void change(v, 'PATCH', { before: before.id }, `#view-up-${v.id}`); }}><Icon name="arrow-up" /><span class="visually-hidden">{t('lists.view.up', { name: v.name })}</span></button>
              <button class="btn btn-ghost" type="button" id={`view-down-${v.id}`} aria-disabled={n === views.length - 1} onClick={() => { if (n < views.length - 1) void change(v, 'PATCH', { before: views[n + 2]?.id ?? 0 }, `#view-down-${v.id}`); }}><Icon name="arrow-down" /><span class="visually-hidden">{t('lists.view.down', { name: v.name })}</span></button>
              <button class="btn btn-ghost" type="button" id={`view-remove-${v.id}`} onClick={() => void change(v, 'DELETE', null, `#view-remove-${(views[n + 1] ?? views[n - 1])?.id ?? 0}`, '#views-close')}><Icon name="x" /><span class="visually-hidden">{t('lists.view.remove', { name: v.name })}</span></button>
            </li>
          ))}
        </ol>
        <button class="btn" type="button" id="views-close" onClick={() => dialog.current?.close()}>{t('lists.close')}</button>
      </dialog>
    </div>
  );
}
