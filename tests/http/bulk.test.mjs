// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One change of many tickets over the API: asked for once, carried out by jobs, refused by
// name, taken back; what is no such change.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newKey, problem } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { api, makeWorld } from './world.mjs';

let w, numbers;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent', 'admin'] });
  numbers = [];
  for (let n = 0; n < 3; n += 1) numbers.push((await api(w.member, 'POST', '/api/tickets', { title: `Many ${n} ${w.mark}`, description: 'It is broken.' })).json.number);
});
const start = (body, key = newKey(), who = w.agent) => api(who, 'POST', '/api/bulk', body, { key });
const get = async (id, who = w.agent) => (await api(who, 'GET', `/api/bulk/${id}`)).json;
const done = (id) => until('jobs are done', async () => { const a = await get(id); return a.job.state !== 'working' && a; });
const ticket = async (number) => (await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket;

test('W1: a change of many tickets is asked for once, done by jobs in the agent’s name, told of and taken back', async () => {
  const since = new Date();
  const key = newKey();
  const body = { numbers: [...numbers, numbers[0], 999_999], change: { status: 'solved', priority: 'high', assignee: 'me', tags: { add: ['Many'] } } };
  const first = await start(body, key);
  assert.equal(first.status, 201);
  const { id, total } = first.json.job;
  assert.equal(total, 4, 'one that is there twice is one');
  assert.equal((await start(body, key)).json.job.id, id, 'sent twice it is one job');
  problem(await start({ ...body, change: { status: 'solved' } }, key), 409);
  const { job, refused } = await done(id);
  assert.deepEqual([job.state, job.done, job.refused, job.undo], ['done', 3, 1, true]);
  assert.deepEqual(refused, [{ number: 999_999, code: 'gone' }]);
  for (const n of numbers) {
    const t = await ticket(n);
    assert.deepEqual([t.status, t.priority, t.assignee, t.tags], ['solved', 'high', w.people.agent.id, ['many']]);
  }
  await until('who opened them hears of each', async () => (await mails({ to: w.people.member.email, since, about: 'Many' })).length >= 3);
  assert.equal(await psql('postgres', `select count(*) from app.events where tenant_id = ${w.tenant} and kind = 'bulk.started' and (data->>'job')::bigint = ${id}`), '1', 'it is on record once');
  assert.ok((await api(w.agent, 'GET', '/api/bulk')).json.items.some((j) => j.id === id));
  problem(await api(w.admin, 'GET', `/api/bulk/${id}`), 404);
  problem(await api(w.admin, 'POST', `/api/bulk/${id}/undo`, {}), 404);

  await api(w.admin, 'PATCH', `/api/tickets/${numbers[1]}`, { priority: 'urgent' });
  const back = (await api(w.agent, 'POST', `/api/bulk/${id}/undo`, {})).json.job;
  assert.equal(back.undoes, id);
  const undone = await done(back.id);
  assert.deepEqual(undone.refused, [{ number: numbers[1], code: 'changed' }]);
  const t = await ticket(numbers[0]);
  assert.deepEqual([t.status, t.priority, t.assignee, t.tags], ['new', null, null, null]);
  assert.equal((await ticket(numbers[1])).priority, 'urgent');
  problem(await api(w.agent, 'POST', `/api/bulk/${id}/undo`, {}), 409);
});

test('W1: all that a list of the queue holds is changed; how many is said beforehand', async () => {
  await api(w.agent, 'PATCH', `/api/tickets/${numbers[0]}`, { tags: { add: ['by list'] } });
  await api(w.agent, 'PATCH', `/api/tickets/${numbers[2]}`, { tags: { add: ['by list'] } });
  assert.equal((await api(w.agent, 'GET', '/api/bulk/matching?query=tag%3Dby%2Blist')).json.n, 2);
  const { job } = (await start({ query: 'tag=by+list', change: { tags: { remove: ['by list'], add: ['seen'] } } })).json;
  assert.equal(job.total, 2);
  assert.equal((await done(job.id)).job.done, 2);
  assert.deepEqual([(await ticket(numbers[0])).tags, (await ticket(numbers[2])).tags], [['seen'], ['seen']]);
});

test('W1: what is no change of many tickets is refused by name', async () => {
  const solved = { status: 'solved' };
  for (const [body, field, code] of [
    [{ numbers: Array.from({ length: 1001 }, (_, n) => n + 1), change: solved }, 'numbers', 'too_many'], [{ numbers: [], change: solved }, 'numbers', 'required'],
    [{ change: solved }, 'numbers', 'required'], [{ numbers: ['1'], change: solved }, 'numbers', 'type'], [{ numbers: [-1], change: solved }, 'numbers', 'type'],
    [{ numbers: { 1: 1 }, change: solved }, 'numbers', 'type'], [{ numbers: [1], query: 'group=open', change: solved }, 'numbers', 'required'],
    [{ numbers: [1], change: {} }, 'change', 'type'], [{ numbers: [1], change: { title: 'x' } }, 'change', 'type'], [{ numbers: [1] }, 'change', 'required'],
    [{ numbers: [1], change: { status: 'closed_escalated' } }, 'status', 'choice'], [{ numbers: [1], change: { assignee: w.people.member.id } }, 'assignee', 'choice'],
    [{ numbers: [1], change: { tags: { add: ['a,b'] } } }, 'tags', 'characters'], [{ query: 'group=none', change: solved }, 'query', 'type'],
    [{ query: 'tag=nowhere', change: solved }, 'numbers', 'required']]) {
    const e = problem(await start(body), 422).errors[0];
    assert.deepEqual([e.field, e.code], [field, code], JSON.stringify(body).slice(0, 80));
  }
  problem(await start({ numbers: [numbers[0]], change: solved }, newKey(), w.member), 403);
  problem(await api(w.agent, 'GET', '/api/bulk/1'), 404);
});

test('W1: what matches is worked out once a person at a time', async () => {
  const held = psql('postgres', `begin; select pg_advisory_xact_lock(hashtextextended('work/${w.tenant}/${w.people.agent.id}', 0)); select pg_sleep(2); commit`);
  const answer = await until('there is no place', async () => { const a = await api(w.agent, 'GET', '/api/bulk/matching?query=group%3Dopen'); return a.status === 429 && a; });
  assert.match(problem(answer, 429, 'work-busy').detail, /one a person, one an account and two at the desk/);
  assert.equal((await api(w.admin, 'GET', '/api/bulk/matching?query=group%3Dopen')).status, 200, 'others are not kept waiting');
  await held;
  assert.equal((await api(w.agent, 'GET', '/api/bulk/matching?query=group%3Dopen')).status, 200);
});
