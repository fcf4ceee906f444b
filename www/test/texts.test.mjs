/* SPDX-License-Identifier: AGPL-3.0-or-later */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { answerKeys, answerPage, readAnswers } from '../tools/answers.mjs';
import * as po from '../tools/po.mjs';

const header = (lang, plural = 'nplurals=2; plural=(n != 1);') => `msgid ""
msgstr ""
"Language: ${lang}\\n"
"Plural-Forms: ${plural}\\n"
"X-Language-Name: ${lang}\\n"
"X-Direction: ltr\\n"
"X-Date-Time: %d %B %Y\\n"
"X-Months: a|b|c|d|e|f|g|h|i|j|k|l\\n"
`;
const text = (key, en, mine) => `\n#. for translators\nmsgctxt "${key}"\nmsgid "${en}"\nmsgstr "${mine}"\n`;
const set = (...more) => new Map([['en', po.parsePo(header('en') + text('app.hello', 'Hello {name}', 'Hello {name}'))], ...more]);

test('a catalogue is read and written without loss', () => {
  const source = `${header('it')}${text('app.quote', 'Say \\"a\\\\b\\"', 'Di\\n\\"a\\\\b\\"')}`;
  const first = po.parsePo(source);
  assert.equal(first.entries.get('app.quote').msgstr, 'Di\n"a\\b"');
  assert.deepEqual(po.parsePo(po.printPo(first)), first);
});

test('a text that is missing, misspelt or translates something else is a fault', () => {
  assert.deepEqual(po.faults(set()), []);
  const it = (mine, en = 'Hello {name}', key = 'app.hello') => po.faults(set(['it', po.parsePo(header('it') + text(key, en, mine))])).join();
  assert.match(it(''), /app\.hello has no text/);
  assert.match(it('Ciao {nome}'), /placeholders \{nome\}, not \{name\}/);
  assert.match(it('Ciao {name}', 'Hi {name}'), /another English text/);
  assert.match(it('Ciao', 'Hello', 'app.other'), /app\.other is not in en\.po/);
});

test('a key twice, a text without key and an unknown line stop the build', () => {
  assert.throws(() => po.parsePo(header('en') + text('a.b', 'x', 'x') + text('a.b', 'y', 'y')), /second time/);
  assert.throws(() => po.parsePo(`${header('en')}\nmsgid "x"\nmsgstr "x"\n`), /without msgctxt/);
  assert.throws(() => po.parsePo(`${header('en')}\nmsgstring "x"\n`), /not understood/);
});

test('a plural rule is an expression over n and nothing else', () => {
  assert.equal(po.pluralRule({ 'Plural-Forms': 'nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n!=0 ? 1 : 2);' }).n, 3);
  assert.throws(() => po.pluralRule({ 'Plural-Forms': 'nplurals=2; plural=alert(1);' }));
});

test('the pseudo-language is longer, keeps placeholders and runs right to left', () => {
  assert.match(po.pseudo('Send to {name}'), /^⟦Šéñd tö \{name\}·+⟧$/);
  const q = po.pseudoPo(set().get('en'));
  assert.equal(q.header['X-Direction'], 'rtl');
  assert.deepEqual(po.faults(set(['qps', q])), []);
});

test('keys are found in templates, apps and C', () => {
  const known = new Set(['home.title', 'app.more', 'status.new', 'err.host']);
  const { keys, prefixes } = po.usedKeys([
    ['a.html', '<h1 s:t="home.title"/><a s:attr-t="aria-label=app.more title=app.nope"/>'],
    ['b.tsx', "t('app.gone'); t(`status.${s}`); import('../lib/x.js'); 'example.org'"],
    ['c.c', 'text(c, S("err.host")); open("queries.h")'],
  ], known);
  assert.deepEqual([...keys.keys()].sort(), ['app.gone', 'app.more', 'app.nope', 'err.host', 'home.title']);
  assert.deepEqual([...prefixes], ['status.']);
});

/* What Unicode's data know of a language (Node has all of them) stands for
 * what a translator would look up. */
const lang = fileURLToPath(new URL('../../lang', import.meta.url));
const shipped = [...po.loadCatalogues(lang)].filter(([tag]) => Intl.DateTimeFormat.supportedLocalesOf(tag).length);

test('every language counts as its speakers do', () => {
  for (const [tag, { header }] of shipped) {
    const { n: forms, rule } = po.pluralRule(header);
    const form = new Function('n', `return Number(${rule})`);
    const category = new Intl.PluralRules(tag);
    const seen = new Map();
    for (let n = 0; n <= 1000; n++) {
      if (!seen.has(category.select(n))) seen.set(category.select(n), form(n));
      assert.equal(form(n), seen.get(category.select(n)), `${tag}: ${n}`);
    }
    assert.equal(new Set(seen.values()).size, forms, `${tag}: a form that no number has`);
  }
});

test('every language has its names of months, as they stand in a date', () => {
  for (const [tag, { header }] of shipped) {
    const date = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'long', timeZone: 'UTC' });
    const months = Array.from({ length: 12 }, (_, i) => date.formatToParts(Date.UTC(2026, i, 15)).find((p) => p.type === 'month').value);
    assert.deepEqual(header['X-Months'].split('|').map((m) => parseInt(m, 10) || m), months.map((m) => parseInt(m, 10) || m), tag);
  }
});

test('a page of nginx is one language\'s, escaped, and 503 offers to try again', () => {
  const answers = readAnswers('# a comment\n\n404 | x | X | Y | err.host\n503 | y | X | Y | err.host\n');
  assert.deepEqual(answerKeys(answers), ['site.home', 'app.retry', 'err.host', 'err.host.do', 'err.host', 'err.host.do']);
  const cat = po.parsePo(header('it') + text('err.host', 'No', 'Qui <no> & \\"no\\"') + text('err.host.do', 'Go', 'Vai') + text('site.home', 'Home', 'Casa') + text('app.retry', 'Again', 'Riprova'));
  const template = '<html lang="@LANG@" dir="@DIR@">@TITLE@|@DETAIL@|<a href="@HREF@">@LINK@</a>';
  assert.equal(answerPage(template, cat, answers[0]), '<html lang="it" dir="ltr">Qui &#60;no&#62; &#38; &#34;no&#34;|Vai|<a href="/">Casa</a>');
  assert.match(answerPage(template, cat, answers[1]), /<a href="">Riprova<\/a>$/);
  assert.throws(() => readAnswers('404 | x'), /not understood/);
});
