/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What there is beside the tickets. Each is fetched when somebody goes there; the first that fits. */
import { withSheet, withTexts, type Load } from '../ui/area';

export interface PortalArea { path: string; load: Load }

const accounts = () => withTexts(import('../accounts/main'), import('../gen/accounts'));
export const AREAS: PortalArea[] = [
  { path: '/accounts', load: accounts },
  { path: '/inbox', load: accounts },
  { path: '/me/security', load: () => withTexts(import('../security/page'), import('../gen/security')) },
  { path: '/me', load: () => withTexts(import('../people/me'), import('../gen/people')) },
  { path: '/admin/people', load: () => withTexts(import('../people/main'), import('../gen/people')) },
  { path: '/invitations', load: () => withTexts(import('../people/invitations'), import('../gen/people')) },
  { path: '/admin/access', load: () => withTexts(import('./access'), import('../gen/access')) },
  { path: '/admin/settings', load: () => withTexts(import('../settings/main'), import('../gen/settings')) },
  { path: '/admin/portals', load: () => withTexts(import('../settings/portals'), import('../gen/settings')) },
  { path: '/admin/hosts', load: () => withSheet(BRANDING_CSS, withTexts(import('../hosts/main'), import('../gen/hosts'))) },
  { path: '/admin/contacts', load: () => withTexts(import('../accounts/contacts'), import('../gen/accounts')) },
  { path: '/admin/branding', load: () => withSheet(BRANDING_CSS, withTexts(import('../branding/main'), import('../gen/branding'))) },
  { path: '/reports', load: () => withSheet(REPORTS_CSS, withTexts(import('../reports/main'), import('../gen/reports'))) },
  { path: '/service-level', load: () => withSheet(LEVELS_CSS, withTexts(import('../levels/page'), import('../gen/levels'))) },
  { path: '/portal/identifiers', load: () => withSheet(BRANDING_CSS, withTexts(import('./identifiers'), import('../gen/identifiers'))) },
  { path: '/admin/sign-on', load: () => withTexts(import('../signon/page'), import('../gen/signon')) },
];

/** The area a path is in, or below. */
export const areaAt = (path: string): PortalArea | undefined => AREAS.find((a) => path === a.path || path.startsWith(`${a.path}/`));
