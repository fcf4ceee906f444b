// SPDX-License-Identifier: AGPL-3.0-or-later
//
// K7: the knowledge base handed out whole: to each what they may read, the same bytes by any
// worker, taken up again where it broke off, as it was at a change.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { invalid } from '../lib/html.mjs';
import { problem } from '../lib/http.mjs';
import { port, psql, until, workers } from '../lib/instance.mjs';
import { api, get, makeWorld } from './world.mjs';

let w, dir;
const made = {};
const sent = async (method, path, body, status = method === 'POST' ? 201 : 200) => {
  const answer = await api(w.agent, method, path, body);
  assert.equal(answer.status, status, answer.text);
  return answer.json;
};
const make = async (name, section, title, body, more = {}) => {
  made[name] = await sent('POST', '/api/articles', { section, language: 'en', title, body, format: 'html', publish: true, ...more });
  return made[name];
};
before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'exports-'));
  w = await makeWorld({ only: ['member', 'villager', 'agent'] });
  const open = await sent('POST', '/api/sections', { names: { en: 'Ovens & kilns', sv: 'Ugnar' }, audience: { level: 'public' } });
  const inner = await sent('POST', '/api/sections', { parent: open.id, names: { en: 'Doors' } });
  const staff = await sent('POST', '/api/sections', { names: { en: 'Staff' }, audience: { level: 'agents' } });
  const town = await sent('POST', '/api/sections', { names: { en: 'Town' }, audience: { level: 'signed_in', accounts: [w.id.town] } });
  Object.assign(made, { open, inner, staffs: staff, part: town });
  await make('first', open.id, 'First *steps*', '<h2>One</h2><p>Öppna <em>it</em> & wait.</p>', { keywords: ['kiln', 'heat'] });
  await make('second', inner.id, 'The door', `<p>See <a href="/kb/a/${made.first.key}#one">there</a>, <a href="/kb">here</a>.</p><table><tr><td>1</td><td>2</td></tr></table>`);
  await make('secret', staff.id, 'Only staff', `<p>Key of ${w.mark}</p><p><a href="/kb/a/${made.second.key}">x</a></p>`);
  await make('towns', town.id, 'Town only', `<p>For Town, and <a href="/kb/a/${made.secret.key}">not for it</a></p>`);
  await make('opened', staff.id, 'Opened below', '<p>For all</p>', { audience: { level: 'public' } });
  await sent('PATCH', `/api/articles/${made.first.id}/texts/sv`, { title: 'Början', body: '<p>Öppna den</p>', format: 'html', publish: true });
  await sent('PATCH', `/api/articles/${made.first.id}/texts/en`, { title: 'First *steps*', body: '<h2 id="one">One</h2><p>Second thoughts</p>', format: 'html', publish: true });
});
after(() => rmSync(dir, { recursive: true, force: true }));

const visitor = () => ({ host: w.member.host });
const fetchIt = (who, name, query = '', headers = {}) => get(who.host, `/export/kb.${name}${query && `?${query}`}`, { cookie: who.cookie, headers: { 'X-Sportello': '1', ...headers } });
const whole = async (...args) => {
  const answer = await fetchIt(...args);
  assert.equal(answer.status, 200, answer.text.slice(0, 500));
  assert.ok(answer.complete);
  return answer;
};
const lines = (answer) => answer.text.trimEnd().split('\n').map((l) => JSON.parse(l));
const titles = (answer) => lines(answer).filter((l) => l.kind === 'article').map((l) => l.title).sort();
const shell = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', cwd: dir, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
const unzip = (answer, name) => {
  writeFileSync(join(dir, `${name}.zip`), answer.body);
  shell('unzip', '-qod', name, `${name}.zip`);
  return shell('unzip', '-Z1', `${name}.zip`).trimEnd().split('\n');
};

