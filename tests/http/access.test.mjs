// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Support access: what an account's administrators open to the tenant's
// agents, what agents ask for, how they come in and are out at once.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newKey, originOf, problem } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { api, fromEveryWorker, get, makeWorld, request } from './world.mjs';

let w, other, number;
const hours = (n) => new Date(Date.now() + n * 3_600_000).toISOString();
before(async () => {
  [w, other] = [await makeWorld(), await makeWorld()];
  number = (await api(w.member, 'POST', '/api/tickets', { title: `Boiler ${w.mark}`, description: 'It drips.' })).json.number;
});

const open = (body, who = w.chief, options) => api(who, 'POST', '/api/access/grants', { scope: 'all', ends_at: hours(24), reason: 'Look at it', ...body }, options);
const end = (id, who = w.chief) => api(who, 'DELETE', `/api/access/grants/${id}`);
const fields = (answer) => problem(answer, 422).errors.map((e) => e.field);
const here = async () => (await api(w.chief, 'GET', '/api/access')).json;
const endAll = async () => { for (const g of (await here()).grants) assert.equal((await end(g.id)).status, 204); };

// Comes in by a link of the desk's: { host, cookie, scheme }.
async function enter(grant, portal, who = w.agent) {
  const way = await api(who, 'POST', `/api/grants/${grant}/entries`, portal ? { portal } : undefined);
  assert.equal(way.status, 201, way.text);
  const url = new URL(way.json.url);
  const answer = await get(url.hostname, url.pathname);
  assert.equal(answer.status, 303, answer.text);
  const cookie = answer.headers['set-cookie'].find((c) => /^__Host-support=[\w-]{43};/.test(c));
  assert.match(cookie, /HttpOnly; SameSite=Lax; Secure/);
  return { host: url.hostname, scheme: 'https', cookie: cookie.split(';')[0], path: url.pathname };
}
const page = (s, path = '/') => get(s.host, path, { cookie: s.cookie });
const isIn = async (s) => /class="support-bar"/.test((await page(s)).text);

test('bad input is told by its field', async () => {
  for (const [body, field] of [
    [{ scope: 'some' }, 'scope'], [{ scope: '1 2' }, 'scope'], [{ scope: String(w.portal.village) }, 'scope'],
    [{ scope: String(other.portal.town) }, 'scope'], [{ scope: '' }, 'scope'],
    [{ ends_at: 'tomorrow' }, 'ends_at'], [{ ends_at: hours(-1) }, 'ends_at'], [{ ends_at: hours(24 * 40) }, 'ends_at'],
    [{ ends_at: '2026-13-45T10:00:00Z' }, 'ends_at'], [{ reason: ' ' }, 'reason'], [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ ticket: 999999 }, 'ticket'], [{ ticket: -1 }, 'ticket'], [{ more: 1 }, 'more']]) {
    assert.deepEqual(fields(await open(body)), [field], JSON.stringify(body));
  }
  problem(await api(w.chief, 'POST', '/api/access/grants', { scope: 'all' }, { key: null }), 400, 'idempotency-key');
  assert.deepEqual((await here()).grants, []);
});

test('G1: an administrator opens, changes and ends; the same key opens once', async () => {
  const key = newKey();
  const ends_at = hours(5);
  const [a, b] = [await open({ scope: 'top', ends_at }, w.chief, { key }), await open({ scope: 'top', ends_at }, w.chief, { key })];
  assert.equal(a.status, 201, a.text);
  assert.deepEqual(b.json, a.json);
  assert.deepEqual(a.json.portals.map((p) => [p.id, p.top]), [[w.portal.town, true]]);
  assert.equal((await here()).grants.length, 1);
  const changed = await api(w.chief, 'PATCH', `/api/access/grants/${a.json.id}`, { scope: String(w.portal.school), ends_at: hours(2) });
  assert.deepEqual(changed.json.portals.map((p) => p.id), [w.portal.school]);
  assert.deepEqual(fields(await api(w.chief, 'PATCH', `/api/access/grants/${a.json.id}`, {})), ['scope']);
  assert.equal((await end(a.json.id)).status, 204);
  assert.equal((await end(a.json.id)).status, 204, 'again is no mistake');
  problem(await api(w.chief, 'PATCH', `/api/access/grants/${a.json.id}`, { scope: 'all' }), 409, 'conflict');
  const log = (await here()).log;
  assert.deepEqual(log.items.slice(0, 3).map((i) => i.what), ['ended', 'changed', 'opened']);
  assert.equal(log.people[w.people.chief.id].name, w.people.chief.name);
});

