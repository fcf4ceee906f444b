/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** Texts of the person's language, with keys and placeholders checked by tsc. */
import { rules, type Texts } from '../gen/texts';
import { asset } from './api';
import { boot } from './boot';

export type Key = keyof Texts;
/** Keys whose text has no placeholder. */
export type PlainKey = { [K in Key]: Texts[K] extends undefined ? K : never }[Key];

interface Catalogue { $: { lang: string; rule: number }; [key: string]: unknown }
let catalogue: Catalogue = { $: { lang: 'en', rule: 0 } };

export function setTexts(c: Catalogue): void { catalogue = c; }

export async function loadTexts(url: string): Promise<void> {
  const texts = await asset<Catalogue>(url);
  if (texts) setTexts({ ...texts, ...boot.labels });
}

/** Those of a part of the app that is fetched later. */
export type AreaTexts = Record<string, () => Promise<{ default: Record<string, string | string[]> }>>;
export async function addTexts(of: AreaTexts): Promise<void> {
  const load = of[boot.lang] ?? of['en'];
  /* Several parts may come at once: what is there is asked when it is added to. */
  const texts = (await load?.())?.default;
  catalogue = { ...catalogue, ...texts, ...boot.labels };
}

export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (all, name: string) => (name in values ? String(values[name]) : all));
}

export function t<K extends Key>(key: K, ...args: Texts[K] extends undefined ? [] : [Texts[K]]): string {
  const values = (args[0] ?? {}) as Record<string, string | number>;
  const found = catalogue[key];
  if (Array.isArray(found)) {
    const form = rules[catalogue.$.rule]?.(Number(values['n'])) ?? 0;
    return fill(String(found[form] ?? found[0]), values);
  }
  return typeof found === 'string' ? fill(found, values) : key;
}

/** A key made at run time, such as err.<code>: its text, or null. */
export function maybe(key: string): string | null {
  const found = catalogue[key];
  return typeof found === 'string' ? found : null;
}
