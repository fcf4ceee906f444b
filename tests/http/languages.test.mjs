// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A new language is one new file: lang/ with one more catalogue is built and
// installed, and everything that speaks speaks it. What nginx says by itself
// is in the reader's language too.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { psql, restartApp, root, until } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { languages, text } from '../lib/texts.mjs';
import { api, get, makeWorld } from './world.mjs';

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

test('a new language is one new file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sportello-lang-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(`${root}/lang`, `${folder}/lang`, { recursive: true });
  const words = { 'signin.password': 'Pasvorto', 'err.not-found': 'Netrovita', 'mail.answer': 'Respondu ĉi tie', 'portal.reply.send': 'Sendi respondon' };
  let po = readFileSync(`${root}/lang/en.po`, 'utf8').replace('Language: en', 'Language: eo').replace('X-Language-Name: English', 'X-Language-Name: Esperanto')
    .replace(/X-Months: [^\\]*/, `X-Months: ${Array(12).fill('vintromonato').join('|')}`);
  for (const [key, word] of Object.entries(words)) po = po.replace(new RegExp(`(msgctxt "${key}"\nmsgid .*\nmsgstr ).*`), `$1"${word}"`);
  writeFileSync(`${folder}/lang/eo.po`, po);
  execFileSync(process.execPath, ['build.mjs'], { cwd: `${root}/www`, env: { ...process.env, LANG_DIR: `${folder}/lang`, DIST: `${folder}/www`, PSEUDO: '1' }, stdio: ['ignore', 'ignore', 'inherit'] });
  t.after(() => restartApp('--www', 'build/www-test'));
  restartApp('--www', `${folder}/www`);
  // Connections kept from before are noticed to be gone by using one.
  await until('the front answers', () => get(w.host.town, '/readyz').then(() => true, () => false));

  const page = await get(w.host.town, '/sign-in', { headers: { 'Accept-Language': 'eo' } });
  assert.match(page.text, /<html [^>]*lang="eo"/);
  assert.match(page.text, /value="eo" lang="eo">Esperanto</, 'the menu offers it');
  assert.ok(page.text.includes('>Pasvorto<'), 'the server writes it');
  const app = await get(w.host.town, '/tickets', { cookie: `${w.member.cookie}; lang=eo` });
  const [texts] = /\/a\/portal\.eo\.[0-9a-f]+\.json/.exec(app.text);
  assert.equal(JSON.parse((await get(w.host.town, texts)).text)['portal.reply.send'], 'Sendi respondon', 'the browser writes it');
  assert.equal(heading(await missing({ 'Accept-Language': 'eo' })), 'Netrovita', 'nginx says it');

  await psql('postgres', `update app.people set locale = 'eo' where tenant_id = ${w.tenant} and id = ${w.member.person.id}`);
  const title = `Esperanto ${w.mark}`;
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title, description: 'x' })).json;
  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'x' });
  const [mail] = await mails({ to: w.member.person.email, about: title });
  assert.equal(mail.headers['content-language'], 'eo');
  assert.ok(mail.text.includes('Respondu ĉi tie') && mail.text.includes('vintromonato'), mail.text);
});
