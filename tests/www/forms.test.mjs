// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The form of a new ticket (journey 8): questions that follow from answers, what
// the browser fills in by itself, files over a network that is cut, what is missing,
// and what the ticket shows to whom.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql, until } from '../lib/instance.mjs';
import { png } from '../lib/pictures.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, give, openPage, press, sound } from './browse.mjs';

after(closeBrowser);

const texts = {
  problem: { en: 'Something is broken', sv: 'Något är trasigt', ja: '不具合の報告' }, wish: { en: 'A wish', sv: 'Ett önskemål', ja: '要望' },
  who: { en: 'Who is affected?', sv: 'Vem berörs?', ja: '影響を受ける人' }, all: { en: 'Everybody', sv: 'Alla', ja: '全員' }, some: { en: 'Some people', sv: 'Några', ja: '一部' },
  profiles: { en: 'Which profiles?', sv: 'Vilka profiler?', ja: 'どのプロファイル' }, pupils: { en: 'Pupils', sv: 'Elever', ja: '生徒' }, teachers: { en: 'Teachers', sv: 'Lärare', ja: '教師' },
  since: { en: 'Since when?', sv: 'Sedan när?', ja: 'いつから' }, again: { en: 'Can you repeat it?', sv: 'Kan du upprepa det?', ja: '再現できますか' },
  device: { en: 'Your device', sv: 'Din enhet', ja: '端末' }, cost: { en: 'What it costs us', sv: 'Vad det kostar oss', ja: '費用' },
};
const long = randomBytes(3_000_000);
const shot = Buffer.from(png(640, 400));
const clip = readFileSync(new URL('clip.webm', import.meta.url));
let w;
before(async () => {
  w = await makeWorld({ only: ['member', 'second', 'agent', 'admin'] });
  const make = async (path, body, method = 'POST') => {
    const answer = await api(w.admin, method, path, body);
    assert.ok(answer.status < 300, answer.text);
  };
  const options = (...keys) => keys.map((key) => ({ key, labels: texts[key] }));
  const field = (key, kind, more) => make('/api/fields', { key, kind, labels: texts[key], ...more });
  const ask = (key, more) => make('/api/types/problem/fields', { field: key, ...more });
  await make('/api/types', { key: 'problem', labels: texts.problem });
  await make('/api/types', { key: 'wish', labels: texts.wish, is_problem: false });
  await field('who', 'one_of', { options: options('all', 'some') });
  await field('profiles', 'several_of', { options: options('pupils', 'teachers'), help: { en: 'As they are called in the portal.', sv: 'Som de heter i portalen.', ja: 'ポータルでの名称' } });
  for (const [key, kind] of [['since', 'date'], ['again', 'yes_no'], ['device', 'facts'], ['cost', 'number']]) await field(key, kind);
  await ask('who', { required: true, weight: 3 });
  await ask('profiles', { required: true, weight: 2, condition: { all: [{ field: 'who', is: ['some'] }] } });
  for (const key of ['since', 'again', 'device', 'cost']) await ask(key);
  await make('/api/types/problem', { rules: [{ condition: { all: [{ field: 'who', is: ['some'] }] }, priority: 'high' }] }, 'PATCH');
  await make('/api/fields/cost/policy', { role: 'member', access: 'hidden' }, 'PATCH');
});

// Three files while the network goes away in the middle of the longest: nothing is
// sent without them, what is typed stays, and they go on by themselves.
async function files(page, lang) {
  const list = page.locator('form.form .file-list');
  const context = page.context();
  let parts = 0;
  await context.route('**/api/files/*', async (route) => {
    if (route.request().method() === 'PATCH' && ++parts === 2) await context.setOffline(true);
    await route.continue();
  });
  await page.locator('input[type=file]').setInputFiles([{ name: '../../long.log', mimeType: 'text/plain', buffer: long }]);
  await page.locator('.offline').waitFor();
  await context.unroute('**/api/files/*');
  await give(page, '#description', 'paste', 'image.png', shot);
  await give(page, '#description', 'drop', 'clip.webm', clip);
  await page.locator('#description').press('End');
  await page.locator('#description').pressSequentially(' In the tunnel.');
  await press(page, page.locator('form.form button[type=submit]'));
  await page.locator('.summary', { hasText: said(lang, 'app.files.wait') }).waitFor();
  const kept = Number(await psql('postgres', `select received from app.files where tenant_id = ${w.tenant} and name = 'long.log' and ticket_id is null`));
  assert.ok(kept > 0 && kept < long.length, `cut in the middle: ${kept}`);
  await sound(page, 'files that wait for the network');
  await screenshot(page, `forms-offline-${lang}`);
  await context.setOffline(false);
  await until('all are there', async () => await list.locator('[data-state=done]').count() === 3);
  assert.equal(await page.locator('#description').inputValue(), 'It prints nothing. In the tunnel.');
}

