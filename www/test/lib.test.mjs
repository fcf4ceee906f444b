/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pure functions of src/lib, bundled as the apps are. */
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import * as esbuild from 'esbuild';

globalThis.location = new URL('https://portal.example/tickets?group=open');
globalThis.crypto ??= webcrypto; /* Node 18 */
const bundle = await esbuild.build({
  stdin: { contents: "export * from './draft'; export * from './store'; export * from './i18n'; export * from './fmt'; export * from './zone'; export { query } from './router'; export { Problem } from './api'; export * from './writing'; export * from './attached'; export { refused } from '../talk/who'; export { plan } from '../agent/read';", resolveDir: new URL('../src/lib', import.meta.url).pathname, loader: 'ts' },
  bundle: true, write: false, jsx: 'automatic', jsxImportSource: 'preact', define: { ICONS: '""' }, format: 'esm', platform: 'neutral', mainFields: ['module', 'main'], conditions: ['import'],
});
const lib = await import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`);

function shelf() {
  const m = new Map();
  return { m, getItem: (k) => m.get(k) ?? null, setItem: (k, v) => m.set(k, v), removeItem: (k) => m.delete(k) };
}

test('a draft comes back with its key, and goes when it is empty', () => {
  const s = shelf();
  const name = lib.draftName(7, 42, 'note');
  const d = { ...lib.readDraft(name, s), body: 'text' };
  lib.keepDraft(name, d, s);
  assert.deepEqual(lib.readDraft(name, s), d);
  assert.notEqual(lib.readDraft(lib.draftName(8, 42, 'note'), s).body, 'text');
  lib.keepDraft(name, { ...d, body: ' ' }, s);
  assert.equal(s.m.size, 0);
});

test('broken or foreign storage gives an empty draft', () => {
  const s = shelf();
  s.m.set('x', '{"body":1}');
  assert.equal(lib.readDraft('x', s).body, '');
  assert.match(lib.readDraft('x', s).key, /^[0-9a-f]{32}$/);
  lib.keepDraft('x', { title: '', body: 'a', key: 'k' }, { ...s, setItem() { throw new Error('full'); } });
});

test('of two versions of a draft the newer is shown and the other kept; what ended ends everywhere', () => {
  const words = (body, at) => ({ title: '', body, key: 'k', at });
  const stored = (body, version, at) => ({ version, updated_at: new Date(at).toISOString(), body: words(body, at) });
  assert.equal(lib.settle(words('', 0), stored('theirs', 1, 5)).body, 'theirs');
  assert.equal(lib.settle({ ...words('mine', 3), version: 1, saved: true }, stored('theirs', 2, 5)).body, 'theirs', 'nothing was written here since');
  const later = lib.settle({ ...words('mine', 9), version: 1 }, stored('theirs', 2, 5));
  assert.deepEqual([later.body, later.version, later.saved, later.others.map((o) => o.body)], ['mine', 2, false, ['theirs']]);
  const sooner = lib.settle({ ...words('mine', 3), version: 1 }, stored('theirs', 2, 5));
  assert.deepEqual([sooner.body, sooner.version, sooner.others.map((o) => o.body)], ['theirs', 2, ['mine']]);
  assert.equal(lib.settle(words('same', 9), stored('same', 2, 5)).others, undefined);
  assert.equal(lib.settle({ ...words('sent', 3), version: 1, saved: true }, null).body, '');
  assert.equal(lib.settle({ ...words('not sent', 3), version: 1 }, null).body, 'not sent');
  assert.equal(lib.settle(words('mine', 3), { version: 2, updated_at: '', body: 7 }).body, 'mine', 'what is no draft');
  /* Facts are nobody's writing, the server has another order, and what this browser sent itself is no other device's. */
  const asked = (answers) => ({ ...words('same', 9), form: { type: null, answers } });
  const again = lib.settle(asked({ room: '1', facts: { window: '2' }, day: '3' }), { version: 2, updated_at: new Date(5).toISOString(), body: asked({ day: '3', room: '1', facts: {} }) });
  assert.deepEqual([again.others, again.saved, again.form.answers.facts], [undefined, true, { window: '2' }]);
  const own = lib.settle({ ...words('on and on', 9), gone: [3, 5] }, stored('on', 2, 5));
  assert.deepEqual([own.body, own.version, own.saved, own.others, own.gone], ['on and on', 2, false, undefined, undefined]);
  /* What ended here stays ended, until the server knows. */
  const over = lib.settle({ ...words('', 0), key: 'n', over: ['k'] }, stored('sent', 2, 5));
  assert.deepEqual([over.body, over.version, over.over], ['', 2, ['k']]);
  assert.equal(lib.settle({ ...words('', 0), key: 'n', over: ['l'] }, stored('another', 2, 5)).body, 'another');
  let many = words('0', 0);
  for (let n = 1; n < 9; n++) many = lib.settle({ ...many, body: `${n}`, at: n * 10, version: n }, stored(`their ${n}`, n + 1, n * 10 - 5));
  assert.equal(many.others.length, 5);
});

test('what is written while a text is on its way is a text of its own', () => {
  const out = { title: 'Bell', body: 'It rings', key: 'k', tried: 'x', cc: [{ email: 'a@x.example' }], form: { type: null, answers: {} } };
  assert.ok(lib.isEmpty(lib.since(out, { ...out, at: 5, version: 2, saved: true })));
  const left = lib.since(out, { ...out, at: 5, body: 'It rings\nat night' });
  assert.deepEqual([left.title, left.body, left.at, left.tried, left.cc, left.form], ['', 'at night', 5, undefined, undefined, undefined]);
  assert.notEqual(left.key, 'k');
  assert.equal(lib.since(out, { ...out, body: 'It always rings' }).body, 'It always rings');
  assert.deepEqual(lib.since(out, { ...out, cc: [{ email: 'b@x.example' }] }).cc, [{ email: 'b@x.example' }]);
});

test('people alone and answers alone are a draft; what a browser says of itself is none', () => {
  const d = { title: '', body: ' ', key: 'k' };
  assert.equal(lib.isEmpty({ ...d, cc: [{ email: 'a@x.example' }] }), false);
  assert.equal(lib.isEmpty({ ...d, form: { type: null, answers: { room: 'Cellar' } } }), false);
  assert.equal(lib.isEmpty({ ...d, form: { type: 'report', answers: { browser: { name: 'Firefox' } } } }), true);
});

test('the same text keeps its idempotency key, changed text gets another', () => {
  const first = lib.outgoing({ title: 'a', body: 'b', key: 'key-one' });
  assert.equal(first.key, 'key-one');
  assert.equal(lib.outgoing(first).key, 'key-one');
  assert.notEqual(lib.outgoing({ ...first, body: 'b and more' }).key, 'key-one');
});

test('a text whose answer was lost keeps its key over refusals, a reload and another status; what is stored already is not sent again', async () => {
  globalThis.localStorage = shelf();
  globalThis.fetch = async () => ({ ok: true, status: 204 });
  const name = lib.draftName(7, 42, 'reply');
  const keys = [];
  const send = (w, answer) => w.send(async (out) => { keys.push(out.key); if (answer instanceof Error) throw answer; return answer; });
  const refused = (w, ...problem) => assert.rejects(send(w, new lib.Problem(...problem)));
  let w = new lib.Writing(name, '');
  w.change({ body: 'Done.', status: 'solved' });
  await refused(w, 0, 'network');
  await refused(w, 429, 'too-many');
  w = new lib.Writing(name, '');
  assert.equal(w.state.value.draft.status, 'solved');
  w.change({ status: 'blocked' });
  await refused(w, 403, 'forbidden');
  assert.equal(await send(w, new lib.Problem(409, 'idempotency-key-reused')), 'before');
  assert.equal(new Set(keys).size, 1);
  await new Promise((done) => setTimeout(done));
  assert.deepEqual([w.state.value.draft.body, w.state.value.draft.status, localStorage.m.size], ['', undefined, 0]);

  /* Another tab's text went out under the key of this one. */
  w.change({ body: 'Another.' });
  await refused(w, 409, 'idempotency-key-reused');
  assert.equal(w.state.value.draft.body, 'Another.');
  assert.equal(await send(w, 'stored'), 'stored');
  assert.equal(new Set(keys).size, 3);
});

test('files go out in one order, however they come back; what is thrown away takes its own along', async () => {
  globalThis.localStorage = shelf();
  const asked = [];
  globalThis.fetch = async (path, o) => { asked.push(`${o.method} ${path}`); return { ok: true, status: 204 }; };
  const name = lib.draftName(7, 'new', 'ticket');
  const file = (id) => ({ key: `${id}`, name: 'a', size: 1, sent: 1, state: 'done', id });
  lib.attached(name).value = [10, 9, 11].map(file);
  assert.deepEqual(lib.ready(name), [9, 10, 11]);
  lib.setBegun(name, true);
  const stopped = [];
  lib.onSent((_, items) => stopped.push(...items.map((i) => i.id)));
  const other = { title: '', body: 'Of another device', key: 'k', at: 1, carries: [{ id: 11, name: 'a', size: 1 }] };
  lib.keepDraft(name, { ...other, body: 'Not this', key: 'l', others: [other] });
  new lib.Writing(name, '').discard();
  await new Promise((done) => setTimeout(done));
  assert.deepEqual([lib.ready(name), lib.begun(name), stopped], [[], false, [10, 9, 11]]);
  assert.deepEqual(asked, ['DELETE /api/files/10', 'DELETE /api/files/9']);
});

test('only an answer that is certain counts as refused', () => {
  assert.equal(new lib.Problem(0, 'network').uncertain, true);
  assert.equal(new lib.Problem(503, 'unavailable').uncertain, true);
  assert.equal(new lib.Problem(422, 'invalid').uncertain, false);
});

const comment = (id, at) => ({ id, author: 1, internal: false, html: '', created_at: `2026-11-22T10:${String(at).padStart(2, '0')}:00Z` });
const page = (comments, more) => ({ ticket: { number: 1 }, comments, more, people: {} });

test('a poll joins new comments to the older ones on the page', () => {
  const old = page([comment(1, 1), comment(2, 2), comment(3, 3)], null);
  const fresh = page([comment(2, 2), comment(3, 3), comment(4, 4)], 'c');
  const got = lib.mergeTicket(old, fresh);
  assert.deepEqual(got.comments.map((c) => c.id), [1, 2, 3, 4]);
  assert.equal(got.more, null);
});

test('a poll that does not reach what is shown begins anew, without a gap', () => {
  const got = lib.mergeTicket(page([comment(1, 1)], null), page([comment(8, 8), comment(9, 9)], 'c'));
  assert.deepEqual(got.comments.map((c) => c.id), [8, 9]);
  assert.equal(got.more, 'c');
});

test('two answers are alike part by part, whatever the order of their names', () => {
  const a = { items: [{ n: 1, tags: ['a'], due: null }], next: null };
  assert.ok(lib.alike(a, { next: null, items: [{ due: null, tags: ['a'], n: 1 }] }));
  for (const other of [
    { items: [{ n: 1, tags: ['a'], due: null }] }, { items: [{ n: 1, tags: ['a', 'b'], due: null }], next: null }, { items: [{ n: 2, tags: ['a'], due: null }], next: null },
    { items: [{ n: 1, tags: { 0: 'a' }, due: null }], next: null }, { items: [{ n: 1, tags: ['a'], due: {} }], next: null }, { items: [], next: null }, null,
  ]) {
    assert.ok(!lib.alike(a, other), JSON.stringify(other));
    assert.ok(!lib.alike(other, a), JSON.stringify(other));
  }
});

test('a fresh first page: what moved up is not doubled, what was pushed down stays, what left goes', () => {
  const t = (all) => all.map(([number, updated_at]) => ({ number, updated_at }));
  const old = { items: t([[1, '9'], [2, '8'], [3, '7'], [4, '6']]), next: 'y', people: {} };
  const merged = (fresh) => lib.mergeList((x) => x.updated_at, old, { items: t(fresh), next: 'x', people: {} });
  const moved = merged([[4, '99'], [1, '9']]);
  assert.deepEqual(moved.items.map((i) => i.number), [4, 1, 2, 3]);
  assert.equal(moved.next, 'y');
  assert.deepEqual(merged([[2, '8'], [3, '7']]).items.map((i) => i.number), [2, 3, 4]);
});

test('more of a list that is refreshed meanwhile: nothing is lost, nothing twice, and rows keep their excerpts', async () => {
  const rows = (...all) => all.map((number) => ({ number, updated_at: String(90 - number) }));
  const said = (...all) => Object.fromEntries(all.map((n) => [n, { in: 'reply' }]));
  const r = lib.list('/api/search?q=lamp');
  r.set({ items: rows(2, 3, 4), next: 'b', people: {}, excerpts: said(2, 3, 4) });
  const answers = [];
  globalThis.fetch = (path) => new Promise((done) => answers.push({ path, give: (json) => done({ ok: true, status: 200, json: async () => json }) }));
  const asked = async (n) => { while (!answers[n]) await new Promise((done) => setTimeout(done, 1)); return answers[n]; };
  const more = lib.loadMore(r);
  const refreshed = r.load(true);
  assert.match((await asked(0)).path, /&after=b$/);
  (await asked(1)).give({ items: rows(1, 2, 3), next: 'a', people: {}, excerpts: said(1, 2, 3) });
  await refreshed;
  answers[0].give({ items: rows(5, 6), next: null, people: {}, excerpts: said(5, 6) });
  await more;
  const now = r.data.peek();
  assert.deepEqual(now.items.map((i) => i.number), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(Object.keys(now.excerpts), ['1', '2', '3', '4', '5', '6']);
  assert.equal(now.next, null);
});

test('filters change one part of the address', () => {
  const at = new URL('https://h/agent?group=open&sort=created');
  assert.equal(lib.query({ group: 'done' }, at), '?group=done&sort=created');
  assert.equal(lib.query({ group: '', sort: null }, at), '');
});

test('texts: placeholders and plural forms', () => {
  lib.setTexts({ $: { lang: 'en', rule: 0 }, 'app.more_loaded': ['{n} one', '{n} many'], 'app.request': 'id {id} {other}' });
  assert.equal(lib.t('app.request', { id: '$&' }), 'id $& {other}');
  assert.equal(lib.t('app.more_loaded', { n: 1 }), '1 one');
  assert.equal(lib.t('app.more_loaded', { n: 5 }), '5 many');
  assert.equal(lib.maybe('err.nothing'), null);
});

test('a refused mention names who it is, and a limit how many', () => {
  lib.setTexts({ $: { lang: 'en', rule: 0 }, 'share.not_allowed': '{who} may not.', 'share.outside': '{who} is not here.', 'talk.mention.staff': '{who} is no agent.', 'share.most': '{most} people.', 'share.most_mentions': '{most} mentions.' });
  const meant = [{ id: 7, name: 'Ada', sees: false }];
  const outside = { field: 'mentions', code: 'outside', detail: '7', name: null };
  assert.equal(lib.refused([{ field: 'mentions', code: 'not_allowed', detail: '8', name: 'Bo' }, outside], meant, false), 'Bo may not. Ada is not here.');
  assert.equal(lib.refused([outside], meant, true), 'Ada is no agent.');
  assert.equal(lib.refused([{ field: 'cc', code: 'too_many' }, { field: 'mentions', code: 'too_many' }], meant, false), '20 people. 10 mentions.');
});

test('initials', () => {
  assert.equal(lib.initials('Ada King Lovelace'), 'AL');
  assert.equal(lib.initials('田中 花子'), '田');
  assert.equal(lib.initials('  '), '?');
  assert.equal(lib.bytes('日本'), 6);
});

test('G1: the end of a day is the end of it in the person\'s zone', () => {
  const end = (...a) => lib.endOfDay(...a).toISOString();
  const now = new Date('2026-11-22T21:03:00Z');
  assert.equal(end(1, now, 'Europe/Stockholm'), '2026-11-23T22:59:00.000Z');
  assert.equal(end(1, now, 'Asia/Tokyo'), '2026-11-24T14:59:00.000Z', 'it is the 23rd there');
  assert.equal(end(1, now, 'America/New_York'), '2026-11-24T04:59:00.000Z');
  assert.equal(end(1, now, 'No/Zone'), end(1, now, undefined), 'the browser\'s, as elsewhere');
  assert.equal(end('2026-10-25', now, 'Europe/Stockholm'), '2026-10-25T22:59:00.000Z', 'the clock was put back');
  assert.equal(end('2027-03-28', now, 'Europe/Stockholm'), '2027-03-28T21:59:00.000Z');
  assert.ok(Number.isNaN(lib.endOfDay('', now, 'Asia/Tokyo').getTime()), 'no day is chosen yet');
});

test('the middle of what one has read is folded; what is new has its first', () => {
  const at = (n) => `2026-11-23T10:${String(n).padStart(2, '0')}:00+00:00`;
  const talk = (n, author = () => 2) => Array.from({ length: n }, (_, i) => ({ id: i + 1, author: author(i + 1), created_at: at(i + 1) }));
  assert.deepEqual(lib.plan(talk(9), at(9), 1), { fresh: null, folded: [2, 3, 4, 5, 6, 7] }, 'all is read: the first and the last two stay');
  assert.deepEqual(lib.plan(talk(9), at(8), 1), { fresh: 9, folded: [2, 3, 4, 5, 6] });
  assert.deepEqual(lib.plan(talk(9), at(6), 1), { fresh: 7, folded: [] }, 'fewer than four are no line');
  assert.deepEqual(lib.plan(talk(9), null, 1), { fresh: null, folded: [] }, 'nothing is known');
  assert.deepEqual(lib.plan(talk(9), at(0), 1), { fresh: null, folded: [] }, 'all is new: no line before the first');
  assert.deepEqual(lib.plan(talk(9, (id) => (id > 7 ? 1 : 2)), at(7), 1), { fresh: null, folded: [2, 3, 4, 5, 6, 7] }, "one's own is not new");
  assert.deepEqual(lib.plan(talk(1), at(1), 1), { fresh: null, folded: [] });
});
