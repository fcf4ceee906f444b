// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Around a ticket: following it with levels (journey 15); taking one's own
// organisation out and back in (journey 16); who can see it; closing, opening
// again, rating.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql } from '../lib/instance.mjs';
import { caught } from '../lib/mails.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, openPage, sound } from './browse.mjs';

after(closeBrowser);

async function at(session, lang, width = 1280) {
  const page = await openPage({ session, lang, width });
  await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
  return page;
}
// On a telephone the lists are folded.
const unfold = async (page, lang, width) => {
  if (width < 768) await page.locator('summary', { hasText: said(lang, 'talk.who.people') }).click();
};
const toast = (page, text) => page.locator('.toast', { hasText: text }).waitFor();

for (const [lang, width] of [['en', 1280], ['fr', 390]]) {
  test(`V5: following with levels: mail for followers, none for the organisation: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member', 'second', 'main', 'agent'] });
    const since = new Date();
    const title = `Follow ${w.mark}`;
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title, description: 'x' })).json;
    const main = await at(w.main, lang, width);
    await main.goto(`/t/${number}`);
    await unfold(main, lang, width);
    const level = main.getByLabel(said(lang, 'talk.mine'));
    await level.waitFor();
    assert.equal(await level.inputValue(), 'none', 'a main user sees it and follows it not');
    await sound(main, 'not followed');
    await level.selectOption('replies');
    await main.locator('#followers ~ dd', { hasText: w.people.main.name }).waitFor();
    await sound(main, 'followed');
    await screenshot(main, `talk-followers-${lang}`);
    // All of the organisation may see it: nobody's mail.
    await main.getByRole('button', { name: said(lang, 'talk.account.add', { account: `Town ${w.mark}` }) }).click();
    await toast(main, said(lang, 'talk.account.added', { account: `Town ${w.mark}` }));
    await sound(main, 'shown to all');
    await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'Answer.' });
    await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'high' });
    const got = (who) => caught({ to: w.people[who].email, since: since.getTime(), about: title }).length;
    for (let i = 0; i < 60 && (got('member') < 1 || got('main') < 1); i++) await new Promise((done) => setTimeout(done, 250));
    assert.deepEqual([got('member'), got('main'), got('second')], [1, 1, 0], 'who follows it, and nobody else of the organisation');
    // Somebody else is taken off the list by a button.
    await api(w.second, 'PATCH', `/api/tickets/${number}/following`, { level: 'all' });
    await main.reload();
    await unfold(main, lang, width);
    await main.getByRole('button', { name: said(lang, 'talk.unfollow', { who: w.people.second.name }) }).click();
    await toast(main, said(lang, 'talk.unfollowed', { who: w.people.second.name }));
    assert.equal(await main.getByRole('button', { name: said(lang, 'talk.unfollow', { who: w.people.member.name }) }).count(), 0, 'who opened it stays');
    await level.selectOption('none');
    await main.locator('#followers ~ dd', { hasText: w.people.main.name }).waitFor({ state: 'detached' });
    assert.deepEqual(complaints(main), []);
    await main.context().close();
  });

  test(`V5: the own organisation taken out, with a warning, and back in: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member', 'second', 'main', 'agent'] });
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title: `Remove ${w.mark}`, description: 'x' })).json;
    const town = `Town ${w.mark}`;
    await api(w.member, 'POST', `/api/tickets/${number}/accounts`, { account: w.id.town });
    const second = await at(w.second, lang, width);
    await second.goto(`/t/${number}`);
    await unfold(second, lang, width);
    const out = second.getByRole('button', { name: said(lang, 'talk.account.remove', { account: town }) });
    await out.click();
    const dialog = second.getByRole('dialog');
    await dialog.getByText(said(lang, 'talk.remove.me')).waitFor();
    await dialog.getByText(w.people.second.name).waitFor();
    await sound(second, 'warned');
    await screenshot(second, `talk-warned-${lang}`);
    await dialog.getByRole('button', { name: said(lang, 'app.cancel') }).click();
    await dialog.waitFor({ state: 'detached' });
    await out.click();
    await dialog.getByRole('button', { name: said(lang, 'talk.remove.yes') }).click();
    await second.waitForURL(/\/tickets$/);
    await toast(second, said(lang, 'talk.gone', { number }));
    await sound(second, 'out');
    second.expected = [/404/];
    await second.goto(`/t/${number}`);
    assert.equal((await api(w.second, 'GET', `/api/tickets/${number}`)).status, 404, 'access is lost');

    // Who opened it can't be removed, and adds it again.
    const member = await at(w.member, lang, width);
    await member.goto(`/t/${number}`);
    await unfold(member, lang, width);
    await member.locator('#who-sees').waitFor();
    assert.equal(await member.getByRole('button', { name: said(lang, 'portal.people.remove', { who: w.people.member.name }) }).count(), 0);
    await member.getByRole('button', { name: said(lang, 'talk.account.add', { account: town }) }).click();
    await member.getByText(said(lang, 'talk.account', { account: town }), { exact: true }).waitFor();
    assert.equal((await api(w.second, 'GET', `/api/tickets/${number}`)).status, 200);

    // V9: who can see this, and why.
    await member.locator('#who-sees').click();
    const who = member.getByRole('dialog');
    await who.getByText(w.people.second.name).waitFor();
    await who.getByText(said(lang, 'talk.rule.account', { account: town })).first().waitFor();
    await who.getByText(said(lang, 'talk.who.others', { n: 1, name: `Tenant ${w.mark}` })).waitFor();
    await sound(member, 'who can see it');
    await screenshot(member, `talk-who-${lang}`);
    await who.getByRole('button', { name: said(lang, 'talk.close') }).click();
    assert.deepEqual([complaints(second), complaints(member)], [[], []]);
    for (const page of [second, member]) await page.context().close();
  });
}

