// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about tags, and changes of many tickets. As routes_people.mjs.
import assert from 'node:assert/strict';

//            out mem main part pupil vill agent admin alien stray lost forged chief
export const expected = {
  'GET /api/tags': '401 403 403 403 403 403 200 200 401 401 404 - 403',
};
export const found = {
  'GET /api/tags': (a) => assert.equal(a.json.most, 20),
};
