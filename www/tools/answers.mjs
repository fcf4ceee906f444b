/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The pages that nginx answers by itself, each in every language: made here of
 * conf/answers.txt, conf/answer.html and the catalogues, because when nginx
 * needs them there is no worker to ask. nginx chooses the language.
 */
import { forms } from './po.mjs';

/* [{ status, key }] of the table's lines: the key of a page's title, and with
 * ".do" behind it that of its sentence. */
export function readAnswers(table) {
  return table.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
    const [status, , , , key] = line.split('|').map((s) => s.trim());
    if (!/^\d{3}$/.test(status) || !key) throw new Error(`answers.txt: not understood: ${line}`);
    return { status, key };
  });
}

/* The keys that those pages show. */
export const answerKeys = (answers) => ['site.home', 'app.retry', ...answers.flatMap(({ key }) => [key, `${key}.do`])];

const escape = (s) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/* One page. What may be over in a moment offers to try again, the rest leads home. */
export function answerPage(template, po, { status, key }) {
  const text = (k) => forms(po.entries.get(k))[0];
  const again = status === '503';
  const values = { LANG: po.header.Language, DIR: po.header['X-Direction'], TITLE: text(key), DETAIL: text(`${key}.do`),
    HREF: again ? '' : '/', LINK: text(again ? 'app.retry' : 'site.home') };
  return template.replace(/@([A-Z]+)@/g, (_, name) => escape(values[name]));
}
