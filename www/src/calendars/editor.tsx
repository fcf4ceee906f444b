/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** One calendar: its zone, hours and holidays, and the fortnight that follows from them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../forms/data';
import { announce } from '../lib/announce';
import { api, newKey, Problem } from '../lib/api';
import { boot, me, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import { useOnce, useOne } from '../lib/once';
import { usePoll } from '../lib/poll';
import { navigate } from '../lib/router';
import { Failed, fieldText, Heading, Icon, problemText, Skeleton, Time } from '../ui/parts';
import { Simulate } from '../levels/simulate';
import { rangeFault, typedOf, type Calendar, type Day, type Holiday, type Limits, type Typed } from './data';
import { Days } from './days';
import { FeedFields, FeedState } from './feed';
import { HolidayFields, HolidayList } from './holidays';
import { WeekFields, weekOf, WeekTable } from './week';

interface Typing { name: string; zone: string; week: Typed[][]; holidays: Holiday[]; feed: string }
const focusOnce = (b: HTMLElement | null) => b?.focus();
const OFFICE: Typed[] = [{ opens: '09:00', closes: '17:00' }];
const LIMITS: Limits = { calendars: 50, spans: 6, holidays: 80, holiday_days: 100, feed_days: 2000, versions: 200 };
const fresh = (): Typing => ({
  name: '', feed: '', zone: me?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, holidays: [],
  week: [0, 1, 2, 3, 4, 5, 6].map((n) => (n < 5 ? [...OFFICE] : [])),
});
const typing = (c: Calendar): Typing => ({ name: c.name, zone: c.zone, week: c.hours.map(typedOf), holidays: c.holidays, feed: c.feed?.url ?? '' });
/** What phones and mail programs give out begins with webcal; it is the same. */
const feedUrl = (s: string) => s.trim().replace(/^webcals?:/i, 'https:');
const hoursOf = (c: Calendar) => JSON.stringify([c.name, c.zone, c.hours, c.holidays]);
/** A row that nobody has filled in is none. */
const filled = (days: Holiday[]) => days.filter((d) => d.day || d.name.trim()).map((d) => ({ day: d.day, ...(d.to ? { to: d.to } : {}), name: d.name.trim(), ...(d.yearly ? { yearly: true } : {}) }));

function ZoneField({ value, onChange }: { value: string; onChange: (zone: string) => void }) {
  const zones = Intl.supportedValuesOf('timeZone');
  const all = zones.includes(value) || !value ? zones : [value, ...zones];
  return (
    <div class="field">
      <label for="zone">{t('calendars.zone')}</label>
      <select class="input" id="zone" dir="ltr" value={value} onChange={(e) => onChange(e.currentTarget.value)}>
        {['UTC', ...all.filter((z) => z !== 'UTC')].map((z) => <option key={z} value={z}>{z}</option>)}
      </select>
    </div>
  );
}

/** What it comes to, of what is typed: asked of the server, which counts. */
function Preview({ id, first, fed, typed }: { id: number; first: Day[]; fed: Holiday[]; typed: Typing }) {
  const [days, setDays] = useState(first);
  const [since, setSince] = useState('');
  const hours = weekOf(typed.week);
  const holidays = filled(typed.holidays);
  const body = hours && holidays.every((h) => h.day && h.name && !rangeFault(h, LIMITS.holiday_days)) ? { zone: typed.zone, hours, holidays, ...(id ? { calendar: id } : {}), ...(since ? { since } : {}) } : null;
  const now = JSON.stringify([body, fed]);
  const last = useRef(first.length ? now : '');
  useEffect(() => {
    if (!body || last.current === now) return;
    const stop = new AbortController();
    const timer = window.setTimeout(() => {
      api<{ days: Day[] }>('POST', '/api/calendars/preview', { body, signal: stop.signal, quiet: true }).then((p) => { last.current = now; setDays(p.days); }, () => {});
    }, 300);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [now]);
  return (
    <section class="card" aria-labelledby="cal-preview">
      <h2 id="cal-preview">{t('calendars.preview')}</h2>
      <div class="field">
        <label for="since">{t('calendars.since')}</label>
        <input class="input" type="date" id="since" min="1970-01-02" max="2099-12-01" value={since} onInput={(e) => setSince(e.currentTarget.value)} />
      </div>
      {days.length > 0 && <Days days={days} />}
      {!body && <p class="muted">{t('calendars.preview.not_yet')}</p>}
    </section>
  );
}

function Versions({ c }: { c: Calendar }) {
  return (
    <details class="card">
      <summary>{t('calendars.versions')}</summary>
      <p class="muted">{t('calendars.versions.why')}</p>
      <ul class="cal-named">
        {c.versions.map((v) => <li key={v.version}><span>{t('calendars.version', { n: v.version })}</span> <Time at={v.at} /> <bdi>{v.by ?? t('calendars.by_itself')}</bdi></li>)}
      </ul>
    </details>
  );
}

/** As agents see it who do not keep calendars. */
function Shown({ c }: { c: Calendar }) {
  return (
    <>
      <section class="card" aria-labelledby="cal-hours">
        <h2 id="cal-hours">{t('calendars.hours')}</h2>
        <p><bdi>{c.zone}</bdi></p>
        <WeekTable hours={c.hours} />
      </section>
      {c.holidays.length > 0 && <section class="card" aria-labelledby="cal-holidays"><h2 id="cal-holidays">{t('calendars.holidays')}</h2><HolidayList days={c.holidays} /></section>}
      {c.feed && <section class="card" aria-labelledby="cal-feed"><h2 id="cal-feed">{t('calendars.feed')}</h2><FeedState feed={c.feed} days={c.feed_days} /></section>}
      <section class="card" aria-labelledby="cal-preview"><h2 id="cal-preview">{t('calendars.preview')}</h2><Days days={c.days} /></section>
    </>
  );
}

function Editor({ c, onSaved, onRead }: { c: Calendar | null; onSaved: (c: Calendar) => void; onRead: (c: Calendar) => void }) {
  const [typed, set] = useState<Typing>(() => (c ? typing(c) : fresh()));
  const [wrong, setWrong] = useState<string[]>([]);
  const [asking, setAsking] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  const keyFor = useOnce();
  const run = useOne();
  const limits = c?.limits ?? LIMITS;
  useEffect(() => { if (wrong.length) summary.current?.focus(); }, [wrong]);

  const faults = (): string[] => {
    const days = filled(typed.holidays);
    return [
      ...(typed.name.trim() ? [] : [t('calendars.fault.name')]),
      ...(!typed.week.some((d) => d.length) ? [t('err.field.never_open')] : weekOf(typed.week) ? [] : [t('calendars.fault.hours')]),
      ...(days.some((d) => !d.day || !d.name) ? [t('calendars.fault.holiday')] : []),
      ...(new Set(days.map((d) => d.day)).size < days.length ? [t('err.field.twice')] : []),
      ...new Set(days.map((d) => rangeFault(d, limits.holiday_days)).filter(Boolean)),
    ];
  };
  const act = (what: () => Promise<void>) => run(async () => {
    setWrong([]);
    try { await what(); } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setWrong(e.errors.length ? e.errors.map((f) => fieldText(f.code)) : [problemText(e)]);
    }
  });
  const save = () => act(async () => {
    const bad = faults();
    if (bad.length) return setWrong(bad);
    const body = { name: typed.name.trim(), zone: typed.zone, hours: weekOf(typed.week), holidays: filled(typed.holidays), ...(feedUrl(typed.feed) === (c?.feed?.url ?? '') ? {} : { feed_url: feedUrl(typed.feed) }) };
    if (c) {
      onSaved(await api<Calendar>('PATCH', `/api/calendars/${c.id}`, { body: { ...body, version: c.newest } }));
      return announce(t('calendars.saved'));
    }
    const made = await api<{ id: number }>('POST', '/api/calendars', { body, key: keyFor(body) });
    announce(t('calendars.saved'));
    navigate(`/agent/calendars/${made.id}`, { replace: true });
  });
  const archive = (archived: boolean) => act(async () => {
    setAsking(false);
    onSaved(await api<Calendar>('PATCH', `/api/calendars/${c?.id ?? 0}`, { body: { archived } }));
    announce(t(archived ? 'calendars.archived.said' : 'calendars.restored.said'));
  });
  return (
    <>
      {wrong.length > 0 && <div class="summary" ref={summary} tabIndex={-1} role="group"><ul>{wrong.map((w) => <li key={w}>{w}</li>)}</ul></div>}
      <div class="cal-cols">
        <form class="form" noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
          <section class="card" aria-labelledby="cal-hours">
            <h2 id="cal-hours">{t('calendars.hours')}</h2>
            <div class="cal-about">
              <div class="field">
                <label for="name">{t('calendars.name')}</label>
                <input class="input" id="name" dir="auto" autocomplete="off" maxLength={80} value={typed.name} onInput={(e) => set({ ...typed, name: e.currentTarget.value })} />
              </div>
              <ZoneField value={typed.zone} onChange={(zone) => set({ ...typed, zone })} />
            </div>
            <WeekFields week={typed.week} most={limits.spans} onChange={(week) => set({ ...typed, week })} />
            <p class="muted">{t('calendars.hint', { n: limits.spans })}</p>
          </section>
          <section class="card" aria-labelledby="cal-holidays">
            <h2 id="cal-holidays">{t('calendars.holidays')}</h2>
            <p class="muted">{t('calendars.holidays.hint', { n: limits.holidays })} {t('calendars.holidays.range', { n: limits.holiday_days })}</p>
            <HolidayFields days={typed.holidays} most={limits.holidays} long={limits.holiday_days} onChange={(holidays) => set({ ...typed, holidays })} />
          </section>
          <FeedFields url={typed.feed} feed={c?.feed ?? null} days={c?.feed_days ?? []} most={limits.feed_days} onChange={(feed) => set({ ...typed, feed })}
            again={() => void act(async () => onRead(await api<Calendar>('POST', `/api/calendars/${c?.id ?? 0}/refresh`, { key: newKey() })))} />
          <div class="form-end">
            <button class="btn btn-primary" type="submit">{t(c ? 'calendars.save' : 'calendars.make')}</button>
            {c && !asking && <button class="btn btn-ghost" type="button" id="cal-archive" onClick={() => { if (!c.archived && c.plans.length) setAsking(true); else void archive(!c.archived); }}>{t(c.archived ? 'calendars.restore' : 'calendars.archive')}</button>}
          </div>
          {c && asking && (
            <div class="notice" data-tone="warn" role="group" aria-label={t('calendars.archive')}>
              <p>{t('calendars.archive.used', { list: new Intl.ListFormat(boot.lang).format(c.plans.map((p) => say(p.names) || p.key)) })} {t('calendars.archive.clocks')}</p>
              <div class="form-end">
                <button class="btn" type="button" ref={focusOnce} onClick={() => void archive(true)}>{t('calendars.archive.sure')}</button>
                <button class="btn btn-ghost" type="button" onClick={() => { setAsking(false); requestAnimationFrame(() => document.getElementById('cal-archive')?.focus()); }}>{t('app.cancel')}</button>
              </div>
            </div>
          )}
        </form>
        <div class="cal-side">
          <Preview id={c?.id ?? 0} first={c?.days ?? []} fed={c?.feed_days ?? []} typed={typed} />
          {c && <Simulate body={() => { const hours = weekOf(typed.week), holidays = filled(typed.holidays); return hours && holidays.every((h) => h.day && h.name && !rangeFault(h, limits.holiday_days)) ? { calendar: c.id, zone: typed.zone, hours, holidays } : null; }} />}
          {c && <Versions c={c} />}
        </div>
      </div>
    </>
  );
}

/** id 0: a new one. */
export function CalendarPage({ id }: { id: number }) {
  const [c, setC] = useState<Calendar | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => {
    if (!id) return;
    setProblem(null);
    const first = takeRoute<Calendar>();
    if (first?.id === id) return setC(first);
    api<Calendar>('GET', `/api/calendars/${id}`).then(setC, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, [id]);
  const [saves, setSaves] = useState(0);
  const saved = (now: Calendar) => { setSaves(saves + 1); setC(now); };
  /* What jobs read of its feed comes in beside what is being typed. Where somebody else
   * changed the hours, saving them is refused. */
  const read = (now: Calendar) => setC((old) => (!old ? now : { ...old, feed: now.feed, feed_days: now.feed_days, days: now.days, versions: now.versions,
    ...(hoursOf(old) === hoursOf(now) ? { newest: now.newest } : {}) }));
  usePoll(2, () => { if (c?.feed?.state === 'waiting') api<Calendar>('GET', `/api/calendars/${c.id}`, { quiet: true }).then(read, () => {}); });
  return (
    <>
      <p><a class="cal-back" href="/agent/calendars"><Icon name="arrow-left" flip />{t('calendars.title')}</a></p>
      <Heading text={c?.name ?? t('calendars.new')} />
      {c?.archived && <p class="muted">{t('calendars.archived.why')}</p>}
      {problem ? <Failed problem={problem} retry={load} /> : id && !c ? <Skeleton rows={6} />
        : c && !c.may_change ? <Shown c={c} /> : <Editor key={saves} c={c} onSaved={saved} onRead={read} />}
    </>
  );
}
