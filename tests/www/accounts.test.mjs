// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A partner and its accounts: one is made with support contacts, a report of it
// reaches exactly these, the partner answers and hands it on. Then who may keep
// the contacts, and all of it in another language on a narrow screen.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { after, test } from 'node:test';
import { api } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { session } from '../lib/http.mjs';
import { person, psql, until } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { text } from '../lib/texts.mjs';
import { answerTo, complaints, openPage, settled, sound } from './browse.mjs';

after(closeBrowser);

const unique = () => randomBytes(4).toString('hex');
const partner = person({ email: 'davide.greco@telmare.example' });
const agent = person({ tenant: partner.tenant, email: 'nils.holm@nattjour.example' });
const admin = person({ tenant: partner.tenant, role: 'tenant_admin' });

async function at(who, path, { lang = 'en', ...options } = {}) {
  const page = await openPage({ session: await session(who), ...options });
  await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
  await page.goto(path);
  await settled(page);
  return page;
}

// A person of an account, signed in: as an invitation would have it.
async function joins(host, role, mark) {
  const token = randomBytes(32);
  const email = `${role.replace('_', '-')}-${mark}@fresh.example`;
  await psql('postgres', `begin;
    select auth.set_context(h.tenant_id, null, null, null, null, 0::smallint, '{}', false) from app.hosts h where h.host = :'host';
    with here as (select po.* from app.hosts h join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id where h.host = :'host'),
    p as (insert into app.people (tenant_id, id, email, name, locale)
      select tenant_id, ${randomInt(1, 2 ** 48 - 1)}, :'email', 'Fresh ${role} ${mark}', 'en' from here returning tenant_id, id),
    m as (insert into app.memberships (tenant_id, person_id, role, account_id) select p.tenant_id, p.id, :'role', here.account_id from p, here),
    c as (insert into app.confirmations (tenant_id, person_id, portal_id, email) select p.tenant_id, p.id, here.id, :'email' from p, here)
    insert into app.sessions (tenant_id, person_id, token_hash, expires_at)
      select tenant_id, id, '\\x${createHash('sha256').update(token).digest('hex')}', now() + interval '1 hour' from p;
    commit;`, { host, role, email });
  return { host, cookie: `__Host-sid=${token.toString('base64url')}`, person: { email, host } };
}

