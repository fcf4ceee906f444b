/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What is different between two texts: by lines of what is read, and within a changed line by words. */

export interface Line { kind: string; text: string; html: string }
export type Piece = { is: 'same' | 'old' | 'new'; text: string };
/** look: the words are the same, and how they look is not. */
export type Change = { is: 'same' | 'old' | 'new' | 'look'; line: Line } | { is: 'changed'; line: Line; pieces: Piece[] };

/* Beyond these a difference is told as all of the old, then all of the new. */
const LINES_APART = 1200;
const WORDS_MOST = 3000;
const WORDS_APART = 600;
/* Of more lines than these the first is taken to have become the first, and so on. */
const PAIRS_MOST = 400;

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const plain = (s: string) => s.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, d: string, x: string, name: string) =>
  (d ? String.fromCodePoint(Number(d)) : x ? String.fromCodePoint(parseInt(x, 16)) : ENTITIES[name] ?? all));

const BREAKS = /^(?:p|h[1-6]|li|ul|ol|pre|blockquote|aside|dl|dt|dd|figure|figcaption|table|caption|thead|tbody|tr|hr)$/;

/** Canonical text by its lines: each paragraph, heading, item, row … */
export function lines(html: string): Line[] {
  const found: Line[] = [];
  let text = '', raw = '', kind = 'p', pre = false;
  const end = () => {
    const said = pre ? text.replace(/\n$/, '') : text.replace(/\s+/g, ' ').trim();
    if (said) found.push(...(pre ? said.split('\n').map((s) => ({ kind, text: s, html: s })) : [{ kind, text: said, html: raw.trim() }]));
    text = ''; raw = '';
  };
  for (const [, tag, rest] of `<p>${html}`.matchAll(/<([^>]*)>([^<]*)/g)) {
    const name = /^\/?(\w+)/.exec(tag ?? '')?.[1] ?? '';
    const closes = tag?.startsWith('/') ?? false;
    if (BREAKS.test(name)) {
      end();
      pre = name === 'pre' && !closes;
      if (!closes && name !== 'p') kind = name;
      if (closes || (name === 'p' && !/^(?:li|blockquote|aside|dd)$/.test(kind))) kind = 'p';
      if (name === 'hr') found.push({ kind: 'hr', text: '―', html: '' });
    } else if (/^t[dh]$/.test(name)) {
      if (!closes && text.trim()) text += ' | ';
      raw += `<${tag}>`;
    } else if (name === 'img') {
      const alt = /\balt="([^"]*)"/.exec(tag ?? '')?.[1] ?? '';
      text += `[${plain(alt)}]`;
      raw += `<${tag}>`;
    } else {
      if (name === 'br') text += ' ';
      raw += `<${tag}>`;
    }
    text += plain(rest ?? '');
    raw += rest ?? '';
  }
  end();
  return found;
}

/** Which of both stay, in order (Myers, by the shortest way); null: they are further apart than `most`. */
function common<T>(a: T[], b: T[], same: (x: T, y: T) => boolean, most: number): [number, number][] | null {
  let head = 0, tail = 0;
  while (head < a.length && head < b.length && same(a[head]!, b[head]!)) head++;
  while (tail < a.length - head && tail < b.length - head && same(a[a.length - 1 - tail]!, b[b.length - 1 - tail]!)) tail++;
  const n = a.length - head - tail, m = b.length - head - tail;
  const ends: [number, number][] = [];
  for (let i = 0; i < head; i++) ends.push([i, i]);
  const middle: [number, number][] = [];
  if (n > 0 && m > 0) {
    const limit = Math.min(n + m, most), at = limit + 1;
    const v = new Int32Array(2 * limit + 3);
    const trace: Int32Array[] = [];
    let found = false;
    for (let d = 0; d <= limit && !found; d++) {
      trace.push(v.slice(at - d - 1, at + d + 2));
      for (let k = -d; k <= d; k += 2) {
        let x = k === -d || (k !== d && v[at + k - 1]! < v[at + k + 1]!) ? v[at + k + 1]! : v[at + k - 1]! + 1;
        let y = x - k;
        while (x < n && y < m && same(a[head + x]!, b[head + y]!)) { x++; y++; }
        v[at + k] = x;
        if (x >= n && y >= m) { found = true; break; }
      }
    }
    if (!found) return null;
    let x = n, y = m;
    for (let d = trace.length - 1; d >= 0; d--) {
      const row = trace[d]!, of = (k: number) => row[k + d + 1]!;
      const k = x - y;
      const from = k === -d || (k !== d && of(k - 1) < of(k + 1)) ? k + 1 : k - 1;
      const px = d ? of(from) : 0, py = d ? px - from : 0;
      while (x > px && y > py && x > 0 && y > 0 && same(a[head + x - 1]!, b[head + y - 1]!)) { x--; y--; middle.push([head + x, head + y]); }
      x = px; y = py;
    }
    middle.reverse();
  }
  const tails: [number, number][] = [];
  for (let i = tail; i > 0; i--) tails.push([a.length - i, b.length - i]);
  return [...ends, ...middle, ...tails];
}

