/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What comes from Word, Google Docs or a web page, as an article could have said it. What is left over the schema drops. */

const GONE = 'style, script, meta, link, title, head, noscript, template, iframe, object, embed, svg, math, video, audio, canvas, form > input, input, button, select, textarea, br.Apple-interchange-newline';
const KINDS = /^(?:note|tip|warning|danger)$/;

const unwrap = (e: Element) => e.replaceWith(...e.childNodes);

function rename(e: Element, name: string): void {
  const other = e.ownerDocument.createElement(name);
  other.append(...e.childNodes);
  e.replaceWith(other);
}

const styleOf = (e: Element) => (e.getAttribute('style') ?? '').replace(/\s+/g, '').toLowerCase();

/** An address that an article may have; null: none. Google's detour is left out, that of a detour too. */
export function address(raw: string): string | null {
  let href = raw.trim();
  for (let n = 0; n < 3; n++) {
    const detour = /^https:\/\/www\.google\.com\/url\?(.*)$/i.exec(href)?.[1];
    href = (detour && new URLSearchParams(detour).get('q')?.trim()) || href;
  }
  return /^(?:https?:\/\/[^/\\\s]|mailto:[^/\\\s]|#[a-z]|\/(?:[^/\\\s]|$))\S*$/i.test(href) ? href : null;
}

/** Word's lists are paragraphs that say how deep they lie, with a sign in front. */
function lists(root: ParentNode): void {
  const levelOf = (e: Element) => Number(/level(\d)/.exec(styleOf(e).split(';').find((part) => part.startsWith('mso-list:')) ?? '')?.[1] ?? 0);
  for (const first of [...root.querySelectorAll('p, h1, h2, h3, h4, h5, h6')]) {
    if (!first.isConnected && !root.contains(first)) continue;
    if (!levelOf(first)) continue;
    const items: Element[] = [];
    for (let e: Element | null = first; e && levelOf(e); e = e.nextElementSibling) items.push(e);
    const place = first.ownerDocument.createElement('div');
    first.before(place);
    let open: { list: Element; level: number }[] = [];
    for (const item of items) {
      const level = levelOf(item);
      const sign = [...item.querySelectorAll('span')].find((s) => /mso-list:ignore/.test(styleOf(s)));
      const ordered = /^\(?(?:\d{1,3}|[a-z]{1,4})[.)]/i.test((sign?.textContent ?? '').trim());
      sign?.remove();
      open = open.filter((o) => o.level <= level);
      let last = open[open.length - 1];
      if (!last || last.level < level) {
        const list = first.ownerDocument.createElement(ordered ? 'ol' : 'ul');
        (last?.list.lastElementChild ?? place).append(list);
        last = { list, level };
        open.push(last);
      }
      const li = first.ownerDocument.createElement('li');
      li.append(...item.childNodes);
      last.list.append(li);
      item.remove();
    }
    unwrap(place);
  }
}

export function clean(html: string): string {
  /* Our own comes as it went. */
  if (html.includes('data-pm-slice')) return html;
  const { body } = document.implementation.createHTMLDocument('');
  body.innerHTML = html;
  /* Word's asides to other programs. What it is that ends them, or nothing, the parser knows. */
  const comments = document.createNodeIterator(body, NodeFilter.SHOW_COMMENT);
  for (let c = comments.nextNode(); c; c = comments.nextNode()) (c as Comment).remove();
  for (const e of body.querySelectorAll(GONE)) e.remove();
  for (const e of [...body.querySelectorAll('*')]) {
    if (e.localName.includes(':') || /mso-hide:all/.test(styleOf(e))) { if (e.localName === 'o:p' && e.textContent?.trim()) unwrap(e); else e.remove(); }
  }
  lists(body);
  for (const e of body.querySelectorAll('b[id^="docs-internal-guid"]')) unwrap(e);
  /* The page has its title; what is below it begins at the second level. */
  for (const e of body.querySelectorAll('h1, p.MsoTitle')) rename(e, 'h2');
  for (const e of body.querySelectorAll('[id]')) e.removeAttribute('id');
  for (const e of body.querySelectorAll('aside')) if (![...e.classList].some((c) => KINDS.test(c))) unwrap(e);
  for (const a of body.querySelectorAll('a')) {
    const href = address(a.getAttribute('href') ?? '');
    if (href) a.setAttribute('href', href);
    else unwrap(a);
  }
  /* No table within a table: its cells follow each other. */
  for (const inner of body.querySelectorAll('table table')) {
    const box = inner.ownerDocument.createElement('div');
    for (const cell of inner.querySelectorAll('td, th')) {
      const line = inner.ownerDocument.createElement('div');
      line.append(...cell.childNodes);
      box.append(line);
    }
    inner.replaceWith(box);
  }
  for (const e of [...body.querySelectorAll('p')]) if (!e.textContent?.replace(/\u00a0/g, ' ').trim() && !e.querySelector('img')) e.remove();
  for (const e of body.querySelectorAll('li > p:only-child')) unwrap(e);
  return body.innerHTML;
}
