// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rules of FastCGI, each as the accident it prevents. On two workers, with
// a short limit for a request. The routes /test/… are only in the test build.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { newKey, originOf } from '../lib/http.mjs';
import { logFrom, port, processes, psql, restartApp, root, state, until, workers } from '../lib/instance.mjs';
import { api, countRows, get, makeWorld, request } from '../http/world.mjs';
import { begin, params, stdin, stdinEnd, talk, whole } from './fastcgi.mjs';

const SECONDS = 5;
const BIG = 100_000_000;
const socket = `${state}/run/api.sock`;
let w, kept;

before(async () => {
  w = await makeWorld();
  const settings = readFileSync(`${state}/settings`, 'utf8').split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  kept = { workers: Object.fromEntries(settings).workers, env: settings.filter(([name]) => name === 'env_extra').flatMap(([, value]) => ['--env', value]) };
  restartApp('--workers', '2,1', ...kept.env, '--env', `SPORTELLO_REQUEST_SECONDS=${SECONDS}`);
});
after(() => restartApp('--workers', kept.workers, ...kept.env));

const ask = () => api(w.member, 'GET', '/api/tickets');
const pids = () => workers('api').map((p) => p.pid).sort();
// At their work: one that begins still ends by a SIGTERM at once.
const atWork = (pid) => { try { return (parseInt(/^SigCgt:\t(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1].slice(-8), 16) & 0x4000) !== 0; } catch { return false; } };
const twoWorkers = () => until('two workers', () => pids().length === 2 && pids().every(atWork));
const works = () => until('an answer', async () => (await ask()).status === 200);
const deaths = (log) => log().filter((line) => line.kind === 'master' && line.what === 'died').map((line) => line.words);
const newId = (what) => `${what}-${randomBytes(6).toString('hex')}`;

// What nginx would tell a worker about a request of the member.
const trusted = (id, more = {}) => ({
  REQUEST_METHOD: 'GET', REQUEST_URI: '/api/tickets', CONTENT_TYPE: '', SPORTELLO_HOST: w.host.town, SPORTELLO_SCHEME: 'https',
  SPORTELLO_ORIGIN: originOf(w.host.town), SPORTELLO_REQUEST_ID: id, SPORTELLO_ADDR: '127.0.0.1', SPORTELLO_START: '0.000',
  HTTP_COOKIE: w.member.cookie, HTTP_X_SPORTELLO: '1', ...more,
});
const posting = (id, body, more = {}) => trusted(id, {
  REQUEST_METHOD: 'POST', CONTENT_TYPE: 'application/json', CONTENT_LENGTH: Buffer.byteLength(body), HTTP_ORIGIN: originOf(w.host.town), HTTP_IDEMPOTENCY_KEY: newKey(), ...more,
});

// ---- forged records ----

test('forged records in an unread body run nothing, wherever they begin', async () => {
  const log = logFrom();
  const forged = newId('forged');
  const records = whole(trusted(forged));
  // nginx and libfcgi keep their buffers and records at multiples of eight.
  const offsets = Array.from({ length: 16_384 / 8 + 1 }, (_, i) => i * 8);
  const send = async (offset) => {
    const answer = await request(w.host.town, 'POST', '/test/ignore', {
      headers: { 'Content-Type': 'application/octet-stream' }, body: Buffer.concat([Buffer.alloc(offset, 65), records]),
    });
    assert.equal(answer.status, 200, `offset ${offset}`);
    assert.equal(answer.text, '/test/ignore', `offset ${offset}`);
  };
  const queue = [...offsets];
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (queue.length) await send(queue.shift());
  }));
  const ignored = (lines) => lines.filter((line) => line.route === '/test/ignore');
  await until('all are in the log', () => ignored(log()).length === offsets.length);
  const others = log().filter((line) => line.kind === 'request' && line.route !== '/test/ignore');
  assert.deepEqual(others, [], 'nothing else ran');
  assert.ok(!log().some((line) => JSON.stringify(line).includes(forged)));

  // The same bytes, sent as a request of their own, do run, and are seen so.
  const answer = await talk(socket, records);
  assert.equal(answer.status, 200);
  await until('it is in the log', () => log().some((line) => line.id === forged && line.route === '/api/tickets' && line.status === 200));
});

