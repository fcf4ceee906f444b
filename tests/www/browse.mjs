// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the browser tests share: pages that complain aloud, and the looks at
// them that every test makes.
import assert from 'node:assert/strict';
import { sessionAt } from '../http/world.mjs';
import { axeFindings, openPage as plainPage, sidewaysOverflow } from '../lib/browser.mjs';
import { port } from '../lib/instance.mjs';

// WCAG 2.2 AA (target sizes are off by default) and axe's own good practice.
export const rules = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } };
// What a colour scheme alone can change.
export const colourRules = { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } };

// openPage of ../lib/browser.mjs; what the policy blocked and every dialog of
// a script are complaints too. `expected` are complaints that a test provokes.
export async function openPage(options) {
  const host = options.host ?? options.session.host;
  // A session is good at its own host.
  const session = options.session?.person && options.session.host !== host ? await sessionAt(options.session, host) : options.session;
  const page = await plainPage({ ...options, session });
  page.expected = [];
  page.base = `https://${host}:${port.https}`;
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (e) => console.error(`blocked: ${e.violatedDirective} ${e.blockedURI}`));
  });
  page.on('dialog', (dialog) => {
    page.complaints.push(`a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.setDefaultTimeout(15_000);
  return page;
}

export const complaints = (page) => page.complaints.filter((text) => !page.expected.some((e) => e.test(text)));

// Another tab of the same browser.
export async function openTab(page) {
  const tab = await page.context().newPage();
  tab.complaints = page.complaints;
  tab.on('pageerror', (error) => tab.complaints.push(String(error)));
  return tab;
}

// The app has drawn what it knows; pages of the server alone are there at once.
export async function settled(page) {
  await page.waitForFunction(() => !document.querySelector('main .skeleton, main [aria-busy=true]'));
}

// Nothing for axe to find, one h1, nothing sticks out. The pseudo-language has no
// tag of its own to be found right.
export async function sound(page, what) {
  await settled(page);
  const odd = await page.locator('html').getAttribute('lang') === 'qps' ? /^(html-lang-valid|valid-lang):/ : /^$/;
  assert.deepEqual((await axeFindings(page, rules)).filter((f) => !odd.test(f)), [], `axe: ${what}`);
  assert.equal(await page.locator('h1:not(.prose *)').count(), 1, `one h1: ${what}`);
  assert.equal(await sidewaysOverflow(page), null, `nothing sticks out: ${what}`);
}

// The same of a page that runs no scripts, axe's neither: looked at in another one that
// runs axe's alone.
export async function bare(page, what) {
  const eye = await openPage({ host: new URL(page.url()).hostname, ...page.viewportSize() });
  await eye.context().addCookies(await page.context().cookies());
  await eye.route('**/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  await eye.goto(page.url());
  await sound(eye, what);
  assert.deepEqual(complaints(eye), [], what);
  await eye.context().close();
}

// Visible text of the interface that is not from the catalogue, on a page in the
// pseudo-language (given to page.evaluate). What people
// wrote stands in dir=auto, bdi or .prose; the rest is names of languages,
// times, numbers.
export function untranslated() {
  const spared = '[dir=auto], [dir=ltr], bdi, .prose, time, .num, code, kbd, .avatar, [lang]:not(html), script, style, noscript, title';
  const found = [];
  const names = new Set([...document.querySelectorAll('option')].filter((o) => /^\d+$/.test(o.value)));
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (!/\p{L}/u.test(node.data) || e.closest(spared) || names.has(e)) continue;
    if (!/[⟦⟧]/.test(e.textContent)) found.push(node.data.trim());
  }
  for (const e of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
      const value = e.getAttribute(name);
      if (value && /\p{L}/u.test(value) && !value.includes('⟦') && !e.closest('time')) found.push(`${name}=${value}`);
    }
  }
  // A ticket's page is named by its title.
  if (!document.title.includes('⟦') && !document.querySelector('h1[dir=auto]')) found.push(`the title ${document.title}`);
  return found;
}

// The words of the interface on a page, people's own left out (given to
// page.evaluate).
export function writing() {
  const spared = '[dir=auto], [dir=ltr]:not(html), bdi, .prose, time, .num, code, kbd, .avatar, [lang]:not(html), script, style, noscript, option, .top, footer';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (/\p{L}/u.test(node.data) && !node.parentElement.closest(spared)) found.push(node.data.trim());
  }
  return found;
}

// A file dropped on an element or pasted into it.
export function give(page, to, how, name, bytes) {
  return page.locator(to).evaluate((on, [event, called, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], called));
    on.dispatchEvent(event === 'drop' ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
      : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, [how, name, Buffer.from(bytes).toString('base64')]);
}

// How a hand does it: with a finger where there is a touch screen.
export const press = async (page, on) => (await page.evaluate(() => matchMedia('(pointer: coarse)').matches) ? on.tap() : on.click());

// By the form, as a person does it.
export async function signInBy(page, who, to) {
  if (to !== undefined) await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
  await page.locator('#email').fill(who.email);
  await page.locator('#password').fill(who.password);
  await page.locator('main button[type=submit]').click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

// Sends with a click and gives back the answer of the API.
export async function answerTo(page, method, path, act) {
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.request().method() === method && path.test(new URL(r.url()).pathname)),
    act(),
  ]);
  return answer;
}

// Everything that this browser is told from now on, as text.
export function listen(page) {
  const heard = [];
  page.on('response', (r) => {
    if (/json|html/.test(r.headers()['content-type'] ?? '')) heard.push(r.text().then((text) => `${r.url()}\n${text}`, () => ''));
  });
  return () => Promise.all(heard);
}
