// SPDX-License-Identifier: AGPL-3.0-or-later
//
// K1, K5, K6, K7: who reads what of the knowledge base, by HTTP: a tree by chance × readers × each way to an
// article there is, against a rule that climbs the tree by itself and asks the product nothing.
// tests/sql/knowledge.sql is the same below the API, after moves. SEED=n draws it again.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { before, test } from 'node:test';
import { bring } from '../lib/files.mjs';
import { api, get, makeWorld } from './world.mjs';

let state = Number(process.env.SEED ?? randomInt(1e9));
console.log(`# SEED=${state}`);
const below = (n) => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % n;
};

const SECTIONS = 12, ARTICLES = 24;
const gif = Buffer.from('47494638396103000200800000ffffff00000021f9040100000000' + '2c00000000030002000002028451003b', 'hex');
let w, readers;
const sections = [], articles = [];
before(async () => {
  w = await makeWorld({ only: ['member', 'main', 'pupil', 'villager', 'partner', 'agent'] });
  const of = (who, portal, account, roles, portals, agent = false) => ({ who, name: who, host: w.host[portal], session: w[who], account: w.id[account], roles, portals: portals.map((p) => w.portal[p]), agent });
  readers = [
    of('visitor', 'town', 'town', [], ['town']), of('visitor', 'village', 'village', [], ['village']),
    of('member', 'town', 'town', ['member'], ['town']), of('main', 'town', 'town', ['main_user'], ['town']), of('pupil', 'school', 'town', ['member'], ['school', 'town']),
    of('villager', 'village', 'village', ['member'], ['village']), of('partner', 'helpers', 'helpers', ['partner'], ['helpers']), of('agent', 'desk', undefined, [], ['desk'], true),
  ];
  for (const r of readers) r.name = `${r.who} at ${r.host}`;
  const { town, village } = w.id;
  const kinds = [{ level: 'public' }, { level: 'public' }, { level: 'signed_in' }, { level: 'agents' }, { level: 'signed_in', accounts: [town] }, { level: 'signed_in', accounts: [village] },
    { level: 'signed_in', roles: ['main_user'] }, { level: 'signed_in', portals: [w.portal.school] }, { level: 'public', portals: [w.portal.village] }, { level: 'signed_in', accounts: [town, village], roles: ['member', 'partner'] }];
  const audience = (seldom) => (below(seldom) ? undefined : kinds[below(kinds.length)]);
  const sent = async (path, body) => {
    const answer = await api(w.agent, 'POST', path, body);
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
  };
  for (let n = 0; n < SECTIONS; n++) {
    const up = n && below(3) ? sections[below(n)] : undefined;
    const own = audience(n < 3 ? 1 : 2);
    const { id, key } = await sent('/api/sections', { names: { en: `Shelf ${n} ${w.mark}` }, audience: own, ...(up ? { parent: up.id } : {}) });
    sections.push({ id, key, up, own, url: `/en/kb/s/shelf-${n}-${w.mark}-${key}` });
  }
  for (let n = 0; n < ARTICLES; n++) {
    const up = below(8) ? sections[below(SECTIONS)] : undefined;
    const own = audience(3);
    const { id, key } = await sent('/api/articles', { language: 'en', title: `Plumtree t${n}t ${w.mark}`, body: `<p>Word ${w.mark}</p>`, format: 'html', audience: own, publish: true, ...(up ? { section: up.id } : {}) });
    const picture = await sent(`/api/articles/${id}/files`, { file: await bring(w.agent, 'a.gif', gif) });
    articles.push({ id, key, up, own, title: `Plumtree t${n}t`, url: `/en/kb/plumtree-t${n}t-${w.mark}-${key}`, picture: picture.url });
  }
});

// The rule.
const audienceOf = (x) => x.own ?? (x.up ? audienceOf(x.up) : { level: 'signed_in' });
const fits = (u, r) => r.agent || (u.level === 'public' || u.level === 'signed_in' && !!r.session)
  && (!u.portals || u.portals.some((p) => r.portals.includes(p))) && (!u.accounts || u.accounts.includes(r.account)) && (!u.roles || u.roles.some((x) => r.roles.includes(x)));
const keys = (list) => list.map((a) => a.key).sort();
const allowed = (r) => keys(articles.filter((a) => fits(audienceOf(a), r)));
const asVisitor = (r) => ({ ...r, session: undefined, agent: false, roles: [] });

