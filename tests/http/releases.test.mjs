// SPDX-License-Identifier: AGPL-3.0-or-later
//
// W4 over the API: an escalated ticket carries an item; the release that has it tells
// each of its tickets in its language, and asks. tests/sql/releases.sql has the rules.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from './world.mjs';

let w;
const ok = async (answer, status = 200) => {
  answer = await answer;
  assert.equal(answer.status, status, answer.text.slice(0, 400));
  return answer.json;
};
const refused = async (answer) => problem(await answer, 422).errors.map((e) => `${e.field} ${e.code}`).join();
const ours = (sql) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false); ${sql}; commit`);
const open = async (title, session = w.member) => (await ok(api(session, 'POST', '/api/tickets', { title, description: 'x' }), 201)).number;
const escalate = (number, item) => api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'closed_escalated', ...(item ? { item } : {}) });
const makeItem = (key) => ok(api(w.agent, 'POST', '/api/items', { key, title: `About ${key}`, url: `https://eng.example/${key}` }), 201);
const release = (id) => ok(api(w.agent, 'GET', '/api/releases')).then((a) => a.releases.find((r) => r.id === id));

before(async () => {
  w = await makeWorld();
  await ours(`update app.people set email = 'out-${w.mark}-' || id || '@people.example' where tenant_id = ${w.tenant} and id in (${w.people.member.id}, ${w.people.main.id}, ${w.people.second.id});
    update app.people set locale = case id when ${w.people.member.id} then 'sv' when ${w.people.main.id} then 'fr' else 'ja' end where tenant_id = ${w.tenant} and id in (${w.people.member.id}, ${w.people.main.id}, ${w.people.second.id});
    update app.confirmations c set email = p.email from app.people p where c.tenant_id = ${w.tenant} and p.tenant_id = c.tenant_id and p.id = c.person_id`);
  for (const name of ['member', 'main', 'second']) w.people[name].email = `out-${w.mark}-${w.people[name].id}@people.example`;
});

test('W4: escalated with an item, released, asked, and answered; mail in three languages', async () => {
  const numbers = { member: await open('Oven'), main: await open('Oven', w.main), second: await open('Oven', w.second) };
  assert.equal(await refused(escalate(numbers.member)), 'item required');
  assert.equal(await refused(escalate(numbers.member, 5)), 'item choice');
  problem(await api(w.agent, 'PATCH', `/api/tickets/${numbers.member}`, { status: 'closed_escalated', item: 'x' }), 422);
  const item = await makeItem('ENG-7');
  for (const n of Object.values(numbers)) assert.equal((await ok(escalate(n, item.id))).ticket.status, 'closed_escalated');
  assert.equal((await ok(api(w.agent, 'GET', `/api/tickets/${numbers.member}/people`))).item.key, 'ENG-7');
  assert.equal((await ok(api(w.member, 'GET', `/api/tickets/${numbers.member}/people`))).item, null, 'not for customers');

  const body = { name: 'Oven_4 *new*', notes: { sv: 'Nu **jämn** värme.', en: 'Even heat now.' }, items: [item.id] };
  const { made } = await ok(api(w.admin, 'POST', '/api/releases', body), 201);
  const started = Date.now();
  await ok(api(w.admin, 'POST', `/api/releases/${made}/publication`, {}), 201);
  await ok(api(w.admin, 'POST', `/api/releases/${made}/publication`, {}), 201);
  await until('all are told', async () => (await release(made)).told === 3);
  for (const [who, lang, note] of [['member', 'sv', 'jämn'], ['main', 'fr', 'Even heat'], ['second', 'ja', 'Even heat']]) {
    const page = await ok(api(w[who], 'GET', `/api/tickets/${numbers[who]}`));
    const last = page.comments.at(-1);
    const text = last.html.replace(/<[^>]+>/g, '');
    assert.ok(text.includes(said(lang, 'release.said', { name: body.name })), `${lang}: ${last.html}`);
    assert.ok(text.includes(note));
    assert.equal(last.author, w.people.admin.id);
    assert.deepEqual([page.ticket.status, page.ticket.asked], ['closed_escalated', { name: body.name }]);
    const [mail] = await mails({ to: w.people[who].email, since: started, about: said(lang, 'mail.ticket_released.intro', { author: w.people.admin.name }) });
    assert.ok(mail.text.includes(body.name), mail.text);
    assert.equal(caught({ to: w.people[who].email, since: started, about: said(lang, 'release.said', { name: body.name }) }).length, 1, 'once');
  }
  assert.match((await ok(api(w.member, 'GET', `/api/tickets/${numbers.member}`))).comments.at(-1).html, /<strong>jämn<\/strong>/);

  const answer = (session, number, json) => api(session, 'POST', `/api/tickets/${number}/fixed`, json);
  assert.equal(await refused(answer(w.member, numbers.member, { fixed: false })), 'body required');
  problem(await answer(w.villager, numbers.member, { fixed: true }), 404);
  problem(await answer(w.agent, numbers.member, { fixed: true }), 403);
  problem(await answer(w.member, numbers.member, { fixed: false, body: 'x'.repeat(65537) }), 422);
  assert.equal((await ok(answer(w.member, numbers.member, { fixed: false, body: 'Still **hot**' }), 201)).status, 'in_progress');
  assert.match((await ok(api(w.agent, 'GET', `/api/tickets/${numbers.member}`))).comments.at(-1).html, /<strong>hot<\/strong>/);
  assert.equal((await ok(answer(w.main, numbers.main, { fixed: true }), 201)).status, 'closed');
  assert.equal(await refused(answer(w.main, numbers.main, { fixed: false, body: 'x' })), 'fixed choice');
  const now = await release(made);
  assert.deepEqual([now.tickets, now.told, now.yes, now.no], [3, 3, 1, 1]);
  assert.equal(await refused(escalate(numbers.member, item.id)), 'item released');
});

