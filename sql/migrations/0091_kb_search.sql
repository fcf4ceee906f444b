-- Articles are found by readers: by title and keywords first, with typing errors and synonyms; and what they looked for.
set role sportello_owner;
alter table app.article_texts add column heads text not null default ' ', add column place bigint not null default 0;
-- What is left of a word without one of its letters, each as a number of the tenant's, and the
-- word: two that differ by one letter have one of them in common. A change of this needs the index made anew.
create or replace function app.slips(tenant bigint, word text) returns bigint[]
language sql immutable strict parallel safe
return (select array_agg(distinct hashtextextended(left(word, n - 1) || substr(word, n + 1), tenant)) from generate_series(1, length(word) + 1) n);

-- The words that texts of articles were ever found by, for who makes a typing error.
create table app.article_words (
  tenant_id bigint not null references app.tenants,
  word text collate "C" not null check (char_length(word) between 4 and 24),
  primary key (tenant_id, word));
create index article_words_slips on app.article_words using gin (app.slips(tenant_id, word)) with (fastupdate = off);

-- Words of a language that mean the same, a group an id. word: as it was written; root: as it is looked up.
create table app.synonyms (
  tenant_id bigint not null references app.tenants,
  id bigint not null,
  language text not null constraint synonyms_language_check check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  position int not null,
  word text not null constraint synonyms_words_check check (char_length(word) between 1 and 60 and app.is_line(word)),
  root text collate "C" not null,
  primary key (tenant_id, id, position));
create index synonyms_root on app.synonyms (tenant_id, language, root);

-- What readers looked for, by day and in which language; nothing of who. hits: what it found the last time.
create table app.kb_searches (
  tenant_id bigint not null references app.tenants,
  day date not null default current_date,
  language text not null,
  q text collate "C" not null check (char_length(q) between 1 and 200),
  count int not null default 1,
  hits int not null,
  clicks int not null default 0,
  primary key (tenant_id, day, language, q));
create index kb_searches_age on app.kb_searches (day);

-- Which articles they went to from there.
create table app.kb_clicks (
  tenant_id bigint not null references app.tenants,
  day date not null default current_date,
  language text not null,
  q text collate "C" not null,
  article_id bigint not null,
  count int not null default 1,
  primary key (tenant_id, day, language, q, article_id),
  foreign key (tenant_id, day, language, q) references app.kb_searches on delete cascade,
  foreign key (tenant_id, article_id) references app.articles on delete cascade);
create index kb_clicks_article on app.kb_clicks (tenant_id, article_id);
reset role;
-- Titles as they are written, without accents; stems come with the next version.
update app.article_texts t set place = coalesce(2 * a.audience_id, 2 * a.section_id + 1),
    heads = ' ' || btrim(regexp_replace(translate(lower(normalize(regexp_replace(normalize(
      concat_ws(' ', v.title, array_to_string(v.keywords, ' ')), NFKD), '[\u0300-\u036f]', '', 'g'), NFKC)), 'øđłıςŧħ', 'odliσth'), '[^[:alnum:]]+', ' ', 'g')) || ' '
  from app.articles a, app.article_versions v
  where a.tenant_id = t.tenant_id and a.id = t.article_id
    and v.tenant_id = t.tenant_id and v.article_id = t.article_id and v.language = t.language and v.number = t.number;
insert into app.article_words (tenant_id, word)
  select distinct t.tenant_id, w from app.article_texts t, string_to_table(t.words, ' ') w
  where length(w) between 4 and 24 and ascii(w) >= 97 and ascii(w) < 11904 and w !~ '[0-9]';
set role sportello_owner;
create index article_texts_heads on app.article_texts
  using gin (app.word_pieces(tenant_id, true, heads)) with (fastupdate = off);
reset role;
drop function if exists auth.article_candidates(tsquery);
