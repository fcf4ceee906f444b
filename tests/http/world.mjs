// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A tenant of a test's own, so that files can run in any order, again and
// again, without a look at the demo. Everything that a person can read of it
// holds its mark: a body with another tenant's mark is a leak.
//
//   const w = await makeWorld();
//   await api(w.member, 'POST', '/api/tickets', { title, description });
//
// Accounts: Town (whose partner is Helpers), Village. Portals: the desk, one an
// account, and a school below Town. People, each with a session:
//   member, second   members of Town          main       main user of Town
//   pupil            member of the school     villager   member of Village
//   partner          staff of Helpers         agent, admin   at the desk
//   chief            account_admin of Town
import { createHash, randomBytes, randomInt } from 'node:crypto';
import https from 'node:https';
import { api as plainApi, request as plainRequest } from '../lib/http.mjs';
import { psql, until, workers } from '../lib/instance.mjs';

// The certificate names *.localhost; Node refuses a wildcard that high up.
const agent = new https.Agent({ keepAlive: true, maxSockets: 64, checkServerIdentity: () => undefined });
const via = (options) => (options?.scheme === 'http' || options?.agent ? options : { agent, ...options });
export const request = (host, method, path, options) => plainRequest(host, method, path, via(options));
export const get = (host, path, options) => request(host, 'GET', path, options);
export const api = (session, method, path, body, options) => plainApi(session, method, path, body,
  session.scheme === 'http' ? options : via(options));

export const password = 'correct horse battery staple';
// argon2id (1 pass, 8 MiB) of that password with that salt, then sha256.
const salt = '000102030405060708090a0b0c0d0e0f';
const verifier = 'a8884fa14b6d86364cf674b0d33a8761f8bd767935ff694b6368b71eed49b3f2';

const newId = () => randomInt(1, 2 ** 48 - 1);
export const newMark = () => `q${randomBytes(5).toString('hex')}`;

const roles = {
  member: ['town', 'member', 'town'],
  second: ['town', 'member', 'town'],
  main: ['town', 'main_user', 'town'],
  pupil: ['school', 'member', 'town', 'school'],
  villager: ['village', 'member', 'village'],
  partner: ['helpers', 'partner', 'helpers'],
  chief: ['town', 'account_admin', 'town'],
  agent: ['desk', 'agent'],
  admin: ['desk', 'tenant_admin'],
};

// `only`: the names of the people to make.
export async function makeWorld({ only = Object.keys(roles), locale = {} } = {}) {
  const mark = newMark();
  const id = Object.fromEntries(['tenant', 'town', 'village', 'helpers'].map((name) => [name, newId()]));
  const portal = Object.fromEntries(['desk', 'town', 'school', 'village', 'helpers'].map((name) => [name, newId()]));
  const host = Object.fromEntries(Object.keys(portal).map((name) => [name, `${name}-${mark}.localhost`]));
  const world = { mark, tenant: id.tenant, id, portal, host, people: {} };
  const lines = [];
  const insert = (table, columns, ...rows) => lines.push(`insert into app.${table} (tenant_id, ${columns}) values `
    + `${rows.map((row) => `(${[id.tenant, ...row].map(quote).join(', ')})`).join(', ')};`);

  lines.push(`begin; insert into app.tenants (tenant_id, slug, name) values (${id.tenant}, 't-${mark}', 'Tenant ${mark}');`);
  // What follows from memberships is worked out in the tenant's context.
  lines.push(`select auth.set_context(${id.tenant}, null, null, null, null, 0::smallint, '{}', false);`);
  insert('ticket_counters', 'last', [1000]);
  insert('accounts', 'id, name, is_partner, partner_id',
    [id.helpers, `Helpers ${mark}`, true, null], [id.town, `Town ${mark}`, false, id.helpers], [id.village, `Village ${mark}`, false, null]);
  // The rule wants one each; its mail goes nowhere else in a test.
  insert('support_contacts', 'account_id, email', ...['helpers', 'town', 'village'].map((name) => [id[name], `contact-${name}@people.example`]));
  insert('support_contacts', 'account_id, email, state', [id.town, 'waits@town.example', 4]);
  insert('portals', 'id, account_id, parent_id, name, locale',
    [portal.desk, null, null, `Desk ${mark}`, locale.desk ?? 'en'],
    [portal.town, id.town, null, `Town portal ${mark}`, locale.town ?? 'en'],
    [portal.school, id.town, portal.town, `School ${mark}`, 'en'],
    [portal.village, id.village, null, `Village portal ${mark}`, 'en'],
    [portal.helpers, id.helpers, null, `Helpers portal ${mark}`, 'en']);
  insert('hosts', 'host, portal_id', ...Object.entries(host).map(([name, h]) => [h, portal[name]]));
  for (const [name, [at, role, account, below]] of Object.entries(roles)) {
    if (!only.includes(name)) continue;
    const person = {
      id: newId(), name: `${name[0].toUpperCase()}${name.slice(1)} ${mark}`, host: host[at], password,
      // The same addresses in every tenant.
      email: `${name}@people.example`,
    };
    world.people[name] = person;
    // What they send goes at once, but where a test is about that.
    insert('people', 'id, email, name, hold_seconds', [person.id, person.email, person.name, 0]);
    insert('memberships', 'person_id, role, account_id, portal_id',
      [person.id, role, account ? id[account] : null, below ? portal[below] : null]);
    insert('credentials', 'person_id, salt, passes, memory_kib, verifier', [person.id, `\\x${salt}`, 1, 8192, `\\x${verifier}`]);
  }
  lines.push(`insert into app.confirmations (tenant_id, person_id, portal_id, email)
    select p.tenant_id, p.id, po.id, p.email from app.people p join app.portals po on po.tenant_id = p.tenant_id
    where p.tenant_id = ${id.tenant} and auth.may_enter(p.rank, p.doors, po.account_id, po.id);`);
  lines.push('commit;');
  await psql('postgres', lines.join('\n'));
  Object.assign(world, await makeSessions(world, Object.keys(world.people)));
  return world;
}

