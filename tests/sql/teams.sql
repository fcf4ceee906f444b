-- Teams (W1): who keeps them, a ticket's team and what customers learn of it, turns,
-- which new tickets come to which, and who is out of office. Many at once: turns.sh.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (25, 'teams', 'Teams');
select fixture.fill(25, 'teams') \g /dev/null
select * from no_plan();
set story.tenant = 25;
set story.slug = 'teams';
\ir lib/story.sql
-- Agents are 507 and 625, the administrator is 508; 501 opens tickets.
delete from app.team_members where tenant_id = 25;
delete from app.absences where tenant_id = 25;
delete from app.snoozes where tenant_id = 25;
set session_replication_role = replica;
update app.tickets set team_id = null where tenant_id = 25;
reset session_replication_role;
delete from app.teams where tenant_id = 25;
update app.ticket_types set archived_at = null where tenant_id = 25;
insert into app.ticket_types (tenant_id, key, labels) values (25, 'other', '{"en": "Other"}');
update app.ticket_counters set has_forms = true where tenant_id = 25;

create function pg_temp.save(who int, name text, turns text, types text, rest boolean, members text, id bigint default null, archived boolean default false) returns text
language sql as $$ select pg_temp.at('desk', who, format('select app.save_team(%L, %L, %L, %L, %L, %L, %L) is not null', id, name, turns, types, rest, members, archived)) $$;
create function pg_temp.team(name text) returns bigint language sql as $$ select id from app.teams g where g.tenant_id = 25 and g.name = team.name $$;

-- ---- W1: who keeps them

select is(pg_temp.save(507, 'First line', 'off', '[]', false, '[]'), 'PT403', 'an agent keeps no teams');
select is(pg_temp.at('ten', 509, 'select app.save_team(null, ''x'', ''off'', ''[]'', false, ''[]'', false)'), 'PT403', 'nor does an account''s administrator');
select is(pg_temp.save(508, 'First line', 'turn', '["problem"]', false, '[507,508,625]'), 'true', 'an administrator does');
select is(pg_temp.save(508, 'first LINE', 'off', '[]', false, '[]'), 'PT422 teams_name.taken', 'each by a name of its own');
select is(pg_temp.save(508, 'Second', 'off', '["problem"]', false, '[]'), 'PT422 teams_types.taken', 'a type comes to one');
select is(pg_temp.save(508, 'Second', 'off', '["no_such"]', false, '[]'), 'PT422 teams_types.choice', 'that there is');
select is(pg_temp.save(508, 'Second', 'off', '{}', false, '[]'), 'PT422 teams_types.type', 'in a list');
select is(pg_temp.save(508, 'Second', 'off', '[]', false, '[501]'), 'PT422 teams_members.choice', 'a customer is in none');
select is(pg_temp.save(508, 'Second', 'off', '[]', false, '["507"]'), 'PT422 teams_members.choice', 'members are numbers');
select is(pg_temp.save(508, 'Second', 'off', '[]', true, '[625]'), 'true', 'one takes the rest');
select is(pg_temp.save(508, 'Third', 'off', '[]', true, '[]'), 'PT422 teams_rest.taken', 'and no other');
select is(pg_temp.save(508, 'Third', 'off', '[]', false, (select jsonb_agg(n) from generate_series(1, 101) n)::text), 'PT422 teams_members.too_many', 'a hundred members at most');
select is(pg_temp.save(508, 'No line', 'turn', '[]', false, '[]', 99999), 'PT404', 'one that is not there');
select is(pg_temp.at('ten', 501, 'select app.teams_here()'), '[]', 'customers see no team');
select is(pg_temp.at('desk', 507, 'select app.teams_here() #>> ''{0,mine}'''), 'true', 'an agent sees which are theirs');
begin;
insert into app.teams (tenant_id, name) select 25, 'Many ' || i from generate_series(1, 198) i;
select is(pg_temp.save(508, 'One more', 'off', '[]', false, '[]'), 'PT422 teams_name.too_many', 'two hundred at most');
rollback;