test('a connection is for one request, even if the server would keep it', async () => {
  const log = logFrom();
  const [first, second] = [newId('first'), newId('second')];
  const both = Buffer.concat([whole(trusted(first), '', { keep: true }), whole(trusted(second), '', { keep: true })]);
  const answer = await talk(socket, both);
  assert.ok(answer.closed, 'closed by the worker');
  assert.equal(answer.answers, 1);
  await works();
  assert.deepEqual(log().filter((line) => [first, second].includes(line.id)).map((line) => line.id), [first]);
});

// ---- waiting ----

test('60 requests at once on two workers: none waits for a second', async () => {
  await works();
  for (let round = 0; round < 2; round++) {
    const took = await Promise.all(Array.from({ length: 60 }, async () => {
      const started = performance.now();
      assert.equal((await ask()).status, 200);
      return performance.now() - started;
    }));
    const most = Math.max(...took);
    assert.ok(most < 1000, `${most} ms`);
    console.log(`# slowest of 60: ${Math.round(most)} ms`);
  }
});

test('who sends a body slowly holds no worker', async () => {
  const log = logFrom();
  const rows = await countRows(w);
  const body = JSON.stringify({ title: 'slow', description: 'x'.repeat(900) });
  const head = `POST /api/tickets HTTP/1.1\r\nHost: ${w.host.town}\r\nOrigin: ${originOf(w.host.town, 'http')}\r\nX-Sportello: 1\r\n`
    + `Cookie: ${w.member.plain}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nIdempotency-Key: `;
  const slow = await Promise.all(Array.from({ length: 12 }, () => new Promise((resolve, reject) => {
    const s = connect(port.http, '127.0.0.1', () => s.write(`${head}${newKey()}\r\n\r\n${body.slice(0, 500)}`, () => resolve(s)));
    s.on('error', reject);
  })));
  const started = performance.now();
  assert.equal((await ask()).status, 200);
  assert.ok(performance.now() - started < 1000);
  // Eleven go away; what one sends in the end is taken.
  const last = slow.pop();
  for (const s of slow) s.destroy();
  const answer = new Promise((resolve) => last.once('data', resolve));
  last.write(body.slice(500));
  assert.match((await answer).toString(), /^HTTP\/1.1 201 /);
  last.destroy();
  await works();
  assert.equal(log().filter((line) => line.route === '/api/tickets' && line.method === 'POST').length, 1);
  assert.notEqual(await countRows(w), rows);
});

test('a body shorter than its length changes nothing', async () => {
  const rows = await countRows(w);
  const body = JSON.stringify({ title: 'short', description: 'x' });
  for (const part of ['', body.slice(0, 10), body.slice(0, -1)]) {
    const bytes = Buffer.concat([begin(), params(posting(newId('short'), body)), ...(part ? [stdin(part)] : []), stdinEnd()]);
    const answer = await talk(socket, bytes);
    assert.equal(answer.status, 400);
    assert.match(answer.text, /"code":"interrupted"/);
  }
  assert.equal(await countRows(w), rows);
  assert.equal((await talk(socket, whole(posting(newId('whole'), body), body))).status, 201);
});

test('a connection that says nothing holds a worker briefly', async () => {
  const silent = await Promise.all([0, 1].map(() => new Promise((resolve) => { const s = connect(socket, () => resolve(s)); s.on('error', () => {}); })));
  const started = performance.now();
  assert.equal((await ask()).status, 200);
  assert.ok(performance.now() - started < 1000 * SECONDS);
  silent.forEach((s) => s.destroy());
  await twoWorkers();
});

test('a request over its limit ends its process, and the next is answered', async () => {
  await twoWorkers();
  const log = logFrom();
  const body = JSON.stringify({ title: 'stalled', description: 'x' });
  const rows = await countRows(w);
  const started = performance.now();
  // One that works too long; one whose body never comes to its end.
  const sleeper = get(w.host.town, '/test/sleep?ms=20000');
  const stalled = talk(socket, Buffer.concat([begin(), params(posting(newId('stalled'), body)), stdin(body.slice(0, 10))]), { timeout: 3000 * SECONDS });
  const [slept, cut] = await Promise.all([sleeper, stalled]);
  const took = performance.now() - started;
  assert.ok(took > 900 * SECONDS && took < 2000 * SECONDS, `${took} ms`);
  assert.equal(slept.status, 503);
  assert.deepEqual([cut.closed, cut.answers], [true, 0]);
  assert.deepEqual(await until('both ended', () => deaths(log).length >= 2 && deaths(log)), Array(2).fill('signal 14 (Alarm clock)'));
  await works();
  assert.equal(await countRows(w), rows);
  const short = await get(w.host.town, '/test/sleep?ms=20');
  assert.equal(short.text, 'slept\n', 'below it nothing happens');
  await twoWorkers();
});

