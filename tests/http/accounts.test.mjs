// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Accounts over the API: what is refused and by which field, the account that
// stands at once with its host, and a contact whose mail comes back.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newKey, originOf, problem } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { anyAddress, api, get, makeWorld, newMark, request } from './world.mjs';

let w;
before(async () => { w = await makeWorld(); });

const make = (who, change, options) => api(who, 'POST', '/api/accounts',
  { name: 'Fresh', slug: `fresh-${newMark()}`, contacts: ['help@fresh.example'], ...change }, options);
const field = (answer, name, code) => assert.deepEqual(problem(answer, 422, 'invalid').errors.map((e) => [e.field, e.code]), [[name, code]]);

test('A1: what is wrong with an account is told by its field', async () => {
  for (const [change, name, code] of [
    [{ name: ' ' }, 'name', 'required'], [{ name: 'x'.repeat(201) }, 'name', 'too_long'], [{ name: 'a\r\nBcc: x' }, 'name', 'invalid'],
    [{ slug: '' }, 'slug', 'required'], [{ slug: 'a b' }, 'slug', 'invalid'], [{ slug: 'xn--bcher-kva' }, 'slug', 'invalid'],
    [{ slug: 'bücher' }, 'slug', 'invalid'], [{ slug: 'a.b' }, 'slug', 'invalid'], [{ slug: 'x'.repeat(41) }, 'slug', 'invalid'],
    [{ slug: 'WWW' }, 'slug', 'reserved'], [{ slug: w.host.town.split('.')[0].toUpperCase() }, 'slug', 'taken'],
    [{ contacts: [] }, 'contacts', 'required'], [{ contacts: null }, 'contacts', 'required'], [{ contacts: 'a@x.example' }, 'contacts', 'email'],
    [{ contacts: [1] }, 'contacts', 'email'], [{ contacts: ['nobody'] }, 'contacts', 'email'], [{ contacts: [`${'a'.repeat(300)}@x.example`] }, 'contacts', 'email'],
    [{ contacts: ['a@x.example\r\nBcc: b@x.example'] }, 'contacts', 'email'],
    [{ contacts: Array.from({ length: 51 }, (_, i) => `a${i}@x.example`) }, 'contacts', 'too_many'],
    [{ contacts: ['x'.repeat(20_000)] }, 'contacts', 'too_long'],
    [{ routing: 'nobody' }, 'routing', 'choice'], [{ language: 'xx' }, 'language', 'choice'], [{ partner: 'x' }, 'partner', 'type'], [{ tenant: 1 }, 'tenant', 'unknown'],
  ]) field(await make(w.partner, change), name, code);
  field(await make(w.admin, { partner: w.id.town }), 'partner', 'invalid');
  field(await make(w.admin, { routing: 'partner' }), 'routing', 'invalid');
  assert.ok(!(await api(w.partner, 'GET', '/api/accounts?q=fresh')).json.items.length, 'and none of it was made');
});

test('A1: an account stands at once, and once', async () => {
  const key = newKey();
  const slug = `once-${newMark()}`;
  const [a, b] = await Promise.all([make(w.partner, { name: 'Åkers Ö', slug }, { key }), make(w.partner, { name: 'Åkers Ö', slug }, { key })]);
  assert.deepEqual([a.status, b.status], [201, 201]);
  assert.deepEqual(a.json, b.json);
  assert.equal(a.json.host, `${slug}.localhost`);
  assert.equal((await get(a.json.host, '/sign-in')).status, 200);
  problem(await make(w.partner, { name: 'Other', slug }, { key }), 409, 'idempotency-key-reused');
  // Found by part words, without accents; also by who administers all.
  for (const who of [w.partner, w.admin]) assert.deepEqual((await api(who, 'GET', '/api/accounts?q=o%20aker')).json.items.map((i) => i.id), [a.json.id]);
  const one = (await api(w.partner, 'GET', `/api/accounts/${a.json.id}`)).json;
  assert.deepEqual([one.account.routing, one.contacts.length, one.portals[0].host, one.people], ['partner', 1, a.json.host, []]);
  // The last contact, by itself and among others.
  const change = (add, remove) => api(w.partner, 'POST', `/api/accounts/${a.json.id}/contacts`, { add, remove });
  field(await change([], ['help@fresh.example']), 'contacts', 'required');
  assert.equal((await change(['b@fresh.example'], ['help@fresh.example'])).json.contacts[0].email, 'b@fresh.example');
  field(await change(['b@'], []), 'contacts', 'email');
  field(await change([], 'b@fresh.example'), 'remove', 'invalid');
});

