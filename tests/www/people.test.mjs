// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Coming in and staying: invited (journey 4), a first confirmation once a person
// and portal (5), a forgotten password (7), who may not use support, dismissed.
// Each in English and in another language.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { api, makeWorld, newMark, sessionAt } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql, until } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { said, text } from '../lib/texts.mjs';
import { answerTo, complaints, openPage, signInBy, sound } from './browse.mjs';

after(closeBrowser);

const newAddress = () => `${newMark()}@people.example`;
const linkIn = (mail) => new URL(/https:\/\/\S+/.exec(mail.text)[0]).pathname;
const codeFor = (to, since) => until('a mail with a code', () => caught({ to, since }).map((m) => /\b\d{8}\b/.exec(m.text)?.[0]).find(Boolean));
// Whatever was sent to an address is too old.
const age = (w, email) => psql('postgres', `update app.one_time set expires_at = expires_at - interval '30 days' where tenant_id = ${w.tenant} and email = '${email}'`);
const closeAll = (...pages) => Promise.all(pages.map((page) => page.context().close()));

for (const lang of ['en', 'fr']) {
  const t = (key, values) => said(lang, key, values);

  test(`P1: invited, in ${lang}: the mail with the portal's welcome, a password, home; a link too old, a new one`, async () => {
    const w = await makeWorld({ only: ['chief', 'main', 'member'], locale: { town: lang } });
    const email = newAddress();
    await psql('postgres', `insert into app.looks (tenant_id, scope, account_id, welcome)
      values (${w.tenant}, ${w.id.town} * 2, ${w.id.town}, '{"${lang}": "Welcome ${lang} ${w.mark}."}')`);
    const admin = await openPage({ session: w.chief, lang });
    await admin.goto('/admin/people');
    await admin.getByText(w.people.main.name).waitFor();
    await sound(admin, 'people');
    await screenshot(admin, `people-${lang}`);
    await admin.getByLabel(t('people.search')).fill('main@');
    await admin.getByText(w.people.member.name).waitFor({ state: 'detached' });
    const invite = async (to) => {
      const since = Date.now();
      await admin.locator('#invite-email').fill(to);
      const made = await answerTo(admin, 'POST', /^\/api\/invitations$/, () => admin.getByRole('button', { name: t('people.send') }).click());
      assert.equal(made.status(), 201);
      await admin.getByText(t('people.sent', { email: to })).waitFor();
      return (await mails({ to, since }))[0];
    };
    const mail = await invite(email);
    assert.equal(mail.headers['content-language'], lang);
    assert.ok(mail.text.includes(`Welcome ${lang} ${w.mark}.`) && /spam|indésirables/.test(mail.text) && !/\b\d{8}\b/.test(mail.text));
    await sound(admin, 'invited');

    const page = await openPage({ host: w.host.town, lang });
    await page.goto(linkIn(mail));
    await page.getByText(t('invite.text', { email })).waitFor();
    await sound(page, 'the invitation');
    await screenshot(page, `invitation-${lang}`);
    await page.locator('#name').fill('In Vited');
    await page.locator('#password').fill('a good long password');
    await page.getByRole('button', { name: t('invite.submit') }).click();
    await page.getByText(t('home.hello', { name: 'In Vited' })).waitFor();
    assert.equal(new URL(page.url()).pathname, '/');
    await sound(page, 'home');
    await admin.reload();
    await admin.locator('article', { hasText: 'In Vited' }).waitFor();
    await admin.locator('#invitations ~ ul li', { hasText: email }).getByText(t('people.state.accepted')).waitFor();

    // Too old: said, and a new one asked for.
    const late = newAddress();
    const old = linkIn(await invite(late));
    await age(w, late);
    page.expected.push(/status of 410/);
    await page.context().clearCookies();
    await page.goto(old);
    await page.getByRole('heading', { name: t('invite.over') }).waitFor();
    await sound(page, 'a link too old');
    await page.locator('#email').fill(late);
    const again = Date.now();
    await page.getByRole('button', { name: t('invite.again') }).click();
    await page.getByText(t('invite.sent', { email: late })).waitFor();
    await sound(page, 'a new link is sent');
    const [second] = await mails({ to: late, since: again });
    await page.goto(linkIn(second));
    await page.locator('#password').waitFor();
    await page.goto(linkIn(mail));
    await page.getByRole('heading', { name: t('invite.over') }).waitFor();

    // Nobody new, but whom administrators invite: said to them, and to whoever would register.
    await api(w.chief, 'PATCH', '/api/settings', { name: 'registration', value: 'closed' });
    await admin.reload();
    await admin.getByText(t('people.closed')).waitFor();
    await sound(admin, 'people, closed');
    await page.goto('/register');
    await page.getByText(t('register.nobody')).waitFor();
    await sound(page, 'closed');
    assert.deepEqual([...complaints(admin), ...complaints(page)], []);
    await closeAll(admin, page);
  });

  test(`P1: forgotten before begun, in ${lang}: a code completes an open invitation`, async () => {
    const w = await makeWorld({ only: ['chief'] });
    const email = newAddress();
    await api(w.chief, 'POST', '/api/invitations', { email, role: 'member' });
    const page = await openPage({ host: w.host.town, lang });
    const since = Date.now();
    await page.goto('/sign-in');
    await page.getByRole('link', { name: t('signin.forgot') }).click();
    await page.locator('#email').fill(email);
    await page.getByRole('button', { name: t('reset.send') }).click();
    await page.locator('#code').fill(await codeFor(email, since));
    await page.locator('#password').fill('a good long password');
    await page.getByRole('button', { name: t('reset.submit') }).click();
    await page.getByText(t('reset.done')).waitFor();
    await page.locator('main').getByRole('link', { name: t('signin.submit') }).click();
    await signInBy(page, { email, password: 'a good long password' });
    assert.equal(new URL(page.url()).pathname, '/');
    await sound(page, 'home');
    assert.equal((await api(w.chief, 'GET', '/api/invitations')).json.items[0].state, 'accepted');
    assert.deepEqual(complaints(page), []);
    await closeAll(page);
  });
}

