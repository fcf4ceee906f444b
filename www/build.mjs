/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Builds www/dist: catalogues → types, tsc, esbuild, hashed names in a/,
 * manifest.json for the workers, .gz and .br beside each file, budgets.
 *
 *   DIST=dir     writes there instead of dist/
 *   PSEUDO=1     adds the right-to-left pseudo-language, and dist/lang/ with
 *                all catalogues for the workers of a test
 *   LANG_DIR=dir reads the catalogues there instead of ../lang; dist/lang/ too
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { answerKeys, answerPage, readAnswers } from './tools/answers.mjs';
import * as po from './tools/po.mjs';
import { sprite } from './tools/sprite.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const dist = resolve(process.env.DIST || join(here, 'dist'));
const langDir = resolve(process.env.LANG_DIR || join(here, '../lang'));

const die = (...lines) => { for (const l of lines) console.error(`www: ${l}`); process.exit(1); };
const walk = (dir, re) => (!existsSync(dir) ? [] : readdirSync(dir, { withFileTypes: true }).flatMap((e) =>
  (e.isDirectory() ? (e.name === 'gen' ? [] : walk(join(dir, e.name), re)) : re.test(e.name) ? [join(dir, e.name)] : [])));

/* ---- texts ---- */
const all = po.loadCatalogues(langDir);
const wrong = po.faults(all);
const known = new Set(all.get('en').entries.keys());
const sources = [...walk(join(here, 'src'), /\.tsx?$/), ...walk(join(here, 'templates'), /\.html$/), ...walk(join(here, '../fcgi'), /\.[ch]$/)]
  .map((f) => [f, readFileSync(f, 'utf8')]);
const used = po.usedKeys(sources, known);
const answers = readAnswers(readFileSync(join(here, '../conf/answers.txt'), 'utf8'));
for (const key of answerKeys(answers)) used.keys.set(key, 'answers.txt');
for (const [key, file] of used.keys) if (!known.has(key)) wrong.push(`${basename(file)}: key ${key} is not in en.po`);
/* Computed in C from a problem's or a mail's name. */
for (const p of ['err.', 'mail.']) used.prefixes.add(p);
for (const key of known) if (!used.keys.has(key) && ![...used.prefixes].some((p) => key.startsWith(p))) wrong.push(`en.po: ${key} is used nowhere`);
if (wrong.length) die(...wrong);

const { source, rules } = po.typesSource(all);
const gen = join(here, 'src/gen/texts.ts');
mkdirSync(dirname(gen), { recursive: true });
const put = (file, text) => { if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text); };
put(gen, source);
if (process.env.PSEUDO) all.set('qps', po.pseudoPo(all.get('en')));
for (const [name, text] of po.areaSources(all)) put(join(here, 'src/gen', name), text);

/* ---- types first: esbuild does not see a shadowed import ---- */
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
try {
  execFileSync(process.execPath, [tsc, '--noEmit', '-p', here], { stdio: 'inherit' });
} catch {
  die('tsc found errors');
}

/* ---- files ---- */
const files = new Map();
const manifest = {};
function add(name, content) {
  const dot = name.lastIndexOf('.');
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  return (manifest[name] = keep(`${name.slice(0, dot)}.${hash}${name.slice(dot)}`, content));
}
function keep(name, content) {
  const path = `/a/${name}`;
  const bytes = Buffer.from(content);
  const gz = gzipSync(bytes, { level: 9 });
  files.set(path, { bytes, gz, br: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }) });
  return path;
}
const gz = (name) => files.get(manifest[name] ?? `/a/${name}`).gz.length;

const icons = add('icons.svg', sprite());
const common = { bundle: true, minify: true, write: false, legalComments: 'none', charset: 'utf8', absWorkingDir: here,
  target: ['chrome123', 'firefox128', 'safari17.5'], logLevel: 'warning', outdir: 'out' };
const css = await esbuild.build({ ...common, entryPoints: { pub: 'src/css/pub.css', app: 'src/css/app.css', articles: 'src/css/articles.css', branding: 'src/css/branding.css', desk: 'src/css/desk.css', dialogs: 'src/css/dialogs.css', files: 'src/css/files.css', forms: 'src/css/forms.css', calendars: 'src/css/calendars.css', levels: 'src/css/levels.css', reports: 'src/css/reports.css', lists: 'src/css/lists.css', search: 'src/css/search.css', kb: 'src/css/kb.css', find: 'src/css/find.css', status: 'src/css/status.css' } });
for (const f of css.outputFiles) add(basename(f.path), f.contents);
/* Each app by itself: what it fetches later is a file of its own, and what
 * that shares with the app is another. They name each other, so they keep the
 * names that esbuild gave them; these carry a hash too. */
