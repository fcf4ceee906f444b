/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Pictures and files for an article: chosen, pasted or dropped, sent as files of tickets are, and put where the
 * cursor is. Of a picture it is asked what it shows. What nobody puts in is taken back.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { size } from '../files/data';
import { Limits, Uploads } from '../files/uploads';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { attached, chosen, discardWith, sentWith, type Item } from '../lib/attached';
import { me } from '../lib/boot';
import { draftName } from '../lib/draft';
import { maybe, t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { fieldText, Icon, problemText } from '../ui/parts';
import type { Given } from './commands';

export interface BoxProps {
  id: string;
  article: number;
  /** Pasted or dropped. */
  files: File[];
  /** Of a picture that is there: this alone is asked anew. */
  alt: string | null;
  /** What goes in; a string: what the picture shows; undefined: nothing. */
  done: (said: Given[] | string | undefined) => void;
}

interface Kept { key: string; url: string; name: string; size: number; kind: 'picture' | 'video' | 'file'; width: number | null; height: number | null }
/** What is said of a picture. plain: it says nothing. */
interface Said { alt: string; plain: boolean; caption: string }
const NOTHING: Said = { alt: '', plain: false, caption: '' };

/* A scanner looks at what comes; mostly in a moment. */
const LOOK_MS = 1500;
const LOOKS = 10;

/* Some systems don't say what a file is; its name does then. */
const isPicture = (f: File | undefined) => f !== undefined && (/^image\/(?:png|jpeg|gif|webp)$/.test(f.type) || (!f.type && /\.(?:png|jpe?g|gif|webp)$/i.test(f.name)));
function faultText(e: Problem): string {
  const code = e.errors[0]?.code;
  return code ? maybe(`articles.files.fault.${code}`) ?? maybe(`before.fault.${code}`) ?? fieldText(code) : problemText(e);
}

function About({ id, said, wrong, caption, onSaid }: { id: string; said: Said; wrong: boolean; caption: boolean; onSaid: (s: Said) => void }) {
  return (
    <span class="writer-about">
      <span class="field">
        <label for={`${id}-alt`}>{t('articles.files.alt')}</label>
        <span class="hint" id={`${id}-alt-hint`}>{t('articles.files.alt.hint')}</span>
        <input class="input" id={`${id}-alt`} dir="auto" maxLength={500} autocomplete="off" value={said.alt} disabled={said.plain} aria-invalid={wrong || undefined} aria-describedby={wrong ? `${id}-alt-wrong ${id}-alt-hint` : `${id}-alt-hint`}
          onInput={(e) => onSaid({ ...said, alt: e.currentTarget.value })} />
        {wrong && <span class="error" id={`${id}-alt-wrong`} role="alert"><Icon name="circle-alert" />{t('articles.files.alt.missing')}</span>}
      </span>
      <label class="check"><input type="checkbox" checked={said.plain} onChange={(e) => onSaid({ ...said, plain: e.currentTarget.checked })} />{t('articles.files.plain')}</label>
      {caption && (
        <span class="field">
          <label for={`${id}-caption`}>{t('articles.files.caption')}</label>
          <input class="input" id={`${id}-caption`} dir="auto" maxLength={500} autocomplete="off" value={said.caption} onInput={(e) => onSaid({ ...said, caption: e.currentTarget.value })} />
        </span>
      )}
    </span>
  );
}

/** What the article has already: to be put in once more, or taken away. */
function There({ article, taken, onTake, onWrong }: { article: number; taken: Kept[]; onTake: (f: Kept) => void; onWrong: (text: string) => void }) {
  const [files, setFiles] = useState<Kept[] | null>(null);
  const run = useOne();
  useEffect(() => { api<{ files: Kept[] }>('GET', `/api/articles/${article}/files`, { quiet: true }).then((a) => setFiles(a.files), () => {}); }, []);
  const remove = (f: Kept) => run(async () => {
    onWrong('');
    try {
      await api('DELETE', `/api/articles/${article}/files/${f.key}`);
      setFiles((now) => (now ?? []).filter((x) => x.key !== f.key));
      announce(t('articles.files.removed', { name: f.name }));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      onWrong(faultText(e));
    }
  });
  if (!files?.length) return null;
  return (
    <details>
      <summary>{t('articles.files.there', { n: files.length })}</summary>
      <ul class="file-list" role="list">
        {files.map((f) => (
          <li class="file" key={f.key}>
            {f.kind === 'picture' ? <img class="writer-thumb" src={f.url} alt="" loading="lazy" /> : <Icon name="paperclip" />}
            <span class="grow"><bdi>{f.name}</bdi> <small class="muted">{size(f.size)}</small></span>
            {!taken.some((x) => x.key === f.key) && <button class="btn" type="button" aria-label={t('articles.files.again', { name: f.name })} onClick={() => onTake(f)}>{t('articles.files.put')}</button>}
            <button class="btn btn-ghost" type="button" aria-label={t('articles.files.remove', { name: f.name })} onClick={() => void remove(f)}><Icon name="trash-2" /></button>
          </li>
        ))}
      </ul>
    </details>
  );
}

export default function FilesBox({ id, article, files, alt, done }: BoxProps) {
  const place = draftName(me?.id ?? 0, article, 'article');
  const box = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const result = useRef<Given[] | string | undefined>(undefined);
  const [said, setSaid] = useState<Record<string, Said>>(alt === null ? {} : { '': { ...NOTHING, alt, plain: alt === '' } });
  const [taken, setTaken] = useState<Kept[]>([]);
  const [missing, setMissing] = useState<string[]>([]);
  const [wrong, setWrong] = useState('');
  const run = useOne();
  const take = (given: Iterable<File> | null | undefined) => {
    const list = [...given ?? []];
    if (list.length) chosen.value = [...chosen.value, { place, files: list }];
  };
  useEffect(() => {
    box.current?.showModal();
    take(files);
  }, []);
  const close = (what: Given[] | string | undefined) => {
    result.current = what;
    box.current?.close();
  };
  const saidOf = (key: string) => said[key] ?? NOTHING;
  const about = (key: string, caption = true) => (
    <About id={`${id}-${key || 'picture'}`} said={saidOf(key)} wrong={missing.includes(key)} caption={caption} onSaid={(s) => { setSaid({ ...said, [key]: s }); setMissing(missing.filter((k) => k !== key)); }} />
  );
  const lacks = (key: string) => !saidOf(key).plain && !saidOf(key).alt.trim();
  /* What is said to be missing is where one goes on. */
  const stop = (keys: string[]): boolean => {
    setMissing(keys);
    if (keys.length) document.getElementById(`${id}-${keys[0] || 'picture'}-alt`)?.focus();
    return keys.length > 0;
  };
  const items = attached(place).value;
  /** The article's from here on; asked again while a scanner looks at it. */
  const keep = async (item: Item): Promise<Kept> => {
    for (let n = 1; ; n++) {
      try {
        return await api<Kept>('POST', `/api/articles/${article}/files`, { body: { file: item.id } });
      } catch (e) {
        if (!(e instanceof Problem) || e.errors[0]?.code !== 'checking' || n >= LOOKS) throw e;
        await new Promise((over) => { setTimeout(over, LOOK_MS); });
      }
    }
  };
  /* A picture that this browser did not know as one was not asked about: it is a link. */
  const given = (f: Kept, key: string, asked = true): Given => {
    const { alt: text, plain, caption } = saidOf(key);
    return f.kind === 'picture' && asked ? { src: f.url, alt: plain ? '' : text.trim(), caption: caption.trim(), width: f.width, height: f.height } : { href: f.url, name: f.name };
  };
  const put = () => run(async () => {
    setWrong('');
    if (alt !== null) {
      if (!stop(lacks('') ? [''] : [])) close(saidOf('').plain ? '' : saidOf('').alt.trim());
      return;
    }
    if (items.some((i) => i.state !== 'done')) return setWrong(t('app.files.wait'));
    if (!items.length && !taken.length) return setWrong(t('articles.files.none'));
    if (stop([...items.filter((i) => isPicture(i.file) && lacks(i.key)).map((i) => i.key), ...taken.filter((f) => f.kind === 'picture' && lacks(f.key)).map((f) => f.key)])) return;
    const all: Given[] = [];
    for (const item of items) {
      try {
        all.push(given(await keep(item), item.key, isPicture(item.file)));
      } catch (e) {
        if (!(e instanceof Problem)) throw e;
        return setWrong(`${item.name}: ${faultText(e)}`);
      }
    }
    sentWith(place);
    close([...all, ...taken.map((f) => given(f, f.key))]);
  });
  const over = () => {
    if (result.current === undefined) discardWith(place, []);
    done(result.current);
  };
  return (
    <dialog class="dialog writer-files" ref={box} aria-labelledby={`${id}-files-title`} onClose={over}>
      <form method="dialog" class="form files" noValidate onSubmit={(e) => { e.preventDefault(); void put(); }}
        onDragOver={(e) => { if (e.dataTransfer?.types.includes('Files')) e.preventDefault(); }}
        onDrop={(e) => { if (alt === null && e.dataTransfer?.files.length) { e.preventDefault(); take(e.dataTransfer.files); } }}
        onPaste={(e) => { if (alt === null && e.clipboardData?.files.length && !e.clipboardData.types.includes('text/plain')) { e.preventDefault(); take(e.clipboardData.files); } }}>
        <h2 id={`${id}-files-title`}>{t(alt === null ? 'articles.tool.files' : 'articles.files.picture')}</h2>
        {alt !== null ? about('', false) : (
          <>
            <p class="muted">{t('articles.files.lead')}</p>
            <Uploads place={place} more={(i) => (i.state !== 'failed' && isPicture(i.file) ? about(i.key) : null)} />
            {taken.length > 0 && (
              <ul class="file-list" role="list">
                {taken.map((f) => (
                  <li class="file" key={f.key}>
                    {f.kind === 'picture' ? <img class="writer-thumb" src={f.url} alt="" /> : <Icon name="paperclip" />}
                    <span class="grow"><bdi>{f.name}</bdi>{f.kind === 'picture' && about(f.key)}</span>
                    <button class="btn btn-ghost" type="button" aria-label={t('files.remove', { name: f.name })} onClick={() => setTaken(taken.filter((x) => x !== f))}><Icon name="x" /></button>
                  </li>
                ))}
              </ul>
            )}
            <div class="composer-foot">
              <button class="btn" type="button" onClick={() => input.current?.click()} aria-describedby={`limits-${place}`}><Icon name="upload" />{t('articles.files.choose')}</button>
              <Limits place={place} />
              <input type="file" multiple hidden ref={input} aria-label={t('articles.files.choose')} onChange={(e) => { take(e.currentTarget.files); e.currentTarget.value = ''; }} />
            </div>
            <There article={article} taken={taken} onTake={(f) => setTaken([...taken, f])} onWrong={setWrong} />
          </>
        )}
        {wrong && <p class="error" role="alert"><Icon name="circle-alert" />{wrong}</p>}
        <div class="form-end">
          <button class="btn btn-primary" type="submit">{t(alt === null ? 'articles.files.put' : 'before.save')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => close(undefined)}>{t('app.cancel')}</button>
        </div>
      </form>
    </dialog>
  );
}