for (const lang of ['en', 'it']) {
  const t = (key, values) => said(lang, key, values);

  test(`P3: a password forgotten, in ${lang}: a wrong code, one too old, the right one; old sessions end`, async () => {
    const w = await makeWorld({ only: ['chief', 'member'] });
    // A new address, since codes for one are counted.
    const email = newAddress();
    await psql('postgres', `update app.people set email = '${email}' where tenant_id = ${w.tenant} and id = ${w.people.member.id}`);
    const before = await openPage({ session: w.member, lang });
    before.expected.push(/status of 401/); // it asks whether it may listen on
    await before.goto('/tickets');
    const page = await openPage({ host: w.host.town, lang });
    page.expected.push(/status of 422/);
    const send = async () => {
      const since = Date.now();
      await page.locator('#email').fill(email);
      await page.getByRole('button', { name: t('reset.send') }).click();
      await page.getByText(t('reset.sent', { email })).waitFor();
      return codeFor(email, since);
    };
    const set = async (code) => {
      await page.locator('#code').fill(code);
      await page.locator('#password').fill('a good long password');
      await page.getByRole('button', { name: t('reset.submit') }).click();
    };
    await page.goto('/sign-in');
    await page.getByRole('link', { name: t('signin.forgot') }).click();
    await sound(page, 'forgot');
    const old = await send();
    await sound(page, 'the code');
    await screenshot(page, `reset-code-${lang}`);
    await set(old === '00000000' ? '00000001' : '00000000');
    await page.getByRole('alert').getByText(t('reset.failed')).waitFor();
    await sound(page, 'a wrong code');
    await age(w, email);
    await set(old);
    await page.getByRole('alert').getByText(t('reset.failed')).waitFor();
    await sound(page, 'a code too old');
    await page.getByRole('link', { name: t('reset.again') }).click();
    const code = await send();
    assert.equal((await before.goto('/tickets')).status(), 200, 'nothing has happened yet');
    await set(code);
    await page.getByText(t('reset.done')).waitFor();
    await sound(page, 'set');
    // Whoever was in is out, in this tenant's every browser.
    await before.goto('/tickets');
    assert.equal(new URL(before.url()).pathname, '/sign-in');
    await page.locator('main').getByRole('link', { name: t('signin.submit') }).click();
    page.expected.push(/status of 401/);
    await page.locator('#email').fill(email);
    await page.locator('#password').fill(w.people.member.password);
    await page.locator('main button[type=submit]').click();
    await page.locator('#failed').waitFor();
    await signInBy(page, { email, password: 'a good long password' });
    assert.deepEqual([...complaints(before), ...complaints(page)], []);
    await closeAll(before, page);
  });
}

