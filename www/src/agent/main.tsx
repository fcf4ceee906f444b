/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The agents' workspace: the queue beside the ticket. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { boot } from '../lib/boot';
import { loadTexts } from '../lib/i18n';
import { startRouter, url } from '../lib/router';
import { watchSession } from '../ui/session';
import { Toasts } from '../ui/toast';
import { Queue } from './queue';
import { Nothing, TicketPane } from './ticket';

const ours = (path: string) => /^\/agent(\/t\/\d+)?$/.test(path);
const main = document.getElementById('main');

function App() {
  const path = url.value.pathname;
  const number = Number(/^\/agent\/t\/(\d+)$/.exec(path)?.[1] ?? 0) || null;
  useEffect(() => { main?.classList.toggle('is-list', number === null); }, [number]);
  useEffect(() => {
    for (const a of document.querySelectorAll('.top nav a[href^="/agent"]')) a.setAttribute('aria-current', number === null ? 'page' : 'true');
  }, [number]);
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
