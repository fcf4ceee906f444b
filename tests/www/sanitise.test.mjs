// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Articles made of hostile HTML, and of Markdown that holds it, in a browser: no script
// runs, nothing is asked of anybody, and the page's tree is the article's, element by
// element. HOSTILE says how many; INPUTS of them are looked at at a time, in turn as they
// are stored, as pages show them, and made as Markdown. FROM is where the seeds begin.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, test } from 'node:test';
import { closeBrowser, openBrowser } from '../lib/browser.mjs';
import { hostile } from '../lib/hostile.mjs';
import { root } from '../lib/instance.mjs';

const many = Number(process.env.HOSTILE ?? 4500), first = Number(process.env.FROM ?? 0);
const INPUTS = 500, ways = ['html', 'page', 'markdown'];
const own = 'http://own.example';

after(closeBrowser);

const rebuild = (way, inputs) => execFileSync(`${root}/build/lib/rebuild`, [way], { input: inputs.map((s) => `${s}\0`).join(''), maxBuffer: 1 << 28, encoding: 'utf8' }).split('\0').slice(0, -1);

// In the page: what of these is another tree than it says.
const compare = (articles) => {
  const escape = (s) => s.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
  const quote = (s) => escape(s).replace(/["'`]/g, (c) => ({ '"': '&quot;', "'": '&#39;', '`': '&#96;' })[c]);
  const written = (parent) => [...parent.childNodes].map((node) => {
    if (node.nodeType === Node.TEXT_NODE) return escape(node.data);
    if (!(node instanceof HTMLElement) || node instanceof HTMLUnknownElement) return `[${node.nodeName}]`;
    const open = node.localName + [...node.attributes].map((a) => ` ${a.name}="${quote(a.value)}"`).join('');
    return ['br', 'hr', 'img'].includes(node.localName) ? `<${open}/>` : `<${open}>${written(node)}</${node.localName}>`;
  }).join('');
  return articles.map((article, i) => {
    document.body.innerHTML = article;
    return { i, article, shown: written(document.body) };
  }).filter(({ article, shown }) => article !== shown);
};

async function openEmpty() {
  const page = await (await openBrowser()).newPage();
  const seen = { requests: [], dialogs: [] };
  await page.route('**/*', (route) => {
    seen.requests.push(route.request().url());
    return route.request().url() === `${own}/` ? route.fulfill({ contentType: 'text/html', body: '<!DOCTYPE html><title>a</title>' }) : route.abort();
  });
  page.on('dialog', (dialog) => {
    seen.dialogs.push(dialog.message());
    return dialog.dismiss();
  });
  await page.goto(`${own}/`);
  return { page, seen };
}

test('the browser that looks sees what acts', async () => {
  const { page, seen } = await openEmpty();
  await page.evaluate(() => { document.body.innerHTML = '<img src="//evil.example/a" onerror="alert(1)">'; });
  await page.waitForFunction(() => document.images[0].complete);
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  assert.deepEqual(seen.dialogs, ['1']);
  assert.ok(seen.requests.includes('http://evil.example/a'));
  assert.equal((await page.evaluate(compare, ['<p><p>a</p></p>'])).length, 1);
  await page.close();
});

test(`nothing of ${many} hostile texts acts, and all are what they say`, async () => {
  const { page, seen } = await openEmpty();
  let long = 0;
  for (let from = first; from < first + many; from += INPUTS) {
    const way = ways[(from / INPUTS) % ways.length];
    const inputs = Array.from({ length: INPUTS }, (_, i) => hostile(from + i));
    const articles = rebuild(way, inputs);
    assert.equal(articles.length, INPUTS);
    long += articles.filter((a) => a.length > 20).length;
    const others = await page.evaluate(compare, articles);
    assert.deepEqual(others.map(({ i, ...what }) => ({ way, seed: from + i, input: inputs[i], ...what })), []);
  }
  assert.ok(long > many / 4, 'most came to nothing');
  // Pictures that are on their way have been asked for by now.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  assert.deepEqual(seen.dialogs, []);
  assert.deepEqual(seen.requests.filter((url) => !url.startsWith(`${own}/`)), []);
  await page.close();
});
