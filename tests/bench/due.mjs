// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Clocks beside what happens, in the tenant with most tickets while jobs run: how long
// after its time one that is due is told, where 100,000 run (2,000 at SIZE=small); what a
// change of status costs with a service level and without, through nginx and in turns;
// and how soon the clocks follow it.
//   node due.mjs STATE SIZE
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { forget, promise } from './level.mjs';

const [state, size] = process.argv.slice(2);
const open = size === 'small' ? 2_000 : 100_000;
const rounds = Number(process.env.ROUNDS ?? 5);
const port = Number(/^http=(\d+)/m.exec(readFileSync(`${state}/settings`, 'utf8'))[1]);
const psql = (text) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', `${state}/run`, '-U', 'postgres', '-d', 'bench', '-f', '-'],
  { input: text, encoding: 'utf8', env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } }).trimEnd();
const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[Math.floor(list.length / 2)];
const bench = (name, value, unit) => console.log(`bench ${name} ${value.toFixed(3)} ${unit}`);
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const tenant = psql('select tenant_id from app.people group by 1 order by count(*) desc limit 1');
const [host, secret] = psql(`select h.host, encode(bench.token(b.id), 'hex')
  from bench.person b join app.people p on p.tenant_id = b.tenant_id and p.id = b.id and p.rank >= 2
  join app.portals po on po.tenant_id = b.tenant_id and po.account_id is null
  join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
  where b.tenant_id = ${tenant} order by b.id limit 1`).split('|');
const cookie = `sid=${Buffer.from(secret, 'hex').toString('base64url')}`;
const connections = new http.Agent({ keepAlive: true });
// A hundred that are worked on; their last events are found by them, and taken out.
const tickets = psql(`select id from app.tickets where tenant_id = ${tenant} and at_desk and status = 2 order by id desc limit 100`).split('\n').map(Number);
const mine = `tenant_id = ${tenant} and ticket_id in (${tickets.join(', ')})`;

function change(number, status) {
  const body = JSON.stringify({ status });
  const began = process.hrtime.bigint();
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, agent: connections, method: 'PATCH', path: `/api/tickets/${number}`, headers: { Host: `${host}:${port}`, Cookie: cookie,
      'X-Sportello': '1', Origin: `http://${host}:${port}`, 'Content-Type': 'application/json', 'Content-Length': body.length } }, (answer) => {
      let text = '';
      answer.on('data', (part) => { text += part; });
      answer.on('end', () => (answer.statusCode === 200 ? resolve(Number(process.hrtime.bigint() - began) / 1e6) : reject(new Error(`${answer.statusCode}: ${text}`))));
    });
    request.on('error', reject);
    request.end(body);
  });
}
// Until all events are worked out; nobody's mail goes out.
async function quiet() {
  for (let i = 0; i < 1200; i++) {
    if (psql(`delete from app.deliveries where tenant_id = ${tenant}; select count(*) from app.event_queue where tenant_id = ${tenant}`) === '0') return;
    await sleep(50);
  }
  throw new Error('the events are not worked out after a minute');
}

// Of one ticket after the other: paused, and running again.
async function changes(ids) {
  const took = [];
  for (const status of ['on_hold', 'in_progress']) for (const n of ids) took.push(await change(n, status));
  return median(took);
}

