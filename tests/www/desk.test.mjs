// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The agents' workspace. A morning with the keyboard alone (journey 19): the page
// counts what a mouse would do. A list of five thousand, of which few rows are drawn;
// what is new while somebody has the list in hand; the palette; what is undone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql, until } from '../lib/instance.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';
import { said } from '../lib/texts.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'second', 'agent', 'admin'] }); });
after(closeBrowser);

const titles = ['Projector stays dark', 'Cannot sign in', 'Export is empty', 'Grades are off by one', 'A second school', 'Video call drops', 'Mail arrives twice', 'Wrong time zone'];
// Tickets from `from` on, as if opened one a minute; all read.
const fill = (from, n) => psql('postgres', `insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk, status, created_at, updated_at, desk_updated_at)
  select ${w.tenant}, ${from} + n, ${w.portal.town}, ${w.id.town}, ${w.people.member.id}, (array[${titles.map((t) => `'${t}'`)}])[n % 8 + 1] || ' ' || n, true, 2,
    now() - n * interval '1 minute', now() - n * interval '1 minute', now() - n * interval '1 minute' from generate_series(1, ${n}) n`);
const open = async (title) => (await api(w.member, 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'It is broken.' })).json.number;
const ticket = async (number) => (await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket;

async function at(path, options = {}) {
  const page = await openPage({ session: w.agent, ...options });
  if (options.lang) await page.context().addCookies([{ name: 'lang', value: options.lang, url: page.base }]);
  // What a mouse, a pen or a finger would do; kept over loads of the page. A click of
  // Enter or Space on what has the focus is the keyboard's.
  page.mice = [];
  await page.exposeBinding('mouseHeard', (_, kind) => { page.mice.push(kind); });
  await page.addInitScript(() => {
    for (const kind of ['mousedown', 'mouseup', 'mousemove', 'mouseover', 'click', 'dblclick', 'auxclick', 'contextmenu', 'pointerdown', 'pointerup', 'pointermove', 'pointerover', 'touchstart', 'touchend', 'wheel', 'dragstart']) {
      addEventListener(kind, (e) => { if (kind !== 'click' || e.detail > 0) globalThis.mouseHeard(kind); }, true);
    }
  });
  await page.goto(path);
  await settled(page);
  await page.locator('.list-line').waitFor({ state: 'attached' });
  return page;
}
const over = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};
const here = (page) => Number(/\/agent\/t\/(\d+)/.exec(page.url())?.[1] ?? 0);
const press = async (page, ...keys) => { for (const k of keys) await page.keyboard.press(k); };
const chooser = (page) => page.locator('dialog.chooser:popover-open');
// With the key Tab, as far as that.
async function tabTo(page, to, key = 'Tab') {
  const is = () => to.evaluateAll((all) => all.includes(document.activeElement));
  for (let n = 0; n < 60; n++) {
    if (await is()) return;
    await press(page, key);
  }
  assert.fail(`the key ${key} does not lead to ${to}`);
}

test('W1: a dialog that is still fetched is typed into, and one that was closed takes nothing from the next', async () => {
  const number = await open('Quick fingers');
  const page = await at(`/agent/t/${number}`);
  await page.locator('.msg').waitFor();
  let come = () => {};
  const here = new Promise((done) => { come = done; });
  await page.route(/\/dialogs[^/]*\.js$/, async (route) => { await here; await route.continue(); });
  // Each letter of it is a key as well: i would take the ticket, and m ask for a macro.
  await press(page, 'a');
  await page.keyboard.type(`admin ${w.mark}`);
  assert.equal(await chooser(page).count(), 0, 'it is not there yet');
  come();
  await chooser(page).waitFor();
  assert.equal(await page.locator('dialog.chooser input').inputValue(), `admin ${w.mark}`);
  await press(page, 'Enter');
  await until('it is the other one’s', async () => (await ticket(number)).assignee === w.people.admin.id);
  // As fast as a page that was busy gets them: the next key before it is told that the dialog is gone.
  await press(page, 's');
  await chooser(page).waitFor();
  await page.evaluate(() => {
    const old = document.querySelector('dialog.chooser');
    const told = new Promise((done) => { old.addEventListener('toggle', done, { once: true }); });
    old.hidePopover();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'p', bubbles: true, cancelable: true }));
    return told.then(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
  });
  await chooser(page).getByRole('heading').filter({ hasText: said('en', 'desk.priority') }).waitFor();
  assert.equal(await chooser(page).count(), 1, 'and stays');
  await press(page, 'Escape');
  await chooser(page).waitFor({ state: 'detached' });
  await over(page);
});

