/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The agents' workspace: the queue beside the ticket. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { boot } from '../lib/boot';
import { loadTexts } from '../lib/i18n';
import { startRouter, url } from '../lib/router';
import { Area, withTexts } from '../ui/area';
import { watchSession } from '../ui/session';
import { Toasts } from '../ui/toast';
import { Queue } from './queue';
import { Nothing, TicketPane } from './ticket';

const ours = (path: string) => /^\/agent(\/t\/\d+|\/access)?$/.test(path);
const access = () => withTexts(import('./access'), import('../gen/access'));
const main = document.getElementById('main');

function App() {
  const path = url.value.pathname;
  const number = Number(/^\/agent\/t\/(\d+)$/.exec(path)?.[1] ?? 0) || null;
  const beside = path === '/agent/access';
  useEffect(() => {
    main?.classList.toggle('is-list', number === null);
    main?.classList.toggle('desk', !beside);
    main?.classList.toggle('wrap', beside);
    for (const a of document.querySelectorAll<HTMLAnchorElement>('.top nav a[href^="/agent"]')) {
      if ((a.pathname === '/agent/access') === beside) a.setAttribute('aria-current', number === null ? 'page' : 'true');
      else a.removeAttribute('aria-current');
    }
  }, [path]);
  if (beside) return <><Area load={access} /><Toasts /></>;
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
