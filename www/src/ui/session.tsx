/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * The session ended while somebody was working: sign in again over the page,
 * then what they were doing goes on. Drafts are safe either way. A second step,
 * or another way in, is taken in a window of its own. A page whose browser
 * somebody else has signed in with does nothing more, and says so.
 */
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, onOver, onSignedOut, postForm, Problem, stop, type Why } from '../lib/api';
import { me } from '../lib/boot';
import { t } from '../lib/i18n';

let asking: Promise<boolean> | null = null;

/** Is there a session (again), and of the same person? */
async function isSignedIn(): Promise<boolean> {
  try {
    return (await api<{ email: string }>('GET', '/api/me', { quiet: true })).email === me.email;
  } catch (e) {
    if (e instanceof Problem && e.status === 401) return false;
    throw e;
  }
}

function SignIn({ done }: { done: (ok: boolean) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const go = useRef<HTMLAnchorElement>(null);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const [step, setStep] = useState(false);
  useEffect(() => { dialog.current?.showModal(); }, []);
  useEffect(() => { if (step) go.current?.focus(); }, [step]);
  /* Back from the other window: it may be done. */
  useEffect(() => {
    const look = () => void isSignedIn().then((ok) => { if (ok) done(true); }, () => {});
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  }, []);
  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    setFault('');
    try {
      const answer = step || await postForm('/sign-in', e.currentTarget as HTMLFormElement);
      if (answer === true) {
        if (await isSignedIn()) return done(true);
        setFault(step ? t('app.session.step.due') : '');
        setStep(true);
      } else setFault(answer === 401 ? t('app.session.failed') : t('err.unknown'));
    } catch {
      setFault(t('err.network'));
    }
    setBusy(false);
  };
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby="session-title" onCancel={(e) => { e.preventDefault(); done(false); }}>
      <form class="form" onSubmit={submit}>
        <h2 id="session-title">{t('app.session.title')}</h2>
        <p>{step ? t('app.session.step') : t('app.session.text')}</p>
        {fault && <p class="error" role="alert">{fault}</p>}
        {step ? <p><a class="btn" href="/sign-in/step" target="_blank" ref={go}>{t('app.session.step.go')}</a></p> : <Password />}
        <div class="form-end">
          <button class="btn btn-primary" type="submit" aria-disabled={busy}>{step ? t('app.session.step.done') : t('app.session.submit')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => done(false)}>{t('app.session.later')}</button>
        </div>
        {!step && <p><a href="/sign-in" target="_blank">{t('app.session.other')}</a></p>}
      </form>
    </dialog>
  );
}

function Password() {
  return (
    <>
      <div class="field">
        <label for="session-email">{t('app.session.email')}</label>
        <input class="input" id="session-email" name="email" type="email" autocomplete="username" dir="ltr" value={me.email} readOnly />
      </div>
      <div class="field">
        <label for="session-password">{t('app.session.password')}</label>
        <input class="input" id="session-password" name="password" type="password" autocomplete="current-password" dir="ltr" required autoFocus />
      </div>
    </>
  );
}

function Over({ why }: { why: Why }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => { dialog.current?.showModal(); }, []);
  const reload = () => location.reload();
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby="over-title" onClose={reload}>
      <div class="form">
        <h2 id="over-title">{t(why === 'left' ? 'app.left' : 'err.another-person')}</h2>
        <p>{t(why === 'left' ? 'app.left.text' : 'err.another-person.do')}</p>
        <div class="form-end"><button class="btn btn-primary" type="button" onClick={reload}>{t('app.over.reload')}</button></div>
      </div>
    </dialog>
  );
}

export function watchSession(): void {
  onOver((why) => {
    const host = document.createElement('div');
    document.body.append(host);
    render(<Over why={why} />, host);
  });
  /* Signing out, in this page and in another one (pub/main.ts). */
  addEventListener('leave', () => stop());
  new BroadcastChannel('leave').onmessage = (e: MessageEvent<string>) => { if (e.data === String(me.id)) stop('left'); };
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
