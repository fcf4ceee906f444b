// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about lists. As routes_people.mjs.
import assert from 'node:assert/strict';

//            out mem main part pupil vill agent admin alien stray lost forged chief
const everybody = '401 200 200 200 200 200 200 200 401 401 404 - 200';
const desk = '401 403 403 403 403 403 200 200 401 401 404 - 403';
export const expected = {
  'GET /api/tickets.csv': everybody,
  'GET /api/inbox.csv': everybody,
  'GET /api/accounts.csv': everybody,
  'GET /api/people.csv': '401 403 403 403 403 403 403 200 401 401 404 - 200',
  'GET /api/queue.csv': desk,
  'GET /api/lists/counts': everybody,
  'GET /api/lists/filters': everybody,
  'GET /api/inbox/counts': everybody,
  'GET /api/queue/counts': desk,
  'GET /api/queue/filters': desk,
  'GET /api/presence': desk,
  'POST /api/lists/seen': '401 204 204 204 204 204 204 204 401 401 404 403 204',
  'POST /api/tickets/:number/seen': '401 201 201 201 404 404 201 201 401 401 404 403 201',
  'DELETE /api/tickets/:number/seen': '401 403 403 403 403 403 200 200 401 401 404 403 403',
  'GET /api/views': everybody,
  'POST /api/views': '401 201 201 201 201 201 201 201 401 401 404 403 201',
  // One's own alone.
  'PATCH /api/views/:id': '401 200 404 404 404 404 404 404 401 401 404 403 404',
  'DELETE /api/views/:id': '401 200 404 404 404 404 404 404 401 401 404 403 404',
};

const boiler = (w) => new RegExp(`^\\d+,Boiler ${w.mark},[^,]+,`, 'm');
export const found = (w, sees) => ({
  'GET /api/tickets.csv': (a, who) => {
    assert.match(a.headers['content-type'], /^text\/csv; charset=utf-8/);
    assert.equal(boiler(w()).test(a.text), sees.has(who));
  },
  'GET /api/inbox.csv': (a, who) => assert.equal(boiler(w()).test(a.text), who === 'partner'),
  'GET /api/accounts.csv': (a, who) => assert.equal(a.text.includes(`Town ${w().mark}`), ['partner', 'admin'].includes(who)),
  'GET /api/people.csv': (a, who) => assert.ok(a.text.includes(`${who === 'chief' ? 'Member' : 'Agent'} ${w().mark},`)),
  'GET /api/queue.csv': (a) => assert.match(a.text, boiler(w())),
  'GET /api/lists/counts': (a, who) => assert.equal('organisation' in a.json.lists, ['main', 'chief', 'partner'].includes(who)),
  'GET /api/lists/filters': (a, who) => assert.equal(a.json.requesters.includes(w().people.member.id), sees.has(who) || who === 'pupil'),
  'GET /api/inbox/counts': (a, who) => { assert.equal(a.json.lists.partner.n > 0, who === 'partner'); assert.deepEqual(a.json.groups.all, a.json.lists.partner); },
  'GET /api/queue/counts': (a) => { assert.ok(a.json.views.open.n > 0); assert.deepEqual(a.json.views.unread, a.json.unread); },
  'GET /api/queue/filters': (a) => assert.ok(a.json.requesters.includes(w().people.member.id)),
  'POST /api/lists/seen': (a) => assert.equal(a.text, ''),
  'POST /api/tickets/:number/seen': (a) => assert.deepEqual(Object.keys(a.json), ['before']),
  'GET /api/presence': (a) => assert.equal(typeof a.json.here, 'object'),
  'DELETE /api/tickets/:number/seen': (a) => assert.equal(typeof a.json.unread, 'boolean'),
  'GET /api/views': (a) => assert.ok(Array.isArray(a.json.items)),
  'POST /api/views': (a) => assert.ok(a.json.items.some((v) => v.name === 'Open ones' && v.query === 'group=open')),
  'PATCH /api/views/:id': (a) => assert.ok(a.json.items.some((v) => v.name === 'Named anew')),
  'DELETE /api/views/:id': (a) => assert.ok(Array.isArray(a.json.items)),
});

export const made = {
  'GET /api/views': async () => ({ query: '?place=tickets' }),
  'POST /api/lists/seen': async () => ({ json: {} }),
  'POST /api/tickets/:number/seen': async () => ({ json: { at: '2026-01-01T00:00:00.123456+00:00' } }),
  'POST /api/views': async () => ({ json: { place: 'tickets', name: 'Open ones', query: 'group=open' } }),
  'PATCH /api/views/:id': async () => ({ json: { name: 'Named anew' } }),
};
export async function prepare(w, ids, api) {
  for (const name of ['PATCH /api/views/:id', 'DELETE /api/views/:id']) {
    ids[name] = (await api(w.member, 'POST', '/api/views', { place: 'tickets', name, query: '' })).json.items.at(-1).id;
  }
}
