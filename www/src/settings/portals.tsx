/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The tree of an account's portals: look, make one below another, name it anew. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, newKey, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { Failed, fieldText, Heading, Icon, problemText, Skeleton } from '../ui/parts';
import { languageName } from './control';

interface Portal {
  id: number;
  parent: number | null;
  name: string;
  language: string;
  depth: number;
  host: string | null;
  can: { change: boolean; make: boolean };
}
interface Tree { portals: Portal[]; domain: string; languages: string[]; left: number }
interface Draft { name: string; slug: string; language: string }

/** One form for both: with a slug it makes one, without it changes one. */
function Form({ tree, title, first, slug, submit, close }: {
  tree: Tree; title: string; first: Draft; slug: boolean;
  submit: (draft: Draft) => Promise<Record<string, string>>; close: () => void;
}) {
  const [draft, setDraft] = useState(first);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => { form.current?.querySelector('input')?.focus(); }, []);

  const send = async () => {
    if (busy) return;
    const missing: Record<string, string> = {};
    if (!draft.name.trim()) missing['name'] = fieldText('required');
    if (slug && !draft.slug.trim()) missing['slug'] = fieldText('required');
    setBusy(true);
    const wrong = Object.keys(missing).length ? missing : await submit({ ...draft, name: draft.name.trim(), slug: draft.slug.trim() });
    setBusy(false);
    setFaults(wrong);
    const field = Object.keys(wrong)[0];
    if (field) form.current?.querySelector<HTMLElement>(`#p-${field}`)?.focus();
  };
  const told = (field: string, hint = '') => ({
    'aria-invalid': faults[field] ? true : undefined,
    'aria-describedby': [hint, faults[field] ? `p-${field}-fault` : ''].filter(Boolean).join(' ') || undefined,
  });
  const fault = (field: string) => faults[field] && <span class="error" id={`p-${field}-fault`}><Icon name="circle-alert" />{faults[field]}</span>;
  const general = Object.entries(faults).filter(([field]) => !['name', 'slug', 'language'].includes(field)).map(([, text]) => text);
  return (
    <form class="form card" ref={form} noValidate aria-label={title} onSubmit={(e) => { e.preventDefault(); void send(); }}>
      <h2>{title}</h2>
      {general.length > 0 && <p class="error" role="alert">{general.join(' ')}</p>}
      <div class="field">
        <label for="p-name">{t('settings.portals.name')}</label>
        <input class="input" id="p-name" dir="auto" autocomplete="off" required maxLength={200} {...told('name')} value={draft.name}
          onInput={(e) => setDraft({ ...draft, name: e.currentTarget.value })} />
        {fault('name')}
      </div>
      {slug && (
        <div class="field">
          <label for="p-slug">{t('settings.portals.slug')}</label>
          <span class="hint" id="p-slug-hint"><bdi>{t('settings.portals.slug.hint', { host: `${draft.slug || '…'}.${tree.domain}` })}</bdi></span>
          <input class="input" id="p-slug" dir="ltr" autocomplete="off" autocapitalize="off" spellcheck={false} required maxLength={40} {...told('slug', 'p-slug-hint')}
            value={draft.slug} onInput={(e) => setDraft({ ...draft, slug: e.currentTarget.value.toLowerCase().replace(/\s+/g, '-') })} />
          {fault('slug')}
        </div>
      )}
      <div class="field">
        <label for="p-language">{t('settings.portals.language')}</label>
        <select class="input" id="p-language" {...told('language')} value={draft.language} onChange={(e) => setDraft({ ...draft, language: e.currentTarget.value })}>
          {[...new Set([...tree.languages, draft.language])].map((tag) => <option key={tag} value={tag}>{languageName(tag)}</option>)}
        </select>
        {fault('language')}
      </div>
      <div class="form-end">
        <button class="btn btn-primary" type="submit" aria-disabled={busy}>{slug ? t('settings.portals.create') : t('settings.save')}</button>
        <button class="btn btn-ghost" type="button" onClick={close}>{t('app.cancel')}</button>
      </div>
    </form>
  );
}

