/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What names this portal, each with a button that copies it. */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { CopyButton } from '../ui/copy';
import { Failed, Heading, Skeleton } from '../ui/parts';

interface Identifiers { portal: { id: number; name: string; host: string }; account: { id: number; name: string } }

function Copy({ what, text, shown, label }: { what: string; text: string; shown: string; label?: string }) {
  return (
    <CopyButton text={text} shown={shown} label={label ? undefined : t('identifiers.copy.what', { what })}
      said={t('identifiers.copied', { what })} refused={t('identifiers.not_copied')}>
      {(done) => (done ? t('identifiers.done') : label ?? t('identifiers.copy'))}
    </CopyButton>
  );
}

export default function IdentifiersPage() {
  const [data, setData] = useState(() => takeRoute<Identifiers>());
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => {
    setProblem(null);
    api<Identifiers>('GET', '/api/identifiers').then(setData, (e: unknown) => { if (e instanceof Problem) setProblem(e); else throw e; });
  };
  useEffect(() => { if (!data) load(); }, []);
  if (problem) return <><Heading text={t('identifiers.title')} /><Failed problem={problem} retry={load} /></>;
  if (!data) return <><Heading text={t('identifiers.title')} /><Skeleton /></>;
  const url = `${location.protocol}//${data.portal.host}${location.port ? `:${location.port}` : ''}/`;
  const rows: [string, string, string][] = [
    ['name', t('identifiers.name'), data.portal.name], ['id', t('identifiers.id'), String(data.portal.id)],
    ['url', t('identifiers.url'), url], ['account', t('identifiers.account'), String(data.account.id)],
  ];
  return (
    <>
      <Heading text={t('identifiers.title')} />
      <p class="muted">{t('identifiers.lead')}</p>
      <section class="card idents" aria-label={t('identifiers.title')}>
        <dl id="idents">
          {rows.map(([key, what, text]) => (
            <div key={key}>
              <dt>{what}</dt>
              <dd><span id={`ident-${key}`} dir="auto" class={key === 'name' ? undefined : 'ident'}>{text}</span>
                <Copy what={what} text={text} shown={`ident-${key}`} /></dd>
            </div>
          ))}
        </dl>
        <Copy what={t('identifiers.everything')} label={t('identifiers.all')} shown="idents"
          text={rows.map(([, what, text]) => `${what}: ${text}`).join('\n')} />
      </section>
    </>
  );
}
