// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A list as CSV that breaks off in the middle: whoever fetches it sees that it is
// not all, and the pool goes on.
import assert from 'node:assert/strict';
import http from 'node:http';
import { before, test } from 'node:test';
import { port, psql, until, workers } from '../lib/instance.mjs';
import { makeWorld } from '../http/world.mjs';

const ROWS = 40_000;
let w;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent'] });
  await psql('postgres', `set session_replication_role = replica;
    insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, status, at_desk)
    select ${w.tenant}, 2000 + n, ${w.portal.town}, ${w.id.town}, ${w.people.member.id}, repeat('word ', 30) || n, 1, true from generate_series(1, ${ROWS}) n`);
});

// `begun`: once, when the first of it has come, and nothing more is read until it is done.
const fetchIt = (begun = () => {}) => new Promise((resolve, reject) => {
  const sent = http.get({ host: '127.0.0.1', port: port.http, agent: false, path: '/api/queue.csv?lang=en',
    headers: { Host: `${w.agent.host}:${port.http}`, Cookie: w.agent.plain, 'X-Sportello': '1' } }, (answer) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.once('data', () => Promise.resolve(begun()).catch(reject));
    answer.on('data', (part) => { text += part; });
    answer.on('error', () => {});
    answer.on('close', () => resolve({ status: answer.statusCode, complete: answer.complete, lines: text.split('\r\n').length - 2 }));
  });
  sent.on('error', reject);
});
const whole = { status: 200, complete: true, lines: ROWS };
// What the pool's connections are at is ended by the database.
const inDatabase = (how) => psql('postgres', `select count(${how}(pid)) from pg_stat_activity where usename = 'sportello_bulk' and state = 'active'`);

const accidents = {
  'its worker is killed': () => { for (const { pid } of workers('bulk')) process.kill(pid, 'SIGKILL'); },
  'its connection to the database ends': () => inDatabase('pg_terminate_backend'),
  'its statement is cancelled': () => inDatabase('pg_cancel_backend'),
};
for (const [what, happens] of Object.entries(accidents)) {
  test(`V1: a CSV that breaks off, as ${what}, does not look whole; the next one is`, { timeout: 60_000 }, async () => {
    const pool = workers('bulk').map((p) => p.pid);
    // Stopped where they are, so that it happens in the middle.
    const cut = await fetchIt(async () => {
      for (const pid of pool) process.kill(pid, 'SIGSTOP');
      const n = await happens();
      if (n !== undefined) assert.equal(n, '1', 'one was at it');
      for (const pid of pool) try { process.kill(pid, 'SIGCONT'); } catch { /* killed */ }
    });
    assert.equal(cut.status, 200);
    assert.ok(!cut.complete && cut.lines < ROWS, JSON.stringify(cut));
    assert.deepEqual(await until('the pool is back, and nobody is kept waiting by what ended', async () => {
      const next = await fetchIt().catch(() => null);
      return next?.status === 200 && next;
    }), whole);
  });
}
