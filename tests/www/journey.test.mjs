// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The main job, from one end to the other: a person opens a ticket, their
// support contacts get mail, an agent answers and writes a note, the person
// sees the answer and never the note.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, test } from 'node:test';
import { closeBrowser } from '../lib/browser.mjs';
import { api, signIn } from '../lib/http.mjs';
import { person, psql, psqlJson } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { answerTo, complaints, listen, openPage, signInBy, sound } from './browse.mjs';

after(closeBrowser);

const unique = () => randomBytes(6).toString('hex');
const member = person({ email: 'liam.walsh@minato.example' });
const agent = person({ tenant: member.tenant, email: 'nils.holm@nattjour.example' });

// 20 kB of Markdown with a bit of everything.
function description(mark) {
  const part = `## 手順 ${mark}

1. 受付の電話から内線 **201** にかける
2. 転送ボタンを押し、[手順書](https://example.org/handbook) の通りに操作する

> 「転送に失敗しました」と表示される

\`\`\`
SIP/2.0 488 Not Acceptable Here
\`\`\`

`;
  const line = 'The second line rings twice, then the caller hears silence. 二回鳴ったあと無音になります。\n\n';
  const missing = 20_000 - Buffer.byteLength(part);
  return part + line.repeat(Math.ceil(missing / Buffer.byteLength(line)));
}

const contactsOf = (host) => psqlJson('postgres', `select json_agg(distinct s.email) from app.hosts h
  join app.portals po on po.tenant_id = h.tenant_id and po.id = h.portal_id
  join app.support_contacts s on s.tenant_id = po.tenant_id and s.account_id = po.account_id where h.host = :'host'`, { host });

