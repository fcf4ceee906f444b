// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Making a form (journey 23): a type, fields, their texts in two languages, an order
// by keys and by dragging, a condition, who sees what; the preview says it as the
// customer then gets it.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { api, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { said } from '../lib/texts.mjs';
import { complaints, openPage, sound } from './browse.mjs';

after(closeBrowser);

const sending = (page, act, method = 'PATCH') => Promise.all([
  page.waitForResponse((r) => r.request().method() === method && /\/api\/(types|fields)/.test(r.url())), act()]).then(([answer]) => answer);

for (const [lang, width, dark] of [['en', 1280, false], ['de', 390, true]]) {
  test(`V3: a form is made, previewed, and is what customers get: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['member', 'agent', 'admin'] });
    const text = (key, values) => said(lang, key, values);
    const page = await openPage({ session: w.admin, lang, width, dark });
    page.expected = [/422/];
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/agent');
    await page.locator('.menu > summary').last().click();
    await page.getByRole('link', { name: text('site.admin') }).click();
    await page.locator('main').getByRole('link', { name: text('site.forms') }).click();
    await page.waitForURL(/\/agent\/forms$/);
    await page.locator('#new-type-en').fill('Something is broken');
    await page.locator('#new-type-de').fill('Etwas ist kaputt');
    await sound(page, 'nothing yet');
    await sending(page, () => page.getByRole('button', { name: text('make.type.make') }).click(), 'POST');

    // Two fields, one that chooses.
    const field = async (kind, en, de, options = []) => {
      await page.locator('summary', { hasText: text('make.field.new') }).click();
      await page.locator('#new-label-en').fill(en);
      await page.locator('#new-label-de').fill(de);
      await page.locator('#new-kind').selectOption(kind);
      for (const [n, [oen, ode]] of options.entries()) {
        await page.getByRole('button', { name: text('make.options.add') }).click();
        const id = n ? `o_${n + 1}` : 'o';
        await page.locator(`#option-${id}-en`).fill(oen);
        await page.locator(`#option-${id}-de`).fill(ode);
      }
      await sending(page, () => page.getByRole('button', { name: text('make.field.make') }).click(), 'POST');
      await page.locator('summary', { hasText: text('make.field.new') }).click();
    };
    await field('one_of', 'Where?', 'Wo?', [['Everywhere', 'Überall'], ['In one place', 'An einer Stelle']]);
    await field('text', 'Which place?', 'An welcher Stelle?');
    await field('number', 'Our effort', 'Unser Aufwand');
    // A key is made of the label that its maker reads.
    const [where, which, effort] = { en: ['where', 'which_place', 'our_effort'], de: ['wo', 'an_welcher_stelle', 'unser_aufwand'] }[lang];
    for (const key of [which, where, effort]) {
      await page.locator('#add-field').selectOption(key);
      await sending(page, () => page.getByRole('button', { name: text('make.add.button'), exact: true }).click(), 'POST');
    }
    const name = { en: ['Which place?', 'Where?', 'Our effort'], de: ['An welcher Stelle?', 'Wo?', 'Unser Aufwand'] }[lang];
    const rows = page.locator('ol.make-list > li bdi');
    assert.deepEqual(await rows.allTextContents(), name);

    // The order by keys: the button keeps the focus.
    await page.locator(`#up-${where}`).focus();
    await sending(page, () => page.keyboard.press('Enter'));
    await page.waitForFunction((first) => document.querySelector('ol.make-list > li bdi').textContent === first, name[1]);
    await page.waitForFunction((id) => document.activeElement.id === id, `up-${where}`);
    await sound(page, 'a form');

    // One that must be answered; one that is asked by its answer.
    const row = (n) => page.locator('ol.make-list > li').filter({ hasText: n });
    const change = (n) => page.getByRole('button', { name: text('make.change.what', { what: n }) });
    await change(name[1]).first().click();
    await row(name[1]).getByLabel(text('make.required')).check();
    await sending(page, () => row(name[1]).getByRole('button', { name: text('forms.save') }).click(), 'POST');
    await change(name[1]).first().click();
    await change(name[0]).first().click();
    await page.locator(`#ask-${which}-add`).selectOption(where);
    await page.getByLabel({ en: 'In one place', de: 'An einer Stelle' }[lang]).first().check();
    await page.getByLabel({ en: 'Everywhere', de: 'Überall' }[lang]).first().uncheck();
    await sound(page, 'a condition');
    await screenshot(page, `make-condition-${lang}`);
    await sending(page, () => row(name[0]).getByRole('button', { name: text('forms.save') }).click(), 'POST');
    await change(name[0]).first().click();

    // Hidden from members: gone from the customer's preview, not from the agent's.
    const side = page.locator('.make-side');
    await side.getByText(name[2]).waitFor();
    await change(name[2]).last().click();
    await sending(page, () => page.locator(`#policy-${effort}-member`).selectOption('hidden'));
    await side.getByText(name[2]).waitFor({ state: 'detached' });
    await sound(page, 'who sees it');
    await screenshot(page, `make-policy-${lang}`);
    await side.getByRole('button', { name: text('make.preview.agent') }).click();
    await side.getByText(name[2]).waitFor();
    await side.getByRole('button', { name: text('make.preview.member') }).click();
    // The preview is live.
    assert.equal(await side.getByText(name[0]).count(), 0);
    await side.locator(`[id="preview.${where}"]`).selectOption('o_2');
    await side.getByText(name[0]).waitFor();
    await screenshot(page, `make-${lang}`);

    // What waits for itself is refused, in words.
    await change(name[1]).first().click();
    await sending(page, () => row(name[1]).getByRole('button', { name: text('make.take_out') }).click(), 'DELETE');
    await page.locator('.summary', { hasText: text('err.field.used') }).waitFor();
    await sound(page, 'refused');

    // The customer gets exactly that.
    const theirs = await openPage({ session: w.member, lang, width });
    await theirs.context().addCookies([{ name: 'lang', value: lang, url: theirs.base }]);
    await theirs.goto('/tickets/new');
    await theirs.getByLabel(name[1]).selectOption('o_2');
    await theirs.getByLabel(name[0]).waitFor();
    assert.equal(await theirs.getByText(name[2]).count(), 0);
    const forms = await api(w.member, 'GET', '/api/forms');
    assert.deepEqual(forms.json.types[0].fields.map((f) => [f.key, f.required]), [[where, true], [which, false]]);
    for (const p of [page, theirs]) {
      assert.deepEqual(complaints(p), []);
      await p.context().close();
    }
  });
}

