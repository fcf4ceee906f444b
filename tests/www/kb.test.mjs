// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The knowledge base's pages in Chromium, most of it without JavaScript. Journeys 1 and 2.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { bring } from '../lib/files.mjs';
import { said } from '../lib/texts.mjs';
import { article, section, write } from '../http/knowledge.mjs';
import { api, get, makeWorld } from '../http/world.mjs';
import { bare, complaints, openPage, sound, untranslated } from './browse.mjs';

let w, base, below, guide, other;
const long = `<p>A boiler that stays cold has one of three reasons. Look at them in this order; each takes a minute, and none needs a tool. ${'Turn it off at the wall and wait until the lamp is dark before you go on. '.repeat(3)}</p>`;
const html = `<p>What to do when it stays cold, <strong>before</strong> you call somebody.</p>
<h2 id="look">Look at it first</h2>${long}
<aside class="warning"><p><strong>Do not open the lid</strong> while the lamp is red.</p></aside>
<h3 id="lamp">What the lamp says</h3>
<table><caption>Colours of the lamp</caption><thead><tr><th>Colour</th><th>Means</th><th class="right">Wait</th></tr></thead>
<tbody><tr><td>Green</td><td>It is warm enough</td><td class="right">0 min</td></tr><tr><td>Yellow</td><td>It is getting warm</td><td class="right">15 min</td></tr></tbody></table>
<h2 id="start">Start it again</h2><ol><li><p>Press <kbd>Start</kbd> for three seconds.</p></li><li><p>Type <code>reset --all</code>.</p></li></ol>
<pre><code>boiler reset --all --wait 15 --tell everybody --and-a-long-line-that-does-not-fit-on-a-telephone</code></pre>
<aside class="tip"><p>It learns: the second time is faster.</p></aside><aside class="note"><p>Noted.</p></aside><aside class="danger"><p>Gas? Leave the house.</p></aside>
<figure class="video"><a href="https://www.youtube.com/watch?v=x">How it is done</a></figure>
<blockquote><p>It was the plug.</p></blockquote><dl><dt>Boiler</dt><dd><p>What heats water.</p></dd></dl>`;
before(async () => {
  w = await makeWorld({ only: ['member', 'admin'] });
  const audience = { level: 'public' };
  base = await section(w, { en: 'Heating', sv: 'Uppvärmning', ja: '暖房' }, { audience, about: 'Boilers, radiators and what to do when it stays cold.' });
  below = await section(w, { en: 'Boilers', sv: 'Pannor' }, { parent: base.id });
  await section(w, { en: 'Windows', sv: 'Fönster' }, { audience });
  guide = await article(w, { en: { title: 'The boiler stays cold', html }, sv: { title: 'Pannan förblir kall', html: '<h2 id="a">Titta först</h2><p>Vänta en minut.</p><h2 id="b">Starta om</h2><p>Tryck på knappen.</p>' } },
    { section: below.id, keywords: ['boiler', 'cold', 'lamp'] });
  const list = await api(w.admin, 'POST', `/api/articles/${guide.id}/files`, { file: await bring(w.admin, 'lista.txt', Buffer.from('Kontrollera kabeln\n')) });
  await write(w, guide.id, 'sv', { title: 'Pannan förblir kall', html: `<h2 id="a">Titta först</h2><p>Vänta en minut. <a href="${list.json.url}">Listan att skriva ut</a></p><h2 id="b">Starta om</h2><p>Tryck på knappen.</p>` });
  other = await article(w, { en: { title: 'How warm is warm enough?', html: `<p>Twenty degrees. See <a href="/kb/a/${guide.key}">the boiler</a>.</p>` } }, { section: below.id });
  await article(w, { en: { title: 'Welcome', html: '<p>Hello.</p>' } }, { section: base.id });
});
after(closeBrowser);

test('K6, K2: journey 1: signed out, without scripts, in Swedish: searched, read, its file taken, printed, of help', async () => {
  const page = await openPage({ host: w.host.town, javaScript: false, lang: 'sv', width: 390 });
  await page.goto('/');
  await bare(page, 'home');
  await page.getByRole('searchbox', { name: said('sv', 'kb.find') }).fill('panann knapp');
  await page.getByRole('button', { name: 'Sök', exact: true }).click();
  assert.equal(new URL(page.url()).pathname, '/sv/search');
  await bare(page, 'what was found');
  await page.getByRole('link', { name: 'Pannan förblir kall' }).click();
  await page.getByRole('heading', { level: 1, name: 'Pannan förblir kall' }).waitFor();
  await bare(page, 'the article');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Listan att skriva ut' }).click()]);
  assert.equal(download.suggestedFilename(), 'lista.txt');
  assert.equal(readFileSync(await download.path(), 'utf8'), 'Kontrollera kabeln\n');
  await page.emulateMedia({ media: 'print' });
  for (const away of ['.top', '.foot', '.crumbs', '.toc', '.kb-ask', '.kb-side']) assert.equal(await page.locator(away).isVisible(), false, `${away} is not printed`);
  assert.ok(await page.getByRole('heading', { name: 'Starta om' }).isVisible());
  await page.emulateMedia({ media: 'screen' });
  await page.getByRole('button', { name: said('sv', 'kb.helpful.yes'), exact: true }).click();
  await page.getByRole('status').getByText(said('sv', 'kb.helpful.thanks')).waitFor();
  await bare(page, 'of help');
  assert.equal((await api(w.admin, 'GET', `/api/articles/${guide.id}/votes`)).json.helpful, 1);
  await page.context().close();
});

