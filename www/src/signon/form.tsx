/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A new identity provider: it is asked what it is once it is kept. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, newKey, Problem } from '../lib/api';
import { maybe, t, type PlainKey } from '../lib/i18n';
import { fieldText, Icon, problemText } from '../ui/parts';

const FIELDS: { name: string; label: PlainKey; hint?: PlainKey; optional?: boolean; most: number }[] = [
  { name: 'name', label: 'signon.name', hint: 'signon.name.hint', most: 60 },
  { name: 'issuer', label: 'signon.issuer', hint: 'signon.issuer.hint', most: 500 },
  { name: 'client_id', label: 'signon.client', most: 300 },
  { name: 'client_secret', label: 'signon.secret', optional: true, most: 500 },
  { name: 'domains', label: 'signon.domains', hint: 'signon.domains.hint', most: 2000 },
];

export function NewProvider({ back, tenant, done }: { back: string; tenant: boolean; done: () => void }) {
  const [values, setValues] = useState<Record<string, string>>({ issuer: 'https://' });
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const first = useRef<HTMLHeadingElement>(null);
  useEffect(() => first.current?.focus(), []);
  const address = `https://${back}${location.protocol === 'https:' && location.port ? `:${location.port}` : ''}/sign-in/back`;
  const send = async () => {
    const body = Object.fromEntries(Object.entries(values).map(([k, v]) => [k, k === 'domains' ? v.trim().toLowerCase().replace(/[\s,]+/g, ' ') : v.trim()]).filter(([, v]) => v));
    try {
      await api('POST', '/api/providers', { body, key: key.current });
      announce(t('signon.saved'));
      done();
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      if (!e.uncertain) key.current = newKey();
      setFault(e.errors.length ? '' : problemText(e));
      /* A rule about the domains and something else is told at the domains. */
      setFaults(Object.fromEntries(e.errors.map((f) => [f.field.replace(/_account$/, ''), maybe(`signon.fault.${f.field}`) ?? maybe(`signon.fault.${f.code}`) ?? fieldText(f.code)])));
    }
  };
  const submit = (e: SubmitEvent) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    void send().finally(() => setBusy(false));
  };
  return (
    <form class="card form" noValidate onSubmit={submit} aria-labelledby="new-provider">
      <h2 id="new-provider" tabIndex={-1} ref={first}>{t('signon.add')}</h2>
      <p>{t('signon.back')} <code class="spelled" dir="ltr">{address}</code>{' '}
        {'clipboard' in navigator && <button class="btn btn-icon" type="button" aria-label={t('signon.copy')} onClick={() => void navigator.clipboard.writeText(address).then(() => announce(t('signon.copied')))}><Icon name="copy" /></button>}
      </p>
      {fault && <p class="error" role="alert">{fault}</p>}
      {FIELDS.map((f) => {
        const id = `provider-${f.name}`;
        const told = [f.hint && `${id}-hint`, faults[f.name] && `${id}-fault`].filter(Boolean).join(' ');
        return (
          <div class="field" key={f.name}>
            <label for={id}>{t(f.label)}</label>
            <input class="input" id={id} autocomplete="off" spellcheck={false} autocapitalize="none" dir={f.name === 'name' ? 'auto' : 'ltr'} maxLength={f.most}
              required={!f.optional && (f.name !== 'domains' || !tenant)} aria-invalid={faults[f.name] ? true : undefined} aria-describedby={told || undefined}
              value={values[f.name] ?? ''} onInput={(e) => setValues({ ...values, [f.name]: e.currentTarget.value })} />
            {f.hint && <span class="hint" id={`${id}-hint`}>{t(f.hint)}</span>}
            {faults[f.name] && <span class="error" id={`${id}-fault`} role="alert">{faults[f.name]}</span>}
          </div>
        );
      })}
      <div class="form-end">
        <button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('signon.save')}</button>
        <button class="btn btn-ghost" type="button" onClick={done}>{t('app.cancel')}</button>
      </div>
    </form>
  );
}
