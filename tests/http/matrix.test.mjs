// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who sees what, by HTTP: people of each role at several hosts × lists, counts,
// searches, CSV, autocomplete, direct addresses and live hints, against an oracle
// that knows what was done here and reads nothing of the database. tests/sql/matrix.sql is the
// same at more data, below the API. SEED=n draws it again.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { before, test } from 'node:test';
import { bring } from '../lib/files.mjs';
import { psql, until } from '../lib/instance.mjs';
import { listen } from '../lib/listen.mjs';
import { api, get, newMark } from './world.mjs';

const seed = Number(process.env.SEED ?? randomInt(1e9));
console.log(`# SEED=${seed}`);
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const anyOf = (list) => list[below(list.length)];
const someOf = (list, n) => list.map((x) => [random(), x]).sort((a, b) => a[0] - b[0]).slice(0, n).map(([, x]) => x);

// ---- the world -------------------------------------------------------------------

// Accounts 0 to 5 with a top-level portal and perhaps one below; 5 is a partner,
// who looks after 0 and 1 and has the reports of 0 first; what is opened in 2, all
// of it see.
const mark = newMark();
const secret = `secretly-${mark}`;
const id = () => randomInt(1, 2 ** 48 - 1);
const tenant = id();
const desk = { id: id(), host: `desk-${mark}.localhost`, account: null };
const accounts = Array.from({ length: 6 }, (_, n) => ({ n, id: id(), name: `${'Alder Birch Cedar Dogwood Elder Helpers'.split(' ')[n]} ${mark}` }));
const partner = accounts[5];
for (const a of accounts) {
  a.partner = a.n < 2 ? partner : null;
  a.partnerFirst = a.n === 0;
  a.everybody = a.n === 2;
  a.contact = `contact${a.n}@contacts.example`;
}
const portals = accounts.flatMap((account) => {
  const top = { id: id(), host: `top${account.n}-${mark}.localhost`, account, top: true };
  return account.n < 4 ? [top, { id: id(), host: `sub${account.n}-${mark}.localhost`, account, parent: top }] : [top];
});
const people = [];
const memberships = [];
function person(...roles) {
  const n = people.length;
  const p = { id: id(), name: `${anyOf(['Ann', 'Bea', 'Cleo'])} ${['Ostman', 'Berg', 'Dahl'][n % 3]} ${n} ${mark}`, email: `p${n}@people.example`, token: randomBytes(32) };
  people.push(p);
  for (const [role, account, portal] of roles) memberships.push({ id: id(), person: p, role, account: account ?? null, portal: portal ?? null });
  return p;
}
const subOf = (account) => portals.find((po) => po.account === account && po.parent);
for (let i = 0; i < 2; i++) person(['tenant_admin']);
for (let i = 0; i < 3; i++) person(['agent'], ...(i ? [] : [['member', accounts[3]]]));
for (let i = 0; i < 3; i++) person(['partner', partner], ...(i ? [] : [['member', accounts[2]]]));
for (const account of accounts.slice(0, 5)) {
  for (let i = 0; i < 2; i++) person(['account_admin', account]);
  for (const role of ['main_user', 'member', 'member']) person([role, account], ...(random() < 0.3 ? [['member', accounts[(account.n + 1) % 5]]] : []));
  const sub = subOf(account);
  if (sub) for (const role of ['portal_admin', 'member']) person([role, account, sub]);
}
// Who came and was in nothing yet, whatever is drawn.
const newcomer = person(['member', accounts[4]]);
const invitations = memberships.filter((_, n) => n % 4 === 1).map((m, n) => ({ id: id(), by: m.person, account: m.account, email: `invited${n}@people.example` }));

const quote = (v) => (v === null ? 'null' : typeof v === 'string' ? `'${v}'` : String(v));
const insert = (table, columns, rows) => `insert into app.${table} (tenant_id, ${columns}) values ${rows.map((r) => `(${[tenant, ...r].map(quote).join(', ')})`).join(', ')};`;
const inTenant = (...statements) => psql('postgres', ['begin;', `select auth.set_context(${tenant}, null, null, null, null, 0::smallint, '{}', false);`, ...statements, 'commit;'].join('\n'));
const insertMembership = (m) => insert('memberships', 'id, person_id, role, account_id, portal_id', [[m.id, m.person.id, m.role, m.account?.id ?? null, m.portal?.id ?? null]]);

