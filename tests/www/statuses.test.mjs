// SPDX-License-Identifier: AGPL-3.0-or-later
//
// W3: an administrator names the statuses and says which may follow which; agents are
// offered what may follow, customers read the tenant's word.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
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

for (const [lang, width] of [['sv', 1280], ['ja', 390]]) {
  test(`W3: words and what may follow, in ${lang}, ${width} px`, async () => {
    const words = { sv: 'Hos leverantören', ja: 'メーカー確認中' }[lang];
    const text = (key, values) => said(lang, key, values);
    const number = await open(`Named ${lang}`);
    const page = await pageOf(w.admin, lang, { width });
    await page.goto('/agent/statuses');
    await page.getByRole('heading', { name: text('statuses.title'), exact: true }).waitFor();
    await sound(page, 'the page');
    await page.locator('#open-on_hold').click();
    assert.equal(await page.locator(`#on_hold-customers-${lang}`).getAttribute('placeholder'), text('status.on_hold'));
    await page.locator(`#on_hold-customers-${lang}`).fill(words);
    // What customers see is shown before it is saved.
    await page.locator('.word-preview .chip', { hasText: words }).waitFor();
    await sound(page, 'words');
    await screenshot(page, `statuses-words-${lang}`);
    assert.equal((await answerTo(page, 'PATCH', /^\/api\/statuses\/on_hold$/, () => page.locator('#open-on_hold').locator('xpath=ancestor::li').locator('button[type=submit]').click())).status(), 200);

    // The grid, by keys alone.
    const moves = page.locator('section', { has: page.locator('#moves') });
    const save = (method, status) => answerTo(page, method, /^\/api\/transitions\/agent$/, () => moves.getByRole('button', { name: text('statuses.save') }).press('Enter')).then((a) => assert.equal(a.status(), status));
    await moves.getByLabel(text('statuses.moves.some')).focus();
    await page.keyboard.press('Space');
    await page.locator('#move-agent-new-in_progress').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    assert.equal(await page.locator('#move-agent-new-blocked').isChecked(), false);
    for (const to of ['on_hold', 'solved', 'closed', 'closed_escalated']) {
      await page.keyboard.press('ArrowRight');
      assert.equal(await page.evaluate(() => document.activeElement.id), `move-agent-new-${to}`);
      await page.keyboard.press('Space');
    }
    // Past what would follow itself.
    await page.locator('#move-agent-new-in_progress').focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'move-agent-blocked-in_progress');
    await page.locator('#move-agent-new-in_progress').focus();
    await page.keyboard.press('Space');
    page.expected.push(/422/);
    await save('PATCH', 422);
    await page.getByRole('alert').filter({ hasText: text('statuses.fault.stuck', { status: text('state.new') }) }).waitFor();
    await sound(page, 'a graph that leads nowhere');
    await page.locator('#move-agent-new-in_progress').check();
    await save('PATCH', 200);
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await sound(page, 'a graph');
    await screenshot(page, `statuses-moves-${lang}`);
    await clean(page);

    // The agent is offered what may follow, and no more.
    const desk = await pageOf(w.agent, lang, { width });
    await desk.goto(`/agent/t/${number}`);
    await desk.locator('#p-status').waitFor();
    assert.deepEqual(await desk.locator('#p-status option').evaluateAll((all) => all.map((o) => o.value)), ['new', 'in_progress']);
    await sound(desk, 'the agent\'s ticket');
    await clean(desk);

    // The customer reads the tenant's word: on the ticket, in the list, at home.
    await api(w.admin, 'PATCH', `/api/tickets/${number}`, { status: 'on_hold' });
    const theirs = await pageOf(w.member, lang, { width });
    await theirs.goto(`/t/${number}`);
    await theirs.locator('.side-status .chip', { hasText: words }).waitFor();
    await sound(theirs, 'the customer\'s ticket');
    await screenshot(theirs, `statuses-ticket-${lang}`);
    await theirs.goto('/tickets');
    await theirs.locator('.trow', { hasText: `Named ${lang}` }).locator('.chip', { hasText: words }).waitFor();
    await theirs.goto('/');
    await theirs.locator('.trow', { hasText: `Named ${lang}` }).locator('.chip', { hasText: words }).waitFor();
    await sound(theirs, 'home');
    await clean(theirs);
    await api(w.admin, 'DELETE', '/api/transitions/agent');
  });
}
