// SPDX-License-Identifier: AGPL-3.0-or-later
//
// conf/instance and conf/packages: what they promise to whoever types `make`.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, existsSync, lstatSync, mkdtempSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const dir = `${process.env.TEST_STATE ?? `${root}/build/t`}-conf`;
const common = ['--quiet', '--bin', 'build/asan/bin', '--www', 'build/www-test', '--workers', '1,1', '--pg', 'fsync=off'];

function instance(...args) {
  const { status, stdout, stderr } = spawnSync(`${root}/conf/instance`, args, { encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
  return { status, stdout, stderr };
}
function good(...args) {
  const done = instance(...args);
  assert.equal(done.status, 0, `${args[0]}: ${done.stderr}`);
  return done.stdout;
}
// One sentence, no trace.
function refused(done, pattern) {
  assert.notEqual(done.status, 0);
  assert.match(done.stderr, pattern);
  assert.equal(done.stderr.trim().split('\n').length, 1, done.stderr);
  assert.match(done.stderr, /^sportello: /);
}
const sql = (text) => good('psql', dir, 'postgres', '-XqAtc', text).trim();
const settings = () => Object.fromEntries(readFileSync(`${dir}/settings`, 'utf8').trim().split('\n').map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)]));
const ready = (port) => new Promise((resolve) => {
  get({ host: '127.0.0.1', port, path: '/readyz', agent: false }, (answer) => { answer.resume(); resolve(answer.statusCode); }).on('error', () => resolve(0));
});
const pids = () => ['postgres', 'master', 'nginx', 'catcher'].map((name) => Number(readFileSync(`${dir}/run/${name}.pid`, 'utf8').split(' ')[0]));
const alive = (pid) => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

before(() => {
  good('remove', dir);
  good('start', dir, '--demo', '--http', 'auto', ...common);
});
after(() => good('remove', dir));

test('a second start is quick and loses nothing', async () => {
  const people = sql('select count(*) from app.people');
  sql("update app.tenants set name = name || ' kept' where name = (select min(name) from app.tenants)");
  const started = Date.now();
  good('start', dir, '--quiet');
  assert.ok(Date.now() - started < 15_000, `${Date.now() - started} ms`);
  assert.equal(sql('select count(*) from app.people'), people);
  assert.equal(sql("select count(*) from app.tenants where name like '% kept'"), '1');
  assert.equal(await ready(settings().http), 200);
});

test('a taken port is a sentence, and nothing is stopped', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.on('listening', resolve));
  const { port } = server.address();
  const before_ = pids();
  refused(instance('start', dir, '--http', String(port)), new RegExp(`port ${port} .*taken.*make run PORT=`));
  refused(instance('start', dir, '--http', String(port - 1)), new RegExp(`port ${port} \\(https\\).*taken`));
  server.close();
  assert.deepEqual(pids(), before_);
  refused(instance('start', dir, '--http', '80'), /port 80 /);
  refused(instance('start', dir, '--http', 'x1'), /not a port/);
});

test('it moves to another port and stays there', async () => {
  const old = Number(settings().http);
  const next = old + 10;
  const streams = () => /limit_conn streams (\d+);/.exec(readFileSync(`${dir}/app/conf/site.conf`, 'utf8'))[1];
  assert.equal(streams(), '2', 'half of the bulk workers');
  good('start', dir, '--quiet', '--http', String(next), '--env', 'SPORTELLO_BULK_WORKERS=1');
  assert.equal(streams(), '1', 'of one worker one');
  assert.equal(await ready(next), 200);
  assert.equal(await ready(old), 0);
  good('start', dir, '--quiet');
  assert.equal(Number(settings().http), next);
  assert.equal(JSON.parse(readFileSync(`${dir}/demo.json`, 'utf8')).base.http, `http://localhost:${next}`);
});

test('it starts again after everything was killed', async () => {
  for (const pid of pids()) process.kill(pid, 'SIGKILL');
  good('start', dir, '--quiet');
  assert.equal(await ready(settings().http), 200);
});

