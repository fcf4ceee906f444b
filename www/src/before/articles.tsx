/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Articles: those there are, and one to write on in one of its languages. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../forms/data';
import { api, Problem } from '../lib/api';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { useOnce, useOne } from '../lib/once';
import { Pick } from '../make/parts';
import { languageName } from '../settings/control';
import { Editor } from '../ui/editor';
import { Failed, Skeleton } from '../ui/parts';
import type { Article, Level, Written } from './data';
import { PortalPick } from './signpost';

const LEVELS = ['public', 'signed_in', 'agents'] as const;
/** Sends changes that follow each other; false when one was refused, which is told. */
export type Tries = (changes: () => Promise<void>) => Promise<boolean>;
interface Text { title: string; body: string }
type Texts = Record<string, Text>;
/** What the server has of a language: its text as Markdown, and the draft that is there. */
interface Stored extends Text { was: number | undefined; live: boolean; draft: boolean }
const blank = { title: '', body: '' };
interface Side { title: string; body: string; was?: number }
/** What it has of a language: its draft, or what is live. */
const stored = async (id: number, language: string): Promise<[string, Stored]> => {
  const { live, draft } = await api<{ live: Side | null; draft: Side | null }>('GET', `/api/articles/${id}/texts/${encodeURIComponent(language)}`);
  const { title, body, was } = draft ?? live ?? blank as Side;
  return [language, { title, body, was, live: live !== null, draft: draft !== null }];
};
const plain = (a: Article) => !a.audience.accounts && !a.audience.roles && (a.audience.portals?.length ?? 0) < 2;

function ArticleForm({ written, of, tries, onDone }: { written: Written; of: Article | null; tries: Tries; onDone: () => void }) {
  const [texts, setTexts] = useState<Texts | null>(of ? null : {});
  const was = of && { level: of.audience.level, portal: of.audience.portals?.[0]?.id ?? null, published: of.published };
  const [about, setAbout] = useState<{ level: Level; portal: number | null; published: boolean }>(was ?? { level: 'signed_in', portal: null, published: false });
  const languages = [...new Set([boot.lang, ...written.languages, ...Object.keys(of?.titles ?? {})])];
  const [language, setLanguage] = useState(Object.keys(of?.titles ?? {})[0] ?? boot.lang);
  const [problem, setProblem] = useState<Problem | null>(null);
  /* Which it is, and what of it the server has. */
  const made = useRef(of?.id);
  const there = useRef<Record<string, Stored>>({});
  const keyFor = useOnce();
  const run = useOne();
  const load = () => {
    setProblem(null);
    if (of) {
      Promise.all(Object.keys(of.titles).map((l) => stored(of.id, l)))
        .then((all) => setTexts(there.current = Object.fromEntries(all)), (e: unknown) => { if (e instanceof Problem) setProblem(e); });
    }
  };
  useEffect(load, []);
  if (!texts) return problem ? <Failed problem={problem} retry={load} /> : <Skeleton />;
  const now = texts[language] ?? blank;
  const set = (part: Partial<Text>) => setTexts({ ...texts, [language]: { ...now, ...part } });
  const id = `article-${of?.id ?? 'new'}`;
  /* Each language is sent by itself: those that were written in, and a new article in one at least. */
  const changed = (): string[] => {
    const all = Object.entries(texts).filter(([l, { title, body }]) => { const is = there.current[l] ?? blank; return title !== is.title || body !== is.body; }).map(([l]) => l);
    return all.length || made.current ? all : [language];
  };
  const audience = () => ({ level: about.level, ...(about.portal ? { portals: [about.portal] } : {}) });
  const save = () => run(async () => {
    const ok = await tries(async () => {
      for (const l of changed()) {
        const text = texts[l] ?? blank;
        /* What is wrong is before one; what went before it is stored. */
        setLanguage(l);
        const body = { title: text.title.trim(), body: text.body, publish: about.published };
        if (made.current) {
          const edit = there.current[l]?.was;
          await api('PATCH', `/api/articles/${made.current}/texts/${encodeURIComponent(l)}`, { body: { ...body, ...(edit ? { was: edit } : {}) } });
        } else {
          const whole = { ...body, language: l, audience: audience() };
          made.current = (await api<{ id: number }>('POST', '/api/articles', { body: whole, key: keyFor(whole) })).id;
        }
        there.current = { ...there.current, [l]: (await stored(made.current, l))[1] };
      }
      if (of && was && (was.level !== about.level || was.portal !== about.portal)) await api('PATCH', `/api/articles/${of.id}`, { body: { audience: audience() } });
      for (const [l, text] of Object.entries(there.current)) {
        if (about.published ? text.draft : text.live) await api('POST', `/api/articles/${made.current}/texts/${encodeURIComponent(l)}`, { body: { act: about.published ? 'publish' : 'unpublish' } });
      }
    });
    if (ok) onDone();
  });
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <Pick id={`${id}-language`} label={t('before.language')} value={language} options={languages.map((l): [string, string] => [l, languageName(l)])} onChange={setLanguage} />
      <div class="field">
        <label for={`${id}-title`}>{t('before.label')}</label>
        <input class="input" id={`${id}-title`} dir="auto" lang={language} maxLength={200} value={now.title} onInput={(e) => set({ title: e.currentTarget.value })} />
      </div>
      <div class="field">
        <label for={`${id}-body`}>{t('before.text')}</label>
        <div class="composer"><Editor id={`${id}-body`} key={language} label={t('before.text')} value={now.body} onInput={(body) => set({ body })} onSend={() => void save()} /></div>
      </div>
      {(!of || plain(of)) && (
        <>
          <Pick id={`${id}-audience`} label={t('before.audience')} value={about.level} options={LEVELS.map((a): [string, string] => [a, t(`before.audience.${a}`)])} onChange={(a) => setAbout({ ...about, level: a as Level })} />
          <PortalPick id={`${id}-portal`} written={written} value={about.portal} onChange={(portal) => setAbout({ ...about, portal })} />
        </>
      )}
      <label class="check"><input type="checkbox" checked={about.published} onChange={(e) => setAbout({ ...about, published: e.currentTarget.checked })} />{t('before.published')}</label>
      <div class="form-end"><button class="btn btn-primary" type="submit">{t('before.save')}</button></div>
    </form>
  );
}

