// SPDX-License-Identifier: AGPL-3.0-or-later
//
// `sportello tenant …`: what the operator does to a tenant, and what its people
// notice.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { originOf, problem } from '../lib/http.mjs';
import { psql, realState as state, root, until } from '../lib/instance.mjs';
import { caught } from '../lib/mails.mjs';
import { anyAddress, api, get, makeWorld, newMark, request } from './world.mjs';

// → { status, out, said }
const tenant = (...words) => new Promise((resolve) => execFile(`${root}/conf/instance`, ['sportello', state, 'tenant', ...words],
  (error, out, said) => resolve({ status: error?.code ?? 0, out, said })));
const done = async (...words) => {
  const r = await tenant(...words);
  assert.equal(r.status, 0, r.said);
  return r.out;
};

test('T7: a tenant is made with its desk and a link for its first administrator', async () => {
  const mark = newMark();
  const out = await done('create', mark, '--name', `Tenant ${mark}`, '--host', `desk.${mark}.localhost`,
    '--admin-email', `ann@${mark}.example`, '--admin-name', 'Ann', '--language', 'de');
  assert.match(out, new RegExp(`https://desk\\.${mark}\\.localhost:\\d+/invite/\\d+-[\\w-]{43}\\n$`));
  assert.match(await done('list'), new RegExp(`^${mark} .* active .*desk\\.${mark}\\.localhost .*Tenant ${mark}$`, 'm'));
  assert.equal((await get(`desk.${mark}.localhost`, '/sign-in')).status, 200);
  assert.equal(await psql('postgres', `select p.name, p.rank, po.locale from app.people p join app.tenants t using (tenant_id)
    join app.portals po using (tenant_id) where t.slug = '${mark}'`), 'Ann|3|de');
  await done('erase', mark, '--yes-erase', mark);
});

test('what is wrong is said, and nothing is made', async () => {
  const mark = newMark();
  const good = { '--name': 'X', '--host': `desk.${mark}.localhost`, '--admin-email': 'ann@x.example' };
  const refused = async (slug, changes, why, status = 1) => {
    const words = Object.entries({ ...good, ...changes }).filter(([, v]) => v !== null).flat();
    const r = await tenant('create', slug, ...words);
    assert.equal(r.status, status, r.out + r.said);
    assert.match(r.said, why);
    assert.equal(r.said.trim().split('\n').length, 1);
  };
  await refused('Capital', {}, /slug/);
  await refused('a', {}, /slug/);
  await refused('xn--a', {}, /slug/);
  await refused(mark, { '--name': 'a\r\nb' }, /--name/);
  await refused(mark, { '--name': 'x'.repeat(201) }, /--name/);
  await refused(mark, { '--host': 'desk' }, /--host/);
  await refused(mark, { '--host': 'Desk.example.org' }, /--host/);
  await refused(mark, { '--host': 'griffel-desk.localhost' }, /belongs to a portal/);
  await refused(mark, { '--admin-email': 'nobody' }, /--admin-email/);
  await refused(mark, { '--admin-email': `${'a'.repeat(300)}@x.example` }, /--admin-email/);
  await refused(mark, { '--language': 'klingon!' }, /--language/);
  await refused('griffel', {}, /already/);
  await refused(mark, { '--host': null }, /needs/, 2);
  await refused(mark, { '--colour': 'red' }, /--colour/, 2);
  assert.equal((await tenant('suspend', mark)).status, 1);
  assert.equal((await tenant('suspend')).status, 2);
  assert.equal((await tenant('dance', mark)).status, 2);
  assert.doesNotMatch(await done('list'), new RegExp(mark));
});