test('A5: at the desk an account shows its grants and what holds for it; what it set for itself it does not (G2)', async () => {
  const open = (scope, reason) => api(w.chief, 'POST', '/api/access/grants', { scope, reason, ends_at: new Date(Date.now() + 3_600_000).toISOString() });
  const { id } = (await open('all', `Ended ${w.mark}`)).json;
  assert.equal((await api(w.chief, 'DELETE', `/api/access/grants/${id}`)).status, 204);
  await open(String(w.portal.school), `Live ${w.mark}`);
  await api(w.admin, 'PATCH', '/api/settings', { name: 'inviters', value: 'main_user' });
  await api(w.chief, 'PATCH', '/api/settings', { name: 'inviters', value: 'member' });
  await api(w.chief, 'PATCH', '/api/settings', { name: 'registration', value: 'closed' });
  const page = (await api(w.admin, 'GET', `/api/accounts/${w.id.town}`)).json;
  assert.deepEqual(page.grants.map((g) => [g.reason, g.live, g.portals?.map((p) => p.id) ?? null]),
    [[`Live ${w.mark}`, true, [w.portal.school]], [`Ended ${w.mark}`, false, null]]);
  assert.ok(new Date(page.grants[1].ends_at) <= new Date(), 'ended when it was, not when it would have been');
  const held = (name) => { const s = page.settings.find((x) => x.name === name); return [s.value, s.own]; };
  assert.deepEqual(held('inviters'), ['main_user', true], 'the tenant\'s');
  assert.deepEqual(held('registration'), ['invitation', false], 'nobody\'s');
  assert.deepEqual(Object.keys(page.grants[0]).sort(), ['created_at', 'ends_at', 'id', 'live', 'portals', 'reason', 'ticket']);
  // Who looks after it for a partner has neither.
  const theirs = (await api(w.partner, 'GET', `/api/accounts/${w.id.town}`)).json;
  assert.deepEqual([theirs.grants, theirs.settings], [null, null]);
  const village = (await api(w.admin, 'GET', `/api/accounts/${w.id.village}`)).json;
  assert.deepEqual(village.grants, [], 'of another account nothing');
});

test('lists are paged by name', async () => {
  for (let i = 0; i < 5; i++) assert.equal((await make(w.partner, { name: `Paged ${i % 3} ${w.mark}` })).status, 201);
  const seen = [];
  for (let after = ''; after !== null;) {
    const page = (await api(w.partner, 'GET', `/api/accounts?q=paged&limit=2${after && `&after=${encodeURIComponent(after)}`}`)).json;
    seen.push(...page.items);
    after = page.next;
    assert.ok(seen.length < 9);
  }
  assert.equal(new Set(seen.map((i) => i.id)).size, 5);
  assert.deepEqual(seen.map((i) => i.name), seen.map((i) => i.name).sort());
});

