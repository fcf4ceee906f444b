// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about who has to do with a ticket. As
// routes_people.mjs.
import assert from 'node:assert/strict';

//            out mem main part pupil vill agent admin alien stray lost forged chief
const seen = '401 200 200 200 404 404 200 200 401 401 404 - 200';
const does = '401 200 200 200 404 404 200 200 401 401 404 403 200';
const closes = '401 201 201 403 404 404 403 403 401 401 404 403 201';
export const expected = {
  'GET /api/tickets/:number/people': seen,
  'GET /api/tickets/:number/losing': seen,
  'GET /api/tickets/:number/readers': seen,
  'GET /api/tickets/:number/mentionable': seen,
  'PATCH /api/tickets/:number/following': does,
  'DELETE /api/tickets/:number/people/:person': does,
  'DELETE /api/tickets/:number/followers/:person': does,
  // Of a ticket that all of Town sees: the pupil too.
  'POST /api/tickets/:number/accounts': '401 201 201 403 201 404 403 403 401 401 404 403 201',
  'DELETE /api/tickets/:number/accounts/:account': does,
  'POST /api/tickets/:number/closing': closes,
  'POST /api/tickets/:number/reopening': closes,
  'POST /api/tickets/:number/rating': closes,
};

export const found = {
  'GET /api/tickets/:number/people': (a, who) => {
    assert.deepEqual(a.json.lists.followers.filter((f) => f.level === 'none'), []);
    // What an account's support contacts are is its own business, and its partner's.
    assert.equal(a.json.contacts.length > 0, who !== 'agent');
  },
  'GET /api/tickets/:number/losing': (a) => assert.deepEqual([a.json.count, a.json.me], [0, false]),
  'GET /api/tickets/:number/readers': (a, who) => {
    const sides = new Set(a.json.items.map((i) => i.side));
    const mine = { partner: 'partner', agent: 'desk', admin: 'desk' }[who] ?? 'account';
    assert.ok(sides.has(mine), [...sides].join());
    assert.deepEqual(new Set(a.json.others.map((o) => o.side)), new Set(['account', 'desk', 'partner'].filter((s) => s !== mine)));
  },
  'GET /api/tickets/:number/mentionable': (a, who, s) => assert.ok(a.json.items.length && a.json.items.every((i) => i.id !== s.person.id)),
  'PATCH /api/tickets/:number/following': (a) => assert.equal(a.json.mine, 'replies'),
  'DELETE /api/tickets/:number/people/:person': (a, who, s) => assert.ok(a.json.shared.length === 1 && s),
  'DELETE /api/tickets/:number/followers/:person': (a) => assert.ok(Array.isArray(a.json.followers)),
  'POST /api/tickets/:number/accounts': (a) => assert.equal(typeof a.json.account.name, 'string'),
  'POST /api/tickets/:number/closing': (a) => assert.equal(a.json.status, 'closed'),
  'POST /api/tickets/:number/reopening': (a) => assert.equal(a.json.status, 'in_progress'),
  'POST /api/tickets/:number/rating': (a) => assert.equal(a.json.score, 4),
  'DELETE /api/tickets/:number/accounts/:account': (a) => assert.equal(a.json.account, null),
};

export const made = {
  'GET /api/tickets/:number/losing': async (w) => ({ query: `?person=${w.people.second.id}` }),
  'PATCH /api/tickets/:number/following': async () => ({ json: { level: 'replies' } }),
  'POST /api/tickets/:number/accounts': async (w) => ({ json: { account: w.id.town } }),
  'POST /api/tickets/:number/closing': async () => ({ json: {} }),
  'POST /api/tickets/:number/reopening': async () => ({ json: {} }),
  'POST /api/tickets/:number/rating': async () => ({ json: { score: 4, words: 'It drips no more.' } }),
};
// Who asks about a ticket of their own, and how that is made ready.
const solved = (w, number, api) => api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'solved' });
export const own = {
  'POST /api/tickets/:number/accounts': (w, number, api) => api(w.member, 'POST', `/api/tickets/${number}/accounts`, { account: w.id.town }),
  'POST /api/tickets/:number/closing': solved,
  'POST /api/tickets/:number/reopening': solved,
  'POST /api/tickets/:number/rating': solved,
};