test('G1: no more than the tenant allows, and not twenty-one', async () => {
  await psql('postgres', `insert into app.settings (tenant_id, scope, name, value) values (${w.tenant}, 0, 'grant_days_most', '2')`);
  assert.deepEqual(fields(await open({ ends_at: hours(72) })), ['ends_at']);
  assert.equal((await here()).days_most, 2);
  await psql('postgres', `delete from app.settings where tenant_id = ${w.tenant}`);
  const many = await Promise.all(Array.from({ length: 24 }, () => open({})));
  assert.equal(many.filter((a) => a.status === 201).length, 20);
  for (const a of many.filter((x) => x.status !== 201)) assert.deepEqual(fields(a), ['scope']);
  await endAll();
});

test('G3: an agent comes in by one click, reads, and changes nothing', async () => {
  const grant = (await open({ scope: `${w.portal.school}`, reason: `Look ${w.mark}` })).json;
  problem(await api(w.agent, 'POST', `/api/grants/${grant.id}/entries`, { portal: w.portal.town }), 404);
  problem(await api(other.agent, 'POST', `/api/grants/${grant.id}/entries`), 404);
  const s = await enter(grant.id);
  assert.equal(s.host, w.host.school);

  const home = await page(s);
  assert.match(home.text, /class="support-bar"/);
  for (const word of [`Tenant ${w.mark}`, `Town ${w.mark}`, `Look ${w.mark}`]) assert.ok(home.text.includes(word), word);
  assert.ok(!home.text.includes('href="/tickets/new"'), 'nothing to write with');

  // The link is good once, there, and for half a minute.
  assert.equal((await get(s.host, s.path)).status, 410);
  const way = new URL((await api(w.agent, 'POST', `/api/grants/${grant.id}/entries`)).json.url);
  assert.equal((await get(w.host.town, way.pathname)).status, 410);
  assert.equal((await get(s.host, way.pathname)).status, 410, 'tried elsewhere it is used up');
  const late = new URL((await api(w.agent, 'POST', `/api/grants/${grant.id}/entries`)).json.url);
  await psql('postgres', `update app.one_time set expires_at = now() - interval '1 second' where tenant_id = ${w.tenant} and used_at is null`);
  assert.equal((await get(s.host, late.pathname)).status, 410);

  // It opens no other portal, and no route that writes.
  assert.ok(!await isIn({ ...s, host: w.host.town }));
  assert.ok(!await isIn({ ...s, host: w.host.village }));
  for (const [method, path, body] of [
    ['POST', '/api/tickets', { title: 'x', description: 'x' }], ['POST', `/api/tickets/${number}/comments`, { body: 'x' }],
    ['POST', '/api/access/grants', { scope: 'all', ends_at: hours(1), reason: 'x' }], ['DELETE', `/api/access/grants/${grant.id}`]]) {
    problem(await api(s, method, path, body), 403, 'support-reads-only');
  }
  problem(await api(s, 'GET', '/api/queue'), 403);
  problem(await api(s, 'GET', `/api/tickets/${number}`), 404);
  // Nobody is impersonated: whoever it is says so, and it is the agent.
  const boot = JSON.parse(/id="boot"[^>]*>([^<]*)</.exec((await page(s, '/tickets')).text)[1]);
  assert.equal(boot.me.id, w.people.agent.id);
  assert.equal(boot.me.side, 'support');
  assert.equal(boot.support.account, `Town ${w.mark}`);
  assert.deepEqual(boot.me.is, null);

  // Each page is on the account's record.
  const log = (await here()).log;
  assert.ok(log.items.some((i) => i.what === 'page' && i.page === '/tickets' && i.person === w.people.agent.id && i.portal === w.portal.school));
  assert.ok(log.items.some((i) => i.what === 'entered'));
  assert.ok(!log.items.some((i) => i.page?.startsWith('/enter')), 'without the secrets of links');

  // Leaving needs no right to write.
  const left = await request(s.host, 'POST', '/sign-out', { cookie: s.cookie, headers: { Origin: originOf(s.host), 'Content-Type': 'application/x-www-form-urlencoded' }, body: '' });
  assert.equal(left.status, 303);
  assert.match(left.headers['set-cookie'][0], /^__Host-support=; Path=\/; Max-Age=0/);
  assert.ok(!await isIn(s));
  assert.equal((await here()).log.items[0].what, 'left');
  await endAll();
});

