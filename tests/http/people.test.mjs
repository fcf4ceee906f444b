// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Coming in: a password by code, invitations, registering, confirming an
// address; and that a stranger learns nothing by asking.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { originOf, problem } from '../lib/http.mjs';
import { psql, psqlJson } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { anyAddress, api, get, makeSession, makeWorld, newMark, password, request, sessionAt } from './world.mjs';

let w, other;
before(async () => { [w, other] = [await makeWorld(), await makeWorld({ only: ['member', 'main'] })]; });

function post(host, path, fields, { cookie, address = anyAddress() } = {}) {
  return request(host, 'POST', path, {
    cookie, address, body: new URLSearchParams(fields).toString(),
    headers: { Origin: originOf(host), 'Content-Type': 'application/x-www-form-urlencoded' },
  });
}
const signIn = (host, email, secret) => post(host, '/sign-in', { email, password: secret, to: '/' });
const cookieOf = (answer) => answer.headers['set-cookie']?.[0].split(';')[0];
const fresh = 'a brand new password';
const newAddress = () => `${newMark()}@people.example`;
const linkIn = (mail) => new URL(/https:\/\/\S+/.exec(mail.text)[0]).pathname;
const age = (email, by) => psql('postgres', `update app.one_time set expires_at = expires_at - interval '${by}'
  where tenant_id = ${w.tenant} and email = '${email}'`);
