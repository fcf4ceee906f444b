/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Gettext catalogues for the browser: lang/xx.po is read here and by the C
 * workers, so a new language is one new file. This module parses them, checks
 * that none lacks a text, and turns them into one JSON a language and app,
 * typed keys for TypeScript, and a pseudo-language for tests.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/* Which key prefixes an app's JSON carries; the rest is for C alone. */
export const SCOPES = {
  portal: ['app.', 'err.', 'portal.', 'status.'],
  agent: ['agent.', 'app.', 'err.', 'priority.', 'state.'],
};

/* The same for what an app fetches later, each with its own texts. */
export const AREAS = {
  accounts: ['accounts.', 'levels.account', 'pick.', 'state.'],
  access: ['access.', 'site.', 'support.title', 'people.invitations'],
  desk: ['desk.', 'status.'],
  compare: ['compare.'],
  files: ['files.'],
  history: ['history.', 'priority.'],
  hosts: ['hosts.'],
  people: ['me.', 'people.'],
  settings: ['settings.', ...['brand', 'favicon', 'footer', 'headline', 'links', 'logo', 'mail_name', 'name', 'round', 'welcome'].map((f) => `branding.${f}`)],
  branding: ['branding.', 'home.headline', 'home.lead', 'mail.answer', 'mail.reply.intro', 'site.my_tickets', 'site.new_ticket'],
  identifiers: ['identifiers.'],
  share: ['share.', 'pick.'],
  forms: ['forms.', 'priority.'],
  keep: ['keep.', 'simulate.', 'levels.', 'priority.'],
  levels: ['levels.', 'priority.', 'state.'],
  lists: ['lists.', 'priority.'],
  search: ['search.'],
  talk: ['talk.', 'portal.people', 'share.', 'pick.'],
  before: ['before.first_aid', 'before.elsewhere', 'before.spares', 'before.found', 'before.articles', 'before.tickets', 'before.solve', 'service.now', 'service.incident', 'service.maintenance', 'affected.yes', 'affected.mine'],
  signposts: ['before.', 'make.', 'settings.role.', 'home.named.'],
  articles: ['articles.', 'before.', 'make.up', 'make.down', 'make.change', 'settings.role.', 'pick.', 'forms.choose', 'compare.', 'kbnav.'],
  kblinks: ['links.', 'kbnav.'],
  kbexport: ['exports.', 'kbnav.'],
  searches: ['searches.', 'kbnav.', 'make.change'],
  incidents: ['incidents.', 'service.', 'make.'],
  calendars: ['calendars.', 'simulate.', 'levels.kind.', 'priority.'],
  macros: ['macros.'],
  teams: ['teams.', 'pick.'],
  admin: ['admin.'],
  away: ['away.'],
  make: ['make.', 'forms.', 'priority.', 'settings.role.'],
  security: ['security.'],
  signon: ['signon.'],
  sort: ['sort.', 'share.', 'pick.'],
  releases: ['releases.'],
  reports: ['reports.', 'levels.kind.', 'levels.days', 'levels.hours', 'levels.minutes', 'priority.'],
  rules: ['rules.', 'priority.', 'state.', 'lists.group.', 'levels.kind.', 'settings.role.', 'make.up', 'make.down'],
  fixed: ['fixed.'],
  requester: ['requester.'],
  affects: ['affects.', 'status.'],
  statuses: ['statuses.', 'status.', 'state.', 'portal.says.'],
};

const unquote = (s) => JSON.parse(s.replace(/\t/g, '\\t'));
const quote = (s) => JSON.stringify(s);

/* One catalogue: { header: {Language: …}, entries: Map key → entry }. */
export function parsePo(text, file = 'po') {
  const entries = new Map();
  let entry = {}, field = null, header = null;
  const finish = (line) => {
    if (field === null) return;
    if (entry.msgid === '' && entry.msgctxt === undefined) {
      header = Object.fromEntries(entry['msgstr'].split('\n').filter(Boolean)
        .map((l) => [l.slice(0, l.indexOf(':')), l.slice(l.indexOf(':') + 1).trim()]));
    } else if (entry.msgctxt === undefined) {
      throw new Error(`${file}:${line}: a text without msgctxt, which is its key`);
    } else if (entries.has(entry.msgctxt)) {
      throw new Error(`${file}:${line}: key ${entry.msgctxt} a second time`);
    } else {
      entries.set(entry.msgctxt, entry);
    }
    entry = {}; field = null;
  };
  const lines = text.split('\n');
  lines.forEach((raw, i) => {
    const line = raw.trim();
    if (line === '') return finish(i);
    if (line.startsWith('#')) {
      if (field !== null) finish(i);
      if (line.startsWith('#,')) entry.flags = line;
      if (line.startsWith('#.')) entry.comment = line;
      return;
    }
    const m = /^(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)?\s*(".*")$/.exec(line);
    if (!m) throw new Error(`${file}:${i + 1}: not understood: ${line}`);
    if (m[1] === 'msgctxt' && field !== null) finish(i);
    if (m[1]) { field = m[1]; entry[field] = ''; }
    entry[field] += unquote(m[2]);
  });
  finish(lines.length);
  if (!header) throw new Error(`${file}: no header`);
  return { header, entries };
}

