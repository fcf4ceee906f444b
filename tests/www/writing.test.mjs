// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is being written: never lost, never sent twice, never sent by accident.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { closeBrowser } from '../lib/browser.mjs';
import { psql, startApp, stopApp, until } from '../lib/instance.mjs';
import { api, makeSession, makeWorld } from '../http/world.mjs';
import { answerTo, complaints, openPage, openTab, settled, signInBy, sound } from './browse.mjs';

let w;
let number;                     // a ticket of the member's to answer
let member;                     // a session for every test
let agent;
const posted = /^\/api\/tickets$/;

before(async () => { w = await makeWorld({ only: ['member', 'agent'] }); });
beforeEach(async () => {
  // Each begins with nothing written: on the server, too.
  await psql('postgres', `delete from app.drafts where tenant_id = ${w.tenant}`);
  [member, agent] = [await makeSession(w, 'member'), await makeSession(w, 'agent')];
  const answer = await api(member, 'POST', '/api/tickets', { title: 'Waits for an answer', description: 'Please.' });
  number = answer.json.number;
});
after(closeBrowser);

const tickets = (title) => psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant} and title = :'title'`, { title }).then(Number);
const comments = () => psql('postgres', `select count(*) from app.comments where tenant_id = ${w.tenant} and ticket_id = ${number}`).then(Number);
const endSessions = () => psql('postgres', `delete from app.sessions where tenant_id = ${w.tenant}`);
const create = (page) => page.getByRole('button', { name: 'Create ticket' });
const reply = (page) => page.getByRole('button', { name: 'Send reply' });

async function write(page, title, text) {
  await page.getByLabel('Title').fill(title);
  await page.locator('#description').fill(text);
}
const written = async (page) => [await page.getByLabel('Title').inputValue(), await page.locator('#description').inputValue()];
const clean = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};

test('N8: a draft survives a reload and a closed tab, and can be thrown away', async () => {
  const page = await openPage({ session: member });
  await page.goto('/tickets/new');
  await write(page, 'A draft', 'Not yet **finished**');
  await page.reload();
  await page.getByText(/Your draft of .* is back\./).waitFor();
  assert.deepEqual(await written(page), ['A draft', 'Not yet **finished**']);
  const tab = await openTab(page);
  await page.close();
  await tab.goto('/tickets/new');
  await tab.getByText(/Your draft of .* is back\./).waitFor();
  assert.deepEqual(await written(tab), ['A draft', 'Not yet **finished**']);
  await sound(tab, 'a restored draft');
  // It says when that was written, once: not at every key.
  await tab.addInitScript(() => {
    const name = Object.keys(localStorage).find((n) => n.startsWith('draft:'));
    if (name) localStorage.setItem(name, JSON.stringify({ ...JSON.parse(localStorage.getItem(name)), at: Date.parse('2026-01-02T12:00:00Z') }));
  });
  await tab.reload();
  const status = tab.getByRole('status').filter({ hasText: /Your draft of .* is back\./ });
  const told = await status.innerText();
  await tab.locator('#description').press('End');
  await tab.locator('#description').pressSequentially('!');
  assert.equal(await status.innerText(), told);
  assert.match(told, /2026/);
  assert.equal(await status.getByRole('button').count(), 0, 'buttons are no news');
  // A ticket has drafts of its own.
  await tab.goto(`/t/${number}`);
  assert.equal(await tab.locator('#write-reply').inputValue(), '');
  await tab.goto('/tickets/new');
  await tab.getByRole('button', { name: 'Discard it' }).click();
  assert.deepEqual(await written(tab), ['', '']);
  await tab.reload();
  await tab.getByLabel('Title').waitFor();
  assert.deepEqual(await written(tab), ['', '']);
  assert.deepEqual(tab.complaints, []);
});

test('a session that ends while somebody writes costs a password, no text', async () => {
  const page = await openPage({ session: member });
  page.expected.push(/status of 401/);
  await page.goto('/tickets/new');
  await write(page, 'Written long', 'Over lunch');
  await endSessions();
  await create(page).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  assert.equal(await dialog.getByLabel('E-mail address').inputValue(), w.people.member.email);
  await sound(page, 'sign in again');
  await dialog.getByLabel('Password').fill('wrong');
  await dialog.getByRole('button', { name: 'Sign in and continue' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Password').fill(w.people.member.password);
  await dialog.getByLabel('Password').press('Enter');
  await page.waitForURL(/\/t\/\d+$/);
  await page.locator('.msg', { hasText: 'Over lunch' }).waitFor();
  assert.equal(await tickets('Written long'), 1);

  // Put off, the text stays, over a reload and the page to sign in too.
  const again = /\/t\/\d+$/.exec(page.url())[0];
  await page.locator('#write-reply').fill('And one thing more');
  await endSessions();
  await reply(page).click();
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await page.locator('.composer .error').waitFor();
  assert.equal(await page.locator('#write-reply').inputValue(), 'And one thing more');
  await page.reload();
  assert.equal(page.url(), `${page.base}/sign-in?to=${again}`);
  await signInBy(page, w.people.member);
  assert.equal(page.url(), page.base + again, 'the same page again');
  assert.equal(await page.locator('#write-reply').inputValue(), 'And one thing more');
  await answerTo(page, 'POST', /\/comments$/, () => reply(page).click());
  await page.locator('.msg', { hasText: 'And one thing more' }).waitFor();
  await clean(page);
});

test('N8: a double click, Enter held down and two tabs make one ticket', async () => {
  const page = await openPage({ session: member });
  await page.goto('/tickets/new');
  await write(page, 'Clicked twice', 'x');
  await create(page).dblclick();
  await page.waitForURL(/\/t\/\d+$/);
  assert.equal(await tickets('Clicked twice'), 1);

  await page.goto('/tickets/new');
  await write(page, 'In two tabs', 'y');
  const tab = await openTab(page);
  await tab.goto('/tickets/new');
  assert.deepEqual(await written(tab), ['In two tabs', 'y']);
  const answers = await Promise.all([page, tab].map((p) => answerTo(p, 'POST', posted, () => create(p).click())));
  assert.deepEqual(answers.map((a) => a.status()), [201, 201]);
  const numbers = await Promise.all(answers.map(async (a) => (await a.json()).number));
  assert.equal(numbers[0], numbers[1]);
  assert.equal(await tickets('In two tabs'), 1);

  await tab.goto('/tickets/new');
  await write(tab, 'Enter held down', 'z');
  await create(tab).focus();
  await Promise.all([tab.waitForURL(/\/t\/\d+$/), (async () => { for (let i = 0; i < 5; i++) await tab.keyboard.down('Enter'); })()]);
  assert.equal(await tickets('Enter held down'), 1);

  await tab.locator('#write-reply').fill('Once');
  number = Number(/\d+$/.exec(tab.url())[0]);
  await reply(tab).dblclick();
  await tab.locator('.msg', { hasText: 'Once' }).waitFor();
  await until('the composer to be empty', async () => (await tab.locator('#write-reply').inputValue()) === '');
  assert.equal(await comments(), 2);
  await clean(page);
});

test('what is missing or too long is said where it is, and nothing is sent', async () => {
  const page = await openPage({ session: member });
  await page.goto('/tickets/new');
  const title = page.getByLabel('Title');
  await create(page).click();
  const summary = page.locator('.summary');
  await summary.waitFor();
  assert.ok(await summary.evaluate((e) => e === document.activeElement), 'the summary has the focus');
  assert.match(await summary.innerText(), /Please correct 2 fields/);
  await summary.getByRole('link', { name: 'Title: Please fill this in' }).press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'title');
  assert.equal(await title.getAttribute('aria-invalid'), 'true');
  assert.match(await title.getAttribute('aria-describedby'), /title-fault/);

  await write(page, '字'.repeat(201), 'x');
  await create(page).click();
  await page.locator('#title-fault', { hasText: 'Too long' }).waitFor();
  assert.equal((await title.inputValue()).length, 201, 'nothing is cut off');
  await sound(page, 'a title that is too long');
  await write(page, '字'.repeat(200), 'x'.repeat(65_537));
  await create(page).click();
  await page.locator('#description-fault', { hasText: 'Too long' }).waitFor();
  await page.locator('#description').fill('x');
  assert.equal((await answerTo(page, 'POST', posted, () => create(page).click())).status(), 201);
  await page.waitForURL(/\/t\/\d+$/);

  // The server looks too: its answer lands at the field.
  await page.goto('/tickets/new');
  await write(page, 'Refused by the server', 'x');
  await page.route('**/api/tickets', (route) => route.continue({ postData: JSON.stringify({ title: 'x'.repeat(201), description: 'x' }) }), { times: 1 });
  page.expected.push(/status of 422/);
  assert.equal((await answerTo(page, 'POST', posted, () => create(page).click())).status(), 422);
  await page.locator('#title-fault', { hasText: 'Too long' }).waitFor();
  assert.deepEqual(await written(page), ['Refused by the server', 'x']);

  await page.goto(`/t/${number}`);
  await page.locator('#write-reply').fill('  \n ');
  await reply(page).click();
  await page.getByText('Write something first.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'write-reply');
  assert.equal(await comments(), 1);
  await clean(page);
});

test('Enter that ends a Japanese word sends nothing', async () => {
  const page = await openPage({ session: member });
  const sent = [];
  page.on('request', (r) => { if (r.method() === 'POST' && /\/api\/tickets(\/\d+\/comments)?$/.test(r.url())) sent.push(r.url()); });
  await page.addInitScript(() => addEventListener('keydown', (e) => { document.documentElement.dataset.composing ??= e.isComposing; }, true));
  await page.goto('/tickets/new');
  const keys = await page.context().newCDPSession(page);
  // What an input method does: text under way, Enter takes it.
  const compose = async (text, modifiers = 0) => {
    await keys.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229, modifiers };
    await keys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter });
    await keys.send('Input.insertText', { text });
    await keys.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  };
  await page.locator('#description').fill('x');
  await page.getByLabel('Title').focus();
  await compose('印刷できません');
  assert.equal(await page.getByLabel('Title').inputValue(), '印刷できません');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'title');
  assert.equal(await page.locator('html').getAttribute('data-composing'), 'true', 'it was an input method');
  await page.locator('#description').focus();
  await compose('日本語', 2);
  assert.equal(await page.locator('#description').inputValue(), 'x日本語');
  await page.goto(`/t/${number}`);
  await page.locator('#write-reply').focus();
  await compose('はい', 2);
  assert.equal(await page.locator('#write-reply').inputValue(), 'はい');
  assert.deepEqual(sent, []);
  // Enter by itself in the title goes on to the description.
  await page.goto('/tickets/new');
  await page.getByLabel('Title').press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'description');
  assert.deepEqual(sent, []);
  await clean(page);
});

test('a ticket and an answer by keyboard alone', async () => {
  const page = await openPage({ session: member });
  const tabTo = async (what, locator) => {
    for (let i = 0; i < 40; i++) {
      if (await locator.evaluate((e) => e === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`Tab does not reach ${what}`);
  };
  // Whatever has the focus can be seen: nothing lies over it.
  const seen = () => page.evaluate(() => {
    const e = document.activeElement;
    const box = e.getBoundingClientRect();
    const at = document.elementFromPoint(box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 15));
    return e.contains(at) || at?.contains(e);
  });
  await page.goto('/');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
  await tabTo('+ New ticket', page.getByRole('banner').getByRole('link', { name: 'New ticket' }));
  await page.keyboard.press('Enter');
  await page.waitForURL('**/tickets/new');
  await page.getByLabel('Title').waitFor();
  await tabTo('the title', page.getByLabel('Title'));
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Bold (Ctrl or ⌘ B)', 'the toolbar is one stop');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Italic (Ctrl or ⌘ I)');
  await tabTo('the description', page.locator('#description'));
  await page.keyboard.type('Some ');
  await page.keyboard.press('Control+b');
  await page.keyboard.type('words');
  assert.equal(await page.locator('#description').inputValue(), 'Some **words**');
  await tabTo('the button', create(page));
  assert.ok(await seen());
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/t\/\d+$/);
  await page.locator('.msg', { hasText: 'Some words' }).waitFor();
  await page.waitForFunction(() => document.activeElement.tagName === 'H1');
  await tabTo('the answer', page.locator('#write-reply'));
  assert.ok(await seen());
  await page.keyboard.type('And more');
  await page.keyboard.press('Control+Enter');
  await page.locator('.msg', { hasText: 'And more' }).waitFor();
  await clean(page);
});

test('a note looks different, and the button says who gets it', async () => {
  const page = await openPage({ session: agent });
  await page.goto(`/agent/t/${number}`);
  const composer = page.locator('.composer');
  await composer.waitFor();
  const look = () => composer.evaluate((e) => {
    const s = getComputedStyle(e);
    return [s.backgroundColor, s.borderTopStyle, e.querySelector('button[type=submit]').textContent];
  });
  const name = w.people.member.name;
  const public_ = await look();
  assert.equal(public_[2], `Send to ${name}`);
  await page.locator('#write-reply').fill('For the customer');
  await page.getByRole('button', { name: 'Internal note', exact: true }).click();
  assert.equal(await page.getByRole('button', { name: 'Internal note', exact: true }).getAttribute('aria-pressed'), 'true');
  const internal = await look();
  assert.equal(internal[2], 'Add note (team only)');
  assert.notEqual(internal[0], public_[0]);
  assert.deepEqual([public_[1], internal[1]], ['solid', 'dashed']);
  // Each has its own text: nothing slips from the one into the other.
  assert.equal(await page.locator('#write-note').inputValue(), '');
  assert.equal(await page.getByRole('combobox', { name: 'Status after sending' }).count(), 0);
  await page.locator('#write-note').fill('For us');
  await page.getByRole('button', { name: 'Reply', exact: true }).click();
  assert.equal(await page.locator('#write-reply').inputValue(), 'For the customer');
  await page.getByRole('combobox', { name: 'Status after sending' }).selectOption('blocked');
  const sent = await answerTo(page, 'POST', /\/(comments|notes)$/, () => page.getByRole('button', { name: `Send to ${name}` }).click());
  assert.ok(sent.url().endsWith('/comments'));
  const { seen, ...said } = sent.request().postDataJSON();
  assert.deepEqual([typeof seen, said], ['number', { body: 'For the customer', status: 'blocked' }]);
  await page.locator('.msg[data-vis=public]', { hasText: 'For the customer' }).waitFor();
  await page.locator('.page-head .chip[data-s=blocked]').waitFor();
  await clean(page);
});

test('N8: what is typed while a message is being sent is neither lost nor sent with it', async () => {
  const page = await openPage({ session: member });
  page.expected.push(/status of 422/);
  await page.goto(`/t/${number}`);
  const text = page.locator('#write-reply');
  const send = async (answer) => {
    let go;
    const gate = new Promise((resolve) => { go = resolve; });
    const asked = new Promise((resolve) => page.route('**/comments', async (route) => { resolve(); await gate; await answer(route); }, { times: 1 }));
    await reply(page).click();
    await asked;
    return go;
  };
  await text.fill('First');
  let go = await send((route) => route.fulfill({ status: 422, contentType: 'application/problem+json', body: '{"code": "invalid", "errors": []}' }));
  await text.press('End');
  await text.pressSequentially(' of two');
  go();
  await page.locator('.composer .error').waitFor();
  assert.equal(await text.inputValue(), 'First of two', 'refused');

  go = await send((route) => route.continue());
  await text.press('End');
  await text.pressSequentially(' and a second');
  go();
  await page.locator('.msg', { hasText: 'First of two' }).waitFor();
  await until('the rest to be by itself', async () => await text.inputValue() === 'and a second');
  await page.reload();
  assert.equal(await text.inputValue(), 'and a second');
  await answerTo(page, 'POST', /\/comments$/, () => reply(page).click());
  await page.locator('.msg', { hasText: /^(?!.*First).*and a second/s }).waitFor();
  assert.equal(await comments(), 3);
  await clean(page);
});

test('without a network the text stays and can be sent later', async () => {
  const page = await openPage({ session: member });
  page.expected.push(/ERR_INTERNET_DISCONNECTED/);
  await page.goto(`/t/${number}`);
  await page.locator('#write-reply').fill('From the train');
  await page.context().setOffline(true);
  await page.getByText('No connection. What you write is kept here.').waitFor();
  await reply(page).click();
  await page.locator('.composer .error').waitFor();
  assert.equal(await page.locator('#write-reply').inputValue(), 'From the train');
  await sound(page, 'offline');
  await page.context().setOffline(false);
  await page.getByText('No connection. What you write is kept here.').waitFor({ state: 'detached' });
  await answerTo(page, 'POST', /\/comments$/, () => reply(page).click());
  await page.locator('.msg', { hasText: 'From the train' }).waitFor();
  assert.equal(await comments(), 2);
  await clean(page);
});

test('while the server is down a page says so and the text stays', async () => {
  const page = await openPage({ session: member });
  page.expected.push(/status of 503/);
  await page.goto('/tickets/new');
  await write(page, 'Written in a bad moment', 'x');
  await stopApp();
  try {
    await create(page).click();
    await page.locator('.summary').waitFor();
    assert.match(await page.locator('.summary').innerText(), /Not available just now/);
    assert.deepEqual(await written(page), ['Written in a bad moment', 'x']);
    const tab = await openTab(page);
    const answer = await tab.goto('/');
    assert.equal(answer.status(), 503);
    await tab.getByRole('heading', { level: 1, name: 'We will be back in a moment' }).waitFor();
    await sound(tab, 'the page of nginx');
    await tab.setViewportSize({ width: 320, height: 640 });
    await sound(tab, 'the page of nginx, narrow');
    await startApp();
    await tab.getByRole('link', { name: 'Try again' }).click();
    await tab.getByRole('heading', { level: 1, name: 'How can we help you?' }).waitFor();
    await tab.close();
  } finally {
    await startApp();
  }
  await create(page).click();
  await page.waitForURL(/\/t\/\d+$/);
  assert.equal(await tickets('Written in a bad moment'), 1);
  await clean(page);
});

test('an answer that is lost on its way makes no second ticket', async () => {
  const page = await openPage({ session: member });
  page.expected.push(/ERR_FAILED/);
  await page.goto('/tickets/new');
  await write(page, 'The answer was lost', 'x');
  await page.route('**/api/tickets', async (route) => {
    const asked = route.request();
    assert.equal((await api(member, 'POST', '/api/tickets', asked.postDataJSON(), { key: asked.headers()['idempotency-key'] })).status, 201);
    await route.abort();
  }, { times: 1 });
  await create(page).click();
  await page.waitForURL(/\/t\/\d+$/);
  await settled(page);
  assert.equal(await tickets('The answer was lost'), 1);

  // Nor a second reply, after a reload and with another status.
  const desk = await openPage({ session: agent });
  desk.expected.push(/status of (500|409)/);
  await desk.goto(`/agent/t/${number}`);
  const then = desk.getByLabel('Status after sending');
  await desk.locator('#write-reply').fill('It is mended');
  await then.selectOption('solved');
  await desk.route('**/comments', async (route) => {
    const asked = route.request();
    assert.equal((await api(agent, 'POST', `/api/tickets/${number}/comments`, asked.postDataJSON(), { key: asked.headers()['idempotency-key'] })).status, 201);
    await route.fulfill({ status: 500, json: { code: 'unknown' } });
  }, { times: 1 });
  await desk.locator('.composer [type=submit]').click();
  await desk.locator('.composer .error').waitFor();
  await desk.reload();
  assert.equal(await desk.locator('#write-reply').inputValue(), 'It is mended');
  await then.selectOption('blocked');
  await answerTo(desk, 'PATCH', /\/api\/tickets\/\d+$/, () => desk.locator('.composer [type=submit]').click());
  await until('the composer to be empty', async () => (await desk.locator('#write-reply').inputValue()) === '');
  assert.equal(await comments(), 2);
  assert.equal((await api(member, 'GET', `/api/tickets/${number}`)).json.ticket.status, 'blocked');
  await clean(desk);
  await clean(page);
});
