// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What agents do to several tickets: tags, with the keyboard alone; one change of many.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { newKey } from '../lib/http.mjs';
import { psql, until } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent'] }); });
after(closeBrowser);
const open = async (title) => (await api(w.member, 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'It is broken.' })).json.number;
const ticket = async (number) => (await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket;
async function at(path, options = {}) {
  const page = await openPage({ session: w.agent, ...options });
  if (options.lang) await page.context().addCookies([{ name: 'lang', value: options.lang, url: page.base }]);
  await page.goto(path);
  await settled(page);
  return page;
}
const over = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};
const press = async (page, ...keys) => { for (const k of keys) await page.keyboard.press(k); };
const chooser = (page) => page.locator('dialog.chooser:popover-open');
const choose = async (page, typed, option) => {
  await page.keyboard.type(typed);
  await page.locator('.choice[aria-selected=true]', { hasText: option }).waitFor();
  await press(page, 'Enter');
};

for (const [lang, width, dark] of [['en', 1440, false], ['ja', 390, true]]) {
  test(`W1: tags are put on by their key and typing, found by, and taken back: ${lang}, ${width} px`, async () => {
    const text = (key, values) => said(lang, key, values);
    const numbers = [await open('Tagged'), await open('Tagged, too'), await open('Plain')];
    const page = await at(`/agent/t/${numbers[0]}`, { lang, width, dark });
    await page.locator('.msg').waitFor();
    await press(page, 'l');
    await chooser(page).waitFor();
    await choose(page, ` Rush ${lang.toUpperCase()}`, text('desk.tag.new', { tag: `rush ${lang}` }));
    await until('it has one', async () => (await ticket(numbers[0])).tags?.join() === `rush ${lang}`);
    await choose(page, `緊急${lang}`, `緊急${lang}`);
    await until('and two', async () => (await ticket(numbers[0])).tags?.length === 2);
    await sound(page, 'tags are chosen');
    await screenshot(page, `tags-choose-${lang}`);
    await press(page, 'Escape');
    await chooser(page).waitFor({ state: 'detached' });
    if (width > 400) await page.locator('.pane-side .tag', { hasText: `緊急${lang}` }).waitFor();
    else await page.locator('.pane-side .tag').nth(1).scrollIntoViewIfNeeded();
    await sound(page, 'a ticket with tags');
    await screenshot(page, `tags-ticket-${lang}`);
    await press(page, 'z');
    await until('the last one is off again', async () => (await ticket(numbers[0])).tags?.join() === `rush ${lang}`);
    await page.getByRole('button', { name: text('agent.tag.remove', { tag: `rush ${lang}` }) }).press('Enter');
    await until('the other one, too', async () => (await ticket(numbers[0])).tags === null);
    await page.locator('#p-tag-add:focus').press('Enter');
    await chooser(page).waitFor();
    await choose(page, `rush ${lang}`, `rush ${lang}`);
    await until('it is on', async () => (await ticket(numbers[0])).tags?.join() === `rush ${lang}`);
    await press(page, 'Escape');

    // Of two that are chosen in the list, of which one has it.
    await page.goto('/agent');
    await settled(page);
    await page.locator(`.qrow[data-n="${numbers[1]}"]`).focus();
    await press(page, 'x');
    await page.locator(`.qrow[data-n="${numbers[0]}"]`).focus();
    await press(page, 'x', 'l');
    await chooser(page).waitFor();
    await choose(page, 'rush', `rush ${lang}`);
    await until('both have it', async () => (await Promise.all(numbers.slice(0, 2).map(ticket))).every((t) => t.tags?.includes(`rush ${lang}`)));
    await press(page, 'Escape');
    await page.locator('.qrow .tag').first().waitFor();
    await page.goto(`/agent?tag=rush+${lang}`);
    await settled(page);
    await page.locator('.list-chips .chip', { hasText: `rush ${lang}` }).waitFor();
    assert.deepEqual((await page.locator('.qrow').evaluateAll((all) => all.map((a) => Number(a.dataset.n)))).sort(), numbers.slice(0, 2));
    await sound(page, 'a list by a tag');
    await screenshot(page, `tags-list-${lang}`);
    await over(page);
  });
}

