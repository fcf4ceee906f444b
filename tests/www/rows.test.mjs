// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The rows of the agents' list where they are fullest: late, raised, with a team and
// somebody who has it. Nothing lies over anything else, however wide the window is, and
// what is due is never cut.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql, until } from '../lib/instance.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

let w;
const numbers = [];
const open = async (title) => (await api(w.member, 'POST', '/api/tickets', { title, description: 'It is broken.' })).json.number;
// Minutes: late by so many, or due in.
const DUE = [23, 26 * 60 + 1, -38 * 60 - 33, -143];

before(async () => {
  w = await makeWorld({ only: ['member', 'agent', 'admin'] });
  const table = { shown: true, escalated_runs: false, warn: 60, priorities: {}, matrix: {}, plans: [{ key: 'base', names: { en: 'Base' }, targets: { high: { first: 60 } } }] };
  assert.equal((await api(w.admin, 'POST', '/api/service-levels', { table, based: 0 })).status, 201);
  const { json: { items: [{ id: team }] } } = await api(w.admin, 'POST', '/api/teams', { name: 'Specialists of the second line', members: [w.people.agent.id], turns: 'off', types: [], rest: false });
  for (const title of ['Circolare pubblicata due volte a tutte le famiglie', 'Behörighet för ny rektor', '欠席連絡の締め切り時刻について教えてください', 'Zeugnisdruck: Wappen fehlt auf Seite zwei', 'Plain']) numbers.push(await open(title));
  const [first, second, third, fourth] = numbers;
  for (const [number, change] of [[first, { team, assignee: w.people.agent.id, priority: 'urgent', status: 'in_progress', tags: { add: ['printing of reports', 'second'] } }],
    [second, { team, assignee: w.people.admin.id, priority: 'high', status: 'blocked' }], [third, { assignee: w.people.agent.id, priority: 'low', status: 'on_hold' }], [fourth, { team, tags: { add: ['print'] } }]]) {
    const a = await api(w.agent, 'PATCH', `/api/tickets/${number}`, change);
    assert.equal(a.status, 200, JSON.stringify(a.json));
  }
});
after(closeBrowser);

// As clocks and rules leave them after hours; jobs work them out anew after each change.
const run = () => psql('postgres', DUE.map((minutes, n) => `delete from app.ticket_clocks where tenant_id = ${w.tenant} and ticket_id = ${numbers[n]};
  insert into app.ticket_clocks (tenant_id, ticket_id, kind, state, started_at, due_at, warn_at, late, is_next)
  values (${w.tenant}, ${numbers[n]}, 3, 1, now(), now() - interval '1 minute' * ${minutes}, now() - interval '1 minute' * ${minutes + 60}, ${minutes > 0}, true);
  ${n < 3 ? `insert into app.ticket_levels (tenant_id, ticket_id, level) values (${w.tenant}, ${numbers[n]}, 2) on conflict do nothing;` : ''}`).join('\n'));

async function at(path, { lang = 'en', ...options } = {}) {
  const page = await openPage({ session: w.agent, lang, ...options });
  if (lang !== 'en') await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
  await run();
  await page.goto(path);
  await settled(page);
  return page;
}
const over = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};

