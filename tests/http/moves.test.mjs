// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A login moved by the staff an account is shown: what those it is about are
// told, and how they stop it.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { originOf, problem } from '../lib/http.mjs';
import { psql } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { api, get, makeWorld, newMark, request } from './world.mjs';
import { newcomer } from './routes_people.mjs';

let w;
before(async () => {
  w = await makeWorld();
  await psql('postgres', `insert into app.named_contacts (tenant_id, account_id, kind, person_id) values (${w.tenant}, ${w.id.town}, 'delivery', ${w.people.agent.id})`);
});
const move = (email, to) => api(w.agent, 'POST', '/api/moves', { account: w.id.town, person: email, email: to });

test('P2: by a grant; the old address stops it by the mail\'s link', async () => {
  const { email } = await newcomer(w);
  problem(await move(email, 'x@people.example'), 403);
  await api(w.chief, 'POST', '/api/access/grants', { scope: 'all', ends_at: new Date(Date.now() + 3_600_000).toISOString(), reason: 'x' });
  assert.deepEqual(problem(await move('nobody@people.example', 'x@people.example'), 422).errors.map((e) => [e.field, e.code]), [['person', 'unknown']]);
  assert.deepEqual(problem(await move(email, 'x'), 422).errors.map((e) => e.field), ['email']);
  const since = Date.now(), to = `${newMark()}@people.example`;
  const begun = await move(email, to);
  assert.equal(begun.status, 201, begun.text);
  const here = async () => (await api(w.agent, 'GET', '/api/grants')).json.moves;
  assert.deepEqual((await here()).begun.map((m) => [m.old, m.email]), [[email, to]]);
  const [mail] = await mails({ to: email, since });
  assert.ok(mail.text.includes(to) && /support provider/.test(mail.text), mail.text);
  const [told] = await mails({ to: w.people.chief.email, since, about: 'another address' });
  assert.ok(told.text.includes(email) && told.text.includes(to));
  const link = new URL(/https:\/\/\S+/.exec(mail.text)[0]);
  assert.equal(link.hostname, w.host.town);
  assert.equal((await get(link.hostname, link.pathname)).status, 200);
  const stopped = await request(link.hostname, 'POST', link.pathname, { body: 'stop=yes', headers: { Origin: originOf(link.hostname), 'Content-Type': 'application/x-www-form-urlencoded' } });
  assert.equal(stopped.status, 200, stopped.text);
  assert.deepEqual((await here()).begun, []);
});
