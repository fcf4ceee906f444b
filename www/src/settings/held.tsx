/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Settings to be read, each with where its value comes from: the tenant, or nobody. */
import { t } from '../lib/i18n';
import { label, valueText, type Setting } from './control';

export function Held({ of, tenant }: { of: Pick<Setting, 'name' | 'kind' | 'choices' | 'value' | 'own'>[]; tenant: string }) {
  return (
    <ul>
      {of.map((s) => (
        <li key={s.name}>
          {label(s.name)}: <strong>{valueText(s, s.value)}</strong>
          <br /><small class="muted"><bdi>{s.own ? t('settings.from_tenant', { name: tenant }) : t('settings.from_default')}</bdi></small>
        </li>
      ))}
    </ul>
  );
}
