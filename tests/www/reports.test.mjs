// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reports (I3): the desk's and an account's, as charts, tables and CSV.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

let w;
before(async () => {
  w = await makeWorld({ only: ['member', 'main', 'agent', 'admin'] });
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'Counted', description: 'x' })).json;
  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'Seen.' });
  // Three months of them, the half solved, some too late.
  await psql('postgres', `begin;
    insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, assignee_id, title, status, priority, at_desk, created_at, updated_at, desk_updated_at, answered_at, done_at)
      select t.tenant_id, 100000 + n, t.portal_id, t.account_id, t.requester_id, case when n % 4 > 0 then ${w.agent.person.id} end, 'Old ' || n, case when n % 2 = 0 then 5 else 2 end, 1 + n % 4, true, b, b, b,
        b + n % 17 * interval '50 minutes', case when n % 2 = 0 then b + (n % 23) * interval '5 hours' end
      from app.tickets t, generate_series(1, 220) n cross join lateral (select now() - n * n * interval '2 hours' / 22 - interval '1 day' as b) x where t.tenant_id = ${w.tenant} and t.id = ${number};
    insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at) select tenant_id, id, app.principal(account_id, 2), updated_at from app.tickets where tenant_id = ${w.tenant} and id > 100000;
    insert into app.sla_versions (tenant_id, version, valid_from, body) values (${w.tenant}, 1, '2026-01-01', '{"shown": true, "escalated_runs": false, "warn": 60, "priorities": {}, "matrix": {}, "plans": [{"key": "standard", "names": {"en": "Standard"}, "targets": {"normal": {"first": 60}}}]}');
    insert into app.clock_results (tenant_id, ticket_id, kind, turn, met, at, used, target, ended_at, version, plan, priority)
      select tenant_id, id, k, 1, (id + k) % 5 > 0, answered_at, 60 * (id % 90), 3600, answered_at, 1, 'standard', priority from app.tickets, generate_series(1, 3, 2) k where tenant_id = ${w.tenant} and id > 100000;
    commit`);
});
after(closeBrowser);

for (const [lang, width, dark] of [['en', 1280, false], ['ja', 390, true], ['qps', 390, false]]) {
  test(`I3: the desk's report: ${lang}, ${width} px`, async () => {
    const text = (key, values) => said(lang, key, values);
    const page = await openPage({ session: w.agent, lang, width, dark });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/agent');
    await page.locator('.menu > summary').last().click();
    await page.locator('.menu-panel a[href="/agent/reports"]').click();
    await page.waitForURL(/\/agent\/reports$/);
    await page.locator('#r-volume').waitFor();
    await sound(page, 'the last thirty days');
    // Each chart says what it shows, and has the same as a table.
    for (const chart of await page.locator('.chart').all()) {
      assert.match(await chart.locator('svg[role=img]').getAttribute('aria-label'), /\d/);
      await chart.locator('summary').click();
      assert.ok(await chart.locator('tbody tr').count() > 0);
    }
    const rows = await page.locator('section[aria-labelledby=r-volume] tbody tr').evaluateAll((all) => all.map((r) => [...r.children].map((c) => c.textContent)));
    assert.equal(rows.length, 30);
    const opened = rows.reduce((n, r) => n + Number(r[1].replace(/\D/g, '')), 0);
    const tile = await page.locator('.reports-totals b').first().textContent();
    assert.equal(String(opened), tile.replace(/\D/g, ''), 'the table adds up to the total');
    await sound(page, 'tables');
    // By the keyboard: what is looked at in a list of choices asks for nothing, and keeps the focus.
    const asked = [];
    page.on('request', (r) => { if (r.url().includes('/api/reports')) asked.push(r.url()); });
    const at = page.url();
    await page.locator('#r-period').focus();
    for (const [id, key] of [['r-period', 'ArrowDown'], ['r-by', 'ArrowDown'], ['r-priority', 'End']]) {
      for (let n = 0; n < 20 && !(await page.evaluate((x) => document.activeElement.id === x, id)); n++) await page.keyboard.press('Tab');
      await page.keyboard.press(key);
      assert.equal(await page.evaluate(() => document.activeElement.id), id, `${key} leaves ${id} where it is`);
    }
    assert.deepEqual([await page.inputValue('#r-period'), await page.inputValue('#r-by'), await page.inputValue('#r-priority'), page.url(), asked], ['90', 'week', 'low', at, []]);
    await page.locator('#r-priority').press('Home');
    const show = page.getByRole('button', { name: text('reports.show') });
    for (let n = 0; n < 20 && !(await show.evaluate((x) => x === document.activeElement)); n++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/since=.*by=week/);
    await settled(page);
    assert.equal(await show.evaluate((x) => x === document.activeElement), true, 'the focus stays where it was');
    assert.equal(asked.length, 1, 'asked once');
    await sound(page, 'ninety days by week');
    await page.waitForFunction(() => document.querySelectorAll('section[aria-labelledby=r-volume] tbody tr').length < 20);
    // What can't be is told at its field.
    page.expected = [/422/];
    await page.selectOption('#r-period', 'own');
    await page.fill('#r-since', '2026-11-20');
    await page.fill('#r-until', '2026-11-10');
    await page.getByRole('button', { name: text('reports.show') }).click();
    await page.locator('#r-fault').waitFor();
    if (lang !== 'qps') assert.equal(await page.locator('#r-fault').textContent(), text('err.field.after'));
    await sound(page, 'a fault');
    await page.goto('/agent/reports?since=2026-08-01&by=week');
    await page.locator('#r-kept').waitFor();
    await sound(page, 'since August');
    await screenshot(page, `reports-desk-${lang}`);
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  });
}

test('I3: an account’s own report, and its CSV', async () => {
  const page = await openPage({ session: w.main });
  await page.goto('/tickets');
  await page.locator('.menu > summary').last().click();
  await page.locator('.menu-panel a[href="/reports"]').click();
  await page.locator('#r-volume').waitFor();
  await sound(page, 'an account’s');
  assert.equal(await page.locator('#r-agents').count(), 0);
  assert.ok(!(await page.locator('main').textContent()).includes(w.agent.person.name));
  await screenshot(page, 'reports-account');
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('section[aria-labelledby=r-volume] a[download]').click()]);
  assert.match(file.suggestedFilename(), /^reports-.*\.csv$/);
  await page.setViewportSize({ width: 390, height: 800 });
  await sound(page, 'narrow');
  assert.deepEqual(complaints(page), []);
  await page.context().close();
  const member = await openPage({ session: w.member });
  await member.goto('/tickets');
  assert.equal(await member.locator('a[href="/reports"]').count(), 0, 'a member is offered none');
  await member.context().close();
});
