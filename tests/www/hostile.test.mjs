// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What people write is text, wherever it is shown: no script of theirs runs,
// no link of theirs is one that could, and what they typed is there to read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser } from '../lib/browser.mjs';
import { psql } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { complaints, openPage, settled, sound } from './browse.mjs';

const image = '<img src="/x" onerror="alert(1)">';
const script = '"></script><script>alert(2)</script>';
// Right-to-left override: what follows would be read backwards.
const override = 'invoice\u202Efdp.exe';
const title = `${image}${script} {name} &amp; ${override}`;
const name = `${image} O'Hara ${script}`;
const links = ['javascript:alert(3)', 'JaVaScRiPt:alert(3)', ' javascript:alert(3)', 'java\tscript:alert(3)', '&#106;avascript:alert(3)',
  'javascript&colon;alert(3)', 'data:text/html,<script>alert(3)</script>', 'vbscript:alert(3)', 'file:///etc/passwd', '//evil.example/x', '\\\\evil.example'];
const description = [
  image, script, '<svg onload=alert(4)>', '<iframe src="javascript:alert(5)"></iframe>', '<a href="javascript:alert(6)">click</a>',
  '<style>body{display:none}</style>', '<form action="https://evil.example"><button>Go</button></form>', '<base href="https://evil.example/">',
  ...links.map((l) => `[a link](${l}) and [another](<${l}>)`), '<javascript:alert(7)>', '![x](javascript:alert(8))',
  '![x](https://evil.example/pixel.png "x\\" onerror=\\"alert(9)")', '[x](https://example.org/" onmouseover="alert(10))',
  '```"><script>alert(11)</script>\ncode\n```', '[ref]\n\n[ref]: javascript:alert(12)', `Open ${override}`, '&lt;script&gt;alert(13)&lt;/script&gt;',
].join('\n\n');

let w;
let number;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent'] });
  await psql('postgres', `update app.people set name = :'name' where tenant_id = ${w.tenant} and id = ${w.people.member.id};
    update app.people set name = :'name' where tenant_id = ${w.tenant} and id = ${w.people.agent.id};
    update app.portals set name = :'name' where tenant_id = ${w.tenant};
    update app.accounts set name = :'name' where tenant_id = ${w.tenant};
    insert into app.support_contacts (tenant_id, account_id, email) values (${w.tenant}, ${w.id.town}, 'contact-${w.mark}@example.org')`, { name });
  const answer = await api(w.member, 'POST', '/api/tickets', { title, description });
  assert.equal(answer.status, 201, answer.text);
  number = answer.json.number;
  for (const kind of ['comments', 'notes']) {
    assert.equal((await api(w.agent, 'POST', `/api/tickets/${number}/${kind}`, { body: description })).status, 201);
  }
});
after(closeBrowser);

// What must never be in a page, and whether what was typed can be read.
async function harmless(page, what) {
  await settled(page);
  const found = await page.evaluate(() => ({
    events: [...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => /^on/i.test(a.name))).length,
    strange: [...document.querySelectorAll('main :is(img, iframe, object, embed, base, form[action^=http], script, style, link, meta)')].map((e) => e.outerHTML),
    links: [...document.querySelectorAll('a[href]')].map((a) => a.href).filter((h) => !/^(https?:\/\/|mailto:)/i.test(h)),
    // None of our list became a link; an address in plain sight may.
    disguised: [...document.querySelectorAll('.prose a')].filter((a) => /^(a link|another)$/.test(a.textContent)).map((a) => a.outerHTML),
    loud: performance.getEntriesByType('resource').map((r) => r.name).filter((n) => new URL(n).origin !== location.origin),
  }));
  assert.deepEqual(found, { events: 0, strange: [], links: [], disguised: [], loud: [] }, what);
  assert.deepEqual(complaints(page), [], what);
}

const visible = async (page, text) => assert.ok((await page.locator('body').innerText()).includes(text), `${text} can be read`);

test('in the pages of the portal', async () => {
  const page = await openPage({ session: w.member });
  await page.goto('/');
  await visible(page, image);
  await visible(page, `${script} {name} &amp; invoice`);
  await harmless(page, 'home');
  for (const path of ['/tickets', '/tickets/new', `/t/${number}`]) {
    await page.goto(path);
    await settled(page);
    await visible(page, image);
    await harmless(page, path);
  }
  assert.ok((await page.title()).includes(image));
  for (const text of ['<svg onload=alert(4)>', '<script>alert(13)</script>', '<iframe src="javascript:alert(5)"></iframe>']) await visible(page, text);
  await page.locator('.prose a[href^="https://example.org/"]').first().hover();
  await sound(page, 'a hostile ticket');
  // An override ends where the text of its author ends.
  const isolated = await page.evaluate(() => [...document.querySelectorAll('h1, .msg-head b, .prose')].map((e) => getComputedStyle(e).unicodeBidi));
  assert.ok(isolated.length >= 3 && isolated.every((v) => /isolate|plaintext/.test(v)), isolated.join());
  await page.context().close();
});

test('at the desk', async () => {
  const page = await openPage({ session: w.agent });
  for (const path of ['/', '/agent', `/agent/t/${number}`]) {
    await page.goto(path);
    await settled(page);
    await visible(page, image);
    await harmless(page, path);
  }
  await sound(page, 'a hostile ticket at the desk');
  assert.equal(await page.locator('.composer button[type=submit]').innerText(), `Send to ${name}`);
  await page.context().close();
});

test('in a preview, a draft and what the page is given to start with', async () => {
  const page = await openPage({ session: w.member });
  await page.goto('/tickets/new');
  await page.getByLabel('Title').fill(title);
  await page.locator('#description').fill(description);
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.locator('.preview .prose').getByText('<svg onload=alert(4)>').waitFor();
  await harmless(page, 'preview');
  await page.reload();
  await page.getByText(/Your draft of .* is back\./).waitFor();
  assert.equal(await page.getByLabel('Title').inputValue(), title);
  assert.equal(await page.locator('#description').inputValue(), description);
  await harmless(page, 'draft');
  page.expected.push(/status of 422/);
  await page.goto(`/tickets?group=%22%3E${encodeURIComponent(image)}#${encodeURIComponent(image)}`);
  await harmless(page, 'an address');
  await page.context().close();
});

test('in the mails', async () => {
  const [mail] = await mails({ to: `contact-${w.mark}@example.org` });
  assert.ok(mail.subject.includes(image) && mail.text.includes(image));
  // As a mail program without any protection would show it.
  const page = await openPage({ session: w.member });
  page.expected.push(/blocked|Content Security Policy|ERR_|404/);
  const html = await page.evaluate((source) => {
    const doc = new DOMParser().parseFromString(source, 'text/html');
    return {
      events: [...doc.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => /^on/i.test(a.name))).length,
      strange: [...doc.querySelectorAll('script, iframe, object, embed, base, form, svg, link, img')].map((e) => e.outerHTML),
      links: [...doc.querySelectorAll('a[href]')].map((a) => a.getAttribute('href')).filter((h) => !/^(https?:\/\/|mailto:)/i.test(h)),
      text: doc.body.textContent,
    };
  }, mail.html);
  assert.deepEqual([html.events, html.strange, html.links], [0, [], []]);
  assert.ok(html.text.includes('<svg onload=alert(4)>') && html.text.includes(image));
  await page.context().close();
});
