// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Teams over the API: who keeps them, a ticket given to one, what customers do not
// learn, and bad input; who is out of office.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { api, makeWorld } from './world.mjs';

let w, team;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent', 'admin'] });
  const made = await api(w.admin, 'POST', '/api/teams', { name: 'First line', turns: 'turn', types: [], rest: false, members: [w.people.agent.id] });
  team = made.json.items[0].id;
});
const open = async (title) => (await api(w.member, 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'It is broken.' })).json.number;
const change = (number, body, who = w.agent) => api(who, 'PATCH', `/api/tickets/${number}`, body);
const get = async (number, who = w.agent) => (await api(who, 'GET', `/api/tickets/${number}`)).json.ticket;

test('W1: a ticket given to a team comes to whose turn it is, and its customers learn of the assignee alone', async () => {
  const number = await open('Given');
  const before = await get(number, w.member);
  const { ticket, people } = (await change(number, { team, assignee: null })).json;
  assert.deepEqual([ticket.team, ticket.assignee], [team, null]);
  assert.deepEqual(await get(number, w.member), before, 'nothing of it is in the customer’s ticket');
  assert.equal(before.team, null);
  assert.ok(!('team' in (await api(w.member, 'GET', '/api/tickets')).json.items[0]));
  await change(number, { team: null });
  const turn = (await change(number, { team })).json;
  assert.deepEqual([turn.ticket.assignee, turn.people[w.people.agent.id].name], [w.people.agent.id, w.people.agent.name]);
  assert.ok(people);
});

test('W1: the queue by team, its counts and CSV; what cannot be asked is refused', async () => {
  const number = await open('Listed');
  await change(number, { team });
  const has = async (query) => (await api(w.agent, 'GET', `/api/queue?${query}`)).json.items.some((i) => i.number === number && i.team === team);
  for (const query of [`team=${team}`, 'team=mine', 'team=mine&sort=created', `team=${team}&assignee=me&group=open`]) assert.ok(await has(query), query);
  assert.ok(!(await has('team=none')));
  problem(await api(w.agent, 'GET', '/api/queue?team=all'), 422);
  problem(await api(w.agent, 'GET', '/api/queue?team=99999999999999999999'), 422);
  const { views } = (await api(w.agent, 'GET', '/api/queue/counts')).json;
  assert.ok(views.teams.n >= 1);
  assert.equal((await api(w.admin, 'GET', '/api/queue/counts')).json.views.teams, null, 'who is in no team has no such view');
  assert.equal(views.late, null, 'nor has a tenant that promises nothing one of what is late');
  const csv = await api(w.agent, 'GET', `/api/queue.csv?team=${team}`);
  assert.match(csv.text, new RegExp(`Listed ${w.mark}`));
});

test('W1: bad input about teams is refused by field', async () => {
  const number = await open('Wrong');
  const wrong = async (answer, field, code) => {
    const e = problem(await answer, 422).errors[0];
    assert.deepEqual([e.field, e.code], [field, code]);
  };
  await wrong(change(number, { team: 1 }), 'team', 'choice');
  await wrong(change(number, { team: 'First line' }), 'team', 'type');
  await wrong(change(number, { team: 1.5 }), 'team', 'type');
  await wrong(change(number, { team: -1 }), 'team', 'type');
  const post = (more) => api(w.admin, 'POST', '/api/teams', { name: `T ${w.mark}`, turns: 'off', types: [], rest: false, members: [], ...more });
  await wrong(post({ name: '   ' }), 'name', 'required');
  await wrong(post({ name: 'x'.repeat(81) }), 'name', 'too_long');
  await wrong(post({ name: 'first LINE' }), 'name', 'taken');
  await wrong(post({ turns: 'random' }), 'turns', 'choice');
  await wrong(post({ types: 'problem' }), 'types', 'type');
  await wrong(post({ types: ['no_such'] }), 'types', 'choice');
  await wrong(post({ members: [w.people.member.id] }), 'members', 'choice');
  await wrong(post({ members: {} }), 'members', 'type');
  await wrong(post({ members: Array.from({ length: 101 }, (_, i) => i) }), 'members', 'too_many');
  problem(await post({ rest: 'yes' }), 422);
  problem(await api(w.admin, 'PATCH', '/api/teams/1', { name: 'x', turns: 'off', types: [], rest: false, members: [], archived: false }), 404);
});

