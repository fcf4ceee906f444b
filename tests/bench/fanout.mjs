// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An agent's reply to a ticket that many follow (10,000; 500 at SIZE=small) against
// one that ten follow, through nginx, in turns: who follows costs the author nothing.
//   node fanout.mjs STATE SIZE
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';

const [state, size] = process.argv.slice(2);
const many = size === 'small' ? 500 : 10_000;
const rounds = 7;
const port = Number(/^http=(\d+)/m.exec(readFileSync(`${state}/settings`, 'utf8'))[1]);
const psql = (text) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', `${state}/run`, '-U', 'postgres', '-d', 'bench', '-f', '-'],
  { input: text, encoding: 'utf8', env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } }).trimEnd();
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

// The tenant with most people, its desk, one of its agents, and its two newest tickets there.
const [tenant, host, secret] = psql(`select b.tenant_id, h.host, encode(bench.token(b.id), 'hex')
  from bench.person b join app.people p on p.tenant_id = b.tenant_id and p.id = b.id and p.rank >= 2
  join app.portals po on po.tenant_id = b.tenant_id and po.account_id is null
  join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
  where b.tenant_id = (select tenant_id from app.people group by 1 order by count(*) desc limit 1) order by b.id limit 1`).split('|');
const tickets = psql(`select id from app.tickets where tenant_id = ${tenant} and at_desk and status <= 4 order by id desc limit 2`).split('\n').map(Number);
const cookie = `sid=${Buffer.from(secret, 'hex').toString('base64url')}`;
const agent = new http.Agent({ keepAlive: true });

const reply = (number, n) => new Promise((resolve, reject) => {
  const body = JSON.stringify({ body: `Answer ${n}` });
  const began = process.hrtime.bigint();
  const request = http.request({ host: '127.0.0.1', port, agent, method: 'POST', path: `/api/tickets/${number}/comments`, headers: { Host: `${host}:${port}`, Cookie: cookie, 'X-Sportello': '1',
    Origin: `http://${host}:${port}`, 'Content-Type': 'application/json', 'Content-Length': body.length, 'Idempotency-Key': `bench-fanout-${Date.now()}-${n}` } }, (answer) => {
    let text = '';
    answer.on('data', (part) => { text += part; });
    answer.on('end', () => (answer.statusCode === 201 ? resolve(Number(process.hrtime.bigint() - began) / 1e6) : reject(new Error(`${answer.statusCode}: ${text}`))));
  });
  request.on('error', reject);
  request.end(body);
});
// Nobody's mail goes out: what is worked out is taken away at once.
const quiet = async () => {
  for (let i = 0; i < 600; i++) {
    const left = psql(`delete from app.deliveries where tenant_id = ${tenant}; select count(*) from app.event_queue where tenant_id = ${tenant}`);
    if (left === '0') return;
    await new Promise((done) => { setTimeout(done, 50); });
  }
  throw new Error('the events are not worked out after half a minute');
};

try {
  psql(`set session_replication_role = replica;
    insert into app.followers (tenant_id, ticket_id, person_id, level, since)
    select ${tenant}, t.id, p.id, 1, now() from (values (${tickets[0]}, ${many}), (${tickets[1]}, 10)) t (id, n)
    cross join lateral (select x.id from app.people x where x.tenant_id = ${tenant} and x.rank > 0 order by x.id limit t.n) p on conflict do nothing;
    analyze app.followers`);
  const took = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const [which, number] of tickets.entries()) {
      took[which].push(await reply(number, `${which}-${round}`));
      await quiet();
    }
  }
  const followers = psql(`select count(*) from app.followers where tenant_id = ${tenant} and ticket_id = ${tickets[0]}`);
  console.log(`bench fanout ${(median(took[0]) / median(took[1])).toFixed(3)} times as long (${median(took[0]).toFixed(1)} ms with ${followers} followers, ${median(took[1]).toFixed(1)} ms with 10)`);
} finally {
  const made = `tenant_id = ${tenant} and ticket_id in (${tickets.join(', ')})`;
  psql(`set session_replication_role = replica;
    delete from app.followers where ${made};
    delete from app.event_queue where tenant_id = ${tenant}; delete from app.deliveries where tenant_id = ${tenant};
    delete from app.events where ${made} and created_at > '2026-02-01';
    delete from app.comments where ${made} and source like 'Answer %-%' and created_at > '2026-02-01';
    delete from app.search_queue where ${made}; delete from app.idempotency_keys where tenant_id = ${tenant}; delete from app.usage where tenant_id = ${tenant};
    vacuum app.followers; vacuum app.deliveries`);
}
