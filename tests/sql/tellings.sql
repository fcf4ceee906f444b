-- What an agent's change tells waits, as what they send does (functions/held.sql): in the
-- tenant 42, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (42, 'tell', 'Tell') on conflict do nothing;
do $$ begin
  if not exists (select from app.accounts where tenant_id = 42) then
    perform fixture.fill(42, 'tell');
  end if;
end $$;
select * from no_plan();
set story.tenant = 42;
set story.slug = 'tell';
\ir lib/story.sql
begin;
select auth.set_context(42, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.held_tellings where tenant_id = 42;
delete from app.bulk_jobs where tenant_id = 42;
delete from app.field_policies where tenant_id = 42;
delete from app.sla_versions where tenant_id = 42;
delete from app.account_plans where tenant_id = 42;
insert into app.sla_versions (tenant_id, version, valid_from, body) values (42, 1, now() - interval '1 day', '{"shown": true, "escalated_runs": false, "warn": 0, "priorities": {}, "matrix": {},
  "plans": [{"key": "a", "names": {"en": "A"}, "targets": {"urgent": {"first": 240, "calendar": null}, "normal": {"first": 480, "calendar": null}, "low": {"first": 900, "calendar": null}}}]}');
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, status, at_desk)
  select 42, 5000 + n, 110, 10, 501, 'Told ' || n, 2, true from generate_series(1, 60) n;
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at) select 42, 5000 + n, app.principal(501, 0), now() from generate_series(1, 60) n;
delete from app.event_queue where tenant_id = 42;
-- What is said, as jobs tell it.
insert into auth.texts (tag, key, said) select 'en', k, v from (values ('levels.said', 'Priority: {priority}'), ('levels.said.none', 'Priority: not set any more'),
    ('levels.said.first', 'First response within {time}'), ('levels.hours', '{n} h'), ('priority.low', 'Low'), ('priority.high', 'High'), ('priority.urgent', 'Urgent')) x (k, v)
  on conflict do nothing;
commit;

create function pg_temp.change(ticket int, change text) returns text language sql as $$
  select pg_temp.at('desk', 507, format('select concat_ws('' '', a #>> ''{ticket,status}'', a #>> ''{ticket,priority}'') from app.changed_ticket(%s, %L) a', ticket, change)) $$;
create function pg_temp.waits(ticket int) returns text language sql as $$
  select string_agg(concat_ws(' ', what, coalesce(told::text, 'none')), ', ' order by what) from app.held_tellings where tenant_id = 42 and ticket_id = ticket $$;
-- Its period is over, and jobs come by.
create function pg_temp.later() returns text language plpgsql as $$
begin
  update app.held_tellings set out_at = clock_timestamp() where tenant_id = 42 and ticket_id > 5000;
  return pg_temp.as_role('sportello_jobs', null, 'select jobs.tell_held()');
