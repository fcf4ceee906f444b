// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two at once at one ticket, over the API: the second is told what the first made of a
// field; who begins to write has it, as far as the tenant wants that.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql } from '../lib/instance.mjs';
import { api, makeWorld } from './world.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent', 'admin'] }); });
const open = async (title) => (await api(w.member, 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'It is broken.' })).json.number;
const change = (who, number, body) => api(who, 'PATCH', `/api/tickets/${number}`, body);

test('W1: a change that somebody else was before is told what they made of it', async () => {
  const number = await open('Changed');
  assert.equal((await change(w.admin, number, { priority: 'high', was: { priority: null } })).json.ticket.priority, 'high');
  const met = await change(w.agent, number, { priority: 'low', status: 'in_progress', was: { priority: null, status: 'new' } });
  problem(met, 422, 'invalid');
  assert.equal(met.json.errors.length, 1);
  const { who, ...fault } = met.json.errors[0];
  assert.deepEqual(fault, { field: 'priority', code: 'changed', now: 'high' });
  assert.deepEqual([who.by, who.name], [w.people.admin.id, w.people.admin.name]);
  assert.ok(Math.abs(Date.parse(who.at) - Date.now()) < 60_000);
  const now = (await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket;
  assert.deepEqual([now.priority, now.status], ['high', 'new'], 'nothing was changed');
  assert.equal((await change(w.agent, number, { priority: 'low', status: 'in_progress', was: { priority: 'high', status: 'new' } })).status, 200, 'who knows it goes on');
  // Four at once: one of them finds what it took the ticket for.
  const both = await Promise.all([w.agent, w.admin, w.agent, w.admin].map((who, n) => change(who, number, { assignee: w.people[n % 2 ? 'admin' : 'agent'].id, was: { assignee: null } })));
  const first = (await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket.assignee;
  for (const [n, a] of both.entries()) {
    const mine = first === w.people[n % 2 ? 'admin' : 'agent'].id;
    assert.equal(a.status, mine ? 200 : 422, `${n}: the second is told`);
    if (!mine) assert.deepEqual([a.json.errors[0].now, a.json.errors[0].called], [first, w.people[n % 2 ? 'agent' : 'admin'].name]);
  }
  for (const [was, code] of [[7, 'type'], ['new', 'type'], [null, 'type'], [[], 'type'], [{ title: 'x' }, 'unknown']]) {
    const bad = await change(w.agent, number, { status: 'solved', was });
    problem(bad, 422, 'invalid');
    assert.deepEqual(bad.json.errors.map((e) => [e.field, e.code]), [['was', code]]);
  }
});

test('W1: who begins to write has a ticket that nobody had, where the tenant wants it', async () => {
  const number = await open('Taken');
  const take = (who) => api(who, 'POST', `/api/tickets/${number}/taking`, {});
  assert.deepEqual((await take(w.agent)).json, { taken: false, assignee: null, people: {} });
  assert.equal((await api(w.admin, 'PATCH', '/api/settings', { name: 'assign_on_reply', value: 'yes' })).status, 200);
  const all = await Promise.all([w.agent, w.admin, w.agent, w.admin].map(take));
  assert.equal(all.filter((a) => a.json.taken).length, 1, 'one of them');
  const [has] = new Set(all.map((a) => a.json.assignee));
  assert.equal(new Set(all.map((a) => a.json.assignee)).size, 1, 'and all are told who');
  assert.equal((await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket.assignee, has);
  const { lines } = (await api(w.admin, 'GET', `/api/tickets/${number}/history`)).json;
  assert.deepEqual(lines.map((l) => [l.kind, l.who, l.assignee, l.writing]), [['changed', has, [null, has], true]]);
  assert.deepEqual((await api(w.member, 'GET', `/api/tickets/${number}/history`)).json.lines, [], 'the desk alone reads that');
  assert.equal(await psql('postgres', `select count(*) from app.events where tenant_id = ${w.tenant} and ticket_id = ${number} and kind = 'ticket.changed'`), '1');
});
