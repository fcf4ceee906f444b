// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Lists of tickets (journey 11): by status, by who opened them, by a field of one's
// own; one opened and back: filter and position are kept; the address in another
// browser shows the same. Kept lists, what is unread, the agents' queue.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, openPage, press, settled, sound, untranslated } from './browse.mjs';

after(closeBrowser);

let w;
const numbers = {};
const label = (en) => ({ en, sv: `${en} på svenska` });
before(async () => {
  w = await makeWorld({ only: ['member', 'second', 'main', 'agent', 'admin'] });
  const make = async (path, body) => assert.equal((await api(w.admin, 'POST', path, body)).status, 201);
  await make('/api/types', { key: 'report', labels: label('Report') });
  await make('/api/fields', { key: 'colour', kind: 'one_of', labels: label('Colour'), options: ['red', 'blue'].map((key) => ({ key, labels: label(key) })) });
  await make('/api/fields', { key: 'size', kind: 'number', labels: label('Size') });
  for (const field of ['colour', 'size']) await make('/api/types/report/fields', { field });
  for (let i = 0; i < 30; i++) {
    const title = `Lamp ${i} ${w.mark}`;
    const answer = await api(i % 3 ? w.second : w.member, 'POST', '/api/tickets', { title, description: 'x', type: 'report', fields: { colour: i % 2 ? 'red' : 'blue', size: i } });
    numbers[title] = answer.json.number;
    if (i % 5 === 0) await api(w.agent, 'PATCH', `/api/tickets/${answer.json.number}`, { status: i % 2 ? 'blocked' : 'solved' });
  }
});

async function at(session, lang, more = {}) {
  const page = await openPage({ session, lang: lang === 'qps' ? 'en' : lang, ...more });
  await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
  return page;
}
const shown = (page) => page.locator('.trow-title, .qrow-title').allInnerTexts().then((all) => all.map((text) => Number(/Lamp (\d+)/.exec(text)[1])));
// Once the bar is there, its list is as well.
async function ready(page) {
  await page.locator('.list-line').waitFor();
  await settled(page);
}
const focused = (page, e) => page.waitForFunction((at) => document.activeElement.matches(at), e);
const lamps = (where) => Array.from({ length: 30 }, (_, i) => i).filter(where);
const sorted = (list) => [...list].sort((a, b) => a - b);

