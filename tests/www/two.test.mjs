// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Two agents at one ticket (journey 20), 400 ms away: they see each other in the list and
// in the ticket, the second answer is stopped and neither draft is lost, two changes of one
// field meet in a box that compares them, and a browser that dies is there no more after a
// while. The same box where two answer a form; and who begins to write has the ticket.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { browserOfItsOwn, closeBrowser, screenshot } from '../lib/browser.mjs';
import { until } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'second', 'main', 'agent', 'admin'] }); });
after(closeBrowser);

const open = async (title, more = {}) => (await api(w.member, 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'It is broken.', ...more })).json.number;
const ticket = async (number, who = w.agent) => (await api(who, 'GET', `/api/tickets/${number}`)).json.ticket;
const change = (who, number, body) => api(who, 'PATCH', `/api/tickets/${number}`, body);
async function at(who, path, { lang = 'en', latency = 0, ...options } = {}) {
  const page = await openPage({ session: w[who], ...options });
  if (lang !== 'en') await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
  if (latency) {
    const wire = await page.context().newCDPSession(page);
    await wire.send('Network.emulateNetworkConditions', { offline: false, latency, downloadThroughput: -1, uploadThroughput: -1 });
  }
  // The second of two hears so.
  page.expected.push(/409|422/);
  await page.goto(path);
  await page.locator('h1').waitFor();
  await settled(page);
  return page;
}
const over = async (...pages) => {
  for (const page of pages) {
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  }
};
const kept = (who, number, mode, text) => until('it is kept', async () => (await api(w[who], 'GET', `/api/drafts/${number}.${mode}`)).text.includes(text));
const undo = async (page) => { await page.locator('h1').focus(); await page.keyboard.press('z'); };
const box = (page) => page.locator('dialog.compare[open]');
const sides = (page) => box(page).locator('dd').allInnerTexts();
// Where the keys rest is saved at once.
const choose = async (page, id, value) => { await page.locator(id).selectOption(value); await page.locator(id).press('Enter'); };

