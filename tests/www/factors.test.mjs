// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Second factors and single sign-on in Chromium, its own authenticator
// included; and without JavaScript what must work without it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, makeSession, makeWorld, newMark } from '../http/world.mjs';
import { totp } from '../lib/authenticator.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { startProvider } from '../lib/provider.mjs';
import { text } from '../lib/texts.mjs';
import { answerTo, complaints, openPage, settled, signInBy, sound } from './browse.mjs';

let w, real;
const mark = newMark(), started = Date.now();
before(async () => {
  await psql('postgres', 'delete from auth.buckets');
  w = await makeWorld();
});
after(async () => {
  real?.stop();
  await closeBrowser();
});

// Chromium's own authenticator: a finger is always on it.
async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return { cdp, authenticatorId, keys: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials };
}
const button = (page, name) => page.getByRole('main').getByRole('button', { name, exact: true });

test('P5: an app and its recovery codes, set up on the page', async () => {
  const page = await openPage({ session: w.member });
  await page.goto('/');
  await page.locator('.menu summary').click();
  await page.locator('.menu').getByRole('link', { name: 'Sign-in and security' }).click();
  await page.getByRole('heading', { level: 1, name: 'Sign-in and security' }).waitFor();
  await sound(page, 'nothing set up');
  await button(page, 'Set up an app').click();
  const secret = await page.locator('.spelled').innerText();
  assert.match(secret, /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  await sound(page, 'the picture of the secret');
  await screenshot(page, 'factors-app');
  await page.getByLabel('The six digits that it shows').fill('000000');
  await answerTo(page, 'POST', /\/app\/code$/, () => button(page, 'Finish').click());
  await page.getByText('This is not right.').waitFor();
  await sound(page, 'a wrong code');
  await page.getByLabel('The six digits that it shows').fill(totp(secret));
  await answerTo(page, 'POST', /\/app\/code$/, () => button(page, 'Finish').click());
  await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor();
  const codes = await page.locator('.contacts code').allInnerTexts();
  assert.equal(codes.length, 10);
  await sound(page, 'recovery codes');
  await screenshot(page, 'factors-codes');
  await button(page, 'I have kept them').click();
  await page.getByText('10 codes are left.').waitFor();
  assert.equal(await page.getByText(codes[0]).count(), 0, 'they are shown once');
  page.expected.push(/422/);
  assert.deepEqual(complaints(page), []);
  await page.context().close();

  // Signing in with it, without JavaScript.
  const plain = await openPage({ host: w.host.town, javaScript: false });
  await signInBy(plain, w.people.member, '/tickets');
  await plain.getByRole('heading', { level: 1, name: 'Second step' }).waitFor();
  await plain.getByLabel('Code from your app').fill('000000');
  await button(plain, 'Continue').click();
  await plain.getByRole('alert').getByText('This code is not right').waitFor();
  await plain.getByText('4 tries are left.').waitFor();
  await plain.getByLabel('Code from your app').fill(totp(secret, 1));
  await button(plain, 'Continue').click();
  await plain.waitForURL('**/tickets');
  await plain.context().clearCookies();
  await signInBy(plain, w.people.member, '/tickets');
  await plain.getByLabel('Recovery code').fill(codes[3]);
  await button(plain, 'Use the recovery code').click();
  await plain.waitForURL('**/tickets');
  await plain.context().close();
});

test('P5: passkeys: made, named, shown, removed', async () => {
  const page = await openPage({ host: w.host.town });
  const held = await authenticator(page);
  await signInBy(page, w.people.second, '/me/security');
  await settled(page);
  await page.getByLabel('Name').fill(`Laptop ${mark}`);
  await answerTo(page, 'POST', /\/passkeys$/, () => button(page, 'Add a passkey').click());
  await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor();
  assert.equal((await held.keys()).length, 1);
  await button(page, 'I have kept them').click();
  await page.getByText(`Laptop ${mark}`).waitFor();
  await sound(page, 'a passkey');
  await screenshot(page, 'factors-passkey');
  await button(page, `Rename Laptop ${mark}`).click();
  await page.locator('li').getByLabel('Name').fill(`Phone ${mark}`);
  await answerTo(page, 'PATCH', /\/passkeys\/\d+$/, () => button(page, 'Save').click());
  await page.getByText(`Phone ${mark}`).waitFor();

  // Out, and in again by it.
  await page.locator('.menu summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
  await signInBy(page, w.people.second, '/tickets');
  await page.getByRole('heading', { level: 1, name: 'Second step' }).waitFor();
  await sound(page, 'the second step');
  await screenshot(page, 'factors-step');
  await button(page, 'Use a passkey').click();
  await page.waitForURL('**/tickets');
  await settled(page);
  assert.equal((await held.keys())[0].signCount > 1, true);

  // Nobody's finger: it says so, and another try works.
  await page.goto('/me/security');
  await settled(page);
  await button(page, `Remove Phone ${mark}`).click();
  await answerTo(page, 'DELETE', /\/passkeys\/\d+$/, () => button(page, 'Yes, remove it').click());
  await page.locator('li').getByText(`Phone ${mark}`).waitFor({ state: 'detached' });
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});

test('a passkey of another portal, and one that is not there', async () => {
  const page = await openPage({ host: w.host.town });
  const held = await authenticator(page);
  await signInBy(page, w.people.main, '/me/security');
  await settled(page);
  await page.getByLabel('Name').fill('Key');
  await answerTo(page, 'POST', /\/passkeys$/, () => button(page, 'Add a passkey').click());
  await page.context().clearCookies();
  // At the school below Town the same person: it says where the key works.
  await page.goto(`${page.base.replace(w.host.town, w.host.school)}/sign-in?to=/tickets`);
  await page.locator('#email').fill(w.people.main.email);
  await page.locator('#password').fill(w.people.main.password);
  await page.locator('main button[type=submit]').click();
  await page.getByText(`Your passkey was made at ${w.host.town} and works only there.`).waitFor();
  await sound(page, 'a passkey of elsewhere');
  assert.equal(await button(page, 'Use a passkey').count(), 0);
  // At Town without the key.
  await held.cdp.send('WebAuthn.clearCredentials', { authenticatorId: held.authenticatorId });
  await page.context().clearCookies();
  await page.goto(`${page.base}/sign-in?to=/tickets`);
  await page.locator('#email').fill(w.people.main.email);
  await page.locator('#password').fill(w.people.main.password);
  await page.locator('main button[type=submit]').click();
  await button(page, 'Use a passkey').click();
  await page.getByText('No passkey was used. Try again, or choose another way.').waitFor();
  await sound(page, 'no passkey was used');
  await page.context().close();
});

test('who must have one is led to it, in Italian on a telephone', async () => {
  await psql('postgres', `insert into app.settings (tenant_id, scope, name, value) values (${w.tenant}, 0, 'second_factor_roles', 'agent')`);
  const page = await openPage({ host: w.host.desk, lang: 'it', width: 390, height: 800 });
  await page.goto('/');
  await page.context().addCookies([{ name: 'lang', value: 'it', url: page.base }]);
  await signInBy(page, w.people.agent, '/agent');
  await page.getByRole('heading', { level: 1, name: text('it', 'step.make.title') }).waitFor();
  await sound(page, 'setting one up, on the way in');
  await screenshot(page, 'factors-make-it');
  const secret = await page.locator('.spelled').innerText();
  await page.getByLabel(text('it', 'step.code')).fill(totp(secret));
  await button(page, text('it', 'step.make.submit')).click();
  await page.getByRole('heading', { level: 1, name: text('it', 'step.codes.title') }).waitFor();
  await sound(page, 'recovery codes, on the way in');
  await page.getByRole('link', { name: text('it', 'step.codes.go') }).click();
  await page.waitForURL('**/agent');
  await settled(page);
  await page.goto('/agent/security');
  await settled(page);
  await page.getByText(text('it', 'security.required')).waitFor();
  await sound(page, 'security at the desk');
  await button(page, text('it', 'security.app.remove')).click();
  await button(page, text('it', 'security.app.sure')).click();
  await page.getByText(text('it', 'err.factor-last')).waitFor();
  page.expected.push(/409/);
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});

test('by a passkey instead, on the way in', async () => {
  await psql('postgres', `delete from app.totps where tenant_id = ${w.tenant}; delete from app.recovery_codes where tenant_id = ${w.tenant}`);
  const page = await openPage({ host: w.host.desk });
  await authenticator(page);
  await signInBy(page, w.people.agent, '/agent');
  await button(page, 'Use a passkey instead').click();
  await page.getByRole('heading', { level: 1, name: 'Keep your recovery codes' }).waitFor();
  await page.getByRole('link', { name: 'I have kept them' }).click();
  await page.waitForURL('**/agent');
  await settled(page);
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});

test('after a quarter of an hour one proves again who one is', async () => {
  await psql('postgres', `update app.sessions set proved_at = now() - interval '1 hour' where tenant_id = ${w.tenant}`);
  const page = await openPage({ session: w.partner });
  await page.goto('/me/security');
  await page.getByRole('link', { name: 'sign in once more' }).waitFor();
  assert.equal(await button(page, 'Set up an app').count(), 0);
  await sound(page, 'to be proven again');
  await page.getByRole('link', { name: 'sign in once more' }).click();
  await signInBy(page, w.people.partner);
  await page.waitForURL('**/me/security');
  await button(page, 'Set up an app').waitFor();
  await page.context().close();
});

test('a session that ended: the second step is taken in another window', async () => {
  const session = await makeSession(w, 'villager');
  const { spelled } = (await api(session, 'POST', '/api/me/factors/app')).json;
  assert.equal((await api(session, 'POST', '/api/me/factors/app/code', { code: totp(spelled) })).status, 200);
  const page = await openPage({ session });
  await page.goto('/me');
  await settled(page);
  await page.getByLabel('Job title').fill('Night watch');
  await psql('postgres', `delete from app.sessions where tenant_id = ${w.tenant} and person_id = ${session.person.id}`);
  await button(page, 'Save').first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Please sign in again').waitFor();
  await dialog.getByLabel('Password').fill(session.person.password);
  await dialog.getByRole('button', { name: 'Sign in and continue' }).click();
  await dialog.getByText('Your password was right.').waitFor();
  await sound(page, 'the second step is due');
  await dialog.getByRole('button', { name: 'Done, continue' }).click();
  await dialog.getByText('You are not signed in yet.').waitFor();
  const opened = page.context().waitForEvent('page');
  await dialog.getByRole('link', { name: 'Open the second step' }).click();
  const other = await opened;
  await other.getByLabel('Code from your app').fill(totp(spelled, 1));
  await button(other, 'Continue').click();
  await other.waitForURL((url) => url.pathname === '/');
  await other.close();
  await answerTo(page, 'PATCH', /\/api\/me$/, () => dialog.getByRole('button', { name: 'Done, continue' }).click());
  await dialog.waitFor({ state: 'detached' });
  await page.reload();
  await settled(page);
  assert.equal(await page.getByLabel('Job title').inputValue(), 'Night watch');
  page.expected.push(/401/);
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});

test('an administrator takes what somebody has lost', async () => {
  const lost = await makeSession(w, 'pupil');
  const { spelled } = (await api(lost, 'POST', '/api/me/factors/app')).json;
  await api(lost, 'POST', '/api/me/factors/app/code', { code: totp(spelled) });
  const page = await openPage({ session: await makeSession(w, 'chief') });
  await page.goto('/admin/people');
  await settled(page);
  const reset = page.getByRole('button', { name: `Reset the second factor of ${lost.person.name}` });
  await psql('postgres', `update app.sessions set proved_at = now() - interval '1 hour' where tenant_id = ${w.tenant} and person_id = ${w.people.chief.id}`);
  await reset.click();
  await sound(page, 'whether it is really they who ask');
  await answerTo(page, 'DELETE', /\/factors$/, () => button(page, 'Yes, reset it').click());
  await page.getByText('You signed in too long ago').waitFor();
  await page.getByRole('link', { name: 'Sign in once more' }).click();
  await signInBy(page, w.people.chief);
  await page.waitForURL('**/admin/people');
  await settled(page);
  await reset.click();
  await answerTo(page, 'DELETE', /\/factors$/, () => button(page, 'Yes, reset it').click());
  await page.getByText(`${lost.person.name} has no second factor any more.`).waitFor();
  await reset.waitFor({ state: 'detached' });
  assert.equal((await api(lost, 'GET', '/api/me')).status, 401, 'their sessions end');
  const [mail] = await mails({ to: lost.person.email, since: started, about: 'second factors were removed' });
  assert.match(mail.text, /\/me\/security/);
  page.expected.push(/403/);
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});

test('P5: a tenant_admin adds a provider, and people come in by it', async () => {
  const page = await openPage({ host: w.host.desk });
  await signInBy(page, w.people.admin, '/agent/sign-on');
  await settled(page);
  await sound(page, 'no provider');
  await button(page, 'Add a provider').click();
  const back = await page.locator('.spelled').innerText();
  assert.equal(back, `${page.base}/sign-in/back`);
  real = await startProvider({
    clients: [{ id: 'portal', secret: 'a secret', back: [back] }],
    accounts: { pupil: { email: 'pupil@people.example', email_verified: true } },
  });
  await page.getByLabel('Name').fill(`Town Id ${mark}`);
  await page.getByLabel('Issuer').fill(`${real.issuer}/`);
  await page.getByLabel('Client ID').fill('portal');
  await page.getByLabel('Client secret').fill('a secret');
  await answerTo(page, 'POST', /\/api\/providers$/, () => button(page, 'Save').click());
  // It is asked behind this page, which tells.
  await page.getByRole('heading', { name: `Town Id ${mark}` }).waitFor();
  await page.getByText('It calls itself by another address. Copy the issuer exactly.').waitFor();
  await sound(page, 'a wrong issuer');
  await screenshot(page, 'sign-on-failed');
  await page.setViewportSize({ width: 390, height: 800 });
  await sound(page, 'a wrong issuer, narrow');
  await screenshot(page, 'sign-on-failed-390');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByLabel('Issuer').fill(real.issuer);
  await answerTo(page, 'PATCH', /\/api\/providers\/\d+$/, () => button(page, 'Ask again').click());
  await page.getByText('Asking the provider').waitFor({ state: 'detached' });
  await page.getByLabel('Issuer').waitFor({ state: 'detached' });
  // A rule that it breaks is told where it was tried, and nothing is changed.
  await answerTo(page, 'PATCH', /\/api\/providers\/\d+$/, () => page.getByLabel('All its addresses are verified').click());
  await page.getByRole('alert').getByText('Name its mail domains first.').waitFor();
  assert.equal(await page.getByLabel('All its addresses are verified').isChecked(), false);
  await sound(page, 'a switch that must stay');
  await answerTo(page, 'PATCH', /\/api\/providers\/\d+$/, () => page.getByLabel('It asks for a second factor itself').click());
  await page.getByText('Name its mail domains first.').waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('It asks for a second factor itself').isChecked(), true);
  await page.getByLabel('Mail domains').fill('no domain!');
  await answerTo(page, 'PATCH', /\/api\/providers\/\d+$/, () => button(page, 'Save').click());
  await page.getByText('Write domains like example.org, with blanks between them.').waitFor();
  await page.getByLabel('Mail domains').fill('');
  await answerTo(page, 'PATCH', /\/api\/providers\/\d+$/, () => button(page, 'Save').click());
  await sound(page, 'a provider');
  await screenshot(page, 'sign-on');
  page.expected.push(/422/);
  assert.deepEqual(complaints(page), []);

  const pupil = await openPage({ host: w.host.school });
  await pupil.goto('/sign-in?to=/tickets');
  await sound(pupil, 'signing in, with a provider');
  await screenshot(pupil, 'sign-in-with');
  const since = Date.now();
  await pupil.getByRole('link', { name: `Sign in with Town Id ${mark}` }).click();
  // At a customer's portal the first time takes a mail, read in this very browser.
  await pupil.getByRole('heading', { name: 'We have sent you a mail' }).waitFor();
  await pupil.getByText('A mail is on its way to pupil@people.example').waitFor();
  await sound(pupil, 'a mail is on its way');
  await screenshot(pupil, 'sign-in-mail');
  await pupil.setViewportSize({ width: 390, height: 800 });
  await sound(pupil, 'a mail is on its way, narrow');
  await pupil.setViewportSize({ width: 1280, height: 800 });
  const [mail] = await mails({ to: 'pupil@people.example', since, about: 'Finish signing in' });
  const link = /https:\S+\/sign-in\/mail\/[\w-]+/.exec(mail.text)[0];
  const elsewhere = await openPage({ host: w.host.school });
  await elsewhere.goto(link);
  await elsewhere.getByRole('heading', { name: 'Open this link where you began' }).waitFor();
  await sound(elsewhere, 'the link in another browser');
  await elsewhere.context().close();
  await pupil.goto(link);
  await pupil.waitForURL(`${pupil.base}/tickets`);
  await settled(pupil);
  await pupil.goto('/me/security');
  await settled(pupil);
  await pupil.getByRole('heading', { name: 'Single sign-on' }).waitFor();
  await sound(pupil, 'a linked provider');
  assert.deepEqual(complaints(pupil), []);
  await pupil.context().close();

  // They let it be.
  real.account = null;
  const other = await openPage({ host: w.host.town });
  await other.goto('/sign-in?to=/tickets');
  await other.getByRole('link', { name: `Sign in with Town Id ${mark}` }).click();
  await other.getByRole('alert').getByText('You stopped at the provider.').waitFor();
  await sound(other, 'why one is not signed in');
  await other.context().close();
  await page.context().close();
});

test('an account\'s own provider waits for the tenant\'s yes', async () => {
  const chief = await openPage({ session: w.chief });
  await chief.goto('/admin/sign-on');
  await settled(chief);
  await button(chief, 'Add a provider').click();
  await chief.getByLabel('Name').fill(`Ours ${mark}`);
  await chief.getByLabel('Issuer').fill(real.issuer);
  await chief.getByLabel('Client ID').fill('ours');
  await chief.getByLabel('Mail domains').fill('people.example, more.example');
  await answerTo(chief, 'POST', /\/api\/providers$/, () => button(chief, 'Save').click());
  await chief.getByText('It works once the company behind this help desk has agreed').waitFor();
  await chief.getByText('Asking the provider').waitFor({ state: 'detached' });
  await sound(chief, 'a provider that waits');
  const admin = await openPage({ session: w.admin });
  await admin.goto('/agent/sign-on');
  await settled(admin);
  await admin.getByText('people.example more.example').first().waitFor();
  await sound(admin, 'a provider of an account');
  await answerTo(admin, 'PATCH', /\/api\/providers\/\d+$/, () => admin.getByLabel('Domains agreed').check());
  await chief.reload();
  await settled(chief);
  assert.equal(await chief.getByText('It works once').count(), 0);
  // One more thing that it is trusted with: a yes to that, too.
  await chief.getByText('one more tick').waitFor();
  await sound(chief, 'a provider that is agreed to');
  await answerTo(chief, 'PATCH', /\/api\/providers\/\d+$/, () => chief.getByLabel('It asks for a second factor itself').click());
  await chief.getByText('It works once').waitFor();
  await admin.reload();
  await settled(admin);
  await admin.getByText('It asks for a second factor itself').last().waitFor();
  await answerTo(admin, 'PATCH', /\/api\/providers\/\d+$/, () => admin.getByLabel('Domains agreed').check());
  await chief.reload();
  await settled(chief);
  assert.equal(await chief.getByText('It works once').count(), 0);
  await button(chief, 'Remove').click();
  await answerTo(chief, 'DELETE', /\/api\/providers\/\d+$/, () => button(chief, `Yes, remove Ours ${mark}`).click());
  await chief.getByText('No provider yet').waitFor();
  assert.deepEqual([...complaints(chief), ...complaints(admin)], []);
  await chief.context().close();
  await admin.context().close();
});
