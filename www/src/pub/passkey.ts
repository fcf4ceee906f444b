/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Passkeys at the second step of signing in: the one thing there that needs a script. */
import { ask } from '../lib/api';
import { hasPasskeys, makePasskey, showPasskey, type Asked } from '../lib/webauthn';

async function values(form: HTMLFormElement): Promise<Record<string, string> | null> {
  const { passkey, challenge, keys } = form.dataset;
  if (passkey === 'show') return showPasskey(challenge ?? '', (keys ?? '').split(' '));
  const asked = await ask<Asked>('/sign-in/step/ask');
  return asked && makePasskey(asked);
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
  form.hidden = !hasPasskeys;
  form.addEventListener('submit', (e) => {
    e.preventDefault();
    const fault = form.querySelector<HTMLElement>('.error');
    if (fault) fault.hidden = true;
    void values(form).then((found) => {
      if (!found) {
        if (fault) fault.hidden = false;
        return;
      }
      for (const [name, value] of Object.entries(found)) {
        const input = form.elements.namedItem(name);
        if (input instanceof HTMLInputElement) input.value = value;
      }
      form.submit();
    });
  });
}