test('K7: each gets what they may read, in lines and archives', async () => {
  const expected = new Map([
    [visitor(), ['Början', 'First *steps*', 'Opened below', 'The door']],
    [w.villager, ['Början', 'First *steps*', 'Opened below', 'The door']],
    [w.member, ['Början', 'First *steps*', 'Opened below', 'The door', 'Town only']],
    [w.agent, ['Början', 'First *steps*', 'Only staff', 'Opened below', 'The door', 'Town only']],
  ]);
  for (const [who, found] of expected) {
    const answer = await whole(who, 'jsonl');
    assert.deepEqual(titles(answer), found);
    for (const name of ['bundle', 'markdown.zip', 'html.zip', 'epub']) {
      const archive = await whole(who, name);
      const list = unzip(archive, 'seen');
      for (const key of ['first', 'second', 'secret', 'towns', 'opened']) {
        assert.equal(list.some((n) => n.includes(made[key].key)), found.includes({ first: 'Början', second: 'The door', secret: 'Only staff', towns: 'Town only', opened: 'Opened below' }[key]), `${name}: ${key}`);
      }
      const text = shell('bash', '-c', 'cat seen/* seen/*/* seen/articles/*/*/* 2>/dev/null; rm -rf seen') + answer.text;
      for (const one of ['html', 'docbook']) {
        const { text: file } = await whole(who, one);
        for (const t of ['Början', 'Only staff', 'Opened below', 'The door', 'Town only']) assert.equal(file.includes(t), found.includes(t), `${one}: ${t}`);
      }
      if (who !== w.agent) for (const word of [made.secret.title ?? 'Only staff', 'Staff', `Key of ${w.mark}`, made.secret.key, 'audience']) assert.ok(!text.includes(word) || word === made.secret.key, `${word} in ${name}`);
    }
  }
  problem(await fetchIt({ host: 'nowhere.localhost' }, 'jsonl'), 404);
});

test('K7: chosen by section, article, language and portal; what is not there or wrong is said', async () => {
  const some = async (query, who = w.agent) => titles(await whole(who, 'jsonl', query));
  assert.deepEqual(await some(`section=${made.inner.key}`), ['The door']);
  assert.deepEqual(await some(`section=${made.open.key}`), ['Början', 'First *steps*', 'The door']);
  assert.deepEqual(await some(`article=${made.secret.key}`), ['Only staff']);
  assert.deepEqual(await some('language=sv'), ['Början']);
  assert.deepEqual(await some(`portal=${w.portal.town}`), ['Början', 'First *steps*', 'Opened below', 'The door', 'Town only']);
  assert.deepEqual(await some(`portal=${w.portal.village}`), ['Början', 'First *steps*', 'Opened below', 'The door']);
  const refused = async (query, field, code, who = w.member, name = 'jsonl') => {
    const answer = await fetchIt(who, name, query);
    problem(answer, 422);
    assert.deepEqual(answer.json.errors.map((e) => [e.field, e.code]), [[field, code]], query);
  };
  await refused(`section=${made.staffs.key}`, 'section', 'unknown');
  await refused('section=nosuch', 'section', 'unknown');
  await refused(`article=${made.secret.key}`, 'article', 'unknown');
  await refused(`portal=${w.portal.village}`, 'portal', 'unknown');
  await refused('as_of=99999999', 'as_of', 'unknown');
  await refused('since=99999999', 'since', 'unknown');
  await refused('since=x', 'since', 'type');
  await refused('after=x', 'after', 'type');
  await refused('after=s.nosuch', 'after', 'unknown');
  await refused('since=1', 'since', 'only_lines', w.member, 'bundle');
});

