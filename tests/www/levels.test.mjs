// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The service level (journey 17): kept by an administrator, read by customers; an
// agent chooses a priority by it, and the customer sees it with its row.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

after(closeBrowser);

for (const [lang, width, dark] of [['en', 1280, false], ['ja', 390, true]]) {
  test(`S1, S3: the table is kept and read, a priority chosen by it: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member', 'agent', 'admin'], locale: { town: lang } });
    const text = (key, values) => said(lang, key, values);
    const at = async (session) => {
      const page = await openPage({ session, lang, width, dark });
      await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
      return page;
    };
    const admin = await at(w.admin);
    admin.expected = [/422/];
    await admin.goto('/agent');
    await admin.locator('.menu > summary').last().click();
    await admin.getByRole('link', { name: text('site.levels') }).click();
    await admin.waitForURL(/\/agent\/service-level$/);
    await sound(admin, 'no table yet');
    await admin.getByRole('link', { name: text('levels.keep') }).click();
    await admin.waitForURL(/\/agent\/service-levels$/);
    await sound(admin, 'a table to begin with');

    // What can't be is told at its field.
    await admin.locator('#t-0-high-first').fill('99999:00');
    await admin.getByRole('button', { name: text('keep.save') }).click();
    await admin.locator('#t-0-high-first[aria-invalid=true]').waitFor();
    assert.equal(await admin.locator('#t-0-high-first-fault').textContent(), text('keep.time.range'));
    await sound(admin, 'a fault');
    await admin.locator('#t-0-high-first').fill('4:30');
    await admin.getByText(text('keep.matrix.on')).click();
    await admin.locator('#shown').check();
    await admin.locator('section[aria-labelledby=keep-means] summary').nth(1).click();
    await admin.locator('#def-high-en').fill('Many can’t work');
    await admin.locator('#def-high-ja').fill('多くの人が働けません');
    await admin.getByRole('button', { name: text('keep.save') }).click();
    await admin.getByRole('heading', { name: text('keep.versions') }).waitFor();
    await sound(admin, 'a first version');
    // What another time would have changed: nothing yet.
    await admin.locator('#t-0-high-first').fill('1:00');
    await admin.locator('#simulate').click();
    await admin.getByText(text('simulate.nothing')).waitFor();
    await sound(admin, 'S5: what would have changed');
    await screenshot(admin, `levels-keep-${lang}`);
    await admin.getByRole('link', { name: text('keep.as_read') }).click();
    await admin.waitForURL(/\/agent\/service-level$/);
    await settled(admin);

    // Its customers read it.
    const mine = lang === 'ja' ? '多くの人が働けません' : 'Many can’t work';
    const member = await at(w.member);
    await member.goto('/service-level');
    await member.getByText(mine).waitFor();
    assert.ok((await member.locator('table').first().textContent()).includes(`${text('levels.hours', { n: 4 })} ${text('levels.minutes', { n: 30 })}`));
    await sound(member, 'the table as customers read it');
    await screenshot(member, `levels-table-${lang}`);

    // An agent chooses by it: what the grid proposes, or another one with a reason.
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'The door is stuck', description: 'x' })).json;
    const agent = await at(w.agent);
    await agent.goto(`/agent/t/${number}`);
    await agent.locator('#level-choose').click();
    await agent.locator('#level-impact').selectOption('high');
    await agent.locator('#level-urgency').selectOption('high');
    assert.ok(await agent.locator('input[name=level][value=urgent]').isChecked(), 'the grid chooses');
    await agent.locator('input[name=level][value=high]').check();
    await agent.getByRole('button', { name: text('levels.choose.do') }).click();
    await agent.getByText(text('levels.reason.missing')).waitFor();
    await sound(agent, 'a reason is missing');
    await agent.locator('#level-reason').fill('Only the back door');
    await screenshot(agent, `levels-choose-${lang}`);
    await agent.getByRole('button', { name: text('levels.choose.do') }).click();
    await agent.locator('.levels-dialog').waitFor({ state: 'detached' });
    await agent.waitForFunction(() => document.activeElement.id === 'level-choose');
    await sound(agent, 'the priority is set');

    // The customer sees it in the conversation and beside it.
    await member.goto(`/t/${number}`);
    await member.locator('.msg').nth(1).getByText(text('levels.said', { priority: text('priority.high') })).waitFor();
    if (width < 960) await member.locator('.ticket-side summary').first().click();
    await member.getByRole('link', { name: text('levels.see') }).waitFor();
    await sound(member, 'a ticket with its priority');
    await screenshot(member, `levels-ticket-${lang}`);
    assert.ok(!(await member.content()).includes('back door'), 'why is the desk’s to know');
    await member.getByRole('link', { name: text('levels.see') }).click();
    await member.getByText(mine).waitFor();
    for (const page of [admin, member, agent]) assert.deepEqual(complaints(page), []);
  });
}

// Moves all that happened in a ticket into the past, and works its clocks out anew.
const move = (w, number, minutes) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
  update app.sla_versions set valid_from = valid_from - interval '${minutes} minutes' where tenant_id = ${w.tenant};
  update app.events set created_at = created_at - interval '${minutes} minutes' where tenant_id = ${w.tenant} and ticket_id = ${number};
  select app.keep_clocks(${number}); commit`);

for (const [lang, width, dark] of [['en', 1280, true], ['sv', 390, false]]) {
  test(`S4: clocks run, turn amber and red, pause, and are explained: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member', 'agent', 'admin'] });
    const text = (key, values) => said(lang, key, values);
    await api(w.admin, 'POST', '/api/service-levels', { based: 0, table: { shown: true, escalated_runs: false, warn: 60, priorities: {}, matrix: {},
      plans: [{ key: 'standard', names: { en: 'Standard' }, targets: { normal: { first: 240, resolution: 2880 } } }] } });
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'The tap drips', description: 'x' })).json;
    const agent = await openPage({ session: w.agent, lang, width, dark });
    await agent.context().addCookies([{ name: 'lang', value: lang, url: agent.base }]);
    await agent.goto(`/agent/t/${number}`);
    const chip = agent.locator('.levels-clocks .clock').first();
    const turns = async (tone) => { await agent.locator(`.levels-clocks .clock[data-tone=${tone}]`).first().waitFor(); await sound(agent, tone); };
    await turns('fine');
    assert.match(await chip.textContent(), new RegExp(text('levels.hours', { n: 4 }).replace('4', '[34]')));
    await move(w, number, 200);
    await agent.reload();
    await turns('soon');
    await move(w, number, 60);
    await agent.reload();
    await turns('late');
    assert.match(await chip.textContent(), /^−/);
    await screenshot(agent, `levels-clocks-${lang}`);

    // The queue shows what is due next, by what is due first, and what is overdue.
    await agent.goto('/agent?due=late');
    await agent.locator('.qrow .clock[data-tone=late]').waitFor();
    await agent.locator('#list-sort option[value=due]').waitFor({ state: 'attached' });
    assert.equal(await agent.locator('#list-sort').inputValue(), 'due');
    await agent.locator('.list-chips .chip', { hasText: text('lists.late') }).waitFor();
    await sound(agent, 'what is overdue');
    await screenshot(agent, `levels-queue-${lang}`);
    await agent.goto(`/agent/t/${number}`);
    await agent.locator('.levels-clocks .clock[data-tone=late]').first().waitFor();
    await api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'blocked' });
    await turns('late');
    await agent.getByText(text('levels.chip.used_up')).waitFor();
    await turns('idle');
    await agent.locator('#level-explain').click();
    await agent.locator('.levels-lines tbody tr').nth(1).waitFor();
    await sound(agent, 'explained');
    await screenshot(agent, `levels-explain-${lang}`);
    await agent.keyboard.press('Escape');
    await agent.waitForFunction(() => document.activeElement.id === 'level-explain');
    await api(w.agent, 'PATCH', `/api/tickets/${number}`, { status: 'in_progress' });

    // The customer sees until when a solution is promised, and of clocks nothing.
    const member = await openPage({ session: w.member, lang, width, dark });
    await member.goto(`/t/${number}`);
    if (width < 960) await member.locator('.ticket-side summary').first().click();
    await member.getByText(text('levels.promise.resolution')).waitFor();
    assert.equal(await member.locator('.clock').count(), 0);
    await sound(member, 'what is promised');
    await screenshot(member, `levels-promised-${lang}`);
    for (const page of [agent, member]) assert.deepEqual(complaints(page), []);
  });
}
