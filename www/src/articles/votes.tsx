/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What readers said of an article: how many, and their words, without who. */
import { useEffect, useState } from 'preact/hooks';
import { api, Problem } from '../lib/api';
import { t } from '../lib/i18n';
import { languageName } from '../settings/control';
import { Failed, Icon, Skeleton, Time } from '../ui/parts';

interface Said { helpful: number; unhelpful: number; comments: { at: string; comment: string; helpful: boolean; language: string; place: string }[] }

export function Votes({ article }: { article: number }) {
  const [said, setSaid] = useState<Said | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => {
    setProblem(null);
    api<Said>('GET', `/api/articles/${article}/votes`).then(setSaid, (e: unknown) => { if (e instanceof Problem) setProblem(e); });
  };
  useEffect(load, []);
  if (problem) return <Failed problem={problem} retry={load} />;
  if (!said) return <Skeleton rows={1} />;
  return (
    <>
      <p>{t('articles.votes.count', { yes: said.helpful, no: said.unhelpful })}</p>
      <ul class="rule-parts" role="list">
        {said.comments.map((c, n) => (
          <li key={n}>
            <p dir="auto">{c.comment}</p>
            <small class="muted articles-line"><Icon name={c.helpful ? 'check' : 'x'} /><bdi>{languageName(c.language)}</bdi><Time at={c.at} /></small>
          </li>
        ))}
      </ul>
    </>
  );
}
