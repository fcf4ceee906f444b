// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A login moved by the staff an account is shown: what those it is about are
// told, and how they stop it.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { originOf, problem } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { api, get, makeSessions, makeWorld, newMark, request } from './world.mjs';
import { inTenant, newcomer } from './routes_people.mjs';

let w;
before(async () => {
  w = await makeWorld();
  await psql('postgres', `insert into app.named_contacts (tenant_id, account_id, kind, person_id) values (${w.tenant}, ${w.id.town}, 'delivery', ${w.people.agent.id})`);
});
const move = (email, to) => api(w.agent, 'POST', '/api/moves', { account: w.id.town, person: email, email: to });

test('P2: by a grant; the old address stops it by the mail\'s link', async () => {
  const { email } = await newcomer(w);
  problem(await move(email, 'x@people.example'), 403);
  await api(w.chief, 'POST', '/api/access/grants', { scope: 'all', ends_at: new Date(Date.now() + 3_600_000).toISOString(), reason: 'x' });
  assert.deepEqual(problem(await move('nobody@people.example', 'x@people.example'), 422).errors.map((e) => [e.field, e.code]), [['person', 'unknown']]);
  assert.deepEqual(problem(await move(email, 'x'), 422).errors.map((e) => e.field), ['email']);
  const since = Date.now(), to = `${newMark()}@people.example`;
  const begun = await move(email, to);
  assert.equal(begun.status, 201, begun.text);
  const here = async () => (await api(w.agent, 'GET', '/api/grants')).json.moves;
  assert.deepEqual((await here()).begun.map((m) => [m.old, m.email]), [[email, to]]);
  const [mail] = await mails({ to: email, since });
  assert.ok(mail.text.includes(to) && /support provider/.test(mail.text), mail.text);
  const [told] = await mails({ to: w.people.chief.email, since, about: 'another address' });
  assert.ok(told.text.includes(email) && told.text.includes(to));
  const link = new URL(/https:\/\/\S+/.exec(mail.text)[0]);
  assert.equal(link.hostname, w.host.town);
  assert.equal((await get(link.hostname, link.pathname)).status, 200);
  const stopped = await request(link.hostname, 'POST', link.pathname, { body: 'stop=yes', headers: { Origin: originOf(link.hostname), 'Content-Type': 'application/x-www-form-urlencoded' } });
  assert.equal(stopped.status, 200, stopped.text);
  assert.deepEqual((await here()).begun, []);
});

const addressOf = (id) => psql('postgres', `select email from app.people where tenant_id = ${w.tenant} and id = ${id}`);
const overdue = (to) => psql('postgres', `update app.email_changes set due_at = now() - interval '1 second' where tenant_id = ${w.tenant} and new_email = '${to}'`);

test('P2: whoever may no longer begin a move has begun none', async () => {
  // Staff, whose way in is ended.
  const grants = async () => (await api(w.chief, 'GET', '/api/access')).json.grants;
  if (!(await grants()).length) await api(w.chief, 'POST', '/api/access/grants', { scope: 'all', ends_at: new Date(Date.now() + 3_600_000).toISOString(), reason: 'x' });
  const whose = await newcomer(w);
  let to = `${newMark()}@people.example`, since = Date.now();
  assert.equal((await move(whose.email, to)).status, 201);
  for (const { id } of await grants()) assert.equal((await api(w.chief, 'DELETE', `/api/access/grants/${id}`)).status, 204);
  await mails({ to: whose.email, since, about: 'was stopped' });
  assert.deepEqual((await api(w.agent, 'GET', '/api/grants')).json.moves.begun.filter((m) => m.email === to), []);
  // An administrator, who is one no more.
  const rogue = await newcomer(w, { role: 'account_admin' });
  w.people.rogue = { id: rogue.person, host: w.host.town };
  const { rogue: session } = await makeSessions(w, ['rogue']);
  to = `${newMark()}@people.example`; since = Date.now();
  assert.equal((await api(session, 'POST', `/api/people/${whose.person}/email`, { email: to })).status, 201);
  assert.equal((await api(w.chief, 'DELETE', `/api/memberships/${rogue.membership}`)).status, 204);
  await mails({ to: w.people.chief.email, since, about: 'was stopped' });
  await overdue(to);
  assert.equal(await addressOf(whose.person), whose.email);
});

test('P2: one whose target is somebody else by then is stopped by a yes; a due one is in force in seconds', async () => {
  const whose = await newcomer(w);
  const rogue = await newcomer(w, { role: 'account_admin' });
  w.people.second_chief = { id: rogue.person, host: w.host.town };
  const { second_chief: session } = await makeSessions(w, ['second_chief']);
  const begin = async () => {
    const to = `${newMark()}@people.example`;
    return { to, id: (await api(session, 'POST', `/api/people/${whose.person}/email`, { email: to })).json.id };
  };
  const first = await begin();
  const elsewhere = await inTenant(w, `insert into app.memberships (tenant_id, person_id, role, account_id) values (${w.tenant}, ${whose.person}, 'member', ${w.id.village}) returning id`);
  assert.equal((await api(w.chief, 'PATCH', `/api/moves/${first.id}`, { yes: true })).json.done, false);
  assert.equal(await addressOf(whose.person), whose.email);
  await inTenant(w, `delete from app.memberships where tenant_id = ${w.tenant} and id = ${elsewhere}`);
  const { to } = await begin();
  await overdue(to);
  await until('the login is moved', async () => await addressOf(whose.person) === to);
});
