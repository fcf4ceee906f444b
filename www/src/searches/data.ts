/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** What readers looked for, by words and language, and the words that mean the same to a search. */
export interface Row { q: string; language: string; count: number; last: string; hits?: number; clicks?: number; articles?: { id: number; title: string; count: number }[] | null }
export interface Report { days: number; languages: string[]; searches: number; empty: number; clicked: number; without_result: Row[]; without_click: Row[]; most: Row[] }
export interface Group { id: number; language: string; words: string[] }
export interface Words { most: number; languages: string[]; groups: Group[] }

/** As somebody types them into one field. */
export const wordsOf = (said: string): string[] => said.split(/[,;、，\n]/).map((w) => w.trim()).filter(Boolean);
/** Has a group of that language this word? */
export const isIn = (groups: Group[], q: string, language: string): boolean =>
  groups.some((g) => g.language === language && g.words.some((w) => w.toLocaleLowerCase(language) === q.toLocaleLowerCase(language)));
/** Words as the title of an article that answers them. */
export const titleOf = (q: string, language: string): string => { const [first = '', ...rest] = [...q]; return first.toLocaleUpperCase(language) + rest.join(''); };
