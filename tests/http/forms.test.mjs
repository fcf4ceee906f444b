// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Forms over the API: made by the tenant's administrator, filled in by customers,
// shown to whom they are for. tests/sql/forms.sql has the rules one by one.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newKey, problem } from '../lib/http.mjs';
import { api, countRows, get, makeWorld } from './world.mjs';

let w;
const ok = async (answer, status = 200) => {
  answer = await answer;
  assert.equal(answer.status, status, answer.text.slice(0, 400));
  return answer.json;
};
const admin = (method, path, body, status = method === 'POST' ? 201 : 200) => ok(api(w.admin, method, path, body), status);
const open = (fields, more, session = w.member) => api(session, 'POST', '/api/tickets', { title: 'A form', description: 'x', fields, ...more });
const read = async (session, number) => (await ok(api(session, 'GET', `/api/tickets/${number}`))).ticket;
const faults = (answer, status = 422) => problem(answer, status).errors.map((e) => `${e.field} ${e.code}`).sort();
const text = (en) => ({ en, it: `${en} (it)` });

before(async () => {
  w = await makeWorld();
  await admin('POST', '/api/types', { key: 'problem', labels: text('Problem'), help: text('What is broken?') });
  await admin('POST', '/api/fields', { key: 'who', kind: 'one_of', labels: text('Who is affected?'), options: ['all', 'some'].map((key) => ({ key, labels: text(key) })) });
  await admin('POST', '/api/fields', { key: 'profiles', kind: 'several_of', labels: text('Which profiles?'), options: ['teachers', 'pupils'].map((key) => ({ key, labels: text(key) })) });
  await admin('POST', '/api/fields', { key: 'since', kind: 'date', labels: text('Since when?') });
  await admin('POST', '/api/fields', { key: 'device', kind: 'facts', labels: text('Your device') });
  await admin('POST', '/api/fields', { key: 'cost', kind: 'number', labels: text('What it costs us') });
  await admin('POST', '/api/types/problem/fields', { field: 'who', required: true, weight: 3 });
  await admin('POST', '/api/types/problem/fields', { field: 'profiles', required: true, condition: { all: [{ field: 'who', is: ['some'] }] } });
  for (const field of ['since', 'device', 'cost']) await admin('POST', '/api/types/problem/fields', { field });
  for (const role of ['member', 'main_user', 'account_admin', 'portal_admin', 'partner']) await admin('PATCH', '/api/fields/cost/policy', { role, access: 'hidden' });
});

test('N4: the form that a customer gets, without what is hidden from them', async () => {
  const forms = await ok(api(w.member, 'GET', '/api/forms'));
  assert.deepEqual(forms.types.map((t) => [t.key, t.labels.it, t.fields.map((f) => f.key)]), [['problem', 'Problem (it)', ['who', 'profiles', 'since', 'device']]]);
  assert.deepEqual(forms.types[0].fields[1].condition, { all: [{ field: 'who', is: ['some'] }] });
  assert.equal(forms.types[0].fields[0].weight, 3);
  assert.equal(forms.priority, null);
  const page = await get(w.host.town, '/tickets/new', { cookie: w.member.cookie });
  assert.match(page.text, /"key":"who"/);
  assert.doesNotMatch(page.text, /costs us/);
});

test('N4: answers are stored as data, once, and come back', async () => {
  const key = newKey();
  const fields = { who: 'some', profiles: ['pupils', 'teachers'], since: '2026-11-20', device: { browser: 'Firefox', version: '140.2', system: 'Debian' } };
  const send = (more) => api(w.member, 'POST', '/api/tickets', { title: 'Once', description: 'x', type: 'problem', fields, ...more }, { key });
  const { number } = await ok(send(), 201);
  assert.equal((await ok(send(), 201)).number, number, 'sent twice is one ticket');
  problem(await send({ fields: { ...fields, since: '2026-11-21' } }), 409, 'idempotency-key-reused');
  const { form } = await read(w.member, number);
  assert.deepEqual(form.type, { key: 'problem', labels: text('Problem') });
  assert.deepEqual(Object.fromEntries(form.fields.map((f) => [f.key, f.value])), { ...fields, profiles: ['teachers', 'pupils'] });
  assert.deepEqual(form.can, { type: false, priority: false });
  assert.equal(form.proposal, null);
  assert.equal((await read(w.agent, number)).form.fields.find((f) => f.key === 'cost').value, null);
});