test('K7: JSON lines go on from any of them, and from a change', async () => {
  const all = await whole(w.agent, 'jsonl');
  const parts = all.text.trimEnd().split('\n');
  const list = lines(all);
  assert.deepEqual([list[0].kind, list.at(-1).kind, String(list[0].as_of)], ['knowledge', 'end', all.headers['sportello-as-of']]);
  for (const [i, line] of list.entries()) {
    if (!line.cursor) continue;
    const rest = await whole(w.agent, 'jsonl', `after=${line.cursor}&as_of=${list[0].as_of}`);
    assert.equal(rest.text, parts.slice(i + 1).join('\n') + '\n', line.cursor);
  }
  const article = list.find((l) => l.key === made.first.key && l.language === 'en');
  assert.deepEqual([article.languages, article.first_language, article.section, article.keywords, article.version, article.html],
    [['en', 'sv'], 'en', made.open.key, [], 2, '<h2 id="one">One</h2><p>Second thoughts</p>']);
  const { since } = list.at(-1);
  const nothing = lines(await whole(w.agent, 'jsonl', `since=${since}`));
  assert.deepEqual(nothing.map((l) => l.kind), ['knowledge', 'end']);
  const passing = await make('passing', made.open.id, 'Passing', '<p>x</p>');
  await sent('PATCH', `/api/articles/${made.second.id}/texts/en`, { title: 'The door', body: '<p>Closed</p>', format: 'html', publish: true });
  const more = lines(await whole(w.member, 'jsonl', `since=${since}`));
  assert.deepEqual(more.slice(1, -1).map((l) => l.title).sort(), ['Passing', 'The door']);
  const before = lines(await whole(w.agent, 'jsonl', `as_of=${since}`));
  assert.deepEqual(before, list, 'as it was');
  await sent('POST', `/api/articles/${passing.id}/texts/en`, { act: 'unpublish' });
  const gone = lines(await whole(w.member, 'jsonl', `since=${more.at(-1).since}`));
  assert.deepEqual(gone.slice(1, -1), [{ kind: 'gone', cursor: `g.${passing.key}`, key: passing.key }]);
  await psql('postgres', `update app.article_versions set until_at = now() - interval '25 hours' where tenant_id = ${w.tenant} and until_at is not null`);
  const old = await fetchIt(w.agent, 'jsonl', `as_of=${since}`);
  assert.deepEqual(old.json.errors.map((e) => [e.field, e.code]), [['as_of', 'over']]);
});

test('K7: the same bytes by whichever worker; known by a tag; any part of an archive', async () => {
  for (const name of ['jsonl', 'bundle', 'markdown.zip', 'html', 'epub', 'docbook']) {
    const [a, ...others] = await Promise.all([1, 2].map(() => whole(w.agent, name)));
    for (let i = 0; i < 2; i++) others.push(await whole(w.agent, name));
    for (const b of others) assert.ok(a.body.equals(b.body), name);
    assert.match(a.headers.etag, /^"[0-9a-f]{32}"$/);
    assert.equal((await fetchIt(w.agent, name, '', { 'If-None-Match': a.headers.etag })).status, 304);
    assert.notEqual((await whole(w.member, name)).headers.etag, a.headers.etag);
    if (name === 'jsonl') continue;
    for (const [first, last] of [[0, 9], [100, 1000], [a.body.length - 30, a.body.length - 1]]) {
      const part = await fetchIt(w.agent, name, '', { Range: `bytes=${first}-${last}`, 'If-Range': a.headers.etag });
      assert.equal(part.status, 206);
      assert.equal(part.headers['content-range'], `bytes ${first}-${last}/${a.body.length}`);
      assert.ok(part.body.equals(a.body.subarray(first, last + 1)));
    }
    assert.equal((await fetchIt(w.agent, name, '', { Range: 'bytes=0-9', 'If-Range': '"other"' })).status, 200);
    problem(await fetchIt(w.agent, name, '', { Range: `bytes=${a.body.length}-` }), 416);
  }
});

test('K7: a bundle says what is in it, with sums, and what was before', async () => {
  const list = unzip(await whole(w.agent, 'bundle'), 'bundle');
  const cat = (name) => shell('cat', `bundle/${name}`);
  const json = (name) => JSON.parse(cat(name));
  assert.equal(list.at(-1), 'manifest.json');
  shell('bash', '-c', 'cd bundle && sha256sum --status -c sums/*');
  const manifest = json('manifest.json');
  assert.deepEqual([manifest.format, manifest.version, manifest.articles, manifest.texts, manifest.sections], ['sportello-kb', 1, 5, 8, 4]);
  for (const { file, sha256 } of manifest.sums) assert.equal(shell('sha256sum', `bundle/${file}`).slice(0, 64), sha256);
  assert.equal(list.length, 1 + 5 + 2 * 8 + 2 + manifest.sums.length + 1);
  assert.deepEqual([manifest.files, manifest.redirects, manifest.synonyms], [0, 0, 0]);
  const sections = cat('sections.jsonl').trimEnd().split('\n').map((l) => JSON.parse(l));
  assert.deepEqual(sections[0], { root: true, audience: { level: 'signed_in' } });
  assert.deepEqual(sections.find((s) => s.key === made.part.key).audience, { level: 'signed_in', accounts: [`Town ${w.mark}`] });
  assert.equal(sections.find((s) => s.key === made.inner.key).parent, made.open.key);
  assert.match(cat(`articles/${made.first.key}/en/1.xhtml`), /Öppna <em>it/);
  assert.equal(json(`articles/${made.first.key}/en/2.json`).until, undefined);
  assert.match(json(`articles/${made.first.key}/en/1.json`).until, /Z$/);
  assert.deepEqual(json(`articles/${made.opened.key}/article.json`).audience, { level: 'public' });
  const theirs = unzip(await whole(w.member, 'bundle'), 'theirs');
  assert.ok(!theirs.some((n) => n.includes('/en/1.') && n.includes(made.first.key)), 'what was before is for who writes');
});

