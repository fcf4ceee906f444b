// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What customers' own hosts cost nginx, in an instance of its own:
//   node tests/bench/certificates.mjs [HOSTS=2000]       after `make build`
//
// A reload with that many certificates while requests go on; memory; and a full
// handshake at the base domain (its certificate is in memory) and at such hosts
// (theirs are read from disk).
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

const count = Number(process.argv[2] ?? 2000);
const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const state = `${root}/build/bench-hosts`;
const handshakes = 600;
const instance = (...args) => execFileSync(`${root}/conf/instance`, args, { stdio: ['ignore', 'ignore', 'inherit'] });
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const bench = (name, value, unit, digits = 0) => console.log(`bench ${name} ${value.toFixed(digits)} ${unit}`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

instance('start', state, '--quiet', '--empty', '--http', 'auto', '--rate', '1000000');
try {
  const port = Number(/^http=(\d+)/m.exec(readFileSync(`${state}/settings`, 'utf8'))[1]) + 1;
  const nginx = Number(readFileSync(`${state}/run/nginx.number`, 'utf8'));
  const workers = () => readFileSync(`/proc/${nginx}/task/${nginx}/children`, 'utf8').trim().split(' ').map(Number);
  const stat = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const cpu = (pids) => pids.reduce((sum, pid) => sum + Number(stat(pid)[11]) + Number(stat(pid)[12]), 0) * 10;
  const memory = (pids) => pids.reduce((sum, pid) => sum + Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]), 0) / 1024;

  const shake = (servername) => new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject.CN);
      socket.destroy();
    });
    socket.on('error', reject);
  });
  const name = (i) => `support-${i}.customer.example`;

  // The authority's intermediate is in each file, as in real ones.
  const make = `
    set -e; cd "$1"
    for ((i = 0; i < $2; i++)); do
      h=support-$i.customer.example; [ ! -f live/$h.pem ] || continue
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj /CN=$h -addext subjectAltName=DNS:$h -keyout live/k -out live/c 2>/dev/null
      cat live/c ../ca.pem live/k >live/$h.pem
    done
    rm -f live/k live/c; chmod 640 live/*; chown --reference=live live/*`;
  execFileSync('bash', ['-c', make, 'bash', `${state}/certificates`, String(count)]);

  async function reload() {
    const old = workers();
    const before = cpu([nginx]);
    const began = performance.now();
    process.kill(nginx, 'SIGHUP');
    while (workers().some((pid) => old.includes(pid)) && !workers().some((pid) => !old.includes(pid))) await sleep(2);
    const took = performance.now() - began;
    await sleep(1500);
    return { took, cpu: cpu([nginx]) - before };
  }

  const rounds = [];
  await reload();
  const without = memory([nginx, ...workers()]);
  writeFileSync(`${state}/certificates/map`, Array.from({ length: count }, (_, i) => `${name(i)} ${state}/certificates/live/${name(i)}.pem;\n`).join(''));
  await reload();
  bench('front_memory_without', without, 'MiB', 1);
  bench(`front_memory_with_${count}`, memory([nginx, ...workers()]), 'MiB', 1);

  // Connections all the while: none may fail.
  let running = true;
  let [good, bad, slowest] = [0, 0, 0];
  const traffic = (async () => {
    while (running) {
      const began = performance.now();
      await shake(name(good % count)).then(() => { good++; }, () => { bad++; });
      slowest = Math.max(slowest, performance.now() - began);
    }
  })();
  for (let i = 0; i < 5; i++) rounds.push(await reload());
  running = false;
  await traffic;
  bench('reload', median(rounds.map((r) => r.took)), 'ms until new workers serve');
  bench('reload_cpu', median(rounds.map((r) => r.cpu)), 'ms of the master');
  bench('reload_connections', good, `handshakes meanwhile, ${bad} failed, the slowest ${slowest.toFixed(0)} ms`);

  async function handshake(names) {
    const pids = workers();
    const before = cpu(pids);
    for (let i = 0; i < handshakes; i++) await shake(names(i));
    return (cpu(pids) - before) / handshakes;
  }
  const [base, own] = [[], []];
  for (let i = 0; i < 3; i++) {
    base.push(await handshake(() => 'desk.localhost'));
    own.push(await handshake((n) => name(n % count)));
  }
  bench('handshake_base', median(base), 'ms of nginx', 2);
  bench('handshake_own_host', median(own), 'ms of nginx', 2);
  if (await shake(name(count - 1)) !== name(count - 1)) throw new Error('the map does not lead to the certificates');
} finally {
  instance('stop', state);
}
