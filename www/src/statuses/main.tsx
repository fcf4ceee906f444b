/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Where the tenant's administrators name the statuses and say which may follow which. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../lib/announce';
import { api, Problem } from '../lib/api';
import { boot, takeRoute } from '../lib/boot';
import { t } from '../lib/i18n';
import type { Status } from '../lib/types';
import { Failed, Heading, Icon, Skeleton } from '../ui/parts';
import { faultText, loadOurs, wordIn, wordsOf, type Kept, type Moves, type Ours, type Role, type Words } from './data';
import { MovesCard } from './moves';
import { PreviewCard, WordsCard } from './words';

export default function Statuses() {
  const [kept, setKept] = useState<Kept | null>(null);
  const [words, setWords] = useState<Record<Status, Words> | null>(null);
  const [ours, setOurs] = useState<Ours | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [wrong, setWrong] = useState('');
  const summary = useRef<HTMLParagraphElement>(null);
  const take = (k: Kept) => {
    setKept(k);
    setWords((now) => now ?? wordsOf(k));
    if (!ours) void loadOurs([...new Set(['en', boot.lang, ...k.languages])]).then(setOurs);
  };
  const load = () => {
    setProblem(null);
    const first = takeRoute<Kept>();
    if (first?.statuses) return take(first);
    api<Kept>('GET', '/api/statuses').then(take, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  useEffect(() => { if (wrong) summary.current?.focus(); }, [wrong]);
  if (!kept || !words || !ours) return <><Heading text={t('statuses.title')} />{problem ? <Failed problem={problem} retry={load} /> : <Skeleton />}</>;

  const name = (s: Status) => wordIn(ours, words[s], 'agents', s, boot.lang);
  const send = async (method: 'PATCH' | 'DELETE', path: string, body: unknown) => {
    setWrong('');
    try {
      take(await api<Kept>(method, path, body === undefined ? {} : { body }));
      announce(t('statuses.saved'));
    } catch (e) {
      if (!(e instanceof Problem)) throw e;
      setWrong(faultText(e, name));
    }
  };
  const saveMoves = (role: Role, moves: Moves | null) => send(moves ? 'PATCH' : 'DELETE', `/api/transitions/${role}`, moves ? { moves } : undefined);
  const all = { ours, languages: kept.languages, words };
  return (
    <>
      <Heading text={t('statuses.title')} />
      <p class="muted">{t('statuses.lead')}</p>
      {wrong && <p class="error" ref={summary} tabIndex={-1} role="alert"><Icon name="circle-alert" />{wrong}</p>}
      <div class="make-cols">
        <WordsCard {...all} onWords={(s, w) => setWords({ ...words, [s]: w })} onSave={(s) => send('PATCH', `/api/statuses/${s}`, words[s])} />
        <div class="make-side"><PreviewCard {...all} /></div>
      </div>
      <MovesCard kept={kept} name={name} onSave={saveMoves} />
    </>
  );
}
