// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What one change of a thousand tickets does to the tenant's other requests, while jobs
// are at it: customers look at tickets open loop at 30 % of what the machine can do, and
// again while the change runs, and while it is taken back. The figure is the ratio of
// both p95, the median of the rounds.
//   node bulk.mjs STATE SIZE
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';

const [state] = process.argv.slice(2);
const rounds = Number(process.env.ROUNDS ?? 5);
const seconds = Number(process.env.SECONDS_EACH ?? 3);
const port = Number(/^http=(\d+)/m.exec(readFileSync(`${state}/settings`, 'utf8'))[1]);
const psql = (text) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', `${state}/run`, '-U', 'postgres', '-d', 'bench', '-f', '-'],
  { input: text, encoding: 'utf8', env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } }).trimEnd();
const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[Math.floor(list.length / 2)];
const p95 = (list) => sorted(list)[Math.floor(list.length * 0.95)];
const bench = (name, value, unit) => console.log(`bench ${name} ${value.toFixed(3)} ${unit}`);
const now = () => Number(process.hrtime.bigint()) / 1e6;
const connections = new http.Agent({ keepAlive: true, maxSockets: 512 });

function ask({ host, path, cookie, body }) {
  const began = now();
  const text = body && JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const r = http.request({ host: '127.0.0.1', port, path, agent: connections, method: text ? 'POST' : 'GET', headers: {
      Host: `${host}:${port}`, 'X-Sportello': '1', Cookie: `sid=${cookie}`,
      ...(text ? { Origin: `http://${host}:${port}`, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), 'Idempotency-Key': `bench-bulk-${Date.now()}-${Math.random().toString(36).slice(2)}` } : {}),
    } }, (answer) => {
      let said = '';
      answer.on('data', (part) => { said += part; });
      answer.on('end', () => resolve({ status: answer.statusCode, said, ms: now() - began }));
    });
    r.on('error', reject);
    r.end(text);
  });
}
const cookie = (secret) => Buffer.from(secret, 'hex').toString('base64url');

const [tenant, desk, secret] = psql(`select b.tenant_id, h.host, encode(bench.token(b.id), 'hex')
  from bench.person b join app.people p on p.tenant_id = b.tenant_id and p.id = b.id and p.rank >= 2
  join app.portals po on po.tenant_id = b.tenant_id and po.account_id is null
  join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
  where b.i = 1 order by b.id limit 1`).split('|');
const agent = { host: desk, cookie: cookie(secret) };
// Customers of the same tenant, each with a ticket that they see.
const customers = psql(`select 'a' || x.a || '.t1.localhost', encode(bench.token(x.id), 'hex'), min(t.id)
  from bench.person x join bench.ticket t on t.i = x.i and t.requester_id = x.id where x.i = 1 and x.p > 8
  group by 1, 2 order by 1 limit 60`).split('\n').map((line) => {
  const [host, token, number] = line.split('|');
  return { host, cookie: cookie(token), path: `/api/tickets/${number}` };
});
// What is changed is open, so that nobody gets mail of it.
const numbers = psql(`select id from app.tickets where tenant_id = ${tenant} and at_desk and status <= 3 order by id desc limit 1000`).split('\n').map(Number);

async function capacity(at) {
  const end = now() + seconds * 1000;
  let good = 0;
  await Promise.all(Array.from({ length: at }, async (_, i) => {
    for (let n = i; now() < end; n += at) if ((await ask(customers[n % customers.length])).status === 200) good++;
  }));
  return good / seconds;
}
// At their times, until it is over: the p95.
async function open(rate, over) {
  const all = [];
  const began = now();
  for (let n = 0; !over(now() - began); n++) {
    const wait = began + (n * 1000) / rate - now();
    if (wait > 1) await new Promise((resolve) => { setTimeout(resolve, wait); });
    all.push(ask(customers[n % customers.length]));
  }
  return p95((await Promise.all(all)).map((a) => a.ms));
}
const post = async (path, body) => {
  const a = await ask({ ...agent, path, body });
  if (a.status !== 201) throw new Error(`${a.status}: ${a.said}`);
  return JSON.parse(a.said).job;
};
// How long jobs were at it; `ended` says so to the open loop meanwhile.
async function worked(job, ended) {
  const began = now();
  for (;;) {
    const { job: is } = JSON.parse((await ask({ ...agent, path: `/api/bulk/${job.id}` })).said);
    if (is.state !== 'working') {
      ended();
      if (is.done < is.total * 0.99) throw new Error(`${is.done} of ${is.total} were changed`);
      return (now() - began) / 1000;
    }
    if (now() - began > 300_000) throw new Error('jobs do not come to it');
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

const since = psql('select now()');
try {
  const rate = (await capacity(8)) * 0.3;
  const seen = [];
  for (let round = 0; round < rounds; round++) {
    const quiet = await open(rate, (ms) => ms > seconds * 1000);
    for (const path of ['/api/bulk', null]) {
      const job = path ? await post(path, { numbers, change: { status: 'on_hold', assignee: 'me', tags: { add: ['bench'] } } }) : await post(`/api/bulk/${seen[seen.length - 1].id}/undo`, {});
      let over = false;
      const took = worked(job, () => { over = true; });
      const loud = await open(rate, () => over);
      seen.push({ id: job.id, ratio: loud / quiet, quiet, loud, took: await took });
    }
  }
  bench('bulk_1000_seconds', median(seen.map((s) => s.took)), `s (${numbers.length} tickets)`);
  bench('bulk_1000_p95_quiet', median(seen.map((s) => s.quiet)), 'ms');
  bench('bulk_1000_p95', median(seen.map((s) => s.loud)), 'ms');
  bench('bulk_1000', median(seen.map((s) => s.ratio)), 'times the p95 of a ticket while a thousand are changed');
} finally {
  psql(`set session_replication_role = replica;
    delete from app.bulk_rows where tenant_id = ${tenant}; delete from app.bulk_jobs where tenant_id = ${tenant}; delete from app.ticket_tags where tenant_id = ${tenant} and tag = 'bench';
    delete from app.event_queue where tenant_id = ${tenant}; delete from app.deliveries where tenant_id = ${tenant}; delete from app.search_queue where tenant_id = ${tenant};
    delete from app.events where tenant_id = ${tenant} and created_at >= '${since}'; delete from app.idempotency_keys where tenant_id = ${tenant} and route = 'bulk';
    vacuum app.tickets; vacuum app.events`);
}
process.exit();