test('N4: the ready-made problem report, and its questions as a customer gets them', async () => {
  const w = await makeWorld({ only: ['member', 'agent', 'admin'] });
  const page = await openPage({ session: w.admin });
  await page.goto('/agent/forms');
  await sending(page, () => page.getByRole('button', { name: said('en', 'make.ready') }).click(), 'POST');
  await page.locator('ol.make-list > li').nth(15).waitFor();
  await sound(page, 'ready made');
  await screenshot(page, 'make-ready');
  const theirs = await openPage({ session: w.member, lang: 'ja', width: 390 });
  await theirs.context().addCookies([{ name: 'lang', value: 'ja', url: theirs.base }]);
  await theirs.goto('/tickets/new');
  await theirs.getByLabel('影響を受けているのは誰ですか').selectOption('one');
  await theirs.getByLabel('ユーザー名').waitFor();
  await sound(theirs, 'in Japanese');
  await screenshot(theirs, 'make-ready-ja');
  const { number } = (await api(w.member, 'POST', '/api/tickets', { title: 'x', description: 'x', fields: { affected: 'all', impact: 'blocks' } })).json;
  assert.equal((await api(w.agent, 'GET', `/api/tickets/${number}`)).json.ticket.form.proposal.priority, 'urgent');
  for (const p of [page, theirs]) {
    assert.deepEqual(complaints(p), []);
    await p.context().close();
  }
});

test('V3: fields are put in order by dragging, archived and used again', async () => {
  const w = await makeWorld({ only: ['admin'] });
  const make = async (path, body) => assert.equal((await api(w.admin, 'POST', path, body)).status, 201);
  await make('/api/types', { key: 'report', labels: { en: 'Report' } });
  for (const key of ['one', 'two', 'three']) {
    await make('/api/fields', { key, kind: 'text', labels: { en: key } });
    await make('/api/types/report/fields', { field: key });
  }
  const page = await openPage({ session: w.admin });
  await page.goto('/agent/forms');
  const rows = page.locator('ol.make-list > li');
  await rows.nth(2).waitFor();
  await sending(page, () => rows.nth(2).locator('.make-grip').dragTo(rows.nth(0)));
  await page.waitForFunction(() => document.querySelector('ol.make-list > li bdi').textContent === 'three');
  const change = page.getByRole('button', { name: 'Change: two' }).last();
  await change.click();
  await sending(page, () => page.getByRole('button', { name: 'Archive', exact: true }).click());
  await page.locator('ul.make-list > li', { hasText: 'archived' }).waitFor();
  await sending(page, () => page.getByRole('button', { name: 'Use again' }).click());
  await page.locator('ul.make-list > li', { hasText: 'archived' }).waitFor({ state: 'detached' });
  assert.deepEqual(complaints(page), []);
  await page.context().close();
});
