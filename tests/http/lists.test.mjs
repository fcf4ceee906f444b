// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Lists of tickets over the API: which there are, filters, orders, paging, what is
// unread, kept lists, CSV. tests/sql/matrix.sql compares them with an oracle.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { api, get, makeWorld } from './world.mjs';

let w;
const n = {};
const ok = async (answer, status = 200) => {
  answer = await answer;
  assert.equal(answer.status, status, answer.text.slice(0, 400));
  return answer.text ? answer.json : null;
};
const asked = (query) => new URLSearchParams(Object.entries(query).map(([k, v]) => [k, typeof v === 'object' ? JSON.stringify(v) : String(v)])).toString();
const list = (session, query = {}, place = 'tickets') => ok(api(session, 'GET', `/api/${place}?${asked(query)}`));
const titles = async (session, query, place) => (await list(session, query, place)).items.map((i) => i.title);
const counts = async (session, query = {}, place = 'lists') => (await ok(api(session, 'GET', `/api/${place}/counts?${asked(query)}`)));
const faults = async (query, session = w.main) => problem(await api(session, 'GET', `/api/tickets?${asked(query)}`), 422).errors.map((e) => `${e.field} ${e.code}`);
const admin = (method, path, body, status = method === 'POST' ? 201 : 200) => ok(api(w.admin, method, path, body), status);
const hide = (field, role) => admin('PATCH', `/api/fields/${field}/policy`, { role, access: 'hidden', account: w.id.town });
const label = (en) => ({ en, it: `${en} (it)` });
async function open(name, session, fields, more) {
  n[name] = (await ok(api(session, 'POST', '/api/tickets', { title: name, description: 'x', ...(fields ? { type: 'report', fields } : {}), ...more }), 201)).number;
}
const csv = (session, path) => get(session.host, path, { cookie: session.cookie, headers: { 'X-Sportello': '1' } });

before(async () => {
  w = await makeWorld();
  await admin('POST', '/api/types', { key: 'report', labels: label('Report') });
  await admin('POST', '/api/fields', { key: 'colour', kind: 'one_of', labels: label('Colour'), options: ['red', 'blue'].map((key) => ({ key, labels: label(key) })) });
  await admin('POST', '/api/fields', { key: 'rooms', kind: 'several_of', labels: label('Rooms'), options: ['hall', 'attic'].map((key) => ({ key, labels: label(key) })) });
  await admin('POST', '/api/fields', { key: 'size', kind: 'number', labels: label('Size') });
  await admin('POST', '/api/fields', { key: 'since', kind: 'date', labels: label('Since') });
  await admin('POST', '/api/fields', { key: 'loud', kind: 'yes_no', labels: label('Loud') });
  await admin('POST', '/api/fields', { key: 'words', kind: 'long_text', labels: label('Words') });
  await admin('POST', '/api/fields', { key: 'whose', kind: 'person', labels: label('Whose') });
  for (const field of ['colour', 'rooms', 'size', 'since', 'loud', 'words', 'whose']) await admin('POST', '/api/types/report/fields', { field });
  await open('Älg', w.member, { colour: 'red', rooms: ['hall', 'attic'], size: 3, since: '2026-11-20', loud: true, words: 'It Drips, "often"', whose: w.people.second.id });
  await open('bell', w.member, { colour: 'blue', rooms: ['attic'], size: -7.5, since: '2026-11-22', loud: false, words: 'quiet' });
  await open('Clock', w.second, undefined, { cc: [w.people.member.email] });
  await open('door', w.second);
  await open('=Elsewhere', w.pupil, { colour: 'red' });
  await open('Far', w.villager);
  await ok(api(w.agent, 'PATCH', `/api/tickets/${n.bell}`, { status: 'blocked', priority: 'high' }));
  await ok(api(w.agent, 'PATCH', `/api/tickets/${n.door}`, { status: 'solved', priority: 'low' }));
});