test('W1: no key gets between the one that asks for a dialog and the dialog; what is typed elsewhere stays there; a press beside it does nothing else', async () => {
  const numbers = [await open('Beside'), await open('Between')].reverse();
  const page = await at(`/agent/t/${numbers[0]}`);
  await page.locator('.msg').waitFor();
  const { status } = await ticket(numbers[0]);
  // The dialog's own program late: who goes on to write has what is written where it was written.
  let come = () => {};
  const here = new Promise((done) => { come = done; });
  await page.route(/\/dialogs[^/]*\.js$/, async (route) => { await here; await route.continue(); });
  await press(page, 'a');
  await page.locator('#write-reply').click();
  await page.keyboard.type('I will look');
  assert.equal(await page.locator('#write-reply').inputValue(), 'I will look');
  come();
  await press(page, 'Escape', 's');
  await chooser(page).getByRole('heading').filter({ hasText: said('en', 'desk.status') }).waitFor();
  // Beside it: it closes, and neither a row is opened nor anything else.
  await page.locator(`.qrow[data-n="${numbers[1]}"]`).click();
  await chooser(page).waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => location.pathname), `/agent/t/${numbers[0]}`);
  await page.locator(`.qrow[data-n="${numbers[1]}"]`).click();
  await page.waitForURL(`**/agent/t/${numbers[1]}`);
  await page.locator('.msg').waitFor();
  await page.locator(`.qrow[data-n="${numbers[0]}"]`).click();
  await page.waitForURL(`**/agent/t/${numbers[0]}`);
  await page.locator('.msg').waitFor();
  // However soon the second key comes: it is no command.
  for (const soon of ['microtask', 'frame', 'task']) {
    await page.evaluate(async (when) => {
      const key = (k) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key: k, bubbles: true, cancelable: true }));
      key('a');
      await new Promise((done) => { ({ microtask: () => queueMicrotask(done), frame: () => requestAnimationFrame(done), task: () => setTimeout(done) })[when](); });
      key('e');
    }, soon);
    await chooser(page).waitFor();
    // What moves the focus away, of itself, gets it not.
    await page.evaluate(() => document.querySelector('.talk-head h1').focus());
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'combobox');
    await press(page, 'Tab');
    await chooser(page).waitFor({ state: 'detached' });
  }
  assert.equal((await ticket(numbers[0])).status, status, 'nothing was solved');
  // A dialog about a row that is no longer in hand is none.
  await page.goto('/agent');
  await settled(page);
  await page.locator('.vlist .qrow').first().waitFor();
  await press(page, 'j');
  await page.locator('.qrow:focus').waitFor();
  await page.evaluate(() => {
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', bubbles: true, cancelable: true }));
    document.querySelector('.pane-views a[href="/agent?group=done"], .pane-views a[href*="group=pending"]').click();
  });
  await until('keys are heard again', async () => {
    await press(page, '/');
    return page.evaluate(() => document.activeElement?.id === 'find-q');
  });
  assert.equal(await chooser(page).count(), 0);
  await over(page);
});

