// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Teams in the browser: an administrator makes one, an agent gives it a ticket with the
// keyboard and a turn shows; who is out of office is marked where one chooses, and in lists.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent', 'admin'] }); });
after(closeBrowser);

async function at(who, path, { lang, ...options } = {}) {
  const page = await openPage({ session: w[who], ...options });
  if (lang) await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
  await page.goto(path);
  await page.locator('h1').waitFor();
  await settled(page);
  return page;
}
const over = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};
const open = async (title) => (await api(w.member, 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'It is broken.' })).json.number;
const ticket = async (number) => (await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket;

test('W1: an administrator makes a team, with the keyboard; what is wrong is told; it is archived', async () => {
  const lang = 'sv';
  const text = (key, values) => said(lang, key, values);
  const page = await at('admin', '/agent/teams', { lang, width: 390, dark: true });
  page.expected.push(/422/);
  await page.locator('#team-open-0').press('Enter');
  await page.locator('#team-0-name:focus').waitFor();
  await page.keyboard.type(`Line ${w.mark}`);
  await page.keyboard.press('Tab');
  await page.keyboard.type(w.people.agent.name.slice(0, 5));
  await page.locator('#team-0-members-list [role=option]', { hasText: w.people.agent.name }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.chips .chip', { hasText: w.people.agent.name }).waitFor();
  await page.getByLabel(text('teams.turns.turn')).check();
  await sound(page, 'a team as it is made');
  await screenshot(page, 'teams-form', { fullPage: true });
  await page.getByRole('button', { name: text('teams.save'), exact: true }).press('Enter');
  const row = page.locator('.make-row', { hasText: `Line ${w.mark}` });
  await row.waitFor();
  await sound(page, 'the teams');
  await screenshot(page, 'teams-list', { fullPage: true });

  await page.locator('#team-open-0').click();
  await page.locator('#team-0-name').fill(`line ${w.mark}`);
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: text('teams.fault.name.taken') }).waitFor();
  await page.locator('#team-0-name').fill(`Night ${w.mark}`);
  await page.keyboard.press('Enter');
  await page.locator('.make-row', { hasText: `Night ${w.mark}` }).getByRole('button').click();
  await page.getByRole('button', { name: text('teams.archive') }).click();
  await page.locator('[aria-labelledby=teams-archived] .make-row', { hasText: `Night ${w.mark}` }).waitFor();
  await over(page);
});

