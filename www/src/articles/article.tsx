/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One article: its languages beside each other, what it is in each, and what is said of all of them. */
import { useEffect, useState } from 'preact/hooks';
import { say } from '../forms/data';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { navigate, query, url } from '../lib/router';
import { wall, zoned } from '../lib/zone';
import { Pick } from '../make/parts';
import { languageName } from '../settings/control';
import { Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { AsForm, type As, type Finds } from './as';
import { audienceText, AudienceForm } from './audience';
import type { Article, OneText, Send, Tree } from './data';
import { places } from './section';
import { Refused, useSend } from './send';
import { TextPane } from './text';
import { Votes } from './votes';

const titleOf = (a: Article) => {
  const of = a.texts[a.language] ?? Object.values(a.texts)[0];
  return of?.draft?.title ?? of?.live?.title ?? '';
};

/** What a text is, in a word or two. */
export function stateOf(x: OneText | undefined): string[] {
  if (!x) return [t('articles.state.none')];
  return [
    ...(x.live ? [t('articles.state.live')] : []),
    ...(x.draft ? [t(`articles.state.${x.draft.state}`)] : []),
    ...(x.draft?.publish_at ? [t('articles.state.planned', { when: dateTime(x.draft.publish_at) })] : []),
    ...((x.draft ?? x.live)?.outdated ? [t('articles.state.outdated')] : []),
  ];
}

function Languages({ of, chosen }: { of: Article; chosen: string }) {
  const there = Object.keys(of.texts);
  const all = [...new Set([of.language, ...there])];
  const more = of.languages.filter((l) => !all.includes(l));
  if (!all.includes(chosen)) all.push(chosen);
  return (
    <nav class="articles-line" aria-label={t('articles.languages')}>
      <ul class="tabs" role="list">
        {all.map((l) => (
          <li key={l}>
            <a href={`/agent/kb/${of.id}${query({ lang: l === of.language ? null : l })}`} aria-current={l === chosen ? 'page' : undefined}>
              <span><bdi lang={l}>{languageName(l)}</bdi> <small class="muted">{stateOf(of.texts[l]).join(' · ')}</small></span>
            </a>
          </li>
        ))}
      </ul>
      {more.length > 0 && (
        <Pick id="translate" label={t('articles.translate')} value="" options={[['', t('forms.choose')], ...more.map((l): [string, string] => [l, languageName(l)])]}
          onChange={(l) => { if (l) navigate(`/agent/kb/${of.id}${query({ lang: l })}`); }} />
      )}
    </nav>
  );
}

/** Where it lies, who reads it, until when. */
function About({ of, tree, send, onArticle }: { of: Article; tree: Tree; send: Send; onArticle: (a: Article) => void }) {
  const [expires, setExpires] = useState(of.expires_at);
  const [review, setReview] = useState(of.review_by ?? '');
  const [as, setAs] = useState<(As & { finds: Finds }) | null>(null);
  const [votes, setVotes] = useState(false);
  const run = useOne();
  const path = `/api/articles/${of.id}`;
  const patch = (body: Record<string, unknown>) => run(async () => {
    const now = await send<Article>('PATCH', path, body, t('before.saved'));
    if (now) onArticle(now);
  });
  const live = Object.entries(of.texts).filter(([, x]) => x.live).map(([l]) => l);
  const above = tree.audiences[String(tree.sections.find((s) => s.id === of.section)?.shown_to ?? tree.audience)] ?? { level: 'signed_in' as const };
  const never = Object.values(of.texts).every((x) => !x.live);
  return (
    <aside class="card articles-about" aria-labelledby="about">
      <h2 id="about">{t('articles.about')}</h2>
      <Pick id="place" label={t('articles.section')} value={String(tree.sections.some((s) => s.id === of.section) ? of.section : 0)} options={[['0', t('articles.unsorted')], ...places(tree)]} onChange={(v) => void patch({ section: Number(v) })} />
      <p class="articles-line"><Icon name="eye" /><bdi>{audienceText(of.shown_to)}</bdi></p>
      <details>
        <summary>{t('before.audience')}</summary>
        <AudienceForm key={JSON.stringify(of.audience)} id="who" of={of.audience} above={above} portals={tree.portals} save={(audience) => void patch({ audience })} />
      </details>
      <AsForm tree={tree} article={of.id} of={as} onAs={setAs} />
      <details open={of.expires_at !== null || of.review_by !== null || undefined}>
        <summary>{t('articles.times')}</summary>
        <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void patch({ review_by: review, expires_at: expires ?? '' }); }}>
          <div class="field">
            <label for="review">{t('articles.review_by')}</label>
            <input class="input" id="review" type="date" value={review} onInput={(e) => setReview(e.currentTarget.value)} />
          </div>
          <div class="field">
            <label for="expires">{t('articles.expires')}</label>
            <input class="input" id="expires" type="datetime-local" value={expires ? wall(expires) : ''} onInput={(e) => setExpires(e.currentTarget.value ? zoned(e.currentTarget.value) : null)} />
          </div>
          <div class="form-end"><button class="btn" type="submit">{t('before.save')}</button></div>
        </form>
      </details>
      {live.length > 0 && (
        <details onToggle={(e) => setVotes(e.currentTarget.open)}>
          <summary>{t('articles.votes')}</summary>
          {votes && <Votes article={of.id} />}
        </details>
      )}
      {live.length > 0 && <p><a href={`/kb/a/${of.key}`} target="_blank" rel="noopener">{t('before.view')}</a></p>}
      {live.length > 1 && <Pick id="first" label={t('articles.first')} value={of.language} options={live.map((l): [string, string] => [l, languageName(l)])} onChange={(l) => void patch({ first_language: l })} />}
      {never && (
        <p><button class="btn btn-ghost" type="button" onClick={() => void run(async () => { if (await send('DELETE', path, undefined, t('before.removed'))) navigate('/agent/kb', { replace: true }); })}><Icon name="trash-2" />{t('articles.remove')}</button></p>
      )}
    </aside>
  );
}

export function ArticlePage({ id }: { id: number }) {
  const [article, setArticle] = useState<Article | null>(null);
  const [tree, setTree] = useState<Tree | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { send, wrong } = useSend();
  const load = () => {
    setProblem(null);
    const first = takeRoute<Article>();
    const fail = (e: unknown) => { if (e instanceof Problem) setProblem(e); };
    if (first?.texts && first.id === id) setArticle(first);
    else api<Article>('GET', `/api/articles/${id}`).then(setArticle, fail);
    api<Tree>('GET', '/api/kb').then(setTree, fail);
  };
  useEffect(load, []);
  if (!article || !tree) return <><Heading text={t('articles.title')} />{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  const language = url.value.searchParams.get('lang') ?? article.language;
  const section = tree.sections.find((s) => s.id === article.section);
  const title = titleOf(article);
  return (
    <>
      <p><a class="articles-line" href={section ? `/agent/kb?section=${section.id}` : '/agent/kb'}><Icon name="arrow-left" flip />{section ? <bdi>{say(section.names)}</bdi> : t('articles.title')}</a></p>
      <Heading text={title}><bdi lang={article.language}>{title}</bdi></Heading>
      <Languages of={article} chosen={language} />
      <Refused text={wrong} />
      <div class="articles-page">
        <TextPane key={language} of={article} language={language} send={send} onArticle={setArticle} />
        <About key={`${article.expires_at} ${article.review_by}`} of={article} tree={tree} send={send} onArticle={setArticle} />
      </div>
    </>
  );
}

