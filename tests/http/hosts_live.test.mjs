// SPDX-License-Identifier: AGPL-3.0-or-later
//
// `sportello hosts` at work: from a claim by a record in DNS to a page over
// https with a certificate of an ACME server, and back.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { acmeServer } from '../lib/authority.mjs';
import { ownName } from '../lib/hosts.mjs';
import { logFrom, port, processes, psql, realState, restartApp, root, state, until } from '../lib/instance.mjs';
import { nameServer } from '../lib/names.mjs';
import { api, makeWorld, request } from './world.mjs';

const folder = `${state}/certificates`;
const live = (host) => `${folder}/live/${host}.pem`;
let names, authority, kept, w, other, agent;
// The second is below the first, and before it in every list.
const [first, third] = [ownName(), ownName()];
const second = `a.${first}`;

before(async () => {
  [w, other] = [await makeWorld({ only: ['chief'] }), await makeWorld({ only: ['chief'] })];
  // One address gets a limited number of notices a day.
  for (const x of [w, other]) await psql('postgres', `update app.people set email = 'chief-${x.mark}@people.example' where tenant_id = ${x.tenant} and id = ${x.chief.person.id}`);
  kept = readFileSync(`${state}/settings`, 'utf8').split('\n').filter((line) => line.startsWith('env_extra=')).flatMap((line) => ['--env', line.slice('env_extra='.length)]);
  // What other tests have left is not ours to see to.
  await psql('postgres', 'update app.host_claims set check_at = null, certificate_due_at = null');
  names = await nameServer();
  authority = await acmeServer(names.address);
  agent = new https.Agent({ ca: authority.root });
  restartApp(...kept, '--env', `SPORTELLO_RESOLVER=${names.address}`, '--env', `SPORTELLO_ACME_URL=${authority.url}`,
    '--env', `SPORTELLO_CERTIFICATE_PROGRAM=${authority.program}`, '--env', 'SPORTELLO_RELOAD_SECONDS=1');
});
after(() => {
  names.close();
  authority.close();
  for (const path of [`${folder}/map`, `${folder}/acme`, `${folder}/live`]) rmSync(path, { recursive: true, force: true });
  restartApp(...kept);
});

const add = async (host, world = w) => {
  const answer = await api(world.chief, 'POST', '/api/hosts', { portal: world.portal.town, host });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
};
const look = async (host, world = w) => (await api(world.chief, 'GET', '/api/hosts')).json.hosts.find((h) => h.host === host);
const publish = (host, ...records) => names.set(`_sportello.${host}`, { TXT: records });
const check = (h, world = w) => api(world.chief, 'POST', `/api/hosts/${h.id}/check`);
const becomes = (what, host, condition, world) => until(what, async () => {
  const h = await look(host, world);
  return condition(h) && h;
}, 45_000);
const page = (host) => request(host, 'GET', '/', { agent });
const shown = (servername) => new Promise((resolve, reject) => {
  const socket = tls.connect({ port: port.https, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
    resolve(socket.getPeerCertificate().subjectaltname);
    socket.destroy();
  });
  socket.on('error', reject);
});

test('a claim waits for its record, and says what was found', async () => {
  const h = await add(first);
  assert.equal((await becomes('a look', first, (x) => x.found)).found, 'none');
  publish(first, 'v=spf1 -all', `sportello=${'x'.repeat(43)}`, 'sportello=short', `sportello=${'x'.repeat(42)}'`);
  await check(h);
  assert.equal((await becomes('another look', first, (x) => x.found !== 'none')).found, 'other');
  names.set(`_sportello.${first}`, { code: 2 });
  await check(h);
  assert.equal((await becomes('a third', first, (x) => x.found !== 'other')).found, 'silence');
  assert.equal((await look(first)).state, 'waiting');
  await assert.rejects(page(first));
});

test('T3: with its record it is the portal, over https with a certificate of the authority', async () => {
  for (const host of [first, second]) names.set(host, { A: ['127.0.0.1'] });
  const h = await look(first);
  publish(first, 'another record', h.record.value);
  publish(second, (await add(second)).record.value);
  await check(h);
  const on = await becomes('a certificate', first, (x) => x.certificate?.state === 'there');
  assert.deepEqual([on.state, on.found, on.missing_since], ['on', 'proof', null]);
  await becomes('a second one', second, (x) => x.certificate?.state === 'there');
  for (const host of [first, second]) {
    const answer = await until(`a page of ${host}`, () => page(host).catch(() => false));
    assert.equal(answer.status, 200);
    assert.ok(answer.text.includes(`Town portal ${w.mark}`));
    assert.equal((statSync(live(host)).mode & 0o777).toString(8), '600');
    assert.equal(new X509Certificate(readFileSync(live(host))).subjectAltName, `DNS:${host}`);
  }
  assert.ok(Date.parse(on.certificate.ends_at) > Date.now());
  // A kept instance may have others.
  assert.deepEqual(readFileSync(`${folder}/map`, 'utf8').split('\n').map((line) => line.split(' ')[0]).filter((h) => [first, second].includes(h)), [first, second].sort());
});

