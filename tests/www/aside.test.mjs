// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What stands around a conversation at the desk: what one has read of it is folded,
// what is new is where it begins; who asked, and what else of theirs there is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { newKey } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, openPage, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'second', 'agent', 'admin'] }); });
after(closeBrowser);

const open = async (title, who = 'member') => (await api(w[who], 'POST', '/api/tickets', { title, description: 'The first of all.' }, { key: newKey() })).json.number;
const say = async (number, from, to) => {
  for (let n = from; n <= to; n++) assert.equal((await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: `Message ${n}, quite long. ${'And more of it. '.repeat(12)}` }, { key: newKey() })).status, 201);
};
const over = async (page) => { assert.deepEqual(complaints(page), []); await page.context().close(); };

test('W1: what was read is folded, and the page begins at what is new', async () => {
  const number = await open(`Long ${w.mark}`);
  await say(number, 2, 12);
  const page = await openPage({ session: w.agent });
  await page.goto(`/agent/t/${number}`);
  const shown = page.locator('.msg:visible').filter({ hasText: /Message|first of all/ });
  await shown.nth(11).waitFor();
  await until('it is read', async () => (await psql('postgres', `select count(*) from app.seen where tenant_id = ${w.tenant} and ticket_id = ${number}`)) === '1');
  assert.equal(await page.getByText('read messages').count(), 0, 'nobody had read any of it');

  await page.goto('/agent');
  await say(number, 13, 16);
  await page.goto(`/agent/t/${number}`);
  const line = page.getByRole('button', { name: '9 read messages' });
  await line.waitFor();
  const fresh = page.locator('.read-new');
  assert.match(await fresh.innerText(), /^New since /);
  // The first, the last two that were read, what is new.
  const visible = () => page.evaluate(() => [...document.querySelectorAll('.msg .prose')].filter((e) => e.checkVisibility({ contentVisibilityAuto: true })).map((e) => Number(/Message (\d+)/.exec(e.textContent)?.[1] ?? 1)));
  assert.deepEqual(await visible(), [1, 11, 12, 13, 14, 15, 16]);
  const seen = (of) => of.evaluate((e) => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; });
  assert.ok(await seen(fresh), 'the page began there');
  await sound(page, 'a folded conversation');
  await screenshot(page, 'aside-folded');

  // By the keys, there and back.
  await line.press('Enter');
  assert.equal(await line.getAttribute('aria-expanded'), 'true');
  assert.equal((await visible()).length, 16);
  await sound(page, 'opened again');
  await line.press('Enter');
  assert.equal((await visible()).length, 7);
  // What a link or the browser's own search leads to is opened.
  const fifth = await page.evaluate(() => [...document.querySelectorAll('.msg')].find((e) => /Message 5,/.test(e.textContent)).id);
  await page.evaluate((id) => { location.hash = id; }, fifth);
  await until('it is open', async () => (await visible()).length === 16);
  assert.equal(await line.getAttribute('aria-expanded'), 'true');
  assert.ok(await seen(page.locator(`#${fifth} .msg-head`)));
  // Who comes by the link finds nothing folded.
  await page.goto('/agent');
  await page.goto(`/agent/t/${number}#${fifth}`);
  await page.locator(`#${fifth}`).waitFor();
  await until('as it is', async () => (await visible()).length === 16);
  await over(page);
});

