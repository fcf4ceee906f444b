-- One change of many tickets (W1): in the name of who asked and by their rights, part by
-- part, stopped, taken back. In the tenant 24, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (24, 'bulk', 'Bulk') on conflict do nothing;
do $$ begin
  if not exists (select from app.accounts where tenant_id = 24) then
    perform fixture.fill(24, 'bulk');
  end if;
end $$;
select * from no_plan();
set story.tenant = 24;
set story.slug = 'bulk';
\ir lib/story.sql
begin;
select auth.set_context(24, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.bulk_jobs where tenant_id = 24;
delete from app.field_policies where tenant_id = 24;
delete from app.ticket_tags where tenant_id = 24;
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, status, at_desk)
  select 24, 5000 + n, 110, 10, 501, 'Many ' || n, 2, true from generate_series(1, 120) n;
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at) select 24, 5000 + n, app.principal(501, 0), now() from generate_series(1, 120) n;
delete from app.event_queue where tenant_id = 24;
commit;

create function pg_temp.start(person int, numbers text, change text, query text default null) returns text language sql as $$
  select pg_temp.at('desk', person, format('select app.start_bulk(%L, %L, %L, %L)#>>''{job,id}''', numbers, query, change, md5(concat(numbers, change, query, clock_timestamp())))) $$;
create function pg_temp.many(first int, last int) returns text language sql as $$ select '[' || string_agg(n::text, ',') || ']' from generate_series(first, last) n $$;
create function pg_temp.newest() returns bigint language sql as $$ select id from app.bulk_jobs where tenant_id = 24 order by created_at desc limit 1 $$;
-- One part, as jobs come to it.
create function pg_temp.part() returns text language plpgsql as $$
begin
  update app.bulk_jobs set due_at = now() where tenant_id = 24 and id = pg_temp.newest();
  return pg_temp.as_role('sportello_jobs', null, 'select jobs.work_bulk()');
end $$;
-- All of them, a transaction each.
create procedure pg_temp.parts() language plpgsql as $$
declare
  n int := 0;
begin
  while (select state from app.bulk_jobs where tenant_id = 24 and id = pg_temp.newest()) = 1 and n < 30 loop
    perform pg_temp.part();
    commit;
    n := n + 1;
  end loop;
end $$;
create function pg_temp.counted() returns text language sql as $$
  select format('%s of %s, %s so, %s refused', done, total, same, refused) from app.bulk_jobs where tenant_id = 24 and id = pg_temp.newest() $$;
create function pg_temp.refused(person int) returns text language sql as $$
  select pg_temp.at('desk', person, format('select string_agg((r->>''number'') || '' '' || (r->>''code''), '', '') from json_array_elements(app.get_bulk(%s)->''refused'') r', pg_temp.newest())) $$;

-- ---- W1: what is asked for ---------------------------------------------------------------

select format('select is(pg_temp.start(507, %L, %L, %L), %L, %L)', v.numbers, v.change, v.query, v.refused, v.what) from (values
  (pg_temp.many(1, 1001), '{"status": "solved"}', null, 'PT422 bulk_numbers.too_many', 'a thousand at most'),
  ('[]', '{"status": "solved"}', null, 'PT422 bulk_numbers.required', 'not none'), (null, '{"status": "solved"}', null, 'PT422 bulk_numbers.required', 'numbers or a list'),
  ('[1]', '{"status": "solved"}', 'group=open', 'PT422 bulk_numbers.required', 'and not both'), ('["1"]', '{"status": "solved"}', null, 'PT422 bulk_numbers.type', 'numbers'),
  ('[1.5]', '{"status": "solved"}', null, 'PT422 bulk_numbers.type', 'whole ones'), ('{}', '{"status": "solved"}', null, 'PT422 bulk_numbers.type', 'a list of them'),
  ('[1]', '{}', null, 'PT422 bulk_change.type', 'something changes'), ('[1]', '{"title": "x"}', null, 'PT422 bulk_change.type', 'that is theirs'),
  ('[1]', '{"status": "gone"}', null, 'PT422 bulk_status.choice', 'to what there is'), ('[1]', '{"status": "closed_escalated"}', null, 'PT422 bulk_status.choice', 'each is escalated by itself'),
  ('[1]', '{"priority": "most"}', null, 'PT422 bulk_priority.choice', 'a priority'), ('[1]', '{"assignee": 501}', null, 'PT422 bulk_assignee.choice', 'an agent'),
  ('[1]', '{"team": 77}', null, 'PT422 bulk_team.choice', 'a team'), ('[1]', '{"tags": ["x"]}', null, 'PT422 tickets_tags.type', 'tags'), (null, '{"status": "solved"}', 'group=none', 'PT422 bulk_query.type', 'a list'),
  (null, '{"status": "solved"}', 'tag=nowhere', 'PT422 bulk_numbers.required', 'that is not empty')) v (numbers, change, query, refused, what) \gexec
