// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An upload that is cut at random places, fifty times, by a client that goes, by
// a worker that is killed and by a slow line, and gone on with each time: what is
// there in the end is what was sent. And who is slow holds up nobody.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { connect } from 'node:net';
import { begin, part, state } from '../lib/files.mjs';
import { originOf } from '../lib/http.mjs';
import { port, restartApp, state as instance, until, workers } from '../lib/instance.mjs';
import { api, makeWorld } from '../http/world.mjs';

const CUTS = 50;
const SIZE = 12_000_000;
let w;
before(async () => { w = await makeWorld({ only: ['member'] }); });

// Says that all of `bytes` will come, sends `n` of them and goes.
const cut = (path, offset, bytes, n) => new Promise((resolve) => {
  const socket = connect(port.http, '127.0.0.1', () => {
    socket.write(`PATCH ${path} HTTP/1.1\r\nHost: ${w.member.host}:${port.http}\r\nOrigin: ${originOf(w.member.host, 'http')}\r\nX-Sportello: 1\r\nCookie: ${w.member.plain}\r\n`
      + `Tus-Resumable: 1.0.0\r\nUpload-Offset: ${offset}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: ${bytes.length}\r\n\r\n`);
    socket.write(bytes.subarray(0, n), () => setTimeout(() => socket.destroy(), randomInt(40)));
  });
  socket.on('error', () => {});
  socket.on('close', resolve);
});

test('N6: cut fifty times and gone on with, a file is what was sent', async () => {
  const bytes = randomBytes(SIZE);
  const { headers: { location } } = await begin(w.member, 'a.bin', SIZE);
  const at = async () => {
    let answer;
    await until('it says how much is there', async () => (answer = await state(w.member, location).catch(() => null))?.status === 200);
    return Number(answer.headers['upload-offset']);
  };
  let kept = 0, killed = 0;
  for (let i = 0; i < CUTS; i++) {
    const offset = await at();
    assert.ok(offset >= kept, `what is there stays: ${offset} after ${kept}`);
    kept = offset;
    const rest = bytes.subarray(offset);
    const n = randomInt(Math.max(1, Math.min(rest.length, Math.floor(2 * SIZE / CUTS))));
    const gone = cut(location, offset, rest, n);
    if (i % 7 === 3) {
      const all = workers('bulk');
      process.kill(all[randomInt(all.length)].pid, 'SIGKILL');
      killed++;
    }
    await gone;
  }
  kept = await at();
  assert.ok(kept > SIZE / 4, `of ${CUTS} pieces most were kept: ${kept}`);
  assert.ok(killed > 3);
  // A worker may still be at the last piece that came: whoever goes on takes over.
  await until('the rest is there', async () => {
    const offset = await at();
    return offset === SIZE || (await part(w.member, location, offset, bytes.subarray(offset)).catch(() => null))?.status === 204;
  });
  const id = Number(location.split('/').pop());
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'Cut', description: 'x', files: [id] })).json;
  const answer = await api(w.member, 'GET', `/api/tickets/${number}/files/${id}`);
  assert.equal(createHash('sha256').update(answer.body).digest('hex'), createHash('sha256').update(bytes).digest('hex'));
  assert.equal(answer.headers.etag, `"${createHash('sha256').update(bytes).digest('hex')}"`);
});

