/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Around the form of a new ticket: what stands above it, and what is offered while its title is typed. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api } from '../lib/api';
import { dateTime, endTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import { leadsTo, type Found, type Now, type Shown } from './data';

const PAUSE_MS = 200;
const LEAST = 3;

/** Closed by whoever does not want it, for good. */
function Fold({ name, title, children }: { name: string; title: string; children: ComponentChildren }) {
  const mark = `closed:${name}`;
  const closed = () => { try { return localStorage.getItem(mark) !== null; } catch { return false; } };
  const [open] = useState(() => !closed());
  const keep = (now: boolean) => { try { if (now) localStorage.removeItem(mark); else localStorage.setItem(mark, '1'); } catch { /* then it is open the next time */ } };
  return <details class="card" open={open} onToggle={(e) => keep(e.currentTarget.open)}><summary>{title}</summary>{children}</details>;
}

function Tick({ of }: { of: Shown }) {
  const id = `aid-${of.id}`;
  return (
    <li>
      <label class="check"><input type="checkbox" aria-describedby={of.text ? id : undefined} /><bdi>{of.title}</bdi></label>
      {of.text && <p class="muted" id={id} dir="auto">{of.text}</p>}
      {of.url && <p><a class="item" href={of.url} target="_blank" rel="noopener noreferrer" dir="ltr"><span class="link">{of.url}</span></a></p>}
    </li>
  );
}

/** In the form's place: where to go with what was chosen. */
export function Elsewhere({ of }: { of: Shown }) {
  useEffect(() => announce(t('before.elsewhere.text')), [of.id]);
  return (
    <section class="card" aria-labelledby="elsewhere">
      <h2 id="elsewhere" dir="auto">{of.title}</h2>
      {of.text && <p dir="auto">{of.text}</p>}
      {of.url && <p><a class="btn btn-primary" href={of.url} target="_blank" rel="noopener noreferrer">{t('before.elsewhere.go', { where: leadsTo(of) })}</a></p>}
      {of.people?.map((p) => <p key={p.email}><bdi>{p.name}</bdi> · <a href={`mailto:${p.email}`} dir="ltr">{p.email}</a></p>)}
      <p class="muted">{t('before.elsewhere.text')}</p>
    </section>
  );
}

/** Instead of one more ticket: they are told by mail what becomes of it. */
function Affected({ of }: { of: { id: number; title: string; affected: boolean } }) {
  const [said, setSaid] = useState(of.affected);
  const turn = async () => {
    const now = await api<{ affected: boolean }>('POST', `/api/incidents/${of.id}/affected`, { body: { affected: !said } }).catch(() => null);
    if (!now) return;
    setSaid(now.affected);
    if (now.affected) announce(t('affected.mine'));
  };
  return (
    <>
      <p><button class="btn" type="button" aria-pressed={said} aria-label={`${t('affected.yes')}: ${of.title}`} onClick={() => void turn()}>{said && <Icon name="check" />}{t('affected.yes')}</button></p>
      {said && <p class="muted">{t('affected.mine')}</p>}
    </>
  );
}

/** Above the form: never in the way of it. */
export function Before({ shown, now }: { shown: Shown[]; now: Now[] }) {
  const aid = shown.filter((s) => s.kind === 'first_aid');
  return (
    <>
      {now.length > 0 && (
        <section class="card" data-tone="warn" aria-labelledby="now">
          <h2 id="now">{t('service.now')}</h2>
          <ul class="contacts" role="list">
            {now.map((s) => (
              <li key={s.id}>
                <p><strong>{t(`service.${s.kind}`)}: <a href={s.url} target="_blank" rel="noopener"><bdi lang={s.lang ?? undefined}>{s.title}</bdi></a></strong></p>
                {s.text && <p class="said" dir="auto" lang={s.text_lang ?? undefined}>{s.text}</p>}
                <p class="muted"><time dateTime={s.starts_at}>{dateTime(s.starts_at)}</time>{s.ends_at && <> – <time dateTime={s.ends_at}>{endTime(s.starts_at, s.ends_at)}</time></>}</p>
                {s.kind === 'incident' && <Affected of={s} />}
              </li>
            ))}
          </ul>
        </section>
      )}
      {aid.length > 0 && <Fold name="first-aid" title={t('before.first_aid')}><ul class="contacts" role="list">{aid.map((s) => <Tick key={s.id} of={s} />)}</ul></Fold>}
    </>
  );
}

const none: Found = { incidents: [], articles: [], tickets: [] };

/** What is found for a title: asked when typing pauses and no word is being composed, one question at a time. */
function useFound(title: string, field: string): Found {
  const [found, setFound] = useState(none);
  const wanted = useRef('');
  const busy = useRef(false);
  const composing = useRef(false);
  const [composed, setComposed] = useState(0);
  const ask = async () => {
    if (busy.current) return;
    busy.current = true;
    for (let q: string | null = null; q !== wanted.current;) {
      q = wanted.current;
      const answer = [...q].length < LEAST ? none : await api<Found>('GET', `/api/before/found?q=${encodeURIComponent(q)}`, { quiet: true }).catch(() => none);
      if (q !== wanted.current) continue;
      setFound(answer);
      const n = answer.incidents.length + answer.articles.length + answer.tickets.length;
      if (n) announce(t('before.found', { n }));
    }
    busy.current = false;
  };
  useEffect(() => {
    const input = document.getElementById(field);
    const begin = () => { composing.current = true; };
    const end = () => { composing.current = false; setComposed((n) => n + 1); };
    input?.addEventListener('compositionstart', begin);
    input?.addEventListener('compositionend', end);
    return () => { input?.removeEventListener('compositionstart', begin); input?.removeEventListener('compositionend', end); };
  }, [field]);
  useEffect(() => {
    if (composing.current) return undefined;
    const timer = setTimeout(() => { wanted.current = [...title.trim()].slice(0, 200).join(''); void ask(); }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [title, composed]);
  return found;
}

/** `onSolved`: it needs no ticket. */
export function Spares({ title, field, onSolved }: { title: string; field: string; onSolved: () => void }) {
  const found = useFound(title, field);
  const solve = async (id: number) => {
    await api('POST', `/api/articles/${id}/solved`, { body: {}, quiet: true }).catch(() => {});
    onSolved();
  };
  if (!found.incidents.length && !found.articles.length && !found.tickets.length) return null;
  return (
    <section class="card" aria-labelledby="spares">
      <h2 id="spares">{t('before.spares')}</h2>
      {found.incidents.length > 0 && (
        <>
          <h3>{t('service.now')}</h3>
          <ul class="contacts" role="list">
            {found.incidents.map((s) => <li key={s.id}><a class="item" href={`/status/${s.id}`} target="_blank" rel="noopener"><span class="link">{t(`service.${s.kind}`)}: <bdi>{s.title}</bdi></span></a>{s.kind === 'incident' && <Affected of={s} />}</li>)}
          </ul>
        </>
      )}
      {found.articles.length > 0 && (
        <>
          <h3>{t('before.articles')}</h3>
          <ul class="contacts" role="list">
            {found.articles.map((a) => (
              <li key={a.id}>
                <a class="item" href={`/kb/${a.id}`} target="_blank" rel="noopener" lang={a.language} dir="auto"><span class="link">{a.title}</span></a>
                <p><button class="btn" type="button" aria-label={t('before.solve.of', { what: a.title })} onClick={() => void solve(a.id)}><Icon name="check" />{t('before.solve')}</button></p>
              </li>
            ))}
          </ul>
        </>
      )}
      {found.tickets.length > 0 && (
        <>
          <h3>{t('before.tickets')}</h3>
          <ul class="contacts" role="list">
            {found.tickets.map((x) => <li key={x.number}><a class="item" href={`/t/${x.number}`} target="_blank" rel="noopener"><span class="link"><span class="num">#{x.number}</span> <bdi>{x.title}</bdi></span></a></li>)}
          </ul>
        </>
      )}
    </section>
  );
}
