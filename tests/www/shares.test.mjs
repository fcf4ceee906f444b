// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Adding people (journey 10): a colleague is added to a new ticket, one who may
// not use support is refused by name with the text kept, somebody unknown is asked
// and joins by accepting, the staff named to the account get the mail; later
// another joins and leaves again.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { session } from '../lib/http.mjs';
import { person, port, psql } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, openPage, sound } from './browse.mjs';

after(closeBrowser);

const chief = person({ email: 'franco.moretti@bellariva.example' });
const agent = person({ tenant: chief.tenant, email: 'nils.holm@nattjour.example' });

const mark = randomBytes(4).toString('hex');
const colleagues = {};
// Whose turn the hotel's reports are first: 1 the tenant's, 2 its partner's, as in the demo.
const routing = (first) => psql('postgres', `update app.accounts a set routing = ${first} from app.hosts h join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
  where h.host = :'host' and a.tenant_id = po.tenant_id and a.id = po.account_id`, { host: chief.host });
const supportUsers = (roles) => psql('postgres', `update app.settings s set value = '${roles}' from app.hosts h join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
  where h.host = :'host' and s.tenant_id = h.tenant_id and s.scope = po.account_id * 2 and s.name = 'support_users'`, { host: chief.host });
// Two of the hotel: one for support; of the other the hotel thinks otherwise.
before(async () => {
  await routing(1);
  for (const [role, first] of [['main_user', 'Olga'], ['member', 'Pietro']]) {
    const id = randomInt(1, 2 ** 48 - 1);
    colleagues[first] = { id, name: `${first} ${mark}`, email: `${first.toLowerCase()}-${mark}@bellariva.example` };
    await psql('postgres', `begin;
      select auth.set_context(h.tenant_id, null, null, null, null, 0::smallint, '{}', false) from app.hosts h where h.host = :'host';
      with here as (select po.* from app.hosts h join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id where h.host = :'host'),
      p as (insert into app.people (tenant_id, id, email, name) select tenant_id, ${id}, :'email', :'name' from here returning tenant_id, id),
      c as (insert into app.confirmations (tenant_id, person_id, portal_id, email) select p.tenant_id, p.id, here.id, :'email' from p, here),
      n as (insert into app.named_contacts (tenant_id, account_id, kind, person_id)
        select here.tenant_id, here.account_id, 'delivery', a.id from here join app.people a on a.tenant_id = here.tenant_id and a.email = :'agent' on conflict do nothing),
      s as (insert into app.settings (tenant_id, scope, name, value, account_id)
        select here.tenant_id, here.account_id * 2, 'support_users', 'account_admin main_user', here.account_id from here
        on conflict (tenant_id, scope, name) do update set value = excluded.value)
      insert into app.memberships (tenant_id, person_id, role, account_id) select p.tenant_id, p.id, '${role}', here.account_id from p, here;
      commit;`, { host: chief.host, agent: agent.email, ...colleagues[first] });
  }
});
after(() => routing(2));
after(() => psql('postgres', `delete from app.settings s using app.hosts h, app.portals po
  where h.host = :'host' and po.tenant_id = h.tenant_id and po.id = h.portal_id
    and s.tenant_id = h.tenant_id and s.scope = po.account_id * 2 and s.name = 'support_users'`, { host: chief.host }));