test('G1: what was opened is read, and of the account no more than that', async () => {
  const own = `Own ${w.mark}`;
  assert.equal((await api(w.chief, 'PATCH', '/api/settings', { name: 'inviters', value: 'main_user' })).status, 200);
  assert.equal((await api(w.chief, 'PATCH', '/api/look', { mail_name: own })).status, 200);
  const below = await enter((await open({ scope: `${w.portal.school}` })).json.id);
  for (const path of ['/api/settings', '/api/look']) {
    const answer = (await api(below, 'GET', path)).json;
    assert.equal(answer.at, w.portal.school, `${path} is of the sub-portal`);
    assert.equal(answer.scopes.whole, false);
    assert.deepEqual(answer.scopes.portals.map((p) => p.id), [w.portal.school]);
    problem(await api(below, 'GET', `${path}?portal=${w.portal.town}`), 403);
  }
  const names = async (s) => (await api(s, 'GET', '/api/people')).json.items.map((p) => p.name).sort();
  assert.deepEqual(await names(below), [w.people.pupil.name]);
  await endAll();

  const top = await enter((await open({ scope: 'top' })).json.id);
  const settings = (await api(top, 'GET', '/api/settings')).json;
  assert.deepEqual([settings.at, settings.scopes.whole], [null, true]);
  assert.equal((await api(top, 'GET', '/api/look')).json.own.mail_name, own);
  problem(await api(top, 'GET', `/api/settings?portal=${w.portal.school}`), 403);
  assert.ok((await names(top)).includes(w.people.chief.name) && !(await names(top)).includes(w.people.pupil.name));
  await endAll();
});

test('support and the person signed in there keep their own sessions', async () => {
  const grant = (await open({ scope: 'top' })).json;
  const s = await enter(grant.id);
  const both = { host: s.host, scheme: 'https', cookie: `${w.member.cookie}; ${s.cookie}` };
  assert.ok(await isIn(both), 'support wins while it lives');
  problem(await api(both, 'POST', '/api/tickets', { title: 'x', description: 'x' }), 403, 'support-reads-only');
  await request(s.host, 'POST', '/sign-out', { cookie: both.cookie, headers: { Origin: originOf(s.host), 'Content-Type': 'application/x-www-form-urlencoded' }, body: '' });
  assert.equal((await api(w.member, 'GET', '/api/tickets')).status, 200, 'the member is still signed in');
  await endAll();
});

test('G1: ended, the next request of every worker is refused, and says why', async () => {
  for (const stop of [
    (id) => end(id),
    (id) => psql('postgres', `update app.grants set ends_at = now() - interval '1 second' where tenant_id = ${w.tenant} and id = ${id}`),
    (id) => api(w.chief, 'PATCH', `/api/access/grants/${id}`, { scope: `${w.portal.school}` }),
    (id) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
      update app.memberships set role = 'member', account_id = ${w.id.village} where person_id = ${w.people.agent.id} and ${id} > 0; commit`),
  ]) {
    const grant = (await open({ scope: 'top' })).json;
    const s = await enter(grant.id);
    const ask = () => fromEveryWorker(() => page(s, '/tickets'));
    assert.ok((await ask()).every((a) => a.status === 200));
    await stop(grant.id);
    const after = await ask();
    assert.deepEqual([...new Set(after.map((a) => a.status))], [401]);
    assert.match(after[0].text, /Support access has ended/);
    assert.match(after[0].headers['set-cookie'][0], /^__Host-support=; Path=\/; Max-Age=0/);
    assert.equal((await page(s, '/')).status, 401, 'where anybody may come in too');
    problem(await api(s, 'GET', '/api/tickets'), 401, 'support-ended');
    assert.equal((await get(s.host, '/')).status, 200, 'then the portal is as for anybody');
    await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
      update app.memberships set role = 'agent', account_id = null where person_id = ${w.people.agent.id}; commit`);
    await endAll();
  }
});

