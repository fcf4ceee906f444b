// SPDX-License-Identifier: AGPL-3.0-or-later
//
// S2: holidays from a feed: read by `sportello hosts` from a server over https, with
// bounds, and a word for whatever can be wrong with one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { calendar, day, event, startFeed } from '../lib/feed.mjs';
import { newKey, problem } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { api, makeWorld } from './world.mjs';

const hours = [0, 1, 2, 3, 4, 5, 6].map((n) => (n < 5 ? [[540, 1080]] : []));
const year = new Date().getUTCFullYear();
let w, feed, id;
const ok = async (answer, status = 200) => {
  answer = await answer;
  assert.equal(answer.status, status, answer.text.slice(0, 400));
  return answer.json;
};
const get = () => ok(api(w.agent, 'GET', `/api/calendars/${id}`));
const settled = (what) => until(what, async () => { const c = await get(); return c.feed.state !== 'waiting' && c; });
// As if the minute between two readings were over.
const again = async (what, change) => {
  Object.assign(feed, { status: 200, headers: {} }, change);
  await psql('postgres', `update app.calendars set feed_asked_at = null where tenant_id = ${w.tenant} and id = ${id}`);
  await ok(api(w.admin, 'POST', `/api/calendars/${id}/refresh`, undefined, { key: newKey() }), 201);
  return settled(what);
};
const faults = (answer) => problem(answer, 422).errors.map((e) => `${e.field} ${e.code}`);

before(async () => {
  feed = await startFeed();
  w = await makeWorld({ only: ['agent', 'admin'] });
  feed.body = calendar(day(`${year - 20}1225`, 'Natale', 'RRULE:FREQ=YEARLY'), day(`${year}0601`, 'Ponte', `DTEND;VALUE=DATE:${year}0603`),
    event(`DTSTART:${year}0701T090000Z`, `DTEND:${year}0701T100000Z`, 'SUMMARY:A meeting'));
  id = (await ok(api(w.admin, 'POST', '/api/calendars', { name: 'Fed', zone: 'Europe/Rome', hours, holidays: [{ day: `${year}-08-15`, name: 'Ferragosto' }], feed_url: feed.url }, { key: newKey() }), 201)).id;
});
after(() => feed.close());

test('S2: its days are holidays, beside those by hand, to the end of what is laid out', async () => {
  const c = await settled('it was read');
  assert.deepEqual([c.version, c.feed.state, c.feed.fault, c.holidays.map((h) => h.name)], [2, 'read', null, ['Ferragosto']]);
  assert.deepEqual(c.feed_days.filter((d) => d.day.startsWith(year)), [{ day: `${year}-06-01`, name: 'Ponte' }, { day: `${year}-06-02`, name: 'Ponte' }, { day: `${year}-12-25`, name: 'Natale' }]);
  assert.equal(c.feed_days.length, 13 + 2, 'a Christmas a year, from last year to the eleventh from now');
  assert.equal(c.versions[0].by, null);
  assert.equal(feed.asked[0].headers.accept, 'text/calendar');
  assert.deepEqual([feed.asked[0].headers.cookie, feed.asked[0].headers['user-agent']], [undefined, 'Sportello']);
  // Read a minute ago it is not read again.
  assert.equal((await api(w.admin, 'POST', `/api/calendars/${id}/refresh`, undefined, { key: newKey() })).status, 429);
  problem(await api(w.agent, 'POST', `/api/calendars/${id}/refresh`, undefined, { key: newKey() }), 403);
});

test('S2: the same days make no version, others do', async () => {
  const { version } = await settled('it was read');
  assert.equal((await again('the same', { body: feed.body.replaceAll('Natale', 'Weihnachten') })).version, version);
  const c = await again('one more', { body: feed.body.replace('END:VCALENDAR', `${day(`${year}1224`, 'Vigilia')}END:VCALENDAR`) });
  assert.deepEqual([c.version, c.feed_days.length], [version + 1, 16]);
});

test('S2: one that can not be read says why, and its days stay', async () => {
  const had = await settled('it was read');
  const long = day(`${year}0101`, 'x');
  for (const [fault, change] of [
    ['refused', { status: 404 }], ['moved', { status: 301, headers: { Location: feed.url } }],
    ['not_calendar', { body: '<!doctype html><p>Sign in' }], ['not_calendar', { body: calendar(long).slice(0, -20) }],
    ['rule', { body: calendar(day(`${year}0101`, 'x', 'RRULE:FREQ=SECONDLY')) }],
    // A hundred years of each day; and of many events.
    ['too_many', { body: calendar(day('19500101', 'x', 'RRULE:FREQ=DAILY;COUNT=36500')) }],
    ['too_many', { body: calendar(...Array.from({ length: 8000 }, () => day('19500101', 'x', 'RRULE:FREQ=YEARLY;COUNT=100'))) }],
    // Fifty megabytes, of which one is read.
    ['too_long', { body: (answer) => {
      let left = 50;
      const more = () => { if (!left--) return answer.end(); answer.write('X'.repeat(1024 * 1024), more); };
      more();
    } }],
    // Open on Mondays alone, of which each is a holiday.
    ['never_open', { body: calendar(day('20240101', 'x', 'RRULE:FREQ=WEEKLY')) }],
    ['unreachable', { body: (answer) => answer.destroy() }],
  ]) {
    if (fault === 'never_open') await ok(api(w.admin, 'PATCH', `/api/calendars/${id}`, { hours: hours.map((d, n) => (n ? [] : d)) }));
    const c = await again(fault, change);
    assert.deepEqual([c.feed.state, c.feed.fault], ['failed', fault]);
    assert.deepEqual(c.feed_days, had.feed_days, `after ${fault}`);
  }
  const c = await again('well again', { body: calendar(day(`${year}1225`, 'Natale')) });
  assert.deepEqual([c.feed.state, c.feed.fault, c.feed_days.length], ['read', null, 1]);
});

test('S2: only over https, and nowhere inside', async () => {
  for (const bad of ['http://localhost/x', 'ftp://x.example/x', 'https://', 'https://user:secret@x.example/x', 'https://x.example/#a', 'https://x.example/ a', 'file:///etc/passwd', 'webcal://x.example/x']) {
    assert.deepEqual(faults(await api(w.admin, 'PATCH', `/api/calendars/${id}`, { feed_url: bad })), ['feed_url https'], bad);
  }
  const had = await get();
  // A private address, which the instance is not told to reach.
  await ok(api(w.admin, 'PATCH', `/api/calendars/${id}`, { feed_url: 'https://10.0.0.1/days.ics' }));
  const c = await settled('it was tried');
  assert.deepEqual([c.feed.state, c.feed.fault, c.feed_days, c.version], ['failed', 'unreachable', had.feed_days, had.version]);
  const none = await ok(api(w.admin, 'PATCH', `/api/calendars/${id}`, { feed_url: '' }));
  assert.deepEqual([none.feed, none.feed_days, none.version], [null, [], had.version + 1]);
  problem(await api(w.admin, 'POST', `/api/calendars/${id}/refresh`, undefined, { key: newKey() }), 409);
});
