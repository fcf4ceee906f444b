// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The service level (journey 17): kept by an administrator, read by customers; an
// agent chooses a priority by it, the customer sees it with its row, and who follows
// gets it by mail; then clocks start, turn amber and red, pause, and explain themselves.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql, until } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

after(closeBrowser);

// Moves all that happened in a ticket into the past, and works its clocks out anew.
const move = (w, number, minutes) => psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
  update app.sla_versions set valid_from = valid_from - interval '${minutes} minutes' where tenant_id = ${w.tenant};
  update app.events set created_at = created_at - interval '${minutes} minutes' where tenant_id = ${w.tenant} and ticket_id = ${number};
  select app.keep_clocks(${number}); commit`);

for (const [lang, width, dark] of [['en', 1280, false], ['ja', 390, true]]) {
  test(`S1, S3, S4: the table is kept and read, a priority chosen by it, and its clocks run: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member', 'second', 'agent', 'admin'], locale: { town: lang } });
    const since = Date.now();
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
    await admin.getByRole('link', { name: text('site.admin') }).click();
    await admin.locator('main').getByRole('link', { name: text('site.levels') }).click();
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
    assert.equal(await member.locator('main :is(input, select, textarea, button)').count(), 0, 'to be read and no more');
    await screenshot(member, `levels-table-${lang}`);

    // An agent chooses by it: what the grid proposes, or another one with a reason.
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title: `The door is stuck ${w.mark}`, description: 'x' })).json;
    assert.equal((await api(w.member, 'POST', `/api/tickets/${number}/people`, { cc: [w.people.second.email] })).status, 201);
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
    // Who follows it gets that by mail, with the row and without the reason.
    const row = [text('levels.said', { priority: text('priority.high') }), text('levels.said.first', { time: `${text('levels.hours', { n: 4 })} ${text('levels.minutes', { n: 30 })}` })];
    for (const who of ['member', 'second']) {
      const [mail] = await mails({ to: w.people[who].email, since, about: row[0] });
      assert.ok(`${mail.subject} ${mail.text}`.includes(w.mark) && mail.text.includes(row[1]), mail.text);
      assert.doesNotMatch(`${mail.text}${mail.html}`, /back door/);
    }

    // The clocks run since it was opened, by the row that holds now.
    const chip = agent.locator('.levels-clocks .clock').first();
    const turns = async (tone) => { await agent.locator(`.levels-clocks .clock[data-tone=${tone}]`).first().waitFor(); await sound(agent, tone); };
    await turns('fine');
    assert.match(await chip.textContent(), new RegExp(text('levels.hours', { n: 4 })));
    await move(w, number, 220);
    await agent.reload();
    await turns('soon');
    await screenshot(agent, `levels-soon-${lang}`);
    await move(w, number, 60);
    await agent.reload();
    await turns('late');
    assert.match(await chip.textContent(), /^\u200e−/);
    await screenshot(agent, `levels-clocks-${lang}`);

    // The queue shows what is overdue, by what is due first: a view of its own.
    await agent.keyboard.press('g');
    await agent.keyboard.press('o');
    await agent.waitForURL('**/agent?due=late');
    await agent.locator('.qrow .clock[data-tone=late]').waitFor();
    await agent.getByRole('heading', { level: 1, name: text('agent.view.late') }).waitFor();
    if (width > 960) await agent.locator('#pane-views .view[aria-current]', { hasText: text('agent.view.late') }).locator('.count', { hasText: /^1$/ }).waitFor();
    await agent.locator('#list-sort option[value=due]').waitFor({ state: 'attached' });
    assert.equal(await agent.locator('#list-sort').inputValue(), 'due');
    await agent.locator('.list-chips .chip', { hasText: text('lists.late') }).waitFor();
    await sound(agent, 'what is overdue');
    await screenshot(agent, `levels-queue-${lang}`);

    // It waits for its customer: what is late stays late, the other one pauses, and says why.
    await agent.goto(`/agent/t/${number}`);
    await turns('late');
    await agent.locator('#p-status').selectOption('blocked');
    await agent.locator('#p-status').press('Enter');
    await agent.getByText(text('levels.chip.used_up')).waitFor();
    await turns('idle');
    await screenshot(agent, `levels-idle-${lang}`);
    await agent.locator('#level-explain').click();
    await agent.locator('.levels-lines tbody tr').nth(1).waitFor();
    const lines = await agent.locator('section[aria-labelledby=explain-3] .levels-lines tbody tr').allTextContents();
    for (const [n, line] of [text('levels.line.opened'), text('levels.line.priority'), text('levels.line.status')].entries()) assert.ok(lines[n].includes(line), lines.join('\n'));
    await sound(agent, 'explained');
    await screenshot(agent, `levels-explain-${lang}`);
    await agent.keyboard.press('Escape');
    await agent.waitForFunction(() => document.activeElement.id === 'level-explain');
    // And goes on when the customer has answered.
    await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'It is the front door' });
    await until('it runs again', async () => (await agent.locator('.levels-clocks .clock[data-tone=fine]').count()) > 0);
    await sound(agent, 'goes on');

    // The customer sees until when a solution is promised, and of clocks nothing.
    await member.goto(`/t/${number}`);
    if (width < 960) await member.locator('.ticket-side summary').first().click();
    await member.getByText(text('levels.promise.resolution')).waitFor();
    assert.equal(await member.locator('.clock').count(), 0);
    await sound(member, 'what is promised');
    await screenshot(member, `levels-promised-${lang}`);
    for (const page of [admin, member, agent]) {
      assert.deepEqual(complaints(page), []);
      await page.context().close();
    }
  });
}

