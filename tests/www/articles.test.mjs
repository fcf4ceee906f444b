// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The knowledge base where it is written: the tree and who reads it (K1), the editor and what is pasted
// into it (K2), drafts, two who write, history (K3), translations (K4).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, openBrowser, screenshot } from '../lib/browser.mjs';
import { need, root, until } from '../lib/instance.mjs';
import { png } from '../lib/pictures.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { answerTo, complaints, give, openPage, sound, untranslated } from './browse.mjs';

let w;
let blank;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent', 'admin'] });
  const { outputFiles: [code] } = await need('esbuild').build({
    stdin: { contents: "export { read, write } from './schema'; export { clean } from './paste';", resolveDir: `${root}/www/src/writer`, loader: 'ts' },
    bundle: true, write: false, format: 'iife', globalName: 'writer',
  });
  blank = await (await openBrowser()).newPage();
  await blank.evaluate(`${code.text}; globalThis.writer = writer`);
});
after(closeBrowser);

const ok = async (who, method, path, body) => {
  const answer = await api(who, method, path, body);
  assert.ok(answer.status < 300, answer.text);
  return answer.json;
};
const make = (body) => ok(w.agent, 'POST', '/api/articles', { language: 'en', format: 'html', ...body });
const stored = async (id, side = 'draft', lang = 'en') => (await ok(w.agent, 'GET', `/api/articles/${id}/texts/${lang}?format=html`))[side];
const clean = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};
// What the editor makes of it, and the server of that.
const written = async (html) => {
  const { id } = await make({ title: 'x', body: html });
  return (await stored(id)).body;
};
const pasted = (html) => blank.evaluate((x) => globalThis.writer.write(globalThis.writer.read(globalThis.writer.clean(x))), html);

test('K2: whatever an article may hold is read and written by the editor without loss', async () => {
  const all = await written('<h2 id="own">One</h2><p>a <strong>b <em>c</em></strong> <del>d</del> H<sub>2</sub>O x<sup>2</sup> <kbd>F10</kbd> <code>e()</code> <a href="https://a.example/?x=1&amp;y=2">f</a><br>g <img src="/picture/x.png" alt="A door" width="20" height="10"></p>'
    + '<h3>Two</h3><ul><li>tight<ul><li>inner</li></ul></li><li>next</li></ul><ol start="4"><li><p>loose</p><p>second</p></li></ol><blockquote><p>said</p></blockquote>'
    + '<pre><code class="language-c">int x;\n  y &lt; 2;</code></pre><hr><aside class="warning"><p>hot</p><ul><li>very</li></ul></aside><dl><dt>term</dt><dd>what <em>it</em> is</dd></dl>'
    + '<figure><img src="/picture/y.png" alt="B"><figcaption>The <em>door</em></figcaption></figure><figure class="video"><a href="https://www.youtube.com/watch?v=abc">Film</a></figure>'
    + '<table><caption>Rates <strong>now</strong></caption><thead><tr><th>k</th><th class="right">v</th></tr></thead><tbody><tr><th>a</th><td class="right">1</td></tr><tr><td colspan="2">both<ul><li>x</li></ul></td></tr></tbody></table>'
    + '<figure><table><tbody><tr><td rowspan="2">r</td><td>1</td></tr><tr><td>2</td></tr></tbody></table><figcaption>T</figcaption></figure><p>日本語 ← עברית</p>');
  for (const part of ['<h2 id="own">', 'start="4"', 'class="warning"', '<dt>', '<figcaption>', 'class="video"', '<caption>', 'colspan="2"', 'rowspan="2"', 'language-c', 'width="20"']) assert.ok(all.includes(part), `${part} in ${all}`);
  assert.equal(await written(await pasted(`<div data-pm-slice="0 0 []">${all}</div>`)), all, 'through the editor and back');
});

