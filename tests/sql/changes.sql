-- Two at once at one ticket (W1): the second change of a field is told what the first made
-- of it, of what is hidden nothing; who begins to write has the ticket. In the tenant 33,
-- made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (33, 'twofold', 'Twofold');
select fixture.fill(33, 'twofold') \g /dev/null
select * from no_plan();
set story.tenant = 33;
set story.slug = 'twofold';
\ir lib/story.sql
-- Agents are 507 and 633, the administrator is 508; 501 opened the ticket 1.
begin;
select auth.set_context(33, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.field_policies where tenant_id = 33;
delete from app.type_fields where tenant_id = 33;
delete from app.ticket_values where tenant_id = 33;
delete from app.rules where tenant_id = 33;
insert into app.fields (tenant_id, key, kind, labels) select 33, k, 'text', '{"en": "F"}' from unnest('{line,hush,assignee}'::text[]) k;
insert into app.type_fields (tenant_id, type, field, position) select 33, 'problem', k, n from unnest('{line,hush,assignee}'::text[]) with ordinality x (k, n);
update app.ticket_types set archived_at = null where tenant_id = 33 and key = 'problem';
commit;
set session_replication_role = replica;
update app.tickets set status = 2, priority = 2, assignee_id = null, team_id = null, type = 'problem' where tenant_id = 33 and id = 1;
update app.ticket_counters set has_forms = true where tenant_id = 33;
reset session_replication_role;

-- What it answers, or what it is refused with: field, code, what it is, who and by which name.
create function pg_temp.does(portal text, who int, statement text) returns text language plpgsql as $$
declare
  answer text;
  said text;
  state text;
  which text;
  boss text := session_user;
begin
  perform set_config('test.said', '', false);
  perform set_config('session_authorization', 'sportello_api', true);
  perform auth.enter(portal || '.twofold.test', convert_to('33/' || who, 'UTF8'), 1::smallint, true);
  execute statement into answer;
  perform set_config('session_authorization', boss, true);
  return answer;
exception when others then
  get stacked diagnostics state = returned_sqlstate, which = constraint_name, said = pg_exception_detail;
  perform set_config('session_authorization', boss, true);
  perform set_config('test.said', said, false);
  return concat_ws(' ', state, nullif(which, ''), (select string_agg(concat_ws(':', f->>'field', f->>'code', f->>'now', f->>'called', f #>> '{who,by}', f #>> '{who,rule}', case when (f #>> '{who,at}')::timestamptz > now() - interval '1 day' then 'at' end), ' ' order by f->>'field')
    from jsonb_array_elements(case when said like '[%' then said::jsonb else '[]' end) f));
end $$;
-- All that the last one was told of who made the first field so, but when.
create function pg_temp.of_whom() returns jsonb language sql as $$ select (nullif(current_setting('test.said'), '')::jsonb->0->'who') - 'at'::text $$;
create function pg_temp.change(who int, change text) returns text language sql as $$
  select pg_temp.does('desk', who, format('select app.change_ticket(1, %L)::text', change)) $$;
create function pg_temp.answers(portal text, who int, answers text, was text) returns text language sql as $$
  select pg_temp.does(portal, who, format('select ''done'' from app.change_answers(1, %L, %L)', answers, was)) $$;
create function pg_temp.is_now() returns text language sql as $$
  select concat_ws(' ', app.status_name(status), app.priority_name(priority), coalesce(assignee_id, 0), coalesce((select g.name from app.teams g where g.tenant_id = 33 and g.id = team_id), '-')) from app.tickets where tenant_id = 33 and id = 1 $$;

-- ---- W1: a field that somebody else has changed

select is(pg_temp.change(507, '{"status": "blocked", "was": {"status": "in_progress"}}'), '', 'what is as it was taken for is changed');
select is(pg_temp.change(633, '{"status": "solved", "was": {"status": "in_progress"}}'), 'PT422 status:changed:blocked:507:at', 'who comes second is told what it is, by whom and since when');
select is(pg_temp.is_now(), 'blocked normal 0 -', 'and nothing is changed');
select is(pg_temp.change(633, '{"priority": "high", "was": {"priority": "normal"}}'), '', 'another field is nobody''s business');
select is(pg_temp.change(507, '{"status": "on_hold", "was": {"status": "in_progress"}}'), '', 'who changed it themselves knows that');
select is(pg_temp.change(633, '{"status": "on_hold", "was": {"status": "in_progress"}}'), '', 'who wants the same is not asked');
select is(pg_temp.change(633, '{"status": "blocked", "was": {"status": "on_hold"}}'), '', 'who was asked says what it is, and goes on');
select is(pg_temp.change(507, '{"status": "blocked", "priority": "low", "was": {"status": "in_progress", "priority": "normal"}}'), 'PT422 priority:changed:high:633:at', 'of two fields the one that was changed');
select is(pg_temp.change(507, '{"status": "solved", "priority": "low", "assignee": 507, "was": {"status": "on_hold", "priority": null, "assignee": null}}'), 'PT422 priority:changed:high:633:at status:changed:blocked:633:at', 'all of them at once');
select is(pg_temp.is_now(), 'blocked high 0 -', 'and none of the change is made');
select is(pg_temp.change(507, '{"status": "solved"}'), '', 'a change that says nothing asks nothing');
select is(pg_temp.change(507, '{"assignee": "me", "was": {"assignee": null}}'), '', 'nobody had it');
select is(pg_temp.change(633, '{"assignee": "me", "was": {"assignee": null}}'), concat('PT422 assignee:changed:507:', (select name from app.people where tenant_id = 33 and id = 507), ':507:at'), 'somebody has it, by name');
select is(pg_temp.change(633, '{"assignee": 507, "was": {"assignee": 633}}'), '', 'the same one is no quarrel');
select is(pg_temp.change(508, '{"assignee": 633, "was": {"assignee": 507}}'), '', 'somebody else gives it away');
select is(pg_temp.change(633, '{"assignee": "me", "was": {"assignee": 507}}'), '', 'to who takes it just then');
insert into app.teams (tenant_id, name) values (33, 'Second line');
select is(pg_temp.change(508, format('{"team": %s, "was": {"team": null}}', (select id from app.teams where tenant_id = 33 and name = 'Second line'))), '', 'a team too');
select is(pg_temp.change(507, '{"team": null, "was": {"team": 4711}}'), concat('PT422 team:changed:', (select id from app.teams where tenant_id = 33 and name = 'Second line'), ':Second line:508:at'), 'is told by its name');
select is(pg_temp.change(507, '{"status": "closed", "was": {"title": "x"}}'), 'PT422 tickets_was.unknown', 'of what can be changed');
select is(pg_temp.change(507, '{"status": "closed", "was": {"status": {"a": [1]}}}'), '', 'who took it for something that it can''t be made it so themselves');
select is(pg_temp.change(633, '{"status": "solved", "was": {"status": {"a": [1]}}}'), 'PT422 status:changed:closed:507:at', 'or took it for nothing');
select is(pg_temp.change(633, '{"status": "solved", "was": [1]}'), 'PT422 tickets_was.type', 'by field');
select is(pg_temp.change(633, '{"status": "solved", "was": {}}'), '', 'of some nothing is said');
-- What a customer's answer did, and a rule.
select is(left(pg_temp.at('ten', 501, $$select app.add_comment(1, false, 'x', '<p>x</p>', 'changes-reply-1', null)::text$$), 2), '{"', 'its customer answers: it is open again');
select is(pg_temp.change(507, '{"status": "closed", "was": {"status": "solved"}}'), 'PT422 status:changed:in_progress:501:at', 'who closes it is told');
begin;
select auth.set_context(33, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.rules (tenant_id, id, position, name, body, said) values (33, 4712, 1, 'Wait for them', '{"when": {"event": "replied"}, "do": [{"status": "blocked"}]}', '[]');
insert into app.events (tenant_id, kind, ticket_id, data) select 33, 'ticket.changed', 1, jsonb_build_object('status', '["in_progress", "blocked"]'::jsonb, 'by', 'rule', 'rule', 4711);
set local session_replication_role = replica;
update app.tickets set status = 3 where tenant_id = 33 and id = 1;
commit;
select is(pg_temp.change(507, '{"status": "closed", "was": {"status": "solved"}}'), 'PT422 status:changed:blocked:at', 'what nobody did has no name');
select is(pg_temp.of_whom(), '{}', 'of a rule that is gone nothing is left');
insert into app.events (tenant_id, kind, ticket_id, data) select 33, 'ticket.changed', 1, jsonb_build_object('status', '["in_progress", "blocked"]'::jsonb, 'by', 'rule', 'rule', 4712);
select is(pg_temp.change(507, '{"status": "closed", "was": {"status": "solved"}}'), 'PT422 status:changed:blocked:Wait for them:at', 'of one that there is an agent is told its name');
-- Who may not see the ticket hears of nothing.
select is(pg_temp.does('ten', 501, $$select app.change_ticket(1, '{"status": "closed", "was": {"status": "new"}}')::text$$), 'PT403', 'a customer learns nothing by it');
-- Jobs ask nobody.
select is(pg_temp.does('desk', 507, $$select app.start_bulk('[1]', null, '{"status": "closed", "was": {"status": "new"}}', 'changes-bulk-1')::text$$), 'PT422 bulk_change.type', 'one change of many says nothing of what was there');

-- ---- and of what is hidden

insert into app.field_policies (tenant_id, scope, field, role, access) select 33, 0, f, 'agent', 0 from unnest('{status,priority}'::text[]) f;
select is(pg_temp.change(507, '{"priority": "low", "status": "solved", "was": {"priority": null, "status": null}}'), 'PT422 priority:read_only status:read_only', 'is told nothing but that it is not theirs');
select is(pg_temp.change(508, '{"priority": "low", "was": {"priority": null}}'), 'PT422 priority:changed:high:633:at', 'their administrator is told');
delete from app.field_policies where tenant_id = 33;

-- ---- answers to the form

select is(pg_temp.answers('desk', 507, '{"line": "one"}', '{"line": null}'), 'done', 'what nobody answered is answered');
select is(pg_temp.answers('ten', 501, '{"line": "two"}', '{"line": null}'), 'PT422 fields.line:changed:one:507:at', 'its customer, who was second, is told');
select is(pg_temp.of_whom(), jsonb_build_object('by', 507, 'name', (select name from app.people where tenant_id = 33 and id = 507)), 'by the name of who was first');
select is(pg_temp.answers('ten', 501, '{"line": "two", "hush": "x"}', '{"line": "one"}'), 'done', 'and says it again');
select is(pg_temp.answers('desk', 507, '{"line": "three", "hush": "y"}', '{"line": "one", "hush": null}'), 'PT422 fields.hush:changed:x:501:at fields.line:changed:two:501:at', 'an agent too');
select is((select string_agg(field || '=' || value, ' ' order by field) from app.ticket_values where tenant_id = 33 and ticket_id = 1), 'hush="x" line="two"', 'and nothing is changed');
insert into app.events (tenant_id, kind, ticket_id, data) values (33, 'ticket.changed', 1, '{"fields": ["hush"], "by": "rule", "rule": 4712}');
select is(pg_temp.answers('ten', 501, '{"hush": "z"}', '{"hush": null}'), 'PT422 fields.hush:changed:x:at', 'what a rule did its customer is told');
select is(pg_temp.of_whom(), '{}', 'but no rule''s name');
select is(pg_temp.answers('desk', 507, '{"hush": "z"}', '{"hush": null}'), 'PT422 fields.hush:changed:x:Wait for them:at', 'agents are');
select is(pg_temp.answers('desk', 507, '{"line": "two"}', '{"line": "one"}'), 'done', 'who means the same is not asked');
select is(pg_temp.answers('desk', 507, '{"priority": "urgent"}', '{"priority": "low"}'), 'PT422 fields.priority:changed:high:633:at', 'a priority that is set with them');
select is(pg_temp.answers('desk', 507, '{"assignee": "a word"}', '{"assignee": "x"}'), 'PT422 fields.assignee:changed', 'a field that is called like a property is its own');
select is(pg_temp.answers('desk', 507, '{"line": "z"}', '[]'), 'PT422 tickets_was.type', 'by field');
insert into app.field_policies (tenant_id, scope, field, role, access) select 33, 0, f, r, 0 from unnest('{hush,priority}'::text[]) f, unnest('{member,main_user,account_admin,portal_admin}'::text[]) r;
select is(pg_temp.answers('ten', 501, '{"hush": "mine"}', '{"hush": null}'), 'PT422 fields.hush:unknown', 'what is hidden is not there');
select is(pg_temp.answers('ten', 501, '{"nowhere": "mine"}', '{"nowhere": null}'), 'PT422 fields.nowhere:unknown', 'as what there is not');
select is(pg_temp.answers('ten', 501, '{"priority": "low"}', '{"priority": null}'), 'PT422 fields.priority:unknown', 'nor a priority');
delete from app.field_policies where tenant_id = 33;

-- ---- who begins to write

create function pg_temp.takes(who int) returns text language sql as $$
  select pg_temp.does('desk', who, $t$select concat_ws(' ', a->>'taken', coalesce(a->>'assignee', '-')) from app.take_by_writing(1) a$t$) $$;
set session_replication_role = replica;
update app.tickets set assignee_id = null where tenant_id = 33 and id = 1;
reset session_replication_role;
select is(pg_temp.takes(507), 'false -', 'nobody gets anything where the tenant does not want it');
select is(pg_temp.at('ten', 509, $$select app.set_setting('assign_on_reply', 'yes', false, null)$$), 'PT403', 'an account does not say so');
select is(left(pg_temp.at('desk', 508, $$select app.set_setting('assign_on_reply', 'yes', false, null)::text$$), 2), '{"', 'the tenant does');
select is(pg_temp.takes(507), 'true 507', 'who is first has it');
select is(pg_temp.takes(633), 'false 507', 'the other one is told who');
select is(pg_temp.is_now() ~ 'Second line', true, 'in its team as before');
select is((select data from app.events where tenant_id = 33 and ticket_id = 1 order by id desc limit 1), '{"by": "writing", "assignee": [null, 507]}', 'on the record');
select is(pg_temp.at('desk', 633, $$select l->>'writing' from json_array_elements(app.ticket_history(1)->'lines') l where l->>'writing' is not null$$), 'true', 'and in its history');
select is(pg_temp.change(507, '{"assignee": null, "was": {"assignee": 507}}'), '', 'it is taken back');
select is((select data from app.events where tenant_id = 33 and ticket_id = 1 order by id desc limit 1), '{"assignee": [507, null]}', 'as any change');
select is(pg_temp.does('ten', 501, 'select app.take_by_writing(1)::text'), 'PT403', 'customers take none');
select is(pg_temp.does('desk', 507, 'select app.take_by_writing(99)::text'), 'PT404', 'nor what is not there');
select is(pg_temp.does('desk', 507, 'select app.take_by_writing(3)::text') ~ 'PT404', true, 'nor what is a partner''s still');

select * from finish();
