// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The page of a search of the knowledge base, the way from there to an article, what is
// counted of both, and the same as JSON. What is found by which words is in sql/kb_search.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psqlJson } from '../lib/instance.mjs';
import { article } from './knowledge.mjs';
import { get, makeWorld } from './world.mjs';

let w, host, one, secret;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent', 'admin'] });
  host = w.host.town;
  one = await article(w, { en: { title: `Cold <ovens> & "heat" ${w.mark}`, html: '<p>What to do when an oven stays cold.</p>' } }, { audience: { level: 'public' }, keywords: ['boiler'] });
  secret = await article(w, { en: { title: 'Ovens of agents', html: '<p>Cold.</p>' } }, { audience: { level: 'agents' } });
  for (let n = 1; n <= 12; n++) await article(w, { en: { title: `Lamp ${n}`, html: '<p>It is green.</p>' } }, { audience: { level: 'public' } });
});
const at = (path, options) => get(host, path, options);
const counted = async () => psqlJson('postgres', `select coalesce(json_agg(json_build_array(s.q, s.count, s.hits, s.clicks) order by s.q), '[]') from app.kb_searches s where s.tenant_id = ${w.tenant}`);

test('K5: a page without scripts: the question again, what was found, where to go', async () => {
  const empty = await at('/en/search');
  assert.deepEqual([empty.status, /<ol class="kb-list"|class="empty"/.test(empty.text), /noindex/.test(empty.text)], [200, false, false]);
  const answer = await at(`/en/search?q=${encodeURIComponent('COLD "oven')}`);
  assert.equal(answer.status, 200);
  assert.ok(answer.text.includes('value="COLD &quot;oven"'));
  assert.match(answer.text, /<mark>Cold<\/mark> &lt;<mark>ovens?<\/mark>/);
  assert.ok(!answer.text.includes('Ovens of agents'));
  assert.equal(answer.headers['cache-control'], 'private, no-store');
  const go = /href="(\/en\/search\/[^"]+)"/.exec(answer.text)[1].replaceAll('&amp;', '&');
  assert.equal(go, `/en/search/${one.key}?q=COLD%20%22oven`);
  const went = await at(go);
  assert.deepEqual([went.status, went.headers.location], [303, one.url]);
  assert.deepEqual(await counted(), [['cold oven', 1, 1, 1]]);
  assert.match((await at('/en/search?q=zebra')).text, /class="empty"/);
  assert.equal((await at(`/en/search/${secret.key}?q=cold`)).status, 404);
  assert.deepEqual([(await at('/xx/search?q=x')).status, (await at('/en/search/-?q=x')).status], [404, 404]);
});

test('K5: pages of results', async () => {
  const first = await at('/en/search?q=lamp');
  const next = /rel="next" href="([^"]+)"/.exec(first.text)[1].replaceAll('&amp;', '&');
  assert.equal(next, '/en/search?q=lamp&page=2');
  const second = await at(next);
  const titles = (answer) => [...answer.text.matchAll(/<h2><a.*?<\/h2>/g)].map(([h]) => h.replace(/<[^>]+>/g, ''));
  assert.deepEqual([titles(first).length, titles(second).length, new Set([...titles(first), ...titles(second)]).size], [10, 2, 12]);
  assert.match(second.text, /rel="prev" href="\/en\/search\?q=lamp&amp;page=1"/);
  assert.deepEqual((await counted()).find(([q]) => q === 'lamp'), ['lamp', 1, 12, 0], 'one search, however many pages');
});

test('K5: staff\'s own are not counted, and staff reads what was', async () => {
  const desk = w.host.desk;
  assert.equal((await get(desk, '/en/search?q=boiler', { cookie: w.agent.cookie })).status, 200);
  assert.equal((await counted()).some(([q]) => q === 'boiler'), false);
  const report = (await get(desk, '/api/kb/searches?days=7', { cookie: w.agent.cookie })).json;
  assert.deepEqual([report.without_result.map((r) => r.q), report.without_click.map((r) => r.q)], [['zebra'], ['lamp']]);
  assert.deepEqual(report.most.find((r) => r.q === 'cold oven').articles.map((a) => a.count), [1]);
});

test('K5: the same as JSON, and titles while somebody types', async () => {
  const found = (await at('/api/kb/search?q=oven&lang=en')).json;
  assert.deepEqual([found.count, found.hits[0].key, found.hits[0].url], [1, one.key, one.url]);
  assert.deepEqual((await at('/api/kb/suggest?q=hea&lang=en')).json.suggestions.map((s) => s.url), [one.url]);
  assert.equal((await at('/api/kb/suggest?q=oven&lang=../x')).json.suggestions[0].url, one.url, 'what is no language is none');
  const went = await at(`/en/search/${one.key}?q=hea&typed=yes`);
  assert.deepEqual([went.status, went.headers.location, (await counted()).find(([q]) => q === 'hea')], [303, one.url, ['hea', 1, 1, 1]], 'one that is taken is a search and where it led');
  assert.equal((await at('/api/kb/search?q=lamp&page=2')).json.hits.length, 2);
  for (const [q, code] of [['', 'required'], ['!', 'required'], ['x'.repeat(201), 'too_long'], [Array.from({ length: 17 }, (_, n) => `word${n}`).join(' '), 'too_many']]) {
    assert.equal(problem(await at(`/api/kb/search?q=${encodeURIComponent(q)}`), 422).errors[0].code, code, q.slice(0, 20));
  }
  problem(await at('/api/kb/search?q=x&page=11'), 422);
});
