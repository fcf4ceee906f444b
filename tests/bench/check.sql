-- After data.sql and conversations.sql: does every row fit? Loading skipped the
-- foreign keys; each is made again, which asks once for all rows.

\set ON_ERROR_STOP on
\set QUIET on
set client_min_messages = warning;
set work_mem = '512MB';
set max_parallel_workers_per_gather = 2;

select format('alter table %s drop constraint %I, add constraint %I %s',
    conrelid::regclass, conname, conname, pg_get_constraintdef(oid))
  from pg_constraint where contype = 'f' and connamespace = 'app'::regnamespace
  and conrelid <> 'app.deliveries'::regclass
\gexec

-- Standing is what the product's own function makes of the memberships.
begin;
select auth.set_context(bench.id(1, 1), null, null, null, null, 0::smallint, '{}', false) \gset ignored_
create temp table standing on commit drop as
  select p.id, p.rank, p.principals, p.doors from app.people p
  where p.tenant_id = bench.id(1, 1) order by p.id limit 500;
select count(app.refresh_standing(id)) from standing \gset ignored_
do $$
begin
  if exists (select from standing s join app.people p
      on p.tenant_id = bench.id(1, 1) and p.id = s.id
      where (s.rank, s.doors) is distinct from (p.rank, p.doors)
      or not (s.principals @> p.principals and s.principals <@ p.principals)) then
    raise 'people of the benchmark do not stand as memberships say';
  end if;
end $$;
rollback;

drop table bench.comment, bench.body, bench.sentence;
vacuum analyze;
checkpoint;