end $$;
-- What was told of a ticket: the first lines of statements, and what became of it.
create function pg_temp.said(ticket int) returns text language sql as $$
  select coalesce(string_agg(x, ', ' order by n), '') from (
    select c.id as n, replace(split_part(c.source, E'\n', 1), '\', '') as x from app.comments c where c.tenant_id = 42 and c.ticket_id = ticket and c.about = 'priority') y $$;
create function pg_temp.became(ticket int) returns text language sql as $$
  select coalesce(string_agg(substr(e.kind, 8) || coalesce(' by ' || e.actor_id, ''), ', ' order by e.id), '') from app.events e
    where e.tenant_id = 42 and e.ticket_id = ticket and e.kind in ('ticket.prioritised', 'ticket.solved', 'ticket.closed', 'ticket.reopened') $$;

-- ---- S3: a priority is stated when it was left so --------------------------------------------

select is(pg_temp.change(5001, '{"priority": "urgent", "hold": 10}'), 'in_progress urgent', 'it is set at once');
select is(pg_temp.said(5001), '', 'and nobody is told');
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.tell_held()'), '0', 'it is not due');
select is(pg_temp.waits(5001), 'priority none', 'what they were told last is kept');
select is(pg_temp.change(5001, '{"priority": null, "hold": 10}'), 'in_progress', 'taken back');
select is(pg_temp.waits(5001), null, 'there is nothing to tell');
select is(pg_temp.later() || pg_temp.said(5001), '0', 'and nothing is');
select is(pg_temp.became(5001), '', 'no event that mails come of');
select is((select count(*)::int from app.events where tenant_id = 42 and ticket_id = 5001 and kind = 'ticket.changed'), 2, 'both are in the history');

select pg_temp.change(5002, '{"priority": "low", "hold": 10}') \g /dev/null
select pg_temp.change(5002, '{"priority": "high", "hold": 10}') \g /dev/null
select pg_temp.change(5002, '{"priority": "urgent", "hold": 10}') \g /dev/null
select is(pg_temp.later() || ' ' || pg_temp.said(5002), '1 **Priority: Urgent**', 'of several in turn the last is stated');
select is(pg_temp.became(5002), 'prioritised by 507', 'once, by who set it');
select is(pg_temp.later(), '0', 'and it is over');
select pg_temp.change(5002, '{"priority": "low", "hold": 10}') \g /dev/null
select is(pg_temp.change(5002, '{"priority": "urgent", "hold": 10}') || coalesce(pg_temp.waits(5002), ''), 'in_progress urgent', 'back to what was stated: nothing to tell');
-- After that an undo says it.
select pg_temp.change(5002, '{"priority": null, "hold": 5}') \g /dev/null
select is(pg_temp.waits(5002), 'priority 4', 'an undo waits, too');
select pg_temp.later() \g /dev/null
select is(pg_temp.said(5002), '**Priority: Urgent**, **Priority: not set any more**', 'what was stated is taken back in a sentence');
select is((select c.html from app.comments c where c.tenant_id = 42 and c.ticket_id = 5002 and c.about = 'priority' order by c.id desc limit 1),
  '<p><strong>Priority: not set any more</strong></p>', 'of one line');

-- ---- who says nothing of it --------------------------------------------------------------------

select is(pg_temp.change(5003, '{"priority": "urgent"}') || ' ' || pg_temp.said(5003), 'in_progress urgent **Priority: Urgent**', 'without a hold it is told at once');
select pg_temp.change(5003, '{"priority": "low", "hold": 30}') \g /dev/null
select is(pg_temp.change(5003, '{"priority": "urgent"}') || pg_temp.said(5003) || coalesce(pg_temp.waits(5003), ''), 'in_progress urgent**Priority: Urgent**', 'nor is what was told last told again');
select pg_temp.change(5003, '{"priority": null, "hold": 30}') \g /dev/null
select is(pg_temp.change(5003, '{"priority": "low"}') || pg_temp.said(5003) || coalesce(pg_temp.waits(5003), ''), 'in_progress low**Priority: Urgent**, **Priority: Low**', 'what waited goes with it');
select is(pg_temp.change(5003, '{"priority": "high", "hold": 31}'), 'PT422 tickets_hold.range', 'thirty-one is none');
select is(pg_temp.change(5003, '{"priority": "high", "hold": null}'), 'PT422 tickets_hold.range', 'nor is null');
-- Where it was never stated, that there is none is no news.
update app.tickets set priority = null where tenant_id = 42 and id = 5004;
select pg_temp.change(5004, '{"priority": null}') \g /dev/null
select is(pg_temp.said(5004), '', 'none was, none is');

-- ---- a status --------------------------------------------------------------------------------

select is(pg_temp.change(5010, '{"status": "solved", "hold": 10}') || pg_temp.became(5010), 'solved', 'solved, and nobody is told');
select is(pg_temp.waits(5010), 'status 2', 'yet');
select is(pg_temp.change(5010, '{"status": "in_progress", "hold": 10}') || coalesce(pg_temp.waits(5010), '') || pg_temp.became(5010), 'in_progress', 'taken back: nobody ever is');
select pg_temp.change(5010, '{"status": "blocked", "hold": 10}') \g /dev/null
select is(pg_temp.waits(5010), null, 'of what nobody gets mail nothing waits');
select pg_temp.change(5010, '{"status": "solved", "hold": 10}') \g /dev/null
select is(pg_temp.later() || pg_temp.became(5010), '1solved by 507', 'left so it is told');
select pg_temp.change(5010, '{"status": "in_progress", "hold": 10}') \g /dev/null
select is(pg_temp.later() || pg_temp.became(5010), '1solved by 507, reopened by 507', 'and that it goes on');
-- What comes meanwhile: an answer opens it again before anybody heard that it was solved.
select pg_temp.change(5011, '{"status": "solved", "hold": 10}') \g /dev/null
select pg_temp.at('ten', 501, $$select app.add_comment(5011, false, 'More', '<p>More</p>', 'tell-more', null) #>> '{ticket,status}'$$) \g /dev/null
select is((select status || ' ' || pg_temp.became(5011) || coalesce(pg_temp.waits(5011), '') from app.tickets where tenant_id = 42 and id = 5011), '2 ', 'opened again by an answer: neither is told');
-- Who is no agent any more: it was said all the same.
select pg_temp.change(5012, '{"priority": "urgent", "status": "solved", "hold": 10}') \g /dev/null
select pg_temp.change(5013, '{"priority": "urgent", "hold": 10}') \g /dev/null
begin;
update app.people set rank = 1 where tenant_id = 42 and id = 507;
update app.held_tellings set out_at = clock_timestamp() where tenant_id = 42 and ticket_id in (5012, 5013);
select jobs.tell_held() \g /dev/null
commit;
select jobs.tell_held() \g /dev/null
select jobs.tell_held() \g /dev/null
select is(pg_temp.became(5012), 'solved', 'in nobody''s name; what is solved states no priority');
select is(pg_temp.said(5013) || ' ' || (select author_id from app.comments where tenant_id = 42 and ticket_id = 5013 and about = 'priority'), '**Priority: Urgent** 507', 'and it is whose it was');
update app.people set rank = 2 where tenant_id = 42 and id = 507;

-- ---- many at once ------------------------------------------------------------------------------

create function pg_temp.bulk(first int, last int, change text, hold int) returns text language sql as $$
  select pg_temp.at('desk', 507, format('select app.start_bulk(%L, null, %L, %L, %s)#>>''{job,id}''', (select '[' || string_agg(n::text, ',') || ']' from generate_series(first, last) n), change,
    md5(concat(change, clock_timestamp())), coalesce(hold::text, 'null'))) $$;
-- The newest is worked on, as whoever asked for it.
create function pg_temp.work() returns void language plpgsql as $$
begin
  perform auth.set_context(42, (select min(po.id) from app.portals po where po.tenant_id = 42 and po.account_id is null), null, 507, null, p.rank, p.principals, false)
    from app.people p where p.tenant_id = 42 and p.id = 507;
  perform app.work_bulk(j.id) from (select x.id from app.bulk_jobs x where x.tenant_id = 42 order by x.created_at desc limit 1) j;
end $$;
create function pg_temp.told(first int, last int) returns bigint language sql as $$
  select count(*) from app.comments where tenant_id = 42 and about = 'priority' and ticket_id between first and last $$;
create function pg_temp.waiting(first int, last int) returns bigint language sql as $$
  select count(*) from app.held_tellings where tenant_id = 42 and ticket_id between first and last $$;
select pg_temp.bulk(5021, 5040, '{"priority": "low"}', 10) as job \gset
select pg_temp.work() \g /dev/null
select is(format('%s %s', pg_temp.waiting(5021, 5040), pg_temp.told(5021, 5040)), '20 0', 'of many nobody is told at once');
update app.held_tellings set out_at = clock_timestamp() where tenant_id = 42 and ticket_id = 5021;
select jobs.tell_held() \g /dev/null
select is(pg_temp.at('desk', 507, format('select app.undo_bulk(%s) #>> ''{job,undoes}''', :job)), :'job', 'taken back');
select is((select count(*) from app.held_tellings where tenant_id = 42 and ticket_id between 5022 and 5040 and out_at > now() + interval '30 seconds'), 19::bigint, 'what is not told waits for that');
select pg_temp.work() \g /dev/null
select is(format('%s %s', pg_temp.waits(5021), pg_temp.waiting(5022, 5040)), 'priority 1 0', 'and is not; what was is taken back');
select pg_temp.later() \g /dev/null
select is(format('%s %s', pg_temp.said(5021), pg_temp.told(5022, 5040)), '**Priority: Low**, **Priority: not set any more** 0', 'in words');
select pg_temp.bulk(5041, 5042, '{"priority": "low"}', null) \g /dev/null
select pg_temp.work() \g /dev/null
select is(pg_temp.told(5041, 5042), 2::bigint, 'without a hold they are told at once');

-- ---- whose it is to know ----------------------------------------------------------------------

select is(pg_temp.as_role('sportello_api', null, $$select count(*) from app.held_tellings$$), '42501', 'requests read none');
select * from finish();
delete from auth.texts where tag = 'en' and key like any ('{levels.said%,levels.hours,priority.%}');
delete from app.held_tellings where tenant_id = 42;
