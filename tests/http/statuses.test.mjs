// SPDX-License-Identifier: AGPL-3.0-or-later
//
// W3 over the API: a tenant's own words for statuses wherever they are read, and
// which status may follow which. tests/sql/statuses.sql has the rules one by one.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { said } from '../lib/texts.mjs';
import { api, get, makeWorld } from './world.mjs';

let w;
const ok = async (answer, status = 200) => {
  answer = await answer;
  assert.equal(answer.status, status, answer.text.slice(0, 400));
  return answer.json;
};
const admin = (method, path, body) => api(w.admin, method, path, body);
const refused = async (answer) => problem(await answer, 422).errors.map((e) => `${e.field} ${e.code}`).join();
const open = async (title, session = w.member) => (await ok(api(session, 'POST', '/api/tickets', { title, description: 'x' }), 201)).number;
const boot = (answer) => JSON.parse(/<script[^>]*id="boot"[^>]*>([^<]*)</.exec(answer.text)[1]);
const langs = { sv: 'Klart och löst', fr: 'C’est réglé', ja: '解決しました' };

before(async () => {
  w = await makeWorld();
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    update app.people set email = 'words-' || '${w.mark}' || '-' || id || '@people.example' where tenant_id = ${w.tenant} and id in (${w.people.member.id}, ${w.people.main.id}, ${w.people.second.id});
    update app.people set locale = case id when ${w.people.member.id} then 'sv' when ${w.people.main.id} then 'fr' else 'ja' end where tenant_id = ${w.tenant} and id in (${w.people.member.id}, ${w.people.main.id}, ${w.people.second.id}); update app.confirmations c set email = p.email from app.people p where c.tenant_id = ${w.tenant} and p.tenant_id = c.tenant_id and p.id = c.person_id; commit`);
  for (const name of ['member', 'main', 'second']) w.people[name].email = `words-${w.mark}-${w.people[name].id}@people.example`;
});

test('W3: the tenant\'s word in the list, the ticket, mail, the home page and CSV; without one the product\'s', async () => {
  const number = await open('Oven');
  const home = async () => (await get(w.host.town, '/', { cookie: `${w.member.cookie}; lang=sv` })).text;
  assert.ok((await home()).includes(said('sv', 'status.new')), 'as before');
  assert.equal(boot(await get(w.host.town, '/tickets', { cookie: w.member.cookie })).labels, null);
  await ok(admin('PATCH', '/api/statuses/solved', { customers: langs, agents: { en: 'Fixed, we think' } }));
  const started = Date.now();
  for (const who of ['main', 'second']) await ok(api(w.member, 'POST', `/api/tickets/${number}/people`, { cc: [w.people[who].email] }), 201);
  await ok(api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'solved' }));
  for (const path of ['/tickets', `/t/${number}`]) {
    const b = boot(await get(w.host.town, path, { cookie: `${w.member.cookie}; lang=sv` }));
    assert.deepEqual(b.labels, { 'status.solved': langs.sv }, path);
    assert.ok(!JSON.stringify(b.route).includes(langs.sv), 'never a word a ticket');
  }
  assert.ok((await home()).includes(langs.sv));
  const csv = async (session, path, lang) => (await api(session, 'GET', `${path}?lang=${lang}`)).text;
  const english = await get(w.host.town, '/api/tickets.csv?lang=sv', { cookie: `${w.member.cookie}; lang=sv` });
  assert.match(english.text, new RegExp(`^${number},Oven,${langs.sv},`, 'm'));
  assert.match(await csv(w.agent, '/api/queue.csv', 'en'), new RegExp(`^${number},Oven,"?Fixed`, 'm'));
  assert.deepEqual(boot(await get(w.host.desk, '/agent', { cookie: `${w.agent.cookie}; lang=en` })).labels, { 'state.solved': 'Fixed, we think' });
  for (const [who, lang] of [['member', 'sv'], ['main', 'fr'], ['second', 'ja']]) {
    const [mail] = await mails({ to: w.people[who].email, since: started, about: langs[lang] });
    const line = said(lang, 'mail.status', { status: langs[lang] });
    assert.ok(mail.text.includes(line), `${lang}: ${mail.text}`);
    assert.ok(mail.html.includes(langs[lang].replaceAll('’', '’')), lang);
  }
  await ok(api(w.member, 'POST', `/api/tickets/${number}/reopening`, {}), 201);
  const [again] = await mails({ to: w.people.main.email, since: started, about: said('fr', 'mail.status', { status: said('fr', 'status.in_progress') }) });
  assert.ok(again, 'the product\'s word where the tenant has none');
});

test('W3: words that are none', async () => {
  const name = (body) => refused(admin('PATCH', '/api/statuses/closed', body));
  const nine = Object.fromEntries(['de', 'en', 'es', 'fr', 'it', 'ja', 'pt', 'sv', 'nl'].map((l) => [l, 'x']));
  assert.equal(await name({ agents: nine }), 'agents language');
  assert.equal(await name({ customers: { en: 'x'.repeat(41) } }), 'customers invalid');
  assert.equal(await name({ customers: { en: 'x\u2028' } }), 'customers invalid');
  assert.equal(await name({ customers: { en: 'a\nb' } }), 'customers invalid');
  assert.equal(await name({ customers: { en: '  ' } }), 'customers blank');
  assert.equal(await name({ customers: 'x' }), 'customers type');
  problem(await admin('PATCH', '/api/statuses/gone', { agents: { en: 'x' } }), 404);
});

test('W3: which may follow which, and a page that knows an older rule is told', async () => {
  const all = ['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'];
  const every = Object.fromEntries(all.map((from) => [from, all.filter((to) => to !== from)]));
  const limit = (moves) => admin('PATCH', '/api/transitions/agent', { moves });
  assert.equal(await refused(limit({})), 'moves stuck');
  assert.equal(await refused(limit({ ...every, on_hold: [] })), 'moves stuck');
  assert.equal(await refused(limit({ new: ['in_progress'], in_progress: ['new'], blocked: ['new'], on_hold: ['new'], solved: ['new'], closed_escalated: ['new'] })), 'moves unreachable');
  assert.equal(await refused(limit({ ...every, new: ['gone'] })), 'moves choice');
  problem(await admin('PATCH', '/api/transitions/agent', {}), 422);
  problem(await admin('PATCH', '/api/transitions/member', { moves: every }), 404);
  await ok(limit({ ...every, new: ['in_progress', 'blocked'] }));
  const number = await open('Limited');
  const { moves } = boot(await get(w.host.desk, `/agent/t/${number}`, { cookie: w.agent.cookie }));
  assert.deepEqual(moves.new, ['blocked', 'in_progress']);
  const [fault] = problem(await api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'closed' }), 422).errors;
  assert.deepEqual([fault.field, fault.code, fault.from, fault.allowed], ['status', 'transition', 'new', ['blocked', 'in_progress']]);
  assert.equal((await ok(api(w.admin, 'PATCH', `/api/tickets/${number}`, { status: 'closed' }))).ticket.status, 'closed', 'administrators are not limited');
  await ok(api(w.member, 'POST', `/api/tickets/${number}/reopening`, {}), 201);
  await ok(admin('DELETE', '/api/transitions/agent'));
  await ok(api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'closed' }));
});