// Thirty tickets in a morning, and nothing but keys: page.keyboard alone.
for (const [lang, width, dark] of [['en', 1440, false], ['ja', 1280, true]]) {
  test(`W1: a morning with the keyboard alone: ${lang}, ${width} px`, async () => {
    const text = (key, values) => said(lang, key, values);
    const numbers = [];
    for (let n = lang === 'en' ? 30 : 6; n > 0; n--) numbers.push(await open(`${n > 4 ? titles[n % 8] : 'Morning'} ${n}${lang}`));
    // The newest first, as the list has them.
    numbers.reverse();
    const macro = { name: `Which room ${lang}`, team: true, texts: { en: 'Which room is it, {requester.name}?' }, change: { priority: 'high', tags: ['room'] } };
    assert.equal((await api(w.admin, 'POST', '/api/macros', macro)).status, 201);
    const page = await at('/agent', { lang, width, dark });
    const rows = page.locator('.vlist > li');
    await rows.first().waitFor();
    assert.ok(Number(await rows.first().getAttribute('aria-setsize')) >= 30, 'thirty in the list');
    await sound(page, 'the list');
    await screenshot(page, `desk-list-${lang}`);

    // Down and up the list, open, the next one.
    await press(page, 'j');
    await page.locator(`.qrow[data-n="${numbers[0]}"]:focus`).waitFor();
    await press(page, 'j', 'k', 'Enter');
    await page.waitForURL(`**/agent/t/${numbers[0]}`);
    await page.locator('.msg').waitFor();
    await press(page, 'j');
    await page.waitForURL(`**/agent/t/${numbers[1]}`);
    await page.locator(`#pane-list .qrow[aria-current][data-n="${numbers[1]}"]`).waitFor();
    await press(page, 'k');
    await page.waitForURL(`**/agent/t/${numbers[0]}`);
    await page.locator('.msg').waitFor();
    await sound(page, 'a ticket with all its panes');
    await screenshot(page, `desk-ticket-${lang}`);

    // A reply; a letter in it is a letter, and one that is being composed is none of ours.
    await press(page, 'r');
    await page.locator('#write-reply:focus').waitFor();
    await page.keyboard.insertText(lang === 'ja' ? '調べています。' : '');
    await page.keyboard.type('jks is on it');
    await page.evaluate(() => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true, cancelable: true })));
    await page.locator('#write-reply:focus').waitFor();
    await press(page, 'Control+Enter');
    await page.locator('.msg', { hasText: 'jks is on it' }).waitFor();
    await until('it is begun', async () => (await ticket(numbers[0])).status === 'in_progress');
    // A note.
    await press(page, 'n');
    await page.locator('#write-note:focus').waitFor();
    await page.keyboard.type('Among us');
    await sound(page, 'a note is written');
    await press(page, 'Control+Enter');
    await page.locator('.msg[data-vis=internal]', { hasText: 'Among us' }).waitFor();

    // Whom to give it to, a status, a priority, a tag: each by typing.
    await press(page, 'a');
    await chooser(page).waitFor();
    await sound(page, 'whom to assign to');
    await page.keyboard.type(`admin ${w.mark}`);
    await press(page, 'Enter');
    await until('it is the other one’s', async () => (await ticket(numbers[0])).assignee === w.people.admin.id);
    await press(page, 's');
    await chooser(page).waitFor();
    await page.keyboard.type(text('state.on_hold'));
    await press(page, 'Enter');
    await until('it rests', async () => (await ticket(numbers[0])).status === 'on_hold');
    await press(page, 'p');
    await chooser(page).waitFor();
    await press(page, 'ArrowDown', 'ArrowUp');
    await page.keyboard.type(text('priority.urgent'));
    await press(page, 'Enter');
    await until('it is urgent', async () => (await ticket(numbers[0])).priority === 'urgent');
    await press(page, 'l');
    await chooser(page).waitFor();
    await page.keyboard.type('morning');
    await page.locator('.choice[aria-selected=true]', { hasText: 'morning' }).waitFor();
    await press(page, 'Enter');
    await until('it has a tag', async () => (await ticket(numbers[0])).tags?.join() === 'morning');
    await press(page, 'Escape');
    await chooser(page).waitFor({ state: 'detached' });
    // One back after the other.
    await press(page, 'z');
    await until('it has no tag', async () => !(await ticket(numbers[0])).tags?.length);
    await press(page, 'z');
    await until('it is not urgent', async () => (await ticket(numbers[0])).priority === null);
    await press(page, 'z');
    await until('nor resting', async () => (await ticket(numbers[0])).status === 'in_progress');
    await press(page, 'i');
    await until('mine', async () => (await ticket(numbers[0])).assignee === w.people.agent.id);
    await press(page, 'e');
    await until('it is solved', async () => (await ticket(numbers[0])).status === 'solved');
    await press(page, 'e');
    await until('and open again', async () => (await ticket(numbers[0])).status === 'in_progress');

    // Followed or not; unread again; the panes; the sheet.
    await press(page, 'f');
    await page.getByText(text('agent.follow.on')).waitFor();
    await api(w.member, 'POST', `/api/tickets/${numbers[0]}/comments`, { body: 'Thank you' });
    await page.locator('.msg', { hasText: 'Thank you' }).waitFor();
    await until('it was read', async () => (await psql('postgres', `select count(*) from app.seen s join app.tickets t on t.tenant_id = s.tenant_id and t.id = s.ticket_id
      where s.tenant_id = ${w.tenant} and s.ticket_id = ${numbers[0]} and s.person_id = ${w.people.agent.id} and s.seen_at >= t.desk_updated_at`)) === '1');
    await press(page, 'u');
    await page.locator(`.qrow[data-n="${numbers[0]}"] .unread`).waitFor();
    await press(page, '[');
    await page.locator('.pane-views').waitFor({ state: 'detached' });
    await press(page, '[');
    await page.locator('.pane-views').waitFor();
    await press(page, ']');
    await page.locator('.pane-side').waitFor({ state: 'detached' });
    await page.reload();
    await settled(page);
    assert.equal(await page.locator('.pane-side').count(), 0, 'the browser remembers');
    await press(page, ']');
    await page.locator('.pane-side').waitFor();
    await press(page, '?');
    await page.locator('dialog.keys[open]').waitFor();
    await sound(page, 'the sheet of keys');
    await screenshot(page, `desk-keys-${lang}`);
    await press(page, 'Escape');

    // A macro: looked at, then its text is in the answer and the rest is done. Sent and solved at once.
    await press(page, 'm');
    await chooser(page).waitFor();
    await page.keyboard.type(`room ${lang}`);
    await press(page, 'Enter');
    await page.locator('dialog.macro[open]').getByText(`Which room is it, ${w.people.member.name}?`).waitFor();
    await sound(page, 'a macro before it does anything');
    await press(page, 'Enter');
    await page.locator('#write-reply:focus').waitFor();
    await until('its text is in the answer', async () => (await page.locator('#write-reply').inputValue()).startsWith('Which room'));
    await until('and the rest is done', async () => { const t = await ticket(numbers[0]); return t.priority === 'high' && t.tags?.join() === 'room'; });
    await press(page, 'Control+Shift+Enter');
    await until('answered and solved', async () => (await ticket(numbers[0])).status === 'solved');
    // Another way for an answer to go: it waits, and the next one is there; the same solved.
    await press(page, 'r');
    await page.locator('#write-reply:focus').waitFor();
    await page.keyboard.type('One more thing');
    await tabTo(page, page.getByRole('button', { name: text('agent.send.more') }));
    await press(page, 'ArrowDown');
    await page.locator('[role=menuitem]:focus').waitFor();
    await sound(page, 'ways to send');
    await screenshot(page, `desk-send-${lang}`);
    await press(page, 'ArrowDown', 'ArrowDown', 'Enter');
    await until('it waits, and the next one is there', async () => here(page) !== numbers[0] && (await ticket(numbers[0])).status === 'blocked');
    const second = here(page);
    await page.locator('h1:focus', { hasText: `#${second}` }).waitFor();
    await press(page, 'r');
    await page.locator('#write-reply:focus').waitFor();
    await page.keyboard.type('This is done as well');
    await tabTo(page, page.getByRole('button', { name: text('agent.send.more') }));
    await press(page, 'ArrowUp');
    await page.locator('[role=menuitem]:focus', { hasText: text('agent.send.solved.next') }).waitFor();
    await press(page, 'Enter');
    await until('solved, and the one after it is there', async () => here(page) !== second && (await ticket(second)).status === 'solved');
    await page.locator('h1:focus').waitFor();

    // Back in the list one is put aside, and comes back; one more, back at once.
    await press(page, 'Escape');
    await page.waitForURL('**/agent');
    const third = Number(await page.locator('.qrow:focus').getAttribute('data-n'));
    const aside = async () => (await ticket(third)).snoozed ?? null;
    await press(page, 'h');
    await chooser(page).waitFor();
    await page.keyboard.type(text('desk.snooze.tomorrow'));
    await press(page, 'Enter');
    await until('it is put aside', async () => await aside() !== null);
    await page.locator(`.qrow[data-n="${third}"]:focus .tag time`).waitFor();
    await sound(page, 'one is put aside');
    await screenshot(page, `desk-put-aside-${lang}`);
    await press(page, 'z');
    await until('it is back', async () => await aside() === null);
    await page.locator(`.qrow[data-n="${third}"] .tag time`).waitFor({ state: 'detached' });

    // Some chosen and changed together, and back; then all of the list, which jobs do.
    await press(page, 'j', 'x', 'Shift+J');
    await page.locator('.bulk').waitFor();
    assert.equal(await page.locator('.qrow[data-on]').count(), 2);
    await sound(page, 'two are chosen');
    await screenshot(page, `desk-chosen-${lang}`);
    const two = await page.locator('.qrow[data-on]').evaluateAll((all) => all.map((a) => Number(a.dataset.n)));
    await press(page, 'i');
    await until('both are mine', async () => (await Promise.all(two.map(ticket))).every((t) => t.assignee === w.people.agent.id));
    await press(page, 'z');
    await until('and nobody’s', async () => (await Promise.all(two.map(ticket))).every((t) => t.assignee === null));
    await press(page, 'Escape');
    await page.locator('.bulk').waitFor({ state: 'detached' });
    await press(page, 'Control+a');
    await page.locator('.bulk').waitFor();
    await press(page, 'p');
    await chooser(page).waitFor();
    await page.keyboard.type(text('priority.low'));
    await press(page, 'Enter');
    const low = () => psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant} and priority = 1`).then(Number);
    await until('all are changed', async () => await low() >= 30);
    await page.locator('.bulk').waitFor({ state: 'detached' });
    await sound(page, 'all were changed');
    await screenshot(page, `desk-all-${lang}`);
    await press(page, 'z');
    await until('and changed back', async () => await low() === 0);

    // Other lists; the search, from which one comes back.
    await press(page, 'g', 'i');
    await page.waitForURL('**/agent?group=open&assignee=me');
    await page.getByRole('heading', { level: 1, name: text('agent.view.mine') }).waitFor();
    await press(page, 'g', 'a');
    await page.waitForURL('**/agent');
    await page.locator('.qrow').first().waitFor();
    await press(page, 'j', 'x');
    const inHand = Number(await page.locator('.qrow[data-on]').getAttribute('data-n'));
    const was = (await ticket(inHand)).status;
    await press(page, 'g', 'r');
    await page.waitForURL('**/agent/reports');
    await page.getByRole('heading', { level: 1, name: text('site.reports') }).waitFor();
    // Beside the queue as well there are the commands, and keys that lead on; none about a ticket, though one is in hand.
    await press(page, 'Control+k');
    await page.locator('.choice', { hasText: text('desk.go.unassigned') }).waitFor();
    assert.equal(await page.locator('.choice', { hasText: text('desk.reply') }).count(), 0);
    const asked = [];
    page.on('request', (r) => { if (r.method() !== 'GET') asked.push(`${r.method()} ${r.url()}`); });
    await press(page, 'Escape');
    await chooser(page).waitFor({ state: 'detached' });
    await press(page, 'e', 'r');
    assert.match(page.url(), /\/agent\/reports$/);
    assert.deepEqual(asked, []);
    assert.equal((await ticket(inHand)).status, was);
    await press(page, 'g', 'a');
    await page.waitForURL('**/agent');
    await page.locator('.qrow').first().waitFor();
    await press(page, '/');
    await page.locator('#find-q:focus').waitFor();
    await press(page, 'Escape');

    // The palette: commands with their keys, tickets, and what was used last.
    await press(page, 'Control+k');
    await chooser(page).waitFor();
    await sound(page, 'the palette');
    await page.keyboard.type(`Morning 3${lang} ${w.mark}`);
    await until('the ticket is found', async () => await page.locator('.choice', { hasText: `Morning 3${lang}` }).count() === 1);
    await sound(page, 'what the palette found');
    await screenshot(page, `desk-palette-${lang}`);
    await press(page, 'Enter');
    await page.waitForURL('**/agent/t/*');
    await page.locator('.msg').first().waitFor();
    await press(page, 'Control+k');
    await page.locator('.choice[aria-selected=true]', { hasText: `Morning 3${lang}` }).waitFor();
    await page.keyboard.type(text('desk.note'));
    await press(page, 'Enter');
    await page.locator('#write-note:focus').waitFor();

    // Switched off, a letter does nothing; arrows still move in the list.
    await press(page, 'Escape', '?');
    const off = page.locator('dialog.keys[open] input[type=checkbox]');
    await off.waitFor();
    await tabTo(page, off);
    await press(page, 'Space', 'Escape', 'a', 'e');
    const shown = await page.locator('.vlist .qrow').evaluateAll((all) => all.map((a) => Number(a.dataset.n)));
    const now = here(page);
    await tabTo(page, page.locator('.qrow[aria-current]'), 'Shift+Tab');
    await press(page, shown.at(-1) === now ? 'ArrowUp' : 'ArrowDown');
    await page.locator(`.qrow[data-n="${shown[shown.indexOf(now) + (shown.at(-1) === now ? -1 : 1)]}"]:focus`).waitFor();
    assert.equal(await chooser(page).count(), 0);
    assert.equal((await ticket(now)).status, 'new');

    // Nothing but keys was used; and a mouse would have been heard.
    assert.deepEqual(page.mice, [], 'no mouse was used');
    await page.mouse.click(1, 1);
    await until('a mouse is heard', () => page.mice.includes('click') && page.mice.includes('pointerdown'));
    await over(page);
    for (const n of numbers.slice(0, 6)) await api(w.agent, 'PATCH', `/api/tickets/${n}`, { status: 'closed' });
  });
}

test('W1: five thousand tickets in a list, few of them drawn; what is new waits while one is in it', async () => {
  await fill(10_000, 5000);
  const page = await at('/agent?sort=created');
  await page.locator('.vlist .qrow').first().waitFor();
  const count = () => page.locator('.vlist > li').count();
  const known = () => page.locator('.vlist').evaluate((ul) => Math.round(ul.offsetHeight / ul.firstElementChild.offsetHeight));
  await until('all pages came as one scrolled', async () => {
    await page.locator('.pane-list').evaluate((e) => { e.scrollTop = e.scrollHeight; });
    assert.ok(await count() < 60, `${await count()} rows are drawn`);
    return await known() >= 5000;
  }, 120_000);
  await page.locator('.pane-list').evaluate((e) => { e.scrollTop = e.scrollHeight; });
  await page.locator('.qrow[data-n="15000"]').waitFor();
  assert.equal(await page.locator('.vlist > li').last().getAttribute('aria-setsize'), String(await known()));
  await sound(page, 'the end of five thousand');
  // From the middle of it the keys go on.
  await page.locator('.pane-list').evaluate((e, rows) => { e.scrollTop = (rows - 2503) * 58; }, await known());
  await page.locator('.qrow[data-n="12500"]').focus();
  await press(page, 'j');
  await page.locator('.qrow[data-n="12501"]:focus').waitFor();

  // Somebody is in the list: it stays as it is, and says how much is new.
  const before = await page.locator('.pane-list').evaluate((e) => e.scrollTop);
  const fresh = await open('Fresh one');
  await page.locator('.fresh button').waitFor();
  assert.equal(await page.locator('.pane-list').evaluate((e) => e.scrollTop), before);
  await sound(page, 'one is new');
  await screenshot(page, 'desk-fresh');
  await page.locator('.fresh button').press('Enter');
  await page.locator(`.qrow[data-n="${fresh}"]:focus`).waitFor();
  // In one line a row as well.
  await page.getByRole('button', { name: 'Compact rows' }).press('Enter');
  await until('rows are lower', async () => await page.locator('.vlist > li').first().evaluate((e) => e.offsetHeight) < 40);
  await sound(page, 'compact rows');
  await screenshot(page, 'desk-compact');

  // Another order, from the middle: it begins at its top, every row says what it leads to, and nothing stays chosen.
  await page.locator('.pane-list').evaluate((e) => { e.scrollTop = 40_000; });
  await until('rows of the middle', () => page.locator('.vlist > li').last().evaluate((li) => Number(li.getAttribute('aria-posinset')) > 100));
  await page.locator('.vlist .pick').nth(8).check();
  await page.locator('#list-sort').selectOption('title');
  await until('rows in order of their titles', () => page.locator('.vlist').evaluate((ul) => {
    const rows = [...ul.children].sort((a, b) => a.getAttribute('aria-posinset') - b.getAttribute('aria-posinset'));
    const titles = rows.map((li) => li.querySelector('.qrow-title').textContent);
    return ul.closest('.pane-list').scrollTop === 0 && rows.length > 10 && rows[0].getAttribute('aria-posinset') === '1'
      && rows.every((li, n) => li.querySelector('.num').textContent === `#${li.querySelector('.qrow').dataset.n}` && li.querySelector('.qrow').pathname === `/agent/t/${li.querySelector('.qrow').dataset.n}`
        && li.querySelector('.pick').getAttribute('aria-label').includes(`#${li.querySelector('.qrow').dataset.n}`) && (n === 0 || new Intl.Collator('en').compare(titles[n - 1], titles[n]) <= 0));
  }));
  assert.equal(await page.locator('.vlist .pick:checked').count(), 0);
  await sound(page, 'another order');
  await over(page);
});