test('W1: an agent gives tickets to a team by key, a turn shows, and it is undone; the view of one’s teams', async () => {
  const { items } = (await api(w.admin, 'POST', '/api/teams', { name: `Desk ${w.mark}`, turns: 'turn', types: [], rest: false, members: [w.people.agent.id] })).json;
  const team = items.find((g) => g.name === `Desk ${w.mark}`).id;
  const number = await open('For a team');
  const page = await at('agent', `/agent/t/${number}`, { width: 1440 });
  await page.locator('#p-team').waitFor();
  await page.keyboard.press('a');
  const chooser = page.locator('dialog.chooser:popover-open');
  await chooser.waitFor();
  await chooser.getByRole('group', { name: said('en', 'desk.group.teams') }).waitFor();
  await sound(page, 'people and teams');
  await screenshot(page, 'teams-chooser');
  await page.keyboard.type('desk');
  await chooser.locator('[role=option]', { hasText: `Desk ${w.mark}` }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator(`#p-team option[value="${team}"]:checked`).waitFor({ state: 'attached' });
  await page.locator(`#p-assignee option[value="${w.people.agent.id}"]:checked`).waitFor({ state: 'attached' });
  await page.locator('.toast').first().waitFor();
  await page.keyboard.press('z');
  await page.locator('#p-assignee option[value=""]:checked').waitFor({ state: 'attached' });
  const undone = await ticket(number);
  assert.deepEqual([undone.team, undone.assignee], [null, null]);

  await api(w.agent, 'PATCH', `/api/tickets/${number}`, { team });
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.waitForURL('**/agent/t/*?group=open&team=mine').catch(() => page.waitForURL('**/agent?group=open&team=mine'));
  const row = page.locator(`.qrow[data-n="${number}"]`);
  await row.locator('.row-team', { hasText: `Desk ${w.mark}` }).waitFor();
  await page.locator('#pane-views .view[aria-current]', { hasText: said('en', 'agent.view.teams') }).locator('.count').waitFor();
  await sound(page, 'the view of my teams');
  await screenshot(page, 'teams-view');
  await over(page);
});

test('W1: out of office: said on one’s own page, marked where one chooses and in lists', async () => {
  const number = await open('Whose agent is away');
  await api(w.agent, 'PATCH', `/api/tickets/${number}`, { assignee: w.people.agent.id });
  const lang = 'ja';
  const page = await at('agent', '/agent/away', { lang, width: 390, dark: true });
  page.expected.push(/422/);
  await page.locator('#away-ends').fill('2020-01-01T10:00');
  await page.getByRole('button', { name: said(lang, 'away.save'), exact: true }).click();
  await page.getByRole('alert').filter({ hasText: said(lang, 'away.fault.ends.past') }).waitFor();
  await page.locator('#away-ends').fill(new Date(Date.now() + 5 * 864e5).toISOString().slice(0, 16));
  await page.locator(`#away-stand-in option[value="${w.people.admin.id}"]`).waitFor({ state: 'attached' });
  await page.locator('#away-stand-in').selectOption(String(w.people.admin.id));
  await page.getByRole('button', { name: said(lang, 'away.save'), exact: true }).click();
  await page.locator('.notice', { hasText: said(lang, 'away.now') }).waitFor();
  await sound(page, 'out of office');
  await screenshot(page, 'away', { fullPage: true });
  await over(page);

  const desk = await at('admin', '/agent', { width: 390 });
  const row = desk.locator(`.qrow[data-n="${number}"]`);
  await row.locator('.row-away').waitFor();
  await sound(desk, 'a list with who is away');
  await screenshot(desk, 'away-row');
  await row.focus();
  await desk.keyboard.press('a');
  await desk.locator('dialog.chooser:popover-open [role=option]', { hasText: w.people.agent.name }).filter({ hasText: said('en', 'agent.away.until', { when: '' }).trim().split(' ')[0] }).waitFor();
  await screenshot(desk, 'away-chooser');
  await desk.keyboard.press('Escape');
  await over(desk);
  await api(w.agent, 'DELETE', '/api/me/absence');
});

test('W1: an agent links two tickets by number, both show it, customers do not; a merging is taken back', async () => {
  const [number, other] = [await open('Linked'), await open('The cause of it')];
  const page = await at('agent', `/agent/t/${number}`, { width: 1440, dark: true });
  await page.locator('#link-add').press('Enter');
  await page.locator('#link-kind').selectOption('caused_by');
  await page.locator('#link-to').focus();
  await page.keyboard.type(`#${other}`);
  await page.locator('#link-to-list [role=option]', { hasText: 'The cause of it' }).waitFor();
  await sound(page, 'a link as it is made');
  await page.locator('#links-title').scrollIntoViewIfNeeded();
  await screenshot(page, 'link-form');
  await page.keyboard.press('Enter');
  await page.locator('.typed li', { hasText: said('en', 'sort.link.caused_by') }).filter({ hasText: `#${other}` }).waitFor();
  await page.locator('.rail-dot', { hasText: said('en', 'history.linked', { number: other }) }).waitFor();
  await sound(page, 'a ticket with a link');
  await screenshot(page, 'link');
  await page.goto(`/agent/t/${other}`);
  await page.locator('.typed li', { hasText: said('en', 'sort.link.causes') }).filter({ hasText: `#${number}` }).waitFor();
  assert.equal((await api(w.member, 'GET', `/api/tickets/${number}`)).json.typed, null);
  await page.getByRole('button', { name: said('en', 'sort.link.remove', { number }) }).click();
  await page.locator('.typed').waitFor({ state: 'detached' });

  await api(w.agent, 'POST', `/api/tickets/${number}/merging`, { into: other, people: [] });
  await page.goto(`/agent/t/${number}`);
  await page.locator('#sort-unmerge').press('Enter');
  await page.locator('#sort-merge').waitFor();
  assert.equal((await ticket(number)).status, 'new');
  await over(page);
});
