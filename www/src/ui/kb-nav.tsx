/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The pages of who keeps the knowledge base, beside each other. */
import { t } from '../lib/i18n';

const PAGES = { articles: '/agent/kb', searches: '/agent/kb/searches', links: '/agent/kb/links', export: '/agent/kb/export', import: '/agent/kb/import' } as const;

/** Who has the administrators' pages in the menu takes knowledge bases in as well. */
const administers = () => document.querySelector('a[href="/agent/admin"]') !== null;

export function KbNav({ at }: { at: keyof typeof PAGES }) {
  return (
    <nav aria-label={t('kbnav.label')}>
      <ul class="tabs" role="list">
        {Object.entries(PAGES).filter(([page]) => page !== 'import' || administers()).map(([page, href]) => <li key={page}><a href={href} aria-current={page === at ? 'page' : undefined}>{t(`kbnav.${page as keyof typeof PAGES}`)}</a></li>)}
      </ul>
    </nav>
  );
}
