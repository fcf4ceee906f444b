// SPDX-License-Identifier: AGPL-3.0-or-later
//
// In Firefox ESR: the open pages without scripts (journey 1),
// a new ticket with its questions and files (journey 8), lists (journey 11).
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { bring } from '../lib/files.mjs';
import { axeFindings, closeFirefox, openFirefox } from '../lib/firefox.mjs';
import { rules } from './browse.mjs';

let w, files, oven;
before(async () => {
  w = await makeWorld({ only: ['member', 'second', 'main', 'admin'] });
  const make = async (path, body) => { const a = await api(w.admin, 'POST', path, body); assert.ok(a.status < 300, a.text); return a.json; };
  const text = (en) => ({ en });
  await make('/api/types', { key: 'problem', labels: text('Something is broken') });
  await make('/api/fields', { key: 'who', kind: 'one_of', labels: text('Who is affected?'), options: [{ key: 'all', labels: text('Everybody') }, { key: 'one', labels: text('One person') }] });
  await make('/api/fields', { key: 'whom', kind: 'person', labels: text('Whom?') });
  await make('/api/fields', { key: 'device', kind: 'facts', labels: text('Your device') });
  await make('/api/types/problem/fields', { field: 'who', required: true });
  await make('/api/types/problem/fields', { field: 'whom', required: true, condition: { all: [{ field: 'who', is: ['one'] }] } });
  await make('/api/types/problem/fields', { field: 'device' });
  oven = await make('/api/articles', { language: 'sv', title: 'Ugnen är kall', body: 'Är **kabeln** i?', audience: { level: 'public' }, publish: true });
  const { url } = await make(`/api/articles/${oven.id}/files`, { file: await bring(w.admin, 'lista.txt', Buffer.from('Kabeln\n')) });
  assert.equal((await api(w.admin, 'PATCH', `/api/articles/${oven.id}/texts/sv`, { title: 'Ugnen är kall', body: `Är **kabeln** i? [Listan](${url})`, publish: true })).status, 200);
  files = mkdtempSync(join(tmpdir(), 'sportello-files-'));
  for (const n of [1, 2, 3]) writeFileSync(join(files, `note-${n}.txt`), `Note ${n}\n`.repeat(1000));
});
after(async () => {
  await closeFirefox();
  rmSync(files, { recursive: true, force: true });
});

const sound = async (page, what) => assert.deepEqual(await axeFindings(page, rules), [], `axe: ${what}`);
async function signIn(page, who) {
  await page.locator('input[type=email]').fill(who.email);
  await page.locator('input[type=password]').fill(who.password);
  await Promise.all([page.waitForNavigation(), page.locator('main button[type=submit]').click()]);
}
const text = (page, words) => page.locator(`::-p-text(${words})`).wait();

test('N1: signing in, and the open pages', async () => {
  const page = await openFirefox({ host: w.host.town });
  for (const path of ['/', '/kb', '/status', '/forgot', '/sign-in']) {
    assert.equal((await page.goto(page.base + path)).status(), 200, path);
    assert.equal((await page.$$('h1')).length, 1, path);
    await sound(page, path);
  }
  await signIn(page, w.people.member);
  await text(page, `Good to see you, ${w.people.member.name}.`);
  await sound(page, 'home');

  // Journey 8: what is asked follows from what is answered.
  await page.goto(`${page.base}/tickets/new`);
  await page.locator('#title').fill('The oven is cold');
  await page.locator('#description').fill('It was warm.');
  await page.waitForSelector('[id="fields.who"]');
  assert.match(await page.$eval('[id="fields.device-browser"]', (e) => e.value), /Firefox/, 'it knows itself');
  await page.locator('form.form button[type=submit]').click();
  await page.waitForSelector('.summary a');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'summary', 'what is missing is told, and has the focus');
  await sound(page, 'what is missing');
  await page.select('[id="fields.who"]', 'one');
  await page.waitForSelector('[id="fields.whom"]');
  await page.type('[id="fields.whom"]', 'Second');
  await page.waitForSelector('[id="fields.whom-list"] [role=option]');
  await sound(page, 'people found');
  await page.keyboard.press('Enter');
  assert.equal(await page.$eval('[id="fields.whom"]', (e) => e.value), w.people.second.name);
  const input = await page.$('input[type=file]');
  await input.uploadFile(...[1, 2, 3].map((n) => join(files, `note-${n}.txt`)));
  await page.waitForFunction(() => document.querySelectorAll('.composer .file, .composer li').length >= 3);
  await page.waitForFunction(() => !document.querySelector('.composer progress'));
  await page.locator('form.form button[type=submit]').click();
  await page.waitForFunction(() => /\/t\/\d+$/.test(location.pathname));
  await text(page, 'note-3.txt');
  await text(page, w.people.second.name);
  await sound(page, 'the ticket');
  assert.deepEqual(page.complaints, []);
});

