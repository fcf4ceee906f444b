// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The lines between a ticket's messages in Chromium: the desk's and a customer's, after
// what others do meanwhile.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { newKey } from '../lib/http.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, openPage, sound } from './browse.mjs';

after(closeBrowser);

test('W1: who did what stands between the messages; customers read how the status went', async () => {
  const w = await makeWorld({ only: ['member', 'agent'] });
  const number = (await api(w.member, 'POST', '/api/tickets', { title: 'Oven', description: 'It is cold.' }, { key: newKey() })).json.number;
  const change = (body) => api(w.agent, 'PATCH', `/api/tickets/${number}`, body);
  await change({ assignee: w.agent.person.id, status: 'in_progress', priority: 'high', reason: 'A whole school' });
  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'We look at it.' }, { key: newKey() });
  const desk = await openPage({ session: w.agent });
  await desk.goto(`/agent/t/${number}`);
  const lines = (page) => page.getByRole('list', { name: 'Conversation' }).locator('.rail-dot');
  await lines(desk).first().waitFor();
  assert.match((await lines(desk).allInnerTexts()).join('\n'),
    new RegExp(`^Agent ${w.mark} · status New → In progress · set the priority to High · assigned to Agent ${w.mark} · another priority than proposed: A whole school · `));
  await sound(desk, 'lines of a conversation');
  const member = await openPage({ session: w.member, lang: 'ja', width: 390, dark: true });
  await member.goto(`/t/${number}`);
  const theirs = member.locator('.thread .rail-dot');
  await theirs.first().waitFor();
  // It is there as soon as it happens.
  await change({ status: 'solved' });
  await theirs.nth(1).waitFor();
  await lines(desk).nth(1).waitFor();
  const text = (await theirs.allInnerTexts()).join('\n');
  assert.match(text, /ステータス .+ → .+\n?/);
  assert.doesNotMatch(text, /優先度|A whole school/);
  await sound(member, 'lines of a conversation, as a customer');
  assert.deepEqual([...complaints(desk), ...complaints(member)], []);
  await screenshot(desk, 'history-desk');
  await screenshot(member, 'history-ja');
  for (const page of [desk, member]) await page.context().close();
});
