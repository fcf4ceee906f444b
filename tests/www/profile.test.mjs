// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One's profile (journey 25): own data, mail, password, every language there is,
// sessions; what was done is on record, and 'sign out everywhere' is at once.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { api, makeSession, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psqlJson } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { languages, said, textsOf } from '../lib/texts.mjs';
import { answerTo, complaints, openPage, settled, sound, writing } from './browse.mjs';

after(closeBrowser);

for (const [lang, width] of [['en', 1280], ['pt', 390]]) {
  const t = (key, values) => said(lang, key, values);

  test(`P4: own data, mail, password, sessions: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member'] });
    const [elsewhere, third] = [await makeSession(w, 'member'), await makeSession(w, 'member')];
    const page = await openPage({ session: w.member, lang, width });
    await page.goto('/');
    await page.locator('details.menu summary').click();
    await page.getByRole('link', { name: t('site.profile') }).click();
    await page.getByLabel(t('me.given'), { exact: true }).waitFor();
    await sound(page, 'profile');
    await page.getByLabel(t('me.given'), { exact: true }).fill(' ');
    page.expected.push(/status of 422/);
    const save = () => answerTo(page, 'PATCH', /^\/api\/me$/, () => page.getByRole('button', { name: t('me.save'), exact: true }).click());
    assert.equal((await save()).status(), 422);
    await sound(page, 'a name is wanted');
    for (const [field, value] of [['given', 'Ada'], ['family', 'Lovelace'], ['job_title', 'Countess'], ['phone', '+44 20 7946 0000']]) await page.getByLabel(t(`me.${field}`), { exact: true }).fill(value);
    await page.getByLabel(t('me.time_zone'), { exact: true }).selectOption('Europe/Rome');
    assert.equal((await save()).status(), 200);
    assert.equal((await answerTo(page, 'PATCH', /^\/api\/me\/mail$/, () => page.getByLabel(t('me.mail.replied'), { exact: true }).uncheck())).status(), 200);
    await page.reload();
    await page.getByLabel(t('me.given'), { exact: true }).waitFor();
    assert.deepEqual([await page.getByLabel(t('me.phone'), { exact: true }).inputValue(), await page.getByLabel(t('me.mail.replied'), { exact: true }).isChecked()], ['+44 20 7946 0000', false]);
    await page.locator('details.menu summary').click();
    await page.locator('.menu b', { hasText: 'Ada Lovelace' }).waitFor();
    await page.locator('details.menu summary').click();
    await screenshot(page, `profile-${lang}`);

    // One other browser out; then the password, which ends the rest.
    const since = Date.now();
    await page.getByRole('button', { name: t('me.session.end') }).first().click();
    await page.getByRole('button', { name: t('me.session.end') }).nth(1).waitFor({ state: 'detached' });
    const still = async () => (await Promise.all([elsewhere, third].map((s) => api(s, 'GET', '/api/me')))).map((a) => a.status).sort();
    assert.deepEqual(await still(), [200, 401]);
    const change = async (old) => {
      await page.getByLabel(t('me.password.old'), { exact: true }).fill(old);
      await page.getByLabel(t('me.password.new'), { exact: true }).fill('another long password');
      return answerTo(page, 'POST', /^\/api\/me\/password$/, () => page.getByRole('button', { name: t('me.password.submit') }).click());
    };
    assert.equal((await change('wrong')).status(), 422);
    await sound(page, 'a wrong password');
    assert.equal((await change(w.people.member.password)).status(), 204);
    await page.getByRole('button', { name: t('me.session.end') }).waitFor({ state: 'detached' });
    assert.deepEqual(await still(), [401, 401]);

    // Out everywhere, at once, in each worker.
    const last = await makeSession(w, 'member');
    assert.equal((await api(last, 'GET', '/api/me')).status, 200);
    await Promise.all([page.waitForURL((url) => url.pathname === '/'), page.getByRole('button', { name: t('me.sessions.end') }).click()]);
    await page.getByRole('banner').getByRole('link', { name: t('site.sign_in') }).waitFor();
    await sound(page, 'signed out');
    const answers = await Promise.all(Array.from({ length: 20 }, () => api(last, 'GET', '/api/me')));
    assert.deepEqual([...new Set(answers.map((a) => a.status))], [401]);

    // It is on record, and the person was told.
    const kinds = await psqlJson('postgres', `select json_agg(distinct kind order by kind) from app.events
      where tenant_id = ${w.tenant} and actor_id = ${w.people.member.id}`);
    assert.deepEqual(kinds, ['person.changed', 'security.password_changed', 'session.closed']);
    assert.ok((await mails({ to: w.people.member.email, since, about: t('mail.security_password_changed.subject') })).length);
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  });
}

test('P8: every language, chosen in the profile: no screen keeps words of another', async () => {
  const w = await makeWorld({ only: ['chief'] });
  const page = await openPage({ session: w.chief });
  // One chosen in the menu before gives way.
  await page.context().addCookies([{ name: 'lang', value: 'en', url: page.base }]);
  const screens = ['/me', '/admin/people', '/admin/access', '/support'];
  const english = {};
  const found = [];
  for (const { tag } of [languages.find((l) => l.tag === 'en'), ...languages.filter((l) => l.tag !== 'en'), { tag: 'en' }]) {
    await page.goto('/me');
    const choice = page.locator('#locale');
    await choice.waitFor();
    await choice.selectOption(tag);
    await page.locator('form', { has: choice }).locator('button[type=submit]').click();
    await page.waitForFunction((lang) => document.documentElement.lang === lang && document.querySelector('#locale')?.value === lang, tag);
    for (const path of screens) {
      if (path !== '/me') await page.goto(path);
      await page.locator('h1').waitFor();
      await settled(page);
      const here = await page.evaluate(writing);
      assert.ok(here.length > 4, `${tag} ${path} says ${here}`);
      if (!english[path]) english[path] = new Set(here);
      else if (tag !== 'en') found.push(...here.filter((s) => english[path].has(s) && !textsOf(tag, 'en').has(s)).map((s) => `${tag} ${path}: ${s}`));
    }
  }
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en', 'and back');
  assert.deepEqual([...found, ...complaints(page)], []);
});
