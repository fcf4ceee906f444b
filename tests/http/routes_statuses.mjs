// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about the tenant's own statuses, and about releases. As
// routes_people.mjs.
import assert from 'node:assert/strict';
import { psql } from '../lib/instance.mjs';

//                           out mem main part pupil vill agent admin alien stray lost forged chief
const kept = (write) => `401 403 403 403 403 403 403 200 401 401 404 ${write ? 403 : '-'} 403`;
const staffs = (status, write) => `401 403 403 403 403 403 ${status} ${status} 401 401 404 ${write ? 403 : '-'} 403`;
const admins = (status) => `401 403 403 403 403 403 403 ${status} 401 401 404 403 403`;
const page = '303 403 403 403 403 403 200 200 303 303 404 - 403';
export const expected = {
  'GET /agent/releases': page, 'GET /agent/releases/items': page, 'GET /agent/releases/items/:id': page,
  'GET /api/items': staffs(200), 'POST /api/items': staffs(201, true), 'GET /api/items/:id': staffs(200), 'PATCH /api/items/:id': staffs(200, true),
  'GET /api/releases': staffs(200), 'POST /api/releases': admins(201), 'PATCH /api/releases/:id': admins(200), 'DELETE /api/releases/:id': admins(200),
  'POST /api/releases/:id/publication': admins(201),
  'POST /api/tickets/:number/fixed': '401 201 201 403 404 404 403 403 401 401 404 403 201',
  'GET /agent/statuses': '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /api/statuses': kept(), 'PATCH /api/statuses/:status': kept(true),
  'PATCH /api/transitions/:role': kept(true), 'DELETE /api/transitions/:role': kept(true),
};

const all = ['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'];
const moves = Object.fromEntries(all.map((from) => [from, all.filter((to) => to !== from)]));
export const inPath = (path) => path.replace(':status', 'on_hold').replace('transitions/:role', 'transitions/agent');
const ours = (s, w) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false); ${s}; commit`);
export const prepare = (w) => ours(`insert into app.releases (tenant_id, id, name, said) values (${w.tenant}, 21, 'Release ${w.mark}', '{"en": {"source": "x", "html": "<p>x</p>"}}');
  insert into app.engineering_items (tenant_id, id, key, title, release_id) values (${w.tenant}, 21, 'ENG-21', 'Item ${w.mark}', 21)`, w);
let more = 100;
const another = async (w) => {
  const id = more++;
  await ours(`insert into app.releases (tenant_id, id, name, said) values (${w.tenant}, ${id}, 'Another ${id}', '{"en": {"source": "x", "html": "<p>x</p>"}}');
    insert into app.engineering_items (tenant_id, id, key, title, release_id) values (${w.tenant}, ${id}, 'ENG-${id}', 'x', ${id})`, w);
  return { id };
};
const one = () => ({ id: 21 });
export const made = {
  'GET /agent/releases/items/:id': one, 'GET /api/items/:id': one, 'PATCH /api/items/:id': () => ({ id: 21, json: { state: 'open' } }),
  'POST /api/items': () => ({ json: { key: `ENG-${more++}`, title: 'Another' } }),
  'POST /api/releases': () => ({ json: { name: `New ${more++}`, notes: {}, items: [] } }),
  'PATCH /api/releases/:id': async (w) => ({ ...await another(w), json: { name: `Changed ${more++}`, notes: { en: 'x' }, items: [] } }),
  'DELETE /api/releases/:id': another,
  'POST /api/releases/:id/publication': async (w) => ({ ...await another(w), json: {} }),
  'POST /api/tickets/:number/fixed': async (w) => {
    // Asked anew each time.
    await ours(`update app.ticket_items set fixed = null, answered_by = null where tenant_id = ${w.tenant}; update app.tickets set status = 7 where tenant_id = ${w.tenant} and id = ${w.asked}`, w);
    return { json: { fixed: true } };
  },
  'PATCH /api/statuses/:status': () => ({ json: { agents: { sv: 'Vilar' } } }),
  'PATCH /api/transitions/:role': () => ({ json: { moves } }),
};
export const own = {
  'POST /api/tickets/:number/fixed': async (w, number, api) => {
    w.asked = number;
    const answer = await api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'closed_escalated', item: 21 });
    await ours(`update app.ticket_items set told_at = now(), comment_id = 1 where tenant_id = ${w.tenant}`, w);
    return answer;
  },
};
export const found = {
  'GET /agent/releases': (a) => assert.match(a.text, /"releases":\[/),
  'GET /agent/releases/items': (a) => assert.match(a.text, /"key":"ENG-21"/),
  'GET /agent/releases/items/:id': (a) => assert.match(a.text, /"key":"ENG-21"/),
  'GET /api/items': (a) => assert.ok(a.json.items.some((i) => i.key === 'ENG-21')),
  'POST /api/items': (a) => assert.equal(a.json.title, 'Another'),
  'GET /api/items/:id': (a) => assert.equal(a.json.item.key, 'ENG-21'),
  'PATCH /api/items/:id': (a) => assert.equal(a.json.state, 'open'),
  'GET /api/releases': (a) => assert.ok(a.json.releases.some((r) => r.items.some((i) => i.key === 'ENG-21'))),
  'POST /api/releases': (a) => assert.ok(a.json.releases.some((r) => r.id === a.json.made)),
  'PATCH /api/releases/:id': (a) => assert.ok(a.json.releases.some((r) => r.notes.en === 'x')),
  'DELETE /api/releases/:id': (a) => assert.equal(a.json.releases.some((r) => r.id === more - 1), false),
  'POST /api/releases/:id/publication': (a) => assert.ok(a.json.releases.find((r) => r.name === `Another ${more - 1}`).published_at),
  'POST /api/tickets/:number/fixed': (a) => assert.equal(a.json.status, 'closed'),
  'GET /agent/statuses': (a) => assert.match(a.text, /"statuses":\{/),
  'GET /api/statuses': (a) => assert.ok(a.json.languages.includes('sv')),
  'PATCH /api/statuses/:status': (a) => assert.deepEqual(a.json.statuses.on_hold.agents, { sv: 'Vilar' }),
  'PATCH /api/transitions/:role': (a) => assert.deepEqual(a.json.moves.agent.new.toSorted(), moves.new.toSorted()),
  'DELETE /api/transitions/:role': (a) => assert.equal(a.json.moves.agent, null),
};
