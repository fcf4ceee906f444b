// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Every language there is: its longest words on the narrowest telephone, no text
// outside the catalogues, asking for one that is missing, and one more, which is
// one new file (journey 25). (pages.test.mjs looks closer at a few.)
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot, sidewaysOverflow } from '../lib/browser.mjs';
import { problem } from '../lib/http.mjs';
import { port, psql, restartApp, root, until } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { languages, text } from '../lib/texts.mjs';
import { api, get, makeWorld } from '../http/world.mjs';
import { answerTo, complaints, openPage, settled, signInBy, sound, untranslated } from './browse.mjs';

let w;
let numbers;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent', 'chief', 'partner', 'admin'] });
  numbers = [];
  const item = (await api(w.agent, 'POST', '/api/items', { key: 'ENG-1', title: 'An item with a title of some length' })).json.id;
  // Every status, with the priorities that are shown.
  for (const status of ['new', 'in_progress', 'blocked', 'on_hold', 'solved', 'closed', 'closed_escalated']) {
    const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'A ticket with a title of some length', description: 'x' })).json;
    assert.equal((await api(w.agent, 'PATCH', `/api/tickets/${number}`, { priority: numbers.length % 2 ? 'low' : 'urgent', ...(status === 'new' ? {} : { status }), ...(status === 'closed_escalated' ? { item } : {}) })).status, 200);
    numbers.push(number);
  }
});
after(closeBrowser);

test('nothing sticks out at 320 pixels', async () => {
  const found = [];
  const places = [['town', ['/', '/sign-in']], ['member', ['/', '/tickets', '/tickets/new', `/t/${numbers[0]}`]],
    ['agent', ['/', '/agent', `/agent/t/${numbers[0]}`]], ['partner', ['/accounts']], ['chief', ['/me', '/admin/people']]];
  for (const [who, paths] of places) {
    const page = await openPage({ ...(w[who] ? { session: w[who] } : { host: w.host[who] }), width: 320 });
    for (const { tag } of languages) {
      await page.context().addCookies([{ name: 'lang', value: tag, url: page.base }]);
      for (const path of paths) {
        await page.goto(path);
        await settled(page);
        await page.locator('h1').waitFor();
        if (path === '/') await page.locator('.menu summary').click();
        const wide = await sidewaysOverflow(page);
        if (wide) found.push(`${tag}, ${who} ${path}: ${wide}`);
      }
    }
    found.push(...complaints(page));
    await page.context().close();
  }
  assert.deepEqual(found, []);
});

test('the pages of people, accounts and settings hold no text that a translator never saw', async () => {
  // A place is looked at in the pseudo-language, whose words are long and run from
  // right to left.
  const places = {
    town: ['/sign-in/mail/1-x', '/ask', '/forgot', '/reset', '/register', '/invite/1-x', '/confirm/1-x', '/mute/1-x', '/kb', '/qps/search?q=x', '/status', '/status/subscribe', '/status/subscribe/1-x', '/status/leave/x'],
    chief: ['/support', '/me', '/me/security', '/admin/people', '/invitations', '/admin/contacts', '/admin/access', '/admin/sign-on', '/admin/settings', '/admin/portals',
      '/admin/branding', '/admin/hosts', '/portal/identifiers', '/service-level', '/reports'],
    partner: ['/inbox', '/accounts', '/accounts/new', `/accounts/${w.id.town}`],
    admin: ['/agent/admin', '/agent/access', '/agent/accounts', '/agent/webhook', '/agent/settings', '/agent/branding', '/agent/forms', '/agent/before', '/agent/kb', '/agent/kb/searches', '/agent/kb/links', '/agent/kb/export', '/agent/kb/import', '/agent/status', '/agent/macros', '/agent/teams', '/agent/away', '/agent/calendars', '/agent/calendars/new', '/agent/statuses', '/agent/rules', '/agent/rules/new', '/agent/releases', '/agent/releases/items', '/agent/service-level', '/agent/service-levels', '/agent/reports', '/agent/hosts', '/agent/sign-on', '/agent/security'],
  };
  // The browser has no names of languages in that one, and none for it.
  const names = new Set(['qps', ...languages.map(({ tag }) => new Intl.DisplayNames(['en'], { type: 'language' }).of(tag))]);
  const isNames = (text) => text.split(/, (?:and )?/).every((name) => names.has(name));
  const found = [];
  for (const [who, paths] of Object.entries(places)) {
    const page = await openPage({ ...(w[who] ? { session: w[who] } : { host: w.host[who] }), width: 320 });
    await page.context().addCookies([{ name: 'lang', value: 'qps', url: page.base }]);
    for (const path of paths) {
      await page.goto(path);
      await page.locator('h1').waitFor();
      await settled(page);
      found.push(...(await page.evaluate(untranslated)).filter((text) => !isNames(text)).map((text) => `${path}: ${text}`));
      const wide = await sidewaysOverflow(page);
      if (wide) found.push(`${path}: ${wide} sticks out`);
    }
    found.push(...complaints(page));
    await page.context().close();
  }
  assert.deepEqual(found, []);
});

