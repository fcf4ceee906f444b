// SPDX-License-Identifier: AGPL-3.0-or-later
//
// K7: a bundle taken in: tried first, whole or not at all, and out again as it came in.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { bring } from '../lib/files.mjs';
import { originOf, problem, session } from '../lib/http.mjs';
import { port, psql, rawRequest, realState, root } from '../lib/instance.mjs';
import { png } from '../lib/pictures.mjs';
import { bundle, crc32, zip } from '../lib/zips.mjs';
import { api, get, makeWorld } from './world.mjs';

let from, to;
before(async () => {
  [from, to] = await Promise.all([1, 2].map(() => makeWorld({ only: ['member', 'agent', 'admin'] })));
});

const send = (who, file, query = '') => api(who, 'POST', `/api/kb/imports${query && `?${query}`}`, file, { key: null, headers: { 'Content-Type': 'application/zip' } });
const take = async (who, file, query) => {
  const answer = await send(who, file, query);
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};
const bundleOf = async (who) => {
  const answer = await get(who.host, '/export/kb.bundle', { cookie: who.cookie, headers: { 'X-Sportello': '1' } });
  assert.equal(answer.status, 200);
  assert.ok(answer.complete);
  return answer.body;
};
const made = async (w, method, path, body, status = method === 'POST' ? 201 : 200) => {
  const answer = await api(w.agent, method, path, body);
  assert.equal(answer.status, status, answer.text);
  return answer.json;
};
const rows = (w) => psql('postgres', `select (select count(*) from app.articles where tenant_id = ${w.tenant}), (select count(*) from app.article_versions where tenant_id = ${w.tenant}),
  (select count(*) from app.sections where tenant_id = ${w.tenant}), (select count(*) from app.files where tenant_id = ${w.tenant}), (select count(*) from app.imports where tenant_id = ${w.tenant})`);
const ofNothing = { new: 0, changed: 0, same: 0, refused: 0 };

// Sections in each other, versions, languages, audiences, a picture and a file, redirects, synonyms.
async function write(w) {
  const open = await made(w, 'POST', '/api/sections', { names: { en: 'Ovens & kilns', sv: 'Ugnar' }, abouts: { en: 'What is hot' }, audience: { level: 'public' } });
  const inner = await made(w, 'POST', '/api/sections', { parent: open.id, names: { en: 'Doors' } });
  const town = await made(w, 'POST', '/api/sections', { names: { en: 'Town' }, audience: { level: 'signed_in', accounts: [w.id.town], roles: ['main_user'] } });
  await made(w, 'POST', '/api/sections', { names: { en: 'Empty' }, audience: { level: 'signed_in', portals: [w.portal.school] } });
  const article = (section, title, body, more) => made(w, 'POST', '/api/articles', { section, language: 'en', title, body, format: 'html', publish: true, ...more });
  const first = await article(open.id, 'First *steps*', '<h2>One</h2><p>Öppna <em>it</em> & "wait".</p>', { keywords: ['kiln', 'heat'] });
  const second = await article(inner.id, 'The door', `<p>See <a href="/kb/a/${first.key}#one">there</a></p>`);
  await article(town.id, 'Town only', '<p>For Town</p>', { audience: { level: 'public' } });
  await article(null, 'Loose', '<p>Of no section</p>');
  const write = (a, language, title, body, more) => made(w, 'PATCH', `/api/articles/${a.id}/texts/${language}`, { title, body, format: 'html', publish: true, ...more });
  await write(first, 'sv', 'Början', '<p>Öppna den</p>');
  await write(first, 'en', 'First steps', '<h2 id="one">One</h2><p>Second thoughts</p>');
  await write(first, 'ja', '最初の一歩', '<p>扉を開けます。</p>');
  await made(w, 'POST', `/api/articles/${first.id}/texts/ja`, { act: 'unpublish' });
  await made(w, 'PATCH', `/api/articles/${second.id}`, { expires_at: '2030-01-01T00:00:00Z', review_by: '2029-01-01' });
  const attach = async (name, bytes) => (await made(w, 'POST', `/api/articles/${second.id}/files`, { file: await bring(w.agent, name, bytes) })).key;
  const picture = await attach('Flame ü.png', png(40, 30));
  await attach('big.bin', Buffer.alloc(1400000, 'valve\n'));
  await write(second, 'en', 'The door', `<p>See <a href="/kb/a/${first.key}#one">there</a></p><figure><img src="/kb/f/${picture}" alt="A flame"></figure>`);
  await made(w, 'POST', '/api/synonyms', { language: 'en', words: ['kiln', 'oven', 'cooker'] });
  await psql('postgres', `insert into app.redirects (tenant_id, path, article_id, section_id, language) select tenant_id, '/hc/en-us/articles/1', id, null, 'sv' from app.articles where tenant_id = ${w.tenant} and key = '${first.key}'
    union all select tenant_id, '/old/ugnar', null, id, null from app.sections where tenant_id = ${w.tenant} and key = '${open.key}'
    union all select tenant_id, '/old/staff', id, null, null from app.articles where tenant_id = ${w.tenant} and key = '${second.key}'`);
  return { open, inner, first, second, picture };
}

