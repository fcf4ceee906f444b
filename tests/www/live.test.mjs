// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Pages that follow what happens elsewhere, without a reload: a conversation with
// files and a note (journey 13; on a slow network too), one
// connection a browser, and pages that ask by themselves while there is none.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql, restartLive, stopLive, until } from '../lib/instance.mjs';
import { listen } from '../lib/listen.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { png } from '../lib/pictures.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, give, listen as everythingTold, openPage, openTab, press, settled, sound } from './browse.mjs';

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

// Two by two: both at hand; both far away, the customer with a phone and another script,
// the agent with a page that runs from right to left.
for (const { latency, theirs, ours } of [
  { latency: 0, theirs: { lang: 'en' }, ours: { lang: 'en' } },
  { latency: 400, theirs: { lang: 'ja', width: 390, touch: true }, ours: { lang: 'qps', dark: true, width: 1440 } },
]) {
  test(`V7: a conversation with files; a note is never the customer's: ${latency} ms away, ${theirs.lang} and ${ours.lang}`, async () => {
    const since = Date.now();
    const title = `Talk ${latency}`;
    const number = await open(title);
    const [ear, deskEar] = [await listen(w.member), await listen(w.admin)];
    const [page, desk] = [await openPage({ session: w.member, ...theirs }), await openPage({ session: w.agent, ...ours })];
    const [their, our] = [theirs, ours].map(({ lang }) => (key, values) => said(lang, key, values));
    for (const [p, { lang }] of [[page, theirs], [desk, ours]]) await p.context().addCookies([{ name: 'lang', value: lang, url: p.base }]);
    const [told, toldDesk] = [everythingTold(page), everythingTold(desk)];
    const wires = [];
    for (const p of [page, desk]) {
      wires.push(await p.context().newCDPSession(p));
      if (latency) await wires.at(-1).send('Network.emulateNetworkConditions', { offline: false, latency, downloadThroughput: -1, uploadThroughput: -1 });
    }
    await Promise.all([live(page, `/t/${number}`), live(desk, `/agent/t/${number}`)]);
    await sound(page, 'a ticket that is followed');

    // The customer answers with files: pasted, dropped, picked. Words that an input
    // method composes are one's own when they are done.
    const text = page.locator('#write-reply');
    await text.fill(`Reply ${w.mark} `);
    if (theirs.lang === 'ja') {
      await text.focus();
      await wires[0].send('Input.imeSetComposition', { text: 'かいとう', selectionStart: 4, selectionEnd: 4 });
      await wires[0].send('Input.insertText', { text: '回答' });
      assert.equal(await text.inputValue(), `Reply ${w.mark} 回答`);
    }
    await page.locator('input[type=file]').setInputFiles([{ name: 'picked.log', mimeType: 'text/plain', buffer: Buffer.from('picked') }]);
    await give(page, '#write-reply', 'paste', 'image.png', png(640, 400));
    await give(page, '#write-reply', 'drop', 'dropped.txt', Buffer.from('dropped'));
    await until('all are there', async () => await page.locator('.composer .file[data-state=done]').count() === 3);
    await sound(page, 'a reply with files');
    await screenshot(page, `live-reply-${theirs.lang}`);
    await press(page, page.locator('.composer button[type=submit]'));
    for (const p of [page, desk]) {
      const message = p.locator('.msg', { hasText: `Reply ${w.mark}` });
      for (const name of ['picked.log', 'dropped.txt', 'image.png']) await message.getByRole('link', { name }).waitFor();
      await until('the picture is shown', () => message.locator('.file-picture img').evaluate((e) => e.naturalWidth === 640));
    }
    await sound(desk, 'the desk has it at once');
    await until('it was worked out', async () => await psql('postgres', `select count(*) from app.event_queue where tenant_id = ${w.tenant}`) === '0');

    // A note, with a file: of the desk.
    await text.fill('I am still writing this');
    const [heard, heardDesk] = [ear, deskEar].map((e) => e.hints.length);
    await desk.getByRole('button', { name: our('agent.note'), exact: true }).click();
    await desk.locator('#write-note').fill(`Note ${w.mark}`);
    await desk.locator('input[type=file]').setInputFiles([{ name: 'secret.txt', mimeType: 'text/plain', buffer: Buffer.from('secret') }]);
    await desk.locator('.composer .file[data-state=done]').waitFor();
    await sound(desk, 'a note is written');
    await screenshot(desk, `live-note-${ours.lang}`);
    await desk.getByRole('button', { name: our('agent.note.add') }).click();
    await desk.locator('.msg[data-vis=internal]', { hasText: `Note ${w.mark}` }).getByRole('link', { name: 'secret.txt' }).waitFor();
    await until('the desk hears of the note', () => deskEar.hints.slice(heardDesk).some((h) => !h.here));
    assert.deepEqual(ear.hints.slice(heard).filter((h) => !h.here), [], 'the customer of none');

    await desk.getByRole('button', { name: our('agent.reply'), exact: true }).click();
    await desk.locator('#write-reply').fill(`Answer ${w.mark}`);
    await desk.getByRole('button', { name: our('agent.reply.send', { name: w.people.member.name }) }).click();
    await page.locator('.msg', { hasText: `Answer ${w.mark}` }).waitFor();
    await desk.locator('.msg', { hasText: `Answer ${w.mark}` }).waitFor();
    assert.equal(await text.inputValue(), 'I am still writing this');
    await sound(page, 'with the answer');
    await screenshot(page, `live-answer-${theirs.lang}`);
    await sound(desk, 'answered, with the note before it');
    await screenshot(desk, `live-answered-${ours.lang}`);
    // The list says what became of it, in the customer's words.
    await page.goto('/tickets');
    await page.locator('.trow', { hasText: `${title} ${w.mark}` }).getByText(their('status.in_progress')).waitFor();
    await sound(page, 'the list');

    // Neither page, answer, hint nor mail of the customer's has the note.
    await page.goto(`/t/${number}`);
    await page.locator('.msg', { hasText: `Answer ${w.mark}` }).waitFor();
    const secret = new RegExp(`Note ${w.mark}|secret\\.txt`);
    assert.doesNotMatch(await page.content(), secret);
    assert.match((await toldDesk()).join('\n'), secret);
    assert.doesNotMatch((await told()).join('\n'), secret);
    for (const who of ['member', 'main', 'second']) {
      for (const path of [`/api/tickets/${number}`, `/api/tickets/${number}/history`, `/api/search?q=${encodeURIComponent(`Note ${w.mark}`)}`, '/api/tickets', '/api/tickets.csv']) {
        assert.doesNotMatch((await api(w[who], 'GET', path)).text, secret, `${who} ${path}`);
      }
    }
    const file = (await api(w.agent, 'GET', `/api/tickets/${number}`)).json.files.find((f) => f.name === 'secret.txt');
    assert.equal((await api(w.member, 'GET', `/api/tickets/${number}/files/${file.id}`)).status, 404);
    assert.ok(!JSON.stringify(ear.hints).includes(w.mark), 'a hint says no more than that');
    await mails({ to: w.people.member.email, since, about: `Answer ${w.mark}` });
    // Whoever else gets mail about it: the account's contacts, who follows.
    for (const mail of caught({ since, about: `${title} ${w.mark}` }).filter((m) => !m.headers['delivered-to'].split('\n').some((to) => /^(agent|admin)@/.test(to)))) {
      assert.doesNotMatch(`${mail.subject}\n${mail.text}\n${mail.html}`, secret, mail.headers['delivered-to']);
    }
    assert.deepEqual([...complaints(page), ...complaints(desk)], []);
    for (const e of [ear, deskEar]) e.close();
    await Promise.all([page, desk].map((p) => p.context().close()));
  });
}

