-- G2: for each tenant table × each role and kind of person: reading, counting,
-- provoking an error from, inserting, updating, deleting and moving rows of
-- another tenant; and the controls. sql/lib/isolation.sql has the attempts.
set search_path = pgtap, pg_catalog;
select * from no_plan();

select cmp_ok(count(*), '>=', 17::bigint, 'the tables are found') from iso.tables;
select is(array(select name from iso.tables except select name from iso.fresh), '{}',
  'for each table we know what a new row looks like');
select ok(n > 0, format('app.%s has rows of tenant %s', t.name, tenant))
from iso.tables t, generate_series(1, 2) tenant,
  lateral (select (xpath('/row/n/text()', query_to_xml(format(
    'select count(*) as n from app.%I where tenant_id = %s', t.name, tenant), false, true, '')))[1]::text::int as n) x;
select is(count(*), 22 * 7 * (select count(*) from iso.tables),
  'each role tries each act on each table') from iso.attempts;
-- What is tried could be done if nothing stood in its way.
begin;
select auth.set_context(2, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
select ok(iso.possible(iso.insertion('sportello_owner', oid, 2)), 'but for policies, could insert: ' || name)
from iso.tables;
commit;

call iso.run();
select ok((r).passed, (r).context || ': ' || (r).label) || case when not (r).passed
  then E'\n# ' || coalesce((r).detail, '') else '' end
from iso.results order by n;
select is(count(distinct (r).context), count(distinct c.name), 'all contexts were tried')
from iso.contexts c left join iso.results on (r).context = c.name;

-- T7: an export has every row, an erasure leaves none, in whatever table, and the
-- other tenant's are as before. Both tenants have rows of everything.
create function pg_temp.rows_of(tenant bigint) returns jsonb language plpgsql as $$
declare
  t text;
  n bigint;
  found jsonb := '{}';
begin
  for t in select name from iso.tables loop
    execute format('select count(*) from app.%I where tenant_id = $1', t) into n using tenant;
    found := found || jsonb_build_object(t, n);
  end loop;
  return found;
end $$;
begin;
select pg_temp.rows_of(1) as had, iso.others(1) as others, operator.left_out() as left_out \gset
set session authorization sportello_operator;
select auth.operator_enter('north', false) \g /dev/null
select (select jsonb_object_agg(name, n) from (select split_part(r, E'\t', 1) as name, count(*) as n from operator.export_rows() r group by 1) x) as exported \gset
select operator.erase_tenant() \g /dev/null
reset session authorization;
select pg_temp.rows_of(1) as left, iso.others(1) as others_now \gset
rollback;
select is(:'exported'::jsonb, :'had'::jsonb - :'left_out'::text[], 'T7: an export has every row, but of what is left out');
select is((select jsonb_object_agg(key, value) from jsonb_each(:'left') where value::int > 0), null, 'T7: nothing of an erased tenant is left in any table');
select is(:'others_now'::text, :'others', 'and the other''s are as before');
select * from finish();
