// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A partner and its accounts (journey 21): one is made with support contacts, a report of it
// reaches exactly these, the partner answers and hands it on. Then who may keep
// the contacts. In English, and in Italian on a narrow screen.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { after, test } from 'node:test';
import { api, makeWorld, sessionAt } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { session } from '../lib/http.mjs';
import { person, psql, until } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { said } from '../lib/texts.mjs';
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
async function joins(host, role, mark, lang) {
  const token = randomBytes(32);
  const email = `${role.replace('_', '-')}-${mark}@fresh.example`;
  await psql('postgres', `begin;
    select auth.set_context(h.tenant_id, null, null, null, null, 0::smallint, '{}', false) from app.hosts h where h.host = :'host';
    with here as (select po.* from app.hosts h join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id where h.host = :'host'),
    p as (insert into app.people (tenant_id, id, email, name, locale)
      select tenant_id, ${randomInt(1, 2 ** 48 - 1)}, :'email', 'Fresh ${role} ${mark}', '${lang}' from here returning tenant_id, id),
    m as (insert into app.memberships (tenant_id, person_id, role, account_id) select p.tenant_id, p.id, :'role', here.account_id from p, here),
    c as (insert into app.confirmations (tenant_id, person_id, portal_id, email) select p.tenant_id, p.id, here.id, :'email' from p, here)
    insert into app.sessions (tenant_id, person_id, token_hash, expires_at)
      select tenant_id, id, '\\x${createHash('sha256').update(token).digest('hex')}', now() + interval '1 hour' from p;
    commit;`, { host, role, email });
  return { host, cookie: `__Host-sid=${token.toString('base64url')}`, person: { email, host } };
}

