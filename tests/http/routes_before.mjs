// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about what stands before a new ticket. As routes_people.mjs.
import assert from 'node:assert/strict';
import { psql } from '../lib/instance.mjs';

//                      out mem main part pupil vill agent admin alien stray lost forged chief
const reads = '401 200 200 200 200 200 200 200 401 401 404 - 200';
const written = (status, write) => `401 403 403 403 403 403 ${status} ${status} 401 401 404 ${write ? 403 : '-'} 403`;
export const expected = {
  ...Object.fromEntries(['jsonl', 'bundle', 'markdown.zip', 'html', 'html.zip', 'epub', 'docbook'].map((f) => [`GET /export/kb.${f}`, '200 200 200 200 200 200 200 200 200 200 404 - 200'])),
  'GET /api/kb/search': '200 200 200 200 200 200 200 200 200 200 404 - 200', 'GET /api/kb/suggest': '200 200 200 200 200 200 200 200 200 200 404 - 200',
  'GET /api/before': reads, 'GET /api/before/found': reads,
  'POST /api/articles/:id/solved': '401 201 201 201 201 201 201 201 401 401 404 403 201',
  'GET /agent/before': '303 403 403 403 403 403 200 200 303 303 404 - 403',
  'GET /api/signposts': written(200), 'POST /api/signposts': written(201, true), 'PATCH /api/signposts/:id': written(200, true), 'DELETE /api/signposts/:id': written(200, true),
  'GET /api/articles/:id': written(200), 'POST /api/articles': written(201, true), 'PATCH /api/articles/:id': written(200, true),
  'POST /api/articles/:id/vote': '401 201 201 201 201 201 201 201 401 401 404 403 201', 'GET /api/articles/:id/votes': written(200),
  'GET /agent/kb': '303 403 403 403 403 403 200 200 303 303 404 - 403', 'GET /agent/kb/:id': '303 403 403 403 403 403 200 200 303 303 404 - 403', 'GET /agent/kb/searches': '303 403 403 403 403 403 200 200 303 303 404 - 403', 'GET /agent/kb/links': '303 403 403 403 403 403 200 200 303 303 404 - 403', 'GET /api/kb/links': written(200), 'GET /agent/kb/export': '303 403 403 403 403 403 200 200 303 303 404 - 403', 'GET /api/kb/size': written(200),
  'GET /api/kb': written(200), 'PATCH /api/kb': written(200, true), 'GET /api/kb/as': written(200), 'GET /api/kb/accounts': written(200), 'GET /api/articles': written(200),
  'GET /api/kb/searches': written(200), 'GET /api/synonyms': written(200), 'POST /api/synonyms': written(201, true), 'PATCH /api/synonyms/:id': written(200, true), 'DELETE /api/synonyms/:id': written(200, true),
  'POST /api/sections': written(201, true), 'PATCH /api/sections/:id': written(200, true), 'DELETE /api/sections/:id': written(200, true),
  'DELETE /api/articles/:id': written(200, true), 'GET /api/articles/:id/history': written(200), 'GET /api/articles/:id/versions/:version': written(200),
  'POST /api/articles/:id/restore': written(201, true),
  'GET /api/articles/:id/texts/:language': written(200), 'PATCH /api/articles/:id/texts/:language': written(200, true), 'POST /api/articles/:id/texts/:language': written(201, true),
};

