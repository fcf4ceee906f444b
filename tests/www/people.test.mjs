// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Coming in and staying: invited, a first confirmation, a forgotten password,
// who may not use support, one's profile, an account's people.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, makeWorld, newMark } from '../http/world.mjs';
import { closeBrowser } from '../lib/browser.mjs';
import { psql } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { text } from '../lib/texts.mjs';
import { answerTo, complaints, openPage, signInBy, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ locale: { town: 'en' } }); });
after(closeBrowser);

const newAddress = () => `${newMark()}@people.example`;
const linkIn = (mail) => new URL(/https:\/\/\S+/.exec(mail.text)[0]).pathname;
const forget = (email) => psql('postgres', `delete from app.confirmations where tenant_id = ${w.tenant} and email = '${email}'`);
const setting = (name, value) => psql('postgres', `insert into app.settings (tenant_id, scope, name, value, account_id) values (${w.tenant}, ${w.id.town} * 2, '${name}', '${value}', ${w.id.town})
  on conflict (tenant_id, scope, name) do update set value = excluded.value`);

test('invited: the administrator, the mail with the portal\'s welcome, a password, in', async () => {
  const email = newAddress();
  await psql('postgres', `insert into app.looks (tenant_id, scope, account_id, welcome) values (${w.tenant}, ${w.id.town} * 2, ${w.id.town}, '{"en": "Ask us anything ${w.mark}."}')`);
  const admin = await openPage({ session: w.chief });
  await admin.goto('/admin/people');
  await admin.getByText(w.people.main.name).waitFor();
  await sound(admin, 'people');
  await admin.getByLabel('Search by name or address').fill('main@');
  await admin.getByText(w.people.member.name).waitFor({ state: 'detached' });
  const since = Date.now();
  await admin.getByLabel('E-mail address').fill(email);
  const made = await answerTo(admin, 'POST', /^\/api\/invitations$/, () => admin.getByRole('button', { name: 'Send invitation' }).click());
  assert.equal(made.status(), 201);
  await admin.getByText(`on its way to ${email}`).waitFor();
  const [mail] = await mails({ to: email, since });
  assert.ok(mail.text.includes(`Ask us anything ${w.mark}.`) && mail.text.includes('spam') && !/\b\d{8}\b/.test(mail.text));

  const page = await openPage({ host: w.host.town, javaScript: false });
  await page.goto(linkIn(mail));
  await page.getByText(email).waitFor();
  await page.getByLabel('Your name').fill('In Vited');
  await page.getByLabel('New password').fill('a good long password');
  await page.locator('main button[type=submit]').click();
  await page.getByText('Good to see you, In Vited.').waitFor();
  await page.goto(linkIn(mail));
  await page.getByRole('heading', { name: 'This link is no longer good' }).waitFor();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send a new link' }).click();
  await page.getByText('If an invitation for').waitFor();
  await admin.reload();
  await admin.getByText('In Vited').waitFor();
  await admin.getByText('accepted').first().waitFor();
  assert.deepEqual([...complaints(admin), ...complaints(page)], []);
});

test('forgotten before begun: a code completes an open invitation', async () => {
  const email = newAddress();
  await psql('postgres', `insert into app.invitations (tenant_id, email, role, account_id, portal_id, invited_by, expires_at)
    values (${w.tenant}, '${email}', 'member', ${w.id.town}, ${w.portal.town}, ${w.people.chief.id}, now() + interval '1 day')`);
  const page = await openPage({ host: w.host.town });
  const since = Date.now();
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await sound(page, 'forgot');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByLabel('Code from the mail').waitFor();
  await sound(page, 'code');
  const [mail] = await mails({ to: email, since });
  page.expected.push(/status of 422/);
  await page.getByLabel('Code from the mail').fill('00000000');
  await page.getByLabel('New password').fill('a good long password');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('alert').waitFor();
  await sound(page, 'wrong code');
  await page.getByLabel('Code from the mail').fill(/\b\d{8}\b/.exec(mail.text)[0]);
  await page.getByLabel('New password').fill('a good long password');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('Your password is set').waitFor();
  await page.locator('main').getByRole('link', { name: 'Sign in' }).click();
  await signInBy(page, { email, password: 'a good long password' });
  assert.deepEqual(complaints(page), []);
});

for (const lang of ['en', 'ja']) {
  test(`first use of support, in ${lang}: the ticket waits, nothing is lost`, async () => {
    const { member } = w;
    await forget(member.person.email);
    const page = await openPage({ session: member });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/support');
    await page.getByText(text(lang, 'support.confirm')).waitFor();
    await sound(page, 'support');
    await page.goto('/tickets/new');
    await page.locator('#title').fill(`Boiler ${lang}`);
    await page.locator('#description').fill('It drips.');
    page.expected.push(/status of 403/);
    await page.getByRole('button', { name: text(lang, 'portal.new.submit') }).click();
    await page.getByText(text(lang, 'err.confirm-address')).waitFor();
    await sound(page, 'the gate');
    const since = Date.now();
    await page.getByRole('button', { name: text(lang, 'portal.gate.send') }).click();
    const [mail] = await mails({ to: member.person.email, since });
    const tab = await page.context().newPage();
    await tab.goto(`${page.base}${linkIn(mail)}`);
    await tab.getByRole('button', { name: text(lang, 'confirm.submit') }).click();
    await tab.getByText(text(lang, 'confirm.done')).waitFor();
    await tab.close();
    assert.equal(await page.locator('#title').inputValue(), `Boiler ${lang}`);
    await page.getByRole('button', { name: text(lang, 'portal.new.submit') }).click();
    await page.waitForURL(/\/t\/\d+$/);
    assert.deepEqual(complaints(page), []);
  });
}

