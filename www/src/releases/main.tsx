/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Releases: what is in them, what is said of them, and publishing one. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Texts } from '../forms/data';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { url } from '../lib/router';
import { TextsField } from '../make/parts';
import { Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { faultOf, type Release, type Releases } from './data';
import { ItemsList, ItemView } from './items';
import { PickItems } from './pick';

type Send = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body: unknown, done: string) => Promise<boolean>;

function Form({ all, of, send }: { all: Releases; of: Release | null; send: Send }) {
  const [draft, setDraft] = useState<{ name: string; notes: Texts; items: Release['items'] }>(of ?? { name: '', notes: {}, items: [] });
  const id = `release-${of?.id ?? 'new'}`;
  const run = useOne();
  const save = () => run(() => {
    const body = { name: draft.name, notes: draft.notes, items: draft.items.map((i) => i.id) };
    return of ? send('PATCH', `/api/releases/${of.id}`, body, t('releases.saved')) : send('POST', '/api/releases', body, t('releases.saved'));
  });
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <div class="field">
        <label for={`${id}-name`}>{t('releases.name')}</label>
        <input class="input" id={`${id}-name`} dir="auto" autocomplete="off" maxLength={80} value={draft.name} onInput={(e) => setDraft({ ...draft, name: e.currentTarget.value })} />
      </div>
      <TextsField id={`${id}-notes`} legend={t('releases.notes')} languages={all.languages} value={draft.notes} max={2000} long onChange={(notes) => setDraft({ ...draft, notes })} />
      <p class="muted"><small>{t('releases.notes.help', { n: 2000 })}</small></p>
      <PickItems id={`${id}-items`} legend={t('releases.contains')} several value={draft.items} onChange={(items) => setDraft({ ...draft, items })} />
      <div class="form-end">
        <button class="btn btn-primary" type="submit">{t('releases.save')}</button>
        {of && <button class="btn btn-ghost" type="button" onClick={() => void run(() => send('DELETE', `/api/releases/${of.id}`, undefined, t('releases.removed')))}>{t('releases.remove')}</button>}
      </div>
    </form>
  );
}

/** It reaches many people: asked once more, with how many tickets. */
function Publish({ of, send }: { of: Release; send: Send }) {
  const [asking, setAsking] = useState(false);
  const sure = useRef<HTMLButtonElement>(null);
  const run = useOne();
  useEffect(() => { if (asking) sure.current?.focus(); }, [asking]);
  if (!asking) return <p><button class="btn" type="button" id={`publish-${of.id}`} onClick={() => setAsking(true)}><Icon name="send" flip />{t('releases.publish')}</button></p>;
  const close = () => { setAsking(false); requestAnimationFrame(() => document.getElementById(`publish-${of.id}`)?.focus()); };
  return (
    <div role="group" aria-labelledby={`sure-${of.id}`} onKeyDown={(e) => { if (e.key === 'Escape') close(); }}>
      <p id={`sure-${of.id}`}>{t('releases.publish.sure', { n: of.tickets })}</p>
      <div class="form-end">
        <button class="btn btn-primary" type="button" ref={sure} onClick={() => void run(() => send('POST', `/api/releases/${of.id}/publication`, {}, t('releases.published')))}>{t('releases.publish.do', { name: of.name })}</button>
        <button class="btn btn-ghost" type="button" onClick={close}>{t('app.cancel')}</button>
      </div>
    </div>
  );
}

function Card({ all, of, send }: { all: Releases; of: Release; send: Send }) {
  return (
    <section class="card" aria-labelledby={`r${of.id}`}>
      <h2 id={`r${of.id}`}><bdi>{of.name}</bdi></h2>
      <p class="muted">{of.published_at
        ? <>{t('releases.out', { who: of.by ?? '', when: dateTime(of.published_at) })} · {t('releases.told', { told: of.told, n: of.tickets })} · {t('releases.answers', { yes: of.yes, no: of.no })}</>
        : <>{t('releases.not_out')} · {t('releases.tickets', { n: of.tickets })}</>}</p>
      {of.items.length > 0 && <ul role="list" class="release-items">{of.items.map((i) => <li key={i.id}><a class="link" href={`/agent/releases/items/${i.id}`}><bdi class="ident">{i.key}</bdi> <bdi>{i.title}</bdi></a></li>)}</ul>}
      {all.can && !of.published_at && (
        <>
          <details><summary>{t('releases.change')}</summary><Form key={JSON.stringify(of)} all={all} of={of} send={send} /></details>
          <Publish of={of} send={send} />
        </>
      )}
    </section>
  );
}

function ReleaseList() {
  const [all, setAll] = useState<Releases | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wrong, setWrong] = useState('');
  const summary = useRef<HTMLParagraphElement>(null);
  const load = () => {
    setProblem(null);
    const first = takeRoute<Releases>();
    if (first?.releases) return setAll(first);
    api<Releases>('GET', '/api/releases').then(setAll, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  useEffect(() => { if (wrong) summary.current?.focus(); }, [wrong]);
  /* As long as tickets are being told. */
  const telling = all?.releases.some((r) => r.published_at && r.told < r.tickets) ?? false;
  useEffect(() => {
    if (!telling) return undefined;
    const timer = setTimeout(() => { api<Releases>('GET', '/api/releases', { quiet: true }).then(setAll, () => {}); }, 3000);
    return () => clearTimeout(timer);
  }, [all]);
  if (!all) return problem ? <Failed problem={problem} retry={load} /> : <Skeleton />;
  const send: Send = async (method, path, body, done) => {
    setWrong('');
    try {
      setAll(await api<Releases>(method, path, body === undefined ? {} : { body }));
      announce(done);
      return true;
    } catch (e) {
      setWrong(faultOf(e));
      return false;
    }
  };
  return (
    <>
      {wrong && <p class="error" ref={summary} tabIndex={-1} role="alert"><Icon name="circle-alert" />{wrong}</p>}
      {all.can && (
        <section class="card" aria-labelledby="new-release">
          <h2 id="new-release">{t('releases.new')}</h2>
          <details key={all.releases.length}><summary>{t('releases.new.open')}</summary><Form key={all.releases.length} all={all} of={null} send={send} /></details>
        </section>
      )}
      {all.releases.map((r) => <Card key={r.id} all={all} of={r} send={send} />)}
      {!all.releases.length && <p class="muted">{t('releases.nothing')}</p>}
      {all.more && <p class="muted">{t('releases.older')}</p>}
    </>
  );
}

export default function Main() {
  const path = url.value.pathname;
  const id = Number(/^\/agent\/releases\/items\/(\d+)$/.exec(path)?.[1] ?? 0);
  if (id) return <ItemView key={id} id={id} />;
  const items = path === '/agent/releases/items';
  return (
    <>
      <Heading key={path} text={t('releases.title')} />
      <p class="muted">{t('releases.lead')}</p>
      <nav class="seg release-nav" aria-label={t('releases.title')}>
        <a href="/agent/releases" aria-current={items ? undefined : 'page'}>{t('releases.title')}</a>
        <a href="/agent/releases/items" aria-current={items ? 'page' : undefined}>{t('releases.items')}</a>
      </nav>
      {items ? <ItemsList /> : <ReleaseList />}
    </>
  );
}
