// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Tickets over the API: opening, lists, conversation, notes, changes.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { problem } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { api, countRows, get, makeWorld } from './world.mjs';

let w;
before(async () => { w = await makeWorld(); });

const ok = async (answer, status = 200) => {
  answer = await answer;
  assert.equal(answer.status, status, answer.text.slice(0, 400));
  return answer.json;
};
const open = async (title, session = w.member, description = 'x') => (await ok(api(session, 'POST', '/api/tickets', { title, description }), 201)).number;
const reply = (session, number, body, more) => ok(api(session, 'POST', `/api/tickets/${number}/comments`, { body, ...more }), 201);
const note = (number, body) => ok(api(w.agent, 'POST', `/api/tickets/${number}/notes`, { body }), 201);
const read = (session, number) => ok(api(session, 'GET', `/api/tickets/${number}`));
const list = (session, query = '') => ok(api(session, 'GET', `/api/tickets?${query}`));
const queue = (query = '', session = w.agent) => ok(api(session, 'GET', `/api/queue?${query}`));
const change = (number, body, session = w.agent) => ok(api(session, 'PATCH', `/api/tickets/${number}`, body));
const numbers = (page) => page.items.map((t) => t.number);
const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$/;

// All pages of a list; between() runs after each but the last.
async function pages(ask, between = () => {}) {
  const items = [];
  for (let after = ''; ;) {
    const page = await ask(after ? `&after=${after}` : '');
    items.push(...page.items);
    if (!page.next) return items;
    assert.match(page.next, /^\d+_\d+$/);
    after = page.next;
    await between();
    assert.ok(items.length < 500, 'it ends');
  }
}

test('N1: a new ticket, as the person and as an agent see it', async () => {
  const title = 'プリンターが動かない <b>&amp;</b> "now" 🖨';
  const number = await open(title, w.member, 'The **3rd floor** one.\n\n- red light\n- <script>alert(1)</script> [x](javascript:alert(1))');
  const mine = await read(w.member, number);
  assert.deepEqual(Object.keys(mine).sort(), ['comments', 'files', 'incident', 'links', 'more', 'people', 'shared', 'ticket', 'typed']);
  const t = mine.ticket;
  assert.deepEqual({ ...t, created_at: 0, updated_at: 0 }, {
    number, title, status: 'new', group: 'open', priority: null, requester: w.member.person.id, assignee: null,
    account: { id: w.id.town, name: `Town ${w.mark}` }, portal: { id: w.portal.town, name: `Town portal ${w.mark}` },
    desk_updated_at: null, with: `Tenant ${w.mark}`, instead: null, tenant: null,
    can: { reply: true, note: false, edit: false, work: false, escalate: false, share: true }, service_level: false, level: null, asked: null, tags: null, team: null, snoozed: null, form: null, created_at: 0, updated_at: 0,
  });
  assert.match(t.created_at, iso);
  assert.equal(t.updated_at, t.created_at);
  const [c] = mine.comments;
  assert.deepEqual(Object.keys(c).sort(), ['author', 'automatic', 'created_at', 'html', 'id', 'internal']);
  assert.match(c.html, /<strong>3rd floor<\/strong>/);
  assert.match(c.html, /<li>red light<\/li>/);
  assert.doesNotMatch(c.html, /<script|javascript:/);
  assert.deepEqual(mine.people[c.author], { name: `Member ${w.mark}`, side: 'customer' });
  const theirs = await read(w.agent, number);
  assert.deepEqual(theirs.ticket.can, { reply: true, note: true, edit: true, work: true, escalate: false, share: false });
  assert.deepEqual(theirs.comments, mine.comments);
  const [first] = (await queue()).items;
  assert.equal(first.number, number);
  assert.equal(first.account, w.id.town);
  const [row] = (await list(w.member)).items;
  assert.deepEqual(Object.keys(row).sort(), ['account', 'assignee', 'created_at', 'group', 'number', 'priority', 'requester', 'status', 'title', 'unread', 'updated_at']);
});

test('who sees it: requester, main user, partner, desk; nobody else', async () => {
  const number = await open('Seen by few');
  for (const who of ['member', 'main', 'partner']) assert.ok(numbers(await list(w[who])).includes(number), who);
  for (const who of ['second', 'pupil', 'villager', 'agent']) assert.ok(!numbers(await list(w[who])).includes(number), who);
  const village = await open('Of the village', w.villager);
  for (const who of ['member', 'main', 'partner']) problem(await api(w[who], 'GET', `/api/tickets/${village}`), 404);
  assert.equal((await list(w.main, 'requester=me')).items.length, 0);
});

