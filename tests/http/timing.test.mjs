// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whether an address is known must not show: not in the answer, not in the
// work (statements, password hashes), not in the time. Times are compared as
// the area under the curve: how often the answer about a known address takes
// longer than one about an unknown one. A half is no difference at all; with
// 200 of each its standard error is 0.029.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { originOf, request } from '../lib/http.mjs';
import { logFrom, psql, state, until } from '../lib/instance.mjs';
import { anyAddress, api, makeWorld } from './world.mjs';

const EACH = 200;
const MOST = 0.08;
const ROUNDS = 3; // a difference shows in each, chance does not
const SAME = 6; // compared in all they do

// Addresses of the same length, half of them people with a password and an open
// invitation, and some people of another account; each is asked about once, so
// that no bucket is empty.
let w, log;
const mark = randomBytes(4).toString('hex');
const address = (kind, n) => `${createHash('sha256').update(`${mark} ${kind} ${n}`).digest('hex').slice(0, 12)}@people.example`;
before(async () => {
  w = await makeWorld({ only: ['member', 'chief'] });
  const known = JSON.stringify(Array.from({ length: EACH * ROUNDS + SAME }, (_, n) => address('known', n)));
  const elsewhere = JSON.stringify(Array.from({ length: SAME }, (_, n) => address('elsewhere', EACH * ROUNDS + n)));
  await psql('postgres', `begin;
    select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    create temp table known as select app.new_id() as id, value as email from jsonb_array_elements_text('${known}');
    insert into app.people (tenant_id, id, email, name) select ${w.tenant}, id, email, 'Somebody' from known;
    insert into app.memberships (tenant_id, person_id, role, account_id) select ${w.tenant}, id, 'member', ${w.id.town} from known;
    insert into app.credentials (tenant_id, person_id, salt, passes, memory_kib, verifier)
      select ${w.tenant}, id, decode(md5(email), 'hex'), 2, 19456, sha256('x') from known;
    insert into app.invitations (tenant_id, email, role, account_id, portal_id, invited_by, expires_at)
      select ${w.tenant}, email, 'member', ${w.id.town}, ${w.portal.town}, ${w.people.chief.id}, now() + interval '1 day' from known;
    insert into app.settings (tenant_id, scope, account_id, name, value) values (${w.tenant}, ${w.id.town * 2}, ${w.id.town}, 'registration', 'open');
    create temp table elsewhere as select app.new_id() as id, value as email from jsonb_array_elements_text('${elsewhere}');
    insert into app.people (tenant_id, id, email, name) select ${w.tenant}, id, email, 'Somebody' from elsewhere;
    insert into app.memberships (tenant_id, person_id, role, account_id) select ${w.tenant}, id, 'member', ${w.id.village} from elsewhere;
    commit; analyze app.people; analyze app.credentials; analyze app.invitations;`);
  log = openSync(`${state}/log/postgres.log`, 'r');
  await configure('alter system set log_min_duration_statement = 0', "alter system set log_line_prefix = 'role=%u '");
});
const quiet = () => configure('alter system reset log_min_duration_statement', 'alter system reset log_line_prefix');
after(async () => {
  await quiet();
  closeSync(log);
});

async function configure(...statements) {
  const said = logFrom('postgres');
  for (const statement of [...statements, 'select pg_reload_conf()']) await psql('postgres', statement);
  await until('PostgreSQL reads its settings', () => said().some((line) => /received SIGHUP/.test(line)));
  await psql('postgres', 'select 1');
}

const form = (fields) => new URLSearchParams(fields).toString();
const post = (path, fields, options) => request(w.host.town, 'POST', path, { scheme: 'http', ...options,
  headers: { Origin: originOf(w.host.town, 'http'), 'Content-Type': 'application/x-www-form-urlencoded' }, body: form(fields) });
