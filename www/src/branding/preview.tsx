/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What a portal will look like: the same classes under three properties of its own. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import type { Link, Picture } from './data';

export interface Shown {
  name: string;
  brand: string;
  brand_bg: string;
  round: number;
  logo: Picture | null;
  favicon: Picture | null;
  mail_name: string;
  headline: string;
  welcome: string;
  footer: string;
  links: (Link & { shown: string })[];
}

const PAGES = ['home', 'ticket', 'mail'] as const;
type Page = (typeof PAGES)[number];

function Brand({ shown, mark }: { shown: Shown; mark?: boolean }) {
  const l = shown.logo;
  if (!l && mark) return <><svg viewBox="0 0 28 28"><path d="M14 1v26" stroke="currentColor" stroke-width="2" opacity=".5" /><circle cx="14" cy="8" r="5" fill="currentColor" /><rect x="9" y="16" width="10" height="9" rx="2.4" fill="currentColor" /></svg><span dir="auto">{shown.name}</span></>;
  return l ? <img class="logo" src={l.url} width={l.width} height={l.height} alt={shown.name} /> : <span dir="auto">{shown.name}</span>;
}

function Frame({ shown, children }: { shown: Shown; children: ComponentChildren }) {
  return (
    <>
      <div class="top band"><div class="wrap"><span class="top-name"><Brand shown={shown} mark /></span>
        <span class="top-link">{t('site.my_tickets')}</span><span class="btn btn-solid"><Icon name="plus" />{t('site.new_ticket')}</span></div></div>
      {children}
      <div class="foot"><div class="wrap"><p><b dir="auto">{shown.name}</b>{shown.footer && <span dir="auto">{shown.footer}</span>}</p>
        <p>{shown.links.map((l, i) => <u key={i} dir="auto">{l.shown}</u>)}</p></div></div>
    </>
  );
}

function Home({ shown }: { shown: Shown }) {
  const lines = shown.welcome.split('\n').map((l) => l.trim()).filter(Boolean);
  return (
    <Frame shown={shown}>
      <div class="hero band"><div class="wrap">
        <p class="look-h1" dir="auto">{shown.headline || t('home.headline')}</p>
        {lines.length ? lines.map((l, i) => <p key={i} dir="auto">{l}</p>) : <p>{t('home.lead')}</p>}
        <p class="hero-do"><span class="btn btn-solid"><Icon name="plus" />{t('site.new_ticket')}</span><span class="btn">{t('site.my_tickets')}</span></p>
      </div></div>
      <div class="wrap look-cards">
        <div class="card"><p class="look-row"><b dir="auto">{t('branding.sample.title')}</b><span class="chip" data-s="in_progress">{t('branding.preview.ticket')}</span></p>
          <p class="link">{t('site.my_tickets')}</p></div>
      </div>
    </Frame>
  );
}

function Ticket({ shown }: { shown: Shown }) {
  return (
    <Frame shown={shown}>
      <div class="wrap look-talk">
        <p class="look-h2" dir="auto">{t('branding.sample.title')}</p>
        <div class="thread">
          <div class="look-msg"><span class="avatar" data-by="customer">A</span><div class="msg"><b>{t('branding.sample.customer')}</b><p>{t('branding.sample.question')}</p></div></div>
          <div class="look-msg"><span class="avatar" data-by="support">S</span><div class="msg"><b>{t('branding.sample.support')}</b><p>{t('branding.sample.answer')}</p></div></div>
        </div>
        <p><span class="btn btn-primary"><Icon name="send" flip />{t('mail.answer')}</span> <span class="link">{t('site.my_tickets')}</span></p>
      </div>
    </Frame>
  );
}

function Mail({ shown }: { shown: Shown }) {
  return (
    <div class="look-mail">
      <p class="look-from"><b dir="auto">{shown.mail_name || shown.name}</b><span dir="auto">{t('branding.sample.title')}</span></p>
      <div class="card">
        <div class="band"><Brand shown={shown} /></div>
        <p>{t('mail.reply.intro', { author: t('branding.sample.support') })}</p>
        <blockquote>{t('branding.sample.answer')}</blockquote>
        <p><span class="btn btn-primary">{t('mail.answer')}</span></p>
      </div>
      {shown.footer && <p dir="auto">{shown.footer}</p>}
      <p>{shown.links.map((l, i) => <u key={i} dir="auto">{l.shown}</u>)}</p>
    </div>
  );
}

export function Preview({ shown }: { shown: Shown }) {
  const [page, setPage] = useState<Page>('home');
  const [dark, setDark] = useState(matchMedia('(prefers-color-scheme: dark)').matches || document.documentElement.dataset['theme'] === 'dark');
  const look = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    look.current?.style.setProperty('--brand', shown.brand);
    look.current?.style.setProperty('--brand-bg', shown.brand_bg);
    look.current?.style.setProperty('--round', String(shown.round));
  }, [shown.brand, shown.brand_bg, shown.round]);
  const Shows = page === 'home' ? Home : page === 'ticket' ? Ticket : Mail;
  return (
    <section class="look-side" aria-labelledby="preview-title">
      <h2 id="preview-title">{t('branding.preview')}</h2>
      <div class="look-bar">
        <div class="seg" role="group" aria-label={t('branding.preview')}>
          {PAGES.map((p) => <button key={p} type="button" aria-pressed={page === p} onClick={() => setPage(p)}>{t(`branding.preview.${p}`)}</button>)}
        </div>
        <div class="seg" role="group" aria-label={`${t('branding.preview.light')} / ${t('branding.preview.dark')}`}>
          <button type="button" aria-pressed={!dark} onClick={() => setDark(false)}>{t('branding.preview.light')}</button>
          <button type="button" aria-pressed={dark} onClick={() => setDark(true)}>{t('branding.preview.dark')}</button>
        </div>
      </div>
      <div class="look" data-theme={dark ? 'dark' : 'light'} ref={look} dir={boot.dir} aria-hidden="true" inert>
        <div class="look-tab">{shown.favicon && <img src={shown.favicon.url} width="16" height="16" alt="" />}<span dir="auto">{shown.name}</span></div>
        <div class="look-page"><Shows shown={shown} /></div>
      </div>
    </section>
  );
}