test('stop ends what it started and nothing else', async () => {
  const other = spawn('sleep', ['60']);
  const before_ = pids();
  const file = `${dir}/run/catcher.pid`;
  const kept = readFileSync(file, 'utf8');
  // A stale file that names somebody else's process.
  writeFileSync(file, `${other.pid} 1\n`);
  process.kill(Number(kept.split(' ')[0]), 'SIGKILL');
  good('stop', dir);
  assert.ok(alive(other.pid), 'a process that only shares the number');
  for (const pid of before_) assert.ok(!alive(pid), `process ${pid}`);
  other.kill();
  good('stop', dir);
  good('start', dir, '--quiet');
});

test('backup and restore', async () => {
  const file = `${dir}.backup`;
  refused(instance('backup', dir, ''), /FILE=/);
  refused(instance('backup', dir, '/nowhere/x'), /no directory/);
  good('backup', dir, file);
  assert.equal(lstatSync(file).mode & 0o077, 0, 'for its owner only');
  const count = () => sql('select count(*) from app.tickets') + sql("select string_agg(datacl::text, '') from pg_database where datname = 'sportello'");
  const before_ = count();
  sql('create table app.later ()');
  sql('truncate app.deliveries');
  good('restore', dir, file);
  assert.equal(count(), before_);
  assert.equal(sql("select to_regclass('app.later')"), '');
  assert.equal(await ready(settings().http), 200);

  writeFileSync(`${file}.cut`, readFileSync(file).subarray(0, lstatSync(file).size - 2000));
  writeFileSync(`${file}.nonsense`, 'nonsense');
  refused(instance('restore', dir, `${file}.cut`), /nothing was changed/);
  refused(instance('restore', dir, `${file}.nonsense`), /not a backup.*nothing was changed/);
  refused(instance('restore', dir, '/nowhere/x'), /can't be read/);
  assert.equal(count(), before_);
  for (const end of ['', '.cut', '.nonsense']) rmSync(file + end);
});

const databases = () => sql("select string_agg(datname, ' ' order by datname) from pg_database where datname like 'sportello%'");

test('a restored database has the functions, policies and roles of this version', () => {
  const file = `${dir}.backup`;
  // All that apply.sql says, a line each.
  const rules = () => sql(`select replace(line, e'\\n', ' ') from (
    select pg_get_functiondef(p.oid) from pg_proc p where pronamespace::regnamespace::text in ('app', 'auth', 'jobs')
    union all select concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check) from pg_policies
    union all select concat_ws(' ', c.oid::regclass, relrowsecurity, relforcerowsecurity, a::text) from pg_class c, unnest(relacl) a
      where relnamespace::regnamespace::text in ('app', 'auth') and relkind = 'r'
    union all select concat_ws(' ', setrole::regrole, s) from pg_db_role_setting, unnest(setconfig) s) as r (line) order by 1`).split('\n');
  const now = rules();
  const tickets = sql('select count(*) from app.tickets');
  sql("create or replace function app.status_name(status smallint) returns text language sql as $$ select 'old' $$");
  sql('drop policy tenant on app.tickets');
  sql('create policy later on app.people using (true)');
  assert.notDeepEqual(rules(), now);
  good('backup', dir, file);
  sql('truncate app.deliveries');
  sql('alter role sportello_api reset statement_timeout');
  good('restore', dir, file);
  assert.deepEqual(rules(), now);
  assert.equal(sql('select count(*) from app.tickets'), tickets);
  assert.equal(databases(), 'sportello');
  rmSync(file);
});

test('a backup of a newer version is refused, by a start too', async () => {
  const file = `${dir}.backup`;
  sql('insert into app.migrations (number) values (9999)');
  good('backup', dir, file);
  refused(instance('start', dir, '--quiet'), /migration 9999.*a newer one/);
  good('restart', dir, 'postgres');
  sql('delete from app.migrations where number = 9999');
  good('start', dir, '--quiet');
  refused(instance('restore', dir, file), /migration 9999.*; nothing was changed$/m);
  assert.equal(await ready(settings().http), 200);
  assert.equal(sql('select max(number) < 9999 from app.migrations'), 't');
  assert.equal(databases(), 'sportello');
  rmSync(file);
});

test('a restore after which the programs do not start brings the data back', async () => {
  const file = `${dir}.backup`;
  good('backup', dir, file);
  sql('create table app.later ()');
  // A catcher that ends at once, the first time.
  const catcher = `${dir}/app/catcher.cjs`;
  const { uid, gid } = statSync(catcher);
  renameSync(catcher, `${catcher}.kept`);
  writeFileSync(catcher, `require('fs').renameSync(${JSON.stringify(`${catcher}.kept`)}, ${JSON.stringify(catcher)}); console.log('no'); process.exit(1);`);
  chownSync(catcher, uid, gid);
  refused(instance('restore', dir, file), /catcher ended at once: no .*; the data from before are in place again$/m);
  assert.equal(sql("select to_regclass('app.later')"), 'app.later');
  assert.equal(await ready(settings().http), 200);
  assert.equal(databases(), 'sportello');
  good('restore', dir, file);
  assert.equal(sql("select to_regclass('app.later')"), '');
  rmSync(file);
});

test('logs do not grow for ever', async () => {
  const log = `${dir}/log/master.log`;
  const { ino } = statSync(log);
  const line = `${'x'.repeat(1023)}\n`;
  appendFileSync(log, line.repeat(33 * 1024));
  const end = Date.now() + 20_000;
  while (statSync(log).size > 1_000_000 && Date.now() < end) await new Promise((resolve) => { setTimeout(resolve, 100); });
  assert.ok(statSync(log).size < 1_000_000, 'emptied');
  assert.ok(statSync(`${log}.1`).size >= line.length * 33 * 1024, 'kept beside it');
  // The master's own lines go on in the same file, from its beginning.
  assert.equal(statSync(log).ino, ino);
  await ready(settings().http);
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  assert.match(readFileSync(log, 'utf8'), /^\{"t":.*\/readyz/m);
  assert.ok(!readFileSync(log).includes(0), 'no hole');
});

test('psql as each role', () => {
  for (const [role, user] of [['api', 'sportello_api'], ['login', 'sportello_login'], ['jobs', 'sportello_jobs'], ['owner', 'sportello_owner']]) {
    assert.equal(good('psql', dir, role, '-XqAtc', 'select current_user').trim(), user);
  }
  refused(instance('psql', dir, 'nobody'), /no role/);
});

test('PostgreSQL that does not start says why', () => {
  good('stop', dir);
  const bad = instance('start', dir, '--quiet', '--pg', 'shared_buffers=nonsense');
  assert.match(bad.stderr, /^sportello: PostgreSQL did not start: .*(shared_buffers|configuration)/);
  good('start', dir, '--quiet', '--pg', 'fsync=off');
});

test('a place that cannot hold it is a link to one that can', async (t) => {
  const home = mkdtempSync(`${tmpdir()}/sportello test `);
  try {
    chmodSync(home, 0o700);
    good('start', `${home}/var`, '--empty', '--http', 'auto', ...common);
    assert.match(readlinkSync(`${home}/var`), /^\/var\/tmp\/sportello-/);
    assert.ok(existsSync(`${home}/var/ca.pem`));
    const real = readlinkSync(`${home}/var`);
    good('remove', `${home}/var`);
    assert.ok(!existsSync(real));
  } finally {
    instance('remove', `${home}/var`);
    rmSync(home, { recursive: true, force: true });
  }
});

test('a full disk is a sentence', (t) => {
  const small = mkdtempSync(`${tmpdir()}/sportello-small-`);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', small]).status !== 0) {
    rmSync(small, { recursive: true });
    t.skip('no right to mount a small disk here');
    return;
  }
  try {
    chmodSync(small, 0o755);
    refused(instance('start', `${small}/var`, '--empty', '--http', 'auto', ...common), /only \d+ MB left/);
  } finally {
    execFileSync('umount', [small]);
    rmSync(small, { recursive: true });
  }
});

test('missing packages are a sentence', () => {
  // A machine where dpkg knows of nothing, without root and without sudo.
  const bin = mkdtempSync(`${tmpdir()}/sportello-bin-`);
  for (const tool of ['awk', 'grep', 'tr', 'dirname', 'bash', 'cat', 'sort']) symlinkSync(execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), `${bin}/${tool}`);
  for (const [name, text] of [['dpkg-query', ''], ['id', 'echo 1000']]) {
    writeFileSync(`${bin}/${name}`, `#!/bin/sh\n${text}\n`);
    chmodSync(`${bin}/${name}`, 0o755);
  }
  const { status, stderr } = spawnSync('/bin/bash', [`${root}/conf/packages`, 'run'], { encoding: 'utf8', env: { PATH: bin } });
  rmSync(bin, { recursive: true });
  refused({ status, stderr }, /packages are missing: .*postgresql-15.*run this as root/);
});
