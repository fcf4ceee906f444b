// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The knowledge base's pages: where they are, what they say, what is kept of them and for
// how long, and what machines get. That an answer was kept shows by its X-Request-Id, which
// is that of who asked first.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, test } from 'node:test';
import { originOf } from '../lib/http.mjs';
import { psql, root, until } from '../lib/instance.mjs';
import { article, asDesk, change, section } from './knowledge.mjs';
import { bring } from '../lib/files.mjs';
import { invalid } from '../lib/html.mjs';
import { anyAddress, api, get, makeWorld, request } from './world.mjs';

let w, host, open, inner, one, two, secret, staff;
const everybody = { level: 'public' };
before(async () => {
  w = await makeWorld({ only: ['member', 'villager', 'agent', 'admin'] });
  host = w.host.town;
  open = await section(w, { en: `Start ${w.mark}`, ja: `はじめに ${w.mark}` }, { audience: everybody, about: 'The first days.' });
  inner = await section(w, `Below ${w.mark}`, { parent: open.id });
  staff = await section(w, `Staff ${w.mark}`, { parent: open.id, audience: { level: 'agents' } });
  one = await article(w, {
    en: { title: `Öfen & <heat> ${w.mark}`, html: '<h2 id="a">First</h2><p>For all.</p><h2 id="b">Second</h2><p>More.</p>' },
    ja: { title: `暖房 ${w.mark}`, html: '<p>全員向け</p>' },
  }, { section: open.id, keywords: ['heat', 'oven'] });
  secret = await article(w, { en: { title: `Secret ${w.mark}`, html: '<p>Only of Town</p>' } }, { section: inner.id, audience: { level: 'signed_in', accounts: [w.id.town] } });
  two = await article(w, { en: { title: `Links ${w.mark}`, html: `<p>See <a href="/kb/a/${one.key}#b">the ovens</a> and <a href="/kb/a/${secret.key}">what is not for all</a>, <a href="https://x.example/">elsewhere</a>.</p>` } }, { section: inner.id });
});

const at = (path, options) => get(host, path, options);
const member = (path, options) => get(host, path, { cookie: w.member.cookie, ...options });
const idOf = (answer) => answer.headers['x-request-id'];
const isPublic = (answer) => answer.headers['cache-control'] === 'public, max-age=0, must-revalidate' && !!answer.headers.etag;
const isPrivate = (answer) => answer.headers['cache-control'] === 'private, no-store' && !answer.headers.etag;
const hrefs = (text, pattern) => [...text.matchAll(pattern)].map((m) => m[1]);
// A request that nothing was kept for.
const fresh = (path, options) => at(`${path}?${Math.random()}`, options);

test('K6: pages are where they say, and lead there for good', async () => {
  assert.deepEqual([(await at('/kb')).status, (await at('/kb', { headers: { 'Accept-Language': 'ja' } })).headers.location], [303, '/ja/kb']);
  for (const path of ['/en/kb', open.url, inner.url, one.url, two.url]) assert.equal((await at(path)).status, 200, path);
  const right = `${originOf(host)}/en/kb/${one.slug}-${one.key}`;
  assert.match(one.slug, /^ofen-heat-/);
  for (const path of [`/en/kb/${one.key}`, `/en/kb/other-${one.key}`, `/en/kb/-${one.key}`, `/kb/a/${one.key}`, `/kb/${one.id}`, `/kb/${one.key}`]) {
    const answer = await at(path, { headers: { 'Accept-Language': 'en' } });
    assert.deepEqual([answer.status, new URL(answer.headers.location, originOf(host)).href, answer.headers['cache-control']], [301, right, 'private, no-store'], path);
  }
  const japanese = await at(`/ja/kb/${one.slug}-${one.key}`);
  assert.deepEqual([japanese.status, japanese.headers.location], [301, `${originOf(host)}/ja/kb/${encodeURIComponent(`暖房-${w.mark}`)}-${one.key}`]);
  assert.equal((await at(new URL(japanese.headers.location).pathname)).status, 200);
  assert.equal((await at(`/en/kb/s/x-${open.key}`)).status, 301);
  for (const path of ['/xx/kb', '/xx/kb/x-y', '/en/kb/none-none', '/en/kb/s/none-none', '/en/kb/s/root-root', '/kb/0', '/kb/a/none', '/en/kb/a%2fb', `/en/kb/${'a'.repeat(60)}`, '/sitemap/x', '/sitemap/.xml', '/en/kb/x/y']) {
    assert.equal((await at(path)).status, 404, path);
  }
});

