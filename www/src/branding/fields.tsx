/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The fields of a look; each says where its value comes from. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Problem } from '../lib/api';
import { isHex } from '../lib/colour';
import { maybe, t } from '../lib/i18n';
import { fieldText, Icon, problemText } from '../ui/parts';
import { bring, held, isOwn, rasterOf, type Change, type Field, type Link, type LookPage, type Picture, type Texts } from './data';

export interface Form {
  page: LookPage;
  change: Change;
  lang: string;
  pictures: Record<string, Picture>;
  faults: Record<string, string>;
  set: (change: Change) => void;
  learn: (picture: Picture) => void;
  fail: (field: string, text: string | null) => void;
}

/** A field's code in words; what it is about stands in some of them. */
export function faultText(field: string, code: string, about = ''): string {
  if (field === 'links') return t('branding.err.links');
  if (field === 'brand' || field === 'brand_bg') return t('branding.err.hex');
  return maybe(`branding.err.${code}`)?.replace('{about}', about) ?? fieldText(code);
}

const MAX_FILE = 512 * 1024;

/** A label, what is said to it, what is wrong, where the value comes from. */
export function Row({ form, field, id, label, hint, children }: { form: Form; field: Field | 'name'; id: string; label: string; hint?: string | undefined; children: ComponentChildren }) {
  const fault = form.faults[field];
  const above = field === 'name' ? null : form.page.inherited[field];
  const own = field === 'name' || isOwn(form.page, form.change, field);
  return (
    <div class="field look-field">
      <label for={id}>{label}</label>
      {hint && <span class="hint" id={`${id}-hint`}>{hint}</span>}
      {children}
      {fault && <span class="error" id={`${id}-fault`}><Icon name="circle-alert" />{fault}</span>}
      {above && (
        <span class="look-from-line">
          {own ? t('branding.here') : above.from ? t('branding.from', { name: above.from.name }) : t('branding.from.default')}
          {own && form.page.can && <button class="link" type="button" aria-label={t('branding.reset.what', { what: label })} onClick={() => form.set({ [field]: null } as Change)}>{t('branding.reset')}</button>}
        </span>
      )}
    </div>
  );
}

const described = (form: Form, field: string, id: string, hint: boolean) =>
  [hint ? `${id}-hint` : '', form.faults[field] ? `${id}-fault` : ''].filter(Boolean).join(' ') || undefined;

export function Line({ form, field, label, hint, max }: { form: Form; field: 'name' | 'mail_name'; label: string; hint: string; max: number }) {
  const id = `look-${field}`;
  const value = field === 'name' ? form.change.name ?? form.page.name ?? '' : held(form.page, form.change, field) ?? '';
  return (
    <Row form={form} field={field} id={id} label={label} hint={hint}>
      <input class="input" id={id} dir="auto" maxLength={max} autocomplete="off" disabled={!form.page.can} value={value} aria-describedby={described(form, field, id, true)}
        aria-invalid={form.faults[field] ? true : undefined} required={field === 'name'}
        onInput={(e) => form.set({ [field]: e.currentTarget.value || (field === 'name' ? '' : null) } as Change)} />
    </Row>
  );
}

