/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Business calendars: the list, one, a new one. */
import { url } from '../lib/router';
import { CalendarPage } from './editor';
import { Calendars } from './list';

export default function Pages() {
  const path = url.value.pathname;
  const id = /\/calendars\/(\d+)$/.exec(path)?.[1];
  return id || path.endsWith('/new') ? <CalendarPage key={path} id={Number(id ?? 0)} /> : <Calendars />;
}
