/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * Which other agents have the same ticket before them. Said every dozen seconds
 * while the page is seen; the server forgets who says nothing for half a minute.
 */
import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../lib/api';
import { t } from '../lib/i18n';
import { watch } from '../lib/live';
import { typed } from '../lib/typing';

interface Other { id: number; name: string; types: boolean }

const BEAT = 12_000;
/* Who pauses longer is no longer typing. */
const PAUSE = 10_000;

export function Here({ number }: { number: number }) {
  const [others, setOthers] = useState<Other[]>([]);
  const said = useRef('');
  const say = useRef(() => {});
  useEffect(() => {
    const path = `/api/tickets/${number}/presence`;
    let over = false;
    let soon = 0;
    const post = (how: string, keepalive = false) => {
      said.current = how;
      return api<{ here: Other[] }>('POST', path, { body: { how }, quiet: true, keepalive }).then((a) => { if (!over) setOthers(a.here); }, () => {});
    };
    say.current = () => {
      clearTimeout(soon);
      if (document.visibilityState === 'visible') void post(Date.now() - typed.peek() < PAUSE ? 'types' : 'reads');
    };
    const gone = () => { if (said.current !== 'gone') void post('gone', true); };
    const turn = () => (document.visibilityState === 'visible' ? say.current() : gone());
    const beat = setInterval(() => say.current(), BEAT);
    const end = watch((ticket) => { if (ticket === number) { clearTimeout(soon); soon = window.setTimeout(() => say.current(), 100); } });
    document.addEventListener('visibilitychange', turn);
    addEventListener('pagehide', gone);
    typed.value = 0;
    say.current();
    return () => {
      over = true;
      end();
      clearInterval(beat);
      clearTimeout(soon);
      document.removeEventListener('visibilitychange', turn);
      removeEventListener('pagehide', gone);
      /* The next ticket is shown before that. */
      setTimeout(gone);
    };
  }, [number]);
  /* The first letter is told at once. */
  useSignalEffect(() => { if (typed.value && said.current !== 'types') { said.current = 'types'; say.current(); } });
  return others.length > 0
    ? <li class="rail-dot"><div>{others.map((o) => <p key={o.id} class="muted">{t(o.types ? 'agent.here.types' : 'agent.here.reads', { who: o.name })}</p>)}</div></li>
    : null;
}
