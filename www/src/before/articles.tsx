/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The articles that were written last, with how many tickets each spared, and the way to where they are written. */
import { say } from '../forms/data';
import { t } from '../lib/i18n';
import type { Article, Written } from './data';

export function Articles({ written }: { written: Written }) {
  const name = (a: Article) => say(a.titles);
  return (
    <section class="card" aria-labelledby="articles">
      <h2 id="articles">{t('before.articles')}</h2>
      {written.articles.length ? (
        <ul class="make-list" role="list">
          {written.articles.map((a) => (
            <li key={a.id}>
              <div class="make-row">
                <span class="grow"><bdi>{name(a)}</bdi><small class="muted">{[t(`before.audience.${a.audience.level}`), t(a.published ? 'before.published' : 'before.unpublished'), t('before.spared', { n: a.solved })].join(' · ')}</small></span>
                <a class="btn" href={`/kb/${a.id}`} target="_blank" rel="noopener">{t('before.view')}<span class="visually-hidden"> <bdi>{name(a)}</bdi></span></a>
                <a class="btn" href={`/agent/kb/${a.id}`} aria-label={t('make.change.what', { what: name(a) })}>{t('make.change')}</a>
              </div>
            </li>
          ))}
        </ul>
      ) : <p class="muted">{t('before.none')}</p>}
      <p><a class="btn" href="/agent/kb">{t('before.article.new')}</a></p>
    </section>
  );
}