test('V3: what is wrong is told, each by its field, and nothing is stored', async () => {
  const rows = await countRows(w);
  assert.deepEqual(faults(await open(undefined)), ['fields.who required'], 'who sends no answers');
  assert.deepEqual(faults(await open({ who: 'some' })), ['fields.profiles required']);
  assert.deepEqual(faults(await open({ who: 'all', profiles: ['pupils'] })), ['fields.profiles not_asked']);
  assert.deepEqual(faults(await open({ who: 'everybody', since: '0000-00-00', nowhere: 1 })), ['fields.nowhere unknown', 'fields.since date', 'fields.who choice']);
  assert.deepEqual(faults(await open({ who: 'all', cost: 5 })), ['fields.cost unknown'], 'what is hidden is not there');
  assert.deepEqual(faults(await open({ who: 'all', priority: 'high' })), ['fields.priority read_only']);
  assert.deepEqual(faults(await open({ who: 'all' }, { type: 'wish' })), ['type choice']);
  assert.deepEqual(faults(await open([])), ['fields type']);
  assert.deepEqual(faults(await open({ who: 'all' }, { title: 'x'.repeat(10_000) })), ['title too_long']);
  assert.deepEqual(faults(await open(Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`f${i}`, 'x'])))).length, 201);
  problem(await open(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, 'x']))), 400);
  assert.equal(await countRows(w), rows);
});

test('V3: an answer that is hidden is absent from every answer of the API', async () => {
  const { number } = await ok(open({ who: 'all' }), 201);
  const secret = 8_754_321;
  await ok(api(w.agent, 'PATCH', `/api/tickets/${number}/fields`, { fields: { cost: secret } }));
  assert.equal((await read(w.agent, number)).form.fields.find((f) => f.key === 'cost').value, secret);
  for (const session of [w.member, w.main, w.partner, w.chief]) {
    for (const path of [`/api/tickets/${number}`, `/t/${number}`, '/api/tickets', '/tickets', '/api/inbox', '/', '/api/forms', `/api/tickets/${number}/comments`]) {
      const answer = await api(session, 'GET', path);
      assert.equal(answer.status, 200, path);
      assert.ok(!answer.text.includes(String(secret)) && !answer.text.includes('costs us'), `${path} tells`);
    }
  }
});

test('V3: a priority is hidden, shown or editable, by role and portal', async () => {
  const { number } = await ok(open({ who: 'all' }), 201);
  await ok(api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'urgent' }));
  const item = async (session, path = '/api/tickets') => (await ok(api(session, 'GET', path))).items.find((t) => t.number === number);
  assert.equal((await read(w.member, number)).priority, 'urgent');
  await admin('PATCH', '/api/fields/priority/policy', { role: 'member', access: 'hidden' });
  await admin('PATCH', '/api/fields/status/policy', { role: 'member', access: 'hidden' });
  for (const shown of [await read(w.member, number), await item(w.member)]) assert.deepEqual([shown.status, shown.group, shown.priority], [null, null, null]);
  assert.equal((await ok(api(w.member, 'GET', '/api/tickets?group=open'))).items.length, 0, 'nor is it found by what it is');
  assert.equal((await item(w.main)).priority, 'urgent');
  assert.equal((await item(w.partner, '/api/inbox')).priority, 'urgent');
  await admin('PATCH', '/api/fields/priority/policy', { role: 'member', access: 'edit', portal: w.portal.town });
  assert.deepEqual((await ok(api(w.member, 'GET', '/api/forms'))).priority, { required: false });
  await ok(api(w.member, 'PATCH', `/api/tickets/${number}/fields`, { fields: { priority: 'low' } }));
  assert.equal((await read(w.agent, number)).priority, 'low');
  assert.deepEqual(faults(await api(w.main, 'PATCH', `/api/tickets/${number}/fields`, { fields: { priority: 'high' } })), ['fields.priority read_only']);
  await admin('PATCH', '/api/fields/priority/policy', { role: 'agent', access: 'view' });
  assert.deepEqual(faults(await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'high' })), ['priority read_only']);
  for (const [field, body] of [['priority', { role: 'member' }], ['status', { role: 'member' }], ['priority', { role: 'member', portal: w.portal.town }], ['priority', { role: 'agent' }]])
    await admin('PATCH', `/api/fields/${field}/policy`, body);
  assert.equal((await item(w.member)).status, 'new', 'what is above holds again');
});