test('K7: a bundle is tried, taken into an empty knowledge base, and comes out byte for byte', async () => {
  const there = await write(from);
  const out = await bundleOf(from.agent);
  const before = await rows(to);
  const tried = await take(to.admin, out, 'dry=1');
  assert.deepEqual([tried.dry, tried.done, tried.refused], [true, false, 0], JSON.stringify(tried.lines));
  assert.deepEqual(Object.fromEntries(Object.entries(tried.counts).map(([name, c]) => [name, c.new])), { sections: 4, texts: 8, articles: 4, files: 2, redirects: 3, synonyms: 1 });
  assert.equal(await rows(to), before, 'a trial leaves nothing');
  const done = await take(to.admin, out);
  assert.deepEqual([done.done, done.counts], [true, tried.counts]);
  assert.ok((await bundleOf(to.agent)).equals(out), 'the same bytes');
  const again = await take(to.admin, out);
  assert.deepEqual(Object.values(again.counts).map((c) => [c.new, c.changed, c.refused]), Array(6).fill([0, 0, 0]));
  assert.equal((await psql('postgres', `select count(*) from app.events where tenant_id = ${to.tenant} and kind = 'articles.imported'`)), '1');
  assert.ok((await bundleOf(to.agent)).equals(out), 'and again');

  // Readers find it: page, picture, search, and what was elsewhere.
  const visitor = to.host.town;
  const page = await get(visitor, `/en/kb/x-${there.second.key}`);
  assert.equal(page.status, 301);
  const shown = await get(visitor, page.headers.location.replace(/^https:\/\/[^/]+/, ''));
  assert.match(shown.text, new RegExp(`src="/kb/f/${there.picture}"`));
  const picture = await get(visitor, `/kb/f/${there.picture}`);
  assert.deepEqual([picture.status, picture.headers['content-type']], [200, 'image/png']);
  assert.ok(picture.body.equals(png(40, 30)));
  const found = await get(visitor, '/api/kb/search?q=thoughts&lang=en', { headers: { 'X-Sportello': '1' } });
  assert.match(found.text, /First steps/);
  const moved = async (path, cookie) => {
    const answer = await get(visitor, path, { cookie });
    return answer.status === 301 ? decodeURIComponent(new URL(answer.headers.location, 'https://x').pathname) : answer.status;
  };
  assert.equal(await moved('/hc/en-us/articles/1'), `/sv/kb/borjan-${there.first.key}`);
  assert.equal(await moved('/hc/en-us/articles/1-First-steps'), `/sv/kb/borjan-${there.first.key}`);
  assert.equal(await moved('/old/ugnar'), `/en/kb/s/ovens-kilns-${there.open.key}`);
  assert.equal(await moved('/old/nothing'), 404);
  await made(to, 'PATCH', `/api/sections/${(await made(to, 'GET', '/api/kb', undefined, 200)).sections.find((s) => s.key === there.inner.key).id}`, { audience: { level: 'agents' } });
  assert.equal(await moved('/old/staff'), 404, 'to who may not read it there is nothing');
});