-- ---- which new tickets come to which, and turns

create function pg_temp.opens(who int, type text, key text) returns text
language sql as $$ select pg_temp.at('ten', who, format('select app.open_ticket(''New one'', ''x'', ''<p>x</p>'', %L, null, null, %L, ''{}'')->>''number''', key, type)) $$;
create temp table opened (n int, id bigint);
-- Each in a transaction of its own.
create function pg_temp.holder(n int) returns text language sql as $$ select coalesce(t.assignee_id::text, '-') from opened o join app.tickets t on t.tenant_id = 25 and t.id = o.id where o.n = holder.n $$;
select format('insert into opened select %s, pg_temp.opens(501, %L, ''teams-key-%1$s'')::bigint', n, case when n < 5 then 'problem' else 'other' end) from generate_series(1, 6) n \gexec
select is((select string_agg(coalesce(g.name, '-') || ' ' || coalesce(t.assignee_id::text, '-'), ', ' order by o.n) from opened o
    join app.tickets t on t.tenant_id = 25 and t.id = o.id left join app.teams g on g.tenant_id = 25 and g.id = t.team_id),
  'First line 507, First line 508, First line 625, First line 507, Second -, Second -', 'by their type, to one after the other; the rest, to nobody where no turns are');
select is((select string_agg(distinct data::text, ' | ') from app.events where tenant_id = 25 and kind = 'ticket.changed' and ticket_id = (select id from opened where n = 1)),
  format('{"by": "arrival", "team": [null, %s], "turn": true, "assignee": [null, 507]}', pg_temp.team('First line')), 'on the record, as a turn');
select is((select count(*) from app.tickets t join opened o on o.id = t.id where t.tenant_id = 25 and (t.updated_at <> t.created_at or t.desk_updated_at <> t.created_at or t.changed_by is not null)), 0::bigint,
  'a new ticket is as new as before');

-- ---- what agents change

create function pg_temp.changes(who int, ticket bigint, change text) returns text
language sql as $$ select pg_temp.at('desk', who, format('select (app.changed_ticket(%s, %L) #>> ''{ticket,team}'') || '' '' || coalesce(app.changed_ticket(%1$s, %2$L) #>> ''{ticket,assignee}'', ''-'')', ticket, change)) $$;
set session_replication_role = replica;
update app.tickets set assignee_id = null, status = 2, updated_at = '2026-01-05', desk_updated_at = '2026-01-05', changed_by = null, desk_changed_by = null where tenant_id = 25 and id = 1;
reset session_replication_role;
select is(pg_temp.changes(507, 1, format('{"team": %s}', pg_temp.team('Second'))), format('%s -', pg_temp.team('Second')), 'an agent gives a ticket to a team');
select is((select updated_at = '2026-01-05' and changed_by is null and desk_updated_at > '2026-01-06' and desk_changed_by = 507 from app.tickets where tenant_id = 25 and id = 1), true,
  'its customers'' dates stay, the desk''s move');
select is((select app.is_desks_alone(kind, data, 10, 110)::text || ' ' || data::text from app.events where tenant_id = 25 and ticket_id = 1 order by id desc limit 1),
  format('true {"team": [null, %s]}', pg_temp.team('Second')), 'and their pages hear nothing of it');
