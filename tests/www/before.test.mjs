// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Before a ticket: what the staff writes, with what leads elsewhere (N2, N3), and journey 9:
// a title finds an article, which spares the ticket.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql, until } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { answerTo, complaints, openPage, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent'] }); });
beforeEach(() => psql('postgres', `delete from app.drafts where tenant_id = ${w.tenant}`));
after(closeBrowser);

const clean = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};
const saving = (page, act) => answerTo(page, 'POST', /^\/api\/(signposts|articles)$/, act);
const writing = (r) => /\/api\/(articles|signposts)/.test(r.url()) && r.method() !== 'GET';

test('N2: N3: the staff writes what stands before a ticket, and customers see it', async () => {
  const desk = await openPage({ session: w.agent });
  await desk.goto('/agent');
  await desk.locator('.menu > summary').last().click();
  await desk.getByRole('link', { name: 'Before a ticket' }).click();
  await desk.getByRole('heading', { name: 'Before a ticket' }).waitFor();
  await sound(desk, 'nothing written yet');
  const group = (name) => desk.locator('section', { has: desk.getByRole('heading', { name, exact: true }) });
  const add = async (name, title, more = async () => {}) => {
    const g = group(name);
    if (!await g.locator('details[open]').count()) await g.locator('summary', { hasText: 'Add' }).click();
    await g.locator('details input[id$=-title-en]').fill(title);
    await more(g);
    await saving(desk, () => g.locator('details button[type=submit]').click());
    await g.locator('.make-row', { hasText: title }).waitFor();
  };
  await add('First aid', 'Is your browser up to date?');
  await add('First aid', 'Did you close other sessions?');
  await add('What leads elsewhere', 'I have a wish', (g) => g.locator('input[type=url]').fill('https://ideas.example/new'));
  await sound(desk, 'something of each kind');
  // The order, by its buttons.
  const last = group('First aid').locator('.make-list > li').last();
  await answerTo(desk, 'PATCH', /^\/api\/signposts\//, () => last.locator('button[id^=up-]').click());
  await until('the order', async () => (await group('First aid').locator('.make-list > li').first().innerText()).includes('other sessions'));
  await clean(desk);
  assert.equal((await api(w.agent, 'POST', '/api/incidents', { kind: 'incident', titles: { en: 'Mail is slow' }, texts: { en: 'We are on it.' } })).status, 201);

  for (const [lang, width, dark] of [['en', 1280, false], ['de', 390, true]]) {
    const page = await openPage({ session: w.member, lang, width, dark });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    for (const path of ['/', '/status']) {
      await page.goto(path);
      await page.getByText('Mail is slow').waitFor();
      await sound(page, `${path} with an incident, ${lang}`);
    }
    await page.goto('/tickets/new');
    await page.getByText('We are on it.').waitFor();
    assert.deepEqual(await page.locator('details .check').allInnerTexts(), ['Did you close other sessions?', 'Is your browser up to date?']);
    await page.getByLabel('Is your browser up to date?').check();
    await sound(page, `before the form, ${lang}`);
    await screenshot(page, `before-${lang}`);
    // What leads elsewhere is among the types, and takes the form's place; by keys, and back.
    await page.locator('#title').fill('A wish');
    const kinds = page.getByLabel(said(lang, 'forms.type'), { exact: true });
    assert.deepEqual(await kinds.locator('option').allTextContents(), [said(lang, 'forms.ticket'), said(lang, 'forms.leads', { what: 'I have a wish', where: 'ideas.example' })]);
    await kinds.focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.getByRole('link', { name: said(lang, 'before.elsewhere.go', { where: 'ideas.example' }) }).getAttribute('href'), 'https://ideas.example/new');
    await page.locator('[role=status]', { hasText: said(lang, 'before.elsewhere.text') }).waitFor();
    assert.equal(await page.getByRole('button', { name: said(lang, 'portal.new.submit') }).count(), 0);
    await sound(page, `what leads elsewhere, ${lang}`);
    await screenshot(page, `elsewhere-${lang}`);
    await page.keyboard.press('ArrowUp');
    await page.getByRole('button', { name: said(lang, 'portal.new.submit') }).waitFor();
    assert.equal(await page.locator('#title').inputValue(), 'A wish', 'what was written is there');
    await page.locator('#title').fill('');
    // Who does not want it closes it, for good.
    await page.locator('summary', { hasText: said(lang, 'before.first_aid') }).click();
    await page.waitForFunction(() => localStorage.getItem('closed:first-aid'));
    await page.reload();
    await page.locator('details:not([open]) summary', { hasText: said(lang, 'before.first_aid') }).waitFor();
    await clean(page);
  }
});

