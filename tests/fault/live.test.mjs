// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two hundred who listen, while nginx is told to read its list anew and the live
// server is killed: whoever comes back as a page does has missed nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { psql, restartLive, state, until } from '../lib/instance.mjs';
import { listen } from '../lib/listen.mjs';
import { api, makeSessions, makeWorld } from '../http/world.mjs';

const LISTENERS = 200;
let w, sessions, number;
const pages = [];
before(async () => {
  w = await makeWorld({ only: ['member', 'main', 'agent'] });
  sessions = [];
  for (let i = 0; i < LISTENERS; i++) sessions.push(...Object.values(await makeSessions(w, ['main'])));
  number = (await api(w.member, 'POST', '/api/tickets', { title: 'Many look', description: 'x' })).json.number;
});
after(() => pages.forEach((p) => { p.over = true; p.ear?.close(); }));

// As www/src/lib/live.ts: a hint, or a new connection, makes it ask, and again
// when that fails.
async function page(session) {
  const p = { over: false, comments: 0, connections: 0, asked: 0 };
  pages.push(p);
  const look = async () => {
    p.asked++;
    for (let tries = 0; tries < 5 && !p.over; tries++) {
      const answer = await api(session, 'GET', `/api/tickets/${number}`).catch(() => null);
      if (answer?.status === 200) return void (p.comments = Math.max(p.comments, answer.json.comments.length));
      await pause(1000 * 2 ** tries * (0.5 + Math.random()));
    }
  };
  (async () => {
    for (let wait = 100; !p.over; wait = Math.min(wait * 2, 2000)) {
      p.ear = await listen(session).catch(() => null);
      if (p.ear?.status === 200) {
        p.connections++;
        wait = 100;
        await look();
        for (let had = 0; !p.over && !p.ear.ended;) {
          if (p.ear.hints.length > had) {
            had = p.ear.hints.length;
            await look();
          } else await pause(50);
        }
      }
      await pause(wait * (0.5 + Math.random()));
    }
  })();
}
const all = (what, n) => until(what, () => pages.every((p) => p.comments >= n), 90_000);
let said = 1;
const say = async () => {
  assert.equal((await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: `Answer ${said}` })).status, 201);
  said++;
};
const pid = (file) => Number(readFileSync(`${state}/run/${file}`, 'utf8').split(/\s/)[0]);

test(`V7: ${LISTENERS} pages, a reload of nginx, a killed live server: nothing is missed`, async () => {
  await Promise.all(sessions.map(page));
  await until('all listen', () => pages.every((p) => p.connections === 1), 60_000);
  await say();
  await all('the first answer', said);

  process.kill(pid('nginx.number'), 'SIGHUP');
  await say();
  await all('an answer at a reload', said);

  const before = pages.map((p) => p.connections);
  process.kill(pid('live.number'), 'SIGKILL');
  await say();                                // while nobody can be told
  await until('all are cut off', () => pages.every((p) => p.ear?.ended || p.ear?.status !== 200), 60_000);
  restartLive();
  await until('all are back', () => pages.every((p, i) => p.connections > before[i]), 60_000);
  await all('what was said meanwhile', said);
  await say();
  await all('and the next', said);
  assert.ok(pages.every((p) => p.asked < 30), 'nobody asks without a reason');
  assert.equal(await psql('postgres', `select count(distinct session_id) from app.listeners where tenant_id = ${w.tenant}`), String(LISTENERS));
});
