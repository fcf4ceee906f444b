/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pure functions of src/lib, bundled as the apps are. */
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';
import * as esbuild from 'esbuild';

globalThis.location = new URL('https://portal.example/tickets?group=open');
globalThis.crypto ??= webcrypto; /* Node 18 */
const bundle = await esbuild.build({
  stdin: { contents: "export * from './draft'; export * from './store'; export * from './i18n'; export * from './fmt'; export * from './zone'; export { query } from './router'; export { Problem } from './api';", resolveDir: new URL('../src/lib', import.meta.url).pathname, loader: 'ts' },
  bundle: true, write: false, format: 'esm', platform: 'neutral', mainFields: ['module', 'main'], conditions: ['import'],
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

test('the same text keeps its idempotency key, changed text gets another', () => {
  const first = lib.outgoing({ title: 'a', body: 'b', key: 'key-one' });
  assert.equal(first.key, 'key-one');
  assert.equal(lib.outgoing(first).key, 'key-one');
  assert.notEqual(lib.outgoing({ ...first, body: 'b and more' }).key, 'key-one');
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

test('a fresh first page: what moved up is not doubled, what was pushed down stays, what left goes', () => {
  const t = (all) => all.map(([number, updated_at]) => ({ number, updated_at }));
  const old = { items: t([[1, '9'], [2, '8'], [3, '7'], [4, '6']]), next: 'y', people: {} };
  const merged = (fresh) => lib.mergeList((x) => x.updated_at, old, { items: t(fresh), next: 'x', people: {} });
  const moved = merged([[4, '99'], [1, '9']]);
  assert.deepEqual(moved.items.map((i) => i.number), [4, 1, 2, 3]);
  assert.equal(moved.next, 'y');
  assert.deepEqual(merged([[2, '8'], [3, '7']]).items.map((i) => i.number), [2, 3, 4]);
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
