// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What one tenant's flood does to another's requests, on an instance that
// tests/bench/run has started with the limits of a real one:
//   node fairness.mjs STATE fairness|signin
//
// One tenant works open loop at 30 % of what the machine can do: its requests
// come at their times, however late the answers are, from many addresses. Then
// again while another one floods from a few, or while sign-ins flood. The
// figure is the ratio of both p95, the median of the rounds.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';

const [state, what, part] = process.argv.slice(2);
const rounds = Number(process.env.ROUNDS ?? 5);
const seconds = Number(process.env.SECONDS_EACH ?? 3);
const port = Number(/^http=(\d+)/m.exec(readFileSync(`${state}/settings`, 'utf8'))[1]);
const psql = (text) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', `${state}/run`, '-U', 'postgres', '-d', 'bench', '-f', '-'],
  { input: text, encoding: 'utf8' }).trimEnd();
const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[Math.floor(list.length / 2)];
const p95 = (list) => sorted(list)[Math.floor(list.length * 0.95)];
const bench = (name, value, unit) => console.log(`bench ${name} ${value.toFixed(3)} ${unit}`);
const now = () => Number(process.hrtime.bigint()) / 1e6;

const agent = new http.Agent({ keepAlive: true, maxSockets: 512 });
function ask({ host, path, cookie, form, from }) {
  const began = now();
  return new Promise((resolve) => {
    const r = http.request({ host: '127.0.0.1', port, path, agent, localAddress: from, method: form ? 'POST' : 'GET', headers: {
      Host: `${host}:${port}`, 'X-Sportello': '1', ...(cookie ? { Cookie: `sid=${cookie}` } : {}),
      ...(form ? { Origin: `http://${host}:${port}`, 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(form) } : {}),
    } }, (answer) => answer.resume().on('end', () => resolve({ status: answer.statusCode, ms: now() - began })));
    r.on('error', () => resolve({ status: 0, ms: now() - began }));
    r.end(form);
  });
}

// People of a tenant with a ticket each may see, by different hosts.
function people(tenant, most) {
  return psql(`select 'a' || x.a || '.t${tenant}.localhost', encode(bench.token(x.id), 'hex'), min(t.id)
    from bench.person x join bench.ticket t on t.i = x.i and t.requester_id = x.id where x.i = ${tenant} and x.p > 8
    group by 1, 2 order by 1 limit ${most}`).split('\n').map((line, n) => {
    const [host, secret, number] = line.split('|');
    return { host, cookie: Buffer.from(secret, 'hex').toString('base64url'), path: `/api/tickets/${number}`, from: `127.0.1.${n % 200 + 1}` };
  });
}

// As fast as it goes, from so many at once: how many were answered a second.
async function closed(who, at, times, statuses = [200]) {
  const end = now() + times * 1000;
  let good = 0;
  await Promise.all(Array.from({ length: at }, async (_, i) => {
    for (let n = i; now() < end; n += at) if (statuses.includes((await ask(who(n))).status)) good++;
  }));
  return good / times;
}
// At their times; the p95 of what was answered, and how many were not.
async function open(who, rate, times) {
  const all = [];
  const began = now();
  for (let n = 0; n < rate * times; n++) {
    const wait = began + (n * 1000) / rate - now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    all.push(ask(who[n % who.length]));
  }
  const answers = await Promise.all(all);
  return { p95: p95(answers.map((a) => a.ms)), refused: answers.filter((a) => a.status !== 200).length / answers.length };
}

const workers = people(1, 60);
const flooders = people(2, 1);
const someAddress = () => `127.${2 + Math.floor(Math.random() * 200)}.${Math.floor(Math.random() * 250)}.${1 + Math.floor(Math.random() * 250)}`;
const flood = {
  fairness: (n) => ({ ...flooders[0], from: `127.0.2.${n % 8 + 1}` }),
  signin: () => ({ host: flooders[0].host, path: '/sign-in', from: someAddress(), form: 'email=nobody%40x.example&password=a+wrong+one&to=/' }),
}[what];

// The flood is a process of its own, which takes what the machine has left: it
// must not make the measurement slow by its own work, only by the server's.
if (part === 'flood') {
  await closed(flood, 64, 3600);
  process.exit();
}
async function flooded(work) {
  const child = spawn('nice', ['-n', '19', process.execPath, new URL(import.meta.url).pathname, state, what, 'flood'], { stdio: ['ignore', 'ignore', 'inherit'] });
  await new Promise((resolve) => setTimeout(resolve, 700));
  try {
    return await work();
  } finally {
    child.kill();
  }
}

const capacity = await closed((n) => workers[n % workers.length], 8, seconds);
bench(`${what}_capacity`, capacity, '/s');
const seen = [];
for (let i = 0; i < rounds; i++) {
  const quiet = await open(workers, capacity * 0.3, seconds);
  const loud = await flooded(() => open(workers, capacity * 0.3, seconds));
  seen.push({ ratio: loud.p95 / quiet.p95, quiet: quiet.p95, loud: loud.p95, refused: loud.refused });
}
bench(`${what}_p95_quiet`, median(seen.map((s) => s.quiet)), 'ms');
bench(`${what}_p95_flooded`, median(seen.map((s) => s.loud)), 'ms');
bench(`${what}_p95_ratio`, median(seen.map((s) => s.ratio)), 'times');
bench(`${what}_refused`, median(seen.map((s) => s.refused)), 'of the quiet tenant\'s');

if (what === 'signin') {
  const hash = `${new URL('../../build/bench-tools/hash', import.meta.url).pathname}`;
  const slots = Number(/^workers=\d+,(\d+)/m.exec(readFileSync(`${state}/settings`, 'utf8'))?.[1] ?? 2);
  const key = execFileSync(hash, ['key', 'bench'], { encoding: 'utf8' }).trim();
  const email = psql(`set session_replication_role = replica; with p as (select p.tenant_id, p.id, p.email from app.people p join bench.person x on x.id = p.id where x.i = 2 and x.p = 9)
    insert into app.credentials (tenant_id, person_id, salt, passes, memory_kib, verifier)
    select tenant_id, id, decode(repeat('00', 16), 'hex'), 2, 19456, sha256('\\x${key}'::bytea) from p
    on conflict (tenant_id, person_id) do update set salt = excluded.salt, passes = 2, memory_kib = 19456, verifier = excluded.verifier;
    select p.email || ' a' || x.a from app.people p join bench.person x on x.id = p.id where x.i = 2 and x.p = 9`).split(' ');
  const signIn = () => ({ host: `${email[1]}.t2.localhost`, path: '/sign-in', from: someAddress(), form: `email=${encodeURIComponent(email[0])}&password=bench&to=/` });
  const ratios = [];
  for (let i = 0; i < rounds; i++) {
    const bare = Number(execFileSync(hash, [String(slots), String(seconds)], { encoding: 'utf8' }));
    ratios.push(await closed(signIn, slots * 2, seconds, [303]) / bare);
  }
  bench('signin_vs_hash', median(ratios), 'ratio');
}
process.exit();
