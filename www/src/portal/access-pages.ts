/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What support read, in words; the record keeps every path. */
import { t } from '../lib/i18n';

interface Read { id: string; at: string; person: number | null; portal: number | null; page: string | null }

/** An area's pages and the requests that its pages send; the first that fits. */
const AREAS: [RegExp, () => string][] = [
  [/^\/$/, () => t('site.home')],
  [/^\/tickets\/new$/, () => t('site.new_ticket')],
  [/^(\/api)?\/tickets$/, () => t('access.log.tickets')],
  [/^(\/admin|\/api)\/people(\/|$)/, () => t('site.people')],
  [/^(\/api)?\/invitations$/, () => t('people.invitations')],
  [/^(\/admin|\/api)\/settings$/, () => t('site.settings')],
  [/^(\/admin|\/api)\/portals$/, () => t('site.portals')],
  [/^(\/admin|\/api)\/contacts(\/|$)/, () => t('site.contacts')],
  [/^(\/admin\/branding|\/api\/look)$/, () => t('site.branding')],
  [/^(\/admin|\/api)\/hosts(\/|$)/, () => t('site.hosts')],
  [/^(\/admin\/sign-on|\/api\/providers)$/, () => t('site.sign_on')],
  [/^(\/admin|\/api)\/access(\/log)?$/, () => t('access.title')],
  [/^(\/portal|\/api)\/identifiers$/, () => t('site.identifiers')],
  [/^(\/api)?\/support$/, () => t('support.title')],
  [/^(\/api)?\/me$/, () => t('site.profile')],
  [/^(\/me\/security|\/api\/me\/factors)$/, () => t('site.security')],
  [/^(\/api)?\/accounts(\/|$)/, () => t('site.accounts')],
  [/^(\/api)?\/inbox$/, () => t('site.inbox')],
];

export function pageWords(path: string): string | null {
  const number = /^(?:\/t|\/api\/tickets)\/(\d+)(?:\/|$)/.exec(path)?.[1];
  return number ? t('access.log.ticket', { number }) : AREAS.find(([of]) => of.test(path))?.[1]() ?? null;
}

/** The area's page asks for people and invitations. */
const wholeOf = (path: string) => pageWords(path === '/api/invitations' ? '/admin/people' : path);

/** Without the requests that a page sent within a minute; newest first. */
export function folded<T extends Read>(items: T[]): T[] {
  const shown: T[] = [];
  for (const i of [...items].reverse()) {
    const words = i.page?.startsWith('/api/') ? [pageWords(i.page), wholeOf(i.page)] : [];
    const by = words.length > 0 && shown.some((s) => s.page !== null && s.person === i.person && s.portal === i.portal
      && words.includes(pageWords(s.page) ?? s.page) && Date.parse(i.at) - Date.parse(s.at) <= 60_000);
    if (!by) shown.push(i);
  }
  return shown.reverse();
}