test('T7: suspended: the neutral 404 at the next request, no mail; resumed: as before', async () => {
  const w = await makeWorld({ only: ['member', 'agent', 'main'] });
  const slug = `t-${w.mark}`;
  const since = Date.now();
  assert.equal((await get(w.host.town, '/tickets', { cookie: w.member.cookie })).status, 200);
  assert.match(await done('suspend', slug), /is suspended/);
  // As often as there are workers, and more.
  for (let i = 0; i < 12; i++) {
    const page = await get(w.host.town, '/tickets', { cookie: w.member.cookie });
    assert.equal(page.status, 404);
    assert.doesNotMatch(page.text, new RegExp(w.mark));
  }
  problem(await api(w.agent, 'GET', '/api/queue'), 404, 'host');
  const signIn = await request(w.host.town, 'POST', '/sign-in', {
    address: anyAddress(), headers: { Origin: originOf(w.host.town), 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: 'member@people.example', password: w.people.member.password }).toString(),
  });
  assert.equal(signIn.status, 404);
  assert.equal(await psql('postgres', `select count(*) from app.sessions where tenant_id = ${w.tenant}`), '3', 'nobody signs in');
  // Something happened just before: its mail waits.
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    select app.record_account('tenant.told', null, '{"people": [${w.people.member.id}]}'); commit;`);
  await until('the delivery is worked out', async () => await psql('postgres', `select count(*) from app.deliveries where tenant_id = ${w.tenant}`) === '1');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  assert.equal(await psql('postgres', `select state || ' ' || attempts from app.deliveries where tenant_id = ${w.tenant}`), '1 0');
  assert.match((await done('suspend', slug)), /already/);
  assert.match(await done('resume', slug), /open again/);
  assert.equal((await get(w.host.town, '/tickets', { cookie: w.member.cookie })).status, 200, 'the session too');
  await until('it is tried', async () => await psql('postgres', `select attempts > 0 from app.deliveries where tenant_id = ${w.tenant}`) === 't');
  assert.deepEqual(caught({ since, about: w.mark }), [], 'that kind has no words: no mail');
});

test('T9: a quota: refused above, with a clear problem; other tenants go on', async () => {
  const [w, other] = [await makeWorld({ only: ['member', 'admin'] }), await makeWorld({ only: ['member'] })];
  assert.match(await done('quota', `t-${w.mark}`), /^people +2 used of no limit$/m);
  assert.match(await done('quota', `t-${w.mark}`, '--storage-mb', '1', '--people', '10'), /^storage MB +0 used of 1$/m);
  const ticket = { title: 'x', description: 'word '.repeat(12_000) };
  let answer;
  // Texts count once jobs have worked out their mails.
  const waiting = () => psql('postgres', `select count(*) from app.event_queue where tenant_id = ${w.tenant}`);
  for (let i = 0; i < 12 && answer?.status !== 403; i++) {
    answer = await api(w.member, 'POST', '/api/tickets', ticket);
    await until('it is counted', async () => await waiting() === '0');
  }
  problem(answer, 403, 'quota');
  assert.equal((await api(other.member, 'POST', '/api/tickets', ticket)).status, 201);
  const seen = await api(w.admin, 'GET', '/api/settings');
  assert.deepEqual(seen.json.usage.map((u) => [u.what, u.most]), [['people', 10], ['storage', 1_000_000]]);
  const told = await until('its administrator gets mail', () => caught({ to: 'admin@people.example', about: w.mark })
    .find((m) => m.subject === 'Your allowance is nearly used up'), 10_000);
  assert.match(told.text, /four fifths/);
  await done('quota', `t-${w.mark}`, '--storage-mb', 'none');
  assert.equal((await api(w.member, 'POST', '/api/tickets', ticket)).status, 201);
  assert.equal((await tenant('quota', `t-${w.mark}`, '--people', '-1')).status, 1);
});

test('T7: an export is every row but those left out, with counts and sums', async () => {
  const w = await makeWorld({ only: ['member', 'main'] });
  await api(w.member, 'POST', '/api/tickets', { title: `Tab\u2028 ${w.mark}`, description: 'a\tb\n\nc "d" \\e' });
  const to = `${state}/export-${w.mark}`;
  await done('export', `t-${w.mark}`, '--to', to);
  try {
    const manifest = JSON.parse(readFileSync(`${to}/manifest.json`, 'utf8'));
    assert.deepEqual([manifest.format, manifest.version, manifest.slug], ['sportello-tenant', 1, `t-${w.mark}`]);
    const tables = (await psql('postgres', `select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relnamespace = 'app'::regnamespace and c.relkind = 'r' order by 1`)).split('\n');
    assert.deepEqual([...Object.keys(manifest.columns), ...manifest.left_out].sort(), tables.sort());
    for (const table of Object.keys(manifest.columns)) {
      const file = manifest.files.find((f) => f.table === table);
      const rows = Number(await psql('postgres', `select count(*) from app.${table} where tenant_id = ${w.tenant}`));
      assert.equal(file?.rows ?? 0, rows, table);
      if (!file) continue;
      const bytes = readFileSync(`${to}/${file.name}`);
      assert.equal(bytes.length, file.bytes);
      assert.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256);
      const lines = bytes.toString('utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line));
      assert.equal(lines.length, rows);
      for (const row of lines) {
        assert.equal(row.tenant_id, w.tenant);
        assert.deepEqual(Object.keys(row), Object.keys(manifest.columns[table]));
      }
    }
    assert.equal(readdirSync(to).length, manifest.files.length + 1);
    const again = await tenant('export', `t-${w.mark}`, '--to', to);
    assert.equal(again.status, 1, 'not over what is there');
    assert.match(again.said, /exists/);
  } finally {
    rmSync(to, { recursive: true });
  }
});

// Everything in the database, and every file of the instance that is ours.
async function traces(words) {
  const found = [];
  const tables = (await psql('postgres', `select c.oid::regclass from pg_class c where c.relkind = 'r'
    and c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace)`)).split('\n');
  for (const table of tables) {
    for (const word of words) {
      const n = await psql('postgres', `select count(*) from ${table} x where position('${word}' in x::text) > 0`);
      if (n !== '0') found.push(`${table}: ${n} with ${word}`);
    }
  }
  for (const dir of ['tls', 'run']) {
    for (const name of readdirSync(`${state}/${dir}`, { recursive: true })) {
      if (words.some((word) => name.includes(word))) found.push(`${dir}/${name}`);
    }
  }
  return found;
}

test('T7: erased: no row and no file is left, in any table; others are as before', async () => {
  const [w, other] = [await makeWorld(), await makeWorld({ only: ['member'] })];
  await api(w.member, 'POST', '/api/tickets', { title: `Leak ${w.mark}`, description: 'x' });
  await api(w.chief, 'PATCH', '/api/settings', { name: 'registration', value: 'open' });
  const before = await psql('postgres', `select count(*) from app.people where tenant_id = ${other.tenant}`);
  assert.ok((await traces([w.mark, String(w.tenant)])).length > 8, 'the search finds what is there');
  const refused = await tenant('erase', `t-${w.mark}`);
  assert.equal(refused.status, 1, 'not without the slug once more');
  assert.equal((await tenant('erase', `t-${w.mark}`, '--yes-erase', 'griffel')).status, 1);
  assert.match(await done('erase', `t-${w.mark}`, '--yes-erase', `t-${w.mark}`), /erased: \d\d+ rows/);
  assert.deepEqual(await traces([w.mark, String(w.tenant)]), []);
  assert.equal(await psql('postgres', 'select count(*) from auth.buckets'), '0', 'nor hashes of its addresses');
  assert.equal((await get(w.host.town, '/')).status, 404);
  assert.equal(await psql('postgres', `select count(*) from app.people where tenant_id = ${other.tenant}`), before);
  assert.equal((await get(other.host.town, '/tickets', { cookie: other.member.cookie })).status, 200);
  assert.equal((await tenant('erase', `t-${w.mark}`, '--yes-erase', `t-${w.mark}`)).status, 1, 'there is nothing any more');
});

test('who writes while it is erased leaves nothing behind', async () => {
  const w = await makeWorld({ only: ['member', 'second'] });
  let stop = false;
  const writing = [w.member, w.second].map(async (session) => {
    while (!stop) await api(session, 'POST', '/api/tickets', { title: `Race ${w.mark}`, description: 'x' });
  });
  try {
    await until('they write', async () => Number(await psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant}`)) > 5);
    await done('erase', `t-${w.mark}`, '--yes-erase', `t-${w.mark}`);
  } finally {
    stop = true;
    await Promise.all(writing);
  }
  assert.deepEqual(await traces([w.mark, String(w.tenant)]), []);
  assert.ok(!existsSync(`${state}/export-${w.mark}`));
});