for (const [lang, width] of [['en', 1280], ['it', 390]]) {
  const t = (key, values) => said(lang, key, values);

  test(`A1, A2, A4: a partner makes an account, answers its report and hands it on: ${lang}, ${width} px`, async () => {
    const mark = unique();
    const began = Date.now();
    const page = await at(partner, '/accounts', { lang, width });
    await sound(page, 'accounts');
    await screenshot(page, `accounts-list-${lang}`);
    await page.getByLabel(t('accounts.search')).fill('bell');
    await page.waitForURL(/q=bell/);
    await page.getByRole('link', { name: /Hotel Bellariva/ }).waitFor();
    await page.getByLabel(t('accounts.search')).fill('zzz');
    await page.getByText(t('accounts.no_match')).waitFor();
    await sound(page, 'nothing found');
    await page.getByRole('link', { name: t('accounts.new') }).click();
    await page.getByRole('heading', { level: 1, name: t('accounts.new') }).waitFor();
    await sound(page, 'new account');

    // Nothing is made without a support contact.
    await page.getByLabel(t('accounts.name'), { exact: true }).fill(`Fresh ${mark}`);
    assert.equal(await page.getByLabel(t('accounts.slug')).inputValue(), `fresh-${mark}`);
    await page.getByRole('button', { name: t('accounts.create') }).click();
    await page.locator('.summary', { hasText: t('accounts.contacts.needed') }).waitFor();
    await sound(page, 'without a contact');

    // One by search, with the keyboard.
    const field = page.getByRole('combobox', { name: t('accounts.contacts') });
    await field.fill('vil');
    const option = page.getByRole('option', { name: /Serena Villa/ });
    await option.waitFor();
    assert.equal(await page.getByRole('option').count(), 1);
    assert.equal(await field.getAttribute('aria-expanded'), 'true');
    await sound(page, 'people found');
    await screenshot(page, `accounts-people-${lang}`);
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
    await page.locator('.error', { hasText: t('pick.bad') }).waitFor();
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    await sound(page, 'a bad address');
    await screenshot(page, `accounts-bad-address-${lang}`);
    await page.getByRole('button', { name: t('accounts.create') }).click();
    await page.locator('.summary', { hasText: t('pick.bad') }).waitFor();
    await page.getByRole('button', { name: t('pick.remove', { who: 'not' }), exact: true }).click();
    await page.getByRole('button', { name: t('pick.remove', { who: 'an@address' }), exact: true }).click();
    await field.fill(`Desk-${mark}@Fresh.example`);
    await field.press('Enter');
    await page.getByRole('button', { name: t('pick.remove', { who: `desk-${mark}@fresh.example` }) }).waitFor();

    // A name of the installation's, one that somebody has.
    for (const [slug, says] of [['www', t('err.field.reserved')], ['telmare', t('err.field.taken')], ['xn--caf-dma', t('accounts.slug.bad')]]) {
      await page.getByLabel(t('accounts.slug')).fill(slug);
      await page.getByRole('button', { name: t('accounts.create') }).click();
      await page.locator('#slug-fault', { hasText: says }).waitFor();
    }
    page.expected.push(/status of 422/);
    await page.getByLabel(t('accounts.slug')).fill(`fresh-${mark}`);
    const made = await answerTo(page, 'POST', /^\/api\/accounts$/, () => page.getByRole('button', { name: t('accounts.create') }).click());
    assert.equal(made.status(), 201);
    const { id, host } = await made.json();
    assert.equal(host, `fresh-${mark}.localhost`);
    await page.getByRole('heading', { level: 1, name: `Fresh ${mark}` }).waitFor();
    await sound(page, 'the account');
    await screenshot(page, `accounts-one-${lang}`);
    const invited = Date.now();
    await page.getByLabel(t('accounts.invite')).fill(`chief-${mark}@fresh.example`);
    await page.getByRole('button', { name: t('accounts.invite.send') }).click();
    const [invitation] = await mails({ to: `chief-${mark}@fresh.example`, since: invited });
    assert.ok(invitation.text.includes(`https://${host}:`), 'the invitation leads to the new portal');

    // The address that was typed is asked first; whoever reads it says yes.
    const typed = `desk-${mark}@fresh.example`;
    await page.locator('.notice', { hasText: t('accounts.contact.waiting') }).getByText(typed).waitFor();
    const again = await answerTo(page, 'POST', /contacts\/again$/, () => page.getByRole('button', { name: `${t('accounts.contact.again')}: ${typed}` }).click());
    assert.equal(again.status(), 201);
    const [, asked] = await mails({ to: typed, since: began, count: 2 });
    assert.ok(!asked.text.includes('Fresh') && !asked.subject.includes('Fresh') && asked.text.includes('davide.greco@telmare.example') && !asked.text.includes('Davide'));
    const reader = await openPage({ host, lang, width });
    await reader.context().addCookies([{ name: 'lang', value: lang, url: reader.base }]);
    await reader.goto(new URL(/https:\/\/\S+\/confirm\/\S+/.exec(asked.text)[0]).pathname);
    await reader.getByText(t('confirm.contact', { email: typed, account: `Fresh ${mark}` })).waitFor();
    await reader.getByText('Davide Greco (davide.greco@telmare.example)').waitFor();
    await sound(reader, 'a contact is asked');
    await screenshot(reader, `accounts-asked-${lang}`);
    await reader.getByRole('button', { name: t('confirm.contact.yes') }).click();
    await reader.getByText(t('confirm.contact.accepted', { email: typed, account: `Fresh ${mark}` })).waitFor();
    await sound(reader, 'a contact has said yes');
    await page.reload();
    await settled(page);
    assert.equal(await page.locator('.notice', { hasText: t('accounts.contact.waiting') }).count(), 0, 'nobody is waited for');

    // Its report is the partner's: mail to exactly the contacts.
    const member = await joins(host, 'member', mark, lang);
    const customer = await openPage({ session: member, lang, width });
    const since = Date.now();
    await customer.goto('/tickets/new');
    await customer.locator('#title').fill(`Line dead ${mark}`);
    await customer.locator('#description').fill('No dial tone.');
    await customer.getByRole('button', { name: t('portal.new.submit') }).click();
    await customer.waitForURL(/\/t\/\d+$/);
    const number = Number(/\d+$/.exec(customer.url())[0]);
    await customer.getByText(t('portal.ticket.with')).waitFor({ state: 'attached' });
    await customer.locator('.facts', { hasText: 'Telmare Servizi' }).waitFor({ state: 'attached' });
    for (const to of ['serena.villa@telmare.example', `desk-${mark}@fresh.example`]) await mails({ to, about: mark, since });
    await until('every mail', async () => await psql('postgres', `select count(*) from app.deliveries d join app.events e using (tenant_id)
      where e.id = d.event_id and e.ticket_id = ${number} and d.state = 1 and e.tenant_id = (select tenant_id from app.hosts where host = '${host}')`) === '0');
    const reached = new Set(caught({ about: mark, since }).map((m) => m.headers['delivered-to']));
    assert.deepEqual([...reached].sort(), [`desk-${mark}@fresh.example`, 'serena.villa@telmare.example']);
    const desk = await at(agent, '/agent');
    assert.equal(await desk.getByText(`Line dead ${mark}`).count(), 0);
    assert.equal((await api(await session(agent), 'GET', `/api/tickets/${number}`)).status, 404);

    // The partner answers from its inbox, then hands it on.
    await page.getByRole('link', { name: t('site.inbox') }).click();
    await page.getByRole('heading', { level: 1, name: t('accounts.inbox') }).waitFor();
    const row = page.locator('.trow', { hasText: `Line dead ${mark}` });
    await row.waitFor();
    assert.match(await row.innerText(), new RegExp(`Fresh ${mark}[^]*${t('accounts.with', { who: 'Telmare' })}`));
    await page.locator('.tabs [aria-current] .count').waitFor();
    await page.getByRole('searchbox').fill(`"line dead" ${mark}`);
    await Promise.all([page.waitForResponse(/\/api\/inbox\?q=/), page.getByRole('searchbox').press('Enter')]);
    await row.waitFor();
    await sound(page, 'inbox');
    await screenshot(page, `accounts-inbox-${lang}`);
    await row.click();
    await page.locator('#write-reply').fill(`Is the cable in? ${mark}`);
    await page.getByRole('button', { name: t('portal.reply.send') }).click();
    await page.locator('.msg', { hasText: 'Is the cable in?' }).waitFor();
    await sound(page, 'the partner’s ticket');
    await screenshot(page, `accounts-ticket-${lang}`);
    await customer.reload();
    await customer.locator('.msg[data-by=support]', { hasText: 'Is the cable in?' }).waitFor();
    const later = Date.now();
    const handed = await answerTo(page, 'POST', /escalation$/, () => page.getByRole('button', { name: new RegExp(t('portal.escalate', { tenant: 'Klangtal' })) }).click());
    assert.equal(handed.status(), 201);
    await page.locator('.facts', { hasText: 'Klangtal' }).waitFor({ state: 'attached' });
    assert.equal(await page.getByRole('button', { name: new RegExp(`^${t('portal.escalate', { tenant: '' })}`) }).count(), 0);
    const [told] = await mails({ to: member.person.email, about: t('mail.ticket_escalated.subject', { number, tenant: 'Klangtal' }), since: later });
    assert.match(told.text, new RegExp(`https://fresh-${mark}\\.localhost:\\d+/t/${number}`));
    await mails({ to: agent.email, about: mark, since: later });
    await customer.reload();
    await customer.locator('.facts', { hasText: 'Klangtal' }).waitFor({ state: 'attached' });
    await desk.goto(`/agent/t/${number}`);
    await desk.locator('.msg', { hasText: 'Is the cable in?' }).waitFor();

    // An administrator of an account that its partner made keeps its contacts.
    const chief = await joins(host, 'account_admin', mark, lang);
    const own = await openPage({ session: chief, lang, width });
    await own.goto('/admin/contacts');
    await settled(own);
    await sound(own, 'own contacts');
    const box = own.getByRole('combobox', { name: t('accounts.contacts') });
    await box.fill('e');
    await own.getByRole('option').first().waitFor();
    assert.deepEqual((await own.getByRole('option').allInnerTexts()).map((o) => /@telmare\.example/.test(o)), [true], 'its own partner’s people only, and who is not there yet');
    await own.getByRole('option').getByText(t('pick.add')).click();
    await own.getByRole('button', { name: t('pick.remove', { who: `desk-${mark}@fresh.example` }) }).click();
    await own.getByRole('button', { name: t('pick.remove', { who: 'Serena Villa' }) }).click();
    assert.equal(await own.getByRole('button', { name: new RegExp(`^${t('pick.remove', { who: '' })}`) }).getAttribute('aria-disabled'), 'true');
    await own.getByRole('button', { name: new RegExp(`^${t('pick.remove', { who: '' })}`) }).click({ force: true });
    assert.equal(await own.locator('.chips li').count(), 1, 'the last one stays');
    const saved = await answerTo(own, 'POST', /contacts$/, () => own.getByRole('button', { name: t('accounts.save') }).click());
    assert.deepEqual((await saved.json()).contacts.map((c) => c.name), ['Davide Greco']);

    // With one who is asked alone, the page says who is written to meanwhile; one who says never is shown, without why.
    await box.fill(`new-${mark}@fresh.example, never-${mark}@fresh.example`);
    await box.press('Enter');
    await own.getByRole('button', { name: t('pick.remove', { who: 'Davide Greco' }) }).click();
    await answerTo(own, 'POST', /contacts$/, () => own.getByRole('button', { name: t('accounts.save') }).click());
    await own.getByText(t('accounts.contact.stand_in', { who: 'Telmare Servizi S.r.l.' })).waitFor();
    const [refusal] = await mails({ to: `never-${mark}@fresh.example`, since: began });
    await reader.goto(new URL(/https:\/\/\S+\/confirm\/\S+/.exec(refusal.text)[0]).pathname);
    await reader.getByRole('button', { name: t('confirm.contact.no') }).click();
    await reader.getByText(t('confirm.contact.declined', { email: `never-${mark}@fresh.example` })).waitFor();
    await own.reload();
    await own.locator('.chips', { hasText: t('accounts.contact.declined') }).waitFor();
    await sound(own, 'contacts that wait and refuse');
    await screenshot(own, `accounts-waiting-${lang}`);
    assert.equal((await api(chief, 'POST', '/api/accounts', { name: 'Mine', slug: `mine-${mark}`, contacts: ['me@fresh.example'] })).status, 403);
    assert.equal((await api(chief, 'GET', `/api/accounts/${id}`)).status, 404);
    for (const p of [page, customer, desk, own, reader]) {
      assert.deepEqual(complaints(p), []);
      await p.context().close();
    }
  });

  test(`A3: an account without a partner: its administrator reads the contacts and changes none, in ${lang}`, async () => {
    const w = await makeWorld({ only: ['villager'] });
    await psql('postgres', `update app.memberships set role = 'account_admin' where tenant_id = ${w.tenant} and person_id = ${w.people.villager.id}`);
    const page = await openPage({ session: w.villager, lang, width });
    await page.goto('/admin/contacts');
    await page.getByText(t('accounts.contacts.kept')).waitFor();
    await page.getByText('contact-village@people.example').waitFor();
    assert.equal(await page.locator('main').locator('input, button').count(), 0);
    await sound(page, 'contacts that support keeps');
    assert.equal((await api(w.villager, 'POST', `/api/accounts/${w.id.village}/contacts`, { add: ['me@people.example'], remove: [] })).status, 403);
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  });
}

