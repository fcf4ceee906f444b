-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Articles of the tenants of data.sql, for what searches and shows the knowledge base:
--
--   psql -v articles=100000 -v others=900000 -v part=rows -f articles.sql, then part=heads and part=pieces beside each other
--
-- Tenant 1 has `articles` of ten kilobytes in two hundred sections, three tenths of which are not
-- everybody's; the other tenants have `others` of three hundred bytes together. Words are made
-- up: some are common and most seldom, as in a language, and half of those of titles are very seldom. Rows of
-- all tenants arrive mixed.
\set ON_ERROR_STOP on
\set QUIET on
set client_min_messages = warning;
set search_path = pg_catalog;
set timezone = 'UTC';
set jit = off;
set work_mem = '256MB';
set maintenance_work_mem = '1GB';
set max_parallel_workers_per_gather = 2;
set session_replication_role = replica;

select :'part' = 'rows' as rows, :'part' = 'heads' as heads \gset
\if :heads
create index article_texts_heads on app.article_texts
  using gin (app.word_pieces(tenant_id, true, heads)) with (fastupdate = off);
\elif :rows

-- The first thirty thousand are of texts, the others of titles alone.
create table bench.kb_word as
  select k, string_agg((array['ba', 'ce', 'di', 'fo', 'gu', 'ha', 'je', 'ki', 'lo', 'mu', 'na', 'pe', 'ri', 'so', 'tu', 'va', 'we', 'xi', 'zo', 'sta', 'tre', 'pli', 'cro', 'bru', 'ne'])
    [1 + n / (25 ^ j)::int % 25], '' order by j) as w
  from (select x, (x::bigint * 237917 % 390625)::int from generate_series(0, 99999) x) y (k, n), generate_series(0, 3) j group by k;
alter table bench.kb_word add primary key (k);
analyze bench.kb_word;
-- Paragraphs of 130 words and more seldom ones of 33, and titles of four words: what they say, and their words.
create table bench.kb_part as
  select n, string_agg(w.w, ' ' order by j) as said, array_agg(distinct w.w) as words
  from generate_series(0, 5999) n
  cross join lateral generate_series(1, case when n < 5000 then 130 else 33 end) j
  join bench.kb_word w on w.k = floor(30000 * (bench.h(n * 1000 + j, 60) / 2147483648.0) ^ 10)::int
  group by n;
alter table bench.kb_part add primary key (n);
create table bench.kb_title as
  select n, initcap(w[1]) || ' ' || array_to_string(w[2:], ' ') as said, w as words
  from (select n, array_agg(w.w order by j) as w from generate_series(0, 19999) n cross join generate_series(1, 4) j
    join bench.kb_word w on w.k = case when j % 2 = 0 then floor(30000 * (bench.h(n * 10 + j, 63) / 2147483648.0) ^ 6)::int else 30000 + bench.h(n * 10 + j, 63) % 70000 end
    group by n) x;
alter table bench.kb_title add primary key (n);
analyze bench.kb_part, bench.kb_title;

create table bench.kb_article as
  select bench.id(n, 61) as id, t.id as tenant_id, t.i, n, is_big, bench.h(n, 66) % case when is_big then 20000 else 500 end as title,
    array(select case when is_big then bench.h(n * 10 + j, 65) % 5000 else 5000 + bench.h(n, 65) % 1000 end from generate_series(1, case when is_big then 10 else 1 end) j) as parts
  from (select n, n % ((:articles + :others) / :articles) = 0 as is_big from generate_series(1, :articles + :others) n) x
  join bench.tenant t on t.i = case when is_big then 1 else 2 + bench.h(n, 62) % (select count(*)::int - 1 from bench.tenant) end;

insert into app.knowledge (tenant_id, change) select id, 1 from bench.tenant on conflict do nothing;
insert into app.audiences (tenant_id, id, level) select t.id, l, l from bench.tenant t, generate_series(1, 3) l;
insert into app.sections (tenant_id, id, key, parent_id, position, names, audience_id, shown_to, path)
  select t.id, s, 's' || s, case when s > 1 then 1 end, s, case when s = 1 then '{}' else jsonb_build_object('en', 'Section ' || s) end,
    case when s = 1 then 1 when s % 10 = 0 then 3 when s % 5 = 1 then 2 end, case when s = 1 then 1 when s % 10 = 0 then 3 when s % 5 = 1 then 2 else 1 end,
    case when s = 1 then array[1] else array[1, s] end
  from bench.tenant t, generate_series(1, case t.i when 1 then 200 else 1 end) s;