test('a role without support sees who can ask', async () => {
  await setting('support_users', 'main_user');
  const page = await openPage({ session: w.second });
  await page.goto('/support');
  await page.getByText('Your role here does not include support.').waitFor();
  await page.getByText(w.people.main.name).waitFor();
  await sound(page, 'not allowed');
  await setting('support_users', 'account_admin portal_admin main_user member support_user partner');
});

test('one\'s profile: names, language, mail, password, sessions', async () => {
  const page = await openPage({ session: w.second });
  await page.goto('/');
  await page.locator('details.menu summary').click();
  await page.getByRole('link', { name: 'Profile' }).click();
  await page.getByLabel('First name').waitFor();
  await sound(page, 'profile');
  await page.getByLabel('First name').fill('Ada');
  await page.getByLabel('Last name').fill('Lovelace');
  await page.getByLabel('Job title').fill('Countess');
  await page.getByLabel('Time zone').selectOption('Europe/Rome');
  assert.equal((await answerTo(page, 'PATCH', /^\/api\/me$/, () => page.getByRole('button', { name: 'Save' }).click())).status(), 200);
  assert.equal((await answerTo(page, 'PATCH', /^\/api\/me\/mail$/, () => page.getByLabel('Answers').uncheck())).status(), 200);
  await page.getByLabel('Present password').fill('wrong');
  await page.getByLabel('New password').fill('another long password');
  page.expected.push(/status of 422/);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('This is not right.').waitFor();
  await sound(page, 'wrong password');
  await page.getByLabel('Present password').fill(w.people.second.password);
  assert.equal((await answerTo(page, 'POST', /^\/api\/me\/password$/, () => page.getByRole('button', { name: 'Change password' }).click())).status(), 204);
  await page.getByText('This browser').waitFor();
  await Promise.all([page.waitForURL((url) => url.pathname === '/'), page.getByRole('button', { name: 'Sign out everywhere' }).click()]);
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor();
  assert.deepEqual(complaints(page), []);
});

test('dismissed: out with the very next request, in every worker', async () => {
  const admin = await openPage({ session: w.chief });
  await admin.goto('/admin/people');
  const card = admin.locator('article', { hasText: 'main@people.example' });
  await card.getByText('Change', { exact: true }).click();
  await sound(admin, 'a person open');
  await card.getByRole('button', { name: 'Remove' }).click();
  await card.getByRole('alert').waitFor();
  const ended = await answerTo(admin, 'DELETE', /^\/api\/memberships\//, () => card.getByRole('button', { name: 'Remove' }).click());
  assert.equal(ended.status(), 204);
  const answers = await Promise.all(Array.from({ length: 40 }, () => api(w.main, 'GET', '/api/tickets')));
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [401]);
  await card.waitFor({ state: 'detached' });
  assert.deepEqual(complaints(admin), []);
});

test('at the desk: another administrator is made, an agent is removed, the last stays', async () => {
  const own = await makeWorld({ only: ['agent', 'admin'] });
  const page = await openPage({ session: own.admin, lang: 'sv' });
  page.expected.push(/status of 422/);
  await page.context().addCookies([{ name: 'lang', value: 'sv', url: page.base }]);
  await page.goto('/admin/people');
  const card = (name) => page.locator('article', { hasText: own.people[name].email });
  const [change, save, remove] = ['people.edit', 'people.save', 'people.end'].map((key) => text('sv', key));
  await card('admin').getByText(change, { exact: true }).click();
  await card('admin').locator('select').selectOption('agent');
  await answerTo(page, 'PATCH', /^\/api\/memberships\//, () => card('admin').getByRole('button', { name: save }).click());
  await page.getByText(text('sv', 'people.last.staff')).waitFor();
  await sound(page, 'the last administrator');
  await card('agent').getByText(change, { exact: true }).click();
  await card('agent').locator('select').selectOption('tenant_admin');
  const since = Date.now();
  const made = await answerTo(page, 'PATCH', /^\/api\/memberships\//, () => card('agent').getByRole('button', { name: save }).click());
  assert.equal(made.status(), 200);
  assert.equal((await api(own.agent, 'GET', '/api/webhook')).status, 200, 'an administrator at once');
  await mails({ to: own.people.agent.email, since, about: text('en', 'mail.staff_changed.subject').split('{')[0] });
  if (!await card('agent').getByRole('button', { name: remove }).isVisible()) await card('agent').getByText(change, { exact: true }).click();
  await card('agent').getByRole('button', { name: remove }).click();
  const ended = await answerTo(page, 'DELETE', /^\/api\/memberships\//, () => card('agent').getByRole('button', { name: remove }).click());
  assert.equal(ended.status(), 204);
  const answers = await Promise.all(Array.from({ length: 40 }, () => api(own.agent, 'GET', '/api/queue')));
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [401]);
  await card('agent').waitFor({ state: 'detached' });
  assert.deepEqual(complaints(page), []);
});