test('V1: my own, shared with me, followed, my organisation’s, all', async () => {
  const sorted = async (...x) => (await titles(...x)).sort();
  assert.deepEqual(await sorted(w.member, { list: 'mine' }), ['bell', 'Älg']);
  assert.deepEqual(await sorted(w.member, { list: 'shared' }), ['Clock']);
  assert.deepEqual(await sorted(w.member, { list: 'followed' }), ['Clock', 'bell', 'Älg']);
  assert.deepEqual(await sorted(w.member, { list: 'organisation' }), []);
  assert.deepEqual(await sorted(w.main, { list: 'organisation' }), ['=Elsewhere', 'Clock', 'bell', 'door', 'Älg']);
  assert.deepEqual(await sorted(w.main, { list: 'followed' }), []);
  await ok(api(w.main, 'PATCH', `/api/tickets/${n.door}/following`, { level: 'replies' }));
  assert.deepEqual(await sorted(w.main, { list: 'followed' }), ['door']);
  assert.deepEqual(await sorted(w.partner, { list: 'organisation' }), await sorted(w.partner, {}));
  const has = await counts(w.member);
  assert.deepEqual(Object.fromEntries(Object.entries(has.lists).map(([k, c]) => [k, c.n])), { all: 3, mine: 2, shared: 1, followed: 3 });
  assert.deepEqual((await counts(w.main)).lists.organisation, { n: 5, more: false });
  assert.deepEqual((await counts(w.main, { group: 'done' })).lists.all, { n: 1, more: false }, 'under the filters');
});

test('V1: filters, each and together', async () => {
  const found = async (query) => (await titles(w.main, query)).sort();
  assert.deepEqual(await found({ group: 'active' }), ['=Elsewhere', 'Clock', 'bell', 'Älg']);
  assert.deepEqual(await found({ group: 'pending' }), ['bell']);
  assert.deepEqual(await found({ priority: 'high' }), ['bell']);
  assert.deepEqual(await found({ requester: w.people.second.id }), ['Clock', 'door']);
  assert.equal((await found({ type: 'report' })).length, 5);
  assert.deepEqual(await found({ type: 'nothing' }), []);
  assert.deepEqual(await found({ account: w.id.village }), []);
  const by = (fields) => found({ fields });
  assert.deepEqual(await by({ colour: ['red'] }), ['=Elsewhere', 'Älg']);
  assert.deepEqual(await by({ colour: ['red', 'blue'], loud: [false] }), ['bell']);
  assert.deepEqual(await by({ rooms: ['hall'] }), ['Älg']);
  assert.deepEqual(await by({ size: { from: -7.5, to: 2 } }), ['bell']);
  assert.deepEqual(await by({ since: { from: '2026-11-21' } }), ['bell']);
  assert.deepEqual(await by({ words: { has: 'DRIPS' } }), ['Älg']);
  assert.deepEqual(await by({ words: { has: '%' } }), []);
  assert.deepEqual(await by({ whose: [w.people.second.id] }), ['Älg']);
  assert.deepEqual(await by({ nothing: ['red'] }), []);
  assert.deepEqual((await titles(w.agent, { fields: { colour: ['red'] }, assignee: 'none' }, 'queue')).sort(), ['=Elsewhere', 'Älg']);
  assert.deepEqual((await titles(w.partner, { fields: { colour: ['blue'] } }, 'inbox')), ['bell']);
  const choices = await ok(api(w.main, 'GET', '/api/lists/filters'));
  assert.deepEqual(choices.fields.map((f) => f.key), ['colour', 'loud', 'rooms', 'since', 'size', 'whose', 'words']);
  assert.deepEqual(choices.organisation, [{ role: 'main_user', name: `Town ${w.mark}` }]);
});

