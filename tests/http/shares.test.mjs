// SPDX-License-Identifier: AGPL-3.0-or-later
//
// People added to tickets: who may, who is told what, the mail; and access that
// is gone with the membership, in the very next request, whoever answers it.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newKey, originOf, problem } from '../lib/http.mjs';
import { psql } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { anyAddress, api, fromEveryWorker, get, makeWorld, request, sessionAt } from './world.mjs';

let w;
before(async () => { w = await makeWorld(); });

const address = (who) => w.people[who].email;
const open = (who, cc, title = `Oven ${w.mark}`) => api(w[who], 'POST', '/api/tickets', { title, description: 'x', ...(cc ? { cc } : {}) });
const share = (who, number, cc) => api(w[who], 'POST', `/api/tickets/${number}/people`, { cc });
const remove = (who, number, person) => api(w[who], 'DELETE', `/api/tickets/${number}/people/${w.people[person].id}`);
const sees = async (who, number) => (await api(w[who], 'GET', `/api/tickets/${number}`)).status === 200;
const setting = (value) => psql('postgres', `insert into app.settings (tenant_id, scope, name, value, account_id)
  values (${w.tenant}, ${w.id.town} * 2::bigint, 'support_users', '${value}', ${w.id.town})
  on conflict (tenant_id, scope, name) do update set value = excluded.value`);
const inTenant = (statement) => psql('postgres', `begin;
  select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
  ${statement}; commit;`);

test('whoever is added at the opening sees it, is listed and answers', async () => {
  const { status, json } = await open('member', [` ${address('second').toUpperCase()} `, address('second'), address('member'), address('pupil')]);
  assert.equal(status, 201);
  const page = (await api(w.second, 'GET', `/api/tickets/${json.number}`)).json;
  assert.deepEqual(new Set(page.shared), new Set(['member', 'second', 'pupil'].map((p) => w.people[p].id)));
  assert.equal(page.people[w.people.pupil.id].name, w.people.pupil.name);
  assert.equal(page.ticket.can.share, true);
  assert.ok(await sees('pupil', json.number), 'at the school\'s portal too');
  assert.equal(await sees('villager', json.number), false);
  assert.equal((await api(w.second, 'POST', `/api/tickets/${json.number}/comments`, { body: 'Me too' })).status, 201);
  assert.ok((await api(w.second, 'GET', '/api/tickets')).json.items.some((t) => t.number === json.number));
  assert.deepEqual((await api(w.partner, 'GET', `/api/tickets/${json.number}`)).json.ticket.can.share, false);
});

test('P7: whoever may not is refused by name and reason, and nothing is made', async () => {
  const key = newKey();
  const before = (await api(w.member, 'GET', '/api/tickets')).json.items.length;
  const send = (cc) => api(w.member, 'POST', '/api/tickets', { title: 'Refused', description: 'x', cc }, { key });
  await setting('main_user');
  await psql('postgres', `update app.memberships set is_support = true where tenant_id = ${w.tenant} and person_id = ${w.people.member.id}`);
  await setting('main_user support_user');
  const answer = await send([address('second'), address('main'), address('villager'), address('agent'), `nobody-${w.mark}@x.example`, 'no address']);
  assert.deepEqual(problem(answer, 422, 'invalid').errors, [
    { field: 'cc', code: 'not_allowed', detail: address('second'), name: w.people.second.name },
    { field: 'cc', code: 'outside', detail: address('villager'), name: null },
    { field: 'cc', code: 'outside', detail: address('agent'), name: null },
    { field: 'cc', code: 'outside', detail: `nobody-${w.mark}@x.example`, name: null },
    { field: 'cc', code: 'email', detail: 'no address', name: null }]);
  assert.equal((await api(w.member, 'GET', '/api/tickets')).json.items.length, before);
  const made = await send([address('main')]);
  assert.equal(made.status, 201, 'under the same key without them');
  assert.equal((await send([address('main')])).json.number, made.json.number, 'once');
  problem(await send([]), 409, 'idempotency-key-reused');
  const found = (await api(w.member, 'GET', '/api/colleagues?q=second')).json.items;
  assert.deepEqual(found.map((f) => [f.id, f.may]), [[w.people.second.id, false]]);
  await setting('account_admin portal_admin main_user member support_user partner');
});

