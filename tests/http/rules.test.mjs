// SPDX-License-Identifier: AGPL-3.0-or-later
//
// W2 over the API: a rule is written, tried on what was, turned on, and works in jobs;
// what it did is told to agents, and nobody else. tests/sql/rules.sql has each operator
// and action.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from './world.mjs';

let w;
const ok = async (answer, status = 200) => {
  answer = await answer;
  assert.equal(answer.status, status, answer.text.slice(0, 400));
  return answer.json;
};
const admin = (method, path, body) => api(w.admin, method, path, body);
const refused = async (answer) => problem(await answer, 422).errors.map((e) => `${e.field} ${e.code}`).join();
const open = async (title, session = w.member) => (await ok(api(session, 'POST', '/api/tickets', { title, description: 'My **account** is locked' }), 201)).number;
const make = async (rule, name = 'Rule') => (await ok(admin('POST', '/api/rules', { name, rule }), 201)).item;
const turn = (id, on, past) => ok(admin('PATCH', `/api/rules/${id}/state`, past === undefined ? { on } : { on, past }));
const runs = (number) => ok(api(w.agent, 'GET', `/api/tickets/${number}/rules`));
const ran = (number, n = 1) => until('a rule has run', async () => { const a = await runs(number); return a.runs.length >= n ? a : null; });

before(async () => { w = await makeWorld(); });

test('W2: a rule works after the event: its texts are markup, its mail arrives, customers read its reply alone', async () => {
  const started = Date.now();
  const item = await make({
    when: { event: 'opened', by: 'customer' },
    if: { all: [{ field: 'title', has: ['locked out'] }, { not: { field: 'priority', is: ['urgent'] } }] },
    do: [{ priority: 'high' }, { note: 'Check **{requester.name}** first' }, { reply: { en: 'We know of *{ticket.number}*', sv: 'Vi vet om *{ticket.number}*' } },
      { mail: { to: [w.people.admin.id], text: 'Somebody is locked out' } }, { level: 2 }],
  }, 'Locked out');
  const early = await open('Locked out before');
  await turn(item.id, true);
  const number = await open('Locked out <again>');
  const other = await open('Something else');
  const { level, runs: [run] } = await ran(number);
  assert.equal(level, 2);
  assert.deepEqual([run.name, run.version, run.outcome, run.did.map((d) => d.what)], ['Locked out', 1, 'ran', ['done', 'done', 'done', 'done', 'done']]);
  assert.deepEqual(run.why, [{ field: 'title', given: 'Locked out <again>', holds: true }, { field: 'priority', given: null, holds: false }]);
  const desk = await ok(api(w.agent, 'GET', `/api/tickets/${number}`));
  assert.deepEqual([desk.ticket.status, desk.ticket.priority, desk.ticket.assignee ?? null], ['new', 'high', null], 'what a rule says is nobody\'s answer');
  const texts = desk.comments.filter((c) => c.automatic).map((c) => [c.internal, c.html]);
  assert.deepEqual(texts.map(([internal, html]) => `${internal} ${html.replace(/\n/g, '')}`).toSorted(), [
    `false <p>We know of <em>#${number}</em></p>`, `true <p>Check <strong>${desk.people[desk.ticket.requester].name}</strong> first</p>`]);
  const theirs = await api(w.member, 'GET', `/api/tickets/${number}`);
  assert.ok(theirs.text.includes('We know of') && !theirs.text.includes('Check <strong>') && !/"level":|Locked out"|"rule/.test(theirs.text));
  problem(await api(w.member, 'GET', `/api/tickets/${number}/rules`), 403);
  assert.deepEqual([(await runs(other)).runs, (await runs(early)).runs], [[], []], 'not of others, nor of what was before it was on');
  const [mail] = await mails({ to: w.people.admin.email, since: started, about: 'Rule “Locked out”' });
  assert.match(mail.text, /Somebody is locked out/);
  const kept = await ok(admin('GET', `/api/rules/${item.id}`));
  assert.deepEqual([kept.log.length, kept.log[0].number, kept.item.runs.ran], [1, number, 1]);
  await turn(item.id, false);
  const after = await open('Locked out later');
  const last = await make({ when: { event: 'opened' }, if: { field: 'title', is: ['x'] }, do: [{ level: 1 }] }).catch(() => null);
  assert.equal(last, null, 'a title is asked by its words');
  await until('all is worked out', async () => (await psql('postgres', `select count(*) from app.event_queue where tenant_id = ${w.tenant}`)) === '0');
  assert.deepEqual((await runs(after)).runs, [], 'nor once it is off');
});