// ---- ends in the middle ----

// Begins to read 100 MB and stops. resume() reads the rest.
function slowReader() {
  return new Promise((resolve, reject) => {
    const s = connect(port.http, '127.0.0.1', () => s.write(`GET /test/big HTTP/1.1\r\nHost: ${w.host.town}\r\nConnection: close\r\n\r\n`));
    let got = 0, head;
    const all = new Promise((done) => { s.on('close', () => done({ got, head })); });
    s.on('error', reject);
    s.on('data', (chunk) => {
      if (head === undefined) {
        head = chunk.subarray(0, chunk.indexOf('\r\n\r\n')).toString();
        got -= head.length + 4;
        s.pause();
        resolve({ resume() { s.resume(); return all; }, leave() { s.destroy(); } });
      }
      got += chunk.length;
    });
  });
}

test('SIGTERM during an answer of 100 MB: all of it, then the end', async () => {
  await twoWorkers();
  const log = logFrom();
  const old = pids();
  const reader = await slowReader();
  for (const pid of old) process.kill(pid, 'SIGTERM');
  const [busy] = await until('the idle one ends', () => { const left = pids().filter((pid) => old.includes(pid)); return left.length === 1 && left; });
  assert.equal((await ask()).status, 200, 'its successor answers meanwhile');
  assert.ok(pids().includes(busy), 'the busy one stays');
  const { got, head } = await reader.resume();
  assert.match(head, /^HTTP\/1.1 200 [^]*Content-Length: 100000000/);
  assert.equal(got, BIG);
  await until('then it ends', () => !pids().includes(busy));
  await until('both are buried', () => deaths(log).length >= 2);
  assert.deepEqual(deaths(log), ['exit status 0', 'exit status 0']);
  await twoWorkers();
});

test('SIGKILL in mid-answer: the client sees it cut', async () => {
  const log = logFrom();
  for (const scheme of ['https', 'http']) {
    const answer = await get(w.host.town, '/test/cut', { scheme });
    assert.equal(answer.status, 200);
    assert.equal(answer.complete, false, 'cut');
    assert.ok(answer.body.length < BIG && answer.headers['content-length'] === String(BIG));
  }
  await until('both are noticed', () => deaths(log).filter((words) => words.startsWith('signal 9')).length === 2);
  await twoWorkers();
  await works();
});

test('an answer given up in the middle: cut, and the worker lives', async () => {
  const old = pids();
  for (const scheme of ['https', 'http']) {
    const answer = await get(w.host.town, '/test/abort', { scheme });
    assert.equal(answer.complete, false, 'cut');
    assert.ok(answer.body.length < BIG);
  }
  await works();
  assert.deepEqual(pids(), old);
});

test('a client that goes away in the middle costs nobody anything', async () => {
  const old = pids();
  for (let i = 0; i < 3; i++) (await slowReader()).leave();
  await works();
  assert.deepEqual(pids(), old);
});