test('who misses a language asks for it, after signing in', async () => {
  const de = (key) => text('de', key);
  const page = await openPage({ host: w.host.town, lang: 'de' });
  const ask = async () => {
    await page.locator('.menu summary').click();
    await page.locator('.menu').getByRole('link', { name: de('site.language.ask') }).click();
  };
  const title = page.getByLabel(de('portal.new.subject'));
  await page.goto('/');
  await ask();
  await signInBy(page, w.people.member);
  await page.getByText(de('portal.new.language.hint')).waitFor();
  assert.equal(await title.inputValue(), de('portal.new.language'));
  await sound(page, 'asking for a language');
  // An ordinary ticket's draft stands beside it.
  await page.getByRole('banner').getByRole('link', { name: de('site.new_ticket') }).click();
  await page.getByText(de('portal.new.description.hint')).waitFor();
  assert.equal(await title.inputValue(), '');
  await title.fill('Etwas anderes');
  await ask();
  assert.equal(await title.inputValue(), de('portal.new.language'));
  assert.equal(await page.locator('.menu[open]').count(), 0);
  await page.locator('#description').fill('Esperanto, bitte.');
  await page.reload();
  assert.deepEqual([await title.inputValue(), await page.locator('#description').inputValue()], [de('portal.new.language'), 'Esperanto, bitte.']);
  const answer = await answerTo(page, 'POST', /^\/api\/tickets$/, () => page.getByRole('button', { name: de('portal.new.submit') }).click());
  assert.equal(answer.status(), 201);
  await page.getByRole('heading', { level: 1, name: de('portal.new.language') }).waitFor();
  await page.goto('/tickets/new');
  assert.equal(await title.inputValue(), 'Etwas anderes');
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});

test('T6: a portal offers its own languages alone; one\'s own, which it has not, is for mails', async () => {
  const one = await makeWorld({ only: ['member', 'chief'] });
  await api(one.chief, 'PATCH', '/api/settings', { name: 'languages', value: 'de ja' });
  const page = await openPage({ session: one.member, lang: 'fr', width: 390 });
  await page.goto('/me');
  const choice = page.locator('#locale');
  await choice.waitFor();
  assert.deepEqual(await choice.locator('option').evaluateAll((all) => all.map((o) => o.value)), ['de', 'ja']);
  await psql('postgres', `update app.people set locale = 'fr' where tenant_id = ${one.tenant} and id = ${one.people.member.id}`);
  await page.reload();
  await page.getByText(text('de', 'me.locale.elsewhere')).waitFor();
  assert.equal(await choice.inputValue(), 'fr');
  await sound(page, 'a language that the portal has not');
  await screenshot(page, 'language-elsewhere');
  await page.locator('.menu summary').click();
  assert.deepEqual(await page.locator('form[data-prefs=lang] button').allInnerTexts(), ['Deutsch', '日本語']);
  await page.locator('.menu summary').click();
  await choice.selectOption('ja');
  await page.getByRole('button', { name: text('de', 'me.save'), exact: true }).first().click();
  await page.locator('html[lang=ja]').waitFor();
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});