const apps = { pub: 'src/pub/main.ts', portal: 'src/portal/main.tsx', agent: 'src/agent/main.tsx', passkey: 'src/pub/passkey.ts' };
const loaded = {};
let writer;
for (const [app, entry] of Object.entries(apps)) {
  const js = await esbuild.build({ ...common, format: 'esm', jsx: 'automatic', jsxImportSource: 'preact', define: { ICONS: JSON.stringify(icons), ARTICLES_CSS: JSON.stringify(manifest['articles.css']), BRANDING_CSS: JSON.stringify(manifest['branding.css']), FORMS_CSS: JSON.stringify(manifest['forms.css']), CALENDARS_CSS: JSON.stringify(manifest['calendars.css']), LEVELS_CSS: JSON.stringify(manifest['levels.css']), REPORTS_CSS: JSON.stringify(manifest['reports.css']), DIALOGS_CSS: JSON.stringify(manifest['dialogs.css']), FILES_CSS: JSON.stringify(manifest['files.css']), LISTS_CSS: JSON.stringify(manifest['lists.css']), SEARCH_CSS: JSON.stringify(manifest['search.css']) },
    splitting: true, chunkNames: '[name].[hash]', metafile: true, entryPoints: { [app]: entry } });
  for (const f of js.outputFiles) basename(f.path) === `${app}.js` ? add(`${app}.js`, f.contents) : keep(basename(f.path), f.contents);
  const outputs = js.metafile.outputs;
  const reach = (path, seen) => (seen.has(path) ? seen : outputs[path].imports.filter((i) => i.kind === 'import-statement')
    .reduce((all, i) => reach(i.path, all), seen.add(path)));
  loaded[app] = [...reach(`out/${app}.js`, new Set())].map((path) => basename(path));
  /* What the editor of articles brings beside what is there already. */
  if (app === 'agent') {
    const entry = Object.keys(outputs).find((path) => outputs[path].entryPoint === 'src/writer/main.tsx');
    writer = [...reach(entry, new Set())].map((path) => basename(path)).filter((name) => !loaded[app].includes(name));
  }
}
for (const [lang, cat] of all) for (const scope of Object.keys(po.SCOPES)) add(`${scope}.${lang}.json`, po.scopeJson(cat, scope, rules));

/* Written beside, then put in place: a server that runs sees one or the other. */
const fresh = `${dist}.new`;
rmSync(fresh, { recursive: true, force: true });
mkdirSync(join(fresh, 'a'), { recursive: true });
for (const [path, f] of files) {
  writeFileSync(join(fresh, path), f.bytes);
  writeFileSync(join(fresh, `${path}.gz`), f.gz);
  writeFileSync(join(fresh, `${path}.br`), f.br);
}
if (process.env.PSEUDO || process.env.LANG_DIR) {
  mkdirSync(join(fresh, 'lang'));
  for (const [lang, cat] of all) writeFileSync(join(fresh, 'lang', `${lang}.po`), po.printPo(cat));
}
const answerTemplate = readFileSync(join(here, '../conf/answer.html'), 'utf8');
for (const [lang, cat] of all) {
  mkdirSync(join(fresh, 'answers', lang), { recursive: true });
  for (const a of answers) writeFileSync(join(fresh, 'answers', lang, a.status), answerPage(answerTemplate, cat, a));
}
writeFileSync(join(fresh, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`);

/* ---- budgets: what a page loads, compressed ---- */
const langs = [...all.keys()].filter((l) => l !== 'qps');
const texts = (scope) => Math.max(...langs.map((l) => gz(`${scope}.${l}.json`)));
const home = ['layout', 'preferences', 'home'].reduce((sum, t) => sum + readFileSync(join(here, `templates/${t}.html`)).length, 0);
const favicon = gzipSync(readFileSync(join(here, 'static/favicon.svg')), { level: 9 }).length;
/* At first; what is fetched later is not in it. */
const js = (app) => loaded[app].reduce((sum, name) => sum + gz(name), 0);
const sizes = {
  portal_js_kb: js('portal') + gz('pub.js') + texts('portal'),
  agent_js_kb: js('agent') + gz('pub.js') + texts('agent'),
  writer_js_kb: writer.reduce((sum, name) => sum + gz(name), 0),
  /* A signed-out page is half of its templates, sent as it is; a theme is three lines. */
  public_page_kb: gz('pub.css') + gz('pub.js') + favicon + Math.ceil(home / 2) + 400,
  css_kb: gz('pub.css') + gz('app.css'),
};
const budgets = JSON.parse(readFileSync(join(here, 'budgets.json'), 'utf8'));
const over = [];
for (const [name, bytes] of Object.entries(sizes)) {
  const kb = bytes / 1024;
  console.log(`www: ${name} ${kb.toFixed(1)} of ${budgets[name]}`);
  if (kb > budgets[name]) over.push(`${name} is over its budget`);
}
if (over.length) die(...over);
rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);