insert into app.articles (tenant_id, id, key, section_id, position, language, is_live, changed)
  select tenant_id, id, 'k' || n, case when is_big then 1 + bench.h(n, 64) % 200 else 1 end, n, 'en', true, 1 from bench.kb_article order by n;
insert into app.article_versions (tenant_id, article_id, language, number, title, html, from_change)
  select a.tenant_id, a.id, 'en', 1, t.said, (select string_agg('<p>' || p.said || '</p>', E'\n' order by j)
      from unnest(a.parts) with ordinality x (part, j) join bench.kb_part p on p.n = x.part), 1
  from bench.kb_article a join bench.kb_title t on t.n = a.title order by a.n;

-- Indexes are made when the rows are there.
drop index app.article_texts_pieces, app.article_texts_heads;
insert into app.article_texts (tenant_id, article_id, language, number, title, slug, about, toc, minutes, words, heads, place)
  select a.tenant_id, a.id, 'en', 1, t.said, replace(lower(t.said), ' ', '-'), left(p.said, 250), '[]', 1 + cardinality(a.parts) / 2,
    ' ' || (select string_agg(w, ' ') from (select unnest(x.words) as w from unnest(a.parts) y (part) join bench.kb_part x on x.n = y.part union select unnest(t.words)) z) || ' ',
    ' ' || array_to_string(t.words, ' ') || ' ', 2 * r.section_id + 1
  from bench.kb_article a
  join app.articles r on r.tenant_id = a.tenant_id and r.id = a.id
  join bench.kb_title t on t.n = a.title
  join bench.kb_part p on p.n = a.parts[1]
  order by a.n;
insert into app.article_words (tenant_id, word) select t.id, w.w from bench.tenant t, bench.kb_word w where t.i = 1 or w.k < 200 order by 1, 2;
-- Those that data.sql leaves to be made with the conversations.
select definition from bench.index \gexec
\else
-- What pieces a text has follows from its paragraphs' and its title's: those of a tenant are worked out once
-- each and put together, by two at a time, and the index is made of that.
create table bench.kb_vector as
  select tenant_id, part, app.article_pieces(tenant_id, ' ' || array_to_string(words, ' ') || ' ') as v
  from (select distinct a.tenant_id, x.part from bench.kb_article a, unnest(a.parts || -1 - a.title) x (part)) p
  cross join lateral (select words from bench.kb_part k where k.n = p.part union all select words from bench.kb_title k where k.n = -1 - p.part) w;
alter table bench.kb_vector add primary key (tenant_id, part);
analyze bench.kb_vector;
create aggregate bench.together(tsvector) (sfunc = tsvector_concat, stype = tsvector, parallel = safe);
create table bench.kb_pieces as
  select hashtextextended(t.words, a.tenant_id) as h,
    (select bench.together(v.v) from unnest(a.parts || -1 - a.title) x (part) join bench.kb_vector v on v.tenant_id = a.tenant_id and v.part = x.part) as v
  from bench.kb_article a join app.article_texts t on t.tenant_id = a.tenant_id and t.article_id = a.id;
create index on bench.kb_pieces (h);
do $$
begin
  if exists (select from (select * from app.article_texts where article_id % 997 = 0 limit 300) t join bench.kb_pieces k on k.h = hashtextextended(t.words, t.tenant_id)
      where k.v <> app.article_pieces(t.tenant_id, t.words)) then
    raise 'pieces that are put together are not those of the text';
  end if;
end $$;
-- An index is made with its owner's rights.
grant usage on schema bench to sportello_owner;
grant select on bench.kb_pieces to sportello_owner;
select pg_get_functiondef('app.article_pieces(bigint, text)'::regprocedure) as own \gset
create or replace function app.article_pieces(tenant bigint, words text) returns tsvector
language plpgsql immutable strict parallel safe as $$
begin
  return (select k.v from bench.kb_pieces k where k.h = hashtextextended(article_pieces.words, tenant) limit 1);
end $$;
create index article_texts_pieces on app.article_texts
  using gin (app.article_pieces(tenant_id, words)) with (fastupdate = off);
:own;
drop table bench.kb_pieces, bench.kb_vector, bench.kb_part;
revoke usage on schema bench from sportello_owner;
\endif
