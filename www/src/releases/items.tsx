/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What engineers work on: the list, and one with the tickets that wait for it. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { Pick } from '../make/parts';
import { Chip, Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { faultOf, type Item, type ItemPage } from './data';
import { NewItem, useItems } from './pick';

const STATES = ['open', 'done', 'dropped'] as const;

export const count = (i: { tickets: number }) => (i.tickets < 1000 ? t('releases.tickets', { n: i.tickets }) : t('releases.tickets.many'));
export const releaseOf = (i: Item) => (!i.release ? null : t(i.release.published_at ? 'releases.in.out' : 'releases.in', { name: i.release.name }));

export function ItemsList() {
  const [q, setQ] = useState('');
  const [state, setState] = useState('');
  const [turn, setTurn] = useState(0);
  const found = useItems(q, state, turn);
  return (
    <>
      <section class="card form" aria-labelledby="items">
        <h2 id="items">{t('releases.items')}</h2>
        <div class="make-line">
          <div class="field">
            <label for="items-q">{t('releases.find')}</label>
            <input class="input" id="items-q" type="search" dir="auto" autocomplete="off" maxLength={80} value={q} onInput={(e) => setQ(e.currentTarget.value)} />
          </div>
          <Pick id="items-state" label={t('releases.state')} value={state} onChange={setState} options={[['', t('releases.state.any')], ...STATES.map((s): [string, string] => [s, t(`releases.state.${s}`)])]} />
        </div>
        {!found ? <Skeleton /> : !found.items.length ? <p class="muted">{t('releases.none')}</p> : (
          <ul class="make-list" role="list">
            {found.items.map((i) => (
              <li key={i.id}>
                <a class="make-row item" href={`/agent/releases/items/${i.id}`}>
                  <span class="grow"><bdi class="ident">{i.key}</bdi> <bdi>{i.title}</bdi><small class="muted">{[t(`releases.state.${i.state}`), releaseOf(i), count(i)].filter(Boolean).join(' · ')}</small></span>
                </a>
              </li>
            ))}
          </ul>
        )}
        {found?.more && <p class="muted">{t('releases.more')}</p>}
      </section>
      <section class="card" aria-labelledby="new-item">
        <h2 id="new-item">{t('releases.item.new')}</h2>
        <NewItem id="item-new" onMade={(i) => { setTurn(turn + 1); announce(t('releases.made', { key: i.key })); }} />
      </section>
    </>
  );
}

function Change({ of, onChange }: { of: Item; onChange: (i: Item) => void }) {
  const [draft, setDraft] = useState({ key: of.key, title: of.title, url: of.url ?? '', state: of.state as string });
  const [fault, setFault] = useState('');
  const run = useOne();
  const save = () => run(async () => {
    setFault('');
    try {
      const { state, ...rest } = draft;
      onChange(await api<Item>('PATCH', `/api/items/${of.id}`, { body: { ...rest, ...(state === of.state ? {} : { state }) } }));
      announce(t('releases.saved'));
    } catch (e) { setFault(faultOf(e)); }
  });
  const field = (name: 'key' | 'title' | 'url', max: number) => (
    <div class="field">
      <label for={`item-${name}`}>{t(`releases.item.${name}`)}</label>
      <input class="input" id={`item-${name}`} dir={name === 'url' ? 'ltr' : 'auto'} autocomplete="off" maxLength={max} value={draft[name]} onInput={(e) => setDraft({ ...draft, [name]: e.currentTarget.value })} />
    </div>
  );
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      {field('key', 40)}
      {field('title', 200)}
      {field('url', 500)}
      <Pick id="item-state" label={t('releases.state')} value={draft.state} onChange={(state) => setDraft({ ...draft, state })} options={STATES.map((s): [string, string] => [s, t(`releases.state.${s}`)])} />
      {fault && <p class="error" role="alert"><Icon name="circle-alert" />{fault}</p>}
      <div class="form-end"><button class="btn btn-primary" type="submit">{t('releases.save')}</button></div>
    </form>
  );
}

export function ItemView({ id }: { id: number }) {
  const [page, setPage] = useState<ItemPage | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => {
    setProblem(null);
    const first = takeRoute<ItemPage>();
    if (first?.item?.id === id) return setPage(first);
    api<ItemPage>('GET', `/api/items/${id}`).then(setPage, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, [id]);
  if (!page) return <><Heading text={t('releases.item')} />{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  const { item } = page;
  return (
    <>
      <p><a class="link" href="/agent/releases/items">{t('releases.items')}</a></p>
      <Heading text={`${item.key} ${item.title}`}><span class="num muted">{item.key}</span> {item.title}</Heading>
      <p class="muted">{[t(`releases.state.${item.state}`), releaseOf(item), count(item)].filter(Boolean).join(' · ')}{item.url && <> · <a class="link" href={item.url} rel="noreferrer noopener" target="_blank">{t('releases.item.open')}</a></>}</p>
      <div class="make-cols">
        <section class="card" aria-labelledby="waiting">
          <h2 id="waiting">{t('releases.waiting')}</h2>
          {!page.waiting.length ? <p class="muted">{t('releases.waiting.none')}</p> : (
            <ul class="make-list" role="list">
              {page.waiting.map((w) => (
                <li key={w.number}>
                  <a class="make-row item" href={`/agent/t/${w.number}`}>
                    <span class="grow"><span class="num">#{w.number}</span> <bdi>{w.title}</bdi><small class="muted"><bdi>{w.account}</bdi>{w.told_at && ` · ${t(w.fixed === null ? 'releases.asked' : w.fixed ? 'releases.fixed' : 'releases.not_fixed')}`}</small></span>
                    {w.status && <Chip status={w.status} text={t(`state.${w.status}`)} />}
                  </a>
                </li>
              ))}
            </ul>
          )}
          {item.tickets > page.waiting.length && <p class="muted">{t('releases.waiting.more')}</p>}
        </section>
        <section class="card" aria-labelledby="change"><h2 id="change">{t('releases.item.change')}</h2><Change key={JSON.stringify(item)} of={item} onChange={(i) => setPage({ ...page, item: i })} /></section>
      </div>
    </>
  );
}
