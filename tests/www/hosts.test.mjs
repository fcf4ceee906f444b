// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A portal at a host of the customer's own: claimed, proven, used; support from
// there where tickets are used and where they are not; who may not use support
// and who can, at either host. In English, Swedish and Japanese.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { api, makeSession, makeWorld } from '../http/world.mjs';
import { axeFindings, closeBrowser, screenshot, sidewaysOverflow } from '../lib/browser.mjs';
import { found, ownHost, ownName } from '../lib/hosts.mjs';
import { port, psql, until } from '../lib/instance.mjs';
import { text } from '../lib/texts.mjs';
import { answerTo, colourRules, complaints, openPage, rules, settled, sound } from './browse.mjs';

after(closeBrowser);

const words = (lang, key, args = {}) => text(lang, key).replace(/\{(\w+)\}/g, (_, name) => args[name]);
const site = (host, path = '/') => `https://${host}:${port.https}${path}`;
const setting = async (w, name, value) => assert.equal((await api(w.chief, 'PATCH', '/api/settings', { name, value })).status, 200);

// A town whose school has an administrator, without support; a host for each.
async function makeTown() {
  const w = await makeWorld({ only: ['chief', 'pupil'] });
  await psql('postgres', `update app.memberships set role = 'portal_admin' where tenant_id = ${w.tenant} and person_id = ${w.people.pupil.id}`);
  await setting(w, 'support_users', 'account_admin');
  return { ...w, own: { town: (await ownHost(w.tenant, w.portal.town)).host, school: (await ownHost(w.tenant, w.portal.school)).host } };
}

// ---- who may use support, at either host -----------------------------------------------

// Opens a ticket from the page where one is; where it stands then.
async function openTicket(page, lang, title) {
  await page.locator('#title').fill(title);
  await page.locator('#description').fill('It drips.');
  await page.getByRole('button', { name: words(lang, 'portal.new.submit') }).click();
  await page.waitForURL(/\/t\/\d+$/);
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  return new URL(page.url()).hostname;
}

// What the administrator of the school sees where support is.
async function seesWhoCan(page, w, lang, what) {
  await page.getByText(words(lang, 'support.not_allowed')).waitFor();
  await page.getByText(w.people.chief.name).waitFor();
  await page.getByText(w.people.chief.email).waitFor();
  assert.equal(await page.locator('main').getByRole('link', { name: words(lang, 'site.new_ticket') }).count(), 0);
  await sound(page, what);
}

for (const lang of ['en', 'sv']) {
  test(`T4, P7: tickets at the portal's own address alone, in ${lang}: a sub-portal's administrator sees who can, the account's opens one, from anywhere`, async () => {
    const w = await makeTown();
    const there = words(lang, 'arrived.text', { host: w.own.school });

    const pupil = await openPage({ session: w.pupil, host: w.own.school, lang });
    await pupil.goto('/');
    await pupil.getByText(words(lang, 'home.own.lead', { host: w.host.school })).waitFor();
    await sound(pupil, 'home of the own host');
    await pupil.getByRole('main').getByRole('link', { name: words(lang, 'site.new_ticket') }).click();
    await pupil.waitForURL(site(w.host.school, '/tickets/new'));
    await pupil.getByText(there).waitFor();
    await sound(pupil, 'the form, after arriving');
    await pupil.locator('#title').fill('Boiler');
    await pupil.locator('#description').fill('It drips.');
    pupil.expected.push(/status of 403/);
    await pupil.getByRole('button', { name: words(lang, 'portal.new.submit') }).click();
    const why = pupil.getByRole('alert').getByRole('link', { name: words(lang, 'err.support-not-allowed') });
    await why.waitFor();
    await sound(pupil, 'refused');
    await why.click();
    await seesWhoCan(pupil, w, lang, 'support, by that link');
    await pupil.goto(site(w.own.school, '/support'));
    await pupil.waitForURL(site(w.host.school, '/support'));
    await seesWhoCan(pupil, w, lang, 'support of the school');

    const chief = await openPage({ session: w.chief, host: w.own.town, lang });
    await chief.goto('/');
    await chief.getByRole('banner').getByRole('link', { name: words(lang, 'site.new_ticket') }).click();
    await chief.waitForURL(site(w.host.town, '/tickets/new'));
    await chief.getByText(words(lang, 'arrived.text', { host: w.own.town })).waitFor();
    assert.equal(await openTicket(chief, lang, `Boiler ${w.mark}`), w.host.town);
    await sound(chief, 'the ticket');
    // And back, still signed in.
    await chief.goto(site(w.own.town, '/support'));
    await chief.waitForURL(site(w.host.town, '/support'));
    await chief.getByRole('complementary', { name: words(lang, 'arrived.label') }).getByRole('link').click();
    await chief.waitForURL(site(w.own.town));
    await chief.locator('.menu summary').click();
    await chief.getByText(w.people.chief.email).waitFor();
    await chief.locator('.menu summary').click();
    await sound(chief, 'back');
    assert.deepEqual([...complaints(pupil), ...complaints(chief)], []);
  });

  test(`T4: tickets at the customer's own hosts too, in ${lang}: the same there, without leaving`, async () => {
    const w = await makeTown();
    await setting(w, 'tickets_on_white_label', 'yes');
    const pupil = await openPage({ session: w.pupil, host: w.own.school, lang });
    await pupil.goto('/support');
    assert.equal(pupil.url(), site(w.own.school, '/support'));
    await seesWhoCan(pupil, w, lang, 'support at the own host');

    const chief = await openPage({ session: w.chief, host: w.own.town, lang });
    await chief.goto('/');
    await sound(chief, 'home at the own host');
    await chief.getByRole('banner').getByRole('link', { name: words(lang, 'site.new_ticket') }).click();
    assert.equal(await openTicket(chief, lang, `Boiler ${w.mark}`), w.own.town);
    await sound(chief, 'the ticket');
    await chief.goto('/');
    await chief.getByText(`Boiler ${w.mark}`).waitFor();

    // Not any more: the page that is open learns it with its next question.
    await chief.goto('/tickets');
    await setting(w, 'tickets_on_white_label', 'no');
    chief.expected.push(/status of 403/);
    await chief.getByText(`Boiler ${w.mark}`).click();
    await chief.waitForURL((url) => url.hostname === w.host.town && /^\/t\/\d+$/.test(url.pathname));
    await chief.getByRole('heading', { level: 1, name: `Boiler ${w.mark}` }).waitFor();
    assert.deepEqual([...complaints(pupil), ...complaints(chief)], []);
  });
}

