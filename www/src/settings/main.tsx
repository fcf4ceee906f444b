/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Settings of an account and its portals, or (at the desk) of the tenant: each with where it comes from. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { maybe, t } from '../lib/i18n';
import { navigate, query, url } from '../lib/router';
import { Failed, fieldText, Heading, problemText, Skeleton } from '../ui/parts';
import { Log, type LogPage } from './log';
import { Control, label, tidy, valueText, type Setting } from './control';

interface Page {
  at: number | null;
  scopes: { name: string; whole: boolean; portals: { id: number; name: string }[] };
  settings: Setting[];
  /** Not for support. */
  log: LogPage | null;
  /** At the desk: what the operator limits. */
  usage: { what: 'people' | 'storage' | 'mails'; used: number; most: number }[] | null;
}

/** In words: where the value that holds comes from. */
function source(s: Setting): string {
  if (s.own) return t('settings.here');
  const from = s.inherited.from;
  if (!from) return t('settings.from_default');
  return from.kind === 'portal' ? t('settings.from_portal', { name: from.name })
    : from.kind === 'account' ? t('settings.from_account', { name: from.name }) : t('settings.from_tenant', { name: from.name });
}

function One({ setting: s, save }: { setting: Setting; save: (name: string, value: string | null) => Promise<string | null> }) {
  const [draft, setDraft] = useState<string | null>(null);
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLElement>(null);
  const opened = useRef(false);
  const editing = s.can && (s.own || draft !== null);
  useEffect(() => {
    if (opened.current) box.current?.querySelector<HTMLElement>('select, input')?.focus();
    opened.current = false;
  }, [draft]);

  const send = async (value: string | null) => {
    if (busy) return;
    setBusy(true);
    const wrong = await save(s.name, value);
    setBusy(false);
    setFault(wrong ?? undefined);
    if (wrong) return box.current?.querySelector<HTMLElement>('select, input')?.focus();
    setDraft(null);
    /* What had the focus may be gone. */
    box.current?.focus();
  };
  return (
    <section class="card" aria-labelledby={`${s.name}-label`} ref={box} tabIndex={-1}>
      <h2 id={`${s.name}-label`}>{label(s.name)}</h2>
      <p class="muted" id={`${s.name}-help`}>{maybe(`settings.${s.name}.help`)}</p>
      <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void send(tidy(s, draft ?? s.value)); }}>
        {editing ? <Control setting={s} value={draft ?? s.value} onChange={setDraft} fault={fault} /> : <p><strong>{valueText(s, s.value)}</strong></p>}
        {fault && <span class="error" id={`${s.name}-fault`}>{fault}</span>}
        {s.floor?.map((f) => f.value && <p class="muted" key={f.from.name}>{t('settings.floor', { name: f.from.name, roles: valueText(s, f.value) })}</p>)}
        <p class="muted"><bdi>{source(s)}</bdi>{!s.can && !boot.support && <> · {t('settings.only_tenant')}</>}</p>
        {s.can && (
          <div class="form-end">
            {/* Keys, or the click on the one would send the form by what it has become. */}
            {editing ? <button key="save" class="btn btn-primary" type="submit" aria-disabled={busy}>{t('settings.save')}</button>
              : <button key="override" class="btn" type="button" onClick={() => { opened.current = true; setDraft(s.value); }}>{t('settings.override')}</button>}
            {s.own && <button class="btn btn-ghost" type="button" aria-disabled={busy} onClick={() => void send(null)}>{t('settings.inherit', { value: valueText(s, s.inherited.value) })}</button>}
            {editing && !s.own && <button class="btn btn-ghost" type="button" onClick={() => { setFault(undefined); setDraft(null); }}>{t('app.cancel')}</button>}
          </div>
        )}
      </form>
    </section>
  );
}

function Scope({ page }: { page: Page }) {
  const go = (portal: string) => navigate(`${url.value.pathname}${query({ portal: portal || null })}`);
  if (page.scopes.portals.length + Number(page.scopes.whole) < 2) return null;
  return (
    <div class="field">
      <label for="scope">{t('settings.scope')}</label>
      <select class="input" id="scope" value={page.at === null ? '' : String(page.at)} onChange={(e) => go(e.currentTarget.value)}>
        {page.scopes.whole && <option value="" dir="auto">{page.scopes.name}</option>}
        {page.scopes.portals.map((p) => <option key={p.id} value={String(p.id)}>{t('settings.scope.portal', { name: p.name })}</option>)}
      </select>
    </div>
  );
}

function Usage({ of }: { of: NonNullable<Page['usage']> }) {
  if (!of.length) return null;
  const n = (what: string, value: number) => new Intl.NumberFormat(boot.lang).format(what === 'storage' ? Math.round(value / 1e6) : value);
  const text = { people: 'settings.usage.people', storage: 'settings.usage.storage', mails: 'settings.usage.mails' } as const;
  const near = of.some((u) => u.used >= u.most * 0.8);
  return (
    <section class="card" aria-labelledby="usage" data-tone={near ? 'warn' : undefined}>
      <h2 id="usage">{t('settings.usage')}</h2>
      <ul>{of.map((u) => <li key={u.what}>{t(text[u.what], { used: n(u.what, u.used), most: n(u.what, u.most) })}</li>)}</ul>
      {near && <p>{t('settings.usage.near')}</p>}
    </section>
  );
}

export default function Settings() {
  const portal = url.value.searchParams.get('portal');
  const [page, setPage] = useState<Page | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const load = () => {
    setProblem(null);
    const first = takeRoute<Page>();
    if (first?.settings) return setPage(first);
    api<Page>('GET', `/api/settings${portal ? `?portal=${encodeURIComponent(portal)}` : ''}`)
      .then(setPage, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, [portal]);

  const save = async (name: string, value: string | null): Promise<string | null> => {
    try {
      const where = page?.at == null ? {} : { portal: page.at };
      setPage(await api<Page>('PATCH', '/api/settings', { body: { name, ...(value === null ? { inherit: true } : { value }), ...where } }));
      announce(t('settings.saved', { name: label(name) }));
      return null;
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      return e.errors[0] ? fieldText(e.errors[0].code) : problemText(e);
    }
  };
  return (
    <>
      <Heading text={t('settings.title')} />
      {problem ? <Failed problem={problem} retry={load} /> : !page ? <Skeleton rows={6} /> : (
        <>
          <p class="muted">{t('settings.intro')}</p>
          {boot.support && <p class="muted">{t('settings.reads')}</p>}
          {page.usage && <Usage of={page.usage} />}
          <Scope page={page} />
          {page.settings.map((s) => <One key={`${page.at}-${s.name}`} setting={s} save={save} />)}
          {page.log && <Log of={page.log} settings={page.settings} />}
        </>
      )}
    </>
  );
}
