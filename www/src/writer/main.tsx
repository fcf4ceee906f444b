/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The editor of articles: what one writes is what is read. Its tools are a toolbar that is one stop of the Tab
 * key; all of it can be done by keys. Fetched when somebody writes.
 */
import { baseKeymap } from 'prosemirror-commands';
import { gapCursor } from 'prosemirror-gapcursor';
import { history } from 'prosemirror-history';
import { keymap } from 'prosemirror-keymap';
import { EditorState, Selection, type Command } from 'prosemirror-state';
import { isInTable, tableEditing } from 'prosemirror-tables';
import { EditorView } from 'prosemirror-view';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../lib/api';
import { t } from '../lib/i18n';
import { languageName } from '../settings/control';
import { lazy, withSheet, withTexts } from '../ui/area';
import { Find, type Hit } from '../ui/find';
import { Icon } from '../ui/parts';
import { CELLS, insertGiven, keys, linkAt, NOTE_TOOLS, noteOf, pictureAt, setAlt, setLink, TOOLS, typing, type Act, type CellTool } from './commands';
import type { BoxProps } from './files';
import { address, clean } from './paste';
import { read, write } from './schema';

export interface Props {
  id: string;
  /** Whose pictures and files it may have. */
  article: number;
  label: string;
  language: string;
  /** What is there at first; another one needs another key. */
  html: string;
  describedBy?: string;
  /** Something was written; `now` says what there is. */
  onChange: (now: () => string) => void;
  /** It could not be fetched. */
  onLost: () => void;
}

/** Fetched when somebody brings a picture or a file. */
const FilesBox = lazy<BoxProps>(() => withSheet(FILES_CSS, withTexts(import('./files'), import('../gen/files'))), { lost: (of) => of.done(undefined) });

const isMac = /Mac|iP(?:hone|ad)/.test(navigator.platform);
const KEY_CELLS = Object.keys(CELLS) as CellTool[];
const CELL_ICONS: Partial<Record<CellTool, string>> = { left: 'text-align-start', center: 'text-align-center', right: 'text-align-end' };

/** As it stands on a key. */
const keyText = (key: string) => key.split('-').map((k) => (k === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : k === 'Alt' && isMac ? '⌥' : k.length === 1 ? k.toUpperCase() : k)).join(' ');
const keyAria = (key: string) => key.split('-').map((k) => (k === 'Mod' ? (isMac ? 'Meta' : 'Control') : k.length === 1 ? k.toUpperCase() : k)).join('+');

interface Button { id: string; name: string; icon?: string; text?: string; key?: string; on?: boolean | undefined; off: boolean; act: () => void }

/** One stop of Tab; the arrow keys go from tool to tool. */
function Toolbar({ label, controls, buttons, leave }: { label: string; controls: string; buttons: Button[]; leave: () => void }) {
  const [at, setAt] = useState(0);
  const bar = useRef<HTMLDivElement>(null);
  const now = Math.min(at, buttons.length - 1);
  const go = (n: number) => {
    const next = (n + buttons.length) % buttons.length;
    setAt(next);
    bar.current?.querySelectorAll<HTMLElement>('button')[next]?.focus();
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const rtl = bar.current !== null && getComputedStyle(bar.current).direction === 'rtl';
    if (e.key === 'ArrowRight' || e.key === 'ArrowLeft') go(now + ((e.key === 'ArrowRight') !== rtl ? 1 : -1));
    else if (e.key === 'Home') go(0);
    else if (e.key === 'End') go(buttons.length - 1);
    else if (e.key === 'Escape') leave();
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <div class="composer-bar" role="toolbar" aria-label={label} aria-controls={controls} ref={bar} onKeyDown={onKeyDown}>
      {buttons.map((b, n) => {
        const name = b.key ? `${b.name} (${keyText(b.key)})` : b.name;
        return (
          <button class={b.icon ? 'tool' : 'tool writer-word'} type="button" key={b.id} tabIndex={n === now ? 0 : -1} aria-label={b.icon ? name : undefined} title={b.icon ? name : undefined}
            aria-keyshortcuts={b.key && keyAria(b.key)} aria-pressed={b.on} aria-disabled={b.off || undefined}
            /* What is chosen in the text stays chosen. */
            onMouseDown={(e) => e.preventDefault()} onFocus={() => setAt(n)} onClick={() => { if (!b.off) b.act(); }}>
            {b.icon ? <Icon name={b.icon} /> : b.text}
          </button>
        );
      })}
    </div>
  );
}