test('a contact whose mail comes back is flagged, and its partner told', async () => {
  const bad = `refuse-550-${w.mark}@people.example`;
  const since = Date.now();
  assert.equal((await api(w.partner, 'POST', `/api/accounts/${w.id.town}/contacts`, { add: [bad], remove: [] })).status, 201);
  // As if it had said yes once.
  await psql('postgres', `update app.support_contacts set state = 1 where email = '${bad}'`);
  assert.equal((await api(w.member, 'POST', '/api/tickets', { title: `Drip ${w.mark}`, description: 'x' })).status, 201);
  const contact = await until('the flag', async () => (await api(w.partner, 'GET', `/api/accounts/${w.id.town}`)).json.contacts.find((c) => c.state === 'bounced'));
  assert.equal(contact.email, bad);
  assert.match(contact.answer, /^550/);
  assert.equal((await api(w.partner, 'GET', '/api/accounts?q=town')).json.items[0].flagged, 1);
  const [told] = await mails({ to: 'partner@people.example', since, about: `support contact of Town ${w.mark}` });
  assert.ok(told.text.includes(bad) && told.text.includes(`https://${w.host.helpers}:`) && told.text.includes(`/accounts/${w.id.town}`));
});

test('P9: a bare address is asked first, gets reports after a yes and nothing after a no', async () => {
  const to = `asked-${w.mark}@people.example`;
  const since = Date.now();
  // What others chose: the account's and its portal's name, and how both look.
  await psql('postgres', `update app.accounts set name = 'You have won ${w.mark}' where id = ${w.id.town};
    update app.portals set name = 'Claim it ${w.mark}' where id = ${w.portal.town};
    insert into app.looks (tenant_id, scope, account_id, mail_name, footer, links) values (${w.tenant}, ${w.id.town} * 2, ${w.id.town}, 'Prizes ${w.mark}',
      '{"en": "Only today ${w.mark}"}', '[{"url": "https://evil.example/${w.mark}", "text": {"en": "Now"}}]')`);
  const path = `/api/accounts/${w.id.town}/contacts`;
  const contact = async () => (await api(w.partner, 'GET', `/api/accounts/${w.id.town}`)).json.contacts.find((c) => c.email === to);
  const report = async (title) => assert.equal((await api(w.member, 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: `Secret ${w.mark}` })).status, 201);
  assert.equal((await api(w.partner, 'POST', path, { add: [to], remove: [] })).status, 201);
  assert.equal((await contact()).state, 'asked');
  await report('Flood');
  const [asked] = await mails({ to, since });
  const all = `${Object.values(asked.headers).join('\n')}\n${asked.subject}\n${asked.text}\n${asked.html}`;
  assert.ok(asked.text.includes('partner@people.example') && asked.text.includes(`Tenant ${w.mark}`), 'by whose address they were named, at whose portal');
  for (const word of [w.people.partner.name, 'Secret', 'You have won', 'Claim it', 'Prizes', 'Only today', 'evil.example', 'Now<']) assert.ok(!all.includes(word), `nothing that anybody wrote: ${word}`);
  await until('sent', async () => (await contact()).mail === 'sent');
  const [link] = /https:\/\/\S+\/confirm\/\S+/.exec(asked.text);
  const { hostname, pathname } = new URL(link);
  assert.equal(hostname, w.host.town);
  const page = await get(hostname, pathname);
  assert.ok(page.text.includes(to) && page.text.includes('name="stop"'), 'the link asks, and does nothing by itself');
  assert.ok(page.text.includes(`You have won ${w.mark}`) && page.text.includes(`${w.people.partner.name} (partner@people.example)`), 'and says for whom, and who asks');
  assert.equal((await contact()).state, 'asked');
  const answer = (form, host = hostname) => request(host, 'POST', pathname, { address: anyAddress(), body: new URLSearchParams(form).toString(),
    headers: { Origin: originOf(host), 'Content-Type': 'application/x-www-form-urlencoded' } });
  assert.match((await answer({})).text, /role="status"/);
  assert.equal((await contact()).state, 'works');
  await report('Spring tide');
  await mails({ to, since, about: `Spring tide ${w.mark}` });
  assert.match((await answer({ stop: 'yes' })).text, /role="status"/);
  assert.deepEqual([(await contact()).state, (await contact()).answer], ['declined', null]);
  problem(await api(w.partner, 'POST', `${path}/again`, { email: to }), 404);
  await report('Ebb');
  await mails({ to: `contact-town@people.example`, since, about: `Ebb ${w.mark}` });
  assert.deepEqual((await mails({ to, since, count: 2 })).map((m) => m.subject.includes(w.mark) && /Flood|Ebb/.test(m.subject)), [false, false]);
  assert.equal((await answer({}, w.host.village)).status, 410, 'at another portal it is nothing');
});

