// SPDX-License-Identifier: AGPL-3.0-or-later
//
// `sportello doctor` over an instance that is well, and over one where this or
// that is not: it says so, and what to do.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { processes, psql, startApp, stopApp, until } from '../lib/instance.mjs';

// As the jobs are told, with some settings changed.
const settings = await until('the jobs run', () => processes().find((p) => p.args.includes('master'))?.env);
const program = `${processes().find((p) => p.args.includes('master')).args[0]}`;
const doctor = (changes = {}) => new Promise((resolve) => execFile(program, ['doctor'], { env: { ...settings, ...changes } },
  (error, out, said) => resolve({ status: error?.code ?? 0, lines: out.split('\n'), said, out })));
const line = (r, check, state) => {
  const i = r.lines.findIndex((l) => new RegExp(`^${state} +${check}`).test(l));
  assert.ok(i >= 0, `${state} ${check} in\n${r.out}`);
  return { text: r.lines[i], advice: /^ +→ /.test(r.lines[i + 1] ?? '') ? r.lines[i + 1] : null };
};
async function fails(what, check, changes, said = /./) {
  const r = await doctor(changes);
  assert.equal(r.status, 1, `${what}\n${r.out}`);
  const l = line(r, check, 'fail');
  assert.match(l.text, said, what);
  assert.ok(l.advice, `${what}: what to do`);
  return r;
}
const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
after(() => rmSync(folder, { recursive: true }));
// A server until the work is done.
async function listening(server, work) {
  server.on('connection', (socket) => socket.on('error', () => {}));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(server.address().port);
  } finally {
    server.close();
  }
}

test('all is well', async () => {
  const r = await doctor();
  assert.equal(r.status, 0, r.out);
  for (const check of ['configuration', 'workers', 'disk', 'database', 'migrations', 'roles', 'row security', 'context', 'proofs', 'own hosts', 'clock', 'key', 'certificate', 'mail']) line(r, check, '(ok|warn)');
  assert.doesNotMatch(r.out, /^fail/m);
});