test('W1: panes are moved by arrow keys, views are kept and counted, others are seen in rows; narrow windows', async () => {
  const number = await open('Looked at');
  const page = await at('/agent?group=open');
  const edge = page.getByRole('separator', { name: 'Width of the list' });
  const width = () => page.locator('.pane-list').evaluate((e) => e.offsetWidth);
  const was = await width();
  await edge.press('ArrowRight');
  await until('it is wider', async () => await width() === was + 16);
  assert.equal(await edge.getAttribute('aria-valuenow'), String(was + 16));
  await edge.press('Home');
  await until('it is as narrow as can be', async () => await width() === 260);
  await edge.dblclick();
  await until('and as it was', async () => await width() === was);

  await page.goto('/agent?group=open&requester=me');
  await page.getByRole('button', { name: 'Save this list' }).click();
  await page.locator('#view-name').fill('By me');
  await page.locator('#view-name').press('Enter');
  await page.locator('.view[aria-current]', { hasText: 'By me' }).waitFor();
  await page.getByRole('heading', { level: 1, name: 'By me' }).waitFor();
  const counted = (await api(w.agent, 'GET', '/api/queue/counts')).json.views;
  assert.ok(counted.open.n > 0 && Object.values(counted).some((c) => c?.n === 0));
  // Kept for the team, it is the others' as well; 'me' is whoever reads.
  await page.getByRole('button', { name: 'Arrange my views' }).click();
  await page.getByLabel('For the team').check();
  await until('it is shared', async () => (await api(w.admin, 'GET', '/api/views?place=queue')).json.items.some((v) => v.name === 'By me' && v.shared && !v.own));
  await sound(page, 'views are put in order');
  await screenshot(page, 'desk-views');
  await page.locator('#views-close').click();
  const other = await at('/agent', { session: w.admin });
  await other.getByRole('link', { name: /^By me/ }).click();
  await other.getByRole('heading', { level: 1, name: 'By me' }).waitFor();
  await sound(other, 'a view of the team');
  await over(other);
  const [shared] = (await api(w.admin, 'GET', '/api/views?place=queue')).json.items;
  assert.equal((await api(w.admin, 'PATCH', `/api/views/${shared.id}`, { name: 'Mine' })).status, 404, 'whoever made it keeps it');
  await page.getByRole('link', { name: /^All open/ }).click();
  await api(w.admin, 'POST', `/api/tickets/${number}/presence`, { how: 'types' });
  await page.goto('/agent?group=open');
  await page.locator(`.qrow[data-n="${number}"] .here-dot[data-types]`).waitFor();
  await sound(page, 'somebody replies to one');

  for (const [lang, size, dark] of [['en', 1000, false], ['qps', 390, true]]) {
    const narrow = await at(`/agent/t/${number}`, { lang, width: size, dark, touch: size < 400 });
    await sound(narrow, `a ticket, ${size} px`);
    if (size > 960) {
      await narrow.getByRole('button', { name: 'Details' }).click();
      await narrow.locator('.pane-side').waitFor();
      await sound(narrow, 'details over the conversation');
      await screenshot(narrow, `desk-${size}-side`);
    } else {
      await narrow.goto('/agent');
      await settled(narrow);
      await sound(narrow, 'the list, narrow');
      assert.ok(await narrow.locator('.vlist > li').count() < 60, 'few rows are drawn here, too');
      await narrow.locator('.list-name-line button').first().tap();
      await narrow.locator('.pane-views').waitFor();
      await sound(narrow, 'the views above it');
      await screenshot(narrow, `desk-${size}-views`);
      await narrow.locator('.view').nth(2).tap();
      await narrow.waitForURL('**/agent?group=open');
      await narrow.locator('.pane-views').waitFor({ state: 'detached' });
    }
    await over(narrow);
  }
  await over(page);
});

