/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Items found as one types, one or several to be chosen; or a new one. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api } from '../lib/api';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { Icon } from '../ui/parts';
import { faultOf, findItems, type Item } from './data';

type Short = Pick<Item, 'id' | 'key' | 'title'>;

/** Found after a pause in typing; the newest answer counts. */
export function useItems(q: string, state: string, turn = 0): { items: Item[]; more: boolean } | null {
  const [found, setFound] = useState<{ items: Item[]; more: boolean } | null>(null);
  const asked = useRef(0);
  useEffect(() => {
    const mine = ++asked.current;
    const timer = setTimeout(() => {
      findItems(q, state).then((a) => {
        if (mine !== asked.current) return;
        setFound(a);
        if (q.trim()) announce(t('releases.found', { n: a.items.length }));
      }, () => {});
    }, found ? 250 : 0);
    return () => clearTimeout(timer);
  }, [q, state, turn]);
  return found;
}

export function NewItem({ id, onMade }: { id: string; onMade: (item: Item) => void }) {
  const [draft, setDraft] = useState({ key: '', title: '', url: '' });
  const [fault, setFault] = useState('');
  const run = useOne();
  const make = () => run(async () => {
    setFault('');
    try {
      const { url, ...rest } = draft;
      onMade(await api<Item>('POST', '/api/items', { body: { ...rest, ...(url.trim() ? { url: url.trim() } : {}) } }));
      setDraft({ key: '', title: '', url: '' });
    } catch (e) { setFault(faultOf(e)); }
  });
  const field = (name: 'key' | 'title' | 'url', max: number) => (
    <div class="field">
      <label for={`${id}-${name}`}>{t(`releases.item.${name}`)}</label>
      <input class="input" id={`${id}-${name}`} dir={name === 'url' ? 'ltr' : 'auto'} autocomplete="off" maxLength={max} value={draft[name]}
        aria-describedby={fault ? `${id}-fault` : undefined} onInput={(e) => setDraft({ ...draft, [name]: e.currentTarget.value })}
        onKeyDown={(e) => { if (e.key === 'Enter') { e.preventDefault(); void make(); } }} />
    </div>
  );
  return (
    <div class="form">
      {field('key', 40)}
      {field('title', 200)}
      {field('url', 500)}
      {fault && <p class="error" id={`${id}-fault`} role="alert"><Icon name="circle-alert" />{fault}</p>}
      <div class="form-end"><button class="btn" type="button" onClick={() => void make()}><Icon name="plus" />{t('releases.item.make')}</button></div>
    </div>
  );
}

/** `several`: ticked one by one; else one of them. */
export function PickItems({ id, legend, several, value, onChange }: { id: string; legend: string; several?: boolean; value: Short[]; onChange: (items: Short[]) => void }) {
  const [q, setQ] = useState('');
  const found = useItems(q, 'awaited');
  const has = (i: Short) => value.some((v) => v.id === i.id);
  const shown: Short[] = [...value, ...(found?.items ?? []).filter((i) => !has(i) && (!several || !i.release))];
  const set = (i: Short, on: boolean) => onChange(several ? (on ? [...value, i] : value.filter((v) => v.id !== i.id)) : [i]);
  return (
    <>
      <div class="field">
        <label for={`${id}-q`}>{t('releases.find')}</label>
        <input class="input" id={`${id}-q`} type="search" dir="auto" autocomplete="off" maxLength={80} value={q} onInput={(e) => setQ(e.currentTarget.value)} />
      </div>
      <fieldset class="field pick-items">
        <legend class="label">{legend}</legend>
        {shown.map((i) => (
          <label class="check" key={i.id}>
            <input type={several ? 'checkbox' : 'radio'} name={id} checked={has(i)} onChange={(e) => set(i, e.currentTarget.checked)} /><span><bdi class="ident">{i.key}</bdi> <bdi>{i.title}</bdi></span>
          </label>
        ))}
        {found && !shown.length && <span class="muted">{t('releases.none')}</span>}
        {found?.more && <span class="muted">{t('releases.more')}</span>}
      </fieldset>
      <details key={value.map((v) => v.id).join()}>
        <summary>{t('releases.item.new')}</summary>
        <NewItem id={`${id}-new`} onMade={(i) => { setQ(''); set(i, true); announce(t('releases.saved')); }} />
      </details>
    </>
  );
}
