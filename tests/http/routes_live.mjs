// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about who has a ticket before them. As
// routes_people.mjs.
import assert from 'node:assert/strict';

//            out mem main part pupil vill agent admin alien stray lost forged chief
export const expected = {
  'POST /api/tickets/:number/presence': '401 403 403 403 403 403 201 201 401 401 404 403 403',
  'POST /api/tickets/:number/taking': '401 403 403 403 403 403 201 201 401 401 404 403 403',
};

export const found = {
  'POST /api/tickets/:number/presence': (a) => assert.ok(a.json.here.every((o) => Object.keys(o).join() === 'id,name,types')),
  // Where the tenant does not want it, nobody takes anything.
  'POST /api/tickets/:number/taking': (a) => assert.equal(a.json.taken, false),
};

// What each is asked with.
export const made = {
  'POST /api/tickets/:number/presence': async () => ({ json: { how: 'reads' } }),
  'POST /api/tickets/:number/taking': async () => ({ json: {} }),
};
