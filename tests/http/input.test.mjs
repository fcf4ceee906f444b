// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Bad input: each the right status and a problem that says what to do, and
// nothing stored.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newKey, originOf, problem } from '../lib/http.mjs';
import { port, rawRequest } from '../lib/instance.mjs';
import { anyAddress, api, countRows, get, makeSession, makeWorld, password, request } from './world.mjs';

let w, other, old;
const good = () => ({ title: `A lamp ${w.mark}`, description: 'It blinks.' });
const open = (body, options) => api(w.member, 'POST', '/api/tickets', body, options);
const json = 'application/json';

before(async () => {
  [w, other] = [await makeWorld(), await makeWorld({ only: ['member', 'agent'] })];
  old = await makeSession(w, 'member', { life: '-1 second' });
  assert.equal((await open(good())).status, 201);
});

// A problem with a sentence that tells what to do.
function told(answer, status, code) {
  const p = problem(answer, status, code);
  assert.match(p.detail, /^[A-Z'].{10,}\.$/, 'a sentence');
  assert.ok(Array.isArray(p.errors));
  assert.equal(answer.headers['x-request-id'] ?? p.request_id, p.request_id);
  for (const e of p.errors) assert.match(e.detail, /\.$/);
  return p;
}
const field = (p, name, code) => assert.deepEqual(p.errors.map((e) => [e.field, e.code]), [[name, code]]);

// What is asked in here leaves no row behind.
function refuses(name, ask) {
  test(name, async () => {
    const rows = await countRows(w, other);
    await ask();
    assert.equal(await countRows(w, other), rows, 'something was stored');
  });
}

// Bytes no client library would send, over plain http. Each header is a line.
async function raw(line, headers, body = '') {
  const bytes = Buffer.concat([Buffer.from(`${[line, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
  const text = await rawRequest(bytes);
  const [head, ...rest] = text.split('\r\n\r\n');
  const lines = head.split('\r\n');
  const content = Buffer.from(rest.join('\r\n\r\n'), 'latin1').toString('utf8');
  return {
    status: Number(lines[0].split(' ')[1]), text: content, all: text, json: /^\{/.test(content) ? JSON.parse(content) : undefined,
    headers: Object.fromEntries(lines.slice(1).map((l) => [l.slice(0, l.indexOf(':')).toLowerCase(), l.slice(l.indexOf(':') + 2)])),
  };
}
const host = () => `Host: ${w.host.town}`;
const mine = () => `Cookie: ${w.member.plain}`;
const write = (more = {}) => [host(), mine(), `Origin: ${originOf(w.host.town, 'http')}`, 'X-Sportello: 1',
  `Idempotency-Key: ${newKey()}`, `Content-Type: ${json}`, ...Object.entries(more).map(([k, v]) => `${k}: ${v}`)];

// ---- bodies ----

refuses('a body that is too large', async () => {
  told(await open(Buffer.alloc(256 * 1024 + 1, 32)), 413, 'too-large');
  const chunk = `10000\r\n${' '.repeat(65536)}\r\n`;
  told(await raw('POST /api/tickets HTTP/1.1', write({ 'Transfer-Encoding': 'chunked' }), `${chunk.repeat(5)}0\r\n\r\n`), 413, 'too-large');
  told(await open(Buffer.alloc(256 * 1024, 32)), 400, 'json');
});

refuses('a body of another type', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'application/jsonx', 'json', ' ']) {
    told(await open(JSON.stringify(good()), { headers: { 'Content-Type': type } }), 415, 'media-type');
  }
  told(await raw('POST /api/tickets HTTP/1.1', write({ 'Content-Length': 2 }).filter((h) => !/^Content-Type/.test(h)), '{}'), 415, 'media-type');
});

refuses('what is not JSON', async () => {
  const bytes = (...parts) => Buffer.concat(parts.map((p) => Buffer.from(p)));
  const deep = (n, o = '[', c = ']') => `{"title":"x","description":${o.repeat(n)}${c.repeat(n)}}`;
  const bad = {
    'cut short': '{"title":"x"', 'something behind': '{"title":"x","description":"y"}{}', 'single quotes': "{'title':'x'}",
    'a bare word': 'title', 'only blanks': '   ', 'an array': '[1]', 'a string': '"x"', 'a number': '1', 'null': 'null',
    'broken UTF-8': bytes('{"title":"', [0xc3, 0x28], '","description":"y"}'),
    'UTF-8 too long': bytes('{"title":"', [0xc0, 0xaf], '","description":"y"}'),
    'half a pair as bytes': bytes('{"title":"', [0xed, 0xa0, 0x80], '","description":"y"}'),
    'latin1': bytes('{"title":"caff', [0xe8], '","description":"y"}'),
    'UTF-16': Buffer.from(JSON.stringify(good()), 'utf16le'),
    'NUL as a byte': bytes('{"title":"a', [0], 'b","description":"y"}'),
    'NUL as an escape': '{"title":"a\\u0000b","description":"y"}',
    'a control character': '{"title":"a\\u0001b","description":"y"}',
    'a line break in a string': '{"title":"a\nb","description":"y"}',
    'half a pair as an escape': '{"title":"\\ud800","description":"y"}',
    'not a character': '{"title":"\\uffff","description":"y"}',
    'depth 1,000, arrays': deep(1000), 'depth 1,000, objects': deep(1000, '{"a":', '}').replace('"a":}', '"a":1}'),
    'depth 50,000': deep(50_000), 'depth 17': deep(17),
    'a key twice': '{"title":"x","title":"y","description":"z"}',
    'a key twice, one escaped': '{"title":"x","\\u0074itle":"y","description":"z"}',
    'too many keys': `{${Array.from({ length: 300 }, (_, i) => `"k${i}":1`).join(',')}}`,
    'a number beyond all': '{"title":1e999,"description":"y"}',
  };
  for (const [what, body] of Object.entries(bad)) {
    const answer = await open(body, { headers: { 'Content-Type': json } });
    assert.equal(answer.status, 400, what);
    told(answer, 400, 'json');
  }
});

refuses('fields: unknown, missing, of another kind', async () => {
  field(told(await open({ ...good(), titel: 'x' }), 422, 'invalid'), 'titel', 'unknown');
  field(told(await open({ ...good(), tenant_id: other.tenant }), 422), 'tenant_id', 'unknown');
  field(told(await open({ ...good(), 'a"<\u2028': 1 }), 422), 'a"<\u2028', 'unknown');
  field(told(await open({ title: 'x' }), 422), 'description', 'required');
  assert.equal(told(await open({}), 422).errors.length, 2);
  assert.equal(told(await open(undefined), 422).errors.length, 2);
  for (const value of [1, true, ['x'], { a: 1 }, 1.5]) field(told(await open({ ...good(), title: value }), 422), 'title', 'type');
  for (const value of ['', ' ', '\t \n', null]) {
    field(told(await open({ ...good(), title: value }), 422), 'title', 'required');
    field(told(await open({ ...good(), description: value }), 422), 'description', 'required');
  }
  // More faults than fit are not more than an answer holds.
  const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`k${i}`.padEnd(200, 'x'), 1]));
  assert.ok(told(await open(many), 422).errors.length > 5);
});

refuses('titles', async () => {
  field(told(await open({ ...good(), title: 'x'.repeat(201) }), 422), 'title', 'too_long');
  field(told(await open({ ...good(), title: '灯'.repeat(201) }), 422), 'title', 'too_long');
  for (const bad of ['two\nlines', 'tab\tbed', 'bell\u0085', 'line\u2028separator']) {
    assert.equal(told(await open({ ...good(), title: bad }), 422).errors[0].field, 'title');
  }
});

refuses('texts: one byte too many', async () => {
  field(told(await open({ ...good(), description: 'x'.repeat(65_537) }), 422), 'description', 'too_long');
  field(told(await open({ ...good(), description: `${'è'.repeat(32_768)}x` }), 422), 'description', 'too_long');
  field(told(await api(w.member, 'POST', '/api/tickets/1001/comments', { body: 'x'.repeat(65_537) }), 422), 'body', 'too_long');
  field(told(await api(w.member, 'POST', '/api/preview', { body: 'x'.repeat(65_537) }), 422), 'body', 'too_long');
});

test('texts and titles at their limits', async () => {
  for (const title of ['x'.repeat(200), '灯'.repeat(200), '🔥'.repeat(200)]) {
    const answer = await open({ title, description: 'x' });
    assert.equal(answer.status, 201, answer.text);
    assert.equal((await api(w.member, 'GET', `/api/tickets/${answer.json.number}`)).json.ticket.title, title);
  }
  for (const description of ['x'.repeat(65_536), 'è'.repeat(32_768), '<'.repeat(65_536), '"'.repeat(65_536), '\n- x'.repeat(16_384), '*x* '.repeat(16_384)]) {
    const answer = await open({ title: 'long', description });
    assert.equal(answer.status, 201, `${description.slice(0, 8)}: ${answer.text}`);
    assert.ok((await api(w.member, 'GET', `/api/tickets/${answer.json.number}`)).json.comments[0].html.length >= 32_768);
  }
});

// ---- who sends it ----

refuses('from another site', async () => {
  const own = originOf(w.host.town);
  for (const origin of [undefined, 'null', '', 'https://evil.example', originOf(w.host.desk), own.replace('https', 'http'), `${own}0`,
    own.replace(/:\d+$/, ''), `${own}/`, own.toUpperCase(), `${own}, ${own}`]) {
    const headers = { 'X-Sportello': '1', 'Content-Type': json, 'Idempotency-Key': newKey() };
    if (origin !== undefined) headers.Origin = origin;
    for (const [method, path] of [['POST', '/api/tickets'], ['POST', '/api/tickets/1001/comments'], ['POST', '/api/preview'], ['DELETE', '/api/session']]) {
      told(await request(w.host.town, method, path, { cookie: w.member.cookie, headers, body: JSON.stringify(good()) }), 403, 'cross-site');
    }
  }
  for (const value of ['', '0', '2', 'true', '1, 1']) told(await open(good(), { headers: { 'X-Sportello': value } }), 403, 'cross-site');
  const signIn = await request(w.host.town, 'POST', '/sign-in', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'https://evil.example' }, address: anyAddress(),
    body: new URLSearchParams({ email: 'member@people.example', password }).toString(),
  });
  assert.equal(signIn.status, 403);
  assert.equal(signIn.headers['set-cookie'], undefined);
});

refuses('a session of another tenant, of another portal, or none', async () => {
  const at = (cookie) => request(w.host.town, 'POST', '/api/tickets', {
    cookie, body: good(), headers: { Origin: originOf(w.host.town), 'X-Sportello': '1', 'Idempotency-Key': newKey() },
  });
  const token = w.member.token;
  const bad = {
    'another tenant': other.member.cookie, 'its agent': other.agent.cookie, 'another portal': w.villager.cookie,
    'none': undefined, 'empty': '__Host-sid=', 'short': `__Host-sid=${token.slice(1)}`, 'long': `__Host-sid=${token}A`,
    'padded': `__Host-sid=${token}=`, 'quoted': `__Host-sid="${token}"`, 'not base64': `__Host-sid=${'*'.repeat(43)}`,
    'other base64': `__Host-sid=${'+/'.repeat(21)}+`, 'a bit besides': `__Host-sid=${'A'.repeat(42)}B`, 'upper case name': `__HOST-SID=${token}`,
    'of plain http': w.member.plain, 'escaped': `__Host-sid=%${token.slice(1)}`, 'SQL': "__Host-sid=' or true--",
    'the hash of it': `__Host-sid=\\x${'00'.repeat(32)}`, 'a bad one first': `__Host-sid=x; ${w.member.cookie}`,
    'not UTF-8': Buffer.from([...Buffer.from('__Host-sid='), 0xff, 0xfe]).toString('latin1'),
  };
  for (const [what, cookie] of Object.entries(bad)) {
    const answer = await at(cookie);
    assert.equal(answer.status, 401, what);
    told(answer, 401, 'signed-out');
  }
});

refuses('an expired session', async () => {
  told(await api(old, 'GET', '/api/tickets'), 401, 'signed-out');
  told(await api(old, 'POST', '/api/tickets', good()), 401, 'signed-out');
  const page = await get(w.host.town, '/tickets?group=open', { cookie: old.cookie });
  assert.equal(page.status, 303);
  assert.equal(page.headers.location, '/sign-in?to=/tickets%3Fgroup%3Dopen', 'the list comes back as it was asked for');
  assert.equal((await get(w.host.town, `/tickets?fields=${'x'.repeat(1100)}`)).headers.location, '/sign-in?to=/tickets');
});

// ---- idempotency keys ----

refuses('idempotency keys: missing, short, long, of other characters', async () => {
  for (const key of [null, '', 'short12', 'x'.repeat(65), 'with space', 'semi;colon', 'ümlaut--', "quote'--"]) {
    for (const [path, body] of [['/api/tickets', good()], ['/api/tickets/1001/comments', { body: 'x' }]]) {
      told(await api(w.member, 'POST', path, body, { key: key === null ? null : Buffer.from(key).toString('latin1') }), 400, 'idempotency-key');
    }
    told(await api(w.agent, 'POST', '/api/tickets/1001/notes', { body: 'x' }, { key: key === null ? null : Buffer.from(key).toString('latin1') }), 400, 'idempotency-key');
  }
});

test('idempotency keys: the same again, and with another body', async () => {
  for (const [path, first, second] of [
    ['/api/tickets', good(), { ...good(), title: 'Another' }],
    ['/api/tickets', { title: 'a', description: 'b' }, { title: 'a', description: 'c' }],
    ['/api/tickets/1001/comments', { body: 'x' }, { body: 'y' }],
  ]) {
    const key = newKey();
    const answer = await api(w.member, 'POST', path, first, { key });
    assert.equal(answer.status, 201);
    const rows = await countRows(w);
    const again = await api(w.member, 'POST', path, first, { key });
    assert.deepEqual([again.status, again.json, again.headers.location], [201, answer.json, answer.headers.location]);
    told(await api(w.member, 'POST', path, second, { key }), 409, 'idempotency-key-reused');
    assert.equal(await countRows(w), rows);
    // Another person's key is another key.
    assert.notDeepEqual((await api(w.main, 'POST', path, first, { key })).json, answer.json);
  }
  // At once: all get the one answer.
  const key = newKey();
  const answers = await Promise.all(Array.from({ length: 12 }, () => open(good(), { key })));
  assert.deepEqual([...new Set(answers.map((a) => `${a.status} ${a.text}`))].length, 1, answers[0].text);
});

// ---- addresses, queries, ids ----

refuses('paths and escapes', async () => {
  const ask = (path) => api(w.member, 'GET', path);
  for (const path of ['/api/tickets%2f1001', '/api/tickets/1001%20', '/api/tickets/%31001', '/api/tickets/', '/api//tickets',
    '/api/tickets/1001/', '/api/', '/api/tickets/1001/comments/', '/api/tickets/1001;x', '/api/tickets/x', '/api/%74ickets']) {
    told(await ask(path), 404, 'not-found');
  }
  for (const path of ['/api%2ftickets', '/API/tickets', '/%61pi/tickets', '/api']) assert.equal((await ask(path)).status, 404, path);
  // nginx can't read these, and so does not know who asks: a page.
  for (const path of ['/api/tickets%zz', '/api/tickets%', '/api/tickets%2', '/api/tickets%00', '/api/../../x']) {
    const answer = await raw(`GET ${path} HTTP/1.1`, [host(), mine()]);
    assert.equal(answer.status, 400, path);
    assert.match(answer.text, /<h1/);
  }
  told(await raw('GET /api/\xff\xfe HTTP/1.1', [host(), mine()]), 400, 'bad-request');
  told(await ask(`/api/${'x'.repeat(2000)}`), 400, 'bad-request');
  assert.equal((await raw(`GET /api/${'x'.repeat(10_000)} HTTP/1.1`, [host()])).status, 414);
  assert.equal((await get(w.host.town, '/t/1001%2f', { cookie: w.member.cookie })).status, 404);
  assert.equal((await get(w.host.town, '/t/%2e%2e/api', { cookie: w.member.cookie })).status, 404);
});

refuses('queries', async () => {
  const ask = (query) => api(w.member, 'GET', `/api/tickets?${query}`);
  for (const query of ['group=%zz', 'group=%', 'group=%4', 'a=%00', 'group=%ff', 'group=%c3%28', '%=1', Array.from({ length: 1000 }, (_, i) => `k${i}=1`).join('&'),
    `group=${'x'.repeat(5000)}`]) {
    told(await ask(query), 400, 'bad-request');
  }
  assert.equal((await ask(`&&&=&=x&unknown=1&group=open&group=nonsense`)).status, 200, 'the first counts, unknown ones are nothing');
  for (const bad of ['OPEN', 'x', 'open%20', 'open|done', '|']) field(told(await ask(`group=${bad}`), 422), 'group', 'choice');
  field(told(await ask('requester=you'), 422), 'requester', 'choice');
  for (const bad of ['x', '1', '_', '1_', '_1', '1_2_3', '-1_2', '1_-2', '1.5_2', '99999999999999999999_1', '1_99999999999999999999', '%C2%B2_1', "1'_2", 'null', '9223372036854775807_1']) {
    field(told(await ask(`after=${bad}`), 422), 'after', 'type');
  }
  for (const bad of ['x', '-1', '1.5', '99999999999', '1e3']) field(told(await ask(`limit=${bad}`), 422), 'limit', 'type');
  assert.ok((await ask('after=0_0')).json.items.length === 0, 'the end of the world');
  assert.equal((await ask('after=4611686018427387903_9223372036854775807')).status, 200, 'its beginning');
  const queue = (query) => api(w.agent, 'GET', `/api/queue?${query}`);
  for (const bad of ['0', '101', '2147483647']) field(told(await ask(`limit=${bad}`), 422), 'limit', 'range');
  for (const [name, value] of [['group', 'x'], ['priority', '9'], ['sort', 'id'], ['after', 'x'], ['limit', '-1']]) {
    assert.equal(told(await queue(`${name}=${value}`), 422).errors[0].field, name);
  }
  for (const nobody of ['x', '-1', '1.5', '99999999999999999999', "1'--"]) {
    const answer = await queue(`assignee=${encodeURIComponent(nobody)}`);
    assert.ok(answer.status === 422 || (answer.status === 200 && answer.json.items.length === 0), `${nobody}: ${answer.text}`);
  }
  field(told(await api(w.member, 'GET', '/api/tickets/1001/comments?before=x'), 422), 'before', 'type');
});

refuses('ids', async () => {
  for (const id of ['0', '-1', '1.0', '1e3', '999999', '9223372036854775807', '9223372036854775808', '99999999999999999999999', "1'", 'null', '1001x', '+1001']) {
    told(await api(w.member, 'GET', `/api/tickets/${id}`), 404, 'not-found');
    told(await api(w.member, 'GET', `/api/tickets/${id}/comments`), 404, 'not-found');
    told(await api(w.member, 'POST', `/api/tickets/${id}/comments`, { body: 'x' }), 404, 'not-found');
    told(await api(w.agent, 'POST', `/api/tickets/${id}/notes`, { body: 'x' }), 404, 'not-found');
    told(await api(w.agent, 'PATCH', `/api/tickets/${id}`, { priority: 'low' }), 404, 'not-found');
    assert.equal((await get(w.host.town, `/t/${id}`, { cookie: w.member.cookie })).status, 404);
    assert.equal((await get(w.host.desk, `/agent/t/${id}`, { cookie: w.agent.cookie })).status, 404);
  }
});

// ---- hosts and request lines ----

refuses('hosts', async () => {
  const ask = (...hosts) => raw('GET /api/tickets HTTP/1.1', [...hosts, mine()]);
  for (const bad of [['Host:'], ['Host: '], ['Host: a b'], ['Host: ../x'], [], [host(), host()], [host(), `Host: ${other.host.town}`], ['Host: :80'], ['Host: a/b'], ['Host: \x01']]) {
    told(await ask(...bad), 400, 'bad-request');
  }
  for (const nobody of ['nobody.localhost', `x.${w.host.town}`, 'localhost', '127.0.0.1', '[::1]', `${'x.'.repeat(100)}localhost`, `${w.mark}.localhost`, '_', 'a_b.localhost', `'${w.host.town}`]) {
    const answer = await ask(`Host: ${nobody}`);
    assert.ok(answer.status === 404 || answer.status === 400, `${nobody}: ${answer.status}`);
    told(answer, answer.status, answer.status === 404 ? 'host' : 'bad-request');
  }
  told(await raw('GET /api/tickets HTTP/1.0', [mine()]), 400, 'bad-request');
});

test('a host with a port, in capitals, with a final dot, is that host', async () => {
  for (const h of [`${w.host.town}:${port.http}`, `${w.host.town}:1`, w.host.town.toUpperCase(), `${w.host.town}.`]) {
    const answer = await raw('GET /api/tickets HTTP/1.1', [`Host: ${h}`, mine()]);
    assert.equal(answer.status, 200, h);
    assert.ok(answer.text.includes(w.mark));
  }
});

test('a URI in absolute form: its host counts, not the header', async () => {
  const ask = (uri, header) => raw(`GET ${uri} HTTP/1.1`, [`Host: ${header}`, mine()]);
  assert.equal((await ask(`http://${w.host.town}/api/tickets?group=open`, 'nobody.localhost')).status, 200);
  told(await ask(`http://${other.host.town}/api/tickets`, w.host.town), 401, 'signed-out');
  told(await ask('http://nobody.localhost/api/tickets', w.host.town), 404, 'host');
  const wrong = await raw(`POST http://${w.host.town}/api/tickets HTTP/1.1`, [...write({ 'Content-Length': 2 }).map((h) => h.replace(/^Host.*/, `Host: ${other.host.town}`)), ], '{}');
  told(wrong, 422, 'invalid');
});

refuses('methods', async () => {
  for (const method of ['PUT', 'OPTIONS', 'BREW', 'PROPFIND', 'GETT', 'PATCHES']) {
    const answer = await raw(`${method} /api/tickets HTTP/1.1`, write({ 'Content-Length': 0 }));
    told(answer, 405, 'method');
    assert.match(answer.headers.allow, /^GET, HEAD, POST$/, method);
  }
  told(await raw('BREW /api/nothing HTTP/1.1', [host()]), 404, 'not-found');
  for (const line of ['get /api/tickets HTTP/1.1', 'GET /api/tickets HTTP/3.0', 'GET  HTTP/1.1', 'GET', '\x16\x03\x01', 'CONNECT x:1 HTTP/1.1', 'TRACE /api/tickets HTTP/1.1']) {
    const answer = await raw(line, [host()]);
    assert.ok([400, 405, 505].includes(answer.status), `${line}: ${answer.status}`);
  }
  told(await api(w.member, 'PATCH', '/api/tickets', {}), 405, 'method');
  told(await api(w.member, 'DELETE', '/api/tickets/1001'), 405, 'method');
});

test('HEAD is GET without a body', async () => {
  for (const [session, path] of [[w.member, '/api/tickets'], [w.member, '/api/tickets/1001'], [w.member, '/t/1001'], [w.member, '/'], [w.agent, '/api/queue'], [w.member, '/api/tickets/9999'], [w.member, '/api/nothing']]) {
    const whole = await api(session, 'GET', path);
    const head = await api(session, 'HEAD', path);
    assert.equal(head.status, whole.status, path);
    assert.equal(head.headers['content-type'], whole.headers['content-type'], path);
    if (head.headers['content-length']) assert.ok(Math.abs(head.headers['content-length'] - whole.body.length) < 3, path);
    assert.equal(head.body.length, 0);
  }
});

// ---- how it comes over the wire ----

test('a chunked body, and one that waits to be asked for', async () => {
  const body = JSON.stringify(good());
  const parts = [...body].map((c) => `1\r\n${c}\r\n`).join('');
  const chunked = await raw('POST /api/tickets HTTP/1.1', write({ 'Transfer-Encoding': 'chunked' }), `${parts}0\r\n\r\n`);
  assert.equal(chunked.status, 201, chunked.all);
  const expecting = await raw('POST /api/tickets HTTP/1.1', write({ Expect: '100-continue', 'Content-Length': body.length }), body);
  assert.match(expecting.all, /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 201 /);
});

refuses('lengths that are wrong', async () => {
  const body = JSON.stringify(good());
  told(await raw('POST /api/tickets HTTP/1.1', write({ 'Content-Length': 20 }), body), 400, 'json');
  for (const length of ['-1', 'x', '1e3', '0x10', '99999999999999999999', '', '12,13', '+5']) {
    const answer = await raw('POST /api/tickets HTTP/1.1', write({ 'Content-Length': length }), body);
    assert.ok([400, 413].includes(answer.status), `${length}: ${answer.status}`);
    told(answer, answer.status);
  }
  const n = body.length;
  told(await raw('POST /api/tickets HTTP/1.1', [...write({ 'Content-Length': n }), `Content-Length: ${n}`], body), 400, 'bad-request');
  told(await raw('POST /api/tickets HTTP/1.1', write({ 'Content-Length': n, 'Transfer-Encoding': 'chunked' }), `${n.toString(16)}\r\n${body}\r\n0\r\n\r\n`), 400, 'bad-request');
  const odd = await raw('POST /api/tickets HTTP/1.1', write({ 'Transfer-Encoding': 'gzip, chunked' }), body);
  assert.ok([400, 501].includes(odd.status), String(odd.status));
  told(await raw('POST /api/tickets HTTP/1.1', write({ 'Transfer-Encoding': 'chunked' }), `zz\r\n${body}\r\n0\r\n\r\n`), 400, 'bad-request');
});

refuses('what follows a body is another request', async () => {
  const body = JSON.stringify({ body: 'x' });
  const first = `POST /api/preview HTTP/1.1\r\n${write({ 'Content-Length': body.length }).join('\r\n')}\r\n\r\n${body}`;
  const text = await rawRequest(`${first}GET /api/tickets/1001 HTTP/1.1\r\n${host()}\r\nConnection: close\r\n\r\n`);
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, s]) => s);
  assert.deepEqual(statuses, ['200', '401'], 'without the cookie of the first');
});

