/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A calendar's feed: its address, and how the last reading went. */
import { dateTime } from '../lib/fmt';
import { t } from '../lib/i18n';
import { Icon } from '../ui/parts';
import type { Feed, Holiday } from './data';
import { HolidayList } from './holidays';

export function FeedState({ feed, days, again }: { feed: Feed; days: Holiday[]; again?: () => void }) {
  const when = feed.state === 'read' ? feed.read_at : feed.asked_at;
  return (
    <div class="cal-feed" aria-live="polite">
      {feed.state === 'failed' ? (
        <p class="error"><Icon name="circle-alert" /><span>{t('calendars.feed.failed', { when: when ? dateTime(when) : '' })} {t(`calendars.feed.fault.${feed.fault ?? 'unfit'}`)}</span></p>
      ) : <p>{feed.state === 'waiting' || !when ? t('calendars.feed.waiting') : t('calendars.feed.read', { when: dateTime(when) })}</p>}
      {again && feed.state !== 'waiting' && <p><button class="btn" type="button" onClick={again}><Icon name="rotate-cw" />{t('calendars.feed.again')}</button></p>}
      {days.length > 0 && <details><summary>{t('calendars.holidays.n', { n: days.length })}</summary><HolidayList days={days} /></details>}
    </div>
  );
}

export function FeedFields({ url, feed, days, most, onChange, again }: { url: string; feed: Feed | null; days: Holiday[]; most: number; onChange: (url: string) => void; again: () => void }) {
  return (
    <section class="card" aria-labelledby="cal-feed">
      <h2 id="cal-feed">{t('calendars.feed')}</h2>
      <p class="muted">{t('calendars.feed.hint', { n: most })}</p>
      <div class="field">
        <label for="feed">{t('calendars.feed.url')}</label>
        <input class="input" id="feed" type="url" dir="ltr" autocomplete="off" spellcheck={false} maxLength={2000} value={url} onInput={(e) => onChange(e.currentTarget.value)} />
      </div>
      {feed && <FeedState feed={feed} days={days} again={again} />}
    </section>
  );
}
