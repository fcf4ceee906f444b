-- W1: what agents send is held for a few seconds; tickets are put aside. In the tenant 23,
-- made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (23, 'desk', 'Desk');
select fixture.fill(23, 'desk') \g /dev/null
select * from no_plan();
set story.tenant = 23;
set story.slug = 'desk';
\ir lib/story.sql
delete from app.held_comments where tenant_id = 23;
delete from app.snoozes where tenant_id = 23;
create function pg_temp.hold(person int, ticket int, said text, key text) returns text
language sql as $$
  select pg_temp.at(case when person < 507 then 'ten' else 'desk' end, person, format($q$select coalesce(a #>> '{held,id}', 'out ' || (a #>> '{comment,id}'))
    from app.hold_comment(%s, false, %L, '<p>x</p>', %L, null, null, null, null, 10) a$q$, ticket, said, key)) $$;
-- With a status, a file and somebody's name.
create function pg_temp.full(key text) returns text language sql as $$
  select pg_temp.at('desk', 507, format($q$select a #>> '{held,id}' from app.hold_comment(1, false, 'With @Ada desk', '<p>x</p>', %L, 'blocked', '[60]', null, '[501]', 10) a$q$, key)) $$;
-- The clock goes on: what is held is due, and jobs come by.
create function pg_temp.later() returns text language plpgsql as $$
begin
  update app.held_comments set out_at = clock_timestamp() where tenant_id = 23 and stopped is null;
  return pg_temp.as_role('sportello_jobs', null, 'select jobs.send_held()');
end $$;
create function pg_temp.said(ticket int) returns text language sql as $$
  select coalesce(string_agg(c.source, ', ' order by c.id), '') from app.comments c where c.tenant_id = 23 and c.ticket_id = ticket and c.id > 3 $$;
create function pg_temp.mine(person int) returns text language sql as $$
  select pg_temp.at('desk', person, $q$select string_agg(concat_ws(' ', i->>'text', i->>'stopped'), ', ') from json_array_elements(app.list_held()->'items') i$q$) $$;
create function pg_temp.dates(ticket int) returns text language sql as $$
  select concat_ws(' ', t.updated_at, t.desk_updated_at, t.status) from app.tickets t where t.tenant_id = 23 and t.id = ticket $$;

-- ---- W1: nothing is out before it is ---------------------------------------------------

select max(id) as before from app.events where tenant_id = 23 \gset
select pg_temp.dates(1) as was \gset
select pg_temp.hold(507, 1, 'Soon', 'held-0001') as held \gset
select ok(:'held' ~ '^[0-9]+$', 'what an agent sends is held');
select is(pg_temp.hold(507, 1, 'Soon', 'held-0001'), :'held', 'sent again it is the same');
select is(pg_temp.hold(507, 1, 'Other', 'held-0001'), 'PT409 idempotency-key-reused', 'another text is not');
select is(pg_temp.said(1), '', 'there is no comment');
select is((select count(*)::int from app.events where tenant_id = 23 and id > :before), 0, 'no event, so neither mail nor hint');
select is(pg_temp.dates(1), :'was', 'the ticket is as it was');
select is(pg_temp.mine(507), 'Soon', 'its author knows it');
select is(pg_temp.mine(508), null, 'nobody else does, the administrator neither');
select is(pg_temp.at('desk', 508, format('select app.take_back(%s, false)', :'held')), 'PT404', 'or takes it back');
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.send_held()'), '0', 'it is not due');
select is(pg_temp.later(), '1', 'then it goes');
select is(pg_temp.said(1), 'Soon', 'as it was written');
select is((select c.author_id || ' ' || c.is_internal from app.comments c where c.tenant_id = 23 and c.source = 'Soon'), '507 false', 'in its author''s name');
select is((select string_agg(e.data->>'by', ', ') from app.events e where e.tenant_id = 23 and e.id > :before and e.kind = 'ticket.replied'), 'desk', 'and it is told');
select is(pg_temp.later(), '0', 'once');
select is(pg_temp.mine(507), null, 'it is held no more');
select is(pg_temp.hold(507, 1, 'Soon', 'held-0001'), :'held', 'a page that lost the answer is answered as before');
select is(pg_temp.later() || pg_temp.said(1), '0Soon', 'and nothing goes twice');
select is(pg_temp.at('desk', 507, $$select app.add_comment(1, false, 'Soon', '<p>x</p>', 'held-0001', null) #>> '{comment,id}' is not null$$), 'true', 'nor when it is sent without being held');
select is(pg_temp.said(1), 'Soon', 'by the same key');
select is(pg_temp.at('desk', 507, format('select app.take_back(%s, false)', :'held')), 'PT404', 'what is out is not taken back');

-- ---- taken back -------------------------------------------------------------------------

select pg_temp.hold(507, 1, 'Oh no', 'held-0002') as held \gset
select is(pg_temp.at('desk', 507, format('select app.take_back(%s, false)->>%L', :'held', 'body')), 'Oh no', 'its author has it again');
select is(pg_temp.at('desk', 507, format('select app.take_back(%s, false)->>%L', :'held', 'body')), 'Oh no', 'again, if the answer was lost');
select is(pg_temp.mine(507), 'Oh no taken', 'until then it is there');
select is(pg_temp.later() || pg_temp.said(1), '0Soon', 'and does not go');
select is(pg_temp.at('desk', 507, format('select app.take_back(%s, true)', :'held')), '{}', 'and keeps it');
select is(pg_temp.later() || pg_temp.said(1), '0Soon', 'and it does not go');
insert into app.files (tenant_id, id, owner_id, name, type, size, received, sha256, state) values (23, 60, 507, 'a.txt', 'text/plain', 5, 5, sha256('a'), 3);
select pg_temp.full('held-0004') as held \gset
select is((select ticket_id from app.files where tenant_id = 23 and id = 60), null, 'a file is its owner''s until it goes');
select is(pg_temp.at('desk', 507, format($q$select concat_ws(' ', b->>'status', b #>> '{files,0,name}', b #>> '{mentions,0,id}') from app.take_back(%s, false) b$q$, :'held')), 'blocked a.txt 501', 'status, files and names come back with the text');
select is(pg_temp.at('desk', 507, format('select app.take_back(%s, true)', :'held')), '{}', 'and keeps it');
select pg_temp.full('held-0005') as held \gset
select is(pg_temp.later(), '1', 'or go with it');
select is((select concat_ws(' ', t.status, f.ticket_id, m.person_id) from app.tickets t join app.files f on f.tenant_id = 23 and f.id = 60
  join app.mentions m on m.tenant_id = 23 and m.ticket_id = 1 and m.comment_id = f.comment_id where t.tenant_id = 23 and t.id = 1), '3 1 501', 'all of them');

-- ---- W1: in a ticket, what an agent sends stays in its order -----------------------------------

create function pg_temp.send(ticket int, said text, key text, seconds int) returns text
language sql as $$
  select pg_temp.at('desk', 507, format($q$select case when a #> '{held}' is null then 'out' else 'held' end
    from app.hold_comment(%s, true, %L, '<p>x</p>', %L, null, null, null, null, %s) a$q$, ticket, said, key, seconds)) $$;
select is(pg_temp.send(4, 'One', 'order-0001', 30), 'held', 'something is held');
select is(pg_temp.send(4, 'Two', 'order-0002', 0), 'held', 'behind it nothing goes at once');
select is(pg_temp.send(4, 'Three', 'order-0003', 5), 'held', 'or sooner');
select is(pg_temp.send(93, 'Other', 'order-0004', 0), 'out', 'in another ticket it does');
select is((select string_agg(source, ' ' order by out_at, held_at, id) from app.held_comments where tenant_id = 23 and stopped is null), 'One Two Three', 'it is due after it');
update app.held_comments set out_at = out_at + interval '1 hour', tries = 3 where tenant_id = 23 and source = 'One';
update app.held_comments set out_at = clock_timestamp() where tenant_id = 23 and source in ('Two', 'Three');
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.send_held()'), '0', 'nor goes it while the first is tried again');
select pg_temp.later() \g /dev/null
select pg_temp.later() \g /dev/null
select pg_temp.later() \g /dev/null
select is((select string_agg(c.source, ' ' order by c.id) from app.comments c where c.tenant_id = 23 and c.ticket_id = 4 and c.source in ('One', 'Two', 'Three')), 'One Two Three', 'they go as they were sent');

-- ---- what is refused is refused at once, or stops --------------------------------------------

select is(pg_temp.at('desk', 507, $$select app.hold_comment(1, false, 'x', '<p>x</p>', 'held-0006', null, '[60]', null, null, 10)$$), 'PT422 files_files.choice', 'a file that is gone is said at once');
select is(pg_temp.hold(507, 3, 'x', 'held-0007'), 'PT404', 'a ticket that is not the desk''s is none');
select ok(pg_temp.hold(501, 1, 'I write', 'held-0008') ~ '^out', 'what customers send is not held');
select max(id) as seen from app.comments where tenant_id = 23 and ticket_id = 1 \gset
select pg_temp.at('desk', 507, format($q$select a #>> '{held,id}' from app.hold_comment(1, false, 'Unaware', '<p>x</p>', 'held-0009', null, null, %s, null, 10) a$q$, :seen)) as held \gset
select ok(pg_temp.hold(501, 1, 'Meanwhile', 'held-0010') ~ '^out', 'a customer writes in these seconds');
select is(pg_temp.later(), '1', 'it is looked at');
select is(pg_temp.said(1), 'Soon, With @Ada desk, I write, Meanwhile', 'and stops at what its author has not seen');
select is(pg_temp.mine(507), 'Unaware unseen', 'who is told why');
select is((select string_agg(app.is_desks_alone(e.kind, e.data, 10, 110)::text, '') from app.events e where e.tenant_id = 23 and e.kind = 'ticket.held_back'), 'true', 'no customer hears of that');
select is(pg_temp.later(), '0', 'it is not tried again');
select is(pg_temp.at('desk', 507, format('select app.take_back(%s, false)->>%L', :'held', 'stopped')), 'unseen', 'its author has it again');
select is(pg_temp.at('desk', 507, format('select app.take_back(%s, true)', :'held')), '{}', 'and keeps it');
select pg_temp.hold(507, 2, 'Left', 'held-0011') as held \gset
update app.people set rank = 0 where tenant_id = 23 and id = 507;
select is(pg_temp.later() || pg_temp.said(2), '1', 'who is no agent any more sends nothing');
select is((select stopped from app.held_comments where tenant_id = 23), 'refused', 'it is kept');
update app.people set rank = 2 where tenant_id = 23 and id = 507;
delete from app.held_comments where tenant_id = 23;
-- An agent's session ends: what they sent goes all the same.
select pg_temp.hold(508, 2, 'From an ended session', 'held-0012') as held \gset
update app.sessions set expires_at = now() where tenant_id = 23 and person_id = 508;
select is(pg_temp.later() || pg_temp.said(2), '1From an ended session', 'the end of a session stops nothing');
-- A job that is killed leaves it as it was.
select pg_temp.hold(507, 2, 'Whole', 'held-0013') as held \gset
update app.held_comments set out_at = clock_timestamp() where tenant_id = 23;
begin;
select jobs.send_held() \g /dev/null
rollback;
select is(concat_ws(' / ', pg_temp.said(2), pg_temp.mine(507)), 'From an ended session / Whole', 'nothing of it is there, and it is held still');
select is(pg_temp.later() || pg_temp.said(2), '1From an ended session, Whole', 'it goes the next time');
select pg_temp.hold(507, 2, 'Waits', 'held-0014') as held \gset
update app.tenants set suspended_at = now() where tenant_id = 23;
select is(pg_temp.later(), '0', 'in a suspended tenant it waits');
update app.tenants set suspended_at = null where tenant_id = 23;
select is(pg_temp.later(), '1', 'until that is over');
insert into app.held_comments (tenant_id, ticket_id, author_id, is_internal, source, html, key, out_at)
  select 23, 2, 507, true, 'x', 'x', 'many-' || n, now() + interval '1 hour' from generate_series(1, 50) n;
select ok(pg_temp.hold(507, 4, 'At once', 'held-0015') ~ '^out', 'with fifty of them held, the next goes at once');

-- ---- how long ----------------------------------------------------------------------------

select is(pg_temp.at('desk', 507, $$select app.profile()->>'hold'$$), '10', 'ten seconds');
select is(pg_temp.at('desk', 507, $$select app.choose_hold(30)->>'hold'$$), '30', 'or as long as one says');
select is(pg_temp.at('desk', 507, $$select app.choose_hold(7)$$), 'PT422 people_hold.choice', 'of what there is');
select is(pg_temp.at('ten', 501, $$select app.profile()->>'hold'$$), null, 'customers are not asked');

-- ---- put aside ---------------------------------------------------------------------------

-- The desk's list with filters, without, its counts; of an agent.
create function pg_temp.queue(asked text) returns text language sql as $$
  select pg_temp.at('desk', 507, format($q$select coalesce((select string_agg(i->>'number', ' ' order by (i->>'number')::int)
    from json_array_elements(app.ticket_list(%L::jsonb || '{"list": "desk"}', 50)->'items') i), '')$q$, asked)) $$;
create function pg_temp.counted(view text) returns text language sql as $$
  select pg_temp.at('desk', 507, format($q$select app.desk_counts()::jsonb #>> '{views,%s,n}'$q$, view)) $$;
create function pg_temp.aside(person int, ticket int, until text) returns text language sql as $$
  select pg_temp.at(case when person < 507 then 'ten' else 'desk' end, person, format($q$select coalesce(app.snooze(%s, %s)->>'until', 'back')$q$, ticket, until)) $$;
create function pg_temp.woken() returns text language plpgsql as $$
begin
  update app.snoozes set until_at = now() where tenant_id = 23;
  return pg_temp.as_role('sportello_jobs', null, 'select jobs.wake_tickets()');
end $$;
create function pg_temp.events(since bigint) returns text language sql as $$
  select string_agg(concat_ws(' ', e.kind, e.data->>'why', app.is_desks_alone(e.kind, e.data, 10, 110)::text), ', ' order by e.id)
  from app.events e where e.tenant_id = 23 and e.id > since and e.kind like 'ticket.%' $$;
begin;
select auth.set_context(23, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tickets set status = 2 where tenant_id = 23 and id in (1, 2, 4);
commit;
select is(pg_temp.queue('{}'), '1 2 4 93', 'the desk has four');
select is(pg_temp.counted('open'), '3', 'three of them are open');
select pg_temp.dates(1) as was, max(id) as before from app.events where tenant_id = 23 \gset
select ok(pg_temp.aside(507, 1, $$now() + interval '1 day'$$) ~ '^20', 'an agent puts one aside');
select is(pg_temp.events(:before), 'ticket.snoozed true', 'which the desk alone hears of');
select is(pg_temp.dates(1), :'was', 'no date moves');
select is(pg_temp.queue('{}'), '2 4 93', 'it has left the list');
select is(pg_temp.queue('{"group": "open"}'), '2 4', 'and every view');
select is(pg_temp.queue('{"sort": "title"}'), '2 4 93', 'in any order');
select is(pg_temp.queue('{"snoozed": "yes"}'), '1', 'but that of what is put aside');
select is(pg_temp.queue('{"snoozed": "no"}'), '2 4 93', 'nobody need say so');
select is(pg_temp.counted('open'), '2', 'counts agree');
select is(pg_temp.counted('snoozed'), '1', 'with both');
select is(pg_temp.queue('{"q": "Help"}'), '1 2 4 93', 'who searches finds it');
select is(pg_temp.queue('{"q": "Help", "snoozed": "yes"}'), '1', 'or it alone');
select is(pg_temp.at('ten', 501, 'select count(*) from app.snoozes'), '0', 'its customer knows nothing of it');
select is(pg_temp.at('ten', 501, $$select json_array_length(app.ticket_history(1)->'lines') = (select count(*) from json_array_elements(app.ticket_history(1)->'lines') l where l->>'kind' = 'changed')$$), 'true', 'nothing at all');
select is(pg_temp.at('ten', 501, $$select string_agg(i->>'number', ' ') from json_array_elements(app.ticket_list('{"list": "mine"}', 50)->'items') i$$) ~ '\m1\M', true, 'and has it in their list');
select is(pg_temp.aside(501, 1, $$now() + interval '1 day'$$), 'PT403', 'customers put nothing aside');
select is(pg_temp.aside(507, 3, $$now() + interval '1 day'$$), 'PT404', 'nor agents what is not theirs');
select is(pg_temp.aside(507, 2, $$now() - interval '1 second'$$), 'PT422 snoozes_until.range', 'not until what is over');
select is(pg_temp.aside(507, 2, $$now() + interval '367 days'$$), 'PT422 snoozes_until.range', 'nor for more than a year');
select is(pg_temp.aside(507, 93, $$now() + interval '1 day'$$), 'PT422 snoozes_until.done', 'nor what has ended');
-- Back because of the time.
select pg_temp.dates(1) as was, t.updated_at as told, max(e.id) as before from app.events e join app.tickets t on t.tenant_id = 23 and t.id = 1 where e.tenant_id = 23 group by t.updated_at \gset
select is(pg_temp.woken(), '1', 'the time comes');
select is(pg_temp.queue('{}'), '1 2 4 93', 'it is back');
select is(pg_temp.events(:before), 'ticket.woken time true', 'the desk hears of it');
select is((select t.updated_at from app.tickets t where t.tenant_id = 23 and t.id = 1), :'told', 'no customer''s date moves');
select isnt(pg_temp.dates(1), :'was', 'the desk''s does: it is on top');
select is((select t.desk_changed_by from app.tickets t where t.tenant_id = 23 and t.id = 1), 0::bigint, 'and unread by all');
select is(pg_temp.woken(), '0', 'once');
-- A late job shows nothing late.
select pg_temp.aside(507, 1, $$now() + interval '1 day'$$) \g /dev/null
update app.snoozes set until_at = now() where tenant_id = 23;
select is(pg_temp.queue('{}'), '1 2 4 93', 'what is due is shown before anybody came by');
-- An answer brings it back, a note and an agent's reply do not.
select pg_temp.aside(507, 1, $$now() + interval '1 day'$$) \g /dev/null
select pg_temp.at('desk', 508, $$select app.add_comment(1, true, 'n', '<p>n</p>', 'aside-001', null)$$) \g /dev/null
select pg_temp.at('desk', 508, $$select app.add_comment(1, false, 'r', '<p>r</p>', 'aside-002', null)$$) \g /dev/null
select is(pg_temp.queue('{"snoozed": "yes"}'), '1', 'what the desk writes leaves it aside');
select max(id) as before from app.events where tenant_id = 23 \gset
select pg_temp.at('ten', 501, $$select app.add_comment(1, false, 'a', '<p>a</p>', 'aside-003', null)$$) \g /dev/null
select is(pg_temp.queue('{"snoozed": "yes"}'), '', 'an answer brings it back');
select is(pg_temp.events(:before), 'ticket.woken reply true, ticket.replied false', 'with a line');
-- So do its end, and an agent.
select pg_temp.aside(507, 1, $$now() + interval '1 day'$$) \g /dev/null
select is(pg_temp.aside(507, 1, $$now() + interval '2 days'$$) > to_char(now() + interval '36 hours', 'YYYY-MM-DD'), true, 'put aside again, it is until then');
select is(pg_temp.aside(507, 1, 'null'), 'back', 'an agent brings it back');
select is(pg_temp.at('desk', 507, $$select string_agg(coalesce(l->>'why', 'until'), ' ') from json_array_elements(app.ticket_history(1)->'lines') l where l->>'kind' in ('snoozed', 'woken')$$),
  'until time until until reply until until hand', 'the conversation has it all');

-- ---- W1: what an agent sent who has left ---------------------------------------------------------

delete from app.held_comments where tenant_id = 23 and source = 'x';
select pg_temp.hold(507, 1, 'Left behind', 'left-0001') as held \gset
select pg_temp.hold(507, 2, 'Of two', 'left-0002') as other \gset
update app.people set rank = 1 where tenant_id = 23 and id = 507;
update app.sessions set expires_at = now() + interval '1 day' where tenant_id = 23 and person_id = 508;
select pg_temp.later() \g /dev/null
select pg_temp.later() \g /dev/null
select is((select string_agg(stopped, ' ') from app.held_comments where tenant_id = 23 and id in (:held, :other)), 'refused refused', 'it does not go');
create function pg_temp.left_to(person int) returns text language sql as $$
  select pg_temp.at('desk', person, $q$select string_agg(concat_ws(' ', i->>'text', i->>'stopped', i->>'author' is not null), ', ') from json_array_elements(app.list_held()->'items') i$q$) $$;
select is(pg_temp.left_to(508), 'Left behind refused t, Of two refused t', 'administrators find it');
insert into app.people (tenant_id, id, email, name, rank) values (23, 597, 'has@desk.test', 'Has', 2), (23, 598, 'none@desk.test', 'None', 2), (23, 599, 'team@desk.test', 'Team', 2);
insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at) select 23, p + 1000, p, sha256(convert_to('23/' || p, 'UTF8')), now() + interval '1 day' from unnest('{597,598,599}'::int[]) p;
begin;
select auth.set_context(23, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tickets set assignee_id = 597 where tenant_id = 23 and id = 1;
insert into app.teams (tenant_id, id, name) values (23, 23, 'Left');
insert into app.team_members (tenant_id, team_id, person_id) values (23, 23, 599);
update app.tickets set team_id = 23 where tenant_id = 23 and id = 2;
commit;
select is(pg_temp.left_to(597), 'Left behind refused t', 'who has the ticket finds it');
select is(pg_temp.left_to(599), 'Of two refused t', 'and the ticket''s team');
select is(pg_temp.left_to(598), null, 'nobody else');
select is(pg_temp.at('desk', 598, format('select app.take_back(%s, false)', :'held')), 'PT404', 'who may not see it takes nothing over');
select is(pg_temp.at('desk', 597, format('select app.take_back(%s, true)', :'held')), '{}', 'who has the ticket throws it away');
select is(pg_temp.at('desk', 599, format('select concat_ws($$ $$, b->>%L, b->>%L) from app.take_back(%s, false) b', 'body', 'stopped', :'other')), 'Of two refused', 'who finds it takes it over');
select is(pg_temp.left_to(508), 'Of two refused t', 'and it stays until they have it');
select is(pg_temp.at('desk', 599, format('select app.take_back(%s, true)', :'other')), '{}', 'which they say');
select is(pg_temp.left_to(508), null, 'then it is gone');
update app.people set rank = 2 where tenant_id = 23 and id = 507;
select is(pg_temp.mine(507), null, 'for its author too');
begin;
select auth.set_context(23, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tickets set assignee_id = null, team_id = null where tenant_id = 23 and id in (1, 2);
commit;
select pg_temp.aside(507, 1, $$now() + interval '1 day'$$) \g /dev/null
select pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "solved"}')$$) \g /dev/null
select is((select count(*)::int from app.snoozes where tenant_id = 23), 0, 'what is solved is not aside');
-- ---- how far one has read; who asks ------------------------------------------------------

create function pg_temp.read(person int, upto text) returns text language sql as $$
  select coalesce(pg_temp.at('desk', person, format($q$select app.mark_seen(1, %s)->>'before'$q$, upto)), 'unknown') $$;
delete from app.seen where tenant_id = 23;
update app.people set read_until = created_at where tenant_id = 23;
select is(pg_temp.read(507, 'now()'), 'unknown', 'who never looked has read nothing');
select is(pg_temp.read(507, 'now()')::timestamptz, (select s.seen_at from app.seen s where s.tenant_id = 23 and s.person_id = 507 and s.ticket_id = 1), 'then as far as the page showed');
-- Their session ended above.
update app.sessions set expires_at = now() + interval '1 day' where tenant_id = 23 and person_id = 508;
update app.people set read_until = created_at + interval '1 second' where tenant_id = 23 and id = 508;
select is(pg_temp.read(508, 'now()')::timestamptz, (select p.read_until from app.people p where p.tenant_id = 23 and p.id = 508), 'or as they said of all');
create function pg_temp.asks(what text) returns text language sql as $$
  select pg_temp.at('desk', 507, format($q$select coalesce(string_agg(concat_ws(' ', i->>'number', i->>'status'), ', '), '') from json_array_elements(app.requester_of(1)->%L) i$q$, what)) $$;
begin;
select auth.set_context(23, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk, status)
  select 23, 100 + n, t.portal_id, t.account_id, case when n <= 7 then t.requester_id else o.id end, 'Of the account', n <> 7, case when n in (3, 9) then 6 else 2 end
  from app.tickets t, generate_series(1, 14) n, (select min(p.id) as id from app.people p where p.tenant_id = 23 and p.id <> (select requester_id from app.tickets where tenant_id = 23 and id = 1)) o
  where t.tenant_id = 23 and t.id = 1;
update app.tickets set updated_at = now() + id * interval '1 second' where tenant_id = 23 and id > 100;
commit;
select is(pg_temp.asks('tickets'), '106 in_progress, 105 in_progress, 104 in_progress, 103 closed, 102 in_progress', 'the five newest of who opened it, that are the desk''s');
select is(pg_temp.at('desk', 507, $$select app.requester_of(1)->>'more'$$), 'true', 'and that there are more');
select is(pg_temp.asks('others'), '114 in_progress, 113 in_progress, 112 in_progress, 111 in_progress, 110 in_progress', 'the newest open ones of others');
select is(pg_temp.at('desk', 507, $$select string_agg(k, ' ' order by k) from json_object_keys(app.requester_of(1)) k$$), 'count more others plan tickets', 'nothing of themselves');
select is(pg_temp.at('ten', 501, 'select app.requester_of(1)'), 'PT403', 'customers are not told');
select is(pg_temp.at('desk', 507, 'select app.requester_of(3)'), 'PT404', 'nor agents of what is not theirs');
select pg_temp.at('desk', 508, $$select app.set_field_policy('status', 'agent', 'hidden', null, null, null)$$) \g /dev/null
select is(pg_temp.asks('tickets'), '106, 105, 104, 103, 102', 'a status that is hidden is in no line');
select is(pg_temp.at('desk', 507, $$select (app.requester_of(1)->>'count') || (app.requester_of(1)->>'others')$$), '0[]', 'nor is it told by being in a list');
-- ---- whom an action affects: said before, and so it is ------------------------------------

create function pg_temp.would(act text) returns text language sql as $$
  select pg_temp.at('desk', 507, format($q$select json_array_length(a->'named') + (a->>'others')::int from app.who_hears(2, %L) a$q$, act)) $$;
create function pg_temp.did(kind text) returns text language sql as $$
  select pg_temp.job(format($q$select count(*) from jobs.ticket_recipients((select max(e.id) from app.events e where e.tenant_id = 23 and e.ticket_id = 2 and e.kind = %L))$q$, 'ticket.' || kind)) $$;
begin;
select auth.set_context(23, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.followers (tenant_id, ticket_id, person_id, level) select 23, 2, p.id, 1 + p.id % 2 from app.people p where p.tenant_id = 23
  on conflict do nothing;
update app.tickets set status = 2 where tenant_id = 23 and id = 2;
-- Mail reaches all of them.
insert into app.confirmations (tenant_id, person_id, portal_id, email) select 23, p.id, 100, p.email from app.people p where p.tenant_id = 23 and p.rank > 0
  and not exists (select from app.confirmations c where c.tenant_id = 23 and c.person_id = p.id);
commit;
select pg_temp.at('desk', 508, $$select app.set_field_policy('status', 'agent', null, null, null, null)$$) \g /dev/null
select pg_temp.would('replied') as replied \gset
select pg_temp.would('solved') as solved \gset
select pg_temp.would('reopened') as reopened \gset
select ok(:replied > 1 and :reopened > 0 and :reopened < :replied, 'some follow answers alone');
select pg_temp.at('desk', 507, $$select app.add_comment(2, false, 'r', '<p>r</p>', 'hears-001', null)$$) \g /dev/null
select is(pg_temp.did('replied'), :'replied', 'as many get mail of an answer as was said');
select pg_temp.at('desk', 507, $$select app.change_ticket(2, '{"status": "solved"}')$$) \g /dev/null
select is(pg_temp.did('solved'), :'solved', 'and of its end');
select pg_temp.at('desk', 507, $$select app.change_ticket(2, '{"status": "in_progress"}')$$) \g /dev/null
select is(pg_temp.did('reopened'), :'reopened', 'and that it goes on');
select is(pg_temp.at('desk', 507, $$select (a->'named'->>0)::bigint = (select t.requester_id from app.tickets t where t.id = 2) from app.who_hears(2, 'replied') a$$), 'true', 'who opened it is named first');
-- What mail somebody wants, and whether it reaches them, is not told of anybody by name.
create function pg_temp.hears(act text) returns text language sql as $$ select pg_temp.at('desk', 507, format('select concat_ws('' + '', a->>''named'', a->>''others'') from app.who_hears(2, %L) a', act)) $$;
create temp table told as select pg_temp.hears('replied') as replied;
alter table told add solved text;
update told set solved = pg_temp.hears('solved');
select cmp_ok((select json_array_length(split_part(replied, ' + ', 1)::json) from told), '>=', 3, 'some are named');
create temp table kept as select p.id, p.muted from app.people p where p.tenant_id = 23;
update app.people p set muted = '{opened,replied}' from told where p.tenant_id = 23 and p.id in (select v::bigint from json_array_elements_text(split_part(replied, ' + ', 1)::json) v);
create temp table proofs as select * from app.confirmations where tenant_id = 23 and person_id = 503;
select isnt(pg_temp.did('replied'), :'replied', 'mail reaches fewer');
delete from app.confirmations where tenant_id = 23 and person_id = 503;
select is(pg_temp.hears('replied'), (select replied from told), 'who wants none of it is named as before');
select is(pg_temp.hears('solved'), (select solved from told), 'of its end, too');
update app.people p set muted = '{replied}' where p.tenant_id = 23;
select is(split_part(pg_temp.hears('replied'), ' + ', 1), (select split_part(replied, ' + ', 1) from told), 'also where nobody wants any');
select cmp_ok(split_part(pg_temp.hears('replied'), ' + ', 2)::int, '<', (select split_part(replied, ' + ', 2)::int from told), 'of the others as many are counted as it reaches');
update app.people p set muted = k.muted from kept k where p.tenant_id = 23 and p.id = k.id;
insert into app.confirmations select * from proofs;
select is(pg_temp.at('ten', 501, $$select app.who_hears(1, 'replied')$$), 'PT403', 'customers are not told');
select * from finish();
