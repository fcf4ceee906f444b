/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What there is beside the tickets. Each is fetched when somebody goes there. */
import { withTexts, type Load } from '../ui/area';

export interface PortalArea { path: string; load: Load }

export const AREAS: PortalArea[] = [
  { path: '/admin/access', load: () => withTexts(import('./access'), import('../gen/access')) },
  { path: '/admin/settings', load: () => withTexts(import('../settings/main'), import('../gen/settings')) },
  { path: '/admin/portals', load: () => withTexts(import('../settings/portals'), import('../gen/settings')) },
];

export const areaAt = (path: string): PortalArea | undefined => AREAS.find((a) => a.path === path);
