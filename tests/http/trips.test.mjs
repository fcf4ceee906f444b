// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A request makes one trip to the database at most.
//
// Counted outside the program, in PostgreSQL's own log. A trip is what lies
// before one Sync, which is one transaction: with every statement logged and
// %v in front (the backend's number and the count of its transactions so far),
// the trips of a request are the different %v of the pools' roles between the
// log's end before it and after it. A backend writes its line before it
// answers, so the lines are there when the answer is. Requests go one after
// the other; jobs has another role. BEGIN would put several trips into one
// transaction: none may be seen. Signing in, which makes two, shows that the
// count can find more than one.
import assert from 'node:assert/strict';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { totp } from '../lib/authenticator.mjs';
import { newKey, originOf } from '../lib/http.mjs';
import { ownHost, ownName } from '../lib/hosts.mjs';
import { logFrom, psql, state, until } from '../lib/instance.mjs';
import { anyAddress, api, makeWorld, password, request, sessionAt } from './world.mjs';

let w, log, number;
before(async () => {
  w = await makeWorld();
  number = (await api(w.member, 'POST', '/api/tickets', { title: 'x', description: 'x' })).json.number;
  log = openSync(`${state}/log/postgres.log`, 'r');
  await configure("alter system set log_line_prefix = 'trip=%v role=%u '", 'alter system set log_min_duration_statement = 0');
});
after(() => configure('alter system reset log_line_prefix', 'alter system reset log_min_duration_statement'));

// Every backend has been told once the server's first process says so and
// takes new connections again; it obeys before its next statement.
async function configure(...statements) {
  const said = logFrom('postgres');
  for (const statement of [...statements, 'select pg_reload_conf()']) await psql('postgres', statement);
  await until('PostgreSQL reads its settings', () => said().some((line) => /received SIGHUP/.test(line)));
  await psql('postgres', 'select 1');
}

const end = () => fstatSync(log).size;
function between(from, to) {
  const bytes = Buffer.alloc(to - from);
  readSync(log, bytes, 0, bytes.length, from);
  return bytes.toString('utf8').split('\n').filter((line) => / role=sportello_(api|login|proof|bulk) /.test(line));
}

// The trips of one request. Its answer is checked to be the one expected.
const totals = { requests: 0, trips: 0, statuses: {} };
async function trips(ask, most = 1) {
  const from = end();
  const answer = await ask();
  const lines = between(from, end());
  const found = new Set(lines.map((line) => /trip=(\S+)/.exec(line)[1]));
  assert.ok(!lines.some((line) => /(statement|execute [^:]*): *(begin|start transaction|commit)/i.test(line)), 'no transaction of more than one trip');
  assert.ok(found.size <= most, `${found.size} trips:\n${lines.join('\n')}`);
  totals.requests++;
  totals.trips += found.size;
  totals.statuses[answer.status] = (totals.statuses[answer.status] ?? 0) + 1;
  return { answer, n: found.size };
}

const post = (path, fields) => () => request(w.host.town, 'POST', path, {
  address: anyAddress(), body: new URLSearchParams(fields).toString(),
  headers: { Origin: originOf(w.host.town), 'Content-Type': 'application/x-www-form-urlencoded' },
});

test('the count finds none, one and two', async () => {
  assert.equal((await trips(() => request(w.host.town, 'GET', '/healthz'))).n, 0);
  assert.equal((await trips(() => request(w.host.town, 'GET', '/readyz'))).n, 1);
  assert.equal((await trips(post('/sign-in', { email: 'member@people.example', password }), 2)).n, 2);
  assert.equal((await trips(post('/sign-in', { email: 'member@people.example', password: 'wrong' }), 2)).n, 2);
});