// Texts and pictures of one row that lie over each other, or that its pane cuts; and the
// clock, the bars of its priority, the holder and the status where their own text is cut.
const faults = (page) => page.evaluate(() => {
  const bad = [];
  const clip = (e, box) => {
    for (let p = e; p && p.tagName !== 'LI'; p = p.parentElement) {
      if (getComputedStyle(p).overflowX === 'visible') continue;
      const c = p.getBoundingClientRect();
      box = { left: Math.max(box.left, c.left), right: Math.min(box.right, c.right), top: Math.max(box.top, c.top), bottom: Math.min(box.bottom, c.bottom) };
    }
    return box;
  };
  for (const row of document.querySelectorAll('.vlist .qrow')) {
    const name = `#${row.dataset.n}`;
    const inner = row.getBoundingClientRect();
    const boxes = [];
    const walk = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (node.parentElement.closest('.visually-hidden') || !node.data.trim() || parseFloat(getComputedStyle(node.parentElement).fontSize) === 0) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const r of range.getClientRects()) boxes.push({ what: node.data, e: node.parentElement, box: clip(node.parentElement, r) });
    }
    for (const e of row.querySelectorAll('svg, .avatar, .unread, .here-dot')) if (getComputedStyle(e).visibility !== 'hidden') boxes.push({ what: e.className.baseVal ?? e.className, e, box: clip(e, e.getBoundingClientRect()) });
    const seen = boxes.filter(({ box }) => box.right - box.left > 1 && box.bottom - box.top > 4);
    for (const [n, a] of seen.entries()) {
      if (a.box.right > inner.right + .5 || a.box.left < inner.left - .5) bad.push(`${name}: ${a.what} is cut by the pane`);
      for (const b of seen.slice(n + 1)) {
        if (a.e.contains(b.e) || b.e.contains(a.e)) continue;
        if (Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1 && Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 4) bad.push(`${name}: ${a.what} lies over ${b.what}`);
      }
    }
    for (const e of row.querySelectorAll('.clock, .prio, .row-holder')) {
      const r = e.getBoundingClientRect();
      if (r.width && (r.right > inner.right || e.scrollWidth > Math.ceil(r.width) + 1)) bad.push(`${name}: ${e.className} is cut`);
    }
    const title = row.querySelector('.qrow-title').getBoundingClientRect();
    if (title.width < 90) bad.push(`${name}: ${Math.round(title.width)} px are left of its title`);
  }
  return bad;
});

for (const { compact = false, lang = 'en', ...options } of [{ width: 1440 }, { width: 1280, dark: true }, { width: 1024 }, { width: 390, touch: true }, { width: 1280, lang: 'de' }, { width: 1280, lang: 'ja' }, { width: 1024, lang: 'qps' },
  { width: 1440, compact: true }, { width: 1280, compact: true }, { width: 1024, compact: true, lang: 'de' }]) {
  test(`W1: a full row has nothing over anything else: ${options.width} px, ${lang}${compact ? ', compact' : ''}`, async () => {
    const page = await at('/agent', { lang, height: 900, ...options });
    if (compact) await page.locator('.list-name-line .btn-icon').last().click();
    await page.locator('.qrow .clock').nth(DUE.length - 1).waitFor();
    await page.locator(`.qrow[data-n="${numbers[0]}"] .row-team`).waitFor({ state: 'attached' });
    assert.deepEqual(await faults(page), []);
    assert.equal(await page.locator(`.qrow[data-n="${numbers[0]}"] .row-holder`).textContent().then((text) => text.includes(w.people.agent.name)), true);
    await sound(page, 'full rows');
    await screenshot(page, `rows-${options.width}-${lang}${compact ? '-compact' : ''}`);
    await over(page);
  });
}

