/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Articles in a section or in a state, fifty at a time, and the way to a new one. */
import { useEffect, useState } from 'preact/hooks';
import { say } from '../forms/data';
import { api, Problem } from '../lib/api';
import { boot } from '../lib/boot';
import { shortTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useOnce, useOne } from '../lib/once';
import { navigate, url } from '../lib/router';
import { Pick } from '../make/parts';
import { languageName } from '../settings/control';
import { Failed, Icon, Skeleton } from '../ui/parts';
import { findsOf, type As } from './as';
import { FILTERS, type Article, type Filter, type Listed, type ListedPage, type ListedText, type Section, type Send, type Tree } from './data';
import { filterLink } from './tree';

/** What is to be said of a text: what it is, and what is to be done. */
export function marks(x: ListedText): string[] {
  return [
    ...(x.live ? [t('articles.state.live')] : []),
    ...(x.draft ? [t(`articles.state.${x.draft}`)] : []),
    ...(x.publish_at ? [t('articles.state.planned', { when: shortTime(x.publish_at) })] : []),
    ...(x.outdated ? [t('articles.state.outdated')] : []),
  ];
}

function Row({ of, send, beside, n, onMoved }: { of: Listed; send: Send; beside: Listed[] | null; n: number; onMoved: (list: Listed[]) => void }) {
  const run = useOne();
  const main = of.texts[of.language] ?? Object.values(of.texts)[0];
  const title = main?.title ?? String(of.id);
  const move = (to: number) => run(async () => {
    const rest = (beside ?? []).filter((a) => a.id !== of.id);
    const ok = await send('PATCH', `/api/articles/${of.id}`, { in_front_of: rest[to]?.id ?? 0 }, t('before.moved', { what: title, n: to + 1 }));
    if (ok) onMoved([...rest.slice(0, to), of, ...rest.slice(to)]);
    document.getElementById(`${to > n ? 'down' : 'up'}-a${of.id}`)?.focus();
  });
  const last = (beside?.length ?? 0) - 1;
  return (
    <li>
      <div class="make-row">
        <span class="grow">
          <a href={`/agent/kb/${of.id}`} lang={of.language} dir="auto">{title}</a>
          <small class="muted">
            {[t(`before.audience.${of.level}`), ...(main ? marks(main) : []), ...(of.review_by && Date.parse(of.review_by) <= Date.now() ? [t('articles.state.overdue')] : [])].join(' · ')}
          </small>
          {Object.keys(of.texts).length > 1 && (
            <small class="muted">
              {Object.entries(of.texts).filter(([l]) => l !== of.language).map(([l, x], i) => <span key={l}>{i > 0 && ' · '}<bdi>{languageName(l)}</bdi>{x.outdated ? ` (${t('articles.state.outdated')})` : x.live ? '' : ` (${t('articles.state.draft')})`}</span>)}
            </small>
          )}
        </span>
        {beside && (
          <>
            <button class="btn btn-icon" type="button" id={`up-a${of.id}`} aria-label={t('make.up', { what: title })} aria-disabled={n === 0} onClick={() => { if (n > 0) void move(n - 1); }}><Icon name="arrow-up" /></button>
            <button class="btn btn-icon" type="button" id={`down-a${of.id}`} aria-label={t('make.down', { what: title })} aria-disabled={n === last} onClick={() => { if (n < last) void move(n + 1); }}><Icon name="arrow-down" /></button>
          </>
        )}
      </div>
    </li>
  );
}