test('K7: who takes nothing of an export holds a worker for a while, and nothing of the database', async () => {
  const section = await api(w.agent, 'POST', '/api/sections', { names: { en: 'Many' }, audience: { level: 'public' } });
  assert.equal(section.status, 201, section.text);
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false) \\g /dev/null
    insert into app.articles (tenant_id, id, key, section_id, position, language, is_live, changed)
      select ${w.tenant}, 5000 + n, 'many' || n, ${section.json.id}, n, 'en', true, 1 from generate_series(1, 800) n;
    insert into app.article_versions (tenant_id, article_id, language, number, title, html, from_change)
      select ${w.tenant}, 5000 + n, 'en', 1, 'Many ' || n, '<p>' || (select string_agg(md5(n || '.' || i), ' ') from generate_series(1, 300) i) || '</p>', 1 from generate_series(1, 800) n;
    insert into app.article_texts (tenant_id, article_id, language, number, title, slug, about, toc, minutes, words)
      select ${w.tenant}, 5000 + n, 'en', 1, 'Many ' || n, 'many', 'x', '[]', 1, ' x ' from generate_series(1, 800) n;
    commit`);
  const asked = (id) => whole(trusted(id, { REQUEST_URI: '/export/kb.jsonl' }));
  const bulk = `${state}/run/bulk.sock`;
  const log = logFrom();
  const stalled = connect(bulk);
  stalled.on('error', () => {});
  stalled.pause();
  stalled.write(asked(newId('stalled')));
  // Its worker waits for the reader, and meanwhile no transaction lasts.
  const old = new Set();
  await until('its worker gives up', async () => {
    const pid = await psql('postgres', `select string_agg(pid::text, ' ') from pg_stat_activity where usename = 'sportello_bulk' and xact_start < now() - interval '2 seconds'`);
    if (pid) old.add(pid);
    return deaths(log).length === 1;
  });
  assert.deepEqual([...old], [], 'no transaction was older than two seconds');
  assert.deepEqual(deaths(log), ['signal 14 (Alarm clock)']);
  stalled.destroy();
  const next = await until('the pool is whole', () => talk(bulk, asked(newId('next'))).then((answer) => answer.answers === 1 && answer));
  assert.equal(next.text.split('\n').filter((line) => line.startsWith('{"kind" : "article"')).length, 800);
});

test('a pipeline out of step ends the process, and nobody gets another\'s answer', async () => {
  await works();
  const log = logFrom();
  const title = async (session) => {
    const answer = await api(session, 'POST', '/api/tickets', { title: `of ${session.person.name}`, description: 'x' });
    assert.equal(answer.status, 201);
    return answer.json.number;
  };
  const own = new Map();
  for (const session of [w.member, w.villager]) own.set(session, await title(session));
  for (let round = 0; round < 3; round++) {
    await twoWorkers();
    const others = Array.from({ length: 30 }, async (_, i) => {
      const session = i % 2 ? w.member : w.villager;
      const answer = await api(session, 'GET', `/api/tickets/${own.get(session)}`);
      if (answer.status === 200) assert.equal(answer.json.ticket.title, `of ${session.person.name}`);
      else assert.equal(answer.status, 503);
    });
    const mismatched = await get(w.host.town, '/test/mismatch');
    assert.equal(mismatched.status, 503);
    assert.doesNotMatch(mismatched.text, /unnoticed|ready/);
    await Promise.all(others);
    await until('the process ended', () => deaths(log).length > round);
  }
  assert.deepEqual(deaths(log), Array(3).fill('exit status 70'));
  assert.equal(log().filter((line) => line.what === 'pipeline out of step').length, 3);
  assert.ok(!log().some((line) => line.route === '/test/mismatch'), 'it never came to an answer');
  await twoWorkers();
  await works();
});

// ---- the build for production ----

test('the optimised build has no test routes', { timeout: 180_000 }, async () => {
  const program = `${root}/build/bin/sportello`;
  await promisify(execFile)('make', ['-s', '-j2', 'programs'], { cwd: root });
  const holds = (file, text) => readFileSync(file).includes(text);
  for (const text of ['/test/ignore', '/test/mismatch', 'faults_big']) {
    assert.ok(holds(`${state}/app/bin/sportello-worker`, text), `the test build has ${text}`);
    assert.ok(!holds(`${program}-worker`, text), `the optimised build has ${text}`);
  }
  // And as it runs, with sockets of its own.
  const run = mkdtempSync(`${tmpdir()}/sportello-`);
  // Jobs are told everything, workers nothing of the mail server.
  const env = Object.fromEntries(Object.entries(processes().find((p) => p.env.SPORTELLO_POOL === 'jobs').env).filter(([name]) => !/SAN_OPTIONS|SPORTELLO_POOL/.test(name)));
  const master = spawn(program, ['master'], { env: { ...env, SPORTELLO_RUN: run, SPORTELLO_API_WORKERS: '1', SPORTELLO_LOGIN_WORKERS: '1' }, stdio: 'ignore' });
  const ended = new Promise((resolve) => { master.on('exit', resolve); });
  try {
    const there = `${run}/api.sock`;
    await until('it listens', () => existsSync(there));
    assert.equal((await talk(there, whole(trusted('one', { REQUEST_URI: '/healthz' })))).status, 200);
    assert.equal((await talk(there, whole(trusted('two')))).status, 200);
    const paths = [...readFileSync(`${root}/fcgi/handlers/faults.h`, 'utf8').matchAll(/(GET|POST), "(\/test\/[^"]+)"/g)];
    assert.ok(paths.length > 4);
    for (const [, method, path] of paths) {
      assert.equal((await talk(there, whole(trusted('three', { REQUEST_METHOD: method, REQUEST_URI: path })))).status, 404, path);
    }
  } finally {
    master.kill('SIGTERM');
    assert.equal(await ended, 0);
    rmSync(run, { recursive: true });
  }
});