test('signed out, and without JavaScript: the reason, the form to sign in, the ticket', async () => {
  const w = await makeTown();
  const page = await openPage({ host: w.own.town, javaScript: false });
  await page.goto('/');
  await page.getByRole('main').getByRole('link', { name: 'New ticket' }).click();
  await page.waitForURL(site(w.host.town, '/sign-in?to=/tickets/new'));
  await page.getByText(`You come from ${w.own.town}`).waitFor();
  await page.locator('#email').fill(w.people.chief.email);
  await page.locator('#password').fill(w.people.chief.password);
  await page.locator('main button[type=submit]').click();
  await page.waitForURL(site(w.host.town, '/tickets/new'));
});

test('the page between, should it not lead on by itself', async () => {
  const w = await makeTown();
  const page = await openPage({ host: w.own.town });
  await page.route(/\/arrive\?/, (route) => route.fulfill({ status: 204 }));
  await page.goto('/elsewhere?to=/tickets/new');
  await page.getByText(`Tickets are opened and answered at ${w.host.town}.`).waitFor();
  await sound(page, 'the page between');
  await page.unroute(/\/arrive\?/);
  await page.getByRole('link', { name: `Continue to ${w.host.town}` }).click();
  await page.waitForURL(site(w.host.town, '/sign-in?to=/tickets/new'));
  assert.deepEqual(complaints(page), []);
});

for (const [lang, width, javaScript] of [['en', 1280, true], ['ja', 390, true], ['en', 390, false]]) {
  test(`nobody goes to the customer's own host signed in without saying so, in ${lang}, ${width} px, JavaScript ${javaScript ? 'on' : 'off'}`, async () => {
    const w = await makeTown();
    const page = await openPage({ session: w.chief, lang, width, javaScript });
    const t = (key, args) => words(lang, key, args);
    const asks = async () => {
      await page.goto(`/elsewhere?host=${w.own.town}&to=/me`);
      await page.waitForURL(/\/hand-over\?/);
      await page.getByRole('heading', { level: 1, name: t('handover.title') }).waitFor();
      await page.getByText(t('handover.text', { host: w.own.town, email: w.people.chief.email })).waitFor();
    };
    await asks();
    if (javaScript) await sound(page, 'the question');
    await screenshot(page, `hand-over-${lang}-${width}`);
    await page.getByRole('link', { name: t('handover.without') }).click();
    await page.waitForURL(site(w.own.town, '/sign-in?to=/me'));
    await asks();
    await page.getByRole('button', { name: t('handover.submit') }).click();
    await page.waitForURL(site(w.own.town, '/me'));
    if (!javaScript) return;
    await page.getByText(w.host.town, { exact: true }).waitFor();
    await sound(page, 'the profile there');
    assert.deepEqual(complaints(page), []);
  });
}

// ---- the page of hosts --------------------------------------------------------------------

