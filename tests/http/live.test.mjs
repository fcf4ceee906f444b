// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Live updates: who hears what, at once, and who does not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql, restartApp, state, until } from '../lib/instance.mjs';
import { listen } from '../lib/listen.mjs';
import { api, get, makeSession, makeWorld } from './world.mjs';

let w, other;
const ears = [];
const hear = async (session, options) => {
  const ear = await listen(session, options);
  ears.push(ear);
  return ear;
};
before(async () => { [w, other] = [await makeWorld(), await makeWorld()]; });
after(() => ears.forEach((ear) => ear.close()));

const open = async (who = w.member, more = {}) => (await api(who, 'POST', '/api/tickets', { title: `Live ${w.mark}`, description: 'x', ...more })).json.number;
// All that happened is worked out.
const quiet = () => until('it is worked out', async () => await psql('postgres', `select count(*) from app.event_queue where tenant_id = ${w.tenant}`) === '0');
const heard = (ear, ticket, from = 0) => ear.hints.slice(from).some((h) => h.ticket === ticket);

test('V7: whoever sees a ticket hears that it changed, nobody else does, and nothing of what', async () => {
  const names = ['member', 'main', 'partner', 'agent', 'admin', 'second', 'pupil', 'villager', 'chief'];
  const at = Object.fromEntries(await Promise.all(names.map(async (n) => [n, await hear(w[n])])));
  at.elsewhere = await hear(other.agent);
  for (const ear of Object.values(at)) {
    assert.equal(ear.status, 200);
    assert.match(ear.headers['content-type'], /^text\/event-stream/);
    assert.match(ear.headers['cache-control'], /no-store/);
  }
  const number = await open();
  await until('the desk hears of it', () => heard(at.agent, number) && heard(at.admin, number));
  await until('the requester, the main user and the partner', () => ['member', 'main', 'partner'].every((n) => heard(at[n], number)));
  // A second one whose hint comes behind: what was to come of the first has come.
  const last = await open(w.villager);
  await until('the next is heard of', () => heard(at.agent, last) && heard(at.villager, last));
  const deaf = ['second', 'pupil'];
  for (const n of deaf) assert.deepEqual(at[n].hints, [], n);
  assert.deepEqual(at.villager.hints.map((h) => h.ticket), [last]);
  assert.deepEqual(at.elsewhere.hints, []);
  assert.ok(at.agent.hints.every((h) => Object.keys(h).join() === 'ticket' && Number.isInteger(h.ticket)));

  // An internal note is the desk's.
  let from = Object.fromEntries(Object.keys(at).map((n) => [n, at[n].hints.length]));
  assert.equal((await api(w.agent, 'POST', `/api/tickets/${number}/notes`, { body: 'Between us' })).status, 201);
  await until('the desk hears of a note', () => heard(at.admin, number, from.admin));
  assert.equal(at.member.hints.length, from.member, 'the customer does not');
  assert.equal((await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'For you' })).status, 201);
  await until('the customer hears of the answer', () => heard(at.member, number, from.member));

  // Who is added hears from then on; who is taken out hears that, and no more.
  await api(w.main, 'POST', `/api/tickets/${number}/people`, { cc: [w.people.second.email] });
  await until('who was added', () => heard(at.second, number));
  await quiet();
  from = at.second.hints.length;
  await api(w.main, 'DELETE', `/api/tickets/${number}/people/${w.people.second.id}`);
  await until('who was taken out', () => at.second.hints.length > from);
  await quiet();
  from = Object.fromEntries(Object.keys(at).map((n) => [n, at[n].hints.length]));
  await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'Go on' });
  await until('the main user', () => heard(at.main, number, from.main));
  assert.equal(at.second.hints.length, from.second);
});

