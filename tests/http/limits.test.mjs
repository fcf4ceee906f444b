// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Long conversations, slow readers, and what the logs may not hold.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { before, describe, test } from 'node:test';
import { port, state, until } from '../lib/instance.mjs';
import { api, get, makeWorld, password, request } from './world.mjs';
import { originOf } from '../lib/http.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent'] }); });

async function openTicket(title, description) {
  const answer = await api(w.member, 'POST', '/api/tickets', { title, description });
  assert.equal(answer.status, 201, answer.text);
  return answer.json.number;
}

describe('a conversation of long replies', () => {
  let number;
  before(async () => {
    number = await openTicket('Logs', 'first');
    const log = '<entry level="info"/>\n'.repeat(2900).slice(0, 64000);
    for (let i = 0; i < 14; i++) {
      const answer = await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: `${i} ${log}` });
      assert.equal(answer.status, 201);
    }
  });

  test('the page opens, for customer and agent', async () => {
    for (const [who, path] of [[w.member, '/t/'], [w.agent, '/agent/t/']]) {
      const page = await get(who.host, path + number, { cookie: who.cookie });
      assert.equal(page.status, 200);
      assert.match(page.text, /"route":null/);
    }
  });

  test('the answer holds about a megabyte, and paging reaches the rest once', async () => {
    const first = (await api(w.member, 'GET', `/api/tickets/${number}`)).json;
    assert.ok(first.comments.length > 1 && first.comments.length < 14, `${first.comments.length}`);
    const ids = first.comments.map((c) => c.id);
    let more = first.more;
    for (let pages = 0; more && pages < 20; pages++) {
      const older = (await api(w.member, 'GET', `/api/tickets/${number}/comments?before=${more}`)).json;
      ids.unshift(...older.comments.map((c) => c.id));
      more = older.more;
    }
    assert.equal(ids.length, 15);
    assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
  });

  test('readers who do not read hold no worker', { timeout: 30000 }, async () => {
    const slow = Array.from({ length: 8 }, () => {
      const socket = net.connect(port.http, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(`GET /api/tickets/${number} HTTP/1.1\r\nHost: ${w.member.host}\r\nCookie: ${w.member.plain}\r\n\r\n`);
      socket.pause();
      return socket;
    });
    try {
      await until('all eight to be answered', () => slow.every((s) => s.bytesWritten > 0));
      for (let i = 0; i < 10; i++) {
        const began = performance.now();
        const answer = await api(w.member, 'GET', '/api/tickets');
        assert.equal(answer.status, 200);
        assert.ok(performance.now() - began < 3000, `${performance.now() - began} ms`);
      }
    } finally {
      for (const s of slow) s.destroy();
    }
  });
});

test('a request is one line, and no log holds what people send', { timeout: 20000 }, async () => {
  const secret = `hidden${w.mark}`;
  const answer = await api(w.member, 'POST', '/api/tickets', { title: `Title ${secret}`, description: `Body ${secret}` });
  assert.equal(answer.status, 201);
  await api(w.member, 'POST', '/api/tickets', { title: `${secret}${'x'.repeat(300)}`, description: secret });
  await api(w.member, 'GET', `/api/tickets?group=${secret}`);
  await request(w.member.host, 'POST', '/sign-in', {
    headers: { Origin: originOf(w.member.host), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: `${secret}@people.example`, password: `${password}${secret}` }).toString(),
  });
  const file = (name) => readFileSync(`${state}/log/${name}.log`, 'utf8');
  const line = await until('its line', () => file('master').split('\n').find((l) => l.includes(answer.headers['x-request-id'])));
  const entry = JSON.parse(line);
  assert.equal(entry.route, '/api/tickets');
  assert.equal(entry.method, 'POST');
  assert.equal(entry.status, 201);
  for (const key of ['queue_ms', 'database_ms', 'total_ms']) assert.equal(typeof entry[key], 'number', key);
  assert.equal(entry.trips, 1);
  for (const name of ['master', 'nginx', 'postgres']) {
    const text = file(name);
    for (const hidden of [secret, w.member.token, w.member.person.email]) {
      assert.ok(!text.includes(hidden), `${name}.log holds ${hidden === secret ? 'a body' : hidden}`);
    }
  }
});