/** Portals below one (null: the top), as lists in lists. */
function Branch({ tree, below, open }: { tree: Tree; below: number | null; open: (what: 'make' | 'change', p: Portal) => void }) {
  const here = new Set(tree.portals.map((p) => p.id));
  /* Whoever administers a sub-portal alone sees it as a root. */
  const portals = tree.portals.filter((p) => (p.parent !== null && here.has(p.parent) ? p.parent : null) === below);
  if (!portals.length) return null;
  return (
    <ul>
      {portals.map((p) => (
        <li key={p.id}>
          <p>
            <strong dir="auto">{p.name}</strong>{' · '}
            <a class="link" href={`//${p.host}${location.port ? `:${location.port}` : ''}/`} dir="ltr">{p.host}</a>{' · '}{languageName(p.language)}
          </p>
          <p class="form-end">
            {p.can.change && <button class="link" type="button" aria-label={t('settings.portals.change', { name: p.name })} onClick={() => open('change', p)}>{t('settings.portals.edit')}</button>}
            {p.can.make && tree.left > 0 && <button class="link" type="button" aria-label={t('settings.portals.new.below', { name: p.name })} onClick={() => open('make', p)}>{t('settings.portals.add')}</button>}
            {p.can.change && <a class="link" href={`/admin/settings?portal=${p.id}`}>{t('settings.title')}</a>}
          </p>
          <Branch tree={tree} below={p.id} open={open} />
        </li>
      ))}
    </ul>
  );
}

export default function Portals() {
  const [tree, setTree] = useState<Tree | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [form, setForm] = useState<{ what: 'make' | 'change'; portal: Portal } | null>(null);
  const key = useRef(newKey());
  const asked = useRef<HTMLElement | null>(null);

  const load = async () => {
    setProblem(null);
    try {
      setTree(await api<Tree>('GET', '/api/portals'));
    } catch (e) {
      if (e instanceof Problem) setProblem(e);
    }
  };
  useEffect(() => {
    const first = takeRoute<Tree>();
    if (first?.portals) setTree(first);
    else void load();
  }, []);

  const open = (what: 'make' | 'change', portal: Portal) => {
    asked.current = document.activeElement as HTMLElement;
    key.current = newKey();
    setForm({ what, portal });
  };
  const close = () => { setForm(null); asked.current?.focus(); };
  const submit = async (draft: Draft): Promise<Record<string, string>> => {
    if (!form) return {};
    try {
      if (form.what === 'make') await api('POST', '/api/portals', { key: key.current, body: { parent: form.portal.id, ...draft } });
      else await api('PATCH', `/api/portals/${form.portal.id}`, { body: { name: draft.name, language: draft.language } });
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      key.current = newKey();
      return Object.fromEntries(e.errors.length ? e.errors.map((f) => [f.field, fieldText(f.code)]) : [['', problemText(e)]]);
    }
    announce(form.what === 'make' ? t('settings.portals.created', { name: draft.name }) : t('settings.saved', { name: draft.name }));
    await load();
    close();
    return {};
  };
  return (
    <>
      <Heading text={t('settings.portals')} />
      {problem ? <Failed problem={problem} retry={() => void load()} /> : !tree ? <Skeleton rows={4} /> : (
        <>
          <p class="muted">{t('settings.portals.intro')}{tree.left === 0 && <> {t('settings.portals.full')}</>}</p>
          {form && (
            <Form key={`${form.what}-${form.portal.id}`} tree={tree} slug={form.what === 'make'} submit={submit} close={close}
              title={form.what === 'make' ? t('settings.portals.new.below', { name: form.portal.name }) : t('settings.portals.change', { name: form.portal.name })}
              first={form.what === 'make' ? { name: '', slug: '', language: form.portal.language } : { name: form.portal.name, slug: '', language: form.portal.language }} />
          )}
          <Branch tree={tree} below={null} open={open} />
        </>
      )}
    </>
  );
}
