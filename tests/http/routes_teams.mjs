// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about teams, who is out of office, and links that agents make. As routes_people.mjs.
import assert from 'node:assert/strict';

//            out mem main part pupil vill agent admin alien stray lost forged chief
export const expected = {
  'GET /agent/teams': '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /api/teams': '401 403 403 403 403 403 403 200 401 401 404 - 403',
  'POST /api/teams': '401 403 403 403 403 403 403 201 401 401 404 403 403',
  'PATCH /api/teams/:id': '401 403 403 403 403 403 403 200 401 401 404 403 403',
  'GET /agent/away': '303 403 403 403 403 403 200 200 303 303 404 - 403',
  'GET /api/me/absence': '401 403 403 403 403 403 200 200 401 401 404 - 403',
  'PATCH /api/me/absence': '401 403 403 403 403 403 200 200 401 401 404 403 403',
  'DELETE /api/me/absence': '401 403 403 403 403 403 200 200 401 401 404 403 403',
  'POST /api/tickets/:number/links': '401 403 403 403 403 403 201 201 401 401 404 403 403',
  // Who comes second finds it done.
  'DELETE /api/tickets/:number/links/:to': '401 403 403 403 403 403 200 404 401 401 404 403 403',
  'DELETE /api/tickets/:number/merging': '401 403 403 403 403 403 200 422 401 401 404 403 403',
};
const line = { name: 'First line', turns: 'off', types: [], rest: false, members: [] };
const later = (days) => new Date(Date.now() + days * 864e5).toISOString().slice(0, 16);
export const made = {
  'POST /api/teams': async () => ({ json: line }),
  'PATCH /api/teams/:id': async () => ({ json: { ...line, name: 'Named anew', archived: false } }),
  // To come: nobody is away while others are asked.
  'POST /api/tickets/:number/links': async (w) => ({ json: { kind: 'blocks', to: w.linked } }),
  'DELETE /api/tickets/:number/links/:to': async () => ({ query: '?kind=blocks' }),
  'PATCH /api/me/absence': async () => ({ json: { begins: later(10), ends: later(12) } }),
};
export const found = () => ({
  'GET /agent/teams': (a) => assert.match(a.text, /"most":\{"teams":200/),
  'GET /api/teams': (a) => assert.ok(Array.isArray(a.json.items)),
  'POST /api/teams': (a) => assert.ok(a.json.items.some((g) => g.name === 'First line')),
  'PATCH /api/teams/:id': (a) => assert.ok(a.json.items.some((g) => g.name === 'Named anew')),
  'GET /agent/away': (a) => assert.match(a.text, /"covers":\[/),
  'GET /api/me/absence': (a) => assert.ok(a.json.zone),
  'PATCH /api/me/absence': (a) => assert.equal(a.json.absence.now, false),
  'DELETE /api/me/absence': (a) => assert.equal(a.json.absence, null),
  'POST /api/tickets/:number/links': (a) => assert.equal(a.json[0].kind, 'blocks'),
  'DELETE /api/tickets/:number/links/:to': (a) => assert.deepEqual(a.json, []),
  'DELETE /api/tickets/:number/merging': (a) => assert.ok(a.json.number > 0),
});
export async function prepare(w, ids, api) {
  ids['PATCH /api/teams/:id'] = (await api(w.admin, 'POST', '/api/teams', { ...line, name: 'Another' })).json.items.find((g) => g.name === 'Another').id;
}
const other = async (w, api) => (await api(w.member, 'POST', '/api/tickets', { title: 'The other one', description: 'x' })).json.number;
let unlinked;
export const inPath = (path) => path.replace('links/:to', `links/${unlinked}`);
export const own = {
  'POST /api/tickets/:number/links': async (w, number, api) => {
    w.linked = await other(w, api);
    return { status: 200 };
  },
  'DELETE /api/tickets/:number/links/:to': async (w, number, api) => api(w.agent, 'POST', `/api/tickets/${number}/links`, { kind: 'blocks', to: unlinked = await other(w, api) }),
  'DELETE /api/tickets/:number/merging': async (w, number, api) => api(w.agent, 'POST', `/api/tickets/${number}/merging`, { into: await other(w, api), people: [] }),
};