// They are in the ticket, whole; the video plays there, fetched in ranges.
async function filesOf(page, ranges) {
  const video = page.locator('.msg video');
  await video.evaluate((e) => e.play());
  await until('it plays', () => video.evaluate((e) => e.videoWidth > 0 && e.currentTime > 0));
  assert.match(ranges.join('\n'), /^bytes=\d+-\d* video\/webm$/m);
  await until('the picture is shown', () => page.locator('.file-picture img').evaluate((e) => e.naturalWidth === 640));
  const number = page.url().split('/').pop();
  const all = (await api(w.member, 'GET', `/api/tickets/${number}`)).json.files;
  assert.deepEqual(all.map((f) => f.name).sort(), ['clip.webm', 'image.png', 'long.log']);
  const { id } = all.find((f) => f.name === 'long.log');
  assert.ok((await api(w.member, 'GET', `/api/tickets/${number}/files/${id}`)).body.equals(long), 'not a byte is lost');
}

for (const [lang, width, dark] of [['en', 1280, false], ['ja', 390, true], ['qps', 390, false]]) {
  const touch = width < 768;
  test(`N4, N6: a new ticket: questions, files, a network that is cut: ${lang}, ${width} px${touch ? ', by touch' : ''}`, async () => {
    const say = (key) => texts[key][lang] ?? texts[key].en;
    const page = await openPage({ session: w.member, lang: lang === 'qps' ? 'en' : lang, width, dark, touch });
    page.expected = [/422/, /ERR_INTERNET_DISCONNECTED/];
    const ranges = [];
    page.on('response', (r) => { if (r.status() === 206) ranges.push(`${r.request().headers().range} ${r.headers()['content-type']}`); });
    const check = async (box) => { if (!await box.isChecked()) await press(page, box); };
    const sendIt = () => press(page, page.locator('form.form button[type=submit]'));
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/tickets/new');
    await page.locator('#type').waitFor();
    assert.deepEqual(await page.locator('#type option').allTextContents(), [say('problem'), say('wish')]);
    await page.locator('#title').fill(`Printer ${lang}`);
    await page.locator('#description').fill('It prints nothing.');
    assert.equal(await page.getByText(say('cost')).count(), 0, 'what is hidden is not asked');
    assert.equal(await page.getByText(say('profiles')).count(), 0, 'nor what does not follow');
    // What the browser knows is there, and can be corrected.
    const version = page.locator('[id="fields.device-version"]');
    assert.match(await version.inputValue(), /^\d+/);
    assert.match(await page.locator('[id="fields.device-portal_id"]').inputValue(), /^\d+$/);
    assert.equal(await page.locator('[id="fields.device-time_zone"]').inputValue(), 'Europe/Rome');
    await version.fill('99.1');
    await sound(page, 'the form');
    await files(page, lang);

    // What is missing is said, each with a link to it.
    await sendIt();
    const summary = page.locator('.summary');
    await press(page, summary.getByRole('link', { name: new RegExp(`^${say('who').replace('?', '\\?')}`) }));
    assert.equal(await page.evaluate(() => document.activeElement.id), 'fields.who');
    await page.locator('[id="fields.who"]').selectOption('some');
    await summary.waitFor({ state: 'detached' });
    const group = page.getByRole('group', { name: say('profiles') });
    await group.waitFor();
    await sendIt();
    await summary.getByRole('link', { name: new RegExp(`^${say('profiles').replace('?', '\\?')}`) }).waitFor();
    await sound(page, 'what is missing');
    await screenshot(page, `forms-missing-${lang}`);
    const before_ = Number(await page.locator('meter').getAttribute('value'));
    await check(group.getByLabel(say('pupils')));
    assert.ok(Number(await page.locator('meter').getAttribute('value')) > before_, 'the meter rises');
    // A reload costs nothing.
    await page.reload();
    await group.waitFor();
    assert.equal(await group.getByLabel(say('pupils')).isChecked(), true);
    assert.equal(await version.inputValue(), '99.1');
    await until('the files too', async () => await page.locator('form.form .file[data-state=done]').count() === 3);
    await page.locator('[id="fields.since"]').fill('2026-11-20');
    await check(page.getByRole('group', { name: say('again') }).getByLabel(said(lang, 'forms.yes')));
    await screenshot(page, `forms-filled-${lang}`);
    if (dark) {
      // Cut when it is sent: nothing is lost, and nothing is there twice.
      await page.context().setOffline(true);
      await sendIt();
      await summary.filter({ hasText: said(lang, 'err.network') }).waitFor();
      await page.context().setOffline(false);
    }
    await sendIt();
    await page.waitForURL(/\/t\/\d+$/);
    assert.equal(await psql('postgres', `select count(*) from app.tickets where tenant_id = ${w.tenant} and title = 'Printer ${lang}'`), '1');

    // The ticket has it, and the member changes an answer.
    const side = page.locator('.side-form');
    // Narrow, all of it is folded away before the conversation.
    if (width < 960) await press(page, page.getByText(said(lang, 'portal.ticket.details'), { exact: true }));
    await side.getByRole('heading', { name: say('problem') }).waitFor();
    await side.getByText('99.1').waitFor();
    await side.getByText(say('pupils')).waitFor();
    await filesOf(page, ranges);
    await sound(page, 'the ticket');
    await screenshot(page, `forms-ticket-${lang}`);
    await press(page, side.getByRole('button', { name: said(lang, 'forms.edit') }));
    await sound(page, 'changing');
    await page.locator('[id="edit.who"]').selectOption('all');
    await page.getByRole('group', { name: say('profiles') }).waitFor({ state: 'detached' });
    await press(page, side.getByRole('button', { name: said(lang, 'forms.save') }));
    await side.getByText(say('all')).waitFor();
    assert.equal(await side.getByText(say('pupils')).count(), 0, 'with the answer goes what followed from it');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'form-title');
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((n) => n.startsWith('files:'))), [], 'the next one begins without files');
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  });
}