test('P8: a new language is one new file', async (t) => {
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

  // The server writes it for a browser that asks for it, and so does nginx.
  const stranger = await openPage({ host: w.host.town, lang: 'eo' });
  await stranger.goto('/sign-in');
  await stranger.getByLabel('Pasvorto').waitFor();
  assert.equal(await stranger.locator('html').getAttribute('lang'), 'eo');
  stranger.expected.push(/status of 404/);
  await stranger.goto('/a/nothing.js');
  await stranger.getByRole('heading', { name: 'Netrovita' }).waitFor();

  // A person chooses it, the app writes it, and so does mail.
  const page = await openPage({ session: w.member });
  await page.goto('/me');
  await page.getByLabel('Language', { exact: true }).selectOption({ label: 'Esperanto' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.locator('html[lang=eo]').waitFor();
  const title = `Esperanto ${w.mark}`;
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title, description: 'x' })).json;
  await page.goto(`/t/${number}`);
  await page.getByRole('button', { name: 'Sendi respondon' }).waitFor();
  await page.locator('.menu summary').click();
  assert.equal(await page.locator('.menu button[aria-current]').first().innerText(), 'Esperanto');
  await page.locator('.menu summary').click();
  await sound(page, 'a ticket in the new language');
  // An administrator says that pages are in it: it alone, and one that there is not is refused.
  await until('the jobs told the database of it', async () => await psql('postgres', "select count(*) from auth.languages where tag = 'eo'") === '1');
  const settings = await openPage({ session: w.chief });
  await settings.goto('/admin/settings');
  const card = settings.getByRole('region', { name: text('en', 'settings.languages') });
  await card.getByRole('button', { name: text('en', 'settings.override') }).click();
  for (const { tag } of languages) await card.getByLabel(new Intl.DisplayNames(['en'], { type: 'language' }).of(tag), { exact: true }).uncheck();
  await card.getByLabel('qps', { exact: true }).uncheck();
  assert.equal(await card.getByLabel('Esperanto').isChecked(), true);
  await sound(settings, 'the setting');
  const set = await answerTo(settings, 'PATCH', /^\/api\/settings$/, () => card.getByRole('button', { name: text('en', 'settings.save') }).click());
  assert.equal(set.status(), 200);
  await stranger.goto('/sign-in');
  assert.deepEqual(await stranger.locator('form[data-prefs=lang] button').evaluateAll((all) => all.map((b) => b.value)), ['eo']);
  const tree = (await api(w.chief, 'GET', '/api/portals')).json;
  assert.deepEqual(tree.languages, ['eo']);
  const refused = problem(await api(w.chief, 'PATCH', '/api/settings', { name: 'languages', value: 'eo xx' }), 422);
  assert.deepEqual(refused.errors.map((e) => [e.field, e.code]), [['value', 'choice']]);
  assert.equal((await api(w.chief, 'PATCH', '/api/settings', { name: 'languages', inherit: true })).status, 200);

  await api(w.agent, 'POST', `/api/tickets/${number}/comments`, { body: 'x' });
  const [mail] = await mails({ to: w.member.person.email, about: title });
  assert.equal(mail.headers['content-language'], 'eo');
  assert.ok(mail.text.includes('Respondu ĉi tie') && mail.text.includes('vintromonato'), mail.text);
  assert.deepEqual([...complaints(stranger), ...complaints(page), ...complaints(settings)], []);
  await Promise.all([stranger, page, settings].map((p) => p.context().close()));
});

test('the menu of an administrator: each word once, lines of one height, signing out always in sight', async () => {
  const own = await makeWorld({ only: ['chief'] });
  for (const { tag } of languages) {
    const page = await openPage({ session: own.chief, lang: tag });
    await page.setViewportSize({ width: 1280, height: 850 });
    await page.context().addCookies([{ name: 'lang', value: tag, url: `https://${own.host.town}:${port.https}` }]);
    await page.goto('/');
    await page.locator('.menu summary').click();
    const words = (await page.locator('.menu-panel').locator('.item, h2').allInnerTexts()).map((s) => s.trim());
    assert.equal(new Set(words).size, words.length, `${tag}: ${words}`);
    const gaps = await page.locator('.menu-panel > div > .item').evaluateAll((all) => all.slice(1).map((e, i) => Math.round(e.getBoundingClientRect().top - all[i].getBoundingClientRect().top)));
    assert.ok(gaps.length > 8 && new Set(gaps).size === 1, `${tag}: ${gaps}`);
    const out = page.locator('.menu form[action="/sign-out"] button');
    assert.ok(await out.evaluate((e) => { const r = e.getBoundingClientRect(); return r.bottom <= innerHeight && document.elementFromPoint(r.left + 20, r.top + r.height / 2) === e; }), tag);
    if (tag === 'sv') await screenshot(page, 'menu-sv');
    await page.context().close();
  }
});
