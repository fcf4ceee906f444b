// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Service status (T8): what agents publish, and what everybody reads, with and without scripts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql } from '../lib/instance.mjs';
import { mails } from '../lib/mails.mjs';
import { said } from '../lib/texts.mjs';
import { api, makeWorld } from '../http/world.mjs';
import { answerTo, bare, complaints, openPage, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['member', 'agent'] }); });
after(closeBrowser);

const clean = async (page) => {
  assert.deepEqual(complaints(page), []);
  await page.context().close();
};
const at = async (hours) => psql('postgres', `select to_char(date_trunc('day', now() + interval '2 days') + interval '${hours} hours', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`);

test('T8: agents keep parts, an incident and maintenance by their page', async () => {
  const desk = await openPage({ session: w.agent });
  await desk.goto('/agent');
  await desk.locator('.menu > summary').last().click();
  await desk.getByRole('link', { name: 'Service status' }).click();
  await desk.getByRole('heading', { level: 1, name: 'Service status' }).waitFor();
  await sound(desk, 'service status, nothing yet');
  const section = (name) => desk.locator('section', { has: desk.getByRole('heading', { name, exact: true }) });
  const parts = section('Parts of the service');
  await parts.getByRole('button', { name: 'Add a part' }).click();
  await parts.locator('#component-new-0-name-en').fill('Mail');
  await answerTo(desk, 'POST', /^\/api\/components$/, () => parts.getByRole('button', { name: 'Save' }).click());
  await parts.getByRole('button', { name: 'Change: Mail' }).click();
  const below = section('Parts of Mail').last();
  await below.getByRole('button', { name: 'Add a part' }).click();
  await below.locator('input[id$=-name-en]').fill('Inbound');
  await below.locator('input[id$=-name-ja]').fill('受信');
  await answerTo(desk, 'POST', /^\/api\/components$/, () => below.getByRole('button', { name: 'Save' }).click());
  await below.getByRole('button', { name: 'Change: Inbound' }).waitFor();
  await sound(desk, 'a part with parts');

  const now = section('What goes on and is planned');
  await now.getByRole('button', { name: 'Report an incident' }).click();
  // What is missing is said, and nothing is lost.
  desk.expected.push(/status of 422/);
  await now.locator('#new-incident-title-en').fill('Mail is late');
  await now.locator('#new-incident-title-ja').fill('メールが遅れています');
  await now.getByLabel('Inbound').check();
  await now.locator('#new-incident-impact').selectOption('major');
  await answerTo(desk, 'POST', /^\/api\/incidents$/, () => now.getByRole('button', { name: 'Publish' }).click());
  await desk.getByRole('alert').waitFor();
  assert.equal(await now.locator('#new-incident-title-en').inputValue(), 'Mail is late');
  await now.locator('#new-incident-text-en').fill('We look into it.\nMore in an hour.');
  await sound(desk, 'an incident is written');
  await screenshot(desk, 'status-desk-new');
  await answerTo(desk, 'POST', /^\/api\/incidents$/, () => now.getByRole('button', { name: 'Publish' }).click());
  await now.getByRole('button', { name: 'Change: Mail is late' }).click();
  await now.getByRole('heading', { name: 'Tell more' }).waitFor();
  await now.getByLabel('How far it is').selectOption('identified');
  await now.locator('textarea[id^=say-][id$=-text-en]').fill('A queue was full.');
  await answerTo(desk, 'POST', /^\/api\/incidents\/\d+\/updates$/, () => now.getByRole('button', { name: 'Publish' }).click());
  await now.getByText('A queue was full.').waitFor();
  await now.locator('.make-row', { hasText: 'Cause found' }).waitFor();
  await sound(desk, 'more was said');
  await screenshot(desk, 'status-desk');
  await clean(desk);
  // On one day: its date is told once.
  assert.equal((await api(w.agent, 'POST', '/api/incidents', { kind: 'maintenance', titles: { en: 'New disks' }, texts: { en: 'Mail pauses.' }, starts_at: await at(9), ends_at: await at(11) })).status, 201);
});

test('T8: everybody reads it, with and without scripts', async () => {
  const made = (await api(w.agent, 'POST', '/api/incidents', { kind: 'incident', titles: { en: 'Print was down' }, texts: { en: 'It prints again.' }, stage: 'resolved' })).json.made;
  await api(w.agent, 'PATCH', `/api/incidents/${made}`, { postmortems: { en: 'A paper jam.' } });
  for (const [lang, width, dark, javaScript] of [['en', 1280, false, true], ['en', 390, true, false], ['ja', 390, false, true], ['qps', 390, true, true]]) {
    const page = await openPage({ host: w.host.town, lang, width, dark, javaScript });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    const check = async (what) => {
      if (javaScript) await sound(page, `${what}, ${lang}`);
      await screenshot(page, `${what.replace(/\W+/g, '-')}-${lang}-${width}`);
    };
    await page.goto('/');
    await page.getByRole('link', { name: 'New disks' }).waitFor();
    await check('status home');
    await page.goto('/status');
    await page.getByRole('heading', { level: 1, name: said(lang, 'service.title') }).waitFor();
    const incident = page.locator('article', { has: page.getByRole('link', { name: lang === 'ja' ? 'メールが遅れています' : 'Mail is late' }) });
    await incident.getByText('A queue was full.').waitFor();
    assert.equal(await incident.getByText('A queue was full.').getAttribute('lang'), lang === 'en' ? null : 'en', 'of another language it says which');
    if (lang === 'ja') await page.locator('.status-parts').getByText('受信').waitFor();
    const [from, to] = await page.locator('article', { hasText: 'New disks' }).locator('.status-said > p time').allInnerTexts();
    assert.ok(from.includes('09:00') && /^11:00/.test(to), `the date once: ${from} – ${to}`);
    await check('status page');
    await page.getByRole('link', { name: said(lang, 'service.history') }).click();
    await page.getByRole('heading', { level: 1, name: said(lang, 'service.history') }).waitFor();
    await check('status history');
    await page.getByRole('link', { name: 'Print was down' }).click();
    await page.getByText('A paper jam.').waitFor();
    await check('status incident');
    await clean(page);
  }
});

