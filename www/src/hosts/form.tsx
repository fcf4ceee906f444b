/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { useRef, useState } from 'preact/hooks';
import { api, newKey, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { fieldText, Icon, problemText } from '../ui/parts';
import type { Host, HostPortal } from './data';

/** A name is claimed; that it is theirs, its domain says. */
export function NewHost({ portals, added }: { portals: HostPortal[]; added: (h: Host) => void }) {
  const [portal, setPortal] = useState(portals[0]?.id ?? 0);
  const [host, setHost] = useState('');
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const box = useRef<HTMLInputElement>(null);

  const submit = async () => {
    if (busy) return;
    setBusy(true);
    try {
      if (!host.trim()) throw new Problem(422, 'invalid', [{ field: 'host', code: 'required' }]);
      added(await api<Host>('POST', '/api/hosts', { key: key.current, body: { portal, host } }));
      setHost('');
      setFault('');
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFault(e.errors[0] ? fieldText(e.errors[0].code) : problemText(e));
      box.current?.focus();
    }
    key.current = newKey();
    setBusy(false);
  };
  return (
    <form class="form card" noValidate aria-labelledby="new-title" onSubmit={(e) => { e.preventDefault(); void submit(); }}>
      <h2 id="new-title">{t('hosts.new')}</h2>
      {portals.length > 1 && (
        <div class="field">
          <label for="new-portal">{t('hosts.portal')}</label>
          <select class="input" id="new-portal" value={String(portal)} onChange={(e) => setPortal(Number(e.currentTarget.value))}>
            {portals.map((p) => <option key={p.id} value={String(p.id)}>{p.name}</option>)}
          </select>
        </div>
      )}
      <div class="field">
        <label for="new-host">{t('hosts.host')}</label>
        <span class="hint" id="new-hint">{t('hosts.host.hint')}</span>
        <input class="input" id="new-host" ref={box} dir="ltr" autocomplete="off" autocapitalize="off" spellcheck={false} required maxLength={500}
          aria-invalid={fault ? true : undefined} aria-describedby={fault ? 'new-hint new-fault' : 'new-hint'}
          value={host} onInput={(e) => setHost(e.currentTarget.value)} />
        {fault && <span class="error" id="new-fault"><Icon name="circle-alert" />{fault}</span>}
      </div>
      <div class="form-end"><button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('hosts.add')}</button></div>
    </form>
  );
}
