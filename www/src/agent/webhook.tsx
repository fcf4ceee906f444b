/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What the tenant's own product is told of support access: for its administrators. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, newKey, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { usePoll } from '../lib/poll';
import { Failed, fieldText, Heading, problemText, Skeleton, Time } from '../ui/parts';
import { toast } from '../ui/toast';

interface Message { id: string; kind: string; state: 'waiting' | 'sent' | 'given_up'; answer: string | null; attempts: number; at: string }
interface Page { webhook: { url: string; is_on: boolean } | null; secret: string | null; deliveries: Message[]; keys: number }

export default function WebhookPage() {
  const [page, setPage] = useState<Page | null>(() => { const first = takeRoute<Page>(); return first?.deliveries ? first : null; });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [url, setUrl] = useState<string | null>(null);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const load = async (quiet = false) => {
    try {
      setPage(await api<Page>('GET', '/api/webhook', { quiet }));
      setProblem(null);
    } catch (e) {
      if (e instanceof Problem && !quiet) setProblem(e);
    }
  };
  useEffect(() => { if (!page) void load(); }, []);
  usePoll(3, () => { if (page) void load(true); });
  if (!page) return <><Heading text={t('access.hook.title')} />{problem ? <Failed problem={problem} retry={() => void load()} /> : <Skeleton />}</>;

  const act = async (method: 'POST' | 'PATCH', path: string, body?: unknown) => {
    if (busy) return;
    setBusy(true);
    setFault('');
    try {
      await api(method, path, { ...(body ? { body } : {}), ...(method === 'POST' ? { key: newKey() } : {}) });
      announce(t('access.hook.saved'));
      setUrl(null);
    } catch (e) {
      if (e instanceof Problem && e.errors.length) setFault(fieldText(e.errors[0]?.code ?? ''));
      else toast(e instanceof Problem ? problemText(e) : t('err.unknown'));
    }
    setBusy(false);
    await load(true);
  };
  const change = (body: unknown) => void act('PATCH', '/api/webhook', body);
  const keys = `${location.origin}/.well-known/sportello-grants.json`;
  return (
    <>
      <Heading text={t('access.hook.title')} />
      <p>{t('access.hook.lead')}</p>
      <section class="card" aria-labelledby="hook-title">
        <h2 id="hook-title">{t('access.hook.on')}</h2>
        <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); change({ url: (url ?? page.webhook?.url ?? '').trim() || 'https://', is_on: page.webhook?.is_on ?? true }); }}>
          <div class="field">
            <label for="hook-url">{t('access.hook.url')}</label>
            <input class="input" id="hook-url" type="url" dir="ltr" autocomplete="off" spellcheck={false} maxLength={2000} aria-invalid={fault ? true : undefined} aria-describedby={fault ? 'hook-fault' : undefined}
              value={url ?? page.webhook?.url ?? ''} onInput={(e) => setUrl(e.currentTarget.value)} />
            {fault && <span class="error" id="hook-fault">{fault}</span>}
          </div>
          <div class="form-end">
            <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('access.hook.save')}</button>
            {page.webhook && <button class="btn" type="button" aria-disabled={busy} onClick={() => void act('POST', '/api/webhook/tests')}>{t('access.hook.test')}</button>}
            {page.webhook && <label class="check"><input type="checkbox" checked={page.webhook.is_on} onChange={(e) => change({ is_on: e.currentTarget.checked })} />{t('access.hook.on')}</label>}
          </div>
        </form>
        {page.secret && (
          <>
            <h3>{t('access.hook.secret')}</h3>
            <p><code dir="ltr" class="secret">{page.secret}</code></p>
            <p><button class="link" type="button" onClick={() => change({ new_secret: true })}>{t('access.hook.new_secret')}</button></p>
          </>
        )}
        <h3>{t('access.hook.messages')}</h3>
        {page.deliveries.length ? (
          <ul>
            {page.deliveries.map((d) => (
              <li key={d.id}><code dir="ltr">{d.kind}</code> · {t(`access.hook.state.${d.state}`)} · <bdi>{d.answer ?? ''}</bdi> · {d.attempts} · <Time at={d.at} /></li>
            ))}
          </ul>
        ) : <p class="muted">{t('access.hook.none')}</p>}
      </section>
      <section class="card" aria-labelledby="keys-title">
        <h2 id="keys-title">{t('access.hook.keys')}</h2>
        <p><a href={keys} dir="ltr" class="secret" target="_blank" rel="noopener">{keys}</a></p>
        <p><button class="link" type="button" onClick={() => change({ new_keys: true })}>{t('access.hook.new_keys')}</button></p>
      </section>
    </>
  );
}
