// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What agents do to several tickets: tags, with the keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { until } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent'] }); });
after(closeBrowser);
const open = async (title) => (await api(w.member, 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'It is broken.' })).json.number;
const ticket = async (number) => (await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket;
async function at(path, options = {}) {
  const page = await openPage({ session: w.agent, ...options });
  if (options.lang) await page.context().addCookies([{ name: 'lang', value: options.lang, url: page.base }]);
  await page.goto(path);
  await settled(page);
  return page;
}
const over = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};
const press = async (page, ...keys) => { for (const k of keys) await page.keyboard.press(k); };
const chooser = (page) => page.locator('dialog.chooser[open]');
const choose = async (page, typed, option) => {
  await page.keyboard.type(typed);
  await page.locator('.choice[aria-selected=true]', { hasText: option }).waitFor();
  await press(page, 'Enter');
};

for (const [lang, width, dark] of [['en', 1440, false], ['ja', 390, true]]) {
  test(`W1: tags are put on by their key and typing, found by, and taken back: ${lang}, ${width} px`, async () => {
    const text = (key, values) => said(lang, key, values);
    const numbers = [await open('Tagged'), await open('Tagged, too'), await open('Plain')];
    const page = await at(`/agent/t/${numbers[0]}`, { lang, width, dark });
    await page.locator('.msg').waitFor();
    await press(page, 'l');
    await chooser(page).waitFor();
    await choose(page, ` Rush ${lang.toUpperCase()}`, text('desk.tag.new', { tag: `rush ${lang}` }));
    await until('it has one', async () => (await ticket(numbers[0])).tags?.join() === `rush ${lang}`);
    await choose(page, `緊急${lang}`, `緊急${lang}`);
    await until('and two', async () => (await ticket(numbers[0])).tags?.length === 2);
    await sound(page, 'tags are chosen');
    await screenshot(page, `tags-choose-${lang}`);
    await press(page, 'Escape');
    await chooser(page).waitFor({ state: 'detached' });
    if (width > 400) await page.locator('.pane-side .tag', { hasText: `緊急${lang}` }).waitFor();
    else await page.locator('.pane-side .tag').nth(1).scrollIntoViewIfNeeded();
    await sound(page, 'a ticket with tags');
    await screenshot(page, `tags-ticket-${lang}`);
    await press(page, 'z');
    await until('the last one is off again', async () => (await ticket(numbers[0])).tags?.join() === `rush ${lang}`);
    await page.getByRole('button', { name: text('agent.tag.remove', { tag: `rush ${lang}` }) }).press('Enter');
    await until('the other one, too', async () => (await ticket(numbers[0])).tags === null);
    await page.locator('#p-tag-add:focus').press('Enter');
    await chooser(page).waitFor();
    await choose(page, `rush ${lang}`, `rush ${lang}`);
    await until('it is on', async () => (await ticket(numbers[0])).tags?.join() === `rush ${lang}`);
    await press(page, 'Escape');

    // Of two that are chosen in the list, of which one has it.
    await page.goto('/agent');
    await settled(page);
    await page.locator(`.qrow[data-n="${numbers[1]}"]`).focus();
    await press(page, 'x');
    await page.locator(`.qrow[data-n="${numbers[0]}"]`).focus();
    await press(page, 'x', 'l');
    await chooser(page).waitFor();
    await choose(page, 'rush', `rush ${lang}`);
    await until('both have it', async () => (await Promise.all(numbers.slice(0, 2).map(ticket))).every((t) => t.tags?.includes(`rush ${lang}`)));
    await press(page, 'Escape');
    await page.locator('.qrow .tag').first().waitFor();
    await page.goto(`/agent?tag=rush+${lang}`);
    await settled(page);
    await page.locator('.list-chips .chip', { hasText: `rush ${lang}` }).waitFor();
    assert.deepEqual((await page.locator('.qrow').evaluateAll((all) => all.map((a) => Number(a.dataset.n)))).sort(), numbers.slice(0, 2));
    await sound(page, 'a list by a tag');
    await screenshot(page, `tags-list-${lang}`);
    await over(page);
  });
}
