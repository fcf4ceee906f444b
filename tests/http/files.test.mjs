// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Files over the API: brought in parts, attached, seen, handed out whole and in
// parts, and all that is wrong about them.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { before, test } from 'node:test';
import { begin, bring, part, state, tus } from '../lib/files.mjs';
import { originOf, problem } from '../lib/http.mjs';
import { port, psql, until } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { png } from '../lib/pictures.mjs';
import { api, makeSession, makeWorld, request } from './world.mjs';

let w;
before(async () => { w = await makeWorld(); });

const CHUNK = 256 * 1024;
const ok = async (answer, status = 200) => {
  answer = await answer;
  assert.equal(answer.status, status, answer.text.slice(0, 400));
  return answer.json;
};
const open = async (files, session = w.member) => (await ok(api(session, 'POST', '/api/tickets', { title: 'With files', description: 'x', files }), 201)).number;
const read = (session, number) => ok(api(session, 'GET', `/api/tickets/${number}`));
const file = (session, number, id, headers = {}) => api(session, 'GET', `/api/tickets/${number}/files/${id}`, undefined, { headers });
const sum = (bytes, how = 'sha256', form = 'hex') => createHash(how).update(bytes).digest(form);
const codes = (answer, field) => problem(answer, 422).errors.filter((e) => e.field === field).map((e) => e.code);
const sent = async (name, bytes, session = w.member) => {
  const id = await bring(session, name, bytes);
  return { id, number: await open([id], session) };
};

test('N6: a file in parts, cut anywhere, is the file', async () => {
  const bytes = randomBytes(3 * CHUNK + 1234);
  const made = await begin(w.member, 'log of the pump.bin', bytes.length);
  assert.equal(made.status, 201);
  assert.equal(made.headers['tus-resumable'], '1.0.0');
  const { location } = made.headers;
  for (const [from, to] of [[0, 1], [1, 1000], [1000, CHUNK], [CHUNK, 2 * CHUNK + 5], [2 * CHUNK + 5, bytes.length]]) {
    const answer = await part(w.member, location, from, bytes.subarray(from, to));
    assert.equal(answer.status, 204, answer.text);
    assert.equal(answer.headers['upload-offset'], String(to));
    assert.ok(Date.parse(answer.headers['upload-expires']) > Date.now() + 80_000_000);
    const now = await state(w.member, location);
    assert.deepEqual([now.status, now.headers['upload-offset'], now.headers['upload-length'], now.headers['cache-control']],
      [200, String(to), String(bytes.length), 'private, no-store']);
  }
  assert.equal((await ok(api(w.member, 'GET', location))).state, 'ready');
  const number = await open([made.json.id]);
  const page = await read(w.member, number);
  assert.deepEqual(page.files.map((f) => [f.name, f.size, f.kind, f.state, f.comment]), [['log of the pump.bin', bytes.length, 'file', 'ready', page.comments[0].id]]);
  const answer = await file(w.member, number, made.json.id);
  assert.equal(answer.status, 200);
  assert.ok(answer.body.equals(bytes));
  assert.equal(answer.headers.etag, `"${sum(bytes)}"`);
  assert.equal(answer.headers['content-length'], String(bytes.length));
  assert.equal(answer.headers['content-type'], 'application/octet-stream');
  assert.equal(answer.headers['content-disposition'], 'attachment; filename="log of the pump.bin"; filename*=UTF-8\'\'log%20of%20the%20pump.bin');
  assert.match(answer.headers['content-security-policy'], /default-src 'none'; sandbox/);
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.equal(answer.headers['cache-control'], 'private, no-cache');
});

