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
select * from finish();
