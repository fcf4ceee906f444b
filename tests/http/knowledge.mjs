// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A knowledge base for a world (world.mjs): what is written goes the way that its tenant's
// agents write it.
import { psql } from '../lib/instance.mjs';

const quote = (value) => (value === null || value === undefined ? 'null' : `'${String(typeof value === 'object' ? JSON.stringify(value) : value).replaceAll("'", "''")}'`);
// Statements as an administrator at the desk; the last one's value.
export const asDesk = async (w, ...statements) => (await psql('postgres', `begin;
  select auth.set_context(${w.tenant}, ${w.portal.desk}, null, ${w.people.admin.id}, null, 3::smallint, '{}', false);
  ${statements.join(';\n')}; commit`)).trim().split('\n').filter((line) => !/^(BEGIN|COMMIT|)$/.test(line)).at(-1);

// → { id, key, url }; url is that of its page in English.
export async function section(w, name, { parent, audience, about } = {}) {
  const id = await asDesk(w, `select app.write_section(null, ${parent ?? 'null'}, ${quote(typeof name === 'string' ? { en: name } : name)}, ${quote(about ? { en: about } : {})}, ${quote(audience)}, null)`);
  const [key, slug] = (await psql('postgres', `select key || ' ' || app.slug(names->>'en') from app.sections where tenant_id = ${w.tenant} and id = ${id}`)).trim().split(' ');
  return { id, key, url: `/en/kb/s/${slug}-${key}` };
}
// → { id, key, url }; the first language is its own.
export async function article(w, texts, { section: at, audience, keywords } = {}) {
  const [[first, { title, html }], ...others] = Object.entries(texts);
  const id = await asDesk(w, `select app.make_article(${at ?? 'null'}, ${quote(first)}, ${quote(title)}, ${quote(html)}, gen_random_uuid()::text, ${quote(audience)}, true, ${quote(keywords)})->>'id'`);
  for (const [language, text] of others) await write(w, id, language, text);
  const [key, slug] = (await psql('postgres', `select a.key || ' ' || t.slug from app.articles a join app.article_texts t on t.tenant_id = a.tenant_id and t.article_id = a.id and t.language = ${quote(first)}
    where a.tenant_id = ${w.tenant} and a.id = ${id}`)).trim().split(' ');
  return { id, key, slug, url: `/${first}/kb/${slug}-${key}` };
}
export const write = (w, id, language, { title, html }) => asDesk(w, `select app.save_draft(${id}, ${quote(language)}, ${quote(title)}, ${quote(html)}, null, null, true)`);
export const change = (w, id, said) => asDesk(w, `select app.change_article(${id}, ${quote(said)})`);
