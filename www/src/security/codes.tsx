/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Recovery codes: shown once, then only how many are left. */
import { useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import type { Factors } from './data';

export function Codes({ codes, done }: { codes: string[]; done: () => void }) {
  const copy = () => void navigator.clipboard.writeText(codes.join('\n')).then(() => announce(t('security.copied')));
  return (
    <section class="card" data-tone="warn" aria-labelledby="codes-title">
      <h2 id="codes-title" tabIndex={-1} ref={(e) => e?.focus()}>{t('security.codes.title')}</h2>
      <p>{t('security.codes.text')}</p>
      <ul class="contacts">{codes.map((c) => <li key={c}><code dir="ltr">{c}</code></li>)}</ul>
      <div class="form-end">
        {'clipboard' in navigator && <button class="btn" type="button" onClick={copy}><Icon name="copy" />{t('security.copy')}</button>}
        <button class="btn btn-primary" type="button" onClick={done}>{t('security.codes.kept')}</button>
      </div>
    </section>
  );
}

export function Recovery({ page, send, show, load }: { page: Factors; send: (path: string) => Promise<{ recovery: string[] } | null>; show: (codes: string[]) => void; load: () => Promise<void> }) {
  const [sure, setSure] = useState(false);
  const has = page.app || page.passkeys.length > 0;
  const make = async () => {
    setSure(false);
    const made = await send('/recovery');
    if (made) show(made.recovery);
    await load();
  };
  if (!has) return null;
  return (
    <section class="card" aria-labelledby="recovery-title">
      <h2 id="recovery-title">{t('security.recovery.title')}</h2>
      <p>{t('security.recovery.text')}</p>
      <p class={page.recovery < 3 ? 'error' : undefined}>{t('security.recovery.left', { n: page.recovery })}</p>
      {page.proved && (sure ? (
        <div class="form-end">
          <button class="btn btn-primary" type="button" onClick={() => void make()}>{t('security.recovery.sure')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => setSure(false)}>{t('app.cancel')}</button>
        </div>
      ) : <button class="btn" type="button" onClick={() => setSure(true)}>{t('security.recovery.make')}</button>)}
    </section>
  );
}