const asks = {
  'signing in': (email, options) => post('/sign-in', { email, password: 'a wrong one', to: '/' }, options),
  'a new password': (email, options) => post('/forgot', { email }, options),
  'an invitation again': (email, options) => post('/invite', { email }, options),
};
// Those whose times are not compared. Who invites may learn who is of the account,
// which they see anyway, and not who is of another one.
const others = {
  'a code for it': (email, options) => post('/reset', { email, code: '000000', password: 'a new and long one' }, options),
  registering: (email, options) => post('/register', { email }, options),
  inviting: (email, options) => api(w.chief, 'POST', '/api/invitations', { email, role: 'member' }, options),
};
const hashed = ['signing in', 'a code for it'];

const statements = (from) => {
  const bytes = Buffer.alloc(fstatSync(log).size - from);
  readSync(log, bytes, 0, bytes.length, from);
  return bytes.toString('utf8').split('\n').filter((line) => /^role=sportello_(login|api|proof) .*execute/.test(line))
    .map((line) => /execute ([^:]*)/.exec(line)[1]);
};

// All that can be seen of one, its own address taken out.
async function seen(ask, email) {
  const worker = logFrom();
  const from = fstatSync(log).size;
  const answer = await ask(email, { address: anyAddress() });
  const line = () => worker().find((l) => l.id === answer.headers['x-request-id']);
  await until('the request is in the log', line);
  const { status, hashes, trips, bytes } = line();
  const made = /"id" ?: ?(\d+)/.exec(answer.text)?.[1] ?? '';
  return { status, hashes, trips, bytes: bytes - made.length, statements: statements(from).length,
    text: answer.text.replaceAll(email, 'ADDRESS').replaceAll(encodeURIComponent(email), 'ADDRESS').replace(made, 'ID') };
}

for (const [name, ask] of Object.entries({ ...asks, ...others })) {
  test(`P3: ${name}: the same answer, statements and hashes for anybody`, async () => {
    for (let n = EACH * ROUNDS; n < EACH * ROUNDS + SAME; n++) {
      const both = [address(name === 'inviting' ? 'elsewhere' : 'known', n), address('unknown', n)];
      // A code that can be wrong was asked for.
      if (name === 'a code for it') for (const email of both) await asks['a new password'](email, { address: anyAddress() });
      const known = await seen(ask, both[0]);
      const unknown = await seen(ask, both[1]);
      assert.deepEqual(known, unknown);
      assert.ok(known.statements >= 2 && [200, 201, 401, 422].includes(known.status), JSON.stringify({ ...known, text: '' }));
      assert.equal(known.hashes ?? 0, hashed.includes(name) ? 1 : 0, 'password hashes');
    }
  });
}

function area(known, unknown) {
  let above = 0;
  for (const k of known) for (const u of unknown) above += k > u ? 1 : k === u ? 0.5 : 0;
  return above / known.length / unknown.length;
}

async function timings(ask, round) {
  const times = { known: [], unknown: [] };
  const left = { known: EACH, unknown: EACH };
  while (left.known + left.unknown) {
    const kind = randomInt(left.known + left.unknown) < left.known ? 'known' : 'unknown';
    const email = address(kind, --left[kind] + round * EACH);
    const began = process.hrtime.bigint();
    const answer = await ask(email, { address: anyAddress() });
    times[kind].push(Number(process.hrtime.bigint() - began));
    assert.ok([200, 401].includes(answer.status), `${answer.status}`);
  }
  return area(times.known, times.unknown);
}

test('P3: 400 in any order, half of them known: no telling by time', { timeout: 300_000 }, async (t) => {
  await quiet();
  for (const [name, ask] of Object.entries(asks)) {
    let found = 1;
    for (let round = 0; round < ROUNDS && Math.abs(found - 0.5) > MOST; round++) found = await timings(ask, round);
    t.diagnostic(`${name}: ${found.toFixed(3)}`);
    assert.ok(Math.abs(found - 0.5) <= MOST, `${name}: ${found}`);
  }
});
