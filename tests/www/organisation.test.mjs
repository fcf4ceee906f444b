// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The organisation's tickets (journey 12): its main user sees all of them, an
// ordinary one their own; made an ordinary one, or moved to another portal, they
// lose the rest at once: in the list, by address, on the page that is open.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { api, makeSession, makeWorld } from '../http/world.mjs';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { said } from '../lib/texts.mjs';
import { answerTo, complaints, openPage, settled, sound } from './browse.mjs';

after(closeBrowser);

for (const [lang, width] of [['en', 1280], ['de', 390]]) {
  const t = (key, values) => said(lang, key, values);

  test(`P5: a main user sees all tickets of the organisation, until it is over: ${lang}, ${width} px`, async () => {
    const w = await makeWorld({ only: ['chief', 'main', 'second', 'member', 'pupil', 'villager'] });
    const open = async (who, title) => (await api(w[who], 'POST', '/api/tickets', { title: `${title} ${w.mark}`, description: 'x' })).json.number;
    const [lamp, bell] = [await open('member', 'Lamp'), await open('pupil', 'Bell')];
    const own = await open('main', 'Own');
    await open('villager', 'Not of the town');
    const there = (page) => page.locator('.trow-title').allInnerTexts().then((all) => all.map((title) => title.split(' ')[0]).sort());

    // An ordinary user: nothing, not by its address either.
    const ordinary = await openPage({ session: w.second, lang, width });
    ordinary.expected.push(/status of 404/);
    await ordinary.goto('/tickets');
    await ordinary.getByText(t('portal.list.none')).waitFor();
    assert.equal((await ordinary.goto(`/t/${lamp}`)).status(), 404);
    await sound(ordinary, 'not theirs');

    // The main user: the town's and its school's, whoever opened it.
    const page = await openPage({ session: w.main, lang, width });
    await page.clock.install();
    await page.goto('/tickets');
    await page.locator('.trow').first().waitFor();
    assert.deepEqual(await there(page), ['Bell', 'Lamp', 'Own']);
    await sound(page, 'the organisation’s tickets');
    await screenshot(page, `organisation-${lang}`);
    await page.locator('.tabs a', { hasText: t('portal.list.mine') }).click();
    await page.waitForURL(/list=mine/);
    await page.locator('.trow').first().waitFor();
    assert.deepEqual(await there(page), ['Own']);
    await page.locator('.tabs a', { hasText: t('portal.list.organisation') }).click();
    await page.getByText(t('lists.right.main_user', { name: `Town ${w.mark}` })).waitFor();
    await sound(page, 'by which right');
    await page.locator('.trow', { hasText: `Bell ${w.mark}` }).click();
    await page.getByRole('heading', { level: 1, name: `Bell ${w.mark}` }).waitFor();
    await sound(page, 'a colleague’s ticket');

    // An administrator makes them an ordinary user.
    const admin = await openPage({ session: w.chief, lang, width });
    await admin.goto('/admin/people');
    const card = admin.locator('article', { hasText: w.people.main.name });
    const change = async (act) => {
      await card.locator('summary').click();
      await act();
      assert.equal((await answerTo(admin, 'PATCH', /^\/api\/memberships\//, () => card.getByRole('button', { name: t('people.save') }).click())).status(), 200);
    };
    await change(() => card.getByLabel(t('people.role')).selectOption('member'));
    page.expected.push(/status of 404/);
    await page.clock.fastForward(31_000);
    await page.getByText(t('err.not-found')).waitFor();
    assert.equal(await page.getByText(`Bell ${w.mark}`).count(), 0, 'the open page has lost it');
    await sound(page, 'it is gone');
    await screenshot(page, `organisation-gone-${lang}`);
    for (const number of [lamp, bell]) assert.equal((await page.goto(`/t/${number}`)).status(), 404);
    await page.goto('/tickets');
    await page.locator('.trow').first().waitFor();
    assert.deepEqual(await there(page), ['Own']);
    await sound(page, 'what is left');

    // And moves them to the school: the town's door is closed, in every worker.
    page.expected.push(/status of 401/);
    await page.goto(`/t/${own}`);
    await page.getByRole('heading', { level: 1, name: `Own ${w.mark}` }).waitFor();
    await admin.reload();
    await settled(admin);
    await change(() => card.getByLabel(t('people.portal')).selectOption({ label: `School ${w.mark}` }));
    await sound(admin, 'moved');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => api(w.main, 'GET', i % 2 ? '/api/tickets' : `/api/tickets/${own}`)));
    assert.deepEqual([...new Set(answers.map((a) => a.status))], [401]);
    await page.goto('/tickets');
    assert.equal(new URL(page.url()).pathname, '/sign-in');
    const school = await makeSession({ ...w, people: { main: { ...w.people.main, host: w.host.school } } }, 'main');
    assert.equal((await api(school, 'GET', `/api/tickets/${lamp}`)).status, 404);
    assert.equal((await api(school, 'GET', `/api/tickets/${bell}`)).status, 404);
    assert.deepEqual([...complaints(ordinary), ...complaints(page), ...complaints(admin)], []);
    await Promise.all([ordinary, page, admin].map((p) => p.context().close()));
  });
}
