/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The agents' workspace: the queue beside the ticket. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { boot } from '../lib/boot';
import { loadTexts } from '../lib/i18n';
import { startRouter, url } from '../lib/router';
import { Area } from '../ui/area';
import { watchSession } from '../ui/session';
import { Toasts } from '../ui/toast';
import { areaAt } from './areas';
import { Queue } from './queue';
import { Nothing, TicketPane } from './ticket';

const ours = (path: string) => /^\/agent(\/t\/\d+)?$/.test(path) || areaAt(path) !== undefined;
const main = document.getElementById('main');

function App() {
  const path = url.value.pathname;
  const number = Number(/^\/agent\/t\/(\d+)$/.exec(path)?.[1] ?? 0) || null;
  const area = areaAt(path);
  const beside = area !== undefined;
  useEffect(() => {
    main?.classList.toggle('is-list', number === null);
    main?.classList.toggle('desk', !beside);
    main?.classList.toggle('wrap', beside);
    for (const a of document.querySelectorAll<HTMLAnchorElement>('.top nav a[href^="/agent"]')) {
      if (areaAt(a.pathname) === area) a.setAttribute('aria-current', number === null ? 'page' : 'true');
      else a.removeAttribute('aria-current');
    }
  }, [path]);
  if (area) return <><Area key={area.path} load={area.load} /><Toasts /></>;
  return (
    <>
      <Queue selected={number} />
      {number ? <TicketPane key={number} number={number} /> : <Nothing />}
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