test('W1: thirty tickets are changed by jobs, with progress, told what was refused, and all is taken back', async () => {
  await psql('postgres', `insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk, status, created_at, updated_at, desk_updated_at)
    select ${w.tenant}, 20000 + n, ${w.portal.town}, ${w.id.town}, ${w.people.member.id}, 'Thirty ' || n, true, 2, now(), now(), now() from generate_series(1, 130) n`);
  const state = (where) => psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant} and id > 20000 and ${where}`);
  for (const [lang, width, dark] of [['en', 1440, false], ['qps', 390, true]]) {
    const text = (key, values) => said(lang, key, values);
    const page = await at('/agent', { lang, width, dark });
    await page.locator('.vlist .qrow').first().focus();
    // Thirty by the keys, of which one goes away meanwhile.
    for (let n = 0; n < 29; n += 1) await press(page, 'Shift+J');
    await page.locator('.bulk').waitFor();
    await until('thirty are chosen', async () => (await page.locator('.bulk > span').textContent()).includes('30'));
    const first = Number(await page.locator('.qrow[data-on]').first().getAttribute('data-n'));
    await psql('postgres', `update app.tickets set at_desk = false where tenant_id = ${w.tenant} and id = ${first}`);
    await sound(page, 'thirty are chosen');
    const lines = await page.locator('.bulk .btn:not(.btn-icon)').evaluateAll((all) => Object.values(Object.groupBy(all.map((e) => e.getBoundingClientRect()), (r) => r.top))
      .map((line) => [Math.min(...line.map((r) => r.left)), Math.max(...line.map((r) => r.right))].map(Math.round).join()));
    assert.equal(new Set(lines).size, 1, `one line of buttons is as long as the other: ${lines.join(' ')}`);
    await press(page, 's');
    await chooser(page).waitFor();
    await choose(page, text('state.on_hold'), text('state.on_hold'));
    await page.locator('.many').waitFor();
    await page.locator('.many li', { hasText: `#${first}` }).waitFor();
    assert.equal(await state('status = 4'), '29');
    await sound(page, 'one was refused');
    await screenshot(page, `bulk-refused-${lang}`);
    await page.locator('.many button', { hasText: text('agent.undo') }).press('Enter');
    await page.locator('.many').waitFor({ state: 'detached' });
    await until('as it was', async () => await state('status = 4') === '0');
    await psql('postgres', `update app.tickets set at_desk = true where tenant_id = ${w.tenant} and id = ${first}`);
    await over(page);
  }
  // All that match: more than the page has.
  const page = await at('/agent?group=open');
  await page.locator('.vlist .qrow').first().focus();
  await press(page, 'Control+a');
  await page.getByRole('button', { name: 'Select all that match' }).press('Enter');
  const n = Number(await state('status <= 2')) + Number(await psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant} and id < 20000 and status <= 2`));
  await until('all of them', async () => (await page.locator('.bulk > span').textContent()).startsWith(`${n} `));
  await screenshot(page, 'bulk-all');
  await press(page, 'p');
  await chooser(page).waitFor();
  await choose(page, 'Urgent', 'Urgent');
  await page.locator('.many progress').waitFor();
  await sound(page, 'at work');
  await screenshot(page, 'bulk-progress');
  await until('all are urgent', async () => await state('priority = 4') === '130');
  await page.locator('.toast', { hasText: `${n} tickets changed` }).waitFor();
  await press(page, 'z');
  await until('and none', async () => await state('priority = 4') === '0');
  await page.locator('.toast', { hasText: 'Undone' }).waitFor();
  await over(page);
});

test('W1: what jobs are at is found again when the page is loaded anew; each stands by itself, and focus has a place', async () => {
  await psql('postgres', `insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk, status, created_at, updated_at, desk_updated_at)
    select ${w.tenant}, 30000 + n, ${w.portal.town}, ${w.id.town}, ${w.people.member.id}, 'Again ' || n, true, 2, now(), now(), now() from generate_series(1, 45) n`);
  const numbers = Array.from({ length: 45 }, (_, n) => 30001 + n);
  const asked = async (change) => (await api(w.agent, 'POST', '/api/bulk', { numbers, change }, { key: newKey() })).json.job.id;
  const job = (id) => psql('postgres', `select state || ' ' || done from app.bulk_jobs where tenant_id = ${w.tenant} and id = ${id}`);
  // One that is at work for as long as the test wants.
  const slow = async () => {
    const id = Number(await psql('postgres', `insert into app.bulk_jobs (tenant_id, person_id, change, total, done, due_at) values (${w.tenant}, ${w.people.agent.id}, '{"priority": "low"}', 45, 20, 'infinity') returning id`));
    await psql('postgres', `insert into app.bulk_rows (tenant_id, job_id, ticket_id, state, before, after)
      select ${w.tenant}, ${id}, n, case when n <= 30020 then 2 else 1 end, '{"priority": null}', '{"priority": null}' from generate_series(30001, 30045) n`);
    return id;
  };
  await psql('postgres', `update app.bulk_jobs set ended_at = ended_at - interval '2 hours' where tenant_id = ${w.tenant} and state > 1`);
  for (const [lang, width, dark] of [['en', 1440, false], ['ja', 390, true]]) {
    const text = (key, values) => said(lang, key, values);
    const done = await asked({ tags: { add: [`again ${lang}`] } });
    await until('the first is done', async () => await job(done) === '2 45');
    const going = await slow();
    const page = await at('/agent?group=open', { lang, width, dark });
    const one = page.locator('.many-one');
    await one.locator('progress').waitFor();
    await until('both are there', async () => await one.count() === 2);
    assert.match(await one.nth(0).getAttribute('aria-label'), /20/);
    await one.nth(1).getByRole('button', { name: text('agent.undo') }).waitFor();
    assert.ok((await one.nth(0).boundingBox()).height > 40 && await one.nth(1).evaluate((e) => { const r = e.getBoundingClientRect(); return e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + 4)); }), 'they are seen');
    await sound(page, 'two of before');
    await screenshot(page, `bulk-again-${lang}`);
    if (lang === 'en') {
      // Nobody answers for a while.
      page.expected.push(/bulk/, /ERR_FAILED/);
      let failed = 0;
      await page.route(`**/api/bulk/${going}`, (r) => { failed += 1; return r.abort(); });
      await until('it was asked', () => failed > 1);
      await page.unroute(`**/api/bulk/${going}`);
    }
    await one.nth(0).getByRole('button', { name: text('desk.many.stop') }).press('Enter');
    await until('it is stopped', async () => await job(going) === '3 20');
    await until('one is left, and has the focus', async () => await one.count() === 1 && await one.evaluate((e) => e === document.activeElement));
    await one.getByRole('button', { name: text('agent.undo') }).press('Enter');
    await until('nothing has the tag', async () => await psql('postgres', `select count(*) from app.ticket_tags where tenant_id = ${w.tenant} and tag = 'again ${lang}'`) === '0');
    await page.locator('.many').waitFor({ state: 'detached' });
    await page.locator('.qrow:focus').waitFor();
    // What was stopped can be taken back still; closed, it is not shown again.
    await page.reload();
    await settled(page);
    await one.getByRole('button', { name: text('desk.foot.close') }).press('Enter');
    await page.locator('.many').waitFor({ state: 'detached' });
    await page.locator('.qrow:focus').waitFor();
    const answered = page.waitForResponse((r) => new URL(r.url()).pathname === '/api/bulk');
    await page.reload();
    await answered;
    await settled(page);
    assert.equal(await one.count(), 0);
    await psql('postgres', `update app.bulk_jobs set ended_at = ended_at - interval '2 hours' where tenant_id = ${w.tenant} and state > 1`);
    await over(page);
  }
});

test('W1: the word of a job takes back that job, whatever was changed since; several that are put aside do not wait for one that is refused', async () => {
  await psql('postgres', `insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk, status, created_at, updated_at, desk_updated_at)
    select ${w.tenant}, 40000 + n, ${w.portal.town}, ${w.id.town}, ${w.people.member.id}, 'Word ' || n, true, 2, now(), now(), now() from generate_series(1, 30) n`);
  const page = await at('/agent?group=open');
  const rows = page.locator('.vlist .qrow');
  await rows.first().focus();
  for (let n = 0; n < 24; n += 1) await press(page, 'Shift+J');
  await until('25 are chosen', async () => (await page.locator('.bulk > span').textContent()).includes('25'));
  let open;
  const gate = new Promise((go) => { open = go; });
  await page.route(/\/api\/bulk\/\d+$/, async (r) => { await gate; await r.continue(); });
  await press(page, 'p');
  await chooser(page).waitFor();
  await choose(page, 'Urgent', 'Urgent');
  await page.locator('.many progress').waitFor();
  const urgent = () => psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant} and priority = 4`);
  await until('jobs have done it', async () => await urgent() === '25');
  const other = Number(await rows.nth(2).getAttribute('data-n'));
  await rows.nth(2).focus();
  await press(page, 's');
  await chooser(page).waitFor();
  await choose(page, 'On hold', 'On hold');
  await until('one is changed after that', async () => (await ticket(other)).status === 'on_hold');
  open();
  await page.locator('.toast', { hasText: '25 tickets changed' }).getByRole('button', { name: 'Undo' }).press('Enter');
  await until('the many are as they were', async () => await urgent() === '0');
  assert.equal((await ticket(other)).status, 'on_hold');
  await page.locator('.toast', { hasText: 'Undone' }).waitFor();
  await press(page, 'z');
  await until('and then the one', async () => (await ticket(other)).status !== 'on_hold');

  // Three are put aside, of which one is solved meanwhile.
  await page.goto('/agent?group=open');
  await settled(page);
  await rows.first().focus();
  await press(page, 'Shift+J', 'Shift+J');
  const three = await page.locator('.qrow[data-on]').evaluateAll((all) => all.map((a) => Number(a.dataset.n)));
  assert.equal(three.length, 3);
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false); update app.tickets set status = 5 where tenant_id = ${w.tenant} and id = ${three[0]}; commit`);
  const aside = () => psql('postgres', `select string_agg(ticket_id::text, ' ' order by ticket_id) from app.snoozes where tenant_id = ${w.tenant}`);
  page.expected.push(/422/);
  await press(page, 'h');
  await chooser(page).waitFor();
  await choose(page, 'tomorrow', 'Tomorrow');
  await page.locator('.many-one li', { hasText: `#${three[0]}` }).waitFor();
  assert.equal(await aside(), three.slice(1).sort((a, b) => a - b).join(' '));
  assert.ok(await page.locator('.bulk').evaluate((e) => { const r = e.getBoundingClientRect(); return e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)); }), 'what is chosen is not behind it');
  await sound(page, 'one could not be put aside');
  await screenshot(page, 'bulk-aside');
  await page.locator('.many-one').getByRole('button', { name: 'Undo' }).press('Enter');
  await until('they are back', async () => await aside() === '');
  await page.locator('.many').waitFor({ state: 'detached' });
  // By its key as well, and what was brought back is put aside again.
  await page.goto(`/agent/t/${three[1]}`);
  await page.locator('.composer').waitFor();
  const key = async (what) => { await press(page, 'h'); await chooser(page).waitFor(); await choose(page, what, what); };
  await key('Tomorrow');
  await until('they are aside', async () => (await aside()).includes(String(three[1])));
  await key('Bring back now');
  await until('back', async () => await aside() === '');
  await press(page, 'z');
  await until('aside again', async () => (await aside()).includes(String(three[1])));
  await press(page, 'z');
  await until('and back', async () => await aside() === '');
  await over(page);
});
