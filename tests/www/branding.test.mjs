// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Branding (journey 24), from a file and three colours to the published page and
// the mail's sender: the preview shows it before anybody else, yellow and black
// stay readable, the second tenant stays as it was.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { mails } from '../lib/mails.mjs';
import { png, svg } from '../lib/pictures.mjs';
import { text } from '../lib/texts.mjs';
import { answerTo, complaints, openPage, sound } from './browse.mjs';

after(closeBrowser);

const file = (name, buffer) => ({ name, mimeType: 'application/octet-stream', buffer });
const logo = file('logo.svg', svg('<rect width="80" height="20" fill="#0b7285"/>'));
// What a reader sees of a place: colours and corners as computed.
const seen = (page, selector) => page.locator(selector).first().evaluate((e) => {
  const s = getComputedStyle(e);
  return { ground: s.backgroundColor, text: s.color, corner: s.borderTopLeftRadius };
});
const ratio = (page, selector) => page.locator(selector).first().evaluate((e) => {
  const ctx = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const light = (colour) => {
    ctx.fillStyle = colour;
    ctx.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...ctx.getImageData(0, 0, 1, 1).data].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const s = getComputedStyle(e);
  const [a, b] = [light(s.color), light(s.backgroundColor)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
});

for (const lang of ['en', 'ja']) {
  test(`T2: a portal gets its look, in ${lang}`, async () => {
    const [w, other] = [await makeWorld({ locale: { town: lang } }), await makeWorld()];
    const t = (key) => text(lang, key);
    const before = await openPage({ host: other.host.town });
    await before.goto('/');
    const theirs = await seen(before, '.hero.band');

    const page = await openPage({ session: w.chief, lang });
    await page.goto(`/admin/branding?portal=${w.portal.town}`);
    await sound(page, 'branding');
    await page.locator('#look-logo').setInputFiles(file('x.svg', svg('<script>alert(1)</script>')));
    page.expected.push(/422/);
    await page.locator('#look-logo-fault').waitFor();
    assert.match(await page.locator('#look-logo-fault').textContent(), /script/);
    await sound(page, 'branding, a refused file');
    await page.locator('#look-logo').setInputFiles(logo);
    await page.locator('.look .logo').first().waitFor();
    await page.locator('#look-favicon').setInputFiles(file('icon.png', png(64, 64)));
    await page.locator('.look-tab img').waitFor();
    await page.locator('#look-name').fill(`Nordlicht ${w.mark}`);
    await page.locator('#look-mail_name').fill(`Nordlicht Hilfe ${w.mark}`);
    await page.locator('#look-headline').fill(`Moin ${w.mark}`);
    for (const colour of ['#ffff00', '#000000', '#c2410c']) {
      await page.locator('#look-brand').fill(colour);
      await page.locator('#look-brand_bg').fill(colour);
      for (const dark of ['dark', 'light']) {
        await page.getByRole('button', { name: t(`branding.preview.${dark}`), exact: true }).click();
        assert.ok(await ratio(page, '.look .hero.band') >= 4.5, `${colour}: text on the band, ${dark}`);
        await page.getByRole('button', { name: t('branding.preview.ticket'), exact: true }).click();
        assert.ok(await ratio(page, '.look .btn-primary') >= 4.5, `${colour}: a button's text, ${dark}`);
        await page.getByRole('button', { name: t('branding.preview.home'), exact: true }).click();
      }
    }
    await page.locator('#look-round-2').check();
    const promised = { band: await seen(page, '.look .hero.band'), button: await seen(page, '.look .hero .btn-solid'),
      logo: await page.locator('.look .logo').first().getAttribute('src'), icon: await page.locator('.look-tab img').getAttribute('src') };
    await sound(page, 'branding, changed');

    // Nobody sees it before it is published.
    const reader = await openPage({ host: w.host.town, lang });
    await reader.goto('/');
    assert.notDeepEqual(await seen(reader, '.hero.band'), promised.band);
    await page.getByRole('button', { name: t('branding.publish'), exact: true }).click();
    await page.locator('.toast', { hasText: t('branding.published') }).waitFor();
    await reader.goto('/');
    assert.deepEqual({ band: await seen(reader, '.hero.band'), button: await seen(reader, '.hero .btn-solid'),
      logo: await reader.locator('.top .logo').getAttribute('src'), icon: await reader.locator('link[rel=icon]').getAttribute('href') }, promised, 'the preview kept its word');
    assert.match(await reader.title(), new RegExp(`Nordlicht ${w.mark}$`));
    assert.equal(await reader.locator('h1').textContent(), `Moin ${w.mark}`);
    assert.equal(await reader.locator('meta[name=theme-color]').getAttribute('content'), '#c2410c');
    assert.ok(await reader.locator('.top .logo').evaluate((e) => e.complete && e.naturalWidth > 0), 'the logo shows');
    await sound(reader, 'the published home page');
    await screenshot(page, `branding-${lang}`);
    await screenshot(reader, `branding-published-${lang}`);
    await before.goto('/');
    assert.deepEqual(await seen(before, '.hero.band'), theirs, 'the second tenant is as it was');

    // Mail comes from there.
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title: `Look ${w.mark}`, description: 'x' })).json;
    const since = Date.now();
    await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'An answer.' });
    const [mail] = await mails({ to: w.people.member.email, since, about: `Look ${w.mark}` });
    assert.ok(mail.headers.from.includes(`Nordlicht Hilfe ${w.mark}`), mail.headers.from);

    await page.locator('.toast').getByRole('button', { name: t('branding.undo'), exact: true }).click();
    await page.locator('.toast', { hasText: t('branding.undone') }).waitFor();
    const { json } = await api(w.chief, 'GET', `/api/look?portal=${w.portal.town}`);
    assert.deepEqual(json.own, {});

    // The hardest colours, published: readable, as the preview was.
    for (const colour of ['#ffff00', '#000000']) {
      await page.locator('#look-brand').fill(colour);
      await page.locator('#look-brand_bg').fill(colour);
      const shown = await seen(page, '.look .hero.band');
      await answerTo(page, 'PATCH', /^\/api\/look$/, () => page.getByRole('button', { name: t('branding.publish'), exact: true }).click());
      await reader.reload();
      assert.deepEqual(await seen(reader, '.hero.band'), shown, colour);
      for (const colorScheme of ['dark', 'light']) {
        await reader.emulateMedia({ colorScheme });
        for (const place of ['.hero.band', '.hero .btn-solid']) assert.ok(await ratio(reader, place) >= 4.5, `${colour}: ${place}, ${colorScheme}`);
      }
      await sound(reader, `published, ${colour}`);
      await screenshot(reader, `branding-${colour.slice(1)}-${lang}`);
    }
    await before.goto('/');
    assert.deepEqual(await seen(before, '.hero.band'), theirs, 'the second tenant is as it was');
    assert.deepEqual([...complaints(page), ...complaints(reader)], []);
  });
}