test('W1: a macro is kept, looked at before it does anything, and goes out in the recipient’s language', async () => {
  await psql('postgres', `update app.people set locale = 'sv' where tenant_id = ${w.tenant} and id = ${w.people.member.id}`);
  const number = await open('With a macro');
  const page = await at('/agent');
  page.expected.push(/422/);
  await page.goto('/agent/macros');
  await page.getByRole('heading', { level: 1, name: 'Macros' }).waitFor();
  await sound(page, 'no macros yet');
  await page.getByRole('button', { name: 'New macro' }).click();
  await page.getByLabel('Name', { exact: true }).fill('More facts');
  await page.getByLabel('Text', { exact: true }).fill('Dear {requester.nmae},');
  await page.getByLabel('Status').selectOption('blocked');
  await page.getByLabel('Priority').selectOption('high');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('There is no placeholder {requester.nmae}.').waitFor();
  await sound(page, 'a macro that is refused');
  await screenshot(page, 'desk-macro-refused');
  await page.getByLabel('Text', { exact: true }).fill('Dear ');
  await page.getByRole('button', { name: '{requester.name}' }).click();
  await page.getByLabel('Language of the text').selectOption('sv');
  await page.getByLabel('Text', { exact: true }).fill('Hej {requester.name}, vilket rum?');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.make-row', { hasText: 'More facts' }).waitFor();
  assert.equal((await api(w.agent, 'GET', '/api/macros')).json.items[0].texts.en, 'Dear {requester.name}');
  await sound(page, 'a macro is kept');
  await screenshot(page, 'desk-macros');

  await page.goto(`/agent/t/${number}`);
  await settled(page);
  await press(page, 'r');
  await page.locator('#write-reply:focus').waitFor();
  await page.keyboard.type('/');
  await chooser(page).waitFor();
  await page.keyboard.type('more f');
  await press(page, 'Enter');
  await page.locator('dialog.macro[open]').getByText(`Hej ${w.people.member.name}, vilket rum?`).waitFor();
  await sound(page, 'a macro before it does anything');
  await screenshot(page, 'desk-macro');
  assert.equal((await ticket(number)).priority, null);
  await press(page, 'Enter');
  await until('the text is in the answer', async () => await page.locator('#write-reply').inputValue() === `Hej ${w.people.member.name}, vilket rum?`);
  await until('the priority is set', async () => (await ticket(number)).priority === 'high');
  assert.equal((await ticket(number)).status, 'new', 'a status goes out with the answer');
  await page.locator('#write-reply:focus').waitFor();
  await press(page, 'Control+Enter');
  await page.locator('.msg', { hasText: 'vilket rum?' }).waitFor();
  assert.equal((await ticket(number)).status, 'blocked');
  // Two strokes are one.
  await page.locator('#write-reply').focus();
  await page.keyboard.type('/');
  await chooser(page).waitFor();
  await page.keyboard.type('/');
  await until('a stroke is written', async () => await page.locator('#write-reply').inputValue() === '/');
  await over(page);
});

