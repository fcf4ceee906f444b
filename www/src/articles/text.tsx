/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** An article's text in one language: what is written, beside what is live or what it translates, and what becomes of it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { dateTime, shortTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { zoned } from '../lib/zone';
import { Pick } from '../make/parts';
import { languageName } from '../settings/control';
import { lazy } from '../ui/area';
import { compare } from '../ui/compare';
import { Failed, Icon, Prose, Skeleton } from '../ui/parts';
import type { Props as WriterProps } from '../writer/main';
import { stateOf } from './article';
import type { Article, OldText, Send, Words, Written } from './data';
import { diff } from './diff';
import { History } from './history';
import { dropHere, keptHere, Saver, type Saved } from './saver';
import { faultText } from './send';
import { Differences } from './shown';

const Writer = lazy<WriterProps>(() => import('../writer/main'), { lost: (of) => of.onLost() });

const EMPTY: Words = { title: '', keywords: [], body: '' };
const read = (id: number, language: string) => api<Written>('GET', `/api/articles/${id}/texts/${encodeURIComponent(language)}?format=html`);
const same = (a: Words, b: Words) => a.title === b.title && a.keywords.join() === b.keywords.join() && diff(a.body, b.body).every((c) => c.is === 'same');
const keywordsOf = (s: string) => [...new Set(s.split(/[,;、\n]/).map((w) => w.trim()).filter(Boolean))];

type Beside = '' | 'live' | 'original' | 'changes' | 'since' | 'preview';

/** What stands beside the text that is written. */
function Aside({ what, of, language, written, flush }: { what: Beside; of: Article; language: string; written: Written; flush: () => Promise<boolean> }) {
  const [texts, setTexts] = useState<{ title: string; html: string; old?: OldText } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const from = of.texts[language]?.draft?.of ?? of.texts[language]?.live?.of;
  const load = async () => {
    setProblem(null);
    setTexts(null);
    try {
      if (what === 'original' || what === 'since') {
        const main = await read(of.id, of.language);
        const text = main.live ?? main.draft ?? EMPTY;
        const old = what === 'since' && from ? await api<OldText>('GET', `/api/articles/${of.id}/versions/${from}?language=${encodeURIComponent(of.language)}`) : undefined;
        setTexts({ title: text.title, html: text.body, ...(old ? { old } : {}) });
      } else {
        await flush();
        const now = await read(of.id, language);
        const text = (what === 'live' ? now.live : now.draft ?? now.live) ?? EMPTY;
        setTexts({ title: text.title, html: text.body, ...(what === 'changes' ? { old: { title: now.live?.title ?? '', html: now.live?.body ?? '', keywords: [] } } : {}) });
      }
    } catch (e) {
      if (e instanceof Problem) setProblem(e);
    }
  };
  useEffect(() => { void load(); }, [what, written]);
  if (problem) return <Failed problem={problem} retry={() => void load()} />;
  if (!texts) return <Skeleton />;
  if (texts.old) return <Differences old={texts.old.html} now={texts.html} titles={[texts.old.title, texts.title]} />;
  return (
    <div lang={what === 'original' || what === 'since' ? of.language : language}>
      <p class="articles-title" dir="auto">{texts.title}</p>
      <Prose html={texts.html} />
    </div>
  );
}