test('V1: filters, one opened and back, the same in another browser', async () => {
  for (let i = 0; i < 24; i++) {
    await api(i % 2 ? w.member : w.second, 'POST', '/api/tickets', { title: `Lamp ${i}`, description: 'x', type: 'problem', fields: { who: i % 3 ? 'all' : 'one', ...(i % 3 ? {} : { whom: w.people.second.id }) } });
  }
  const enter = async (to) => {
    const page = await openFirefox({ host: w.host.town });
    await page.goto(page.base + to);
    await signIn(page, w.people.main);
    await page.waitForFunction(() => document.querySelector('.list-line') && !document.querySelector('main .skeleton, main [aria-busy=true]'));
    return page;
  };
  const shown = (page) => page.$$eval('.trow-title', (all) => all.map((e) => e.textContent));
  const page = await enter('/tickets?sort=title');
  await page.select('#list-status', 'active');
  await page.waitForFunction(() => location.search.includes('group=active'));
  await page.locator('#list-filters').click();
  await page.locator('.list-filters').wait();
  await sound(page, 'the filters');
  await page.select('#by-requester', String(w.people.member.id));
  await text(page, 'Everybody');
  await page.$$eval('.list-filters label', (all) => all.find((e) => e.textContent === 'Everybody').click());
  await page.locator('.list-filters button[type=submit]').click();
  await page.waitForFunction(() => location.search.includes('fields='));
  await page.waitForFunction((n) => document.querySelectorAll('.trow').length === n, {}, 8);
  const [order, address] = [await shown(page), page.url()];
  assert.deepEqual([...order].sort(), Array.from({ length: 24 }, (_, i) => i).filter((i) => i % 2 && i % 3).map((i) => `Lamp ${i}`).sort());
  await sound(page, 'filtered and sorted');

  await page.setViewport({ width: 1280, height: 400 });
  const y = await page.evaluate(() => { document.querySelectorAll('.trow')[6].scrollIntoView(); return scrollY; });
  assert.ok(y > 100);
  await page.evaluate(() => document.querySelectorAll('.trow')[6].click());
  await page.waitForFunction((title) => document.querySelector('h1')?.textContent.includes(title), {}, order[6]);
  await sound(page, 'one of them');
  await page.evaluate(() => history.back());
  await page.waitForFunction((was) => document.querySelectorAll('.trow').length === 8 && Math.abs(scrollY - was) < 80, {}, y);
  assert.deepEqual([page.url(), await shown(page)], [address, order]);

  // It comes back from signing in as it was asked for.
  const other = await enter(address.slice(page.base.length));
  assert.deepEqual(await shown(other), order);
  assert.deepEqual([...page.complaints, ...other.complaints], []);
});

test('K5, K2, N1: journey 1: the open pages do without scripts', async () => {
  const page = await openFirefox({ host: w.host.town, scripts: false });
  for (const path of ['/', '/status', '/sign-in', '/kb']) assert.equal((await page.goto(page.base + path)).status(), 200, path);
  const on = (act) => Promise.all([page.waitForNavigation(), act()]);
  // In Swedish, by the menu; looked for with a typing error, an article, its file, a word on it, and the way on.
  await page.locator('details.menu summary').click();
  await on(() => page.locator('details.menu button[value=sv]').click());
  assert.equal(await page.$eval('html', (e) => e.lang), 'sv');
  await sound(page, 'the knowledge base');
  await page.type('#kb-q', 'ugnenn kall');
  await on(() => page.keyboard.press('Enter'));
  assert.equal(new URL(page.url()).pathname, '/sv/search');
  await sound(page, 'what was found');
  await on(() => page.locator('.kb-found a').click());
  assert.deepEqual(await page.$$eval('h1, main .prose strong', (all) => all.map((e) => e.textContent)), ['Ugnen är kall', 'kabeln']);
  await sound(page, 'an article');
  const file = await page.$eval('main .prose a', (a) => fetch(a.href).then(async (r) => [r.headers.get('content-disposition'), await r.text()]));
  assert.match(file[0], /^attachment;.*lista\.txt/);
  assert.equal(file[1], 'Kabeln\n');
  await on(() => page.locator('.kb-ask button[value=yes]').click());
  await page.locator('.kb-ask [role=status]').wait();
  await sound(page, 'thanked');
  assert.equal((await api(w.admin, 'GET', `/api/articles/${oven.id}/votes`)).json.helpful, 1);
  await on(() => page.locator('main a.btn').click());
  assert.equal(new URL(page.url()).pathname, '/sign-in');
  await signIn(page, w.people.member);
  await page.waitForFunction(() => /^\/tickets\/new/.test(location.pathname));
});
