// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the tenant's own product is told of support access: signed tokens, and
// messages as Standard Webhooks has them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac, createPublicKey, verify } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import { after, before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { mails } from '../lib/mails.mjs';
import { psql, restartApp, root, state, until } from '../lib/instance.mjs';
import { api, get, makeWorld } from './world.mjs';

const folder = `${root}/build/webhook`;
const hours = (n) => new Date(Date.now() + n * 3_600_000).toISOString();
let w, other, product, kept, url;
// What came, and what is answered.
const got = [];
let status = 200;
let slow = 0;
let words = 'noted';

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=product',
    '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', 'key.pem', '-out', 'cert.pem'], { cwd: folder, stdio: 'ignore' });
  chmodSync(`${folder}/cert.pem`, 0o644);
  product = https.createServer({ key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/cert.pem`) }, (request, answer) => {
    const chunks = [];
    request.on('data', (c) => chunks.push(c));
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url });
      // As it is now, not as a test wants the next one.
      answer.statusCode = status;
      const said = words;
      if (request.url === '/endless') return void answer.write(said);
      setTimeout(() => answer.end(said), request.url === '/hook' ? slow : 0);
    });
  });
  await new Promise((done) => product.listen(0, '127.0.0.1', done));
  url = `https://127.0.0.1:${product.address().port}/hook`;
  const settings = readFileSync(`${state}/settings`, 'utf8').split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  kept = settings.filter(([name]) => name === 'env_extra').flatMap(([, value]) => ['--env', value]);
  restartApp(...kept, '--env', 'SPORTELLO_FETCH_ALLOW=127.0.0.1/32', '--env', `SPORTELLO_FETCH_CA=${folder}/cert.pem`);
  [w, other] = [await makeWorld(), await makeWorld()];
});
after(() => {
  product.close();
  restartApp(...kept);
});

const change = (body, who = w.admin) => api(who, 'PATCH', '/api/webhook', body);
const here = async () => (await api(w.admin, 'GET', '/api/webhook')).json;
const open = async (body) => (await api(w.chief, 'POST', '/api/access/grants', { scope: 'all', ends_at: hours(2), reason: `Look ${w.mark}`, ...body })).json;
const next = (kind, from) => until(kind, () => got.slice(from).find((m) => JSON.parse(m.body).type === kind));
const signed = (m, secret) => {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const mac = createHmac('sha256', key).update(`${m.headers['webhook-id']}.${m.headers['webhook-timestamp']}.${m.body}`).digest('base64');
  return m.headers['webhook-signature'] === `v1,${mac}` && Math.abs(Date.now() / 1000 - Number(m.headers['webhook-timestamp'])) < 30;
};

test('only https addresses, only by the tenant\'s administrators', async () => {
  for (const bad of ['http://x.example/', 'https://', 'https://user@x.example/', 'https://x.example/#a', 'https://x.example/ a', 'ftp://x', `https://x.example/${'a'.repeat(2000)}`]) {
    assert.deepEqual(problem(await change({ url: bad }), 422).errors.map((e) => e.field), ['url'], bad);
  }
  problem(await change({ url }, w.agent), 403);
  problem(await api(w.agent, 'GET', '/api/webhook'), 403);
  problem(await api(w.admin, 'POST', '/api/webhook/tests'), 404);
  assert.equal((await here()).webhook, null);
});

test('a test message arrives, signed', async () => {
  assert.equal((await change({ url })).status, 204);
  const { secret } = await here();
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  assert.equal((await api(w.admin, 'POST', '/api/webhook/tests')).status, 204);
  const m = await next('webhook.test', 0);
  assert.ok(signed(m, secret));
  assert.equal(m.headers['content-type'], 'application/json');
  await until('it is noted', async () => (await here()).deliveries[0].state === 'sent');
  assert.deepEqual([(await here()).deliveries[0].status, (await here()).deliveries[0].answer], [200, 'HTTP 200']);
  // A new secret signs from then on.
  assert.equal((await change({ new_secret: true })).status, 204);
  const fresh = (await here()).secret;
  assert.notEqual(fresh, secret);
  const from = got.length;
  await api(w.admin, 'POST', '/api/webhook/tests');
  const again = await next('webhook.test', from);
  assert.ok(signed(again, fresh) && !signed(again, secret));
});