for (const [lang, width] of [['ja', 1280], ['de', 390]]) {
  test(`V8: closed, opened again, rated; too late, a follow-up: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member', 'agent'] });
    const title = `Close ${w.mark}`;
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title, description: 'x' })).json;
    const page = await at(w.member, lang, width);
    await page.goto(`/t/${number}`);
    await page.getByRole('button', { name: said(lang, 'talk.close_open') }).click();
    await toast(page, said(lang, 'talk.closed'));
    await page.getByRole('button', { name: said(lang, 'talk.reopen') }).waitFor();
    await sound(page, 'closed');
    await page.getByRole('button', { name: said(lang, 'talk.reopen') }).click();
    await toast(page, said(lang, 'talk.reopened'));
    await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'Done.', status: 'solved' });
    await page.reload();
    await page.locator('#rate').click();
    await page.getByRole('button', { name: said(lang, 'talk.rate.send') }).click();
    await page.getByText(said(lang, 'talk.rate.choose')).waitFor();
    await page.getByLabel(said(lang, 'talk.rate.4')).check();
    await page.getByLabel(said(lang, 'talk.rate.words')).fill('Schnell 速い');
    await sound(page, 'rating');
    await screenshot(page, `talk-rating-${lang}`);
    await page.getByRole('button', { name: said(lang, 'talk.rate.send') }).click();
    await page.getByText('Schnell 速い').waitFor();
    await sound(page, 'rated');
    const desk = await at(w.agent, lang);
    await desk.goto(`/agent/t/${number}`);
    await desk.getByText('Schnell 速い').waitFor();
    await sound(desk, 'support reads it');
    await screenshot(desk, `talk-desk-${lang}`);

    await psql('postgres', `update app.tickets set done_at = now() - interval '15 days' where tenant_id = ${w.tenant} and id = ${number}`);
    await page.reload();
    await page.getByRole('link', { name: said(lang, 'portal.follow_up') }).click();
    await page.waitForURL(/\/tickets\/new\?follows=\d+$/);
    await page.getByText(said(lang, 'portal.new.follows', { number })).waitFor();
    await page.locator('#title').fill('Again');
    await page.locator('#description').fill('It is cold again.');
    await sound(page, 'a follow-up');
    await page.locator('form.form button[type=submit]').click();
    await page.waitForURL(/\/t\/\d+$/);
    await page.getByRole('link', { name: title }).first().waitFor();
    await sound(page, 'linked');
    assert.deepEqual([complaints(page), complaints(desk)], [[], []]);
    for (const p of [page, desk]) await p.context().close();
  });
}

for (const [lang, width] of [['en', 1280], ['es', 390]]) {
  test(`V6: a mention: only the own organisation is offered, one mail, an outsider is explained: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member', 'second', 'villager', 'chief', 'agent'] });
    const since = new Date();
    const title = `Mention ${w.mark}`;
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title, description: 'x' })).json;
    const page = await at(w.member, lang, width);
    await page.goto(`/t/${number}`);
    const text = page.locator('#write-reply');
    await text.click();
    await page.keyboard.type('Please look, @');
    const list = page.getByRole('listbox', { name: said(lang, 'talk.mention') });
    await list.waitFor();
    assert.deepEqual((await list.locator('bdi').allTextContents()).sort(), [w.people.chief.name, w.people.second.name].sort(), 'nobody of another account, no agent who is not in it');
    await sound(page, 'whom to mention');
    await screenshot(page, `talk-mention-${lang}`);
    await page.keyboard.type('Villager');
    await page.getByText(said(lang, 'share.outside', { who: 'Villager' })).waitFor();
    await sound(page, 'nobody of that name');
    for (let i = 0; i < 'Villager'.length; i++) await page.keyboard.press('Backspace');
    await page.keyboard.type('Sec');
    await list.getByText(said(lang, 'talk.mention.new')).waitFor();
    await page.keyboard.press('Enter');
    assert.equal(await text.inputValue(), `Please look, @${w.people.second.name} `);
    await page.getByText(said(lang, 'talk.mention.shares', { who: w.people.second.name })).waitFor();
    await sound(page, 'it says with whom it will be shared');
    await screenshot(page, `talk-mentioned-${lang}`);
    assert.equal((await api(w.second, 'GET', `/api/tickets/${number}`)).status, 404, 'not before it is sent');
    await page.reload();
    await page.getByText(said(lang, 'talk.mention.shares', { who: w.people.second.name })).waitFor();
    // Refused, it says whom it is about.
    page.expected = [/422/];
    await page.route('**/comments', (route) => route.fulfill({ status: 422, json: { code: 'invalid', errors: [{ field: 'mentions', code: 'not_allowed', detail: '1', name: w.people.second.name }] } }), { times: 1 });
    await page.getByRole('button', { name: said(lang, 'portal.reply.send') }).click();
    await page.locator('.composer .error', { hasText: said(lang, 'share.not_allowed', { who: w.people.second.name }) }).waitFor();
    await page.getByRole('button', { name: said(lang, 'portal.reply.send') }).click();
    await page.locator('.msg', { hasText: `@${w.people.second.name}` }).waitFor();
    assert.equal((await api(w.second, 'GET', `/api/tickets/${number}`)).status, 200);
    const got = (who) => caught({ to: w.people[who].email, since: since.getTime(), about: title }).length;
    for (let i = 0; i < 60 && (got('second') < 1 || got('agent') < 2); i++) await new Promise((done) => setTimeout(done, 250));
    assert.deepEqual([got('second'), got('villager')], [1, 0], 'one mail');
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  });
}

