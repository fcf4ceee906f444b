/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Hosts of one's own, for the portals here that one administers. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { usePoll } from '../lib/poll';
import { Empty, Failed, Heading, problemText, Skeleton } from '../ui/parts';
import { toast } from '../ui/toast';
import { HostCard } from './card';
import type { Host, HostsPage } from './data';
import { NewHost } from './form';

export default function Hosts() {
  const [page, setPage] = useState<HostsPage | null>(() => { const first = takeRoute<HostsPage>(); return first?.hosts ? first : null; });
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = async (quiet = false) => {
    try {
      setPage(await api<HostsPage>('GET', '/api/hosts', { quiet }));
      setProblem(null);
    } catch (e) {
      if (e instanceof Problem && !quiet) setProblem(e);
    }
  };
  useEffect(() => { if (!page) void load(); }, []);
  usePoll(3, () => { if (page) void load(true); });
  if (!page) return <><Heading text={t('hosts.title')} />{problem ? <Failed problem={problem} retry={() => void load()} /> : <Skeleton />}</>;

  const act = async (method: 'POST' | 'DELETE', path: string, said: string) => {
    try {
      await api(method, path);
      announce(said);
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      toast(problemText(e));
    }
    await load(true);
  };
  const added = async (h: Host) => {
    announce(t('hosts.added', { host: h.host }));
    await load(true);
    document.getElementById(`host-${h.id}`)?.focus();
  };
  const remove = async (h: Host) => {
    await act('DELETE', `/api/hosts/${h.id}`, t('hosts.removed', { host: h.host }));
    document.querySelector<HTMLElement>('h1')?.focus();
  };
  return (
    <>
      <Heading text={t('hosts.title')} />
      <p class="muted">{t('hosts.intro')}</p>
      {page.portals.flatMap((p) => {
        const hosts = page.hosts.filter((h) => h.portal === p.id);
        return hosts.length ? [
          <h2 key={`portal-${p.id}`}>{t('hosts.of', { portal: p.name, host: p.canonical })}</h2>,
          ...hosts.map((h) => (
            <HostCard key={h.id} h={h} portal={p} can={page.can} remove={() => void remove(h)}
              check={() => void act('POST', `/api/hosts/${h.id}/check`, t('hosts.checking'))} />
          )),
        ] : [];
      })}
      {!page.hosts.length && <Empty icon="link" title={t('hosts.none')} />}
      {page.can && <NewHost portals={page.portals} added={(h) => void added(h)} />}
    </>
  );
}