/* Words of scripts without blanks are their signs. */
const words = (s: string) => s.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}_]+|\s+|[^]/gu) ?? [];

function pieces(old: string, now: string): Piece[] {
  const a = words(old), b = words(now);
  const kept = a.length + b.length > WORDS_MOST ? null : common(a, b, (x, y) => x === y, WORDS_APART);
  if (!kept) return [{ is: 'old', text: old }, { is: 'new', text: now }];
  const all: Piece[] = [];
  const add = (is: Piece['is'], text: string) => {
    const last = all[all.length - 1];
    if (!text) return;
    if (last?.is === is) last.text += text;
    else all.push({ is, text });
  };
  let i = 0, j = 0;
  for (const [x, y] of [...kept, [a.length, b.length] as [number, number]]) {
    add('old', a.slice(i, x).join(''));
    add('new', b.slice(j, y).join(''));
    if (x < a.length) add('same', a[x]!);
    i = x + 1; j = y + 1;
  }
  return all;
}

/* Worth showing as one line that changed: about half of it is the same. */
const near = (all: Piece[]) => {
  const length = (is: Piece['is']) => all.reduce((n, p) => n + (p.is === is ? p.text.trim().length : 0), 0);
  return all.length > 0 && length('same') * 2 >= Math.max(length('old'), length('new'));
};

export function diff(old: string, now: string): Change[] {
  const a = lines(old), b = lines(now);
  const kept = common(a, b, (x, y) => x.text === y.text && x.kind === y.kind, LINES_APART) ?? [];
  const all: Change[] = [];
  let i = 0, j = 0;
  for (const [x, y] of [...kept, [a.length, b.length] as [number, number]]) {
    const gone = a.slice(i, x), come = b.slice(j, y);
    const pairs = gone.length * come.length > PAIRS_MOST ? gone.slice(0, come.length).map((_, n): [number, number] => [n, n])
      : common(gone, come, (g, c) => g.kind === c.kind && near(pieces(g.text, c.text)), LINES_APART) ?? [];
    let g = 0, c = 0;
    for (const [m, n] of [...pairs, [gone.length, come.length] as [number, number]]) {
      all.push(...gone.slice(g, m).map((line): Change => ({ is: 'old', line })), ...come.slice(c, n).map((line): Change => ({ is: 'new', line })));
      const was = gone[m], is = come[n];
      if (was && is) {
        const parts = was.kind === is.kind ? pieces(was.text, is.text) : [];
        all.push(...(near(parts) ? [{ is: 'changed', line: is, pieces: parts } as const] : [{ is: 'old', line: was } as const, { is: 'new', line: is } as const]));
      }
      g = m + 1; c = n + 1;
    }
    if (x < a.length) all.push({ is: a[x]!.html === b[y]!.html ? 'same' : 'look', line: b[y]! });
    i = x + 1; j = y + 1;
  }
  return all;
}

/** Without long stretches that are the same: two lines around each change. null: some are left out. */
export function around(all: Change[], near = 2): (Change | null)[] {
  const shown = all.map((_, i) => all.slice(Math.max(0, i - near), i + near + 1).some((c) => c.is !== 'same'));
  return all.flatMap((c, i) => (shown[i] ? [c] : shown[i - 1] || i === 0 ? [null] : []));
}
