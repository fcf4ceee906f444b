// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An upload that is cut at random places, fifty times, by a client that goes, by
// a worker that is killed and by a slow line, and gone on with each time: what is
// there in the end is what was sent.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { before, test } from 'node:test';
import { connect } from 'node:net';
import { begin, part, state } from '../lib/files.mjs';
import { originOf } from '../lib/http.mjs';
import { port, until, workers } from '../lib/instance.mjs';
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
  const got = await new Promise((resolve) => {
    const socket = connect(port.http, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.0\r\nHost: ${w.member.host}:${port.http}\r\nX-Sportello: 1\r\nCookie: ${w.member.plain}\r\n\r\n`));
    let n = 0;
    socket.once('data', () => {
      socket.pause();
      for (const { pid } of workers('bulk')) process.kill(pid, 'SIGKILL');
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
