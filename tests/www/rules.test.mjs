// SPDX-License-Identifier: AGPL-3.0-or-later
//
// W2: an administrator writes a rule with nested conditions by the keyboard, tries it on
// what was, turns it on, and finds in its log and beside the ticket what it did.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql, until } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { answerTo, complaints, openPage, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent', 'admin'] }); });
after(closeBrowser);

const pageOf = async (session, lang, options) => {
  const page = await openPage({ session, lang, ...options });
  await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
  return page;
};
const clean = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};
const open = async (title) => (await api(w.member, 'POST', '/api/tickets', { title, description: 'x' })).json.number;

for (const [lang, width, dark] of [['sv', 1280, false], ['ja', 390, true]]) {
  test(`W2: a rule written, tried, turned on, in ${lang}, ${width} px`, async () => {
    const text = (key, values) => said(lang, key, values);
    const before = await open(`Printer on ${lang}-fire`);
    const page = await pageOf(w.admin, lang, { width, dark });
    await page.goto('/agent/rules');
    await page.getByRole('heading', { name: text('rules.title'), exact: true }).waitFor();
    await sound(page, 'the list');
    await page.getByRole('link', { name: text('rules.new') }).click();
    await page.locator('#rule-name').fill(`Fire ${lang}`);
    await page.locator('#rule-by').selectOption('customer');
    // Conditions, one in another, by keys alone.
    await page.locator('#rule-if-add').focus();
    await page.keyboard.press('Enter');
    await page.locator('#rule-if-0-field').selectOption('title');
    await page.locator('#rule-if-0-value').fill(`${lang}-fire, smoke`);
    await page.getByRole('button', { name: text('rules.add.group') }).press('Enter');
    await page.locator('#rule-if-1-0-value').selectOption({ label: text('state.new') });
    await page.locator('#rule-if-1-add').press('Enter');
    await page.locator('#rule-if-1-1-field:focus').waitFor();
    await page.locator('#rule-if-1-1-field').selectOption('priority');
    await page.locator('#rule-if-1-1-value').selectOption({ label: text('priority.urgent') });
    // One that was added by mistake goes again.
    await page.locator('#rule-if-add').press('Enter');
    await page.locator('#rule-if-2-field').waitFor();
    await page.locator('[role=group]', { has: page.locator('#rule-if-2-field') }).getByRole('button', { name: text('rules.remove', { what: '' }).split('：')[0].split(':')[0] }).last().press('Enter');
    await page.locator('#rule-if-2-field').waitFor({ state: 'detached' });
    const save = (method, status) => answerTo(page, method, /^\/api\/rules(\/\d+)?$/, () => page.getByRole('button', { name: text('rules.save'), exact: true }).press('Enter')).then((a) => assert.equal(a.status(), status));
    page.expected.push(/422/);
    await save('POST', 422);
    await page.getByRole('alert').filter({ hasText: text('rules.fault', { where: text('rules.do'), what: text('err.field.required') }) }).waitFor();
    await sound(page, 'what is missing');
    await page.locator('#rule-do-add').selectOption('level');
    await page.locator('#rule-do-0').selectOption({ label: text('rules.level', { n: 3 }) });
    await page.locator('#rule-do-add').selectOption('note');
    await page.locator('#rule-do-1').fill('Call {requester.name}');
    await page.locator('#rule-do-add').selectOption('reply');
    await page.locator(`#rule-do-2-${lang}`).fill('#{ticket.number}!');
    await page.locator('#rule-do-add').selectOption('mail');
    await page.locator('#rule-do-3').fill('Fire!');
    // Tried before it is saved.
    await page.locator('#try-days').fill('7');
    await answerTo(page, 'POST', /^\/api\/rules\/replay$/, () => page.getByRole('button', { name: text('rules.try.do'), exact: true }).press('Enter'));
    await page.locator('.rule-table').getByRole('link', { name: `#${before}` }).waitFor();
    await sound(page, 'tried');
    await screenshot(page, `rules-editor-${lang}`);
    await save('POST', 201);
    await page.getByRole('heading', { name: `Fire ${lang}`, exact: true }).waitFor();
    await sound(page, 'saved');

    // Turned on from the list.
    await page.getByRole('link', { name: text('rules.back') }).click();
    const row = page.locator('li', { has: page.getByRole('link', { name: `Fire ${lang}` }) });
    await row.getByRole('button', { name: text('rules.turn_on') }).press('Enter');
    await row.getByText(text('rules.try.now', { count: '1' })).waitFor();
    await sound(page, 'asked once more');
    await screenshot(page, `rules-list-${lang}`);
    await answerTo(page, 'PATCH', /\/state$/, () => row.locator('.make-body').getByRole('button', { name: text('rules.turn_on') }).press('Enter'));
    await row.getByRole('button', { name: text('rules.turn_off') }).waitFor();

    const number = await open(`Another ${lang}-fire`);
    await until('it ran', async () => (await api(w.agent, 'GET', `/api/tickets/${number}/rules`)).json.runs.length);
    await row.getByRole('link', { name: `Fire ${lang}` }).click();
    await page.locator('.rule-log').getByRole('link', { name: `#${number}` }).waitFor();
    await page.locator('.rule-log').getByText(text('rules.outcome.ran')).waitFor();
    // Another version, what is different, and back.
    await page.locator('#rule-do-0').selectOption({ label: text('rules.level', { n: 5 }) });
    await save('PATCH', 200);
    await page.getByText(text('rules.version', { n: 2, who: '' }).split(/[、,]/)[0]).first().click();
    await page.locator('.rule-diff').getByText(text('rules.level', { n: 5 })).first().waitFor();
    await sound(page, 'versions');
    await screenshot(page, `rules-versions-${lang}`);
    await page.getByText(text('rules.version', { n: 1, who: '' }).split(/[、,]/)[0]).first().click();
    await answerTo(page, 'PATCH', /^\/api\/rules\/\d+$/, () => page.getByRole('button', { name: text('rules.revert') }).first().press('Enter'));
    await page.locator('#rule-do-0 option:checked', { hasText: text('rules.level', { n: 3 }) }).waitFor({ state: 'attached' });
    await clean(page);

    // Beside the ticket, and not for its customer.
    const desk = await pageOf(w.agent, lang, { width, dark });
    await desk.goto(`/agent/t/${number}`);
    await desk.getByText(text('app.automatic')).first().waitFor();
    if (width > 1000) {
      await desk.locator('#rules-side').waitFor();
      await desk.getByText(text('rules.side.see')).click();
      await desk.getByText(`Fire ${lang}`).first().waitFor();
      await sound(desk, 'the ticket');
      await screenshot(desk, `rules-ticket-${lang}`);
    }
    await clean(desk);
    const theirs = await pageOf(w.member, lang, { width });
    await theirs.goto(`/t/${number}`);
    await theirs.getByText(`##${number}!`).waitFor();
    assert.ok(!/Call |Fire sv|Fire ja/.test(await theirs.locator('main').innerText()));
    await clean(theirs);
  });
}