refuses('headers that are too large', async () => {
  const huge = await raw('GET /api/tickets HTTP/1.1', [host(), `Cookie: sid=${'a'.repeat(10_000_000)}`]);
  told(huge, 400, 'bad-request');
  told(await raw('GET /api/tickets HTTP/1.1', [host(), mine(), `X-Long: ${'a'.repeat(9000)}`]), 400, 'bad-request');
  told(await raw('GET /api/tickets HTTP/1.1', [host(), mine(), ...Array.from({ length: 40 }, (_, i) => `X-H${i}: ${'a'.repeat(1000)}`)]), 400, 'bad-request');
  const many = await raw('GET /api/tickets HTTP/1.1', [host(), `Cookie: ${Array.from({ length: 500 }, (_, i) => `c${i}=x`).join('; ')}; ${w.member.plain}`]);
  assert.equal(many.status, 200, 'many small ones');
});

refuses('forms', async () => {
  const send = (path, body, type = 'application/x-www-form-urlencoded') => request(w.host.town, 'POST', path, {
    headers: { 'Content-Type': type, Origin: originOf(w.host.town) }, address: anyAddress(), body,
  });
  const cases = [['email=%zz&password=x', 400], ['email=%ff&password=x', 400], ['email=%00&password=x', 400], ['x'.repeat(17_000), 400],
    [Array.from({ length: 100 }, (_, i) => `k${i}=1`).join('&'), 400], ['', 401], ['email=&password=', 401], [`email=${'x'.repeat(300)}&password=x`, 401],
    [`email=member%40people.example&password=${'x'.repeat(2000)}`, 401], ["email='+or+true--&password=x", 401]];
  for (const [body, status] of cases) {
    const answer = await send('/sign-in', body);
    assert.equal(answer.status, status, body.slice(0, 50));
    assert.match(answer.headers['content-type'], /^text\/html/);
    assert.equal(answer.headers['set-cookie'], undefined);
  }
  assert.equal((await send('/sign-in', 'x', 'text/plain')).status, 415);
  assert.equal((await send('/sign-in', 'x', 'multipart/form-data; boundary=x')).status, 415);
});
