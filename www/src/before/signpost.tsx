/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One of them as its writer sees it: its texts, where it leads, and to whom it is shown. */
import { useState } from 'preact/hooks';
import { t } from '../lib/i18n';
import { useOnce, useOne } from '../lib/once';
import { Pick, TextsField } from '../make/parts';
import type { Kind, Send, Signpost, Written } from './data';

const CONTACTS = ['customer_success', 'implementation', 'key_account', 'delivery'] as const;
const ROLES = ['account_admin', 'portal_admin', 'main_user', 'member', 'partner'] as const;

/** Where it is shown: all portals, or one and those below. */
export function PortalPick({ id, written, value, onChange }: { id: string; written: Written; value: number | null; onChange: (portal: number | null) => void }) {
  return (
    <Pick id={id} label={t('before.portal')} value={String(value ?? '')} onChange={(v) => onChange(v ? Number(v) : null)}
      options={[['', t('before.everywhere')], ...written.portals.map((p): [string, string] => [String(p.id), p.name])]} />
  );
}

export function SignpostForm({ written, of, kinds, send }: { written: Written; of: Signpost | null; kinds: [Kind, ...Kind[]]; send: Send }) {
  const [s, set] = useState<Omit<Signpost, 'id'>>(of ?? { kind: kinds[0], portal: null, titles: {}, texts: {}, url: null, contact: null, roles: [] });
  const id = `${kinds[0]}-${of?.id ?? 'new'}`;
  const leads = s.kind === 'elsewhere';
  const keyFor = useOnce();
  const run = useOne();
  const save = () => run(() => {
    const body = {
      ...(of ? {} : { kind: s.kind }), titles: s.titles, texts: s.texts, roles: s.roles,
      ...(s.url ? { url: s.url } : {}), ...(s.contact ? { contact: s.contact } : {}), ...(s.portal ? { portal: s.portal } : {}),
    };
    return of ? send('PATCH', `/api/signposts/${of.id}`, body, t('before.saved')) : send('POST', '/api/signposts', body, t('before.saved'), keyFor(body));
  });
  return (
    <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      <TextsField id={`${id}-title`} legend={t('before.label')} languages={written.languages} value={s.titles} max={120} onChange={(titles) => set({ ...s, titles })} />
      <TextsField id={`${id}-text`} legend={t('before.text')} languages={written.languages} value={s.texts} max={2000} long onChange={(texts) => set({ ...s, texts })} />
      <div class="field">
        <label for={`${id}-url`}>{t('before.url')}</label>
        <input class="input" id={`${id}-url`} type="url" dir="ltr" maxLength={500} value={s.url ?? ''} onInput={(e) => set({ ...s, url: e.currentTarget.value || null })} />
      </div>
      {leads && <Pick id={`${id}-contact`} label={t('before.contact')} value={s.contact ?? ''} onChange={(contact) => set({ ...s, contact: contact || null })}
        options={[['', t('before.contact.none')], ...CONTACTS.map((c): [string, string] => [c, t(`home.named.${c}`)])]} />}
      <PortalPick id={`${id}-portal`} written={written} value={s.portal} onChange={(portal) => set({ ...s, portal })} />
      {leads && (
        <fieldset class="field">
          <legend class="label">{t('before.roles')}</legend>
          {ROLES.map((r) => <label class="check" key={r}><input type="checkbox" checked={s.roles.includes(r)} onChange={(e) => set({ ...s, roles: e.currentTarget.checked ? [...s.roles, r] : s.roles.filter((x) => x !== r) })} />{t(`settings.role.${r}`)}</label>)}
        </fieldset>
      )}
      <div class="form-end">
        <button class="btn btn-primary" type="submit">{t(of ? 'before.save' : 'before.add')}</button>
        {of && <button class="btn btn-ghost" type="button" onClick={() => void run(() => send('DELETE', `/api/signposts/${of.id}`, undefined, t('before.removed')))}>{t('before.remove')}</button>}
      </div>
    </form>
  );
}