// nginx limits sign-ins by address; everybody of ours comes from another one.
export const anyAddress = () => `127.${randomInt(1, 250)}.${randomInt(256)}.${randomInt(1, 250)}`;

function quote(value) {
  return value === null || typeof value === 'number' || typeof value === 'boolean' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;
}

// A session a name, as signing in makes it: { host, cookie, scheme, person }.
// `plain` is the cookie over http. Good at `host` alone: their portal's, if none is
// named.
export async function makeSessions(world, names, { life = '1 hour', host } = {}) {
  const made = {};
  const rows = names.map((name) => {
    const person = world.people[name];
    const bytes = randomBytes(32);
    const token = bytes.toString('base64url');
    made[name] = { host: host ?? person.host, scheme: 'https', cookie: `__Host-sid=${token}`, plain: `sid=${token}`, token, person };
    return `(${world.tenant}, ${person.id}, '${host ?? person.host}', '\\x${createHash('sha256').update(bytes).digest('hex')}', now() + interval '${life}')`;
  });
  await psql('postgres', `insert into app.sessions (tenant_id, person_id, host, token_hash, expires_at) values ${rows.join(', ')}`);
  return made;
}
// The same person, signed in at another host too: made once.
const there = new Map();
export function sessionAt({ person, scheme }, host) {
  const key = `${person.id} ${host}`;
  if (!there.has(key)) {
    const token = randomBytes(32);
    there.set(key, psql('postgres', `insert into app.sessions (tenant_id, person_id, host, token_hash, expires_at)
      select tenant_id, id, '${host}', '\\x${createHash('sha256').update(token).digest('hex')}', now() + interval '1 hour' from app.people where id = ${person.id}`)
      .then(() => ({ host, scheme, cookie: `__Host-sid=${token.toString('base64url')}`, person })));
  }
  return there.get(key);
}
export const makeSession = async (world, name, options) => (await makeSessions(world, [name], options))[name];

// Rows of the tables that a request could add to, a line a world.
export function countRows(...worlds) {
  const tables = ['tickets', 'comments', 'ticket_access', 'events', 'idempotency_keys', 'sessions'];
  return psql('postgres', worlds.map(({ tenant }) => `select ${tables.map((t) => `'${t} ' || (select count(*) from app.${t} where tenant_id = ${tenant})`)
    .join(" || ', ' || ")};`).join('\n'));
}

// Answers to a question, from every worker of the pool `api` one at least: each has
// a connection of its own, and PostgreSQL knows which of these were used.
export async function fromEveryWorker(ask) {
  const began = await psql('postgres', 'select clock_timestamp()');
  const answers = [];
  await until('every worker has answered', async () => {
    answers.push(...await Promise.all(Array.from({ length: 4 * workers('api').length }, (_, i) => ask(i))));
    return Number(await psql('postgres', `select count(*) from pg_stat_activity where usename = 'sportello_api' and query_start > '${began}'`)) >= workers('api').length;
  });
  return answers;
}
