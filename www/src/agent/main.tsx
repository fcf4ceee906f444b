/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The agents' workspace: views, the list, the ticket and its details beside each other. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { boot } from '../lib/boot';
import { loadTexts, t } from '../lib/i18n';
import { startRouter, url } from '../lib/router';
import { Area, lazy, withSheet, withTexts } from '../ui/area';
import { watchSession } from '../ui/session';
import { Toasts } from '../ui/toast';
import { areaAt } from './areas';
import { startKeys } from './keys';
import { Edge, room, usePanes, viewsOpen } from './panes';
import { useHeld } from './held';
import { Queue } from './queue';
import { asking, closed, openNumber, type Asked } from './state';
import { Nothing, TicketPane } from './ticket';
import { Views } from './views';

const ours = (path: string) => /^\/agent(\/t\/\d+)?$/.test(path) || areaAt(path) !== undefined;
const main = document.getElementById('main');

/** Fetched when the first of them is asked for. */
const Dialogs = lazy<{ of: Asked }>(() => withSheet(DIALOGS_CSS, withTexts(import('./dialogs'), import('../gen/desk'))), { lost: ({ of }) => closed(of) });
function AskedFor() {
  const of = asking.value;
  return of && <Dialogs key={of.n} of={of} />;
}

function Desk({ number }: { number: number | null }) {
  useHeld();
  const wide = room.value !== 'narrow';
  return (
    <>
      {viewsOpen.value && <Views />}
      {viewsOpen.value && wide && <Edge of="views" label={t('agent.views.width')} />}
      <Queue selected={number} />
      {wide && <Edge of="list" label={t('agent.list.width')} />}
      {number ? <TicketPane key={number} number={number} /> : <Nothing />}
    </>
  );
}

function App() {
  const path = url.value.pathname;
  const number = openNumber();
  const area = areaAt(path);
  const beside = area !== undefined;
  useEffect(() => {
    main?.classList.toggle('is-list', number === null);
    main?.classList.toggle('desk', !beside);
    main?.classList.toggle('wrap', beside);
    document.body.toggleAttribute('data-beside', beside);
    document.body.toggleAttribute('data-open', !beside && number !== null);
    for (const a of document.querySelectorAll<HTMLAnchorElement>('.top nav a[href^="/agent"]')) {
      if (areaAt(a.pathname) === area) a.setAttribute('aria-current', number === null ? 'page' : 'true');
      else a.removeAttribute('aria-current');
    }
  }, [path]);
  usePanes(main, !beside);
  useEffect(startKeys, []);
  return (
    <>
      {area ? <Area key={area.path} load={area.load} /> : <Desk number={number} />}
      <AskedFor />
      <Toasts />
    </>
  );
}

if (main && boot.me) {
  void loadTexts(boot.texts).finally(() => {
    watchSession();
    startRouter(ours);
    main.replaceChildren();
    render(<App />, main);
  });
}
