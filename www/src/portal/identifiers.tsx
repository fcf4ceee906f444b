/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What names this portal, each with a button that copies it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { toast } from '../ui/toast';

interface Identifiers { portal: { id: number; name: string; host: string }; account: { id: number; name: string } }

/** False where the browser does not let us (plain http): then it is selected. */
async function copy(text: string, shown: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown);
    return false;
  }
}

function Copy({ what, text, shown, label }: { what: string; text: string; shown: () => HTMLElement | null; label?: string }) {
  const [done, setDone] = useState(0);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(0), 2500);
    return () => clearTimeout(timer);
  }, [done]);
  const run = async () => {
    if (!await copy(text, shown())) return toast(t('identifiers.not_copied'));
    setDone((n) => n + 1);
    announce(t('identifiers.copied', { what }));
  };
  return (
    <button class="btn" type="button" aria-label={label ? undefined : t('identifiers.copy.what', { what })} onClick={() => void run()}>
      <Icon name={done ? 'check' : 'copy'} />{done ? t('identifiers.done') : label ?? t('identifiers.copy')}
    </button>
  );
}

export default function IdentifiersPage() {
  const [data, setData] = useState(() => takeRoute<Identifiers>());
  const [problem, setProblem] = useState<Problem | null>(null);
  const list = useRef<HTMLDListElement>(null);
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
        <dl ref={list}>
          {rows.map(([key, what, text]) => (
            <div key={key}>
              <dt>{what}</dt>
              <dd><span id={`ident-${key}`} dir="auto" class={key === 'name' ? undefined : 'ident'}>{text}</span>
                <Copy what={what} text={text} shown={() => document.getElementById(`ident-${key}`)} /></dd>
            </div>
          ))}
        </dl>
        <Copy what={t('identifiers.everything')} label={t('identifiers.all')} shown={() => list.current}
          text={rows.map(([, what, text]) => `${what}: ${text}`).join('\n')} />
      </section>
    </>
  );
}
