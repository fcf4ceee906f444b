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
import type { Article, Audience, Send, Written } from './data';
import { PortalPick } from './signpost';

const AUDIENCES = ['public', 'signed_in', 'agents'] as const;
type Texts = Record<string, { title: string; body: string }>;
const blank = { title: '', body: '' };

function ArticleForm({ written, of, send, onDone }: { written: Written; of: Article | null; send: Send; onDone: () => void }) {
  const [texts, setTexts] = useState<Texts | null>(of ? null : {});
  const [about, setAbout] = useState<{ audience: Audience; portal: number | null; published: boolean }>(of ?? { audience: 'signed_in', portal: null, published: false });
  const languages = [...new Set([boot.lang, ...written.languages, ...Object.keys(of?.titles ?? {})])];
  const [language, setLanguage] = useState(Object.keys(of?.titles ?? {})[0] ?? boot.lang);
  const [problem, setProblem] = useState<Problem | null>(null);
  /* Which it is, and what of it the server has. */
  const made = useRef(of?.id);
  const stored = useRef<Texts>({});
  const keyFor = useOnce();
  const run = useOne();
  const load = () => {
    setProblem(null);
    if (of) api<{ texts: Texts }>('GET', `/api/articles/${of.id}`).then((a) => setTexts(stored.current = a.texts ?? {}), (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  if (!texts) return problem ? <Failed problem={problem} retry={load} /> : <Skeleton />;
  const now = texts[language] ?? blank;
  const set = (part: Partial<typeof now>) => setTexts({ ...texts, [language]: { ...now, ...part } });
  const id = `article-${of?.id ?? 'new'}`;
  /* Each language is sent by itself: those that were written in, or one, where only what is said of all of them is new. */
  const changed = (): string[] => {
    const written = Object.entries(texts).filter(([l, { title, body }]) => { const was = stored.current[l] ?? blank; return title !== was.title || body !== was.body; }).map(([l]) => l);
    return written.length ? written : [stored.current[language] ? language : Object.keys(stored.current)[0] ?? language];
  };
  const save = () => run(async () => {
    const { audience, portal, published } = about;
    const all = changed();
    for (const l of all) {
      const text = texts[l] ?? blank;
      const body = { language: l, title: text.title.trim(), body: text.body, audience, published, ...(portal ? { portal } : {}) };
      const done = l === all[all.length - 1] ? t('before.saved') : '';
      const answer = made.current ? await send('PATCH', `/api/articles/${made.current}`, body, done) : await send('POST', '/api/articles', body, done, keyFor(body));
      if (!answer) {
        /* What is wrong is before one; what went before it is stored. */
        setLanguage(l);
        return;
      }
      made.current ??= answer.made;
      stored.current = { ...stored.current, [l]: text };
    }
    onDone();
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
      <Pick id={`${id}-audience`} label={t('before.audience')} value={about.audience} options={AUDIENCES.map((a): [string, string] => [a, t(`before.audience.${a}`)])} onChange={(a) => setAbout({ ...about, audience: a as Audience })} />
      <PortalPick id={`${id}-portal`} written={written} value={about.portal} onChange={(portal) => setAbout({ ...about, portal })} />
      <label class="check"><input type="checkbox" checked={about.published} onChange={(e) => setAbout({ ...about, published: e.currentTarget.checked })} />{t('before.published')}</label>
      <div class="form-end"><button class="btn btn-primary" type="submit">{t('before.save')}</button></div>
    </form>
  );
}

export function Articles({ written, send }: { written: Written; send: Send }) {
  const [open, setOpen] = useState<number | 'new' | null>(null);
  const name = (a: Article) => say(a.titles ?? {});
  return (
    <section class="card" aria-labelledby="articles">
      <h2 id="articles">{t('before.articles')}</h2>
      {written.articles.length ? (
        <ul class="make-list" role="list">
          {written.articles.map((a) => (
            <li key={a.id}>
              <div class="make-row">
                <span class="grow"><bdi>{name(a)}</bdi><small class="muted">{[t(`before.audience.${a.audience}`), t(a.published ? 'before.published' : 'before.unpublished'), t('before.spared', { n: a.solved })].join(' · ')}</small></span>
                <a class="btn" href={`/kb/${a.id}`} target="_blank" rel="noopener">{t('before.view')}<span class="visually-hidden"> <bdi>{name(a)}</bdi></span></a>
                <button class="btn" type="button" aria-expanded={open === a.id} aria-label={t('make.change.what', { what: name(a) })} onClick={() => setOpen(open === a.id ? null : a.id)}>{t('make.change')}</button>
              </div>
              {open === a.id && <div class="make-body"><ArticleForm written={written} of={a} send={send} onDone={() => setOpen(null)} /></div>}
            </li>
          ))}
        </ul>
      ) : <p class="muted">{t('before.none')}</p>}
      {open === 'new'
        ? <ArticleForm written={written} of={null} send={send} onDone={() => setOpen(null)} />
        : <p><button class="btn" type="button" onClick={() => setOpen('new')}>{t('before.article.new')}</button></p>}
    </section>
  );
}