test('G1: it ends with its ticket', async () => {
  const ticket = (await api(w.member, 'POST', '/api/tickets', { title: 'Closing', description: 'x' })).json.number;
  const grant = (await open({ ticket })).json;
  assert.equal((await api(w.agent, 'POST', `/api/tickets/${ticket}/access-requests`, { scope: 'all', reason: 'x', days: 1 })).status, 201);
  const s = await enter(grant.id);
  assert.equal((await api(w.agent, 'PATCH', `/api/tickets/${ticket}`, { status: 'solved' })).status, 200);
  assert.equal((await page(s)).status, 401);
  const now = await here();
  assert.deepEqual([now.grants, now.requests], [[], []]);
  assert.deepEqual(fields(await open({ ticket })), ['ticket'], 'a closed one can not be linked');
});

test('G2: without a grant an agent knows of an account\'s portals the ticket\'s alone', async () => {
  const below = (await api(w.pupil, 'POST', '/api/tickets', { title: 'Below', description: 'x' })).json.number;
  const beside = async (n) => api(w.agent, 'GET', `/api/tickets/${n}/access`);
  assert.deepEqual((await beside(below)).json.portal, { id: w.portal.school, name: `School ${w.mark}`, top: false });
  assert.ok(!(await beside(below)).text.includes(`Town portal ${w.mark}`));
  assert.ok(!(await beside(number)).text.includes(`School ${w.mark}`));
  const ask = (n, scope) => api(w.agent, 'POST', `/api/tickets/${n}/access-requests`, { scope, reason: 'x', days: 1 });
  for (const scope of [String(w.portal.town), `${w.portal.school} ${w.portal.town}`, String(w.portal.village)]) assert.deepEqual(fields(await ask(below, scope)), ['scope']);
  const asked = await ask(below, 'top');
  assert.equal(asked.status, 201);
  for (const answer of [asked, await beside(below), await api(w.agent, 'GET', '/api/grants')]) assert.ok(!answer.text.includes(`Town portal ${w.mark}`), 'not by asking either');
  assert.equal((await api(w.agent, 'DELETE', `/api/access-requests/${asked.json.id}`)).status, 204);
  assert.equal((await ask(below, String(w.portal.school))).status, 201, 'its own');
});

test('G1: an agent asks; an administrator alone decides; each is told by mail', async () => {
  const since = new Date();
  const asked = await api(w.agent, 'POST', `/api/tickets/${number}/access-requests`, { scope: 'all', reason: `May I ${w.mark}`, days: 3 });
  assert.equal(asked.status, 201, asked.text);
  problem(await api(w.agent, 'POST', `/api/tickets/${number}/access-requests`, { scope: 'all', reason: 'again', days: 1 }), 409, 'conflict');
  assert.deepEqual(fields(await api(w.admin, 'POST', `/api/tickets/${number}/access-requests`, { scope: 'all', reason: 'x', days: 366 })), ['days']);
  assert.deepEqual(fields(await api(w.admin, 'POST', `/api/tickets/${number}/access-requests`, { scope: 'all', reason: 'x', days: 200 })), ['days']);
  problem(await api(other.agent, 'POST', '/api/tickets/999999/access-requests', { scope: 'all', reason: 'x', days: 1 }), 404);
  problem(await api(w.agent, 'POST', `/api/grants/${asked.json.id}/entries`), 404);
  const [mail] = await mails({ to: w.people.chief.email, since, about: `#${number}` });
  assert.match(mail.text, new RegExp(`https://${w.host.town}:\\d+/admin/access`));
  assert.ok(!mail.text.includes('May I'), 'no text of the agent in a mail');

  for (const who of [w.member, w.main, w.partner, w.villager, other.chief]) {
    problem(await api(who, 'POST', `/api/access/requests/${asked.json.id}/approval`, { scope: 'all', ends_at: hours(1) }), 404);
  }
  // Two administrators at once: one decides.
  const both = await Promise.all([
    api(w.chief, 'POST', `/api/access/requests/${asked.json.id}/approval`, { scope: `${w.portal.school}`, ends_at: hours(1) }),
    api(w.chief, 'POST', `/api/access/requests/${asked.json.id}/refusal`)]);
  assert.equal(both.filter((a) => a.status === 409).length, 1);
  const state = (await api(w.agent, 'GET', `/api/tickets/${number}/access`)).json;
  if (both[0].status === 201) {
    assert.equal(state.request.state, 'approved');
    assert.deepEqual(state.grants[0].portals.map((p) => p.id), [w.portal.school], 'narrowed');
    assert.equal(state.grants[0].reason, `May I ${w.mark}`);
  } else {
    assert.equal(state.request.state, 'refused');
  }
  const decided = await mails({ to: w.people.agent.email, since, about: `#${number}` });
  assert.match(decided.at(-1).text, new RegExp(`https://${w.host.desk}:\\d+/agent/t/${number}`));
  await endAll();

  const again = (await api(w.agent, 'POST', `/api/tickets/${number}/access-requests`, { scope: 'all', reason: 'x', days: 1 })).json;
  problem(await api(w.admin, 'DELETE', `/api/access-requests/${again.id}`), 404);
  assert.equal((await api(w.agent, 'DELETE', `/api/access-requests/${again.id}`)).status, 204);
  problem(await api(w.chief, 'POST', `/api/access/requests/${again.id}/approval`, { scope: 'all', ends_at: hours(1) }), 409, 'conflict');
  for (let n = 3; n <= 5; n++) {
    const one = await api(w.agent, 'POST', `/api/tickets/${number}/access-requests`, { scope: 'all', reason: 'x', days: 1 });
    assert.equal(one.status, 201);
    assert.equal((await api(w.agent, 'DELETE', `/api/access-requests/${one.json.id}`)).status, 204);
  }
  assert.deepEqual(fields(await api(w.agent, 'POST', `/api/tickets/${number}/access-requests`, { scope: 'all', reason: 'x', days: 1 })), ['reason'], 'a sixth in a day');
});

