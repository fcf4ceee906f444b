/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The hours of a week: a row a day, with as many spans as it needs. */
import { t } from '../lib/i18n';
import { announce } from '../lib/announce';
import { Icon } from '../ui/parts';
import { dayFault, span, spanOf, weekday, type Span, type Typed } from './data';

const DAYS = [0, 1, 2, 3, 4, 5, 6] as const;

/** What the next span of a day begins with: after the last one, or office hours. */
function next(day: Typed[]): Typed {
  const last = day[day.length - 1];
  return last ? { opens: last.closes === '00:00' ? '' : last.closes, closes: '' } : { opens: '09:00', closes: '17:00' };
}

function DayRow({ n, day, most, onChange, onCopy }: { n: number; day: Typed[]; most: number; onChange: (day: Typed[]) => void; onCopy: (to: number[]) => void }) {
  const name = weekday(n);
  const fault = day.length ? dayFault(day) : '';
  const put = (i: number, x: Partial<Typed>) => onChange(day.map((d, j) => (j === i ? { ...d, ...x } : d)));
  const focus = (id: string) => requestAnimationFrame(() => document.getElementById(id)?.focus());
  return (
    <fieldset class="cal-day">
      <legend><bdi>{name}</bdi></legend>
      <div class="cal-spans">
        {!day.length && <p class="muted">{t('calendars.day.closed')}</p>}
        {day.map((x, i) => (
          <div class="cal-span" key={i}>
            <input class="input" type="time" id={`opens-${n}-${i}`} aria-label={t('calendars.opens', { day: name, n: i + 1 })} value={x.opens} aria-invalid={fault ? true : undefined} aria-describedby={fault ? `fault-${n}` : undefined}
              onInput={(e) => put(i, { opens: e.currentTarget.value })} />
            <span aria-hidden="true">–</span>
            <input class="input" type="time" id={`closes-${n}-${i}`} aria-label={t('calendars.closes', { day: name, n: i + 1 })} value={x.closes} aria-invalid={fault ? true : undefined} aria-describedby={fault ? `fault-${n}` : undefined}
              onInput={(e) => put(i, { closes: e.currentTarget.value })} />
            <button class="btn btn-icon btn-ghost" type="button" aria-label={t('calendars.span.remove', { day: name, n: i + 1 })}
              onClick={() => { onChange(day.filter((_, j) => j !== i)); focus(`add-${n}`); }}><Icon name="x" /></button>
          </div>
        ))}
        {fault && <p class="error" id={`fault-${n}`}><Icon name="circle-alert" />{fault}</p>}
      </div>
      <div class="cal-acts">
        {day.length < most && <button class="btn btn-icon" type="button" id={`add-${n}`} aria-label={t('calendars.span.add', { day: name })}
          onClick={() => { onChange([...day, next(day)]); focus(`opens-${n}-${day.length}`); }}><Icon name="plus" /></button>}
        <select class="input" aria-label={t('calendars.copy', { day: name })} value="" onChange={(e) => {
          const to = e.currentTarget.value;
          e.currentTarget.value = '';
          if (to) onCopy(to === 'work' ? [0, 1, 2, 3, 4] : to === 'all' ? [...DAYS] : [Number(to)]);
        }}>
          <option value="">{t('calendars.copy.short')}</option>
          <option value="work">{t('calendars.copy.work')}</option>
          <option value="all">{t('calendars.copy.all')}</option>
          {DAYS.filter((d) => d !== n).map((d) => <option key={d} value={d} dir="auto">{weekday(d)}</option>)}
        </select>
      </div>
    </fieldset>
  );
}

export function WeekFields({ week, most, onChange }: { week: Typed[][]; most: number; onChange: (week: Typed[][]) => void }) {
  return (
    <>
      {DAYS.map((n) => (
        <DayRow key={n} n={n} day={week[n] ?? []} most={most} onChange={(day) => onChange(week.map((d, i) => (i === n ? day : d)))}
          onCopy={(to) => { onChange(week.map((d, i) => (to.includes(i) ? [...(week[n] ?? [])] : d))); announce(t('calendars.copied', { day: weekday(n) })); }} />
      ))}
    </>
  );
}

/** As who may not change it sees it. */
export function WeekTable({ hours }: { hours: Span[][] }) {
  return (
    <dl class="cal-week">
      {DAYS.map((n) => <div key={n}><dt><bdi>{weekday(n)}</bdi></dt><dd>{hours[n]?.length ? <bdi>{hours[n].map(span).join(', ')}</bdi> : t('calendars.day.closed')}</dd></div>)}
    </dl>
  );
}

/** A week as it is sent; null: it is not right yet. */
export const weekOf = (week: Typed[][]): Span[][] | null =>
  (week.some((d) => d.length && dayFault(d)) || !week.some((d) => d.length) ? null : week.map((d) => d.map(spanOf).sort((a, b) => a[0] - b[0])));
