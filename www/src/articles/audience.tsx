/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Who reads something: said in words, and chosen. */
import { useState } from 'preact/hooks';
import { api } from '../lib/api';
import { boot } from '../lib/boot';
import { t } from '../lib/i18n';
import { Pick } from '../make/parts';
import { Find } from '../ui/find';
import { Icon } from '../ui/parts';
import { LEVELS, ROLES, type Audience, type Named, type Said } from './data';

const list = (names: string[]) => new Intl.ListFormat(boot.lang, { type: 'conjunction' }).format(names);

export function audienceText(a: Audience): string {
  const parts = [t(`before.audience.${a.level}`)];
  if (a.roles) parts.push(list(a.roles.map((r) => t(`settings.role.${r}`))));
  if (a.accounts) parts.push(list(a.accounts.map((x) => x.name)));
  if (a.portals) parts.push(list(a.portals.map((x) => x.name)));
  return parts.join(' · ');
}

const find = (q: string, signal: AbortSignal) =>
  api<{ accounts: Named[] }>('GET', `/api/kb/accounts?q=${encodeURIComponent(q)}`, { signal, quiet: true }).then(({ accounts }) => accounts.map((a) => ({ id: a.id, text: a.name })));

/** Those that were chosen, each with a way out. */
function Chosen({ of, into, onChange }: { of: Named[]; into: string; onChange: (left: Named[]) => void }) {
  if (!of.length) return null;
  return (
    <ul class="chips" role="list">
      {of.map((x) => (
        <li class="chip" key={x.id}>
          <bdi>{x.name}</bdi>
          <button type="button" aria-label={t('pick.remove', { who: x.name })} onClick={() => { onChange(of.filter((y) => y.id !== x.id)); document.getElementById(into)?.focus(); }}><Icon name="x" /></button>
        </li>
      ))}
    </ul>
  );
}

/** value null: as above. `above`: what that is; without it something must be said. */
export function AudienceField({ id, value, above, portals, onChange }: { id: string; value: Audience | null; above: Audience | null; portals: Named[]; onChange: (a: Audience | null) => void }) {
  const level = value?.level ?? 'inherited';
  const set = (part: Partial<Audience>) => { if (value) onChange({ ...value, ...part }); };
  return (
    <fieldset class="field">
      <legend class="label">{t('before.audience')}</legend>
      {above && (
        <>
          <label class="check"><input type="radio" name={id} checked={value === null} onChange={() => onChange(null)} />{t('articles.audience.above')}</label>
          <p class="muted">{audienceText(above)}</p>
        </>
      )}
      {LEVELS.map((l) => (
        <label class="check" key={l}>
          <input type="radio" name={id} checked={level === l} onChange={() => onChange({ level: l, ...(value?.portals ? { portals: value.portals } : {}) })} />{t(`before.audience.${l}`)}
        </label>
      ))}
      {value?.told !== undefined && <p class="articles-line muted"><Icon name="lock" />{t('articles.audience.told')}</p>}
      {value && (
        <div class="articles-narrow">
          <p class="muted">{t('articles.audience.narrow')}</p>
          {level === 'signed_in' && (
            <>
              <fieldset class="field">
                <legend>{t('before.roles')}</legend>
                {ROLES.map((r) => (
                  <label class="check" key={r}>
                    <input type="checkbox" checked={value.roles?.includes(r) ?? false}
                      onChange={(e) => set({ roles: ROLES.filter((x) => (x === r ? e.currentTarget.checked : value.roles?.includes(x))) })} />{t(`settings.role.${r}`)}
                  </label>
                ))}
              </fieldset>
              <Find id={`${id}-account`} label={t('articles.audience.accounts')} search={find}
                onPick={(hit) => { if (!value.accounts?.some((x) => x.id === hit.id)) set({ accounts: [...value.accounts ?? [], { id: hit.id, name: hit.text }] }); }} />
              <Chosen of={value.accounts ?? []} into={`${id}-account`} onChange={(accounts) => set({ accounts })} />
            </>
          )}
          {portals.length > 0 && (
            <>
              <Pick id={`${id}-portal`} label={t('articles.audience.portals')} value="" options={[['', t('forms.choose')], ...portals.filter((p) => !value.portals?.some((x) => x.id === p.id)).map((p): [string, string] => [String(p.id), p.name])]}
                onChange={(v) => { const p = portals.find((x) => String(x.id) === v); if (p) set({ portals: [...value.portals ?? [], p] }); }} />
              <Chosen of={value.portals ?? []} into={`${id}-portal`} onChange={(left) => set({ portals: left })} />
            </>
          )}
        </div>
      )}
    </fieldset>
  );
}

/** As it is sent. */
export const said = (a: Audience | null): Said => (a
  ? {
    level: a.level,
    ...(a.portals?.length ? { portals: a.portals.map((p) => p.id) } : {}),
    ...(a.level === 'signed_in' && a.accounts?.length ? { accounts: a.accounts.map((x) => x.id) } : {}),
    ...(a.level === 'signed_in' && a.roles?.length ? { roles: a.roles } : {}),
  }
  : { level: 'inherited' });

/** One that is changed by its own button. */
export function AudienceForm({ id, of, above, portals, save }: { id: string; of: Audience | null; above: Audience | null; portals: Named[]; save: (a: Said) => void }) {
  const [value, set] = useState(of);
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); save(said(value)); }}>
      <AudienceField id={id} value={value} above={above} portals={portals} onChange={set} />
      <div class="form-end"><button class="btn btn-primary" type="submit">{t('before.save')}</button></div>
    </form>
  );
}
