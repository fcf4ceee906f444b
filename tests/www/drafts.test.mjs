// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Drafts on the server: there on another device and after the session has
// ended, gone from a computer that others use.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { closeBrowser } from '../lib/browser.mjs';
import { psql, until } from '../lib/instance.mjs';
import { api, makeSession, makeWorld } from '../http/world.mjs';
import { answerTo, complaints, openPage, openTab, settled, signInBy, sound } from './browse.mjs';

let w;
let member;
before(async () => { w = await makeWorld({ only: ['member', 'second', 'agent'] }); });
beforeEach(async () => { member = await makeSession(w, 'member'); });
after(closeBrowser);

const kept = () => psql('postgres', `select coalesce(string_agg(place, ' ' order by place), '') from app.drafts where tenant_id = ${w.tenant}`);
// What leaving the page does: nobody waits five seconds here.
const hide = (page, method = 'PATCH') => answerTo(page, method, /^\/api\/drafts\//, () => page.evaluate(() => {
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
  delete document.visibilityState;
}));
const show = (page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
const back = (page) => page.getByText(/Your draft of .* is back\./).waitFor();
const locally = (page) => page.evaluate(() => Object.keys(localStorage).filter((n) => /^(files:)?draft:/.test(n)));
const done = async (...pages) => {
  for (const page of pages) {
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  }
};

test('N8: a session that ends in mid-writing: the text is there after signing in again, in another browser too', async () => {
  const page = await openPage({ session: member });
  page.expected.push(/status of 401/);
  await page.goto('/tickets/new');
  await page.getByLabel('Title').fill('The bell');
  await page.locator('#description').fill('It rings by itself');
  await hide(page);
  await psql('postgres', `delete from app.sessions where tenant_id = ${w.tenant}`);
  await page.locator('#description').fill('It rings by itself at night');
  await page.reload();
  assert.equal(new URL(page.url()).pathname, '/sign-in');
  await signInBy(page, w.people.member);
  await back(page);
  assert.equal(await page.locator('#description').inputValue(), 'It rings by itself at night');
  await hide(page);

  const other = await openPage({ session: await makeSession(w, 'member') });
  await other.goto('/tickets/new');
  await back(other);
  assert.equal(await other.getByLabel('Title').inputValue(), 'The bell');
  assert.equal(await other.locator('#description').inputValue(), 'It rings by itself at night');
  await sound(other, 'a draft from elsewhere');
  await other.getByRole('button', { name: 'Create ticket' }).click();
  await other.waitForURL(/\/t\/\d+$/);
  await until('the draft to be over', async () => await kept() === '');
  // What was sent elsewhere does not come back here.
  await show(page);
  await until('it to be over here', async () => await page.getByLabel('Title').inputValue() === '');
  assert.deepEqual(await locally(page), []);
  await done(page, other);
});

test('N8: two devices: the newer is shown, the other is offered and not lost', async () => {
  const one = await openPage({ session: member });
  const two = await openPage({ session: await makeSession(w, 'member') });
  const { number } = (await api(member, 'POST', '/api/tickets', { title: 'Two devices', description: 'x' })).json;
  for (const page of [one, two]) {
    await page.goto(`/t/${number}`);
    await page.locator('#write-reply').waitFor();
  }
  await one.locator('#write-reply').fill('From the desk');
  await hide(one);
  await two.locator('#write-reply').fill('From the train');
  await hide(two);
  await two.getByText('On another device you wrote something else').waitFor();
  assert.equal(await two.locator('#write-reply').inputValue(), 'From the train');
  await sound(two, 'another device wrote, too');
  await two.getByRole('button', { name: 'Show that' }).click();
  assert.equal(await two.locator('#write-reply').inputValue(), 'From the desk');
  await two.locator('q', { hasText: 'From the train' }).waitFor();
  await hide(two);
  // The first one has both as well.
  await show(one);
  await one.locator('q', { hasText: 'From the train' }).waitFor();
  await one.getByRole('button', { name: 'Throw that away' }).click();
  await one.locator('#write-reply').fill('');
  await until('nothing to be kept', async () => await kept() === '');
  await done(one, two);
});

test('N8: a page is over once somebody else has signed in in its browser: nothing is sent, stored or shown as theirs', async () => {
  const page = await openPage({ session: member });
  // The session's end may be noticed before somebody else's begins.
  page.expected.push(/status of 40[19]/);
  await page.goto('/tickets/new');
  await page.getByLabel('Title').fill('Of the first');
  await page.locator('#description').fill('x');
  await hide(page);
  await psql('postgres', `delete from app.sessions where tenant_id = ${w.tenant}`);
  const tab = await openTab(page);
  await signInBy(tab, w.people.second, '/tickets/new');
  await api(await makeSession(w, 'second'), 'PATCH', '/api/drafts/new.ticket', { draft: { title: 'Of the second', body: 'y', key: 'k' } });
  const stored = () => psql('postgres', `select (select string_agg(d::text, ' ' order by d.person_id) from app.drafts d where tenant_id = ${w.tenant}),
    (select count(*) from app.tickets where tenant_id = ${w.tenant})`);
  const before = await stored();
  await page.locator('#description').fill('Secret of the first');
  assert.equal((await answerTo(page, 'POST', /^\/api\/tickets$/, () => page.getByRole('button', { name: 'Create ticket' }).click())).status(), 409);
  const said = page.getByRole('dialog', { name: 'Somebody else has signed in in this browser' });
  await said.waitFor();
  await sound(page, 'somebody else has signed in');
  // Nothing goes on behind it.
  const sent = [];
  page.on('request', (r) => { if (r.url().includes('/api/drafts')) sent.push(r.url()); });
  await page.evaluate(() => {
    for (const state of ['hidden', 'visible']) {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }
  });
  const name = `draft:${w.people.member.id}:new:ticket`;
  assert.match(await page.evaluate((n) => localStorage.getItem(n), name), /Secret of the first/, 'it is kept for whoever wrote it');
  assert.equal(await stored(), before);
  assert.deepEqual(sent, []);
  await said.getByRole('button', { name: 'Load the page again' }).click();
  await back(page);
  assert.equal(await page.getByLabel('Title').inputValue(), 'Of the second');
  await psql('postgres', `delete from app.drafts where tenant_id = ${w.tenant}`);
  await done(page);
});

test('N8: answers alone are a draft; signing out leaves none of it in the browser', async () => {
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    insert into app.fields (tenant_id, key, kind, labels) values (${w.tenant}, 'room', 'text', '{"en": "Room"}');
    insert into app.ticket_types (tenant_id, key, labels) values (${w.tenant}, 'report', '{"en": "Report"}');
    insert into app.type_fields (tenant_id, type, field) values (${w.tenant}, 'report', 'room');
    update app.ticket_counters set has_forms = true where tenant_id = ${w.tenant}; commit`);
  const page = await openPage({ session: member });
  await page.goto('/tickets/new');
  await page.getByLabel('Room').fill('Cellar');
  await page.getByLabel('Room').blur();
  await until('it to be in the browser', async () => (await locally(page)).length === 1);
  await page.goto('/');
  await page.locator('.top details.menu summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForFunction(() => !document.querySelector('form[action="/sign-out"]'));
  assert.deepEqual(await locally(page), []);
  assert.equal(await kept(), 'new.ticket', 'the server has it');
  await signInBy(page, w.people.member, '/tickets/new');
  await back(page);
  assert.equal(await page.getByLabel('Room').inputValue(), 'Cellar');
  await done(page);
});

test('N8: what is still on its way when somebody signs out, and other tabs, put nothing back into the browser', async () => {
  const { number } = (await api(member, 'POST', '/api/tickets', { title: 'Two tabs', description: 'x' })).json;
  const page = await openPage({ session: member });
  page.expected.push(/status of 401/);
  await page.goto('/tickets/new');
  await page.getByLabel('Title').fill('Begun');
  const tab = await openTab(page);
  await tab.goto(`/t/${number}`);
  await tab.locator('#write-reply').fill('Begun there');
  // Each tab waits for an answer of its own, and signing out for its end.
  const held = [];
  const hold = async (where, url) => {
    let go;
    const gate = new Promise((resolve) => { go = resolve; });
    held.push(go);
    return new Promise((resolve) => {
      let first = true;
      void where.route(url, async (route) => {
        resolve();
        if (first) {
          first = false;
          await gate;
        }
        await route.continue().catch(() => {});
      });
    });
  };
  const away = (where) => where.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    delete document.visibilityState;
  });
  for (const where of [page, tab]) {
    const asked = hold(where, '**/api/drafts/*');
    await away(where);
    await asked;
  }
  const leaving = hold(page, '**/sign-out');
  // Somebody types on meanwhile.
  await page.evaluate(() => document.addEventListener('submit', () => setInterval(() => {
    const area = document.getElementById('description');
    area.value += '.';
    area.dispatchEvent(new Event('input', { bubbles: true }));
  }, 20)));
  await page.locator('.top details.menu summary').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await leaving;
  await tab.getByRole('dialog', { name: 'You have signed out' }).waitFor();
  await sound(tab, 'signed out in another tab');
  assert.deepEqual(await locally(tab), []);
  const answers = [page, tab].map((where) => where.waitForResponse((r) => r.request().method() === 'PATCH'));
  held[0]();
  held[1]();
  await Promise.all(answers);
  held[2]();
  await page.waitForFunction(() => !document.querySelector('form[action="/sign-out"]'));
  assert.deepEqual(await locally(page), []);
  assert.equal(await kept(), `${number}.reply new.ticket`, 'the server has both');
  await tab.getByRole('button', { name: 'Load the page again' }).click();
  await tab.waitForURL(/\/sign-in/);
  await psql('postgres', `delete from app.drafts where tenant_id = ${w.tenant}`);
  await done(page);
});

test('N8: a file that went up from another device is there, too', async () => {
  const page = await openPage({ session: member });
  const { number } = (await api(member, 'POST', '/api/tickets', { title: 'A file', description: 'x' })).json;
  await page.goto(`/t/${number}`);
  await page.locator('#write-reply').fill('See the log');
  await page.locator('form.composer input[type=file]').setInputFiles({ name: 'bell.log', mimeType: 'text/plain', buffer: Buffer.from('ring') });
  await page.locator('.file[data-state=done]').waitFor();
  await hide(page);
  const other = await openPage({ session: await makeSession(w, 'member') });
  await other.goto(`/t/${number}`);
  await back(other);
  await other.locator('.file[data-state=done]', { hasText: 'bell.log' }).waitFor();
  await answerTo(other, 'POST', /\/comments$/, () => other.getByRole('button', { name: 'Send reply' }).click());
  await other.locator('.msg', { hasText: 'See the log' }).getByText('bell.log').waitFor();
  await settled(other);
  await done(page, other);
});

test('V8: what was written when a ticket ended can be taken into a new one', async () => {
  const { number } = (await api(member, 'POST', '/api/tickets', { title: 'Ends', description: 'x' })).json;
  const page = await openPage({ session: member });
  await page.goto(`/t/${number}`);
  await page.locator('#write-reply').fill('Still broken');
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    update app.tickets set status = 6 where tenant_id = ${w.tenant} and id = ${number};
    update app.tickets set done_at = now() - interval '90 days' where tenant_id = ${w.tenant} and id = ${number}; commit`);
  await page.reload();
  await page.getByText('What you wrote before it ended is still here.').waitFor();
  assert.equal(await page.locator('#unsent').inputValue(), 'Still broken');
  await sound(page, 'a text whose ticket has ended');
  await page.getByRole('button', { name: 'Take it into a new ticket' }).click();
  await page.waitForURL(/\/tickets\/new\?follows=/);
  assert.equal(await page.locator('#description').inputValue(), 'Still broken');
  await done(page);
});

