// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The desk when hands are faster than the network, or others are: what was kept of a
// ticket is older than a list, changes fail while others wait, what comes back meets a
// page that is still on its way. Answers are held up here, never made.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql, until } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent', 'admin'] }); });
after(closeBrowser);

const open = async (title) => (await api(w.member, 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'It is broken.' })).json.number;
const ticket = async (number) => (await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket;
const change = (who, number, body) => api(who, 'PATCH', `/api/tickets/${number}`, body);
async function at(path, options = {}) {
  const page = await openPage({ session: w.agent, width: 1440, ...options });
  await page.goto(path);
  await page.locator('h1').waitFor();
  await settled(page);
  return page;
}
const over = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};
const press = async (page, ...keys) => { for (const k of keys) await page.keyboard.press(k); };
const chooser = (page) => page.locator('dialog.chooser:popover-open');
const row = (page, number) => page.locator(`.qrow[data-n="${number}"]`);
const title = (page, number) => page.locator('h1', { hasText: `#${number}` });
const choose = async (page, key, text) => {
  await press(page, key);
  await chooser(page).waitFor();
  await page.keyboard.type(text);
  await press(page, 'Enter');
  await chooser(page).waitFor({ state: 'detached' });
};
const gate = () => { let go; const is = new Promise((done) => { go = done; }); return { is, go }; };
// What is asked of a ticket itself waits for `until`; how often it was asked.
async function holdUp(page, number, method, is, how = (route) => route.continue()) {
  const asked = [];
  await page.route(`**/api/tickets/${number}`, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    asked.push(route.request());
    await is;
    return how(route, asked.length).catch(() => {});
  });
  return asked;
}
const letGo = (page, number) => page.unroute(`**/api/tickets/${number}`);

test('W1: what is done to a ticket goes by the newest that is known of it, of its page or a list', async () => {
  const next = await open('Foreseen');
  const number = await open('Solved once');
  const page = await at('/agent');
  const foreseen = page.waitForResponse((r) => r.url().endsWith(`/api/tickets/${next}`));
  await row(page, number).press('Enter');
  await title(page, number).waitFor();
  await foreseen;
  await press(page, 'e');
  await until('it is solved', async () => (await ticket(number)).status === 'solved');
  await press(page, 'Escape');
  await page.waitForURL('**/agent');
  // Its customer is not content, and the list says so; its page is not open.
  await row(page, number).locator('.chip', { hasText: said('en', 'state.solved') }).waitFor();
  await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'It is dark again' });
  await row(page, number).locator('.chip', { hasText: said('en', 'state.in_progress') }).waitFor();
  await row(page, number).focus();
  await press(page, 'e');
  await until('it is solved again', async () => (await ticket(number)).status === 'solved');
  await change(w.admin, number, { status: 'on_hold' });
  await row(page, number).locator('.chip', { hasText: said('en', 'state.on_hold') }).waitFor();
  await choose(page, 's', said('en', 'state.solved'));
  await until('and once more', async () => (await ticket(number)).status === 'solved');
  // Somebody has taken one that was fetched before, and the list knows it: nothing to compare.
  await change(w.admin, next, { assignee: w.people.admin.id, priority: 'urgent' });
  await row(page, next).getByText(said('en', 'priority.urgent')).waitFor();
  await row(page, next).focus();
  await press(page, 'i');
  await until('it is mine', async () => (await ticket(next)).assignee === w.people.agent.id);
  assert.equal(await page.locator('dialog.compare').count(), 0);
  await over(page);
});

