/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Two texts, and what is different between them. */
import { t } from '../lib/i18n';
import { around, diff, type Change } from './diff';

const MARKS: Record<string, string> = { h1: '#', h2: '##', h3: '###', h4: '####', h5: '#####', h6: '######', li: '•', tr: '▦', pre: '›', dt: ':', dd: ':' };

function Row({ of }: { of: Change }) {
  const sign = MARKS[of.line.kind];
  const head = sign && <span class="muted" aria-hidden="true">{sign} </span>;
  if (of.is === 'changed') {
    return (
      <li data-is="changed" dir="auto">{head}{of.pieces.map((p, n) => (p.is === 'old' ? <del key={n}>{p.text}</del> : p.is === 'new' ? <ins key={n}>{p.text}</ins> : <span key={n}>{p.text}</span>))}</li>
    );
  }
  const text = of.is === 'old' ? <del>{of.line.text}</del> : of.is === 'new' ? <ins>{of.line.text}</ins> : of.line.text;
  return <li data-is={of.is} dir="auto">{head}{text}{of.is === 'look' && <small class="muted"> ({t('articles.diff.look')})</small>}</li>;
}

const ROWS_MOST = 2000;

/** What became of `old`. */
export function Differences({ old, now, titles }: { old: string; now: string; titles?: [string, string] }) {
  const found = around(diff(titles ? `<h1>${escaped(titles[0])}</h1>${old}` : old, titles ? `<h1>${escaped(titles[1])}</h1>${now}` : now));
  if (!found.some((c) => c && c.is !== 'same')) return <p class="muted">{t('articles.diff.none')}</p>;
  return (
    <ol class="articles-diff" role="list">
      {found.slice(0, ROWS_MOST).map((c, n) => (c ? <Row key={n} of={c} /> : <li key={n} data-is="gap" aria-hidden="true">⋯</li>))}
      {found.length > ROWS_MOST && <li data-is="gap">{t('articles.diff.more')}</li>}
    </ol>
  );
}

const escaped = (s: string) => s.replace(/&/g, '&amp;').replace(/</g, '&lt;');
