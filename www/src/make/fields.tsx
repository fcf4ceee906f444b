/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The fields there are: their texts and options, and who sees and changes which. */
import { useState } from 'preact/hooks';
import { say, type Kind, type Texts } from '../forms/data';
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import { accessOf, chooses, keyFor, KINDS, ROLES, type Access, type Made, type MadeField, type Option, type Send } from './data';
import { Pick, TextsField } from './parts';

/** What each role may do with it, everywhere; where it is otherwise, what and for whom. */
function Policies({ made, field, send }: { made: Made; field: string; send: Send }) {
  const places = made.policies.filter((p) => p.field === field && (p.account !== null || p.portal !== null));
  const set = (role: string, body: object) => void send('PATCH', `/api/fields/${field}/policy`, { role, ...body }, t('make.saved'));
  /* A status is set by who works on it (app.set_field_policy). */
  const levels = (role: string): Access[] => (field !== 'status' ? ['hidden', 'view', 'edit'] : role === 'partner' ? ['edit'] : role === 'agent' ? ['hidden', 'view', 'edit'] : ['hidden', 'view']);
  return (
    <fieldset class="field">
      <legend class="label">{t('make.policy')}</legend>
      <div class="make-texts">
        {ROLES.map((role) => {
          const now = accessOf(made, field, role);
          return (
            <div key={role}>
              <Pick id={`policy-${field}-${role}`} label={t(`settings.role.${role}`)} value={now.own ? now.access : ''}
                options={[['', t('make.policy.usual', { access: t(`make.access.${accessOf({ ...made, policies: [] }, field, role).access}`) })], ...levels(role).map((l): [string, string] => [l, t(`make.access.${l}`)])]}
                onChange={(access) => set(role, access ? { access, required: access === 'edit' && now.required } : {})} />
              {now.access === 'edit' && field !== 'status' && field !== 'type' && role !== 'agent' && (
                <label class="check"><input type="checkbox" checked={now.required} onChange={(e) => set(role, { access: 'edit', required: e.currentTarget.checked })} />{t('make.required')}</label>
              )}
            </div>
          );
        })}
      </div>
      {places.map((p) => (
        <p key={`${p.account}-${p.portal}-${p.role}`}>
          <bdi>{p.at.name}</bdi> · {t(`settings.role.${p.role as (typeof ROLES)[number]}`)}: {t(`make.access.${p.access}`)}{' '}
          <button class="link" type="button" onClick={() => set(p.role, { ...(p.account === null ? { portal: p.portal } : { account: p.account }) })}>{t('make.policy.remove')}</button>
        </p>
      ))}
    </fieldset>
  );
}

function Options({ made, value, onChange }: { made: Made; value: Option[]; onChange: (value: Option[]) => void }) {
  const shown = value.filter((o) => !o.archived);
  return (
    <fieldset class="field">
      <legend class="label">{t('make.options')}</legend>
      {shown.map((o) => (
        <div key={o.key}>
          <TextsField id={`option-${o.key}`} legend={say(o.labels) || t('make.options.new')} languages={made.languages} value={o.labels} max={120} onChange={(labels) => onChange(value.map((x) => (x.key === o.key ? { ...x, labels } : x)))} />
          <button class="btn btn-ghost" type="button" onClick={() => onChange(value.filter((x) => x.key !== o.key))}><Icon name="x" />{t('make.options.remove', { what: say(o.labels) })}</button>
        </div>
      ))}
      <div><button class="btn" type="button" onClick={() => onChange([...value, { key: keyFor('o', value.map((x) => x.key)), labels: {} }])}><Icon name="plus" />{t('make.options.add')}</button></div>
    </fieldset>
  );
}