select is(pg_temp.at('ten', 501, $$select app.start_bulk('[1]', null, '{"status": "solved"}', 'bulk-key-1')$$), 'PT403', 'a customer asks for none');
select is(pg_temp.at('ten', 509, $$select app.list_bulk()$$), 'PT403', 'whoever it is');
select is(pg_temp.at('desk', 507, $$select app.count_bulk('group=open&sort=title')->>'n'$$)::int,
  (select count(*)::int from app.tickets where tenant_id = 24 and at_desk and status <= 2), 'how many a list holds is said beforehand');

-- ---- W1: carried out ----------------------------------------------------------------------

select matches(pg_temp.start(507, '[3, 94, 999999, 5001, 5001, ' || trim(leading '[' from pg_temp.many(5002, 5110)), '{"status": "solved", "assignee": "me", "tags": {"add": ["Many"]}}'), '^[0-9]{6,}$', 'an agent asks for it');
select is(pg_temp.counted(), '0 of 113, 0 so, 0 refused', 'which is stored');
select is((select string_agg(actor_id || ' ' || (data->>'total'), ' ') from app.events where tenant_id = 24 and kind = 'bulk.started'), '507 113', 'with one record');
begin;
select pg_temp.part() \g /dev/null
select is(pg_temp.counted(), '49 of 113, 0 so, 1 refused', 'fifty are looked at');
rollback;
select is(pg_temp.counted(), '0 of 113, 0 so, 0 refused', 'and none, when that is broken off');
select is(pg_temp.part(), '50', 'again');
select is((select count(*)::int from app.tickets where tenant_id = 24 and id > 5000 and status = 5), 48, 'they are solved');
call pg_temp.parts();
select is(pg_temp.counted(), '111 of 113, 0 so, 2 refused', 'each is done or refused') ;
select is(pg_temp.refused(507), '3 gone, 999999 gone', 'and why');
select is((select count(*)::int from app.tickets t where tenant_id = 24 and id between 5001 and 5110 and status = 5 and assignee_id = 507 and changed_by = 507
  and exists (select from app.ticket_tags g where g.tenant_id = 24 and g.ticket_id = t.id and g.tag = 'many')), 110, 'by who asked');
select is((select count(*)::int from app.events where tenant_id = 24 and kind = 'ticket.changed' and ticket_id > 5000 and actor_id = 507), 110, 'each an event of theirs');
select is((select count(*)::int from app.events where tenant_id = 24 and kind = 'ticket.solved' and ticket_id > 5000), 110, 'of which who follows it hears');
select is(pg_temp.at('desk', 508, format('select app.get_bulk(%s)', pg_temp.newest())), 'PT404', 'nobody else sees the job');
select is(pg_temp.at('desk', 508, format('select app.undo_bulk(%s)', pg_temp.newest())), 'PT404', 'or takes it back');
select is(pg_temp.at('desk', 508, format('select app.stop_bulk(%s)', pg_temp.newest())), 'PT404', 'or stops it');

-- ---- W1: taken back -----------------------------------------------------------------------