test('numbers count up without a gap, however many come at once', async () => {
  const first = await open('first');
  const many = await Promise.all(Array.from({ length: 20 }, (_, i) => open(`at once ${i}`)));
  assert.deepEqual(many.sort((a, b) => a - b), Array.from({ length: 20 }, (_, i) => first + 1 + i));
});

test('paging stays in step while tickets arrive and change', async () => {
  for (let i = 0; i < 15; i++) await open(`page ${i}`);
  for (const [session, ask] of [
    [w.member, (after) => list(w.member, `limit=7${after}`)],
    [w.main, (after) => list(w.main, `limit=7&group=open${after}`)],
    [w.agent, (after) => queue(`limit=7${after}`)],
    [w.agent, (after) => queue(`limit=7&sort=created${after}`)],
  ]) {
    const before_ = numbers({ items: await pages(ask) });
    assert.ok(before_.length >= 36);
    assert.equal(new Set(before_).size, before_.length);
    const moved = [];
    const walked = numbers({ items: await pages(ask, async () => {
      await open('meanwhile');
      // One that is still to come moves to the front.
      moved.push(before_.at(-2 - moved.length));
      await reply(session, moved.at(-1), 'meanwhile');
    }) });
    assert.equal(new Set(walked).size, walked.length, 'none twice');
    assert.deepEqual(walked.filter((n) => !moved.includes(n)), before_.filter((n) => !moved.includes(n)), 'none missed, in the same order');
  }
});

test('a page holds 50, at most 100, or what was asked for', async () => {
  const have = numbers(await list(w.member, 'limit=100')).length;
  for (let i = have; i < 60; i++) await open(`more ${i}`);
  assert.equal((await list(w.member)).items.length, 50);
  assert.equal((await list(w.member, 'limit=1')).items.length, 1);
  assert.equal((await list(w.main, 'limit=100')).items.length <= 100, true);
  for (const limit of [0, 101, 2147483647]) problem(await api(w.member, 'GET', `/api/tickets?limit=${limit}`), 422, 'invalid');
});

test('lists come newest change first; a filter takes its part', async () => {
  const [a, b, c, d] = [await open('a'), await open('b'), await open('c'), await open('d', w.second)];
  await change(a, { status: 'blocked' });
  await change(b, { status: 'solved', priority: 'urgent', assignee: 'me' });
  await reply(w.agent, c, 'What colour?');
  assert.deepEqual(numbers(await list(w.main, 'limit=4')), [c, b, a, d]);
  for (const [group, statuses, has, not] of [['open', ['new', 'in_progress'], [c, d], [a, b]], ['pending', ['blocked', 'on_hold'], [a], [b, c, d]],
    ['done', ['solved', 'closed', 'closed_escalated'], [b], [a, c, d]]]) {
    for (const page of [await list(w.main, `group=${group}`), await queue(`group=${group}`)]) {
      assert.ok(page.items.every((t) => statuses.includes(t.status) && t.group === group));
      for (const n of has) assert.ok(numbers(page).includes(n), `${group}: ${n}`);
      for (const n of not) assert.ok(!numbers(page).includes(n), `${group}: ${n}`);
    }
  }
  assert.deepEqual(numbers(await list(w.second, 'requester=me')), [d]);
  const mine = await queue('assignee=me');
  assert.deepEqual([...new Set(mine.items.map((t) => t.assignee))], [w.agent.person.id]);
  assert.deepEqual(numbers(await queue(`assignee=${w.agent.person.id}`, w.admin)), numbers(mine));
  assert.ok((await queue('assignee=none')).items.every((t) => t.assignee === null));
  assert.deepEqual(numbers(await queue('priority=urgent&assignee=me&group=done')), [b]);
  const created = (await queue('sort=created')).items.map((t) => t.created_at);
  assert.deepEqual(created, [...created].sort().reverse());
});