/* Each of them has a language of its own to write in. */
export const inPath = (row, path) => path.replace(':version', 1).replace(':language', { GET: 'en', PATCH: 'fr', POST: 'sv' }[row.method]);
export const article = 11;
export const prepare = (w) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
  insert into app.signposts (tenant_id, id, kind, titles) values (${w.tenant}, 11, 'first_aid', '{"en": "Slow ${w.mark}"}');
  insert into app.synonyms (tenant_id, id, language, position, word, root) values (${w.tenant}, 11, 'en', 0, 'oven', 'oven'), (${w.tenant}, 11, 'en', 1, 'stove', 'stove');
  insert into app.kb_searches (tenant_id, language, q, hits) values (${w.tenant}, 'en', 'kiln ${w.mark}', 0);
  insert into app.knowledge (tenant_id, change) values (${w.tenant}, 1);
  insert into app.audiences (tenant_id, id, level) values (${w.tenant}, 1, 1), (${w.tenant}, 2, 2);
  insert into app.sections (tenant_id, id, key, audience_id, shown_to, path) values (${w.tenant}, 1, 'root', 2, 2, '{1}');
  insert into app.articles (tenant_id, id, key, section_id, audience_id, language, is_live) values (${w.tenant}, 11, 'oven', 1, 1, 'en', true);
  insert into app.article_versions (tenant_id, article_id, language, number, title, html, from_change) values (${w.tenant}, 11, 'en', 1, 'Oven ${w.mark}', '<p>Help</p>', 1);
  insert into app.article_texts (tenant_id, article_id, language, number, title, slug, about, toc, minutes, words) values
    (${w.tenant}, 11, 'en', 1, 'Oven ${w.mark}', 'oven', 'Help', '[]', 1, ' oven help '); commit`);

const titles = { en: 'X' };
const send = (json) => () => ({ json, id: 11 });
let more = 100;
const rows = async (w, sql) => {
  const id = more++;
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false); ${sql(id)}; commit`);
  return { id };
};
const section = (w) => rows(w, (id) => `insert into app.sections (tenant_id, id, key, parent_id, names, shown_to, path) values (${w.tenant}, ${id}, 'k${id}', 1, '{"en": "x"}', 2, '{1,${id}}')`);
const unread = (w) => rows(w, (id) => `insert into app.articles (tenant_id, id, key, section_id, language) values (${w.tenant}, ${id}, 'k${id}', 1, 'en')`);
const restored = async (w) => {
  await psql('postgres', `delete from app.article_drafts where tenant_id = ${w.tenant} and language = 'en' and article_id = 11`);
  return { id: 11, json: { language: 'en', version: 1 } };
};
const draft = async (w) => {
  await psql('postgres', `delete from app.article_drafts where tenant_id = ${w.tenant} and language = 'fr'`);
  return { json: { title: 'Four', body: '<p>x<script>y</script></p>', format: 'html' }, id: 11 };
};
const drafted = async (w) => {
  await psql('postgres', `insert into app.article_drafts (tenant_id, article_id, language, title, html) values (${w.tenant}, 11, 'sv', 'Ugn', '<p>x</p>') on conflict do nothing`);
  return { json: { act: 'publish' }, id: 11 };
};
const another = async (w) => {
  const id = more++;
  await psql('postgres', `insert into app.signposts (tenant_id, id, kind, titles) values (${w.tenant}, ${id}, 'first_aid', '{"en": "x"}')`);
  return { id };
};
const synonym = (w) => rows(w, (id) => `insert into app.synonyms (tenant_id, id, language, position, word, root) values (${w.tenant}, ${id}, 'en', 0, 'x', 'x'), (${w.tenant}, ${id}, 'en', 1, 'y', 'y')`);
export const made = {
  'GET /agent/kb/:id': () => ({ id: 11 }), 'GET /api/articles/:id': () => ({ id: 11 }), 'DELETE /api/signposts/:id': another,
  'GET /api/kb/search': () => ({ query: '?q=oven' }), 'GET /api/kb/suggest': () => ({ query: '?q=ove' }),
  'POST /api/synonyms': send({ language: 'en', words: ['oven', 'cooker'] }), 'PATCH /api/synonyms/:id': send({ words: ['oven', 'stove', 'range'] }), 'DELETE /api/synonyms/:id': synonym,
  'GET /api/before/found': () => ({ query: '?q=oven' }),
  'POST /api/articles/:id/solved': send({}),
  'POST /api/signposts': send({ kind: 'first_aid', titles }), 'PATCH /api/signposts/:id': send({ titles }),
  'POST /api/articles': send({ language: 'en', title: 'Another', body: '**x**', audience: { level: 'public' }, publish: true }),
  'POST /api/articles/:id/vote': send({ helpful: true, comment: 'Good' }), 'GET /api/articles/:id/votes': () => ({ id: 11 }),
  'PATCH /api/kb': send({ audience: { level: 'signed_in' } }), 'GET /api/kb/as': (w) => ({ query: `?portal=${w.portal.school}&role=member&section=1&article=11` }), 'GET /api/kb/accounts': () => ({ query: '?q=a' }),
  'POST /api/sections': send({ names: { en: 'Ovens' }, audience: { level: 'public' } }),
  'PATCH /api/sections/:id': async (w) => ({ ...await section(w), json: { names: { en: 'Stoves' } } }), 'DELETE /api/sections/:id': section,
  'DELETE /api/articles/:id': unread, 'POST /api/articles/:id/restore': restored,
  'GET /api/articles/:id/history': () => ({ id: 11, query: '?language=en' }), 'GET /api/articles/:id/versions/:version': () => ({ id: 11, query: '?language=en' }),
  'PATCH /api/articles/:id': send({ review_by: '2027-01-01' }),
  'GET /api/articles/:id/texts/:language': () => ({ id: 11 }),
  'PATCH /api/articles/:id/texts/:language': draft,
  'POST /api/articles/:id/texts/:language': drafted,
};
export const found = {
  'GET /export/kb.jsonl': (a) => assert.match(a.text, /"kind" : "knowledge"[^]*<p>Help<\/p>[^]*"kind" : "end"/),
  ...Object.fromEntries(['html', 'docbook'].map((f) => [`GET /export/kb.${f}`, (a) => assert.match(a.text, /Help/)])),
  ...Object.fromEntries(['html.zip', 'epub'].map((f) => [`GET /export/kb.${f}`, (a) => assert.equal(a.body.subarray(0, 2).toString(), 'PK')])),
  'GET /export/kb.bundle': (a) => assert.equal(a.body.subarray(0, 2).toString(), 'PK'), 'GET /export/kb.markdown.zip': (a) => assert.equal(a.body.subarray(0, 2).toString(), 'PK'),
  'GET /api/kb/search': (a) => assert.ok(a.json.hits.some((h) => h.id === article && h.title[0][1])),
  'GET /api/kb/suggest': (a) => assert.ok(a.json.suggestions.some((s) => s.key === 'oven')),
  'GET /api/kb/searches': (a) => assert.ok(a.json.without_result.length),
  'GET /api/synonyms': (a) => assert.ok(a.json.groups.some((g) => g.id === 11)),
  'POST /api/synonyms': (a) => assert.ok(a.json.groups.some((g) => g.words[1] === 'cooker')),
  'PATCH /api/synonyms/:id': (a) => assert.equal(a.json.groups.find((g) => g.id === 11).words.length, 3),
  'DELETE /api/synonyms/:id': (a) => assert.ok(a.json.groups.length),
  'GET /api/before': (a) => assert.ok(Array.isArray(a.json.signposts) && Array.isArray(a.json.incidents)),
  'GET /api/before/found': (a) => assert.ok(a.json.articles.some((x) => x.id === article)),
  'POST /api/articles/:id/solved': (a) => assert.equal(a.json.id, article),
  'GET /agent/before': (a) => assert.match(a.text, /"signposts":\[/),
  'GET /api/signposts': (a) => assert.ok(a.json.articles.length),
  'POST /api/signposts': (a) => assert.ok(a.json.signposts.some((s) => s.kind === 'first_aid')),
  'PATCH /api/signposts/:id': (a) => assert.deepEqual(a.json.signposts.find((s) => s.id === 11).titles, titles),
  'DELETE /api/signposts/:id': (a) => assert.equal(a.json.signposts.some((s) => s.id === more - 1), false),
  'GET /api/articles/:id': (a) => assert.match(a.json.texts.en.live.title, /^Oven/),
  'POST /api/articles': (a) => assert.equal(a.json.texts.en.live.version, 1),
  'PATCH /api/articles/:id': (a) => assert.equal(a.json.review_by, '2027-01-01'),
  'POST /api/articles/:id/vote': (a) => assert.deepEqual(a.json, { helpful: true }),
  'GET /api/articles/:id/votes': (a) => assert.equal(typeof a.json.helpful, 'number'),
  'GET /agent/kb': (a) => assert.match(a.text, /"sections":\[/), 'GET /agent/kb/:id': (a) => assert.match(a.text, /"shown_to":/), 'GET /agent/kb/links': (a) => assert.match(a.text, /"troubles"/), 'GET /agent/kb/export': (a) => assert.match(a.text, /"sections":\[/), 'GET /api/kb/size': (a) => assert.ok(a.json.articles && a.json.bytes),
  'GET /api/kb/links': (a) => assert.ok(Array.isArray(a.json.links)),
  'GET /agent/kb/searches': (a) => assert.match(a.text, /"without_result"/),
  'GET /api/kb': (a) => assert.ok(a.json.audiences[a.json.audience] && a.json.portals.length && a.json.languages.length),
  'GET /api/kb/accounts': (a) => assert.ok(Array.isArray(a.json.accounts)),
  'PATCH /api/kb': (a) => assert.equal(a.json.audiences[a.json.audience].level, 'signed_in'),
  'GET /api/kb/as': (a) => assert.deepEqual([a.json.reads, a.json.articles.includes(article)], [true, true]),
  'GET /api/articles': (a) => assert.ok(a.json.articles.some((x) => x.id === article && x.texts.en.live === 1)),
  'POST /api/sections': (a) => assert.equal(a.json.shown_to.level, 'public'),
  'PATCH /api/sections/:id': (a) => assert.equal(a.json.names.en, 'Stoves'),
  'DELETE /api/sections/:id': (a) => assert.deepEqual(a.json, {}),
  'DELETE /api/articles/:id': (a) => assert.deepEqual(a.json, {}),
  'GET /api/articles/:id/history': (a) => assert.equal(a.json.versions[0].version, 1),
  'GET /api/articles/:id/versions/:version': (a) => assert.equal(a.json.html, '<p>Help</p>'),
  'POST /api/articles/:id/restore': (a) => assert.match(a.json.texts.en.draft.title, /^Oven/),
  'GET /api/articles/:id/texts/:language': (a) => assert.equal(a.json.live.body.trim(), 'Help'),
  'PATCH /api/articles/:id/texts/:language': (a) => assert.equal(a.json.texts.fr.draft.title, 'Four'),
  'POST /api/articles/:id/texts/:language': (a) => assert.equal(a.json.texts.sv.live.title, 'Ugn'),
};
