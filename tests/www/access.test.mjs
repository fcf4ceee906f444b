// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Support access (journey 22): an administrator lets support into one
// sub-portal until tomorrow, an agent comes in and reads, the account sees it
// at once, ends it, and the agent is out.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { api, session } from '../lib/http.mjs';
import { person, port } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { said, text } from '../lib/texts.mjs';
import { complaints, openPage, sound } from './browse.mjs';

after(closeBrowser);

const chief = person({ email: 'franco.moretti@bellariva.example' });
const agent = person({ tenant: chief.tenant, email: 'nils.holm@nattjour.example' });
const sub = 'congressi.localhost';

// Up to its first placeholder.
const begins = (lang, key) => text(lang, key).split('{')[0].trim();
async function at(who, lang, options) {
  const page = await openPage({ session: await session(who), lang, ...options });
  await page.context().addCookies([{ name: 'lang', value: lang, url: `https://${who.host}:${port.https}` }, { name: 'lang', value: lang, url: `https://${sub}:${port.https}` }]);
  return page;
}
async function endAll(who = chief) {
  const s = await session(who);
  const now = (await api(s, 'GET', '/api/access')).json;
  for (const g of now.grants) await api(s, 'DELETE', `/api/access/grants/${g.id}`);
  for (const r of now.requests) await api(s, 'POST', `/api/access/requests/${r.id}/refusal`);
}

for (const [lang, width] of [['en', 1280], ['sv', 390]]) {
  test(`G1, G3, G4: let in for one portal, read, ended: ${lang}, ${width} px`, async () => {
    await endAll();
    const why = `Licences ${randomBytes(4).toString('hex')}`;
    const page = await at(chief, lang, { width });
    await page.goto('/admin/access');
    await page.getByRole('heading', { level: 1, name: said(lang, 'access.title') }).waitFor();
    await sound(page, 'nothing is open');
    await page.getByRole('switch').click();
    await page.getByLabel(said(lang, 'access.scope.some')).check();
    const portal = page.getByRole('checkbox').first();
    await portal.check();
    // Nothing is sent before a reason is given.
    await page.getByRole('button', { name: said(lang, 'access.open'), exact: true }).last().click();
    await page.locator('#new-reason-fault').waitFor();
    await sound(page, 'a field is missing');
    await page.locator('#new-reason').fill(why);
    assert.equal(await page.locator('#new-end').inputValue(), 'tomorrow');
    await screenshot(page, `access-form-${lang}`);
    await page.getByRole('button', { name: said(lang, 'access.open'), exact: true }).last().click();
    await page.getByRole('heading', { level: 2, name: begins(lang, 'access.until') }).waitFor();
    assert.equal(await page.getByRole('switch').getAttribute('aria-checked'), 'true');
    await sound(page, 'open');
    await screenshot(page, `access-open-${lang}`);

    // The agent, at the desk: one click.
    const desk = await at(agent, lang);
    await desk.goto('/agent/access');
    await desk.getByText(why).waitFor();
    await sound(desk, 'what is open, at the desk');
    await screenshot(desk, `access-desk-${lang}`);
    const card = desk.locator('section.card', { hasText: why });
    assert.equal(await card.getByRole('listitem').count(), 1, 'one portal');
    const [inside] = await Promise.all([desk.context().waitForEvent('page'), card.getByRole('listitem').getByRole('button').click()]);
    await inside.waitForURL(`https://${sub}:${port.https}/`);
    await inside.setViewportSize({ width, height: 800 });
    const bar = inside.locator('.support-bar');
    await bar.getByText(why).waitFor();
    assert.ok((await bar.innerText()).includes(begins(lang, 'support.here')));
    await sound(inside, 'inside');
    await screenshot(inside, `access-inside-${lang}`);
    await inside.goto(`https://${sub}:${port.https}/tickets/new`);
    await inside.getByText(said(lang, 'err.support-reads-only.do')).waitFor();
    await sound(inside, 'nothing to write with');

    // The account reads along, and ends it.
    await page.locator('.trow', { hasText: '/tickets/new' }).first().waitFor({ timeout: 4000 });
    await screenshot(page, `access-log-${lang}`);
    await sound(page, 'the record');
    await page.getByRole('button', { name: said(lang, 'access.end_now') }).click();
    await page.getByText(said(lang, 'access.is_off')).waitFor();
    inside.once('console', () => {});
    await inside.goto(`https://${sub}:${port.https}/tickets`);
    await inside.getByRole('heading', { level: 1, name: said(lang, 'err.support-ended') }).waitFor();
    await sound(inside, 'it has ended');
    await screenshot(inside, `access-ended-${lang}`);
    await desk.reload();
    await desk.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await desk.getByText(why).count(), 0);
    assert.deepEqual([...complaints(page), ...complaints(desk)], []);
    await page.context().close();
    await desk.context().close();
  });
}