test('one tenant\'s record gives another tenant nothing', async () => {
  const h = await add(first, other);
  assert.equal((await becomes('a look', first, (x) => x.found, other)).found, 'other');
  assert.ok((await page(first)).text.includes(w.mark));
  // Both records: who has it keeps it.
  publish(first, (await look(first)).record.value, h.record.value);
  await check(h, other);
  assert.equal((await becomes('a look', first, (x) => x.state === 'held', other)).found, 'proof');
  assert.ok((await page(first)).text.includes(w.mark));
  // Its own alone: at once, and with it the certificate that is there.
  publish(first, h.record.value);
  await check(h, other);
  await becomes('the change', first, (x) => x.state === 'on', other);
  assert.ok((await page(first)).text.includes(other.mark));
  assert.equal((await look(first)).state, 'off');
});

test('a file that is lost is asked for anew', async () => {
  rmSync(live(second));
  await until('another file', () => existsSync(live(second)), 45_000);
  await until('a page', () => page(second).then((a) => a.status === 200, () => false));
});

test('a host that does not lead here has no certificate, and the reason', async () => {
  const h = await add(third);
  names.set(third, { A: ['127.0.0.9'] });
  publish(third, h.record.value);
  await check(h);
  const failed = await becomes('a refusal', third, (x) => x.certificate?.state === 'failed');
  assert.match(failed.certificate.answer, /connection refused/i);
  assert.ok(Date.parse(failed.certificate.due_at) > Date.now() + 5 * 60_000, 'not tried again at once');
});

test('a removed host leads nowhere at once; then its certificate is forgotten', async () => {
  const h = await look(second);
  assert.equal((await api(w.chief, 'DELETE', `/api/hosts/${h.id}`)).status, 204);
  assert.equal((await page(second)).status, 404);
  await until('its file is gone', () => !existsSync(live(second)));
  await until('nginx has forgotten it', async () => (await shown(second)).includes('*.localhost'));
  await until('and all else of it', () => !readdirSync(folder, { recursive: true }).some((name) => String(name).includes(second)));
  assert.ok(existsSync(live(first)));
});

test('it goes on when it is killed, and two share the work', async () => {
  const working = () => processes().filter((p) => p.args[1] === 'hosts');
  const [before] = working();
  const log = logFrom();
  process.kill(before.pid, 'SIGKILL');
  const [now] = await until('its successor', () => { const p = working(); return p.length === 1 && p[0].pid !== before.pid && p; });
  assert.notEqual(now.pid, before.pid);
  const host = ownName();
  await add(host);
  await becomes('a look', host, (x) => x.found);
  assert.ok(!log().some((line) => line.kind === 'error'), 'without a complaint');
  // It knows nothing of mail.
  assert.ok(!Object.keys(now.env).some((name) => /SMTP_(USER|PASSWORD|CA)/.test(name)));
});

test('most files of no host: a database was mixed up, and none is deleted', async () => {
  const strays = Array.from({ length: 20 }, (_, i) => `stray-${i}.customer.example`);
  mkdirSync(`${folder}/live`, { recursive: true });
  const log = logFrom();
  for (const host of strays) writeFileSync(live(host), 'x');
  await until('it is noticed', () => log().some((line) => line.kind === 'error' && /none is deleted/.test(line.what)));
  assert.ok(strays.every((host) => existsSync(live(host))));
  for (const host of strays.slice(10)) rmSync(live(host));
  await until('few are', () => !strays.some((host) => existsSync(live(host))));
});

test('an erased tenant leaves no certificate and no claim', async () => {
  assert.ok(existsSync(live(first)));
  execFileSync(`${root}/conf/instance`, ['sportello', realState, 'tenant', 'erase', `t-${other.mark}`, '--yes-erase', `t-${other.mark}`]);
  assert.deepEqual(readdirSync(folder, { recursive: true }).filter((name) => String(name).includes(first)), []);
  assert.equal(await psql('postgres', `select count(*) from app.host_claims where tenant_id = ${other.tenant}`), '0');
  await until('the list is without it', () => !readFileSync(`${folder}/map`, 'utf8').includes(first));
});