test('a partner makes an account, answers its report and hands it on', async () => {
  const mark = unique();
  const page = await at(partner, '/accounts');
  await sound(page, 'accounts');
  await screenshot(page, 'accounts-list');
  await page.getByLabel('Search accounts').fill('bell');
  await page.waitForURL(/q=bell/);
  await page.getByRole('link', { name: /Hotel Bellariva/ }).waitFor();
  await page.getByLabel('Search accounts').fill('zzz');
  await page.getByText('No account has such a name').waitFor();
  await sound(page, 'nothing found');
  await page.getByRole('link', { name: 'New account' }).click();
  await page.getByRole('heading', { level: 1, name: 'New account' }).waitFor();
  await sound(page, 'new account');

  // Nothing is made without a support contact.
  await page.getByLabel('Name', { exact: true }).fill(`Fresh ${mark}`);
  assert.equal(await page.getByLabel('Portal address').inputValue(), `fresh-${mark}`);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.locator('.summary', { hasText: 'Choose at least one support contact' }).waitFor();
  await sound(page, 'without a contact');

  // One by search, with the keyboard.
  const field = page.getByRole('combobox', { name: 'Support contacts' });
  await field.fill('vil');
  const option = page.getByRole('option', { name: /Serena Villa/ });
  await option.waitFor();
  assert.equal(await page.getByRole('option').count(), 1);
  assert.equal(await field.getAttribute('aria-expanded'), 'true');
  await sound(page, 'people found');
  await screenshot(page, 'accounts-people');
  // Enter that ends a composition chooses nothing.
  await field.press('ArrowDown');
  await field.evaluate((e) => e.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })));
  assert.equal(await page.locator('.chips li').count(), 0);
  assert.equal(await field.getAttribute('aria-activedescendant'), await option.getAttribute('id'));
  await field.press('Enter');
  await page.locator('.chips', { hasText: 'Serena Villa' }).waitFor();
  assert.equal(await field.inputValue(), '');

  // A bad address is told, and goes by its button; a good one stays.
  await field.fill('not an@address');
  await field.press('Enter');
  await page.locator('.error', { hasText: 'Contains an invalid e-mail' }).waitFor();
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  await sound(page, 'a bad address');
  await screenshot(page, 'accounts-bad-address');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.locator('.summary', { hasText: 'Contains an invalid e-mail' }).waitFor();
  await page.getByRole('button', { name: 'Remove not', exact: true }).click();
  await page.getByRole('button', { name: 'Remove an@address', exact: true }).click();
  await field.fill(`Desk-${mark}@Fresh.example`);
  await field.press('Enter');
  await page.getByRole('button', { name: `Remove desk-${mark}@fresh.example` }).waitFor();

  // A name of the installation's, one that somebody has.
  for (const [slug, says] of [['www', 'kept for other uses'], ['telmare', 'taken'], ['xn--caf-dma', 'single hyphens']]) {
    await page.getByLabel('Portal address').fill(slug);
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.locator('#slug-fault', { hasText: says }).waitFor();
  }
  page.expected.push(/status of 422/);
  await page.getByLabel('Portal address').fill(`fresh-${mark}`);
  const made = await answerTo(page, 'POST', /^\/api\/accounts$/, () => page.getByRole('button', { name: 'Create account' }).click());
  assert.equal(made.status(), 201);
  const { id, host } = await made.json();
  assert.equal(host, `fresh-${mark}.localhost`);
  await page.getByRole('heading', { level: 1, name: `Fresh ${mark}` }).waitFor();
  await sound(page, 'the account');
  await screenshot(page, 'accounts-one');
  const invited = Date.now();
  await page.getByLabel('Invite an administrator').fill(`chief-${mark}@fresh.example`);
  await page.getByRole('button', { name: 'Send invitation' }).click();
  const [invitation] = await mails({ to: `chief-${mark}@fresh.example`, since: invited, timeout: 15_000 });
  assert.ok(invitation.text.includes(`https://${host}:`), 'the invitation leads to the new portal');

  // Its report is the partner's: mail to exactly the contacts.
  const member = await joins(host, 'member', mark);
  const customer = await openPage({ session: member });
  const since = Date.now();
  await customer.goto('/tickets/new');
  await customer.getByLabel('Title').fill(`Line dead ${mark}`);
  await customer.locator('#description').fill('No dial tone.');
  await customer.getByRole('button', { name: 'Create ticket' }).click();
  await customer.waitForURL(/\/t\/\d+$/);
  const number = Number(/\d+$/.exec(customer.url())[0]);
  await customer.getByText('Now with').waitFor();
  await customer.locator('.facts', { hasText: 'Telmare Servizi' }).waitFor();
  for (const to of ['serena.villa@telmare.example', `desk-${mark}@fresh.example`]) await mails({ to, about: mark, since, timeout: 15_000 });
  await until('every mail', async () => await psql('postgres', `select count(*) from app.deliveries d join app.events e using (tenant_id)
    where e.id = d.event_id and e.ticket_id = ${number} and d.state = 1 and e.tenant_id = (select tenant_id from app.hosts where host = '${host}')`) === '0');
  const reached = new Set(caught({ about: mark, since }).map((m) => m.headers['delivered-to']));
  assert.deepEqual([...reached].sort(), [`desk-${mark}@fresh.example`, 'serena.villa@telmare.example']);
  const desk = await at(agent, '/agent');
  assert.equal(await desk.getByText(`Line dead ${mark}`).count(), 0);
  assert.equal((await api(await session(agent), 'GET', `/api/tickets/${number}`)).status, 404);

  // The partner answers from its inbox, then hands it on.
  await page.getByRole('link', { name: 'Inbox' }).click();
  await page.getByRole('heading', { level: 1, name: 'Inbox' }).waitFor();
  const row = page.locator('.trow', { hasText: `Line dead ${mark}` });
  await row.waitFor();
  assert.match(await row.innerText(), new RegExp(`Fresh ${mark}[^]*With Telmare`));
  await sound(page, 'inbox');
  await screenshot(page, 'accounts-inbox');
  await row.click();
  await page.locator('#write-reply').fill(`Is the cable in? ${mark}`);
  await page.getByRole('button', { name: 'Send reply' }).click();
  await page.locator('.msg', { hasText: 'Is the cable in?' }).waitFor();
  await sound(page, 'the partner’s ticket');
  await screenshot(page, 'accounts-ticket');
  await customer.reload();
  await customer.locator('.msg[data-by=support]', { hasText: 'Is the cable in?' }).waitFor();
  const later = Date.now();
  const handed = await answerTo(page, 'POST', /escalation$/, () => page.getByRole('button', { name: 'Escalate to Klangtal' }).click());
  assert.equal(handed.status(), 201);
  await page.locator('.facts', { hasText: 'Klangtal' }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^Escalate/ }).count(), 0);
  const [told] = await mails({ to: member.person.email, about: `Ticket #${number} is now with Klangtal`, since: later, timeout: 15_000 });
  assert.match(told.text, new RegExp(`https://fresh-${mark}\\.localhost:\\d+/t/${number}`));
  await mails({ to: agent.email, about: mark, since: later, timeout: 15_000 });
  await customer.reload();
  await customer.locator('.facts', { hasText: 'Klangtal' }).waitFor();
  await desk.goto(`/agent/t/${number}`);
  await desk.locator('.msg', { hasText: 'Is the cable in?' }).waitFor();

  // An administrator of an account that its partner made keeps its contacts.
  const chief = await joins(host, 'account_admin', mark);
  const own = await openPage({ session: chief });
  await own.goto('/admin/contacts');
  await settled(own);
  await sound(own, 'own contacts');
  const box = own.getByRole('combobox', { name: 'Support contacts' });
  await box.fill('e');
  await own.getByRole('option').first().waitFor();
  assert.deepEqual((await own.getByRole('option').allInnerTexts()).map((o) => /@telmare\.example/.test(o)), [true], 'its own partner’s people only, and who is not there yet');
  await own.getByRole('option').getByText('Add').click();
  await own.getByRole('button', { name: `Remove desk-${mark}@fresh.example` }).click();
  await own.getByRole('button', { name: 'Remove Serena Villa' }).click();
  assert.equal(await own.getByRole('button', { name: /^Remove/ }).getAttribute('aria-disabled'), 'true');
  await own.getByRole('button', { name: /^Remove/ }).click({ force: true });
  assert.equal(await own.locator('.chips li').count(), 1, 'the last one stays');
  const saved = await answerTo(own, 'POST', /contacts$/, () => own.getByRole('button', { name: 'Save' }).click());
  assert.deepEqual((await saved.json()).contacts.map((c) => c.name), ['Davide Greco']);
  assert.equal((await api(chief, 'POST', '/api/accounts', { name: 'Mine', slug: `mine-${mark}`, contacts: ['me@fresh.example'] })).status, 403);
  assert.equal((await api(chief, 'GET', `/api/accounts/${id}`)).status, 404);
  for (const p of [page, customer, desk, own]) assert.deepEqual(complaints(p), []);
});