test('G5: opened, changed, ended: by hand and by time', async () => {
  let from = got.length;
  const grant = await open({ scope: `${w.portal.school}` });
  const opened = JSON.parse((await next('grant.opened', from)).body);
  assert.equal(opened.data.grant, String(grant.id));
  assert.deepEqual(opened.data.account, { id: String(w.id.town), name: `Town ${w.mark}` });
  assert.deepEqual(opened.data.portals.map((p) => [p.id, p.host]), [[String(w.portal.school), w.host.school]]);
  assert.equal(opened.data.ended_at, null);
  await api(w.chief, 'PATCH', `/api/access/grants/${grant.id}`, { scope: 'all' });
  assert.equal(JSON.parse((await next('grant.changed', from)).body).data.all_portals, true);
  await api(w.chief, 'DELETE', `/api/access/grants/${grant.id}`);
  assert.ok(JSON.parse((await next('grant.ended', from)).body).data.ended_at);
  from = got.length;
  const short = await open();
  await psql('postgres', `update app.grants set ends_at = now() + interval '1 second' where tenant_id = ${w.tenant} and id = ${short.id}`);
  const ended = JSON.parse((await next('grant.ended', from)).body);
  assert.equal(ended.data.grant, String(short.id));
  const log = (await api(w.chief, 'GET', '/api/access')).json.log;
  assert.deepEqual([log.items[0].what, log.items[0].person], ['ended', null]);
  // Nothing of it goes to anybody else.
  assert.ok(got.every((m) => !m.body.includes(other.mark)));
});

test('a product that is away is asked again; one that is gone is not', async () => {
  status = 503;
  const from = got.length;
  await api(w.admin, 'POST', '/api/webhook/tests');
  await next('webhook.test', from);
  const waiting = await until('it waits', async () => (await here()).deliveries.find((d) => d.status === 503));
  assert.equal(waiting.state, 'waiting');
  assert.ok(Date.parse(waiting.next_try_at) > Date.now());
  status = 200;
  await psql('postgres', `update app.webhook_deliveries set next_try_at = now() where tenant_id = ${w.tenant} and state = 1`);
  await until('it arrives', () => got.length === from + 2);
  assert.equal(got[from].headers['webhook-id'], got[from + 1].headers['webhook-id'], 'the same message');
  assert.equal(got[from].body, got[from + 1].body);
  status = 410;
  await api(w.admin, 'POST', '/api/webhook/tests');
  await until('it is off', async () => !(await here()).webhook.is_on);
  assert.equal((await here()).deliveries[0].state, 'given_up');
  status = 200;
  const now = got.length;
  await api(w.chief, 'DELETE', `/api/access/grants/${(await open()).id}`);
  await until('the events are worked out', async () => await psql('postgres', `select count(*) from app.event_queue where tenant_id = ${w.tenant}`) === '0');
  assert.equal(got.length, now, 'nothing while it is off');
  await change({ is_on: true });
});

test('a product is judged by its status, however much it says, or if it never ends', async () => {
  words = 'x'.repeat(200_000);
  for (const path of ['/hook', '/endless']) {
    await change({ url: url.replace('/hook', path) });
    const from = got.length;
    await api(w.admin, 'POST', '/api/webhook/tests');
    await next('webhook.test', from);
    const [last] = await until('it is told how it went', async () => { const d = (await here()).deliveries; return d[0].status && d; });
    assert.deepEqual([last.state, last.status], ['sent', 200], path);
  }
  status = 500;
  await api(w.admin, 'POST', '/api/webhook/tests');
  assert.equal((await until('it waits', async () => (await here()).deliveries.find((d) => d.status === 500))).state, 'waiting');
  await psql('postgres', `delete from app.webhook_deliveries where tenant_id = ${w.tenant} and state = 1`);
  [words, status] = ['noted', 200];
  await change({ url });
});