test('V1: words, with all the other filters', async () => {
  await until('the words are taken in', async () => (await titles(w.main, { q: 'bell' })).length === 1);
  await until('and the others', async () => (await titles(w.main, { q: 'clock' })).length === 1);
  assert.deepEqual(await titles(w.main, { q: 'bell', group: 'pending', fields: { colour: ['blue'] } }), ['bell']);
  assert.deepEqual(await titles(w.main, { q: 'bell', group: 'open' }), []);
  assert.deepEqual(await titles(w.member, { q: 'clock', list: 'shared', sort: 'title' }), ['Clock']);
  assert.deepEqual(await titles(w.member, { q: 'clock', list: 'mine' }), []);
  assert.deepEqual(await titles(w.agent, { q: 'bell', assignee: 'none' }, 'queue'), ['bell']);
  const page = await list(w.main, { q: 'bell' });
  assert.ok(page.excerpts[n.bell].title.some(([, hit]) => hit));
  assert.equal((await csv(w.main, '/api/tickets.csv?q=bell')).text.split('\r\n').length, 3);
});

test('V1: days are the reader’s, both ends of them', async () => {
  await psql('postgres', `update app.tickets set created_at = '2026-03-02 04:30+00' where tenant_id = ${w.tenant} and id = ${n.Clock};
    update app.people set time_zone = 'America/New_York' where tenant_id = ${w.tenant} and id = ${w.people.main.id}`);
  assert.deepEqual(await titles(w.main, { created_from: '2026-03-01', created_to: '2026-03-01' }), ['Clock'], 'in New York it was the day before');
  assert.deepEqual(await titles(w.main, { created_from: '2026-03-02', created_to: '2026-03-02' }), []);
  assert.deepEqual(await titles(w.second, { created_from: '2026-03-02', created_to: '2026-03-02' }), ['Clock']);
  const today = new Date().toISOString().slice(0, 10);
  assert.equal((await titles(w.second, { updated_from: today, updated_to: today })).length, 2);
  assert.deepEqual(await titles(w.second, { updated_to: '2026-01-01' }), []);
});

test('V1: what is no filter is told by its name', async () => {
  assert.deepEqual(await faults({ created_from: '0000-00-00' }), ['created_from date']);
  assert.deepEqual(await faults({ updated_to: '2026-02-30' }), ['updated_to date']);
  assert.deepEqual(await faults({ fields: '{' }), ['fields type']);
  assert.deepEqual(await faults({ fields: '{"a": "\\u0000"}' }), ['fields type']);
  assert.deepEqual(await faults({ fields: [] }), ['fields type']);
  assert.deepEqual(await faults({ fields: { 'a b': ['x'] } }), ['fields type']);
  assert.deepEqual(await faults({ fields: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`f${i}`, ['x']])) }), ['fields type']);
  assert.deepEqual(await faults({ fields: { colour: 'red' } }), ['fields.colour type']);
  assert.deepEqual(await faults({ fields: { colour: [] } }), ['fields.colour type']);
  assert.deepEqual(await faults({ fields: { colour: [{}] } }), ['fields.colour type']);
  assert.deepEqual(await faults({ fields: { since: { from: '0000-00-00' } } }), ['fields.since date']);
  assert.deepEqual(await faults({ fields: { size: { from: 1, or: 2 } } }), ['fields.size type']);
  assert.deepEqual(await faults({ sort: 'priority', after: 'high_1' }), ['after type']);
  assert.deepEqual(await faults({ sort: 'title', after: 'x' }), ['after type']);
  assert.deepEqual(await faults({ list: 'everything', dir: 'up', group: 'x' }), ['list choice', 'group choice', 'dir choice']);
  assert.deepEqual(await titles(w.main, { fields: { "colour": ["'); drop table app.tickets; --"] } }), []);
  assert.deepEqual(await titles(w.main, { fields: { words: { has: "'%s$1\\" } }, type: "'x" }), []);
});

