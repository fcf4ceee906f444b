/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The session ended while somebody was working: sign in again over the page,
 * then what they were doing goes on. Drafts are safe either way.
 */
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { onSignedOut, postForm } from '../lib/api';
import { me } from '../lib/boot';
import { t } from '../lib/i18n';

let asking: Promise<boolean> | null = null;

function SignIn({ done }: { done: (ok: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => { dialog.current?.showModal(); }, []);
  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    setFault('');
    try {
      const answer = await postForm('/sign-in', e.currentTarget as HTMLFormElement);
      if (answer === true) return done(true);
      setFault(answer === 401 ? t('app.session.failed') : t('err.unknown'));
    } catch {
      setFault(t('err.network'));
    }
    setBusy(false);
  };
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby="session-title" onCancel={(e) => { e.preventDefault(); done(false); }}>
      <form class="form" onSubmit={submit}>
        <h2 id="session-title">{t('app.session.title')}</h2>
        <p>{t('app.session.text')}</p>
        {fault && <p class="error" role="alert">{fault}</p>}
        <div class="field">
          <label for="session-email">{t('app.session.email')}</label>
          <input class="input" id="session-email" name="email" type="email" autocomplete="username" dir="ltr" value={me.email} readOnly />
        </div>
        <div class="field">
          <label for="session-password">{t('app.session.password')}</label>
          <input class="input" id="session-password" name="password" type="password" autocomplete="current-password" dir="ltr" required autoFocus />
        </div>
        <div class="form-end">
          <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('app.session.submit')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => done(false)}>{t('app.session.later')}</button>
        </div>
      </form>
    </dialog>
  );
}

export function watchSession(): void {
  onSignedOut(() => (asking ??= new Promise<boolean>((resolve) => {
    const back = document.activeElement;
    const host = document.createElement('div');
    document.body.append(host);
    render(<SignIn done={(ok) => {
      render(null, host);
      host.remove();
      asking = null;
      if (back instanceof HTMLElement) back.focus();
      resolve(ok);
    }} />, host);
  })));
}