test('W1: under a finger nothing is chosen that is not seen; choosing begins with a button, and what can be done stands in even lines', async () => {
  const page = await at('/agent', { width: 390, height: 800, touch: true });
  const row = page.locator(`.qrow[data-n="${numbers[0]}"]`);
  await row.waitFor();
  assert.equal(await page.locator('.pick:visible').count(), 0, 'nothing to be hit unseen');
  await row.tap({ position: { x: 8, y: 20 } });
  await page.waitForURL(`**/agent/t/${numbers[0]}*`);
  await page.goBack();
  await page.locator('.pick-start').tap();
  await page.locator('.pick:visible').first().waitFor();
  await page.locator('.pick').nth(0).tap();
  // Where one chooses the whole row does.
  await page.locator('.qrow').nth(1).tap();
  const bar = page.locator('.bulk');
  await bar.waitFor();
  for (const key of ['agent.assignee', 'agent.team', 'agent.status', 'agent.priority', 'agent.tags', 'desk.snooze']) await bar.getByRole('button', { name: said('en', key), exact: true }).waitFor();
  await sound(page, 'two are chosen by touch');
  for (const width of [320, 390, 600, 1024, 1280, 1440]) {
    await page.setViewportSize({ width, height: 800 });
    await until('its lines are even', () => bar.evaluate((e) => {
      const lines = new Map();
      for (const b of e.querySelectorAll(':scope > div > .btn')) {
        const r = b.getBoundingClientRect();
        if (b.scrollWidth > b.clientWidth) return false;
        lines.set(r.top, (lines.get(r.top) ?? 0) + 1);
      }
      return new Set(lines.values()).size === 1;
    }));
    await screenshot(page, `rows-bulk-${width}`);
  }
  // A team for both, then put aside, by what stands there.
  await page.setViewportSize({ width: 390, height: 800 });
  await bar.getByRole('button', { name: said('en', 'agent.team'), exact: true }).tap();
  await page.locator('dialog.chooser').getByRole('option', { name: said('en', 'agent.team.none') }).waitFor();
  assert.equal(await page.locator('dialog.chooser').getByRole('option').count(), 2, 'teams and no agents');
  await page.keyboard.press('Escape');
  await page.locator('.pick-start').tap();
  await bar.waitFor({ state: 'detached' });
  assert.equal(await page.locator('.pick:visible').count(), 0);
  await over(page);
});

test('W1: the box of a row stands clear of the edge and of what it is beside', async () => {
  const page = await at('/agent', { width: 1440 });
  const row = page.locator(`.qrow[data-n="${numbers[1]}"]`);
  await row.click();
  await page.locator('.qrow[aria-current]').waitFor();
  const [pick, title, border] = await row.evaluate((a) => {
    const r = a.parentElement.querySelector('.pick').getBoundingClientRect();
    return [[r.left, r.right], a.querySelector('.qrow-title').getBoundingClientRect().left, a.getBoundingClientRect().left + parseFloat(getComputedStyle(a).borderInlineStartWidth)];
  });
  assert.ok(pick[0] >= border + 2, `${pick[0]} px, and the border ends at ${border}`);
  assert.ok(pick[1] <= title);
  await over(page);
});