test('W1: of changes that wait for each other each is taken back that fails, and both are told of', async () => {
  const number = await open('Two that fail');
  const page = await at(`/agent/t/${number}`);
  page.expected.push(/ERR_FAILED|409|422/);
  const [priority, status] = [page.locator('#p-priority'), page.locator('#p-status')];
  await status.waitFor();
  const cut = gate();
  await holdUp(page, number, 'PATCH', cut.is, (route) => route.abort());
  const toast = page.locator('.toast');
  await choose(page, 'p', said('en', 'priority.high'));
  await choose(page, 's', said('en', 'state.on_hold'));
  assert.deepEqual([await priority.inputValue(), await status.inputValue()], ['high', 'on_hold'], 'shown at once');
  cut.go();
  await toast.getByText(`${said('en', 'agent.status')} #${number}`).waitFor();
  assert.match(await toast.innerText(), new RegExp(`${said('en', 'agent.priority')} #${number}`), 'both are told of');
  assert.deepEqual([await priority.inputValue(), await status.inputValue()], ['', 'new'], 'both are taken back');
  await sound(page, 'two that were not saved');
  await screenshot(page, 'hurry-not-saved');
  await letGo(page, number);
  await toast.getByRole('button', { name: said('en', 'app.retry') }).click();
  await until('both are saved', async () => { const t = await ticket(number); return t.priority === 'high' && t.status === 'on_hold'; });

  // The first meets somebody else's, the second is cut off: theirs, and what was before.
  const met = gate();
  await holdUp(page, number, 'PATCH', met.is, (route, n) => (n === 1 ? route.continue() : route.abort()));
  await choose(page, 'p', said('en', 'priority.urgent'));
  await choose(page, 's', said('en', 'state.blocked'));
  await change(w.admin, number, { priority: 'low' });
  met.go();
  const box = page.locator('dialog.compare[open]');
  await box.waitFor();
  await until('the other one has failed, too', async () => await status.inputValue() === 'on_hold');
  assert.equal(await priority.inputValue(), 'low');
  await box.getByRole('button', { name: said('en', 'compare.theirs.take') }).click();
  await over(page);
});

test('W1: the next ticket is fetched before it is asked for, shown at once and not read by that; asked for meanwhile it is waited for', async () => {
  const third = await open('After next');
  const second = await open('Next');
  const first = await open('Open');
  const page = await at('/agent');
  const seen = [];
  page.on('request', (r) => { if (/\/seen$/.test(r.url())) seen.push(Number(/tickets\/(\d+)/.exec(r.url())[1])); });
  const fetched = page.waitForResponse((r) => r.request().method() === 'GET' && r.url().endsWith(`/api/tickets/${second}`));
  await row(page, first).press('Enter');
  await title(page, first).waitFor();
  await (await fetched).finished();
  await until('the open one is read', () => seen.includes(first));
  assert.ok(!seen.includes(second), 'what is only fetched is not read');
  await row(page, second).locator('.unread').waitFor();
  // It is there before the server has answered again.
  const slow = gate();
  await holdUp(page, second, 'GET', slow.is);
  const later = gate();
  const asked = await holdUp(page, third, 'GET', later.is);
  await press(page, 'j');
  await title(page, second).waitFor();
  await page.locator('.msg').waitFor();
  slow.go();
  // The next but one is on its way when it is opened: it is not asked for again.
  await until('it is fetched', () => asked.length === 1);
  await press(page, 'j');
  await title(page, third).waitFor();
  await page.locator('.pane-talk .skeleton').waitFor();
  later.go();
  await page.locator('.msg').waitFor();
  await until('and read', () => seen.includes(third));
  assert.equal(asked.length, 1, 'asked for once');
  await over(page);
});

test('W1: what is new in a ticket that was open before has its line, however late its page comes', async () => {
  const second = await open('Beside');
  const first = await open('Back again');
  const page = await at('/agent');
  const read = () => page.waitForResponse((r) => r.url().endsWith(`/api/tickets/${first}/seen`)).then((r) => r.finished());
  const once = read();
  await row(page, first).press('Enter');
  await once;
  await press(page, 'j');
  await title(page, second).waitFor();
  await api(w.member, 'POST', `/api/tickets/${first}/comments`, { body: 'One more thing' });
  await row(page, first).locator('.unread').waitFor();
  await holdUp(page, first, 'GET', read());
  await press(page, 'k');
  await title(page, first).waitFor();
  await page.locator('.msg', { hasText: 'One more thing' }).waitFor();
  await page.locator('.read-new').waitFor();
  await sound(page, 'what is new in it');
  await over(page);
});

