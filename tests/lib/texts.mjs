// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The texts as they stand in lang/, for tests that meet every language there
// is: a new one needs no line in a test.
import { forms, loadCatalogues, pseudo } from '../../www/tools/po.mjs';
import { root } from './instance.mjs';

const catalogues = loadCatalogues(`${root}/lang`);

export const languages = [...catalogues].map(([tag, { header }]) => ({ tag, name: header['X-Language-Name'], dir: header['X-Direction'] }));
export const has = (lang) => catalogues.has(lang);
export const text = (lang, key) => (lang === 'qps' ? pseudo(text('en', key)) : forms(catalogues.get(lang).entries.get(key))[0]);
// With its values put in.
export const said = (lang, key, values = {}) => text(lang, key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
// What two languages say with the same words, in the pieces that pages show.
export const textsOf = (...langs) => {
  const [first, ...rest] = langs.map((lang) => new Set([...catalogues.get(lang).entries.values()].flatMap((e) => forms(e)).flatMap((s) => s.split(/\{\w+\}/)).map((s) => s.trim())));
  return new Set([...first].filter((s) => rest.every((other) => other.has(s))));
};
