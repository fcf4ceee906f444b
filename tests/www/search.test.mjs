// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The search of tickets above the customer's list and the agents' queue.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { until } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, openPage, sound } from './browse.mjs';

after(closeBrowser);

const found = (who, q) => api(who, 'GET', `/api/search?q=${encodeURIComponent(q)}`);
for (const [lang, width] of [['ja', 390], ['en', 1280]]) {
  test(`V1: searching one's tickets: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member', 'agent'] });
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title: `Invoice ${w.mark}`, description: 'The valves drip. 請求書が届きません。' })).json;
    const quoted = lang === 'ja' ? '「書が届」' : '"valves drip"';
    await api(w.member, 'POST', '/api/tickets', { title: `Other ${w.mark}`, description: 'x' });
    await api(w.agent, 'POST', `/api/tickets/${number}/notes`, { body: 'Secretly zebrawood.' });
    await until('it is found', async () => (await found(w.agent, 'zebrawood')).json.count === 1 && (await found(w.member, w.mark)).json.count === 2);
    const page = await openPage({ session: w.member, lang, width });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    // From home it leads to the list.
    const box = page.getByRole('searchbox', { name: said(lang, 'search.label') });
    await page.goto('/');
    await box.fill(w.mark);
    await box.press('Enter');
    await page.waitForURL(`**/tickets?q=${w.mark}`);
    await page.locator('.trow mark').first().waitFor();
    await page.goto('/tickets');
    await box.fill('求書');
    // Enter that ends what an input method composes is no search.
    await box.evaluate((e) => e.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })));
    assert.equal(new URL(page.url()).search, '');
    await box.press('Enter');
    await page.locator('.trow mark', { hasText: '求書' }).waitFor();
    let searches = 0;
    page.on('request', (r) => { searches += Number(new URL(r.url()).pathname === '/api/search'); });
    // What changes is counted anew before it is searched again.
    await Promise.all([page.waitForRequest(/\/api\/lists\/counts/), api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'It comes.' })]);
    assert.equal(searches, 0, 'not at each change');
    assert.equal(new URL(page.url()).searchParams.get('q'), '求書', 'it is in the address');
    assert.equal(await page.locator('.trow').count(), 1);
    await page.locator('[role=status]', { hasText: said(lang, 'search.count', { n: 1 }) }).waitFor();
    await sound(page, 'found');
    await screenshot(page, `search-${lang}`);
    await box.fill(quoted);
    await box.press('Enter');
    await page.locator('.trow mark', { hasText: lang === 'ja' ? '書が届' : 'drip' }).waitFor();
    await box.fill('"drip the valves"');
    await box.press('Enter');
    await page.getByText(said(lang, 'search.none'), { exact: true }).waitFor();
    await sound(page, 'nothing found');
    await screenshot(page, `search-none-${lang}`);
    await page.getByRole('button', { name: said(lang, 'search.clear') }).click();
    await page.locator('.trow', { hasText: `Other ${w.mark}` }).waitFor();
    assert.equal(new URL(page.url()).search, '');
    assert.equal(await box.evaluate((e) => e === document.activeElement), true, 'ready for other words');
    assert.deepEqual(complaints(page), []);
    await page.context().close();

    const desk = await openPage({ session: w.agent, lang, width });
    await desk.context().addCookies([{ name: 'lang', value: lang, url: desk.base }]);
    await desk.goto('/agent?q=zebrawood');
    await desk.locator('.qrow mark', { hasText: 'zebrawood' }).waitFor();
    await desk.locator('.found-in', { hasText: said(lang, 'search.in.note') }).waitFor();
    await sound(desk, 'found at the desk');
    await screenshot(desk, `search-desk-${lang}`);
    await desk.locator('.qrow').click();
    await desk.getByRole('heading', { name: `Invoice ${w.mark}` }).waitFor();
    assert.equal(new URL(desk.url()).searchParams.get('q'), 'zebrawood', 'and stays found beside it');
    assert.deepEqual(complaints(desk), []);
    await desk.context().close();
  });
}