test('N6: limits are told before, and are a setting', async () => {
  assert.deepEqual((await ok(api(w.member, 'GET', '/api/files'))).limits, { size: 100e6, count: 10 });
  const options = await tus(w.member, 'OPTIONS', '/api/files');
  assert.deepEqual(['tus-version', 'tus-extension', 'tus-checksum-algorithm', 'tus-max-size'].map((h) => options.headers[h]),
    ['1.0.0', 'creation,termination,checksum,expiration', 'sha1,sha256', String(100e6)]);
  await ok(api(w.admin, 'PATCH', '/api/settings', { name: 'file_mb', value: '2' }));
  await ok(api(w.admin, 'PATCH', '/api/settings', { name: 'files_most', value: '2' }));
  assert.deepEqual((await ok(api(w.member, 'GET', '/api/files'))).limits, { size: 2e6, count: 2 });
  problem(await begin(w.member, 'a', 2e6 + 1), 413, 'file-too-large');
  assert.equal((await begin(w.member, 'a', 2e6)).status, 201);
  const three = await Promise.all(['a', 'b', 'c'].map((n) => bring(w.member, n, Buffer.from(n))));
  assert.deepEqual(codes(await api(w.member, 'POST', '/api/tickets', { title: 'x', description: 'x', files: three }), 'files'), ['too_many']);
  for (const name of ['file_mb', 'files_most']) await psql('postgres', `delete from app.settings where tenant_id = ${w.tenant} and name = '${name}'`);
});

test('V4: with a reply and with a note, seen as these are', async () => {
  const number = await open();
  const mine = await bring(w.member, 'mine.txt', Buffer.from('mine'));
  const answer = await ok(api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'Here.', files: [mine] }), 201);
  assert.deepEqual(answer.files.map((f) => f.name), ['mine.txt']);
  const secret = await bring(w.agent, 'secret.txt', Buffer.from('secret'));
  await ok(api(w.agent, 'POST', `/api/tickets/${number}/notes`, { body: 'For us.', files: [secret] }), 201);
  assert.deepEqual((await read(w.member, number)).files.map((f) => f.id), [mine]);
  assert.deepEqual((await read(w.agent, number)).files.map((f) => f.id).sort(), [mine, secret].sort());
  for (const who of ['member', 'main', 'partner']) {
    assert.equal((await file(w[who], number, mine)).text, 'mine', who);
    problem(await file(w[who], number, secret), 404, 'not-found');
  }
  assert.equal((await file(w.agent, number, secret)).text, 'secret');
  for (const who of ['second', 'pupil', 'villager']) problem(await file(w[who], number, mine), 404, 'not-found');
  // Under another ticket's number it is not.
  problem(await file(w.member, await open(), mine), 404, 'not-found');
});

test('what is not attached is its owner\'s alone, and is attached once', async () => {
  const id = await bring(w.member, 'a.txt', Buffer.from('abc'));
  for (const who of ['second', 'main', 'agent', 'admin']) {
    problem(await api(w[who], 'GET', `/api/files/${id}`), 404);
    problem(await tus(w[who], 'DELETE', `/api/files/${id}`), 404);
    problem(await part(w[who], `/api/files/${id}`, 0, Buffer.from('x')), 404);
  }
  const others = await bring(w.second, 'b.txt', Buffer.from('b'));
  const coming = (await begin(w.member, 'c.txt', 5)).json.id;
  for (const files of [[others], [coming], [id, 5], [id, others], 'x', [id, 'x'], [{}], [-1], [1.5]]) {
    const wrong = codes(await api(w.member, 'POST', '/api/tickets', { title: 'x', description: 'x', files }), 'files');
    assert.ok(['choice', 'type'].includes(wrong[0]), JSON.stringify(files));
  }
  const number = await open([id, id]);
  assert.equal((await read(w.member, number)).files.length, 1);
  assert.deepEqual(codes(await api(w.member, 'POST', '/api/tickets', { title: 'x', description: 'x', files: [id] }), 'files'), ['choice']);
  problem(await api(w.member, 'GET', `/api/files/${id}`), 404);
  problem(await part(w.member, `/api/files/${id}`, 3, Buffer.from('x')), 404);
  problem(await tus(w.member, 'DELETE', `/api/files/${id}`), 404);
  assert.deepEqual((await ok(api(w.second, 'GET', '/api/files'))).files.map((f) => f.id), [others]);
  assert.equal((await tus(w.second, 'DELETE', `/api/files/${others}`)).status, 204);
  assert.equal((await state(w.second, `/api/files/${others}`)).status, 404);
});