async function makePlaces() {
  await psql('postgres', `insert into app.tenants (tenant_id, slug, name) values (${tenant}, 't-${mark}', 'Tenant ${mark}')`);
  await inTenant(
    insert('ticket_counters', 'last', [[0]]),
    insert('accounts', 'id, name, is_partner, partner_id, routing, by_partner', [...accounts].reverse().map((a) => [a.id, a.name, a === partner, a.partner?.id ?? null, a.partnerFirst ? 2 : 1, a.n === 0])),
    insert('support_contacts', 'account_id, email', accounts.map((a) => [a.id, a.contact])),
    insert('portals', 'id, account_id, parent_id, name', [[desk.id, null, null, 'Desk'], ...portals.map((po) => [po.id, po.account.id, po.parent?.id ?? null, `Portal of ${po.account.name}`])]),
    insert('hosts', 'host, portal_id', [desk, ...portals].map((po) => [po.host, po.id])),
    // At the customer's own host there are no tickets.
    insert('hosts', 'host, portal_id, is_canonical, has_tickets', portals.map((po) => [`own-${po.host}`, po.id, false, false])),
    insert('settings', 'scope, account_id, name, value', accounts.filter((a) => a.everybody).map((a) => [a.id * 2, a.id, 'share_new_tickets', 'yes'])));
}
async function makePeople() {
  await inTenant(
    insert('people', 'id, email, name', people.map((p) => [p.id, p.email, p.name])),
    ...memberships.map(insertMembership),
    insert('sessions', 'person_id, token_hash, expires_at', people.map((p) => [p.id, `\\x${createHash('sha256').update(p.token).digest('hex')}`, '2100-01-01'])),
    `insert into app.confirmations (tenant_id, person_id, portal_id, email) select ${tenant}, p.id, po.id, p.email
      from app.people p join app.portals po on po.tenant_id = p.tenant_id where p.tenant_id = ${tenant};`,
    insert('invitations', 'id, email, role, account_id, portal_id, invited_by, expires_at', invitations.map((i) =>
      [i.id, i.email, i.account ? 'member' : 'agent', i.account?.id ?? null, (i.account ? portals.find((po) => po.account === i.account && po.top) : desk).id, i.by.id, '2100-01-01'])));
}

const session = (p, host) => ({ host, scheme: 'https', cookie: `__Host-sid=${p.token.toString('base64url')}`, person: p });
const of = (p) => memberships.filter((m) => m.person === p);
const belongs = (p, account) => of(p).some((m) => m.account === account);
const is = (p, role, account) => of(p).some((m) => m.role === role && (!account || m.account === account));
const isStaff = (p) => of(p).some((m) => !m.account);
const mayEnter = (p, po) => of(p).some((m) => m.account === po.account && (!m.portal || m.portal === po));

