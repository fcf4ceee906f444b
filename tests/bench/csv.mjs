// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A queue of 100,000 tickets (10,000 at SIZE=small) as CSV through nginx, against
// COPY of the same columns by the same role with the same context, under row-level
// security; by the owner of the tables, for comparison; and how the worker grows.
//   node csv.mjs STATE SIZE
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const [state, size] = process.argv.slice(2);
const rounds = size === 'small' ? 3 : 5;
const most = size === 'small' ? 10_000 : 100_000;
const port = Number(/^http=(\d+)/m.exec(readFileSync(`${state}/settings`, 'utf8'))[1]);
const psql = (text, user = 'postgres') => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', `${state}/run`, '-U', user, '-d', 'bench', '-f', '-'],
  { input: text, encoding: 'utf8', maxBuffer: 2 ** 30, env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } });
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const bench = (name, value, unit) => console.log(`bench ${name} ${value.toFixed(3)} ${unit}`);
const seconds = (what) => { const began = process.hrtime.bigint(); what(); return Number(process.hrtime.bigint() - began) / 1e9; };

const [host, secret, tenant] = psql(`select 'desk.t1.localhost', encode(bench.token(id), 'hex'), tenant_id from bench.person where i = 1 and p = 1`).trim().split('|');
// The day since which there are so many.
const [from, n] = psql(`select d, (select count(*) from app.tickets where tenant_id = ${tenant} and at_desk and created_at >= d) from (
  select coalesce((select created_at::date from app.tickets where tenant_id = ${tenant} and at_desk order by created_at desc offset ${most - 1} limit 1), '1970-01-01') as d) x`).trim().split('|');

const columns = (named) => `t.id, t.title, (array['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'])[t.status],
    (array['low', 'normal', 'high', 'urgent'])[t.priority], t.type, r.name, s.name, a.name, po.name, t.created_at, t.updated_at, t.desk_updated_at
  from app.tickets t left join ${named} r on r.id = t.requester_id left join ${named} s on s.id = t.assignee_id
  join app.accounts a on a.tenant_id = t.tenant_id and a.id = t.account_id join app.portals po on po.tenant_id = t.tenant_id and po.id = t.portal_id
  where t.tenant_id = ${tenant} and t.at_desk and t.created_at >= '${from}' order by t.desk_updated_at desc, t.id desc`;
// Customers' names, accounts and portals are told to agents by functions alone.
const byRole = columns('named').replace('a.name, po.name', 'app.account_name(t.account_id), app.portal_name(t.portal_id)')
  .replace(/\n  join app\.accounts.*\n/, '\n');
const asRole = `begin; select auth.enter('${host}', '\\x${secret}', 2::smallint, false) \\g /dev/null
copy (with named as materialized (select key::bigint as id, value->>'name' as name from json_each(app.names(array(
    select t.requester_id from app.tickets t where t.tenant_id = ${tenant} and t.at_desk and t.created_at >= '${from}'
    union select t.assignee_id from app.tickets t where t.tenant_id = ${tenant} and t.at_desk and t.created_at >= '${from}'))))
  select ${byRole}) to stdout (format csv, header)`.replace(/\n(?=.)/g, (m, at, all) => (all.slice(0, at).includes('/dev/null') && !all.slice(at).startsWith('\ncopy') ? ' ' : '\n'));
const asOwner = `copy (with named as (select id, name from app.people where tenant_id = ${tenant}) select ${columns('named')}) to stdout (format csv, header)`.replace(/\n/g, ' ');

const args = ['-sS', '-o', '/dev/null', '-w', '%{http_code} %{size_download}', '-H', `Host: ${host}:${port}`, '-H', `Cookie: sid=${Buffer.from(secret, 'hex').toString('base64url')}`, '-H', 'X-Sportello: 1',
  `http://127.0.0.1:${port}/api/queue.csv?created_from=${from}&lang=en`];
let bytes = 0;
function fetchIt() {
  const [status, got] = execFileSync('curl', args, { encoding: 'utf8', timeout: 120_000 }).split(' ').map(Number);
  if (status !== 200 || got < n * 50) throw new Error(`${status}: ${got} bytes came`);
  bytes = got;
}
const pool = () => readdirSync('/proc').filter((p) => /^\d+$/.test(p)).filter((p) => {
  try {
    return readlinkSync(`/proc/${p}/exe`) === `${state}/app/bin/sportello-worker` && readFileSync(`/proc/${p}/environ`, 'utf8').includes('SPORTELLO_POOL=bulk\0');
  } catch { return false; }
});
const memory = () => new Map(pool().map((p) => [p, Number(/^Pss: +(\d+) kB/m.exec(readFileSync(`/proc/${p}/smaps_rollup`, 'utf8'))[1]) / 1024]));

fetchIt(); // the pages of the tables are there
const before = memory();
const ratios = [], owner = [], took = [];
for (let i = 0; i < rounds; i++) {
  const limit = seconds(() => psql(asRole, 'sportello_bulk'));
  const ours = seconds(fetchIt);
  ratios.push(limit / ours);
  owner.push(seconds(() => psql(asOwner)) / ours);
  took.push(ours.toFixed(2));
}
const after = memory();
bench('csv_vs_copy', median(ratios), `of COPY by the same role (${n} tickets, ${(bytes / 1e6).toFixed(0)} MB in ${took.join(', ')} s)`);
bench('csv_vs_owner', median(owner), 'of COPY by the owner, without row-level security');
bench('csv_growth_mib', Math.max(...[...after].map(([p, m]) => m - (before.get(p) ?? m))), `MiB (a worker of the pool, after ${rounds} lists)`);