for (const lang of ['en', 'ja']) {
  const t = (key, values) => said(lang, key, values);

  test(`P2: first use of support, in ${lang}: each administrator confirms once a portal, the ticket waits, nothing is lost`, async () => {
    const w = await makeWorld({ only: ['chief', 'main'] });
    await psql('postgres', `delete from app.confirmations where tenant_id = ${w.tenant};
      update app.memberships set role = 'account_admin' where tenant_id = ${w.tenant} and person_id = ${w.people.main.id}`);
    const follow = async (page, mail, look = async () => {}) => {
      const tab = await page.context().newPage();
      await tab.goto(`${page.base}${linkIn(mail)}`);
      await look(tab, 'the link');
      await tab.getByRole('button', { name: t('confirm.submit') }).click();
      await tab.getByText(t('confirm.done')).waitFor();
      await look(tab, 'confirmed');
      // Once only.
      assert.equal((await tab.goto(`${page.base}${linkIn(mail)}`)).status(), 200);
      await tab.getByText(t('confirm.over')).waitFor();
      await look(tab, 'used already');
      await tab.close();
    };

    const page = await openPage({ session: w.chief, lang });
    await page.goto('/tickets/new');
    await page.locator('#title').fill(`Boiler ${lang}`);
    await page.locator('#description').fill('It drips.');
    page.expected.push(/status of 403/);
    await page.getByRole('button', { name: t('portal.new.submit') }).click();
    await page.getByText(t('err.confirm-address')).waitFor();
    await sound(page, 'the gate');
    await screenshot(page, `gate-${lang}`);
    let since = Date.now();
    await page.getByRole('button', { name: t('portal.gate.send') }).click();
    await follow(page, (await mails({ to: w.people.chief.email, since, about: w.host.town }))[0], sound);
    assert.equal(await page.locator('#title').inputValue(), `Boiler ${lang}`);
    await page.getByRole('button', { name: t('portal.new.submit') }).click();
    await page.waitForURL(/\/t\/\d+$/);
    await sound(page, 'the ticket');

    // The same person at the second portal, and a second one at the first.
    for (const who of [await sessionAt(w.chief, w.host.school), w.main]) {
      const other = await openPage({ session: who, lang });
      await other.goto('/support');
      await other.getByText(t('support.confirm')).waitFor();
      await sound(other, 'asked again');
      since = Date.now();
      await other.getByRole('button', { name: t('support.send') }).click();
      await other.getByText(t('register.sent', { email: who.person.email })).waitFor();
      await sound(other, 'on its way');
      await follow(other, (await mails({ to: who.person.email, since, about: who.host }))[0]);
      await other.goto('/support');
      await other.locator('main').getByRole('link', { name: t('site.new_ticket') }).waitFor();
      await sound(other, 'support');
      assert.equal((await api(who, 'POST', '/api/tickets', { title: 'x', description: 'x' })).status, 201);
      assert.deepEqual(complaints(other), []);
      await closeAll(other);
    }
    await page.goto('/support');
    await page.locator('main').getByRole('link', { name: t('site.new_ticket') }).waitFor();
    await screenshot(page, `support-${lang}`);
    assert.deepEqual(complaints(page), []);
    await closeAll(page);
  });
}

