// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Administrators choose what holds for their account and portals, see where
// each value comes from, and make portals. In English and in Japanese.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { until } from '../lib/instance.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

after(closeBrowser);
const focused = (locator, what) => until(what, () => locator.evaluate((e) => e === document.activeElement));
const card = (page, name) => page.getByRole('region', { name });

test('T6: a setting is inherited, set here, and inherited again', async () => {
  const w = await makeWorld({ only: ['chief', 'admin'] });
  await api(w.admin, 'PATCH', '/api/settings', { name: 'registration', value: 'closed' });
  const page = await openPage({ session: w.chief });
  await page.goto('/admin/settings');
  await sound(page, 'settings');
  const one = card(page, 'How people get in');
  await one.getByText('Nobody new').waitFor();
  await one.getByText(`From Tenant ${w.mark}`).waitFor();
  await one.getByRole('button', { name: 'Set it here' }).press('Enter');
  const select = one.getByRole('combobox', { name: 'How people get in' });
  await focused(select, 'the control takes the focus');
  await select.selectOption({ label: 'By invitation' });
  await sound(page, 'while it is changed');
  await one.getByRole('button', { name: 'Save' }).click();
  await one.getByText('Set here').waitFor();
  await screenshot(page, 'settings');

  // The school inherits it from the account, and sets its own.
  await page.getByLabel('For', { exact: true }).selectOption({ label: `Portal School ${w.mark}` });
  await one.getByText(`From the account Town ${w.mark}`).waitFor();
  assert.match(page.url(), /\?portal=\d+$/);
  await page.reload();
  await one.getByText(`From the account Town ${w.mark}`).waitFor();
  const domains = card(page, 'Mail domains');
  await domains.getByRole('button', { name: 'Set it here' }).click();
  await domains.getByRole('textbox').fill('not a domain!');
  await domains.getByRole('textbox').press('Enter');
  await domains.locator('.error').waitFor();
  await sound(page, 'a value that does not fit');
  await domains.getByRole('textbox').fill('Example.org, example.com');
  await domains.getByRole('textbox').press('Enter');
  await domains.getByText('Set here').waitFor();
  assert.equal(await domains.getByRole('textbox').inputValue(), 'example.org example.com');
  await domains.getByRole('button', { name: 'Use inherited again: None' }).click();
  await domains.getByText('Standard value').waitFor();
  // Who did what, from what to what: the newest first, and the portal's alone.
  const log = card(page, 'Changes').getByRole('listitem');
  await log.first().getByText('Mail domains: as inherited (before: example.org and example.com)').waitFor();
  assert.match(await log.first().innerText(), new RegExp(`${w.people.chief.name} · School ${w.mark}`));
  assert.equal(await log.count(), 2);
  await api(w.chief, 'PATCH', '/api/look', { brand: '#225588', mail_name: 'Us' });
  await page.getByLabel('For', { exact: true }).selectOption({ label: `Town ${w.mark}` });
  await log.getByText('Branding: Accent and Sender’s name').waitFor();
  assert.equal(await log.count(), 4);
  await sound(page, 'the record of changes');
  await screenshot(page, 'settings-log');
  page.expected = [/422/];
  assert.deepEqual(complaints(page), []);
});

test('T6: what is the provider\'s alone is shown and not offered; the provider has it at the desk', async () => {
  const w = await makeWorld({ only: ['chief', 'admin', 'agent'] });
  const page = await openPage({ session: w.chief });
  await page.goto('/admin/settings');
  const days = card(page, 'Support access, days at most');
  await days.getByText('Only your support provider can change this.').waitFor();
  assert.equal(await days.getByRole('button').count(), 0);
  const desk = await openPage({ session: w.admin });
  await desk.goto('/agent/settings');
  await sound(desk, 'the tenant\'s settings');
  const theirs = card(desk, 'Support access, days at most');
  await theirs.getByRole('button', { name: 'Set it here' }).click();
  await theirs.getByRole('textbox').fill('7');
  await theirs.getByRole('button', { name: 'Save' }).click();
  await theirs.getByText('Set here').waitFor();
  await page.reload();
  await days.getByText('7', { exact: true }).waitFor();
  const agent = await openPage({ session: w.agent });
  assert.equal((await agent.goto('/agent/settings')).status(), 403);
});