test('W1: a reply that is taken back is never without a place: a ticket on its way, one that takes no replies, one that is gone', async () => {
  const mine = `tenant_id = ${w.tenant} and author_id = ${w.people.agent.id}`;
  await psql('postgres', `update app.people set hold_seconds = 30 where tenant_id = ${w.tenant} and id = ${w.people.agent.id}`);
  const waits = () => psql('postgres', `select count(*) from app.held_comments where ${mine}`);
  const other = await open('Another one');
  const reply = async (page, number, text) => {
    await page.locator('#write-reply').fill(text);
    await page.locator('#write-reply').press('Control+Enter');
    await page.locator('.msg[data-held]', { hasText: text.slice(0, 100) }).waitFor();
  };
  const later = () => psql('postgres', `update app.held_comments set out_at = now() where ${mine} and stopped is null`);

  // It stopped while another ticket is open, and its own is slow to come: a key asks for the same place.
  const slow = await open('Slow to come');
  let page = await at(`/agent/t/${slow}`);
  await reply(page, slow, 'Please wait for me');
  await psql('postgres', `update app.held_comments set stopped = 'unseen' where ${mine}`);
  await page.goto(`/agent/t/${other}`);
  const comes = gate();
  await holdUp(page, slow, 'GET', comes.is);
  await page.locator('.toast').getByRole('button', { name: said('en', 'agent.held.show') }).click();
  await title(page, slow).waitFor();
  await press(page, 'r');
  comes.go();
  await until('it is in the composer', async () => await page.locator('#write-reply').count() && await page.locator('#write-reply').inputValue() === 'Please wait for me');
  await until('and nowhere else', async () => await waits() === '0' && await page.locator('.msg[data-held]').count() === 0);
  await page.locator('#write-reply').fill('');

  // A colleague merges the ticket meanwhile: what was a reply is a note now, and says so.
  const merged = await open('Merged away');
  await page.goto(`/agent/t/${merged}`);
  await page.locator('#write-reply').waitFor();
  await reply(page, merged, 'A last word');
  await page.getByRole('heading', { level: 1 }).focus();
  assert.equal((await api(w.admin, 'POST', `/api/tickets/${merged}/merging`, { into: other, people: [] })).status, 201);
  await later();
  await page.locator('.composer .error', { hasText: said('en', 'agent.held.noted') }).waitFor();
  assert.equal(await page.locator('#write-note').inputValue(), 'A last word');
  assert.equal(await page.locator('#write-reply').count(), 0);
  await until('it is with its author alone', async () => await waits() === '0');
  await sound(page, 'a reply that is a note now');
  await screenshot(page, 'hurry-noted');
  await page.locator('#write-note').fill('');

  // The ticket is the desk's no more: the whole text stands where it was.
  const text = `${'All that was written. '.repeat(20)}The end`;
  const gone = await open('Gone');
  await page.goto(`/agent/t/${gone}`);
  await page.locator('#write-reply').waitFor();
  await reply(page, gone, text);
  page.expected.push(/404/);
  await psql('postgres', `update app.tickets set at_desk = false where tenant_id = ${w.tenant} and id = ${gone}`);
  await later();
  await until('it is refused', async () => await psql('postgres', `select stopped from app.held_comments where ${mine}`) === 'refused');
  await page.goto('/agent');
  await page.locator('.toast', { hasText: said('en', 'agent.held.stopped', { number: gone }) }).getByRole('button', { name: said('en', 'agent.held.show') }).click();
  await until('all of it can be read', async () => (await page.locator('.msg[data-held] .held-text').innerText()).endsWith('The end'));
  assert.equal(await waits(), '1');
  await sound(page, 'a text without a place');
  await screenshot(page, 'hurry-no-place');
  await psql('postgres', `begin; delete from app.held_comments where ${mine}; update app.people set hold_seconds = 0 where tenant_id = ${w.tenant} and id = ${w.people.agent.id}; commit`);
  await over(page);
});

test('W1: the palette opens the chooser of a command that has one', async () => {
  const number = await open('From the palette');
  const page = await at(`/agent/t/${number}`);
  await page.locator('.msg').waitFor();
  await press(page, 'Control+k');
  await chooser(page).waitFor();
  await page.keyboard.type(said('en', 'desk.assign'));
  await press(page, 'Enter');
  await chooser(page).getByRole('heading', { name: `${said('en', 'desk.assign')} · #${number}` }).waitFor();
  await page.keyboard.type(`admin ${w.mark}`);
  await press(page, 'Enter');
  await until('it is the other one’s', async () => (await ticket(number)).assignee === w.people.admin.id);
  await over(page);
});