type Article = Hit & { key: string };
const find = (q: string, signal: AbortSignal): Promise<Article[]> =>
  api<{ suggestions: { key: string; title: [string, boolean][]; language: string }[] }>('GET', `/api/kb/suggest?q=${encodeURIComponent(q)}`, { signal, quiet: true })
    .then(({ suggestions }) => suggestions.map((s, id) => ({ id, key: s.key, text: s.title.map(([part]) => part).join(''), note: languageName(s.language) })));

function LinkBox({ id, href, done }: { id: string; href: string; done: (href: string | null | undefined) => void }) {
  const box = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState(href);
  const [wrong, setWrong] = useState(false);
  const said = useRef<string | null | undefined>(undefined);
  useEffect(() => { box.current?.showModal(); }, []);
  const close = (to: string | null | undefined) => {
    said.current = to;
    box.current?.close();
  };
  const take = () => {
    const typed = text.trim();
    const to = address(typed) ?? (/^[^\s/@:]+@[^\s/@:]+$/.test(typed) ? `mailto:${typed}` : /^[^\s/:]+\.[^\s/:]+(?:[/:]\S*)?$/.test(typed) ? address(`https://${typed}`) : null);
    if (to) close(to);
    else setWrong(true);
  };
  return (
    <dialog class="dialog" ref={box} aria-labelledby={`${id}-link-title`} onClose={() => done(said.current)}>
      <form method="dialog" class="form" noValidate onSubmit={(e) => { e.preventDefault(); take(); }}>
        <h2 id={`${id}-link-title`}>{t('articles.tool.link')}</h2>
        <div class="field">
          <label for={`${id}-link`}>{t('articles.link.address')}</label>
          <span class="hint" id={`${id}-link-hint`}>{t('articles.link.hint')}</span>
          <input class="input" id={`${id}-link`} dir="ltr" autocomplete="off" autocapitalize="none" spellcheck={false} maxLength={2000} value={text} aria-invalid={wrong || undefined}
            aria-describedby={wrong ? `${id}-link-wrong ${id}-link-hint` : `${id}-link-hint`} onInput={(e) => { setText(e.currentTarget.value); setWrong(false); }} />
          {wrong && <p class="error" id={`${id}-link-wrong`} role="alert"><Icon name="circle-alert" />{t('articles.link.wrong')}</p>}
        </div>
        <Find id={`${id}-find`} label={t('articles.link.find')} search={find} count={(n) => t('before.found', { n })} onPick={(hit) => close(`/kb/a/${(hit as Article).key}`)} />
        <div class="form-end">
          <button class="btn btn-primary" type="submit">{t('articles.link.take')}</button>
          {href && <button class="btn" type="button" onClick={() => close(null)}>{t('articles.link.remove')}</button>}
          <button class="btn btn-ghost" type="button" onClick={() => close(undefined)}>{t('app.cancel')}</button>
        </div>
      </form>
    </dialog>
  );
}