async function setting(name, value, at = w.id.town) {
  await psql('postgres', `insert into app.settings (tenant_id, scope, name, value, account_id) values (${w.tenant}, ${at} * 2, '${name}', '${value}', ${at})
    on conflict (tenant_id, scope, name) do update set value = excluded.value`);
}
// Somebody of an own address, since other files use those of the world.
async function somebody(role, { confirmed = true, portal = null } = {}) {
  const email = newAddress();
  const id = Number(await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false) \\g /dev/null
    insert into app.people (tenant_id, email, name) values (${w.tenant}, '${email}', 'Some ${role} ${w.mark}') returning id \\gset
    insert into app.memberships (tenant_id, person_id, role, account_id, portal_id) values (${w.tenant}, :id, '${role}', ${w.id.town}, ${portal});
    insert into app.credentials (tenant_id, person_id, salt, passes, memory_kib, verifier)
      select tenant_id, :id, salt, passes, memory_kib, verifier from app.credentials where tenant_id = ${w.tenant} and person_id = ${w.member.person.id};
    ${confirmed ? `insert into app.confirmations (tenant_id, person_id, portal_id, email) values (${w.tenant}, :id, ${w.portal.town}, '${email}');` : ''}
    commit; select :id;`));
  w.people[email] = { id, email, name: `Some ${role} ${w.mark}`, host: w.host.town, password };
  return makeSession(w, email);
}
async function codeFor(email, since) {
  const [mail] = await mails({ to: email, since, about: 'code' });
  return /\b\d{8}\b/.exec(mail.text)[0];
}

test('P3: a password by code: wrong, right, used, and old sessions end', async () => {
  const who = await somebody('member');
  const { email } = who.person;
  const since = Date.now();
  const asked = await post(w.host.town, '/forgot', { email: email.toUpperCase() });
  assert.equal(asked.status, 200);
  const code = await codeFor(email, since);
  const wrong = await post(w.host.town, '/reset', { email, code: '00000000', password: fresh });
  assert.equal(wrong.status, 422);
  assert.ok(wrong.text.includes('role="alert"') && !wrong.text.includes(fresh));
  const short = await post(w.host.town, '/reset', { email, code, password: 'short' });
  assert.equal(short.status, 422);
  assert.equal((await post(other.host.town, '/reset', { email, code, password: fresh })).status, 422, 'another tenant\'s portal');
  assert.equal((await post(w.host.school, '/reset', { email, code, password: fresh })).status, 422, 'another portal');
  assert.equal((await post(w.host.town, '/reset', { email, code: ` ${code.slice(0, 4)} ${code.slice(4)} `, password: fresh })).status, 200, 'with blanks as people type them');
  problem(await api(who, 'GET', '/api/tickets'), 401, 'signed-out');
  assert.equal((await post(w.host.town, '/reset', { email, code, password: 'and another one' })).status, 422, 'once');
  assert.equal((await signIn(w.host.town, email, password)).status, 401);
  assert.equal((await signIn(w.host.town, email, fresh)).status, 303);
  await mails({ to: email, since, about: 'Your password was changed' });
});

test('P3: five tries, fifteen minutes', async () => {
  const who = await somebody('member');
  const { email } = who.person;
  let since = Date.now();
  await post(w.host.town, '/forgot', { email });
  let code = await codeFor(email, since);
  for (let i = 0; i < 5; i++) assert.equal((await post(w.host.town, '/reset', { email, code: '12345678', password: fresh })).status, 422);
  assert.equal((await post(w.host.town, '/reset', { email, code, password: fresh })).status, 422, 'the sixth, though right');
  since = Date.now();
  await post(w.host.town, '/forgot', { email });
  code = await codeFor(email, since);
  await age(email, '16 minutes');
  assert.equal((await post(w.host.town, '/reset', { email, code, password: fresh })).status, 422, 'too late');
});

test('P3: too often is told, with a time to wait', async () => {
  const email = newAddress();
  const address = anyAddress();
  for (let i = 0; i < 5; i++) assert.equal((await post(w.host.town, '/forgot', { email })).status, 200);
  const many = await post(w.host.town, '/forgot', { email });
  assert.equal(many.status, 429);
  assert.ok(Number(many.headers['retry-after']) > 0);
  assert.match(many.text, /Too many tries|Troppi/);
  const who = (await somebody('member')).person;
  for (let i = 0; i < 10; i++) assert.equal((await post(w.host.town, '/sign-in', { email: who.email, password: 'wrong' }, { address })).status, 401);
  assert.equal((await post(w.host.town, '/sign-in', { email: who.email, password }, { address })).status, 429, 'the right one too, from there');
  assert.equal((await signIn(w.host.town, who.email, password)).status, 303, 'but not from elsewhere');
});

const bare = (answer, ...words) => {
  const { date, 'x-request-id': id, 'content-length': length, ...headers } = answer.headers;
  return JSON.stringify([answer.status, headers, words.reduce((text, word) => text.replaceAll(word, 'X'), answer.text.replaceAll(id, 'ID'))]);
};

test('P3: known or not: one answer, and no mail to a stranger', async () => {
  const known = (await somebody('member')).person.email;
  const unknown = newAddress();
  const since = Date.now();
  for (const [path, fields] of [['/forgot', {}], ['/reset', { code: '11111111', password: fresh }], ['/invite', {}], ['/sign-in', { password: 'wrong', to: '/' }]]) {
    const answers = [];
    for (const email of [known, unknown]) answers.push(bare(await post(w.host.town, path, { email, ...fields }), email));
    assert.equal(answers[0], answers[1], path);
  }
  await mails({ to: known, since });
  assert.deepEqual(caught({ to: unknown, since }), []);
});

test('T6: registering: closed, by domain, open, and the proof of the address', async () => {
  const email = newAddress();
  for (const mode of ['invitation', 'closed']) {
    await setting('registration', mode);
    const { text } = await get(w.host.town, '/register');
    assert.ok(!text.includes('name="email"'));
    assert.equal(text.includes('takes in nobody new'), mode === 'closed');
    assert.equal((await post(w.host.town, '/register', { email })).status, 422);
    // Whom somebody who may invite brings in: nobody new where it is closed.
    await setting('inviters', 'main_user');
    const invite = (who, more) => api(who, 'POST', '/api/invitations', { email: newAddress(), role: 'member', ...more });
    assert.equal((await invite(w.main)).status, mode === 'closed' ? 403 : 201, mode);
    assert.equal((await invite(w.chief)).status, 201);
    if (mode === 'invitation') assert.deepEqual(problem(await invite(w.main, { support: true }), 422).errors.map((e) => [e.field, e.code]), [['support', 'administrators']]);
    await setting('inviters', 'account_admin');
  }
  await setting('registration', 'domain');
  await setting('registration_domains', 'town.example people.example');
  assert.equal((await post(w.host.town, '/register', { email: 'x@evil.example' })).status, 422);
  assert.equal((await post(w.host.town, '/register', { email: 'x@people.example.evil.example' })).status, 422);
  const since = Date.now();
  assert.equal((await post(w.host.town, '/register', { email })).status, 200);
  const [mail] = await mails({ to: email, since });
  const path = linkIn(mail);
  assert.equal(await psql('postgres', `select count(*) from app.people where tenant_id = ${w.tenant} and email = '${email}'`), '0', 'nobody before the proof');
  assert.ok((await get(w.host.town, path)).text.includes(email));
  const joined = await post(w.host.town, path, { name: 'Reg Ister', password: fresh, lang: 'it' });
  assert.equal(joined.status, 303);
  const session = { host: w.host.town, scheme: 'https', cookie: cookieOf(joined) };
  assert.equal((await api(session, 'POST', '/api/tickets', { title: 'x', description: 'x' })).status, 201, 'confirmed by the link');
  assert.equal((await post(w.host.town, path, { name: 'Reg Ister', password: fresh })).status, 410, 'once');
  await setting('registration', 'invitation');
});

test('P1: an invitation that is over is sent again to who asks, and good again', async () => {
  const email = newAddress();
  assert.equal((await api(w.chief, 'POST', '/api/invitations', { email, role: 'member' })).status, 201);
  const [first] = await mails({ to: email });
  await age(email, '15 days');
  await psql('postgres', `update app.invitations set expires_at = now() - interval '1 day' where tenant_id = ${w.tenant} and email = '${email}'`);
  assert.equal((await post(w.host.town, linkIn(first), { name: 'x', password: fresh })).status, 410);
  const since = Date.now();
  assert.equal((await post(w.host.town, '/invite', { email })).status, 200);
  const [mail] = await mails({ to: email, since });
  assert.equal((await post(w.host.town, linkIn(mail), { name: 'In Vited', password: fresh })).status, 303);
});

test('bad addresses and names are refused, not stored', async () => {
  for (const email of [`${'a'.repeat(300)}@people.example`, 'a@b\r\nBcc: c@d.example', 'nobody', 'a b@c.example', '"a"@c.example']) {
    for (const path of ['/forgot', '/invite', '/register']) assert.equal((await post(w.host.town, path, { email })).status, 422, `${path} ${email}`);
  }
  assert.equal((await get(w.host.town, '/invite/1-abc')).status, 200);
  assert.equal((await post(w.host.town, `/invite/${'9'.repeat(16)}-${'A'.repeat(43)}`, { name: 'x', password: fresh })).status, 410);
});

test('P2: an address is confirmed once a portal before support is used', async () => {
  const who = await somebody('member', { confirmed: false });
  const { email } = who.person;
  problem(await api(who, 'POST', '/api/tickets', { title: 'x', description: 'x' }), 403, 'confirm-address');
  assert.equal((await api(who, 'GET', '/api/support')).json.state, 'confirm-address');
  const page = await get(w.host.town, '/support', { cookie: who.cookie });
  assert.ok(page.text.includes('action="/support"'));
  const since = Date.now();
  assert.equal((await post(w.host.town, '/support', {}, { cookie: who.cookie })).status, 200);
  const [mail] = await mails({ to: email, since });
  const path = linkIn(mail);
  assert.match(path, /^\/confirm\//);
  for (let i = 0; i < 2; i++) assert.ok((await get(w.host.town, path)).text.includes(email), 'looking does not use it up');
  for (const host of [w.host.school, other.host.town]) assert.equal((await post(host, path, {})).status, 410, 'elsewhere it is nothing');
});

test('P2: a link confirms, once; another portal asks again', async () => {
  const who = await somebody('member', { confirmed: false });
  const since = Date.now();
  assert.equal((await api(who, 'POST', '/api/confirmation')).status, 201);
  const [mail] = await mails({ to: who.person.email, since });
  const path = linkIn(mail);
  assert.equal((await post(w.host.town, path, {})).status, 200);
  assert.equal((await post(w.host.town, path, {})).status, 410);
  assert.equal((await api(who, 'POST', '/api/tickets', { title: 'x', description: 'x' })).status, 201);
  problem(await api(await sessionAt(who, w.host.school), 'POST', '/api/tickets', { title: 'x', description: 'x' }), 403, 'confirm-address');
});

test('P9: no mail about a ticket before the address is confirmed', async () => {
  const who = await somebody('member', { confirmed: false });
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: `secret ${w.mark}`, description: 'x' })).json;
  await psql('postgres', `insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at) values (${w.tenant}, ${number}, ${who.person.id} * 4::bigint, now())`);
  const since = Date.now();
  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'an answer' });
  await mails({ to: w.member.person.email, since, about: `secret ${w.mark}` });
  assert.deepEqual(caught({ to: who.person.email, since }), []);
});

test('P7: who may not use support sees who can', async () => {
  const admin = await somebody('account_admin');
  await setting('support_users', 'main_user');
  const refused = problem(await api(w.member, 'POST', '/api/tickets', { title: 'x', description: 'x' }), 403, 'support-not-allowed');
  assert.ok(refused.detail);
  const support = (await api(w.member, 'GET', '/api/support')).json;
  assert.equal(support.state, 'support-not-allowed');
  assert.deepEqual(support.people.can.map((p) => p.name).sort(), [`Chief ${w.mark}`, `Main ${w.mark}`, admin.person.name].sort());
  const page = (await get(w.host.town, '/support', { cookie: w.member.cookie })).text;
  for (const what of [`Main ${w.mark}`, 'href="/kb"', 'href="/status"']) assert.ok(page.includes(what), what);
  assert.equal((await api(w.main, 'POST', '/api/tickets', { title: 'x', description: 'x' })).status, 201);
  assert.equal((await api(admin, 'POST', '/api/tickets', { title: 'x', description: 'x' })).status, 201, 'administrators always');
  // Appointed: in force for the next request.
  const list = (await api(admin, 'GET', '/api/people')).json.items;
  const membership = list.find((p) => p.id === w.member.person.id).roles[0];
  await setting('support_users', 'support_user');
  problem(await api(w.member, 'POST', '/api/tickets', { title: 'x', description: 'x' }), 403, 'support-not-allowed');
  assert.equal((await api(admin, 'PATCH', `/api/memberships/${membership.id}`, { role: 'member', support: true })).status, 200);
  assert.equal((await api(w.member, 'POST', '/api/tickets', { title: 'x', description: 'x' })).status, 201);
  await setting('support_users', 'account_admin portal_admin main_user member support_user partner');
});

test('P7: a page for people without a login tells whom to ask, by name alone', async () => {
  const ask = async (host) => (await get(host, '/ask')).text;
  const chosen = async (name, is) => psql('postgres', `update app.memberships set is_support = ${is} where tenant_id = ${w.tenant} and person_id = ${w.people[name].id}`);
  for (const name of ['member', 'pupil', 'villager', 'second']) await chosen(name, name !== 'second');
  assert.match((await get(w.host.town, '/sign-in')).text, /<a href="\/ask">No login\? Whom to ask<\/a>/);
  const town = await ask(w.host.town);
  assert.ok(town.includes(w.people.member.name) && town.includes(`Town ${w.mark}`));
  for (const hidden of [w.people.pupil.name, w.people.villager.name, w.people.second.name, w.people.chief.name, 'people.example']) assert.ok(!town.includes(hidden), hidden);
  const school = await ask(w.host.school);
  assert.ok(school.includes(w.people.member.name) && school.includes(w.people.pupil.name), 'of the account, and of this portal');
  // Who may not use support after all is not named; nor is anybody where nobody is appointed.
  await setting('support_users', 'main_user');
  assert.ok((await ask(w.host.town)).includes('Ask the administrator of your organisation'));
  await setting('support_users', 'support_user');
  assert.ok((await ask(w.host.town)).includes(w.people.member.name));
  await setting('support_users', 'account_admin portal_admin main_user member support_user partner');
  for (const name of ['member', 'pupil', 'villager']) await chosen(name, false);
  const none = await ask(w.host.town);
  assert.ok(none.includes('Ask the administrator of your organisation') && !none.includes(w.people.chief.name));
  assert.equal((await get(w.host.desk, '/ask')).status, 404, 'not at a desk');
  assert.ok(!(await get(w.host.desk, '/sign-in')).text.includes('/ask'));
  await psql('postgres', `update app.hosts set is_suspended = true where tenant_id = ${w.tenant}`);
  assert.equal((await get(w.host.town, '/ask')).status, 404, 'nor of a suspended tenant');
  await psql('postgres', `update app.hosts set is_suspended = false where tenant_id = ${w.tenant}`);
});

test('an event of every step is kept', async () => {
  const kinds = await psqlJson('postgres', `select json_agg(distinct kind) from app.events where tenant_id = ${w.tenant}`);
  for (const kind of ['password.reset_asked', 'security.password_changed', 'address.confirming', 'person.registering', 'person.joined', 'membership.changed']) assert.ok(kinds.includes(kind), kind);
});