/** asked: a title and a language that somebody comes with, as from what readers looked for in vain. */
function NewArticle({ tree, section, asked, send, onClose }: { tree: Tree; section: number; asked: URLSearchParams; send: Send; onClose: () => void }) {
  const [title, setTitle] = useState((asked.get('new') ?? '').slice(0, 200));
  const languages = [...new Set([boot.lang, ...tree.languages])];
  const [language, setLanguage] = useState(languages.find((l) => l === asked.get('lang')) ?? (tree.languages.includes(boot.lang) ? boot.lang : tree.languages[0] ?? boot.lang));
  const keyFor = useOnce();
  const run = useOne();
  useEffect(() => document.getElementById('new-title')?.focus(), []);
  const make = () => run(async () => {
    const body = { title: title.trim(), language, body: '<p></p>', format: 'html', ...(section ? { section } : {}) };
    const made = await send<Article>('POST', '/api/articles', body, t('before.saved'), keyFor(body));
    if (made) navigate(`/agent/kb/${made.id}`);
  });
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void make(); }}>
      <h3>{t('before.article.new')}</h3>
      <div class="make-line">
        <div class="field">
          <label for="new-title">{t('before.label')}</label>
          <input class="input" id="new-title" dir="auto" lang={language} maxLength={200} autocomplete="off" value={title} onInput={(e) => setTitle(e.currentTarget.value)} />
        </div>
        <Pick id="new-language" label={t('before.language')} value={language} options={languages.map((l): [string, string] => [l, languageName(l)])} onChange={setLanguage} />
      </div>
      <div class="form-end">
        <button class="btn btn-primary" type="submit">{t('articles.write')}</button>
        <button class="btn btn-ghost" type="button" onClick={onClose}>{t('app.cancel')}</button>
      </div>
    </form>
  );
}

export function List({ tree, section, state, as, send }: { tree: Tree; section: Section | 0 | null; state: Filter | null; as: As | null; send: Send }) {
  const [page, setPage] = useState<ListedPage | null>(null);
  const [theirs, setTheirs] = useState<number[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const asked = url.value.searchParams;
  const [making, setMaking] = useState(asked.has('new'));
  const id = section === 0 ? 0 : section?.id ?? null;
  const path = `/api/articles?${new URLSearchParams({ ...(id !== null ? { section: String(id) } : {}), ...(state ? { state } : {}) })}`;
  const load = () => {
    let here = true;
    setProblem(null);
    setPage(null);
    Promise.all([api<ListedPage>('GET', path), as && id ? findsOf(as, { section: id }) : null])
      .then(([list, finds]) => { if (here) { setPage(list); setTheirs(finds ? finds.articles ?? [] : null); } }, (e: unknown) => { if (here && e instanceof Problem) setProblem(e); });
    return () => { here = false; };
  };
  useEffect(load, [path, as]);
  const more = async () => {
    const next = await api<ListedPage>('GET', `${path}&after=${page?.next ?? ''}`);
    setPage({ articles: [...page?.articles ?? [], ...next.articles], next: next.next });
  };
  const name = section === 0 ? t('articles.unsorted') : section ? say(section.names) : t('articles.all');
  const shown = (page?.articles ?? []).filter((a) => !theirs || theirs.includes(a.id));
  const ordered = section !== null && !state && !as && page?.next === null ? shown : null;
  return (
    <section class="card" aria-labelledby="list" aria-busy={!page && !problem}>
      <h2 id="list" dir="auto">{name}</h2>
      {section !== null && <p><a href="/agent/kb">{t('articles.all')}</a></p>}
      <Pick id="state" label={t('articles.filter')} value={state ?? ''} options={[['', t('articles.filter.none')], ...FILTERS.map((f): [string, string] => [f, f === 'planned' ? t('articles.filter.planned') : t(`articles.state.${f}`)])]}
        onChange={(v) => navigate(filterLink({ state: v }))} />
      {problem ? <Failed problem={problem} retry={load} /> : !page ? <Skeleton /> : shown.length ? (
        <ul class="make-list" role="list">
          {shown.map((a, n) => <Row key={a.id} of={a} send={send} beside={ordered} n={n} onMoved={(articles) => setPage({ articles, next: null })} />)}
        </ul>
      ) : <p class="muted">{t('before.none')}</p>}
      {page?.next && <p><button class="btn" type="button" onClick={() => void more()}>{t('app.more')}</button></p>}
      {!as && (making ? <NewArticle tree={tree} section={id ?? 0} asked={asked} send={send} onClose={() => { setMaking(false); if (asked.has('new')) navigate(filterLink({ new: null, lang: null }), { replace: true }); }} />
        : <p><button class="btn btn-primary" type="button" onClick={() => setMaking(true)}><Icon name="plus" />{t('before.article.new')}</button></p>)}
    </section>
  );
}