select is(pg_temp.changes(507, 1, format('{"team": %s}', pg_temp.team('First line'))), format('%s 508', pg_temp.team('First line')), 'of a team with turns whose turn it is has it');
select is(pg_temp.changes(507, 1, format('{"team": %s}', pg_temp.team('Second'))), format('%s 508', pg_temp.team('Second')), 'who has it keeps it');
select is(pg_temp.changes(507, 1, format('{"team": %s, "assignee": null}', pg_temp.team('First line'))), format('%s -', pg_temp.team('First line')), 'given to a team and to nobody it is nobody''s');
select is(pg_temp.changes(507, 1, '{"team": null}'), null, 'and to no team again');
select is(pg_temp.changes(507, 1, '{"team": 99999}'), 'PT422 tickets_team.choice', 'a team that is not there');
select is(pg_temp.changes(507, 99, format('{"team": %s}', pg_temp.team('Second'))), 'PT404', 'a ticket that is not there');
select is(pg_temp.at('ten', 501, format('select app.set_team(1, %s)', pg_temp.team('Second'))), 'PT403', 'a customer gives none');
select is(pg_temp.at('partner', 504, format('select app.change_ticket(3, ''{"team": %s}'')', pg_temp.team('Second'))), 'PT403', 'nor a partner, of what is not at the desk');
select is(pg_temp.at('desk', 507, 'update app.tickets set team_id = null where id = 1'), '42501', 'nor anybody past the rule');
select is(pg_temp.job(format('select app.set_team(1, %s)', pg_temp.team('First line'))), '', 'jobs do, in the tenant''s name');
select is((select assignee_id from app.tickets where tenant_id = 25 and id = 1), 625::bigint, 'with its turn');
set session_replication_role = replica;
update app.tickets set team_id = null, assignee_id = null, status = 5 where tenant_id = 25 and id = 1;
reset session_replication_role;
select is(pg_temp.changes(507, 1, format('{"team": %s}', pg_temp.team('First line'))), format('%s -', pg_temp.team('First line')), 'what is done is nobody''s turn');

-- ---- lists

set session_replication_role = replica;
update app.tickets set status = 2 where tenant_id = 25 and id = 1;
reset session_replication_role;
create function pg_temp.list(who int, words text) returns text
language sql as $$ select pg_temp.at('desk', who, format('select string_agg(i, '' '') from unnest((app.pick_tickets(%L::jsonb || ''{"list": "desk"}'', 50, 10000)).ids::text[]) i', words)) $$;
create function pg_temp.oracle(what text) returns text language plpgsql as $$
declare
  found text;
begin
  execute 'select string_agg(id::text, '' '' order by desk_updated_at desc, id desc) from app.tickets where tenant_id = 25 and at_desk and ' || what into found;
  return found;
end $$;
select is(pg_temp.list(507, format('{"team": "%s"}', pg_temp.team('First line'))), pg_temp.oracle('team_id = ' || pg_temp.team('First line')), 'the queue of a team');
select is(pg_temp.list(507, '{"team": "mine"}'), pg_temp.oracle('team_id = ' || pg_temp.team('First line')), 'of mine');
select is(pg_temp.list(625, '{"team": "mine"}'), pg_temp.oracle('team_id is not null'), 'of both of mine, in one order');
select is(pg_temp.list(625, '{"team": "mine", "sort": "created"}'), (select string_agg(id::text, ' ' order by created_at desc, id desc) from app.tickets where tenant_id = 25 and team_id is not null), 'and in another');
select is(pg_temp.list(625, '{"team": "mine", "sort": "title", "group": "open"}'), (select string_agg(id::text, ' ' order by title collate "und-x-icu", id) from app.tickets where tenant_id = 25 and team_id is not null and status <= 2), 'or sorted');
select is(pg_temp.list(507, '{"team": "none"}'), pg_temp.oracle('team_id is null'), 'of none');
select is(pg_temp.at('desk', 508, 'select (app.desk_counts() #>> ''{views,teams,n}'')'), (select count(*)::text from app.tickets where tenant_id = 25 and team_id = pg_temp.team('First line') and status <= 2), 'counted among the views');
select is(pg_temp.save(508, 'Second', 'off', '[]', true, '[625]', pg_temp.team('Second'), true), 'true', 'a team is archived');
select is(pg_temp.list(625, '{"team": "mine"}'), pg_temp.oracle('team_id = ' || pg_temp.team('First line')), 'nobody''s any more');
select is(pg_temp.changes(507, 2, format('{"team": %s}', pg_temp.team('Second'))), 'PT422 tickets_team.choice', 'not to be given to');
insert into opened select 20, pg_temp.opens(501, 'other', 'teams-key-20')::bigint;
select is((select t.team_id from app.tickets t join opened o on o.n = 20 and t.id = o.id where t.tenant_id = 25), null, 'and nothing comes to it');
select is(pg_temp.save(508, 'Second', 'off', '[]', true, '[625]', pg_temp.team('Second'), false), 'true', 'it is taken back');

