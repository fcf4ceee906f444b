// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Files in the pages: refusals, another try, what goes on after a reload; pictures in
// the page, and the list of a ticket's. (Chosen, dropped, pasted: `forms`.)
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { axeFindings, closeBrowser, screenshot, sidewaysOverflow } from '../lib/browser.mjs';
import { bring } from '../lib/files.mjs';
import { psql, until } from '../lib/instance.mjs';
import { png } from '../lib/pictures.mjs';
import { api, makeSession, makeWorld } from '../http/world.mjs';
import { complaints, openPage, rules, sound } from './browse.mjs';

let w, member, agent;
before(async () => { w = await makeWorld({ only: ['member', 'agent', 'admin'] }); });
beforeEach(async () => { [member, agent] = [await makeSession(w, 'member'), await makeSession(w, 'agent')]; });
after(closeBrowser);

const open = async (files, title = 'With a picture') => (await api(member, 'POST', '/api/tickets', { title, description: 'Look.', files })).json.number;
const read = async (number, who = member) => (await api(who, 'GET', `/api/tickets/${number}`)).json;
const input = (page) => page.locator('input[type=file]');
const clean = async (page) => { assert.deepEqual(complaints(page), []); await page.context().close(); };
const file = (name, bytes, mimeType = 'application/octet-stream') => ({ name, mimeType, buffer: Buffer.from(bytes) });

