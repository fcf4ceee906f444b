// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Searching the knowledge base in Chromium. Journey 1.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql } from '../lib/instance.mjs';
import { article, section } from '../http/knowledge.mjs';
import { makeWorld } from '../http/world.mjs';
import { complaints, openPage, sound } from './browse.mjs';

let w, guide;
before(async () => {
  w = await makeWorld({ only: ['member', 'admin'] });
  const base = await section(w, { en: 'Heating', sv: 'Uppvärmning', ja: '暖房' }, { audience: { level: 'public' } });
  guide = await article(w, { en: { title: 'The boiler stays cold', html: '<p>A boiler that stays cold has one of three reasons.</p>' }, sv: { title: 'Pannan förblir kall', html: '<p>Vänta en minut och tryck på knappen.</p>' }, ja: { title: '暖房が動かない', html: '<p>ボイラーの電源を確認してください。</p>' } }, { section: base.id });
  await article(w, { en: { title: 'How warm is warm enough for a boiler?', html: '<p>Twenty degrees.</p>' } }, { section: base.id });
});
after(closeBrowser);

test('K5: signed out, without scripts, in Swedish: found by part of a word and a typing error', async () => {
  const page = await openPage({ host: w.host.town, javaScript: false, lang: 'sv' });
  await page.goto('/');
  await page.getByRole('searchbox', { name: 'Sök i kunskapsbasen' }).fill('panann knapp');
  await page.getByRole('button', { name: 'Sök', exact: true }).click();
  assert.equal(new URL(page.url()).pathname, '/sv/search');
  await page.getByRole('link', { name: 'Pannan förblir kall' }).click();
  await page.getByRole('heading', { level: 1, name: 'Pannan förblir kall' }).waitFor();
  assert.match(new URL(page.url()).pathname, /^\/sv\/kb\/pannan-/);
  await page.context().close();
});

test('K5: titles while somebody types, by keys alone; all of it sound', async () => {
  const found = [];
  for (const [lang, width, dark, q, title] of [['en', 1280, false, 'boil', 'The boiler stays cold'], ['en', 390, true, 'boil', 'The boiler stays cold'], ['ja', 390, false, '暖房', '暖房が動かない'], ['qps', 390, false, 'boil', 'The boiler stays cold']]) {
    const page = await openPage({ host: w.host.town, width, dark });
    const name = `${lang} ${width} ${dark ? 'dark' : 'light'}`;
    await page.goto(`/${lang}/kb`);
    const field = page.locator('#kb-q');
    await field.focus();
    await page.locator('#kb-q[role=combobox]').waitFor();
    await field.pressSequentially(q, { delay: 20 });
    const option = page.getByRole('option', { name: title });
    await option.waitFor();
    await sound(page, `suggestions ${name}`);
    await screenshot(page, `kb-suggest-${lang}-${width}-${dark ? 'dark' : 'light'}`);
    await field.press('Escape');
    assert.equal(await option.isVisible(), false, 'closed');
    await field.press('Enter');
    await page.waitForURL('**/search?q=*');
    await page.locator('.kb-found mark').first().waitFor();
    await sound(page, `found ${name}`);
    await screenshot(page, `kb-search-${lang}-${width}-${dark ? 'dark' : 'light'}`);
    if (lang === 'en') {
      await field.focus();
      await page.locator('#kb-q[role=combobox]').waitFor();
      await field.fill('');
      await field.pressSequentially('stays', { delay: 20 });
      await option.waitFor();
      await field.press('ArrowDown');
      assert.equal(await option.getAttribute('aria-selected'), 'true');
      await field.press('Enter');
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await page.goto(`/${lang}/search?q=zebra`);
      await page.locator('.empty').waitFor();
      await sound(page, `nothing ${name}`);
      await screenshot(page, `kb-nothing-${lang}-${width}-${dark ? 'dark' : 'light'}`);
    }
    found.push(...complaints(page));
    await page.context().close();
  }
  assert.equal((await psql('postgres', `select count || ' ' || clicks from app.kb_searches where tenant_id = ${w.tenant} and q = 'stays'`)).trim(), '2 2', 'a title that was taken counts');
  assert.deepEqual(found, []);
});