test('a conversation: replies, their order, older ones', async () => {
  const number = await open('A long talk', w.member, 'say 0');
  for (let i = 1; i < 120; i++) await reply(i % 2 ? w.agent : w.member, number, `say ${i}`);
  const said = (comments) => comments.map((c) => Number(/say (\d+)/.exec(c.html)[1]));
  const newest = await read(w.member, number);
  assert.deepEqual(said(newest.comments), Array.from({ length: 50 }, (_, i) => 70 + i));
  const older = await ok(api(w.member, 'GET', `/api/tickets/${number}/comments?before=${newest.more}`));
  assert.deepEqual(said(older.comments), Array.from({ length: 50 }, (_, i) => 20 + i));
  await reply(w.agent, number, 'say 120');
  const oldest = await ok(api(w.member, 'GET', `/api/tickets/${number}/comments?before=${older.more}`));
  assert.deepEqual(said(oldest.comments), Array.from({ length: 20 }, (_, i) => i));
  assert.equal(oldest.more, null);
  assert.deepEqual(Object.values(oldest.people).map((p) => p.side).sort(), ['customer', 'support']);
});

test('an internal note leaves no trace for a customer', async () => {
  const [lower, upper] = [await open('lower'), await open('upper')];
  const all = () => Promise.all([list(w.member, 'limit=100'), list(w.main), list(w.partner), read(w.member, lower), read(w.main, lower), read(w.partner, lower),
    api(w.member, 'GET', `/api/tickets/${lower}/comments`).then((a) => a.json)]);
  const before_ = await all();
  const made = await note(lower, `the *truth* ${w.mark}`);
  assert.equal(made.comment.internal, true);
  assert.deepEqual(await all(), before_, 'date, order, conversation and people are as before');
  for (const path of [`/t/${lower}`, '/tickets', '/']) assert.doesNotMatch((await get(w.host.town, path, { cookie: w.member.cookie })).text, /truth/);
  for (const session of [w.agent, w.admin]) {
    const seen = await read(session, lower);
    assert.deepEqual(seen.comments.map((c) => c.internal), [false, true]);
    assert.deepEqual(numbers(await queue('limit=2', session)), [lower, upper], 'it moves the desk\'s queue');
  }
  for (const who of ['member', 'main', 'partner']) problem(await api(w[who], 'POST', `/api/tickets/${lower}/notes`, { body: 'x' }), 403, 'forbidden');
  await reply(w.agent, lower, 'A public word.');
  assert.deepEqual((await read(w.member, lower)).comments.map((c) => c.internal), [false, false]);
  assert.equal(numbers(await list(w.member))[0], lower);
});

test('what answers do to the status', async () => {
  const number = await open('status');
  const status = async () => (await read(w.member, number)).ticket.status;
  await reply(w.member, number, 'more of it');
  assert.equal(await status(), 'new');
  await reply(w.agent, number, 'we look');
  assert.equal(await status(), 'in_progress');
  await reply(w.agent, number, 'what colour?', { status: 'blocked' });
  assert.equal(await status(), 'blocked');
  await note(number, 'he will not know');
  assert.equal(await status(), 'blocked');
  await reply(w.member, number, 'blue');
  assert.equal(await status(), 'in_progress');
  await reply(w.agent, number, 'done', { status: 'solved' });
  await reply(w.member, number, 'no');
  assert.equal(await status(), 'in_progress');
  // A status is not the customer's to set, and the reply is not kept either.
  const rows = await countRows(w);
  const answer = await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'x', status: 'closed' });
  assert.ok([403, 404, 422].includes(answer.status), String(answer.status));
  problem(answer, answer.status);
  assert.equal(await countRows(w), rows);
  assert.equal(await status(), 'in_progress');
});