test('W1: a note that is taken back comes where notes are written, and never where a reply is', async () => {
  await psql('postgres', `update app.people set hold_seconds = 30, locale = null where tenant_id = ${w.tenant} and id = ${w.people.agent.id}`);
  const number = await open('A note taken back');
  const other = await open('Another one');
  const page = await at(`/agent/t/${number}`);
  const note = async (text) => {
    await page.locator('.composer-modes button').nth(1).click();
    await page.locator('#write-note').fill(text);
    await page.locator('#write-note').press('Control+Enter');
    await page.locator('.msg[data-held]', { hasText: text }).waitFor();
    await page.locator('.composer-modes button').nth(0).click();
    await page.locator('#write-reply').waitFor();
  };
  const isBack = async (text) => {
    await until('the note is back', async () => await page.locator('#write-note').count() && await page.locator('#write-note').inputValue() === text);
    await page.locator('.composer-modes button').nth(0).click();
    assert.equal(await page.locator('#write-reply').inputValue(), '');
    await page.locator('.composer-modes button').nth(1).click();
    await until('the server has given it away', async () => await psql('postgres', `select count(*) from app.held_comments where tenant_id = ${w.tenant} and author_id = ${w.people.agent.id}`) === '0');
  };
  // From the other tab of the composer.
  await note('They pay late');
  await page.getByRole('button', { name: 'Take back' }).click();
  await isBack('They pay late');
  // After a look at another ticket, and a load of the page.
  await page.locator('#write-note').fill('');
  await note('They never pay');
  await page.goto(`/agent/t/${other}`);
  await page.locator('#write-reply').waitFor();
  await page.goto(`/agent/t/${number}`);
  await page.locator('.msg[data-held]').getByRole('button', { name: 'Take back' }).click();
  await isBack('They never pay');
  assert.doesNotMatch((await api(w.member, 'GET', `/api/tickets/${number}`)).text, /pay/);
  await page.locator('#write-note').fill('');
  await psql('postgres', `update app.people set hold_seconds = 0 where tenant_id = ${w.tenant} and id = ${w.people.agent.id}`);
  await over(page);
});