test('N5: journey 9: the title finds an article, and no ticket is opened', async () => {
  const written = { language: 'en', title: 'Printer shows a red light', body: 'Open the **paper tray**.', audience: { level: 'public' }, publish: true };
  assert.equal((await api(w.agent, 'POST', '/api/articles', written)).status, 201);
  const desk = await openPage({ session: w.agent });
  await desk.goto('/agent/before');
  await desk.locator('.make-row', { hasText: '0 tickets spared' }).waitFor();

  const opened = () => psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant}`);
  await api(w.member, 'POST', '/api/tickets', { title: 'Red light in the hall', description: 'x' });
  const tickets = await opened();
  assert.equal((await api(w.agent, 'POST', '/api/incidents', { kind: 'incident', titles: { en: 'Dim light everywhere' }, texts: { en: 'We look.' } })).status, 201);
  for (const [lang, width] of [['en', 1280], ['ja', 390]]) {
    const page = await openPage({ session: w.member, lang, width });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/tickets/new');
    const asked = [];
    page.on('request', (r) => { if (r.url().includes('/api/before/found')) asked.push(r.url()); });
    await page.locator('#title').pressSequentially('My printer light');
    const card = page.locator('section', { has: page.getByRole('heading', { name: said(lang, 'before.spares') }) });
    await card.getByText('Printer shows a red light').waitFor();
    assert.ok(asked.length <= 3, `asked when typing pauses, not at each key: ${asked.length}`);
    await until('what is found is told', async () => /\d/.test(await page.locator('body > div.visually-hidden[role=status]').textContent()));
    await sound(page, `what may spare the ticket, ${lang}`);
    await screenshot(page, `spares-${lang}`);
    // It opens beside, and the draft stays.
    const [article] = await Promise.all([page.context().waitForEvent('page'), card.getByRole('link', { name: 'Printer shows a red light' }).click()]);
    await article.waitForLoadState();
    await article.locator('strong', { hasText: 'paper tray' }).waitFor();
    await sound(article, `the article, ${lang}`);
    await article.close();
    assert.equal(await page.locator('#title').inputValue(), 'My printer light');
    await page.locator('#title').fill('red light');
    await card.getByText('Red light in the hall').waitFor();
    assert.match(await card.getByRole('link', { name: 'Dim light everywhere' }).getAttribute('href'), /^\/status\/\d+$/);
    // Without a title there is nothing to offer.
    await page.locator('#title').fill('');
    await card.waitFor({ state: 'detached' });
    await page.locator('#title').fill('red light');
    await card.getByText('Red light in the hall').waitFor();
    await answerTo(page, 'POST', /\/solved$/, () => card.getByRole('button', { name: said(lang, 'before.solve.of', { what: 'Printer shows a red light' }) }).click());
    await page.waitForURL(/\/tickets$/);
    await page.goto('/tickets/new');
    assert.equal(await page.locator('#title').inputValue(), '', 'nothing is kept');
    await clean(page);
  }
  assert.equal(await opened(), tickets);
  await desk.reload();
  // Once a person and day.
  await desk.locator('.make-row', { hasText: '1 ticket spared' }).waitFor();
  await clean(desk);
});

test('N2: what stands before a ticket is sent once; an article is written where all of them are', async () => {
  const desk = await openPage({ session: w.agent });
  await desk.goto('/agent/before');
  const sent = [];
  desk.on('request', (r) => { if (writing(r)) sent.push(r.method()); });
  // Twice the button, one thing to try.
  const group = desk.locator('section', { has: desk.getByRole('heading', { name: 'First aid', exact: true }) });
  await group.locator('summary', { hasText: 'Add' }).click();
  await group.locator('details input[id$=-title-en]').fill('Is it on?');
  await group.locator('details button[type=submit]').evaluate((b) => { b.click(); b.click(); });
  await group.locator('.make-row', { hasText: 'Is it on?' }).waitFor();
  assert.deepEqual(sent, ['POST']);
  await desk.locator('.make-row', { hasText: 'Printer' }).getByRole('link', { name: 'Change' }).click();
  await desk.getByRole('heading', { level: 1, name: 'Printer shows a red light' }).waitFor();
  await clean(desk);
});

test('N5: Enter that ends a Japanese word asks once it is there', async () => {
  const page = await openPage({ session: w.member });
  const asked = [];
  page.on('request', (r) => { if (r.url().includes('/api/before/found')) asked.push(decodeURIComponent(new URL(r.url()).searchParams.get('q'))); });
  await page.goto('/tickets/new');
  await page.locator('details, #tips').first().waitFor();
  await page.locator('#title').focus();
  const keys = await page.context().newCDPSession(page);
  await keys.send('Input.imeSetComposition', { text: 'いんさつ', selectionStart: 4, selectionEnd: 4 });
  await answerTo(page, 'GET', /\/found$/, () => keys.send('Input.insertText', { text: '印刷できません' }));
  assert.deepEqual(asked, ['印刷できません']);
  await clean(page);
});
