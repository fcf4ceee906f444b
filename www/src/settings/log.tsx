/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who changed which setting or look, the newest first. */
import { boot } from '../lib/boot';
import { maybe, t } from '../lib/i18n';
import { Time } from '../ui/parts';
import { label, valueText, type Setting } from './control';

interface Change {
  id: string;
  at: string;
  person: number | null;
  portal: string | null;
  /** Of a setting; a look has fields. */
  name: string | null;
  was: string | null;
  value: string | null;
  fields: string[] | null;
}
export interface LogPage { items: Change[]; people: Record<string, { name: string }> }

function words(c: Change, settings: Setting[]): string {
  if (!c.name) {
    const fields = (c.fields ?? []).map((f) => maybe(`branding.${f}`)).filter((f): f is string => f !== null);
    return t('settings.log.look', { fields: new Intl.ListFormat(boot.lang, { type: 'conjunction' }).format(fields) });
  }
  const setting = settings.find((s) => s.name === c.name);
  const text = (value: string | null) => (value === null ? t('settings.log.inherited') : setting ? valueText(setting, value) : value);
  return t('settings.log.set', { name: label(c.name), from: text(c.was), to: text(c.value) });
}

export function Log({ of, settings }: { of: LogPage; settings: Setting[] }) {
  return (
    <section class="card card-list" aria-labelledby="log-title">
      <h2 id="log-title">{t('settings.log')}</h2>
      <p class="muted">{t('settings.log.lead')}</p>
      {of.items.length ? (
        <ol class="tlist" role="list">
          {of.items.map((c) => (
            <li key={c.id}>
              <div class="trow">
                <span class="trow-head"><span dir="auto">{words(c, settings)}</span></span>
                <span class="muted" dir="auto">{[of.people[String(c.person)]?.name, c.portal].filter(Boolean).join(' · ')}</span>
                <Time at={c.at} />
              </div>
            </li>
          ))}
        </ol>
      ) : <p class="empty">{t('settings.log.none')}</p>}
    </section>
  );
}