test('S3: the answers propose a priority to agents, by rules that are data', async () => {
  await admin('PATCH', '/api/types/problem', { rules: [{ condition: { all: [{ field: 'who', is: ['all'] }] }, priority: 'high' }] });
  const { number } = await ok(open({ who: 'all' }), 201);
  assert.deepEqual((await read(w.agent, number)).form.proposal, { priority: 'high', because: { all: [{ field: 'who', is: ['all'] }] } });
  assert.equal((await read(w.member, number)).form.proposal, null);
});

test('V3: conditions that go round are refused; what others wait for stays', async () => {
  const circular = { all: [{ field: 'profiles', is: ['pupils'] }] };
  assert.deepEqual(faults(await api(w.admin, 'POST', '/api/types/problem/fields', { field: 'who', condition: circular })), ['condition circular']);
  assert.deepEqual(faults(await api(w.admin, 'DELETE', '/api/types/problem/fields/who')), ['field used']);
  assert.deepEqual(faults(await api(w.admin, 'POST', '/api/types/problem/fields', { field: 'since', condition: { all: [{ field: 'since', is: ['x'] }] } })), ['condition condition']);
  assert.deepEqual(faults(await api(w.admin, 'POST', '/api/fields', { key: 'Bad key', kind: 'text', labels: { en: 'x' } })), ['key invalid']);
  assert.deepEqual(faults(await api(w.admin, 'POST', '/api/fields', { key: 'x', kind: 'colour', labels: { en: 'x' } })), ['kind choice']);
  assert.deepEqual(faults(await api(w.admin, 'POST', '/api/types', { key: 'problem', labels: { en: 'x' } })), ['key taken']);
});

test('T6: an account offers some of the types, by a setting of its own', async () => {
  await admin('POST', '/api/types', { key: 'wish', labels: text('Wish'), is_problem: false });
  const setting = (body) => ok(api(w.chief, 'PATCH', '/api/settings', { name: 'ticket_types', ...body }));
  const types = async (session) => (await ok(api(session, 'GET', '/api/forms'))).types.map((t) => t.key);
  assert.deepEqual(await types(w.member), ['problem', 'wish']);
  const page = await setting({ value: 'wish' });
  assert.deepEqual(page.settings.find((s) => s.name === 'ticket_types').names.wish, text('Wish'));
  assert.deepEqual(await types(w.member), ['wish']);
  assert.deepEqual(await types(w.villager), ['problem', 'wish']);
  assert.deepEqual(faults(await open({ who: 'all' }, { type: 'problem' })), ['type choice']);
  assert.deepEqual(faults(await api(w.chief, 'PATCH', '/api/settings', { name: 'ticket_types', value: 'nothing' })), ['value choice']);
  assert.deepEqual(faults(await api(w.chief, 'PATCH', '/api/settings', { name: 'ticket_types', value: '' })), ['value choice']);
  await setting({ inherit: true });
  assert.deepEqual(await types(w.member), ['problem', 'wish']);
});

test('an archived field is asked no more, and stays where it was answered', async () => {
  const { number } = await ok(open({ who: 'all', since: '2026-01-01' }), 201);
  const forms = await admin('PATCH', '/api/fields/since', { archived: true });
  assert.ok(forms.fields.find((f) => f.key === 'since').used >= 1);
  assert.ok(!(await ok(api(w.member, 'GET', '/api/forms'))).types[0].fields.some((f) => f.key === 'since'));
  assert.equal((await read(w.member, number)).form.fields.find((f) => f.key === 'since').value, '2026-01-01');
  assert.deepEqual(faults(await open({ who: 'all', since: '2026-01-01' })), ['fields.since unknown']);
});
