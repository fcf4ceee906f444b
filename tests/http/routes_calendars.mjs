// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about business calendars. As routes_people.mjs.
import assert from 'node:assert/strict';
import { newKey } from '../lib/http.mjs';
import { psql } from '../lib/instance.mjs';

//                      out mem main part pupil vill agent admin alien stray lost forged chief
const read = (status, write) => `401 403 403 403 403 403 ${status} ${status} 401 401 404 ${write ? 403 : '-'} 403`;
const written = (status) => `401 403 403 403 403 403 403 ${status} 401 401 404 403 403`;
const page = (agent) => `303 403 403 403 403 403 ${agent} 200 303 303 404 - 403`;
export const expected = {
  'GET /agent/calendars': page(200), 'GET /agent/calendars/:id': page(200), 'GET /agent/calendars/new': page(403),
  'GET /api/calendars': read(200), 'GET /api/calendars/:id': read(200), 'POST /api/calendars/preview': read(201, true),
  'POST /api/calendars': written(201), 'PATCH /api/calendars/:id': written(200), 'POST /api/calendars/:id/refresh': written(201),
};

const id = 12;
const hours = [[[540, 1080]], [], [], [], [], [], []];
export const prepare = (w) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
  insert into app.calendars (tenant_id, id, name, feed_url, feed_state) values (${w.tenant}, ${id}, 'Office ${w.mark}', 'https://127.0.0.1:1/', 2);
  select app.add_version(${id}, 1, 'Europe/Rome', '${JSON.stringify(hours)}', '[]', '[]', null); commit`);

const send = (json) => () => ({ json, id });
const mine = () => ({ id });
export const made = {
  'GET /agent/calendars/:id': mine, 'GET /api/calendars/:id': mine,
  'POST /api/calendars/preview': send({ zone: 'Asia/Tokyo', hours, since: '2026-03-02' }),
  'POST /api/calendars/:id/refresh': mine,
  'POST /api/calendars': () => ({ json: { name: `New ${newKey()}`.slice(0, 60), zone: 'UTC', hours } }),
  'PATCH /api/calendars/:id': send({ holidays: [{ day: '2026-12-25', name: 'Closed', yearly: true }] }),
};
export const found = {
  'GET /agent/calendars': (a) => assert.match(a.text, /"calendars":\[/), 'GET /agent/calendars/:id': (a) => assert.match(a.text, /"feed_days":/),
  'GET /agent/calendars/new': (a) => assert.match(a.text, /<script /),
  'GET /api/calendars': (a) => assert.ok(a.json.calendars.some((c) => c.id === id)),
  'GET /api/calendars/:id': (a) => assert.deepEqual(a.json.hours, hours),
  'POST /api/calendars/preview': (a) => assert.deepEqual(a.json.days.map((d) => d.seconds), [32400, 0, 0, 0, 0, 0, 0, 32400, 0, 0, 0, 0, 0, 0]),
  'POST /api/calendars/:id/refresh': (a) => assert.equal(a.json.feed.state, 'waiting'),
  'POST /api/calendars': (a) => assert.ok(a.json.id), 'PATCH /api/calendars/:id': (a) => assert.equal(a.json.holidays[0].name, 'Closed'),
};