test('T2: the portal one stands on is chosen; for all portals those are named that keep their own', async () => {
  const w = await makeWorld({ only: ['chief'] });
  await api(w.chief, 'PATCH', `/api/look?portal=${w.portal.school}`, { brand: '#c2410c' });
  const page = await openPage({ session: w.chief });
  await page.goto('/admin/branding');
  await page.locator('#look-name').waitFor();
  assert.equal(await page.locator('#look-for').inputValue(), String(w.portal.town));
  assert.equal(await page.locator('#look-for-keep').count(), 0);
  await page.locator('#look-for').selectOption('');
  await page.locator('#look-for-keep').waitFor();
  assert.ok((await page.locator('#look-for-keep').textContent()).includes(`School ${w.mark}`));
  await sound(page, 'branding of all portals');
  await page.reload();
  await page.locator('#look-for-keep').waitFor();
  await api(w.chief, 'PATCH', `/api/look?portal=${w.portal.school}`, { brand: null });
  assert.deepEqual((await api(w.chief, 'GET', '/api/look')).json.below, [], 'nothing is set any more');
  assert.deepEqual(complaints(page), []);
});

test('T5: identifiers are copied by keyboard, and it is said', async () => {
  const w = await makeWorld({ only: ['member'] });
  const page = await openPage({ session: w.member });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/portal/identifiers');
  await sound(page, 'identifiers');
  const copy = page.getByRole('button', { name: 'Portal id: copy' });
  await copy.focus();
  await page.keyboard.press('Enter');
  await page.locator('[role=status]', { hasText: 'Portal id: copied' }).waitFor({ state: 'attached' });
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), String(w.portal.town));
  await page.getByRole('button', { name: 'Copy all' }).click();
  const all = await page.evaluate(() => navigator.clipboard.readText());
  for (const part of [w.portal.town, w.id.town, `https://${w.host.town}:`, `Town portal ${w.mark}`]) assert.ok(all.includes(String(part)));
  assert.deepEqual(complaints(page), []);
});