test('W2: a rule by a clock is tried on the past, its mail goes to a team; right to left, 390 px, and in the dark', async () => {
  await api(w.admin, 'POST', '/api/teams', { name: 'Ovens', turns: 'off', types: [], rest: false, members: [w.people.agent.id] });
  const table = { shown: true, escalated_runs: false, warn: 10, priorities: {}, matrix: {}, plans: [{ key: 'standard', names: { en: 'Standard' }, targets: { normal: { first: 60 } } }] };
  assert.equal((await api(w.admin, 'POST', '/api/service-levels', { table, based: 0 })).status, 201);
  const number = await open('Cold for long');
  await psql('postgres', `update app.sla_versions set valid_from = now() - interval '9 days' where tenant_id = ${w.tenant};
    update app.tickets set created_at = created_at - interval '2 hours' where tenant_id = ${w.tenant} and id = ${number};
    update app.events set created_at = created_at - interval '2 hours' where tenant_id = ${w.tenant} and ticket_id = ${number}`);
  // What can not be done is told in words, beside what was: its team is no more.
  const { items: [gone] } = (await api(w.admin, 'POST', '/api/teams', { name: 'Gone', turns: 'off', types: [], rest: false, members: [] })).json;
  const { item } = (await api(w.admin, 'POST', '/api/rules', { name: 'To nobody', rule: { when: { event: 'opened' }, if: { field: 'title', has: ['nobody'] }, do: [{ team: gone.id }, { level: 1 }] } })).json;
  await api(w.admin, 'PATCH', `/api/rules/${item.id}/state`, { on: true });
  await psql('postgres', `update app.teams set archived_at = now() where tenant_id = ${w.tenant} and id = ${gone.id}`);
  const refused = await open('For nobody');
  await until('it ran', async () => (await api(w.agent, 'GET', `/api/tickets/${refused}/rules`)).json.runs.length);
  const log = await pageOf(w.admin, 'ja', { width: 390 });
  await log.goto(`/agent/rules/${item.id}`);
  await log.locator('.rule-log').getByText(`${said('ja', 'rules.did.refused')}: ${said('ja', 'rules.trouble.gone')}`).waitFor();
  await log.locator('#log ~ p').getByText(said('ja', 'rules.log.kept', { n: 90 })).waitFor();
  await sound(log, 'what was refused');
  await screenshot(log, 'rules-refused-ja');
  await clean(log);
  for (const [lang, width, dark] of [['qps', 390, false], ['en', 1280, true]]) {
    const page = await pageOf(w.admin, lang, { width, dark });
    await page.goto('/agent/rules/new');
    await page.locator('#rule-name').fill(`Clock ${lang}`);
    await page.locator('#rule-when').selectOption('time.due');
    await page.locator('#rule-if-add').press('Enter');
    await page.locator('#rule-if-0-field').selectOption('title');
    await page.locator('#rule-if-0-value').fill('cold for');
    await page.locator('#rule-if-0-value').press('Tab');
    await page.locator('#rule-do-add').selectOption('mail');
    await page.locator('#rule-do-0').fill('Bread!');
    await page.locator('#rule-do-0-to').selectOption({ label: lang === 'qps' ? await page.locator('#rule-do-0-to option', { hasText: 'Ovens' }).textContent() : 'team Ovens' });
    await page.locator('.rule-chips', { hasText: 'Ovens' }).waitFor();
    await answerTo(page, 'POST', /^\/api\/rules\/replay$/, () => page.getByRole('button', { name: lang === 'qps' ? /./ : said(lang, 'rules.try.do'), exact: true }).and(page.locator('.rule-side [type=submit]:not(.btn-primary)')).press('Enter'));
    await page.locator('.rule-table').getByRole('link', { name: `#${number}` }).waitFor();
    assert.equal(await page.locator('.rule-table tbody tr').count(), 1);
    await sound(page, `tried, ${lang}`);
    await screenshot(page, `rules-clock-${lang}`);
    await clean(page);
  }
});
