// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Service status by mail (T8): who subscribes and how that ends, 'I'm affected too', and what
// each of them is sent.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { originOf } from '../lib/http.mjs';
import { psql } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { said } from '../lib/texts.mjs';
import { anyAddress, api, get, makeWorld, newMark, request } from './world.mjs';

let w;
before(async () => {
  w = await makeWorld({ only: ['member', 'second', 'villager', 'agent'] });
  await psql('postgres', `insert into app.components (tenant_id, id, position, names) values (${w.tenant}, 1, 1, '{"en": "Mail ${w.mark}"}'), (${w.tenant}, 2, 2, '{"en": "Print ${w.mark}"}')`);
});

const newAddress = () => `${newMark()}@people.example`;
const post = (path, fields, { host = w.host.town, session, lang, address = anyAddress() } = {}) => request(host, 'POST', path, {
  address, cookie: [session?.cookie, lang && `lang=${lang}`].filter(Boolean).join('; ') || undefined,
  headers: { Origin: originOf(host), 'Content-Type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(fields).toString(),
});
const linkIn = (mail, path) => new URL(mail.text.split(/\s+/).find((word) => word.startsWith('https:') && word.includes(path))).pathname;
const bare = (answer, email) => JSON.stringify([answer.status, answer.text.replaceAll(email, 'X').replaceAll(answer.headers['x-request-id'], 'ID')]);
const report = async (texts, more = {}) => (await api(w.agent, 'POST', '/api/incidents', { kind: 'incident', titles: { en: `Jam ${w.mark}`, de: `Stau ${w.mark}` }, texts, ...more })).json.made;
const tell = (incident, texts, stage) => api(w.agent, 'POST', `/api/incidents/${incident}/updates`, { texts, stage });
const subscribed = async (email, fields = {}, options) => {
  const since = Date.now();
  assert.equal((await post('/status/subscribe', { email, ...fields }, options)).status, 200);
  const [mail] = await mails({ to: email, since, about: '/status/subscribe/' });
  const link = linkIn(mail, '/status/subscribe/');
  assert.equal((await post(link, {}, options)).status, 200);
  return { mail, link };
};

test('T8: an address subscribes by a link that is good once, in its language, to what it chose', async () => {
  const [email, other] = [newAddress(), newAddress()];
  const first = await post('/status/subscribe', { email: `  ${email.toUpperCase()} `, part: '1' }, { lang: 'de' });
  assert.match(first.text, /role="status"/);
  const [asked] = await mails({ to: email, about: '/status/subscribe/' });
  assert.equal(asked.subject, said('de', 'mail.status_asked.subject', { portal: `Tenant ${w.mark}` }), 'and says nothing that a portal could have written (P9)');
  const link = linkIn(asked, '/status/subscribe/');
  assert.match((await get(w.host.town, link)).text, new RegExp(`${email}[^]*Mail ${w.mark}[^]*type="submit"`));
  assert.equal(await psql('postgres', `select count(*) from app.status_subscribers where tenant_id = ${w.tenant} and email = '${email}'`), '0', 'looking changes nothing');
  assert.equal((await post(link, {}, { host: w.host.village })).status, 410, 'good at its portal only');
  const done = await post(link, {});
  assert.equal(done.status, 200);
  assert.match(done.text, /role="status"/);
  assert.equal((await post(link, {})).status, 410, 'once');
  assert.match((await get(w.host.town, link)).text, /href="\/status\/subscribe"/);
  await subscribed(other, { part: '2' });
  // Known or not: one answer.
  const unknown = newAddress();
  assert.equal(bare(await post('/status/subscribe', { email }), email), bare(await post('/status/subscribe', { email: unknown }), unknown));
  for (const wrong of ['', 'x', 'x@', 'a b@people.example']) {
    const refused = await post('/status/subscribe', { email: wrong, part: '1' });
    assert.equal(refused.status, 422, wrong);
    assert.match(refused.text, /aria-invalid[^]*name="part"/, 'and the form is there again');
  }

  const since = Date.now();
  const incident = await report({ en: 'We look.\nMore in an hour.', de: 'Wir sehen nach.' }, { components: [1] });
  const [told] = await mails({ to: email, since, about: `Stau ${w.mark}` });
  assert.equal(told.subject, `Stau ${w.mark}: ${said('de', 'service.state.investigating')}`);
  assert.match(told.text, /Wir sehen nach\./);
  assert.ok(told.text.includes(`/status/${incident}`) && told.html.includes(`/status/${incident}`));
  assert.equal(told.headers['list-unsubscribe-post'], 'List-Unsubscribe=One-Click');
  const leave = new URL(/^<(https:.*)>$/.exec(told.headers['list-unsubscribe'])[1]);
  assert.ok(leave.hostname === w.host.town && told.text.includes(leave.href) && told.html.includes(leave.href), 'and to be seen in it');

  assert.match((await get(w.host.town, leave.pathname)).text, /type="submit"/);
  for (const path of [leave.pathname.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')), '/status/leave/x']) assert.equal((await post(path, {})).status, 410, path);
  assert.equal((await post(leave.pathname, {}, { host: w.host.village })).status, 410);
  // As a mail program sends it: no page, no cookie, no Origin; and again.
  for (let i = 0; i < 2; i++) {
    const answer = await request(w.host.town, 'POST', leave.pathname, { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' });
    assert.equal(answer.status, 200);
    assert.match(answer.text, /role="status"/);
  }
  await subscribed(newAddress());
  const last = newAddress();
  await subscribed(last);
  assert.equal((await tell(incident, { en: 'Mended.' }, 'resolved')).status, 201);
  const [all] = await mails({ to: last, about: 'Mended.' });
  assert.equal(all.subject, `Jam ${w.mark}: ${said('en', 'service.state.resolved')}`);
  await mails({ to: last, since, about: 'Mended.' });
  assert.deepEqual(caught({ to: email, about: 'Mended.' }), [], 'who left hears no more');
  assert.deepEqual(caught({ to: other, about: `Jam ${w.mark}` }), [], 'who chose something else hears nothing of it');
});

test('T8: few links an address and a network, and nothing is said of it', async () => {
  const email = newAddress();
  const answers = [];
  for (let i = 0; i < 7; i++) answers.push((await post('/status/subscribe', { email })).status);
  assert.deepEqual(answers, [200, 200, 200, 200, 200, 429, 429]);
  const address = anyAddress();
  const more = [];
  for (let i = 0; i < 32; i++) more.push((await post('/status/subscribe', { email: newAddress() }, { address })).status);
  assert.ok(more.slice(0, 10).every((s) => s === 200) && more.at(-1) === 429, `${more}`);
});

test('T8: whoever is signed in subscribes at once, says that it affects them, and takes it back', async () => {
  const since = Date.now();
  const form = await get(w.host.town, '/status/subscribe', { cookie: w.member.cookie });
  assert.ok(!form.text.includes('name="email"') && form.text.includes(w.people.member.email));
  const saved = await post('/status/subscribe', { part: '2' }, { session: w.member });
  assert.match(saved.text, /role="status"[^]*value="2" checked/);
  const incident = await report({ en: 'Stuck.' }, { components: [2] });
  const [mail] = await mails({ to: w.people.member.email, since, about: `/status/${incident}` });
  assert.match(mail.text, new RegExp(said('en', 'mail.reason.status', { portal: `Town portal ${w.mark}` })));
  assert.match((await post('/status/subscribe', { leaves: 'yes' }, { session: w.member })).text, /role="status"/);

  const page = (session) => get(w.host.town, `/status/${incident}`, { cookie: session?.cookie });
  assert.match((await page()).text, new RegExp(`href="/sign-in\\?to=/status/${incident}"`));
  assert.match((await page(w.second)).text, /name="affected" value="yes"/);
  const affect = (value) => post(`/status/${incident}/affected`, { affected: value }, { session: w.second });
  assert.equal((await affect('yes')).headers.location, `/status/${incident}`);
  await affect('yes');
  assert.match((await page(w.second)).text, /name="affected" value="no"/);
  const count = async () => (await api(w.agent, 'GET', '/api/status')).json.incidents.find((i) => i.id === incident).affected;
  assert.equal(await count(), 1, 'once, and agents see how many');
  assert.equal((await affect('maybe')).status, 422);
  await tell(incident, { en: 'Found.' }, 'identified');
  const [told] = await mails({ to: w.people.second.email, since, about: 'Found.' });
  assert.match(told.text, new RegExp(said('en', 'mail.reason.affected')));
  const leave = new URL(/^<(https:.*)>$/.exec(told.headers['list-unsubscribe'])[1]).pathname;
  assert.equal((await post(leave, {})).status, 200);
  assert.equal(await count(), 0);
  await affect('yes');
  await affect('no');
  assert.equal(await count(), 0);
  await subscribed(newAddress(), { part: '2' });
  const last = newAddress();
  await subscribed(last, { part: '2' });
  await tell(incident, { en: 'Over now.' }, 'resolved');
  await mails({ to: last, about: 'Over now.' });
  for (const who of ['member', 'second']) assert.deepEqual(caught({ to: w.people[who].email, since, about: 'Over now.' }), []);
  assert.ok(!(await page(w.second)).text.includes('name="affected"'), 'of what is over nobody is asked');
});