test('V7: two agents at one ticket see each other, and an answer stops at what came meanwhile', async () => {
  const number = await open();
  const [one, two] = [await openPage({ session: w.agent }), await openPage({ session: w.admin })];
  two.expected.push(/409/);
  for (const page of [one, two]) await live(page, `/agent/t/${number}`);
  await two.getByText(`${w.people.agent.name} is looking at this ticket too`).waitFor();
  await one.locator('#write-reply').pressSequentially('Dear customer');
  await two.locator('.thread').getByText(`${w.people.agent.name} is replying`).waitFor();
  await sound(two, 'somebody else replies');
  // What came is not on the screen of the other one: their connection is down.
  await two.context().route('**/api/live', (route) => route.abort());
  await two.context().route(`**/api/tickets/${number}`, (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()));
  two.expected.push(/ERR_FAILED|Failed to load/);
  await two.locator('#write-reply').fill('My own answer');
  await one.getByRole('button', { name: /^Send/ }).click();
  await one.locator('.msg', { hasText: 'Dear customer' }).waitFor();
  await until('the other one was told, in vain', async () => await psql('postgres', `select count(*) from app.event_queue where tenant_id = ${w.tenant}`) === '0');
  // It is back when the answer has gone out.
  await two.context().route(`**/api/tickets/${number}/comments`, async (route) => { await two.context().unroute(`**/api/tickets/${number}`); await route.continue(); });
  await two.getByRole('button', { name: /^Send/ }).click();
  await two.locator('.error', { hasText: 'Somebody wrote meanwhile' }).waitFor();
  await two.locator('.msg', { hasText: 'Dear customer' }).waitFor();
  assert.equal(await two.locator('#write-reply').inputValue(), 'My own answer');
  await sound(two, 'an answer that was stopped');
  await two.getByRole('button', { name: /^Send/ }).click();
  await two.locator('.msg', { hasText: 'My own answer' }).waitFor();
  await one.close();
  await two.locator('.thread').getByText(`${w.people.agent.name} is`).waitFor({ state: 'detached', timeout: 60_000 });
  for (const page of [one, two]) { assert.deepEqual(complaints(page), []); await page.context().close(); }
});

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
