/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One's profile: who one is, address, password, mail, sessions. */
import { useEffect, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot, me, takeRoute } from '../lib/boot';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { Failed, Heading, Skeleton } from '../ui/parts';
import { Choice, Field, useSending } from './form';
import { Photo } from './photo';

interface Session { id: number; browser: string | null; host: string | null; created_at: string; seen_at: string; this: boolean }
interface Profile {
  name: string; email: string; locale: string | null; time_zone: string;
  given: string | null; family: string | null; job_title: string | null; phone: string | null; photo: string | null;
  mail: { opened: boolean; replied: boolean; desk: boolean | null };
  /** An agent's. */
  hold: number | null;
  moving: { id: number; email: string; own: boolean } | null;
  sessions: Session[];
}
interface Part { of: Profile; set: (p: Profile) => void }

/* As the server offers them on this page. */
const offered = () => [...document.querySelectorAll<HTMLButtonElement>('form[data-prefs=lang] button')];
const languages = () => offered().map((b) => ({ tag: b.value, name: b.textContent ?? b.value }));
/** This browser speaks it from now on: what was chosen in its menu before is no longer meant. */
const speak = (tag: string) => { if (tag !== boot.lang) offered().find((b) => b.value === tag)?.click(); };

/** "Firefox, Linux" out of what a browser calls itself. */
function browserName(s: string | null): string {
  const kind = /(Edg|OPR|Firefox|Chrome|Safari)\//.exec(s ?? '')?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(s ?? '')?.[1];
  const name = kind === 'Edg' ? 'Edge' : kind === 'OPR' ? 'Opera' : kind;
  return [name, system].filter(Boolean).join(', ') || t('me.session.unknown');
}

function Who({ of, set }: Part) {
  const { busy, faults, send } = useSending();
  const [draft, setDraft] = useState({
    given: of.given ?? '', family: of.family ?? '', job_title: of.job_title ?? '', phone: of.phone ?? '', locale: of.locale ?? boot.lang, time_zone: of.time_zone,
  });
  const text = (name: 'given' | 'family' | 'job_title' | 'phone', auto: string) => (
    <Field id={name} name={name} label={t(`me.${name}`)} autocomplete={auto as 'name'} dir="auto" fault={faults[name]} value={draft[name]} onInput={(e) => setDraft({ ...draft, [name]: e.currentTarget.value })} />
  );
  const zones = Intl.supportedValuesOf('timeZone');
  const here = languages().some((l) => l.tag === draft.locale);
  const save = async () => {
    const saved = await send<Profile>('PATCH', '/api/me', draft);
    if (!saved || saved === true) return;
    set(saved);
    announce(t('me.saved'));
    if (saved.locale && saved.locale !== of.locale) speak(saved.locale);
  };
  return (
    <form class="card form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
      {text('given', 'given-name')}
      {text('family', 'family-name')}
      {text('job_title', 'organization-title')}
      {text('phone', 'tel')}
      <Choice id="locale" label={t('me.locale')} value={draft.locale} onChange={(locale) => setDraft({ ...draft, locale })}>
        {!here && <option value={draft.locale} dir="auto">{new Intl.DisplayNames([boot.lang], { type: 'language' }).of(draft.locale)}</option>}
        {languages().map((l) => <option key={l.tag} value={l.tag} dir="auto">{l.name}</option>)}
      </Choice>
      {!here && <p class="muted">{t('me.locale.elsewhere')}</p>}
      <Choice id="time_zone" label={t('me.time_zone')} value={draft.time_zone} onChange={(time_zone) => setDraft({ ...draft, time_zone })}>
        {[...new Set([draft.time_zone, ...zones])].map((z) => <option key={z} dir="ltr">{z}</option>)}
      </Choice>
      <div class="form-end"><button class="btn btn-primary" type="submit" aria-disabled={busy}>{t('me.save')}</button></div>
    </form>
  );
}

function Address({ of, set }: Part) {
  const { busy, faults, send } = useSending();
  const [email, setEmail] = useState('');
  return (
    <form class="card form" noValidate onSubmit={(e) => {
      e.preventDefault();
      void send<Profile>('POST', '/api/me/email', { email }).then((p) => { if (p && p !== true) { set(p); setEmail(''); } });
    }}>
      <h2>{t('me.email')}</h2>
      <p dir="ltr">{of.email}</p>
      {of.moving && (
        <p role="status">{t('me.email.moving', { email: of.moving.email })} <button class="link" type="button"
          onClick={() => void send('PATCH', `/api/moves/${of.moving?.id}`, { yes: false }).then((ok) => { if (ok) set({ ...of, moving: null }); })}>{t('me.email.stop')}</button></p>
      )}
      <Field id="new-email" type="email" autocomplete="email" dir="ltr" label={t('me.email.new')} hint={t('me.email.hint')} fault={faults['email']} value={email} onInput={(e) => setEmail(e.currentTarget.value)} />
      <div class="form-end"><button class="btn" type="submit" aria-disabled={busy}>{t('me.email.submit')}</button></div>
    </form>
  );
}

