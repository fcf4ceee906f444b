/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The small parts; src/css/README.md says which classes they stand on. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Problem } from '../lib/api';
import { boot } from '../lib/boot';
import { dateTime, initials, shortTime } from '../lib/fmt';
import { maybe, t } from '../lib/i18n';
import { moved } from '../lib/router';
import type { Person, Priority, Status } from '../lib/types';

export function Icon({ name, flip }: { name: string; flip?: boolean }) {
  return <svg class={flip ? 'ico flip' : 'ico'} aria-hidden="true"><use href={`${ICONS}#${name}`} /></svg>;
}

/** A page's h1: names the window, and takes focus when somebody has moved here. */
export function Heading({ text, children }: { text: string; children?: ComponentChildren }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => { document.title = `${text} – ${boot.portal.name}`; }, [text]);
  /* Not from who writes already. */
  useEffect(() => { if (moved && !document.activeElement?.matches('input, textarea')) ref.current?.focus({ preventScroll: true }); }, []);
  return <h1 ref={ref} tabIndex={-1} dir={children ? 'auto' : undefined}>{children ?? text}</h1>;
}

export function Avatar({ who, internal, mine }: { who: Person | null; internal?: boolean; mine?: boolean }) {
  const looks = { class: mine ? 'avatar me' : 'avatar', 'data-by': who?.side ?? 'customer', 'data-vis': internal ? 'internal' : undefined };
  return who?.photo ? <img {...looks} src={who.photo} alt="" /> : <span {...looks} aria-hidden="true">{initials(who?.name ?? '?')}</span>;
}

export function Chip({ status, text }: { status: Status; text: string }) {
  return <span class="chip" data-s={status}>{text}</span>;
}

export function Prio({ priority, text }: { priority: Priority; text: string }) {
  return <span class="prio" data-p={priority} title={text}>{text}</span>;
}

export function Time({ at }: { at: string }) {
  return <time dateTime={at} title={dateTime(at)}>{shortTime(at)}</time>;
}

interface Cleaner { allowAttribute: (name: string) => void }
/** The browser's own, but that it leaves how a cell is aligned and what a call-out is. */
function cleaner(): Cleaner {
  const made = new (globalThis as unknown as { Sanitizer: new () => Cleaner }).Sanitizer();
  made.allowAttribute('class');
  return made;
}

/** Canonical XHTML of the server; the browser's own sanitizer looks too where there is one. */
export function Prose({ html }: { html: string }) {
  const ref = useRef<HTMLDivElement & { setHTML?: (html: string, by: { sanitizer: Cleaner }) => void }>(null);
  useLayoutEffect(() => {
    const e = ref.current;
    if (!e) return undefined;
    if (e.setHTML) e.setHTML(html, { sanitizer: cleaner() });
    else e.innerHTML = html;
    /* The page has its h1: people's headings are below it, without gaps. */
    const heads = [...e.querySelectorAll('h1, h2, h3, h4, h5, h6')];
    const levels = [...new Set(heads.map((h) => h.tagName))].sort();
    for (const h of heads) h.ariaLevel = String(Math.min(2 + levels.indexOf(h.tagName), 6));
    /* What scrolls sideways can be reached without a mouse. */
    const sizes = new ResizeObserver(() => {
      for (const box of e.querySelectorAll<HTMLElement>('pre, table')) {
        if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
        else box.removeAttribute('tabindex');
      }
    });
    sizes.observe(e);
    return () => sizes.disconnect();
  }, [html]);
  return <div class="prose" dir="auto" ref={ref} />;
}

export function Skeleton({ rows = 4 }: { rows?: number }) {
  return <div class="skeleton" aria-busy="true">{Array.from({ length: rows }, (_, i) => <div key={i} />)}</div>;
}

export function Empty({ icon, title, children }: { icon: string; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p><strong>{title}</strong></p>
      {children}
    </div>
  );
}

/** What a problem means, in words. */
export function problemText(p: Problem): string {
  return maybe(`err.${p.code}`) ?? t('err.unknown');
}

/** A field's error; the name of the field is not in it. */
export function fieldText(code: string): string {
  return maybe(`err.field.${code}`) ?? t('err.field.invalid');
}

export function Failed({ problem, retry }: { problem: Problem; retry: () => void }) {
  return (
    <Empty icon="circle-alert" title={problemText(problem)}>
      {maybe(`err.${problem.code}.do`) && <p>{maybe(`err.${problem.code}.do`)}</p>}
      <button class="btn" type="button" onClick={retry}><Icon name="rotate-cw" />{t('app.retry')}</button>
      {problem.requestId && <small class="muted">{t('app.request', { id: problem.requestId })}</small>}
    </Empty>
  );
}