-- ---- whom the mail goes to

create function pg_temp.mailed(ticket bigint) returns text language sql as $$
  select pg_temp.job(format('select string_agg(r.person_id::text, '' '' order by r.person_id) from jobs.ticket_recipients((select max(id) from app.events where ticket_id = %s and kind = ''ticket.opened'')) r where r.reason = ''desk''', ticket)) $$;
select is(pg_temp.mailed((select id from opened where n = 5)), '625', 'a team''s ticket is for its members');
select is(pg_temp.mailed((select id from opened where n = 1)), '507 508 625', 'for who has it and the team');
set session_replication_role = replica;
update app.tickets set team_id = null where tenant_id = 25 and id in (select id from opened where n in (1, 5));
reset session_replication_role;
select is(pg_temp.mailed((select id from opened where n = 1)), '507', 'without a team for who has it');
select is(pg_temp.mailed((select id from opened where n = 5)), '507 508 625', 'with neither for all');

-- ---- out of office

create function pg_temp.away(who int, begins text, ends text, stand_in bigint) returns text
language sql as $$ select pg_temp.at('desk', who, format('select app.set_absence(%L, %L, %L) #>> ''{absence,now}''', begins, ends, stand_in)) $$;
create function pg_temp.wall(i interval) returns text language sql as $$ select to_char((now() + i) at time zone 'Europe/Stockholm', 'YYYY-MM-DD"T"HH24:MI') $$;
update app.people set time_zone = 'Europe/Stockholm' where tenant_id = 25 and id = 507;
select is(pg_temp.at('ten', 501, format('select app.set_absence(null, %L, null)', pg_temp.wall('1 day'))), 'PT403', 'a customer is in no office');
select is(pg_temp.away(507, null, pg_temp.wall('-1 hour'), null), 'PT422 absences_ends.past', 'an absence that is over');
select is(pg_temp.away(507, pg_temp.wall('3 days'), pg_temp.wall('2 days'), null), 'PT422 absences_ends.order', 'that ends before it begins');
select is(pg_temp.away(507, null, pg_temp.wall('400 days'), null), 'PT422 absences_ends.too_long', 'a year at most');
select is(pg_temp.away(507, null, '2026-02-31T10:00', null), 'PT422 absences_ends.type', 'no such day');
select is(pg_temp.away(507, 'tomorrow', pg_temp.wall('1 day'), null), 'PT422 absences_begins.type', 'no moment');
select is(pg_temp.away(507, null, pg_temp.wall('1 day'), 507), 'PT422 absences_stand_in.itself', 'nobody stands in for themselves');
select is(pg_temp.away(507, null, pg_temp.wall('1 day'), 501), 'PT422 absences_stand_in.choice', 'nor does a customer');
select is(pg_temp.away(507, pg_temp.wall('1 day'), pg_temp.wall('2 days'), 625), 'false', 'it may be to come');
select is(pg_temp.mailed((select id from opened where n = 1)), '507', 'and changes nothing till then');
select is(pg_temp.away(507, null, pg_temp.wall('2 days'), 625), 'true', 'or be now');
select is((select ends_at = date_trunc('minute', now()) + interval '2 days' from app.absences where tenant_id = 25 and person_id = 507), true, 'by the clock where they are');
select is(pg_temp.mailed((select id from opened where n = 1)), '507 625', 'who stands in hears of their tickets');
select is(pg_temp.at('desk', 508, 'select app.absences_here() #>> ''{507,stand_in}'''), '625', 'agents see it');
select is(pg_temp.at('ten', 501, 'select app.absences_here()'), '{}', 'customers do not');
select is(pg_temp.at('desk', 625, 'select app.my_absence() #>> ''{covers,0,name}'''), 'Agent teams', 'and who stands in reads for whom');
select format('insert into opened select %s, pg_temp.opens(501, ''problem'', ''teams-key-%1$s'')::bigint', n) from generate_series(31, 34) n \gexec
select is((select string_agg(pg_temp.holder(n), ' ' order by n) from generate_series(31, 34) n), '508 625 508 625', 'no turn comes to who is away');
select is(pg_temp.at('desk', 507, 'select app.end_absence()->>''absence'''), null, 'back again');
insert into opened select 40, pg_temp.opens(501, 'problem', 'teams-key-40')::bigint;
select is(pg_temp.holder(40), '507', 'the next one is theirs');
update app.teams set turns = 2 where tenant_id = 25 and name = 'First line';
set session_replication_role = replica;
update app.tickets set assignee_id = case when id % 2 = 0 then 507 else 508 end where tenant_id = 25 and at_desk and status <= 4;
reset session_replication_role;
insert into opened select 50, pg_temp.opens(501, 'problem', 'teams-key-50')::bigint;
select is(pg_temp.holder(50), '625', 'or to who has the fewest open ones');