test('K7: the demo goes round as well', { timeout: 120_000 }, async () => {
  const w = await makeWorld({ only: ['agent', 'admin'] });
  const out = await bundleOf(await session({ role: 'agent' }));
  const done = await take(w.admin, out);
  assert.ok(done.done && done.counts.articles.new > 3, JSON.stringify(done));
  assert.ok((await bundleOf(w.agent)).equals(out));
});

// ---- what is here already --------------------------------------------------------------------

const audience = (a) => (a ? { audience: a } : {});
const section = (key, more = {}) => `${JSON.stringify({ key, position: 1, names: { en: `Section ${key}` }, ...more })}\n`;
const text = (key, html, { language = 'en', number = 1, ...more } = {}) => ({ [`articles/${key}/${language}/${number}.xhtml`]: html,
  [`articles/${key}/${language}/${number}.json`]: JSON.stringify({ title: `Article ${key}`, from: '2026-01-01T00:00:00.000001Z', ...more }) });
const about = (key, more = {}) => ({ [`articles/${key}/article.json`]: JSON.stringify({ position: 1, language: 'en', ...more }) });
const live = (w, key) => psql('postgres', `select string_agg(concat_ws(' ', v.language, v.number, v.html, v.until_change is null), ', ' order by v.language, v.number) from app.article_versions v
  join app.articles a on a.tenant_id = v.tenant_id and a.id = v.article_id where a.tenant_id = ${w.tenant} and a.key = '${key}'`);

test('K7: what is there already is changed where it differs, and what is not in the bundle stays', async () => {
  const w = await makeWorld({ only: ['member', 'agent', 'admin'] });
  const public_ = `{"root": true, "audience": {"level": "agents"}}\n`;
  const files = { 'sections.jsonl': section('aa', audience({ level: 'public' })) + section('bb', { parent: 'aa' }),
    ...text('x', '<p>One</p>'), ...about('x', { section: 'bb' }), ...text('y', '<p>Y</p>'), ...about('y', audience({ level: 'signed_in', accounts: ['Nobody Inc.'] })) };
  await take(w.admin, bundle(files));
  const stays = await made(w, 'POST', '/api/articles', { section: null, language: 'en', title: 'Own', body: 'x', format: 'markdown', publish: true });
  assert.equal(await live(w, 'x'), 'en 1 <p>One</p> t');
  const next = { 'sections.jsonl': public_ + section('aa', { ...audience({ level: 'public' }), position: 7 }) + section('bb', { parent: 'aa' }) + section('cc'),
    ...text('x', '<p>Zero</p>', { until: '2026-01-02T00:00:00Z' }), ...text('x', '<p>Two</p>', { number: 2 }), ...text('x', '<p>Zwei</p>', { language: 'de', translates: 2 }), ...about('x', { section: 'bb' }),
    ...text('z', '<p>Z</p>'), ...about('z') };
  const tried = await take(w.admin, bundle(next), 'dry=1');
  assert.deepEqual(tried.counts.texts, { ...ofNothing, new: 2, changed: 1, same: 1 });
  assert.deepEqual(tried.counts.sections, { ...ofNothing, new: 1, changed: 1, same: 1 });
  assert.equal(await live(w, 'x'), 'en 1 <p>One</p> t');
  await take(w.admin, bundle(next));
  assert.equal(await live(w, 'x'), 'de 1 <p>Zwei</p> t, en 1 <p>One</p> f, en 2 <p>Two</p> t');
  assert.equal(await live(w, stays.key), 'en 1 <p>x</p> t');
  // What agents alone read there is not opened by what lies over all here.
  const reads = await psql('postgres', `select string_agg(concat_ws(' ', s.key, u.level), ', ' order by s.key) from app.sections s
    join app.audiences u on u.tenant_id = s.tenant_id and u.id = s.shown_to where s.tenant_id = ${w.tenant}`);
  assert.equal(reads, 'aa 1, bb 1, cc 3, root 2');
  const told = await psql('postgres', `select string_agg(concat_ws(' ', a.key, u.level, u.told), ', ' order by a.key) from app.articles a
    join app.audiences u on u.tenant_id = a.tenant_id and u.id = a.audience_id where a.tenant_id = ${w.tenant}`);
  assert.equal(told, 'y 3 {"level": "signed_in", "accounts": ["Nobody Inc."]}, z 3');
  const translates = await psql('postgres', `select v.translates from app.article_versions v join app.articles a on a.tenant_id = v.tenant_id and a.id = v.article_id where a.tenant_id = ${w.tenant} and a.key = 'x' and v.language = 'de'`);
  assert.equal(translates, '2', 'of the version that is live here');
  const again = await take(w.admin, bundle(next), 'dry=1');
  assert.deepEqual(Object.values(again.counts).map((c) => c.new + c.changed), [0, 0, 0, 0, 0, 0], JSON.stringify(again.counts));
  // History of years ago that comes now has taken away nothing that was here.
  const out = (query) => get(w.agent.host, `/export/kb.jsonl${query}`, { cookie: w.agent.cookie, headers: { 'X-Sportello': '1' } });
  const as_of = (await out('')).headers['sportello-as-of'];
  await take(w.admin, bundle({ ...text('h', '<p>Old</p>', { from: '2019-01-01T00:00:00Z', until: '2020-01-01T00:00:00Z' }), ...text('h', '<p>New</p>', { number: 2 }), ...about('h') }));
  assert.equal((await out(`?as_of=${as_of}`)).status, 200);
});

