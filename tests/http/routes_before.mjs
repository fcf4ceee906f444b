// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about what stands before a new ticket. As routes_people.mjs.
import assert from 'node:assert/strict';
import { psql } from '../lib/instance.mjs';

//                      out mem main part pupil vill agent admin alien stray lost forged chief
const reads = '401 200 200 200 200 200 200 200 401 401 404 - 200';
const written = (status, write) => `401 403 403 403 403 403 ${status} ${status} 401 401 404 ${write ? 403 : '-'} 403`;
export const expected = {
  'GET /kb/:id': '200 200 200 200 200 200 200 200 200 200 404 - 200',
  'GET /api/before': reads, 'GET /api/before/found': reads,
  'POST /api/articles/:id/solved': '401 201 201 201 201 201 201 201 401 401 404 403 201',
  'GET /agent/before': '303 403 403 403 403 403 200 200 303 303 404 - 403',
  'GET /api/signposts': written(200), 'POST /api/signposts': written(201, true), 'PATCH /api/signposts/:id': written(200, true), 'DELETE /api/signposts/:id': written(200, true),
  'GET /api/articles/:id': written(200), 'POST /api/articles': written(201, true), 'PATCH /api/articles/:id': written(200, true),
};

export const article = 11;
export const prepare = (w) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
  insert into app.signposts (tenant_id, id, kind, titles) values (${w.tenant}, 11, 'incident', '{"en": "Slow ${w.mark}"}');
  insert into app.articles (tenant_id, id, audience, published_at) values (${w.tenant}, 11, 1, now());
  insert into app.article_texts (tenant_id, article_id, language, title, source, html, words) values
    (${w.tenant}, 11, 'en', 'Oven ${w.mark}', 'Help', '<p>Help</p>', ' oven help '); commit`);

const titles = { en: 'X' };
const send = (json) => () => ({ json, id: 11 });
let more = 100;
const another = async (w) => {
  const id = more++;
  await psql('postgres', `insert into app.signposts (tenant_id, id, kind, titles) values (${w.tenant}, ${id}, 'first_aid', '{"en": "x"}')`);
  return { id };
};
export const made = {
  'GET /kb/:id': () => ({ id: 11 }), 'GET /api/articles/:id': () => ({ id: 11 }), 'DELETE /api/signposts/:id': another,
  'GET /api/before/found': () => ({ query: '?q=oven' }),
  'POST /api/articles/:id/solved': send({}),
  'POST /api/signposts': send({ kind: 'first_aid', titles }), 'PATCH /api/signposts/:id': send({ titles }),
  'POST /api/articles': send({ language: 'en', title: 'Another', body: '**x**', audience: 'public', published: true }),
  'PATCH /api/articles/:id': send({ language: 'de', title: 'Ofen', body: 'x', audience: 'public', published: true }),
};
export const found = {
  'GET /kb/:id': (a) => assert.match(a.text, /<p>Help<\/p>/),
  'GET /api/before': (a) => assert.ok(Array.isArray(a.json.signposts)),
  'GET /api/before/found': (a) => assert.ok(a.json.articles.some((x) => x.id === article)),
  'POST /api/articles/:id/solved': (a) => assert.equal(a.json.id, article),
  'GET /agent/before': (a) => assert.match(a.text, /"signposts":\[/),
  'GET /api/signposts': (a) => assert.ok(a.json.articles.length),
  'POST /api/signposts': (a) => assert.ok(a.json.signposts.some((s) => s.kind === 'first_aid')),
  'PATCH /api/signposts/:id': (a) => assert.deepEqual(a.json.signposts.find((s) => s.id === 11).titles, titles),
  'DELETE /api/signposts/:id': (a) => assert.equal(a.json.signposts.some((s) => s.id === more - 1), false),
  'GET /api/articles/:id': (a) => assert.equal(a.json.texts.en.body, 'Help'),
  'POST /api/articles': (a) => assert.ok(a.json.articles.some((x) => x.titles.en === 'Another')),
  'PATCH /api/articles/:id': (a) => assert.equal(a.json.articles.find((x) => x.id === article).titles.de, 'Ofen'),
};
