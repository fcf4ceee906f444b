/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { t } from '../lib/i18n';
import { Icon } from './parts';

interface Toast { text: string; action?: { label: string; run: () => void }; passes?: boolean | number }
const current = signal<Toast | null>(null);
const online = signal(navigator.onLine);
addEventListener('online', () => { online.value = true; });
addEventListener('offline', () => { online.value = false; });

/** One at a time, at the bottom; stays until read when it offers an action, but for one that there is another way to: or so many milliseconds. It goes by what is given back, which says whether it was still there. */
export function toast(text: string, action?: Toast['action'], passes: boolean | number = !action): () => boolean {
  const mine = current.value = { text, passes, ...(action ? { action } : {}) };
  return () => {
    const was = current.peek() === mine;
    if (was) current.value = null;
    return was;
  };
}

export function Toasts() {
  const now = current.value;
  useEffect(() => {
    if (!now?.passes) return;
    const timer = setTimeout(() => { if (current.peek() === now) current.value = null; }, typeof now.passes === 'number' ? now.passes : 6000);
    return () => clearTimeout(timer);
  }, [now]);
  return (
    <div class="toasts" role="status">
      {!online.value && <p class="offline">{t('app.offline')}</p>}
      {now && (
        <div class="toast">
          <span dir="auto">{now.text}</span>
          {now.action && <button type="button" onClick={() => { current.value = null; now.action?.run(); }}>{now.action.label}</button>}
          <button type="button" aria-label={t('app.dismiss')} onClick={() => { current.value = null; }}><Icon name="x" /></button>
        </div>
      )}
    </div>
  );
}
