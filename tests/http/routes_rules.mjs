// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about rules. As routes_people.mjs.
import assert from 'node:assert/strict';
import { psql } from '../lib/instance.mjs';

//                           out mem main part pupil vill agent admin alien stray lost forged chief
const admins = (status, write) => `401 403 403 403 403 403 403 ${status} 401 401 404 ${write ? 403 : '-'} 403`;
const page = '303 403 403 403 403 403 403 200 303 303 404 - 403';
export const expected = {
  'GET /agent/rules': page, 'GET /agent/rules/new': page, 'GET /agent/rules/:id': page,
  'GET /api/rules': admins(200), 'POST /api/rules': admins(201, true), 'POST /api/rules/order': admins(201, true), 'POST /api/rules/replay': admins(201, true),
  'GET /api/rules/:id': admins(200), 'PATCH /api/rules/:id': admins(200, true), 'DELETE /api/rules/:id': admins(200, true), 'PATCH /api/rules/:id/state': admins(200, true),
  'GET /api/tickets/:number/rules': '401 403 403 403 403 403 200 200 401 401 404 - 403',
};

const rule = { when: { event: 'escalated' }, if: { field: 'title', has: ['nothing'] }, do: [{ level: 1 }] };
const ours = (s, w) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false); ${s}; commit`);
const insert = (id, w) => ours(`insert into app.rules (tenant_id, id, position, name, body, said) values (${w.tenant}, ${id}, ${id}, 'Rule ${w.mark}', '${JSON.stringify(rule)}', '[null]');
  insert into app.rule_versions (tenant_id, rule_id, version, name, body, author_id) values (${w.tenant}, ${id}, 1, 'Rule ${w.mark}', '${JSON.stringify(rule)}', ${w.people.admin.id})`, w);
export const prepare = (w) => insert(41, w);
let more = 500;
const another = async (w) => {
  const id = more++;
  await insert(id, w);
  return { id };
};
const one = () => ({ id: 41 });
export const made = {
  'GET /agent/rules/:id': one, 'GET /api/rules/:id': one,
  'POST /api/rules': () => ({ json: { name: 'Another', rule } }),
  'POST /api/rules/order': async (w) => ({ json: { ids: JSON.parse(await psql('postgres', `select json_agg(id order by id desc) from app.rules where tenant_id = ${w.tenant} and removed_at is null`)) } }),
  'POST /api/rules/replay': () => ({ json: { rule, days: 30 } }),
  'PATCH /api/rules/:id': async (w) => ({ ...await another(w), json: { name: 'Changed', rule, based: 1 } }),
  'DELETE /api/rules/:id': another,
  'PATCH /api/rules/:id/state': async (w) => ({ ...await another(w), json: { on: true } }),
};
export const found = {
  'GET /agent/rules': (a) => assert.match(a.text, /"rules":\[/),
  'GET /agent/rules/new': (a) => assert.match(a.text, /"rules":\[/),
  'GET /agent/rules/:id': (a) => assert.match(a.text, /"versions":\[/),
  'GET /api/rules': (a) => assert.ok(a.json.rules.some((r) => r.id === 41)),
  'POST /api/rules': (a) => assert.deepEqual([a.json.item.name, a.json.item.on], ['Another', false]),
  'POST /api/rules/order': (a) => assert.deepEqual(a.json.rules.map((r) => r.id), a.json.rules.map((r) => r.id).toSorted((x, y) => y - x)),
  'POST /api/rules/replay': (a) => assert.equal(a.json.whole, true),
  'GET /api/rules/:id': (a) => assert.equal(a.json.item.id, 41),
  'PATCH /api/rules/:id': (a) => assert.deepEqual(a.json.versions.map((v) => v.name.split(' ')[0]), ['Changed', 'Rule']),
  'DELETE /api/rules/:id': (a) => assert.equal(a.json.rules.some((r) => r.id === more - 1), false),
  'PATCH /api/rules/:id/state': (a) => assert.equal(a.json.rules.find((r) => r.id === more - 1).on, true),
  'GET /api/tickets/:number/rules': (a) => assert.deepEqual(a.json.runs, []),
};