test('P9: who is written to while no contact has said yes, told on the ticket and the support page', async () => {
  const own = await makeWorld({ only: ['member', 'partner', 'agent'] });
  const report = async (title) => {
    const { number } = (await api(own.member, 'POST', '/api/tickets', { title, description: 'x' })).json;
    return (await api(own.member, 'GET', `/api/tickets/${number}`)).json.ticket.instead;
  };
  const support = async () => (await get(own.host.town, '/support', { cookie: own.member.cookie })).text;
  assert.equal(await report(`First ${own.mark}`), null, 'one works');
  assert.ok(!(await support()).includes('id="instead"'));
  await psql('postgres', `update app.support_contacts set state = 4 where tenant_id = ${own.tenant} and account_id = ${own.id.town}`);
  const since = Date.now();
  assert.deepEqual(await report(`Second ${own.mark}`), [{ name: `Helpers ${own.mark}` }, { name: `Tenant ${own.mark}` }]);
  for (const to of ['partner', 'agent']) await mails({ to: `${to}@people.example`, since, about: `Second ${own.mark}` });
  assert.deepEqual(caught({ to: 'contact-town@people.example', since, about: `Second ${own.mark}` }), []);
  assert.match(await support(), new RegExp(`id="instead".*Helpers ${own.mark}.*Tenant ${own.mark}`, 's'));
  await psql('postgres', `update app.accounts set routing = 2 where tenant_id = ${own.tenant} and id = ${own.id.town}`);
  assert.deepEqual(await report(`Third ${own.mark}`), [{ name: `Helpers ${own.mark}` }], 'its partner\'s');
});

test('P9: names and welcomes that invitations tell hold no web addresses', async () => {
  const refused = async (answer, field) => assert.deepEqual(problem(await answer, 422).errors.map((e) => [e.field, e.code]), [[field, 'link']]);
  for (const name of ['Claim at http://evil.example/x?y now', 'See www.evil.example', 'evil.example/x now', 'mailto:me'])
    await refused(make(w.partner, { name }), 'name');
  await refused(api(w.partner, 'PATCH', `/api/accounts/${w.id.town}`, { name: 'WWW.evil.example' }), 'name');
  await refused(api(w.chief, 'POST', '/api/portals', { parent: w.portal.town, name: 'https://evil.example', slug: `evil-${w.mark}`, language: 'en' }), 'name');
  await refused(api(w.chief, 'PATCH', `/api/portals/${w.portal.school}`, { name: 'ftp://evil.example' }), 'name');
  await refused(api(w.chief, 'PATCH', `/api/look?portal=${w.portal.school}`, { name: 'http://evil.example' }), 'name');
  await refused(api(w.chief, 'PATCH', '/api/look', { mail_name: 'www.evil.example' }), 'mail_name');
  await refused(api(w.chief, 'PATCH', '/api/look', { welcome: { en: 'Fine.', sv: 'Läs på http://evil.example' } }), 'welcome');
  assert.equal((await api(w.chief, 'PATCH', '/api/look', { welcome: { en: 'Dr. Who and/or St. Anna, 9.30 to 17.00' } })).status, 200);
  // Those of before are left out.
  await psql('postgres', `update app.portals set name = 'Go to http://old.example/${w.mark}' where id = ${w.portal.town};
    update app.looks set welcome = '{"en": "Go to www.old.example"}' where tenant_id = ${w.tenant} and account_id = ${w.id.town} and portal_id is null`);
  const since = Date.now();
  const to = `invited-${w.mark}@people.example`;
  assert.equal((await api(w.chief, 'POST', '/api/invitations', { email: to, role: 'member', portal: null })).status, 201);
  const [mail] = await mails({ to, since });
  assert.ok(!`${mail.subject}${mail.text}${mail.html}`.includes('old.example') && mail.subject.includes(`Tenant ${w.mark}`), mail.text);
});