export function Articles({ written, tries }: { written: Written; tries: Tries }) {
  const [open, setOpen] = useState<number | 'new' | null>(null);
  const name = (a: Article) => say(a.titles);
  return (
    <section class="card" aria-labelledby="articles">
      <h2 id="articles">{t('before.articles')}</h2>
      {written.articles.length ? (
        <ul class="make-list" role="list">
          {written.articles.map((a) => (
            <li key={a.id}>
              <div class="make-row">
                <span class="grow"><bdi>{name(a)}</bdi><small class="muted">{[t(`before.audience.${a.audience.level}`), t(a.published ? 'before.published' : 'before.unpublished'), t('before.spared', { n: a.solved })].join(' · ')}</small></span>
                <a class="btn" href={`/kb/${a.id}`} target="_blank" rel="noopener">{t('before.view')}<span class="visually-hidden"> <bdi>{name(a)}</bdi></span></a>
                <button class="btn" type="button" aria-expanded={open === a.id} aria-label={t('make.change.what', { what: name(a) })} onClick={() => setOpen(open === a.id ? null : a.id)}>{t('make.change')}</button>
              </div>
              {open === a.id && <div class="make-body"><ArticleForm written={written} of={a} tries={tries} onDone={() => setOpen(null)} /></div>}
            </li>
          ))}
        </ul>
      ) : <p class="muted">{t('before.none')}</p>}
      {open === 'new'
        ? <ArticleForm written={written} of={null} tries={tries} onDone={() => setOpen(null)} />
        : <p><button class="btn" type="button" onClick={() => setOpen('new')}>{t('before.article.new')}</button></p>}
    </section>
  );
}
