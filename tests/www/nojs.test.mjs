// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Without JavaScript: what the server's pages do by themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser } from '../lib/browser.mjs';
import { makeWorld } from '../http/world.mjs';
import { psql } from '../lib/instance.mjs';
import { openPage, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent'] }); });
after(closeBrowser);

const cookie = async (page, name) => (await page.context().cookies()).find((c) => c.name === name);

test('signing in and out', async () => {
  const page = await openPage({ host: w.host.town, javaScript: false });
  await page.goto('/');
  await page.getByRole('heading', { level: 1, name: 'How can we help you?' }).waitFor();
  await page.getByRole('banner').getByRole('link', { name: 'My tickets' }).click();
  assert.equal(new URL(page.url()).pathname, '/sign-in');
  await page.getByLabel('E-mail address').fill(w.people.member.email);
  await page.getByLabel('Password').fill('not this one');
  const [refused] = await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST'),
    page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()]);
  assert.equal(refused.status(), 401);
  await page.getByRole('alert').getByText('That did not work').waitFor();
  assert.equal(await page.getByLabel('E-mail address').inputValue(), w.people.member.email);
  assert.equal(await page.getByLabel('Password').inputValue(), '');
  await page.getByLabel('Password').fill(w.people.member.password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  // To where they wanted to go, which says that it needs JavaScript.
  await page.waitForURL('**/tickets');
  assert.match(await page.locator('noscript').innerText(), /This page needs JavaScript/);
  const session = await cookie(page, '__Host-sid');
  assert.deepEqual([session.httpOnly, session.secure, session.sameSite, session.path], [true, true, 'Lax', '/']);

  await page.getByRole('contentinfo').getByRole('link', { name: 'Home' }).click();
  await page.getByText(`Good to see you, ${w.people.member.name}.`).waitFor();
  await page.getByRole('heading', { name: 'Recent tickets' }).waitFor();
  await page.locator('.menu summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
  assert.equal(await cookie(page, '__Host-sid'), undefined);
  await page.goto('/tickets');
  assert.equal(new URL(page.url()).pathname, '/sign-in');
  await page.context().close();
});

test('P7: whom to ask without a login', async () => {
  await psql('postgres', `update app.memberships set is_support = true where tenant_id = ${w.tenant} and person_id = ${w.people.member.id}`);
  const page = await openPage({ host: w.host.town, javaScript: false, width: 390 });
  await page.goto('/tickets');
  await page.getByRole('link', { name: 'No login? Whom to ask' }).click();
  await page.getByRole('heading', { level: 1, name: 'Whom to ask' }).waitFor();
  await page.getByRole('listitem').getByText(w.people.member.name).waitFor();
  await page.context().close();
  // The same with everything that axe needs, and where nobody is appointed.
  const scripted = await openPage({ host: w.host.town });
  await scripted.goto('/ask');
  await sound(scripted, 'whom to ask');
  await psql('postgres', `update app.memberships set is_support = false where tenant_id = ${w.tenant} and person_id = ${w.people.member.id}`);
  await scripted.reload();
  await scripted.getByText('Ask the administrator of your organisation').waitFor();
  await sound(scripted, 'nobody to ask');
  await scripted.context().close();
});

test('P6, P8: language and appearance', async () => {
  const page = await openPage({ host: w.host.town, javaScript: false });
  const html = page.locator('html');
  const choose = async (name) => {
    await page.locator('.menu summary').click();
    await page.locator('.menu').getByRole('button', { name, exact: true }).click();
  };
  await page.goto('/sign-in?to=/tickets');
  for (const [name, lang, dir, heading] of [['日本語', 'ja', 'ltr', 'サインイン'], ['Italiano', 'it', 'ltr', 'Accedi'], ['English', 'en', 'ltr', 'Sign in']]) {
    await choose(name);
    await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
    assert.deepEqual([await html.getAttribute('lang'), await html.getAttribute('dir')], [lang, dir]);
    assert.equal(page.url(), `${page.base}/sign-in?to=/tickets`, 'the same page again');
  }
  assert.equal(await html.getAttribute('data-theme'), null);
  const background = () => page.locator('body').evaluate((e) => getComputedStyle(e.parentElement).backgroundColor);
  const light = await background();
  await choose('Dark');
  await page.locator('html[data-theme=dark]').waitFor();
  assert.notEqual(await background(), light);
  await page.goto('/');
  assert.equal(await html.getAttribute('data-theme'), 'dark', 'the server draws it at once');
  await choose('System');
  await page.locator('html:not([data-theme])').waitFor();
  assert.equal(await cookie(page, 'theme'), undefined);
  assert.equal(page.url(), `${page.base}/`);
  await page.context().close();
});

test('the desk leads to the queue and offers no new ticket', async () => {
  for (const javaScript of [false, true]) {
    const page = await openPage({ session: w.agent, javaScript });
    await page.goto('/');
    assert.equal(await page.locator('a[href^="/tickets"]').count(), 0);
    await page.getByRole('banner').getByRole('link', { name: 'Queue' }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Queue' }).click();
    assert.equal(new URL(page.url()).pathname, '/agent');
    if (javaScript) {
      for (const [path, to] of [['/tickets', '/agent'], ['/tickets/new', '/agent'], ['/agent?assignee=me', '/agent']]) {
        await page.goto(path);
        await page.waitForURL((url) => url.pathname === to);
        await page.getByRole('region', { name: 'Queue' }).getByRole('heading', { level: 1 }).waitFor();
      }
    }
    await page.context().close();
  }
});