// Of each section and article who reads it, and whether that is its own.
const readers = (w) => psql('postgres', `select string_agg(concat_ws(' ', x.key, u.level, x.own), ', ' order by x.name) from (
  select s.key, s.names->>'en' as name, s.shown_to, case when s.audience_id is not null then 'own' end as own, s.tenant_id from app.sections s where s.parent_id is not null
  union all select a.key, coalesce((select v.title from app.article_versions v where v.tenant_id = a.tenant_id and v.article_id = a.id order by v.number limit 1), ''), coalesce(a.audience_id, s.shown_to), case when a.audience_id is not null then 'own' end, a.tenant_id
    from app.articles a join app.sections s on s.tenant_id = a.tenant_id and s.id = a.section_id) x
  join app.audiences u on u.tenant_id = x.tenant_id and u.id = x.shown_to where x.tenant_id = ${w.tenant}`);
const linesOf = (report) => report.lines.map((l) => `${l.code} ${l.entry}`).sort();

test('K7: a bundle of before opens nothing, publishes nothing again and replaces nothing newer, unless it is asked to', async () => {
  const [w, other, third] = await Promise.all([1, 2, 3].map(() => makeWorld({ only: ['member', 'agent', 'admin'] })));
  const open = await made(w, 'POST', '/api/sections', { names: { en: 'A open' }, audience: { level: 'public' } });
  const inner = await made(w, 'POST', '/api/sections', { parent: open.id, names: { en: 'B inner' } });
  const article = (section, title, more) => made(w, 'POST', '/api/articles', { section, language: 'en', title, body: 'Old', format: 'markdown', publish: true, ...more });
  const [edited, gone, staffs, until] = [await article(inner.id, 'C edited'), await article(inner.id, 'D gone'), await article(inner.id, 'E staff', { audience: { level: 'agents' } }), await article(open.id, 'F until')];
  const [all, members] = [await bundleOf(w.agent), await bundleOf(w.member)];
  const fetched = async (who, path) => (await get(who.host, `/export/kb.${path}`, { cookie: who.cookie, headers: { 'X-Sportello': '1' } })).body;
  const [part, markdown] = [await fetched(w.agent, `bundle?section=${inner.key}`), await fetched(w.member, 'markdown.zip')];
  await made(w, 'PATCH', `/api/articles/${edited.id}/texts/en`, { title: 'C edited', body: 'New', format: 'markdown', publish: true });
  await made(w, 'POST', `/api/articles/${gone.id}/texts/en`, { act: 'unpublish' });
  await made(w, 'PATCH', `/api/articles/${until.id}`, { expires_at: '2030-01-01T00:00:00Z' });
  const after = [`${open.key} 1 own`, `${inner.key} 1`, `${edited.key} 1`, `${gone.key} 1`, `${staffs.key} 3 own`, `${until.key} 1`];
  assert.equal(await readers(w), after.join(', '));

  // One of somebody who is not told who reads what.
  const theirs = await take(w.admin, members);
  assert.deepEqual(linesOf(theirs), [`older articles/${edited.key}/en/1.xhtml`, `unpublished articles/${gone.key}/en/1.xhtml`]);
  assert.equal(await readers(w), after.join(', '), 'a reader\'s');
  for (const [v, file] of [[other, members], [third, markdown]]) {
    await take(v.admin, file);
    assert.equal(await readers(v), [`${open.key} 3 own`, `${inner.key} 3`, `${edited.key} 3`, `${gone.key} 3`, `${until.key} 3`].join(', '), 'what is new is staff\'s');
  }

  // What was everybody's is not any more.
  await made(w, 'PATCH', `/api/sections/${open.id}`, { audience: { level: 'agents' } });
  const narrow = after.map((l) => l.replace(' 1', ' 3')).join(', ');
  assert.equal(await readers(w), narrow);
  const expected = [`older articles/${edited.key}/en/1.xhtml`, `opens articles/${until.key}/article.json`, 'opens sections.jsonl:2', `unpublished articles/${gone.key}/en/1.xhtml`];
  const tried = await take(w.admin, all, 'dry=1');
  assert.deepEqual([linesOf(tried), tried.told, tried.refused], [expected, 4, 0]);
  assert.deepEqual(linesOf(await take(w.admin, all)), expected);
  assert.equal(await readers(w), narrow, 'of all');
  assert.match(await live(w, edited.key), /<p>New<\/p> t$/);
  assert.match(await live(w, gone.key), / f$/);
  const some = await take(w.admin, part);
  assert.ok(linesOf(some).includes('opens sections.jsonl:2'), JSON.stringify(some.lines));
  assert.equal(await readers(w), narrow, 'of a part');
  await made(w, 'PATCH', `/api/sections/${open.id}`, { audience: { level: 'public' } });
  await made(w, 'PATCH', `/api/sections/${inner.id}`, { audience: { level: 'signed_in' } });
  await take(w.admin, part);
  assert.match(await readers(w), new RegExp(`${inner.key} 2 own`), 'what was narrowed itself stays so');
  await made(w, 'PATCH', `/api/sections/${open.id}`, { audience: { level: 'agents' } });

  // As it was, when that is what is wanted.
  const over = await take(w.admin, all, 'over=1');
  assert.deepEqual([over.over, over.told], [true, 7], JSON.stringify(over.lines));
  assert.equal(await readers(w), after.join(', '));
  assert.match(await live(w, edited.key), /<p>Old<\/p> t$/);
  assert.match(await live(w, gone.key), / t$/);
});