test('W1: what is sent can be taken back for a while: nobody sees it before, closing the browser stops nothing, and it stops at what is new', async () => {
  await psql('postgres', `update app.people set hold_seconds = 30, locale = null where tenant_id = ${w.tenant} and id in (${w.people.agent.id}, ${w.people.member.id})`);
  const number = await open('Taken back');
  const texts = async (who = w.member) => (await api(who, 'GET', `/api/tickets/${number}`)).json.comments.map((c) => c.html).join();
  // The time that it waits is over.
  const later = () => psql('postgres', `update app.held_comments set out_at = now() where tenant_id = ${w.tenant} and stopped is null`);
  const page = await at(`/agent/t/${number}`);
  await press(page, 'r');
  await page.locator('#write-reply:focus').waitFor();
  await page.keyboard.type('Dear costumer');
  await page.locator('input[type=file]').setInputFiles([{ name: 'log.txt', mimeType: 'text/plain', buffer: Buffer.from('a log') }]);
  await page.locator('.composer .file[data-state=done]').waitFor();
  await press(page, 'Control+Enter');
  await page.locator('.msg[data-held]', { hasText: 'Dear costumer' }).waitFor();
  await page.locator('.toast', { hasText: 'Goes out in 30 seconds' }).getByRole('button', { name: 'Undo' }).waitFor();
  assert.equal(await page.locator('#write-reply').inputValue(), '');
  await sound(page, 'an answer that is not out');
  await screenshot(page, 'desk-held');
  for (const who of [w.member, w.agent, w.admin]) assert.doesNotMatch(await texts(who), /costumer/);
  // Taken back by a key, with its file.
  await press(page, 'Escape', 'z');
  await until('it is in the composer again', async () => await page.locator('#write-reply').inputValue() === 'Dear costumer');
  await page.locator('.composer .file[data-state=done]', { hasText: 'log.txt' }).waitFor();
  await page.locator('.msg[data-held]').waitFor({ state: 'detached' });
  assert.equal(await psql('postgres', `select count(*) from app.held_comments where tenant_id = ${w.tenant}`), '0');
  await page.locator('#write-reply').fill('Dear customer');
  await page.locator('#write-reply').press('Control+Enter');
  await page.locator('.msg[data-held]', { hasText: 'Dear customer' }).waitFor();
  // Another tab takes it back as well, and gives it away again.
  const tab = await page.context().newPage();
  await tab.goto(`/agent/t/${number}`);
  await tab.getByRole('button', { name: 'Take back' }).click();
  await until('the other tab has it', async () => await tab.locator('#write-reply').inputValue() === 'Dear customer');
  await tab.locator('.composer .file[data-state=done]').waitFor();
  await page.getByRole('button', { name: 'Take back' }).click();
  await page.locator('.toast', { hasText: 'Too late' }).waitFor();
  await tab.locator('#write-reply').press('Control+Enter');
  await tab.locator('.msg[data-held]').waitFor();
  page.expected.push(/404/);
  // The browser is gone; what was sent goes.
  await over(page);
  await later();
  await until('it is out', async () => /Dear customer/.test(await texts()));
  assert.equal((await api(w.member, 'GET', `/api/tickets/${number}`)).json.files[0].name, 'log.txt');

  // A customer writes in these seconds: it comes back, with a word about that.
  const again = await at(`/agent/t/${number}`);
  await press(again, 'r');
  await again.locator('#write-reply:focus').waitFor();
  await again.keyboard.type('Is it solved?');
  await press(again, 'Control+Enter');
  await again.locator('.msg[data-held]').waitFor();
  await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'Never mind' });
  await later();
  await again.locator('.error', { hasText: 'Somebody wrote before this went out' }).waitFor();
  assert.equal(await again.locator('#write-reply').inputValue(), 'Is it solved?');
  await again.locator('.msg', { hasText: 'Never mind' }).waitFor();
  await sound(again, 'an answer that came back');
  await screenshot(again, 'desk-held-back');
  await again.locator('#write-reply').press('Control+Enter');
  await again.locator('.msg[data-held]').waitFor();
  await later();
  await until('now it is out', async () => /Is it solved/.test(await texts()));
  await again.locator('.msg:not([data-held])', { hasText: 'Is it solved?' }).waitFor();
  // How long is one's own to say; none: it goes at once.
  await again.goto('/me');
  await again.getByLabel('Answers and notes wait before they go out').selectOption('0');
  await until('it is kept', async () => await psql('postgres', `select hold_seconds from app.people where tenant_id = ${w.tenant} and id = ${w.people.agent.id}`) === '0');
  await sound(again, 'how long one can take back');
  await screenshot(again, 'desk-hold');
  await over(again);
});

