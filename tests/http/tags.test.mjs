// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Tags over the API: put on and taken off, found by, refused; and nowhere where a
// customer looks.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { api, get, makeWorld } from './world.mjs';

let w, number;
before(async () => {
  w = await makeWorld({ only: ['member', 'main', 'agent'] });
  number = await open('Tagged');
});
const open = async (title) => (await api(w.member, 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'It is broken.' })).json.number;
const tag = (tags, who = w.agent) => api(who, 'PATCH', `/api/tickets/${number}`, { tags });
const listed = async (query) => (await api(w.agent, 'GET', `/api/queue?${query}`)).json.items.map((i) => i.number);

test('W1: tags are put on a ticket and taken off, and it is found by them', async () => {
  assert.deepEqual((await tag({ add: [' Rush ORDER', '緊急'] })).json.ticket.tags, ['rush order', '緊急']);
  assert.deepEqual((await tag({ add: ['<b>'], remove: ['緊急'] })).json.ticket.tags, ['<b>', 'rush order']);
  assert.deepEqual((await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket.tags, ['<b>', 'rush order']);
  await open('Plain');
  for (const query of ['tag=rush%20order', 'tag=%3Cb%3E', 'tag=RUSH+order&sort=title', 'tag=rush%20order&group=open&assignee=none']) assert.deepEqual(await listed(query), [number], query);
  assert.deepEqual(await listed('tag=nothing'), []);
  const row = (await api(w.agent, 'GET', '/api/queue')).json.items.find((i) => i.number === number);
  assert.deepEqual(row.tags, ['<b>', 'rush order'], 'the queue as it is shows them');
  assert.deepEqual((await api(w.agent, 'GET', '/api/tags?q=rush')).json, { most: 20, more: false, items: [{ tag: 'rush order', n: 1 }] });
  assert.deepEqual((await api(w.agent, 'GET', '/api/queue/filters')).json.tags, ['<b>', 'rush order']);
  const view = (await api(w.agent, 'POST', '/api/views', { place: 'queue', name: 'Rush', query: 'tag=rush+order' })).json.items[0].id;
  assert.equal((await api(w.agent, 'GET', '/api/queue/counts')).json.views[view].n, 1, 'a view counts them');
});

test('W1: no customer’s answer holds a tag', async () => {
  for (const who of [w.member, w.main]) {
    for (const path of [`/api/tickets/${number}`, '/api/tickets', '/api/tickets?sort=title', '/api/lists/filters', '/api/tickets.csv', `/t/${number}`, '/tickets', '/', '/api/search?q=rush', `/api/tickets/${number}/people`]) {
      const { status, text } = await get(who.host, path, { cookie: who.cookie });
      assert.equal(status, 200, path);
      assert.doesNotMatch(text, /rush order|RUSH ORDER/i, path);
    }
    problem(await tag({ add: ['x'] }, who), 403);
    problem(await api(who, 'GET', '/api/tags'), 403);
  }
  assert.match((await get(w.agent.host, '/api/queue.csv', { cookie: w.agent.cookie })).text, /<b>, rush order/);
});

test('W1: what is no tag is refused by name', async () => {
  for (const [tags, code] of [['x', 'type'], [['x'], 'type'], [null, 'type'], [{ add: 'x' }, 'type'], [{ add: [''] }, 'required'], [{ add: ['a,b'] }, 'characters'],
    [{ add: ['x'.repeat(41)] }, 'too_long'], [{ add: Array.from({ length: 21 }, (_, n) => `t${n}`) }, 'too_many'], [{ other: [] }, 'type']]) {
    const e = problem(await tag(tags), 422).errors[0];
    assert.deepEqual([e.field, e.code], ['tags', code], JSON.stringify(tags));
  }
  problem(await api(w.agent, 'GET', `/api/tags?q=${'x'.repeat(41)}`), 422);
});