test('W1: two agents at one ticket, 400 ms away', async () => {
  const latency = 400;
  const number = await open('Two at once');
  const other = await open('Left in the dark');
  const name = { agent: w.people.agent.name, admin: w.people.admin.name };

  // Somebody begins an answer, in a browser that dies without a word.
  const doomed = await browserOfItsOwn();
  const gone = await at('admin', `/agent/t/${other}`, { browser: doomed.browser, latency });
  const told = gone.waitForResponse((r) => r.url().endsWith('/presence') && r.request().postData()?.includes('types'));
  await gone.locator('#write-reply').pressSequentially('I am about to');
  await told;
  const one = await at('agent', '/agent', { latency, width: 1440 });
  const dot = one.locator(`.qrow[data-n="${other}"] .here-dot`);
  await one.locator(`.qrow[data-n="${other}"] .here-dot[data-types]`).waitFor();
  await dot.getByText(said('en', 'agent.row.types', { who: name.admin })).waitFor({ state: 'attached' });
  await sound(one, 'who writes where');
  doomed.die();
  const died = Date.now();

  // Both open the same one, and see each other there.
  const two = await at('admin', `/agent/t/${number}`, { lang: 'sv', latency, width: 1280, dark: true });
  await one.locator(`.qrow[data-n="${number}"]`).click();
  await one.locator('.thread').getByText(said('en', 'agent.here.reads', { who: name.admin })).waitFor();
  await two.locator('.thread').getByText(said('sv', 'agent.here.reads', { who: name.agent })).waitFor();
  await two.locator('#write-reply').pressSequentially('Min egen fråga');
  await one.locator('.thread').getByText(said('en', 'agent.here.types', { who: name.admin })).waitFor();
  await one.locator('#write-reply').pressSequentially('My own question');
  await two.locator('.thread').getByText(said('sv', 'agent.here.types', { who: name.agent })).waitFor();
  for (const page of [one, two]) await sound(page, 'both write');
  await screenshot(two, 'two-write');

  // Both send at once: one of them is stopped, with the other's text before them.
  const text = { one: 'My own question', two: 'Min egen fråga' };
  const pages = { one, two };
  await Promise.all([one, two].map((page) => page.locator('.composer button[type=submit]').click()));
  const late = await Promise.race(['one', 'two'].map((k) => pages[k].locator('.composer .error').waitFor().then(() => k)));
  const first = late === 'one' ? 'two' : 'one';
  await pages[late].locator('.msg', { hasText: text[first] }).waitFor();
  assert.equal(await pages[late].locator('#write-reply').inputValue(), text[late], 'what was not sent is still there');
  await pages[first].locator('.msg', { hasText: text[first] }).waitFor();
  await sound(pages[late], 'an answer that was stopped');
  await screenshot(pages[late], 'two-stopped');
  await pages[first].locator('#write-reply').fill('And one more thing');
  const who = { one: 'agent', two: 'admin' };
  await kept(who[late], number, 'reply', text[late]);
  await kept(who[first], number, 'reply', 'And one more thing');
  for (const page of [one, two]) {
    await page.reload();
    await settled(page);
  }
  await until('both are there after a reload', async () => await pages[late].locator('#write-reply').inputValue() === text[late]
    && await pages[first].locator('#write-reply').inputValue() === 'And one more thing');
  for (const page of [one, two]) await sound(page, 'both drafts');
  await pages[late].locator('.composer button[type=submit]').click();
  await pages[late].locator('.msg', { hasText: text[late] }).waitFor();

  // Both change one field at once: the second compares, and keeps theirs.
  const wanted = { one: 'urgent', two: 'low' };
  const words = { one: 'en', two: 'sv' };
  await Promise.all(['one', 'two'].map((k) => choose(pages[k], '#p-priority', wanted[k])));
  const second = await Promise.race(['one', 'two'].map((k) => box(pages[k]).waitFor().then(() => k)));
  const before2 = second === 'one' ? 'two' : 'one';
  const asked = pages[second];
  assert.deepEqual(await sides(asked), [wanted[second], wanted[before2]].map((p) => said(words[second], `priority.${p}`)));
  assert.match(await box(asked).innerText(), new RegExp(name[before2 === 'one' ? 'agent' : 'admin']));
  assert.equal((await ticket(number)).priority, wanted[before2], 'nothing was overwritten');
  assert.equal(await asked.locator('#p-priority').inputValue(), wanted[before2], 'nor shown so');
  await sound(asked, 'the box that compares');
  await screenshot(asked, 'two-compare');
  await box(asked).getByRole('button', { name: said(words[second], 'compare.mine.take') }).click();
  for (const page of [one, two]) await until('both show it', async () => await page.locator('#p-priority').inputValue() === wanted[second]);
  assert.equal(await box(asked).count(), 0);

  // The next one is undone, where somebody else has changed it meanwhile: theirs stays.
  await choose(one, '#p-status', 'blocked');
  await until('it is saved', async () => (await ticket(number)).status === 'blocked');
  await until('the other one sees it', async () => await two.locator('#p-status').inputValue() === 'blocked');
  await choose(two, '#p-status', 'on_hold');
  await until('so is the other’s', async () => (await ticket(number)).status === 'on_hold');
  await undo(one);
  await box(one).waitFor();
  assert.equal((await sides(one))[1], said('en', 'state.on_hold'));
  await one.keyboard.type('x \n');
  await box(one).getByRole('button', { name: said('en', 'compare.theirs.take') }).click();
  await box(one).waitFor({ state: 'detached' });
  assert.equal(await one.locator('#p-status').inputValue(), 'on_hold');
  assert.equal((await ticket(number)).status, 'on_hold');
  await sound(one, 'theirs stays');

  // The browser that died is not there any more: half a minute, and until the list asks again.
  await until('nobody is there', async () => await dot.count() === 0, 50_000);
  assert.ok(Date.now() - died < 50_000, 'soon');
  await two.close();
  await one.locator('.thread').getByText(said('en', 'agent.here.reads', { who: name.admin })).waitFor({ state: 'detached' });
  assert.deepEqual([...complaints(one), ...complaints(two)], []);
  await one.context().close();
});

for (const [lang, dark] of [['ja', false], ['qps', true]]) {
  test(`W1: two answer one form, and the second compares: ${lang}, 390 px`, async () => {
    for (const [path, body] of [['/api/types', { key: `t_${lang}`, labels: { en: 'Broken', ja: '不具合' } }],
      ['/api/fields', { key: `line_${lang}`, kind: 'text', labels: { en: 'Which line?', ja: 'どの回線' } }], ['/api/fields', { key: `again_${lang}`, kind: 'yes_no', labels: { en: 'Again?', ja: '再現' } }],
      ['/api/fields', { key: `whom_${lang}`, kind: 'person', labels: { en: 'Whom?', ja: '誰' } }],
      [`/api/types/t_${lang}/fields`, { field: `whom_${lang}` }], [`/api/types/t_${lang}/fields`, { field: `line_${lang}` }], [`/api/types/t_${lang}/fields`, { field: `again_${lang}` }]]) {
      const made = await api(w.admin, 'POST', path, body);
      assert.ok(made.status < 300, made.text);
    }
    const number = await open('Form', { type: `t_${lang}`, fields: { [`line_${lang}`]: 'first' } });
    const [line, again, whom] = [`#edit\\.line_${lang}`, `again_${lang}`, `whom_${lang}`];
    const page = await at('member', `/t/${number}`, { lang, width: 390, dark });
    // Narrow, all of it is folded away before the conversation.
    await page.getByText(said(lang, 'portal.ticket.details'), { exact: true }).click();
    await page.getByRole('button', { name: said(lang, 'forms.edit') }).click();
    await page.locator(line).fill('mine');
    const named = page.locator(`[id="edit.${whom}"]`);
    await named.pressSequentially(w.people.member.name.slice(0, 4));
    await page.getByRole('option', { name: w.people.member.name }).waitFor();
    await named.press('Enter');
    await page.getByRole('group', { name: { ja: '再現', qps: 'Again?' }[lang] }).getByLabel(said(lang, 'forms.yes')).check();
    assert.equal((await api(w.main, 'PATCH', `/api/tickets/${number}/fields`, { fields: { [`line_${lang}`]: 'theirs', [again]: false, [whom]: w.people.second.id } })).status, 200);
    const save = page.getByRole('button', { name: said(lang, 'forms.save') });
    await save.click();
    await box(page).waitFor();
    assert.deepEqual(await sides(page), [w.people.member.name, w.people.second.name], 'one field after the other, in the order of the form');
    await sound(page, 'a customer compares');
    await screenshot(page, `two-form-${lang}`);
    // Left for later nothing is lost, and nothing changed.
    await page.keyboard.press('Escape');
    await box(page).waitFor({ state: 'detached' });
    assert.equal(await page.locator(line).inputValue(), 'mine');
    await sound(page, 'it waits');
    await save.click();
    await box(page).getByRole('button', { name: said(lang, 'compare.mine.take') }).click();
    await until('the next field', async () => (await sides(page)).join() === 'mine,theirs');
    await box(page).getByRole('button', { name: said(lang, 'compare.theirs.take') }).click();
    await until('the last one', async () => (await sides(page)).join() === [said(lang, 'forms.yes'), said(lang, 'forms.no')].join());
    await box(page).getByRole('button', { name: said(lang, 'compare.mine.take') }).click();
    await page.getByRole('button', { name: said(lang, 'forms.edit') }).waitFor();
    const { fields } = (await ticket(number)).form;
    assert.deepEqual(Object.fromEntries(fields.map((f) => [f.key, f.value])), { [whom]: w.people.member.id, [`line_${lang}`]: 'theirs', [again]: true });
    await over(page);
  });
}