for (const [lang, width] of [['en', 1280], ['ja', 390]]) {
  test(`A5: the desk sees an account's support access and what holds for it, in ${lang}`, async () => {
    const w = await makeWorld({ only: ['chief', 'admin'] });
    await api(w.chief, 'POST', '/api/access/grants', { scope: 'all', reason: `Look ${w.mark}`, ends_at: new Date(Date.now() + 3_600_000).toISOString() });
    await api(w.admin, 'PATCH', '/api/settings', { name: 'languages', value: 'de en ja' });
    const page = await openPage({ session: w.admin, lang, width });
    await page.goto(`/agent/accounts/${w.id.town}`);
    await page.getByRole('region', { name: said(lang, 'accounts.grants') }).getByText(`Look ${w.mark}`).waitFor();
    const held = page.getByRole('region', { name: said(lang, 'accounts.settings') }).getByRole('listitem').filter({ hasText: said(lang, 'settings.languages') });
    await held.getByText(said(lang, 'settings.from_tenant', { name: `Tenant ${w.mark}` })).waitFor();
    await sound(page, 'an account at the desk');
    await page.getByRole('searchbox').fill('nothing');
    await page.getByRole('searchbox').press('Enter');
    await page.waitForURL(new RegExp(`/agent\\?account=${w.id.town}&q=nothing$`));
    await page.getByRole('region', { name: said(lang, 'agent.queue') }).getByRole('heading', { level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('region', { name: said(lang, 'accounts.settings') }).waitFor();
    await screenshot(page, `account-desk-${lang}`);
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  });
}

for (const lang of ['en', 'ja']) {
  const t = (key, values) => said(lang, key, values);

  test(`A7: one of a partner's staff is taken out, by its administrator and by the tenant's, in ${lang}`, async () => {
    const w = await makeWorld({ only: ['partner', 'second', 'chief', 'admin'] });
    await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
      update app.memberships set role = 'partner', account_id = ${w.id.helpers} where tenant_id = ${w.tenant} and person_id = ${w.people.second.id};
      update app.memberships set role = 'account_admin', account_id = ${w.id.helpers} where tenant_id = ${w.tenant} and person_id = ${w.people.chief.id};
      commit;`);
    const open = async (who, path, host) => {
      const page = await openPage({ session: { ...who, host: host ?? who.host }, lang });
      await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
      await page.goto(path);
      await settled(page);
      return page;
    };
    const own = await open(await sessionAt(w.chief, w.host.helpers), '/admin/people');
    const card = own.locator('article', { hasText: w.people.partner.email });
    await card.getByText(t('people.edit'), { exact: true }).click();
    assert.equal(await card.getByLabel(t('people.role')).inputValue(), 'partner');
    await sound(own, 'one of the staff');
    await card.getByRole('button', { name: t('people.end') }).click();
    const ended = await answerTo(own, 'DELETE', /^\/api\/memberships\//, () => card.getByRole('button', { name: t('people.end') }).click());
    assert.equal(ended.status(), 204);
    await card.waitFor({ state: 'detached' });

    const page = await open(w.admin, `/agent/accounts/${w.id.helpers}`);
    await page.getByText(t('accounts.invite.own')).waitFor();
    assert.equal(await page.getByLabel(t('accounts.invite')).count(), 0);
    const { name } = w.people.second;
    await page.getByRole('button', { name: `${t('accounts.staff.end')}: ${name}` }).click();
    await page.getByText(t('accounts.staff.ask', { name })).waitFor();
    await sound(page, 'asked before');
    await screenshot(page, `accounts-staff-${lang}`);
    const gone = await answerTo(page, 'DELETE', /^\/api\/memberships\//, () => page.getByRole('button', { name: t('accounts.staff.end'), exact: true }).click());
    assert.equal(gone.status(), 204);
    await page.getByRole('heading', { name: t('accounts.staff') }).waitFor({ state: 'detached' });
    assert.deepEqual((await api(w.partner, 'GET', '/api/accounts')).status, 401);
    assert.deepEqual([...complaints(own), ...complaints(page)], []);
  });
}

test('P6: a tenant_admin names staff, whom the customer sees at home', async () => {
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

test('P9: while no contact has said yes, a ticket and the support page say who gets mail', async () => {
  const w = await makeWorld({ only: ['member', 'partner'] });
  const t = (key, values) => said('de', key, values);
  await psql('postgres', `update app.support_contacts set state = 4 where tenant_id = ${w.tenant} and account_id = ${w.id.town}`);
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'Drip', description: 'x' })).json;
  const page = await openPage({ session: w.member, lang: 'de', width: 390 });
  await page.goto(`/t/${number}`);
  await page.getByText(t('portal.ticket.instead', { who: `Helpers ${w.mark} und Tenant ${w.mark}` })).waitFor();
  await sound(page, 'a ticket');
  await page.goto('/support');
  const card = page.getByRole('region', { name: t('support.instead.title') });
  await card.getByText(t('support.instead')).waitFor();
  assert.deepEqual(await card.getByRole('listitem').allInnerTexts(), [`Helpers ${w.mark}`, `Tenant ${w.mark}`]);
  await sound(page, 'support');
  await psql('postgres', `update app.support_contacts set state = 1 where tenant_id = ${w.tenant} and email = 'contact-town@people.example'`);
  await page.goto(`/t/${number}`);
  await page.getByText(t('portal.ticket.assignee')).first().waitFor({ state: 'attached' });
  assert.equal(await page.getByText(`Helpers ${w.mark} und`).count(), 0);
  assert.deepEqual(complaints(page), []);
});
