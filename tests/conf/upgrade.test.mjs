// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Data that the first release wrote are there after the next start: each value
// of each row, and people who were signed in still are.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const dir = `${process.env.TEST_STATE ?? `${root}/build/t`}-upgrade`;
function good(...args) {
  const { status, stdout, stderr } = spawnSync(`${root}/conf/instance`, args, { encoding: 'utf8', env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
  assert.equal(status, 0, `${args[0]}: ${stderr}`);
  return stdout;
}
const psql = (...args) => good('psql', dir, 'postgres', '-XqAt', '-v', 'ON_ERROR_STOP=1', ...args).trim();
const tables = readFileSync(`${root}/sql/migrations/0001_start.sql`, 'utf8').match(/(?<=^create table app\.)\w+/gm).filter((t) => t !== 'migrations');
const everything = (columns) => Object.fromEntries(tables.map((t) => [t,
  psql('-c', `select row_to_json(x)::text from (select ${columns[t]} from app.${t}) x order by 1`)]));

before(() => {
  good('remove', dir);
  good('start', dir, '--quiet', '--empty', '--http', 'auto', '--bin', 'build/asan/bin', '--www', 'build/www-test', '--workers', '1,1', '--pg', 'fsync=off');
});
after(() => good('remove', dir));

test('the first release\'s data, under this version', async () => {
  good('halt', dir, 'app');
  psql('-d', 'postgres', '-c', 'drop database sportello', '-c', 'create database sportello template template0');
  psql('-1', '-f', `${root}/sql/roles.sql`, '-f', `${root}/sql/migrations/0001_start.sql`, '-c', 'insert into app.migrations (number) values (1)');
  psql('-1', '-f', `${root}/tests/conf/first-release.sql`);
  rmSync(`${dir}/sql.version`, { force: true });
  const columns = Object.fromEntries(tables.map((t) => [t, psql('-c', `select string_agg(attname, ', ' order by attnum) from pg_attribute
    where attrelid = 'app.${t}'::regclass and attnum > 0 and not attisdropped
      -- A portal's looks have a table of their own now: asked for below.
      and (attrelid, attname) not in (select 'app.portals'::regclass, unnest('{brand,brand_bg,round,mail_name}'::text[]))`)]));
  const looks = (table, id) => psql('-c', `select tenant_id, ${id}, brand, brand_bg, round, mail_name from app.${table} where ${id} = 110 order by 1`);
  const looked = looks('portals', 'id');
  assert.match(looked, /#123456/);
  const old = everything(columns);
  for (const t of tables.filter((name) => name !== 'event_queue')) assert.ok(old[t], `${t} has rows`);

  good('start', dir, '--quiet');
  const now = everything(columns);
  for (const t of tables) assert.equal(now[t], old[t], t);
  assert.equal(looks('looks', 'portal_id'), looked);
  assert.match(good('sportello', dir, 'doctor'), /^ok +migrations +all \d+ are applied$/m);

  const { http } = JSON.parse(readFileSync(`${dir}/demo.json`, 'utf8')).base;
  const page = (tenant, person, host, path) => new Promise((resolve) => {
    const token = createHash('sha256').update(`${tenant}/${person}`).digest('base64url');
    get({ host: '127.0.0.1', port: new URL(http).port, path, headers: { Host: `${host}-${tenant}.localhost:${new URL(http).port}`, Cookie: `sid=${token}` } }, (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; }).on('end', () => resolve({ status: answer.statusCode, text }));
    });
  });
  for (const tenant of [1, 2]) {
    const list = await page(tenant, 501, 'town', '/api/tickets');
    assert.equal(list.status, 200, 'still signed in');
    assert.deepEqual(JSON.parse(list.text).items.map((t) => t.title), [`Broken since ${tenant}`]);
    assert.equal((await page(tenant, 502, 'desk', '/api/queue')).status, 200);
    assert.equal((await page(tenant, 501, 'desk', '/api/queue')).status, 401);
  }
});

test('a second start finds nothing to do', () => {
  const xmin = () => psql('-c', "select string_agg(xmin::text, ' ') from app.migrations");
  const was = xmin();
  good('start', dir, '--quiet');
  assert.equal(xmin(), was);
});
