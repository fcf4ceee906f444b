// SPDX-License-Identifier: AGPL-3.0-or-later
//
// How we ask other people's servers: against https servers of every bad kind,
// by the program of tests/unit/fetch.c.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const dir = mkdtempSync(join(tmpdir(), 'fetch-'));
const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });

// An authority, a certificate of it for localhost, and one for another name.
function certificates() {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=authority');
  openssl('req', '-x509', ...key, '-keyout', 'other.key', '-out', 'other.pem', '-subj', '/CN=another authority');
  for (const name of ['localhost', 'elsewhere.example']) {
    writeFileSync(join(dir, 'ext'), `subjectAltName=DNS:${name}`);
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2',
      '-extfile', 'ext', '-out', `${name}.pem`);
  }
}

const servers = [];
// https://localhost:… that answers with `answer(request, response)`.
async function serve(answer, name = 'localhost') {
  const server = createServer({ key: readFileSync(join(dir, `${name}.key`)), cert: readFileSync(join(dir, `${name}.pem`)) }, answer);
  servers.push(server);
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return `https://localhost:${server.address().port}`;
}

async function ask(url, { max = 10000, ms = 3000, body, allow = '127.0.0.0/8', ca = 'ca.pem', env = {} } = {}) {
  const { stdout } = await promisify(execFile)(`${root}/build/unit/fetch`, ['get', url, max, ms, ...(body ? [body] : [])].map(String), {
    env: { PATH: process.env.PATH, SPORTELLO_FETCH_ALLOW: allow, SPORTELLO_FETCH_CA: ca && join(dir, ca), ...env },
  });
  const [, status, text] = /^(\S+) (.*)\n$/s.exec(stdout);
  return { status: Number(status) || status, text };
}

before(() => {
  execFileSync('make', ['-s', 'build/unit/fetch'], { cwd: root, stdio: 'ignore' });
  certificates();
});
after(() => {
  for (const s of servers) {
    s.closeAllConnections();
    s.close();
  }
  rmSync(dir, { recursive: true });
});

test('a question and its answer', async () => {
  let seen;
  const url = await serve((q, a) => {
    seen = q;
    a.end('{"here":true}');
  });
  assert.deepEqual(await ask(`${url}/path?x=1`), { status: 200, text: '{"here":true}' });
  assert.equal(seen.method, 'GET');
  assert.equal(seen.url, '/path?x=1');
  assert.equal(seen.headers['x-test'], 'yes');
  assert.equal(seen.headers['accept-encoding'], undefined);
  assert.equal(seen.headers.authorization, undefined);
});

test('a form is posted, with name and password', async () => {
  let seen, body = '';
  const url = await serve((q, a) => {
    seen = q;
    q.on('data', (d) => { body += d; }).on('end', () => a.writeHead(201).end('ok'));
  });
  assert.deepEqual(await ask(url, { body: 'a=b&c=d' }), { status: 201, text: 'ok' });
  assert.equal(seen.method, 'POST');
  assert.equal(body, 'a=b&c=d');
  assert.equal(seen.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(seen.headers.authorization, `Basic ${Buffer.from('ada:pass word').toString('base64')}`);
});

test('nobody is followed elsewhere, nothing is unpacked', async () => {
  let visits = 0;
  const url = await serve((q, a) => {
    visits++;
    if (q.url === '/zip') a.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(100000)));
    else a.writeHead(302, { location: '/next' }).end('moved');
  });
  assert.deepEqual(await ask(url), { status: 302, text: 'moved' });
  assert.equal(visits, 1);
  const zip = await ask(`${url}/zip`);
  assert.equal(zip.status, 200);
  assert.ok(zip.text.length < 1000);
});

test('an answer has an end, in bytes and in time', async () => {
  const long = await serve((q, a) => a.end('x'.repeat(2000)));
  assert.equal((await ask(long, { max: 2000 })).status, 200);
  assert.deepEqual(await ask(long, { max: 1999 }), { status: 'no', text: 'its answer is too long' });
  // No length told beforehand.
  const chunks = await serve((q, a) => { a.write('x'.repeat(1000)); setTimeout(() => a.end('x'.repeat(1000)), 50); });
  assert.deepEqual(await ask(chunks, { max: 1999 }), { status: 'no', text: 'its answer is too long' });
  for (const slow of [await serve(() => {}), await serve((q, a) => { const t = setInterval(() => a.write('x'), 20); a.on('close', () => clearInterval(t)); })]) {
    const began = Date.now();
    assert.equal((await ask(slow, { ms: 400, max: 100000 })).status, 'no');
    assert.ok(Date.now() - began < 2500);
  }
});

test('only servers that prove who they are', async () => {
  const good = await serve((q, a) => a.end('ok'));
  const elsewhere = await serve((q, a) => a.end('ok'), 'elsewhere.example');
  assert.equal((await ask(good)).status, 200);
  assert.equal((await ask(good, { ca: 'other.pem' })).status, 'no');
  assert.equal((await ask(good, { ca: '' })).status, 'no');
  assert.equal((await ask(elsewhere)).status, 'no');
  assert.equal((await ask(good.replace('https:', 'http:'))).status, 'no');
});

test('nothing inside is asked, by whatever name', async () => {
  let visits = 0;
  const url = await serve((q, a) => { visits++; a.end('ok'); });
  const refused = { status: 'no', text: 'its address may not be reached' };
  assert.deepEqual(await ask(url, { allow: '' }), refused);
  assert.deepEqual(await ask(url, { allow: '10.0.0.0/8' }), refused);
  assert.deepEqual(await ask(url.replace('localhost', '127.0.0.1'), { allow: '' }), refused);
  assert.deepEqual(await ask(url.replace('localhost', '[::ffff:127.0.0.1]'), { allow: '' }), refused);
  assert.deepEqual(await ask(url.replace('localhost', '2130706433'), { allow: '' }), refused);
  // A proxy in the environment would lead around the check.
  assert.deepEqual(await ask('https://localhost:1', { allow: '', env: { https_proxy: url, ALL_PROXY: url } }), refused);
  assert.equal(visits, 0);
});