test('V1: every order, both ways, page by page', async () => {
  const pages = async (query, place = 'tickets', session = w.main) => {
    const all = [];
    for (let after; ;) {
      const page = await list(session, { ...query, limit: 2, ...(after ? { after } : {}) }, place);
      all.push(...page.items.map((i) => i.title));
      if (!page.next) return all;
      after = page.next;
    }
  };
  const byTitle = ['=Elsewhere', 'Älg', 'bell', 'Clock', 'door'];
  assert.deepEqual(await pages({ sort: 'title' }), byTitle, 'as dictionaries have it');
  assert.deepEqual(await pages({ sort: 'title', dir: 'desc' }), [...byTitle].reverse());
  assert.deepEqual(await pages({ sort: 'created', dir: 'asc' }), ['Clock', 'Älg', 'bell', 'door', '=Elsewhere']);
  assert.deepEqual(await pages({ sort: 'priority' }), ['bell', 'door', '=Elsewhere', 'Clock', 'Älg']);
  assert.deepEqual(await pages({ sort: 'status', dir: 'asc', list: 'organisation' }), ['Älg', 'Clock', '=Elsewhere', 'bell', 'door']);
  const newest = await pages({});
  assert.deepEqual(await pages({ dir: 'asc' }), [...newest].reverse());
  assert.deepEqual(await pages({ group: 'active' }), newest.filter((t) => t !== 'door'));
  for (const sort of ['created', 'title', 'priority']) assert.equal((await pages({ sort, dir: 'asc' }, 'queue', w.agent)).length, 6, sort);
  // One that changes meanwhile is on no page twice, and the others on none less.
  const first = await list(w.main, { sort: 'priority', limit: 2 });
  await ok(api(w.agent, 'PATCH', `/api/tickets/${n.Clock}`, { priority: 'urgent' }));
  const rest = await list(w.main, { sort: 'priority', limit: 50, after: first.next });
  assert.deepEqual(rest.items.map((i) => i.title), ['=Elsewhere', 'Älg']);
  await ok(api(w.agent, 'PATCH', `/api/tickets/${n.Clock}`, { priority: null }));
});

test('V3: what is hidden matches nothing, counts nothing and sorts nothing', async () => {
  for (const field of ['status', 'priority', 'colour']) await hide(field, 'member');
  const member = (query) => titles(w.member, query);
  assert.deepEqual(await member({ group: 'pending' }), []);
  assert.deepEqual(await member({ priority: 'high' }), []);
  assert.deepEqual(await member({ fields: { colour: ['red'] } }), []);
  assert.deepEqual(await member({ fields: { colour: { from: 3 } } }), [], 'nor does it say of which kind it is');
  assert.equal((await counts(w.member, { fields: { colour: ['red'] } })).lists.all.n, 0);
  const all = await member({ sort: 'priority' });
  assert.deepEqual(all, await titles(w.member, { sort: 'status' }), 'neither order says anything');
  assert.deepEqual((await list(w.member, { sort: 'priority' })).items.map((i) => i.priority), [null, null, null]);
  const choices = await ok(api(w.member, 'GET', '/api/lists/filters'));
  assert.ok(!choices.fields.some((f) => f.key === 'colour') && !choices.status && !choices.priority);
  const file = await csv(w.member, '/api/tickets.csv');
  assert.doesNotMatch(file.text, /Colour|blocked|high|red/);
  // To the main user they are shown.
  assert.deepEqual((await titles(w.main, { fields: { colour: ['red'] } })).sort(), ['=Elsewhere', 'Älg']);
  for (const field of ['status', 'priority', 'colour']) await admin('PATCH', `/api/fields/${field}/policy`, { role: 'member', access: field === 'colour' ? 'edit' : 'view', account: w.id.town });
});