test('a contact is asked again a few times an hour', async () => {
  const to = `slow-${w.mark}@people.example`;
  const path = `/api/accounts/${w.id.town}/contacts`;
  assert.equal((await api(w.partner, 'POST', path, { add: [to], remove: [] })).status, 201);
  for (let i = 0; i < 4; i++) assert.equal((await api(w.partner, 'POST', `${path}/again`, { email: to })).status, 201);
  problem(await api(w.partner, 'POST', `${path}/again`, { email: to }), 429);
  problem(await api(w.chief, 'POST', `${path}/again`, { email: to }), 403);
});

// Follows an invitation's link, as whoever reads that mailbox: the answer, and a session.
async function joins(email, since) {
  const [mail] = await mails({ to: email, since, about: 'invited' });
  const { hostname: host, pathname } = new URL(/https:\S+\/invite\/\S+/.exec(mail.text)[0]);
  const answer = await request(host, 'POST', pathname, { address: anyAddress(), body: new URLSearchParams({ name: 'New', password: 'a brand new password' }).toString(),
    headers: { Origin: originOf(host), 'Content-Type': 'application/x-www-form-urlencoded' } });
  return { status: answer.status, host, scheme: 'https', cookie: answer.headers['set-cookie']?.[0].split(';')[0] };
}
const newAddress = () => `${newMark()}@people.example`;
const invite = (who, account, role = 'account_admin', email = newAddress()) => api(who, 'POST', '/api/invitations', { email, role, account });

test('G1, G2: from outside nobody becomes an administrator of an account that has one', async () => {
  const own = await makeWorld({ only: ['chief', 'partner', 'admin'] });
  for (const who of [own.admin, own.partner]) {
    field(await invite(who, own.id.town), 'account', 'has_admin');
    assert.equal((await api(who, 'GET', `/api/accounts/${own.id.town}`)).json.account.can.invite, false);
    assert.deepEqual((await api(who, 'GET', `/api/invitations?account=${own.id.town}`)).json.roles, []);
  }
  // Village has nobody yet: two are invited at once, and both come.
  assert.equal((await api(own.admin, 'GET', `/api/accounts/${own.id.village}`)).json.account.can.invite, true);
  const since = Date.now();
  const [first, second] = [(await invite(own.admin, own.id.village)).json, (await invite(own.admin, own.id.village)).json];
  const one = await joins(first.email, since);
  assert.equal(one.status, 303);
  field(await invite(own.admin, own.id.village), 'account', 'has_admin');
  const again = Date.now();
  assert.equal((await api(own.admin, 'POST', `/api/invitations/${second.id}/again`)).status, 201, 'what was sent before is sent again');
  assert.equal((await joins(second.email, again)).status, 303);
  const [told] = await mails({ to: first.email, since: again, about: 'new administrator' });
  assert.ok(told.text.includes(second.email) && told.text.includes(own.people.admin.email), told.text);
  assert.equal((await invite(one, undefined, 'account_admin')).status, 201, 'the account invites by its own rules');
});

