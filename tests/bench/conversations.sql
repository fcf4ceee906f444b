-- The second half of data.sql, in two parts that run beside each other:
-- psql -v part=comments | events -f conversations.sql

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

select :'part' = 'comments' as comments \gset
\if :comments
insert into app.comments (tenant_id, ticket_id, id, author_id, is_internal, source, html, created_at)
  select c.tenant_id, c.ticket_id,
    (extract(epoch from c.created_at) * 1000)::bigint * 1024 - 1704067200000 * 1024 + c.c,
    c.author_id, c.is_internal, b.source, b.html, c.created_at
  from bench.comment c join bench.body b using (n);
select definition from bench.index where name = 'app.comments_author' \gexec
vacuum (freeze, analyze) app.comments;
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