test('a second factor and a provider: two at most', async () => {
  const send = (session, method, path, body) => () => api(session, method, path, body);
  const app = await trips(send(w.second, 'POST', '/api/me/factors/app'));
  const code = { code: totp(app.answer.json.spelled) };
  const two = [
    send(w.second, 'POST', '/api/me/factors/app/code', code), // the secret, then what follows from the code
    send(w.second, 'POST', '/api/me/factors/app/code', code),
  ];
  assert.deepEqual([(await trips(two[0], 2)).n, (await trips(two[1], 2)).n], [2, 1], 'there is none to confirm any more');
  for (const path of ['/me/security', '/api/me/factors']) assert.equal((await trips(send(w.second, 'GET', path))).n, 1);
  const there = (await trips(post('/sign-in', { email: 'second@people.example', password, to: '/' }), 2)).answer;
  const cookie = there.headers['set-cookie'][0].split(';')[0];
  assert.match(cookie, /^__Host-step=/);
  const step = (fields) => () => request(w.host.town, 'POST', '/sign-in/step', {
    cookie, address: anyAddress(), body: new URLSearchParams(fields).toString(),
    headers: { Origin: originOf(w.host.town), 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  assert.equal((await trips(() => request(w.host.town, 'GET', '/sign-in/step', { cookie }))).n, 1);
  assert.equal((await trips(step({ method: 'code', code: '000000' }), 2)).n, 2);
  assert.equal((await trips(step({ method: 'recovery', code: 'AAAA' }))).n, 1);
  assert.equal((await trips(step({ method: 'passkey' }))).n, 1);
  assert.equal((await trips(step({ method: 'code', code: totp(app.answer.json.spelled, 1) }), 2)).answer.status, 303);
  // A provider that is not there, and an answer to no question.
  assert.equal((await trips(() => request(w.host.town, 'GET', '/sign-in/with/1'))).n, 1);
  assert.equal((await trips(() => request(w.host.town, 'GET', '/sign-in/back?state=x'))).n, 0);
  assert.equal((await trips(() => request(w.host.town, 'GET', '/sign-in/mail'))).n, 0);
  assert.equal((await trips(() => request(w.host.town, 'GET', '/sign-in/mail/1-x'))).n, 1);
});

test('own hosts, and the way from one host to another: one', async () => {
  const own = await ownHost(w.tenant, w.portal.town);
  const member = await sessionAt(w.member, own.host);
  const get = (path, { host = own.host, cookie = host === own.host ? member.cookie : w.member.cookie } = {}) => () => request(host, 'GET', path, { cookie, servername: 'localhost' });
  const kinds = [
    [200, get('/')], [303, get('/kb')], [200, get('/en/kb')], [200, get('/en/kb/feed')], [404, get('/en/kb/none-none')], [404, get('/kb/a/none')], [200, get('/sitemap.xml')], [200, get('/status')], [200, get('/elsewhere?to=/tickets')], [303, get('/tickets')], [303, get('/tickets', { cookie: '' })],
    [303, get(`/hand-over?at=${w.host.town}&proof=${'p'.repeat(43)}&to=/`)], [303, get(`/arrive?from=${own.host}&to=/`, { host: w.host.town })],
    [200, get(`/hand-over?at=${own.host}&proof=${'p'.repeat(43)}&to=/`, { host: w.host.town })],
    [200, () => request(w.host.town, 'POST', '/hand-over', { cookie: w.member.cookie, headers: { Origin: originOf(w.host.town), 'Content-Type': 'application/x-www-form-urlencoded' },
      body: `at=${own.host}&proof=${'p'.repeat(43)}&to=/` })],
    [303, get(`/arrive?from=${own.host}&to=/&token=1-${'x'.repeat(43)}`, { host: w.host.town })],
    [200, () => api(w.chief, 'GET', '/api/hosts')], [200, () => api(w.chief, 'GET', '/admin/hosts')], [403, () => api(w.member, 'GET', '/api/hosts')],
    [201, () => api(w.chief, 'POST', '/api/hosts', { portal: w.portal.town, host: ownName() })],
    [422, () => api(w.chief, 'POST', '/api/hosts', { portal: w.portal.town, host: own.host })],
    [201, () => api(w.chief, 'POST', `/api/hosts/${own.id}/check`)], [204, () => api(w.chief, 'DELETE', `/api/hosts/${own.id}`)],
  ];
  for (const [i, [status, ask]] of kinds.entries()) {
    const { answer, n } = await trips(ask);
    assert.deepEqual([answer.status, n], [status, 1], `${i}: ${answer.text.slice(0, 200)}`);
  }
  // A name that can't be one is refused before.
  assert.equal((await trips(() => api(w.chief, 'POST', '/api/hosts', { portal: w.portal.town, host: 'a b' }))).n, 0);
});

test('1,000 mixed requests, failed ones included', async () => {
  const key = newKey();
  const body = { title: 'again', description: 'and again' };
  const get = (session, path) => () => api(session, 'GET', path);
  const send = (session, method, path, json, options) => () => api(session, method, path, json, options);
  // Each with its status; the last with none: refused before the door. An address that
  // is none may have led somewhere before: one trip asks that and, of who has a
  // session, for the look and language of the page that says so.
  const kinds = [
    [200, 1, get(w.member, '/')], [200, 1, get(w.member, '/tickets')], [200, 1, get(w.member, `/t/${number}`)], [200, 1, get(w.agent, '/agent')],
    [200, 1, get(w.agent, '/agent?group=done&sort=created')], [200, 1, get(w.agent, `/agent/t/${number}`)], [200, 1, get(w.member, '/tickets/new')],
    [200, 1, get(w.member, '/sign-in')], [200, 1, get(w.member, '/theme/x.css')], [200, 1, get(w.member, '/api/tickets')],
    [200, 1, get(w.main, '/api/tickets?group=open&limit=5')], [200, 1, get(w.agent, '/api/queue')], [200, 1, get(w.agent, '/api/queue?assignee=me&priority=high')],
    [200, 1, get(w.agent, '/api/agents')], [200, 1, get(w.partner, `/api/tickets/${number}`)], [200, 1, get(w.member, `/api/tickets/${number}/comments`)],
    [201, 1, send(w.member, 'POST', '/api/tickets', { title: 'new', description: 'x' })], [201, 1, send(w.member, 'POST', '/api/tickets', body, { key })],
    [201, 1, send(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'x' })], [201, 1, send(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'x', status: 'blocked' })],
    [201, 1, send(w.agent, 'POST', `/api/tickets/${number}/notes`, { body: 'x' })], [200, 1, send(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'high' })],
    [200, 1, send(w.member, 'POST', '/api/preview', { body: '*x*' })], [303, 0, post('/preferences', { theme: 'dark' })], [303, 1, post('/sign-out', {})],
    // Refused by the database.
    [401, 1, get({ ...w.member, cookie: undefined }, '/api/tickets')], [303, 1, get({ ...w.member, cookie: undefined }, '/tickets')], [403, 1, get(w.member, '/api/queue')],
    [403, 1, get(w.member, '/agent')], [404, 1, get(w.member, '/api/tickets/999999')], [404, 1, get(w.member, '/t/999999')], [404, 1, get(w.villager, `/api/tickets/${number}`)],
    [404, 1, get({ ...w.member, host: `no-${w.mark}.localhost` }, '/')], [409, 1, send(w.member, 'POST', '/api/tickets', { ...body, title: 'other' }, { key })],
    [422, 1, send(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'nonsense' })], [403, 1, send(w.agent, 'POST', '/api/tickets', body)],
    // Refused before.
    [404, 0, get(w.member, '/api/nothing')], [404, 1, get(w.member, '/nothing')], [404, 1, get({ ...w.member, cookie: undefined }, '/nothing')], [404, 0, get(w.member, '/api/tickets/x')], [405, 0, send(w.member, 'DELETE', '/api/tickets')],
    [422, 0, send(w.member, 'POST', '/api/tickets', { title: 'x' })], [422, 0, get(w.member, '/api/tickets?after=x')], [400, 0, send(w.member, 'POST', '/api/tickets', body, { key: null })],
    [400, 0, send(w.member, 'POST', '/api/tickets', '{', {})], [415, 0, send(w.member, 'POST', '/api/tickets', 'x', { headers: { 'Content-Type': 'text/plain' } })],
    [403, 0, send(w.member, 'POST', '/api/tickets', body, { headers: { Origin: 'https://evil.example' } })], [400, 0, get(w.member, '/api/tickets?x=%zz')],
    [413, 0, send(w.member, 'POST', '/api/tickets', 'x'.repeat(300_000))],
  ];
  totals.requests = totals.trips = 0;
  let expected = 0;
  for (let i = 0; i < 1000; i++) {
    const [status, most, ask] = kinds[i % kinds.length];
    const { answer, n } = await trips(ask);
    assert.equal(answer.status, status, `${i % kinds.length}: ${answer.text.slice(0, 200)}`);
    assert.equal(n, most, `kind ${i % kinds.length}`);
    expected += most;
  }
  assert.equal(totals.requests, 1000);
  assert.ok(totals.trips <= 1000 && totals.trips > 600);
  assert.equal(totals.trips, expected);
  console.log(`# 1000 requests, ${totals.trips} trips, statuses ${JSON.stringify(totals.statuses)}`);
});
