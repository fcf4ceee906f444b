// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about the service level. As routes_people.mjs.
import assert from 'node:assert/strict';
import { api } from './world.mjs';

//                              out mem main part pupil vill agent admin alien stray lost forged chief
const admin = '401 403 403 403 403 403 403 200 401 401 404 - 403';
export const expected = {
  'GET /service-level': '303 200 200 200 200 200 200 200 303 303 404 - 200',
  'GET /api/service-level': '401 200 200 200 200 200 200 200 401 401 404 - 200',
  'GET /agent/service-level': '303 403 403 403 403 403 200 200 303 303 404 - 403',
  'GET /api/tickets/:number/clocks': '401 403 403 403 403 403 200 200 401 401 404 - 403',
  'GET /agent/service-levels': '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /api/service-levels': admin,
  'POST /api/service-levels': '401 403 403 403 403 403 403 201 401 401 404 403 403',
  'POST /api/service-levels/simulate': '401 403 403 403 403 403 403 201 401 401 404 403 403',
  'GET /api/accounts/:id/plan': admin,
  'PATCH /api/accounts/:id/plan': '401 403 403 403 403 403 403 200 401 401 404 403 403',
};

export const table = (mark) => ({
  shown: true, escalated_runs: false, warn: 60, priorities: { high: { definition: { en: `Many can’t work ${mark}` } } }, matrix: {},
  plans: [{ key: 'standard', names: { en: 'Standard' }, targets: { high: { first: 240, resolution: 1440 } } },
    { key: 'gold', names: { en: 'Gold' }, targets: { high: { first: 90 } } }],
});
export const prepare = async (w) => {
  const saved = await api(w.admin, 'POST', '/api/service-levels', { table: table(w.mark), based: 0 });
  assert.equal(saved.status, 201, saved.text);
};
export const made = {
  // The same again is no new version.
  'POST /api/service-levels': (w) => ({ json: { table: table(w.mark), based: 1 } }),
  'POST /api/service-levels/simulate': (w) => ({ json: { table: table(w.mark), days: 30 } }),
  'PATCH /api/accounts/:id/plan': () => ({ json: { plan: 'gold' } }),
};
const reads = (w) => (a) => assert.ok(a.text.includes(`can’t work ${w().mark}`));
export const found = (w) => ({
  'GET /service-level': reads(w),
  'GET /api/service-level': reads(w),
  'GET /agent/service-level': reads(w),
  'GET /api/tickets/:number/clocks': (a) => assert.ok(Array.isArray(a.json.lines)),
  'GET /agent/service-levels': reads(w),
  'GET /api/service-levels': (a) => assert.deepEqual([a.json.newest, a.json.versions.length], [1, 1]),
  'POST /api/service-levels': (a) => assert.equal(a.json.newest, 1),
  'POST /api/service-levels/simulate': (a) => assert.equal(a.json.worse, 0),
  'GET /api/accounts/:id/plan': (a) => assert.deepEqual(a.json.plans.map((p) => p.key), ['standard', 'gold']),
  'PATCH /api/accounts/:id/plan': (a) => assert.equal(a.json.plan, 'gold'),
});