test('W4: 2,000 tickets of one release are told in parts, each once', async () => {
  const item = await makeItem('ENG-2000');
  await ours(`insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, status, at_desk, created_at)
      select ${w.tenant}, 500000 + n, ${w.portal.village}, ${w.id.village}, ${w.people.villager.id}, 'Many', 7, true, now() - interval '1 day' from generate_series(1, 2000) n;
    insert into app.ticket_items (tenant_id, ticket_id, item_id) select ${w.tenant}, 500000 + n, ${item.id} from generate_series(1, 2000) n;
    update app.people set muted = '{replied}' where tenant_id = ${w.tenant} and id = ${w.people.villager.id}`);
  const { made } = await ok(api(w.admin, 'POST', '/api/releases', { name: 'Many', notes: {}, items: [item.id] }), 201);
  await ok(api(w.admin, 'POST', `/api/releases/${made}/publication`, {}), 201);
  await until('2,000 are told', async () => (await release(made)).told === 2000, 60_000);
  const [, counted] = /(\d+)/.exec(await psql('postgres', `select count(*) from app.comments where tenant_id = ${w.tenant} and ticket_id > 500000`));
  assert.equal(Number(counted), 2000);
});

test('W4: items and releases that are none', async () => {
  const make = (json) => api(w.agent, 'POST', '/api/items', json);
  const good = { key: 'ENG-8', title: 'x' };
  await ok(make(good), 201);
  assert.equal(await refused(make(good)), 'key taken');
  assert.equal(await refused(make({ ...good, key: 'ENG-9', url: 'http://eng.example' })), 'url invalid');
  assert.equal(await refused(make({ ...good, key: 'ENG-9', url: 'javascript:alert(1)' })), 'url invalid');
  assert.equal(await refused(make({ ...good, key: 'x'.repeat(41) })), 'key too_long');
  assert.equal(await refused(make({ ...good, key: 'a\nb' })), 'key invalid');
  const write = (json) => api(w.admin, 'POST', '/api/releases', { name: `R ${Math.random()}`, notes: {}, items: [], ...json });
  const { made } = await ok(write({}), 201);
  assert.equal(await refused(api(w.admin, 'POST', `/api/releases/${made}/publication`, {})), 'items required', 'without items');
  assert.equal(await refused(write({ notes: { nl: 'x' } })), 'notes language');
  assert.equal(await refused(write({ notes: { en: 'x'.repeat(2001) } })), 'notes invalid');
  assert.equal(await refused(write({ notes: { en: 5 } })), 'notes invalid');
  assert.equal(await refused(write({ notes: [] })), 'notes type');
  assert.equal(await refused(write({ items: [1] })), 'items choice');
  assert.equal(await refused(write({ items: ['x'] })), 'items too_many');
  assert.equal(await refused(write({ name: '   ' })), 'name required');
  problem(await api(w.agent, 'POST', '/api/releases', { name: 'x', notes: {}, items: [] }), 403);
  await ok(api(w.admin, 'DELETE', `/api/releases/${made}`));
  problem(await api(w.admin, 'DELETE', `/api/releases/${made}`), 404);
});