function FieldBody({ made, field, send }: { made: Made; field: MadeField; send: Send }) {
  const [draft, setDraft] = useState({ labels: field.labels, help: field.help, options: field.options });
  const path = `/api/fields/${field.key}`;
  const save = () => send('PATCH', path, { labels: draft.labels, help: draft.help, ...(chooses(field.kind) ? { options: draft.options.filter((o) => Object.keys(o.labels).length) } : {}) }, t('make.saved'));
  return (
    <>
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
        <TextsField id={`label-${field.key}`} legend={t('make.label')} languages={made.languages} value={draft.labels} max={120} onChange={(labels) => setDraft({ ...draft, labels })} />
        <TextsField id={`help-${field.key}`} legend={t('make.help')} languages={made.languages} value={draft.help} max={600} long onChange={(help) => setDraft({ ...draft, help })} />
        {chooses(field.kind) && <Options made={made} value={draft.options} onChange={(options) => setDraft({ ...draft, options })} />}
        <div class="form-end">
          <button class="btn btn-primary" type="submit">{t('forms.save')}</button>
          <button class="btn btn-ghost" type="button" onClick={() => void send('PATCH', path, { archived: !field.archived }, t('make.saved'))}>{field.archived ? t('make.restore') : t('make.archive')}</button>
        </div>
      </form>
      <Policies made={made} field={field.key} send={send} />
    </>
  );
}

function NewField({ made, send }: { made: Made; send: Send }) {
  const empty = { labels: {} as Texts, kind: 'text' as Kind, options: [] as Option[] };
  const [draft, setDraft] = useState(empty);
  const save = async () => {
    const options = draft.options.filter((o) => Object.keys(o.labels).length);
    const wrong = await send('POST', '/api/fields', { key: keyFor(say(draft.labels), made.fields.map((f) => f.key)), kind: draft.kind, labels: draft.labels, ...(chooses(draft.kind) ? { options } : {}) }, t('make.added', { what: say(draft.labels) }));
    if (!wrong) setDraft(empty);
  };
  return (
    <details>
      <summary>{t('make.field.new')}</summary>
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
        <TextsField id="new-label" legend={t('make.label')} languages={made.languages} value={draft.labels} max={120} onChange={(labels) => setDraft({ ...draft, labels })} />
        <Pick id="new-kind" label={t('make.kind')} value={draft.kind} options={KINDS.map((k) => [k, t(`make.kind.${k}`)])} onChange={(kind) => setDraft({ ...draft, kind: kind as Kind })} />
        {chooses(draft.kind) && <Options made={made} value={draft.options} onChange={(options) => setDraft({ ...draft, options })} />}
        <div class="form-end"><button class="btn btn-primary" type="submit">{t('make.field.make')}</button></div>
      </form>
    </details>
  );
}

export function FieldsCard({ made, send }: { made: Made; send: Send }) {
  const [open, setOpen] = useState<string | null>(null);
  const row = (key: string, name: string, note: string, field: MadeField | null) => (
    <li key={key}>
      <div class="make-row">
        <span class="grow"><bdi>{name}</bdi><small class="muted">{note}</small></span>
        <button class="btn" type="button" aria-expanded={open === key} aria-label={t('make.change.what', { what: name })} onClick={() => setOpen(open === key ? null : key)}>{t('make.change')}</button>
      </div>
      {open === key && <div class="make-body">{field ? <FieldBody key={JSON.stringify(field)} made={made} field={field} send={send} /> : <Policies made={made} field={key} send={send} />}</div>}
    </li>
  );
  return (
    <section class="card" aria-labelledby="fields">
      <h2 id="fields">{t('make.fields')}</h2>
      <ul class="make-list" role="list">
        {made.fields.map((f) => row(f.key, say(f.labels), [t(`make.kind.${f.kind}`), (f.used < 100 ? t('make.used', { n: f.used }) : t('make.used.many')), f.archived && t('make.archived')].filter(Boolean).join(' · '), f))}
        {(['status', 'type', 'priority'] as const).map((key) => row(key, t(`make.builtin.${key}`), t('make.builtin'), null))}
      </ul>
      <NewField made={made} send={send} />
    </section>
  );
}
