// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What happened to a ticket between its messages, as the desk and as customers read it.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newKey, problem } from '../lib/http.mjs';
import { psql } from '../lib/instance.mjs';
import { api, makeWorld } from './world.mjs';

let w, number;
before(async () => {
  w = await makeWorld({ only: ['member', 'second', 'main', 'agent', 'admin'] });
  number = (await api(w.member, 'POST', '/api/tickets', { title: 'Oven', description: 'x' }, { key: newKey() })).json.number;
});
const change = async (body) => assert.equal((await api(w.agent, 'PATCH', `/api/tickets/${number}`, body)).status, 200);
const read = async (who) => (await api(w[who], 'GET', `/api/tickets/${number}/history`)).json;
/** Without when and which. */
const lines = async (who) => (await read(who)).lines.map(({ id, at, ...l }) => {
  assert.ok(id > 0 && !Number.isNaN(Date.parse(at)));
  return l;
});

test('W1: the desk reads who did what, customers how the status went', async () => {
  assert.deepEqual(await lines('agent'), []);
  const who = w.agent.person.id;
  await change({ assignee: who, status: 'in_progress' });
  await change({ priority: 'high', reason: 'A whole school' });
  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'Known.' });
  await change({ status: 'solved' });
  assert.equal((await api(w.member, 'POST', `/api/tickets/${number}/rating`, { score: 4 })).status, 201);
  assert.deepEqual(await lines('agent'), [
    { who, kind: 'changed', status: ['new', 'in_progress'], assignee: [null, who] },
    { who, kind: 'changed', priority: [null, 'high'] },
    { who, kind: 'reasoned', reason: 'A whole school' },
    { who, kind: 'changed', status: ['in_progress', 'solved'] },
    { who: w.member.person.id, kind: 'rated', score: 4 },
  ]);
  assert.deepEqual(await lines('member'), [
    { who, kind: 'changed', status: ['new', 'in_progress'] },
    { who, kind: 'changed', status: ['in_progress', 'solved'] },
  ]);
  assert.equal((await read('member')).people[who].name, `Agent ${w.mark}`);
  problem(await api(w.second, 'GET', `/api/tickets/${number}/history`), 404);
});

test('V3: a field that is hidden from somebody is in no line of theirs', async () => {
  const hide = (field, role, access) => api(w.admin, 'PATCH', `/api/fields/${field}/policy`, { role, access });
  for (const [field, role] of [['status', 'member'], ['priority', 'agent']]) assert.equal((await hide(field, role, 'hidden')).status, 200);
  assert.deepEqual(await lines('member'), []);
  const desk = await lines('agent');
  assert.deepEqual(desk.filter((l) => l.priority || l.reason), []);
  assert.equal(desk.filter((l) => l.status).length, 2);
});

test('the newest three hundred lines, whatever else was recorded', async () => {
  await psql('postgres', `insert into app.events (tenant_id, kind, ticket_id, data) select ${w.tenant}, 'ticket.changed', ${number}, '{"status": ["new", "blocked"]}' from generate_series(1, 310)`);
  const all = (await read('agent')).lines;
  assert.equal(all.length, 300);
  assert.deepEqual([all.at(-1).who, all.at(-1).status], [null, ['new', 'blocked']]);
});
