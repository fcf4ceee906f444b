/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The portal of a signed-in person: my tickets, a new one, one ticket. */
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { boot } from '../lib/boot';
import { loadTexts } from '../lib/i18n';
import { startRouter, url } from '../lib/router';
import { Area } from '../ui/area';
import { watchSession } from '../ui/session';
import { Toasts } from '../ui/toast';
import { areaAt } from './areas';
import { TicketList } from './list';
import { NewTicket } from './new';
import { TicketView } from './ticket';

const ours = (path: string) => /^\/(tickets(\/new)?|t\/\d+)$/.test(path) || areaAt(path) !== undefined;

function App() {
  const path = url.value.pathname;
  const number = /^\/t\/(\d+)$/.exec(path)?.[1];
  const area = areaAt(path);
  useEffect(() => {
    for (const a of document.querySelectorAll('.top nav a'))
      if (a.getAttribute('href') === path) a.setAttribute('aria-current', 'page');
      else a.removeAttribute('aria-current');
  }, [path]);
  return (
    <>
      {area ? <Area key={area.path} load={area.load} /> : number ? <TicketView key={path} number={Number(number)} /> : path === '/tickets/new' ? <NewTicket /> : <TicketList />}
      <Toasts />
    </>
  );
}

const main = document.getElementById('main');
if (main && boot.me && !boot.portal.account && !/^\/(me|admin\/people)$/.test(location.pathname)) {
  /* At the desk nobody is a customer: the same things are in the workspace. */
  location.replace(location.pathname.startsWith('/t/') ? `/agent${location.pathname}` : '/agent');
} else if (main && boot.me) {
  void loadTexts(boot.texts).finally(() => {
    watchSession();
    startRouter(ours);
    main.replaceChildren();
    render(<App />, main);
  });
}
