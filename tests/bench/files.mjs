// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A file of 500 MB (20 MB at SIZE=small) through nginx, brought and fetched, against
// what PostgreSQL alone takes and gives of the same chunks (chunks.c: no row
// security, no context); and how a worker of the pool grows by it.
//   node files.mjs STATE SIZE
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import http from 'node:http';

const [state, size] = process.argv.slice(2);
const rounds = size === 'small' ? 3 : 5;
const CHUNK = 256 * 1024;
const n = size === 'small' ? 80 : 1908;
const bytes = n * CHUNK;
const port = Number(/^http=(\d+)/m.exec(readFileSync(`${state}/settings`, 'utf8'))[1]);
const psql = (text) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', `${state}/run`, '-U', 'postgres', '-d', 'bench', '-f', '-'],
  { input: text, encoding: 'utf8', env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } }).trimEnd();
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const bench = (name, value, unit) => console.log(`bench ${name} ${value.toFixed(3)} ${unit}`);

const [host, secret, tenant] = psql(`select 'a' || a || '.t' || i || '.localhost', encode(bench.token(id), 'hex'), tenant_id
  from bench.person where i = 2 and p = 9`).split('|');
const cookie = `sid=${Buffer.from(secret, 'hex').toString('base64url')}`;
const some = randomBytes(4 * 1024 * 1024);

// `body`: so many bytes of noise, or JSON.
const ask = (method, path, { headers = {}, noise = 0, json } = {}) => new Promise((resolve, reject) => {
  const text = json ? JSON.stringify(json) : '';
  const request = http.request({ host: '127.0.0.1', port, method, path, agent: false, headers: { Host: `${host}:${port}`, Cookie: cookie, 'X-Sportello': '1',
    ...(method === 'GET' ? {} : { Origin: `http://${host}:${port}` }), ...(json ? { 'Content-Type': 'application/json' } : {}),
    'Content-Length': noise || Buffer.byteLength(text), ...headers } }, (answer) => {
    const parts = [];
    let got = 0;
    answer.on('data', (part) => { got += part.length; if (got < 1e5) parts.push(part); });
    answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, got, text: Buffer.concat(parts).toString() }));
    answer.on('error', reject);
  });
  request.on('error', reject);
  request.setTimeout(60_000, () => request.destroy(new Error(`${method} ${path} took too long`)));
  let left = noise;
  const more = () => {
    while (left > 0) {
      const part = some.subarray(0, Math.min(left, some.length));
      left -= part.length;
      if (!request.write(part)) return request.once('drain', more);
    }
    return request.end(text);
  };
  more();
});
const must = (answer, status) => { if (answer.status !== status) throw new Error(`${answer.status}, not ${status}: ${answer.text}`); return answer; };
const seconds = async (what) => { const began = process.hrtime.bigint(); await what(); return Number(process.hrtime.bigint() - began) / 1e9; };
const chunks = (what) => Number(execFileSync('build/bench-tools/chunks', [`host=${state}/run user=postgres dbname=bench options=-crole=bench_plain`, what, String(n)], { encoding: 'utf8' }));

const tus = { 'Tus-Resumable': '1.0.0' };
async function bring(bytes = n * CHUNK) {
  const made = must(await ask('POST', '/api/files', { headers: { ...tus, 'Upload-Length': bytes, 'Upload-Metadata': 'filename eA==' } }), 201);
  const took = await seconds(async () => must(await ask('PATCH', made.headers.location,
    { noise: bytes, headers: { ...tus, 'Upload-Offset': 0, 'Content-Type': 'application/offset+octet-stream' } }), 204));
  return { took, id: JSON.parse(made.text).id };
}

// By a client that only counts: seconds.
function fetchFile(number, id) {
  const [took, got] = execFileSync('curl', ['-sS', '-o', '/dev/null', '-w', '%{time_total} %{size_download}', '-H', `Host: ${host}:${port}`, '-H', `Cookie: ${cookie}`, '-H', 'X-Sportello: 1',
    `http://127.0.0.1:${port}/api/tickets/${number}/files/${id}`], { encoding: 'utf8', timeout: 120_000 }).split(' ').map(Number);
  if (got !== bytes) throw new Error(`${got} bytes came`);
  return took;
}

