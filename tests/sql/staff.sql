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

-- Seven hundred tickets of theirs, and three that are done.
begin;
select auth.set_context(32, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, assignee_id, title, status, at_desk)
  select 32, 1000 + i, 110, 10, 501, 507, 'One of many', case when i > 700 then 5 else 1 + i % 4 end, true from generate_series(1, 703) i;
commit;
select is((select count(*) from app.named_contacts where tenant_id = 32 and person_id = 507), 1::bigint, 'shown to an account');
select is(pg_temp.as_role('sportello_api', 'select auth.enter(''ten.staff.test'', ''32/support'', 1::smallint, false)', 'select auth.grant_id()'), '1', 'and let in there');
select is(pg_temp.ends(508, 7), '', 'is ended');
select is(pg_temp.rank('32/507'), 'PT401', 'out with the very next request');
select is(pg_temp.as_role('sportello_api', 'select auth.enter(''ten.staff.test'', ''32/support'', 1::smallint, false)', 'select auth.grant_id()'), 'PT401', 'at the customer''s portal too');
select is((select count(*) from app.named_contacts where tenant_id = 32 and person_id = 507), 0::bigint, 'shown to nobody any more');
select is((select string_agg(kind || ' ' || (data->>'people') || coalesce(' ' || (data->>'to'), ''), ', ' order by id) from app.events where tenant_id = 32 and kind like 'staff.%'),
  'staff.changed [507] tenant_admin, staff.changed [508] agent, staff.changed [508] tenant_admin, staff.ended [507]', 'each is on the record, and told to whom it is about');

-- ---- and the tickets they had ----------------------------------------------------

create function pg_temp.theirs() returns text language sql as $$
  select format('%s theirs, %s nobody''s', count(*) filter (where assignee_id = 507), count(*) filter (where assignee_id is null))
  from app.tickets where tenant_id = 32 and id > 1000 $$;
create function pg_temp.told() returns bigint language sql as $$
  select count(*) from app.deliveries d join app.events e on e.tenant_id = d.tenant_id and e.id = d.event_id where e.tenant_id = 32 and e.kind = 'staff.ended' $$;
-- Jobs come to it, and to nothing else.
create function pg_temp.work() returns text language plpgsql as $$
begin
  delete from app.event_queue;
  insert into app.event_queue (tenant_id, event_id) select 32, id from app.events where tenant_id = 32 and kind = 'staff.ended';
  return pg_temp.as_role('sportello_jobs', null, 'select jobs.fan_out()->>''deliveries''');
end $$;
select is(pg_temp.theirs(), '703 theirs, 0 nobody''s', 'theirs until jobs come to it');
select is(pg_temp.work(), '0', 'so many at a time');
select is(pg_temp.theirs(), '203 theirs, 500 nobody''s', 'are nobody''s then');
select is((select count(*) from app.event_queue q join app.events e on e.tenant_id = q.tenant_id and e.id = q.event_id where e.kind = 'staff.ended' and q.not_before > now()), 1::bigint, 'soon it comes again');
select is(pg_temp.told(), 0::bigint, 'nothing was told so far');
select is(pg_temp.work(), '1', 'with all of them');
select is(pg_temp.theirs(), '3 theirs, 700 nobody''s', 'that are open');
select is(pg_temp.told(), 1::bigint, 'it is told');
select is((select count(*) from app.events where tenant_id = 32 and kind = 'ticket.changed' and ticket_id > 1000 and data = '{"assignee": [507, null]}'), 700::bigint, 'each by an event');
select is(pg_temp.at('desk', 508, 'select count(*) from app.tickets where id > 1000 and assignee_id is null'), '700', 'as the desk sees');
begin;
select auth.set_context(32, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tickets set assignee_id = 508 where tenant_id = 32 and id = 1001;
insert into app.events (tenant_id, kind, data) values (32, 'staff.ended', '{"person": 508}') returning id \gset
commit;
select is(pg_temp.as_role('sportello_jobs', 'select jobs.enter(32)', format('select app.free_tickets(%s)', :id)), 'false', 'who is of the staff, or is again, keeps');
select is((select assignee_id from app.tickets where tenant_id = 32 and id = 1001), 508::bigint, 'what they have');
select * from finish();
