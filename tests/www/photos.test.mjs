// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A photo on one's profile: chosen, in the menu and beside one's words, gone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { closeBrowser } from '../lib/browser.mjs';
import { png } from '../lib/pictures.mjs';
import { answerTo, complaints, openPage, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld(); });
after(closeBrowser);

test('chosen, shown, removed', async () => {
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: `Boiler ${w.mark}`, description: 'It drips.' })).json;
  const page = await openPage({ session: w.member });
  page.expected.push(/422/);
  await page.goto('/me');
  const choose = async (file) => {
    const [dialog] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Choose a photo' }).click()]);
    return answerTo(page, 'POST', /^\/api\/me\/photo$/, () => dialog.setFiles(file));
  };
  assert.equal((await choose({ name: 'x.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') })).status(), 422);
  await page.getByRole('alert').filter({ hasText: 'not a picture that can be used' }).waitFor();
  // More pixels than the server takes: the browser sends its middle.
  const made = await choose({ name: 'me.png', mimeType: 'image/png', buffer: png(4000, 3000, [90, 130, 60]) });
  assert.equal(made.status(), 201);
  const shown = (scope) => page.locator(`${scope} img.avatar`).evaluate((i) => i.decode().then(() => i.naturalWidth));
  assert.equal(await shown('.menu summary'), 192);
  assert.equal(await shown('main'), 192);
  await sound(page, 'a photo');
  await page.goto(`/t/${number}`);
  await page.getByText('It drips.').waitFor();
  assert.equal(await page.locator('.thread li:first-child > img.avatar').evaluate((i) => i.decode().then(() => i.alt)), '');
  await sound(page, 'a ticket with a photo');
  await page.goto('/me');
  await answerTo(page, 'DELETE', /^\/api\/me\/photo$/, () => page.getByRole('button', { name: 'Remove photo' }).click());
  await page.locator('.menu summary span.avatar').waitFor();
  assert.equal(await page.locator('img.avatar').count(), 0);
  assert.deepEqual(complaints(page), []);
});