const tickets = [];
async function send(p, host, method, path, body) {
  const answer = await api(session(p, host), method, path, body);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.status === 204 ? null : answer.json;
}
async function openTickets(n) {
  const ways = people.filter((p) => p !== newcomer).flatMap((p) => portals.filter((po) => mayEnter(p, po)).map((po) => [p, po]));
  for (let i = 0; i < n; i++) {
    const [p, po] = anyOf(ways);
    const cc = random() < 0.3 ? someOf(people.filter((x) => x !== p && x !== newcomer && belongs(x, po.account) && !isStaff(x)), 2) : [];
    const title = `Ticket-${i}-${mark}${i % 3 ? '' : ' kiwi'}`;
    const file = random() < 0.5 ? await bring(session(p, po.host), `file ${i}`, Buffer.from(title)) : null;
    const { number } = await send(p, po.host, 'POST', '/api/tickets', { title, description: 'x', ...(file ? { files: [file] } : {}), ...(cc.length ? { cc: cc.map((x) => x.email) } : {}) });
    tickets.push({ number, title, requester: p, portal: po, account: po.account, inside: new Set([p, ...cc]), atDesk: !po.account.partnerFirst, status: 'new', notes: 0, replies: 1, file, noted: null });
  }
}
async function workOnThem() {
  for (const t of tickets) {
    if (!t.atDesk && random() < 0.4) {
      await send(anyOf(people.filter((p) => is(p, 'partner', partner))), portals.find((po) => po.account === partner).host, 'POST', `/api/tickets/${t.number}/escalation`);
      t.atDesk = true;
    }
    const agent = anyOf(people.filter(isStaff));
    if (t.atDesk && random() < 0.5) {
      t.noted = random() < 0.5 ? await bring(session(agent, desk.host), 'noted', Buffer.from(secret)) : null;
      await send(agent, desk.host, 'POST', `/api/tickets/${t.number}/notes`, { body: secret, ...(t.noted ? { files: [t.noted] } : {}) });
      t.notes++;
    }
    if (t.atDesk && random() < 0.4) {
      t.status = anyOf(['blocked', 'solved']);
      await send(agent, desk.host, 'PATCH', `/api/tickets/${t.number}`, { status: t.status });
    }
  }
}
// Who belongs to an account no more loses what they were in there; who comes back
// has what they opened.
function settle(p) {
  for (const t of tickets) {
    if (!isStaff(p) && !belongs(p, t.account)) t.inside.delete(p);
    if (t.requester === p && belongs(p, t.account)) t.inside.add(p);
  }
}
async function move() {
  const plain = memberships.filter((m) => m.account && m.person !== newcomer && m.role !== 'partner' && m.role !== 'account_admin');
  for (const [n, m] of someOf(plain, 10).entries()) {
    if (n < 4) {
      memberships.splice(memberships.indexOf(m), 1);
      await inTenant(`delete from app.memberships where tenant_id = ${tenant} and id = ${m.id};`);
    } else if (n < 7) {
      Object.assign(m, { account: accounts[(m.account.n + 1) % 5], portal: null, role: 'main_user' });
      await inTenant(`update app.memberships set account_id = ${m.account.id}, portal_id = null, role = 'main_user' where tenant_id = ${tenant} and id = ${m.id};`);
    }
    settle(m.person);
    if (n < 2 || n > 6) {
      const next = { id: id(), person: m.person, role: n < 2 ? 'member' : 'main_user', account: n < 2 ? m.account : accounts[(m.account.n + 2) % 5], portal: null };
      if (memberships.some((x) => x.person === next.person && x.account === next.account && x.role === next.role && !x.portal)) continue;
      memberships.push(next);
      await inTenant(insertMembership(next));
      settle(m.person);
    }
  }
}

// Support at the top-level portal of account 2 and below account 3.
const support = [];
async function letIn() {
  for (const [n, scope] of [[2, 'top'], [3, String(subOf(accounts[3]).id)]]) {
    const admin = people.find((p) => is(p, 'account_admin', accounts[n]));
    const agent = people.filter(isStaff)[n];
    const portal = n === 2 ? portals.find((po) => po.account === accounts[n] && po.top) : subOf(accounts[n]);
    const grant = await send(admin, portals.find((po) => po.account === accounts[n] && po.top).host, 'POST', '/api/access/grants',
      { scope, ends_at: new Date(Date.now() + 3_600_000).toISOString(), reason: 'x' });
    const url = new URL((await send(agent, desk.host, 'POST', `/api/grants/${grant.id}/entries`)).url);
    const cookie = (await get(url.hostname, url.pathname)).headers['set-cookie'].find((c) => c.startsWith('__Host-support=')).split(';')[0];
    support.push({ id: grant.id, by: admin, account: accounts[n], portal, agent, session: { host: url.hostname, scheme: 'https', cookie, person: agent } });
  }
}

before(async () => {
  await makePlaces();
  await makePeople();
  await openTickets(90);
  await workOnThem();
  await move();
  await letIn();
  // What was written is found.
  await until('it is taken in', async () => await psql('postgres', `select (select count(*) from app.event_queue where tenant_id = ${tenant})
    + (select count(*) from app.search_queue where tenant_id = ${tenant})`) === '0');
});

// ---- the oracle ------------------------------------------------------------------