function Password({ done }: { done: () => void }) {
  const { busy, faults, send } = useSending();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  return (
    <form class="card form" noValidate onSubmit={(e) => {
      e.preventDefault();
      void send('POST', '/api/me/password', { old, new: fresh }).then((ok) => { if (ok) { setOld(''); setFresh(''); announce(t('me.saved')); done(); } });
    }}>
      <h2>{t('me.password')}</h2>
      <Field id="old" type="password" autocomplete="current-password" dir="ltr" label={t('me.password.old')} fault={faults['old']} value={old} onInput={(e) => setOld(e.currentTarget.value)} />
      <Field id="new" type="password" autocomplete="new-password" dir="ltr" label={t('me.password.new')} hint={t('me.password.hint')} fault={faults['new']} value={fresh} onInput={(e) => setFresh(e.currentTarget.value)} />
      <div class="form-end"><button class="btn" type="submit" aria-disabled={busy}>{t('me.password.submit')}</button></div>
    </form>
  );
}

function Mail({ of, set }: Part) {
  const { send } = useSending();
  const kinds = (['opened', 'replied', 'desk'] as const).filter((k) => of.mail[k] !== null);
  return (
    <section class="card form" role="group" aria-labelledby="mail">
      <h2 id="mail">{t('me.mail')}</h2>
      {kinds.map((k) => (
        <label class="check" key={k}>
          <input type="checkbox" checked={of.mail[k] === true} onChange={(e) => {
            const chosen = { ...of.mail, [k]: e.currentTarget.checked };
            const { desk, ...mail } = chosen;
            /* As chosen, until the server says otherwise. */
            set({ ...of, mail: chosen });
            void send<Profile>('PATCH', '/api/me/mail', desk === null ? mail : chosen).then((p) => set(p && p !== true ? p : of));
          }} />
          {t(`me.mail.${k}`)}
        </label>
      ))}
    </section>
  );
}

/** How long what one sends can be taken back. */
function Hold({ of, set }: Part) {
  const { send } = useSending();
  return (
    <section class="card form" aria-labelledby="hold-title">
      <h2 id="hold-title">{t('me.hold')}</h2>
      <Choice id="hold" label={t('me.hold.label')} value={String(of.hold)} onChange={(v) => {
        set({ ...of, hold: Number(v) });
        void send<Profile>('PATCH', '/api/me/hold', { seconds: Number(v) }).then((p) => {
          set(p && p !== true ? p : of);
          if (p && p !== true) { me.hold = p.hold; announce(t('me.saved')); }
        });
      }}>
        {[0, 5, 10, 30].map((n) => <option key={n} value={n}>{n ? t('me.hold.n', { n }) : t('me.hold.off')}</option>)}
      </Choice>
    </section>
  );
}

function Sessions({ of, load }: { of: Profile; load: () => void }) {
  const { busy, send } = useSending();
  return (
    <section class="card form" aria-labelledby="sessions">
      <h2 id="sessions">{t('me.sessions')}</h2>
      <ul role="list" class="form">
        {of.sessions.map((s) => (
          <li key={s.id}>
            <strong>{browserName(s.browser)}</strong> {s.host && s.host !== location.hostname && <bdi>{s.host}</bdi>} <span class="muted">{s.this ? t('me.session.this') : t('me.session.seen', { time: dateTime(s.seen_at) })}</span>{' '}
            {!s.this && <button class="link" type="button" aria-label={`${t('me.session.end')}: ${browserName(s.browser)}`} onClick={() => void send('DELETE', `/api/sessions/${s.id}`).then(load)}>{t('me.session.end')}</button>}
          </li>
        ))}
      </ul>
      <div class="form-end"><button class="btn" type="button" aria-disabled={busy} onClick={() => void send('DELETE', '/api/sessions').then((ok) => { if (ok) location.assign('/'); })}>{t('me.sessions.end')}</button></div>
    </section>
  );
}

function Security() {
  return (
    <section class="card">
      <h2>{t('me.security')}</h2>
      <p>{t('me.security.text')}</p>
      <p><a href={boot.portal.account ? '/me/security' : '/agent/security'}>{t('me.security.go')}</a></p>
    </section>
  );
}

export default function Me() {
  const [of, set] = useState<Profile | null>(() => { const first = takeRoute<Profile>(); return first?.sessions ? first : null; });
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => void api<Profile>('GET', '/api/me').then(set, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  useEffect(() => { if (!of && !boot.support) load(); }, []);
  if (boot.support) return <><Heading text={t('me.title')} /><p class="notice">{t('err.support-reads-only.do')}</p></>;
  return (
    <>
      <Heading text={t('me.title')} />
      {!of ? problem ? <Failed problem={problem} retry={load} /> : <Skeleton /> : (
        <div class="form-cols">
          <div class="form"><Who of={of} set={set} /><Photo of={of} set={set} /><Mail of={of} set={set} />{of.hold !== null && <Hold of={of} set={set} />}</div>
          <div class="form"><Address of={of} set={set} /><Password done={load} /><Security /><Sessions of={of} load={load} /></div>
        </div>
      )}
    </>
  );
}