test('K7: a part of a knowledge base says who reads it, wherever that was said; two accounts of one name are nobody\'s', async () => {
  const [w, other] = await Promise.all([1, 2].map(() => makeWorld({ only: ['agent', 'admin'] })));
  const outer = await made(w, 'POST', '/api/sections', { names: { en: 'Outer' }, audience: { level: 'signed_in', accounts: [w.id.town] } });
  const inner = await made(w, 'POST', '/api/sections', { parent: outer.id, names: { en: 'Inner' } });
  const article = await made(w, 'POST', '/api/articles', { section: inner.id, language: 'en', title: 'One', body: 'x', format: 'markdown', publish: true });
  const part = (await get(w.agent.host, `/export/kb.bundle?section=${inner.key}`, { cookie: w.agent.cookie, headers: { 'X-Sportello': '1' } })).body;
  await take(other.admin, bundle({ 'sections.jsonl': section(outer.key, audience({ level: 'public' })) }));
  const here = () => psql('postgres', `select concat_ws(' ', u.level, u.told->'accounts', array_length(u.accounts, 1)) from app.sections s join app.audiences u on u.tenant_id = s.tenant_id and u.id = s.shown_to where s.tenant_id = ${other.tenant} and s.key = '${inner.key}'`);
  const name = await psql('postgres', `select name from app.accounts where tenant_id = ${w.tenant} and id = ${w.id.town}`);
  const another = () => psql('postgres', `insert into app.accounts (tenant_id, id, name) values (${other.tenant}, app.new_id(), '${name}')`);
  await another();
  await take(other.admin, part);
  assert.equal(await here(), '2 1', 'the one account of that name');
  await another();
  await take(other.admin, part);
  assert.equal(await here(), '2 1', 'what is here already stays');
  await psql('postgres', `delete from app.articles where tenant_id = ${other.tenant}; delete from app.sections where tenant_id = ${other.tenant} and key = '${inner.key}'`);
  await take(other.admin, part);
  assert.equal(await here(), `3 ["${name}"]`);
  assert.equal(await psql('postgres', `select count(*) from app.articles where tenant_id = ${other.tenant} and key = '${article.key}'`), '1');
});

