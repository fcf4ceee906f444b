/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What there is beside the queue. Each is fetched when somebody goes there. */
import { withSheet, withTexts, type Load } from '../ui/area';

export interface DeskArea { path: string; load: Load }

export const AREAS: DeskArea[] = [
  { path: '/agent/accounts', load: () => withTexts(import('../accounts/main'), import('../gen/accounts')) },
  { path: '/agent/access', load: () => withTexts(import('./access'), import('../gen/access')) },
  { path: '/agent/webhook', load: () => withTexts(import('./webhook'), import('../gen/access')) },
  { path: '/agent/branding', load: () => withSheet(BRANDING_CSS, withTexts(import('../branding/main'), import('../gen/branding'))) },
  { path: '/agent/hosts', load: () => withSheet(BRANDING_CSS, withTexts(import('../hosts/main'), import('../gen/hosts'))) },
  { path: '/agent/settings', load: () => withTexts(import('../settings/main'), import('../gen/settings')) },
  { path: '/agent/forms', load: () => withSheet(FORMS_CSS, withTexts(import('../make/main'), import('../gen/make'))) },
  { path: '/agent/reports', load: () => withSheet(REPORTS_CSS, withTexts(import('../reports/main'), import('../gen/reports'))) },
  { path: '/agent/releases', load: () => withSheet(FORMS_CSS, withTexts(import('../releases/main'), import('../gen/releases'))) },
  { path: '/agent/macros', load: () => withSheet(FORMS_CSS, withTexts(import('../macros/main'), import('../gen/macros'))) },
  { path: '/agent/teams', load: () => withSheet(FORMS_CSS, withTexts(import('../teams/main'), import('../gen/teams'))) },
  { path: '/agent/admin', load: () => withSheet(FORMS_CSS, withTexts(import('../admin/main'), import('../gen/admin'))) },
  { path: '/agent/away', load: () => withTexts(import('../away/main'), import('../gen/away')) },
  { path: '/agent/rules', load: () => withSheet(FORMS_CSS, withTexts(import('../rules/main'), import('../gen/rules'))) },
  { path: '/agent/statuses', load: () => withSheet(FORMS_CSS, withTexts(import('../statuses/main'), import('../gen/statuses'))) },
  { path: '/agent/service-levels', load: () => withSheet(FORMS_CSS, withSheet(LEVELS_CSS, withTexts(import('../levels/keep'), import('../gen/keep')))) },
  { path: '/agent/service-level', load: () => withSheet(LEVELS_CSS, withTexts(import('../levels/page'), import('../gen/levels'))) },
  { path: '/agent/before', load: () => withSheet(FORMS_CSS, withTexts(import('../before/main'), import('../gen/signposts'))) },
  { path: '/agent/kb/export', load: () => withSheet(REPORTS_CSS, withSheet(ARTICLES_CSS, withTexts(import('../kbexport/main'), import('../gen/kbexport')))) },
  { path: '/agent/kb/links', load: () => withSheet(FORMS_CSS, withSheet(ARTICLES_CSS, withTexts(import('../kblinks/main'), import('../gen/kblinks')))) },
  { path: '/agent/kb/searches', load: () => withSheet(FORMS_CSS, withSheet(REPORTS_CSS, withTexts(import('../searches/main'), import('../gen/searches')))) },
  { path: '/agent/kb', load: () => withSheet(FORMS_CSS, withSheet(DIALOGS_CSS, withSheet(ARTICLES_CSS, withTexts(import('../articles/main'), import('../gen/articles'))))) },
  { path: '/agent/status', load: () => withSheet(FORMS_CSS, withTexts(import('../incidents/main'), import('../gen/incidents'))) },
  { path: '/agent/calendars', load: () => withSheet(CALENDARS_CSS, withTexts(import('../calendars/main'), import('../gen/calendars'))) },
  { path: '/agent/security', load: () => withTexts(import('../security/page'), import('../gen/security')) },
  { path: '/agent/sign-on', load: () => withTexts(import('../signon/page'), import('../gen/signon')) },
];

/** The area a path is in, or below. */
export const areaAt = (path: string): DeskArea | undefined => AREAS.find((a) => path === a.path || path.startsWith(`${a.path}/`));
