// SPDX-License-Identifier: AGPL-3.0-or-later
//
// HTML that means harm, made by chance: pieces in which parsers are known to
// differ, put into each other. The same for the same seed.

const tags = ['p', 'div', 'b', 'a', 'table', 'tr', 'td', 'th', 'caption', 'ul', 'li', 'dl', 'dd', 'pre', 'code', 'h2', 'figure', 'figcaption', 'aside',
  'blockquote', 'form', 'button', 'select', 'option', 'font', 'span', 'sub', 'kbd', 'details'];
// What is inside is no markup, or other markup, to some.
const odd = ['script', 'style', 'title', 'textarea', 'noscript', 'noembed', 'noframes', 'iframe', 'xmp', 'plaintext', 'template', 'svg', 'math', 'mtext', 'mglyph',
  'malignmark', 'annotation-xml', 'foreignObject', 'desc', 'object', 'audio', 'video', 'frameset', 'x:script', 'o:p', 'image', 'isindex', 'keygen', 'portal'];
const addresses = ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\tscript:alert(1)', 'java&#10;script:alert(1)', '&#1;javascript:alert(1)', '&#x6A;avascript:alert(1)',
  'javascript&colon;alert(1)', ' javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:alert(1)', '//evil.example/', '/\\evil.example/', '\\\\evil.example',
  'https:evil.example', 'https:///evil.example', 'http://evil.example/', 'file:///etc/passwd', 'blob:x', '#a', '#"><img src=x>', '/own', 'mailto:a@b.example', '\u00a0javascript:alert(1)'];
const handlers = ['onclick', 'onerror', 'onload', 'onfocus autofocus', 'ontoggle', 'onanimationstart', 'ONMOUSEOVER', 'onpointerenter'];
const loose = ['<!-->', '<!--->', '<!--', '-->', '--!>', '<!--[if IE]>', '<![endif]-->', '<![CDATA[', ']]>', '<!DOCTYPE a [<!ENTITY b "c">]>', '<?xml?>', '<?php', '</', '<', '</>',
  '</ p>', '<p/', '<img src=x onerror=alert(1)//', '&lt;img src=x onerror=alert(1)&gt;', '&amp;lt;b', '&#0;', '&#x80;', '&#xD800;', '&nosuch;', '&lt', '`', '"', '\'', '=', '\u2028', '\ufeff',
  '</p></div></body></html>', '<a/href=/own>', '<b/c="d"/>', '<p title=\'a>b\'>', '<p title="</p><img src=x onerror=alert(1)>">', '<br/><hr/>', '<base href=//evil.example>',
  '<meta http-equiv=refresh content="0;url=//evil.example">', '<link rel=stylesheet href=//evil.example>', '<embed src=//evil.example>', '<input type=image src=//evil.example>'];
const words = ['word', 'a b', ' ', '\n', 'é', '日本語', '<3', '1 < 2', '[!NOTE]', '*a*'];

// Numbers by chance, from a seed (mulberry32).
const chance = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

export const hostile = (seed) => {
  const random = chance(seed);
  const below = (n) => Math.floor(random() * n);
  const one = (list) => list[below(list.length)];
  const quoted = (value) => one([(v) => `"${v}"`, (v) => `'${v}'`, (v) => v.replace(/\s.*/s, '')])(value);
  const attributes = () => Array.from({ length: below(3) }, () => one([
    () => `href=${quoted(one(addresses))}`,
    () => `src=${quoted(one(addresses))}`,
    () => `${one(handlers)}=alert(1)`,
    () => `style=${quoted('background:url(//evil.example);mso-list:l0 level1')}`,
    () => `id=${quoted(one(['a', 'A B', '"><script>alert(1)</script>', 'body']))}`,
    () => `class=${quoted(one(['note', 'video', 'language-x" onclick="alert(1)', 'left']))}`,
    () => `colspan=${quoted(one(['2', '0', '9999999', '-1', 'x']))}`,
    () => `${one(['srcset', 'action', 'formaction', 'xlink:href', 'data', 'poster', 'background', 'srcdoc'])}=${quoted(one(addresses))}`,
    () => one(['=', '"', '/', '<b', 'a=b=c', '\u00a0'])])()).map((a) => ` ${a}`).join('');
  const name = () => one([(n) => n, (n) => n, (n) => n.toUpperCase()])(one(below(3) ? tags : odd));
  const piece = (depth) => {
    const n = name();
    switch (below(depth > 6 ? 3 : 9)) {
      case 0: return one(words);
      case 1: return one(loose);
      case 2: return `<img${attributes()} src=${quoted(one(addresses))}>`;
      case 3: return `<${n}${attributes()}>`;
      case 4: return `</${n}>`;
      default: return `<${n}${attributes()}>${several(depth + 1)}</${n}>`;
    }
  };
  const several = (depth) => Array.from({ length: 1 + below(3) }, () => piece(depth)).join('');
  return several(0) + several(0);
};
