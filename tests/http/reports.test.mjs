// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reports (I3): what is counted of what happens, for the desk and for an account; what
// is refused of a question; CSV.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { api, makeWorld } from './world.mjs';

let w;
const report = async (who, query = '') => {
  const answer = await api(who, 'GET', `/api/reports${query}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const open = async (who) => (await api(who, 'POST', '/api/tickets', { title: 'Counted', description: 'x' })).json.number;

before(async () => { w = await makeWorld(); });

test('I3: what happens is counted at once, at the desk and for the account', async () => {
  const was = (await report(w.agent)).totals;
  const theirs = (await report(w.main)).totals;
  const number = await open(w.member);
  await open(w.member);
  assert.equal((await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'Look at it now.' })).status, 201);
  let now = await report(w.agent);
  assert.deepEqual([now.totals.opened - was.opened, now.totals.solved - was.solved, now.totals.backlog - was.backlog], [2, 0, 2]);
  assert.equal(now.totals.first.n - was.first.n, 1);
  assert.equal((await api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'solved' })).status, 200);
  now = await report(w.agent);
  assert.deepEqual([now.totals.solved - was.solved, now.totals.backlog - was.backlog, now.totals.resolution.n - was.resolution.n], [1, 1, 1]);
  const me = now.agents.find((a) => a.name === w.agent.person.name);
  assert.ok(me?.replies >= 1 && me.solved >= 1, JSON.stringify(now.agents));
  const own = await report(w.main);
  assert.deepEqual([own.totals.opened - theirs.opened, own.totals.solved - theirs.solved], [2, 1]);
  assert.deepEqual([own.agents, own.plans, own.attainment.plans], [null, null, null], 'nothing of who works on it');
  assert.ok(!JSON.stringify(own).includes(w.agent.person.name));
  // Opened again it is not solved.
  assert.equal((await api(w.member, 'POST', `/api/tickets/${number}/reopening`)).status, 201);
  assert.equal((await report(w.agent)).totals.solved, was.solved);
});

test('I3: promises that are kept are counted by month, priority and plan; customers see theirs where clocks are shown', async () => {
  const table = { shown: false, escalated_runs: false, warn: 60, priorities: {}, matrix: {}, plans: [{ key: 'standard', names: { en: 'Standard' }, targets: { normal: { first: 240 } } }] };
  const saved = (await api(w.admin, 'POST', '/api/service-levels', { table, based: 0 })).json;
  const number = await open(w.member);
  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'Quick.' });
  const counted = () => report(w.agent).then((r) => r.totals.met === 1 && r);
  const r = await until('a promise is counted', counted);
  assert.deepEqual(r.attainment.plans, [{ plan: 'standard', kind: 'first', met: 1, missed: null }]);
  assert.deepEqual(r.attainment.priorities.map((p) => [p.priority, p.met]), [['normal', 1]]);
  assert.equal((await report(w.main)).totals.met, 0);
  await api(w.admin, 'POST', '/api/service-levels', { table: { ...table, shown: true }, based: saved.newest });
  const second = await open(w.member);
  await api(w.agent, 'POST', `/api/tickets/${second}/comments`, { body: 'Quick too.' });
  await until('the customer has one too', async () => (await report(w.main)).totals.met === 1);
});

for (const [what, query, field, code] of [
  ['backwards', '?since=2026-11-02&until=2026-11-01', 'since', 'after'],
  ['three years', '?since=2023-11-02&until=2026-11-01', 'since', 'two_years'],
  ['no such day', '?since=2026-02-30', 'since', 'date'],
  ['words', '?until=yesterday', 'until', 'date'],
  ['an account that is not there', '?account=987654321', 'account', 'choice'],
  ['a zone that is not there', '?zone=Europe/Atlantis', 'zone', 'no_zone'],
  ['two years by day', '?since=2025-01-01&until=2026-11-01&by=day', 'by', 'four_hundred'],
]) {
  test(`I3: what can’t be counted: ${what}`, async () => {
    for (const path of [`/api/reports${query}`, `/api/reports.csv${query}`]) {
      const { errors } = problem(await api(w.agent, 'GET', path), 422);
      assert.deepEqual(errors.map((e) => [e.field, e.code]), [[field, code]]);
    }
  });
}

test('I3: another account is none of a customer’s; a member has no report', async () => {
  problem(await api(w.main, 'GET', `/api/reports?account=${w.id.village}`), 422);
  problem(await api(w.member, 'GET', '/api/reports'), 403);
  problem(await api(w.main, 'GET', '/api/reports.csv?part=agents'), 403);
});

test('I3: CSV has the numbers of the page', async () => {
  const r = await report(w.agent);
  const csv = await api(w.agent, 'GET', '/api/reports.csv?part=volume&lang=de');
  assert.match(csv.headers['content-disposition'], /filename="reports-\d{4}-\d\d-\d\d\.csv"/);
  const [head, ...rows] = csv.text.replace('\ufeff', '').trim().split('\r\n');
  assert.equal(head, 'Ab Tag,Eröffnet,Gelöst,Offen am Ende');
  assert.deepEqual(rows, r.days.map((d, n) => [d, r.opened[n], r.solved[n], r.backlog[n]].join(',')));
  const kept = (await api(w.agent, 'GET', '/api/reports.csv?part=attainment&lang=en')).text;
  assert.match(kept, /\d{4}-\d\d,First response,\d+,0/);
});

test('I3: days begin where the reader is', async () => {
  const number = await open(w.member);
  await psql('postgres', `begin;
    update app.tickets set created_at = '2026-11-10 23:30Z' where tenant_id = ${w.tenant} and id = ${number}; commit`);
  const on = async (zone) => { const r = await report(w.agent, `?since=2026-11-10&until=2026-11-11&zone=${zone}`); return r.opened; };
  assert.deepEqual([await on('UTC'), await on('Asia/Tokyo')], [[1, 0], [0, 1]]);
});
