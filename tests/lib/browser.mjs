// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Debian's Chromium without the parts that draw a window, which take half of the
// time; every name is this machine. CHROMIUM names another.
import { readFileSync } from 'node:fs';
import { need, port, root } from './instance.mjs';

const { chromium } = need('playwright-core');
const axe = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');

const options = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
  args: ['--host-resolver-rules=MAP * 127.0.0.1', '--ignore-certificate-errors', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
    '--font-render-hinting=none'],
};

let browser;                    // or the promise of it
export function openBrowser() {
  browser ??= chromium.launch(options);
  return browser;
}
// One more, whose processes (a group of their own: Debian's is begun by a script) can be
// killed as by a computer that loses its power.
const more = [];
export async function browserOfItsOwn() {
  const server = await chromium.launchServer(options);
  more.push(server);
  return { browser: await chromium.connect(server.wsEndpoint()), die: () => process.kill(-server.process().pid, 'SIGKILL') };
}
export async function closeBrowser() {
  await Promise.all([(await browser)?.close(), ...more.splice(0).map((server) => server.close())]);
  browser = undefined;
}

// A page of its own context, at `host`; with a session, signed in by its
// cookie. Whatever the page complains of (console, uncaught, blocked by the
// policy) is in page.complaints.
export async function openPage({ session, host = session?.host, width = 1280, height = 800, dark = false, lang = 'en', motion = false, javaScript = true, touch = false, browser: of } = {}) {
  const context = await (of ?? await openBrowser()).newContext({
    baseURL: `https://${host}:${port.https}`, viewport: { width, height }, hasTouch: touch, isMobile: touch, ignoreHTTPSErrors: true, javaScriptEnabled: javaScript,
    colorScheme: dark ? 'dark' : 'light', locale: lang, reducedMotion: motion ? 'no-preference' : 'reduce', timezoneId: 'Europe/Rome',
  });
  if (session) {
    const at = session.cookie.indexOf('=');
    await context.addCookies([{ name: session.cookie.slice(0, at), value: session.cookie.slice(at + 1),
      url: `https://${host}:${port.https}`, secure: true, httpOnly: true, sameSite: 'Lax' }]);
  }
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  return page;
}

// What axe finds, one line a finding; an empty list is good.
export async function axeFindings(page, options = {}) {
  // Half of its time is its source, so once a document.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate((o) => globalThis.axe.run(document, { resultTypes: ['violations'], preload: false, ...o }), options);
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${v.help} — ${n.target.join(' ')}`));
}

// Something sticks out sideways: the widest offender, or null.
export function sidewaysOverflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return null;
    const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > width + 1);
    return wide.map((e) => `${e.tagName.toLowerCase()}.${e.className}`).pop() ?? 'the page';
  });
}

// To be looked at: SCREENSHOTS=1 makes them, in build/screenshots.
export const screenshot = async (page, name) => {
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${root}/build/screenshots/${name}.png`, fullPage: true });
};
