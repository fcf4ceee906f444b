/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Signing in and security: second factors, recovery codes, linked providers. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { Failed, Heading, Skeleton, Time } from '../ui/parts';
import { AppCard } from './app';
import { Codes, Recovery } from './codes';
import { sendChange, type Factors } from './data';
import { PasskeysCard } from './passkeys';

function Providers({ page, load }: { page: Factors; load: () => Promise<void> }) {
  const [fault, setFault] = useState('');
  if (!page.providers.length) return null;
  const forget = async (id: number, name: string) => {
    if (await sendChange('DELETE', `/providers/${id}`, undefined, setFault)) announce(t('security.provider.removed', { name }));
    await load();
  };
  return (
    <section class="card" aria-labelledby="providers-title">
      <h2 id="providers-title">{t('security.providers.title')}</h2>
      <p>{t('security.providers.text')}</p>
      {fault && <p class="error" role="alert">{fault}</p>}
      <ul class="contacts">
        {page.providers.map((p) => (
          <li key={p.id} class="card-head">
            <div><div><b dir="auto">{p.name}</b></div><small class="muted">{t('security.since')} <Time at={p.created_at} /></small></div>
            {page.proved && <button class="btn btn-ghost" type="button" aria-label={t('security.provider.remove.of', { name: p.name })} onClick={() => void forget(p.id, p.name)}>{t('security.provider.remove')}</button>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export default function Security() {
  const [page, setPage] = useState<Factors | null>(() => { const first = takeRoute<Factors>(); return first?.passkeys ? first : null; });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const load = async () => {
    try {
      setPage(await api<Factors>('GET', '/api/me/factors'));
      setProblem(null);
    } catch (e) {
      if (e instanceof Problem) setProblem(e);
    }
  };
  useEffect(() => { if (!page) void load(); }, []);
  if (!page) return <><Heading text={t('security.title')} />{problem ? <Failed problem={problem} retry={() => void load()} /> : <Skeleton />}</>;
  const none = !page.app && !page.passkeys.length;
  const part = { page, show: setCodes, load };
  return (
    <>
      <Heading text={t('security.title')} />
      <p>{t('security.lead')}</p>
      {page.required && <p class="notice" data-tone={none ? 'warn' : undefined}>{t('security.required')}</p>}
      {!page.proved && (
        <p class="notice">{t('security.proof')} <a href={`/sign-in?to=${encodeURIComponent(location.pathname)}`}>{t('security.proof.go')}</a></p>
      )}
      {codes && <Codes codes={codes} done={() => setCodes(null)} />}
      <AppCard {...part} />
      <PasskeysCard {...part} />
      <Recovery {...part} send={(path) => sendChange('POST', path, undefined, (fault) => { if (fault) announce(fault); })} />
      <Providers page={page} load={load} />
    </>
  );
}