const pool = () => readdirSync('/proc').filter((p) => /^\d+$/.test(p)).filter((p) => {
  try {
    return readlinkSync(`/proc/${p}/exe`) === `${state}/app/bin/sportello-worker` && readFileSync(`/proc/${p}/environ`, 'utf8').includes('SPORTELLO_POOL=bulk\0');
  } catch { return false; }
});
const memory = () => new Map(pool().map((p) => [p, Number(/^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${p}/smaps_rollup`, 'utf8'))[1]) / 1024]));

psql(`do $$ begin
    if not exists (select from pg_roles where rolname = 'bench_plain') then create role bench_plain nologin bypassrls; end if;
  end $$;
  grant usage on schema bench to bench_plain;
  drop table if exists bench.chunk; create table bench.chunk (seq int primary key, data bytea not null);
  alter table bench.chunk alter column data set storage external; grant all on bench.chunk to bench_plain;
  insert into app.settings (tenant_id, scope, name, value) values (${tenant}, 0, 'file_mb', '1000') on conflict do nothing;`);
try {
  // Each worker has had a small one, and the pages of the tables are there.
  await Promise.all([1, 2, 3, 4].map(() => bring(CHUNK)));
  await bring();
  const before = memory();
  const up = [], down = [], speeds = [];
  for (let i = 0; i < rounds; i++) {
    psql('truncate bench.chunk; checkpoint');
    const limit = chunks('write');
    const { took, id } = await bring();
    up.push(limit / took);
    const { number } = JSON.parse(must(await ask('POST', '/api/tickets', { json: { title: 'x', description: 'x', files: [id] }, headers: { 'Idempotency-Key': `bench-files-${Date.now()}` } }), 201).text);
    const alone = chunks('read');
    const fetched = fetchFile(number, id);
    down.push(alone / fetched);
    speeds.push([bytes / took, bytes / fetched].map((x) => (x / 1e6).toFixed(0)));
  }
  const after = memory();
  bench('upload_vs_limit', median(up), `of PostgreSQL's own (${speeds.map(([u]) => u).join(', ')} MB/s)`);
  bench('download_vs_sql', median(down), `of PostgreSQL's own (${speeds.map(([, d]) => d).join(', ')} MB/s)`);
  bench('upload_growth_mib', Math.max(...[...after].map(([p, m]) => m - (before.get(p) ?? m))), `MiB (a worker of the pool, after ${rounds} files of ${(bytes / 1e6).toFixed(0)} MB)`);
} finally {
  psql(`set session_replication_role = replica; drop table if exists bench.chunk;
    delete from app.settings where tenant_id = ${tenant} and name = 'file_mb';
    delete from app.file_chunks where tenant_id = ${tenant}; delete from app.files where tenant_id = ${tenant};
    create temp table mine as select id, tenant_id from app.tickets where tenant_id = ${tenant} and created_at > '2026-02-01';
    delete from app.comments c using mine where c.tenant_id = mine.tenant_id and c.ticket_id = mine.id;
    delete from app.ticket_access c using mine where c.tenant_id = mine.tenant_id and c.ticket_id = mine.id;
    delete from app.event_queue where tenant_id = ${tenant}; delete from app.deliveries where tenant_id = ${tenant};
    delete from app.events e using mine where e.tenant_id = mine.tenant_id and e.ticket_id = mine.id;
    delete from app.tickets t using mine where t.tenant_id = mine.tenant_id and t.id = mine.id;
    delete from app.idempotency_keys where tenant_id = ${tenant}; delete from app.usage where tenant_id = ${tenant};
    update app.ticket_counters c set last = (select max(t.id) from app.tickets t where t.tenant_id = c.tenant_id) where c.tenant_id = ${tenant};
    vacuum app.file_chunks; vacuum app.files;`);
}