test('V7: an account that is taken out hears it; a field that customers do not see tells them nothing', async () => {
  const number = await open(w.member);
  const [second, agent, member] = await Promise.all(['second', 'agent', 'member'].map((n) => hear(w[n])));
  const { account } = (await api(w.main, 'GET', `/api/tickets/${number}`)).json.ticket;
  const path = `/api/tickets/${number}/accounts`;
  assert.equal((await api(w.main, 'POST', path, { account: account.id })).status, 201);
  await until('who shares the account', () => heard(second, number));
  await quiet();
  let from = second.hints.length;
  assert.equal((await api(w.main, 'DELETE', `${path}/${account.id}`)).status, 200);
  await until('who was cut off', () => heard(second, number, from));

  for (const role of ['account_admin', 'portal_admin', 'main_user', 'member', 'partner']) {
    await psql('postgres', `insert into app.field_policies (tenant_id, scope, field, role, access) values (${w.tenant}, 0, 'priority', '${role}', 0)`);
  }
  const dates = () => psql('postgres', `select updated_at, desk_updated_at from app.tickets where tenant_id = ${w.tenant} and id = ${number}`).then((t) => t.split('|'));
  const before = await dates();
  await quiet();
  from = { member: member.hints.length, agent: agent.hints.length };
  assert.equal((await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'high' })).status, 200);
  await until('the desk', () => heard(agent, number, from.agent));
  assert.equal(member.hints.length, from.member);
  const after = await dates();
  assert.equal(after[0], before[0]);
  assert.notEqual(after[1], before[1]);
  await psql('postgres', `delete from app.field_policies where tenant_id = ${w.tenant}`);
});

test('V7: nobody listens who is not let in, and nobody at a channel by its name', async () => {
  problem(await get(w.host.town, '/api/live'), 401);
  const ear = await hear(w.member);
  const channel = await psql('postgres', `select distinct l.channel from app.listeners l join app.sessions s on s.tenant_id = l.tenant_id and s.id = l.session_id
    where s.tenant_id = ${w.tenant} and s.person_id = ${w.people.member.id}`);
  assert.match(channel, /^[0-9a-f]{32}$/);
  for (const path of [`/.live/${channel}`, `/tell/${channel}`]) assert.equal((await get(w.host.town, path, { cookie: w.member.cookie })).status, 404, path);
  assert.equal(ear.status, 200);
});

test('V7: a channel ends with its session, and with the rights it was opened by', async () => {
  const signedOut = await makeSession(w, 'member');
  let ear = await hear(signedOut);
  await api(signedOut, 'DELETE', '/api/session');
  await until('the end', () => ear.ended);
  problem(await get(w.host.town, '/api/live', { cookie: signedOut.cookie }), 401);

  const main = await makeSession(w, 'main');
  ear = await hear(main);
  const membership = await psql('postgres', `select id from app.memberships where tenant_id = ${w.tenant} and person_id = ${w.people.main.id}`);
  assert.equal((await api(w.chief, 'PATCH', `/api/memberships/${membership}`, { role: 'member', portal: null, support: false })).status, 200);
  await until('the end of what a main user hears', () => ear.ended);
  // Back again, by the rights there are now.
  ear = await hear(main);
  const agent = await hear(w.agent);
  const number = await open();
  await until('the desk', () => heard(agent, number));
  const own = await open(main);
  await until('an own one', () => heard(ear, own));
  assert.deepEqual(ear.hints.map((h) => h.ticket), [own]);
});

test('V7: agents see who else reads and types, and hear of it; nobody else does', async () => {
  const number = await open();
  const here = (who, how) => api(w[who], 'POST', `/api/tickets/${number}/presence`, { how }, { key: null });
  const said = async (who, how) => { const a = await here(who, how); assert.ok(a.status < 300, a.text); return a.json.here; };
  const ears = Object.fromEntries(await Promise.all(['agent', 'admin', 'member', 'main'].map(async (n) => [n, await hear(w[n])])));
  assert.deepEqual(await said('agent', 'reads'), []);
  assert.deepEqual(await said('admin', 'types'), [{ id: w.people.agent.id, name: w.people.agent.name, types: false }]);
  await until('the agent hears', () => ears.agent.hints.some((h) => h.ticket === number && h.here));
  assert.deepEqual((await said('agent', 'reads')).map((o) => [o.id, o.types]), [[w.people.admin.id, true]]);
  await said('admin', 'gone');
  assert.deepEqual(await said('agent', 'reads'), []);
  // Who says no more is gone after half a minute.
  await said('admin', 'reads');
  const left = await psql('postgres', `select extract(epoch from expires_at - now()) from app.presence where tenant_id = ${w.tenant} and person_id = ${w.people.admin.id} and ticket_id = ${number}`);
  assert.ok(left > 20 && left <= 30, left);
  await psql('postgres', `update app.presence set expires_at = now() - interval '1 second' where tenant_id = ${w.tenant}`);
  assert.deepEqual(await said('agent', 'reads'), []);
  for (const who of ['member', 'main', 'partner']) problem(await here(who, 'reads'), 403);
  problem(await here('agent', 'dances'), 422);
  problem(await api(w.agent, 'POST', '/api/tickets/999999/presence', { how: 'reads' }, { key: null }), 404);
  assert.ok(![...ears.member.hints, ...ears.main.hints].some((h) => h.here));
  assert.ok(!(await api(w.member, 'GET', `/api/tickets/${number}`)).text.includes('presence'));
});

