// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Half a minute of load while workers and jobs are killed and PostgreSQL is
// restarted, once as an operator does it and once as a crash. Clients send
// again with the same key until they are acknowledged. In the end each
// acknowledged ticket and comment is there exactly once, and nothing else.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { newKey } from '../lib/http.mjs';
import { logFrom, processes, psql, psqlJson, root, state, until } from '../lib/instance.mjs';
import { api, get, makeWorld } from '../http/world.mjs';

const SECONDS = 30;
const CLIENTS = 8;
const KILL_EVERY = 700; // ms

let w;
const people = ['member', 'second', 'main', 'villager'];
before(async () => { w = await makeWorld({ only: people }); });

const counts = { attempts: 0, broken: 0, kills: 0 };
const statuses = {};
const acknowledged = []; // { session, path, body, key, answer }

// Until it is acknowledged.
async function submit(session, path, body) {
  const key = newKey();
  const end = Date.now() + 60_000;
  for (;;) {
    assert.ok(Date.now() < end, 'acknowledged within a minute');
    counts.attempts++;
    const answer = await api(session, 'POST', path, body, { key }).catch(() => null);
    if (answer?.complete && answer.status === 201) {
      acknowledged.push({ session, path, body, key, answer: answer.json });
      return answer.json;
    }
    // Connection lost, or an answer that was cut: as any client, try again.
    if (!answer?.complete) counts.broken++;
    else statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    assert.ok(!answer?.complete || answer.status === 503, `${answer?.status} ${answer?.text.slice(0, 300)}`);
    await pause(20 + randomInt(60));
  }
}

async function client(n, end) {
  const session = w[people[n % people.length]];
  for (let i = 0; Date.now() < end; i++) {
    const { number } = await submit(session, '/api/tickets', { title: `ticket ${w.mark} ${n}-${i}`, description: 'x' });
    for (let j = 0; j < 3 && Date.now() < end; j++) await submit(session, `/api/tickets/${number}/comments`, { body: `comment ${w.mark} ${n}-${i}-${j}` });
  }
}

// Any worker, or the jobs, by chance.
async function killer(end) {
  while (Date.now() < end) {
    await pause(KILL_EVERY);
    const all = processes().filter((p) => p.name === 'sportello-worker' || p.args.includes('jobs'));
    if (!all.length) continue;
    try {
      process.kill(all[randomInt(all.length)].pid, 'SIGKILL');
      counts.kills++;
    } catch {
      // It was gone already.
    }
  }
}

