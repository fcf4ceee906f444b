/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** How a portal looks and what it says of itself, with a preview of what is not published yet. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { accentContrast, bandContrast } from '../lib/colour';
import { t } from '../lib/i18n';
import { navigate, url } from '../lib/router';
import { Failed, Heading, Icon, problemText, Skeleton } from '../ui/parts';
import { toast } from '../ui/toast';
import { held, inLanguage, load, save, undoOf, type Change, type LookPage, type Picture } from './data';
import { Colour, Corners, faultText, Line, Links, PictureField, Text, type Form } from './fields';
import { Preview, type Shown } from './preview';

const one = (n: number) => new Intl.NumberFormat(boot.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 }).format(n);

function languageName(tag: string): string {
  try { return new Intl.DisplayNames([boot.lang], { type: 'language' }).of(tag) ?? tag; } catch { return tag; }
}

function shownOf(page: LookPage, change: Change, lang: string, pictures: Record<string, Picture>): Shown {
  const picture = (hash: string | null) => (hash ? pictures[hash] ?? null : null);
  const text = (field: 'headline' | 'welcome' | 'footer') => inLanguage(held(page, change, field), lang, page.language);
  return {
    name: change.name ?? page.name ?? page.scopes.name,
    brand: held(page, change, 'brand') ?? '', brand_bg: held(page, change, 'brand_bg') ?? '', round: held(page, change, 'round') ?? 1,
    logo: picture(held(page, change, 'logo')), favicon: picture(held(page, change, 'favicon')),
    mail_name: held(page, change, 'mail_name') ?? '', headline: text('headline'), welcome: text('welcome'), footer: text('footer'),
    links: (held(page, change, 'links') ?? []).map((l) => ({ ...l, shown: inLanguage(l.text, lang, page.language) || l.url })),
  };
}

const nameList = (names: string[]) => new Intl.ListFormat(boot.lang).format(names);

function ScopeChoice({ page, onChange }: { page: LookPage; onChange: (at: number | null) => void }) {
  const { scopes } = page;
  if (scopes.portals.length + Number(scopes.whole) < 2) return null;
  return (
    <div class="field look-scope">
      <label for="look-for">{t('branding.for')}</label>
      <select class="input" id="look-for" aria-describedby={page.below.length ? 'look-for-keep' : undefined} value={String(page.at ?? '')} onChange={(e) => onChange(e.currentTarget.value ? Number(e.currentTarget.value) : null)}>
        {scopes.whole && <option value="">{t('branding.for.all', { name: scopes.name })}</option>}
        {scopes.portals.map((p) => <option key={p.id} value={String(p.id)}>{p.name}</option>)}
      </select>
      {page.below.length > 0 && <span class="hint" id="look-for-keep">{t('branding.for.keep', { names: nameList(page.below) })}</span>}
    </div>
  );
}