test('N8: sent twice with a file it is one ticket', async () => {
  const files = [await bring(w.member, 'a.txt', Buffer.from('abc'))];
  const body = { title: 'Twice', description: 'x', files };
  const [a, b] = await Promise.all([1, 2].map(() => api(w.member, 'POST', '/api/tickets', body, { key: 'twice-with-a-file' })));
  assert.equal(a.json.number, b.json.number);
  assert.equal((await read(w.member, a.json.number)).files.length, 1);
});

test('a checksum that lies counts nothing, one that is right does', async () => {
  const bytes = randomBytes(2 * CHUNK);
  const { headers: { location } } = await begin(w.member, 'a.bin', bytes.length);
  const check = (how, of) => ({ 'Upload-Checksum': `${how} ${sum(of, how, 'base64')}` });
  problem(await part(w.member, location, 0, bytes, check('sha1', Buffer.from('other'))), 460, 'checksum');
  assert.equal((await state(w.member, location)).headers['upload-offset'], '0');
  const first = bytes.subarray(0, 1000);
  assert.equal((await part(w.member, location, 0, first, check('sha1', first))).status, 204);
  problem(await part(w.member, location, 1000, randomBytes(CHUNK), check('sha256', first)), 460);
  assert.equal((await state(w.member, location)).headers['upload-offset'], '1000');
  const rest = bytes.subarray(1000);
  assert.equal((await part(w.member, location, 1000, rest, check('sha256', rest))).status, 204);
  const number = await open([Number(location.split('/').pop())]);
  const [f] = (await read(w.member, number)).files;
  assert.equal(sum((await file(w.member, number, f.id)).body), sum(bytes));
  for (const wrong of ['md5 abcd', 'sha1', 'sha1 !!!!', 'sha1 YWJj', '']) {
    const made = await begin(w.member, 'a', 3);
    const answer = await part(w.member, made.headers.location, 0, Buffer.from('abc'), { 'Upload-Checksum': wrong });
    if (wrong) problem(answer, 400); else assert.equal(answer.status, 204);
  }
});

