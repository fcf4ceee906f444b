// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of routes.test.mjs about the knowledge base's pages. As routes_people.mjs; what
// routes_before.mjs made is there.
import assert from 'node:assert/strict';
import { bring } from '../lib/files.mjs';
import { psql } from '../lib/instance.mjs';

const open = '200 200 200 200 200 200 200 200 200 200 404 - 200';
const written = (status, write) => `401 403 403 403 403 403 ${status} ${status} 401 401 404 ${write ? 403 : '-'} 403`;
const leads = open.replaceAll('200', '303'), moved = open.replaceAll('200', '301');
export const expected = {
  'GET /kb': leads, 'GET /kb/:key': moved, 'GET /kb/a/:key': moved,
  'GET /:lang/kb': open, 'GET /:lang/search': open, 'GET /:lang/search/:key': leads, 'GET /:lang/kb/feed': open, 'GET /:lang/kb/s/:address': open, 'GET /:lang/kb/:address': open, 'POST /:lang/kb/:address': leads.replace('-', '403'),
  'GET /kb/f/:key': open, 'GET /api/articles/:id/files': written(200), 'POST /api/articles/:id/files': written(201, true), 'DELETE /api/articles/:id/files/:key': written(204, true),
  'GET /agent/kb/import': '303 403 403 403 403 403 403 200 303 303 404 - 403',
  'GET /api/kb/imports': '401 403 403 403 403 403 403 204 401 401 401 403 403',
  'POST /api/kb/imports': '401 403 403 403 403 403 403 200 401 401 401 403 403',
  'GET /sitemap.xml': open, 'GET /sitemap/:after': open, 'GET /robots.txt': open.replace('404', '200'),
};

export const prepare = (w) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
  insert into app.sections (tenant_id, id, key, parent_id, names, audience_id, shown_to, path)
    values (${w.tenant}, 12, 'kitchen', 1, '{"en": "Kitchen"}', 1, 1, '{1,12}');
  insert into app.files (tenant_id, id, owner_id, article_id, key, name, type, size, received, sha256, state, width, height)
    values (${w.tenant}, 12, ${w.people.admin.id}, 11, 'flame', 'flame.png', 'image/png', 5, 5, sha256('flame'), 3, 4, 3);
  insert into app.file_chunks (tenant_id, file_id, seq, data) values (${w.tenant}, 12, 0, 'flame'); commit`);
let n = 0;
// One that the text shows no more.
const more = async (w) => {
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    insert into app.files (tenant_id, id, owner_id, article_id, key, name, type, size, received, sha256, state)
      values (${w.tenant}, ${20 + ++n}, ${w.people.admin.id}, 11, 'more${n}', 'x', 'text/plain', 5, 5, sha256('x'), 3); commit`);
  return { id: 11 };
};

export const inPath = (path) => path.replace('/kb/f/:key', '/kb/f/flame').replace('/files/:key', () => `/files/more${n}`).replace('/kb/:key', '/kb/11').replace('/kb/a/:key', '/kb/a/oven').replace('/search/:key', '/search/oven').replace(':lang', 'en')
  .replace('/kb/s/:address', '/kb/s/kitchen-kitchen').replace(':address', 'oven-oven').replace(':after', '-.xml');

export const made = {
  'POST /api/kb/imports': () => ({ query: '?dry=1', body: Buffer.from('no bundle'), headers: { 'Content-Type': 'application/zip' } }),
  'GET /:lang/search': () => ({ query: '?q=ove' }), 'GET /:lang/search/:key': () => ({ query: '?q=ove' }),
  'GET /api/articles/:id/files': () => ({ id: 11 }), 'DELETE /api/articles/:id/files/:key': more,
  'POST /api/articles/:id/files': async (w, host, session) => ({ id: 11, json: { file: session ? await bring(session, 'a.txt', Buffer.from('valve')).catch(() => 1) : 1 } }),
  'POST /:lang/kb/:address': () => ({ form: { helpful: 'no', comment: 'Why not' } }) };
const at = (where) => (a) => assert.ok(a.headers.location.endsWith(where), a.headers.location);
const page = (...words) => (a) => {
  for (const word of words) assert.ok(a.text.includes(word), `no ${word} in ${a.text.slice(0, 500)}`);
};
export const found = (w) => ({
  'GET /kb': at('/en/kb'), 'GET /kb/:key': at('/en/kb/oven-oven'), 'GET /kb/a/:key': at('/en/kb/oven-oven'),
  'GET /:lang/kb': (a) => page('<h1>Knowledge base</h1>', `Oven ${w().mark}`)(a),
  'GET /:lang/search': (a) => page('<mark>Oven</mark>', `${w().mark}</a>`, '/en/search/oven?q=ove')(a), 'GET /:lang/search/:key': at('/en/kb/oven-oven'),
  'GET /:lang/kb/feed': (a) => page('<feed', `<title>Oven ${w().mark}</title>`)(a),
  'GET /:lang/kb/s/:address': (a) => page(`<h1 dir="auto">Kitchen</h1>`)(a),
  'GET /:lang/kb/:address': (a) => page('<p>Help</p>', `>Oven ${w().mark}</h1>`)(a),
  'POST /:lang/kb/:address': at('/en/kb/oven-oven?thanks=1#kb_helpful'),
  'GET /kb/f/:key': (a) => assert.deepEqual([a.text, a.headers['content-type'], a.headers['x-content-type-options']], ['flame', 'image/png', 'nosniff']),
  'GET /api/articles/:id/files': (a) => assert.equal(a.json.files.find((f) => f.key === 'flame').width, 4),
  'POST /api/articles/:id/files': (a) => assert.match(a.json.url, /^\/kb\/f\/[a-z0-9]{10}$/),
  'DELETE /api/articles/:id/files/:key': (a) => assert.equal(a.text, ''),
  'GET /agent/kb/import': (a) => page('"most":')(a),
  'GET /api/kb/imports': (a) => assert.equal(a.text, ''),
  'POST /api/kb/imports': (a) => assert.deepEqual([a.json.done, a.json.lines], [false, [{ code: 'not_zip', entry: '', refused: true }]]),
  'GET /sitemap.xml': page('<urlset', '/en/kb/oven-oven</loc>'), 'GET /sitemap/:after': page('<urlset', '/en/kb/oven-oven</loc>'),
  'GET /robots.txt': page('Disallow: /api/', '/sitemap.xml\n'),
});
