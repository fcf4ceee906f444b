-- Texts of articles are found by whole words in the index as well, so that few have to be looked into.
set role sportello_owner;
create or replace function app.article_pieces(tenant bigint, words text) returns tsvector
language sql immutable strict parallel safe
return (
  select coalesce(array_to_tsvector(case when length(words) < 30000 then array_agg(p.key || p.piece)
    else (array_agg(distinct p.key || p.piece collate "C"))[:30000] end), '')
  from (
    select k.key, case when n < 0 then '=' || w.word when w.first between 65 and 90 then left(w.word, 16)
        when w.first >= 11904 then substr(w.word, n / 2 + 1, n % 2 + 1)
        when n < 2 then '^' || left(w.word, n + 1)
        else substr(w.word, n - 1, 3) end as piece
    from (select app.words_key(tenant) || '+' as key offset 0) k
    cross join (select word, ascii(word) as first from string_to_table(trim(words), ' ') x (word) where word <> '') w
    cross join lateral generate_series(case when w.first between 65 and 90 or w.first >= 11904 then 0 else -1 end, case when w.first between 65 and 90 then 0
      when w.first >= 11904 then 2 * length(w.word) - 2 else greatest(length(w.word) - 1, 1) end) n) p);
drop index if exists app.article_texts_pieces;
create index article_texts_pieces on app.article_texts
  using gin (app.article_pieces(tenant_id, words)) with (fastupdate = off);
reset role;
-- The lists of the knowledge base's pages go on, and back.
drop function if exists app.knowledge_home(text, text), app.section_here(text, text, text, int, bigint);
drop function if exists app.articles_in(bigint, text, text, bigint[], int, bigint, int), app.loose_articles(bigint, text, text, bigint[], int);