/* The texts of an entry in order of its plural forms. */
export function forms(e) {
  const out = [];
  for (let i = 0; e[`msgstr[${i}]`] !== undefined; i++) out.push(e[`msgstr[${i}]`]);
  return out.length ? out : [e.msgstr];
}

const placeholders = (s) => [...new Set([...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]))].sort();

/* The expression of a Plural-Forms header, after a check that it is one. */
export function pluralRule(header) {
  const m = /^nplurals=(\d+);\s*plural=([n\d\s()!=<>&|?:%+*/-]+);?$/.exec(header['Plural-Forms'] ?? '');
  if (!m) throw new Error(`${header.Language}: Plural-Forms not understood`);
  return { n: Number(m[1]), rule: m[2].trim() };
}

export function loadCatalogues(dir) {
  const all = new Map();
  for (const f of readdirSync(dir).filter((f) => f.endsWith('.po')).sort()) {
    const po = parsePo(readFileSync(join(dir, f), 'utf8'), f);
    if (po.header.Language !== f.slice(0, -3)) throw new Error(`${f}: its header says Language: ${po.header.Language}`);
    all.set(po.header.Language, po);
  }
  if (!all.has('en')) throw new Error('no en.po');
  return all;
}

/* Every fault of a set of catalogues against English, as sentences. */
export function faults(all) {
  const out = [];
  const en = all.get('en');
  for (const [lang, po] of all) {
    const { n } = pluralRule(po.header);
    for (const h of ['X-Language-Name', 'X-Direction', 'X-Date-Time', 'X-Months'])
      if (!po.header[h]) out.push(`${lang}.po: header ${h} is missing`);
    for (const [key, e] of en.entries) {
      const mine = po.entries.get(key);
      const texts = mine ? forms(mine) : [];
      if (!texts.length || texts.some((t) => !t)) { out.push(`${lang}.po: ${key} has no text`); continue; }
      if (mine.msgid !== e.msgid || mine.msgid_plural !== e.msgid_plural) out.push(`${lang}.po: ${key} translates another English text`);
      if (e.msgid_plural !== undefined && texts.length !== n) out.push(`${lang}.po: ${key} needs ${n} forms`);
      const want = placeholders(e.msgid_plural ?? e.msgid).join();
      for (const t of texts) {
        const have = placeholders(t);
        if (have.join() !== want && !(e.msgid_plural !== undefined && placeholders(t + '{n}').join() === want))
          out.push(`${lang}.po: ${key} has placeholders {${have}}, not {${want}}`);
      }
    }
    for (const key of po.entries.keys()) if (!en.entries.has(key)) out.push(`${lang}.po: ${key} is not in en.po`);
  }
  return out;
}

/*
 * Keys used, found in the sources: literals ('portal.send', s:t="home.title")
 * and prefixes of computed ones (`status.${s}`). A literal counts when its
 * first word is one that catalogue keys begin with.
 */