for (const [lang, width] of [['en', 1280], ['de', 390]]) {
  test(`N7: an agent splits a ticket and closes a duplicate; V6: a note names agents: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member', 'main', 'agent', 'admin'] });
    const open = async (who, title) => (await api(w[who], 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'The oven is cold.' })).json.number;
    const number = await open('member', 'Oven');
    await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'And the lamp is dark.' });
    const kept = await open('main', 'Lamp already');
    const desk = await at(w.agent, lang, width);
    await desk.goto(`/agent/t/${number}`);
    await desk.getByRole('button', { name: said(lang, 'sort.split') }).click();
    const focused = (e) => desk.waitForFunction((at) => document.activeElement.matches(at), e);
    await focused('form.form input[type=checkbox]');
    await desk.locator('form', { has: desk.locator('#split-title') }).getByRole('button', { name: said(lang, 'app.cancel') }).click();
    await focused('#sort-split');
    await desk.getByRole('button', { name: said(lang, 'sort.split') }).press('Enter');
    await desk.getByLabel(/lamp is dark/).check();
    await desk.getByLabel(said(lang, 'sort.split.title')).fill(`Lamp ${w.mark}`);
    await sound(desk, 'split');
    await screenshot(desk, `talk-split-${lang}`);
    // Its answer is lost: another try finds what the first one made.
    let lost = 0;
    await desk.route('**/split', async (route) => {
      if (lost++) return route.continue();
      const r = route.request();
      assert.equal((await api(w.agent, 'POST', `/api/tickets/${number}/split`, r.postDataJSON(), { key: r.headers()['idempotency-key'] })).status, 201);
      return route.fulfill({ status: 500, json: { code: 'unknown' } });
    });
    desk.expected = [/500/];
    await desk.getByRole('button', { name: said(lang, 'sort.split.do') }).click();
    await desk.locator('.error[role=alert]').waitFor();
    await desk.getByRole('button', { name: said(lang, 'sort.split.do') }).click();
    await desk.locator('h1', { hasText: `Lamp ${w.mark}` }).waitFor();
    assert.equal(await psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant} and title = 'Lamp ${w.mark}'`), '1');
    await desk.locator('.thread', { hasText: said(lang, 'app.link.split_from') }).waitFor();
    await sound(desk, 'split off');

    await desk.getByRole('button', { name: said(lang, 'sort.merge') }).click();
    const into = desk.locator('#merge-into');
    await focused('#merge-into');
    await into.fill('Lamp already');
    await desk.getByRole('option', { name: `#${kept}` }).click();
    await desk.getByRole('checkbox', { name: w.people.member.name }).check();
    await sound(desk, 'merge');
    await screenshot(desk, `talk-merge-${lang}`);
    await desk.getByRole('button', { name: said(lang, 'sort.merge.do', { number: kept }) }).click();
    await desk.locator('h1', { hasText: `Lamp already ${w.mark}` }).waitFor();
    await desk.locator('.thread', { hasText: said(lang, 'app.link.duplicates') }).waitFor();

    // Its customer is led on.
    const mine = await at(w.member, lang, width);
    await mine.goto(`/t/${kept}`);
    await mine.locator('.thread a', { hasText: `Lamp ${w.mark}` }).click();
    await mine.getByText(said(lang, 'app.merged')).waitFor();
    await sound(mine, 'a duplicate');

    // '@' in a note: the desk alone.
    if (await desk.getByRole('button', { name: said(lang, 'agent.note'), exact: true }).count()) await desk.getByRole('button', { name: said(lang, 'agent.note'), exact: true }).click();
    const note = desk.getByRole('textbox', { name: said(lang, 'agent.note.label') });
    await note.pressSequentially('See @Member');
    await desk.getByText(said(lang, 'talk.mention.staff', { who: 'Member' })).waitFor();
    await note.fill('');
    await note.pressSequentially('See @Admin');
    await desk.locator('#write-note-mentions li', { hasText: w.people.admin.name }).click();
    await sound(desk, 'a note');
    await desk.getByRole('button', { name: said(lang, 'agent.note.add') }).click();
    for (let i = 0; i < 60 && !caught({ to: w.people.admin.email, about: `Lamp already ${w.mark}` }).some((m) => m.text.includes('See @Admin')); i++) await new Promise((done) => setTimeout(done, 250));
    assert.ok(caught({ to: w.people.admin.email, about: `Lamp already ${w.mark}` }).some((m) => m.text.includes('See @Admin')), 'who is named has it');
    assert.ok(!caught({ to: w.people.main.email, about: `Lamp already ${w.mark}` }).some((m) => m.text.includes('See @Admin')), 'and no customer');

    // Muted by the link in a mail, signed out and without scripts (journey 15).
    const [mail] = caught({ to: w.people.main.email, about: `Lamp already ${w.mark}` }).concat(caught({ to: w.people.member.email, about: w.mark }));
    const out = await openPage({ host: w.host.town, lang, width, javascript: false });
    await out.goto(new URL(/https:\S+\/mute\/\S+/.exec(mail.text)[0]).pathname);
    await out.getByRole('button', { name: said(lang, 'mute.submit') }).click();
    await out.getByRole('status').waitFor();
    for (const page of [desk, mine]) assert.deepEqual(complaints(page), []);
    for (const page of [desk, mine, out]) await page.context().close();
  });
}
