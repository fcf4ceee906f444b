/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where the tenant's staff writes what stands before a new ticket. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../forms/data';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { takeRoute } from '../lib/boot';
import { maybe, t } from '../lib/i18n';
import { Ordered } from '../make/parts';
import { Failed, fieldText, Heading, Icon, problemText, Skeleton } from '../ui/parts';
import { Articles } from './articles';
import type { Kind, Send, Signpost, Written } from './data';
import { SignpostForm } from './signpost';

/** Those of some kinds, in their order, and a form for one more. */
function Group({ title, kinds, written, send }: { title: string; kinds: [Kind, ...Kind[]]; written: Written; send: Send }) {
  const all = written.signposts.filter((s) => kinds.includes(s.kind));
  const of = (id: string) => all.find((s) => String(s.id) === id) as Signpost;
  const keys = all.map((s) => String(s.id));
  const name = (id: string) => say(of(id).titles);
  const order = async (next: string[], moved: string) => {
    const n = next.indexOf(moved);
    await send('PATCH', `/api/signposts/${moved}`, { in_front_of: Number(next[n + 1] ?? 0) }, t('before.moved', { what: name(moved), n: n + 1 }));
    document.getElementById(`${n > keys.indexOf(moved) ? 'down' : 'up'}-${moved}`)?.focus();
  };
  return (
    <section class="card" aria-labelledby={`group-${kinds[0]}`}>
      <h2 id={`group-${kinds[0]}`}>{title}</h2>
      {keys.length ? (
        <Ordered keys={keys} name={name} onOrder={(next, moved) => void order(next, moved)} row={(id) => ({
          head: <bdi>{name(id)}</bdi>,
          body: <SignpostForm key={JSON.stringify(of(id))} written={written} of={of(id)} kinds={kinds} send={send} />,
        })} />
      ) : <p class="muted">{t('before.none')}</p>}
      <details>
        <summary>{t('before.add')}</summary>
        <SignpostForm key={all.length} written={written} of={null} kinds={kinds} send={send} />
      </details>
    </section>
  );
}

export default function Main() {
  const [written, setWritten] = useState<Written | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wrong, setWrong] = useState('');
  const summary = useRef<HTMLParagraphElement>(null);
  const load = () => {
    setProblem(null);
    const first = takeRoute<Written>();
    if (first?.signposts) return setWritten(first);
    api<Written>('GET', '/api/signposts').then(setWritten, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  useEffect(() => { if (wrong) summary.current?.focus(); }, [wrong]);

  const refused = (e: unknown): null => {
    if (!(e instanceof Problem)) throw e;
    const code = e.errors[0]?.code;
    setWrong(code ? maybe(`before.fault.${code}`) ?? fieldText(code) : problemText(e));
    return null;
  };
  const send: Send = async (method, path, body, done, key) => {
    setWrong('');
    try {
      const now = await api<Written>(method, path, { ...(body === undefined ? {} : { body }), ...(key ? { key } : {}) });
      setWritten(now);
      if (done) announce(done);
      return now;
    } catch (e) {
      return refused(e);
    }
  };
  if (!written) return <><Heading text={t('before.title')} />{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;
  return (
    <>
      <Heading text={t('before.title')} />
      <p class="muted">{t('before.lead')}</p>
      {wrong && <p class="error" ref={summary} tabIndex={-1} role="alert"><Icon name="circle-alert" />{wrong}</p>}
      <Group title={t('before.aid')} kinds={['first_aid']} written={written} send={send} />
      <Group title={t('before.leads')} kinds={['elsewhere']} written={written} send={send} />
      <Articles written={written} />
    </>
  );
}
