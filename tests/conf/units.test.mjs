// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The units of a production machine: what each process is told.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const folder = `${root}/conf/systemd`;
// Those that run a pool; sportello-front only tells nginx, sportello-live is one.
const services = readdirSync(folder).filter((name) => name.endsWith('.service') && !/^sportello-(front|live)/.test(name));
const values = (name, key) => readFileSync(`${folder}/${name}`, 'utf8').split('\n')
  .filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
const pool = (name) => /sportello-([a-z]+)/.exec(name)[1];

test('a pool is said where no file can say otherwise', () => {
  assert.deepEqual(services.map(pool).sort(), ['api', 'bulk', 'events', 'hosts', 'jobs', 'login', 'proof', 'scans', 'webhooks']);
  const settings = execFileSync(`${root}/build/asan/bin/sportello`, ['settings'], { encoding: 'utf8' });
  assert.match(settings, /^SPORTELLO_DATABASE=/m);
  assert.doesNotMatch(settings, /SPORTELLO_POOL/);
  for (const name of services) {
    assert.deepEqual(values(name, 'Environment'), [], name);
    const [command] = values(name, 'ExecStart');
    assert.match(command, /^\/usr\/bin\/env /, name);
    // As systemd runs it, with a file that says something else.
    const [, ...words] = command.split(' ');
    const env = words.slice(0, words.findIndex((word) => word.startsWith('/')));
    const told = execFileSync('/usr/bin/env', [...env, 'printenv', 'SPORTELLO_POOL'], { encoding: 'utf8', env: { PATH: process.env.PATH, SPORTELLO_POOL: 'api' } });
    assert.equal(told.trim(), pool(name));
  }
});

test('only the jobs are told the password of the mail server', () => {
  for (const name of services) {
    const files = values(name, 'EnvironmentFile');
    assert.deepEqual(files, pool(name) === 'jobs' ? ['/etc/sportello/env', '-/etc/sportello/mail.env'] : ['/etc/sportello/env'], name);
  }
});

test('systemd understands the units', (t) => {
  if (spawnSync('systemd-analyze', ['--version']).status !== 0) {
    t.skip('no systemd-analyze here');
    return;
  }
  const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...readdirSync(folder).map((name) => `${folder}/${name.replace('@.', '@1.')}`)], { encoding: 'utf8' });
  // The programs are not installed here.
  const found = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('conf/systemd') && !/is not executable/.test(line));
  assert.deepEqual(found, []);
});