test('P1: who is dismissed has invited nobody, in no account', async () => {
  const own = await makeWorld({ only: ['agent', 'admin', 'partner', 'second'] });
  const roles = async () => (await api(own.admin, 'GET', '/api/people')).json.items.find((p) => p.id === own.people.agent.id).roles;
  const [{ id }] = await roles();
  assert.equal((await api(own.admin, 'PATCH', `/api/memberships/${id}`, { role: 'tenant_admin', support: false })).status, 200);
  const since = Date.now();
  const [mole] = [(await invite(own.agent, own.id.village)).json, (await invite(own.agent, undefined, 'agent')).json];
  const links = await mails({ to: mole.email, since, about: 'invited' });
  assert.equal((await api(own.admin, 'DELETE', `/api/memberships/${id}`)).status, 204);
  assert.equal(links.length, 1);
  assert.equal((await joins(mole.email, since)).status, 410);
  // A partner's staff, for an account it looks after.
  const begun = Date.now();
  const { email } = (await invite(own.partner, own.id.town)).json;
  await mails({ to: email, since: begun, about: 'invited' });
  const [staff] = (await api(own.admin, 'GET', `/api/accounts/${own.id.helpers}`)).json.staff;
  assert.equal((await api(own.admin, 'DELETE', `/api/memberships/${staff.membership}`)).status, 204);
  assert.equal((await joins(email, begun)).status, 410);
});

test('A7: one of a partner\'s staff is dismissed: out at once, flagged where they are a contact, and somebody answers', async () => {
  const own = await makeWorld({ only: ['chief', 'partner', 'agent', 'admin', 'member'] });
  const boss = newAddress();
  const since = Date.now();
  assert.equal((await invite(own.admin, own.id.helpers, 'account_admin', boss)).status, 201);
  const chief = await joins(boss, since);
  field(await invite(own.admin, own.id.helpers, 'partner'), 'account', 'has_admin');
  // Town's reports are its partner's, whose one contact that works is the staff.
  const { email } = own.people.partner;
  await api(own.partner, 'POST', `/api/accounts/${own.id.town}/contacts`, { add: [email], remove: ['contact-town@people.example', 'waits@town.example'] });
  assert.equal((await api(own.partner, 'PATCH', `/api/accounts/${own.id.town}`, { routing: 'partner' })).status, 200);
  const { number } = (await api(own.member, 'POST', '/api/tickets', { title: `Kept ${own.mark}`, description: 'x' })).json;
  problem(await api(own.agent, 'GET', `/api/tickets/${number}`), 404);

  const [membership] = (await api(chief, 'GET', '/api/people')).json.items.find((p) => p.email === email).roles;
  const path = `/api/memberships/${membership.id}`;
  for (const who of [own.chief, own.agent, own.partner]) problem(await api(who, 'DELETE', path), 404);
  problem(await api(own.admin, 'PATCH', path, { role: 'account_admin', support: false }), 404);
  assert.equal((await api(chief, 'PATCH', path, { role: 'member', support: false })).status, 200);
  assert.equal((await api(chief, 'PATCH', path, { role: 'partner', support: false })).status, 200, 'and staff again');
  const ended = Date.now();
  assert.equal((await api(chief, 'DELETE', path)).status, 204);
  problem(await api(own.partner, 'GET', `/api/tickets/${number}`), 401);
  const [contact] = (await api(own.admin, 'GET', `/api/accounts/${own.id.town}`)).json.contacts;
  assert.deepEqual([contact.email, contact.state], [email, 'departed']);
  await mails({ to: own.people.chief.email, since: ended, about: 'has left' });
  assert.equal((await api(own.agent, 'GET', `/api/tickets/${number}`)).status, 200, 'the desk has what was the partner\'s');
  // The tenant's administrator ends one too, which is told to the partner's.
  const next = newAddress();
  assert.equal((await invite(chief, own.id.helpers, 'partner', next)).status, 201);
  assert.equal((await joins(next, ended)).status, 303);
  const [staff] = (await api(own.admin, 'GET', `/api/accounts/${own.id.helpers}`)).json.staff;
  assert.equal(staff.email, next);
  assert.equal((await api(own.admin, 'DELETE', `/api/memberships/${staff.membership}`)).status, 204);
  const [told] = await mails({ to: boss, since: ended, about: 'no longer staff' });
  assert.ok(told.subject.includes(next) && told.text.includes(own.people.admin.email), told.text);
});
