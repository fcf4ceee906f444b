// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What nginx says by itself is in the reader's language, and a missing language
// is asked for. (www/languages.test.mjs adds one.)
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { languages, text } from '../lib/texts.mjs';
import { get, makeWorld } from './world.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent'] }); });

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

test('the language menu ends with where to ask for another, where tickets are opened', async () => {
  const link = (page) => /<a class="item item-ask" href="([^"]*)"/.exec(page.text)?.[1];
  assert.equal(link(await get(w.host.town, '/', { cookie: w.member.cookie })), '/tickets/new?about=language');
  assert.equal(link(await get(w.host.town, '/')), '/sign-in?to=/tickets/new%3Fabout=language');
  assert.equal(link(await get(w.host.desk, '/', { cookie: w.agent.cookie })), undefined);
  const signIn = await get(w.host.town, link(await get(w.host.town, '/')));
  assert.match(signIn.text, /name="to" value="\/tickets\/new\?about=language"/);
  assert.equal((await get(w.host.town, '/tickets/new?about=language', { cookie: w.member.cookie })).status, 200);
});
