// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What agents do to several tickets: tags, with the keyboard alone; one change of many.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql, until } from '../lib/instance.mjs';
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

test('W1: thirty tickets are changed by jobs, with progress, told what was refused, and all is taken back', async () => {
  await psql('postgres', `insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk, status, created_at, updated_at, desk_updated_at)
    select ${w.tenant}, 20000 + n, ${w.portal.town}, ${w.id.town}, ${w.people.member.id}, 'Thirty ' || n, true, 2, now(), now(), now() from generate_series(1, 130) n`);
  const state = (where) => psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant} and id > 20000 and ${where}`);
  for (const [lang, width, dark] of [['en', 1440, false], ['qps', 390, true]]) {
    const text = (key, values) => said(lang, key, values);
    const page = await at('/agent', { lang, width, dark });
    await page.locator('.vlist .qrow').first().focus();
    // Thirty by the keys, of which one goes away meanwhile.
    for (let n = 0; n < 29; n += 1) await press(page, 'Shift+J');
    await page.locator('.bulk').waitFor();
    await until('thirty are chosen', async () => (await page.locator('.bulk > span').textContent()).includes('30'));
    const first = Number(await page.locator('.qrow[data-on]').first().getAttribute('data-n'));
    await psql('postgres', `update app.tickets set at_desk = false where tenant_id = ${w.tenant} and id = ${first}`);
    await sound(page, 'thirty are chosen');
    await press(page, 's');
    await chooser(page).waitFor();
    await choose(page, text('state.on_hold'), text('state.on_hold'));
    await page.locator('.many').waitFor();
    await page.locator('.many li', { hasText: `#${first}` }).waitFor();
    assert.equal(await state('status = 4'), '29');
    await sound(page, 'one was refused');
    await screenshot(page, `bulk-refused-${lang}`);
    await page.locator('.many button', { hasText: text('agent.undo') }).press('Enter');
    await page.locator('.many').waitFor({ state: 'detached' });
    await until('as it was', async () => await state('status = 4') === '0');
    await psql('postgres', `update app.tickets set at_desk = true where tenant_id = ${w.tenant} and id = ${first}`);
    await over(page);
  }
  // All that match: more than the page has.
  const page = await at('/agent?group=open');
  await page.locator('.vlist .qrow').first().focus();
  await press(page, 'Control+a');
  await page.getByRole('button', { name: 'Select all that match' }).press('Enter');
  const n = Number(await state('status <= 2')) + Number(await psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant} and id < 20000 and status <= 2`));
  await until('all of them', async () => (await page.locator('.bulk > span').textContent()).startsWith(`${n} `));
  await screenshot(page, 'bulk-all');
  await press(page, 'p');
  await chooser(page).waitFor();
  await choose(page, 'Urgent', 'Urgent');
  await page.locator('.many progress').waitFor();
  await sound(page, 'at work');
  await screenshot(page, 'bulk-progress');
  await until('all are urgent', async () => await state('priority = 4') === '130');
  await page.locator('.toast', { hasText: `${n} tickets changed` }).waitFor();
  await press(page, 'z');
  await until('and none', async () => await state('priority = 4') === '0');
  await page.locator('.toast', { hasText: 'Undone' }).waitFor();
  await over(page);
});