test('T9: a slow product holds up no mail, and no other tenant\'s product', async () => {
  await change({ url: url.replace('/hook', '/other') }, other.admin);
  slow = 4500;
  for (let i = 0; i < 20; i++) assert.equal((await api(w.admin, 'POST', '/api/webhook/tests')).status, 204);
  const before = got.length;
  await until('the first is under way', () => got.length > before || got.some((m) => m.path === '/hook'));
  const since = Date.now();
  assert.equal((await api(other.member, 'POST', '/api/tickets', { title: `Quick ${other.mark}`, description: 'x' })).status, 201);
  assert.equal((await api(other.admin, 'POST', '/api/webhook/tests')).status, 204);
  await mails({ to: 'contact-town@people.example', about: `Quick ${other.mark}`, since });
  await until('the other product is told', () => got.some((m) => m.path === '/other'));
  // Had they stood in one line with those, none of these would be left.
  const waiting = Number(await psql('postgres', `select count(*) from app.webhook_deliveries where tenant_id = ${w.tenant} and state = 1`));
  assert.ok(waiting > 10, `${waiting} of the slow one's still wait`);
  await psql('postgres', `delete from app.webhook_deliveries where tenant_id = ${w.tenant} and state = 1`);
  slow = 0;
});

test('an address inside is not asked', async () => {
  for (const inside of ['https://10.0.0.1/', 'https://169.254.169.254/latest', 'https://[::1]/', 'https://192.168.1.1:8443/']) {
    if (problemOrNot(await change({ url: inside }))) continue;
    await api(w.admin, 'POST', '/api/webhook/tests');
    const seen = await until(`${inside} is refused`, async () => {
      const d = (await here()).deliveries[0];
      return d.answer && d;
    });
    assert.equal(seen.status, null, inside);
    assert.equal(seen.state, 'waiting');
    await psql('postgres', `delete from app.webhook_deliveries where tenant_id = ${w.tenant} and state = 1`);
  }
  await change({ url });
});
const problemOrNot = (answer) => answer.status === 422;

test('G5: a token says who may look at what, for five minutes', async () => {
  const grant = await open({ scope: 'top' });
  const path = `/api/grants/${grant.id}/tokens`;
  for (const who of [w.member, w.chief]) problem(await api(who, 'POST', path), 403);
  problem(await api(other.agent, 'POST', path), 404);
  const keys = async (host = w.host.town) => (await get(host, '/.well-known/sportello-grants.json')).json.keys;
  const parts = (token) => token.split('.').map((p, i) => (i < 2 ? JSON.parse(Buffer.from(p, 'base64url')) : p));
  const check = (token, list) => {
    const [header, , signature] = parts(token);
    const key = list.find((k) => k.kid === header.kid);
    return Boolean(key) && header.alg === 'EdDSA'
      && verify(null, Buffer.from(token.slice(0, token.lastIndexOf('.'))), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'));
  };
  const made = await api(w.agent, 'POST', path);
  assert.equal(made.status, 201, made.text);
  const { token } = made.json;
  assert.ok(check(token, await keys()));
  assert.ok(check(token, await keys(w.host.desk)), 'the keys are at each host of the tenant');
  assert.ok(!check(token, await keys(other.host.town)), 'and not at another\'s');
  const claims = parts(token)[1];
  assert.deepEqual([claims.sub, claims.grant, claims.account, claims.portals, claims.read_only], [String(w.people.agent.id), String(grant.id), String(w.id.town), [w.portal.town], true]);
  assert.equal(claims.aud, `sportello-grants:t-${w.mark}`);
  assert.ok(new URL(claims.iss).hostname === w.host.desk && claims.exp - claims.iat <= 300 && claims.exp <= claims.grant_ends && claims.jti);
  const forged = token.split('.');
  forged[1] = Buffer.from(JSON.stringify({ ...claims, account: '1' })).toString('base64url');
  assert.ok(!check(forged.join('.'), await keys()));
  assert.equal(parts((await api(w.admin, 'POST', path)).json.token)[0].kid, parts(token)[0].kid, 'one key for some time');
  assert.ok((await keys()).every((k) => !('d' in k) && k.kty === 'OKP'));

  // New keys on demand, and by their age; an old one is known for a day more.
  assert.equal((await change({ new_keys: true })).status, 204);
  assert.ok(!check(token, await keys()));
  const second = (await api(w.agent, 'POST', path)).json.token;
  assert.ok(check(second, await keys()));
  await psql('postgres', `update app.grant_keys set created_at = created_at - interval '90 days 1 hour' where tenant_id = ${w.tenant}`);
  const third = (await api(w.agent, 'POST', path)).json.token;
  assert.notEqual(parts(third)[0].kid, parts(second)[0].kid);
  assert.ok(check(third, await keys()) && check(second, await keys()));

  await api(w.chief, 'DELETE', `/api/access/grants/${grant.id}`);
  problem(await api(w.agent, 'POST', path), 404);
});