/** A text in the language that is chosen above; without any left it inherits. */
export function Text({ form, field, label, max, rows }: { form: Form; field: 'headline' | 'welcome' | 'footer'; label: string; max: number; rows?: number }) {
  const id = `look-${field}`;
  const texts = held(form.page, form.change, field);
  const props = {
    class: 'input', id, dir: 'auto' as const, lang: form.lang, maxLength: max, disabled: !form.page.can, value: texts?.[form.lang] ?? '',
    'aria-describedby': described(form, field, id, false), 'aria-invalid': form.faults[field] ? true as const : undefined,
    onInput: (e: Event & { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      const next: Texts = { ...texts };
      if (e.currentTarget.value) next[form.lang] = e.currentTarget.value;
      else delete next[form.lang];
      form.set({ [field]: Object.keys(next).length ? next : null } as Change);
    },
  };
  return <Row form={form} field={field} id={id} label={label}>{rows ? <textarea {...props} rows={rows} /> : <input {...props} autocomplete="off" />}</Row>;
}

export function Colour({ form, field, label, hint }: { form: Form; field: 'brand' | 'brand_bg'; label: string; hint: string }) {
  const id = `look-${field}`;
  const value = held(form.page, form.change, field) ?? '#000000';
  const [typed, setTyped] = useState<string | null>(null);
  const take = (text: string) => {
    const hex = text.trim().toLowerCase().replace(/^#?/, '#').replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3');
    if (isHex(hex)) { form.set({ [field]: hex } as Change); form.fail(field, null); } else form.fail(field, t('branding.err.hex'));
  };
  return (
    <Row form={form} field={field} id={id} label={label} hint={hint}>
      <span class="look-colour">
        <input type="color" aria-label={t('branding.pick', { what: label })} disabled={!form.page.can} value={value} onInput={(e) => { setTyped(null); form.fail(field, null); form.set({ [field]: e.currentTarget.value } as Change); }} />
        <input class="input" id={id} dir="ltr" maxLength={7} spellcheck={false} autocomplete="off" disabled={!form.page.can} value={typed ?? value} aria-describedby={described(form, field, id, true)}
          aria-invalid={form.faults[field] ? true : undefined} onInput={(e) => { setTyped(e.currentTarget.value); take(e.currentTarget.value); }} onBlur={() => { if (!form.faults[field]) setTyped(null); }} />
      </span>
    </Row>
  );
}

export function Corners({ form }: { form: Form }) {
  const value = held(form.page, form.change, 'round');
  return (
    <Row form={form} field="round" id="look-round-0" label={t('branding.round')}>
      <span class="look-corners" role="radiogroup" aria-label={t('branding.round')}>
        {([0, 1, 2] as const).map((n) => (
          <label key={n} class="check"><input type="radio" name="round" id={`look-round-${n}`} disabled={!form.page.can} checked={value === n} onChange={() => form.set({ round: n })} />{t(`branding.round.${n}`)}</label>
        ))}
      </span>
    </Row>
  );
}

/** A picture is handed in when it is chosen, so that it shows; it is nobody's before 'publish'. */
export function PictureField({ form, field, label, hint }: { form: Form; field: 'logo' | 'favicon'; label: string; hint: string }) {
  const [busy, setBusy] = useState(false);
  const id = `look-${field}`;
  const hash = held(form.page, form.change, field);
  const shown = hash ? form.pictures[hash] : undefined;
  const take = async (file: File | undefined) => {
    if (!file || busy) return;
    if (file.size > MAX_FILE) return form.fail(field, t('branding.err.too_large'));
    setBusy(true);
    form.fail(field, null);
    try {
      const made = await bring(field, file);
      form.learn(made);
      const drawn = field === 'logo' && made.type === 'image/svg+xml' ? await rasterOf(made) : null;
      form.set(field === 'logo' ? { logo: made.hash, mail_logo: drawn ? (await bring('mail_logo', drawn)).hash : null } : { favicon: made.hash });
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      const fault = e.errors[0];
      form.fail(field, e.status === 413 ? t('branding.err.too_large') : fault ? faultText(field, fault.code, fault.about) : problemText(e));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Row form={form} field={field} id={id} label={label} hint={hint}>
      <span class="look-picture">
        <span class={field === 'logo' ? 'look-shown band' : 'look-shown'}>
          {shown ? <img class={field === 'logo' ? 'logo' : 'look-icon'} src={shown.url} width={shown.width} height={shown.height} alt="" /> : <span>{t('branding.no_picture')}</span>}
        </span>
        {form.page.can && (
          <span class="btn look-file" aria-disabled={busy}>
            <Icon name="upload" />{busy ? t('branding.reading') : t('branding.choose')}
            <input id={id} type="file" accept=".png,.jpg,.jpeg,.webp,.ico,.svg,image/*" aria-label={t('branding.choose.what', { what: label })} aria-describedby={described(form, field, id, true)}
              aria-invalid={form.faults[field] ? true : undefined} onChange={(e) => { const input = e.currentTarget; void take(input.files?.[0]).finally(() => { input.value = ''; }); }} />
          </span>
        )}
      </span>
    </Row>
  );
}

export function Links({ form }: { form: Form }) {
  const links = held(form.page, form.change, 'links') ?? [];
  const change = (next: Link[]) => form.set({ links: next.length ? next : null });
  const edit = (at: number, link: Link) => change(links.map((l, i) => (i === at ? link : l)));
  return (
    <Row form={form} field="links" id="look-link-0" label={t('branding.links')} hint={t('branding.links.hint')}>
      <ul class="look-links" role="list">
        {links.map((l, i) => (
          <li key={i}>
            <input class="input" id={`look-link-${i}`} dir="auto" lang={form.lang} maxLength={60} aria-label={t('branding.link.text', { n: i + 1 })} disabled={!form.page.can} value={l.text[form.lang] ?? ''}
              onInput={(e) => { const text = { ...l.text }; if (e.currentTarget.value) text[form.lang] = e.currentTarget.value; else delete text[form.lang]; edit(i, { ...l, text }); }} />
            <input class="input" type="url" dir="ltr" maxLength={500} aria-label={t('branding.link.url', { n: i + 1 })} disabled={!form.page.can} value={l.url} onInput={(e) => edit(i, { ...l, url: e.currentTarget.value.trim() })} />
            {form.page.can && <button class="btn btn-icon" type="button" aria-label={t('branding.link.remove', { n: i + 1 })} onClick={() => change(links.filter((_, at) => at !== i))}><Icon name="trash-2" /></button>}
          </li>
        ))}
      </ul>
      {form.page.can && links.length < 8 && <span><button class="btn" type="button" id={links.length ? undefined : 'look-link-0'} onClick={() => change([...links, { url: 'https://', text: {} }])}><Icon name="plus" />{t('branding.link.add')}</button></span>}
    </Row>
  );
}