test('G4: the record is paged, and every entry comes once', async () => {
  const grant = (await open({})).json;
  const s = await enter(grant.id, w.portal.town);
  for (let i = 0; i < 30; i++) await page(s, '/');
  const seen = [];
  let after = '';
  do {
    const part = (await api(w.chief, 'GET', `/api/access/log?limit=7${after && `&after=${after}`}`)).json;
    assert.ok(part.items.length <= 7);
    seen.push(...part.items);
    after = part.next;
  } while (after);
  assert.ok(seen.length > 40);
  assert.equal(new Set(seen.map((i) => i.id)).size, seen.length);
  assert.deepEqual(seen.map((i) => i.at), seen.map((i) => i.at).sort().reverse());
  await endAll();
  await until('nothing is open', async () => !(await here()).grants.length);
});

test('G4: a page read again and again is one line of the record; each visit is kept', async () => {
  const grant = (await open({ scope: 'top' })).json;
  const s = await enter(grant.id);
  for (let i = 0; i < 5; i++) await page(s, '/tickets');
  await page(s, '/en/kb');
  for (let i = 0; i < 2; i++) await page(s, '/tickets');
  const lines = async () => (await api(w.chief, 'GET', '/api/access/log?limit=100')).json.items.filter((i) => i.what === 'page').map((i) => `${i.page} ${i.times}`);
  assert.deepEqual((await lines()).slice(0, 3), ['/tickets 2', '/en/kb 1', '/tickets 5']);
  const kept = `from app.grant_visits where tenant_id = ${w.tenant} and grant_id = ${grant.id}`;
  assert.equal(Number(await psql('postgres', `select count(*) ${kept}`)), 8);
  // More than a minute between is another time.
  await psql('postgres', `update app.grant_visits set created_at = created_at - interval '61 seconds' where tenant_id = ${w.tenant} and id <> (select max(id) ${kept})`);
  assert.deepEqual((await lines()).slice(0, 3), ['/tickets 1', '/tickets 1', '/en/kb 1']);
  // Every visit is on one page of the record, and on one alone.
  await psql('postgres', `insert into app.grant_visits (tenant_id, id, grant_id, account_id, portal_id, person_id, page, created_at)
    select ${w.tenant}, n, ${grant.id}, ${w.id.town}, ${w.portal.town}, ${w.people.agent.id}, '/' || n / 7, now() + n * interval '1 second' from generate_series(1, 700) n`);
  let after = null, times = 0, pages = 0;
  do {
    const log = (await api(w.chief, 'GET', `/api/access/log${after ? `?after=${after}` : ''}`)).json;
    for (const i of log.items) if (/^\/\d+$/.test(i.page ?? '')) times += i.times;
    after = log.next;
    pages++;
  } while (after && pages < 100);
  assert.equal(times, 700);
  assert.ok(pages > 2 && pages < 40, `${pages} pages`);
  await endAll();
});
