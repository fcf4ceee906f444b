/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The knowledge base, or a part of it, as one download: what, in which form, how large. The browser fetches it by itself. */
import { useEffect, useState } from 'preact/hooks';
import { inTree, type Tree } from '../articles/data';
import { size } from '../files/data';
import { say } from '../forms/data';
import { api, Problem } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { Pick } from '../make/parts';
import { languageName } from '../settings/control';
import { KbNav } from '../ui/kb-nav';
import { Failed, Heading, Icon, Skeleton } from '../ui/parts';

/* Roughly how many bytes a byte of text becomes, packed or not. */
const FORMATS = { 'html.zip': .4, html: 1.1, epub: .4, docbook: 1.2, 'markdown.zip': .35, jsonl: 1.15, bundle: .4 } as const;
type Format = keyof typeof FORMATS;
const NAMES = Object.keys(FORMATS) as Format[];
/** whole: with all that was ever live, as a bundle has it. */
interface Size { articles: number; texts: number; bytes: number; whole: number; as_of: number }
/** From here on it takes minutes. */
const LARGE = 50_000_000;

const number = (n: number) => n.toLocaleString(boot.lang);
const name = (f: Format) => t(`exports.${f.replace('.', '_') as 'html_zip' | 'html' | 'epub' | 'docbook' | 'markdown_zip' | 'jsonl' | 'bundle'}`);

export default function ExportPage() {
  const [tree, setTree] = useState<Tree | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [format, setFormat] = useState<Format>('html.zip');
  const [section, setSection] = useState('');
  const [language, setLanguage] = useState('');
  const [portal, setPortal] = useState('');
  const [is, setSize] = useState<Size | null>(null);
  const [lost, setLost] = useState<Problem | null>(null);
  const [turn, setTurn] = useState(0);
  const [begun, setBegun] = useState(false);
  const load = () => {
    setProblem(null);
    const first = takeRoute<Tree>();
    if (first?.sections) setTree(first);
    else api<Tree>('GET', '/api/kb').then(setTree, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  const part = new URLSearchParams({ ...(section ? { section } : {}), ...(language ? { language } : {}), ...(portal ? { portal } : {}) });
  const asked = part.toString();
  useEffect(() => {
    const stop = new AbortController();
    setLost(null);
    setSize(null);
    setBegun(false);
    api<Size>('GET', `/api/kb/size?${asked}`, { signal: stop.signal }).then(setSize, (e: unknown) => { if (e instanceof Problem && !stop.signal.aborted) setLost(e); });
    return () => stop.abort();
  }, [asked, turn]);
  const head = <><Heading text={t('exports.title')} /><KbNav at="export" /></>;
  if (!tree) return <>{head}{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  const bytes = is ? Math.round((format === 'bundle' ? is.whole : is.bytes) * FORMATS[format]) + 2000 : 0;
  /* Of the change that was counted, so that what breaks off goes on with the same bytes. */
  const href = `/export/kb.${format}?${new URLSearchParams([...part, ...(is ? [['as_of', String(is.as_of)]] : [])] as [string, string][])}`;
  return (
    <>
      {head}
      <p class="muted">{t('exports.lead')}</p>
      <div class="kbexport">
        <section class="card" aria-labelledby="what">
          <h2 id="what">{t('exports.what')}</h2>
          <Pick id="section" label={t('exports.section')} value={section} options={[['', t('exports.section.all')], ...inTree(tree.sections).map(({ section: s, depth }): [string, string] => [s.key, `${'\u2003'.repeat(depth)}${say(s.names)}`])]} onChange={setSection} />
          <Pick id="language" label={t('exports.language')} value={language} options={[['', t('exports.language.all')], ...tree.languages.map((l): [string, string] => [l, languageName(l)])]} onChange={setLanguage} />
          <Pick id="portal" label={t('exports.portal')} value={portal} options={[['', t('exports.portal.staff')], ...tree.portals.map((p): [string, string] => [String(p.id), p.name])]} onChange={setPortal} />
        </section>
        <div class="card" role="radiogroup" aria-labelledby="format">
          <h2 id="format">{t('exports.format')}</h2>
          {NAMES.map((f) => (
            <label class="check" key={f}>
              <input type="radio" name="format" value={f} checked={f === format} onChange={() => { setFormat(f); setBegun(false); }} />
              <span><b>{name(f)}</b><small class="muted">{t(`exports.${f.replace('.', '_') as 'html_zip'}.for`)}</small></span>
            </label>
          ))}
        </div>
        <section class="card" aria-labelledby="size" aria-busy={!is && !lost}>
          <h2 id="size">{t('exports.size')}</h2>
          {lost ? <Failed problem={lost} retry={() => setTurn(turn + 1)} /> : !is ? <Skeleton rows={2} /> : is.articles === 0 ? <p>{t('exports.none')}</p> : (
            <>
              <dl class="reports-totals">
                <div><dt>{t('exports.articles')}</dt><dd><b>{number(is.articles)}</b></dd></div>
                <div><dt>{t('exports.texts')}</dt><dd><b>{number(is.texts)}</b></dd></div>
                <div><dt>{t('exports.bytes')}</dt><dd><b>{size(bytes)}</b></dd></div>
              </dl>
              {bytes > LARGE && <p class="notice">{t('exports.large')}</p>}
              <p><a class="btn btn-primary" href={href} download onClick={() => setBegun(true)}><Icon name="download" />{t('exports.begin')}</a></p>
              {begun && <p class="notice" role="status">{t('exports.begun')}</p>}
              <details>
                <summary>{t('exports.resume')}</summary>
                <p>{t(format === 'jsonl' ? 'exports.resume.lines' : 'exports.resume.archive')}</p>
                <p><code dir="ltr">{href}</code></p>
              </details>
            </>
          )}
        </section>
      </div>
    </>
  );
}