test('what is wrong about an upload is said', async () => {
  for (const [size, code] of [[0, 'empty'], ['-1', 'type'], ['x', 'type'], ['99999999999999999999', 'type'], ['', 'required']]) {
    assert.deepEqual(codes(await begin(w.member, 'a', size), 'size'), [code], String(size));
  }
  for (const [name, code] of [['', 'name'], ['..', 'name'], ['/', 'name'], ['a/../..', 'name'], [' \u202e ', 'name'], ['x'.repeat(201), 'too_long'], ['a\0b', 'type']]) {
    assert.deepEqual(codes(await begin(w.member, name, 1), 'name'), [code], JSON.stringify(name));
  }
  for (const [name, kept] of [['../../x', 'x'], ['C:\\secret\\x.txt', 'x.txt'], ['a\r\nb', 'a  b'], ['x\u202egpj.exe', 'xgpj.exe'], ['写真 "1";.png', '写真 "1";.png'], ['x'.repeat(200), 'x'.repeat(200)]]) {
    assert.equal((await ok(begin(w.member, name, 1), 201)).name, kept);
  }
  assert.deepEqual(codes(await tus(w.member, 'POST', '/api/files', { headers: { 'Upload-Length': '1' } }), 'name'), ['name']);
  assert.deepEqual(codes(await tus(w.member, 'POST', '/api/files', { headers: { 'Upload-Length': '1', 'Upload-Metadata': 'filename %%%' } }), 'name'), ['type']);
  const { headers: { location } } = await begin(w.member, 'a', 5);
  const five = Buffer.from('12345');
  const other = await part(w.member, location, 0, five, { 'Tus-Resumable': '0.2.2' });
  problem(other, 412, 'tus-version');
  assert.equal(other.headers['tus-version'], '1.0.0');
  problem(await part(w.member, location, 1, five), 409, 'offset');
  problem(await part(w.member, location, 'x', five), 400);
  problem(await part(w.member, location, 0, five, { 'Content-Type': 'application/octet-stream' }), 415, 'media-type');
  problem(await part(w.member, location, 0, Buffer.from('123456')), 413, 'file-too-large');
  problem(await part(w.member, '/api/files/1', 0, five), 404);
  problem(await part(w.member, '/api/files/x', 0, five), 404);
  problem(await part(w.member, location, 0, five, { Origin: originOf(w.host.desk) }), 403, 'cross-site');
  problem(await part(w.member, location, 0, five, { 'X-Sportello': '' }), 403, 'cross-site');
  problem(await request(w.member.host, 'PATCH', location, { body: five, headers: { Origin: originOf(w.member.host), 'X-Sportello': '1', 'Tus-Resumable': '1.0.0', 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' } }), 401);
  problem(await part(w.member, location, 0, undefined, { 'Transfer-Encoding': 'chunked' }), 411);
  assert.equal((await state(w.member, location)).headers['upload-offset'], '0');
  assert.equal((await part(w.member, location, 0, five)).status, 204);
  problem(await part(w.member, location, 0, five), 409, 'offset');
});

// Says what will come and sends nothing of it: what nginx says to that.
const announce = (method, path, headers, { from = '127.0.0.1', body = '' } = {}) => {
  const line = { said: '' };
  line.socket = connect({ port: port.http, host: '127.0.0.1', localAddress: from }, () => line.socket.write(`${method} ${path} HTTP/1.1\r\nHost: ${w.member.host}:${port.http}\r\n`
    + `Origin: ${originOf(w.member.host, 'http')}\r\nX-Sportello: 1\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n`
    + `${Object.entries(headers).map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n${body}`));
  line.socket.on('data', (bytes) => { line.said += bytes.toString('latin1'); });
  line.socket.on('error', () => {});
  return line;
};
const refusedUnread = async (what, status, code, ...asked) => {
  const line = announce(...asked);
  await until(`${what} is refused before it comes`, () => line.said.includes('"request_id"'), 10_000);
  line.socket.destroy();
  assert.match(line.said, new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json[^]*"code":"${code}"`), what);
};

test('what is no part of somebody who is signed in is refused before it comes', async () => {
  const Cookie = w.member.plain;
  for (const method of ['POST', 'DELETE', 'OPTIONS', 'PUT']) {
    await refusedUnread(`a large ${method}`, 413, 'too-large', method, '/api/files', { Cookie, 'Content-Length': 100_000_000 });
  }
  const chunk = `${(300_000).toString(16)}\r\n${'x'.repeat(300_000)}\r\n`;
  await refusedUnread('an endless POST', 413, 'too-large', 'POST', '/api/files', { Cookie, 'Transfer-Encoding': 'chunked' }, { body: chunk });
  for (const n of [10_000, 5_000_000, 100_000_000]) {
    await refusedUnread(`a stranger's part of ${n}`, 401, 'signed-out', 'PATCH', '/api/files/1', { 'Content-Length': n });
    await refusedUnread(`a part of ${n} with half a cookie`, 401, 'signed-out', 'PATCH', '/api/files/1', { Cookie: 'sid=abc', 'Content-Length': n });
  }
});

test('T9: made-up sessions take nobody\'s place, from however many addresses; a person has six', async () => {
  const lines = [];
  const many = (n, sid, from) => Array.from({ length: n }, () => announce('PATCH', '/api/files/1', { Cookie: sid(), 'Content-Length': 1_000_000 }, { from }));
  try {
    for (let a = 1; a <= 4; a++) lines.push(...many(25, () => `sid=${randomBytes(32).toString('base64url')}`, `127.201.7.${a}`));
    await until('all are refused before they come', () => lines.every((l) => l.said.includes('"request_id"')), 20_000);
    for (const l of lines) assert.match(l.said, /^HTTP\/1.1 401 [^]*application\/problem\+json[^]*"code":"signed-out"/);
    // Another session is the same person.
    const again = await makeSession(w, 'second');
    let turn = 0;
    const own = many(9, () => [again, w.second][turn++ % 2].plain, '127.201.7.9');
    lines.push(...own);
    await until('those above six are refused', () => own.filter((l) => l.said.startsWith('HTTP/1.1 429')).length === 3);
    assert.match(own.find((l) => l.said).said, /application\/problem\+json[^]*"code":"too-many"/);
    assert.equal(own.filter((l) => l.said).length, 3, 'the others are waited for');
    await bring(w.member, 'mine.txt', Buffer.from('mine'));
  } finally {
    for (const l of lines) l.socket.destroy();
  }
});

test('two that go on with one file: the later one does', async () => {
  const bytes = randomBytes(4 * CHUNK);
  const { headers: { location } } = await begin(w.member, 'a.bin', bytes.length);
  const answers = await Promise.all([1, 2, 3].map(() => part(w.member, location, 0, bytes)));
  assert.ok(answers.every((a) => a.status === 204 || a.status === 409), answers.map((a) => a.status).join());
  const at = Number((await state(w.member, location)).headers['upload-offset']);
  if (at < bytes.length) assert.equal((await part(w.member, location, at, bytes.subarray(at))).status, 204);
  const number = await open([Number(location.split('/').pop())]);
  const [f] = (await read(w.member, number)).files;
  assert.ok((await file(w.member, number, f.id)).body.equals(bytes));
});

test('parts of it, and every malformed kind of asking', async () => {
  const bytes = randomBytes(2 * CHUNK + 100);
  const { id, number } = await sent('a.bin', bytes);
  const n = bytes.length;
  const etag = `"${sum(bytes)}"`;
  for (const [range, first, last] of [['bytes=0-0', 0, 0], ['bytes=0-', 0, n - 1], ['bytes=5-9', 5, 9], [`bytes=${CHUNK - 1}-${CHUNK}`, CHUNK - 1, CHUNK],
    [`bytes=${CHUNK}-${2 * CHUNK - 1}`, CHUNK, 2 * CHUNK - 1], ['bytes=-1', n - 1, n - 1], [`bytes=-${n + 50}`, 0, n - 1], [`bytes=100-${n * 9}`, 100, n - 1], ['BYTES=1-2', 1, 2]]) {
    const answer = await file(w.member, number, id, { Range: range });
    assert.equal(answer.status, 206, range);
    assert.equal(answer.headers['content-range'], `bytes ${first}-${last}/${n}`, range);
    assert.ok(answer.body.equals(bytes.subarray(first, last + 1)), range);
  }
  for (const range of ['', 'bytes', 'bytes=', 'bytes=-', 'bytes=x-y', 'bytes=5-2', 'bytes=1', 'bytes=1-2-3', 'bytes=0-1,5-6', 'items=0-1', 'bytes=-x', 'bytes=0x1-2', '=0-1',
    'bytes=99999999999999999999999-', `bytes=0-${'9'.repeat(200)}`]) {
    const answer = await file(w.member, number, id, { Range: range });
    assert.equal(answer.status, 200, range);
    assert.equal(answer.body.length, n, range);
  }
  for (const range of [`bytes=${n}-`, `bytes=${n + 5}-${n + 9}`, 'bytes=-0']) {
    const answer = await file(w.member, number, id, { Range: range });
    problem(answer, 416, 'range');
    assert.equal(answer.headers['content-range'], `bytes */${n}`);
  }
  assert.equal((await file(w.member, number, id, { Range: 'bytes=0-4', 'If-Range': etag })).status, 206);
  assert.equal((await file(w.member, number, id, { Range: 'bytes=0-4', 'If-Range': '"other"' })).status, 200);
  assert.equal((await file(w.member, number, id, { Range: 'bytes=0-4', 'If-Range': new Date().toUTCString() })).status, 200);
  for (const tag of [etag, `"x", W/${etag}`, '*']) {
    const same = await file(w.member, number, id, { 'If-None-Match': tag });
    assert.deepEqual([same.status, same.body.length, same.headers.etag], [304, 0, etag]);
  }
  const head = await api(w.member, 'HEAD', `/api/tickets/${number}/files/${id}`);
  assert.deepEqual([head.status, head.headers['content-length'], head.headers['accept-ranges'], head.body.length], [200, String(n), 'bytes', 0]);
});

test('what a page shows is told by its content: no script ever is', async () => {
  const picture = Buffer.from(png(8, 8));
  const kind = async (name, bytes) => {
    const { id, number } = await sent(name, bytes);
    const [f] = (await read(w.member, number)).files;
    const a = await file(w.member, number, id);
    assert.ok(a.body.equals(bytes));
    assert.match(a.headers['content-security-policy'], /sandbox/);
    return [f.kind, a.headers['content-type'], a.headers['content-disposition'].split(';')[0]];
  };
  const shown = (kind, type) => [kind, type, 'inline'];
  const kept = ['file', 'application/octet-stream', 'attachment'];
  assert.deepEqual(await kind('a.txt', picture), shown('picture', 'image/png'));
  assert.deepEqual(await kind('a.gif', Buffer.from('GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;', 'latin1')), shown('picture', 'image/gif'));
  // A picture that is a page too stays a picture.
  assert.deepEqual(await kind('a.html', Buffer.concat([picture, Buffer.from('<script>alert(1)</script>')])), shown('picture', 'image/png'));
  assert.deepEqual(await kind('v.mp4', Buffer.concat([Buffer.from('00000018667479706d703432000000006d70343269736f6d', 'hex'), Buffer.alloc(100)])), shown('video', 'video/mp4'));
  for (const [name, text] of [['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'], ['a.png', '<html><script>alert(1)</script>'],
    ['a.jpg', 'nothing'], ['a.pdf', '%PDF-1.7\n'], ['a.xml', '<?xml version="1.0"?><x/>']]) {
    assert.deepEqual(await kind(name, Buffer.from(text)), kept, name);
  }
});

test('T9: they count as the tenant\'s storage, and those that nobody attaches end', async () => {
  const own = await makeWorld({ only: ['member'] });
  const used = () => psql('postgres', `select coalesce(sum(storage), 0) from app.usage where tenant_id = ${own.tenant}`).then(Number);
  await psql('postgres', `insert into app.quotas (tenant_id, storage) values (${own.tenant}, 100000)`);
  const first = await begin(own.member, 'a', 60000);
  assert.equal(await used(), 60000);
  problem(await begin(own.member, 'b', 60000), 403, 'quota');
  await tus(own.member, 'DELETE', first.headers.location);
  assert.equal(await used(), 0);
  const old = await begin(own.member, 'b', 60000);
  await psql('postgres', `update app.files set created_at = now() - interval '25 hours' where tenant_id = ${own.tenant}`);
  assert.equal((await state(own.member, old.headers.location)).status, 404);
  await until('it ended', async () => await used() === 0, 20_000);
  // Two that would fit one by one do not both get in.
  const both = await Promise.all([1, 2, 3].map(() => begin(own.member, 'c', 60000)));
  assert.deepEqual(both.map((a) => a.status).sort(), [201, 403, 403]);
  await psql('postgres', `delete from app.quotas where tenant_id = ${own.tenant}`);
  // What waits is bounded: five times the largest.
  const large = [];
  for (let i = 0; i < 5; i++) large.push(await begin(own.member, 'd', 99_000_000));
  assert.deepEqual(large.map((a) => a.status), [201, 201, 201, 201, 201]);
  assert.deepEqual(codes(await begin(own.member, 'd', 6_000_000), 'files'), ['too_many']);
  // A large one is over at once, and is taken away piece by piece.
  assert.equal((await tus(own.member, 'DELETE', large[0].headers.location)).status, 204);
  problem(await part(own.member, large[0].headers.location, 0, Buffer.from('x')), 404);
  await until('its room is free', async () => await used() < 400_000_000, 20_000);
});

test('N6: a mail names the files and attaches none', async () => {
  const since = Date.now();
  const { id, number } = await sent('図面 <1>.txt', Buffer.from('the drawing'));
  const [mail] = await mails({ to: w.people.agent.email, since, about: `#${number}` });
  assert.match(mail.text, new RegExp(`図面 <1>\\.txt\\s+https://${w.host.desk}:\\d+/agent/t/${number}#f${id}`));
  assert.match(mail.html, /図面 &lt;1&gt;\.txt/);
  assert.ok(!mail.html.includes('the drawing') && !mail.text.includes('the drawing'));
  const secret = await bring(w.agent, 'secret.txt', Buffer.from('x'));
  await ok(api(w.agent, 'POST', `/api/tickets/${number}/notes`, { body: 'For us.', files: [secret] }), 201);
  await ok(api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'No file.' }), 201);
  const [answer] = await mails({ to: w.people.member.email, since, about: `#${number}` });
  assert.ok(!answer.text.includes('secret.txt') && !answer.text.includes('図面'), answer.text);
});