const at = (r, path) => get(r.host, path, { cookie: r.session?.cookie, headers: { 'X-Sportello': '1' } });
const ok = async (r, path) => {
  const answer = await at(r, path);
  assert.equal(answer.status, 200, `${r.name} ${path}: ${answer.text.slice(0, 300)}`);
  return answer;
};
const there = async (r, list, path) => keys((await Promise.all(list.map(async (x) => ({ x, answer: await at(r, path(x)) })))).filter(({ x, answer }) => {
  assert.ok([200, 404].includes(answer.status), `${r.name} ${path(x)}: ${answer.status}`);
  if (answer.status === 404) assert.ok(!answer.text.includes(w.mark) || !x.title || !answer.text.includes(x.title), `${r.name}: a title in what there is not`);
  return answer.status === 200;
}).map(({ x }) => x));
const named = (text) => [...new Set([...text.matchAll(/\/kb\/(?:[^"/\s<>]*-)?([a-z0-9]{10})(?=[#"<\s])/g)].map((m) => m[1]))].filter((key) => articles.some((a) => a.key === key)).sort();
const unzipped = (body) => execFileSync('bsdtar', ['-tf', '-'], { input: body, encoding: 'utf8' });

const ways = {
  addresses: (r) => there(r, articles, (a) => a.url),
  pictures: (r) => there(r, articles, (a) => a.picture),
  lists: async (r) => {
    const texts = await Promise.all([...sections.map((s) => s.url), '/en/kb'].map((url) => at(r, url)));
    return [...new Set(texts.filter((t) => t.status === 200).flatMap((t) => named(t.text)))].sort();
  },
  search: async (r) => {
    const found = [];
    for (let page = 1, pages = 1; page <= pages; page++) {
      const { json } = await ok(r, `/api/kb/search?lang=en&q=plumtree+${w.mark}&page=${page}`);
      found.push(...json.hits);
      ({ pages } = json);
    }
    return keys(found);
  },
  'the page of a search': async (r) => {
    const all = await Promise.all(articles.map((a) => at(r, `/en/search?q=${a.title.replace(' ', '+')}`)));
    return keys(articles.filter((a, n) => all[n].text.includes(`/search/${a.key}?`)));
  },
  suggestions: async (r) => {
    const all = await Promise.all(articles.map((a) => ok(r, `/api/kb/suggest?lang=en&q=${a.title.replace(' ', '+')}`)));
    return keys(articles.filter((a, n) => all[n].json.suggestions.some((s) => s.key === a.key)));
  },
  'JSON lines': async (r) => (await ok(r, '/export/kb.jsonl')).text.trimEnd().split('\n').map((l) => JSON.parse(l)).filter((l) => l.kind === 'article').map((l) => l.key).sort(),
  'a bundle': async (r) => [...new Set([...unzipped((await ok(r, '/export/kb.bundle')).body).matchAll(/articles\/([a-z0-9]+)\//g)].map((m) => m[1]))].sort(),
  Markdown: async (r) => [...unzipped((await ok(r, '/export/kb.markdown.zip')).body).matchAll(/en\/([a-z0-9]+)\.md/g)].map((m) => m[1]).sort(),
  'a page of all': async (r) => { const { text } = await ok(r, '/export/kb.html'); return keys(articles.filter((a) => text.includes(a.title))); },
};

test('K1, K5, K6, K7: each way to articles shows each reader what the rule says', async () => {
  const sets = new Set();
  for (const r of readers) {
    const wanted = allowed(r);
    sets.add(wanted.join());
    for (const [way, what] of Object.entries(ways)) assert.deepEqual(await what(r), wanted, `${r.name}: ${way}`);
    const shelves = (s) => fits(audienceOf(s), r) || articles.some((a) => fits(audienceOf(a), r) && [...climb(a.up)].includes(s));
    if (!r.agent) for (const s of sections) if ((await at(r, s.url)).status === 200) assert.ok(shelves(s), `${r.name}: section ${s.url}`);
  }
  assert.ok(sets.size >= 4, 'not the same for all');
});
function* climb(s) { for (let x = s; x; x = x.up) yield x; }

test('K6: feed and sitemap are what a visitor of that portal reads, whoever asks', async () => {
  for (const r of readers) {
    const wanted = allowed(asVisitor(r));
    for (const path of ['/en/kb/feed', '/sitemap.xml']) assert.deepEqual(named((await ok(r, path)).text), wanted, `${r.name}: ${path}`);
  }
});

test('K1: what may spare a ticket is what its writer reads', async () => {
  for (const r of readers.filter((x) => x.session && !x.agent)) {
    const mine = new Set(allowed(r));
    const found = await Promise.all(articles.map((a) => ok(r, `/api/before/found?q=${a.title.replace(' ', '+')}`)));
    for (const [n, a] of articles.entries()) {
      const ids = found[n].json.articles.map((x) => x.id);
      assert.equal(ids.includes(a.id), mine.has(a.key), `${r.name}: ${a.title}`);
      for (const other of articles) if (ids.includes(other.id)) assert.ok(mine.has(other.key), `${r.name}: ${other.title}`);
    }
  }
});

test('the rule is one that fails', () => {
  const r = readers.find((x) => x.who === 'member');
  assert.notDeepEqual(allowed(r), allowed(readers[0]));
  assert.ok(allowed(r).length < ARTICLES);
});