test('K1, K6: what is not the reader\'s is as if it were not there', async () => {
  const bare = (answer) => [answer.status, answer.text.replaceAll(idOf(answer), ''), Object.keys(answer.headers).sort(), answer.headers['cache-control']];
  for (const path of [`/en/kb/x-${secret.key}`, secret.url, `/kb/a/${secret.key}`, `/kb/${secret.id}`, staff.url, `/en/kb/x-${staff.key}`]) {
    const key = path.replace(/[^/-]+$/, 'zzzzzzzzzz');
    assert.deepEqual(bare(await fresh(path)).slice(2), bare(await fresh(key)).slice(2), path);
    const [hidden, none] = [await at(path), await at(key)];
    assert.deepEqual([hidden.status, hidden.text.replaceAll(idOf(hidden), '').replaceAll(path, '')], [404, none.text.replaceAll(idOf(none), '').replaceAll(key, '')], path);
  }
  for (const path of ['/en/kb', open.url, inner.url, one.url, two.url, '/en/kb/feed', '/sitemap.xml']) {
    const { text } = await at(path);
    for (const word of ['Secret', 'Staff', secret.key, staff.key]) assert.ok(!text.includes(word), `${word} at ${path}`);
  }
  assert.equal((await member(secret.url)).status, 200);
  assert.equal((await get(w.host.village, secret.url, { cookie: w.villager.cookie })).status, 404);
  assert.match((await member(inner.url)).text, /Secret/);
  assert.match((await member(two.url)).text, new RegExp(`<a href="${secret.url}">what`));
  // Feed and sitemap are everybody's, whoever asks.
  for (const path of ['/en/kb/feed', '/sitemap.xml']) assert.ok(!(await member(path)).text.includes(secret.key), path);
});

test('K2: an article', async () => {
  const { text } = await fresh(one.url);
  assert.match(text, /<h1 dir="auto">Öfen &amp; &lt;heat&gt; /);
  assert.deepEqual(hrefs(text, /<li data-level="2"><a dir="auto" href="([^"]+)"/g), [`${one.url}#a`, `${one.url}#b`]);
  for (const part of ['<h2 id="b">Second</h2>', '1 minute to read', '>heat<', '>oven<', '<time datetime="', `href="${open.url}"`]) assert.ok(text.includes(part), part);
  const other = (await at(two.url)).text;
  assert.ok(other.includes(`<a href="${one.url}#b">the ovens</a> and what is not for all, <a href="https://x.example/">`), other);
  // Who wrote it is told to who is signed in: what is kept has no name of anybody's.
  assert.ok((await member(one.url)).text.includes(`<bdi>${w.people.admin.name}</bdi>`));
  for (const path of ['/en/kb', one.url]) for (const p of Object.values(w.people)) assert.ok(!(await at(path)).text.includes(p.name), path);
});

test('K6: pages are valid HTML', async () => {
  for (const [path, who] of [['/'], ['/en/kb'], [open.url], [inner.url], [one.url], [two.url], [`${one.url}?thanks=1`], ['/ja/kb'], ['/en/search'], [`/en/search?q=${w.mark}`], ['/en/search?q=zebra'], ['/status'],
    ['/status/history'], ['/status/subscribe'], ['/sign-in'], ['/forgot'], ['/ask'], ['/nowhere'], [secret.url, true], ['/', true]]) {
    assert.deepEqual(await invalid((await (who ? member : at)(path)).text), [], path);
  }
});

