/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Whom an update reaches by mail, told before it is published. */
import { useEffect, useState } from 'preact/hooks';
import { api } from '../lib/api';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';

interface Audience { all: number; subscribers: number; affected: number; tickets: number; portals: { name: string; n: number }[]; more: number }

/** `incident`: of one that there is, whose portals and components are meant; else these are. `over`: it says that it is resolved. */
export function Reach({ incident, portals, components, over }: { incident?: number; portals?: number[]; components?: number[]; over: boolean }) {
  const [of, setOf] = useState<Audience | null>(null);
  const asked = JSON.stringify(incident ? { incident, over } : { portals, components, over });
  useEffect(() => {
    const stop = new AbortController();
    /* Several ticks of a list are one question. */
    const timer = setTimeout(() => {
      api<Audience>('POST', '/api/status/audience', { body: JSON.parse(asked) as unknown, signal: stop.signal, quiet: true }).then(setOf, () => setOf(null));
    }, 300);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [asked]);
  if (!of) return null;
  const why = ([['subscribers', of.subscribers], ['affected', of.affected], ['tickets', of.tickets]] as const).filter(([, n]) => n > 0);
  return (
    <div class="reach" role="status">
      <p><b>{of.all ? t('incidents.reach', { n: of.all }) : t('incidents.reach.none')}</b>{why.length > 0 && <> <span class="muted">{why.map(([what, n]) => t(`incidents.reach.${what}`, { n })).join(' · ')}</span></>}</p>
      {of.portals.length > 1 && <p class="muted">{of.portals.map((p) => `${p.name}: ${p.n.toLocaleString(boot.lang)}`).join(' · ')}{of.more > 0 && ` · ${t('incidents.reach.more', { n: of.more })}`}</p>}
    </div>
  );
}
