// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Writing the knowledge base by the API: K1 the tree and who reads it, K2 what articles are
// made of, K3 drafts, review, times and history, K4 languages.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { api, makeWorld } from './world.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent', 'admin'] }); });
const sent = async (who, method, path, body, status = method === 'POST' ? 201 : 200) => {
  const answer = await api(who, method, path, body);
  assert.equal(answer.status, status, answer.text);
  return answer.json;
};
const fault = (answer, field, code) => {
  problem(answer, 422);
  assert.deepEqual(answer.json.errors.map((e) => [e.field, e.code]), [[field, code]]);
};
const make = (body) => sent(w.agent, 'POST', '/api/articles', { language: 'en', body: '<p>x</p>', format: 'html', ...body });
const text = (id, lang, body, who = w.agent) => api(who, 'PATCH', `/api/articles/${id}/texts/${lang}`, body);
const act = (id, lang, body, who = w.agent) => api(who, 'POST', `/api/articles/${id}/texts/${lang}`, body);
const found = async (q) => (await api(w.member, 'GET', `/api/before/found?q=${q}`)).json.articles.map((x) => x.title);

test('K1: a tree is made, moved, narrowed and looked at as others do', async () => {
  const start = await sent(w.agent, 'POST', '/api/sections', { names: { en: 'Start', sv: 'Början' }, abouts: { en: 'First days' }, audience: { level: 'public' } });
  const inner = await sent(w.agent, 'POST', '/api/sections', { parent: start.id, names: { en: 'Ovens' } });
  assert.deepEqual([start.parent, inner.parent, inner.audience, inner.shown_to.level], [null, start.id, null, 'public']);
  const { id } = await make({ section: inner.id, title: 'Kiln door', publish: true });
  const as = async (query, article = id) => (await sent(w.agent, 'GET', `/api/kb/as?portal=${w.portal.town}&article=${article}&${query}`)).reads;
  assert.deepEqual(await found('kiln'), ['Kiln door']);
  assert.deepEqual([await as('role=visitor'), await as('role=member')], [true, true]);
  await sent(w.agent, 'PATCH', `/api/sections/${start.id}`, { audience: { level: 'signed_in', roles: ['main_user'] } });
  assert.deepEqual(await found('kiln'), [], 'at once');
  assert.deepEqual([await as('role=visitor'), await as('role=member'), await as('role=main_user')], [false, false, true]);
  await sent(w.agent, 'PATCH', `/api/articles/${id}`, { audience: { level: 'signed_in', accounts: [w.id.town] } });
  assert.equal(await as('role=member'), true, 'opened below');
  assert.equal((await sent(w.agent, 'GET', `/api/kb/as?portal=${w.portal.school}&article=${id}&role=member`)).reads, true);
  await sent(w.agent, 'PATCH', `/api/articles/${id}`, { audience: { level: 'inherited' } });
  assert.equal(await as('role=member'), false);
  await sent(w.agent, 'PATCH', `/api/sections/${inner.id}`, { parent: 0, in_front_of: start.id });
  const tree = await sent(w.agent, 'GET', '/api/kb');
  assert.ok(tree.languages.includes('sv') && tree.portals.some((p) => p.id === w.portal.town));
  const accounts = (q) => sent(w.agent, 'GET', `/api/kb/accounts?q=${encodeURIComponent(q)}`).then((a) => a.accounts);
  assert.deepEqual([(await accounts('Town')).map((a) => a.id), await accounts('own')], [[w.id.town], []]);
  assert.deepEqual(tree.sections.map((s) => [s.names.en, s.parent, s.articles, s.live]), [['Ovens', null, 1, 1], ['Start', null, 0, 0]]);
  assert.equal(tree.audiences[tree.sections[0].shown_to].level, 'signed_in', 'what the root says');
  fault(await api(w.agent, 'PATCH', `/api/sections/${start.id}`, { parent: start.id }), 'parent', 'circle');
  fault(await api(w.agent, 'PATCH', `/api/sections/${start.id}`, { parent: 999999 }), 'parent', 'unknown');
  fault(await api(w.agent, 'DELETE', `/api/sections/${inner.id}`), 'section', 'in_use');
  fault(await api(w.agent, 'POST', '/api/sections', { names: {} }), 'names', 'required');
  fault(await api(w.agent, 'PATCH', `/api/sections/${start.id}`, { audience: { level: 'public', roles: ['member'] } }), 'audience', 'signed_in');
  fault(await api(w.agent, 'GET', `/api/kb/as?portal=${w.portal.town}&person=${w.people.member.id}`), 'person', 'unknown');
  await sent(w.member, 'POST', '/api/tickets', { title: 'Kiln', description: 'x' });
  assert.equal((await sent(w.agent, 'GET', `/api/kb/as?portal=${w.portal.town}&article=${id}&person=${w.people.member.id}`)).reads, true, 'whom agents know');
  let deep = start.id;
  for (let n = 2; n <= 8; n++) deep = (await sent(w.agent, 'POST', '/api/sections', { parent: deep, names: { en: `L${n}` } })).id;
  fault(await api(w.agent, 'POST', '/api/sections', { parent: deep, names: { en: 'L9' } }), 'parent', 'eight_deep');
  await sent(w.agent, 'DELETE', `/api/sections/${deep}`);
  problem(await api(w.agent, 'DELETE', `/api/sections/${deep}`), 404);
});