export default function Writer({ id, article, label, language, html, describedBy, onChange }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const bars = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const [state, setState] = useState<EditorState | null>(null);
  /* files: those that were pasted or dropped. */
  const [open, setOpen] = useState<{ what: Act; files: File[] } | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  useEffect(() => {
    const bring = (given: FileList | undefined): boolean => {
      if (given?.length) setOpen({ what: 'files', files: [...given] });
      return (given?.length ?? 0) > 0;
    };
    const toTools = () => bars.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    const made = new EditorView(place.current, {
      state: EditorState.create({
        doc: read(html),
        plugins: [typing(), keymap(keys((what) => setOpen({ what, files: [] }), toTools)), keymap(baseKeymap), history(), gapCursor(), tableEditing()],
      }),
      attributes: { id, class: 'prose', role: 'textbox', 'aria-multiline': 'true', 'aria-label': label, lang: language, dir: 'auto', ...(describedBy ? { 'aria-describedby': describedBy } : {}) },
      transformPastedHTML: clean,
      /* A table copied out of a sheet is a picture too: its text is meant. */
      handlePaste: (_, e) => !e.clipboardData?.types.includes('text/plain') && bring(e.clipboardData?.files),
      handleDOMEvents: {
        drop: (v, e) => {
          /* What is moved within the text is no file. */
          if (v.dragging || !e.dataTransfer?.files.length) return false;
          e.preventDefault();
          const at = v.posAtCoords({ left: e.clientX, top: e.clientY });
          if (at) v.dispatch(v.state.tr.setSelection(Selection.near(v.state.doc.resolve(at.pos))));
          return bring(e.dataTransfer.files);
        },
      },
      dispatchTransaction(tr) {
        const next = made.state.apply(tr);
        made.updateState(next);
        setState(next);
        if (tr.docChanged) changed.current(() => write(made.state.doc));
      },
    });
    view.current = made;
    setState(made.state);
    return () => { made.destroy(); view.current = null; };
  }, []);
  const run = (command: Command) => {
    const v = view.current;
    if (!v) return;
    command(v.state, v.dispatch.bind(v), v);
    v.focus();
  };
  const focus = () => view.current?.focus();
  const can = (command: Command) => state !== null && command(state);
  const inTable = state !== null && isInTable(state);
  const kind = state && noteOf(state);
  return (
    <div class="composer writer">
      <div ref={bars} class="writer-bars">
        <Toolbar label={t('app.toolbar')} controls={id} leave={focus} buttons={TOOLS.map((tool) => ({
          id: tool.name, name: t(`articles.tool.${tool.name}`), icon: tool.icon, ...(tool.key ? { key: tool.key } : {}), on: state && tool.on ? tool.on(state) : undefined,
          off: typeof tool.run !== 'string' && !can(tool.run), act: () => (typeof tool.run === 'string' ? setOpen({ what: tool.run, files: [] }) : run(tool.run)),
        }))} />
        {kind && <Toolbar label={t('articles.tool.note')} controls={id} leave={focus} buttons={NOTE_TOOLS.map((n) => ({ id: n.kind, name: t(`articles.note.${n.kind}`), text: t(`articles.note.${n.kind}`), on: n.kind === kind, off: false, act: () => run(n.run) }))} />}
        {inTable && <Toolbar label={t('articles.tool.table')} controls={id} leave={focus} buttons={KEY_CELLS.map((c) => {
          const icon = CELL_ICONS[c], name = t(`articles.cell.${c}`);
          return { id: c, name, ...(icon ? { icon } : { text: name }), off: !can(CELLS[c]), act: () => run(CELLS[c]) };
        })} />}
      </div>
      <div class="writer-text" ref={place} />
      {open?.what === 'link' && state && <LinkBox id={id} href={linkAt(state)?.href ?? ''} done={(href) => {
        setOpen(null);
        if (href !== undefined) run(setLink(href));
        else focus();
      }} />}
      {open?.what === 'files' && state && <FilesBox id={id} article={article} files={open.files} alt={open.files.length ? null : (pictureAt(state)?.attrs['alt'] as string | undefined) ?? null} done={(said) => {
        setOpen(null);
        if (typeof said === 'string') run(setAlt(said));
        else if (said) run(insertGiven(said));
        else focus();
      }} />}
    </div>
  );
}
