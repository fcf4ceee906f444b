// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Every page, light and dark, wide and narrow, in English, Japanese and the
// right-to-left pseudo-language: axe, console, policy, headings, overflow, and
// no text that a translator never saw.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axeFindings, closeBrowser, sidewaysOverflow } from '../lib/browser.mjs';
import { psql } from '../lib/instance.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { colourRules, complaints, openPage, rules, settled, signInBy, sound, untranslated } from './browse.mjs';

// Direction, and what is looked at in that language: a page is loaded once.
// The last one is where the next page starts.
const languages = {
  en: ['ltr', [['light', 390], ['dark', 390], ['dark', 1280], ['light', 320], ['light', 1280]]],
  ja: ['ltr', [['dark', 1280], ['light', 320], ['light', 390]]],
  qps: ['rtl', [['light', 390], ['light', 320], ['light', 1280]]],
};
// The pseudo-language has no tag that axe knows.
const genuine = (lang) => (finding) => !(lang === 'qps' ? /^(html-lang-valid|valid-lang):/ : /^valid-lang:.*value="qps"/).test(finding);
let w;
let number;

const description = `# Since yesterday

It stopped **yesterday**, see [the page](https://example.org/a/very/long/address/that/does/not/end/before/the/edge/of/a/telephone).

## What we tried

1. Off and on
2. \`reset --all\`

> Nothing happened

| a | b |
| --- | --- |
| 1 | 2 |

\`\`\`
one line of a log that is much longer than any telephone is wide, so that it has to scroll inside
\`\`\``;

before(async () => {
  w = await makeWorld({ only: ['member', 'second', 'agent'] });
  await psql('postgres', `insert into app.support_contacts (tenant_id, account_id, email)
    values (${w.tenant}, ${w.id.town}, 'a.rather.long.contact.address@organisation.example'), (${w.tenant}, ${w.id.town}, 'b@organisation.example')`);
  const titles = ['Printing stops after the first page', '印刷が一枚で止まります（三階の複合機・職員室）', 'لا تعمل الطابعة في الطابق الثالث',
    'AVeryLongWordWithoutAnyPlaceToBreakItThatComesFromAPathSuchAsHomeUserDocumentsAndGoesOn', 'Short', 'One more', 'And the last'];
  const numbers = [];
  for (const title of titles) {
    const answer = await api(w.member, 'POST', '/api/tickets', { title, description });
    assert.equal(answer.status, 201, answer.text);
    numbers.push(answer.json.number);
  }
  number = numbers[0];
  for (const [kind, body] of [['comments', 'We look into it.'], ['notes', 'Known since **Monday**.'], ['comments', 'ありがとうございます']]) {
    assert.equal((await api(w.agent, 'POST', `/api/tickets/${number}/${kind}`, { body })).status, 201);
  }
  assert.equal((await api(w.member, 'POST', `/api/tickets/${number}/comments`, { body: 'Thanks' })).status, 201);
  // Every status and priority is somewhere in the lists.
  const item = (await api(w.agent, 'POST', '/api/items', { key: 'ENG-1', title: 'An item' })).json.id;
  const states = ['in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated'];
  for (const [i, status] of states.entries()) {
    const change = { status, priority: ['low', 'normal', 'high', 'urgent'][i % 4], assignee: i % 2 ? 'me' : null, ...(status === 'closed_escalated' ? { item } : {}) };
    assert.equal((await api(w.agent, 'PATCH', `/api/tickets/${numbers[i]}`, change)).status, 200);
  }
});
after(closeBrowser);

// [name, who, path, status, what the page does before it is looked at]
const places = () => [
  ['home, signed out', 'town', '/'],
  ['sign in', 'town', '/sign-in?to=/tickets'],
  ['home', 'member', '/'],
  ['home, nothing yet', 'second', '/'],
  ['menu', 'member', '/', 200, (page) => page.locator('.menu summary').click()],
  ['my tickets', 'member', '/tickets'],
  ['my tickets, none matches', 'second', '/tickets?group=done'],
  ['new ticket', 'member', '/tickets/new'],
  ['new ticket, with faults', 'member', '/tickets/new', 200, (page) => page.locator('main form button[type=submit]').click()],
  ['ticket', 'member', `/t/${number}`],
  ['no such ticket', 'member', '/t/999999', 404],
  ['no such page', 'member', '/nothing/here', 404],
  ['no such host', 'nowhere', '/', 404],
  ['desk, signed out', 'desk', '/'],
  ['desk', 'agent', '/'],
  ['queue', 'agent', '/agent'],
  ['queue, none matches', 'agent', '/agent?assignee=me&group=open&priority=urgent'],
  ['ticket at the desk', 'agent', `/agent/t/${number}`],
  ['writing a note', 'agent', `/agent/t/${number}`, 200, (page) => page.locator('.composer-modes button').nth(1).click()],
  ['no such ticket at the desk', 'agent', '/agent/t/999999', 404],
];

async function everyPage(t, lang, [dir, matrix]) {
  const found = [];
  const pages = {};
  const open = async (who) => {
    const page = await openPage(w[who] ? { session: w[who] } : { host: w.host[who] ?? `${who}-${w.mark}.localhost` });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    page.expected.push(/status of 404/);
    return page;
  };
  for (const [name, who, path, status = 200, act] of places()) {
    const page = pages[who] ??= await open(who);
    const look = (what, list) => { for (const f of list) found.push(`${name}${what}: ${f}`); };
    page.complaints.length = 0;
    const answer = await page.goto(path);
    await settled(page);
    if (act) await act(page);
    if (answer.status() !== status) look('', [`status ${answer.status()}`]);
    const html = await page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir, h1: document.querySelectorAll('h1:not(.prose *)').length }));
    if (html.lang !== lang || html.dir !== dir || html.h1 !== 1) look('', [`lang ${html.lang}, dir ${html.dir}, ${html.h1} h1`]);
    if (lang === 'qps') look(', untranslated', await page.evaluate(untranslated));
    for (const [colorScheme, width] of matrix) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      if (width !== 320) look(`, ${colorScheme} ${width}`, (await axeFindings(page, colorScheme === 'light' ? rules : colourRules)).filter(genuine(lang)));
      const wide = await sidewaysOverflow(page);
      if (wide) look(`, ${width}`, [`${wide} sticks out`]);
    }
    look('', complaints(page));
  }
  t.diagnostic(`${places().length} pages: ${matrix.map((m) => m.join(' ')).join(', ')}`);
  assert.deepEqual(found, []);
  await Promise.all(Object.values(pages).map((page) => page.context().close()));
}

test('every page', { concurrency: 2 }, (t) => Promise.all(Object.entries(languages)
  .map(([lang, how]) => t.test(`in ${lang}`, (u) => everyPage(u, lang, how)))));

test('a wrong password is said where it can be corrected', async () => {
  const page = await openPage({ host: w.host.town });
  page.expected.push(/status of 401/);
  await page.goto('/sign-in?to=/tickets/new');
  await page.locator('#email').fill(w.people.member.email);
  await page.locator('#password').fill('wrong');
  await page.locator('main button[type=submit]').click();
  await page.locator('#failed').waitFor();
  assert.equal(await page.locator('#email').inputValue(), w.people.member.email);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'password');
  await sound(page, 'sign in, failed');
  await signInBy(page, w.people.member);
  assert.equal(new URL(page.url()).pathname, '/tickets/new', 'where they wanted to go');
  assert.deepEqual(complaints(page), []);
});
