// SPDX-License-Identifier: AGPL-3.0-or-later
//
// W4, journey 18: an agent escalates a ticket with an engineering item, an administrator
// publishes the release that has it: each of its tickets is told in its own language, by
// mail too. The customer is asked, and says no: it is open again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql, until } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { answerTo, complaints, openPage, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'second', 'agent', 'admin'] }); });
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

for (const [lang, width] of [['en', 1280], ['ja', 390]]) {
  test(`W4: escalated, released, asked, not fixed: ${lang}, ${width} px`, async () => {
    const text = (key, values) => said(lang, key, values);
    const [key, name] = [`ENG-${lang}`, `Oven 4.2 ${lang}`];
    await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
      update app.people set locale = case id when ${w.people.member.id} then '${lang}' else 'sv' end where tenant_id = ${w.tenant} and id in (${w.people.member.id}, ${w.people.second.id}); commit`);
    const since = Date.now();
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title: `Too hot ${lang}`, description: 'x' })).json;

    // The agent escalates: what it waits for is asked, and made on the way.
    const desk = await pageOf(w.agent, lang, { width });
    await desk.goto(`/agent/t/${number}`);
    if (width > 1000) {
      // By the key of statuses, as from the menu.
      await desk.locator('.page-head h1').click();
      await desk.keyboard.press('s');
      await desk.getByRole('dialog').getByRole('option', { name: text('state.closed_escalated') }).click();
    } else {
      await desk.locator('#p-status').selectOption('closed_escalated');
      await desk.locator('#p-status').press('Enter');
    }
    await desk.getByRole('heading', { name: text('releases.escalate') }).waitFor();
    await desk.waitForFunction(() => document.activeElement.id === 'escalate-item-q');
    await sound(desk, 'what it waits for');
    await desk.getByRole('button', { name: text('releases.escalate.do') }).click();
    await desk.getByRole('alert').filter({ hasText: text('releases.choose') }).waitFor();
    await desk.locator('.pane-side form details > summary').click();
    await desk.locator('#escalate-item-new-key').fill(key);
    await desk.locator('#escalate-item-new-title').fill('Thermostat');
    await answerTo(desk, 'POST', /^\/api\/items$/, () => desk.getByRole('button', { name: text('releases.item.make'), exact: true }).click());
    await desk.locator('.pick-items input:checked').waitFor();
    await sound(desk, 'an item is chosen');
    await screenshot(desk, `releases-escalate-${lang}`);
    assert.equal((await answerTo(desk, 'PATCH', /^\/api\/tickets\/\d+$/, () => desk.getByRole('button', { name: text('releases.escalate.do') }).click())).status(), 200);
    await desk.locator('#p-status').and(desk.locator(':not([disabled])')).waitFor();
    await until('it is escalated', async () => await desk.locator('#p-status').inputValue() === 'closed_escalated');
    // Beside the ticket, with a way to it.
    const link = desk.locator('.pane-side').getByRole('link', { name: new RegExp(`${key} Thermostat`) });
    await link.waitFor();
    await sound(desk, 'escalated');
    await screenshot(desk, `releases-ticket-${lang}`);
    await link.click();
    await desk.getByRole('link', { name: new RegExp(`#${number}`) }).waitFor();
    // Another ticket, of a customer with another language, waits for it as well.
    const other = (await api(w.second, 'POST', '/api/tickets', { title: `För varmt ${lang}`, description: 'x' })).json.number;
    const item = Number(/(\d+)$/.exec(new URL(desk.url()).pathname)[1]);
    assert.equal((await api(w.agent, 'PATCH', `/api/tickets/${other}`, { status: 'closed_escalated', item })).status, 200);
    await sound(desk, 'the item');
    await screenshot(desk, `releases-item-${lang}`);

    // An administrator writes the release and publishes it.
    const admin = await pageOf(w.admin, lang, { width });
    await admin.goto('/agent/releases/items');
    await admin.getByRole('link', { name: new RegExp(`${key} Thermostat`) }).waitFor();
    await sound(admin, 'the items');
    await admin.locator('.release-nav a').first().click();
    await admin.getByText(text('releases.new.open')).click();
    await admin.locator('#release-new-name').fill(name);
    await admin.locator(`#release-new-notes-${lang}`).fill('**Better**');
    await admin.locator('#release-new-items-q').fill(key);
    await admin.getByRole('checkbox', { name: new RegExp(key) }).check();
    await sound(admin, 'a release is written');
    await screenshot(admin, `releases-form-${lang}`);
    assert.equal((await answerTo(admin, 'POST', /^\/api\/releases$/, () => admin.getByRole('button', { name: text('releases.save') }).first().click())).status(), 201);
    const card = admin.locator('section.card', { has: admin.getByRole('heading', { name }) });
    await card.getByRole('button', { name: text('releases.publish') }).click();
    const sure = card.getByRole('button', { name: text('releases.publish.do', { name }) });
    await sure.waitFor();
    await sound(admin, 'before it is published');
    assert.equal((await answerTo(admin, 'POST', /publication$/, () => sure.press('Enter'))).status(), 201);
    await card.getByText(text('releases.told', { told: 2, n: 2 })).waitFor();
    await sound(admin, 'published');
    await screenshot(admin, `releases-published-${lang}`);
    await clean(admin);

    // Each ticket is told in its language, and so is who is to get a mail.
    for (const [who, tongue, at] of [['member', lang, number], ['second', 'sv', other]]) {
      const told = said(tongue, 'release.said', { name });
      const { comments, ticket } = (await api(w[who], 'GET', `/api/tickets/${at}`)).json;
      assert.ok(comments.at(-1).html.replace(/<[^>]+>/g, '').includes(told), comments.at(-1).html);
      assert.equal(ticket.status, 'closed_escalated');
      const [mail] = await mails({ to: w.people[who].email, since, about: told });
      assert.ok(mail.text.includes(said(tongue, 'mail.ticket_released.intro', { author: w.people.admin.name })), mail.text);
    }

    // The customer reads of it, is asked, and says no.
    const theirs = await pageOf(w.member, lang, { width });
    await theirs.goto(`/t/${number}`);
    await theirs.locator('.msg').last().getByText(text('release.said', { name })).waitFor();
    await theirs.getByRole('heading', { name: text('fixed.ask') }).waitFor();
    await sound(theirs, 'asked');
    await screenshot(theirs, `releases-asked-${lang}`);
    await theirs.getByRole('button', { name: text('fixed.no') }).click();
    await theirs.waitForFunction(() => document.activeElement.id === 'fixed-body');
    await theirs.getByRole('button', { name: text('fixed.send') }).click();
    await theirs.getByRole('alert').filter({ hasText: text('fixed.say') }).waitFor();
    await sound(theirs, 'no, without words');
    await theirs.keyboard.type('It still burns');
    assert.equal((await answerTo(theirs, 'POST', /fixed$/, () => theirs.getByRole('button', { name: text('fixed.send') }).press('Enter'))).status(), 201);
    await theirs.locator('.side-status .chip', { hasText: text('status.in_progress') }).waitFor();
    await theirs.getByText('It still burns').last().waitFor();
    assert.equal(await theirs.getByRole('heading', { name: text('fixed.ask') }).count(), 0);
    await sound(theirs, 'open again');
    await screenshot(theirs, `releases-answered-${lang}`);
    await clean(theirs);

    // The agent sees what they said.
    await desk.goto(`/agent/t/${number}`);
    await desk.getByText(text('talk.item.no')).waitFor();
    await desk.getByText('It still burns').waitFor();
    await sound(desk, 'not fixed');
    await screenshot(desk, `releases-not-fixed-${lang}`);
    await clean(desk);
  });
}