test('bad lists are told so', async () => {
  for (const [cc, code] of [['x', 'type'], [{}, 'type'], [7, 'type'], [Array.from({ length: 21 }, (_, i) => `p${i}@x.example`), 'too_many'],
    [[`${'a'.repeat(300)}@x.example`], 'email'], [['second@people.example\r\nBcc: x@x.example'], 'email'], [[null], 'email'], [[['a@b.example']], 'email'],
    [Array.from({ length: 20 }, (_, i) => `${i}${'\u0001<\\"'.repeat(150)}`), 'email'], [['x'.repeat(17_000)], 'too_long']]) {
    const answer = await open('member', cc);
    // What is no text for a person is refused before anybody looks at it.
    if (answer.status === 400) continue;
    assert.equal(problem(answer, 422, 'invalid').errors[0].code, code, JSON.stringify(cc).slice(0, 80));
    assert.equal(answer.json.errors[0].field, 'cc');
  }
});

test('afterwards: added, mailed once, removed, and never shut out', async () => {
  const since = new Date();
  const title = `Later ${w.mark}`;
  const { number } = (await open('member', null, title)).json;
  problem(await share('villager', number, [address('villager')]), 404);
  problem(await share('agent', number, [address('second')]), 403);
  problem(await share('partner', number, [address('second')]), 403);
  assert.deepEqual((await share('main', number, [address('second')])).json.shared.length, 2, 'a main user adds somebody');
  assert.equal((await share('second', number, [address('second')])).json.shared.length, 2, 'again is nothing new');
  const [mail, ...more] = await mails({ to: address('second'), since, about: title });
  assert.deepEqual(more, []);
  assert.match(mail.text, new RegExp(`${w.people.main.name} added you to this ticket`));
  problem(await remove('second', number, 'member'), 422, 'invalid');
  problem(await remove('villager', number, 'second'), 404);
  assert.equal((await remove('member', number, 'second')).json.shared.length, 1);
  assert.equal((await remove('member', number, 'second')).status, 200, 'twice is once');
  assert.equal(await sees('second', number), false);
  problem(await share('second', number, [address('second')]), 404);
});

test('the staff named to the account are offered and may be added', async () => {
  await psql('postgres', `insert into app.named_contacts (tenant_id, account_id, kind, person_id)
    values (${w.tenant}, ${w.id.town}, 'delivery', ${w.people.agent.id}) on conflict do nothing`);
  const offered = (await api(w.member, 'GET', '/api/colleagues')).json;
  assert.deepEqual([offered.items.map((i) => [i.id, i.kind, i.may]), offered.invite], [[[w.people.agent.id, 'delivery', true]], false]);
  assert.equal((await api(w.chief, 'GET', '/api/colleagues')).json.invite, true);
  assert.equal((await open('member', [address('agent')])).status, 201);
});

