// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Every language there is: its longest words on the narrowest telephone, and
// asking for one that is missing. (pages.test.mjs looks closer at a few.)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, sidewaysOverflow } from '../lib/browser.mjs';
import { languages, text } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { answerTo, complaints, openPage, settled, signInBy, sound } from './browse.mjs';

let w;
let numbers;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent'] });
  numbers = [];
  // Every status, with the priorities that are shown.
  for (const status of ['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated']) {
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'A ticket with a title of some length', description: 'x' })).json;
    assert.equal((await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: numbers.length % 2 ? 'low' : 'urgent', ...(status === 'new' ? {} : { status }) })).status, 200);
    numbers.push(number);
  }
});
after(closeBrowser);

test('nothing sticks out at 320 pixels', async () => {
  const found = [];
  const places = [['town', ['/', '/sign-in']], ['member', ['/', '/tickets', '/tickets/new', `/t/${numbers[0]}`]],
    ['agent', ['/', '/agent', `/agent/t/${numbers[0]}`]]];
  for (const [who, paths] of places) {
    const page = await openPage({ ...(w[who] ? { session: w[who] } : { host: w.host[who] }), width: 320 });
    for (const { tag } of languages) {
      await page.context().addCookies([{ name: 'lang', value: tag, url: page.base }]);
      for (const path of paths) {
        await page.goto(path);
        await settled(page);
        if (path === '/') await page.locator('.menu summary').click();
        const wide = await sidewaysOverflow(page);
        if (wide) found.push(`${tag}, ${who} ${path}: ${wide}`);
      }
    }
    found.push(...complaints(page));
    await page.context().close();
  }
  assert.deepEqual(found, []);
});

test('who misses a language asks for it, after signing in', async () => {
  const de = (key) => text('de', key);
  const page = await openPage({ host: w.host.town, lang: 'de' });
  const ask = async () => {
    await page.locator('.menu summary').click();
    await page.locator('.menu').getByRole('link', { name: de('site.language.ask') }).click();
  };
  const title = page.getByLabel(de('portal.new.subject'));
  await page.goto('/');
  await ask();
  await signInBy(page, w.people.member);
  await page.getByText(de('portal.new.language.hint')).waitFor();
  assert.equal(await title.inputValue(), de('portal.new.language'));
  await sound(page, 'asking for a language');
  // An ordinary ticket's draft stands beside it.
  await page.getByRole('banner').getByRole('link', { name: de('site.new_ticket') }).click();
  await page.getByText(de('portal.new.description.hint')).waitFor();
  assert.equal(await title.inputValue(), '');
  await title.fill('Etwas anderes');
  await ask();
  assert.equal(await title.inputValue(), de('portal.new.language'));
  assert.equal(await page.locator('.menu[open]').count(), 0);
  await page.locator('#description').fill('Esperanto, bitte.');
  await page.reload();
  assert.deepEqual([await title.inputValue(), await page.locator('#description').inputValue()], [de('portal.new.language'), 'Esperanto, bitte.']);
  const answer = await answerTo(page, 'POST', /^\/api\/tickets$/, () => page.getByRole('button', { name: de('portal.new.submit') }).click());
  assert.equal(answer.status(), 201);
  await page.getByRole('heading', { level: 1, name: de('portal.new.language') }).waitFor();
  await page.goto('/tickets/new');
  assert.equal(await title.inputValue(), 'Etwas anderes');
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});