test('K2: HTML and Markdown come in as canonical text, of bounded size', async () => {
  const { id, key } = await make({ title: 'Parts', body: '<h2>One</h2><p onclick="x()">Two<script>alert(1)</script> <a href="javascript:x">three</a></p><table><tr><td>4</td></tr></table>' });
  assert.match(key, /^[a-z0-9]{10}$/);
  const draft = (await sent(w.agent, 'GET', `/api/articles/${id}/texts/en?format=html`)).draft;
  assert.match(draft.body, /<h2 id="one">One<\/h2><p>Two three<\/p><table>/);
  const markdown = (await sent(w.agent, 'GET', `/api/articles/${id}/texts/en`)).draft.body;
  assert.match(markdown, /^## One\n/);
  await sent(w.agent, 'PATCH', `/api/articles/${id}/texts/en`, { title: 'Parts', body: markdown, was: 1 });
  assert.equal((await sent(w.agent, 'GET', `/api/articles/${id}/texts/en?format=html`)).draft.body, draft.body, 'there and back');
  // 900 kB of text, as JSON, is let in; more than a megabyte of canonical text is not.
  const long = (n) => `<p>${'word '.repeat(200)}</p>`.repeat(n);
  const large = await make({ title: 'Long', body: long(900) });
  assert.equal((await sent(w.agent, 'GET', `/api/articles/${large.id}/texts/en?format=html`)).draft.body.length, long(900).length - 900);
  fault(await api(w.agent, 'POST', '/api/articles', { language: 'en', title: 'x', body: long(1100), format: 'html' }), 'body', 'article_long');
  problem(await api(w.agent, 'POST', '/api/articles', { language: 'en', title: 'x', body: 'x'.repeat(5000000) }), 413);
  // What is made to hurt: entities, files of ours, wide tables, nests without an end, what is no text.
  const kept = async (body) => (await sent(w.agent, 'GET', `/api/articles/${(await make({ title: 'Hurts', body })).id}/texts/en?format=html`)).draft.body;
  const laughs = `<!DOCTYPE a [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY file SYSTEM "file:///etc/passwd">]><p>x &b; &file; <xi:include href="file:///etc/passwd"/></p>`;
  const said = await kept(laughs);
  assert.ok(said.includes('x &amp;b; &amp;file;') && !/root:|haha{2}/.test(said), said);
  assert.equal((await kept(`<table><tr>${'<td>a</td>'.repeat(10_000)}</tr></table>`)).match(/<td>/g).length, 100);
  assert.ok((await kept(`${'<blockquote><ul><li>'.repeat(40_000)}deep`)).length < 20_000);
  for (const c of ['\0', '\x08', '\x1b', '\uffff']) problem(await api(w.agent, 'POST', '/api/articles', { language: 'en', title: 'x', body: `<p>a${c}</p>`, format: 'html' }), 400);
  fault(await api(w.agent, 'POST', '/api/articles', { language: 'en', title: 'x', body: 'x', keywords: [1] }), 'keywords', 'type');
  fault(await api(w.agent, 'POST', '/api/articles', { language: 'not a language', title: 'x', body: 'x' }), 'language', 'invalid');
  fault(await api(w.agent, 'POST', '/api/articles', { section: 999999, language: 'en', title: 'x', body: 'x' }), 'section', 'unknown');
});

test('K2: was it helpful? One vote a person, told without who', async () => {
  const { id } = await make({ title: 'Voted', publish: true, audience: { level: 'public' } });
  const hidden = await make({ title: 'Not voted' });
  const vote = (body, who = w.member, article = id) => api(who, 'POST', `/api/articles/${article}/vote`, body);
  assert.equal((await vote({ helpful: true })).status, 201);
  assert.equal((await vote({ helpful: false, comment: 'Which door?' })).status, 201, 'changed');
  assert.equal((await vote({ helpful: true }, w.agent)).status, 201);
  const told = await sent(w.agent, 'GET', `/api/articles/${id}/votes`);
  assert.deepEqual([told.helpful, told.unhelpful, told.comments.map((c) => c.comment)], [1, 1, ['Which door?']]);
  assert.deepEqual(Object.keys(told.comments[0]).sort(), ['at', 'comment', 'helpful', 'language', 'place']);
  problem(await vote({ helpful: true }, w.member, hidden.id), 404);
  fault(await vote({ helpful: true, comment: 'x'.repeat(2001) }), 'comment', 'too_long');
  fault(await vote({}), 'helpful', 'required');
});

test('K3: a draft beside what is live; two who write hear of each other; what was before comes back', async () => {
  const { id } = await make({ title: 'Glaze one', keywords: ['ash', 'salt'], publish: true });
  await sent(w.agent, 'PATCH', `/api/articles/${id}/texts/en`, { title: 'Glaze two', body: 'Two' });
  assert.deepEqual(await found('glaze'), ['Glaze one']);
  problem(await text(id, 'en', { title: 'Other', body: 'Other' }, w.admin), 409);
  problem(await text(id, 'en', { title: 'Other', body: 'Other', was: 7 }, w.admin), 409);
  await sent(w.admin, 'PATCH', `/api/articles/${id}/texts/en`, { title: 'Glaze two', body: 'Both', was: 1 });
  assert.equal((await act(id, 'en', { act: 'publish' })).status, 201);
  assert.deepEqual(await found('glaze'), ['Glaze two']);
  const { versions } = await sent(w.agent, 'GET', `/api/articles/${id}/history?language=en`);
  assert.deepEqual(versions.map((v) => [v.version, v.title, v.until === null]), [[2, 'Glaze two', true], [1, 'Glaze one', false]]);
  assert.ok(versions[0].by);
  const was = await sent(w.agent, 'GET', `/api/articles/${id}/versions/1?language=en`);
  assert.deepEqual([was.html, was.keywords], ['<p>x</p>', ['ash', 'salt']]);
  const back = await sent(w.agent, 'POST', `/api/articles/${id}/restore`, { language: 'en', version: 1 });
  assert.deepEqual([back.texts.en.live.title, back.texts.en.draft.title], ['Glaze two', 'Glaze one'], 'to be published or not');
  problem(await api(w.agent, 'POST', `/api/articles/${id}/restore`, { language: 'en', version: 9 }), 404);
  assert.equal((await act(id, 'en', { act: 'discard' })).json.texts.en.draft, undefined);
  fault(await act(id, 'en', { act: 'publish' }), 'act', 'state');
  fault(await api(w.agent, 'DELETE', `/api/articles/${id}`), 'article', 'was_live');
  assert.equal((await act(id, 'en', { act: 'unpublish' })).status, 201);
  assert.deepEqual(await found('glaze'), []);
  const loose = await make({ title: 'Never' });
  await sent(w.agent, 'DELETE', `/api/articles/${loose.id}`);
  problem(await api(w.agent, 'GET', `/api/articles/${loose.id}`), 404);
});

test('K3: review by somebody else, where the tenant wants it', async () => {
  await psql('postgres', `insert into app.settings (tenant_id, scope, name, value) values (${w.tenant}, 0, 'articles_need_review', 'yes')`);
  const { id } = await make({ title: 'Reviewed' });
  fault(await act(id, 'en', { act: 'publish' }), 'act', 'review_first');
  fault(await api(w.agent, 'POST', '/api/articles', { language: 'en', title: 'x', body: 'x', publish: true }), 'act', 'review_first');
  await sent(w.agent, 'POST', `/api/articles/${id}/texts/en`, { act: 'review' });
  const waiting = await sent(w.admin, 'GET', '/api/articles?state=review');
  assert.deepEqual(waiting.articles.map((a) => [a.id, a.texts.en.draft]), [[id, 'review']]);
  fault(await act(id, 'en', { act: 'approve' }), 'act', 'own_work');
  await sent(w.admin, 'POST', `/api/articles/${id}/texts/en`, { act: 'approve' });
  const edited = await sent(w.agent, 'PATCH', `/api/articles/${id}/texts/en`, { title: 'Reviewed', body: 'Other', was: 3 });
  assert.equal(edited.texts.en.draft.state, 'draft', 'what was approved is what was read');
  await sent(w.admin, 'POST', `/api/articles/${id}/texts/en`, { act: 'approve' });
  const live = await sent(w.agent, 'POST', `/api/articles/${id}/texts/en`, { act: 'publish' });
  assert.equal(live.texts.en.live.title, 'Reviewed');
  await psql('postgres', `delete from app.settings where tenant_id = ${w.tenant} and name = 'articles_need_review'`);
});

test('K3: published and taken back at a time; to be looked at again by a day', async () => {
  const { id } = await make({ title: 'Planned porcelain' });
  const soon = new Date(Date.now() + 86400000).toISOString();
  const planned = await sent(w.agent, 'POST', `/api/articles/${id}/texts/en`, { act: 'publish', at: soon });
  assert.equal(Date.parse(planned.texts.en.draft.publish_at), Date.parse(soon));
  assert.ok((await sent(w.agent, 'GET', '/api/articles?state=planned')).articles.some((a) => a.id === id));
  fault(await act(id, 'en', { act: 'publish', at: '2090-01-01T00:00:00Z' }), 'at', 'too_late');
  fault(await act(id, 'en', { act: 'publish', at: 'soon' }), 'at', 'date');
  await psql('postgres', `update app.article_drafts set publish_at = now() where tenant_id = ${w.tenant} and article_id = ${id}`);
  await until('it goes live', async () => (await found('porcelain')).length === 1);
  await sent(w.agent, 'PATCH', `/api/articles/${id}`, { review_by: '2026-01-01', expires_at: soon });
  assert.ok((await sent(w.agent, 'GET', '/api/articles?state=overdue')).articles.some((a) => a.id === id));
  await sent(w.agent, 'PATCH', `/api/articles/${id}`, { expires_at: new Date(Date.now() - 1000).toISOString() });
  assert.deepEqual(await found('porcelain'), [], 'at once');
  await until('it is taken back', async () => !(await sent(w.agent, 'GET', `/api/articles/${id}`)).texts.en.live);
  fault(await api(w.agent, 'PATCH', `/api/articles/${id}`, { review_by: '2026-02-30' }), 'review_by', 'date');
  await sent(w.agent, 'PATCH', `/api/articles/${id}`, { expires_at: '', review_by: '' });
});

test('K4: a translation is outdated once what it translates went on', async () => {
  const { id } = await make({ title: 'Clay', publish: true });
  const outdated = async () => Object.entries((await sent(w.agent, 'GET', `/api/articles/${id}`)).texts).filter(([, x]) => x.live?.outdated).map(([l]) => l);
  await sent(w.agent, 'PATCH', `/api/articles/${id}/texts/sv`, { title: 'Lera', body: 'Svenska', publish: true });
  assert.deepEqual(await outdated(), []);
  await sent(w.agent, 'PATCH', `/api/articles/${id}/texts/en`, { title: 'Clay', body: 'More', publish: true });
  assert.deepEqual(await outdated(), ['sv']);
  const one = (await sent(w.agent, 'GET', `/api/articles/${id}`)).texts;
  assert.deepEqual([one.sv.live.of, one.en.live.version, one.en.live.of, one.en.live.by], [1, 2, undefined, w.people.agent.name]);
  assert.ok((await sent(w.agent, 'GET', '/api/articles?state=outdated')).articles.some((a) => a.id === id && a.texts.sv.outdated));
  await sent(w.agent, 'PATCH', `/api/articles/${id}/texts/sv`, { title: 'Lera', body: 'Mer', publish: true });
  assert.deepEqual(await outdated(), []);
  fault(await api(w.agent, 'PATCH', `/api/articles/${id}`, { first_language: 'ja' }), 'first_language', 'unknown');
  assert.equal((await sent(w.agent, 'PATCH', `/api/articles/${id}`, { first_language: 'sv' })).language, 'sv');
});

test('lists go on where they ended, in a section and over all', async () => {
  const section = await sent(w.agent, 'POST', '/api/sections', { names: { en: 'Many' } });
  await psql('postgres', `insert into app.articles (tenant_id, key, section_id, position, language, created_at)
    select ${w.tenant}, 'many' || n, ${section.id}, n, 'en', now() - n * interval '1 minute' from generate_series(1, 120) n`);
  for (const path of [`/api/articles?section=${section.id}`, '/api/articles']) {
    const keys = [];
    let next = '';
    do {
      const page = await sent(w.agent, 'GET', path + (next && `${path.includes('?') ? '&' : '?'}after=${next}`));
      assert.ok(page.articles.length <= 50);
      keys.push(...page.articles.map((a) => a.key));
      next = page.next;
    } while (next);
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(keys.filter((k) => k.startsWith('many')).length, 120);
  }
});
