// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Debian's Firefox ESR, driven by WebDriver BiDi: what must hold in another engine
// too. Names below .localhost are this machine there by themselves. FIREFOX names
// another one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { need, port } from './instance.mjs';

const puppeteer = need('puppeteer-core');
const axe = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');

let browser, home;
export async function openFirefox({ host, scripts = true }) {
  if (!browser) {
    // A home of its own: of another's it would not begin.
    home = mkdtempSync(join(tmpdir(), 'sportello-firefox-'));
    browser = await puppeteer.launch({
      browser: 'firefox', headless: true, acceptInsecureCerts: true, executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
      env: { ...process.env, HOME: home }, extraPrefsFirefox: { 'intl.accept_languages': 'en' },
    });
  }
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.base = `https://${host}:${port.https}`;
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.setDefaultTimeout(15_000);
  // They can't be turned off from outside; none that arrives is as much, since none is in a page.
  if (!scripts) {
    await page.setRequestInterception(true);
    page.on('request', (r) => void (new URL(r.url()).pathname.endsWith('.js') ? r.abort() : r.continue()));
  }
  await page.setViewport({ width: 1280, height: 800 });
  return page;
}
export async function closeFirefox() {
  await browser?.close();
  browser = undefined;
  if (home) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

export async function axeFindings(page, options) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((o) => globalThis.axe.run(document, { resultTypes: ['violations'], preload: false, ...o }), options);
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${v.help} — ${n.target.join(' ')}`));
}
