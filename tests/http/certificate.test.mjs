// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A certificate for a customer's own host: conf/certificate with uacme, an
// ACME server that asks our nginx, and nginx's choice of certificates.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { acmeServer } from '../lib/authority.mjs';
import { get, request } from '../lib/http.mjs';
import { logFrom, port, processes, state, until } from '../lib/instance.mjs';
import { nameServer } from '../lib/names.mjs';

const folder = `${state}/certificates`;
const host = 'help.customer.example';
const base = 'desk.griffel.localhost';

let names;
let authority;
let nowhere;
// It would put its own map there and delete the file, which is of no host it knows.
const watcher = () => processes().find((p) => p.args[1] === 'hosts').pid;
before(async () => {
  process.kill(watcher(), 'SIGSTOP');
  names = await nameServer();
  authority = await acmeServer(names.address);
  rmSync(`${folder}/map`, { force: true });
  rmSync(`${folder}/acme`, { force: true, recursive: true });
  rmSync(`${folder}/live/${host}.pem`, { force: true });
  reload();
  nowhere = certificate('https://localhost:1/dir', host); // uacme takes 15 seconds for this
  for (const name of [host, 'again.customer.example']) names.set(name, { A: ['127.0.0.1'] });
});
after(() => {
  names.close();
  authority.close();
  rmSync(`${folder}/map`, { force: true });
  reload();
  process.kill(watcher(), 'SIGCONT');
});

// As `sportello hosts` runs it, as the instance's user.
async function certificate(what, name) {
  const { uid, gid } = authority.owner;
  try {
    const { stdout } = await promisify(execFile)(authority.program, [folder, what, name], { uid, gid, env: {} });
    return { code: 0, out: stdout.trim() };
  } catch (error) {
    return { code: error.code, err: error.stderr.trim() };
  }
}
const reload = () => process.kill(Number(readFileSync(`${state}/run/nginx.number`, 'utf8')), 'SIGHUP');
// uacme's folder of our authority.
const acme = () => readdirSync(`${folder}/acme`).map((name) => `${folder}/acme/${name}`).find((path) => existsSync(`${path}/account`));
const mode = (path) => (statSync(path).mode & 0o777).toString(8);

test('uacme proves the host through nginx, and one file of mode 0600 has chain and key', async () => {
  const { code, out, err } = await certificate(authority.url, host);
  assert.equal(code, 0, err);
  const file = `${folder}/live/${host}.pem`;
  const text = readFileSync(file, 'utf8');
  const leaf = new X509Certificate(text);
  assert.equal(leaf.subjectAltName, `DNS:${host}`);
  assert.equal(Number(out), Date.parse(leaf.validTo) / 1000);
  assert.equal(text.match(/BEGIN CERTIFICATE/g).length, 2);
  assert.equal(text.match(/BEGIN.*PRIVATE KEY/g).length, 1);
  assert.equal(mode(file), '600');
  assert.equal(statSync(file).uid, authority.owner.uid);
  assert.deepEqual(readdirSync(`${folder}/challenges`), []);
});

test('a second time soon after costs the authority nothing', async () => {
  const before = readFileSync(`${folder}/live/${host}.pem`, 'utf8');
  const { code } = await certificate(authority.url, host);
  assert.equal(code, 0);
  assert.equal(readFileSync(`${folder}/live/${host}.pem`, 'utf8'), before);
});

test('an account that was made and not written down is found again', async () => {
  rmSync(`${acme()}/account`);
  const { code, err } = await certificate(authority.url, 'again.customer.example');
  assert.equal(code, 0, err);
});

test('a host that does not lead to us: the authority says so last, and no key stays', async () => {
  names.set('elsewhere.customer.example', { A: ['127.0.0.9'] });
  const { code, err } = await certificate(authority.url, 'elsewhere.customer.example');
  assert.equal(code, 2);
  assert.match(err.split('\n').at(-1), /elsewhere\.customer\.example.*connection refused/);
  assert.ok(!existsSync(`${acme()}/private/elsewhere.customer.example`));
  assert.ok(!existsSync(`${folder}/live/elsewhere.customer.example.pem`));
});

test('an authority that is not there', async () => {
  const { code, err } = await nowhere;
  assert.equal(code, 2);
  assert.match(err, /failed/);
});