export function usedKeys(sources, known) {
  const words = new Set([...known].map((k) => k.split('.')[0]));
  const keys = new Map(), prefixes = new Set();
  for (const [file, text] of sources) {
    const add = (k) => { if (words.has(k.split('.')[0])) keys.set(k, file); };
    if (/\.html$/.test(file)) {
      const computed = (k) => (k.includes('{') ? prefixes.add(k.slice(0, k.indexOf('{'))) : keys.set(k, file));
      for (const m of text.matchAll(/\bs:t="([^"]+)"/g)) computed(m[1]);
      for (const m of text.matchAll(/\bs:attr-t="([^"]+)"/g))
        for (const pair of m[1].trim().split(/\s+/)) computed(pair.split('=')[1] ?? pair);
    } else {
      for (const m of text.matchAll(/(['"])([a-z_]+(?:\.[a-z0-9_-]+)+)\1/g)) if (known.has(m[2]) || /\.tsx?$/.test(file)) add(m[2]);
      for (const m of text.matchAll(/[`"]([a-z_]+\.(?:[a-z_]+\.)*)(?:\$\{|")/g)) prefixes.add(m[1]);
    }
  }
  return { keys, prefixes };
}

/* What the browser gets: {"$": {lang, rule}, key: text or [forms]}. */
export function scopeJson(po, scope, rules) {
  const { rule } = pluralRule(po.header);
  return JSON.stringify({ $: { lang: po.header.Language, rule: rules.indexOf(rule) }, ...textsOf(po, SCOPES[scope]) });
}

function textsOf(po, prefixes) {
  const out = {};
  for (const [key, e] of [...po.entries].sort(([a], [b]) => (a < b ? -1 : 1)))
    if (prefixes.some((p) => key.startsWith(p))) out[key] = e.msgid_plural === undefined ? forms(e)[0] : forms(e);
  return out;
}

/* Modules: an area's texts, one a language, and one that fetches the right one. */
export function areaSources(all) {
  return Object.entries(AREAS).flatMap(([area, prefixes]) => [
    ...[...all].map(([lang, po]) => [`${area}.${lang}.ts`, `/* Made by tools/po.mjs. */\nconst texts: Record<string, string | string[]> = ${JSON.stringify(textsOf(po, prefixes))};\nexport default texts;\n`]),
    [`${area}.ts`, `/* Made by tools/po.mjs. */\nimport type { AreaTexts } from '../lib/i18n';\nexport const ${area}: AreaTexts = {\n`
      + `${[...all.keys()].map((lang) => `  '${lang}': () => import('./${area}.${lang}'),`).join('\n')}\n};\n`],
  ]);
}

/* Typed keys and the plural rules as functions, for src/lib/i18n.ts. */
export function typesSource(all) {
  const rules = [...new Set([...all.values()].map((po) => pluralRule(po.header).rule))].sort();
  const keys = [...all.get('en').entries].map(([key, e]) => {
    const ph = placeholders(`${e.msgid}${e.msgid_plural ?? ''}${e.msgid_plural === undefined ? '' : '{n}'}`);
    const type = ph.length ? `{ ${ph.map((p) => `${p}: ${p === 'n' ? 'number' : 'string | number'}`).join('; ')} }` : 'undefined';
    return `  '${key}': ${type};`;
  });
  return {
    rules,
    source: `/* Made by tools/po.mjs from lang/*.po. */\nexport interface Texts {\n${keys.join('\n')}\n}\n`
      + `export const rules: ((n: number) => number)[] = [\n${rules.map((r) => `  (${/\bn\b/.test(r) ? 'n' : ''}) => Number(${r}),`).join('\n')}\n];\n`,
  };
}

const ACCENTS = new Map([...'aàeéiïoöuüyÿcçnñsšzžAÅEÉIÎOØUÛCÇNÑSŠZŽ'].reduce((a, c, i, s) => (i % 2 ? [...a, [s[i - 1], c]] : a), []));

/* English with accents, a third longer and in brackets: untranslated text,
 * cut text and left-to-right thinking show at once. Placeholders stay. */
export function pseudo(text) {
  const body = text.split(/(\{\w+\})/).map((part, i) => (i % 2 ? part : [...part].map((c) => ACCENTS.get(c) ?? c).join(''))).join('');
  return `⟦${body}${'·'.repeat(Math.ceil(text.length / 3))}⟧`;
}

export function pseudoPo(en) {
  const entries = new Map();
  for (const [key, e] of en.entries) {
    const p = { ...e };
    for (const f of Object.keys(p)) if (f.startsWith('msgstr')) p[f] = pseudo(p[f]);
    entries.set(key, p);
  }
  return { header: { ...en.header, Language: 'qps', 'X-Language-Name': pseudo('Pseudo'), 'X-Direction': 'rtl', 'X-Fallback': 'en' }, entries };
}

export function printPo(po) {
  const out = ['msgid ""', 'msgstr ""', ...Object.entries(po.header).map(([k, v]) => quote(`${k}: ${v}\n`)), ''];
  for (const [key, e] of po.entries) {
    if (e.comment) out.push(e.comment);
    if (e.flags) out.push(e.flags);
    out.push(`msgctxt ${quote(key)}`, `msgid ${quote(e.msgid)}`);
    if (e.msgid_plural !== undefined) out.push(`msgid_plural ${quote(e.msgid_plural)}`);
    for (const f of Object.keys(e).filter((f) => f.startsWith('msgstr'))) out.push(`${f} ${quote(e[f])}`);
    out.push('');
  }
  return out.join('\n');
}
