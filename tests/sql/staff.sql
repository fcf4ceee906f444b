-- The tenant's own staff: changed and ended by its administrators, in force at
-- once, the last of whom stays. In the tenant 32, like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (32, 'staff', 'Staff');
select fixture.fill(32, 'staff') \g /dev/null
select * from no_plan();
set story.tenant = 32;
set story.slug = 'staff';
\ir lib/story.sql
create function pg_temp.be(who int, membership int, role text) returns text
language sql as $$ select pg_temp.at('desk', who, format('select app.change_membership(%s, %L, null, false)', membership, role)) $$;
create function pg_temp.ends(who int, membership int) returns text
language sql as $$ select pg_temp.at('desk', who, format('select app.end_membership(%s)', membership)) $$;
create function pg_temp.rank(token text) returns text
language sql as $$ select pg_temp.as_role('sportello_api', format('select auth.enter(%L, %L, 1::smallint, false)', 'desk.staff.test', token), 'select auth.rank()') $$;

select is(pg_temp.be(507, 7, 'tenant_admin'), 'PT404', 'an agent makes nobody administrator');
select is(pg_temp.ends(507, 10), 'PT404', 'and ends nobody');
select is(pg_temp.at('ten', 509, 'select app.end_membership(7)'), 'PT404', 'nor does an account''s administrator');
select is(pg_temp.be(508, 8, 'agent'), 'PT422 memberships_last_check', 'the last administrator stays one');
select is(pg_temp.ends(508, 8), 'PT422 memberships_last_check', 'and stays');
select is(pg_temp.be(508, 7, 'main_user'), 'PT422 memberships_role_check', 'staff have no role of an account');
select is(pg_temp.at('ten', 509, 'select app.change_membership(1, ''agent'', null, false)'), 'PT422 memberships_role_check', 'nor a customer one of the staff');
select is(pg_temp.be(508, 1, 'member'), 'PT404', 'whom accounts have is theirs');

select is(pg_temp.rank('32/507'), '2', 'an agent');
select is(pg_temp.be(508, 7, 'tenant_admin'), '{"id" : 7}', 'is made administrator');
select is(pg_temp.rank('32/507'), '3', 'with the very next request');
select is(pg_temp.be(507, 8, 'agent'), '{"id" : 8}', 'and makes the first one an agent');
select is(pg_temp.rank('32/508'), '2', 'who is one');
select is(pg_temp.be(508, 8, 'tenant_admin'), 'PT404', 'and can''t take it back');
select is(pg_temp.be(507, 8, 'tenant_admin'), '{"id" : 8}', 'two of them again');

select is((select count(*) from app.named_contacts where tenant_id = 32 and person_id = 507), 1::bigint, 'shown to an account');
select is(pg_temp.as_role('sportello_api', 'select auth.enter(''ten.staff.test'', ''32/support'', 1::smallint, false)', 'select auth.grant_id()'), '1', 'and let in there');
select is(pg_temp.ends(508, 7), '', 'is ended');
select is(pg_temp.rank('32/507'), 'PT401', 'out with the very next request');
select is(pg_temp.as_role('sportello_api', 'select auth.enter(''ten.staff.test'', ''32/support'', 1::smallint, false)', 'select auth.grant_id()'), 'PT401', 'at the customer''s portal too');
select is((select count(*) from app.named_contacts where tenant_id = 32 and person_id = 507), 0::bigint, 'shown to nobody any more');
select is((select string_agg(kind || ' ' || (data->>'people') || coalesce(' ' || (data->>'to'), ''), ', ' order by id) from app.events where tenant_id = 32 and kind like 'staff.%'),
  'staff.changed [507] tenant_admin, staff.changed [508] agent, staff.changed [508] tenant_admin, staff.ended [507]', 'each is on the record, and told to whom it is about');
select * from finish();