test('N6: what can\'t go is said, and the ticket is not lost with it', async () => {
  await psql('postgres', `insert into app.settings (tenant_id, scope, name, value) values (${w.tenant}, 0, 'file_mb', '1')`);
  const page = await openPage({ session: member });
  page.expected.push(/ERR_FAILED/);
  await page.goto('/tickets/new');
  await page.getByLabel('Title').fill('Too large');
  await page.locator('#description').fill('But the words stay.');
  await input(page).setInputFiles([file('empty.txt', ''), file('large.bin', Buffer.alloc(1_100_000))]);
  await page.getByText('This file is empty.').waitFor();
  await page.getByText('This file is too large').waitFor();
  await sound(page, 'refused files');
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.getByText('Wait until all files are there').waitFor();
  assert.equal(await page.locator('#description').inputValue(), 'But the words stay.');
  // Whoever uses the keys stays where they were.
  const focused = (name) => page.waitForFunction((n) => (document.activeElement.ariaLabel ?? document.activeElement.textContent) === n, name);
  await page.context().route('**/api/files', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await input(page).setInputFiles([file('small.txt', 'abc')]);
  const again = page.getByRole('button', { name: 'Try again: small.txt' });
  await again.waitFor();
  await page.context().unroute('**/api/files');
  await again.press('Enter');
  await focused('Remove small.txt');
  await page.locator('[data-state=done]', { hasText: 'small.txt' }).waitFor();
  await page.getByRole('button', { name: 'Remove empty.txt' }).press('Enter');
  await focused('Remove large.bin');
  await page.keyboard.press('Enter');
  await focused('Remove small.txt');
  await page.keyboard.press('Enter');
  await focused('Add files');
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.waitForURL(/\/t\/\d+$/);
  await psql('postgres', `delete from app.settings where tenant_id = ${w.tenant} and name = 'file_mb'`);
  await clean(page);
});

test('N6: an upload that is cut goes on after a reload', async () => {
  const number = await open();
  const page = await openPage({ session: member });
  page.expected.push(/ERR_FAILED|Failed to load resource/);
  let patches = 0;
  await page.context().route('**/api/files/*', (route) => (route.request().method() === 'PATCH' && ++patches > 1 ? route.abort() : route.continue()));
  await page.goto(`/t/${number}`);
  await page.locator('#write-reply').fill('With a long log');
  const bytes = randomBytes(3_000_000);
  const names = ['long.log', '4.txt', '3.txt', '2.txt', '1.txt'];
  await input(page).setInputFiles([file('long.log', bytes), ...names.slice(1).map((name) => file(name, name))]);
  await until('the first part is there, the second is not', () => patches > 1);
  const kept = Number(await psql('postgres', `select received from app.files where tenant_id = ${w.tenant} and name = 'long.log'`));
  assert.ok(kept > 0 && kept < bytes.length, String(kept));
  await page.context().unroute('**/api/files/*');
  await page.reload();
  await page.locator('[data-state=done]', { hasText: '1.txt' }).waitFor({ timeout: 30_000 });
  assert.deepEqual((await page.locator('.file').allInnerTexts()).map((text) => /[\w.]+/.exec(text)[0]), names, 'in the order in which they were chosen');
  assert.equal(await page.locator('#write-reply').inputValue(), 'With a long log');
  await page.getByRole('button', { name: 'Send reply' }).click();
  await page.locator('.msg').getByRole('link', { name: 'long.log' }).waitFor();
  const f = (await read(number)).files.find((x) => x.name === 'long.log');
  assert.ok((await api(member, 'GET', `/api/tickets/${number}/files/${f.id}`)).body.equals(bytes));
  assert.equal(await psql('postgres', `select count(*) from app.files where tenant_id = ${w.tenant} and name = 'long.log'`), '1', 'no second one was begun');
  await clean(page);
});

test('V2, V4: pictures and the list of a ticket\'s files; a note\'s are the desk\'s', async () => {
  const picture = await bring(member, 'pump.png', Buffer.from(png(640, 400)));
  const page1 = await bring(member, 'page.html', Buffer.from('<html><script>alert(1)</script>'));
  const number = await open([picture, page1]);
  const secret = await bring(agent, 'notes.txt', Buffer.from('secret'));
  await api(agent, 'POST', `/api/tickets/${number}/notes`, { body: 'For us.', files: [secret] });
  for (const [session, path, sees] of [[member, `/t/${number}`, 2], [agent, `/agent/t/${number}`, 3]]) {
    const page = await openPage({ session });
    await page.goto(path);
    const thumb = page.locator('.file-picture img');
    await thumb.waitFor();
    await until('the picture is shown', () => thumb.evaluate((e) => e.naturalWidth === 640));
    assert.equal(await page.getByText('notes.txt').count() > 0, sees === 3);
    await page.locator('.side-files summary').click();
    const listed = page.locator('.side-files .file');
    await listed.nth(sees - 1).waitFor();
    assert.equal(await listed.count(), sees);
    // Who, how large; and to whom both are shown, which the customers see.
    assert.match(await listed.filter({ hasText: 'page.html' }).innerText(), new RegExp(`31.byte[^]+Member ${w.mark}${sees === 3 ? '[^]+Customers see it' : ''}`));
    assert.deepEqual(await page.locator('.side-files [data-vis=internal]').allInnerTexts().then((t) => t.map((x) => /Team only/.test(x))), sees === 3 ? [true] : []);
    await page.locator('.side-files .file-picture img').waitFor();
    await sound(page, 'the files of a ticket');
    await screenshot(page, `files-ticket-${sees}`);
    // By the keys, from the list.
    await page.locator('.side-files').getByRole('button', { name: 'Show pump.png large' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'pump.png' });
    await dialog.getByRole('img', { name: 'pump.png' }).waitFor();
    await sound(page, 'a picture, large');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await clean(page);
  }
});

test('a telephone in Japanese, in the dark, and from right to left', async () => {
  const number = await open([await bring(member, '現場の写真.png', Buffer.from(png(300, 200)))]);
  for (const lang of ['ja', 'qps']) {
    const page = await openPage({ session: member, width: 390, height: 844, dark: true, lang });
    await page.goto(`/t/${number}`);
    await page.locator('.file-picture img').waitFor();
    await input(page).setInputFiles([file('とても長い名前のファイル_2026年11月22日_現場からの報告書_最終版.txt', 'abc')]);
    await page.locator('[data-state=done]').waitFor();
    assert.equal(await sidewaysOverflow(page), null);
    assert.deepEqual((await axeFindings(page, rules)).filter((f) => !/^html-lang-valid:/.test(f)), [], lang);
    await screenshot(page, `files-${lang}`);
    await page.locator('.files').getByRole('button').first().click();
    await clean(page);
  }
});