// A place: { p, portal, own: a host without tickets, grant }.
const atDesk = (at) => at.portal === desk;
const isBoss = (at) => atDesk(at) && is(at.p, 'tenant_admin');
function own(at, t) {
  if (at.own || at.grant) return false;
  return t.inside.has(at.p) || is(at.p, 'main_user', t.account) || is(at.p, 'account_admin', t.account)
    || (t.account.partner !== null && is(at.p, 'partner', t.account.partner)) || (t.account.everybody && belongs(at.p, t.account));
}
const sees = (at, t) => own(at, t) || (atDesk(at) && t.atDesk);
const admins = (at, account) => !at.grant && account !== null && is(at.p, 'account_admin', account);
const adminsPortal = (at, po) => admins(at, po.account) || (!at.grant && of(at.p).some((m) => m.role === 'portal_admin' && m.portal === po));
const looksAfter = (at, account) => isBoss(at) || (!at.grant && account.partner !== null && is(at.p, 'partner', account.partner));
const member = (at, account) => !at.own && !at.grant && account !== null && belongs(at.p, account);
const readable = (at) => portals.filter((po) => po.account === at.portal.account && (adminsPortal(at, po) || at.grant?.portal === po));
const isWhole = (at) => isBoss(at) || admins(at, at.portal.account) || at.grant?.portal.top === true;
const found = (list) => list.filter((p) => p.name.includes(' Ostman ')).sort((a, b) => (a.name < b.name ? -1 : 1)).map((p) => p.id);
const unique = (list) => [...new Set(list)];
const peopleOf = (account, where = () => true) => unique(memberships.filter((m) => m.account === account && where(m)).map((m) => m.person));
const peopleHere = (at) => peopleOf(at.portal.account, (m) => !at.grant || m.portal === at.grant.portal || (at.grant.portal.top && !m.portal) || m.person === at.p);
const ids = (list) => list.map((x) => x.id);
const numbers = (list) => list.map((t) => t.number);