test('a worker that is killed in the middle of a download cuts it visibly', async () => {
  const bytes = randomBytes(40_000_000);
  const { headers: { location }, json: { id } } = await begin(w.member, 'b.bin', bytes.length);
  assert.equal((await part(w.member, location, 0, bytes)).status, 204);
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'Cut', description: 'x', files: [id] })).json;
  const path = `/api/tickets/${number}/files/${id}`;
  const pool = workers('bulk');
  const got = await new Promise((resolve) => {
    const socket = connect(port.http, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.0\r\nHost: ${w.member.host}:${port.http}\r\nX-Sportello: 1\r\nCookie: ${w.member.plain}\r\n\r\n`));
    let n = 0;
    socket.once('data', () => {
      for (const { pid } of pool) process.kill(pid, 'SIGKILL');
      socket.pause();
      setTimeout(() => socket.resume(), 500);
    });
    socket.on('data', (chunk) => { n += chunk.length; });
    socket.on('error', () => {});
    socket.on('close', () => resolve(n));
  });
  assert.ok(got > 0 && got < bytes.length, `${got} of ${bytes.length}`);
  // What is there is gone on from, by its own address.
  const from = 1_000_000;
  await until('workers are back', async () => (await api(w.member, 'GET', path, undefined, { headers: { Range: `bytes=${from}-` } }).catch(() => null))?.status === 206);
  const rest = await api(w.member, 'GET', path, undefined, { headers: { Range: `bytes=${from}-` } });
  assert.ok(rest.body.equals(bytes.subarray(from)));
});

// A request of one's own, byte by byte: what the server says, and `write`.
const raw = (method, path, headers = {}, who = w.member) => {
  const line = { said: '', over: false };
  line.socket = connect(port.http, '127.0.0.1', () => line.socket.write(`${method} ${path} HTTP/1.1\r\nHost: ${who.host}:${port.http}\r\nOrigin: ${originOf(who.host, 'http')}\r\nX-Sportello: 1\r\nCookie: ${who.plain}\r\n`
    + `${Object.entries(headers).map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`));
  line.socket.on('error', () => {});
  line.socket.on('close', () => { line.over = true; });
  return line;
};
const hear = (line) => line.socket.on('data', (bytes) => { line.said += bytes.toString('latin1'); });

test('N6: slow senders and slow readers hold up nobody, and what came of a slow part is kept', async (t) => {
  const other = await makeWorld({ only: ['member'] });
  const kept = readFileSync(`${instance}/settings`, 'utf8').split('\n').filter((line) => line.startsWith('env_extra=')).flatMap((line) => ['--env', line.slice('env_extra='.length)]);
  restartApp(...kept, '--env', 'SPORTELLO_PART_SECONDS=20');
  t.after(() => restartApp(...kept));
  const large = randomBytes(20_000_000);
  const made = await begin(w.member, 'large.bin', large.length);
  assert.equal((await part(w.member, made.headers.location, 0, large)).status, 204);
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'Slow', description: 'x', files: [made.json.id] })).json;
  const lines = [];
  const sender = async (size, who = w.member, pace = 1000) => {
    const { headers: { location } } = await begin(who, 'slow.bin', size);
    const line = raw('PATCH', location, { 'Tus-Resumable': '1.0.0', 'Upload-Offset': 0, 'Content-Type': 'application/offset+octet-stream', 'Content-Length': size }, who);
    hear(line);
    const beat = setInterval(() => (line.over ? clearInterval(beat) : line.socket.write(Buffer.alloc(pace))), 200);
    lines.push(Object.assign(line, { location, beat }));
    return line;
  };
  const steady = await sender(60_000_000, other.member, 40_000);
  // Four of each: parts that are collected first, parts that pass as they come, readers who read nothing.
  const small = [], streams = [];
  for (let i = 0; i < 4; i++) {
    small.push(await sender(1_000_000));
    streams.push(await sender(30_000_000));
    const reader = raw('GET', `/api/tickets/${number}/files/${made.json.id}`);
    reader.socket.once('data', () => reader.socket.pause());
    lines.push(reader);
  }
  await until('one large part of a tenant is taken, the others are not now', () => streams.filter((l) => l.said.startsWith('HTTP/1.1 429')).length === 3);
  for (const l of streams) if (l.said) assert.match(l.said, /application\/problem\+json[^]*"code":"too-many"/);
  for (let i = 0; i < 3; i++) {
    const began = Date.now();
    const { headers: { location }, json: { id } } = await begin(w.member, 'quick.txt', 5);
    assert.equal((await part(w.member, location, 0, Buffer.from('quick'))).status, 204);
    const { number: own } = (await api(w.member, 'POST', '/api/tickets', { title: 'Quick', description: 'x', files: [id] })).json;
    assert.equal((await api(w.member, 'GET', `/api/tickets/${own}/files/${id}`)).text, 'quick');
    assert.ok(Date.now() - began < 8_000, `${Date.now() - began} ms`);
  }
  const held = streams.find((l) => !l.said.startsWith('HTTP/1.1 429'));
  await until('the slow one is let go', () => held.said.startsWith('HTTP/1.1 408'), 60_000);
  assert.match(held.said, /"type":\s*"[^"]*slow"/);
  assert.ok(Number((await state(w.member, held.location)).headers['upload-offset']) > 20_000);
  await until('however steadily it comes, a part ends', () => steady.said.startsWith('HTTP/1.1 408'), 60_000);
  assert.match(steady.said, /"type":\s*"[^"]*slow"/);
  assert.ok(Number((await state(other.member, steady.location)).headers['upload-offset']) > 1_500_000);
  for (const line of lines) { clearInterval(line.beat); line.socket.destroy(); }
});
