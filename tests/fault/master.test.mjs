// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The supervisor: restarts without a lost request, replaces what dies, and
// says in a sentence why it can't start.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { get } from '../lib/http.mjs';
import { logFrom, master, people, processes, root, state, until, workers } from '../lib/instance.mjs';

const host = people()[0].host;
const pids = () => processes().filter((p) => p.ppid === master()).map((p) => p.pid).sort();

function sportello(args, env = {}) {
  const { status, stdout, stderr } = spawnSync(`${root}/build/asan/bin/sportello`, args, {
    env: { PATH: process.env.PATH, ...env }, encoding: 'utf8', timeout: 10_000,
  });
  return { status, stdout, stderr };
}

test('a rolling restart replaces every process and loses no request', async () => {
  const before = pids();
  const log = logFrom();
  let asked = 0;
  let rolling = true;
  const load = Promise.all(Array.from({ length: 4 }, async () => {
    while (rolling) {
      const answer = await get(host, '/readyz');
      assert.equal(answer.status, 200);
      asked++;
    }
  }));
  let fewest = Infinity;
  process.kill(master(), 'SIGHUP');
  await until('the end of the restart', () => {
    fewest = Math.min(fewest, workers('api').length);
    return log().some((line) => line.what === 'restarted');
  }, 60_000);
  rolling = false;
  await load;
  const now = pids();
  assert.equal(now.length, before.length);
  assert.ok(now.every((pid) => !before.includes(pid)), 'all are new');
  assert.ok(fewest >= workers('api').length, 'never fewer than before');
  assert.ok(asked > 50, `${asked} requests`);
});

test('what dies is replaced at once, and the master stays', async () => {
  const before = pids();
  for (const pid of before) process.kill(pid, 'SIGKILL');
  await until('as many new ones', () => pids().length === before.length && pids().every((pid) => !before.includes(pid)));
  await until('an answer', async () => (await get(host, '/readyz')).status === 200);
});

test('only the jobs are told how to send mail', () => {
  const children = processes().filter((p) => p.ppid === master());
  const jobs = children.filter((p) => p.env.SPORTELLO_POOL === 'jobs');
  assert.equal(jobs.length, 1);
  assert.ok(jobs[0].env.SPORTELLO_SMTP_PASSWORD && jobs[0].env.SPORTELLO_SMTP_USER);
  assert.ok(children.length > jobs.length);
  for (const p of children.filter((child) => !jobs.includes(child))) {
    assert.equal(p.name, /^(events|webhooks|hosts|scans)$/.test(p.env.SPORTELLO_POOL) ? 'sportello' : 'sportello-worker');
    assert.deepEqual(Object.keys(p.env).filter((name) => /SMTP_(USER|PASSWORD|CA)$/.test(name)), [], p.env.SPORTELLO_POOL);
  }
});

test('a start that is not possible ends with a sentence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sportello-'));
  try {
    const says = (env, expected) => {
      const { status, stderr } = sportello(['master'], env);
      assert.notEqual(status, 0);
      assert.match(stderr, expected);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    };
    if (process.getuid() === 0) says({ SPORTELLO_RUN: `${state}/run` }, /another master is running here/);
    says({ SPORTELLO_RUN: `${folder}/none` }, /No such file/);
    says({ SPORTELLO_RUN: `${folder}/${'./'.repeat(60)}` }, /path would be too long: SPORTELLO_RUN may have \d+ characters/);
    writeFileSync(`${folder}/api.sock`, 'mine');
    says({ SPORTELLO_RUN: folder }, /not a socket/);
    assert.equal(readFileSync(`${folder}/api.sock`, 'utf8'), 'mine');
    says({ SPORTELLO_API_WORKERS: '0' }, /SPORTELLO_API_WORKERS must be a number/);
    says({ SPORTELLO_NONSENSE: '1' }, /no setting SPORTELLO_NONSENSE/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the program explains itself', () => {
  for (const command of ['master', 'jobs', 'settings', 'version', 'help']) {
    assert.ok(sportello(['help']).stdout.includes(`  ${command} `), command);
  }
  assert.match(sportello(['--version']).stdout, /^sportello \d+\.\d+\.\d+\n$/);
  const settings = sportello(['settings']).stdout;
  assert.match(settings, /^# .+\nSPORTELLO_API_WORKERS=4$/m);
  for (const args of [[], ['nonsense'], ['master', 'twice']]) assert.equal(sportello(args).status, 2);
  const { status, stderr } = sportello(['jobs'], { SPORTELLO_SMTP_URL: 'http://localhost' });
  assert.equal(status, 2);
  assert.match(stderr, /SPORTELLO_SMTP_URL must begin with smtp:/);
});