test('what is no host never becomes a path', async () => {
  for (const bad of ['', '.', '..', '../x.example', 'a/b.example', 'localhost', '.x.example', '-x.example', 'a..b', 'x.example.', 'X.example', 'x.example\n', '*.x.example']) {
    assert.equal((await certificate(authority.url, bad)).code, 2, JSON.stringify(bad));
    assert.equal((await certificate('forget', bad)).code, 2, JSON.stringify(bad));
  }
  // As uacme's hook.
  const hook = (token) => promisify(execFile)(`${state}/app/bin/certificate`, ['begin', 'http-01', host, token, 'x'], { env: { challenges: `${folder}/challenges` } });
  await assert.rejects(hook('../../evil'));
  await assert.rejects(hook(''));
});

// The certificate nginx shows to who asks for that name.
function shown(servername) {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port: port.https, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerCertificate().subjectaltname;
      socket.end();
      resolve(certificate);
    });
    socket.on('error', reject);
  });
}

test('nginx shows it to who asks for the host, and the base certificate to everybody else', async () => {
  const log = logFrom('nginx');
  assert.match(await shown(host), /\*\.localhost/);
  writeFileSync(`${folder}/map`, `${host} ${folder}/live/${host}.pem;\n`);
  reload();
  // Workers from before may still take a connection or two.
  await until('the new map', async () => {
    for (let i = 0; i < 10; i++) if (await shown(host) !== `DNS:${host}`) return false;
    return true;
  });
  assert.equal(await shown('HELP.Customer.Example'), `DNS:${host}`);
  for (const name of [base, 'unknown.example', 'live', `${host}.pem`, `x.${host}`, `../live/${host}`, `./${host}`, '../../tls/server', '..', `${host}/`, 'a'.repeat(200)]) {
    assert.match(await shown(name), /\*\.localhost/, name);
  }
  assert.deepEqual(log().filter((line) => /error|crit|alert/.test(line)), []);
  const answer = await get(host, '/', { agent: new https.Agent({ ca: authority.root }), servername: host });
  assert.equal(answer.status, 404);
});

test('the old file goes on until it is replaced, without a reload', async () => {
  const file = `${folder}/live/${host}.pem`;
  const serial = () => new X509Certificate(readFileSync(file)).serialNumber;
  const before = serial();
  rmSync(`${acme()}/${host}`, { recursive: true });
  assert.equal((await certificate(authority.url, host)).code, 0);
  assert.notEqual(serial(), before);
  const seen = await new Promise((resolve) => {
    const socket = tls.connect({ port: port.https, host: '127.0.0.1', servername: host, ca: authority.root }, () => {
      resolve({ serial: socket.getPeerCertificate().serialNumber, authorized: socket.authorized });
      socket.end();
    });
  });
  assert.deepEqual(seen, { serial: serial(), authorized: true });
});

test('forgetting a host leaves nothing of it', async () => {
  assert.equal((await certificate('forget', host)).code, 0);
  const left = readdirSync(folder, { recursive: true }).filter((name) => String(name).includes(host));
  assert.deepEqual(left, []);
});

test('challenges are served for every host, and nothing else is', async () => {
  const token = 'A-token_of-43-characters-0123456789abcdefgh';
  const path = `/.well-known/acme-challenge/${token}`;
  writeFileSync(`${folder}/challenges/${token}`, 'answer');
  mkdirSync(`${folder}/challenges/folder-of-16-chars`, { recursive: true });
  symlinkSync('/etc/passwd', `${folder}/challenges/link-of-16-characters`);
  try {
    for (const name of [base, host, 'nobody.knows.example', '127.0.0.1', 'xn--bcher-kva.example', 'UPPER.example']) {
      for (const scheme of ['http', 'https']) {
        const answer = await request(name, 'GET', path, { scheme, servername: 'localhost' });
        assert.equal(answer.status, 200, `${scheme} ${name}`);
        assert.equal(answer.text, 'answer');
        assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
        assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      }
    }
    for (const bad of ['', 'short', `${token}x/..`, `../map`, '..%2fmap', '%2e%2e/map', 'a%00b-0123456789abcd', `${token}.pem`, 'x'.repeat(129), 'folder-of-16-chars', 'folder-of-16-chars/']) {
      const { status } = await request(host, 'GET', `/.well-known/acme-challenge/${bad}`, { scheme: 'http' });
      assert.ok([301, 400, 403, 404].includes(status), `${bad}: ${status}`);
    }
    assert.equal((await request(host, 'GET', '/.well-known/acme-challenge/link-of-16-characters', { scheme: 'http' })).status, 403);
    assert.equal((await request(host, 'POST', path, { scheme: 'http', body: 'x' })).status, 405);
  } finally {
    for (const name of readdirSync(`${folder}/challenges`)) rmSync(`${folder}/challenges/${name}`, { recursive: true });
  }
});