// ---- what is wrong ---------------------------------------------------------------------------

test('K7: whatever is wrong is told of its file, and nothing is taken in', { timeout: 120_000 }, async () => {
  const w = await makeWorld({ only: ['agent', 'admin'] });
  const good = { 'sections.jsonl': section('aa'), ...text('x', '<p>One</p>'), ...about('x', { section: 'aa' }) };
  await take(w.admin, bundle(good));
  const before = await rows(w);
  const wrong = async (file, ...expected) => {
    const answer = await send(w.admin, file);
    problem(answer, 422, 'invalid');
    assert.deepEqual(answer.json.errors.map((e) => [e.field, e.code]), expected);
    assert.equal(await rows(w), before, JSON.stringify(expected));
  };
  const more = { ...text('n', '<p>New</p>'), ...about('n') };
  const last = (files, ...expected) => wrong(bundle({ ...more, ...files }), ...expected);
  const body = (html, ...expected) => last({ ...text('q', html), ...about('q') }, ...(expected.length ? expected : [['articles/q/en/1.xhtml', 'text']]));

  const tried = await take(w.admin, bundle({ ...more, ...text('q', '<p>x'), ...about('q', { position: -1 }), 'synonyms.jsonl': '{}' }), 'dry=1');
  assert.deepEqual([tried.refused, tried.lines.map((l) => [l.entry, l.code]), tried.counts.articles], [3,
    [['articles/q/en/1.xhtml', 'text'], ['articles/q/article.json', 'shape'], ['synonyms.jsonl:1', 'shape']], { ...ofNothing, new: 1, refused: 1 }]);
  assert.equal(await rows(w), before, 'a trial');

  // The ZIP itself, its sums, its manifest.
  await wrong(Buffer.from('no zip at all'), ['', 'not_zip']);
  await wrong(bundle(more).subarray(0, -30), ['', 'cut']);
  await wrong(bundle(more, { wrong: ['articles/n/en/1.xhtml'] }), ['articles/n/en/1.xhtml', 'sum']);
  await wrong(bundle(more, { wrong: ['articles/n/article.json'] }), ['articles/n/article.json', 'sum']);
  await wrong(bundle(more, { wrong: ['sums'] }), ['sums/00001.sha256', 'sum']);
  await wrong(bundle(more, { manifest: { version: 9 } }), ['manifest.json', 'version']);
  await wrong(bundle(more, { manifest: { format: 'other' } }), ['manifest.json', 'manifest']);
  await wrong(zip(Object.entries(more)), ['manifest.json', 'missing']);
  await wrong(bundle(more, { more: [['extra.txt', 'x']] }), ['extra.txt', 'strange']);
  await wrong(bundle({ ...more, '../../etc/passwd': 'x' }), ['../../etc/passwd', 'name']);
  const gone = { ...more };
  delete gone['articles/n/en/1.json'];
  await wrong(bundle(gone), ['articles/n/en/1.json', 'missing']);

  // Bombs: small files that say how large they are, and one that lies.
  const zeros = Buffer.alloc(24 << 20, '<b>');
  const packed = (bytes, size = bytes.length) => ({ packed: deflateRawSync(bytes, { level: 9 }), size, crc: crc32(bytes), plain: 'x' });
  await wrong(bundle({ ...more, 'articles/q/en/1.xhtml': packed(zeros), 'articles/q/en/1.json': '{"title": "Q"}' }), ['articles/q/en/1.xhtml', 'too_large']);
  await wrong(bundle({ ...more, 'files/f': { ...packed(zeros), size: 9e9 % 2 ** 32, plain: 'x' }, 'files/f.json': '{}' }), ['files/f', 'ratio']);
  await wrong(bundle({ ...more, ...text('q', '<p>x</p>'), ...about('q'), 'articles/q/en/1.xhtml': packed(zeros.subarray(0, 1 << 20), 100) }), ['articles/q/en/1.xhtml', 'broken']);

  // A file that is cut in its second half, when the first has been kept; names that are none.
  const random = randomBytes(3 << 20);
  await wrong(bundle({ ...more, 'files/f': { packed: deflateRawSync(random), size: random.length, crc: 1, plain: random }, 'files/f.json': '{"article": "n", "name": "a"}' }), ['files/f', 'sum']);
  const sums = Buffer.concat([Buffer.from(`${'0'.repeat(64)}  a`), Buffer.from([0xff, 0, 10])]);
  await wrong(zip([['sums/1.sha256', sums], ['manifest.json', JSON.stringify({ format: 'sportello-kb', version: 1, sums: [{ file: 'sums/1.sha256', sha256: createHash('sha256').update(sums).digest('hex') }] })]]),
    ['sums/1.sha256', 'manifest']);

  // Texts.
  await body('<p>&who;</p>');
  await body('<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p>');
  await body('<p>a<script>x</script></p>');
  await body(`<table><tbody><tr>${'<td>x</td>'.repeat(10_000)}</tr></tbody></table>`);
  await body('<p>a\u0001b</p>', ['articles/q/en/1.xhtml', 'controls']);
  await body(`${'<blockquote>'.repeat(5000)}<p>x</p>${'</blockquote>'.repeat(5000)}`);
  await body(`<p>${randomBytes(10 << 20).toString('hex')}</p>`, ['articles/q/en/1.xhtml', 'too_large']);

  // What names what: sections, texts, versions, files, targets.
  const tree = (lines, ...expected) => last({ 'sections.jsonl': lines }, ...expected);
  await tree(section('c', { parent: 'd' }) + section('d', { parent: 'c' }), ['sections.jsonl:1', 'circle'], ['sections.jsonl:2', 'circle']);
  await tree(section('c', { parent: 'nowhere' }) + section('d', { parent: 'c' }), ['sections.jsonl:1', 'parent']);
  await tree([...'bcdefghij'].map((k, i) => section(k, i ? { parent: 'abcdefghij'[i] } : {})).join(''), ['sections.jsonl:9', 'deep']);
  await tree(section('c') + section('c'), ['sections.jsonl:2', 'twice']);
  await tree('{"key": "c"\n[1]\n', ['sections.jsonl:1', 'json'], ['sections.jsonl:2', 'json']);
  await tree(section('c', { names: {} }) + section('d', { audience: 'all' }) + section('Ö') + section('root'), ...[1, 2].map((n) => [`sections.jsonl:${n}`, 'shape']), ...[3, 4].map((n) => [`sections.jsonl:${n}`, 'key']));
  await last(text('q', '<p>x</p>'), ['articles/q/en/1.xhtml', 'article']);
  await last(about('q'), ['articles/q/article.json', 'texts']);
  await last({ ...text('q', '<p>x</p>'), ...about('q', { section: 'nowhere' }) }, ['articles/q/article.json', 'section']);
  await last({ ...text('q', '<p>x</p>'), ...text('q', '<p>y</p>', { number: 2 }), ...about('q') }, ['articles/q/en/1.xhtml', 'versions']);
  await last({ ...text('q', '<p>x</p>', { title: '' }), ...about('q', { created: 'yesterday' }) }, ['articles/q/en/1.xhtml', 'shape'], ['articles/q/article.json', 'shape']);
  await last({ 'files/f': 'x', 'files/f.json': '{"article": "nobody", "name": "a"}' }, ['files/f', 'article']);
  await last({ 'files/f': '', 'files/f.json': '{"article": "n", "name": "a", "id": 1, "size": 5}' }, ['files/f', 'empty']);
  await last({ 'redirects.jsonl': '{"path": "/a", "article": "nobody"}\n{"path": "a", "article": "n"}\n{"path": "/b?c", "article": "n"}\n' }, ['redirects.jsonl:1', 'target'], ['redirects.jsonl:2', 'shape'], ['redirects.jsonl:3', 'shape']);
  await last({ 'synonyms.jsonl': '{"language": "en", "words": ["one"]}\n' }, ['synonyms.jsonl:1', 'shape']);
});