for (const lang of ['sv', 'en']) test(`N8: what a browser fills in is nobody's writing, the same text is no conflict, and what is over is over everywhere (${lang})`, async () => {
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    delete from app.drafts where tenant_id = ${w.tenant};
    update app.people set locale = '${lang}' where tenant_id = ${w.tenant} and id = ${w.people.member.id};
    insert into app.fields (tenant_id, key, kind, labels) values (${w.tenant}, 'facts', 'facts', '{"en": "Device"}') on conflict do nothing;
    insert into app.ticket_types (tenant_id, key, labels) values (${w.tenant}, 'report', '{"en": "Report"}') on conflict do nothing;
    insert into app.type_fields (tenant_id, type, field) values (${w.tenant}, 'report', 'facts') on conflict do nothing;
    update app.ticket_counters set has_forms = true where tenant_id = ${w.tenant}; commit`);
  const title = (page) => page.locator('#title');
  const filled = (page) => page.waitForFunction(() => document.getElementById('fields.facts-screen')?.value);
  const looked = (page, act) => answerTo(page, 'GET', /^\/api\/drafts\/new\.ticket$/, act);
  const offered = (page) => page.locator('.form q').count();
  const one = await openPage({ session: member, lang });
  await one.goto('/tickets/new');
  await filled(one);
  await title(one).fill('The bell');
  // Reloaded before there is an answer: it is one's own that is there.
  await looked(one, () => one.reload());
  await filled(one);
  await title(one).fill('The bell rings');
  await looked(one, () => one.reload());
  await filled(one);
  await until('both to have gone up', async () => /rings/.test(await psql('postgres', `select body from app.drafts where tenant_id = ${w.tenant}`)));
  await show(one);
  assert.deepEqual([await title(one).inputValue(), await offered(one)], ['The bell rings', 0]);

  // The browser has filled in its part before the answer is there.
  const two = await openPage({ session: await makeSession(w, 'member'), lang });
  await two.route('**/api/drafts*/**', async (route) => { await filled(two); await route.continue(); });
  await two.goto('/tickets/new');
  await until('it to be there', async () => await title(two).inputValue() === 'The bell rings');
  assert.equal(await offered(two), 0);
  await two.unrouteAll({ behavior: 'wait' });

  // What is sent or thrown away in one is over in the other, and does not come back.
  if (lang === 'sv') {
    await one.locator('#description').fill('At night');
    await one.locator('form.form button[type=submit]').click();
    await one.waitForURL(/\/t\/\d+$/);
  } else {
    one.expected.push(/Failed to load|net::/);
    await one.route('**/api/drafts/new.ticket', (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()));
    await one.locator('.form .link', { hasText: 'Discard it' }).click();
    await until('it to be over here', async () => await title(one).inputValue() === '');
    await looked(one, () => one.reload());
    await filled(one);
    assert.equal(await title(one).inputValue(), '', 'also while the server does not know');
    await one.unrouteAll({ behavior: 'wait' });
    await hide(one, 'DELETE');
  }
  await until('it to be over', async () => await kept() === '');
  await two.locator('a[href="/tickets"]').first().click();
  await two.waitForURL(/\/tickets$/);
  await looked(two, () => two.locator('a[href="/tickets/new"]').first().click());
  await until('it to be over there', async () => await title(two).inputValue() === '');
  await looked(two, () => two.reload());
  await filled(two);
  assert.deepEqual([await title(two).inputValue(), await offered(two), await kept()], ['', 0, '']);
  await done(one, two);
});