test('N6: an unknown address is asked without a word of the ticket, and joins by accepting', async () => {
  const since = Date.now();
  const title = `Confidential ${w.mark}`;
  const who = `guest-${w.mark}@people.example`;
  const opened = await open('chief', [address('second'), who], title);
  assert.equal(opened.status, 201);
  const { number } = opened.json;
  const listed = async (asker) => (await api(w[asker], 'GET', `/api/tickets/${number}/people`)).json.lists?.pending.map((p) => [p.email, p.by]);
  for (const asker of ['chief', 'second', 'main', 'agent', 'partner']) assert.deepEqual(await listed(asker), [[who, w.people.chief.id]], asker);
  problem(await api(w.villager, 'GET', `/api/tickets/${number}/people`), 404);
  await mails({ to: who, since });
  // Who brings nobody in does not send it again.
  const [{ id, again }] = (await api(w.second, 'GET', `/api/tickets/${number}/people`)).json.lists.pending;
  assert.equal(again, false);
  problem(await api(w.second, 'POST', `/api/tickets/${number}/pending/${id}/again`, {}), 403);
  assert.equal((await api(w.chief, 'POST', `/api/tickets/${number}/pending/${id}/again`, {})).status, 201);
  const asked = await mails({ to: who, since, count: 2 });
  for (const mail of asked) {
    const all = JSON.stringify(mail);
    for (const word of ['Confidential', `#${number}`, `/t/${number}`, w.people.chief.name, w.people.second.name]) assert.ok(!all.includes(word), word);
  }
  const path = new URL(/https:\/\/\S+/.exec(asked[1].text)[0]).pathname;
  const page = await get(w.host.town, path);
  assert.equal(page.status, 200);
  for (const word of ['Confidential', w.people.chief.name]) assert.ok(!page.text.includes(word), word);
  const accepted = await request(w.host.town, 'POST', path, { address: anyAddress(), body: new URLSearchParams({ name: 'Guest', password: 'a brand new password' }).toString(),
    headers: { Origin: originOf(w.host.town), 'Content-Type': 'application/x-www-form-urlencoded' } });
  assert.equal(accepted.status, 303, accepted.text);
  const guest = { ...w.chief, cookie: accepted.headers['set-cookie'][0].split(';')[0] };
  const seen = (await api(guest, 'GET', `/api/tickets/${number}`)).json;
  assert.equal(seen.ticket.title, title);
  assert.deepEqual((await api(guest, 'GET', '/api/tickets')).json.items.map((t) => t.number), [number], 'and nothing else');
  assert.deepEqual(await listed('chief'), []);
  const lists = (await api(guest, 'GET', `/api/tickets/${number}/people`)).json.lists;
  assert.ok(lists.mine === 'all' && lists.shared.length === 3);
  const [mail] = await mails({ to: who, since, about: title });
  assert.match(mail.text, new RegExp(`${w.people.chief.name} added you to this ticket`));
  assert.equal(problem(await share('member', (await open('member')).json.number, [`other-${w.mark}@people.example`]), 422).errors[0].code, 'outside', 'who may not invite, may not');
});

test('A4: before it is handed on, staff is neither offered nor added', async () => {
  await psql('postgres', `update app.accounts set routing = 2 where tenant_id = ${w.tenant} and id = ${w.id.town}`);
  try {
    const { number } = (await open('member', [address('second')])).json;
    for (const q of ['', `?ticket=${number}`]) assert.deepEqual((await api(w.member, 'GET', `/api/colleagues${q}`)).json.items, [], 'none of the staff');
    for (const answer of [await open('member', [address('agent')]), await share('member', number, [address('agent')])]) {
      assert.deepEqual(problem(answer, 422, 'invalid').errors, [{ field: 'cc', code: 'not_at_desk', detail: address('agent'), name: w.people.agent.name }]);
    }
    assert.equal((await api(w.partner, 'POST', `/api/tickets/${number}/escalation`)).status, 201);
    assert.equal((await share('member', number, [address('agent')])).status, 201);
  } finally {
    await psql('postgres', `update app.accounts set routing = 1 where tenant_id = ${w.tenant} and id = ${w.id.town}`);
  }
});

test('P5: a membership that ends or moves takes access with it, at once and everywhere', async () => {
  const { number } = (await open('member', [address('second')])).json;
  const many = (who, session = w[who]) => fromEveryWorker((i) => get(session.host, ['/api/tickets', `/api/tickets/${number}`][i % 2], { cookie: session.cookie, headers: { 'X-Sportello': '1' } }));
  // Every worker has answered them before.
  for (const who of ['main', 'second', 'member']) assert.ok((await many(who)).every((a) => a.status === 200), who);

  await inTenant(`update app.memberships set role = 'member' where person_id = ${w.people.main.id}`);
  for (const [i, a] of (await many('main')).entries()) {
    if (i % 2) problem(a, 404);
    else assert.deepEqual(a.json.items.filter((t) => t.number === number), [], 'no main user any more');
  }
  await inTenant(`update app.memberships set account_id = ${w.id.village} where person_id = ${w.people.second.id}`);
  for (const a of await many('second')) problem(a, 401);
  for (const [i, a] of (await many('second', await sessionAt(w.second, w.host.village))).entries()) {
    if (i % 2) problem(a, 404);
    else assert.deepEqual(a.json.items, [], 'nothing of the former account');
  }
  problem(await api(await sessionAt(w.second, w.host.village), 'POST', `/api/tickets/${number}/comments`, { body: 'x' }), 404);
  await inTenant(`delete from app.memberships where person_id = ${w.people.member.id}`);
  for (const a of await many('member')) problem(a, 401);
  problem(await open('member', null), 401);
});
