/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Passkeys: made, named, removed. Each works at the host that it was made at. */
import { useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { t } from '../lib/i18n';
import { hasPasskeys, makePasskey, type Asked } from '../lib/webauthn';
import { Icon, Time } from '../ui/parts';
import { sendChange, type Factors, type Passkey } from './data';

type Acts = { load: () => Promise<void>; tell: (fault: string) => void };

function Row({ k, may, load, tell }: { k: Passkey; may: boolean } & Acts) {
  const [mode, setMode] = useState<'' | 'name' | 'remove'>('');
  const [name, setName] = useState(k.name);
  const rename = async (e: SubmitEvent) => {
    e.preventDefault();
    if (await sendChange('PATCH', `/passkeys/${k.id}`, { name: name.trim() }, tell)) setMode('');
    await load();
  };
  const remove = async () => {
    if (await sendChange('DELETE', `/passkeys/${k.id}`, undefined, tell)) announce(t('security.passkey.removed', { name: k.name }));
    await load();
  };
  return (
    <li class="card-head">
      <div>
        <div><b dir="auto">{k.name}</b></div>
        <small class="muted"><span dir="ltr">{k.host}</span> · {t('security.since')} <Time at={k.created_at} />{k.used_at && <> · {t('security.used')} <Time at={k.used_at} /></>}</small>
      </div>
      {mode === 'name' ? (
        <form class="form-end" onSubmit={rename}>
          <input class="input" aria-label={t('security.passkey.name')} dir="auto" maxLength={60} required autoFocus value={name} onInput={(e) => setName(e.currentTarget.value)} />
          <button class="btn btn-primary" type="submit">{t('security.save')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => setMode('')}>{t('app.cancel')}</button>
        </form>
      ) : mode === 'remove' ? (
        <div class="form-end">
          <button class="btn btn-primary" type="button" onClick={() => void remove()}>{t('security.passkey.sure')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => setMode('')}>{t('app.cancel')}</button>
        </div>
      ) : (
        <div class="form-end">
          <button class="btn btn-ghost" type="button" aria-label={t('security.passkey.rename.of', { name: k.name })} onClick={() => setMode('name')}>{t('security.passkey.rename')}</button>
          {may && <button class="btn btn-ghost" type="button" aria-label={t('security.passkey.remove.of', { name: k.name })} onClick={() => setMode('remove')}>{t('security.passkey.remove')}</button>}
        </div>
      )}
    </li>
  );
}

function Add({ show, load, tell }: { show: (codes: string[]) => void } & Acts) {
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const add = async () => {
    const asked = await sendChange<Asked>('POST', '/passkeys/ask', undefined, tell);
    if (!asked) return load();
    const made = await makePasskey(asked);
    if (!made) return tell(t('security.passkey.none'));
    const answer = await sendChange<{ recovery: string[] | null }>('POST', '/passkeys', { ...made, name: name.trim() }, tell);
    if (answer) {
      setName('');
      announce(t('security.passkey.added'));
      if (answer.recovery) show(answer.recovery);
    }
    await load();
  };
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    void add().finally(() => setBusy(false));
  };
  return (
    <form class="form" onSubmit={submit}>
      <div class="field">
        <label for="passkey-name">{t('security.passkey.name')}</label>
        <input class="input" id="passkey-name" dir="auto" maxLength={60} aria-describedby="passkey-hint" value={name} onInput={(e) => setName(e.currentTarget.value)} />
        <span class="hint" id="passkey-hint">{t('security.passkey.hint')}</span>
      </div>
      <div class="form-end"><button class="btn" type="submit" aria-disabled={busy}><Icon name="plus" />{t('security.passkey.add')}</button></div>
    </form>
  );
}

export function PasskeysCard({ page, show, load }: { page: Factors; show: (codes: string[]) => void; load: () => Promise<void> }) {
  const [fault, setFault] = useState('');
  return (
    <section class="card" aria-labelledby="passkeys-title">
      <h2 id="passkeys-title">{t('security.passkeys.title')}</h2>
      <p>{t('security.passkeys.text', { host: location.hostname })}</p>
      {fault && <p class="error" role="alert">{fault}</p>}
      {page.passkeys.length > 0 && (
        <ul class="contacts">{page.passkeys.map((k) => <Row key={k.id} k={k} may={page.proved} load={load} tell={setFault} />)}</ul>
      )}
      {!hasPasskeys ? <p class="muted">{t('security.passkeys.unknown')}</p> : page.proved && <Add show={show} load={load} tell={setFault} />}
    </section>
  );
}