for (const [lang, width] of [['en', 1280], ['sv', 390], ['qps', 1280]]) {
  const touch = width < 768;
  test(`V1: filters, one opened and back, the same in another browser: ${lang}, ${width} px${touch ? ', by touch' : ''}`, async () => {
    const page = await at(w.main, lang, { width, touch });
    await page.goto('/tickets');
    await ready(page);
    assert.equal((await shown(page)).length, 30);
    await sound(page, 'all');
    await page.locator('#list-status').selectOption('active');
    await page.waitForURL(/group=active/);
    await ready(page);
    assert.deepEqual(sorted(await shown(page)), lamps((i) => i % 10));
    await page.locator('#list-status').selectOption('done');
    await page.waitForURL(/group=done/);
    await ready(page);
    assert.deepEqual(sorted(await shown(page)), lamps((i) => !(i % 10)));
    await page.goto('/tickets');
    await ready(page);

    // By keys or fingers alone: the filters open, a field of one's own is chosen and sent.
    const filters = page.locator('.list-line button[aria-expanded]');
    const use = (e, key) => (touch ? e.tap() : e.focus().then(() => page.keyboard.press(key)));
    await use(filters, 'Enter');
    const form = page.locator('.list-filters');
    await form.waitFor();
    await sound(page, 'the filters');
    await use(form.getByLabel(lang === 'sv' ? 'red på svenska' : 'red'), 'Space');
    await form.locator('input[type=number]').first().fill('4');
    await (touch ? form.locator('button[type=submit]').tap() : page.keyboard.press('Enter'));
    await page.waitForURL(/fields=/);
    await ready(page);
    const red = lamps((i) => i % 2 && i >= 4);
    assert.deepEqual(sorted(await shown(page)), red);
    await page.locator('#list-sort').selectOption('title');
    await page.waitForURL(/sort=title/);
    await ready(page);
    await sound(page, 'filtered and sorted');
    if (lang === 'qps') assert.deepEqual(await page.evaluate(untranslated), []);
    await screenshot(page, `lists-${lang}`);
    const order = await shown(page);
    const address = page.url();

    // One is opened, and back: filter and position.
    await page.locator('.trow').nth(10).scrollIntoViewIfNeeded();
    const y = await page.evaluate(() => scrollY);
    await press(page, page.locator('.trow').nth(10));
    await page.getByRole('heading', { level: 1, name: `Lamp ${order[10]} ` }).waitFor();
    await page.goBack();
    await page.locator('.trow').nth(10).waitFor();
    assert.equal(page.url(), address);
    assert.deepEqual(await shown(page), order);
    await page.waitForFunction((was) => Math.abs(scrollY - was) < 80, y);
    await press(page, page.locator('.trow').nth(10));
    await page.getByRole('heading', { level: 1, name: `Lamp ${order[10]} ` }).waitFor();
    await press(page, page.locator('main a.link').first());
    await page.waitForURL(address);

    // The address, in another browser of theirs.
    const other = await at(w.main, lang, { width, touch });
    await other.goto(address);
    await ready(other);
    assert.deepEqual(await shown(other), order);
    assert.equal(await other.locator('.list-chips li').count(), 2);
    await press(other, other.locator('.list-chips a').first());
    await focused(other, '.list-chips a');
    await ready(other);
    await press(other, other.locator('.list-chips a').first());
    await other.locator('.list-chips').waitFor({ state: 'detached' });
    await focused(other, '#list-filters');
    await ready(other);
    assert.equal((await shown(other)).length, 30);

    // A day that is none is a problem of the page's, and said at its field.
    other.expected.push(/status of 422/);
    assert.equal((await other.goto('/tickets?created_from=0000-00-00')).status(), 422);
    await api(w.main, 'POST', '/api/views', { place: 'tickets', name: `No day ${lang}`, query: 'created_from=0000-00-00' });
    await other.goto('/tickets');
    await ready(other);
    await other.locator('.list-views a', { hasText: `No day ${lang}` }).click();
    await other.locator('#by-created_from-error').waitFor();
    await sound(other, 'no day');
    await other.locator('#list-clear').press('Enter');
    await other.locator('#by-created_from-error').waitFor({ state: 'detached' });
    await focused(other, '#list-clear');
    // Nor is every member of `fields` a filter: it stands there, and can be taken away.
    for (const [n, fields] of ['null', '{"a":null}', '{"a":5}', '[7]'].entries()) {
      await api(w.main, 'POST', '/api/views', { place: 'tickets', name: `Odd ${n} ${lang}`, query: new URLSearchParams({ fields }).toString() });
    }
    await other.goto('/tickets');
    await ready(other);
    for (const n of [0, 1, 2, 3]) {
      await other.locator('.list-views a', { hasText: `Odd ${n} ${lang}` }).click();
      await other.locator('.list-chips a').click();
      await other.locator('.list-chips').waitFor({ state: 'detached' });
      await ready(other);
    }
    assert.deepEqual([...complaints(page), ...complaints(other)], []);
    await Promise.all([page, other].map((p) => p.context().close()));
  });
}