test('S3: an agent sees what the answers propose and why, and what customers don\'t', async () => {
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'Proposed', description: 'x', fields: { who: 'some', profiles: ['teachers'] } })).json;
  const page = await openPage({ session: w.agent });
  await page.goto(`/agent/t/${number}`);
  const side = page.locator('.side-form');
  await side.getByText('Proposed priority: High. Who is affected?: Some people').waitFor();
  // What nobody has answered is one line, until one looks.
  const since = side.getByText(texts.since.en);
  assert.equal(await since.isVisible(), false);
  await side.getByText('4 questions without an answer').click();
  await since.waitFor();
  // The texts of its parts come at once, and none is lost.
  await page.locator('.side-access').waitFor();
  assert.doesNotMatch(await page.locator('main').innerText(), /\b(forms|access)\.\w/);
  await sound(page, 'the agent\'s ticket');
  await side.getByRole('button', { name: 'Change answers' }).click();
  await page.getByLabel(texts.cost.en).fill('12.5');
  await page.locator('[id="edit.type"]').selectOption('wish');
  await sound(page, 'changing at the desk');
  await page.locator('[id="edit.type"]').selectOption('problem');
  await side.getByRole('button', { name: 'Save' }).click();
  await side.getByText('12.5').waitFor();
  await screenshot(page, 'forms-agent');
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});

test('N4: who is named in an answer is shown as long as they are, by the draft too', async () => {
  const make = async (path, body) => assert.equal((await api(w.admin, 'POST', path, body)).status, 201);
  await make('/api/fields', { key: 'colleague', kind: 'person', labels: { en: 'Who else?' } });
  await make('/api/types/problem/fields', { field: 'colleague' });
  const page = await openPage({ session: w.member });
  await page.goto('/tickets/new');
  const who = page.locator('[id="fields.colleague"]');
  await who.pressSequentially(w.people.second.name);
  await page.getByRole('option', { name: w.people.second.name }).click();
  await page.reload();
  await page.waitForFunction((name) => document.getElementById('fields.colleague')?.value === name, w.people.second.name);
  await page.getByRole('button', { name: said('en', 'app.draft.discard') }).click();
  await page.waitForFunction(() => document.getElementById('fields.colleague').value === '');

  // One problem a ticket: another one begins with its type, its people and what is known of the browser.
  await page.locator('#type').selectOption('problem');
  await page.locator('[id="fields.device-version"]').fill('99.2');
  await page.locator('[id="fields.who"]').selectOption('all');
  await page.locator('#title').fill('The first');
  await page.locator('#description').fill('It is one.');
  await page.getByRole('button', { name: said('en', 'portal.people.add') }).click();
  await page.locator('#cc').fill(w.people.second.email);
  await page.locator('#cc').press('Enter');
  await page.locator('form.form button[type=submit]').click();
  await page.waitForURL(/\/t\/\d+$/);
  const another = page.getByRole('link', { name: said('en', 'portal.new.another') });
  await another.waitFor();
  await sound(page, 'sent');
  await another.click();
  await page.waitForFunction(() => document.getElementById('fields.device-version')?.value === '99.2');
  await page.locator('.chips .chip', { hasText: w.people.second.email }).waitFor();
  assert.deepEqual(await Promise.all(['#title', '#description', '[id="fields.who"]'].map((e) => page.locator(e).inputValue())), ['', '', '']);
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});
