// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about tags, and changes of many tickets. As routes_people.mjs.
import assert from 'node:assert/strict';

//            out mem main part pupil vill agent admin alien stray lost forged chief
export const expected = {
  'GET /api/tags': '401 403 403 403 403 403 200 200 401 401 404 - 403',
  'GET /api/bulk': '401 403 403 403 403 403 200 200 401 401 404 - 403',
  'GET /api/bulk/matching': '401 403 403 403 403 403 200 200 401 401 404 - 403',
  // Made by each of these; and the agent's own alone.
  'POST /api/bulk': '401 403 403 403 403 403 201 201 401 401 404 403 403',
  'GET /api/bulk/:id': '401 403 403 403 403 403 200 404 401 401 404 - 403',
  'POST /api/bulk/:id/stop': '401 403 403 403 403 403 201 404 401 401 404 403 403',
  'POST /api/bulk/:id/undo': '401 403 403 403 403 403 201 404 401 401 404 403 403',
};
export const made = {
  'POST /api/bulk': async () => ({ json: { numbers: [999999], change: { priority: 'low' } } }),
};
const isJob = (a) => assert.ok(a.json.job.total > 0);
export const found = {
  'GET /api/tags': (a) => assert.equal(a.json.most, 20),
  'GET /api/bulk': (a) => assert.equal(a.json.most.numbers, 1000),
  'GET /api/bulk/matching': (a) => assert.ok(a.json.n > 0),
  'POST /api/bulk': isJob, 'GET /api/bulk/:id': isJob, 'POST /api/bulk/:id/stop': isJob, 'POST /api/bulk/:id/undo': isJob,
};
export async function prepare(w, ids, api, until) {
  for (const name of ['POST /api/bulk/:id/undo', 'POST /api/bulk/:id/stop', 'GET /api/bulk/:id']) {
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title: `${name} ${w.mark}`, description: 'x' })).json;
    ids[name] = (await api(w.agent, 'POST', '/api/bulk', { numbers: [number], change: { priority: 'low' } })).json.job.id;
    await until('it is done', async () => (await api(w.agent, 'GET', `/api/bulk/${ids[name]}`)).json.job.state === 'done');
  }
}