function Editor({ first, move }: { first: LookPage; move: (at: number | null) => void }) {
  const [page, setPage] = useState(first);
  const [change, setChange] = useState<Change>({});
  const [lang, setLang] = useState(page.languages.includes(boot.lang) ? boot.lang : page.language);
  const [pictures, setPictures] = useState(page.pictures);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  const [told, setTold] = useState(0);
  useEffect(() => { if (told) summary.current?.focus(); }, [told]);
  const changed = Object.keys(change).length > 0;
  useEffect(() => {
    const stay = (e: BeforeUnloadEvent) => { if (changed) e.preventDefault(); };
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, [changed]);

  const form: Form = {
    page, change, lang, pictures, faults,
    set: (c) => setChange((old) => ({ ...old, ...c })),
    learn: (p) => setPictures((old) => ({ ...old, [p.hash]: p })),
    fail: (field, text) => setFaults(({ [field]: _, ...rest }) => (text === null ? rest : { ...rest, [field]: text })),
  };
  const put = async (body: Change): Promise<LookPage | null> => {
    try {
      const next = await save(page.at, body);
      setPage(next);
      setPictures((old) => ({ ...old, ...next.pictures }));
      setFaults({});
      return next;
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setFaults(e.errors.length ? Object.fromEntries(e.errors.map((f) => [f.field, faultText(f.field, f.code, f.about)])) : { '': problemText(e) });
      setTold((n) => n + 1);
      return null;
    }
  };
  const publish = async () => {
    if (busy || !changed) return;
    if (Object.keys(faults).some((f) => f === 'brand' || f === 'brand_bg')) { setTold((n) => n + 1); return; }
    const back = undoOf(page, change);
    setBusy(true);
    const next = await put(change);
    setBusy(false);
    if (!next) return;
    setChange({});
    toast(t('branding.published'), { label: t('branding.undo'), run: () => void put(back).then((p) => { if (p) { setChange({}); toast(t('branding.undone')); } }) });
  };
  const shown = shownOf(page, change, lang, pictures);
  return (
    <>
      <Heading text={t('branding.title')} />
      <p class="muted">{t(page.can ? 'branding.lead' : 'branding.reads')}</p>
      <ScopeChoice page={page} onChange={move} />
      <div class="look-cols">
        <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void publish(); }}>
          {Object.keys(faults).length > 0 && told > 0 && (
            <div class="summary" ref={summary} tabIndex={-1} role="group" aria-labelledby="look-faults">
              <h2 id="look-faults">{t('branding.faults')}</h2>
              <ul>{Object.entries(faults).map(([f, text]) => <li key={f}>{text}</li>)}</ul>
            </div>
          )}
          <section class="card form" aria-labelledby="look-identity">
            <h2 id="look-identity">{t('branding.identity')}</h2>
            {page.at !== null && <Line form={form} field="name" label={t('branding.name')} hint={t('branding.name.hint')} max={200} />}
            <PictureField form={form} field="logo" label={t('branding.logo')} hint={t('branding.logo.hint')} />
            <PictureField form={form} field="favicon" label={t('branding.favicon')} hint={t('branding.favicon.hint')} />
          </section>
          <section class="card form" aria-labelledby="look-colours">
            <h2 id="look-colours">{t('branding.colours')}</h2>
            <Colour form={form} field="brand" label={t('branding.brand')} hint={t('branding.brand.hint')} />
            <Colour form={form} field="brand_bg" label={t('branding.brand_bg')} hint={t('branding.brand_bg.hint')} />
            <Corners form={form} />
            <p class="muted look-contrast"><small>{t('branding.contrast', { band: one(bandContrast(shown.brand_bg)), accent: one(accentContrast(shown.brand)) })}</small></p>
          </section>
          <section class="card form" aria-labelledby="look-texts">
            <h2 id="look-texts">{t('branding.texts')}</h2>
            <div class="field">
              <label for="look-lang">{t('branding.language')}</label>
              <span class="hint" id="look-lang-hint">{t('branding.language.hint')}</span>
              <select class="input" id="look-lang" aria-describedby="look-lang-hint" value={lang} onChange={(e) => setLang(e.currentTarget.value)}>
                {[...new Set([...page.languages, page.language])].map((l) => <option key={l} value={l}>{languageName(l)}</option>)}
              </select>
            </div>
            <Text form={form} field="headline" label={t('branding.headline')} max={120} />
            <Text form={form} field="welcome" label={t('branding.welcome')} max={2000} rows={4} />
            <Text form={form} field="footer" label={t('branding.footer')} max={300} />
            <Links form={form} />
          </section>
          <section class="card form" aria-labelledby="look-mail">
            <h2 id="look-mail">{t('branding.mail')}</h2>
            <Line form={form} field="mail_name" label={t('branding.mail_name')} hint={t('branding.mail_name.hint')} max={100} />
          </section>
          {page.can && (
            <div class="form-end look-end">
              <button class="btn btn-primary" type="submit" aria-disabled={busy || !changed}><Icon name="check" />{t('branding.publish')}</button>
              <button class="btn btn-ghost" type="button" aria-disabled={!changed} onClick={() => { setChange({}); setFaults({}); }}>{t('branding.discard')}</button>
              <span class="muted" role="status">{changed ? t('branding.unsaved') : ''}</span>
            </div>
          )}
        </form>
        <Preview shown={shown} />
      </div>
    </>
  );
}

export default function BrandingPage() {
  const named = url.value.searchParams.get('portal');
  /* Who names none means the portal they look at; at the desk, the tenant. */
  const wanted = url.value.searchParams.has('all') || !boot.portal.account ? null : Number(named) || boot.portal.id;
  const [page, setPage] = useState(() => takeRoute<LookPage>());
  const [problem, setProblem] = useState<Problem | null>(null);
  const fetchIt = (of: number | null) => {
    setProblem(null);
    load(of).then(setPage, (e: unknown) => { if (e instanceof Problem) setProblem(e); else throw e; });
  };
  /* Who administers but a portal gets that one. */
  const fits = page && (page.at === wanted || (!named && !page.scopes.whole));
  useEffect(() => { if (!fits) fetchIt(wanted); }, [wanted]);
  if (problem) return <><Heading text={t('branding.title')} /><Failed problem={problem} retry={() => fetchIt(wanted)} /></>;
  if (!page || !fits) return <><Heading text={t('branding.title')} /><Skeleton rows={6} /></>;
  return <Editor key={String(page.at)} first={page} move={(to) => navigate(`${location.pathname}?${to === null ? 'all=1' : `portal=${to}`}`)} />;
}
