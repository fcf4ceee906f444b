// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about the agents' workspace. As routes_people.mjs.
import assert from 'node:assert/strict';
import { psql } from '../lib/instance.mjs';

//            out mem main part pupil vill agent admin alien stray lost forged chief
const desk = '401 403 403 403 403 403 200 200 401 401 404 - 403';
export const expected = {
  'GET /agent/macros': '303 403 403 403 403 403 200 200 303 303 404 - 403',
  'GET /api/macros': desk,
  'GET /api/tickets/:number/requester': desk,
  'GET /api/tickets/:number/hears': desk,
  'POST /api/macros': '401 403 403 403 403 403 201 201 401 401 404 403 403',
  // One's own alone, and the team's are the administrators' to keep.
  'PATCH /api/macros/:id': '401 403 403 403 403 403 200 404 401 401 404 403 403',
  'DELETE /api/macros/:id': '401 403 403 403 403 403 200 404 401 401 404 403 403',
  'PATCH /api/me/hold': desk.replace('-', '403'),
  'POST /api/tickets/:number/snooze': '401 403 403 403 403 403 201 201 401 401 404 403 403',
  'DELETE /api/tickets/:number/snooze': desk.replace('-', '403'),
  // What one sent oneself; in the end it is out.
  'GET /api/held': desk,
  'DELETE /api/held/:id': '401 403 403 403 403 403 200 404 401 401 404 403 403',
  'GET /api/tickets/:number/macros/:id': '401 403 403 403 403 403 200 404 401 401 404 - 403',
};
const hello = { name: 'Hello', team: false, texts: { en: 'Dear {requester.name}' }, change: {} };
export const made = {
  'GET /api/tickets/:number/hears': async () => ({ query: '?act=replied' }),
  'POST /api/tickets/:number/snooze': async () => ({ json: { until: new Date(Date.now() + 3_600_000).toISOString() } }),
  'PATCH /api/me/hold': async () => ({ json: { seconds: 5 } }),
  'POST /api/macros': async () => ({ json: hello }),
  'PATCH /api/macros/:id': async () => ({ json: { ...hello, name: 'Named anew' } }),
};
export const found = (w) => ({
  'PATCH /api/me/hold': (a) => assert.equal(a.json.hold, 5),
  'POST /api/tickets/:number/snooze': (a) => assert.ok(a.json.until),
  'DELETE /api/tickets/:number/snooze': (a) => assert.equal(a.json.until, null),
  'GET /api/held': (a, who) => assert.equal(a.json.items.length > 0, who === 'agent'),
  'DELETE /api/held/:id': (a) => assert.equal(a.json.body, 'Not out'),
  'GET /agent/macros': (a) => assert.match(a.text, /"placeholders":\[/),
  'GET /api/tickets/:number/hears': (a) => assert.ok(Array.isArray(a.json.named) && a.json.others >= 0),
  'GET /api/tickets/:number/requester': (a) => assert.ok(Array.isArray(a.json.tickets) && Array.isArray(a.json.others)),
  'GET /api/macros': (a, who) => assert.equal(a.json.team, who === 'admin'),
  'POST /api/macros': (a) => assert.ok(a.json.items.some((m) => m.name === 'Hello' && m.own)),
  'PATCH /api/macros/:id': (a) => assert.ok(a.json.items.some((m) => m.name === 'Named anew')),
  'DELETE /api/macros/:id': (a) => assert.ok(Array.isArray(a.json.items)),
  'GET /api/tickets/:number/macros/:id': (a) => assert.equal(a.json.body, `Dear ${w().people.member.name}`),
});
// Two numbers in one path: the macro's is put in here.
let filled;
export const inPath = (path) => path.replace(':number/macros/:id', `:number/macros/${filled}`);
export async function prepare(w, ids, api) {
  for (const name of ['PATCH /api/macros/:id', 'DELETE /api/macros/:id', 'fill']) {
    filled = ids[name] = (await api(w.agent, 'POST', '/api/macros', { ...hello, name })).json.items.find((m) => m.name === name).id;
  }
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: `Held ${w.mark}`, description: 'x' })).json;
  for (const body of ['Not out', 'Nor this']) {
    const sent = await api(w.agent, 'POST', `/api/tickets/${number}/notes`, { body, hold: 30 });
    ids['DELETE /api/held/:id'] ??= sent.json.held.id;
  }
  await psql('postgres', `update app.held_comments set out_at = now() + interval '1 hour' where tenant_id = ${w.tenant}`);
}
