-- The tenant's own words for statuses, and which may follow which. In the tenant 17,
-- made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (17, 'status', 'Status');
select fixture.fill(17, 'status') \g /dev/null
select * from no_plan();
set story.tenant = 17;
set story.slug = 'status';
\ir lib/story.sql
begin;
select auth.set_context(17, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.settings where tenant_id = 17;
delete from app.statuses where tenant_id = 17;
delete from app.transitions where tenant_id = 17;
commit;

create function pg_temp.csv(portal text, person int, list text, lang text) returns text language sql as $$
  select pg_temp.as_role('sportello_bulk', format('select auth.enter(%L, %L, 1::smallint, false)', portal || '.status.test', '17/' || person),
    format($q$select split_part(r, U&'\001F', 3) from app.ticket_csv(jsonb_build_object('list', %L), %L) r where split_part(r, U&'\001F', 1) = '1'$q$, list, lang)) $$;

-- ---- W3: words ---------------------------------------------------------------------

select is(pg_temp.at('desk', 508, $$select app.labels_here('sv') is null$$), 'true', 'without words of its own a tenant has none to deliver');
select is(pg_temp.at('desk', 508, $$select app.name_status('blocked', '{"sv": "Väntar på kund", "en": "With customer"}', '{"sv": "Vi väntar på dig"}') #>> '{statuses,blocked,customers,sv}'$$),
  'Vi väntar på dig', 'an administrator names one');
select is(pg_temp.at('ten', 501, $$select app.labels_here('sv')::text$$), '{"status.blocked": "Vi väntar på dig"}', 'customers get theirs alone');
select is(pg_temp.at('ten', 501, $$select app.labels_here('en') is null$$), 'true', 'and the product''s in a language without one');
select is(pg_temp.at('ten', 501, $$select app.labels_here('sv-FI')->>'status.blocked'$$), 'Vi väntar på dig', 'the language it is a kind of is near enough');
select is(pg_temp.at('ten', 501, $$select app.labels_here('de') is null$$), 'true', 'another language is not');
select is(pg_temp.at('partner', 504, $$select app.labels_here('en')->>'state.blocked'$$), 'With customer', 'who works for a partner reads what agents do');
select is(pg_temp.at('desk', 507, $$select app.labels_here('sv')->>'state.blocked'$$), 'Väntar på kund', 'and agents');
select is(pg_temp.at('desk', 508, $$select app.name_status('blocked', null, '{}') #>> '{statuses,blocked,agents,en}'$$), 'With customer', 'a side that is not given stays');
select is(pg_temp.at('desk', 508, $$select (app.name_status('blocked', '{}', null)->'statuses')::text$$), '{}', 'one without words is gone');
select format('select is(pg_temp.at(''desk'', 508, %L), %L, %L)', format('select app.name_status(%L, %L, %L)', v.status, v.agents, v.customers), v.refused, v.what)
  from (values ('closed', '{"en": "x\u0007"}', null, '23514 statuses_agents_check', 'a bell is no word'),
    ('closed', null, '{"en": "a\nb"}', '23514 statuses_customers_check', 'nor are two lines'),
    ('closed', jsonb_build_object('en', repeat('x', 41))::text, null, '23514 statuses_agents_check', 'nor 41 letters'),
    ('closed', '{"en": ""}', null, 'PT422 statuses_agents.blank', 'nor none'),
    ('closed', '{"en": " x"}', null, 'PT422 statuses_agents.blank', 'nor one behind a blank'),
    ('closed', '{"en": "\u200b"}', null, 'PT422 statuses_agents.blank', 'nor what nobody sees'),
    ('closed', '{"xx": "x"}', null, 'PT422 statuses_agents.language', 'a language that there is none of'),
    ('closed', '{"de":"x","en":"x","es":"x","fr":"x","it":"x","ja":"x","pt":"x","sv":"x","nl":"x"}', null, 'PT422 statuses_agents.language', 'a ninth one'),
    ('closed', '{"en": 5}', null, '23514 statuses_agents_check', 'a number'),
    ('closed', null, '["x"]', 'PT422 statuses_customers.type', 'a list'),
    ('closed', '"x"', null, 'PT422 statuses_agents.type', 'a text'),
    ('gone', '{"en": "x"}', null, 'PT404', 'a status that there is none of')) v (status, agents, customers, refused, what) \gexec
select is(pg_temp.at('desk', 507, $$select app.name_status('closed', '{"en": "x"}', null)$$), 'PT403', 'an agent names none');
select is(pg_temp.at('ten', 509, $$select app.list_statuses()$$), 'PT403', 'nor does an account''s administrator read them');

-- In mail and CSV, and in those of nobody whom the status is hidden from.
select is(pg_temp.at('desk', 508, $$select app.name_status('solved', '{"sv": "Klart"}', '{"sv": "Löst!"}') is not null$$), 'true', 'a word for solved');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "solved"}')$$), '', 'one is solved');
select is(pg_temp.csv('ten', 501, 'mine', 'sv'), 'Löst!', 'CSV has the customers'' word');
select is(pg_temp.csv('ten', 501, 'mine', 'fr'), U&'\001Estatus.solved', 'or the product''s');
select is(pg_temp.csv('desk', 507, 'desk', 'sv'), 'Klart', 'and the desk''s has the agents''');
begin;
select auth.set_context(17, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.people set locale = 'sv' where tenant_id = 17 and id = 501;
insert into app.deliveries (tenant_id, id, event_id, email, person_id, reason)
  select 17, 900, max(e.id), 'ada@x.example', 501, 'requester' from app.events e where e.tenant_id = 17 and e.ticket_id = 1 and e.kind = 'ticket.solved';
commit;
select is(pg_temp.job($$select jobs.ticket_mail(900, 'https', '')->'status'->>'label'$$), 'Löst!', 'a mail has it in its reader''s language');
begin;
select auth.set_context(17, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.ticket_counters set has_forms = true where tenant_id = 17;
insert into app.field_policies (tenant_id, scope, field, role, access) values (17, 0, 'status', 'member', 0);
commit;
select is(pg_temp.csv('ten', 501, 'mine', 'sv'), '', 'whom it is hidden from reads nothing in CSV');
select is(pg_temp.job($$select coalesce(jobs.ticket_mail(900, 'https', '')->>'status', 'nothing')$$), 'nothing', 'nor in mail');
begin;
select auth.set_context(17, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.field_policies where tenant_id = 17 and field = 'status';
commit;

-- ---- W3: which may follow which ------------------------------------------------------

create function pg_temp.moves(edges text) returns jsonb language sql as $$
  select jsonb_object_agg(f, n) from (select split_part(e, '>', 1) as f, to_jsonb(string_to_array(split_part(e, '>', 2), ',')) as n from unnest(string_to_array(edges, ' ')) e) x $$;
create function pg_temp.limit(role text, edges text) returns text language sql as $$
  select pg_temp.at('desk', 508, format('select app.limit_moves(%L, %L) is not null', role, pg_temp.moves(edges))) $$;
select is((select f.code || ' ' || coalesce(f.about, '-') from app.moves_fault(v.moves::jsonb) f), v.fault, v.what)
  from (values ('{}', 'stuck new', 'no graph at all'),
    ('[]', 'type -', 'a list'), ('{"new": "solved"}', 'type -', 'not lists'), ('{"newer": []}', 'type -', 'no such status'),
    ('{"new": ["gone"]}', 'choice new', 'leads to none'), ('{"new": ["new"]}', 'choice new', 'leads to itself'), ('{"new": [5]}', 'choice new', 'to a number'),
    (pg_temp.moves('new>solved in_progress>solved blocked>solved on_hold>solved solved>new')::text, 'stuck closed_escalated', 'one without a way out'),
    (pg_temp.moves('new>in_progress in_progress>new blocked>new on_hold>new solved>new closed_escalated>new')::text, 'unreachable blocked', 'a round that nothing else is in')) v (moves, fault, what);
select is(app.moves_fault(pg_temp.moves('new>in_progress in_progress>blocked,on_hold,solved,closed_escalated blocked>in_progress on_hold>in_progress solved>in_progress closed_escalated>in_progress'))::text,
  '(,)', 'closed may be the end, and customers get there');
select is(pg_temp.limit('agent', 'new>in_progress in_progress>blocked,on_hold,solved,closed_escalated blocked>in_progress on_hold>in_progress solved>in_progress closed_escalated>in_progress'), 'true', 'an administrator limits agents');
select is(pg_temp.at('desk', 507, $$select app.nexts_here()->>'new'$$), '["in_progress"]', 'their pages know');
select is(pg_temp.at('desk', 508, $$select app.nexts_here() is null$$), 'true', 'administrators are not limited');
select is(pg_temp.at('ten', 501, $$select app.nexts_here() is null$$), 'true', 'nor are customers');
begin;
select auth.set_context(17, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tickets set status = 1 where tenant_id = 17 and id = 1;
commit;
select is(pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "closed"}')$$), 'PT422', 'an agent may not close what is new');
select is(pg_temp.at('desk', 507, 'update app.tickets set status = 6 where id = 1'), 'PT422', 'by no statement');
select is(pg_temp.at('desk', 507, $$select app.add_comment(1, false, 'x', '<p>x</p>', 'status-1', 'closed')$$), 'PT422', 'nor with a reply');
create function pg_temp.said(statement text) returns text language plpgsql as $$
declare d text; begin
  perform set_config('session_authorization', 'sportello_api', true);
  perform auth.enter('desk.status.test', '17/507', 1::smallint, true);
  execute statement;
  return 'done';
exception when others then get stacked diagnostics d = pg_exception_detail; return d; end $$;
select is(pg_temp.said($$select app.change_ticket(1, '{"status": "closed"}')$$)::jsonb->0->>'allowed', '["in_progress"]', 'and is told what may be');
reset session authorization;
select is(pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "new", "priority": "low"}')$$), '', 'what stays as it is does not change');
select is(pg_temp.at('desk', 507, $$select app.add_comment(1, false, 'x', '<p>x</p>', 'status-2', 'solved') is not null$$), 'true', 'a reply begins the work, which may be solved then');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "on_hold"}')$$), 'PT422', 'solved may not rest');
select is(pg_temp.at('ten', 501, $$select app.close_ticket(1)->>'status'$$), 'closed', 'its customer closes it');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "in_progress"}')$$), 'PT422', 'where the graph ends');
select is(pg_temp.at('ten', 501, $$select app.reopen_ticket(1)->>'status'$$), 'in_progress', 'and opens it again');
select is(pg_temp.at('desk', 508, $$select app.change_ticket(1, '{"status": "closed"}')$$), '', 'an administrator does as they like');
select is(pg_temp.at('desk', 507, $$select (app.merge_ticket(2, 1, '[]')) is not null$$), 'true', 'a duplicate is closed all the same');
select is(pg_temp.at('partner', 504, $$select app.add_comment(3, false, 'x', '<p>x</p>', 'status-3', 'closed') is not null$$), 'true', 'and a partner is not bound');
select is(pg_temp.at('desk', 508, $$select app.limit_moves('agent', null)->'moves'->>'agent' is null$$), 'true', 'not limited any more');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "on_hold"}')$$), '', 'anything follows anything');
select is(pg_temp.limit('tenant_admin', 'new>in_progress in_progress>blocked,on_hold,solved,closed_escalated blocked>in_progress on_hold>in_progress solved>in_progress closed_escalated>in_progress'), 'true', 'administrators limit themselves');
select is(pg_temp.at('desk', 508, $$select app.change_ticket(1, '{"status": "closed"}')$$), 'PT422', 'and are bound');
select is(pg_temp.at('desk', 507, $$select app.limit_moves('agent', null)$$), 'PT403', 'an agent limits nobody');
select is(pg_temp.at('desk', 508, $$select app.limit_moves('member', '{}')$$) ~ '^(PT422|23514)', true, 'nobody limits customers');
select * from finish();