// What somebody is to get there: [path, needs tickets, the list wanted or the status
// of the refusal, how to read it].
const items = (field = 'id', list = 'items') => (j) => j[list].map((x) => x[field]);
const scopes = (j) => [...j.scopes.portals.map((x) => x.id), ...(j.scopes.whole ? ['whole'] : [])];
function lists(at) {
  const here = at.portal.account;
  const mine = tickets.filter((t) => own(at, t));
  const all = tickets.filter((t) => sees(at, t));
  const queue = tickets.filter((t) => t.atDesk);
  const near = accounts.filter((a) => looksAfter(at, a));
  const scope = isWhole(at) || readable(at).length ? [...ids(readable(at)), ...(isWhole(at) ? ['whole'] : [])] : 403;
  const cares = accounts.filter((a) => a.partner && !at.own && is(at.p, 'partner', a.partner) && !at.grant);
  const partners = peopleOf(partner, (m) => m.role === 'partner');
  return [
    ['/api/tickets?limit=100', true, numbers(mine), items('number')],
    ['/api/tickets?limit=100&group=open', true, numbers(mine.filter((t) => t.status === 'new')), (j) => j.items.filter((i) => i.status === 'new').map((i) => i.number)],
    ['/api/tickets?limit=100&group=pending', true, numbers(mine.filter((t) => t.status === 'blocked')), items('number')],
    ['/api/tickets?limit=100&group=done', true, numbers(mine.filter((t) => t.status === 'solved')), items('number')],
    ['/api/tickets?limit=100&requester=me', true, numbers(mine.filter((t) => t.requester === at.p)), items('number')],
    ['/api/queue?limit=100', true, atDesk(at) ? numbers(queue) : 403, items('number')],
    ['/api/queue?limit=100&group=done', true, atDesk(at) ? numbers(queue.filter((t) => t.status === 'solved')) : 403, items('number')],
    ['/api/inbox?limit=100', true, numbers(tickets.filter((t) => cares.includes(t.account))), items('number')],
    [`/api/inbox?limit=100&account=${accounts[1].id}`, true, numbers(tickets.filter((t) => cares.includes(accounts[1]) && t.account === accounts[1])), items('number')],
    ['/api/search?limit=50&q=kiwi', true, numbers(all.filter((t) => t.title.endsWith('kiwi'))), items('number')],
    ['/api/search?limit=50&q=file%20kiw', true, numbers(all.filter((t) => t.file && t.title.endsWith('kiwi'))), items('number')],
    [`/api/search?limit=50&q=${secret}`, true, atDesk(at) ? numbers(all.filter((t) => t.notes)) : [], items('number')],
    ['/api/accounts', true, near.map((a) => `${a.id} ${all.filter((t) => t.account === a && t.status !== 'solved').length}`), (j) => j.items.map((a) => `${a.id} ${a.open}`)],
    ['/api/accounts?q=bir', true, ids(near.filter((a) => a.name.startsWith('Bir'))), items()],
    ['/api/accounts/where', true, isBoss(at) ? [partner.id] : [], items()],
    ['/api/agents', true, atDesk(at) ? ids(peopleOf(null)) : 403, items()],
    ['/api/grants', true, atDesk(at) ? ids(support) : 403, items('id', 'grants')],
    ['/api/colleagues?q=ost', true, member(at, here) ? found(peopleOf(here).filter((p) => p !== at.p)) : 403, items()],
    ['/api/people', false, isWhole(at) || at.grant ? ids(peopleHere(at)) : 403, items()],
    ['/api/people?q=BERG', false, isWhole(at) || at.grant ? ids(peopleHere(at).filter((p) => p.name.includes('Berg'))) : 403, items()],
    ['/api/invitations', false, ids(invitations.filter((i) => i.account === here && (i.by === at.p || (isWhole(at) && !at.grant)))), items()],
    ['/api/contacts', false, admins(at, here) ? [here.contact] : 404, items('email', 'contacts')],
    ['/api/contacts/found?q=ost', false, isBoss(at) || (here === partner && is(at.p, 'partner') && !at.grant) ? found(partners) : 403, items()],
    ['/api/portals', false, readable(at).length ? ids(readable(at)) : 403, items('id', 'portals')],
    ['/api/hosts', false, isBoss(at) ? [desk.id] : readable(at).length ? ids(readable(at)) : 403, items('id', 'portals')],
    ['/api/settings', false, scope, scopes],
    ['/api/look', false, scope, scopes],
    ['/api/providers', false, isBoss(at) || admins(at, here) ? [] : 403, items('id', 'providers')],
    ['/api/access', false, admins(at, here) ? ids(support.filter((g) => g.account === here)) : 403, items('id', 'grants')],
    ['/api/identifiers', false, here ? [at.portal.id] : 404, (j) => [j.portal.id]],
  ];
}
// One after another: nobody has two at once.
const rows = (text) => text.split('\r\n').slice(1, -1).map((line) => Number(line.split(',')[0]));
function files(at) {
  const cares = accounts.filter((a) => a.partner && !at.own && is(at.p, 'partner', a.partner) && !at.grant);
  return [
    ['/api/tickets.csv', true, numbers(tickets.filter((t) => own(at, t))), rows],
    ['/api/queue.csv', true, atDesk(at) ? numbers(tickets.filter((t) => t.atDesk)) : 403, rows],
    ['/api/inbox.csv', true, numbers(tickets.filter((t) => cares.includes(t.account))), rows],
  ];
}
function addresses(at, t) {
  const { number, account, portal } = t;
  const seen = sees(at, t);
  const known = looksAfter(at, account);
  const mayRead = readable(at).includes(portal);
  const texts = t.replies + (atDesk(at) ? t.notes : 0);
  return [
    [`/api/tickets/${number}`, true, seen ? [t.title, texts, ...ids([...t.inside]).sort()] : 404, (j) => [j.ticket.title, j.comments.length, ...j.shared.sort()]],
    [`/api/tickets/${number}/comments`, true, seen ? Array(texts).fill('x') : 404, (j) => j.comments.map(() => 'x')],
    [`/api/tickets/${number}`, true, seen ? [t.file, atDesk(at) && t.noted].filter(Boolean) : 404, items('id', 'files')],
    ...(t.file ? [[`/api/tickets/${number}/files/${t.file}`, true, seen ? null : 404]] : []),
    ...(t.noted ? [[`/api/tickets/${number}/files/${t.noted}`, true, seen && atDesk(at) ? null : 404]] : []),
    [`/t/${number}`, true, seen ? null : 404],
    [`/agent/t/${number}`, true, !atDesk(at) ? 403 : seen ? null : 404],
    [`/api/tickets/${number}/access`, true, !atDesk(at) ? 403 : t.atDesk ? ids(support.filter((g) => g.account === account)) : 404, items('id', 'grants')],
    [`/api/colleagues?q=ost&ticket=${number}`, true, seen && member(at, account) ? found(peopleOf(account).filter((p) => p !== at.p)) : 403, items()],
    [`/api/accounts/${account.id}`, true, known ? [...ids(portals.filter((po) => po.account === account)), account.contact] : 404,
      (j) => [...items('id', 'portals')(j), ...items('email', 'contacts')(j)]],
    [`/api/people?account=${account.id}`, false, admins(at, account) ? ids(peopleOf(account)) : at.grant?.account === account ? ids(peopleHere(at)) : 403, items()],
    [`/api/settings?portal=${portal.id}`, false, mayRead ? [portal.id] : account === at.portal.account ? 403 : 404, (j) => [j.at]],
    [`/api/look?portal=${portal.id}`, false, mayRead ? [portal.id] : account === at.portal.account ? 403 : 404, (j) => [j.at]],
  ];
}

