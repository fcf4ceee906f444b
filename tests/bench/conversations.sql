-- The second half of data.sql, in three parts that run beside each other:
-- psql -v part=comments | events | words -f conversations.sql

\set ON_ERROR_STOP on
\set QUIET on
set client_min_messages = warning;
set search_path = pg_catalog;
set timezone = 'UTC';
set work_mem = '512MB';
set maintenance_work_mem = '1GB';
set max_parallel_workers_per_gather = 0;
set max_parallel_maintenance_workers = 0;
set session_replication_role = replica;

select :'part' = 'comments' as comments, :'part' = 'words' as words \gset
\if :comments
insert into app.comments (tenant_id, ticket_id, id, author_id, is_internal, source, html, created_at)
  select c.tenant_id, c.ticket_id,
    (extract(epoch from c.created_at) * 1000)::bigint * 1024 - 1704067200000 * 1024 + c.c,
    c.author_id, c.is_internal, b.source, b.html, c.created_at
  from bench.comment c join bench.body b using (n);
select definition from bench.index where name = 'app.comments_author' \gexec
vacuum (freeze, analyze) app.comments;
\elif :words
-- What tickets are found by, as app.take_words() has it: of titles and of each
-- choice of sentences once. Of other tenants' the first comment will do.
create temp table title as
  select title, array_to_string(app.words_of(title, 'it'), ' ') as words
  from (select distinct left(title, -6) as title from app.tickets) x;
create temp table choice as
  select mask, array_to_string(app.words_of(string_agg(s.s, ' '), 'it'), ' ') as words
  from generate_series(1, 4095) mask join bench.sentence s on mask >> s.k::int & 1 = 1 group by mask;
create unique index on choice (mask);
analyze title; analyze choice;
drop index app.ticket_words_pieces;
insert into app.ticket_words (tenant_id, ticket_id, is_internal, words)
  select k.tenant_id, k.id, p.internal, ' ' || t.words || ' ' || left(right(k.title, 4), 3) || ' ' || c.words || ' '
  from (select c.tenant_id, c.ticket_id, bit_or(b.mask) filter (where not c.is_internal) as shown, bit_or(b.mask) as noted, bool_or(c.is_internal) as has_notes
    from bench.comment c join bench.body b using (n)
    where c.c = 1 or c.tenant_id = bench.id(1, 1) group by 1, 2) x
  cross join lateral (values (false, x.shown), (true, case when x.has_notes then x.noted end)) p (internal, mask)
  join choice c using (mask)
  join app.tickets k on k.tenant_id = x.tenant_id and k.id = x.ticket_id
  join title t on t.title = left(k.title, -6)
  order by k.created_at, k.tenant_id, k.id;
create index ticket_words_pieces on app.ticket_words
  using gin (app.word_pieces(tenant_id, is_internal, words)) with (fastupdate = off);
vacuum (freeze, analyze) app.ticket_words;
\else
insert into app.events (tenant_id, kind, actor_id, ticket_id, comment_id, created_at)
  select c.tenant_id,
    case when c.c = 1 then 'ticket.opened' when c.is_internal then 'ticket.noted' else 'ticket.replied' end,
    c.author_id, c.ticket_id,
    (extract(epoch from c.created_at) * 1000)::bigint * 1024 - 1704067200000 * 1024 + c.c, c.created_at
  from bench.comment c;
select definition from bench.index where name <> 'app.comments_author' \gexec
vacuum (freeze, analyze) app.tickets, app.ticket_access, app.events;
\endif