for (const lang of ['en', 'ja']) {
  test(`T3: a host is claimed, proven and removed, in ${lang}`, async () => {
    const w = await makeWorld({ only: ['chief'] });
    const t = (key, args) => words(lang, key, args);
    const page = await openPage({ session: w.chief, lang });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto('/admin/hosts');
    await page.getByText(t('hosts.none')).waitFor();
    await sound(page, 'none yet');
    const box = page.getByLabel(t('hosts.host'), { exact: true });
    page.expected.push(/status of 422/);
    for (const [typed, code] of [['', 'required'], ['https://help.example', 'url'], ['192.0.2.1', 'address'], [`x.${w.host.town}`, 'reserved'], ['a b.example', 'host']]) {
      await box.fill(typed);
      await box.press('Enter');
      await page.getByText(t(`err.field.${code}`)).waitFor();
      assert.ok(await box.evaluate((e) => e === document.activeElement && e.getAttribute('aria-invalid') === 'true'), code);
    }
    await sound(page, 'a fault');

    const host = ownName();
    await box.fill(` ${host.toUpperCase()}. `);
    await box.press('Enter');
    const card = page.getByRole('region', { name: host });
    await card.getByText(t('hosts.state.waiting')).waitFor();
    await until('the focus is on it', () => card.getByRole('heading').evaluate((e) => e === document.activeElement));
    await sound(page, 'it waits');
    await card.getByRole('button', { name: t('hosts.copy.value') }).click();
    const proof = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(proof, /^sportello=[\w-]{43}$/);
    assert.equal((await answerTo(page, 'POST', /^\/api\/hosts\/\d+\/check$/, () => card.getByRole('button', { name: `${t('hosts.check')} ${host}` }).click())).status(), 201);

    // Its domain says so, and the open page tells.
    await found(host, proof.slice('sportello='.length));
    await card.getByText(t('hosts.state.on')).waitFor();
    await card.getByText(t('hosts.tickets.no', { host: w.host.town })).waitFor();
    await sound(page, 'in use');
    const there = await openPage({ session: await makeSession(w, 'chief'), host, lang });
    await there.goto('/me');
    await there.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(new URL(there.url()).pathname, '/me');

    await card.getByRole('button', { name: `${t('hosts.remove')} ${host}` }).click();
    await page.getByRole('dialog').getByText(t('hosts.remove.text')).waitFor();
    await sound(page, 'is it to be removed?');
    await page.keyboard.press('Escape');
    assert.equal(await card.count(), 1);
    await card.getByRole('button', { name: `${t('hosts.remove')} ${host}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: t('hosts.remove.of', { host }) }).click();
    await page.getByText(t('hosts.none')).waitFor();
    there.expected.push(/status of 404/);
    assert.equal((await there.goto('/me')).status(), 404);
    assert.deepEqual([...complaints(page), ...complaints(there)], []);
  });
}

// ---- looks ----------------------------------------------------------------------------------

// Hosts in every state there is.
async function everyState(w) {
  const make = (name) => ownHost(w.tenant, w.portal.town, ownName(`${name}.example`));
  const change = (h, set) => psql('postgres', `update app.host_claims set ${set} where tenant_id = ${w.tenant} and id = ${h.id}`);
  await change(await make('with-a-certificate'), `certificate_ends_at = now() + interval '60 days'`);
  await change(await make('refused'), `certificate_tries = 2, certificate_answer = 'During secondary validation: 192.0.2.7: Fetching http://x/: Timeout during connect'`);
  const gone = await make('a-rather-long-name-of-a-department.of-the-organisation');
  await found(gone.host, '');
  const off = await make('off');
  await change(off, `misses = 5, missing_since = now() - interval '4 days'`);
  await found(off.host, '');
  const waits = (await api(w.chief, 'POST', '/api/hosts', { portal: w.portal.school, host: ownName('waits.example') })).json;
  await found(waits.host, 'x'.repeat(43));
  await api(w.chief, 'POST', '/api/hosts', { portal: w.portal.school, host: ownName('new.example') });
}

test('how it looks: wide, narrow, dark, from right to left, in Japanese', async () => {
  const w = await makeWorld({ only: ['chief'] });
  await everyState(w);
  const own = (await ownHost(w.tenant, w.portal.town)).host;
  const faults = [];
  for (const [lang, matrix] of [['en', [['light', 1280], ['dark', 1280], ['light', 390], ['dark', 390], ['light', 320]]],
    ['ja', [['light', 1280], ['light', 320]]], ['qps', [['light', 390], ['light', 320]]]]) {
    for (const [name, host, path] of [['hosts', w.host.town, '/admin/hosts'], ['own home', own, '/'], ['kb', own, '/kb'], ['status', own, '/status'], ['arrived', w.host.town, '/sign-in']]) {
      const page = await openPage({ session: name === 'arrived' ? undefined : w.chief, host });
      await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
      await page.goto(name === 'arrived' ? `/arrive?from=${own}&to=/sign-in` : path);
      await settled(page);
      for (const details of await page.locator('main details > summary').all()) await details.click();
      await page.evaluate(() => scrollTo(0, 0));
      for (const [colorScheme, width] of matrix) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 800 });
        await screenshot(page, `hosts-${name.replace(' ', '-')}-${lang}-${colorScheme}-${width}`);
        const seen = width === 320 ? [] : (await axeFindings(page, colorScheme === 'light' ? rules : colourRules)).filter((f) => lang !== 'qps' || !/^(html-lang-valid|valid-lang):/.test(f));
        const wide = await sidewaysOverflow(page);
        faults.push(...[...seen, ...(wide ? [`${wide} sticks out`] : [])].map((f) => `${name}, ${lang} ${colorScheme} ${width}: ${f}`));
      }
      faults.push(...complaints(page));
      await page.context().close();
    }
  }
  assert.deepEqual(faults, []);
});
