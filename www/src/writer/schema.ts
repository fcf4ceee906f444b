/* SPDX-License-Identifier: AGPL-3.0-or-later */
/**
 * What an article may hold, as fcgi/article.rng has it: all of it can be read, shown and written again, so that
 * nothing is lost of a text that comes in. The server rebuilds what is sent all the same.
 */
import { DOMParser, DOMSerializer, Fragment, Schema, type DOMOutputSpec, type MarkSpec, type Node, type NodeSpec, type ParseRule } from 'prosemirror-model';
import { tableNodes } from 'prosemirror-tables';

const simple = (tag: string, more: ParseRule[] = []): MarkSpec => ({ parseDOM: [{ tag }, ...more], toDOM: () => [tag, 0] });
const isBold = (weight: string) => /^(?:bold(?:er)?|[6-9]00)$/.test(weight) && null;

/* The outermost first. */
const marks: Record<string, MarkSpec> = {
  link: {
    attrs: { href: {} },
    inclusive: false,
    parseDOM: [{ tag: 'a[href]', getAttrs: (a) => ({ href: a.getAttribute('href') ?? '' }) }],
    toDOM: (m) => ['a', { href: String(m.attrs['href']) }, 0],
  },
  strong: simple('strong', [{ tag: 'b', getAttrs: (b) => b.style.fontWeight !== 'normal' && null }, { style: 'font-weight', getAttrs: isBold }]),
  em: simple('em', [{ tag: 'i', getAttrs: (i) => i.style.fontStyle !== 'normal' && null }, { style: 'font-style=italic' }]),
  del: simple('del', [{ tag: 's' }, { tag: 'strike' }, { style: 'text-decoration=line-through' }]),
  sub: { ...simple('sub', [{ style: 'vertical-align=sub' }]), excludes: 'sup' },
  sup: { ...simple('sup', [{ style: 'vertical-align=super' }]), excludes: 'sub' },
  kbd: simple('kbd'),
  code: simple('code', [{ tag: 'tt' }, { tag: 'samp' }]),
};

const ID = /^[a-z][a-z0-9-]{0,63}$/;
const number = (e: HTMLElement, name: string): number | null => {
  const n = Number(e.getAttribute(name));
  return Number.isInteger(n) && n > 0 && n < 10000 ? n : null;
};
const picture = (e: HTMLElement) => {
  const src = e.getAttribute('src') ?? '';
  /* Our own alone: what lies elsewhere is asked for by nobody. */
  return /^\/(?:[^/\\\s]|$)/.test(src) && { src, alt: e.getAttribute('alt') ?? '', width: number(e, 'width'), height: number(e, 'height') };
};
const shown = (n: Node) => ({ src: String(n.attrs['src']), alt: String(n.attrs['alt']), ...(n.attrs['width'] ? { width: String(n.attrs['width']) } : {}), ...(n.attrs['height'] ? { height: String(n.attrs['height']) } : {}) });
const PICTURE = { src: {}, alt: { default: '' }, width: { default: null }, height: { default: null } };

const block = (tag: string, content: string): NodeSpec => ({ content, group: 'block', defining: true, parseDOM: [{ tag }], toDOM: () => [tag, 0] });

export const NOTES = ['note', 'tip', 'warning', 'danger'] as const;
export type Note = (typeof NOTES)[number];
const ALIGN = /^(?:left|center|right)$/;

/** Its paragraphs stand apart; else its text lies in it as it is. */
const isLoose = (e: Element) => [...e.children].some((c) => c.localName === 'p');
const LOOSE = { loose: { default: false } };
const loosely = (n: Node) => (n.attrs['loose'] ? { 'data-loose': '' } : {});