test('W1: what a colleague changes while one chooses is not overwritten unasked', async () => {
  const number = numbers[4];
  const page = await at(`/agent/t/${number}`, { width: 1440 });
  page.expected.push(/422/);
  await page.locator('.msg').waitFor();
  await page.keyboard.press('s');
  await page.locator('dialog.chooser:popover-open').waitFor();
  assert.equal((await api(w.admin, 'PATCH', `/api/tickets/${number}`, { status: 'on_hold' })).status, 200);
  await until('the page knows', async () => await page.locator('#p-status').inputValue() === 'on_hold');
  await page.locator('dialog.chooser [role=option]', { hasText: said('en', 'state.blocked') }).click();
  const box = page.locator('dialog.compare');
  await box.waitFor();
  assert.equal(await box.locator('.btn-primary').count(), 0, 'neither of both is the usual one');
  assert.equal((await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket.status, 'on_hold', 'nothing was overwritten');
  await box.getByRole('button', { name: said('en', 'compare.theirs.take') }).click();
  await box.waitFor({ state: 'detached' });
  assert.equal(await page.locator('#p-status').inputValue(), 'on_hold');
  await over(page);
});

test('W1: a note in its hold is about to be added, and reads as text; the palette offers no undo of nothing, but how the page looks and the way out', async () => {
  const number = await open('Held');
  await psql('postgres', `update app.people set hold_seconds = 30 where tenant_id = ${w.tenant} and id = ${w.people.agent.id}`);
  const page = await at(`/agent/t/${number}`, { width: 1280 });
  await page.locator('.msg').waitFor();
  await page.keyboard.press('Control+k');
  const chooser = page.locator('dialog.chooser:popover-open');
  await chooser.waitFor();
  assert.equal(await chooser.locator('[role=option]', { hasText: said('en', 'desk.undo') }).count(), 0);
  for (const key of ['site.theme.dark', 'site.sign_out']) await chooser.locator('[role=option]', { hasText: said('en', key) }).waitFor();
  await page.keyboard.type('dark');
  await page.keyboard.press('Enter');
  await page.locator('html[data-theme=dark]').waitFor();
  await page.locator('.msg').waitFor();
  await page.getByRole('button', { name: said('en', 'agent.note'), exact: true }).click();
  await page.locator('#write-note').fill('Wait **one day**, says `cron`');
  await page.getByRole('button', { name: said('en', 'agent.note.add') }).click();
  const held = page.locator('.msg[data-held]');
  await held.getByText(said('en', 'agent.held.soon.note')).waitFor();
  assert.equal(await held.locator('.held-text').textContent(), 'Wait one day, says cron');
  await screenshot(page, 'rows-held');
  await page.keyboard.press('Control+k');
  await chooser.locator('[role=option]', { hasText: said('en', 'desk.undo') }).waitFor();
  await page.keyboard.press('Escape');
  await held.getByRole('button', { name: said('en', 'agent.held.back') }).click();
  await held.waitFor({ state: 'detached' });
  await psql('postgres', `update app.people set hold_seconds = 0 where tenant_id = ${w.tenant} and id = ${w.people.agent.id}`);
  await over(page);
});

test('N7: a split begins with its ticket’s title and says at each field what is missing; who merged takes it back at once; the thread is in order of time', async () => {
  const into = await open('The one that stays');
  const { json: { number } } = await api(w.member, 'POST', '/api/tickets', { title: 'Two things', description: `The oven is cold. ${'It is very cold. '.repeat(12)}` });
  const page = await at(`/agent/t/${number}`, { width: 1440, height: 1000 });
  await page.locator('#sort-split').click();
  assert.equal(await page.locator('#split-title').inputValue(), 'Two things');
  const form = page.locator('form', { has: page.locator('#split-title') });
  assert.match(await form.locator('small').first().textContent(), /very…$/);
  await page.locator('#split-title').fill('');
  await form.getByRole('button', { name: said('en', 'sort.split.do') }).click();
  await page.locator('#split-which-fault').waitFor();
  await page.locator('#split-title-fault').waitFor();
  await sound(page, 'a split that lacks two things');
  await form.getByRole('button', { name: said('en', 'app.cancel') }).click();
  await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: 'high' });
  await page.locator('#sort-merge').click();
  await page.locator('#merge-into').fill('one that stays');
  await page.getByRole('option', { name: `#${into}` }).click();
  await page.getByRole('button', { name: said('en', 'sort.merge.do', { number: into }) }).click();
  await page.waitForURL(`**/agent/t/${into}*`);
  await page.goto(`/agent/t/${number}`);
  await page.locator('.thread .rail-dot', { hasText: said('en', 'app.link.duplicate_of') }).waitFor();
  await page.locator('.thread .rail-dot', { hasText: said('en', 'priority.high') }).waitFor();
  const times = await page.locator('.thread > li time, .thread .thread > li time').evaluateAll((all) => all.map((e) => Date.parse(e.dateTime)));
  assert.deepEqual(times, [...times].sort((a, b) => a - b), 'in order of time');
  await over(page);
});

test('N7: the toast of a merging takes it back', async () => {
  const into = await open('Stays as well');
  const number = await open('No duplicate after all');
  const page = await at(`/agent/t/${number}`, { width: 1440, height: 1000 });
  await page.locator('#sort-merge').click();
  await page.locator('#merge-into').fill('Stays as well');
  await page.getByRole('option', { name: `#${into}` }).click();
  await page.getByRole('button', { name: said('en', 'sort.merge.do', { number: into }) }).click();
  await page.waitForURL(`**/agent/t/${into}*`);
  await page.locator('.toast').getByRole('button', { name: said('en', 'agent.undo') }).click();
  await until('it stands on its own', async () => !(await api(w.agent, 'GET', `/api/tickets/${number}`)).json.links?.some((l) => l.kind === 'duplicate_of'));
  await over(page);
});