test('changes by agents', async () => {
  const number = await open('to change');
  const me = w.agent.person.id;
  assert.equal((await change(number, { status: 'on_hold' })).ticket.status, 'on_hold');
  const changed = await change(number, { status: 'closed', priority: 'low', assignee: 'me' });
  assert.deepEqual([changed.ticket.status, changed.ticket.group, changed.ticket.priority, changed.ticket.assignee], ['closed', 'done', 'low', me]);
  assert.equal(changed.people[me].name, `Agent ${w.mark}`);
  assert.equal((await change(number, { assignee: w.admin.person.id })).ticket.assignee, w.admin.person.id);
  const cleared = await change(number, { assignee: null, priority: null });
  assert.deepEqual([cleared.ticket.status, cleared.ticket.priority, cleared.ticket.assignee], ['closed', null, null]);
  const rows = await countRows(w);
  const before_ = await read(w.agent, number);
  const bad = [
    [{ status: 'done' }, 'status'], [{ status: 'NEW' }, 'status'], [{ status: '' }, 'status'], [{ status: 1 }, 'status'], [{ status: ['new'] }, 'status'],
    [{ priority: 'highest' }, 'priority'], [{ priority: 3 }, 'priority'], [{ assignee: 'x' }, 'assignee'], [{ assignee: '1' }, 'assignee'],
    [{ assignee: 1 }, 'assignee'], [{ assignee: w.member.person.id }, 'assignee'], [{ assignee: 1.5 }, 'assignee'], [{ assignee: -1 }, 'assignee'],
    [{ assignee: 9007199254740993 }, 'assignee'], [{ title: 'x' }, 'title'], [{ at_desk: false }, 'at_desk'], [{ updated_at: 'x', status: 'new' }, 'updated_at'],
  ];
  for (const [body, field] of bad) {
    const p = problem(await api(w.agent, 'PATCH', `/api/tickets/${number}`, body), 422, 'invalid');
    assert.deepEqual(p.errors.map((e) => e.field), [field], JSON.stringify(body));
  }
  for (const body of [{}, undefined]) assert.match(problem(await api(w.agent, 'PATCH', `/api/tickets/${number}`, body), 422, 'invalid').detail, /16 kB/);
  const long = problem(await api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'solved', priority: 'x'.repeat(16_400) }), 413, 'too-large');
  assert.match(long.detail, /16 kB/);
  assert.equal(await countRows(w), rows);
  assert.deepEqual(await read(w.agent, number), before_);
});

test('a preview shows what would be, and stores nothing', async () => {
  const rows = await countRows(w);
  const preview = async (body) => (await ok(api(w.member, 'POST', '/api/preview', { body }))).html;
  assert.equal(await preview('Hello *you*'), '<p>Hello <em>you</em></p>');
  assert.match(await preview('- a\n- b'), /<ul>\s*<li>a<\/li>\s*<li>b<\/li>\s*<\/ul>/);
  for (const bad of ['<img src=x onerror=alert(1)>', '[x](javascript:alert(1))', '<svg onload=alert(1)>', '![x](data:text/html;base64,PHN2Zz4=)', '<!--', '<style>*{}</style>',
    '<a href="vbscript:x">x</a>', '[x](<  javascript:x>)', '&lt;script&gt;', '`<script>`']) {
    assert.doesNotMatch(await preview(bad), /<(script|svg|style|!--|[a-z]+ [^>]*(onerror|src="data:|href="(javascript|vbscript)))/i, bad);
  }
  assert.equal(await countRows(w), rows);
  const number = await open('as previewed', w.member, 'Hello *you*');
  assert.equal((await read(w.member, number)).comments[0].html, await preview('Hello *you*'));
});

test('who leaves the staff leaves their open tickets to nobody, each by an event', async () => {
  const own = await makeWorld({ only: ['member', 'agent', 'admin'] });
  const [theirs, done, admins] = [await open('Theirs', own.member), await open('Done', own.member), await open('Another\'s', own.member)];
  for (const number of [theirs, done]) await change(number, { assignee: 'me', status: number === done ? 'solved' : 'in_progress' }, own.agent);
  await change(admins, { assignee: 'me' }, own.admin);
  const { items } = await ok(api(own.admin, 'GET', '/api/people'));
  const [{ id }] = items.find((p) => p.id === own.people.agent.id).roles;
  assert.equal((await api(own.admin, 'DELETE', `/api/memberships/${id}`)).status, 204);
  await until('nobody has it', async () => numbers(await queue('assignee=none', own.admin)).includes(theirs));
  assert.deepEqual(numbers(await queue('assignee=none', own.admin)), [theirs]);
  const { ticket } = await read(own.admin, theirs);
  assert.deepEqual([ticket.assignee, ticket.status], [null, 'in_progress']);
  assert.deepEqual([(await read(own.admin, done)).ticket.assignee, (await read(own.admin, admins)).ticket.assignee], [own.people.agent.id, own.people.admin.id]);
  assert.equal((await read(own.member, theirs)).ticket.assignee, null, 'the customer sees it too');
  assert.equal(await psql('postgres', `select string_agg(data::text, ' ' order by id) from app.events
    where tenant_id = ${own.tenant} and ticket_id = ${theirs} and kind = 'ticket.changed' and id > (select max(id) from app.events where tenant_id = ${own.tenant} and kind = 'staff.ended')`),
  `{"assignee": [${own.people.agent.id}, null]}`);
});