-- ---- whoever leaves the staff

select pg_temp.away(507, null, pg_temp.wall('2 days'), 625) \g /dev/null
select is(pg_temp.at('desk', 508, 'select app.end_membership(10)'), '', 'an agent leaves');
select is((select string_agg(m.person_id::text, ' ' order by m.person_id) from app.team_members m where m.tenant_id = 25 and m.team_id = pg_temp.team('First line')), '507 508 625', 'at first their rows are there');
insert into opened select 60, pg_temp.opens(501, 'problem', 'teams-key-60')::bigint;
select is(pg_temp.holder(60), '508', 'but nothing comes to them');
select is(pg_temp.mailed((select id from opened where n = 1)), (select string_agg(x::text, ' ' order by x) from (select assignee_id as x from app.tickets where tenant_id = 25 and id = (select id from opened where n = 1)) y), 'nor to them as a stand-in');
select is(pg_temp.job('select app.free_tickets((select max(id) from app.events where kind = ''staff.ended''))'), 'false', 'jobs come to it');
select is((select string_agg(m.person_id::text, ' ' order by m.person_id) from app.team_members m where m.tenant_id = 25 and m.team_id = pg_temp.team('First line')), '507 508', 'then no team has them');
select is((select count(*) from app.absences where tenant_id = 25 and person_id = 507 and stand_in is null), 1::bigint, 'whom they stood in for stays away all the same, with nobody instead');
-- ---- W1: links that agents make