for (const [lang, width] of [['en', 1280], ['it', 390]]) {
  test(`N6, P7: added, refused, asked, taken out: ${lang}, ${width} px`, async () => {
    const { Olga, Pietro } = colleagues;
    const since = new Date();
    const title = `Oven ${mark} ${lang}`;
    const page = await openPage({ session: await session(chief), lang, width });
    page.expected = [/422/];
    await page.context().addCookies([{ name: 'lang', value: lang, url: `https://${chief.host}:${port.https}` }]);
    await page.goto('/tickets/new');
    await page.locator('#title').fill(title);
    await page.locator('#description').fill('It stays cold.');
    await page.getByRole('button', { name: said(lang, 'portal.people.add') }).click();
    const field = page.getByRole('combobox', { name: said(lang, 'share.label') });
    await field.fill(`olg ${mark}`);
    await page.getByRole('option', { name: new RegExp(Olga.name) }).waitFor();
    await sound(page, 'found');
    await field.press('ArrowDown');
    await field.press('Enter');
    // The staff named to the account, by one click.
    await page.getByRole('button', { name: said(lang, 'share.offer', { who: agent.name }) }).click();
    const stranger = `stranger-${lang}-${mark}@x.example`;
    await page.getByText(said(lang, 'share.hint.new')).waitFor();
    for (const address of [Pietro.email, stranger]) {
      await field.fill(address);
      await field.press('Enter');
    }
    await page.locator('form.form button[type=submit]').click();
    await page.locator('.summary').waitFor();
    await page.getByText(said(lang, 'share.not_allowed', { who: Pietro.name })).waitFor();
    assert.equal(await page.locator('#description').inputValue(), 'It stays cold.');
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    await sound(page, 'refused');
    await screenshot(page, `shares-refused-${lang}`);

    // Nothing is lost, by a reload neither.
    await page.reload();
    await page.getByRole('button', { name: said(lang, 'pick.remove', { who: Olga.name }) }).waitFor();
    await page.getByRole('button', { name: said(lang, 'pick.remove', { who: Pietro.email }) }).click();
    await page.locator('form.form button[type=submit]').click();
    // Members may not use support here, so an invitation as one is no use: another role can be chosen.
    await page.getByText(said(lang, 'share.members', { who: stranger })).waitFor();
    const invite = page.getByRole('link', { name: said(lang, 'share.invite', { who: stranger }) });
    assert.equal(await invite.getAttribute('href'), `/invitations?invite=${encodeURIComponent(stranger)}`);
    await supportUsers('account_admin main_user member');
    await page.locator('form.form button[type=submit]').click();
    await page.waitForURL(/\/t\/\d+$/);
    if (width < 768) await page.locator('summary', { hasText: said(lang, 'talk.who.people') }).click();
    const list = page.locator('.facts', { has: page.locator('#people') });
    for (const who of [chief.name, Olga.name, agent.name]) await list.getByText(who).waitFor();
    await sound(page, 'the ticket');
    for (const to of [Olga.email, agent.email]) assert.ok((await mails({ to, since, about: title })).length, to);

    // Who was asked is listed until they accept.
    const asked = page.locator('.facts', { has: page.locator('#pending') });
    await asked.getByText(stranger).waitFor();
    const [first] = await mails({ to: stranger, since });
    assert.ok(!first.text.includes(title) && !first.subject.includes(title));
    await asked.getByRole('button', { name: said(lang, 'talk.pending.again', { who: stranger }) }).click();
    await page.getByText(said(lang, 'talk.pending.sent', { who: stranger })).waitFor();
    await sound(page, 'asked');
    await screenshot(page, `shares-pending-${lang}`);
    const [, mail] = await mails({ to: stranger, since, count: 2 });
    const guest = await openPage({ host: chief.host, lang, width });
    await guest.goto(new URL(/https:\/\/\S+/.exec(mail.text)[0]).pathname);
    await guest.locator('#name').fill(`Guest ${mark}`);
    await guest.locator('#password').fill('a brand new password');
    await guest.locator('form button[type=submit]').last().click();
    await guest.waitForURL((u) => !u.pathname.startsWith('/invite'));
    await guest.goto(new URL(page.url()).pathname);
    await guest.getByRole('heading', { name: title }).waitFor();
    assert.deepEqual(complaints(guest), []);
    await guest.context().close();
    await page.reload();
    if (width < 768) await page.locator('summary', { hasText: said(lang, 'talk.who.people') }).click();
    await list.getByText(`Guest ${mark}`).waitFor();
    assert.equal(await asked.count(), 0);

    // A mistyped address is taken off again.
    const typo = `typo-${lang}-${mark}@x.example`;
    await page.locator('#add-people').click();
    await field.fill(typo);
    await field.press('Enter');
    await page.getByRole('button', { name: said(lang, 'share.save'), exact: true }).last().click();
    await page.getByText(said(lang, 'share.asked', { who: typo })).waitFor();
    await page.getByRole('button', { name: said(lang, 'portal.people.remove', { who: typo }) }).click();
    await asked.waitFor({ state: 'detached' });
    await supportUsers('account_admin main_user');

    // Out, and in again.
    await page.getByRole('button', { name: said(lang, 'portal.people.remove', { who: Olga.name }) }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(said(lang, 'talk.remove.nobody')).waitFor();
    await sound(page, 'removing');
    await dialog.getByRole('button', { name: said(lang, 'talk.remove.yes') }).click();
    await list.getByText(Olga.name).waitFor({ state: 'detached' });
    await page.locator('#add-people').click();
    await field.waitFor();
    await sound(page, 'adding');
    await field.fill(Olga.email);
    await field.press('Enter');
    await screenshot(page, `shares-adding-${lang}`);
    await page.getByRole('button', { name: said(lang, 'share.save'), exact: true }).last().click();
    await list.getByText(Olga.name).waitFor();
    await sound(page, 'added');
    await screenshot(page, `shares-ticket-${lang}`);
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  });
}

// What is its partner's first is not shared with the tenant's staff (A4).
for (const [lang, width] of [['ja', 1280], ['de', 390]]) {
  test(`A4: staff is not offered before a report is handed on, and refused by name: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member', 'partner', 'agent'] });
    await psql('postgres', `update app.accounts set routing = 2 where tenant_id = ${w.tenant} and id = ${w.id.town};
      insert into app.named_contacts (tenant_id, account_id, kind, person_id) values (${w.tenant}, ${w.id.town}, 'delivery', ${w.people.agent.id})`);
    const page = await openPage({ session: w.member, lang, width });
    page.expected = [/422/];
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/tickets/new');
    await page.locator('#title').fill('Oven');
    await page.locator('#description').fill('It stays cold.');
    await page.getByRole('button', { name: said(lang, 'portal.people.add') }).click();
    const field = page.getByRole('combobox', { name: said(lang, 'share.label') });
    await page.getByText(said(lang, 'share.hint.ask')).waitFor();
    await field.fill(w.people.agent.email);
    await field.press('Enter');
    assert.equal(await page.getByRole('button', { name: said(lang, 'share.offer', { who: w.people.agent.name }) }).count(), 0);
    await page.locator('form.form button[type=submit]').click();
    await page.getByText(said(lang, 'share.not_at_desk', { who: w.people.agent.name })).waitFor();
    await sound(page, 'staff is refused');
    await screenshot(page, `shares-partner-first-${lang}`);
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  });
}