test('T8: journey 3: one subscribes and is affected without scripts, and hears of the end; the desk sees whom it reaches, and what a ticket comes of', async () => {
  const made = (await api(w.agent, 'POST', '/api/incidents', { kind: 'incident', titles: { en: 'Login fails' }, texts: { en: 'We look.' } })).json.made;
  const out = await openPage({ host: w.host.town, lang: 'sv', width: 390, javaScript: false });
  await out.context().addCookies([{ name: 'lang', value: 'sv', url: out.base }]);
  await out.goto('/');
  await out.getByRole('link', { name: 'Login fails' }).waitFor();
  await bare(out, 'home, with an incident');
  await out.goto('/status');
  await bare(out, 'status, with an incident');
  await out.getByRole('link', { name: said('sv', 'updates.title') }).click();
  await bare(out, 'updates by mail');
  await out.getByLabel(said('sv', 'signin.email')).fill(`${w.mark}@people.example`);
  await out.getByLabel('Inbound').check();
  await screenshot(out, 'status-subscribe');
  await out.getByRole('button', { name: said('sv', 'updates.send') }).click();
  await out.getByRole('status').waitFor();
  await screenshot(out, 'status-subscribe-sent');
  const [mail] = await mails({ to: `${w.mark}@people.example`, about: '/status/subscribe/' });
  await out.goto(new URL(mail.text.split(/\s+/).find((word) => word.includes('/status/subscribe/'))).pathname);
  await screenshot(out, 'status-subscribe-link');
  await bare(out, 'the link of the mail');
  await out.getByRole('button', { name: said('sv', 'updates.yes') }).click();
  await out.getByRole('status').waitFor();
  await clean(out);

  const page = await openPage({ session: w.member, width: 390, dark: true });
  await page.goto('/status/subscribe');
  await sound(page, 'updates by mail, signed in');
  await page.getByRole('button', { name: 'Get updates' }).click();
  await page.getByRole('button', { name: 'Get no more updates' }).waitFor();
  await sound(page, 'updates by mail, subscribed');
  await screenshot(page, 'status-subscribed');
  await page.goto(`/status/${made}`);
  await sound(page, 'am I affected');
  await screenshot(page, 'status-affected-ask');
  await page.getByRole('button', { name: 'I’m affected too' }).click();
  await page.getByRole('button', { name: 'It does not affect me' }).waitFor();
  assert.equal(new URL(page.url()).pathname, `/status/${made}`);
  await sound(page, 'affected');

  // Beside a new ticket too: taken back there, and said again.
  await page.goto('/tickets/new');
  const mine = page.getByRole('button', { name: 'I’m affected too: Login fails' });
  for (const now of ['false', 'true']) {
    await answerTo(page, 'POST', /^\/api\/incidents\/\d+\/affected$/, () => mine.click());
    await page.locator(`button[aria-pressed="${now}"]`, { hasText: 'I’m affected too' }).first().waitFor();
  }
  await sound(page, 'affected, before a ticket');
  await screenshot(page, 'status-before');

  const number = (await api(w.member, 'POST', '/api/tickets', { title: 'I cannot log in', description: 'x' })).json.number;
  const desk = await openPage({ session: w.agent });
  await desk.goto('/agent/status');
  await desk.getByRole('button', { name: 'Change: Login fails' }).click();
  await desk.getByText('2 addresses get it by mail.').or(desk.getByText('1 address gets it by mail.')).waitFor();
  await desk.getByText('1 person says that it affects them').waitFor();
  await sound(desk, 'whom it reaches');
  await screenshot(desk, 'status-reach');
  await desk.goto(`/agent/t/${number}`);
  await desk.getByRole('button', { name: 'Link to an incident' }).click();
  await desk.getByLabel('Comes of').selectOption({ label: 'Login fails' });
  await desk.getByRole('button', { name: 'Unlink the incident' }).waitFor();
  await sound(desk, 'a ticket of an incident');
  await screenshot(desk, 'status-ticket-desk');
  await page.goto(`/t/${number}`);
  await page.locator('summary', { hasText: 'Details' }).click();
  await page.getByRole('link', { name: 'Login fails' }).last().waitFor();
  await page.getByText('Comes of the incident').waitFor();
  await sound(page, 'a ticket of an incident, for its customer');
  await screenshot(page, 'status-ticket');

  // It is over: whoever subscribed reads so.
  const began = Date.now();
  await desk.goto('/agent/status');
  await desk.getByRole('button', { name: 'Change: Mail is late' }).click();
  await desk.getByLabel('How far it is').selectOption('resolved');
  await desk.locator('textarea[id^=say-][id$=-text-en]').fill('The queue is empty.');
  await answerTo(desk, 'POST', /^\/api\/incidents\/\d+\/updates$/, () => desk.getByRole('button', { name: 'Publish' }).click());
  const [end] = await mails({ to: `${w.mark}@people.example`, since: began, about: 'The queue is empty.' });
  assert.match(end.subject, /Mail is late/);
  await clean(desk);
  await clean(page);
});