test('K7: who may not, what is too much, and what is no bundle', async () => {
  const file = bundle({ ...text('x', '<p>One</p>'), ...about('x') });
  problem(await send(from.agent, file), 403);
  problem(await send(from.member, file), 403);
  problem(await send(from.admin, Buffer.alloc(0)), 422);
  for (const said of ['dry=yes', 'dry=', 'over=on']) problem(await send(from.admin, file, said), 422);
  // Nobody else's is collected: told of its length, the worker is asked before any of it has come.
  for (const who of [from.member, from.agent]) {
    const raw = await rawRequest(`POST /api/kb/imports HTTP/1.1\r\nHost: ${who.host}:${port.http}\r\nOrigin: ${originOf(who.host, 'http')}\r\nConnection: close\r\nX-Sportello: 1\r\nCookie: ${who.plain}\r\nContent-Length: 1900000000\r\n\r\nPK`);
    assert.match(raw, /^HTTP\/1\.1 403 [^]*"code":"forbidden"/);
  }
  const answer = await send(from.admin, file, 'form=other');
  problem(answer, 422);
  assert.deepEqual(answer.json.errors.map((e) => [e.field, e.code]), [['form', 'choice']]);
  await psql('postgres', `insert into app.imports (tenant_id, person_id, dry) values (${from.tenant}, ${from.people.admin.id}, false)`);
  problem(await send(from.admin, file), 429, 'import-busy');
  await psql('postgres', `update app.imports set at = now() - interval '3 minutes' where tenant_id = ${from.tenant}`);
  assert.equal((await take(from.admin, file, 'dry=1')).refused, 0, 'one that broke off is no hindrance');
});

