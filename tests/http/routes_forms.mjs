// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about forms. As routes_people.mjs.
import assert from 'node:assert/strict';
import { psql } from '../lib/instance.mjs';

const kept = (status, write) => `401 403 403 403 403 403 403 ${status} 401 401 404 ${write ? 403 : '-'} 403`;
export const expected = {
  'GET /api/forms': '401 200 200 200 200 200 200 200 401 401 404 - 200',
  'GET /api/members': '401 200 200 200 200 200 200 200 401 401 404 - 200',
  'PATCH /api/tickets/:number/fields': '401 200 200 200 404 404 200 200 401 401 404 403 200',
  'GET /agent/forms': '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /api/fields': kept(200), 'POST /api/fields': kept(201, true), 'PATCH /api/fields/:field': kept(200, true),
  'PATCH /api/fields/:field/policy': kept(200, true), 'POST /api/types': kept(201, true), 'POST /api/types/ready': kept(201, true), 'PATCH /api/types/:type': kept(200, true),
  'POST /api/types/:type/fields': kept(201, true), 'DELETE /api/types/:type/fields/:field': kept(200, true),
};

// A type with a field, before tickets are opened.
export const prepare = (w) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
  insert into app.fields (tenant_id, key, kind, labels, options) values
    (${w.tenant}, 'colour', 'one_of', '{"en": "Colour"}', '[{"key": "red", "labels": {"en": "Red"}}]'), (${w.tenant}, 'line', 'text', '{"en": "Line"}', '[]');
  insert into app.ticket_types (tenant_id, key, labels) values (${w.tenant}, 'report', '{"en": "Report"}');
  insert into app.type_fields (tenant_id, type, field) values (${w.tenant}, 'report', 'colour'); commit`);
export const inPath = (path) => path.replace(':type', 'report').replace(':field', 'colour');

const labels = { en: 'X' };
const send = (json) => () => ({ json });
export const made = {
  'PATCH /api/tickets/:number/fields': send({ fields: { colour: 'red' } }),
  'GET /api/members': async () => ({ query: '?q=a' }),
  'POST /api/fields': send({ key: 'more', kind: 'yes_no', labels }), 'PATCH /api/fields/:field': send({ labels }),
  'PATCH /api/fields/:field/policy': send({ role: 'main_user', access: 'view', required: false }),
  'POST /api/types': send({ key: 'wish', labels }), 'POST /api/types/ready': send({}), 'PATCH /api/types/:type': send({ help: { en: 'What is broken.' } }),
  'POST /api/types/:type/fields': send({ field: 'line', required: false, weight: 3 }),
};
const type = (a, key) => a.json.types.find((t) => t.key === key);
const field = (a, key) => a.json.fields.find((f) => f.key === key);
export const found = {
  'GET /api/forms': (a, who) => assert.deepEqual(a.json.types.map((t) => t.fields.map((f) => f.key)), ['agent', 'admin'].includes(who) ? [] : [['colour']]),
  // Nothing asks for a person there.
  'GET /api/members': (a) => assert.deepEqual(a.json.items, []),
  'PATCH /api/tickets/:number/fields': (a) => assert.equal(field(a, 'colour').value, 'red'),
  'GET /agent/forms': (a) => assert.match(a.text, /"key":"colour"/),
  'GET /api/fields': (a) => assert.equal(field(a, 'colour').used, 1),
  'POST /api/fields': (a) => assert.equal(field(a, 'more').kind, 'yes_no'),
  'PATCH /api/fields/:field': (a) => assert.equal(field(a, 'colour').labels.en, 'X'),
  'PATCH /api/fields/:field/policy': (a) => assert.deepEqual(a.json.policies.map((p) => [p.field, p.role, p.access]), [['colour', 'main_user', 'view']]),
  'POST /api/types': (a) => assert.equal(type(a, 'wish').is_problem, true),
  'POST /api/types/ready': (a) => assert.ok(type(a, 'problem_report').fields.length > 15),
  'PATCH /api/types/:type': (a) => assert.equal(type(a, 'report').help.en, 'What is broken.'),
  'POST /api/types/:type/fields': (a) => assert.deepEqual(type(a, 'report').fields.map((f) => [f.field, f.weight]), [['colour', 1], ['line', 3]]),
  'DELETE /api/types/:type/fields/:field': (a) => assert.deepEqual(type(a, 'report').fields.map((f) => f.field), ['line']),
};
