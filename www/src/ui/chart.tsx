/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Lines, or bars on top of each other, over the same parts of a time: with what they say in words, and a table. */
import type { ComponentChildren } from 'preact';
import { t } from '../lib/i18n';

/** null: nothing was there to count. */
export interface Series { name: string; values: (number | null)[] }
interface Props {
  id: string;
  title: string;
  kind: 'line' | 'bars';
  labels: string[];
  series: Series[];
  /** What the labels are, in the table. */
  of: string;
  say?: (n: number) => string;
  /** Where it ends, of the most there is. */
  scale?: (most: number) => number;
  /** Below it. */
  children?: ComponentChildren;
}
const W = 600, H = 160;

/** The end of the scale: one, two or five of a power of ten that holds all. */
export function scale(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= most) ?? most;
}

/** A line, interrupted where nothing was counted; what stands alone is a short dash. */
export function path(values: (number | null)[], top: number): string {
  const step = W / Math.max(values.length, 1);
  return values.map((v, i) => {
    if (v === null) return '';
    const x = (i + 0.5) * step, y = H - (v / top) * H;
    const first = i === 0 || values[i - 1] === null, last = i === values.length - 1 || values[i + 1] === null;
    return first && last ? `M${(x - step / 3).toFixed(1)} ${y.toFixed(1)}h${(step / 1.5).toFixed(1)}` : `${first ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
  }).join('');
}

export function Chart({ id, title, kind, labels, series, of, say = (n) => n.toLocaleString(document.documentElement.lang), scale: end = scale, children }: Props) {
  const sums = labels.map((_, i) => series.reduce((n, s) => (kind === 'bars' ? n + (s.values[i] ?? 0) : Math.max(n, s.values[i] ?? 0)), 0));
  const top = end(Math.max(...sums, 1));
  const step = W / Math.max(labels.length, 1);
  const words = series.map((s) => {
    const there = s.values.filter((v): v is number => v !== null);
    return there.length ? t('reports.says', { name: s.name, low: say(Math.min(...there)), high: say(Math.max(...there)), last: say(there[there.length - 1] ?? 0) }) : '';
  }).filter(Boolean);
  const bars = labels.map((label, i) => {
    let up = 0;
    return series.map((s, n) => {
      const v = s.values[i] ?? 0;
      up += v;
      return <rect key={`${label}-${n}`} data-n={n} x={(i + 0.12) * step} width={step * 0.76} y={H - (up / top) * H} height={(v / top) * H} />;
    });
  });
  return (
    <section class="card chart" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {series.length > 1 && <ul class="chart-key" role="list" aria-hidden="true">{series.map((s, n) => <li key={s.name}><svg viewBox="0 0 24 10" data-kind={kind}>{kind === 'line' ? <path data-n={n} d="M0 5H24" /> : <rect data-n={n} width="24" height="10" />}</svg>{s.name}</li>)}</ul>}
      <div class="chart-plot">
        <span class="chart-top num" aria-hidden="true">{say(top)}</span>
        <svg role="img" aria-label={`${title}. ${words.join(' ')}`} viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" data-kind={kind}>
          <path class="chart-grid" d={`M0 0H${W}M0 ${H / 2}H${W}M0 ${H}H${W}`} />
          {kind === 'bars' ? bars : series.map((s, n) => <path key={s.name} data-n={n} d={path(s.values, top)} />)}
          {labels.map((label, i) => <rect key={label} class="chart-hit" x={i * step} width={step} y={0} height={H}><title>{`${label}: ${series.map((s) => `${s.name} ${s.values[i] === null ? '–' : say(s.values[i] ?? 0)}`).join(', ')}`}</title></rect>)}
        </svg>
        <div class="chart-ends num" aria-hidden="true"><span>{labels[0]}</span>{labels.length > 1 && <span>{labels[labels.length - 1]}</span>}</div>
      </div>
      <div class="chart-end">
        <details>
          <summary>{t('reports.as_table')}</summary>
          <div class="chart-table" tabIndex={0} role="group" aria-labelledby={id}>
            <table>
              <thead><tr><th scope="col">{of}</th>{series.map((s) => <th scope="col" key={s.name}>{s.name}</th>)}</tr></thead>
              <tbody>{labels.map((label, i) => <tr key={label}><th class="num" scope="row">{label}</th>{series.map((s) => <td class="num" key={s.name}>{s.values[i] === null ? '–' : say(s.values[i] ?? 0)}</td>)}</tr>)}</tbody>
            </table>
          </div>
        </details>
        {children}
      </div>
    </section>
  );
}
