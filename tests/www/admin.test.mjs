// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The page of all that administrators keep: from their menu, each link a page that is
// there; agents have no such page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { said } from '../lib/texts.mjs';
import { makeWorld } from '../http/world.mjs';
import { complaints, openPage, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['agent', 'admin'] }); });
after(closeBrowser);

test('an administrator finds everything they keep, in groups, and the palette still does', async () => {
  for (const [lang, width, dark] of [['en', 1280, false], ['ja', 390, true], ['qps', 1280, false]]) {
    const page = await openPage({ session: w.admin, lang, width, dark });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/agent');
    await page.locator('.menu > summary').last().click();
    const own = await page.locator('.menu-panel a.item:visible').count();
    assert.ok(own <= 7, `${own} links`);
    await page.locator('.menu-panel a[href="/agent/admin"]').click();
    await page.getByRole('heading', { level: 1, name: said(lang, 'admin.title') }).waitFor();
    const groups = page.locator('.admin-groups section');
    assert.equal(await groups.count(), 7);
    const hrefs = await groups.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    assert.equal(hrefs.length, 18);
    // All that the menu's part for them has.
    const kept = await page.locator('.menu-panel div[hidden] a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    assert.deepEqual(kept.filter((h) => !hrefs.includes(h)), []);
    await sound(page, lang);
    await screenshot(page, `admin-${lang}`);
    if (lang === 'en') {
      for (const href of hrefs) assert.equal(await page.evaluate(async (to) => (await fetch(to)).status, href), 200, href);
      await groups.getByRole('link', { name: 'Rules' }).click();
      await page.getByRole('heading', { level: 1, name: 'Rules' }).waitFor();
      await page.goto('/agent');
      await page.locator('#list-sort').waitFor();
      await page.keyboard.press('Control+k');
      await page.locator('.choice').first().waitFor();
      await page.keyboard.type('Business cal');
      await page.locator('.choice', { hasText: 'Business calendars' }).waitFor();
    }
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  }
  const agent = await openPage({ session: w.agent });
  await agent.goto('/agent');
  assert.equal(await agent.locator('a[href="/agent/admin"]').count(), 0);
  await agent.context().close();
});