test('K2: what is pasted from Word, Google Docs and web pages comes as an article says it', async () => {
  const word = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {color:red}</style></head><body lang=EN><!--StartFragment-->
    <h1 style='mso-x:y'>Before you <b>start</b><o:p></o:p></h1><p class=MsoNormal><span style='color:red;font-family:"Calibri"'>Switch it </span><b>off</b>.<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>
    <p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>Gloves<o:p></o:p></p>
    <p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>Left<o:p></o:p></p>
    <p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>Hat<o:p></o:p></p>
    <table class=MsoTableGrid border=1><tr style='height:2pt'><td width=100 style='background:yellow'><p class=MsoNormal>Part</p></td><td><p class=MsoNormal>Price</p></td></tr></table><!--EndFragment--></body></html>`;
  assert.equal(await written(await pasted(word)),
    '<h2 id="before-you-start">Before you <strong>start</strong></h2><p>Switch it <strong>off</strong>.</p><ul><li>Gloves<ol><li>Left</li></ol></li><li>Hat</li></ul><table><tbody><tr><td>Part</td><td>Price</td></tr></tbody></table>');
  const docs = `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><h2 dir="ltr"><span style="font-size:16pt">Kiln</span></h2><p dir="ltr"><span style="font-weight:400">Heat it </span><span style="font-weight:700">slowly</span><span style="font-style:italic"> today</span>, see
    <a href="https://www.google.com/url?q=https://kiln.example/a&amp;sa=D"><span style="text-decoration:underline">here</span></a></p><ol><li dir="ltr"><p dir="ltr"><span>One</span></p></li><li><p>Two</p></li></ol></b><br class="Apple-interchange-newline">`;
  const fromDocs = await written(await pasted(docs));
  assert.match(fromDocs, /^<h2 id="kiln">Kiln<\/h2><p>Heat it <strong>slowly<\/strong> <em>today<\/em>, see <a href="https:\/\/kiln\.example\/a">here<\/a><\/p><ol><li>One<\/li><li>Two<\/li><\/ol>$/);
  const web = `<nav><ul><li><a href="javascript:alert(1)">Home</a></li></ul></nav><article><h1 id="x" onclick="a()">Door</h1><script>alert(1)</script><p>Turn <a href="https://b.example/">it</a><img src="https://spy.example/p.gif" onerror="x()">
    <svg><text>no</text></svg><button>Buy</button></p><aside>Read also</aside><table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td></tr></table><iframe src="https://c.example"></iframe></article>`;
  const fromWeb = await written(await pasted(web));
  assert.doesNotMatch(fromWeb, /script|onclick|onerror|spy|alert|Buy|iframe|svg|javascript/);
  assert.match(fromWeb, /<h2 id="door">Door<\/h2><p>Turn <a href="https:\/\/b\.example\/">it<\/a>/);
  assert.equal(fromWeb.match(/<table>/g).length, 1);
});

test('K2: what is pasted ends where a browser says, and costs what it is long', async () => {
  assert.equal(await pasted('<p>a<!-- b -->c<!>d<![if x]>e<![endif]>f</p><!-->g-->'), '<p>acdef</p><p>g--&gt;</p>');
  assert.equal(await pasted('<p>a</p><!-- <p>b</p>'), '<p>a</p>');
  assert.equal(await pasted(`<p><a href="${'https://www.google.com/url?q='.repeat(3)}https://a.example/">a</a></p>`), '<p><a href="https://a.example/">a</a></p>');
  // Square would be minutes.
  for (const [before, unit, after] of [['', '<!--', ''], ['', '<![', ''], ['', '<!', ''], ['<p style="', 'mso-list:', '">a</p>'], ['<a href="', 'https://www.google.com/url?q=', '">a</a>']]) {
    const took = await blank.evaluate(([x, y, z]) => {
      const html = x + y.repeat(1_000_000 / y.length) + z, began = performance.now();
      globalThis.writer.clean(html);
      return performance.now() - began;
    }, [before, unit, after]);
    assert.ok(took < 5000, `${unit}: ${took} ms`);
  }
});

test('K1: K2: K3: an article is written with keys, published, and read', async () => {
  const desk = await openPage({ session: w.agent });
  await desk.goto('/agent');
  await desk.locator('.menu > summary').last().click();
  await desk.getByRole('link', { name: 'Articles', exact: true }).click();
  await desk.getByRole('heading', { level: 1 }).waitFor();
  await sound(desk, 'nothing written yet');
  for (const [name, inside] of [['Ovens', ''], ['Kilns', 'Ovens']]) {
    await desk.getByRole('button', { name: 'New section' }).click();
    await desk.locator('#section-new-name-en').fill(name);
    if (inside) await desk.locator('#section-new-parent').selectOption({ label: inside });
    else await desk.getByRole('radio', { name: 'Everybody' }).check();
    if (inside) await sound(desk, 'a new section');
    assert.equal((await answerTo(desk, 'POST', /^\/api\/sections$/, () => desk.locator('#section-new-form button[type=submit]').click())).status(), 201);
    await desk.locator('.articles-tree').getByRole('link', { name }).waitFor();
  }
  await desk.locator('.articles-tree').getByRole('link', { name: 'Kilns' }).click();
  await desk.getByRole('heading', { level: 2, name: 'Kilns' }).waitFor();
  await desk.getByRole('button', { name: 'New article' }).click();
  await desk.locator('#new-title').fill('How to open the kiln');
  await answerTo(desk, 'POST', /^\/api\/articles$/, () => desk.keyboard.press('Enter'));
  const text = desk.getByRole('textbox', { name: 'Text' });
  await text.waitFor();
  const id = Number(new URL(desk.url()).pathname.split('/').pop());
  await text.focus();
  await desk.keyboard.type('## Before you start');
  await desk.keyboard.press('Enter');
  await desk.keyboard.type('Put on ');
  await desk.keyboard.press('Control+b');
  await desk.keyboard.type('gloves');
  await desk.keyboard.press('Control+b');
  await desk.keyboard.type('.');
  await desk.keyboard.press('Enter');
  // The tools are one stop of Tab, and the arrow keys walk through them.
  await desk.keyboard.press('Alt+F10');
  assert.equal(await desk.evaluate(() => document.activeElement.closest('[role=toolbar]')?.getAttribute('aria-label')), 'Formatting');
  await desk.keyboard.press('End');
  for (let n = 0; n < 3; n++) await desk.keyboard.press('ArrowLeft');
  assert.equal(await desk.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Table');
  assert.equal(await desk.locator('.writer [role=toolbar] button[tabindex="0"]').count(), 1);
  await desk.keyboard.press('Enter');
  for (const cell of ['Glaze', 'Degrees', 'Hours', 'Ash', '1280', '12']) {
    await desk.keyboard.type(cell);
    await desk.keyboard.press('Tab');
  }
  await desk.keyboard.press('Control+Enter');
  await desk.keyboard.type('Then wait');
  await until('the draft is stored', async () => (await stored(id)).body.includes('Then wait'));
  assert.equal((await stored(id)).body, '<h2 id="before-you-start">Before you start</h2><p>Put on <strong>gloves</strong>.</p><table><thead><tr><th>Glaze</th><th>Degrees</th><th>Hours</th></tr></thead>'
    + '<tbody><tr><td>Ash</td><td>1280</td><td>12</td></tr><tr><td></td><td></td><td></td></tr></tbody></table><p>Then wait</p>');
  await desk.locator('#saved', { hasText: 'Draft saved.' }).waitFor();
  // A link by its key, and its box.
  await desk.keyboard.press('Shift+Control+ArrowLeft');
  await desk.keyboard.press('Control+Shift+K');
  const box = desk.locator('dialog[open]');
  await box.getByLabel('Address').fill('javascript:alert(1)');
  await desk.keyboard.press('Enter');
  await box.getByRole('alert').waitFor();
  await sound(desk, 'the box of a link');
  await box.getByLabel('Address').fill('kiln.example/help');
  await desk.keyboard.press('Enter');
  await until('the link is stored', async () => (await stored(id)).body.includes('<a href="https://kiln.example/help">wait</a>'));
  await text.locator('td').first().click();
  await desk.getByRole('toolbar', { name: 'Table' }).waitFor();
  await sound(desk, 'an article is written');
  await screenshot(desk, 'article-write');
  await desk.locator('#beside').selectOption('preview');
  await desk.locator('.articles-side table').waitFor();
  assert.equal((await answerTo(desk, 'POST', /\/texts\/en$/, () => desk.getByRole('button', { name: 'Publish', exact: true }).click())).status(), 201);
  await desk.getByText('Version 1 is published').waitFor();
  const reader = await openPage({ session: w.member });
  await reader.goto(`/kb/${id}`);
  await reader.locator('td', { hasText: '1280' }).waitFor();
  await clean(reader);
  await desk.locator('summary', { hasText: 'What readers say' }).click();
  await desk.getByText('Helpful: 0, not helpful: 0').waitFor();
  // What was live before comes back, after a look at what is different.
  await ok(w.agent, 'PATCH', `/api/articles/${id}/texts/en`, { title: 'How to open the kiln', body: '<p>Put on thick gloves.</p>', format: 'html', publish: true });
  await desk.reload();
  await desk.locator('summary', { hasText: 'History' }).click();
  await desk.locator('.articles-diff ins', { hasText: 'thick' }).waitFor();
  await sound(desk, 'the history');
  await screenshot(desk, 'article-history');
  await desk.getByRole('button', { name: 'Make version 1 the draft' }).click();
  await text.locator('table').waitFor();
  assert.ok((await stored(id)).body.includes('1280'));
  assert.ok(!(await stored(id, 'live')).body.includes('1280'));
  // Who does not find it.
  await ok(w.agent, 'PATCH', `/api/articles/${id}`, { audience: { level: 'signed_in', roles: ['main_user'] } });
  await desk.goto('/agent/kb');
  await desk.locator('summary', { hasText: 'View as somebody else' }).click();
  await desk.locator('#as-role').selectOption('member');
  await desk.getByRole('button', { name: 'Look', exact: true }).click();
  await desk.locator('.articles-tree > li', { hasText: 'Kilns' }).getByText('0 articles').waitFor();
  await sound(desk, 'as somebody else');
  await screenshot(desk, 'articles-as');
  await clean(desk);
});

test('K3: two write on one article: both texts are shown, and none is lost', async () => {
  const { id } = await make({ title: 'Glaze', body: '<p>One</p>' });
  const desk = await openPage({ session: w.agent });
  desk.expected.push(/409/);
  await desk.goto(`/agent/kb/${id}`);
  const text = desk.getByRole('textbox', { name: 'Text' });
  await text.waitFor();
  await ok(w.admin, 'PATCH', `/api/articles/${id}/texts/en`, { title: 'Glaze', body: '<p>One of theirs</p>', format: 'html', was: 1 });
  await text.focus();
  await desk.keyboard.press('Control+End');
  await desk.keyboard.type(' of mine');
  const box = desk.locator('dialog.compare');
  await box.waitFor();
  await sound(desk, 'the compare box');
  await screenshot(desk, 'article-compare');
  assert.equal((await stored(id)).body, '<p>One of theirs</p>', 'nothing is overwritten before');
  await box.getByRole('button', { name: 'Keep mine' }).click();
  await until('mine is stored', async () => (await stored(id)).body === '<p>One of mine</p>');
  await desk.locator('.articles-put', { hasText: 'One of theirs' }).waitFor();
  await desk.getByRole('button', { name: 'Take this one instead' }).click();
  await until('theirs is stored', async () => (await stored(id)).body === '<p>One of theirs</p>');
  await desk.locator('.articles-put', { hasText: 'One of mine' }).waitFor();
  // The network is gone, the page too: what was written is there again.
  await desk.context().setOffline(true);
  desk.expected.push(/ERR_INTERNET_DISCONNECTED/);
  await text.focus();
  await desk.keyboard.press('Control+End');
  await desk.keyboard.type(' offline');
  await desk.locator('#saved', { hasText: 'can’t be reached' }).waitFor();
  const context = desk.context();
  await desk.close();
  await context.setOffline(false);
  const again = await context.newPage();
  await again.goto(`/agent/kb/${id}`);
  await again.getByText('What you wrote last had not been saved').waitFor();
  await until('it is stored', async () => (await stored(id)).body === '<p>One of theirs offline</p>');
  assert.deepEqual(complaints(desk), []);
  await context.close();
});

test('K3: what is written while a draft is on its way is stored too; a link leads to another article', async () => {
  const other = await make({ title: 'Zirconium glaze', body: '<p>x</p>', publish: true });
  const { id } = await make({ title: 'Way', body: '<p>One</p>' });
  const desk = await openPage({ session: w.agent });
  await desk.goto(`/agent/kb/${id}`);
  const text = desk.getByRole('textbox', { name: 'Text' });
  await text.focus();
  let release, held = new Promise((done) => { release = done; });
  const under = new Promise((way) => desk.route('**/texts/en', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    way();
    await held;
    return route.continue();
  }));
  await desk.keyboard.press('Control+End');
  await desk.keyboard.type(' two');
  await under;
  await desk.keyboard.type(' three');
  // As where the page goes away and comes back.
  await desk.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  release();
  await until('both are stored', async () => (await stored(id)).body === '<p>One two three</p>');
  assert.equal(await desk.locator('dialog[open]').count(), 0);
  await until('nothing is left here', () => desk.evaluate(() => !Object.keys(localStorage).some((k) => k.startsWith('article:'))));
  await desk.keyboard.press('Shift+Control+ArrowLeft');
  await desk.keyboard.press('Control+Shift+K');
  const box = desk.locator('dialog[open]');
  await box.getByRole('combobox').pressSequentially('Zircon');
  await box.getByRole('option', { name: 'Zirconium glaze' }).waitFor();
  await desk.keyboard.press('Enter');
  await until('the link is stored', async () => (await stored(id)).body === `<p>One two <a href="/kb/a/${other.key}">three</a></p>`);
  await clean(desk);
});

test('K2: pictures and files are brought by keys, by pasting and by dropping, and say what they show', async () => {
  const { id } = await make({ title: 'Valves', body: '<p>Look here</p>' });
  const desk = await openPage({ session: w.agent });
  desk.expected.push(/413|422/);
  await desk.goto(`/agent/kb/${id}`);
  const text = desk.getByRole('textbox', { name: 'Text' });
  await text.focus();
  await desk.keyboard.press('Control+End');
  await desk.keyboard.press('Alt+F10');
  for (let n = 0; n < 6; n++) await desk.keyboard.press('ArrowRight');
  const choosing = desk.waitForEvent('filechooser');
  await desk.keyboard.press('Enter');
  const box = desk.locator('dialog[open]');
  await box.getByText('25 MB').or(box.getByText(/\d+ MB each at most/)).first().waitFor();
  await box.getByRole('button', { name: 'Choose files' }).press('Enter');
  let cut = true;
  await desk.context().route('**/api/files/*', (route) => (cut && route.request().method() === 'PATCH' ? route.fulfill({ status: 413, contentType: 'application/problem+json', body: '{"code":"file-too-large"}' }) : route.continue()));
  await (await choosing).setFiles([{ name: 'valve.png', mimeType: 'image/png', buffer: png(300, 200) }, { name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('a valve') }]);
  await box.getByText('This file is too large').first().waitFor();
  await box.getByRole('button', { name: 'Put in the text' }).click();
  await box.getByText('Wait until all files are there').waitFor();
  for (const name of ['valve.png', 'list.txt']) await box.getByRole('button', { name: `Remove ${name}` }).click();
  cut = false;
  await box.locator('input[type=file]').setInputFiles([{ name: 'valve.png', mimeType: 'image/png', buffer: png(300, 200) }, { name: 'list.txt', mimeType: 'text/plain', buffer: Buffer.from('a valve') }]);
  await box.locator('[data-state=done]').nth(1).waitFor();
  await box.getByRole('button', { name: 'Put in the text' }).click();
  await box.getByText('Say what it shows').waitFor();
  await sound(desk, 'a picture without words');
  await screenshot(desk, 'article-files');
  await desk.keyboard.type('A red valve');
  await box.getByLabel('Text below the picture (optional)').fill('Turn it left');
  await desk.keyboard.press('Enter');
  await box.waitFor({ state: 'detached' });
  await until('both are stored', async () => /<figure><img alt="A red valve" height="200" src="\/kb\/f\/[a-z0-9]+" width="300"\/><figcaption>Turn it left<\/figcaption><\/figure>.*<a href="\/kb\/f\/[a-z0-9]+">list\.txt<\/a>/.test((await stored(id)).body));
  assert.equal(await text.locator('figure img').evaluate((img) => img.decode().then(() => img.naturalWidth)), 300);
  // Pasted, as a picture of the screen is.
  await text.focus();
  await desk.keyboard.press('Control+Home');
  await give(desk, '.ProseMirror', 'paste', 'shot.png', png(40, 30));
  await box.locator('[data-state=done]').waitFor();
  await box.getByLabel('It only decorates').check();
  await box.getByRole('button', { name: 'Put in the text' }).click();
  await until('it is stored', async () => /<img alt="" height="30"/.test((await stored(id)).body));
  // What a picture shows is said anew where it is chosen; what is shown is not taken away.
  await text.locator('figure img').click();
  await desk.getByRole('button', { name: 'Pictures and files' }).click();
  await box.getByLabel('What does the picture show?').fill('A red valve, closed');
  await desk.keyboard.press('Enter');
  await until('it is stored', async () => (await stored(id)).body.includes('alt="A red valve, closed"'));
  await give(desk, '.ProseMirror', 'drop', 'more.txt', Buffer.from('more'));
  await box.locator('[data-state=done]').waitFor();
  await box.locator('summary', { hasText: '3 files' }).click();
  await box.getByRole('button', { name: 'Delete list.txt' }).click();
  await box.getByText('The text shows it').waitFor();
  await sound(desk, 'files of the article');
  await desk.keyboard.press('Escape');
  await box.waitFor({ state: 'detached' });
  await until('what nobody put in is taken back', async () => (await ok(w.agent, 'GET', '/api/files')).files.length === 0);
  await clean(desk);
});

test('K4: translations stand beside the original, in every language, on a telephone and in the dark', async () => {
  const { id } = await make({ title: 'Clay', body: '<h2>Wet</h2><p>Wet clay</p><aside class="tip"><p>Cover it.</p></aside>', publish: true });
  for (const [lang, width, dark] of [['qps', 390, false], ['ja', 390, true]]) {
    const page = await openPage({ session: w.agent, lang, width, dark });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/agent/kb');
    await page.locator('.make-row a').first().waitFor();
    await sound(page, `the tree, ${lang}`);
    await screenshot(page, `articles-${lang}`);
    await page.goto(`/agent/kb/${id}?lang=sv`);
    await page.locator('.articles-side aside.tip').waitFor();
    await page.locator('.ProseMirror').waitFor();
    await sound(page, `a translation, ${lang}`);
    await screenshot(page, `article-${lang}`);
    if (lang === 'qps') assert.deepEqual((await page.evaluate(untranslated)).filter((s) => !/^[\p{L} ]+$/u.test(s) || s.length > 20), []);
    if (lang === 'ja') {
      await page.locator(`#text-${id}-title`).fill('Lera');
      await page.locator('.ProseMirror').focus();
      await page.keyboard.type('Våt lera');
      await until('the translation is stored', async () => (await stored(id, 'draft', 'sv'))?.body === '<p>Våt lera</p>');
      await answerTo(page, 'POST', /\/texts\/sv$/, () => page.getByRole('button', { name: said(lang, 'articles.publish'), exact: true }).click());
      await ok(w.agent, 'PATCH', `/api/articles/${id}/texts/en`, { title: 'Clay', body: '<p>Wet clay, covered</p>', format: 'html', publish: true });
      await page.reload();
      await page.getByRole('button', { name: said(lang, 'articles.beside.since') }).click();
      await page.locator('.articles-diff ins', { hasText: 'covered' }).waitFor();
      await sound(page, `an outdated translation, ${lang}`);
      await screenshot(page, 'article-outdated');
      await page.goto('/agent/kb?state=outdated');
      await page.getByRole('link', { name: 'Clay' }).waitFor();
    }
    await clean(page);
  }
});
