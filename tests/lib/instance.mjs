// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The instance that tests talk to: build/t, made and started by `tests/run`.
// A test file run by itself (node --test tests/http/x.test.mjs) starts it.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const state = process.env.TEST_STATE ?? `${root}/build/t`;

// npm packages live in www/.
export const need = createRequire(`${root}/www/package.json`);

const instance = (...args) => execFileSync(`${root}/conf/instance`, args, { stdio: ['ignore', 'ignore', 'inherit'] });

function running() {
  try {
    const [pid, born] = readFileSync(`${state}/run/nginx.pid`, 'utf8').split(/\s+/);
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[19] === born;
  } catch {
    return false;
  }
}
const wanted = ['fcgi', 'sql', 'conf', 'www/src', 'www/templates', 'lang'].map((d) => `${root}/${d}`);
const isOlder = () => execFileSync('find', [...wanted, '-newer', `${state}/demo.json`, '-type', 'f', '-print', '-quit'], { encoding: 'utf8' }) !== '';
if (!existsSync(`${state}/demo.json`) || !running()) {
  execFileSync(`${root}/tests/run`, ['up'], { stdio: ['ignore', 'ignore', 'inherit'] });
} else if (isOlder()) {
  console.log('# the running test instance is older than the code: tests/run up');
}

// As var/demo.json is for `make run`: base, mail, ca, people.
export const demo = JSON.parse(readFileSync(`${state}/demo.json`, 'utf8'));
export const ca = readFileSync(demo.ca);
export const port = { http: Number(new URL(demo.base.http).port), https: Number(new URL(demo.base.https).port) };

// The first person of the demo for whom all of these hold, for example
// person({ tenant: 'Registro', role: 'agent' }) or person({ email }).
export function person(wanted) {
  const found = people(wanted)[0];
  if (!found) throw new Error(`nobody in the demo is ${JSON.stringify(wanted)}`);
  return found;
}
export function people(wanted = {}) {
  return demo.people.filter((p) => Object.entries(wanted).every(([key, value]) => p[key] === value));
}

// ---- the database ----

// Runs SQL as a role (postgres, sportello_api, …) and returns what psql prints
// with -At. A failing statement throws with PostgreSQL's message. `owner` is
// sportello_owner, who can't log in.
export async function psql(role, sql, { database = 'sportello', ...variables } = {}) {
  const owner = role === 'owner';
  const set = Object.entries(variables).flatMap(([k, v]) => ['-v', `${k}=${v}`]);
  const child = promisify(execFile)('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', ...set, '-h', `${state}/run`,
    '-U', owner ? 'postgres' : role, '-d', database, '-f', '-'], {
    env: { ...process.env, PGOPTIONS: `-c client_min_messages=warning${owner ? ' -c role=sportello_owner' : ''}` },
    maxBuffer: 256 * 1024 * 1024,
  });
  child.child.stdin.end(sql);
  const { stdout } = await child;
  return stdout.replace(/\n$/, '');
}
// The same for a statement whose one result is JSON.
export const psqlJson = async (role, sql, options) => JSON.parse(await psql(role, sql, options));

export const restartPostgres = () => instance('restart', state, 'postgres');
export const stopPostgres = () => instance('halt', state, 'postgres');
export const startPostgres = () => instance('restart', state, 'postgres');

// nginx stays, the workers and jobs go and come.
export const stopApp = () => instance('halt', state, 'workers');
export const startApp = () => instance('restart', state, 'workers');
export const stopCatcher = () => instance('halt', state, 'catcher');
export const stopLive = () => instance('halt', state, 'live');
export const restartLive = () => instance('restart', state, 'live');
export const startCatcher = () => instance('restart', state, 'catcher');

// ---- processes ----

// { pid, ppid, name, args } of everything whose executable is in the instance.
export function processes() {
  const found = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const exe = readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, '');
      if (!exe.startsWith(`${state}/app/bin/`) && !exe.startsWith(`${realState}/app/bin/`)) continue;
      const ppid = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[1]);
      const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
      const env = Object.fromEntries(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean)
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
      found.push({ pid: Number(pid), ppid, name: exe.split('/').pop(), args, env });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}
export const realState = (() => {
  try {
    return readlinkSync(state);
  } catch {
    return state;
  }
})();
export const workers = (pool) => processes().filter((p) => p.name === 'sportello-worker'
  && (!pool || p.env.SPORTELLO_POOL === pool));
export const master = () => Number(readFileSync(`${state}/run/master.pid`, 'utf8').split(' ')[0]);

// Restarts workers and jobs with other options of `conf/instance start`.
export const restartApp = (...options) => instance('start', state, '--quiet', ...options);

// The log of workers and jobs from here on: const log = logFrom(); … log().
export function logFrom(file = 'master') {
  const path = `${state}/log/${file}.log`;
  const start = existsSync(path) ? readFileSync(path).length : 0;
  return () => readFileSync(path).subarray(start).toString('utf8').split('\n').filter(Boolean).map((line) => {
    try {
      return JSON.parse(line);
    } catch {
      return line;
    }
  });
}

// ---- waiting ----

// Waits for a condition instead of for a time; so long only to end at all, since
// this says nothing of how quick a thing is: other suites take their share.
export async function until(what, condition, timeout = 30_000) {
  const end = Date.now() + timeout;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

// The bytes that come back for these bytes, over plain http: for requests that
// no client library would send.
export function rawRequest(bytes, timeout = 5000) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = connect(port.http, '127.0.0.1');
    socket.setTimeout(timeout, () => socket.destroy());
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error) => (chunks.length ? undefined : reject(error)));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}