test('K4, K6: languages', async () => {
  const english = (await fresh(one.url)).text;
  const japaneseUrl = `${originOf(host)}/ja/kb/${encodeURIComponent(`暖房-${w.mark}`)}-${one.key}`;
  const alternates = (text) => Object.fromEntries([...text.matchAll(/<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"/g)].map((m) => [m[1], m[2]]));
  assert.deepEqual(alternates(english), { en: originOf(host) + one.url, ja: japaneseUrl }, 'only what there is');
  assert.deepEqual(hrefs(english, /<link rel="canonical" href="([^"]+)"/g), [originOf(host) + one.url]);
  assert.ok(Object.keys(alternates((await at('/en/kb')).text)).length >= 8);
  assert.deepEqual(Object.keys(alternates((await at(open.url)).text)), ['en', 'ja']);
  // One that is not there: the article's own, with a notice.
  const swedish = await at(`/sv/kb/${one.slug}-${one.key}`);
  assert.equal(swedish.status, 200);
  assert.match(swedish.text, /<html lang="sv"[^]*<article class="kb-article" lang="en">[^]*class="notice" lang="sv"/);
  assert.deepEqual(hrefs(swedish.text, /<link rel="canonical" href="([^"]+)"/g), [originOf(host) + one.url]);
  // Switching keeps the page.
  const chosen = await request(host, 'POST', '/preferences', { headers: { Origin: originOf(host), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ lang: 'ja', to: one.url }).toString() });
  assert.equal(chosen.headers.location, one.url.replace('/en/', '/ja/'));
  // What a translation was made from says something else by now.
  assert.ok(!(await fresh(new URL(japaneseUrl).pathname)).text.includes('class="notice"'));
  await asDesk(w, `select app.save_draft(${one.id}, 'en', 'Newer ${w.mark}', '<h2 id="a">First</h2><p>x</p><h2 id="b">Second</h2><p>y</p>', null, null, true)`);
  const old = (await fresh(new URL(japaneseUrl).pathname)).text;
  assert.match(old, new RegExp(`class="notice"[^]*href="/en/kb/newer-${w.mark}-${one.key}" hreflang="en"`));
  assert.equal((await fresh(one.url)).status, 301, 'a new title, and the old address leads there');
  await asDesk(w, `select app.save_draft(${one.id}, 'en', 'Öfen & <heat> ${w.mark}', '<h2 id="a">First</h2><p>For all.</p><h2 id="b">Second</h2><p>More.</p>', null, null, true)`);
  // A portal that has other languages leads to one of them.
  await psql('postgres', `insert into app.settings (tenant_id, scope, portal_id, name, value) values (${w.tenant}, ${w.portal.village} * 2 + 1, ${w.portal.village}, 'languages', 'ja en')`);
  const there = await get(w.host.village, `/sv/kb/${one.slug}-${one.key}`);
  assert.deepEqual([there.status, there.headers.location], [303, `/en/kb/${one.slug}-${one.key}`]);
});

test('K6: what is kept, of whom, and what is not', async () => {
  for (const path of ['/en/kb', open.url, two.url]) {
    const first = await at(path), again = await at(path);
    assert.ok(isPublic(first) && isPublic(again), path);
    assert.equal(idOf(again), idOf(first), `${path}: kept`);
    const signed = await member(path);
    assert.ok(isPrivate(signed) && signed.text.includes(w.people.member.name) && idOf(signed) !== idOf(first), `${path}: not for who is signed in`);
    assert.ok(!(await at(path)).text.includes(w.people.member.name), `${path}: nor of them`);
    for (const [what, options] of Object.entries({
      theme: { cookie: 'theme=dark' }, 'an old session': { cookie: `__Host-sid=${'x'.repeat(43)}` }, support: { cookie: `a=b; __Host-support=${'x'.repeat(43)}` },
      'another host': { cookie: '__Host-from=x.example' }, authorization: { headers: { Authorization: 'Bearer x' } } })) {
      const answer = await at(path, options);
      assert.ok(idOf(answer) !== idOf(first), `${path}: ${what} is asked about`);
      if (what !== 'authorization') assert.ok(isPrivate(answer), `${path}: ${what} is not kept`);
    }
    assert.match((await at(path, { cookie: 'theme=dark' })).text, /<html[^>]* data-theme="dark"/);
    assert.doesNotMatch((await at(path)).text, /data-theme="dark"/);
    // Cookies of other programs, and the language that the address says anyway, do not matter.
    assert.equal(idOf(await at(path, { cookie: 'lang=ja; _ga=GA1.2; sidebar=1' })), idOf(await at(path)), path);
    const asked = await at(`${path}?x=1`);
    assert.ok(isPrivate(asked) && idOf(asked) !== idOf(first), `${path}: with a query`);
    const plain = await at(path, { scheme: 'http' });
    assert.ok(plain.text.includes('href="http://') && !plain.text.includes(`href="${originOf(host)}`), `${path}: http has its own`);
    assert.ok(!(await get(w.host.village, path)).text.includes(host), `${path}: each host its own`);
  }
  const priv = await member(secret.url);
  assert.ok(priv.status === 200 && isPrivate(priv));
  for (const options of [{}, { cookie: 'lang=en' }, { headers: { 'If-None-Match': '*' } }]) assert.equal((await at(secret.url, options)).status, 404, 'seen by one, kept for nobody');
  const head = await request(host, 'HEAD', two.url);
  assert.deepEqual([head.status, head.text, head.headers.etag], [200, '', (await at(two.url)).headers.etag]);
  assert.equal(Number(head.headers['content-length']), (await at(two.url)).body.length);
});

test('K6: whoever asks between, nothing that is kept names anybody or is not everybody\'s', async () => {
  const gif = Buffer.from('47494638396101000100800000ffffff00000021f90401000000002c000000000100010000020144003b', 'hex');
  const hang = async (a) => (await api(w.agent, 'POST', `/api/articles/${a.id}/files`, { file: await bring(w.agent, 'dot.gif', gif) })).json;
  const [shown, hidden] = [await hang(two), await hang(secret)];
  const paths = ['/en/kb', '/ja/kb', open.url, inner.url, one.url, two.url, '/en/kb/feed', '/sitemap.xml', shown.url, secret.url, hidden.url, staff.url, `/en/search?q=${w.mark}`, '/sitemap/-.xml', '/robots.txt', `${open.url}?after=0_0`];
  const told = [...Object.values(w.people).flatMap((p) => [p.name, p.email]), secret.key, hidden.key, staff.key, 'Secret', 'Only of Town'];
  // What is asked for is said again where there is nothing.
  const clean = (answer, who, path) => { for (const word of told) assert.ok(!answer.text.replaceAll(path, '').includes(word), `${who} at ${path} is told ${word}`); };
  const askers = {
    nobody: (path) => at(path), 'nobody with a cookie': (path) => at(path, { cookie: 'lang=ja; _ga=1' }),
    member, 'member by http': (path) => member(path, { scheme: 'http' }), agent: (path) => get(host, path, { cookie: w.agent.cookie }),
    'a wrong session': (path) => at(path, { cookie: `__Host-sid=${'y'.repeat(43)}` }),
  };
  const turn = Object.entries(askers);
  for (let round = 0; round < turn.length; round++) {
    // Each is the first to ask for something, and all of them at once.
    await Promise.all(paths.flatMap((path, n) => turn.map((_, k) => turn[(n + k + round) % turn.length]).map(async ([who, ask]) => {
      const answer = await ask(path);
      const strange = who !== 'agent' && !who.startsWith('member');
      if (strange) clean(answer, who, path);
      else if (told.some((name) => answer.text.includes(name))) assert.ok(/^private/.test(answer.headers['cache-control']), `${who} at ${path}`);
      if (strange) assert.equal(answer.status === 404, [secret.url, hidden.url, staff.url].includes(path), `${who} at ${path}: ${answer.status}`);
      else if (who === 'member' && [secret.url, one.url].includes(path)) assert.ok(answer.text.includes(w.people.member.name) && isPrivate(answer), `${who} at ${path}`);
    })));
  }
});

test('K6: the same, told by its ETag', async () => {
  const made = await article(w, { en: { title: `Tags ${w.mark}`, html: '<p>x</p>' } }, { section: open.id });
  const { headers: { etag } } = await request(host, 'HEAD', made.url);
  const unkept = await at(made.url, { headers: { 'If-None-Match': `"x", ${etag}` } });
  assert.deepEqual([unkept.status, unkept.text, unkept.headers.etag, unkept.headers['x-accel-expires']], [304, '', etag, undefined]);
  const whole = await at(made.url);
  assert.deepEqual([whole.status, whole.headers.etag], [200, etag], 'an answer without a body is not kept');
  const kept = await at(made.url, { headers: { 'If-None-Match': etag } });
  assert.deepEqual([kept.status, kept.text], [304, '']);
  const packed = await at(made.url, { headers: { 'Accept-Encoding': 'gzip' } });
  assert.deepEqual([packed.headers['content-encoding'], packed.headers.etag], ['gzip', `W/${etag}`]);
  assert.equal((await at(made.url, { headers: { 'If-None-Match': `W/${etag}` } })).status, 304);
  assert.equal((await member(made.url, { headers: { 'Accept-Encoding': 'gzip', 'If-None-Match': etag } })).headers['content-encoding'], undefined, 'what names somebody is not compressed');
});

test('K6: changes show, and what is narrowed or taken back is gone, within five seconds', async () => {
  const [edited, narrowed, taken] = await Promise.all(['Edited', 'Narrowed', 'Taken'].map((name) => article(w, { en: { title: `${name} ${w.mark}`, html: '<p>before</p>' } }, { section: open.id })));
  const all = [edited, narrowed, taken];
  const shows = (text) => all.map((a) => text.includes(a.key));
  for (const path of [...all.map((a) => a.url), open.url, '/sitemap.xml', '/en/kb/feed']) assert.equal((await at(path)).status, 200);
  await until('they are there', async () => shows((await at('/sitemap.xml')).text + (await at(open.url)).text).every(Boolean) && shows((await at('/sitemap.xml')).text).every(Boolean));
  await asDesk(w, `select app.save_draft(${edited.id}, 'en', 'Edited ${w.mark}', '<p>after</p>', null, null, true)`);
  await change(w, narrowed.id, { audience: { level: 'signed_in' } });
  await asDesk(w, `select app.act_on_text(${taken.id}, 'en', 'unpublish', null)`);
  const began = Date.now();
  await until('all of it shows', async () => (await at(narrowed.url)).status === 404 && (await at(taken.url)).status === 404 && (await at(edited.url)).text.includes('after')
    && (await Promise.all([open.url, '/sitemap.xml', '/en/kb/feed'].map((path) => at(path)))).every((a) => shows(a.text).join() === 'true,false,false'), { timeout: 15_000 });
  assert.ok(Date.now() - began < 6500, `${Date.now() - began} ms`);
});

test('K2: was it of help, by a form', async () => {
  const post = (url, fields, options = {}) => request(host, 'POST', url, { address: anyAddress(), cookie: w.member.cookie, ...options,
    headers: { Origin: originOf(host), 'Content-Type': 'application/x-www-form-urlencoded', ...options.headers }, body: new URLSearchParams(fields).toString() });
  const first = await post(two.url, { helpful: 'no', comment: ' It is cold. ' });
  assert.deepEqual([first.status, first.headers.location], [303, `${two.url}?thanks=1#kb_helpful`]);
  assert.ok((await member(`${two.url}?thanks=1`)).text.includes('Thank you.'));
  await post(two.url, { helpful: 'yes', comment: '<b>warm</b>' });
  const { helpful, unhelpful, comments } = (await get(w.host.desk, `/api/articles/${two.id}/votes`, { cookie: w.agent.cookie, headers: { 'X-Sportello': '1' } })).json;
  assert.deepEqual([helpful, unhelpful, comments.map((c) => c.comment)], [1, 0, ['<b>warm</b>']], 'one word each, the last one counts');
  for (const [status, url, fields, options] of [[404, staff.url, { helpful: 'yes' }], [404, '/en/kb/none-none', { helpful: 'yes' }], [422, two.url, { helpful: 'perhaps' }], [422, two.url, {}],
    [422, two.url, { helpful: 'yes', comment: 'x'.repeat(2001) }], [403, two.url, { helpful: 'yes' }, { headers: { Origin: originOf(w.host.village) } }], [404, secret.url, { helpful: 'yes' }, { cookie: '' }]]) {
    const answer = await post(url, fields, options);
    assert.equal(answer.status === 405 ? 404 : answer.status, status, JSON.stringify([url, fields]).slice(0, 90));
  }
  // A visitor's word counts, once a day and network, and has no words.
  const form = (await at(two.url)).text;
  assert.ok(form.includes('Was this helpful?') && !form.includes('<textarea'));
  const visitor = { cookie: '', address: anyAddress() };
  for (const [options, said] of [[visitor, 'yes'], [visitor, 'yes'], [visitor, 'no'], [{ cookie: '' }, 'no'], [{ cookie: '' }, 'yes']]) {
    assert.equal((await post(two.url, { helpful: said, comment: 'x' }, options)).headers.location, `${two.url}?thanks=1#kb_helpful`);
  }
  assert.match((await at(`${two.url}?thanks=1`)).text, /Thank you\./);
  const told = (await get(w.host.desk, `/api/articles/${two.id}/votes`, { cookie: w.agent.cookie, headers: { 'X-Sportello': '1' } })).json;
  assert.deepEqual([told.helpful, told.unhelpful, told.comments.length], [3, 1, 1]);
});

test('K2: pictures and files are read as their article is', async () => {
  // Of 3 by 2, for who asks in HTML.
  const gif = Buffer.from('47494638396103000200800000ffffff00000021f90401000000002c000000000300020000020284510' + '03b', 'hex');
  const webp = Buffer.from('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA', 'base64');
  const attach = (a, file, options) => api(w.agent, 'POST', `/api/articles/${a.id}/files`, { file }, options);
  const files = async (a) => (await api(w.agent, 'GET', `/api/articles/${a.id}/files`)).json.files;
  const [pictured, hidden] = await Promise.all([['Pictured', everybody], ['Hidden', { level: 'signed_in', accounts: [w.id.town] }]]
    .map(([name, audience]) => article(w, { en: { title: `${name} ${w.mark}`, html: '<p>x</p>' } }, { section: open.id, audience })));
  const id = await bring(w.agent, 'flame.gif', gif);
  const made = await attach(pictured, id);
  assert.deepEqual([made.status, made.json.name, made.json.kind, made.json.width, made.json.height], [201, 'flame.gif', 'picture', 3, 2]);
  assert.equal((await attach(pictured, id)).json.key, made.json.key, 'sent again it is the same');
  assert.equal((await attach(hidden, id)).status, 422, 'and nobody else\'s');
  const own = (await attach(hidden, await bring(w.agent, 'dot.webp', webp))).json;
  assert.deepEqual([own.width, own.height], [1, 1]);
  const manual = (await attach(hidden, await bring(w.agent, 'manual.txt', Buffer.from('<script>1</script>'.repeat(2000))))).json;
  assert.deepEqual([manual.kind, manual.width], ['file', null]);
  for (const file of [999999, await bring(w.member, 'x.txt', Buffer.from('x'))]) {
    const refused = await attach(pictured, file);
    assert.deepEqual([refused.status, refused.json.errors[0].code], [422, 'choice']);
  }
  assert.equal((await attach({ id: 999999 }, id)).status, 404);
  for (const a of [pictured, hidden]) {
    await asDesk(w, `select app.save_draft(${a.id}, 'en', (select title from app.article_texts where tenant_id = ${w.tenant} and article_id = ${a.id}),
      '<p><img alt="A flame" src="/kb/f/${made.json.key}"/> <img alt="A dot" src="/kb/f/${own.key}"/> <a href="/kb/f/${manual.key}">The manual</a></p>', null, null, true)`);
  }
  // Pages give room for pictures before they come, and have none that the reader may not see.
  const shown = `<img alt="A flame" height="2" src="/kb/f/${made.json.key}" width="3"/>`;
  const openPage = (await fresh(pictured.url)).text, theirs = (await member(hidden.url)).text;
  assert.ok(openPage.includes(shown) && theirs.includes(shown));
  assert.ok(openPage.includes('A dot') && !openPage.includes(own.key) && !openPage.includes(manual.key));
  assert.ok(theirs.includes(`src="/kb/f/${own.key}"`) && theirs.includes(`<a href="/kb/f/${manual.key}">`));
  // Everybody's may be kept, others' nowhere; what is no picture is saved and not shown.
  const first = await at(made.json.url), again = await at(made.json.url);
  assert.deepEqual([first.status, first.headers['content-type'], first.headers['x-content-type-options'], isPublic(first), idOf(again)], [200, 'image/gif', 'nosniff', true, idOf(first)]);
  assert.deepEqual(first.body, gif);
  assert.equal((await at(made.json.url, { headers: { 'If-None-Match': first.headers.etag } })).status, 304);
  assert.deepEqual([(await at(made.json.url, { headers: { Range: 'bytes=0-2' } })).status, (await at(made.json.url, { headers: { Range: 'bytes=0-2' } })).text], [206, 'GIF']);
  const signed = await member(made.json.url);
  assert.deepEqual([signed.status, signed.headers['cache-control']], [200, 'private, no-cache']);
  for (const file of [own, manual]) {
    for (const [options, h] of [[{}, host], [{ headers: { 'If-None-Match': '*' } }, host], [{ cookie: w.villager.cookie }, w.host.village]]) {
      const refused = await get(h, file.url, options);
      assert.deepEqual([refused.status, refused.headers.etag], [404, undefined]);
    }
    const answer = await member(file.url);
    assert.deepEqual([answer.status, answer.headers['cache-control']], [200, 'private, no-cache']);
    assert.match(answer.headers['content-security-policy'], /sandbox/);
    assert.equal((await member(file.url, { headers: { 'If-None-Match': answer.headers.etag } })).status, 304);
    assert.equal((await at(file.url)).status, 404, 'seen by one, kept for nobody');
  }
  const saved = await member(manual.url);
  assert.deepEqual([saved.headers['content-type'], /^attachment;/.test(saved.headers['content-disposition'])], ['application/octet-stream', true]);
  // What a text shows stays; without it, it goes, and its address with it.
  const drop = (a, key) => api(w.agent, 'DELETE', `/api/articles/${a.id}/files/${key}`);
  const kept = await drop(hidden, own.key);
  assert.deepEqual([kept.status, kept.json.errors[0].code], [422, 'shown']);
  assert.deepEqual((await files(hidden)).map((f) => f.name), ['dot.webp', 'manual.txt']);
  await asDesk(w, `select app.save_draft(${hidden.id}, 'en', 'Hidden ${w.mark}', '<p>x</p>', null, null, true)`);
  assert.deepEqual([(await drop(hidden, own.key)).status, (await drop(hidden, own.key)).status, (await member(own.url)).status], [204, 404, 404]);
  // Narrowed with its article.
  await change(w, pictured.id, { audience: { level: 'agents' } });
  await until('nobody sees it', async () => (await at(made.json.url)).status === 404, { timeout: 6000 });
  assert.equal((await get(w.host.desk, made.json.url, { cookie: w.agent.cookie })).status, 200);
});

// ---- machines -----------------------------------------------------------------------------------

const valid = (schema, text) => execFileSync('xmllint', ['--noout', '--relaxng', `${root}/tests/http/${schema}.rng`, '-'], { input: text, stdio: ['pipe', 'ignore', 'pipe'] });
const all = (text, tag) => hrefs(text, new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'));

test('K6: the feed is one of RFC 4287', async () => {
  const feed = await at('/en/kb/feed');
  assert.equal(feed.headers['content-type'], 'application/atom+xml; charset=utf-8');
  valid('atom', feed.text);
  assert.equal((feed.text.match(/<link rel="self"/g) ?? []).length, 1);
  assert.ok(feed.text.includes(`<title>Öfen &amp; &lt;heat&gt; ${w.mark}</title>`));
  const ids = all(feed.text, 'id');
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.includes(`${originOf(host)}/en/kb/${one.key}`) && !feed.text.includes(secret.key));
  assert.equal((await at(new URL(ids.at(-1)).pathname)).status, 301, 'an id leads to its article');
  const updated = all(feed.text, 'updated');
  assert.deepEqual(updated.slice(1), updated.slice(1).sort().reverse(), 'the newest first');
  assert.equal(updated[0], updated[1]);
  const empty = await at('/pt/kb/feed');
  valid('atom', empty.text);
  assert.ok(!empty.text.includes('<entry>'));
  assert.ok((await at('/en/kb')).text.includes('type="application/atom+xml" href="/en/kb/feed"'));
});

test('K6: the sitemap is one of sitemaps.org, in parts beyond fifty thousand', async () => {
  assert.match((await at('/robots.txt')).text, new RegExp(`^User-agent: \\*\n[^]*\nSitemap: ${originOf(host)}/sitemap.xml\n$`));
  const small = await at('/sitemap.xml');
  assert.equal(small.headers['content-type'], 'application/xml; charset=utf-8');
  valid('sitemap', small.text);
  const places = all(small.text, 'loc');
  assert.ok(places.includes(originOf(host) + one.url) && places.includes(`${originOf(host)}/ja/kb/${encodeURIComponent(`暖房-${w.mark}`)}-${one.key}`));
  for (const place of places) assert.equal((await at(new URL(place).pathname)).status, 200, place);
  assert.equal((small.text.match(/hreflang="ja"/g) ?? []).length, 2, 'each of its languages names the other');

  // Another tenant, with a great many.
  const big = await makeWorld({ only: ['admin'] });
  const shelf = await section(big, 'Shelf', { audience: everybody });
  await psql('postgres', `begin; set local session_replication_role = replica; select auth.set_context(${big.tenant}, null, null, null, null, 0::smallint, '{}', false);
    insert into app.articles (tenant_id, id, key, section_id, position, language, is_live, changed) select ${big.tenant}, n, 'n' || n, ${shelf.id}, n, 'en', true, 1 from generate_series(1, 52000) n;
    insert into app.article_versions (tenant_id, article_id, language, number, title, html, from_change) select ${big.tenant}, n, 'en', 1, 'x', '<p>x</p>', 1 from generate_series(1, 52000) n;
    insert into app.article_texts (tenant_id, article_id, language, number, title, slug, about, toc, minutes, words) select ${big.tenant}, n, 'en', 1, 'x', 'x', 'x', '[]', 1, '' from generate_series(1, 52000) n; commit; analyze app.articles, app.article_texts`);
  const index = await get(big.host.town, '/sitemap.xml');
  valid('sitemap', index.text);
  const parts = all(index.text, 'loc');
  assert.equal(parts.length, 2);
  const found = new Set();
  for (const part of parts) {
    const answer = await get(big.host.town, new URL(part).pathname);
    assert.ok(answer.complete && answer.body.length < 50_000_000);
    valid('sitemap', answer.text);
    const there = all(answer.text, 'loc');
    assert.ok(there.length <= 50_000, `${there.length}`);
    for (const place of there) found.add(place);
  }
  assert.equal(found.size, 52_000, 'none falls between two parts');
  // A long section goes on by pages, and back; so does what lies in no section, and what lies below one.
  const list = (text) => hrefs(text, /<h2><a dir="auto" href="([^"]+)"/g);
  const way = (text, rel) => new RegExp(`<a class="btn" rel="${rel}" href="([^"]+)"`).exec(text)?.[1].replaceAll('&amp;', '&');
  const page = async (path) => (await get(big.host.town, path)).text;
  const first = await page(shelf.url), second = await page(way(first, 'next')), third = await page(way(second, 'next'));
  assert.deepEqual([list(first).length, list(second).length, new Set([first, second, third].flatMap(list)).size, way(first, 'prev')], [100, 100, 300, undefined]);
  assert.deepEqual([list(await page(way(third, 'prev'))), list(await page(way(second, 'prev')))], [list(second), list(first)]);
  assert.equal(way(await page(way(second, 'prev')), 'prev'), undefined, 'nothing before the first');
  assert.equal(way(await page(`${shelf.url}?after=999999_1`), 'prev'), shelf.url, 'behind the last, the way to the first');
  assert.equal((await get(big.host.town, `${shelf.url}?after=x`)).status, 422);
  assert.equal((await get(big.host.town, `${shelf.url}?after=4000000000000000000_1`)).status, 200);
  await psql('postgres', `begin; select auth.set_context(${big.tenant}, null, null, null, null, 0::smallint, '{}', false);
    insert into app.sections (tenant_id, id, key, parent_id, position, names, audience_id, shown_to, path) select r.tenant_id, n, 's' || n, case when n < 230 then ${shelf.id} else r.id end, n, '{"en": "Below"}', s.shown_to, s.shown_to,
      case when n < 230 then s.path || n::bigint else r.path || n::bigint end from app.sections r, app.sections s, generate_series(1, 459) n where r.tenant_id = ${big.tenant} and r.parent_id is null and s.tenant_id = r.tenant_id and s.id = ${shelf.id};
    update app.articles set section_id = id where tenant_id = ${big.tenant} and id < 460;
    update app.articles a set section_id = s.id, audience_id = p.shown_to from app.sections s, app.sections p where a.tenant_id = ${big.tenant} and a.id between 460 and 600 and s.tenant_id = a.tenant_id and s.parent_id is null
      and p.tenant_id = a.tenant_id and p.id = ${shelf.id}; commit`);
  // All pages of one of the lists of a page: what they lead to.
  const walk = async (at, pattern, named, part = (text) => text) => {
    const seen = [];
    for (let path = at, n = 0; path && n < 10; n++) {
      const text = await page(path);
      seen.push(hrefs(part(text), pattern));
      path = [...text.matchAll(/rel="next" href="([^"]+)"/g)].map((m) => m[1].replaceAll('&amp;', '&')).find((x) => x.includes(`?${named}=`));
    }
    return [seen.map((x) => x.length), new Set(seen.flat()).size];
  };
  const sections = /<h2><a dir="auto" href="([^"]+\/kb\/s\/[^"]+)"/g;
  assert.deepEqual(await walk(`${shelf.url}?new`, sections, 'below'), [[100, 100, 29], 229]);
  assert.deepEqual(await walk('/en/kb?new', sections, 'below'), [[100, 100, 31], 231]);
  assert.deepEqual(await walk('/en/kb?new', /<li><a dir="auto" href="([^"]+)"/g, 'after', (text) => text.split('id="others"')[1].split('</section>')[0]), [[20, 100, 21], 141]);
});