test('G1: asked from a ticket, narrowed, entered', async () => {
  // An account whose requests come to the desk first.
  const asked = person({ tenant: chief.tenant, role: 'account_admin', email: 'sofia.lind@post.example' });
  await endAll(asked);
  const since = Date.now();
  const why = `May I look ${randomBytes(4).toString('hex')}`;
  const s = await session(asked);
  const { number } = (await api(s, 'POST', '/api/tickets', { title: `Lines ${why}`, description: 'x' })).json;
  const desk = await at(agent, 'en');
  await desk.goto(`/agent/t/${number}`);
  await desk.getByRole('button', { name: said('en', 'access.ask') }).click();
  await desk.locator('#ask-reason').fill(why);
  await sound(desk, 'asking');
  await screenshot(desk, 'access-ask');
  await desk.getByRole('button', { name: said('en', 'access.ask.send') }).click();
  await desk.getByText(said('en', 'access.state.open')).waitFor();
  const [mail] = await mails({ to: asked.email, since, about: `#${number}` });
  assert.ok(mail.text.includes('/admin/access'));

  const page = await at(asked, 'it', { width: 390 });
  await page.goto('/admin/access');
  const card = page.locator('section.card', { hasText: why });
  await card.waitFor();
  await sound(page, 'asked for');
  await screenshot(page, 'access-asked-it');
  await card.getByLabel(said('it', 'access.scope.some')).check();
  await card.getByRole('checkbox').first().check();
  await card.getByRole('button', { name: said('it', 'access.approve'), exact: true }).click();
  await page.getByRole('button', { name: said('it', 'access.end_now') }).waitFor();
  await desk.reload();
  await desk.getByRole('button', { name: begins('en', 'access.enter') }).waitFor();
  await sound(desk, 'let in, beside the ticket');
  await screenshot(desk, 'access-ticket');
  await endAll(asked);
  assert.deepEqual([...complaints(page), ...complaints(desk)], []);
});

test('the tenant sets its own product', async () => {
  const boss = person({ tenant: chief.tenant, role: 'tenant_admin' });
  const page = await at(boss, 'de');
  page.expected.push(/status of 422/);
  await page.goto('/agent/access');
  await page.getByRole('link', { name: said('de', 'access.hook.title') }).click();
  await page.getByRole('heading', { level: 1, name: said('de', 'access.hook.title') }).waitFor();
  await sound(page, 'no webhook');
  await page.locator('#hook-url').fill('http://product.example');
  await page.getByRole('button', { name: said('de', 'access.hook.save'), exact: true }).click();
  await page.locator('#hook-fault').waitFor();
  await sound(page, 'not https');
  await page.locator('#hook-url').fill('https://127.0.0.1/hook');
  await page.getByRole('button', { name: said('de', 'access.hook.save'), exact: true }).click();
  await page.getByText(/^whsec_/).waitFor();
  await page.getByRole('button', { name: said('de', 'access.hook.test') }).click();
  await page.getByText('webhook.test').first().waitFor();
  await page.setViewportSize({ width: 390, height: 800 });
  await sound(page, 'a message waits');
  await screenshot(page, 'access-webhook-de');
  assert.deepEqual([...complaints(page)], []);
});
