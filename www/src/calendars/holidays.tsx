/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Holidays by hand: a day or several in a row, a name, and whether they come every year. */
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import { dayName, rangeFault, type Holiday } from './data';

/** In the order of the days, those that have been typed already. */
export function HolidayFields({ days, most, long, onChange }: { days: Holiday[]; most: number; long: number; onChange: (days: Holiday[]) => void }) {
  const put = (i: number, x: Partial<Holiday>) => onChange(days.map((d, j) => (j === i ? { ...d, ...x } : d)));
  const fault = (d: Holiday, i: number) => (d.day && days.findIndex((x) => x.day === d.day) < i ? t('err.field.twice') : rangeFault(d, long));
  const focus = (id: string) => requestAnimationFrame(() => document.getElementById(id)?.focus());
  return (
    <>
      {days.length > 0 && (
        <ul class="cal-holidays" role="list">
          {days.map((d, i) => {
            const what = d.name || d.day || String(i + 1);
            const wrong = fault(d, i);
            const about = { 'aria-invalid': wrong ? true : undefined, 'aria-describedby': wrong ? `holiday-${i}-fault` : undefined };
            return (
              <li key={i}>
                <span class="cal-range">
                  <input class="input" type="date" id={`holiday-${i}`} aria-label={t('calendars.holiday.day', { n: i + 1 })} min="1970-01-01" max="2099-12-31" required value={d.day} {...about} onInput={(e) => put(i, { day: e.currentTarget.value })} />
                  <span aria-hidden="true">–</span>
                  <input class="input" type="date" aria-label={t('calendars.holiday.to', { n: i + 1 })} min={d.day || '1970-01-01'} max="2099-12-31" value={d.to ?? ''} {...about} onInput={(e) => put(i, { to: e.currentTarget.value || undefined })} />
                </span>
                <input class="input" aria-label={t('calendars.holiday.name', { n: i + 1 })} dir="auto" autocomplete="off" maxLength={80} value={d.name} onInput={(e) => put(i, { name: e.currentTarget.value })} />
                <label class="check"><input type="checkbox" checked={!!d.yearly} onChange={(e) => put(i, { yearly: e.currentTarget.checked })} />{t('calendars.holiday.yearly')}</label>
                <button class="btn btn-icon btn-ghost" type="button" aria-label={t('calendars.holiday.remove', { what })}
                  onClick={() => { onChange(days.filter((_, j) => j !== i)); focus('holiday-add'); }}><Icon name="x" /></button>
                {wrong && <p class="error" id={`holiday-${i}-fault`}><Icon name="circle-alert" />{wrong}</p>}
              </li>
            );
          })}
        </ul>
      )}
      {days.length < most
        ? <p><button class="btn" type="button" id="holiday-add" onClick={() => { onChange([...days, { day: '', name: '' }]); focus(`holiday-${days.length}`); }}><Icon name="plus" />{t('calendars.holiday.add')}</button></p>
        : <p class="muted">{t('calendars.holiday.most', { n: most })}</p>}
    </>
  );
}

export const HolidayList = ({ days }: { days: Holiday[] }) => (
  <ul class="cal-named">{days.map((d) => <li key={d.day}><span><bdi>{dayName(d.day)}{d.to && ` – ${dayName(d.to)}`}</bdi> {d.yearly ? t('calendars.holiday.yearly') : (d.to ?? d.day).slice(0, 4)}</span> <bdi>{d.name}</bdi></li>)}</ul>
);