test('W1: a new ticket comes to the team that takes the rest; an archived one takes none', async () => {
  const save = (archived) => api(w.admin, 'PATCH', `/api/teams/${team}`, { name: 'First line', turns: 'turn', types: [], rest: true, members: [w.people.agent.id], archived });
  await save(false);
  const taken = await get(await open('Arrives'));
  assert.deepEqual([taken.team, taken.assignee], [team, w.people.agent.id]);
  await save(true);
  assert.deepEqual([(await get(await open('Arrives later'))).team, (await get(taken.number)).team], [null, team]);
  problem(await change(taken.number, { team: null }).then(() => change(taken.number, { team })), 422);
  await save(false);
});

test('W1: out of office, by the clock where one is: no turns, marked for agents, and told what is wrong', async () => {
  const wall = (days) => new Date(Date.now() + days * 864e5).toISOString().slice(0, 16);
  const wrong = async (body, field, code) => {
    const e = problem(await api(w.agent, 'PATCH', '/api/me/absence', body), 422).errors[0];
    assert.deepEqual([e.field, e.code], [field, code]);
  };
  await wrong({ ends: wall(-1) }, 'ends', 'past');
  await wrong({ begins: wall(5), ends: wall(4) }, 'ends', 'order');
  await wrong({ ends: wall(400) }, 'ends', 'too_long');
  await wrong({ ends: 'soon' }, 'ends', 'type');
  await wrong({}, 'ends', 'required');
  await wrong({ ends: wall(3), stand_in: w.people.agent.id }, 'stand_in', 'itself');
  await wrong({ ends: wall(3), stand_in: w.people.member.id }, 'stand_in', 'choice');
  const { absence } = (await api(w.agent, 'PATCH', '/api/me/absence', { ends: wall(3), stand_in: w.people.admin.id })).json;
  assert.deepEqual([absence.now, absence.stand_in], [true, w.people.admin.id]);
  assert.equal((await api(w.admin, 'GET', '/api/agents')).json.away[w.people.agent.id].stand_in, w.people.admin.id);
  assert.equal((await api(w.admin, 'GET', '/api/me/absence')).json.covers[0].name, w.people.agent.name);
  const number = await open('While away');
  assert.deepEqual([(await get(number)).team, (await get(number)).assignee], [team, null], 'nobody is there whose turn it could be');
  assert.equal((await api(w.agent, 'DELETE', '/api/me/absence')).json.absence, null);
});

test('W1: bad input about links, and a ring, are refused', async () => {
  const [a, b] = [await open('One'), await open('Two')];
  const wrong = async (body, field, code) => {
    const e = problem(await api(w.agent, 'POST', `/api/tickets/${a}/links`, body), 422).errors[0];
    assert.deepEqual([e.field, e.code], [field, code]);
  };
  await wrong({ kind: 'duplicate', to: b }, 'kind', 'choice');
  await wrong({ kind: 'blocks', to: 'x' }, 'to', 'type');
  await wrong({ kind: 'blocks', to: 999999 }, 'to', 'choice');
  await wrong({ kind: 'blocks', to: a }, 'to', 'itself');
  assert.deepEqual((await api(w.agent, 'POST', `/api/tickets/${b}/links`, { kind: 'blocks', to: a })).json.map((l) => [l.kind, l.number]), [['blocks', a]]);
  await wrong({ kind: 'blocks', to: b }, 'to', 'ring');
  problem(await api(w.agent, 'DELETE', `/api/tickets/${a}/links/${b}?kind=duplicate`), 422);
  problem(await api(w.agent, 'DELETE', `/api/tickets/${a}/links/${b}?kind=relates`), 404);
  problem(await api(w.agent, 'DELETE', `/api/tickets/${a}/merging`), 422);
});
