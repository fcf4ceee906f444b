// SPDX-License-Identifier: AGPL-3.0-or-later
//
// S2: business calendars over the API: kept by administrators, read by agents, and
// refused with a word for each thing that can be wrong. tests/sql/calendars.sql
// counts the time.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newKey, problem } from '../lib/http.mjs';
import { api, makeWorld } from './world.mjs';

const week = [[[480, 720], [780, 1020]], [[480, 1020]], [], [], [], [], []];
let w;
before(async () => { w = await makeWorld({ only: ['agent', 'admin', 'member'] }); });
const ok = async (answer, status = 200) => {
  answer = await answer;
  assert.equal(answer.status, status, answer.text.slice(0, 400));
  return answer.json;
};
const make = (more, key = newKey()) => api(w.admin, 'POST', '/api/calendars', { name: `Office ${newKey()}`.slice(0, 40), zone: 'Europe/Rome', hours: week, ...more }, { key });
const faults = (answer) => problem(answer, 422).errors.map((e) => `${e.field} ${e.code}`);
const days = (n) => Array.from({ length: n }, (_, i) => ({ day: new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10), name: 'x', yearly: true }));

test('S2: made, read, changed by versions, archived', async () => {
  const { id } = await ok(make({ name: 'The office', holidays: [{ day: '2026-12-25', name: 'Natale', yearly: true }] }), 201);
  const first = await ok(api(w.agent, 'GET', `/api/calendars/${id}`));
  assert.deepEqual([first.version, first.zone, first.hours, first.holidays, first.may_change], [1, 'Europe/Rome', week, [{ day: '2026-12-25', name: 'Natale', yearly: true }], false]);
  assert.equal(first.days.length, 14);
  const second = await ok(api(w.admin, 'PATCH', `/api/calendars/${id}`, { zone: 'Asia/Tokyo', version: 1 }));
  assert.deepEqual([second.version, second.zone, second.versions.map((v) => v.version)], [2, 'Asia/Tokyo', [2, 1]]);
  problem(await api(w.admin, 'PATCH', `/api/calendars/${id}`, { zone: 'UTC', version: 1 }), 409);
  assert.equal((await ok(api(w.agent, 'GET', `/api/calendars/${id}?version=1`))).zone, 'Europe/Rome', 'an older version is still there');
  await ok(api(w.admin, 'PATCH', `/api/calendars/${id}`, { archived: true }));
  const list = await ok(api(w.agent, 'GET', '/api/calendars'));
  assert.deepEqual(list.calendars.filter((c) => c.id === id).map((c) => [c.name, c.archived, c.version]), [['The office', true, 2]]);
  problem(await api(w.admin, 'GET', '/api/calendars/1'), 404);
  problem(await api(w.admin, 'GET', `/api/calendars/${id}?version=3`), 404);
  problem(await api(w.admin, 'PATCH', '/api/calendars/1', { name: 'x' }), 404);
});

test('S2: as many holidays as there may be', async () => {
  const { id } = await ok(make({ holidays: days(80) }), 201);
  assert.equal((await ok(api(w.agent, 'GET', `/api/calendars/${id}`))).holidays.length, 80);
});

test('S2: sent twice it is made once', async () => {
  const key = newKey();
  const a = await ok(make({ name: 'Once' }, key), 201);
  assert.deepEqual(await ok(make({ name: 'Once' }, key), 201), a);
  assert.deepEqual(faults(await make({ name: 'Once' })), ['name taken']);
});

test('S2: what can not be is refused by the field that has it', async () => {
  const one = (...spans) => [spans, [], [], [], [], [], []];
  for (const [more, wanted] of [
    [{ zone: 'Europe/Atlantis' }, 'zone no_zone'], [{ zone: 'posix/Europe/Rome' }, 'zone no_zone'], [{ zone: '+02:00' }, 'zone no_zone'],
    [{ hours: one([480, 720], [700, 900]) }, 'hours overlap'], [{ hours: one([720, 480]) }, 'hours reversed'], [{ hours: one([480, 480]) }, 'hours reversed'],
    [{ hours: one() }, 'hours never_open'], [{ hours: one([0, 1441]) }, 'hours range'], [{ hours: [[]] }, 'hours type'], [{ hours: one(['8', '9']) }, 'hours type'],
    [{ hours: one(...Array.from({ length: 7 }, (_, i) => [i * 10, i * 10 + 5])) }, 'hours too_many'],
    [{ holidays: [{ day: '2026-02-30', name: 'x' }] }, 'holidays date'], [{ holidays: [{ day: '2026-02-03', name: '' }] }, 'holidays holiday_name'],
    [{ holidays: [{ day: '2026-02-03', name: 'x' }, { day: '2026-02-03', name: 'y' }] }, 'holidays twice'], [{ holidays: [5] }, 'holidays type'],
    [{ holidays: [{ day: '2026-02-03', to: '2026-02-02', name: 'x' }] }, 'holidays last_day'], [{ holidays: [{ day: '2026-02-03', to: '2026-08-02', name: 'x' }] }, 'holidays range_long'],
    [{ holidays: days(81) }, 'holidays too_many'],
    [{ name: '' }, 'name required'], [{ name: 'x'.repeat(81) }, 'name too_long'], [{ hours: undefined }, 'hours required'],
  ]) assert.deepEqual(faults(await make(more)), [wanted], JSON.stringify(more).slice(0, 80));
  problem(await make({ name: ' ' }), 422);
  problem(await api(w.agent, 'POST', '/api/calendars', { name: 'x', zone: 'UTC', hours: week }, { key: newKey() }), 403);
});

test('S2: a fortnight is counted before it is saved', async () => {
  const preview = (body) => api(w.agent, 'POST', '/api/calendars/preview', { zone: 'Europe/Rome', hours: [[[0, 1440]], [], [], [], [], [], [[0, 1440]]], ...body });
  const { days: told } = await ok(preview({ since: '2026-10-24', holidays: [{ day: '2020-11-01', name: 'Ognissanti', yearly: true }] }), 201);
  assert.deepEqual(told.filter((d) => d.seconds || d.holiday).map((d) => [d.day, d.seconds / 3600, d.holiday, d.set]),
    [['2026-10-25', 25, null, -60], ['2026-10-26', 24, null, null], ['2026-11-01', 0, 'Ognissanti', null], ['2026-11-02', 24, null, null]]);
  assert.deepEqual(faults(await preview({ since: '2026-10-32' })), ['since date']);
  assert.deepEqual(faults(await preview({ zone: 'Nowhere' })), ['zone no_zone']);
});