/** What can be done with it now. */
function Acts({ of, language, flush, send, onArticle }: { of: Article; language: string; flush: () => Promise<boolean>; send: Send; onArticle: (a: Article) => Promise<void> }) {
  const [planning, setPlanning] = useState(false);
  const [at, setAt] = useState('');
  const run = useOne();
  const x = of.texts[language];
  const act = (body: Record<string, unknown>, done: string) => run(async () => {
    if (!await flush()) return;
    const now = await send<Article>('POST', `/api/articles/${of.id}/texts/${encodeURIComponent(language)}`, body, done);
    setPlanning(false);
    if (now) await onArticle(now);
  });
  const draft = x?.draft;
  const wants = of.needs_review && draft?.state !== 'approved';
  return (
    <>
      <div class="form-end">
        {draft && !wants && <button class="btn btn-primary" type="button" onClick={() => void act({ act: 'publish' }, t('before.saved'))}>{t('articles.publish')}</button>}
        {draft && !wants && <button class="btn" type="button" aria-expanded={planning} onClick={() => setPlanning(!planning)}>{t('articles.plan')}</button>}
        {draft?.state === 'draft' && <button class={wants ? 'btn btn-primary' : 'btn'} type="button" onClick={() => void act({ act: 'review' }, t('before.saved'))}>{t('articles.review')}</button>}
        {draft?.state === 'review' && !draft.mine && <button class={wants ? 'btn btn-primary' : 'btn'} type="button" onClick={() => void act({ act: 'approve' }, t('before.saved'))}>{t('articles.approve')}</button>}
        {draft && draft.state !== 'draft' && <button class="btn" type="button" onClick={() => void act({ act: 'refuse' }, t('before.saved'))}>{t('articles.refuse')}</button>}
        {draft && x?.live && <button class="btn btn-ghost" type="button" onClick={() => void act({ act: 'discard' }, t('before.saved'))}>{t('articles.discard')}</button>}
        {x?.live && <button class="btn btn-ghost" type="button" onClick={() => void act({ act: 'unpublish' }, t('before.saved'))}>{t('articles.unpublish')}</button>}
      </div>
      {draft?.state === 'review' && draft.mine && <p class="muted">{t('before.fault.own_work')}</p>}
      {planning && (
        <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); if (at) void act({ act: 'publish', at: zoned(at) }, t('before.saved')); }}>
          <div class="make-line">
            <div class="field">
              <label for="plan">{t('articles.plan.at')}</label>
              <input class="input" id="plan" type="datetime-local" value={at} onInput={(e) => setAt(e.currentTarget.value)} />
            </div>
            <button class="btn btn-primary" type="submit">{t('articles.plan.do')}</button>
          </div>
        </form>
      )}
    </>
  );
}

/** One's own and somebody else's as they stand in the compare box: what is different, from theirs to one's own and back. */
const sides = (mine: Words, theirs: Words) => ({
  mine: <Differences old={theirs.body} now={mine.body} titles={[theirs.title, mine.title]} />,
  theirs: <><p class="articles-title" dir="auto">{theirs.title}</p><Prose html={theirs.body} /></>,
});