test('W1: beside the ticket: what else of theirs there is', async () => {
  const numbers = [];
  for (const n of [1, 2, 3, 4, 5, 6, 7]) numbers.push(await open(`Theirs ${n} ${w.mark}`));
  const other = await open(`Of somebody else ${w.mark}`, 'second');
  const number = await open(`Asked now ${w.mark}`);
  for (const [lang, width, dark] of [['en', 1440, false], ['qps', 1440, true], ['ja', 390, true]]) {
    const text = (key, values) => said(lang, key, values);
    const page = await openPage({ session: w.agent, lang, width, dark, height: 900 });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto(`/agent/t/${number}`);
    const panel = page.locator('details.side-part', { hasText: text('requester.title') });
    await panel.getByRole('link', { name: `#${other}` }).waitFor();
    assert.deepEqual(await panel.locator('dl > div').first().getByRole('link').evaluateAll((all) => all.map((a) => Number(/^#(\d+)/.exec(a.textContent)?.[1] ?? 0))),
      [...numbers.slice(-5).reverse(), 0]);
    await panel.scrollIntoViewIfNeeded();
    await sound(page, `who asks: ${lang}`);
    await screenshot(page, `aside-requester-${lang}`);
    if (lang === 'en') {
      // Shut it is for every ticket, and asks for nothing.
      await panel.locator('summary').press('Enter');
      await panel.getByRole('link', { name: `#${other}` }).waitFor({ state: 'detached' });
      let asked = 0;
      await page.context().route('**/requester', (route) => { asked++; return route.continue(); });
      await page.goto(`/agent/t/${numbers[0]}`);
      await page.locator('details.side-part', { hasText: text('requester.title') }).waitFor();
      await page.locator('.thread').waitFor();
      await page.locator('details.side-part summary', { hasText: text('requester.title') }).press('Enter');
      await panel.getByRole('link', { name: `#${other}` }).waitFor();
      assert.equal(asked, 1);
      await panel.getByRole('link', { name: text('requester.tickets.all') }).press('Enter');
      await page.waitForURL(/requester=/);
      await page.locator('.qrow').nth(7).waitFor();
      assert.equal(await page.locator('.qrow', { hasText: 'Of somebody else' }).count(), 0);
    }
    await over(page);
  }
});

test('W1: whom an action affects is said before it is done', async () => {
  const number = await open(`Who hears ${w.mark}`);
  await api(w.second, 'PATCH', `/api/tickets/${number}/following`, { level: 'all' });
  const others = (await api(w.agent, 'GET', `/api/tickets/${number}/hears?act=replied`)).json;
  assert.equal(others.named[0], w.people.member.id);
  const count = (await api(w.agent, 'GET', `/api/tickets/${number}/readers`)).json.count;
  for (const [lang, width, dark] of [['en', 1440, false], ['qps', 1440, true], ['ja', 390, true]]) {
    const text = (key, values) => said(lang, key, values);
    const page = await openPage({ session: w.agent, lang, width, dark, height: 900 });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto(`/agent/t/${number}`);
    const tip = page.locator('#affects');
    await tip.waitFor({ state: 'attached' });
    const words = (re) => until('it is said', async () => re.test(await tip.innerText()));
    // Where the focus rests, without a pointer.
    await page.locator('.composer [type=submit]').focus();
    await tip.waitFor();
    await words(new RegExp(`Member ${w.mark}`));
    if (lang === 'en') assert.match(await tip.innerText(), new RegExp(`^Mail goes to Member ${w.mark}[^]*\\.\\s+${count} people can see it\\.$`));
    assert.equal(await page.locator('.composer [type=submit]').getAttribute('aria-describedby'), 'affects');
    await sound(page, `whom a reply reaches: ${lang}`);
    await screenshot(page, `aside-affects-reply-${lang}`);
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'hidden' });
    // And where a pointer does.
    await page.locator('#p-status').hover();
    await tip.waitFor();
    await words(new RegExp(text('status.new')));
    const box = await tip.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= width && box.y >= 0, JSON.stringify(box));
    await screenshot(page, `aside-affects-status-${lang}`);
    if (lang === 'en') {
      assert.match(await tip.innerText(), new RegExp(`^Customers read “Received”\\.\\s+Once it is solved, closed or opened again, mail goes to Member ${w.mark}`));
      await page.locator('#p-assignee').hover();
      await words(/^Customers see who has it\. Nobody gets mail\.$/);
      await page.locator('.talk-head h1').hover();
      await tip.waitFor({ state: 'hidden' });
    }
    await over(page);
  }
});