test('V7: a reply stops at what its author has not seen', async () => {
  const number = await open();
  const comments = async (who) => (await api(w[who], 'GET', `/api/tickets/${number}`)).json.comments;
  const newest = async (who) => (await comments(who)).at(-1).id;
  const reply = (who, body, seen, more = {}) => api(w[who], 'POST', `/api/tickets/${number}/comments`, { body, ...(seen === undefined ? {} : { seen }) }, more);
  const seen = await newest('agent');
  assert.equal((await reply('agent', 'First', seen)).status, 201);
  // One's own is not new to oneself.
  assert.equal((await reply('agent', 'And more', seen)).status, 201);
  for (const [who, body] of [['admin', 'The other one'], ['member', 'Wait']]) assert.equal((await reply(who, body)).status, 201);
  problem(await reply('agent', 'Too late', seen), 409, 'unseen');
  assert.ok(!(await comments('agent')).some((c) => c.html.includes('Too late')));
  const now = await newest('agent');
  assert.equal((await reply('agent', 'Now', now, { key: 'sent-with-seen' })).status, 201);
  // Sent again it is the same answer, whatever came since.
  assert.equal((await reply('member', 'Thanks')).status, 201);
  assert.equal((await reply('agent', 'Now', now, { key: 'sent-with-seen' })).status, 201);
  // A note is news for agents, and nothing for a customer.
  const [desk, customer] = [await newest('agent'), await newest('member')];
  assert.equal((await api(w.admin, 'POST', `/api/tickets/${number}/notes`, { body: 'Between us' })).status, 201);
  problem(await reply('agent', 'x', desk), 409, 'unseen');
  assert.equal((await reply('member', 'y', customer)).status, 201);
  problem(await reply('member', 'y', 'x'), 422);
});

test('V7: what a client says reaches no other server', async () => {
  const [plain, odd] = [await hear(w.second), await hear(w.second, { lastEventId: '1:' })];
  assert.deepEqual([plain.status, odd.status], [200, 200]);
  assert.equal(odd.headers['access-control-allow-origin'], undefined);
  const number = await open(w.second);
  await until('both hear', () => heard(plain, number) && heard(odd, number));
});

test('V7: what is over is swept, and without a live server nothing waits', async () => {
  const ear = await hear(w.villager);
  await psql('postgres', `update app.listeners set expires_at = now() - interval '1 minute' where tenant_id = ${w.tenant}`);
  assert.ok(Number(await psql('sportello_jobs', 'select jobs.sweep()')) > 0);
  await until('the end', () => ear.ended);
  assert.equal(await psql('postgres', `select count(*) from app.listeners where tenant_id = ${w.tenant}`), '0');
  // What the instance was started with, and after it what is kept.
  const kept = readFileSync(`${state}/settings`, 'utf8').split('\n').filter((line) => line.startsWith('env_extra=')).flatMap((line) => ['--env', line.slice('env_extra='.length)]);
  restartApp(...kept, '--env', 'SPORTELLO_LIVE_SOCKET=/nowhere');
  const began = Date.now();
  const number = await open();
  await quiet();
  assert.ok(number && Date.now() - began < 20_000);
  restartApp(...kept);
});