test('a tenant_admin names staff, whom the customer sees at home', async () => {
  const page = await at(admin, '/agent/accounts');
  await sound(page, 'accounts at the desk');
  await page.getByRole('link', { name: /Fjällby/ }).click();
  await page.getByRole('heading', { level: 1, name: /Fjällby/ }).waitFor();
  await settled(page);
  await page.getByRole('button', { name: 'Add a person' }).click();
  const n = await page.getByLabel(/^Role of person/).count();
  await page.getByLabel(`Role of person ${n}`).selectOption('key_account');
  await page.getByLabel(`Person ${n}`, { exact: true }).selectOption({ label: 'Clara Vogt' });
  await sound(page, 'naming staff');
  await screenshot(page, 'accounts-desk');
  const saved = await answerTo(page, 'PATCH', /accounts/, () => page.locator('section', { has: page.getByRole('heading', { name: 'People they are shown' }) }).getByRole('button', { name: 'Save' }).click());
  assert.equal(saved.status(), 200);
  const home = await at(person({ email: 'peter.dahl@fjallby.example' }), '/');
  await home.locator('.contacts', { hasText: 'Clara Vogt · Key account manager' }).waitFor();
  await sound(home, 'home with named contacts');
  assert.deepEqual([...complaints(page), ...complaints(home)], []);
});

test('the same on a narrow screen, in Italian', async () => {
  const it = (key) => text('it', key);
  const page = await at(partner, '/accounts', { lang: 'it', width: 390, height: 844 });
  await page.getByRole('heading', { level: 1, name: it('accounts.title') }).waitFor();
  await sound(page, 'accounts, narrow');
  await page.getByRole('link', { name: /Bellariva/ }).click();
  await page.getByRole('combobox', { name: it('accounts.contacts') }).fill('dav');
  await settled(page);
  await sound(page, 'an account, narrow');
  await screenshot(page, 'accounts-narrow');
  await page.goto('/inbox');
  await sound(page, 'inbox, narrow');
  await screenshot(page, 'accounts-inbox-narrow');
  await page.goto('/accounts/new');
  await page.getByRole('button', { name: it('accounts.create') }).click();
  await page.locator('.summary', { hasText: it('accounts.contacts.needed') }).waitFor();
  await sound(page, 'new account, narrow');
  await screenshot(page, 'accounts-new-narrow');
  assert.deepEqual(complaints(page), []);
});
