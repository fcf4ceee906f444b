// SPDX-License-Identifier: AGPL-3.0-or-later
//
// K3: links of articles are looked at: ours by `sportello events`, those elsewhere are asked by `sportello hosts`,
// over https and not where nobody from outside could be.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startFeed } from '../lib/feed.mjs';
import { psql, until } from '../lib/instance.mjs';
import { article } from './knowledge.mjs';
import { api, makeWorld } from './world.mjs';

let w, there, gone;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent', 'admin'] });
  [there, gone] = [await startFeed(), await startFeed()];
  gone.status = 404;
});
after(() => { there.close(); gone.close(); });
const report = async () => (await api(w.agent, 'GET', '/api/kb/links')).json;
const asked = (text) => until(`${text} was asked`, async () => (await psql('postgres', `select count(*) from app.text_links where tenant_id = ${w.tenant} and href like '%${text}%' and asked_at is not null and due_at > now()`)).trim() === '1');

test('K3: an address that says twice that there is nothing is listed; one inside is not asked', async () => {
  await article(w, { en: { title: 'Ways', html: `<p><a href="${gone.url}#part">a</a> <a href="${there.url}?x=1">b</a> <a href="https://10.11.12.13/in">c</a> <a href="/kb/a/none">d</a></p>` } }, { audience: { level: 'public' } });
  for (const text of ['#part', 'x=1', '10.11.12.13']) await asked(text);
  assert.deepEqual((await report()).troubles, { gone: 1 }, 'nothing is said of one try');
  assert.deepEqual([gone.asked.length, there.asked.length, there.asked[0].path], [1, 1, '/days.ics?x=1']);
  assert.deepEqual([there.asked[0].headers.cookie, there.asked[0].headers['user-agent']], [undefined, 'Sportello']);
  await psql('postgres', `update app.text_links set due_at = now() where tenant_id = ${w.tenant} and href like '%#part'`);
  await asked('#part');
  const { links } = await report();
  assert.deepEqual(links.filter((l) => l.kind === 'elsewhere').map((l) => [l.href, l.trouble, l.title]), [[`${gone.url}#part`, 'missing', 'Ways']]);
  assert.equal((await api(w.member, 'GET', '/api/kb/links')).status, 403);
});
