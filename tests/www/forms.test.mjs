// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The form of a new ticket (journey 8, but for its files): questions that follow
// from answers, what the browser fills in by itself, what is missing, and what the
// ticket shows to whom.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, openPage, sound } from './browse.mjs';

after(closeBrowser);

const texts = {
  problem: { en: 'Something is broken', sv: 'Något är trasigt', ja: '不具合の報告' }, wish: { en: 'A wish', sv: 'Ett önskemål', ja: '要望' },
  who: { en: 'Who is affected?', sv: 'Vem berörs?', ja: '影響を受ける人' }, all: { en: 'Everybody', sv: 'Alla', ja: '全員' }, some: { en: 'Some people', sv: 'Några', ja: '一部' },
  profiles: { en: 'Which profiles?', sv: 'Vilka profiler?', ja: 'どのプロファイル' }, pupils: { en: 'Pupils', sv: 'Elever', ja: '生徒' }, teachers: { en: 'Teachers', sv: 'Lärare', ja: '教師' },
  since: { en: 'Since when?', sv: 'Sedan när?', ja: 'いつから' }, again: { en: 'Can you repeat it?', sv: 'Kan du upprepa det?', ja: '再現できますか' },
  device: { en: 'Your device', sv: 'Din enhet', ja: '端末' }, cost: { en: 'What it costs us', sv: 'Vad det kostar oss', ja: '費用' },
};
let w;
before(async () => {
  w = await makeWorld({ only: ['member', 'agent', 'admin'] });
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

for (const [lang, width, dark] of [['en', 1280, false], ['sv', 390, true], ['ja', 390, false]]) {
  test(`N4: questions of a type, answered, shown and changed: ${lang}, ${width} px`, async () => {
    const say = (key) => texts[key][lang];
    const page = await openPage({ session: w.member, lang, width, dark });
    page.expected = [/422/];
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/tickets/new');
    const form = page.locator('form.form');
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

    // What is missing is said, each with a link to it.
    await form.locator('button[type=submit]').click();
    const summary = page.locator('.summary');
    await summary.getByRole('link', { name: new RegExp(`^${say('who').replace('?', '\\?')}`) }).click();
    assert.equal(await page.evaluate(() => document.activeElement.id), 'fields.who');
    await page.locator('[id="fields.who"]').selectOption('some');
    const group = page.getByRole('group', { name: say('profiles') });
    await group.waitFor();
    await form.locator('button[type=submit]').click();
    await summary.getByRole('link', { name: new RegExp(`^${say('profiles').replace('?', '\\?')}`) }).waitFor();
    await sound(page, 'what is missing');
    await screenshot(page, `forms-missing-${lang}`);
    const before_ = Number(await page.locator('meter').getAttribute('value'));
    await group.getByLabel(say('pupils')).check();
    assert.ok(Number(await page.locator('meter').getAttribute('value')) > before_, 'the meter rises');
    // A reload costs nothing.
    await page.reload();
    await group.waitFor();
    assert.equal(await group.getByLabel(say('pupils')).isChecked(), true);
    assert.equal(await version.inputValue(), '99.1');
    await page.locator('[id="fields.since"]').fill('2026-11-20');
    await page.getByRole('group', { name: say('again') }).getByLabel(said(lang, 'forms.yes')).check();
    await screenshot(page, `forms-filled-${lang}`);
    await form.locator('button[type=submit]').click();
    await page.waitForURL(/\/t\/\d+$/);

    // The ticket has it, and the member changes an answer.
    const side = page.locator('.side-form');
    await side.getByRole('heading', { name: say('problem') }).waitFor();
    await side.getByText('99.1').waitFor();
    await side.getByText(say('pupils')).waitFor();
    await sound(page, 'the ticket');
    await screenshot(page, `forms-ticket-${lang}`);
    await side.getByRole('button', { name: said(lang, 'forms.edit') }).click();
    await sound(page, 'changing');
    await page.locator('[id="edit.who"]').selectOption('all');
    await page.getByRole('group', { name: say('profiles') }).waitFor({ state: 'detached' });
    await side.getByRole('button', { name: said(lang, 'forms.save') }).click();
    await side.getByText(say('all')).waitFor();
    assert.equal(await side.getByText(say('pupils')).count(), 0, 'with the answer goes what followed from it');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'form-title');
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  });
}

test('S1: an agent sees what the answers propose and why, and what customers don\'t', async () => {
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'Proposed', description: 'x', fields: { who: 'some', profiles: ['teachers'] } })).json;
  const page = await openPage({ session: w.agent });
  await page.goto(`/agent/t/${number}`);
  const side = page.locator('.side-form');
  await side.getByText('Proposed priority: High. Who is affected?: Some people').waitFor();
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