// ---- the comparison --------------------------------------------------------------

const shown = new Map();
const hidden = new Map();
const count = (map, path) => map.set(path, (map.get(path) ?? 0) + 1);
const kind = (path) => path.replace(/\d{2,}|(?<=\/)\d+|(?<=ticket=)\d+/g, ':id');
const byText = (a, b) => (String(a) < String(b) ? -1 : 1);

async function compare(at, [path, needsTickets, wanted, read]) {
  const answer = await get(at.session.host, path, { cookie: at.session.cookie, headers: { 'X-Sportello': '1' } });
  const name = `${at.name}: ${path}`;
  // Whatever it is, it names no ticket that is not theirs, and no note.
  for (const [title] of answer.text.matchAll(new RegExp(`Ticket-\\d+-${mark}`, 'g'))) {
    assert.ok(tickets.some((t) => t.title.split(' ')[0] === title && sees(at, t)), `${name} names ${title}`);
  }
  if (!atDesk(at)) assert.ok(!answer.text.includes(secret), `${name} shows a note`);
  if (at.own && needsTickets) {
    assert.equal(answer.status, path.startsWith('/api/') ? 403 : 303, `${name}: ${answer.status}`);
  } else if (typeof wanted === 'number') {
    assert.equal(answer.status, wanted, `${name}: ${answer.text.slice(0, 300)}`);
    count(hidden, kind(path));
  } else {
    assert.equal(answer.status, 200, `${name}: ${answer.text.slice(0, 300)}`);
    if (wanted) assert.deepEqual(read(path.endsWith('.csv') ? answer.text : answer.json).sort(byText), [...wanted].sort(byText), name);
    count(!wanted || wanted.length ? shown : hidden, kind(path));
  }
}
async function look(at) {
  const theirs = someOf(tickets.filter((t) => sees(at, t)), 2);
  const tried = [...theirs, ...someOf(tickets.filter((t) => !sees(at, t)), 2)];
  const exported = (async () => { for (const ask of files(at)) await compare(at, ask); })();
  await Promise.all([exported, ...[...lists(at), ...tried.flatMap((t) => addresses(at, t)), ['/', false, null], ['/tickets', true, null]].map((ask) => compare(at, ask))]);
}
const place = (p, portal, more = {}) => ({ p, portal, ...more, session: session(p, `${more.own ? 'own-' : ''}${portal.host}`),
  name: `${of(p).map((m) => m.role).join('+')} ${p.email} at ${more.own ? 'own-' : ''}${portal.host}` });