test('V1: unread is what others changed since one has read it', async () => {
  const unread = async (session, place) => (await list(session, {}, place)).items.filter((i) => i.unread).map((i) => i.title).sort();
  const read = async (session, name) => {
    const { ticket } = await ok(api(session, 'GET', `/api/tickets/${n[name]}`));
    await ok(api(session, 'POST', `/api/tickets/${n[name]}/seen`, { at: ticket.desk_updated_at ?? ticket.updated_at }), 201);
  };
  for (const who of ['member', 'second', 'agent']) await ok(api(w[who], 'POST', '/api/lists/seen', {}), 204);
  assert.deepEqual([await unread(w.member), await unread(w.agent, 'queue')], [[], []]);
  await ok(api(w.member, 'POST', `/api/tickets/${n.bell}/comments`, { body: 'Still.' }), 201);
  assert.deepEqual([await unread(w.member), await unread(w.agent, 'queue')], [[], ['bell']], 'not one’s own words');
  await ok(api(w.agent, 'POST', `/api/tickets/${n.bell}/notes`, { body: 'Hm.' }), 201);
  assert.deepEqual(await unread(w.member), [], 'notes are the desk’s');
  assert.deepEqual(await unread(w.admin, 'queue').then((x) => x.includes('bell')), true);
  await ok(api(w.agent, 'POST', `/api/tickets/${n.bell}/comments`, { body: 'We look.' }), 201);
  assert.deepEqual(await unread(w.member), ['bell']);
  assert.deepEqual((await counts(w.member)).unread, { n: 1, more: false });
  assert.deepEqual(await titles(w.member, { unread: 'yes' }), ['bell']);
  assert.deepEqual(await titles(w.member, { unread: 'yes', sort: 'title', list: 'mine' }), ['bell']);
  // A page that was shown before the newest change has not shown it.
  const { ticket } = await ok(api(w.member, 'GET', `/api/tickets/${n.bell}`));
  await ok(api(w.agent, 'POST', `/api/tickets/${n.bell}/comments`, { body: 'Found it.' }), 201);
  await ok(api(w.member, 'POST', `/api/tickets/${n.bell}/seen`, { at: ticket.updated_at }), 201);
  assert.deepEqual(await unread(w.member), ['bell']);
  await ok(api(w.member, 'POST', `/api/tickets/${n.bell}/seen`, { at: '2999-01-01T00:00:00Z' }), 201);
  assert.deepEqual([await unread(w.member), await unread(w.main).then((x) => x.includes('bell'))], [[], true], 'each by themselves');
  await ok(api(w.agent, 'POST', `/api/tickets/${n.bell}/comments`, { body: 'Mended.' }), 201);
  assert.deepEqual(await unread(w.member), ['bell'], 'nobody reads ahead');
  await read(w.member, 'bell');
  assert.deepEqual(await unread(w.member), []);
  for (const at of ['x', '0000-00-00T00:00:00Z__', '2026-13-01T00:00:00Z']) problem(await api(w.member, 'POST', `/api/tickets/${n.bell}/seen`, { at }), 422);
  problem(await api(w.villager, 'POST', `/api/tickets/${n.bell}/seen`, { at: ticket.updated_at }), 404);
  assert.equal(await psql('postgres', `select count(*) from app.seen where tenant_id = ${w.tenant} and ticket_id = ${n.door}`), '0', 'a change writes no rows');
});

test('V1: lists are kept by name, in order, fifty a person', async () => {
  const keep = (name, query = 'group=open', place = 'tickets') => api(w.second, 'POST', '/api/views', { place, name, query });
  const names = (answer) => answer.items.map((v) => v.name);
  await ok(keep('One'), 201);
  await ok(keep('Two', ''), 201);
  await ok(keep('Three 三'), 201);
  const { items } = await ok(keep('Three 三'), 201);
  assert.equal(items.length, 3, 'asked twice it is kept once');
  const [one, two, three] = items.map((v) => v.id);
  assert.deepEqual(names(await ok(api(w.second, 'PATCH', `/api/views/${three}`, { before: one }))), ['Three 三', 'One', 'Two']);
  assert.deepEqual(names(await ok(api(w.second, 'PATCH', `/api/views/${three}`, { before: 0, name: 'Last' }))), ['One', 'Two', 'Last']);
  assert.deepEqual(names(await ok(api(w.second, 'DELETE', `/api/views/${two}`))), ['One', 'Last']);
  assert.deepEqual(names(await ok(api(w.second, 'GET', '/api/views?place=inbox'))), []);
  assert.deepEqual(names(await ok(api(w.member, 'GET', '/api/views?place=tickets'))), [], 'one’s own alone');
  problem(await api(w.member, 'PATCH', `/api/views/${one}`, { name: 'Mine' }), 404);
  problem(await keep(''), 422);
  problem(await keep('x'.repeat(81)), 422);
  problem(await keep('Long', 'x'.repeat(2001)), 422);
  problem(await keep('Spaces', 'a b'), 422);
  problem(await keep('Where', '', 'nowhere'), 422);
  const all = await Promise.all(Array.from({ length: 52 }, (_, i) => keep(`View ${i}`)));
  assert.equal(all.filter((a) => a.status === 201).length, 48);
  assert.deepEqual(problem(all.find((a) => a.status !== 201), 422).errors, [{ field: 'name', code: 'too_many', detail: problem(all.find((a) => a.status !== 201), 422).errors[0].detail }]);
});

