// SPDX-License-Identifier: AGPL-3.0-or-later
//
// TXT records from name servers of every kind (fcgi/resolve.h).
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { nameServer } from '../lib/names.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = `${root}/build/unit/resolve`;

let names;
before(async () => {
  execFileSync('make', ['-s', '-C', root, 'build/unit/resolve']);
  names = await nameServer();
});
after(() => names.close());

const sanitizers = { ASAN_OPTIONS: 'detect_leaks=1', UBSAN_OPTIONS: 'print_stacktrace=1' };
async function ask(list, { ms = 5000, resolver = names.address } = {}) {
  const started = Date.now();
  const { stdout } = await promisify(execFile)(program, ['ask', String(ms), ...list], { env: { ...sanitizers, SPORTELLO_RESOLVER: resolver } });
  return { lines: stdout.trimEnd().split('\n'), took: Date.now() - started };
}
const one = async (name, options) => (await ask([name], options)).lines[0];

test('texts, one or several, in pieces, with any bytes', async () => {
  names.set('one.example', { TXT: ['sportello=abc_DEF-1'] });
  names.set('many.example', { TXT: ['v=spf1 -all', ['two ', 'pieces'], Buffer.from([0, 10, 255])] });
  assert.equal(await one('one.example'), 'found sportello=abc_DEF-1');
  assert.equal(await one('many.example'), 'found v=spf1%20-all two%20pieces %00%0a%ff');
});

test('through an alias, and a dead one', async () => {
  names.set('alias.example', { CNAME: 'elsewhere.example', TXT: ['x'] });
  names.set('dead.example', { CNAME: 'nowhere.example' });
  assert.equal(await one('alias.example'), 'found x');
  assert.equal(await one('dead.example'), 'none');
});

test('no record is not the same as no answer', async () => {
  names.set('empty.example', { A: ['127.0.0.1'] });
  names.set('broken.example', { code: 2 });
  names.set('refusing.example', { code: 5 });
  assert.equal(await one('empty.example'), 'none');
  assert.equal(await one('not-there.example'), 'none');
  assert.match(await one('broken.example'), /^failed ./);
  assert.match(await one('refusing.example'), /^failed ./);
});

test('an answer too long for one packet is asked for by TCP', async () => {
  names.set('long.example', { cut: true, TXT: ['first', ...Array.from({ length: 20 }, (_, i) => `${i}-${'x'.repeat(100)}`)] });
  const line = await one('long.example');
  assert.equal(line.split(' ').length, 22);
  assert.match(line, /^found first 0-x/);
});

test('more texts, and longer ones, than anybody needs are left out', async () => {
  names.set('flood.example', { cut: true, TXT: Array.from({ length: 200 }, (_, i) => `t${i}`) });
  assert.equal((await one('flood.example')).split(' ').length, 33);
  names.set('huge.example', { cut: true, TXT: [['a'.repeat(255), 'b'.repeat(255), 'c'.repeat(255)], 'small'] });
  assert.equal(await one('huge.example'), 'found small');
});

test('a silent server costs the limit and no more, and the others are heard', async () => {
  names.set('silent.example', { silent: true });
  names.set('quick.example', { TXT: ['here'] });
  const { lines, took } = await ask(['silent.example', 'quick.example', ...Array(14).fill('silent.example')], { ms: 1500 });
  assert.match(lines[0], /^failed ./);
  assert.equal(lines[1], 'found here');
  assert.equal(lines.length, 16);
  assert.ok(took < 3500, `${took} ms`);
});

test('a lost packet is sent again', async () => {
  names.set('lossy.example', { silent: true });
  setTimeout(() => names.set('lossy.example', { TXT: ['late'] }), 600);
  assert.equal(await one('lossy.example'), 'found late');
});

test('garbage from a server is no answer', async () => {
  for (const raw of ['', '8180', '818000010001', '81800001000100000000', '8180ffffffffffffffff', `818000010001000000000365787c00001000${'ff'.repeat(40)}`]) {
    names.set('garbage.example', { raw: Buffer.from(raw, 'hex') });
    assert.match(await one('garbage.example', { ms: 400 }), /^(failed|none)/, raw);
  }
});

test('no search domains, and nothing of /etc/hosts', async () => {
  assert.equal(await one('localhost'), 'none');
  assert.ok(names.asked.includes('localhost'));
  assert.ok(!names.asked.some((name) => name.startsWith('not-there.example.')));
});