test('W2: mail to a team reaches each of its members, in their language', async () => {
  const started = Date.now();
  const made = await api(w.admin, 'POST', '/api/teams', { name: `Ovens ${w.mark}`, turns: 'off', types: [], rest: false, members: [w.people.agent.id, w.people.admin.id] });
  const team = made.json.items[0];
  await psql('postgres', `update app.people set locale = 'sv' where tenant_id = ${w.tenant} and id = ${w.people.agent.id}`);
  const item = await make({ when: { event: 'opened' }, if: { field: 'title', has: ['oven is cold'] }, do: [{ mail: { to: [`team:${team.id}`], text: 'Bread!' } }] }, 'Ovens');
  await turn(item.id, true);
  const number = await open('The oven is cold');
  assert.deepEqual((await ran(number)).runs[0].did, [{ do: { mail: true }, what: 'done' }]);
  const [english] = await mails({ to: w.people.admin.email, since: started, about: 'Ovens' });
  const [swedish] = await mails({ to: w.people.agent.email, since: started, about: 'Ovens' });
  assert.ok(english.text.includes('Bread!') && swedish.text.includes('Bread!'));
  assert.equal(english.subject, said('en', 'mail.rule_mailed.subject', { number: `#${number} The oven is cold`, rule: 'Ovens' }));
  assert.equal(swedish.subject, said('sv', 'mail.rule_mailed.subject', { number: `#${number} The oven is cold`, rule: 'Ovens' }));
  await turn(item.id, false);
  await psql('postgres', `update app.people set locale = null where tenant_id = ${w.tenant} and id = ${w.people.agent.id}`);
});

test('W2: bad rules are refused with the path of what is wrong', async () => {
  const rule = (more) => ({ when: { event: 'opened' }, if: null, do: [{ level: 1 }], ...more });
  const deep = (n) => (n ? { not: deep(n - 1) } : { field: 'status', is: ['new'] });
  for (const [bad, fault] of [
    [rule({ when: { event: 'opened', by: 'nobody' } }), 'when.by choice'],
    [rule({ when: { time: 'due', clock: 'first', used: 101 } }), 'when.minutes range'],
    [rule({ if: { any: [{ field: 'status', is: ['new'] }, { field: 'account', is: [1] }] } }), 'if.any.1.is choice'],
    [rule({ if: deep(5) }), 'if.not.not.not.not.not too_deep'],
    [rule({ do: [{ level: 1 }, { reply: { xx: 'Hello' } }] }), 'do.1.reply language'],
    [rule({ do: [{ note: 'Dear {boss}' }] }), 'do.0.note placeholder'],
    [rule({ do: Array(11).fill({ level: 1 }) }), 'do too_many'],
    [rule({ do: [{ status: 'solved', level: 1 }] }), 'do.0 type'],
    [[1], 'rule type']]) {
    assert.equal(await refused(admin('POST', '/api/rules', { name: 'Bad', rule: bad })), fault);
    assert.equal(await refused(admin('POST', '/api/rules/replay', { rule: bad, days: 7 })), fault);
  }
  assert.equal(await refused(admin('POST', '/api/rules', { name: ' ', rule: rule() })), 'name required');
  assert.equal(await refused(admin('POST', '/api/rules/replay', { rule: rule(), days: 91 })), 'days range');
  assert.equal((await admin('POST', '/api/rules', { name: 'Big', rule: { when: {}, do: [{ note: 'x'.repeat(70000) }] } })).status, 422);
  const { id } = await make(rule());
  problem(await admin('PATCH', `/api/rules/${id}`, { name: 'Later', rule: rule({ do: [{ level: 2 }] }), based: 7 }), 409);
  problem(await admin('GET', '/api/rules/77777'), 404);
});

test('W2: replayed on what was: which tickets, and what would have changed; nothing is', async () => {
  const number = await open('Replay me');
  await ok(api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'on_hold' }));
  await ok(api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'in_progress' }));
  const count = () => psql('postgres', `select count(*) from app.events where tenant_id = ${w.tenant} and kind <> 'person.signed_in'`);
  const before = await count();
  const rule = { when: { event: 'changed' }, if: { all: [{ field: 'status', is: ['on_hold'] }, { field: 'title', has: ['replay'] }] }, do: [{ priority: 'low' }, { status: 'on_hold' }, { note: 'x' }] };
  const said = await ok(admin('POST', '/api/rules/replay', { rule, days: 7 }), 201);
  assert.deepEqual([said.hits, said.whole, said.now], [1, true, { count: 0, more: false, looked: said.now.looked, whole: true }]);
  assert.deepEqual([said.rows[0].number, said.rows[0].would], [number, [{ priority: 'low' }, { note: true }]], 'on hold it was already');
  assert.equal(await count(), before);
  assert.deepEqual((await runs(number)).runs, []);
});

test('W2: two at once save one version; a rule of time works for past tickets when that is asked', async () => {
  const item = await make({ when: { time: 'status', minutes: 60, counted: 'all' }, if: { field: 'title', has: ['forgotten'] }, do: [{ status: 'solved' }] });
  const both = await Promise.all([3, 4].map((n) => admin('PATCH', `/api/rules/${item.id}`, { name: `Named ${n}`, rule: item.rule, based: 1 })));
  assert.deepEqual(both.map((a) => a.status).toSorted(), [200, 409].toSorted());
  const number = await open('Forgotten');
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    update app.tickets set created_at = created_at - interval '2 hours' where tenant_id = ${w.tenant} and id = ${number}; commit`);
  const all = await turn(item.id, true, true);
  assert.equal(all.rules.find((r) => r.id === item.id).past, true);
  assert.equal((await ran(number)).runs[0].outcome, 'ran');
  assert.equal((await ok(api(w.agent, 'GET', `/api/tickets/${number}`))).ticket.status, 'solved');
});