test('V1: a list kept by name, in order; CSV', async () => {
  await psql('postgres', `delete from app.views where tenant_id = ${w.tenant}`);
  const page = await at(w.main, 'en');
  const t = (key, values) => said('en', key, values);
  let posts = 0;
  page.on('request', (r) => { posts += r.method() === 'POST' && r.url().endsWith('/api/views') ? 1 : 0; });
  for (const [name, query] of [['Solved', 'group=done'], ['Mine', 'list=mine']]) {
    await page.goto(`/tickets?${query}`);
    await ready(page);
    await page.getByRole('button', { name: t('lists.view.keep') }).click();
    await page.getByLabel(t('lists.view.name')).fill(name);
    // What is written stays in hand when the page is drawn again, and leaving it leads back.
    if (name === 'Solved') {
      const sort = page.locator('#list-sort');
      await sort.focus();
      await Promise.all([page.waitForResponse(/\/api\/tickets\?.*sort=title/), sort.selectOption('title')]);
      await settled(page);
      await focused(page, '#list-sort');
      await sort.selectOption('updated');
      await page.locator('#view-name').press('Escape');
      await focused(page, '#view-keep');
      await page.keyboard.press('Enter');
      await focused(page, '#view-name');
    }
    await page.locator('form.list-name').evaluate((form) => { form.requestSubmit(); form.requestSubmit(); });
    await page.locator('.list-views a', { hasText: name }).waitFor();
    await focused(page, '.list-views a[aria-current]');
  }
  assert.equal(posts, 2, 'a second Enter sends nothing');
  await sound(page, 'two kept lists');
  await page.locator('.list-views a', { hasText: 'Solved' }).click();
  await page.waitForURL(/group=done/);
  await ready(page);
  assert.deepEqual(sorted(await shown(page)), lamps((i) => !(i % 10)));
  await page.getByRole('button', { name: t('lists.view.manage') }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: t('lists.view.up', { name: 'Mine' }) }).click();
  await page.waitForFunction(() => document.querySelector('.list-views li a')?.textContent === 'Mine');
  await focused(page, '[id^=view-up-][aria-disabled=true]');
  await sound(page, 'kept lists, managed');
  await dialog.getByRole('button', { name: t('lists.view.remove', { name: 'Solved' }) }).click();
  await page.locator('.list-views a', { hasText: 'Solved' }).waitFor({ state: 'detached' });
  await focused(page, '[id^=view-remove-]');
  await dialog.getByRole('button', { name: t('lists.close') }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: t('app.csv') }).click()]);
  assert.match(file.suggestedFilename(), /^tickets-\d{4}-\d\d-\d\d\.csv$/);
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});

test('V1: unread is marked until it is read; the agents’ queue too', async () => {
  const title = `Lamp 3 ${w.mark}`;
  await psql('postgres', `update app.people set read_until = now() where tenant_id = ${w.tenant}`);
  const page = await at(w.member, 'en', { width: 390 });
  await page.goto('/tickets');
  await ready(page);
  assert.equal(await page.locator('.unread').count(), 0);
  await api(w.agent, 'POST', `/api/tickets/${numbers[title]}/comments`, { body: 'Is it on?' });
  await page.locator('.trow[data-unread]', { hasText: title }).waitFor();
  await page.locator('.top .count', { hasText: '1' }).waitFor();
  await sound(page, 'one is unread');
  // The number looks the same on a page that fetched no list.
  await page.goto(`/t/${numbers[`Lamp 6 ${w.mark}`]}`);
  await page.locator('.top .count', { hasText: '1' }).waitFor();
  assert.notEqual(await page.locator('.top .count').evaluate((e) => getComputedStyle(e).backgroundColor), 'rgba(0, 0, 0, 0)');
  await screenshot(page, 'lists-badge');
  await page.goto('/tickets');
  await page.locator('.trow', { hasText: title }).click();
  await page.getByText('Is it on?').waitFor();
  await page.goBack();
  await page.locator('.trow').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.unread'));
  const desk = await at(w.agent, 'en');
  await api(w.member, 'POST', `/api/tickets/${numbers[title]}/comments`, { body: 'It is.' });
  await desk.goto('/agent?unread=yes');
  await ready(desk);
  assert.deepEqual(await shown(desk), [3]);
  await desk.locator('.view[aria-current] .count', { hasText: '1' }).waitFor();
  await sound(desk, 'the queue');
  await screenshot(desk, 'lists-queue');
  assert.deepEqual([...complaints(page), ...complaints(desk)], []);
  await Promise.all([page, desk].map((p) => p.context().close()));
});