const since = psql('select now()');
try {
  psql(forget(tenant));
  const seen = { without: [], with: [] };
  await changes(tickets.slice(0, 20));
  for (let round = 0; round < rounds; round++) {
    for (const which of ['without', 'with']) {
      if (which === 'with') psql(promise(tenant));
      seen[which].push(await changes(tickets.slice(0, 20)));
      await quiet();
      if (which === 'with') psql(forget(tenant));
    }
  }
  bench('status_change', median(seen.with.map((ms, i) => ms / seen.without[i])),
    `times one without a service level (${median(seen.with).toFixed(1)} ms to ${median(seen.without).toFixed(1)} ms)`);

  // With its time: from the answer on until the clock stands still.
  psql(promise(tenant));
  const followed = [];
  for (const number of tickets.slice(20, 40)) {
    await change(number, 'on_hold');
    const began = process.hrtime.bigint();
    while (psql(`select state from app.ticket_clocks where tenant_id = ${tenant} and ticket_id = ${number} and kind = 3`) !== '2') {
      if (process.hrtime.bigint() - began > 60_000_000_000n) throw new Error('the clocks do not follow');
      await sleep(20);
    }
    followed.push(Number(process.hrtime.bigint() - began) / 1e9);
  }
  await quiet();
  bench('clocks_follow_s', Math.max(...followed), `s at most after a change of status, ${median(followed).toFixed(3)} in the middle`);

  // As many run as are wanted; fifty end, one every fifth of a second. (What is worked out
  // anew then goes by the ticket's own events: its due times of long ago don't count.)
  const due = tickets.slice(40, 90);
  const [all] = psql(`set session_replication_role = replica;
    delete from app.ticket_clocks where tenant_id = ${tenant};
    insert into app.ticket_clocks (tenant_id, ticket_id, kind, state, started_at, running_since, target, version, plan, priority, due_at, warn_at, alarm_at, is_next)
      select t.tenant_id, t.id, 3, 1, now(), now(), 864000, 1, 'a', 2, now() + interval '10 days', now() + interval '9 days', now() + interval '9 days', true
      from app.tickets t where t.tenant_id = ${tenant} order by t.id limit ${open};
    insert into app.ticket_clocks as c (tenant_id, ticket_id, kind, state, started_at, running_since, target, version, plan, priority, due_at, warn_at, warned_for, alarm_at, is_next)
      select ${tenant}, d.id, 3, 1, d.at - interval '10 days', d.at - interval '10 days', 864000, 1, 'a', 2, d.at, d.at - interval '1 hour', d.at, d.at, true
      from (select x.id, now() + interval '3 seconds' + x.n * interval '200 milliseconds' as at from unnest(array[${due}]) with ordinality x (id, n)) d
      on conflict (tenant_id, ticket_id, kind) do update set started_at = excluded.started_at, running_since = excluded.running_since, due_at = excluded.due_at,
        warn_at = excluded.warn_at, warned_for = excluded.warned_for, alarm_at = excluded.alarm_at;
    analyze app.ticket_clocks;
    select count(*) from app.ticket_clocks where tenant_id = ${tenant} and state = 1`).split('\n');
  const late = () => psql(`select count(*), max(extract(epoch from created_at - (data->>'due')::timestamptz)), percentile_cont(0.5) within group (order by extract(epoch from created_at - (data->>'due')::timestamptz))
    from app.events where tenant_id = ${tenant} and ticket_id in (${due}) and kind = 'ticket.late' and (data->>'due')::timestamptz >= '${since}'`).split('|').map(Number);
  let told = late();
  for (let i = 0; told[0] < due.length; i++) {
    if (i > 600) throw new Error(`${told[0]} of ${due.length} are told`);
    await sleep(100);
    told = late();
  }
  bench('due_within_s', told[1], `s at most after their time, ${told[2].toFixed(3)} in the middle (${due.length} of ${all} clocks that run)`);
} finally {
  await quiet().catch(() => {});
  psql(`set session_replication_role = replica;
    delete from app.event_queue where tenant_id = ${tenant}; delete from app.deliveries where tenant_id = ${tenant}; delete from app.search_queue where tenant_id = ${tenant};
    delete from app.events where ${mine} and created_at >= '${since}'; delete from app.comments where ${mine} and created_at >= '${since}';
    update app.tickets set status = 2 where tenant_id = ${tenant} and id in (${tickets.join(', ')}) and status <> 2;
    vacuum app.tickets; vacuum app.events`);
  psql(forget(tenant));
}
process.exit();
