// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Support under a grant, on every page of a portal: nothing that writes is
// offered, by a menu or a page, and nothing is sent.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { api, get, makeWorld } from '../http/world.mjs';
import { closeBrowser } from '../lib/browser.mjs';
import { root } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

let w, support;
before(async () => {
  w = await makeWorld();
  const grant = (await api(w.chief, 'POST', '/api/access/grants', { scope: 'all', ends_at: new Date(Date.now() + 3_600_000).toISOString(), reason: 'Look' })).json.id;
  const way = new URL((await api(w.agent, 'POST', `/api/grants/${grant}/entries`, { portal: w.portal.town })).json.url);
  const { headers } = await get(way.hostname, way.pathname);
  support = { host: way.hostname, cookie: headers['set-cookie'].find((c) => /^__Host-support=/.test(c)).split(';')[0] };
});
after(closeBrowser);

// Pages that a customer's portal has: the rows of fcgi/routes.c.
const rows = [...readFileSync(`${root}/fcgi/routes.c`, 'utf8').matchAll(/GET,\s*"(\/[^":]*)",\s*CUSTOMER,\s*\w+, PAGE\(/g)].map(([, path]) => path);

// What only looks: searching, filters, copying, another part or preview.
const looks = /^(search|q|scope|look-for|look-lang|checkbox|copy|preview)$/;
const offered = (page) => page.evaluate(() => {
  const kind = (e) => (e.id === 'search' || e.id === 'q' || e.id === 'scope' || /^look-(for|lang)$/.test(e.id) ? e.id
    : e.closest('.list-bar, [role=search]') ? 'q' : e.closest('.bar') ? 'checkbox' : /^Copy/.test(e.textContent) ? 'copy' : e.closest('.look-side') ? 'preview' : `${e.tagName} ${e.id} ${e.textContent.slice(0, 40)}`);
  return [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary, a[href^="/tickets/new"]')]
    .filter((e) => e.checkVisibility() && !e.disabled && !e.closest('.support-bar, summary, form[action="/preferences"]') && !e.querySelector('.avatar')).map(kind);
});

test('G3: every page only shows', async () => {
  assert.ok(rows.length > 14, rows.join(' '));
  const page = await openPage({ session: support });
  page.expected.push(/status of 40[34]/);
  const sent = [];
  page.on('request', (r) => { if (r.method() !== 'GET') sent.push(`${r.method()} ${r.url()}`); });
  for (const path of ['/', ...rows]) {
    const answer = await page.goto(path);
    if (answer.status() !== 200) {
      assert.ok([403, 404].includes(answer.status()), `${path}: ${answer.status()}`);
      continue;
    }
    await settled(page);
    await page.locator('h1').first().waitFor();
    await page.locator('details.menu summary').click();
    assert.deepEqual((await offered(page)).filter((what) => !looks.test(what)), [], path);
    assert.equal(await page.locator('details.menu a[href="/me"], details.menu a[href^="/tickets/new"]').count(), 0, path);
  }
  await page.goto('/me');
  await sound(page, 'a profile that can\'t be changed here');
  assert.deepEqual(sent, []);
  assert.deepEqual(complaints(page), []);
});

test('G3, G4: support is told what it does not see, the account in words what support read', async () => {
  const page = await openPage({ session: support });
  await page.goto('/tickets');
  await page.getByText(said('en', 'portal.list.support')).waitFor();
  assert.ok((await page.locator('.support-bar').innerText()).includes(`Town ${w.mark} (Town portal ${w.mark})`));
  await sound(page, 'no tickets for support');
  await page.goto('/admin/settings');
  await page.getByText(said('en', 'settings.reads')).waitFor();
  assert.equal(await page.getByText(said('en', 'settings.only_tenant')).count(), 0);
  await page.goto('/admin/people');
  await page.locator('h1').waitFor();
  await settled(page);
  const record = (await api(w.chief, 'GET', '/api/access/log')).json.items;
  assert.ok(record.some((i) => i.page === '/api/invitations'), 'the record keeps it');

  const chief = await openPage({ session: w.chief });
  await chief.goto('/admin/access');
  const line = chief.locator('.trow', { hasText: '/admin/people' }).first();
  await line.waitFor();
  assert.ok((await line.innerText()).startsWith(`Read: People (Town portal ${w.mark})`), await line.innerText());
  assert.equal(await chief.locator('.trow', { hasText: /\/api\/(people|invitations)/ }).count(), 0, 'within its page');
  await sound(chief, 'the record');
  assert.deepEqual([...complaints(page), ...complaints(chief)], []);
});
