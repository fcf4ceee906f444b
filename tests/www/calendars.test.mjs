// SPDX-License-Identifier: AGPL-3.0-or-later
//
// S2: business calendars: made by an administrator with the keyboard, looked at by agents.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { calendar, day, startFeed } from '../lib/feed.mjs';
import { psql, until } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { answerTo, complaints, openPage, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['agent', 'admin'] }); });
after(closeBrowser);

const clean = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};
const made = async () => (await api(w.agent, 'GET', '/api/calendars')).json.calendars;

test('S2: an administrator makes a calendar: hours with a break, copied, a holiday, and what follows', async () => {
  const page = await openPage({ session: w.admin });
  await page.goto('/agent');
  await page.locator('.menu > summary').last().click();
  await page.getByRole('link', { name: 'Administration' }).click();
  await page.locator('main').getByRole('link', { name: 'Business calendars' }).click();
  await page.getByText('No calendar yet').waitFor();
  await sound(page, 'no calendar yet');
  await page.getByRole('link', { name: 'New calendar' }).click();
  await page.getByRole('heading', { name: 'New calendar' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Rome');
  await page.getByLabel('Time zone').selectOption('Europe/Rome');
  // A lunch break on Monday, by keys; then the same on the other days.
  await page.getByLabel('Monday, closes, 1').fill('13:00');
  await page.getByRole('button', { name: 'Add hours: Monday' }).focus();
  await page.keyboard.press('Enter');
  await until('the new row has the focus', () => page.evaluate(() => document.activeElement?.id === 'opens-0-1'));
  assert.equal(await page.getByLabel('Monday, opens, 2').inputValue(), '13:00');
  await page.getByLabel('Monday, opens, 2').fill('12:00');
  await page.getByLabel('Monday, closes, 2').fill('18:00');
  await page.getByText('Two of a day’s hours overlap.').waitFor();
  await page.getByRole('button', { name: 'Create calendar' }).click();
  await page.getByText('Some hours are not right: see the days.').waitFor();
  await sound(page, 'hours that overlap');
  await page.getByLabel('Monday, opens, 2').fill('14:00');
  await page.getByLabel('Copy to other days: Monday').selectOption('work');
  assert.equal(await page.getByLabel('Friday, closes, 2').inputValue(), '18:00');
  // All of Saturday: its end is midnight.
  await page.getByRole('button', { name: 'Add hours: Saturday' }).click();
  await page.getByLabel('Saturday, opens, 1').fill('00:00');
  await page.getByLabel('Saturday, closes, 1').fill('00:00');
  await page.getByRole('button', { name: 'Add a holiday' }).click();
  await page.getByLabel('Day of holiday 1', { exact: true }).fill('2026-04-06');
  await page.getByLabel('Name of holiday 1').fill('Pasquetta');
  // Several days in a row, which end before they begin, and then do not.
  await page.getByRole('button', { name: 'Add a holiday' }).click();
  await page.getByLabel('Day of holiday 2', { exact: true }).fill('2026-04-02');
  await page.getByLabel('Last day of holiday 2').fill('2026-04-01');
  await page.getByLabel('Name of holiday 2').fill('Chiusura');
  await page.getByText('last day comes before its first').waitFor();
  await page.getByLabel('Last day of holiday 2').fill('2026-04-03');
  await page.getByLabel('From', { exact: true }).fill('2026-03-24');
  await page.locator('.cal-days', { hasText: 'Pasquetta' }).waitFor();
  const row = (day) => page.locator('.cal-days tr', { hasText: day });
  assert.match(await row('24 Mar').innerText(), /09:00–13:00, 14:00–18:00[\s\S]*8 hr/);
  assert.match(await row('28 Mar').innerText(), /00:00–24:00[\s\S]*24 hr/);
  assert.match(await row('29 Mar').innerText(), /clocks go forward 1 hr/);
  assert.match(await row('6 Apr').innerText(), /Closed · Pasquetta/);
  for (const d of ['2 Apr', '3 Apr']) assert.match(await row(d).innerText(), /Closed · Chiusura/);
  assert.doesNotMatch(await row('4 Apr').innerText(), /Chiusura/);
  await sound(page, 'a calendar that is nearly made');
  await screenshot(page, 'calendars-editor');
  await answerTo(page, 'POST', /^\/api\/calendars$/, () => page.getByRole('button', { name: 'Create calendar' }).click());
  await page.getByRole('heading', { name: 'Rome' }).waitFor();
  const [saved] = await made();
  assert.deepEqual([saved.hours[0], saved.hours[5], saved.hours[6], saved.holidays], [[[540, 780], [840, 1080]], [[0, 1440]], [], 2]);

  // A change is a version; what somebody else changed meanwhile stays.
  await page.getByRole('button', { name: 'Remove hours 1: Saturday' }).click();
  await answerTo(page, 'PATCH', /^\/api\/calendars\//, () => page.getByRole('button', { name: 'Save' }).click());
  await page.getByText('Versions').click();
  await page.getByText('Version 2', { exact: true }).waitFor();
  await api(w.admin, 'PATCH', `/api/calendars/${saved.id}`, { zone: 'Europe/Paris' });
  await page.getByRole('button', { name: 'Remove hours 2: Friday' }).click();
  page.expected.push(/409/);
  await answerTo(page, 'PATCH', /^\/api\/calendars\//, () => page.getByRole('button', { name: 'Save' }).click());
  await page.locator('.summary').waitFor();
  assert.deepEqual((await made()).map((c) => [c.version, c.zone, c.hours[4].length]), [[3, 'Europe/Paris', 2]]);
  // Plans that promise by it are named before it is archived.
  const table = { shown: true, escalated_runs: false, warn: 60, priorities: {}, matrix: {}, plans: ['Standard', 'Gold'].map((name, n) => ({ key: name.toLowerCase(), names: { en: name }, targets: { normal: { first: 60, calendar: n ? saved.id : null } } })) };
  assert.equal((await api(w.admin, 'POST', '/api/service-levels', { table, based: 0 })).status, 201);
  await page.reload();
  await page.getByRole('button', { name: 'Archive' }).click();
  await page.getByText('Plans promise by it: Gold.').waitFor();
  await sound(page, 'asked before it is archived');
  await screenshot(page, 'calendars-archive');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await until('the focus is back', () => page.evaluate(() => document.activeElement?.id === 'cal-archive'));
  assert.equal((await made())[0].archived, false);
  await page.keyboard.press('Enter');
  await until('what goes on has the focus', () => page.evaluate(() => document.activeElement?.textContent === 'Archive it all the same'));
  await answerTo(page, 'PATCH', /^\/api\/calendars\//, () => page.keyboard.press('Enter'));
  await page.getByText('Archived: not offered any more.').waitFor();
  await page.goto('/agent/calendars');
  await page.getByText('Europe/Paris').waitFor();
  await sound(page, 'the list');
  await screenshot(page, 'calendars-list');
  await clean(page);
});

test('S2: holidays from a feed come in while one types, and what is wrong with it is told', async () => {
  const feed = await startFeed();
  const year = new Date().getUTCFullYear();
  feed.body = calendar(day(`${year - 9}1225`, 'Natale', 'RRULE:FREQ=YEARLY'));
  const { json: { id } } = await api(w.admin, 'POST', '/api/calendars', { name: 'Fed', zone: 'Europe/Rome', hours: [[[540, 1080]], [], [], [], [], [], []] }, { key: `calendars-fed-${w.mark}` });
  const page = await openPage({ session: w.admin });
  await page.goto(`/agent/calendars/${id}`);
  await page.getByLabel('Address of the feed (empty: none)').fill(feed.url.replace('https:', 'http:'));
  page.expected.push(/422/);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The address begins with https://').waitFor();
  // As telephones give it out.
  await page.getByLabel('Address of the feed (empty: none)').fill(feed.url.replace('https:', 'webcal:'));
  await answerTo(page, 'PATCH', /^\/api\/calendars\//, () => page.getByRole('button', { name: 'Save' }).click());
  await page.getByLabel('Name', { exact: true }).fill('Fed, by another name');
  await page.getByText('13 holidays').click();
  await page.getByText('Natale').first().waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Fed, by another name', 'what is being typed stays');
  await sound(page, 'a feed that was read');
  await answerTo(page, 'PATCH', /^\/api\/calendars\//, () => page.getByRole('button', { name: 'Save' }).click());
  feed.status = 404;
  await psql('postgres', `update app.calendars set feed_asked_at = null where tenant_id = ${w.tenant} and id = ${id}`);
  await answerTo(page, 'POST', /refresh$/, () => page.getByRole('button', { name: 'Read now' }).click());
  await page.getByText('Its server refuses: is the address still right?').waitFor();
  await sound(page, 'a feed that can not be read');
  await screenshot(page, 'calendars-feed');
  feed.close();
  await api(w.admin, 'PATCH', `/api/calendars/${id}`, { archived: true });
  await clean(page);
});

test('S2: agents look at it; Japanese, dark, 390 px', async () => {
  if (!(await made()).length) await api(w.admin, 'POST', '/api/calendars', { name: 'Tokyo', zone: 'Asia/Tokyo', hours: [[[600, 720], [780, 1140]], [], [], [], [], [], []] }, { key: 'calendars-look-1' });
  const [c] = await made();
  const page = await openPage({ session: w.agent, lang: 'ja', width: 390, dark: true });
  await page.context().addCookies([{ name: 'lang', value: 'ja', url: page.base }]);
  await page.goto('/agent/calendars');
  await page.locator(`a[href="/agent/calendars/${c.id}"]`).click();
  await page.getByRole('heading', { name: said('ja', 'calendars.preview') }).waitFor();
  assert.equal(await page.locator('#app :is(input, select, form)').count(), 0, 'nothing to change');
  assert.equal(await page.locator('.cal-days tbody tr').count(), 14);
  await sound(page, 'as an agent, ja');
  await screenshot(page, 'calendars-ja');
  await clean(page);
});

test('S2: the editor from right to left, 390 px, touch', async () => {
  const page = await openPage({ session: w.admin, lang: 'qps', width: 390, touch: true });
  await page.context().addCookies([{ name: 'lang', value: 'qps', url: page.base }]);
  await page.goto('/agent/calendars/new');
  await page.locator('#opens-0-0').waitFor();
  await page.locator('#holiday-add').tap();
  await page.locator('#holiday-0').waitFor();
  await page.locator('#holiday-0').fill('2026-10-27');
  await page.locator('.cal-range input').nth(1).fill('2026-10-29');
  await page.locator('.cal-holidays > li > .input').fill('Ferie');
  await page.locator('#since').fill('2026-10-20');
  await page.locator('.cal-days tbody tr').first().waitFor();
  await sound(page, 'the editor, qps');
  await screenshot(page, 'calendars-qps');
  await clean(page);
});