create function pg_temp.links(who int, ticket int, kind text, other bigint) returns text
language sql as $$ select pg_temp.at('desk', who, format('select string_agg((l->>''kind'') || (l->>''number''), '' '') from json_array_elements(app.set_link(%s, %L, %s)) l', ticket, kind, other)) $$;
create function pg_temp.linked(portal text, who int, ticket int) returns text
language sql as $$ select pg_temp.at(portal, who, format('select string_agg((l->>''kind'') || (l->>''number''), '' '') from json_array_elements(app.typed_links(%s)) l', ticket)) $$;
select is(pg_temp.at('ten', 501, 'select app.set_link(1, ''relates'', 2)'), 'PT403', 'a customer links nothing');
select is(pg_temp.links(508, 1, 'relates', 1), 'PT422 tickets_to.itself', 'none to itself');
select is(pg_temp.links(508, 1, 'relates', 9999), 'PT422 tickets_to.choice', 'nor to none');
select is(pg_temp.links(508, 1, 'relates', (select id from app.tickets where tenant_id = 25 and not at_desk limit 1)), 'PT422 tickets_to.choice', 'nor to one that the desk has not: as if it were none');
select is(pg_temp.links(508, 2, 'relates', 1), 'relates1', 'an agent links two');
select is(pg_temp.links(508, 1, 'relates', 2), 'relates2', 'twice is once, from either side');
select is((select count(*) from app.ticket_links where tenant_id = 25 and kind = 'relates'), 1::bigint, 'one row of it');
select is(pg_temp.links(508, 1, 'blocked_by', 101), 'blocked_by101 relates2', 'one blocks another');
select is(pg_temp.linked('desk', 508, 101), 'blocks1', 'as the other side reads');
select is(pg_temp.links(508, 1, 'blocks', 2), 'blocked_by101 blocks2 relates2', 'and a third');
select is(pg_temp.links(508, 2, 'blocks', 101), 'PT422 tickets_to.ring', 'nothing goes round');
select is(pg_temp.links(508, 2, 'causes', 101), 'blocked_by1 causes101 relates1', 'another kind may');
select is(pg_temp.links(508, 101, 'causes', 2), 'PT422 tickets_to.ring', 'but not in a ring of its own');
select is(pg_temp.linked('ten', 501, 1), null, 'customers find none of them');
select is(pg_temp.at('ten', 501, 'select count(*) from app.ticket_links where kind in (''relates'', ''blocks'', ''causes'')'), '0', 'in the table neither');
select is(pg_temp.at('ten', 502, 'select count(*) from json_array_elements(app.links_of(2)) l where l->>''kind'' <> ''follows'''), '0', 'nor among what they find of it');
select is((select bool_and(app.is_desks_alone(kind, data, 10, 110)) from app.events where tenant_id = 25 and kind = 'ticket.linked'), true, 'and their pages hear of none');
select is((select count(*) from app.events where tenant_id = 25 and kind = 'ticket.linked' and ticket_id = 101), 2::bigint, 'it is on the record of both');
select is(pg_temp.at('desk', 508, 'select json_array_length(app.drop_link(1, ''blocked_by'', 101))'), '2', 'a link is taken away');
select is(pg_temp.at('desk', 508, 'select app.drop_link(1, ''blocked_by'', 101)'), 'PT404', 'once');
select is(pg_temp.at('desk', 508, 'select app.drop_link(2, ''follow_up'', 1)'), 'PT404', 'of what agents made alone');
select is(pg_temp.links(508, 2, 'blocks', 101), 'blocked_by1 blocks101 causes101 relates1', 'then nothing is round');
set session_replication_role = replica;
insert into app.ticket_links (tenant_id, from_id, to_id, kind) select 25, 1, 5000 + i, 'relates' from generate_series(1, 48) i;
reset session_replication_role;
select is(pg_temp.links(508, 1, 'causes', 102), 'PT422 tickets_to.too_many', 'fifty at most');
delete from app.ticket_links where tenant_id = 25 and to_id > 5000;

-- ---- W1: a merging taken back

set session_replication_role = replica;
update app.tickets set status = 4, done_at = null where tenant_id = 25 and id in (101, 102);
reset session_replication_role;
select is(pg_temp.at('desk', 508, 'select app.unmerge_ticket(101)'), 'PT422 tickets_into.unmerged', 'nothing was merged yet');
select is(pg_temp.at('desk', 508, 'select app.merge_ticket(101, 102, ''[]'')->>''number'''), '102', 'merged by mistake');
select is(pg_temp.at('ten', 501, 'select app.unmerge_ticket(101)'), 'PT403', 'customers leave it so');
select is(pg_temp.at('desk', 508, 'select app.unmerge_ticket(101)->>''number'''), '102', 'taken back');
select is((select status || ' ' || (done_at is null) from app.tickets where tenant_id = 25 and id = 101), '4 true', 'it stands as before');
select is(pg_temp.at('ten', 501, 'select app.add_comment(101, false, ''x'', ''<p>x</p>'', ''teams-key-70'', null)->''comment'' is not null'), 'true', 'and is answered again');
select is(pg_temp.at('desk', 508, 'select app.merge_ticket(101, 102, ''[]'')->>''number'''), '102', 'merged anew');
update app.ticket_links set created_at = now() - interval '31 days' where tenant_id = 25 and kind = 'duplicate';
select is(pg_temp.at('desk', 508, 'select app.unmerge_ticket(101)'), 'PT422 tickets_into.late', 'after thirty days it is too late');
select is(pg_temp.at('desk', 507, 'select app.list_teams()'), 'PT403', 'who is in which team is told to its administrators');
select * from finish();