const restart = () => promisify(execFile)(`${root}/conf/instance`, ['restart', state, 'postgres']);
async function crash() {
  const pid = Number(readFileSync(`${state}/run/postgres.pid`, 'utf8').split(' ')[0]);
  process.kill(pid, 'SIGQUIT'); // as `pg_ctl stop -m immediate`
  await until('PostgreSQL is gone', () => { try { process.kill(pid, 0); return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')); } catch { return true; } });
  await restart();
}

test(`${SECONDS} s of load with kill -9 and two restarts of PostgreSQL: everything acknowledged is there once`, { timeout: 180_000 }, async () => {
  const log = logFrom();
  const postgres = logFrom('postgres');
  const started = Date.now();
  const end = started + SECONDS * 1000;
  const clients = Array.from({ length: CLIENTS }, (_, n) => client(n, end));
  const trouble = [
    killer(end),
    (async () => {
      await pause(SECONDS * 1000 / 3);
      await restart();
      await pause(SECONDS * 1000 / 4);
      await crash();
    })(),
  ];
  await Promise.all([...clients, ...trouble]);
  assert.ok(counts.kills >= SECONDS / 2, `${counts.kills} kills`);
  assert.ok(counts.broken + (statuses[503] ?? 0) > 5, 'the clients did have to send again');
  const server = postgres().join('\n');
  assert.match(server, /received fast shutdown request/);
  assert.match(server, /received immediate shutdown request/);
  assert.ok(log().some((line) => /signal 9/.test(line.words ?? '')));

  const stored = await psqlJson('postgres', `select json_build_object(
    'tickets', (select coalesce(json_agg(json_build_array(title, id)), '[]') from app.tickets where tenant_id = ${w.tenant}),
    'comments', (select coalesce(json_agg(json_build_array(source, ticket_id)), '[]') from app.comments c where c.tenant_id = ${w.tenant} and c.source <> 'x'),
    'events', (select json_object_agg(kind, n) from (select kind, count(*) n from app.events where tenant_id = ${w.tenant} group by kind) e),
    'last', (select last from app.ticket_counters where tenant_id = ${w.tenant}))`);
  const tickets = acknowledged.filter((a) => a.path === '/api/tickets').map((a) => [a.body.title, a.answer.number]);
  const comments = acknowledged.filter((a) => a.path !== '/api/tickets').map((a) => [a.body.body, Number(a.path.split('/')[3])]);
  const sorted = (rows) => rows.map((row) => row.join(' in ')).sort();
  assert.ok(tickets.length > 50 && comments.length > 150, `${tickets.length} tickets, ${comments.length} comments`);
  assert.deepEqual(sorted(stored.tickets), sorted(tickets));
  assert.deepEqual(sorted(stored.comments), sorted(comments));
  assert.equal(new Set(tickets.map(([, number]) => number)).size, tickets.length, 'no number twice');
  assert.equal(stored.last, 1000 + tickets.length, 'no number lost');
  assert.deepEqual(stored.events, { 'ticket.opened': tickets.length, 'ticket.replied': comments.length });

  // Sent once more, long after: the same answers, and nothing new.
  const again = Array.from({ length: 100 }, () => acknowledged[randomInt(acknowledged.length)]);
  for (const { session, path, body, key, answer } of again) {
    const repeated = await api(session, 'POST', path, body, { key });
    assert.equal(repeated.status, 201);
    assert.deepEqual(repeated.json, answer);
  }
  assert.equal(await psql('postgres', `select (select count(*) from app.tickets where tenant_id = ${w.tenant}) + (select count(*) from app.comments where tenant_id = ${w.tenant})`),
    String(2 * tickets.length + comments.length));
  console.log(`# ${tickets.length} tickets, ${comments.length} comments in ${counts.attempts} attempts; ${counts.kills} kills, ${counts.broken} broken connections, refused ${JSON.stringify(statuses)}`);
});

test('afterwards everything works as before', async () => {
  await until('all workers are back', () => processes().filter((p) => p.name === 'sportello-worker').length >= 6);
  const answers = await Promise.all(Array.from({ length: 40 }, () => get(w.host.town, '/readyz')));
  assert.ok(answers.every((a) => a.status === 200));
});

test('what fails at the very commit is refused, and the next request is not harmed', async () => {
  await psql('postgres', `create function app.refuse_at_commit() returns trigger language plpgsql as $$ begin
      raise exception using errcode = '23514', constraint = 'tickets_title_check'; end $$;
    create constraint trigger refuse_at_commit after insert on app.tickets deferrable initially deferred
      for each row when (new.title = 'late ${w.mark}') execute function app.refuse_at_commit()`);
  try {
    const rows = await psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant}`);
    const log = logFrom();
    for (let i = 0; i < 12; i++) {
      const answer = await api(w.member, 'POST', '/api/tickets', { title: `late ${w.mark}`, description: 'x' });
      assert.equal(answer.status, 422, answer.text);
      assert.deepEqual(answer.json.errors.map((e) => e.field), ['title']);
      assert.equal((await api(w.member, 'GET', '/api/tickets')).status, 200);
    }
    assert.equal(await psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant}`), rows);
    assert.ok(!log().some((line) => line.what === 'died'), 'no process ended');
  } finally {
    await psql('postgres', 'drop trigger refuse_at_commit on app.tickets; drop function app.refuse_at_commit()');
  }
});
