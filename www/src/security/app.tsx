/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** An authenticator app: set up by a picture and a first code, removed again. */
import { useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { t } from '../lib/i18n';
import { Time } from '../ui/parts';
import { sendChange, type Factors } from './data';

interface Secret { uri: string; spelled: string; path: string; box: string }

function SetUp({ secret, done }: { secret: Secret; done: (codes: string[] | null) => void }) {
  const [code, setCode] = useState('');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    const answer = await sendChange<{ recovery: string[] | null }>('POST', '/app/code', { code: code.replace(/\s/g, '') }, setFault);
    setBusy(false);
    if (!answer) return;
    announce(t('security.app.added'));
    done(answer.recovery);
  };
  return (
    <form class="form" noValidate onSubmit={submit}>
      <p>{t('security.app.scan')}</p>
      <svg class="qr" viewBox={secret.box} role="img" aria-label={t('security.app.picture')}><path d={secret.path} /></svg>
      <p>{t('security.app.type')} <code class="spelled" dir="ltr">{secret.spelled}</code> · <a href={secret.uri}>{t('security.app.here')}</a></p>
      <div class="field">
        <label for="app-code">{t('security.app.code')}</label>
        <input class="input" id="app-code" inputMode="numeric" autocomplete="one-time-code" dir="ltr" maxLength={20} autoFocus required
          aria-invalid={fault ? true : undefined} aria-describedby={fault ? 'app-fault' : undefined} value={code} onInput={(e) => setCode(e.currentTarget.value)} />
        {fault && <span class="error" id="app-fault" role="alert">{fault}</span>}
      </div>
      <div class="form-end">
        <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('security.app.confirm')}</button>
        <button class="btn btn-ghost" type="button" onClick={() => done(null)}>{t('app.cancel')}</button>
      </div>
    </form>
  );
}

export function AppCard({ page, show, load }: { page: Factors; show: (codes: string[]) => void; load: () => Promise<void> }) {
  const [secret, setSecret] = useState<Secret | null>(null);
  const [sure, setSure] = useState(false);
  const [fault, setFault] = useState('');
  const start = async () => setSecret(await sendChange<Secret>('POST', '/app', undefined, setFault));
  const remove = async () => {
    setSure(false);
    if (await sendChange('DELETE', '/app', undefined, setFault)) announce(t('security.app.removed'));
    await load();
  };
  const done = (codes: string[] | null) => {
    setSecret(null);
    if (codes) show(codes);
    void load();
  };
  return (
    <section class="card" aria-labelledby="app-title">
      <h2 id="app-title">{t('security.app.title')}</h2>
      {fault && <p class="error" role="alert">{fault}</p>}
      {secret ? <SetUp secret={secret} done={done} /> : page.app ? (
        <>
          <p>{t('security.since')} <Time at={page.app.created_at} />{page.app.used_at && <> · {t('security.used')} <Time at={page.app.used_at} /></>}</p>
          {page.proved && (sure ? (
            <div class="form-end">
              <button class="btn btn-primary" type="button" onClick={() => void remove()}>{t('security.app.sure')}</button>
              <button class="btn btn-ghost" type="button" onClick={() => setSure(false)}>{t('app.cancel')}</button>
            </div>
          ) : <button class="btn" type="button" onClick={() => setSure(true)}>{t('security.app.remove')}</button>)}
        </>
      ) : (
        <>
          <p>{t('security.app.text')}</p>
          {page.proved && <button class="btn" type="button" onClick={() => void start()}>{t('security.app.start')}</button>}
        </>
      )}
    </section>
  );
}
