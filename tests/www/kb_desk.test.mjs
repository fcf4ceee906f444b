// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the knowledge base's keepers look after beside its texts: what readers looked for in
// vain and the words that mean the same (K5), links that lead nowhere (K3), an export (K7).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { article } from '../http/knowledge.mjs';
import { until } from '../lib/instance.mjs';
import { api, get, makeWorld } from '../http/world.mjs';
import { answerTo, complaints, openPage, sound, untranslated } from './browse.mjs';

let w;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent', 'admin'] });
  await article(w, { en: { title: 'The boiler stays cold', html: '<p>One of three reasons.</p>' } }, { audience: { level: 'public' } });
});
after(closeBrowser);

const find = (q, lang = 'en') => get(w.host.town, `/${lang}/search?q=${encodeURIComponent(q)}`);
const clean = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};

test('K5: what readers looked for in vain becomes an article or words for the same', async () => {
  for (const [q, lang] of [['heater'], ['heater'], ['värmepanna', 'sv'], ['boiler'], ['gib mir ein sehr langes Beispiel ohne Ergebnis', 'de']]) await find(q, lang);
  const desk = await openPage({ session: w.agent });
  desk.expected.push(/422/);
  await desk.goto('/agent/kb');
  await desk.getByRole('navigation', { name: 'Pages of the knowledge base' }).getByRole('link', { name: 'Searches' }).click();
  const vain = desk.getByRole('region', { name: 'Found nothing' });
  await vain.getByText('looked for 2 times').waitFor();
  await desk.getByRole('region', { name: 'Nobody opened what was found' }).getByText('boiler').waitFor();
  await sound(desk, 'searches');
  await screenshot(desk, 'kb-searches');
  await vain.getByRole('button', { name: 'Add words for the same: heater' }).click();
  // One is not enough: it is said, and the field is where one is.
  await desk.keyboard.press('Enter');
  await desk.getByRole('alert').filter({ hasText: 'Two to ten different words.' }).waitFor();
  await desk.keyboard.type('boiler');
  assert.equal((await answerTo(desk, 'POST', /^\/api\/synonyms$/, () => desk.keyboard.press('Enter'))).status(), 201);
  await vain.getByText('has words for the same').waitFor();
  assert.match((await find('heater')).text, /The <mark>boiler<\/mark>|The boiler/);
  await desk.getByRole('button', { name: 'Change: heater' }).click();
  await sound(desk, 'words that are changed');
  await answerTo(desk, 'DELETE', /^\/api\/synonyms\/\d+$/, () => desk.getByRole('button', { name: 'Remove', exact: true }).click());
  await vain.getByRole('button', { name: 'Add words for the same: heater' }).waitFor();
  // From there an article is begun, of these words in this language.
  await vain.getByRole('link', { name: 'Write an article: värmepanna' }).click();
  await desk.locator('#new-title').waitFor();
  assert.deepEqual([await desk.locator('#new-title').inputValue(), await desk.locator('#new-language').inputValue()], ['Värmepanna', 'sv']);
  assert.equal((await answerTo(desk, 'POST', /^\/api\/articles$/, () => desk.keyboard.press('Enter'))).status(), 201);
  await desk.getByRole('heading', { level: 1, name: 'Värmepanna' }).waitFor();
  await clean(desk);
  for (const [lang, dark] of [['qps', false], ['ja', true]]) {
    const page = await openPage({ session: w.agent, lang, width: 390, dark });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/agent/kb/searches?days=7');
    await page.locator('.make-row').first().waitFor();
    await page.locator('#words-open-0').click();
    await sound(page, `searches, ${lang}`);
    await screenshot(page, `kb-searches-${lang}`);
    if (lang === 'qps') assert.deepEqual((await page.evaluate(untranslated)).filter((s) => !/^[\p{L} ]+$/u.test(s)), []);
    await clean(page);
  }
});

test('K3: links that lead nowhere, or where some readers may not follow, are listed until they are mended', async () => {
  const staff = await article(w, { en: { title: 'For agents', html: '<p>x</p>' } }, { audience: { level: 'agents' } });
  const it = await article(w, { en: { title: 'Way out', html: `<p><a href="/kb/a/${staff.key}">a</a> <a href="/kb/a/none">b</a> <a href="#nowhere">c</a></p>` } }, { audience: { level: 'public' } });
  await until('they were looked at', async () => (await api(w.agent, 'GET', '/api/kb/links')).json.count === 3);
  const desk = await openPage({ session: w.agent });
  await desk.goto('/agent/kb/links');
  const list = desk.getByRole('region', { name: 'What is to be mended' });
  for (const why of ['There is no such article', 'Some who read this article may not', 'There is no such heading']) await list.locator('.make-row', { hasText: why }).waitFor();
  await sound(desk, 'links');
  await screenshot(desk, 'kb-links');
  await desk.locator('#links-trouble').selectOption('narrower');
  await until('these alone', async () => (await list.locator('.make-row').count()) === 1);
  await list.getByRole('link', { name: 'Way out' }).click();
  await desk.getByRole('heading', { level: 1, name: 'Way out' }).waitFor();
  await clean(desk);
  const page = await openPage({ session: w.agent, lang: 'qps', width: 390, dark: true });
  await page.context().addCookies([{ name: 'lang', value: 'qps', url: page.base }]);
  await page.goto('/agent/kb/links');
  await page.locator('.make-row').first().waitFor();
  await sound(page, 'links, qps');
  await screenshot(page, 'kb-links-qps');
  assert.deepEqual((await page.evaluate(untranslated)).filter((s) => !/^[\p{L} ]+$/u.test(s)), []);
  await clean(page);
  await api(w.agent, 'PATCH', `/api/articles/${it.id}/texts/en`, { title: 'Way out', body: '<p>Mended</p>', format: 'html', publish: true });
  await until('nothing is left', async () => (await api(w.agent, 'GET', '/api/kb/links')).json.count === 0);
});

test('K7: an export is chosen, its size is told before, and the browser fetches it', async () => {
  const desk = await openPage({ session: w.agent });
  await desk.goto('/agent/kb/export');
  await desk.getByRole('link', { name: 'Download' }).waitFor();
  await sound(desk, 'an export');
  await screenshot(desk, 'kb-export');
  await desk.getByRole('radio', { name: 'Markdown (zip)' }).check();
  await desk.locator('#language').selectOption('en');
  await desk.getByRole('link', { name: 'Download' }).waitFor();
  const [download] = await Promise.all([desk.waitForEvent('download'), desk.getByRole('link', { name: 'Download' }).click()]);
  assert.match(download.url(), /\/export\/kb\.markdown\.zip\?language=en&as_of=\d+$/);
  assert.equal(download.suggestedFilename(), 'knowledge.markdown.zip');
  assert.equal(readFileSync(await download.path()).subarray(0, 2).toString(), 'PK');
  await desk.getByText('Your browser fetches it now').waitFor();
  await desk.locator('#language').selectOption('ja');
  await desk.getByText('There is no published article in this.').waitFor();
  await clean(desk);
  for (const [lang, dark] of [['qps', true], ['ja', false]]) {
    const page = await openPage({ session: w.agent, lang, width: 390, dark });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/agent/kb/export');
    await page.locator('.reports-totals').waitFor();
    await sound(page, `an export, ${lang}`);
    await screenshot(page, `kb-export-${lang}`);
    await clean(page);
  }
});