const tables = tableNodes({
  tableGroup: 'block figured',
  cellContent: 'block+',
  cellAttributes: {
    align: {
      default: null,
      getFromDOM: (cell) => [...cell.classList].find((c) => ALIGN.test(c)) ?? (ALIGN.test(cell.style.textAlign) ? cell.style.textAlign : null),
      setDOMAttr: (value, attrs) => { if (value) attrs['class'] = String(value); },
    },
    loose: { default: false, getFromDOM: (cell) => isLoose(cell), setDOMAttr: (value, attrs) => { if (value) attrs['data-loose'] = ''; } },
  },
});

const nodes: Record<string, NodeSpec> = {
  doc: { content: 'block+' },
  paragraph: { content: 'inline*', group: 'block', parseDOM: [{ tag: 'p' }], toDOM: () => ['p', 0] },
  heading: {
    attrs: { level: { default: 2 }, id: { default: null } },
    content: 'inline*',
    group: 'block',
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, getAttrs: (h: HTMLElement) => ({ level, id: ID.test(h.id) ? h.id : null }) })),
    toDOM: (n) => [`h${String(n.attrs['level'])}`, n.attrs['id'] ? { id: String(n.attrs['id']) } : {}, 0],
  },
  horizontal_rule: { group: 'block', parseDOM: [{ tag: 'hr' }], toDOM: () => ['hr'] },
  code_block: {
    attrs: { language: { default: '' } },
    content: 'text*',
    marks: '',
    group: 'block figured',
    code: true,
    defining: true,
    parseDOM: [{ tag: 'pre', preserveWhitespace: 'full', getAttrs: (pre) => ({ language: /(?:^|\s)language-([\w+#.-]{1,32})(?:\s|$)/.exec(pre.querySelector('code')?.className ?? '')?.[1] ?? '' }) }],
    toDOM: (n) => ['pre', ['code', n.attrs['language'] ? { class: `language-${String(n.attrs['language'])}` } : {}, 0]],
  },
  bullet_list: block('ul', 'list_item+'),
  ordered_list: {
    ...block('ol', 'list_item+'),
    attrs: { start: { default: 1 } },
    parseDOM: [{ tag: 'ol', getAttrs: (ol) => ({ start: ol.hasAttribute('start') ? Math.max(0, Number(ol.getAttribute('start')) || 0) : 1 }) }],
    toDOM: (n) => ['ol', n.attrs['start'] === 1 ? {} : { start: String(n.attrs['start']) }, 0],
  },
  list_item: { attrs: LOOSE, content: 'block+', defining: true, parseDOM: [{ tag: 'li', getAttrs: (li) => ({ loose: isLoose(li) }) }], toDOM: (n) => ['li', loosely(n), 0] },
  blockquote: block('blockquote', 'block+'),
  note: {
    ...block('aside', 'block+'),
    attrs: { kind: { default: 'note' } },
    parseDOM: [{ tag: 'aside', getAttrs: (a) => ({ kind: NOTES.find((k) => a.classList.contains(k)) ?? 'note' }) }],
    toDOM: (n) => ['aside', { class: String(n.attrs['kind']) }, 0],
  },
  terms: block('dl', '(term | description)+'),
  term: { content: 'inline*', defining: true, parseDOM: [{ tag: 'dt' }], toDOM: () => ['dt', 0] },
  description: { attrs: LOOSE, content: 'block+', defining: true, parseDOM: [{ tag: 'dd', getAttrs: (dd) => ({ loose: isLoose(dd) }) }], toDOM: (n) => ['dd', loosely(n), 0] },
  figure: {
    attrs: { video: { default: false } },
    content: 'figured legend?',
    group: 'block',
    isolating: true,
    parseDOM: [{ tag: 'figure', getAttrs: (f) => ({ video: f.classList.contains('video') }) }],
    toDOM: (n) => ['figure', n.attrs['video'] ? { class: 'video' } : {}, 0],
  },
  figure_picture: { attrs: PICTURE, group: 'figured', parseDOM: [{ tag: 'img[src]', context: 'figure/', getAttrs: picture }], toDOM: (n) => ['img', shown(n)] },
  figure_link: {
    attrs: { href: {} },
    content: 'inline*',
    marks: 'strong em del sub sup kbd code',
    group: 'figured',
    parseDOM: [{ tag: 'a[href]', context: 'figure/', priority: 60, getAttrs: (a) => ({ href: a.getAttribute('href') ?? '' }) }],
    toDOM: (n) => ['a', { href: String(n.attrs['href']) }, 0],
  },
  legend: { content: 'inline*', parseDOM: [{ tag: 'figcaption' }], toDOM: () => ['figcaption', 0] },
  /* A table with what is said above it; in the XHTML that is its caption. */
  captioned: { content: 'caption table', group: 'block', isolating: true, parseDOM: [{ tag: 'div[data-captioned]' }], toDOM: () => ['div', { 'data-captioned': '' }, 0] },
  caption: { content: 'inline*', parseDOM: [{ tag: 'p[data-caption]', priority: 60 }], toDOM: () => ['p', { 'data-caption': '' }, 0] },
  ...tables,
  text: { group: 'inline' },
  image: { inline: true, attrs: PICTURE, group: 'inline', draggable: true, parseDOM: [{ tag: 'img[src]', getAttrs: picture }], toDOM: (n) => ['img', shown(n)] },
  hard_break: { inline: true, group: 'inline', selectable: false, linebreakReplacement: true, parseDOM: [{ tag: 'br' }], toDOM: (): DOMOutputSpec => ['br'] },
};

export const schema = new Schema({ nodes, marks });

const parser = DOMParser.fromSchema(schema);
const serializer = DOMSerializer.fromSchema(schema);

/** Where nothing is fetched or run, whatever stands there. */
const apart = () => document.implementation.createHTMLDocument('');

/** A caption stands before its table while it is written. */
export function captionsOut(root: ParentNode): void {
  for (const caption of root.querySelectorAll('table > caption')) {
    const table = caption.parentElement!;
    const box = table.ownerDocument.createElement('div'), line = table.ownerDocument.createElement('p');
    box.dataset['captioned'] = '';
    line.dataset['caption'] = '';
    line.append(...caption.childNodes);
    caption.remove();
    table.replaceWith(box);
    box.append(line, table);
  }
}

export function read(html: string): Node {
  const from = apart();
  from.body.innerHTML = html;
  captionsOut(from.body);
  return parser.parse(from.body);
}

/** As the server keeps it, but for what it tidies. */
export function write(doc: Node): string {
  const to = apart();
  to.body.append(serializer.serializeFragment(doc.content as Fragment, { document: to }));
  for (const box of to.body.querySelectorAll('div[data-captioned]')) {
    const [line, table] = box.children;
    if (!line || !table) continue;
    if (line.textContent || line.querySelector('img')) {
      const caption = to.createElement('caption');
      caption.append(...line.childNodes);
      table.prepend(caption);
    }
    box.replaceWith(table);
  }
  /* Rows of nothing but headings, from the first on, are the table's head. */
  for (const body of to.body.querySelectorAll('table > tbody')) {
    const rows = [...body.children];
    const n = rows.findIndex((row) => [...row.children].some((cell) => cell.localName !== 'th'));
    const heads = rows.slice(0, n < 0 ? rows.length : n);
    if (!heads.length) continue;
    const head = to.createElement('thead');
    head.append(...heads);
    body.before(head);
    if (!body.children.length) body.remove();
  }
  for (const at of to.body.querySelectorAll('li, td, th, dd')) {
    const loose = at.hasAttribute('data-loose');
    at.removeAttribute('data-loose');
    const parts = [...at.children].filter((c) => c.localName === 'p');
    /* Two that follow each other would become one. */
    if (!loose && !parts.some((p) => p.nextElementSibling?.localName === 'p')) for (const p of parts) p.replaceWith(...p.childNodes);
  }
  return to.body.innerHTML;
}