select is(pg_temp.at('desk', 507, $$select app.change_ticket(5007, '{"status": "closed"}')$$), '', 'one is changed meanwhile');
select set_config('test.first', pg_temp.newest()::text, false) \g /dev/null
select is(pg_temp.at('desk', 507, format('select app.undo_bulk(%s)#>>''{job,undoes}''', pg_temp.newest())), current_setting('test.first'), 'taken back');
call pg_temp.parts();
select is(pg_temp.counted(), '110 of 111, 0 so, 1 refused', 'but for the one');
select is(pg_temp.refused(507), '5007 changed', 'which is told');
select is((select string_agg(distinct status || ' ' || coalesce(assignee_id, 0), ',') from app.tickets where tenant_id = 24 and id between 5001 and 5110 and id <> 5007), '2 0', 'as they were');
select is((select count(*)::int from app.ticket_tags where tenant_id = 24 and tag = 'many'), 1, 'without the tag');
select is(pg_temp.at('desk', 507, format('select app.undo_bulk(%s)', current_setting('test.first'))), 'PT409 bulk-over', 'once');
select is(pg_temp.at('desk', 507, format('select app.undo_bulk(%s)', pg_temp.newest())), 'PT409 bulk-over', 'and what takes back is not taken back');
select matches(pg_temp.start(507, '[5001]', '{"priority": "high"}'), '^[0-9]{6,}$', 'another one');
call pg_temp.parts();
begin;
select auth.set_context(24, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.bulk_jobs set ended_at = now() - interval '61 minutes' where tenant_id = 24 and id = pg_temp.newest();
commit;
select is(pg_temp.at('desk', 507, format('select app.undo_bulk(%s)', pg_temp.newest())), 'PT409 bulk-over', 'after an hour it stays');

-- ---- W1: stopped; whose rights ------------------------------------------------------------

select matches(pg_temp.start(507, '[5001, 5002]', '{"priority": "high"}'), '^[0-9]{6,}$', 'asked for');
select is(pg_temp.at('desk', 507, format('select app.undo_bulk(%s)#>>''{job,state}''', pg_temp.newest())), 'stopped', 'what is taken back before it began is stopped');
select is(pg_temp.part() || ' ' || pg_temp.counted(), '0 0 of 2, 0 so, 0 refused', 'and changes nothing');
select matches(pg_temp.start(507, pg_temp.many(5001, 5110), '{"priority": "low"}'), '^[0-9]{6,}$', 'one more');
select pg_temp.part() \g /dev/null
select is(pg_temp.at('desk', 507, format('select app.stop_bulk(%s)#>>''{job,state}''', pg_temp.newest())), 'stopped', 'is stopped');
select is(pg_temp.part(), '0', 'jobs come to it again');
select is(pg_temp.counted(), '50 of 110, 0 so, 0 refused', 'and do no more');
select is(pg_temp.at('desk', 507, format('select app.undo_bulk(%s)#>>''{job,total}''', pg_temp.newest())), '50', 'what was done can be taken back');
call pg_temp.parts();
select is((select count(*)::int from app.tickets where tenant_id = 24 and id between 5001 and 5110 and priority = 1), 0, 'none is low any more');
select matches(pg_temp.start(507, null, '{"assignee": null, "tags": {"remove": ["nothing"]}}', 'tag=many'), '^[0-9]{6,}$', 'of all that a list holds');
call pg_temp.parts();
select is(pg_temp.counted(), '1 of 1, 0 so, 0 refused', 'which is nobody''s now');
select matches(pg_temp.start(507, '[5007]', '{"assignee": null, "tags": {"remove": ["nothing"]}}'), '^[0-9]{6,}$', 'the same again');
call pg_temp.parts();
select is(pg_temp.counted(), '0 of 1, 1 so, 0 refused', 'so already');
-- A team that gives turns.
begin;
select auth.set_context(24, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.teams (tenant_id, id, name, turns) values (24, 9, 'Turns', 1);
insert into app.team_members (tenant_id, team_id, person_id) values (24, 9, 507), (24, 9, 508);
commit;
select matches(pg_temp.start(507, '[5010, 5011]', '{"team": 9}'), '^[0-9]{6,}$', 'a team is given some');
call pg_temp.parts();
select is((select string_agg(team_id || ' ' || assignee_id, ', ' order by assignee_id) from app.tickets where tenant_id = 24 and id in (5010, 5011)), '9 507, 9 508', 'which gives turns');
select is(pg_temp.at('desk', 507, format('select app.undo_bulk(%s)#>>''{job,total}''', pg_temp.newest())), '2', 'taken back');
call pg_temp.parts();
select is((select count(*)::int from app.tickets where tenant_id = 24 and id in (5010, 5011) and team_id is null and assignee_id is null), 2, 'with the turns');
-- Limits of what may follow hold, ticket by ticket.
begin;
select auth.set_context(24, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.transitions (tenant_id, role, from_status, to_status) values (24, 'agent', 'in_progress', 'solved');
commit;
select matches(pg_temp.start(507, '[5002, 5007]', '{"status": "solved"}'), '^[0-9]{6,}$', 'statuses may be limited');
call pg_temp.parts();
select is(pg_temp.counted() || ': ' || pg_temp.refused(507), '1 of 2, 0 so, 1 refused: 5007 transition', 'what may not follow is refused');
begin;
select auth.set_context(24, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.transitions where tenant_id = 24;
commit;
-- A suspended tenant's waits.
select matches(pg_temp.start(507, '[5003]', '{"status": "solved"}'), '^[0-9]{6,}$', 'asked for before the tenant is suspended');
begin;
select auth.set_context(24, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tenants set suspended_at = now() where tenant_id = 24;
commit;
select is(pg_temp.part(), '0', 'jobs come by');
select is(pg_temp.counted(), '0 of 1, 0 so, 0 refused', 'and leave it');
begin;
select auth.set_context(24, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tenants set suspended_at = null where tenant_id = 24;
update app.people set rank = 1 where tenant_id = 24 and id = 507;
commit;
-- Who is no agent any more changes nothing.
call pg_temp.parts();
select is((select code from app.bulk_rows where tenant_id = 24 and job_id = pg_temp.newest()), 'forbidden', 'so that it is refused');
begin;
select auth.set_context(24, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.people set rank = 2 where tenant_id = 24 and id = 507;
commit;
select is(pg_temp.at('desk', 507, format('select app.work_bulk(%s)', pg_temp.newest())), '42501', 'nor does a request work on one');
-- ---- W1: what fails each time --------------------------------------------------------------

-- Something stands in the way of one ticket, whenever it is changed.
create function app.test_in_the_way() returns trigger language plpgsql as $$
begin
  raise exception using errcode = '55P03', message = 'somebody holds it';
end $$;
create trigger test_in_the_way before update on app.tickets for each row when (old.tenant_id = 24 and old.id = 5021) execute function app.test_in_the_way();
select matches(pg_temp.start(507, '[5020, 5021, 5022]', '{"priority": "high"}'), '^[0-9]{6,}$', 'one of three is always held');
select is(pg_temp.part() || ' ' || pg_temp.counted(), '1 0 of 3, 0 so, 0 refused', 'the part fails');
select is((select due_at > now() + interval '1 second' and due_at < now() + interval '10 seconds' and tries = 1 from app.bulk_jobs where tenant_id = 24 and id = pg_temp.newest()), true, 'and comes again soon');
call pg_temp.parts();
select is(pg_temp.counted() || ': ' || pg_temp.refused(507), '2 of 3, 0 so, 1 refused: 5021 busy', 'in the end that ticket is refused, with a reason, and the others are changed');
select is((select state || ' ' || tries from app.bulk_jobs where tenant_id = 24 and id = pg_temp.newest()), '2 0', 'and the job is done');
drop trigger test_in_the_way on app.tickets;
drop function app.test_in_the_way();
-- Three at once.
select matches(pg_temp.start(508, '[5004]', '{"priority": "low"}'), '^[0-9]{6,}$', 'one');
select matches(pg_temp.start(508, '[5004]', '{"priority": "high"}'), '^[0-9]{6,}$', 'two');
select matches(pg_temp.start(508, '[5004]', '{"priority": "urgent"}'), '^[0-9]{6,}$', 'three of ones own');
select is(pg_temp.start(508, '[5004]', '{"priority": "normal"}'), 'PT429 bulk-busy', 'not four');
select is(pg_temp.at('desk', 508, $$select json_array_length(app.list_bulk()->'items')::text$$), '3', 'which one sees');
select * from finish();