const roles = ['tenant_admin', 'agent', 'partner', 'account_admin', 'portal_admin', 'main_user', 'member'];
for (const role of roles) {
  test(`G2: what a person sees who is ${role}, wherever they may be`, async () => {
    const all = people.filter((p) => is(p, role));
    // Three of them, one of those who let support in; each where they are it, and
    // at two other places of theirs.
    const some = someOf(all, 3).concat(all.filter((p) => support.some((g) => g.by === p)).slice(0, 1));
    for (const p of some) {
      const places = [desk, ...portals].filter((po) => mayEnter(p, po));
      const first = places.find((po) => of(p).some((m) => m.role === role && m.account === po.account && (!m.portal || m.portal === po)));
      for (const po of [first, ...someOf(places.filter((x) => x !== first), 2)]) await look(place(p, po));
      const own = anyOf(places);
      if (own !== desk) await look(place(p, own, { own: true }));
      // The door is closed everywhere else.
      for (const po of someOf([desk, ...portals].filter((x) => !mayEnter(p, x)), 3)) {
        for (const path of ['/api/tickets', `/api/tickets/${anyOf(tickets).number}`, '/api/people', '/api/settings']) {
          assert.equal((await api(session(p, po.host), 'GET', path)).status, 401, `${p.email} at ${po.host}`);
        }
      }
    }
  });
}

test('G2, G3: what support sees under a grant', async () => {
  for (const g of support) await look({ p: g.agent, portal: g.portal, grant: g, session: g.session, name: `support at ${g.portal.host}` });
});

test('V7: who hears of a ticket is who sees it, and of a note the desk alone', async () => {
  const places = people.map((p) => (isStaff(p) ? desk : portals.find((po) => mayEnter(p, po)))).map((po, n) => po && place(people[n], po)).filter(Boolean);
  for (const g of support) assert.equal((await listen(g.session)).status, 403, 'support does not listen');
  const ears = await Promise.all(places.map((at) => listen(at.session)));
  try {
    for (const [n, e] of ears.entries()) assert.equal(e.status, 200, places[n].name);
    // Each third ticket has a note; the last one comes behind all others.
    const last = tickets.find((t) => t.atDesk);
    const happen = (list) => psql('postgres', `with e as (insert into app.events (tenant_id, kind, ticket_id)
      select ${tenant}, kind, id from (values ${list.map(([t, kind]) => `(${t.number}, '${kind}')`).join(', ')}) v (id, kind) returning id)
      insert into app.event_queue (tenant_id, event_id) select ${tenant}, id from e`);
    const isNote = (t) => tickets.indexOf(t) % 3 === 1;
    const all = tickets.filter((t) => t !== last);
    await happen(all.map((t) => [t, isNote(t) ? 'ticket.noted' : 'ticket.replied']));
    await until('all is told', async () => await psql('postgres', `select count(*) from app.event_queue where tenant_id = ${tenant}`) === '0');
    await happen([[last, 'ticket.replied']]);
    const hears = (at, t) => (isNote(t) && t !== last ? atDesk(at) && t.atDesk : sees(at, t));
    const quiet = (at) => !sees(at, last);
    await until('everybody who sees the last one heard of it', () => places.every((at, n) => quiet(at) || ears[n].hints.some((h) => h.ticket === last.number)));
    let told = 0;
    for (const [n, at] of places.entries()) {
      const heard = [...new Set(ears[n].hints.map((h) => h.ticket))].sort((a, b) => a - b);
      assert.deepEqual(heard, numbers(tickets.filter((t) => hears(at, t))).sort((a, b) => a - b), at.name);
      told += heard.length;
    }
    assert.ok(told > 200 && !ears[places.findIndex((at) => at.p === newcomer)].hints.length, `${told} hints, none of them who sees no ticket`);
  } finally {
    for (const ear of ears) ear.close();
  }
});

test('each list and address was seen by some and not by others', () => {
  const everybody = ['/', '/tickets', '/api/identifiers'];
  const nobody = ['/api/providers'];
  const asked = new Set([...shown.keys(), ...hidden.keys()]);
  assert.ok(asked.size >= 41, [...asked].join(' '));
  assert.deepEqual([...asked].filter((path) => !shown.has(path) && !nobody.includes(path)), []);
  assert.deepEqual([...asked].filter((path) => !hidden.has(path) && !everybody.includes(path)), []);
});
