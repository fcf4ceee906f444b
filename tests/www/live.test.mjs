// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Pages that follow what happens elsewhere, without a reload (journey 13's live
// part, with and without a slow network): one connection a browser, and pages that
// ask by themselves while there is none.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser } from '../lib/browser.mjs';
import { psql, restartLive, stopLive, until } from '../lib/instance.mjs';
import { listen } from '../lib/listen.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, openPage, openTab, settled, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'second', 'main', 'agent', 'admin'] }); });
after(closeBrowser);

const open = async (title = 'Live') => (await api(w.member, 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'It is broken.' })).json.number;
const reply = (who, number, body) => api(who, 'POST', `/api/tickets/${number}/comments`, { body });
// A page that its server has in its ear.
async function live(page, path) {
  const connected = page.waitForResponse((r) => r.url().endsWith('/api/live') && r.status() === 200);
  await page.goto(path);
  await connected;
  await settled(page);
}

for (const latency of [0, 400]) {
  test(`V7: the answer is there at once and the note never, ${latency} ms away`, async () => {
    const number = await open();
    const ear = await listen(w.member);
    const page = await openPage({ session: w.member });
    if (latency) {
      const wire = await page.context().newCDPSession(page);
      await wire.send('Network.emulateNetworkConditions', { offline: false, latency, downloadThroughput: -1, uploadThroughput: -1 });
    }
    await live(page, `/t/${number}`);
    await until('it was worked out', async () => await psql('postgres', `select count(*) from app.event_queue where tenant_id = ${w.tenant}`) === '0');
    await sound(page, 'a ticket that is followed');
    await page.getByRole('textbox').first().fill('I am still writing this');
    const desk = await listen(w.admin);
    const opened = ear.hints.length;
    assert.equal((await api(w.agent, 'POST', `/api/tickets/${number}/notes`, { body: `Note ${w.mark}` })).status, 201);
    await until('the desk hears of the note', () => desk.hints.length);
    assert.equal(ear.hints.length, opened, 'the customer of none');
    assert.equal((await reply(w.agent, number, `Answer ${w.mark}`)).status, 201);
    const answer = page.getByText(`Answer ${w.mark}`);
    await answer.waitFor();
    assert.ok(!(await page.content()).includes(`Note ${w.mark}`));
    assert.ok(!JSON.stringify(ear.hints).includes(w.mark), 'a hint says no more than that');
    assert.equal(await page.getByRole('textbox').first().inputValue(), 'I am still writing this');
    await sound(page, 'with the answer');
    assert.deepEqual(complaints(page), []);
    for (const e of [ear, desk]) e.close();
    await page.context().close();
  });
}

test('V7: lists follow, at the portal and at the desk', async () => {
  const [mine, desk] = [await openPage({ session: w.member }), await openPage({ session: w.agent })];
  await live(mine, '/tickets');
  await live(desk, '/agent');
  const number = await open('Fresh');
  for (const page of [mine, desk]) await page.getByText(`Fresh ${w.mark}`).waitFor();
  await api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'solved' });
  const row = mine.locator('.trow', { hasText: `Fresh ${w.mark}` });
  await row.getByText('Solved').waitFor();
  for (const page of [mine, desk]) { assert.deepEqual(complaints(page), []); await page.context().close(); }
});

test('V7: one connection a browser, which another page takes over', async () => {
  const number = await open();
  const first = await openPage({ session: w.member });
  let connections = 0;
  first.context().on('request', (r) => { if (r.url().endsWith('/api/live')) connections++; });
  await live(first, `/t/${number}`);
  const second = await openTab(first);
  await second.goto(`/t/${number}`);
  await settled(second);
  await reply(w.agent, number, `For both ${w.mark}`);
  for (const page of [first, second]) await page.getByText(`For both ${w.mark}`).waitFor();
  assert.equal(connections, 1);
  const taken = second.waitForResponse((r) => r.url().endsWith('/api/live'));
  await first.close();
  await taken;
  await reply(w.agent, number, `For the other ${w.mark}`);
  await second.getByText(`For the other ${w.mark}`).waitFor();
  await second.context().close();
});

test('V7: access that is lost takes the page along', async () => {
  const number = await open();
  await api(w.main, 'POST', `/api/tickets/${number}/people`, { cc: [w.people.second.email] });
  const page = await openPage({ session: w.second });
  page.expected.push(/404/);
  await live(page, `/t/${number}`);
  await page.getByText('It is broken.').waitFor();
  await api(w.main, 'DELETE', `/api/tickets/${number}/people/${w.people.second.id}`);
  await page.getByText('It is broken.').waitFor({ state: 'detached' });
  await sound(page, 'a ticket that one sees no more');
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});

test('V7: without the live server pages ask by themselves, and listen again when it is back', async () => {
  const number = await open();
  const page = await openPage({ session: w.member });
  page.expected.push(/50[0-9]|ERR_|Failed to load/);
  await page.clock.install();
  await live(page, `/t/${number}`);
  stopLive();
  try {
    await reply(w.agent, number, `Meanwhile ${w.mark}`);
    await until('it is asked for', async () => {
      await page.clock.runFor(35_000);
      return await page.getByText(`Meanwhile ${w.mark}`).isVisible();
    });
  } finally {
    restartLive();
  }
  const again = page.waitForResponse((r) => r.url().endsWith('/api/live') && r.status() === 200);
  await page.clock.runFor(60_000);
  await again;
  await reply(w.agent, number, `Back ${w.mark}`);
  await until('it is told', async () => {
    await page.clock.runFor(1000);
    return await page.getByText(`Back ${w.mark}`).isVisible();
  });
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});