test('W1: whoever begins to write has the ticket, where the tenant says so', async () => {
  const lang = 'de';
  const settings = await at('admin', '/agent/settings', { lang, width: 390 });
  const card = settings.getByRole('region', { name: said(lang, 'settings.assign_on_reply') });
  await card.getByText(said(lang, 'settings.assign_on_reply.help')).waitFor();
  await card.getByRole('button', { name: said(lang, 'settings.override') }).press('Enter');
  await card.getByRole('combobox').selectOption('yes');
  await sound(settings, 'the setting');
  await card.getByRole('button', { name: said(lang, 'settings.save') }).click();
  await card.getByText(said(lang, 'settings.here')).waitFor();
  await card.scrollIntoViewIfNeeded();
  await screenshot(settings, 'two-setting');
  await over(settings);

  const number = await open('Begun');
  const page = await at('agent', `/agent/t/${number}`, { lang, dark: true });
  const holder = page.locator('#p-assignee');
  const taking = [];
  page.on('request', (r) => { if (r.url().endsWith('/taking')) taking.push(r.url()); });
  const told = page.waitForResponse((r) => r.url().endsWith('/presence') && r.request().postData()?.includes('types'));
  await page.getByRole('button', { name: said(lang, 'agent.note'), exact: true }).click();
  await page.locator('#write-note').fill('Among us');
  await told;
  assert.deepEqual(taking, [], 'a note takes nothing');
  await page.getByRole('button', { name: said(lang, 'agent.reply'), exact: true }).click();
  await page.locator('#write-reply').pressSequentially('D');
  await page.locator('.toast').getByText(said(lang, 'agent.taken')).waitFor();
  assert.equal(await holder.inputValue(), String(w.people.agent.id));
  assert.equal((await ticket(number)).assignee, w.people.agent.id);
  await page.locator('.rail-dot', { hasText: said(lang, 'history.writing') }).waitFor();
  await sound(page, 'taken by writing');
  await screenshot(page, 'two-taken');
  await undo(page);
  await until('it is nobody’s again', async () => (await ticket(number)).assignee === null && await holder.inputValue() === '');
  await page.locator('#write-reply').fill('');
  await page.locator('#write-reply').pressSequentially('Dear customer');
  assert.equal(taking.length, 1);
  assert.equal((await ticket(number)).assignee, null, 'once taken back it is not taken again');
  await over(page);

  // Two begin at once: the first has it, the other is told.
  const both = await open('Begun twice');
  const pages = await Promise.all(['agent', 'admin'].map((who) => at(who, `/agent/t/${both}`, { latency: 400 })));
  await Promise.all(pages.map((p) => p.locator('#write-reply').pressSequentially('I')));
  const has = await Promise.race(pages.map((p, n) => p.locator('.toast').getByText(said('en', 'agent.taken')).waitFor().then(() => n)));
  const [mine, name] = ['agent', 'admin'].map((who) => w.people[who]).map((p, n) => (n === has ? p : null)).filter(Boolean).flatMap((p) => [p.id, p.name]);
  await pages[1 - has].locator('.toast').getByText(said('en', 'agent.taken.other', { who: name })).waitFor();
  assert.equal((await ticket(both)).assignee, mine);
  for (const p of pages) await until('both show who', async () => await p.locator('#p-assignee').inputValue() === String(mine));
  await sound(pages[1 - has], 'told who has it');
  await over(...pages);
});
