-- Is the isolation suite able to fail? Each policy is dropped in turn, each
-- table's row-level security loosened, and somebody must notice.
set search_path = pgtap, pg_catalog;
select * from no_plan();
call iso.mutate();
select is(count(*), (select count(*) from pg_policies where schemaname = 'app'),
  'each policy was dropped once') from iso.mutations where change like 'drop policy %';
select ok(noticed_by is not null, change || coalesce(' → ' || noticed_by, '')) from iso.mutations order by n;
select * from finish();