test('roles that the provider wants a second factor of stay; others are added', async () => {
  const w = await makeWorld({ only: ['chief', 'admin'] });
  await api(w.admin, 'PATCH', '/api/settings', { name: 'second_factor_roles', value: 'agent portal_admin' });
  const page = await openPage({ session: w.chief, width: 390 });
  await page.goto('/admin/settings');
  const one = card(page, 'Who needs a second factor');
  const floor = `Set by Tenant ${w.mark} and kept here: agents and administrators of a portal`;
  await one.getByText(floor).waitFor();
  await one.getByRole('button', { name: 'Set it here' }).click();
  assert.ok(await one.getByLabel('administrators of a portal').isDisabled());
  assert.ok(await one.getByLabel('administrators of a portal').isChecked());
  await one.getByLabel('partners').check();
  await sound(page, 'roles that stay');
  await screenshot(page, 'settings-floor');
  await one.getByRole('button', { name: 'Save' }).click();
  await one.getByText('Set here').waitFor();
  await one.getByText(floor).waitFor();
  assert.deepEqual((await api(w.chief, 'GET', '/api/settings')).json.settings.filter((s) => s.name === 'second_factor_roles').map((s) => [s.value, s.own, s.inherited.value]),
    [['agent partner portal_admin', true, 'agent portal_admin']]);
  await one.getByRole('button', { name: 'Use inherited again' }).click();
  await one.getByText(`From Tenant ${w.mark}`).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('a portal is made below another, by keyboard, and named anew', async () => {
  const w = await makeWorld({ only: ['chief', 'member'] });
  const page = await openPage({ session: w.chief, width: 400 });
  await page.goto('/admin/portals');
  await sound(page, 'portals');
  const make = page.getByRole('button', { name: `New portal below School ${w.mark}` });
  await make.press('Enter');
  const form = page.getByRole('form', { name: `New portal below School ${w.mark}` });
  await form.getByLabel('Name').fill(`Lab ${w.mark}`);
  await form.getByLabel('Address').fill('www');
  await form.getByLabel('Address').press('Enter');
  await form.getByText('This name is kept for other uses').waitFor();
  await sound(page, 'a reserved name');
  await form.getByLabel('Address').fill(`school-${w.mark}`);
  await form.getByText(`it becomes school-${w.mark}.localhost`).waitFor();
  await form.getByLabel('Address').press('Enter');
  await form.getByText('This is taken already').waitFor();
  await form.getByLabel('Address').fill(`lab-${w.mark}`);
  await form.getByLabel('Language').selectOption('sv');
  await form.getByLabel('Address').press('Enter');
  await page.getByRole('link', { name: `lab-${w.mark}.localhost` }).waitFor();
  await focused(make, 'the focus is back where it was');
  await page.getByRole('button', { name: `Change Lab ${w.mark}` }).click();
  await page.getByLabel('Name').fill(`Lab ${w.mark} two`);
  await page.getByLabel('Name').press('Enter');
  await page.getByText(`Lab ${w.mark} two`, { exact: true }).waitFor();
  await screenshot(page, 'portals');
  page.expected = [/422/];
  assert.deepEqual(complaints(page), []);
  const member = await openPage({ session: w.member });
  assert.equal((await member.goto('/admin/portals')).status(), 403);
});

test('in Japanese', async () => {
  const w = await makeWorld({ only: ['chief'] });
  const page = await openPage({ session: w.chief, lang: 'ja' });
  for (const path of ['/admin/settings', '/admin/portals']) {
    await page.goto(path);
    await settled(page);
    await sound(page, path);
    assert.doesNotMatch(await page.locator('main').innerText(), /settings\.|Set it here|Portals/);
  }
  assert.deepEqual(complaints(page), []);
});