test('N1, M1: a ticket from the portal to the desk and back', async (t) => {
  const mark = unique();
  const title = `内線から転送すると無音になります（受付） ${mark}`;
  const note = `note${unique()}`;
  const answer = `answer${unique()}`;
  const contacts = await contactsOf(member.host);
  assert.equal(contacts.length, 2);

  // What the agent sends goes at once.
  await psql('postgres', `update app.people set hold_seconds = 0 where email = '${agent.email}'`);
  const page = await openPage({ host: member.host });
  const heard = listen(page);
  await page.clock.install();
  await page.goto('/');
  await sound(page, 'home, signed out');
  await page.locator('.top').getByRole('link', { name: 'Sign in' }).click();
  await sound(page, 'sign in');
  await signInBy(page, member);
  assert.equal(new URL(page.url()).pathname, '/');
  await sound(page, 'home, signed in');

  await page.locator('.top').getByRole('link', { name: 'New ticket' }).click();
  await sound(page, 'new ticket');
  await page.getByLabel('Title').fill(title);
  const area = page.locator('#description');
  const text = description(mark);
  assert.ok(Buffer.byteLength(text) >= 20_000);
  await area.fill(`${text}loud`);
  await area.evaluate((a) => a.setSelectionRange(a.value.length - 4, a.value.length));
  await page.getByRole('button', { name: 'Bold' }).click();
  assert.equal(await area.inputValue(), `${text}**loud**`);
  await page.getByRole('button', { name: 'Preview' }).click();
  const preview = page.locator('.preview .prose');
  await preview.locator('strong', { hasText: 'loud' }).waitFor();
  assert.equal(await preview.locator('ol > li').count(), 2);
  assert.equal(await preview.locator('blockquote, pre').count(), 2);
  await sound(page, 'preview');
  await page.getByRole('button', { name: 'Write' }).click();
  assert.equal(await area.inputValue(), `${text}**loud**`);

  const since = Date.now();
  const made = await answerTo(page, 'POST', /^\/api\/tickets$/, () => page.getByRole('button', { name: 'Create ticket' }).click());
  const acknowledged = Date.now();
  assert.equal(made.status(), 201);
  const { number } = await made.json();
  await page.waitForURL(`**/t/${number}`);
  await page.locator('.msg strong', { hasText: 'loud' }).waitFor();
  assert.ok((await page.locator('h1').innerText()).includes(title));
  await sound(page, 'the new ticket');

  // Mail at both contacts. A busy machine gets a second try.
  const latest = async (about, from, to = acknowledged) => {
    const found = await Promise.all(contacts.map((contact) => mails({ to: contact, since: from, about })));
    for (const [mail] of found) assert.ok(mail.subject.includes(about) && mail.html.includes(mark));
    return Math.max(...found.map(([mail]) => mail.at)) - to;
  };
  let waited = await latest(title, since);
  if (waited >= 2000) {
    const again = `${title} once more`;
    const session = await signIn(member);
    const from = Date.now();
    assert.equal((await api(session, 'POST', '/api/tickets', { title: again, description: text })).status, 201);
    waited = await latest(again, from, Date.now());
  }
  t.diagnostic(`mail after ${Math.round(waited)} ms`);
  assert.ok(waited < 2000, `mail after ${waited} ms`);

  // The agent, in another browser.
  const desk = await openPage({ host: agent.host });
  await desk.goto('/agent?group=open');
  await signInBy(desk, agent);
  await desk.goto('/agent?group=open');
  await desk.getByRole('heading', { level: 1, name: 'All open' }).waitFor();
  await sound(desk, 'queue');
  await desk.getByRole('link', { name: title }).click();
  await desk.locator('.msg strong', { hasText: 'loud' }).waitFor();
  await sound(desk, 'ticket at the desk');
  await desk.locator('#write-reply').fill(`We look into it: ${answer}`);
  const replied = await answerTo(desk, 'POST', /\/comments$/, () => desk.getByRole('button', { name: `Send to ${member.name}` }).click());
  assert.equal(replied.status(), 201);
  await desk.locator('.msg[data-vis=public]', { hasText: answer }).waitFor();
  await desk.getByRole('button', { name: 'Internal note', exact: true }).click();
  await desk.locator('#write-note').fill(`Only among us: ${note}`);
  await sound(desk, 'writing a note');
  const noted = await answerTo(desk, 'POST', /\/notes$/, () => desk.getByRole('button', { name: 'Add note (team only)' }).click());
  assert.equal(noted.status(), 201);
  await desk.locator('.msg[data-vis=internal]', { hasText: note }).waitFor();
  await sound(desk, 'answered at the desk');

  // The page of the person looks again by itself after half a minute.
  await page.clock.fastForward(31_000);
  await page.locator('.msg', { hasText: answer }).waitFor();
  await sound(page, 'answered');
  for (const path of [`/t/${number}`, '/tickets', '/']) {
    await page.goto(path);
    await page.getByText(path === `/t/${number}` ? answer : title).first().waitFor();
    assert.ok(!(await page.content()).includes(note), `${path} holds the note`);
  }
  await sound(page, 'home, with the ticket');
  const answers = await page.evaluate(async (n) => Promise.all([`/api/tickets/${n}`, `/api/tickets/${n}/comments`, '/api/tickets', `/api/tickets/${n}/notes`]
    .map(async (path) => (await fetch(path)).text())), number);
  assert.ok(answers[0].includes(answer) && answers.every((a) => !a.includes(note)));
  page.expected.push(/status of 40[45]/);
  const told = await heard();
  assert.ok(told.some((text) => text.includes(answer)), 'the answers were recorded');
  assert.ok(told.every((text) => !text.includes(note)), 'no answer holds the note');

  // Nor does a mail, in its source or decoded.
  await mails({ to: member.email, since, about: answer });
  for (const mail of caught({ since })) {
    assert.ok(!`${mail.raw.toString('latin1')}${mail.text}${mail.html}`.includes(note), 'a mail holds the note');
  }
  assert.deepEqual([...complaints(page), ...complaints(desk)], []);
});