test('K7: Markdown has a list, and links between its files', async () => {
  unzip(await whole(w.member, 'markdown.zip'), 'markdown');
  const readme = shell('cat', 'markdown/README.md');
  assert.match(readme, new RegExp(`## Ovens \\\\& kilns\\n\\n- \\[First \\\\\\*steps\\\\\\*\\]\\(en/${made.first.key}\\.md\\) \\(en\\)\\n- \\[Början\\]\\(sv/${made.first.key}\\.md\\)`));
  assert.match(readme, /## Ovens \\& kilns \/ Doors\n/);
  const towns = shell('cat', `markdown/en/${made.towns.key}.md`);
  assert.match(towns, /^---\ntitle: "Town only"\nkey: /);
  assert.match(towns, new RegExp(`\\[not for it\\]\\(https://${w.member.host}:\\d+/kb/a/${made.secret.key}\\)`));
});

test('K7: books and pages are valid, in languages of either direction', { timeout: 120_000 }, async () => {
  const body = `<h2>A</h2><p>x <em>y</em> <code>z</code> <sub>1</sub><kbd>K</kbd></p><h4>B</h4><ul><li>1<ol><li>2</li></ol></li></ul><pre><code class="language-c">a &lt; b</code></pre>
    <aside class="warning"><p>Hot</p></aside><table><caption>T</caption><tr><th>1</th><th>2</th></tr><tr><td colspan="2">3</td></tr></table><figure><img src="/picture/x.png" alt="A picture" width="9" height="9"><figcaption>L</figcaption></figure>
    <dl><dt>t</dt><dd>d</dd></dl><blockquote><p>q</p></blockquote><p><a href="/kb/a/${made.first.key}#nowhere">f</a> <a href="#a">up</a> <a href="mailto:a@b.example">m</a> <a href="/x?y=1&amp;z">o</a></p>`;
  await make('parts', made.inner.id, 'Parts & <pieces>', body);
  for (const [language, title] of [['ja', '窯の扉'], ['ar', 'باب الفرن']]) {
    await sent('PATCH', `/api/articles/${made.parts.id}/texts/${language}`, { title, body, format: 'html', publish: true });
  }
  const save = async (who, name, file, query) => writeFileSync(join(dir, file), (await whole(who, name, query)).body);
  await save(w.agent, 'epub', 'all.epub');
  await save(w.agent, 'epub', 'ar.epub', 'language=ar');
  await save(visitor(), 'epub', 'none.epub', 'language=xx');
  // The demo's, with a picture, tables and call-outs in all languages.
  for (const name of ['sjoangen', 'minato']) await save({ host: `${name}.localhost` }, 'epub', `${name}.epub`);
  await save(w.agent, 'docbook', 'all.xml');
  await save(w.agent, 'docbook', 'none.xml', 'language=xx');
  const page = (await whole(w.agent, 'html')).text;
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]);
  assert.equal(new Set(ids).size, ids.length, 'each id once');
  for (const [, to] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(ids.includes(to), to);
  assert.deepEqual(await invalid(page), []);
  const list = unzip(await whole(w.agent, 'html.zip'), 'pages');
  assert.ok(list.includes('index.html') && list.includes('style.css'));
  for (const name of list.filter((n) => n.endsWith('.html'))) {
    assert.deepEqual(await invalid(shell('cat', `pages/${name}`)), [], name);
    for (const [, to] of shell('cat', `pages/${name}`).matchAll(/href="((?:\.\.\/|[a-z])[^":#]*)/g)) if (!/^(https?|mailto)/.test(to)) assert.ok(list.includes(join(name, '..', to)), `${name}: ${to}`);
  }
  shell('jing', '/usr/share/xml/docbook/schema/rng/5.0/docbook.rng', 'all.xml', 'none.xml');
  for (const file of ['all.epub', 'ar.epub', 'none.epub', 'sjoangen.epub', 'minato.epub']) shell('java', '-jar', '/usr/share/java/epubcheck.jar', '--failonwarnings', '-q', file);
});

// ---- what breaks off --------------------------------------------------------------------------

const ROWS = 3000;
test('K7: its worker is killed in the middle: the client goes on, and has the whole', { timeout: 120_000 }, async () => {
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false) \\g /dev/null
    insert into app.articles (tenant_id, id, key, section_id, position, language, is_live, changed)
      select ${w.tenant}, 5000 + n, 'many' || n, ${made.open.id}, 100 + n, 'en', true, 1 from generate_series(1, ${ROWS}) n;
    insert into app.article_versions (tenant_id, article_id, language, number, title, html, from_change)
      select ${w.tenant}, 5000 + n, 'en', 1, 'Many ' || n, '<p>' || (select string_agg(md5(n || '.' || i), ' ') from generate_series(1, 300) i) || '</p>', 1 from generate_series(1, ${ROWS}) n;
    insert into app.article_texts (tenant_id, article_id, language, number, title, slug, about, toc, minutes, words)
      select ${w.tenant}, 5000 + n, 'en', 1, 'Many ' || n, 'many', 'x', '[]', 1, ' x ' from generate_series(1, ${ROWS}) n;
    update app.knowledge set change = change + 1 where tenant_id = ${w.tenant}; commit`);
  // What came until it broke off.
  const begin = (name, happens) => new Promise((resolve, reject) => {
    const chunks = [];
    let done = false;
    const asked = http.get({ host: '127.0.0.1', port: port.http, agent: false, path: `/export/kb.${name}`,
      headers: { Host: `${w.agent.host}:${port.http}`, Cookie: w.agent.plain, 'X-Sportello': '1' } }, (answer) => {
      answer.on('data', (part) => {
        chunks.push(part);
        if (!done) { done = true; try { happens(); } catch (e) { reject(e); } }
      });
      answer.on('error', () => {});
      answer.on('close', () => resolve({ status: answer.statusCode, headers: answer.headers, complete: answer.complete, body: Buffer.concat(chunks) }));
    });
    asked.on('error', reject);
  });
  const kill = () => { for (const { pid } of workers('bulk')) process.kill(pid, 'SIGKILL'); };
  const entire = (name, query = '', headers = {}) => until('the pool is back', () => new Promise((resolve) => {
    const chunks = [];
    http.get({ host: '127.0.0.1', port: port.http, agent: false, path: `/export/kb.${name}${query && `?${query}`}`,
      headers: { Host: `${w.agent.host}:${port.http}`, Cookie: w.agent.plain, 'X-Sportello': '1', ...headers } }, (answer) => {
      answer.on('data', (part) => chunks.push(part));
      answer.on('error', () => {});
      answer.on('close', () => resolve(answer.statusCode < 300 && answer.complete && { headers: answer.headers, body: Buffer.concat(chunks) }));
    }).on('error', () => resolve(null));
  }));
  const cut = await begin('jsonl', kill);
  assert.ok(cut.status === 200 && !cut.complete, `${cut.status} ${cut.body.length}`);
  const kept = cut.body.subarray(0, cut.body.lastIndexOf('\n') + 1);
  const last = JSON.parse(kept.toString().trimEnd().split('\n').at(-1)).cursor;
  const rest = await entire('jsonl', `after=${last}&as_of=${cut.headers['sportello-as-of']}`);
  const all = await entire('jsonl');
  assert.ok(rest.body.length > 0 && all.body.equals(Buffer.concat([kept, rest.body])));

  const archive = await begin('bundle', kill);
  assert.ok(!archive.complete);
  const more = await entire('bundle', '', { Range: `bytes=${archive.body.length}-`, 'If-Range': archive.headers.etag });
  assert.match(more.headers['content-range'], new RegExp(`^bytes ${archive.body.length}-`));
  assert.ok((await entire('bundle')).body.equals(Buffer.concat([archive.body, more.body])));
});
