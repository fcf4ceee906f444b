// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about reports. As routes_people.mjs.
import assert from 'node:assert/strict';

//                              out mem main part pupil vill agent admin alien stray lost forged chief
export const expected = {
  'GET /reports': '303 403 200 200 403 403 200 200 303 303 404 - 200',
  'GET /agent/reports': '303 403 403 403 403 403 200 200 303 303 404 - 403',
  'GET /api/reports': '401 403 200 200 403 403 200 200 401 401 404 - 200',
  'GET /api/reports.csv': '401 403 200 200 403 403 200 200 401 401 404 - 200',
};
const reads = (a) => assert.match(a.text, /"opened" ?: ?\[/);
export const found = () => ({
  'GET /reports': (a) => assert.match(a.text, /&quot;opened&quot;|"opened"/),
  'GET /agent/reports': (a) => assert.match(a.text, /&quot;opened&quot;|"opened"/),
  'GET /api/reports': reads,
  'GET /api/reports.csv': (a) => assert.match(a.text, /Opened/),
});
