/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Markdown in a textarea, a toolbar, and the server's own preview. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { boot } from '../lib/boot';
import { bytes } from '../lib/fmt';
import { t } from '../lib/i18n';
import { Icon, problemText, Prose } from './parts';

/** What the server takes, in bytes of UTF-8. */
export const BODY_MAX = 65_536;

/* At the desk K has all commands. */
const SHORTCUTS: Record<string, string> = { b: 'md-bold', i: 'md-italic', ...(boot.portal?.account ? { k: 'md-link' } : {}) };

interface Props {
  id: string;
  value: string;
  label: string;
  describedBy?: string | undefined;
  invalid?: boolean;
  onInput: (value: string) => void;
  /** `solves`: with the shift key. */
  onSend: (solves: boolean) => void;
}

/* The tools come behind the page. */
let fetched = false;

export function Editor(p: Props) {
  const [tools, setTools] = useState(fetched);
  useEffect(() => { import('@github/markdown-toolbar-element').then(() => setTools(fetched = true), () => {}); }, []);
  const [preview, setPreview] = useState<{ html?: string; fault?: string } | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const shown = preview !== null;
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !shown) area.current?.focus();
    was.current = shown;
  }, [shown]);
  /* Sent and empty again: back to writing. */
  useEffect(() => { if (p.value === '') setPreview(null); }, [p.value === '']);

  const toggle = async () => {
    if (shown) return setPreview(null);
    setPreview({});
    try {
      setPreview({ html: p.value.trim() ? (await api<{ html: string }>('POST', '/api/preview', { body: { body: p.value } })).html : `<p>${t('app.preview.empty')}</p>` });
    } catch (e) {
      setPreview({ fault: e instanceof Problem ? problemText(e) : t('err.unknown') });
    }
  };
  const over = p.value.length > BODY_MAX / 4 && bytes(p.value) > BODY_MAX;
  /* The elements give themselves no role. */
  const tool = (name: string) => ({ class: 'tool', role: 'button' as const, 'aria-label': name, title: name });

  return (
    <>
      <div class="composer-bar">
        {tools && !shown && (
          <markdown-toolbar for={p.id} aria-label={t('app.toolbar')}>
            <md-bold {...tool(t('app.md.bold'))}><Icon name="bold" /></md-bold>
            <md-italic {...tool(t('app.md.italic'))}><Icon name="italic" /></md-italic>
            <md-header level="2" {...tool(t('app.md.heading'))}><Icon name="heading-2" /></md-header>
            <md-link {...tool(t('app.md.link'))}><Icon name="link" /></md-link>
            <md-unordered-list {...tool(t('app.md.list'))}><Icon name="list" /></md-unordered-list>
            <md-ordered-list {...tool(t('app.md.numbers'))}><Icon name="list-ordered" /></md-ordered-list>
            <md-quote {...tool(t('app.md.quote'))}><Icon name="quote" /></md-quote>
            <md-code {...tool(t('app.md.code'))}><Icon name="code" /></md-code>
          </markdown-toolbar>
        )}
        <button class="btn btn-ghost push" type="button" aria-pressed={shown} onClick={toggle}>
          <Icon name={shown ? 'pencil' : 'eye'} />{shown ? t('app.write') : t('app.preview')}
        </button>
      </div>
      {preview && (
        <div class="preview" aria-live="polite" aria-busy={!preview.html && !preview.fault}>
          {preview.html && <Prose html={preview.html} />}
          {preview.fault && <p class="error">{preview.fault}</p>}
        </div>
      )}
      <textarea
        class="input"
        id={p.id}
        ref={area}
        hidden={shown}
        dir="auto"
        rows={6}
        aria-label={p.label}
        aria-describedby={p.describedBy}
        aria-invalid={p.invalid || over || undefined}
        value={p.value}
        onInput={(e) => p.onInput(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (!(e.ctrlKey || e.metaKey) || e.altKey || e.isComposing || e.keyCode === 229 || (e.shiftKey && e.key !== 'Enter')) return;
          const tool = SHORTCUTS[e.key.toLowerCase()];
          if (e.key !== 'Enter' && !tool) return;
          e.preventDefault();
          if (tool) e.currentTarget.closest('.composer')?.querySelector<HTMLElement>(tool)?.click();
          else p.onSend(e.shiftKey);
        }}
      />
      {over && <p class="error composer-foot" role="alert">{t('err.field.too_long')}</p>}
    </>
  );
}