test('the mail server: away, without TLS, with another password', async () => {
  await fails('nobody listens', 'mail', { SPORTELLO_SMTP_URL: 'smtp://127.0.0.1:1' });
  await fails('a wrong password', 'mail', { SPORTELLO_SMTP_PASSWORD: 'wrong' });
  await fails('an unknown authority', 'mail', { SPORTELLO_SMTP_CA: '/etc/hostname' });
  await listening(createServer((s) => s.end('421 go away\r\n')), (port) => fails('it hangs up', 'mail', { SPORTELLO_SMTP_URL: `smtp://127.0.0.1:${port}` }));
  await fails('no URL', 'mail', { SPORTELLO_SMTP_URL: 'mail.example.org' }, /smtp:\/\//);
});

test('the key of sealed secrets: away, open to others, not one, another one', async () => {
  const key = (text, mode = 0o600) => {
    const file = join(folder, `key-${Math.random()}`);
    writeFileSync(file, text);
    chmodSync(file, mode);
    return { SPORTELLO_KEY_FILE: file };
  };
  const good = readFileSync(settings.SPORTELLO_KEY_FILE, 'utf8');
  const other = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n';
  await fails('there is none', 'key', { SPORTELLO_KEY_FILE: '/nowhere/key' }, /No such file/);
  await fails('a folder', 'key', { SPORTELLO_KEY_FILE: folder });
  await fails('all may read it', 'key', key(good, 0o644), /read by others/);
  await fails('no key', 'key', key('secret\n'), /43 characters/);
  await fails('nothing', 'key', key(''), /43 characters/);
  const theirs = key(good);
  chownSync(theirs.SPORTELLO_KEY_FILE, 54321, 54321);
  await fails('somebody else\'s', 'key', theirs, /54321/);
  // Something that is sealed under the instance's own.
  const w = await makeWorld({ only: ['member'] });
  assert.equal((await api(w.member, 'POST', '/api/me/factors/app')).status, 201);
  await fails('it opens nothing', 'key', key(other), / 0 of \d+ sealed/);
  line(await doctor(key(other + good)), 'key', 'ok');
  assert.match(line(await doctor(), 'key', 'ok').text, /(\d+) of \1 sealed/);
});

test('files and pools that are not there', async () => {
  await fails('no templates', 'configuration', { SPORTELLO_TEMPLATES: '/nowhere' });
  await fails('no manifest', 'configuration', { SPORTELLO_MANIFEST: '/nowhere/manifest.json' }, /\/nowhere/);
  await fails('no sockets', 'workers', { SPORTELLO_RUN: folder });
  await fails('a folder that is none', 'disk', { SPORTELLO_RUN: '/nowhere' });
  stopApp();
  try {
    await fails('the workers are stopped', 'workers', {});
  } finally {
    startApp();
  }
});

test('the database: away, another role, a migration too few or too many, a table left open', async () => {
  const away = await fails('nobody is there', 'database', { SPORTELLO_DATABASE: `host=${folder} dbname=sportello` });
  assert.doesNotMatch(away.out, /clock/);
  await fails('a role that may not', 'database', { SPORTELLO_DATABASE_USER: 'sportello_api' });
  try {
    await psql('postgres', 'insert into app.migrations (number) values (9999)');
    await fails('a newer version\'s', 'migrations', {}, /9999/);
    await psql('postgres', 'update app.migrations set number = 9998 where number = 2');
    await fails('one is missing', 'migrations', {}, /not applied: 2\b/);
  } finally {
    await psql('postgres', 'delete from app.migrations where number = 9999; update app.migrations set number = 2 where number = 9998');
  }
  try {
    await psql('postgres', 'alter table app.comments no force row level security');
    await fails('not forced', 'row security', {}, /comments/);
  } finally {
    await psql('postgres', 'alter table app.comments force row level security');
  }
  try {
    await psql('postgres', 'alter role sportello_jobs bypassrls');
    await fails('a role above the rules', 'roles', {}, /sportello_jobs/);
  } finally {
    await psql('postgres', 'alter role sportello_jobs nobypassrls');
  }
  try {
    stopApp();
    await psql('postgres', `with t as (select tenant_id from app.tenants limit 1), e as (insert into app.events (tenant_id, kind, created_at)
      select tenant_id, 'test.old', now() - interval '1 hour' from t returning tenant_id, id) insert into app.event_queue select * from e`);
    await fails('an event that nobody took', 'events', {}, /36\d\d s/);
  } finally {
    startApp();
  }
});

test('a certificate that ends soon, one that is over, none', async () => {
  const serve = async (days, work) => {
    const file = (name) => join(folder, `${days}.${name}`);
    const ends = new Date(Date.now() + days * 86400_000 + 3600_000).toISOString().replace(/[-:T]/g, '').slice(0, 14);
    writeFileSync(file('cnf'), '[ca]\ndefault_ca=d\n[d]\npolicy=p\ndatabase=' + file('db') + '\nserial=' + file('serial') + '\nnew_certs_dir=' + folder + '\ndefault_md=sha256\n[p]\ncommonName=supplied\n');
    writeFileSync(file('db'), '');
    writeFileSync(file('serial'), '01\n');
    execFileSync('openssl', ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', file('key'), '-out', file('csr')], { stdio: 'ignore' });
    execFileSync('openssl', ['ca', '-batch', '-config', file('cnf'), '-selfsign', '-keyfile', file('key'), '-in', file('csr'), '-notext', '-out', file('pem'),
      '-startdate', '20200101000000Z', '-enddate', `${ends}Z`], { stdio: 'ignore' });
    return listening(createTlsServer({ key: readFileSync(file('key')), cert: readFileSync(file('pem')) }), work);
  };
  await serve(-10, (port) => fails('over', 'certificate', { SPORTELLO_PUBLIC_PORT: String(port) }, /over for \d+ days/));
  await serve(1, (port) => fails('in a day', 'certificate', { SPORTELLO_PUBLIC_PORT: String(port) }, /good for 1 days/));
  await serve(10, async (port) => {
    const r = await doctor({ SPORTELLO_PUBLIC_PORT: String(port) });
    assert.equal(r.status, 0, r.out);
    assert.ok(line(r, 'certificate', 'warn').advice);
  });
  await fails('nobody listens', 'certificate', { SPORTELLO_PUBLIC_PORT: '1' });
  await listening(createServer((s) => s.end('no TLS\n')), (port) => fails('no TLS', 'certificate', { SPORTELLO_PUBLIC_PORT: String(port) }));
  line(await doctor({ SPORTELLO_PUBLIC_SCHEME: 'http' }), 'certificate', 'warn');
});

test('nobody looks for the proofs of customers\' own hosts, nor at files that wait for a scanner; a certificate is over', async () => {
  const host = `help-${Date.now()}.customer.example`;
  const change = (set) => psql('postgres', `update app.host_claims set ${set} where host = '${host}'`);
  await psql('postgres', `insert into app.host_claims (tenant_id, account_id, portal_id, host, state, check_at)
    select tenant_id, account_id, id, '${host}', 1, null from app.portals where account_id is not null limit 1`);
  try {
    stopApp();
    await change("check_at = now() - interval '1 hour'");
    await fails('a look that is due', 'proofs', {}, /36\d\d s/);
    await change("check_at = null, state = 2, certificate_ends_at = now() - interval '1 day'");
    const r = await fails('a certificate', 'own hosts', {}, /over: .*customer\.example/);
    line(r, 'proofs', 'ok');
    // A scanner that is no longer in the settings.
    await psql('postgres', `insert into app.files (tenant_id, id, owner_id, name, type, size, received, sha256, state, scan_at)
      select tenant_id, 4711, id, 'waits', 'text/plain', 1, 1, sha256('x'), 2, now() - interval '1 hour' from app.people limit 1`);
    await fails('files that no scanner looks at', 'scans', {}, /36\d\d s/);
  } finally {
    await psql('postgres', `delete from app.host_claims where host = '${host}'; delete from app.files where id = 4711 and name = 'waits'`);
    startApp();
  }
});

test('a setting that is no setting ends it at once', async () => {
  const r = await doctor({ SPORTELLO_COLOUR: 'red' });
  assert.equal(r.status, 2);
  assert.match(r.said, /SPORTELLO_COLOUR/);
});