test('K6: signed out, without scripts, in Swedish: found by its section', async () => {
  const page = await openPage({ host: w.host.town, javaScript: false, lang: 'sv' });
  await page.goto('/kb');
  assert.equal(new URL(page.url()).pathname, '/sv/kb');
  await page.getByRole('heading', { level: 1, name: 'Kunskapsbas' }).waitFor();
  await page.getByRole('link', { name: 'Uppvärmning' }).click();
  await page.getByRole('link', { name: 'Pannor' }).click();
  await page.getByRole('link', { name: 'Pannan förblir kall' }).click();
  await page.getByRole('navigation', { name: 'På den här sidan' }).getByRole('link', { name: 'Starta om' }).click();
  assert.equal(new URL(page.url()).hash, '#b');
  await page.context().close();
});

test('K4: journey 2: an article that lacks Japanese says so; switching keeps the page; dark stays', async () => {
  const page = await openPage({ host: w.host.town });
  assert.equal((await page.goto(guide.url.replace('/en/', '/ja/'))).status(), 200);
  await page.locator('.notice').waitFor();
  await sound(page, 'not in Japanese');
  assert.match(await page.locator('.kb-facts').innerText(), /読むのに約1分/);
  const choose = async (name) => {
    await page.locator('.menu summary').click();
    await page.locator('.menu').getByRole('button', { name, exact: true }).click();
  };
  await choose('Svenska');
  await page.getByRole('heading', { level: 1, name: 'Pannan förblir kall' }).waitFor();
  assert.match(decodeURI(page.url()), /\/sv\/kb\/pannan-forblir-kall-/);
  assert.equal(await page.locator('.notice').count(), 0);
  await sound(page, 'in Swedish');
  await choose('Mörkt');
  await page.locator('html[data-theme=dark]').waitFor();
  await page.getByRole('contentinfo').waitFor();
  await page.getByRole('link', { name: 'English', exact: true }).click();
  await page.locator('html[data-theme=dark][lang=en]').waitFor();
  await sound(page, 'in English, dark');
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});

test('K2, K6: how they look: wide, narrow, dark, from right to left, in Japanese', async () => {
  const found = [];
  for (const [lang, matrix] of [['en', [[1280, false], [1280, true], [390, false], [390, true], [320, false]]], ['ja', [[1280, false], [390, false]]], ['qps', [[1280, false], [390, false]]]]) {
    for (const [width, dark] of matrix) {
      for (const session of lang === 'en' && width === 1280 && !dark ? [undefined, w.member] : [undefined]) {
        const page = await openPage({ host: w.host.town, session, width, dark, height: 900 });
        for (const [name, path] of [['home', '/en/kb'], ['category', base.url], ['section', below.url], ['article', guide.url], ['other', other.url]]) {
          assert.equal((await page.goto(path.replace('/en/', `/${lang}/`))).status(), 200);
          await sound(page, `${name} ${lang} ${width} ${dark ? 'dark' : 'light'}`);
          if (lang === 'qps') found.push(...(await page.evaluate(untranslated)).map((text) => `${name}: ${text}`));
          await screenshot(page, `kb-${name}-${lang}-${width}-${dark ? 'dark' : 'light'}${session ? '-signed' : ''}`);
        }
        found.push(...complaints(page));
        await page.context().close();
      }
    }
  }
  assert.deepEqual(found, []);
});

test('K6: pages are light, and lines no longer than can be read', async () => {
  const weigh = async (path) => gzipSync((await get(w.host.town, path)).body, { level: 6 }).length;
  for (const path of ['/', '/en/kb', base.url, guide.url, '/en/search?q=boiler', '/status']) {
    const { text } = await get(w.host.town, path);
    const files = (pattern) => Promise.all([...text.matchAll(pattern)].map(([, url]) => weigh(url)));
    const sum = (sizes) => sizes.reduce((a, b) => a + b, 0);
    const [page, css, js] = [await weigh(path), sum(await files(/<link rel="stylesheet" href="([^"]+)"/g)), sum(await files(/<script type="module" src="([^"]+)"/g))];
    assert.ok(page <= 15 * 1024 && css <= 8 * 1024 && js <= 3 * 1024, `${path}: ${page} + ${css} + ${js} bytes`);
  }
  const page = await openPage({ host: w.host.town, width: 1600 });
  await page.goto(guide.url);
  const most = await page.locator('.kb-text > p').first().evaluate((p) => {
    const probe = document.createElement('span');
    probe.textContent = '0'.repeat(50);
    p.append(probe);
    const each = probe.getBoundingClientRect().width / 50;
    probe.remove();
    return p.getBoundingClientRect().width / each;
  });
  assert.ok(most <= 70, `${most} ch`);
  await page.context().close();
});
