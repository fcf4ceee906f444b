// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the door costs with 10,000 portals and 2,000 hosts of customers' own,
// against 10 portals and 2 of these: the databases bench_doors and
// bench_doors_few, which tests/bench/run has made. Alone:
//   node doors.mjs STATE
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

// Any portal, by its person; every sixth time at a host of its own.
const enter = (host, most) => `\\set n random(1, :${most})\n`
  + `select auth.enter(${host}, sha256(convert_to('bench ' || :n, 'UTF8')), 1::smallint, false);\n`;
const scripts = {
  canonical: [5, enter("'p' || :n || '.localhost'", 'portals')],
  own: [1, enter("'support-' || :n || '.customer.example'", 'own')],
};

// Microseconds a trip through the door.
async function trip(state, database, portals) {
  const files = Object.entries(scripts).flatMap(([name, [weight]]) => ['-f', `${state}/tmp/door_${name}.sql@${weight}`]);
  const { stdout } = await run('pgbench', ['-h', `${state}/run`, '-U', 'sportello_api', '-n', '-M', 'prepared', '-c', '1', '-T', '2',
    '-D', `portals=${portals}`, '-D', `own=${portals / 5}`, ...files, database]);
  const failed = /number of failed transactions: (\d+)/.exec(stdout);
  if (failed && Number(failed[1])) throw new Error(`${failed[1]} did not come in`);
  return 1e6 / Number(/^tps = ([\d.]+)/m.exec(stdout)[1]);
}

// How much longer it takes with many. Both at once, so that whatever else the
// machine does slows both; the median of the rounds.
export async function enterGrowth(state, rounds) {
  mkdirSync(`${state}/tmp`, { recursive: true });
  for (const [name, [, text]] of Object.entries(scripts)) writeFileSync(`${state}/tmp/door_${name}.sql`, text);
  const seen = [];
  for (let i = 0; i < rounds; i++) {
    const [few, many] = await Promise.all([trip(state, 'bench_doors_few', 10), trip(state, 'bench_doors', 10000)]);
    seen.push({ few, many, ratio: many / few });
  }
  const of = (what) => median(seen.map((s) => s[what]));
  return { ratio: of('ratio'), words: `times (a trip of ${Math.round(of('few'))} to ${Math.round(of('many'))} µs)` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ratio, words } = await enterGrowth(process.argv[2], Number(process.env.ROUNDS ?? 9));
  console.log(`bench enter_growth ${ratio.toFixed(2)} ${words}`);
}
