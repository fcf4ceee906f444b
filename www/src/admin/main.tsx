/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** All that an administrator keeps, in groups. What each page is called stands in the head of the page, which has links only to those that there are. */
import { t } from '../lib/i18n';
import { Heading } from '../ui/parts';

const GROUPS = {
  people: { people: '/admin/people', teams: '/agent/teams', accounts: '/agent/accounts' },
  level: { levels: '/agent/service-level', calendars: '/agent/calendars' },
  rules: { rules: '/agent/rules', macros: '/agent/macros', releases: '/agent/releases' },
  forms: { forms: '/agent/forms', statuses: '/agent/statuses', before: '/agent/before', articles: '/agent/kb' },
  looks: { branding: '/agent/branding', hosts: '/agent/hosts', settings: '/agent/settings' },
  reports: { reports: '/agent/reports' },
  security: { sign_on: '/agent/sign-on', access: '/agent/access' },
} as const;

const links = (): Map<string, string> =>
  new Map([...document.querySelectorAll<HTMLAnchorElement>('.top nav a, .menu-panel a.item')].map((a) => [a.pathname, (a.textContent ?? '').trim()]));

export default function AdminPage() {
  const names = links();
  const groups = Object.entries(GROUPS).map(([group, pages]) => ({ group: group as keyof typeof GROUPS, pages: Object.entries(pages).filter(([, href]) => names.has(href)) as [AdminPageKey, string][] }));
  return (
    <>
      <Heading text={t('admin.title')} />
      <p class="muted">{t('admin.lead')}</p>
      <div class="admin-groups">
        {groups.filter((g) => g.pages.length > 0).map(({ group, pages }) => (
          <section class="card" key={group} aria-labelledby={`g-${group}`}>
            <h2 id={`g-${group}`}>{t(`admin.group.${group}`)}</h2>
            <ul role="list">
              {pages.map(([page, href]) => <li key={page}><a href={href} aria-describedby={`p-${page}`}>{names.get(href)}</a><span class="muted" id={`p-${page}`}>{t(`admin.${page}`)}</span></li>)}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

type AdminPageKey = { [G in keyof typeof GROUPS]: keyof (typeof GROUPS)[G] }[keyof typeof GROUPS];
