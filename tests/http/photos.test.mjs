// SPDX-License-Identifier: AGPL-3.0-or-later
//
// People's photos: made anew, shown with the name, seen by whoever is signed
// in and was told the address, gone at once.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql } from '../lib/instance.mjs';
import { png, sizeOf, svg } from '../lib/pictures.mjs';
import { api, get, makeWorld } from './world.mjs';

let w, other;
before(async () => { [w, other] = [await makeWorld(), await makeWorld({ only: ['member'] })]; });

const bring = (who, file) => api(who, 'POST', '/api/me/photo', file, { headers: { 'Content-Type': 'application/octet-stream' } });
const see = (who, url) => api(who, 'GET', url);
const kept = (tenant) => psql('postgres', `select count(*) from app.pictures where tenant_id = ${tenant} and person_id is not null`).then(Number);

test('P4: the middle of it, without what the file carried, beside the name', async () => {
  const made = await bring(w.member, png(900, 400, [9, 90, 160], { extra: 'made at 12 Elm Street' }));
  assert.equal(made.status, 201, made.text);
  const url = made.json.photo;
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: `Boiler ${w.mark}`, description: 'It drips.' })).json;
  assert.equal((await api(w.main, 'GET', `/api/tickets/${number}`)).json.people[w.people.member.id].photo, url);
  assert.ok(!('photo' in (await api(w.main, 'POST', `/api/tickets/${number}/comments`, { body: 'Yes.' })).json.people[w.people.main.id]), 'who has none');
  assert.match((await get(w.host.town, '/', { cookie: w.member.cookie })).text, new RegExp(`<img class="avatar"[^>]* src="${url}"`), 'in the menu');
  const row = (await api(w.chief, 'GET', '/api/people?q=member@')).json.items[0];
  assert.equal(row.photo, url, 'among the account\'s people');
  const file = await see(w.main, url);
  assert.equal(file.headers['content-type'], 'image/png');
  assert.equal(file.headers['cache-control'], 'private, max-age=31536000, immutable');
  assert.deepEqual(sizeOf(file.body), [192, 192]);
  assert.ok(!file.body.includes('Elm Street'));
});

test('nobody who is signed out or of another tenant sees it, and it is no picture of a portal', async () => {
  const { photo } = (await bring(w.member, png(40, 40))).json;
  problem(await get(w.host.town, photo), 401);
  problem(await see(other.member, photo), 404);
  const hash = photo.split('/').pop();
  problem(await get(w.host.town, `/picture/${hash}.png`), 404);
  problem(await api(w.chief, 'PATCH', '/api/look', { logo: hash }), 422);
  // The same file of another person has another address.
  assert.notEqual((await bring(w.second, png(40, 40))).json.photo, photo);
});

test('one at a time, and none any more', async () => {
  const first = (await bring(w.pupil, png(50, 60))).json.photo;
  const n = await kept(w.tenant);
  const second = (await bring(w.pupil, png(60, 50))).json.photo;
  assert.equal(await kept(w.tenant), n, 'in place of the one before');
  problem(await see(w.pupil, first), 404);
  assert.equal((await see(w.pupil, second)).status, 200);
  const gone = await api(w.pupil, 'DELETE', '/api/me/photo');
  assert.deepEqual([gone.status, gone.json.photo], [200, null]);
  problem(await see(w.pupil, second), 404);
  assert.equal(await kept(w.tenant), n - 1);
  assert.equal((await api(w.pupil, 'DELETE', '/api/me/photo')).status, 200, 'again is no mistake');
});

test('what is no photo is refused by name', async () => {
  const fault = async (file) => problem(await bring(w.villager, file), 422).errors.map((e) => `${e.field} ${e.code}`);
  assert.deepEqual(await fault(Buffer.from('hello')), ['file picture_type']);
  assert.deepEqual(await fault(svg('<g/>')), ['file picture_type'], 'a drawing is none');
  assert.deepEqual(await fault(png(50, 50).subarray(0, 60)), ['file picture_broken']);
  assert.deepEqual(await fault(png(15, 100)), ['file picture_size']);
  assert.deepEqual(await fault(png(16, 16, [0, 0, 0], { claims: [8000, 5000] })), ['file picture_size'], '40 megapixels');
  problem(await bring(w.villager, Buffer.alloc(512 * 1024 + 1)), 413, 'too-large');
  let last;
  for (let i = 0; i < 62; i++) last = await bring(w.villager, Buffer.from('no picture'));
  problem(last, 429, 'too-many');
});
