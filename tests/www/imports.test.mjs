// SPDX-License-Identifier: AGPL-3.0-or-later
//
// K7: an administrator takes in a bundle: tried, refused with the file's name, tried again, done.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, screenshot } from '../lib/browser.mjs';
import { psql } from '../lib/instance.mjs';
import { said } from '../lib/texts.mjs';
import { bundle } from '../lib/zips.mjs';
import { makeWorld } from '../http/world.mjs';
import { complaints, openPage, sound } from './browse.mjs';

let w;
before(async () => { w = await makeWorld({ only: ['admin'] }); });
after(closeBrowser);

const files = { 'sections.jsonl': '{"key": "ovens", "position": 1, "names": {"en": "Ovens"}, "audience": {"level": "public"}}\n',
  'articles/first/en/1.xhtml': '<p>Open it.</p>', 'articles/first/en/1.json': '{"title": "First steps"}', 'articles/first/article.json': '{"language": "en", "section": "ovens", "position": 1}' };
const upload = (name, buffer) => ({ name, mimeType: 'application/zip', buffer });

for (const [lang, width, dark] of [['en', 1280, false], ['ja', 390, true]]) {
  test(`K7: a bundle tried and taken in: ${lang}, ${width} px`, async () => {
    const text = (key, values) => said(lang, key, values);
    const page = await openPage({ session: w.admin, lang, width, dark });
    await page.context().addCookies([{ name: 'lang', value: lang, url: page.base }]);
    await page.goto('/agent/kb');
    await page.getByRole('link', { name: text('kbnav.import'), exact: true }).click();
    await page.getByRole('heading', { level: 1, name: text('articles.import') }).waitFor();
    await page.getByRole('button', { name: text('articles.import.try') }).click();
    await page.getByRole('alert').filter({ hasText: text('articles.import.none') }).waitFor();
    const file = page.getByLabel(text('articles.import.file'), { exact: true });
    await file.setInputFiles(upload('wrong.zip', bundle(files, { wrong: ['articles/first/en/1.xhtml'] })));
    await page.getByRole('button', { name: text('articles.import.try') }).press('Enter');
    await page.getByRole('heading', { name: text('articles.import.refused', { n: 1 }) }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'articles/first/en/1.xhtml' }).filter({ hasText: text('articles.import.why.sum') }).waitFor();
    assert.equal(await page.getByRole('button', { name: text('articles.import.do'), exact: true }).count(), 0);
    await sound(page, 'refused');
    await screenshot(page, `import-refused-${lang}`);
    await file.setInputFiles(upload('kb.zip', bundle(files)));
    await page.getByRole('button', { name: text('articles.import.try') }).press('Enter');
    await page.getByRole('heading', { name: text('articles.import.fine') }).waitFor();
    await page.waitForFunction(() => document.activeElement.id === 'import-result');
    await page.getByRole('button', { name: text('articles.import.do'), exact: true }).click();
    await page.getByRole('heading', { name: text('articles.import.done') }).waitFor();
    await sound(page, 'done');
    await screenshot(page, `import-done-${lang}`);
    // Again, when it is everybody's no more: it stays so, unless that is chosen.
    await psql('postgres', `update app.sections s set audience_id = r.audience_id, shown_to = r.shown_to from app.sections r where r.tenant_id = s.tenant_id and r.parent_id is null and s.tenant_id = ${w.tenant} and s.key = 'ovens'`);
    await page.getByRole('button', { name: text('articles.import.try') }).click();
    await page.getByRole('listitem').filter({ hasText: text('articles.import.why.opens') }).first().waitFor();
    await sound(page, 'told');
    await screenshot(page, `import-told-${lang}`);
    await page.getByLabel(text('articles.import.over'), { exact: true }).check();
    await page.getByRole('button', { name: text('articles.import.try') }).click();
    await page.getByRole('button', { name: text('articles.import.do'), exact: true }).click();
    await page.getByRole('heading', { name: text('articles.import.done') }).waitFor();
    assert.equal(await psql('postgres', `select u.level from app.sections s join app.audiences u on u.tenant_id = s.tenant_id and u.id = s.shown_to where s.tenant_id = ${w.tenant} and s.key = 'ovens'`), '1');
    await page.getByRole('link', { name: text('kbnav.articles'), exact: true }).last().click();
    await page.getByRole('link', { name: 'Ovens' }).first().waitFor();
    assert.deepEqual(complaints(page), []);
    await page.context().close();
  });
}