test('W1: what somebody sent who has left is there for who has the ticket, and is taken over', async () => {
  const number = await open('Left');
  await psql('postgres', `begin; select auth.set_context(${w.tenant}, null, null, null, null, 0::smallint, '{}', false);
    update app.tickets set assignee_id = ${w.people.agent.id} where tenant_id = ${w.tenant} and id = ${number};
    with p as (insert into app.people (tenant_id, email, name) values (${w.tenant}, 'left-${number}@people.example', 'Lena Left') returning id)
    insert into app.held_comments (tenant_id, ticket_id, author_id, is_internal, source, html, key, out_at, stopped)
      select ${w.tenant}, ${number}, p.id, true, 'They were promised a call', '<p>x</p>', 'left-${number}', now(), 'refused' from p; commit`);
  for (const [lang, width, dark] of [['en', 1440, false], ['ja', 390, true]]) {
    const page = await at(`/agent/t/${number}`, { lang, width, dark });
    const left = page.locator('.msg[data-held]', { hasText: 'They were promised a call' });
    await left.waitFor();
    assert.match(await left.textContent(), /Lena Left/);
    await left.scrollIntoViewIfNeeded();
    await sound(page, 'what was left behind');
    await screenshot(page, `desk-left-${lang}`);
    if (lang !== 'en') {
      await left.getByRole('button').press('Enter');
      await until('it is in the composer', async () => await page.locator('#write-note').count() && await page.locator('#write-note').inputValue() === 'They were promised a call');
      await until('and nowhere else', async () => await psql('postgres', `select count(*) from app.held_comments where tenant_id = ${w.tenant} and ticket_id = ${number}`) === '0');
      await page.locator('#write-note').fill('');
    }
    await over(page);
  }
});

test('W1: a ticket is put aside until a time of one’s own zone, or until its customer answers', async () => {
  await psql('postgres', `update app.people set time_zone = 'Asia/Tokyo' where tenant_id = ${w.tenant} and id = ${w.people.agent.id}`);
  const number = await open('Aside');
  const page = await at('/agent?group=open');
  const row = page.locator(`.qrow[data-n="${number}"]`);
  await row.focus();
  await press(page, 'h');
  await chooser(page).waitFor();
  await sound(page, 'until when');
  await screenshot(page, 'desk-snooze');
  await page.keyboard.type('tomorrow');
  await press(page, 'Enter');
  // It stays in hand, with a mark, and is in no list that is asked for anew.
  await row.locator('.tag time').waitFor();
  // Nine o'clock in Tokyo is midnight in London.
  const kept = (how) => psql('postgres', `select to_char(until_at at time zone 'UTC', '${how}') from app.snoozes where tenant_id = ${w.tenant} and ticket_id = ${number}`);
  await until('it is kept', async () => await kept('HH24:MI') === '00:00');
  await page.goto('/agent?snoozed=yes');
  await page.getByRole('heading', { level: 1, name: 'Put aside' }).waitFor();
  await row.locator('time').first().waitFor();
  await page.locator('.view[aria-current]', { hasText: 'Put aside' }).locator('.count', { hasText: /^1$/ }).waitFor();
  await sound(page, 'what is put aside');
  await screenshot(page, 'desk-snoozed');
  // Without a mouse that would hold the list as it is.
  await row.press('Enter');
  await page.locator('.aside-now', { hasText: 'Put aside until' }).waitFor();
  await page.locator('.thread .rail-dot', { hasText: 'put it aside until' }).waitFor();
  await sound(page, 'a ticket that is put aside');
  await screenshot(page, 'desk-aside');
  const seen = (await api(w.member, 'GET', `/api/tickets/${number}`)).json;
  assert.equal(seen.ticket.snoozed ?? null, null, 'customers see nothing of it');
  // A time of one's own, of the keyboard.
  await press(page, 'h');
  await chooser(page).waitFor();
  await page.keyboard.type('another');
  await press(page, 'Enter');
  const own = page.locator('dialog[open] #snooze-at');
  await own.waitFor();
  await sound(page, 'a time of one’s own');
  await screenshot(page, 'desk-snooze-own');
  const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await own.fill(`${day}T18:30`);
  await own.press('Enter');
  await until('it is kept', async () => await kept('YYYY-MM-DD HH24:MI') === `${day} 09:30`);
  // The customer answers: it is back, with a line.
  await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'It works now' });
  await page.locator('.thread .rail-dot', { hasText: 'back with an answer' }).waitFor();
  await page.locator('.aside-now').waitFor({ state: 'detached' });
  await page.goto('/agent?group=open');
  await row.waitFor();
  // By itself, when the time has come.
  await row.focus();
  await press(page, 'h');
  await chooser(page).waitFor();
  await page.keyboard.type('monday');
  await press(page, 'Enter');
  await row.locator('.tag time').waitFor();
  await page.goto('/agent?group=open');
  await page.locator('.view[aria-current]', { hasText: 'All open' }).waitFor();
  await settled(page);
  assert.equal(await row.count(), 0);
  await psql('postgres', `update app.snoozes set until_at = now() where tenant_id = ${w.tenant}`);
  await row.waitFor();
  await row.locator('.unread').waitFor();
  await over(page);
});
