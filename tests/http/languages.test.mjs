// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What nginx says by itself is in the reader's language, and a missing language
// is asked for. (www/languages.test.mjs adds one.)
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { psql } from '../lib/instance.mjs';
import { caught, mails } from '../lib/mails.mjs';
import { languages, text } from '../lib/texts.mjs';
import { api, get, makeWorld, newMark } from './world.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent', 'chief'] }); });

const missing = (headers, host = w.host.town) => get(host, '/a/nothing.js', { headers });
const heading = (answer) => /<h1>(.*?)<\/h1>/.exec(answer.text)?.[1];

test('what nginx says by itself is in the language of the cookie, else of the browser', async () => {
  for (const { tag, dir } of languages) {
    const answer = await missing({ 'Accept-Language': `${tag}-XX,en;q=0.5` });
    assert.equal(answer.status, 404);
    assert.equal(heading(answer), text(tag, 'err.not-found'), tag);
    assert.match(answer.text, new RegExp(`<html lang="${tag}" dir="${dir}">`));
    assert.ok(answer.text.includes(`>${text(tag, 'site.home')}<`), tag);
  }
  const title = (tag) => text(tag, 'err.not-found');
  assert.equal(heading(await missing({ Cookie: 'lang=ja', 'Accept-Language': 'it' })), title('ja'));
  assert.equal(heading(await missing({ Cookie: 'lang=xx', 'Accept-Language': 'it' })), title('it'), 'a cookie that names none');
  for (const other of [{}, { 'Accept-Language': 'xx' }, { 'Accept-Language': 'itx' }, { Cookie: 'lang=../../conf' }]) {
    assert.equal(heading(await missing(other)), title('en'), JSON.stringify(other));
  }
});

test('P8: the language menu ends with where to ask for another, where tickets are opened', async () => {
  const link = (page) => /<a class="item item-ask" href="([^"]*)"/.exec(page.text)?.[1];
  assert.equal(link(await get(w.host.town, '/', { cookie: w.member.cookie })), '/tickets/new?about=language');
  assert.equal(link(await get(w.host.town, '/')), '/sign-in?to=/tickets/new%3Fabout=language');
  assert.equal(link(await get(w.host.desk, '/', { cookie: w.agent.cookie })), undefined);
  const signIn = await get(w.host.town, link(await get(w.host.town, '/')));
  assert.match(signIn.text, /name="to" value="\/tickets\/new\?about=language"/);
  assert.equal((await get(w.host.town, '/tickets/new?about=language', { cookie: w.member.cookie })).status, 200);
});

const set = (value) => api(w.chief, 'PATCH', '/api/settings', { name: 'languages', ...(value ? { value } : { inherit: true }) });
const offered = (page) => [...page.text.matchAll(/name="lang"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="lang"/g)].map((m) => m[1] ?? m[2]);
const langOf = (page) => /<html[^>]* lang="([^"]+)"/.exec(page.text)[1];
const at = (path, headers, cookie) => get(w.host.town, path, { headers, cookie });

test('T6: a portal\'s pages are in its languages: menu, browser, cookie, profile, registration', async () => {
  assert.equal((await set('it de')).status, 200);
  await psql('postgres', `insert into app.looks (tenant_id, scope, account_id, headline)
    values (${w.tenant}, ${w.id.town} * 2, ${w.id.town}, '{"fr": "Bonjour ${w.mark}", "it": "Ciao ${w.mark}"}')`);
  for (const path of ['/', '/sign-in', '/it/kb', '/status', '/forgot', '/register']) {
    const page = await at(path, { 'Accept-Language': 'fr, sv;q=0.9, it;q=0.5, de;q=0.1' });
    assert.deepEqual([...new Set(offered(page))].sort(), ['de', 'it'], path);
    assert.equal(langOf(page), 'it', 'the dearest of those it has');
  }
  assert.ok((await at('/', { 'Accept-Language': 'fr, it;q=0.5' })).text.includes(`Ciao ${w.mark}`), 'its texts too');
  assert.equal(langOf(await at('/', {}, 'lang=de')), 'de', 'chosen here');
  assert.equal(langOf(await at('/', { 'Accept-Language': 'de' }, 'lang=ja')), 'de', 'one that it has not counts for nothing');
  // English, the portal's own, is not among them any more: the first is.
  for (const headers of [{}, { 'Accept-Language': 'en, fr' }]) assert.equal(langOf(await at('/', headers)), 'it');
  // Somebody's own language, which it has not, is that of mails to them.
  assert.equal((await api(w.member, 'PATCH', '/api/me', { given: 'Mem', family: 'Ber', job_title: '', phone: '', locale: 'fr', time_zone: 'Europe/Rome' })).status, 200);
  const mine = await at('/me', { 'Accept-Language': 'de' }, w.member.cookie);
  assert.equal(langOf(mine), 'de');
  assert.deepEqual(JSON.parse(/id="boot"[^>]*>([^<]*)</.exec(mine.text)[1]).me.lang, 'fr');
  const title = `Ofen ${w.mark}`;
  const since = Date.now();
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title, description: 'x' })).json;
  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'x' });
  assert.equal((await mails({ to: w.member.person.email, since, about: title }))[0].headers['content-language'], 'fr');
  assert.equal((await mails({ to: 'contact-town@people.example', since, about: title }))[0].headers['content-language'], 'it', 'to an address alone: the portal\'s');
  // Inviting is in the portal's language, and so is what it leads to.
  const email = `${newMark()}@people.example`;
  await api(w.chief, 'POST', '/api/invitations', { email, role: 'member' });
  const [mail] = await mails({ to: email, since });
  assert.equal(mail.headers['content-language'], 'it');
  const page = await at(new URL(/https:\/\/\S+/.exec(mail.text)[0]).pathname, { 'Accept-Language': 'fr' });
  assert.deepEqual([...page.text.matchAll(/<option value="(\w+)"/g)].map((m) => m[1]), ['de', 'it']);
  assert.ok(caught({ to: email, since }).length === 1);
  // One language: a sub-portal says so for itself.
  await psql('postgres', `insert into app.settings (tenant_id, scope, name, value, portal_id) values (${w.tenant}, ${w.portal.school} * 2 + 1, 'languages', 'sv', ${w.portal.school})`);
  const school = await get(w.host.school, '/', { headers: { 'Accept-Language': 'it' } });
  assert.deepEqual([langOf(school), [...new Set(offered(school))]], ['sv', ['sv']]);
  assert.equal((await set(null)).status, 200);
  assert.equal([...new Set(offered(await at('/', {})))].length >= languages.length, true, 'all of them again');
});