export function TextPane({ of, language, send, onArticle }: { of: Article; language: string; send: Send; onArticle: (a: Article) => void }) {
  const [written, setWritten] = useState<Written | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [words, setWords] = useState<Words>(EMPTY);
  /* Counts the texts that were put into the editor from outside. */
  const [round, setRound] = useState(0);
  const [saved, setSaved] = useState<Saved>('same');
  const [wrong, setWrong] = useState('');
  const [put, setPut] = useState<Words | null>(null);
  const [beside, setBeside] = useState<Beside>(language !== of.language ? 'original' : '');
  const [history, setHistory] = useState(false);
  const [back, setBack] = useState(false);
  const [lost, setLost] = useState(false);
  const now = useRef<Words>(EMPTY);
  const body = useRef<(() => string) | null>(null);
  const saver = useRef<Saver | null>(null);
  const asking = useRef(false);
  const wordsNow = (): Words => ({ ...now.current, body: body.current ? body.current() : now.current.body });
  const show = (next: Words) => {
    body.current = null;
    now.current = next;
    setWords(next);
    setRound((n) => n + 1);
  };
  /** Somebody else's is there: both are shown, and what is not taken is put aside. */
  const decide = async () => {
    if (asking.current || !saver.current) return;
    asking.current = true;
    try {
      const there = await read(of.id, language);
      const theirs = there.draft ?? there.live ?? EMPTY;
      const mine = wordsNow();
      if (same(mine, theirs)) return saver.current.settle(there.draft?.was ?? null, false);
      const latest = await api<Article>('GET', `/api/articles/${of.id}`);
      const draft = latest.texts[language]?.draft;
      const taken = await compare(t('articles.title'), [{
        field: theirs.title || mine.title, ...sides(mine, theirs),
        who: draft ? { at: draft.updated_at, ...(draft.by ? { name: draft.by } : {}) } : null,
      }]);
      if (!taken) return;
      if (taken[0] === 'mine') {
        setPut(theirs);
        saver.current.settle(there.draft?.was ?? null, true);
      } else {
        setPut(mine);
        saver.current.settle(there.draft?.was ?? null, false);
        show({ title: theirs.title, keywords: theirs.keywords, body: theirs.body });
        onArticle(latest);
      }
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setWrong(faultText(e));
    } finally {
      asking.current = false;
    }
  };
  const open = (there: Written) => {
    const base = there.draft ?? there.live ?? EMPTY;
    const text = { title: base.title, keywords: base.keywords, body: base.body };
    saver.current?.stop();
    const made = new Saver(of.id, language, there.draft?.was ?? null, wordsNow, (state, article, p) => {
      setSaved(state);
      setWrong(state === 'refused' && p ? faultText(p) : '');
      if (article) onArticle(article);
      if (state === 'theirs') void decide();
    });
    saver.current = made;
    setSaved('same');
    setWritten(there);
    const kept = keptHere(of.id, language);
    if (!kept || same(kept, text)) {
      dropHere(of.id, language);
      return show(text);
    }
    /* It did not come to the server, and is not lost. */
    show({ title: kept.title, keywords: kept.keywords, body: kept.body });
    setBack(true);
    if (kept.was === (there.draft?.was ?? null)) made.settle(kept.was, true);
    else {
      made.was = kept.was;
      made.changed();
      void made.flush();
    }
  };
  const load = () => {
    setProblem(null);
    read(of.id, language).then(open, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(() => {
    load();
    const leave = () => saver.current?.leave();
    const hidden = () => { if (document.visibilityState === 'hidden') void saver.current?.flush(); };
    addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', hidden);
    return () => {
      removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', hidden);
      saver.current?.stop();
    };
  }, []);
  if (!written) return <section class="card">{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</section>;
  const flush = async () => await saver.current?.flush() ?? true;
  const change = (part: Partial<Words>) => {
    now.current = { ...now.current, ...part };
    setWords({ ...words, ...part });
    saver.current?.changed();
  };
  const acted = async (article: Article) => {
    onArticle(article);
    const there = await read(of.id, language);
    setWritten(there);
    const base = there.draft ?? there.live ?? EMPTY;
    saver.current?.settle(there.draft?.was ?? null, false);
    /* What is in the editor stays as it is, but where another text is there now. */
    if (!same(base, wordsNow())) show({ title: base.title, keywords: base.keywords, body: base.body });
  };
  const x = of.texts[language];
  const translation = language !== of.language;
  const others: Beside[] = [...(translation ? ['original' as const] : []), ...(translation && (x?.draft ?? x?.live)?.outdated ? ['since' as const] : []),
    ...(x?.live ? ['live' as const] : []), ...(x?.live && x.draft ? ['changes' as const] : []), 'preview'];
  const id = `text-${of.id}`;
  const outdated = (x?.draft ?? x?.live)?.outdated;
  return (
    <section class="card articles-text" aria-labelledby="text">
      <div class="card-head">
        <h2 id="text"><bdi lang={language}>{languageName(language)}</bdi></h2>
        <p class="muted">{stateOf(x).join(' · ')}</p>
      </div>
      {x?.live && <p class="muted">{t('articles.live', { n: x.live.version, when: dateTime(x.live.since) })}{x.draft && <> {t('articles.beside_live')}</>}</p>}
      {outdated && (
        <p class="notice" data-tone="warn">
          {t('articles.outdated', { language: languageName(of.language) })}{' '}
          <button class="link" type="button" onClick={() => setBeside('since')}>{t('articles.beside.since')}</button>{' · '}
          <button class="link" type="button" onClick={() => saver.current?.changed()}>{t('articles.still_right')}</button>
        </p>
      )}
      {back && <p class="notice" role="status">{t('articles.back')}</p>}
      <Pick id="beside" label={t('articles.beside')} value={beside} options={[['', t('articles.beside.none')], ...others.map((o): [string, string] => [o, o === 'original' ? languageName(of.language) : t(`articles.beside.${o as Exclude<Beside, '' | 'original'>}`)])]} onChange={(v) => setBeside(v as Beside)} />
      <div class="articles-sides" data-two={beside ? '' : undefined}>
        {beside && (
          <section class="articles-side" aria-labelledby="beside-title">
            <h3 id="beside-title">{beside === 'original' ? languageName(of.language) : t(`articles.beside.${beside as Exclude<Beside, '' | 'original'>}`)}</h3>
            <Aside what={beside} of={of} language={language} written={written} flush={flush} />
          </section>
        )}
        <div class="form">
          <div class="field">
            <label for={`${id}-title`}>{t('before.label')}</label>
            <input class="input articles-title" id={`${id}-title`} dir="auto" lang={language} maxLength={200} autocomplete="off" value={words.title} onInput={(e) => change({ title: e.currentTarget.value })} />
          </div>
          <div class="field">
            <span class="label" id={`${id}-label`}>{t('before.text')}</span>
            {lost ? <Failed problem={new Problem(0, 'network')} retry={() => { setLost(false); setRound(round + 1); }} /> : null}
            <Writer key={round} id={`${id}-body`} article={of.id} label={t('before.text')} language={language} html={words.body} describedBy={`${id}-help`} onChange={(html) => { body.current = html; saver.current?.changed(); }} onLost={() => setLost(true)} />
            <p class="hint" id={`${id}-help`}>{t('articles.keys')}</p>
          </div>
          <div class="field">
            <label for={`${id}-keywords`}>{t('articles.keywords')}</label>
            <span class="hint" id={`${id}-keywords-hint`}>{t('articles.keywords.hint')}</span>
            <input class="input" id={`${id}-keywords`} dir="auto" lang={language} autocomplete="off" aria-describedby={`${id}-keywords-hint`} defaultValue={words.keywords.join(', ')} key={`k${round}`} onInput={(e) => change({ keywords: keywordsOf(e.currentTarget.value) })} />
          </div>
        </div>
      </div>
      <p class={saved === 'lost' || saved === 'theirs' ? 'notice' : 'muted'} data-tone={saved === 'lost' || saved === 'theirs' ? 'warn' : undefined} role="status" id="saved">
        {saved !== 'same' && saved !== 'refused' && t(`articles.saved.${saved}`)}
        {saved === 'saved' && x?.draft && <> <time dateTime={x.draft.updated_at}>{shortTime(x.draft.updated_at)}</time></>}
        {saved === 'theirs' && <> <button class="link" type="button" onClick={() => void decide()}>{t('articles.compare')}</button></>}
      </p>
      {wrong && <p class="error" role="alert"><Icon name="circle-alert" />{wrong}</p>}
      {put && (
        <details class="articles-put" open>
          <summary>{t('articles.put_aside')}</summary>
          <p class="articles-title" dir="auto">{put.title}</p>
          <Prose html={put.body} />
          <div class="form-end">
            <button class="btn" type="button" onClick={() => { const mine = wordsNow(); show(put); setPut(mine); saver.current?.changed(); }}>{t('articles.put_aside.take')}</button>
            <button class="btn btn-ghost" type="button" onClick={() => { setPut(null); announce(t('before.removed')); }}>{t('articles.put_aside.drop')}</button>
          </div>
        </details>
      )}
      <Acts of={of} language={language} flush={flush} send={send} onArticle={acted} />
      {x?.live && (
        <details onToggle={(e) => setHistory(e.currentTarget.open)}>
          <summary>{t('articles.history')}</summary>
          {history && (
            <History article={of.id} language={language} draft={x.draft !== undefined} key={`${x.live.version} ${x.draft ? 'draft' : ''}`} onRestore={async (version) => {
              if (!await flush()) return;
              const restored = await send<Article>('POST', `/api/articles/${of.id}/restore`, { language, version, ...(saver.current?.was ? { was: saver.current.was } : {}) }, t('articles.history.restored'));
              if (restored) await acted(restored);
            }} />
          )}
        </details>
      )}
    </section>
  );
}