// ---- on the operator's command line ----------------------------------------------------------

test('K7: the operator takes one out and in by the command line: the same bytes, the same report', { timeout: 120_000 }, async () => {
  const w = await makeWorld({ only: ['agent', 'admin'] });
  const dir = mkdtempSync(join(tmpdir(), 'kb-'));
  chmodSync(dir, 0o755);   // it is the program's user who reads
  const kb = (...words) => new Promise((resolve) => execFile(`${root}/conf/instance`, ['sportello', realState, 'kb', ...words],
    { encoding: 'buffer', maxBuffer: 1 << 26 }, (error, out, said) => resolve({ status: error?.code ?? 0, out, said: said.toString() })));
  const slug = `t-${from.mark}`, file = join(dir, 'kb.zip');
  try {
    const out = await kb('export', '--tenant', slug);
    assert.equal(out.status, 0, out.said);
    assert.ok(out.out.equals(await bundleOf(from.agent)));
    writeFileSync(file, out.out);
    const sessions = () => psql('postgres', `select count(*) from app.sessions where tenant_id = ${w.tenant}`);
    const before = [await rows(w), await sessions()];
    const tried = await kb('import', '--tenant', `t-${w.mark}`, '--dry-run', file);
    assert.equal(tried.status, 0, tried.said);
    assert.match(tried.out.toString(), /^articles +4 new, 0 changed, 0 the same, 0 refused$/m);
    assert.deepEqual([await rows(w), await sessions()], before);
    const done = await kb('import', '--tenant', `t-${w.mark}`, '--as', w.people.admin.email, file);
    assert.match(done.out.toString(), /\ntaken in\n$/, done.said);
    assert.ok((await bundleOf(w.agent)).equals(out.out));
    writeFileSync(file, 'no bundle');
    const wrong = await kb('import', '--tenant', `t-${w.mark}`, file);
    assert.deepEqual([wrong.status, wrong.said], [1, 'sportello kb: invalid\n: not_zip\n']);
    for (const words of [['export'], ['import', '--tenant', slug], ['export', '--tenant', slug, '--format', 'pdf'], ['other']]) assert.equal((await kb(...words)).status, 2, words);
    assert.match((await kb('export', '--tenant', slug, '--as', 'nobody@x.example')).said, /no administrator/);
    assert.match((await kb('export', '--tenant', 'nobody-here')).said, /no tenant/);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
