/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What was published in a language, what each changed, and the way back to one. */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { useOne } from '../lib/once';
import { Pick } from '../make/parts';
import { Failed, Skeleton } from '../ui/parts';
import type { OldText, Version } from './data';
import { Differences } from './shown';

const label = (v: Version) => [t('articles.version', { n: v.version }), dateTime(v.from), v.by ?? ''].filter(Boolean).join(' · ');

export function History({ article, language, draft, onRestore }: { article: number; language: string; draft: boolean; onRestore: (version: number) => Promise<void> }) {
  const [list, setList] = useState<Version[] | null>(null);
  const [whole, setWhole] = useState(true);
  const [pair, setPair] = useState<[number, number] | null>(null);
  const [texts, setTexts] = useState<[OldText, OldText] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = useOne();
  const fail = (e: unknown) => { if (e instanceof Problem) setProblem(e); };
  const path = `/api/articles/${article}`;
  const more = (before?: number) => {
    setProblem(null);
    api<{ versions: Version[] }>('GET', `${path}/history?language=${encodeURIComponent(language)}${before ? `&before=${before}` : ''}`).then(({ versions }) => {
      const all = [...before ? list ?? [] : [], ...versions];
      setList(all);
      setWhole(versions.length < 100);
      const newest = all[0]?.version;
      if (!before && newest) setPair([draft ? newest : all[1]?.version ?? newest, draft ? 0 : newest]);
    }, fail);
  };
  useEffect(() => more(), []);
  useEffect(() => {
    if (!pair) return undefined;
    let here = true;
    setTexts(null);
    const text = (version: number) => api<OldText>('GET', `${path}/versions/${version}?language=${encodeURIComponent(language)}`);
    Promise.all([text(pair[0]), text(pair[1])]).then((both) => { if (here) setTexts(both); }, fail);
    return () => { here = false; };
  }, [pair?.[0], pair?.[1]]);
  if (problem) return <Failed problem={problem} retry={() => more()} />;
  if (!list) return <Skeleton />;
  if (!list.length || !pair) return <p class="muted">{t('articles.history.none')}</p>;
  const options = list.map((v): [string, string] => [String(v.version), label(v)]);
  return (
    <>
      <div class="make-line">
        <Pick id="history-old" label={t('articles.history.old')} value={String(pair[0])} options={options} onChange={(v) => setPair([Number(v), pair[1]])} />
        <Pick id="history-new" label={t('articles.history.new')} value={String(pair[1])} options={[...(draft ? [['0', t('articles.state.draft')] as [string, string]] : []), ...options]} onChange={(v) => setPair([pair[0], Number(v)])} />
      </div>
      {texts ? <Differences old={texts[0].html} now={texts[1].html} titles={[texts[0].title, texts[1].title]} /> : <Skeleton />}
      <div class="form-end">
        <button class="btn" type="button" onClick={() => void run(() => onRestore(pair[0]))}>{t('articles.history.restore', { n: pair[0] })}</button>
        {!whole && <button class="btn btn-ghost" type="button" onClick={() => more(list[list.length - 1]?.version)}>{t('app.more')}</button>}
      </div>
    </>
  );
}