test('S3: a priority set by its key and taken back is told to nobody; one that is left is, once', async () => {
  const w = await makeWorld({ only: ['member', 'agent', 'admin'] });
  await psql('postgres', `update app.people set hold_seconds = 30 where tenant_id = ${w.tenant} and id = ${w.people.agent.id}`);
  const plans = [{ key: 'a', names: { en: 'A' }, targets: { urgent: { first: 240 } } }];
  assert.equal((await api(w.admin, 'POST', '/api/service-levels', { table: { shown: true, escalated_runs: false, warn: 0, priorities: {}, matrix: {}, plans }, based: 0 })).status, 201);
  const number = (await api(w.member, 'POST', '/api/tickets', { title: `Flipped ${w.mark}`, description: 'It is cold.' })).json.number;
  const page = await openPage({ session: w.agent });
  await page.goto(`/agent/t/${number}`);
  await page.locator('.msg').waitFor();
  const chooser = page.locator('dialog.chooser:popover-open');
  const set = async (key, typed) => {
    await page.keyboard.press(key);
    await chooser.waitFor();
    await page.keyboard.type(typed);
    await page.locator('.choice[aria-selected=true]', { hasText: typed }).waitFor();
    await page.keyboard.press('Enter');
  };
  const is = async () => psql('postgres', `select concat_ws(' ', status, priority) from app.tickets where tenant_id = ${w.tenant} and id = ${number}`);
  const stated = async () => psql('postgres', `select count(*) from app.comments where tenant_id = ${w.tenant} and ticket_id = ${number} and about = 'priority'`);
  // Who hears of it is said where it is chosen.
  await page.keyboard.press('p');
  await page.locator('#chooser-tells', { hasText: w.people.member.name }).waitFor();
  await sound(page, 'a priority is chosen');
  await screenshot(page, 'levels-tells');
  await page.keyboard.press('Escape');
  await chooser.waitFor({ state: 'detached' });
  for (const [key, typed, so] of [['p', 'Urgent', '1 4'], ['s', 'Solved', '5']]) {
    await set(key, typed);
    await until(`it is ${typed}`, async () => await is() === so);
    await page.keyboard.press('z');
    await until('and back', async () => await is() === '1');
  }
  assert.equal(await psql('postgres', `select count(*) from app.held_tellings where tenant_id = ${w.tenant}`), '0', 'nothing waits to be told');
  await set('p', 'Urgent');
  await until('it is urgent', async () => await is() === '1 4');
  assert.equal(await page.locator('.msg').count(), 1, 'and nothing is stated yet');
  await page.close();
  // Without the browser.
  await psql('postgres', `update app.held_tellings set out_at = now() where tenant_id = ${w.tenant}`);
  await until('it is told', async () => await stated() === '1');
  const [mail] = await mails({ to: w.people.member.email, about: `Flipped ${w.mark}` });
  assert.ok(mail.text.includes('Priority: Urgent'), mail.text);
  assert.equal(await psql('postgres', `select count(distinct e.id) from app.deliveries d join app.events e on e.tenant_id = d.tenant_id and e.id = d.event_id
    where d.tenant_id = ${w.tenant} and e.ticket_id = ${number} and e.kind in ('ticket.prioritised', 'ticket.solved', 'ticket.closed', 'ticket.reopened')`), '1', 'of what was taken back there is no mail');
});