test('V1: CSV of a list: what one sees of it, quoted, formulas defused, in one’s language', async () => {
  await open('@"SUM(1,2)"\ttab', w.member, { words: 'two\nlines, "quoted"', size: -4 }).catch(() => {});
  await open('+39 06', w.member, { words: 'two\nlines, "quoted"', size: -4, colour: 'red' });
  const file = await csv(w.main, '/api/tickets.csv?lang=it&sort=title');
  assert.equal(file.status, 200);
  assert.equal(file.headers['content-type'], 'text/csv; charset=utf-8; header=present');
  assert.match(file.headers['content-disposition'], /^attachment; filename="tickets-\d{4}-\d\d-\d\d\.csv"$/);
  assert.ok(file.text.startsWith('\ufeff'), 'marked as UTF-8');
  const lines = file.text.slice(1).split('\r\n');
  assert.equal(lines.pop(), '');
  assert.equal(lines[0], 'Numero,Titolo,Stato,Priorità,Tipo,Aperto da,Assegnato a,Account,Portale,Aperto il,Modificato il,'
    + ['Colour', 'Loud', 'Rooms', 'Since', 'Size', 'Whose', 'Words'].map((x) => `${x} (it)`).join());
  const of = (number) => lines.find((l) => l.startsWith(`${number},`));
  assert.match(of(n['=Elsewhere']), /^\d+,'=Elsewhere,Ricevuto,,Report \(it\),Pupil /, 'in words, not in codes');
  assert.match(of(n['+39 06']), /^\d+,'\+39 06,/);
  assert.ok(of(n['+39 06']).endsWith(',red (it),,,,-4,,"two\nlines, ""quoted"""'), of(n['+39 06']));
  assert.match(of(n['Älg']), new RegExp(`,red \\(it\\),true,"hall \\(it\\), attic \\(it\\)",2026-11-20,3,Second ${w.mark},"It Drips, ""often"""$`));
  assert.match(of(n['Älg']), /,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ,/);
  assert.equal(lines.filter((l) => /^\d+,/.test(l)).length, (await list(w.main, { limit: 100 })).items.length);
  const red = (await csv(w.main, `/api/tickets.csv?${asked({ fields: { colour: ['red'] } })}`)).text;
  assert.equal(red.split('\r\n').length, 3 + 2);
  assert.match((await csv(w.agent, '/api/queue.csv?group=pending&lang=en')).text, /^\ufeffNumber,.*Changed at \(with notes\)/);
  assert.match((await csv(w.partner, '/api/inbox.csv?lang=en')).text, /Who has it/);
  problem(await csv(w.main, '/api/tickets.csv?created_from=0000-00-00'), 422);
  problem(await csv(w.main, '/api/queue.csv'), 403);
  problem(await csv({ ...w.main, cookie: undefined }, '/api/tickets.csv'), 401);
  const head = await api(w.main, 'HEAD', '/api/tickets.csv');
  assert.deepEqual([head.status, head.text], [200, '']);
});

test('V1: one export a person at a time', async () => {
  const key = (x, seed) => `hashtextextended('${x}', ${seed})`;
  const held = psql('postgres', `begin; select pg_advisory_xact_lock(${key(`export/${w.tenant}/${w.people.main.id}`, 0)}); select pg_sleep(2); commit`);
  let answer;
  for (let i = 0; i < 30; i++) {
    answer = await csv(w.main, '/api/tickets.csv');
    if (answer.status === 429) break;
  }
  problem(answer, 429, 'export-busy');
  assert.equal((await csv(w.chief, '/api/tickets.csv')).status, 200, 'others are not kept waiting');
  await held;
  assert.equal((await csv(w.main, '/api/tickets.csv')).status, 200);
});
