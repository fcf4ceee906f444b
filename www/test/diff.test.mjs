/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the history of an article shows as different. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as esbuild from 'esbuild';

const bundle = await esbuild.build({ entryPoints: [new URL('../src/articles/diff.ts', import.meta.url).pathname], bundle: true, write: false, format: 'esm' });
const { around, diff, lines } = await import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].contents).toString('base64')}`);
const told = (old, now) => diff(old, now).map((c) => `${c.is} ${c.pieces ? c.pieces.map((p) => ({ same: '', old: '-', new: '+' })[p.is] + p.text).join('|') : c.line.text}`);

test('K3: canonical text by the lines that are read', () => {
  const html = '<h2 id="a">One &amp; two</h2><p>Three <strong>four</strong><br>five</p><ul><li>six</li><li><p>seven</p></li></ul>'
    + '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table><pre><code>x = 1\n  y &lt; 2</code></pre><hr><p><img alt="A door" src="/p"></p>';
  assert.deepEqual(lines(html).map((l) => `${l.kind}: ${l.text}`),
    ['h2: One & two', 'p: Three four five', 'li: six', 'li: seven', 'tr: a | b', 'tr: 1 | 2', 'pre: x = 1', 'pre:   y < 2', 'hr: ―', 'p: [A door]']);
});

test('K3: a changed line by its words, others whole, looks by themselves', () => {
  assert.deepEqual(told('<p>Open the red door.</p><p>Go in.</p>', '<p>Open the blue door.</p><p>Go in.</p><p>Sit.</p>'), ['changed Open the |-red|+blue| door.', 'same Go in.', 'new Sit.']);
  assert.deepEqual(told('<h2 id="a">Gone</h2><p>Put on gloves.</p>', '<p>Put on thick gloves.</p>'), ['old Gone', 'changed Put on |+thick |gloves.']);
  assert.deepEqual(told('<p>One</p>', '<p>Something else</p>'), ['old One', 'new Something else']);
  assert.deepEqual(told('<p>Bold word</p>', '<p><strong>Bold</strong> word</p>'), ['look Bold word']);
  assert.deepEqual(told('<p>Title</p>', '<h2 id="t">Title</h2>'), ['old Title', 'new Title']);
  assert.deepEqual(told('<p>窯を開けます</p>', '<p>窯を閉めます</p>'), ['changed 窯を|-開け|+閉め|ます']);
  assert.deepEqual(told('', ''), []);
});

test('K3: every difference puts the old and the new back together', () => {
  let seed = 7;
  const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
  const make = () => Array.from({ length: random(12) }, () => `<p>${Array.from({ length: 1 + random(4) }, () => 'abc'[random(3)]).join(' ')}</p>`).join('');
  for (let n = 0; n < 500; n++) {
    const [old, now] = [make(), make()];
    const side = (is) => diff(old, now).flatMap((c) => (c.pieces ? [c.pieces.filter((p) => p.is === 'same' || p.is === is).map((p) => p.text).join('')] : c.is === is || c.is === 'same' ? [c.line.text] : []));
    assert.deepEqual(side('old'), lines(old).map((l) => l.text));
    assert.deepEqual(side('new'), lines(now).map((l) => l.text));
  }
});

test('K3: what is very long and altogether different costs a bounded time', () => {
  const many = (word) => Array.from({ length: 20000 }, (_, i) => `<p>${word} ${i}</p>`).join('');
  const begin = performance.now();
  assert.equal(diff(many('a'), many('b')).length, 20000);
  const long = (word) => `<p>${Array.from({ length: 50000 }, (_, i) => word + i).join(' ')}</p>`;
  diff(long('a'), long('b'));
  assert.ok(performance.now() - begin < 10_000);
  assert.deepEqual(around(diff(many('a'), `${many('a')}<p>b</p>`)).map((c) => c?.is ?? null), [null, 'same', 'same', 'new']);
});
