// SPDX-License-Identifier: AGPL-3.0-or-later
//
// K7: knowledge bases of other forms taken in: our own Markdown and HTML again, folders of a site, and
// what Zendesk's help center tells.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql } from '../lib/instance.mjs';
import { png } from '../lib/pictures.mjs';
import { zip } from '../lib/zips.mjs';
import { api, get, makeWorld } from './world.mjs';

let from, to, other;
before(async () => {
  [from, to, other] = await Promise.all([1, 2, 3].map(() => makeWorld({ only: ['member', 'agent', 'admin'] })));
});

const send = (w, file, query = '') => api(w.admin, 'POST', `/api/kb/imports${query && `?${query}`}`, file, { key: null, headers: { 'Content-Type': 'application/zip' } });
const take = async (w, file, query) => {
  const answer = await send(w, file, query);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const nothingNew = (report) => assert.deepEqual(Object.values(report.counts).map((c) => [c.new, c.changed, c.refused]), Array(6).fill([0, 0, 0]), JSON.stringify(report.counts));
const lines = (report) => report.lines.map((l) => `${l.code} ${l.entry}`).sort();
const exported = async (w, name) => {
  const answer = await get(w.agent.host, `/export/kb.${name}`, { cookie: w.agent.cookie, headers: { 'X-Sportello': '1' } });
  assert.equal(answer.status, 200);
  assert.ok(answer.complete);
  return answer.body;
};
const lined = async (w) => (await exported(w, 'jsonl')).toString().trimEnd().split('\n').map((l) => JSON.parse(l));
const made = async (w, path, body, method = 'POST') => {
  const answer = await api(w.agent, method, path, body);
  assert.equal(answer.status, method === 'POST' ? 201 : 200, answer.text);
  return answer.json;
};
const moved = async (host, path) => {
  const answer = await get(host, path);
  return answer.status === 301 ? decodeURIComponent(new URL(answer.headers.location, 'https://x').pathname) : answer.status;
};

test('K7: our own Markdown and HTML come back as what they were', async () => {
  const open = await made(from, '/api/sections', { names: { en: 'Ovens & kilns', sv: 'Ugnar' }, abouts: { en: 'What is hot' }, audience: { level: 'public' } });
  const inner = await made(from, '/api/sections', { parent: open.id, names: { en: 'Doors' } });
  const article = (section, title, body, more) => made(from, '/api/articles', { section, language: 'en', title, body, format: 'html', publish: true, ...more });
  const body = '<h2>One</h2><p>x <em>y</em> <code>z</code></p><ul><li>1<ol><li>2</li></ol></li></ul><pre><code class="language-c">a &lt; b</code></pre><aside class="warning"><p>Hot</p></aside><table><caption>T</caption><tr><th>1</th></tr><tr><td>3</td></tr></table>';
  const first = await article(open.id, 'First *steps* & "more"', body, { keywords: ['heat, dry', 'kiln'] });
  const second = await article(inner.id, 'The door', `<p>See <a href="/kb/a/${first.key}#one">there</a></p>`);
  await article(inner.id, 'For staff', '<p>Alone</p>', { audience: { level: 'agents' } });
  await made(from, `/api/articles/${second.id}/texts/sv`, { title: 'Dörren', body: `<p>Se <a href="/kb/a/${first.key}">där</a></p>`, format: 'html', publish: true }, 'PATCH');
  // What is told of each, but for which version it is: that is counted anew.
  const told = async (w) => (await lined(w)).slice(1, -1).map(({ version, ...l }) => l);
  const was = await told(from);
  const markdown = await exported(from, 'markdown.zip');
  for (const [w, name] of [[to, 'markdown.zip'], [other, 'html.zip']]) {
    const file = name === 'markdown.zip' ? markdown : await exported(from, name);
    const report = await take(w, file);
    assert.deepEqual([report.done, lines(report)], [true, []]);
    const is = await told(w);
    assert.deepEqual(is, was, name);
    nothingNew(await take(w, file));
    const level = await psql('postgres', `select a.level from app.articles x join app.audiences a on a.tenant_id = x.tenant_id and a.id = x.audience_id where x.tenant_id = ${w.tenant}`);
    assert.equal(level, '3', 'who reads it comes along');
  }
});

test('K7: folders of a site are sections; what was where leads to where it is', async () => {
  const site = (more = {}) => zip(Object.entries({
    'site/README.md': '# Welcome\n\nStart [here](guide/install.html).\n',
    'site/guide/index.md': '# The guide\n',
    'site/guide/install.html': '<!doctype html><html lang="en"><head><title>Install | Acme</title></head><body><nav><a href="/">Acme</a></nav><main><h1>Install it</h1><p>Look: <img src="../img/flame.png" alt="A flame"> <a href="use.md#two">then</a>, <a href="none.html">none</a>.</p><script>alert(1)</script></main></body></html>',
    'site/guide/use.md': '---\ntitle: Use it\ntags: [kiln, heat]\naliases: [/manual/use]\n---\n\n## Two\n\nText.\n',
    'site/guide/use.sv.md': '# Använd\n\nText.\n',
    'site/img/flame.png': png(40, 30),
    'site/app.js': 'alert(1)',
    ...more,
  }));
  const tried = await take(to, site(), 'dry=1');
  assert.deepEqual([tried.done, lines(tried)], [false, ['dropped guide/install.html', 'left_out site/app.js', 'link guide/install.html']]);
  const report = await take(to, site());
  assert.deepEqual(Object.fromEntries(Object.entries(report.counts).map(([name, c]) => [name, c.new])), { sections: 1, texts: 4, articles: 3, files: 1, redirects: 3, synonyms: 0 });
  nothingNew(await take(to, site()));
  const all = await lined(to);
  const [install, use] = ['Install it', 'Use it'].map((title) => all.find((l) => l.title === title));
  assert.equal(all.find((l) => l.kind === 'section' && l.names.en === 'The guide').key, use.section);
  assert.deepEqual([use.keywords, use.languages], [['kiln', 'heat'], ['en', 'sv']]);
  const picture = install.html.match(/src="(\/kb\/f\/[a-z0-9]+)"/)[1];
  assert.equal(install.html, `<p>Look: <img alt="A flame" src="${picture}"/> <a href="/kb/a/${use.key}#two">then</a>, none.</p>`);
  const { host, cookie } = to.member;
  assert.ok((await get(host, picture, { cookie })).body.equals(png(40, 30)));
  const section = (await api(to.agent, 'GET', '/api/kb')).json.sections.find((s) => s.names.en === 'The guide');
  await made(to, `/api/sections/${section.id}`, { audience: { level: 'public' } }, 'PATCH');
  assert.equal(await moved(host, '/guide/install.html'), `/en/kb/install-it-${install.key}`);
  assert.equal(await moved(host, '/manual/use'), `/en/kb/use-it-${use.key}`);
  // What a tree says nothing of stays as it is here.
  nothingNew(await take(to, site()));
  const changed = await take(to, site({ 'site/guide/use.md': '# Use it\n\nOther.\n' }));
  assert.equal(changed.counts.texts.changed, 1);
});

test('K7: what Zendesk tells, with its ids, languages and addresses', async () => {
  const hc = 'https://acme.zendesk.com/hc/';
  const article = (id, locale, more) => ({ id, locale, source_locale: 'en-us', title: `A ${id} ${locale}`, body: `<p>Of ${id}</p>`, draft: false, section_id: 22, position: 1, user_segment_id: null,
    label_names: ['kiln'], created_at: '2020-01-02T03:04:05Z', updated_at: '2021-01-02T03:04:05Z', html_url: `${hc}${locale}/articles/${id}-A-${id}`, ...more });
  const file = zip(Object.entries({
    'categories.json': JSON.stringify({ categories: [{ id: 11, name: 'General', locale: 'en-us', position: 0, description: '', html_url: `${hc}en-us/categories/11-General` }] }),
    'sections.json': JSON.stringify({ sections: [{ id: 22, category_id: 11, name: 'Start', locale: 'en-us', html_url: `${hc}en-us/sections/22-Start` }] }),
    'articles-1.json': JSON.stringify({ articles: [
      article(360001, 'en-us', { body: `<p>See <a href="${hc}en-us/articles/360002-A">it</a> <img src="${hc}article_attachments/200109629/flame.png" alt="Flame"> <img src="${hc}article_attachments/200109630/gone.png" alt="Gone"></p>` }),
      article(360002, 'en-us', { user_segment_id: 7 }), article(360003, 'en-us', { draft: true })] }),
    'articles-2.json': JSON.stringify({ articles: [article(360001, 'sv')] }),
    'attachments/200109629-flame.png': png(40, 30),
  }));
  const report = await take(other, file);
  assert.deepEqual(lines(report), ['draft articles-1.json: 360003', 'picture articles-1.json: 360001', 'segment articles-1.json: 360002']);
  assert.deepEqual(Object.fromEntries(Object.entries(report.counts).map(([name, c]) => [name, c.new])), { sections: 2, texts: 3, articles: 2, files: 1, redirects: 10, synonyms: 0 });
  nothingNew(await take(other, file));
  const all = await lined(other);
  const text = all.find((l) => l.key === 'z360001' && l.language === 'en');
  assert.deepEqual([text.title, text.languages, text.section, text.keywords, text.created_at], ['A 360001 en-us', ['en', 'sv'], 'zs22', ['kiln'], '2020-01-02T03:04:05Z']);
  assert.match(text.html, /^<p>See <a href="\/kb\/a\/z360002">it<\/a> <img alt="Flame" src="\/kb\/f\/[a-z0-9]+"\/> <a href="https:\/\/acme\.zendesk\.com\/hc\/article_attachments\/200109630\/gone\.png">Gone<\/a><\/p>$/);
  const level = await psql('postgres', `select a.level from app.articles x join app.audiences a on a.tenant_id = x.tenant_id and a.id = x.audience_id where x.tenant_id = ${other.tenant} and x.key = 'z360002'`);
  assert.equal(level, '3', 'what was for some is for staff');
  const section = (await api(other.agent, 'GET', '/api/kb')).json.sections.find((s) => s.key === 'zc11');
  await made(other, `/api/sections/${section.id}`, { audience: { level: 'public' } }, 'PATCH');
  const { host } = other.member;
  assert.equal(await moved(host, '/hc/en-us/articles/360001-A-360001'), '/en/kb/a-360001-en-us-z360001');
  assert.equal(await moved(host, '/hc/en-us/articles/360001'), '/en/kb/a-360001-en-us-z360001');
  assert.equal(await moved(host, '/hc/sv/articles/360001-Whatever'), '/sv/kb/a-360001-sv-z360001');
  assert.equal(await moved(host, '/hc/en-us/categories/11-General'), '/en/kb/s/general-zc11');
  assert.equal(await moved(host, '/hc/en-us/articles/360002'), 404);
});

test('K7: of other forms as well: whatever is wrong is told, and nothing is taken in', async () => {
  const rows = () => psql('postgres', `select count(*) from app.articles where tenant_id = ${from.tenant}`);
  const before = await rows();
  const wrong = async (files, ...expected) => {
    const answer = await send(from, zip(Object.entries({ 'good.md': 'Good\n', ...files })));
    problem(answer, 422, 'invalid');
    assert.deepEqual(answer.json.errors.map((e) => `${e.code} ${e.field}`).sort(), expected);
    assert.equal(await rows(), before);
  };
  await wrong({ 'a.md': 'a\u0001b', 'b.md': Buffer.from('caf\xe9', 'latin1'), 'c.html': Buffer.alloc(20 << 20, '<p>') }, 'ratio c.html');
  await wrong({ 'a.md': 'a\u0001b', 'b.md': Buffer.from('caf\xe9', 'latin1') }, 'controls a.md', 'encoding b.md');
  await wrong({ '../a.md': 'x' }, 'name ../a.md');
  await wrong({ 'a.md': `${'<b>'.repeat(400_000)}` }, 'ratio a.md');
  const none = await send(from, zip([['a.txt', 'x']]));
  assert.deepEqual(none.json.errors.map((e) => e.code), ['empty']);
  const json = await send(from, zip([['a.json', '{"articles": [{"id": 1, "body": "x"']]));
  assert.deepEqual(json.json.errors.map((e) => `${e.code} ${e.field}`), ['json a.json', 'empty ']);
  const hostile = await take(from, zip([['a.html', `<table><tr>${'<td>x</td>'.repeat(10_000)}</tr></table><script>x</script>`], ['b.md', `${'> '.repeat(2000)}deep\n`]]), 'dry=1');
  assert.deepEqual(lines(hostile), ['dropped a.html', 'flat b.md']);
  assert.equal(await rows(), before);
});
