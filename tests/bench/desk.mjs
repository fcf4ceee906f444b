// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The agents' page in headless Chromium at a quarter of the processor's speed, with five
// thousand tickets in its list, against the instance that tests/bench/run has started: from
// a key or a choice to the paint that shows what it asked for, of the next ticket (its
// conversation), another order, the palette and a change that is shown before it is saved;
// and what the page holds in memory after twenty minutes of work, as many acts as an agent
// does who is at it without a pause (one every three seconds), compressed in time.
//   node desk.mjs STATE
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [state] = process.argv.slice(2);
const need = createRequire(new URL('../../www/package.json', import.meta.url));
const { chromium } = need('playwright-core');
const turns = 20, slower = 4, rows = 5000, acts = 400;
const port = Number(/^http=(\d+)/m.exec(readFileSync(`${state}/settings`, 'utf8'))[1]);
const psql = (text) => execFileSync('psql', ['-XqAt', '-v', 'ON_ERROR_STOP=1', '-h', `${state}/run`, '-U', 'postgres', '-d', 'bench', '-f', '-'],
  { input: text, encoding: 'utf8', env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' } }).trimEnd();
const sorted = (list) => [...list].sort((a, b) => a - b);
const bench = (name, value, unit) => console.log(`bench ${name} ${value.toFixed(1)} ${unit}`);
// Nine of ten are as quick; the slowest is told.
function told(name, list) {
  const s = sorted(list);
  bench(name, s[Math.ceil(s.length * 0.9) - 1], `ms (nine of ten of ${s.length}; ${s[Math.floor(s.length / 2)].toFixed(1)} in the middle, ${s[s.length - 1].toFixed(1)} at most)`);
}

const [tenant, host, secret, person] = psql(`select b.tenant_id, h.host, encode(bench.token(b.id), 'hex'), b.id
  from bench.person b join app.people p on p.tenant_id = b.tenant_id and p.id = b.id and p.rank = 2
  join app.portals po on po.tenant_id = b.tenant_id and po.account_id is null
  join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
  where b.i = 1 order by b.p limit 1`).split('|');
const base = `http://${host}:${port}`;
const since = psql('select now()');

// In the page: how long from the event of this kind that comes next to the paint after
// this is true, asked before each frame.
function watch({ kind, shows, value }) {
  const is = new Function('value', `return ${shows}`);
  globalThis.watched = new Promise((resolve, reject) => {
    addEventListener(kind, (e) => {
      const end = e.timeStamp + 10_000;
      const look = () => {
        if (is(value)) {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - e.timeStamp);
          port2.postMessage(0);
        } else if (performance.now() > end) reject(new Error(`not shown: ${shows}`));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }, { capture: true, once: true });
  });
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: ['--host-resolver-rules=MAP * 127.0.0.1', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
try {
  const context = await browser.newContext({ baseURL: base, viewport: { width: 1440, height: 900 }, locale: 'en', reducedMotion: 'reduce' });
  await context.addCookies([{ name: 'sid', value: Buffer.from(secret, 'hex').toString('base64url'), url: base, httpOnly: true }]);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const faults = [];
  page.on('pageerror', (e) => faults.push(String(e)));
  const cdp = await context.newCDPSession(page);
  const timed = async (kind, shows, act, value) => {
    await page.evaluate(watch, { kind, shows, value });
    await act();
    return page.evaluate(() => globalThis.watched);
  };
  const key = (k) => () => page.keyboard.press(k);
  const known = () => page.locator('.vlist').evaluate((ul) => Math.round(ul.offsetHeight / ul.firstElementChild.offsetHeight));
  // Nothing is being asked any more, but for what stays open to be told of changes.
  const asked = new Set();
  let last = 0;
  page.on('request', (r) => { if (r.resourceType() !== 'eventsource') asked.add(r); });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (r) => { asked.delete(r); last = Date.now(); });
  const still = async () => {
    const began = Date.now();
    while (asked.size || Date.now() - Math.max(last, began) < 100) {
      if (Date.now() - began > 30_000) throw new Error(`still asked: ${[...asked].map((r) => r.url())}`);
      await page.waitForTimeout(20);
    }
  };
  const conversation = `document.querySelector('.pane-talk .talk-head .num')?.textContent === '#' + value && document.querySelector('.pane-talk .msg')`;
  // The number in the row after the one that is open.
  const after = () => page.evaluate(() => {
    const all = [...document.querySelectorAll('.vlist > li')];
    const at = all.findIndex((li) => li.querySelector('.qrow[aria-current]'));
    return Number(all[at + 1].querySelector('.qrow').dataset.n);
  });

  await page.goto('/agent?sort=created');
  await page.locator('.vlist .qrow').first().waitFor();
  while (await known() < rows) await page.locator('.pane-list').evaluate((e) => { e.scrollTop = e.scrollHeight; });
  await page.locator('.pane-list').evaluate((e) => { e.scrollTop = 0; });
  await page.locator('.vlist .qrow').first().click();
  await page.locator('.pane-talk .msg').first().waitFor();
  await page.keyboard.press('Control+k');
  await page.locator('dialog.chooser:popover-open .choice').first().waitFor();
  await page.keyboard.press('Escape');
  await still();
  await page.locator('.pane-talk').focus();
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slower });
  console.log(`# ${await known()} tickets in the list`);

  const next = [], palette = [], changed = [], sort = [];
  for (let i = 0; i < turns; i++) {
    next.push(await timed('keydown', conversation, key('j'), await after()));
    await still();
    palette.push(await timed('keydown', `document.querySelector('dialog.chooser:popover-open .choice')`, key('Control+k')));
    await page.keyboard.press('Escape');
    await page.locator('dialog.chooser').waitFor({ state: 'detached' });
    const was = await page.locator('.qrow[aria-current] .chip').textContent();
    changed.push(await timed('keydown', `document.querySelector('.qrow[aria-current] .chip')?.textContent !== value && document.querySelector('.talk-head .chip')?.textContent !== value`, key('e'), was));
    await still();
    if (i % 2 === 0) {
      const name = ['updated', 'created'][i / 2 % 2];
      const first = await page.locator('.vlist .qrow').first().getAttribute('data-n');
      await page.locator('#list-sort').scrollIntoViewIfNeeded();
      sort.push(await timed('change', `new URL(location).searchParams.get('sort') === (value.name === 'updated' ? null : value.name) && !document.querySelector('#pane-list .skeleton')
        && document.querySelector('.vlist .qrow')`, () => page.locator('#list-sort').selectOption(name), { name, first }));
      await still();
      await page.locator('.vlist .qrow').nth(i % 5).click();
      await page.locator('.pane-talk .msg').first().waitFor();
      await still();
      await page.locator('.pane-talk').focus();
    }
  }
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await cdp.send('HeapProfiler.enable');
  await cdp.send('Runtime.enable');
  const heap = async () => {
    for (let i = 0; i < 3; i++) await cdp.send('HeapProfiler.collectGarbage');
    return (await cdp.send('Runtime.getHeapUsage')).usedSize / 1e6;
  };
  const before = await heap();
  // Of ten acts six go on to the next ticket; the others are the palette, a change, a reply
  // that is begun, and another list now and then.
  for (let i = 0; i < acts; i++) {
    if (i % 10 === 6) {
      await page.keyboard.press('Control+k');
      await page.locator('dialog.chooser:popover-open .choice').first().waitFor();
      await page.keyboard.type('pagella');
      await page.keyboard.press('Escape');
      await page.locator('dialog.chooser').waitFor({ state: 'detached' });
    } else if (i % 10 === 7) await page.keyboard.press('e');
    else if (i % 10 === 8) {
      await page.keyboard.press('r');
      await page.locator('#write-reply:focus').waitFor();
      await page.keyboard.type('We look into it. ');
      await page.keyboard.press('Escape');
    } else if (i % 40 === 39) {
      await page.locator('#list-sort').selectOption(['priority', 'created', 'updated', 'title', 'created'][Math.floor(i / 40) % 5]);
      await page.locator('.vlist .qrow').nth(2).click();
      await page.locator('.pane-talk .msg').first().waitFor();
    } else await timed('keydown', conversation, key('j'), await after());
    if (i % 10 > 5) await still();
  }
  await still();
  const held = await heap();
  bench('desk_heap_mb', Math.max(before, held), `MB at most (${before.toFixed(1)} with ${rows} tickets in the list, ${held.toFixed(1)} after ${acts} acts, with ${await known()})`);
  told('desk_next_ms', next);
  told('desk_sort_ms', sort);
  told('desk_palette_ms', palette);
  told('desk_change_ms', changed);
  if (faults.length) throw new Error(faults[0]);
} finally {
  await browser.close();
  psql(`set session_replication_role = replica;
    delete from app.event_queue where tenant_id = ${tenant}; delete from app.deliveries where tenant_id = ${tenant}; delete from app.search_queue where tenant_id = ${tenant};
    update app.tickets t set status = app.status_number(e.data->'status'->>0) from (select distinct on (x.ticket_id) x.ticket_id, x.data from app.events x
      where x.tenant_id = ${tenant} and x.actor_id = ${person} and x.created_at >= '${since}' and x.data ? 'status' order by x.ticket_id, x.id) e
      where t.tenant_id = ${tenant} and t.id = e.ticket_id;
    delete from app.events where tenant_id = ${tenant} and actor_id = ${person} and created_at >= '${since}';
    delete from app.drafts where tenant_id = ${tenant} and person_id = ${person};
    delete from app.seen where tenant_id = ${tenant} and person_id = ${person}; delete from app.presence where tenant_id = ${tenant};
    vacuum app.tickets; vacuum app.events`);
}
