// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What nginx decides by itself: headers, limits, static files, its own answers.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { get, originOf, problem, request } from '../lib/http.mjs';
import { people, rawRequest, startApp, state, stopApp, until } from '../lib/instance.mjs';

const host = people()[0].host;
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const asset = JSON.parse(readFileSync(`${state}/app/manifest.json`, 'utf8'))['app.css'];

function secure(answer, what) {
  const h = answer.headers;
  assert.match(h['content-security-policy'] ?? '', /default-src 'none'.*frame-ancestors 'none'/, `${what}: policy`);
  assert.doesNotMatch(h['content-security-policy'], /unsafe|\*/, `${what}: policy`);
  assert.equal(h['x-content-type-options'], 'nosniff', what);
  assert.ok(h['referrer-policy'], `${what}: referrer`);
  assert.equal(h['cross-origin-opener-policy'], 'same-origin', what);
  assert.equal(h.server, 'nginx', `${what}: no version`);
}

test('every kind of answer has the security headers', async () => {
  const kinds = {
    page: await get(host, '/'),
    'static file': await get(host, asset),
    'missing file': await get(host, '/a/none.css'),
    icon: await get(host, '/favicon.svg'),
    problem: await get(host, '/api/tickets'),
    'too large': await request(host, 'POST', '/api/tickets', { body: Buffer.alloc(300_000, 32) }),
    'unknown host': await get('nobody.localhost', '/', { servername: host }),
  };
  for (const [what, answer] of Object.entries(kinds)) {
    secure(answer, what);
    assert.match(answer.headers['strict-transport-security'], /^max-age=\d{8}/, what);
  }
  assert.equal((await get(host, '/', { scheme: 'http' })).headers['strict-transport-security'], undefined, 'not over http');
});

test('static files are kept for ever and come compressed', async () => {
  const plain = await get(host, asset);
  assert.equal(plain.status, 200);
  assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.match(plain.headers['content-type'], /^text\/css/);
  assert.match(plain.headers.vary ?? '', /accept-encoding/i);
  assert.equal(plain.body.length, readFileSync(`${state}/app${asset}`).length);
  for (const coding of ['gzip', 'br']) {
    const packed = await get(host, asset, { headers: { 'Accept-Encoding': coding } });
    assert.equal(packed.headers['content-encoding'], coding);
    assert.ok(packed.body.length < plain.body.length / 2);
  }
  assert.equal((await get(host, '/a/../conf/nginx.conf')).status, 404);
  assert.equal((await get(host, '/a/%2e%2e/manifest.json')).status, 404);
  assert.equal((await request(host, 'POST', asset, { body: 'x' })).status, 405);
  assert.equal((await get(host, '/favicon.svg')).status, 200);
  assert.equal((await get(host, '/answer.css')).status, 200);
});

test('the answers for nginx itself cannot be asked for', async () => {
  for (const path of ['/.answer/page/503', '/.answer/api/400', '/.files/large']) assert.equal((await get(host, path)).status, 404, path);
});

test('too large: a problem for programs, a page for people', async () => {
  problem(await request(host, 'POST', '/api/tickets', { body: Buffer.alloc(300_000, 32) }), 413, 'too-large');
  const page = await request(host, 'POST', '/sign-in', { headers: { ...form, Origin: originOf(host) }, body: Buffer.alloc(300_000, 32) });
  assert.equal(page.status, 413);
  assert.match(page.headers['content-type'], /^text\/html/);
});

test('headers: a huge cookie, a huge address, broken hosts', async () => {
  const one = (line, headers) => rawRequest(`${line} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`);
  const api = await one('GET /api/tickets', `Host: ${host}\r\nCookie: sid=${'a'.repeat(10_000_000)}`);
  assert.match(api, /^HTTP\/1.1 400 /);
  assert.match(api, /application\/problem\+json[^]*"code":"bad-request"/);
  assert.match(await one('GET /', `Host: ${host}\r\nCookie: sid=${'a'.repeat(40_000)}`), /^HTTP\/1.1 400 [^]*<h1>/);
  assert.match(await one(`GET /${'a'.repeat(9000)}`, `Host: ${host}`), /^HTTP\/1.1 414 /);
  for (const bad of ['Host: ', 'Host: a b', `Host: ${host}\r\nHost: ${host}`, 'Host: ../x']) {
    const answer = await one('GET /', bad);
    assert.match(answer, /^HTTP\/1.1 400 /, bad);
    assert.doesNotMatch(answer, /<center>nginx/, bad);
  }
  const none = await rawRequest('GET / HTTP/1.0\r\n\r\n');
  assert.match(none, /^HTTP\/1.1 400 /);
  assert.doesNotMatch(none, /<center>nginx/);
});

test('T1: the host of a request is its name alone', async () => {
  const with_port = await rawRequest(`GET /readyz HTTP/1.1\r\nHost: ${host.toUpperCase()}:4711\r\nConnection: close\r\n\r\n`);
  assert.match(with_port, /^HTTP\/1.1 200/);
  const unknown = await get('nobody.localhost', '/', { servername: host });
  assert.equal(unknown.status, 404);
  problem(await get('nobody.localhost', '/api/tickets', { servername: host }), 404, 'host');
});

test('a header with our own names is nothing', async () => {
  const answer = await get(host, '/api/tickets', { headers: { SPORTELLO_HOST: 'x', 'X-Sportello-Host': 'x', Proxy: 'http://x', 'Sportello-Addr': 'x' } });
  problem(answer, 401);
});

test('too many sign-ins from one address', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, () => request(host, 'POST', '/sign-in', {
    address: '127.255.1.1', headers: { ...form, Origin: originOf(host) }, body: 'email=nobody%40example.org&password=wrong',
  })));
  const codes = answers.map((answer) => answer.status);
  for (const answer of answers.filter((one) => one.status === 429)) {
    assert.equal(answer.headers['retry-after'], '60');
    assert.match(answer.headers['content-type'], /^text\/html/);
  }
  assert.ok(codes.includes(401), `some are answered: ${codes}`);
  assert.ok(codes.includes(429), `some are refused: ${codes}`);
  assert.equal((await request(host, 'GET', '/sign-in', { address: '127.255.1.1' })).status, 200, 'looking at the form is free');
});

test('without workers: a page that says so, a problem for programs', async () => {
  stopApp();
  try {
    const page = await get(host, '/');
    assert.equal(page.status, 503);
    assert.equal(page.headers['retry-after'], '5');
    assert.match(page.text, /back in a moment/i);
    secure(page, '503');
    problem(await get(host, '/api/tickets'), 503, 'unavailable');
    problem(await request(host, 'POST', '/api/tickets', { body: {} }), 503, 'unavailable');
    assert.equal((await request(host, 'POST', '/sign-in', { headers: form, body: 'a=b' })).status, 503);
  } finally {
    startApp();
  }
  await until('workers answer again', async () => (await get(host, '/readyz')).status === 200);
});

