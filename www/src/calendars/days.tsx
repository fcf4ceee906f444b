/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A fortnight as it will be: hours, holidays, and the days on which clocks are set. */
import { t } from '../lib/i18n';
import { dayName, duration, span, type Day } from './data';

function note(d: Day): string {
  if (!d.set) return d.holiday ?? '';
  const set = t(d.set > 0 ? 'calendars.set.on' : 'calendars.set.back', { by: duration(Math.abs(d.set) * 60) });
  return d.holiday ? `${d.holiday} · ${set}` : set;
}

export function Days({ days }: { days: Day[] }) {
  return (
    <table class="cal-days">
      <thead><tr><th scope="col">{t('calendars.day')}</th><th scope="col">{t('calendars.hours')}</th><th scope="col">{t('calendars.sum')}</th></tr></thead>
      <tbody>
        {days.map((d) => (
          <tr key={d.day} data-closed={d.seconds ? undefined : ''}>
            <th scope="row"><bdi>{dayName(d.day)}</bdi></th>
            <td>
              <svg viewBox="0 0 1440 10" preserveAspectRatio="none" aria-hidden="true" class="cal-strip">
                {d.hours.map(([a, b]) => <rect key={a} x={a} y="0" width={b - a} height="10" />)}
              </svg>
              <span>{d.hours.length ? <bdi>{d.hours.map(span).join(', ')}</bdi> : t('calendars.closed')}{note(d) && <> · <bdi>{note(d)}</bdi></>}</span>
            </td>
            <td class="num">{d.seconds ? <bdi>{duration(d.seconds)}</bdi> : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