test('P1: who may invite without administering: a page of their own, with their own invitations', async () => {
  const t = (key, values) => said('es', key, values);
  const w = await makeWorld({ only: ['chief', 'main', 'member'] });
  await api(w.chief, 'PATCH', '/api/settings', { name: 'inviters', value: 'main_user' });
  const [theirs, mine] = [newAddress(), newAddress()];
  await api(w.chief, 'POST', '/api/invitations', { email: theirs, role: 'member' });
  const openAs = async (session) => {
    const page = await openPage({ session, lang: 'es', width: 390 });
    await page.goto('/');
    await page.locator('.menu summary').click();
    return page;
  };
  const item = (page) => page.locator('.menu').getByRole('link', { name: t('people.invite') });
  const page = await openAs(w.main);
  await item(page).click();
  await page.locator('#invite-email').fill(mine);
  await sound(page, 'inviting');
  await screenshot(page, 'invitations');
  const since = Date.now();
  const made = await answerTo(page, 'POST', /^\/api\/invitations$/, () => page.getByRole('button', { name: t('people.send') }).click());
  assert.equal(made.status(), 201);
  await mails({ to: mine, since });
  const row = page.locator('#invitations ~ ul li', { hasText: mine });
  await row.waitFor();
  assert.equal(await page.getByText(theirs).count(), 0, 'nobody else\'s');
  await sound(page, 'invited');
  const again = Date.now();
  await row.getByRole('button', { name: t('people.again') }).click();
  await mails({ to: mine, since: again });
  await row.getByRole('button', { name: t('people.withdraw') }).click();
  await row.waitFor({ state: 'detached' });
  assert.equal((await api(w.main, 'GET', '/api/people')).status, 403, 'and not the people');

  // Somebody else has neither the entry nor the form; who administers has both on the page of people.
  const other = await openAs(w.member);
  assert.equal(await item(other).count(), 0);
  await other.goto('/invitations');
  await other.getByText(t('people.invite.not')).waitFor();
  assert.equal(await other.locator('#invite-email').count(), 0);
  await sound(other, 'may not invite');
  const admin = await openAs(w.chief);
  assert.equal(await item(admin).count(), 0);

  // A member brings people to the portal where they are, from where they were missing, too.
  await api(w.chief, 'PATCH', '/api/settings', { name: 'inviters', value: 'member' });
  const friend = newAddress();
  await other.goto(`/invitations?invite=${encodeURIComponent(friend)}`);
  assert.equal(await other.locator('#invite-email').inputValue(), friend);
  const asked = Date.now();
  await other.getByRole('button', { name: t('people.send') }).click();
  const [mail] = await mails({ to: friend, since: asked });
  const guest = await openPage({ host: w.host.town, lang: 'es' });
  await guest.goto(linkIn(mail));
  await guest.locator('#name').fill('Fri End');
  await guest.locator('#password').fill('a good long password');
  await guest.getByRole('button', { name: t('invite.submit') }).click();
  await guest.getByText(t('home.hello', { name: 'Fri End' })).waitFor();
  assert.deepEqual([page, other, admin, guest].flatMap(complaints), []);
  await closeAll(page, other, admin, guest);
});

test('P7: a role without support sees who can ask', async () => {
  const w = await makeWorld({ only: ['chief', 'main', 'second'] });
  assert.equal((await api(w.chief, 'PATCH', '/api/settings', { name: 'support_users', value: 'main_user' })).status, 200);
  const page = await openPage({ session: w.second });
  await page.goto('/support');
  await page.getByText('Your role here does not include support.').waitFor();
  await page.getByText(w.people.main.name).waitFor();
  await sound(page, 'not allowed');
});

test('P5: dismissed: out with the very next request, in every worker', async () => {
  const w = await makeWorld({ only: ['chief', 'main'] });
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

test('P1: whoever is a member already is named, and not invited', async () => {
  const w = await makeWorld({ only: ['chief', 'second'] });
  const page = await openPage({ session: w.chief });
  page.expected.push(/status of 422/);
  await page.goto('/admin/people');
  await page.locator('#invite-email').fill(w.people.second.email);
  await page.getByRole('button', { name: text('en', 'people.send'), exact: true }).click();
  await page.locator('#invite-email-fault').waitFor();
  assert.equal(await page.locator('#invite-email-fault').textContent(), `${w.people.second.email} is already a member here`);
  await sound(page, 'a member already');
  assert.deepEqual(complaints(page), []);
});
