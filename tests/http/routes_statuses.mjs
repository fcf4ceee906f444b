// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about the tenant's own statuses. As routes_people.mjs.
import assert from 'node:assert/strict';

//                           out mem main part pupil vill agent admin alien stray lost forged chief
const kept = (write) => `401 403 403 403 403 403 403 200 401 401 404 ${write ? 403 : '-'} 403`;
export const expected = {
  'GET /agent/statuses': '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /api/statuses': kept(), 'PATCH /api/statuses/:status': kept(true),
  'PATCH /api/transitions/:role': kept(true), 'DELETE /api/transitions/:role': kept(true),
};

const all = ['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'];
const moves = Object.fromEntries(all.map((from) => [from, all.filter((to) => to !== from)]));
export const inPath = (path) => path.replace(':status', 'on_hold').replace('transitions/:role', 'transitions/agent');
export const made = {
  'PATCH /api/statuses/:status': () => ({ json: { agents: { sv: 'Vilar' } } }),
  'PATCH /api/transitions/:role': () => ({ json: { moves } }),
};
export const found = {
  'GET /agent/statuses': (a) => assert.match(a.text, /"statuses":\{/),
  'GET /api/statuses': (a) => assert.ok(a.json.languages.includes('sv')),
  'PATCH /api/statuses/:status': (a) => assert.deepEqual(a.json.statuses.on_hold.agents, { sv: 'Vilar' }),
  'PATCH /api/transitions/:role': (a) => assert.deepEqual(a.json.moves.agent.new.toSorted(), moves.new.toSorted()),
  'DELETE /api/transitions/:role': (a) => assert.equal(a.json.moves.agent, null),
};
