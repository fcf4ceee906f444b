-- People added to a ticket, and access that goes with a membership. In the
-- tenant 9, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (9, 'shared', 'Shared');
select fixture.fill(9, 'shared') \g /dev/null
select * from no_plan();
set story.tenant = 9;
set story.slug = 'shared';
\ir lib/story.sql
begin;
select auth.set_context(9, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.settings where tenant_id = 9;
commit;
-- What a list of addresses is answered with.
create function pg_temp.refused(portal text, person int, statement text) returns text
language plpgsql as $$
declare
  boss text := session_user;
  said text;
begin
  perform set_config('session_authorization', 'sportello_api', true);
  perform auth.enter(portal || '.shared.test', (current_setting('story.tenant') || '/' || person)::bytea, 1::smallint, true);
  execute statement;
  perform set_config('session_authorization', boss, true);
  return 'nothing';
exception when others then
  get stacked diagnostics said = pg_exception_detail;
  return said;
end $$;
create function pg_temp.set_support(value text) returns void
language sql as $$
  insert into app.settings (tenant_id, scope, name, value, account_id) values (9, 20, 'support_users', value, 10)
  on conflict (tenant_id, scope, name) do update set value = excluded.value $$;
create function pg_temp.recipients(number int, kind text) returns text
language sql as $$
  select pg_temp.job(format($q$select string_agg(split_part(email, '@', 1) || ' ' || reason, ', ' order by email)
    from jobs.ticket_recipients(%s)$q$, max(e.id))) from app.events e where e.tenant_id = 9 and e.ticket_id = number and e.kind = recipients.kind $$;
create function pg_temp.open(cc text, key text) returns text
language sql as $$ select format('select app.open_ticket(%L, %L, %L, %L, %L)', 'Oven', 'x', '<p>x</p>', key, cc) $$;

-- ---- at the opening --------------------------------------------------------------

select is(pg_temp.at('ten', 501, pg_temp.open('["CY@x.example", " cy@x.example ", "ada@x.example"]', 'share-001')),
  '{"number" : 101}', 'Ada opens one and adds Cy, twice, and herself');
select is(pg_temp.at('ten', 501, pg_temp.open('["CY@x.example", " cy@x.example ", "ada@x.example"]', 'share-001')),
  '{"number" : 101}', 'sent again it is the same one');
select is(pg_temp.at('ten', 501, pg_temp.open('[]', 'share-001')), 'PT409 idempotency-key-reused', 'with others it is a mistake');
select is(pg_temp.sees('sub', 503, 101), '1', 'Cy sees it');
select is(pg_temp.sees('thirty', 505, 101), '0', 'nobody else does');
select matches(pg_temp.recipients(101, 'ticket.opened'), 'cy access', 'and gets mail, since he has access');
select is(pg_temp.at('sub', 503, $$select app.ticket_people(101)$$), '{501,503}', 'both are listed');
select is(pg_temp.at('desk', 507, $$select app.ticket_people(101)$$), '{501,503}', 'for the desk as well');
select is(pg_temp.at('thirty', 505, $$select app.ticket_people(101)$$), '{}', 'and for nobody who does not see it');
select is(pg_temp.at('sub', 503, $$select app.add_comment(101, false, 'x', '<p>x</p>', 'share-002', null)::json #>> '{comment,internal}'$$),
  'false', 'Cy answers');
select is(pg_temp.at('ten', 501, pg_temp.open(null, 'share-003')), '{"number" : 102}', 'one for herself');

-- ---- P7: who may not, and why ----------------------------------------------------

select pg_temp.set_support('main_user');
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (9, 93, 501, 'main_user', 10);
select is(pg_temp.refused('ten', 501, pg_temp.open('["bob@x.example", "cy@x.example", "nope", "dee@x.example", "agent2@x.example", "only@shared.example"]', 'share-004'))::jsonb,
  '[{"field": "cc", "code": "not_allowed", "detail": "cy@x.example", "name": "Cy shared"},
    {"field": "cc", "code": "email", "detail": "nope", "name": null},
    {"field": "cc", "code": "outside", "detail": "dee@x.example", "name": null},
    {"field": "cc", "code": "outside", "detail": "agent2@x.example", "name": null},
    {"field": "cc", "code": "outside", "detail": "only@shared.example", "name": null}]',
  'each with its reason; another account''s, nobody''s and an agent''s address alike');
select is((select last from app.ticket_counters where tenant_id = 9), 102::bigint, 'and nothing is made');
select is((select count(*)::int from app.idempotency_keys where tenant_id = 9 and key = 'share-004'), 0, 'nor is the key used');
select is(pg_temp.at('ten', 501, pg_temp.open('["bob@x.example", "agent@x.example", "chief@x.example"]', 'share-004')), '{"number" : 103}',
  'without them it is made: a main user, the administrator, and the staff named to the account');
select pg_temp.set_support('support_user');
update app.memberships set is_support = true where tenant_id = 9 and id = 3;
select is(pg_temp.at('ten', 509, 'select app.may_share(10)'), 'true', 'the chief may share');
select is(pg_temp.at('ten', 509, $$select app.share_ticket(102, '["cy@x.example"]')->'shared'$$), '[501,503]', 'who is appointed may join');
select is(pg_temp.at('ten', 501, $$select app.share_ticket(102, '["bob@x.example"]')$$), 'PT403 support-not-allowed', 'who may not use support shares nothing');
update app.memberships set is_support = false where tenant_id = 9 and id = 3;
delete from app.settings where tenant_id = 9;
delete from app.memberships where tenant_id = 9 and id = 93;
select format('select is(pg_temp.at(%L, 501, pg_temp.open(%L, %L)), %L, %L)', 'ten', v.cc, 'share-005', v.wants, v.says)
  from (values ('"cy@x.example"', 'PT422 tickets_cc.type', 'no list'), ('{}', 'PT422 tickets_cc.type', 'an object'),
    ((select json_agg('p' || i || '@x.example')::text from generate_series(1, 21) i), 'PT422 tickets_cc.too_many', 'twenty-one')) v(cc, wants, says) \gexec
select format('select is(pg_temp.refused(%L, 501, pg_temp.open(%L, %L))::jsonb->0->>%L, %L, %L)', 'ten', v.cc, 'share-005', 'code', 'email', v.says)
  from (values ('[7]', 'a number'), ('[null]', 'null'), ('[""]', 'nothing'), ('[["cy@x.example"]]', 'a list in the list'),
    ('["cy@x.example\r\nBcc: eve@x.example"]', 'a line break'), (format('["%s@x.example"]', repeat('a', 300)), 'one of 312 characters')) v(cc, says) \gexec
select ok(octet_length(pg_temp.refused('ten', 501, pg_temp.open((select json_agg(i || repeat(chr(1), 700))::text
  from generate_series(1, 20) i), 'share-005'))) < 16384, 'twenty of the worst fit into the answer');

-- ---- before support has it (A4) ---------------------------------------------------

insert into app.named_contacts (tenant_id, account_id, kind, person_id) values (9, 30, 'delivery', 507);
select is(pg_temp.refused('thirty', 505, pg_temp.open('["eve@x.example", "agent@x.example"]', 'share-020'))::jsonb,
  '[{"field": "cc", "code": "not_at_desk", "detail": "agent@x.example", "name": "Agent shared"}]', 'what is its partner''s first is not opened with staff');
select is(pg_temp.at('thirty', 505, 'select app.find_colleagues(null, null)->>''items'''), '[]', 'who is not offered');
select is(pg_temp.at('thirty', 505, pg_temp.open('["eve@x.example"]', 'share-020')), '{"number" : 104}', 'with a colleague it is');
select is(pg_temp.at('thirty', 505, 'select app.find_colleagues(''ag'', 104)->>''items'''), '[]', 'nor offered afterwards');
select is(pg_temp.refused('thirty', 505, $$select app.share_ticket(104, '["agent@x.example"]')$$)::jsonb->0->>'code', 'not_at_desk', 'nor added');
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at) values (9, 104, app.principal(507, 0), now());
select is(pg_temp.at('desk', 507, $$select app.add_comment(104, false, 'x', '<p>x</p>', 'share-021', null)$$), 'PT403', 'and if they were in it, they could not answer');
select is((select assignee_id from app.tickets where tenant_id = 9 and id = 104), null, 'or have it');
delete from app.ticket_access where tenant_id = 9 and ticket_id = 104 and principal = app.principal(507, 0);
select is(pg_temp.at('partner', 504, 'select app.escalate(104)->>''with'''), 'Shared', 'handed on');
select is(pg_temp.at('thirty', 505, $$select app.share_ticket(104, '["agent@x.example"]')->'shared'$$), '[505,506,507]', 'it takes staff too');

-- ---- afterwards ------------------------------------------------------------------

select is(pg_temp.at('sub', 503, $$select app.share_ticket(101, '["bob@x.example"]')->'shared'$$), '[501,502,503]', 'Cy, who was added, adds Bob');
select is(pg_temp.recipients(101, 'ticket.shared'), 'bob access', 'who gets a mail of that, and nobody else');
select is(pg_temp.recipients(101, 'ticket.replied') ~ 'bob access', false, 'and none of what was before');
select is(pg_temp.at('sub', 503, $$select app.share_ticket(101, '["bob@x.example"]')->'shared'$$), '[501,502,503]', 'twice is once');
select is((select count(*)::int from app.events where tenant_id = 9 and ticket_id = 101 and kind = 'ticket.shared'), 1, 'and one event');
select is(pg_temp.at('ten', 502, $$select app.share_ticket(102, '["bob@x.example"]')->'shared'$$), '[501,502,503]', 'a main user adds himself');
select is(pg_temp.recipients(102, 'ticket.shared'), null, 'without mail of his own act');
select is(pg_temp.at('desk', 507, $$select app.share_ticket(101, '["bob@x.example"]')$$), 'PT403', 'the desk adds nobody');
select is(pg_temp.at('thirty', 505, $$select app.share_ticket(101, '["eve@x.example"]')$$), 'PT404', 'nor does who can''t see it');
select is(pg_temp.at('thirty', 505, $$select app.unshare_ticket(101, 503)$$), 'PT404', 'or remove');
select is(pg_temp.at('ten', 501, $$select app.unshare_ticket(101, 501)$$), 'PT422 tickets_person.requester', 'who opened it stays');
select is(pg_temp.at('ten', 501, $$select app.unshare_ticket(101, 503)->'shared'$$), '[501,502]', 'Cy is taken out');
select is(pg_temp.sees('sub', 503, 101), '0', 'and sees it no more');
select is(pg_temp.at('sub', 503, $$select app.add_comment(101, false, 'x', '<p>x</p>', 'share-006', null)$$), 'PT404', 'nor answers');
select is(pg_temp.at('ten', 501, $$select app.unshare_ticket(101, 503)->'shared'$$), '[501,502]', 'twice is once');
insert into app.people (tenant_id, id, email, name) select 9, 700 + i, 'crowd' || i || '@x.example', 'Crowd ' || i from generate_series(1, 19) i;
begin;
select auth.set_context(9, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.memberships (tenant_id, id, person_id, role, account_id) select 9, 700 + i, 700 + i, 'member', 10 from generate_series(1, 19) i;
commit;
select is(pg_temp.at('ten', 501, format('select json_array_length(app.share_ticket(101, %L)->''shared'')',
  (select json_agg('crowd' || i || '@x.example') from generate_series(1, 19) i))), '21', 'twenty may join');
select is(pg_temp.at('ten', 501, $$select app.share_ticket(101, '["cy@x.example"]')$$), 'PT422 tickets_cc.too_many', 'and not one more');

-- ---- looking for them ------------------------------------------------------------

select is(pg_temp.at('ten', 501, $$select string_agg(i->>'name', ', ') from json_array_elements(app.find_colleagues('b', null)->'items') i$$),
  'Bob shared', 'colleagues by the beginning of their name');
select is(pg_temp.at('ten', 501, $$select string_agg((i->>'name') || ' ' || (i->>'kind'), ', ') from json_array_elements(app.find_colleagues(null, null)->'items') i$$),
  'Agent shared delivery', 'without a question: the staff named to the account');
select is(pg_temp.at('ten', 501, $$select json_array_length(app.find_colleagues('crowd', null)->'items')$$), '8', 'eight at most');
select is(pg_temp.at('ten', 501, $$select json_array_length(app.find_colleagues(v, null)->'items') from (values ('dee')) x(v)$$), '0', 'another account''s are not found');
select is(pg_temp.at('thirty', 505, $$select app.find_colleagues('b', 101)$$), 'PT403', 'nor by a ticket one does not see');
select is(pg_temp.at('desk', 507, $$select app.find_colleagues('b', null)$$), 'PT403', 'the desk looks for nobody');
select is(pg_temp.at('partner', 504, $$select app.find_colleagues('d', 71)$$), 'PT403', 'nor does a partner among its accounts'' people');

-- ---- P5: access goes with the membership -----------------------------------------

create function pg_temp.as_superuser(statement text) returns void language plpgsql as $$
begin
  perform auth.set_context(9, null, null, null, null, 0::smallint, '{}', false);
  execute statement;
end $$;
select is(pg_temp.sees('ten', 502, 103), '1', 'Bob, a main user, sees all of the account''s');
select pg_temp.as_superuser($$update app.memberships set role = 'member' where tenant_id = 9 and id = 2$$);
select is(pg_temp.sees('ten', 502, 103), '1', 'as a member what he was added to');
select is((select count(*)::int from app.tickets where tenant_id = 9 and account_id = 10), 3 + (select count(*)::int from app.tickets
  where tenant_id = 9 and account_id = 10 and id < 101), 'of them');
select is(pg_temp.at('ten', 502, 'select count(*) from app.tickets where id > 100'), '3', '101 and 102 and 103 are shared with him');
select pg_temp.as_superuser($$update app.memberships set account_id = 30 where tenant_id = 9 and id = 2$$);
select is(pg_temp.at('ten', 502, 'select 1'), 'PT401', 'moved to another account he is out of this one''s portal');
select is(pg_temp.at('thirty', 502, 'select count(*) from app.tickets where account_id = 10'), '0', 'and has nothing of it at the other');
select is(pg_temp.at('thirty', 502, $$select app.add_comment(103, false, 'x', '<p>x</p>', 'share-007', null)$$), 'PT404', 'no answer either');
select is((select count(*)::int from app.ticket_access where tenant_id = 9 and principal = app.principal(502, 0)), 0, 'no row is left');
select pg_temp.as_superuser($$delete from app.memberships where tenant_id = 9 and person_id = 501$$);
select is(pg_temp.sees('ten', 501, 101), 'PT401', 'Ada''s membership ended: nothing');
select is((select count(*)::int from app.ticket_access where tenant_id = 9 and principal = app.principal(501, 0)), 0, 'not what she opened either');
select is(pg_temp.at('desk', 507, 'select count(*) from app.tickets where id in (101, 102)'), '2', 'the desk keeps it');
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at) select 9, 101, app.principal(p, 0), now() from (values (503), (509)) v (p);
select pg_temp.as_superuser($$insert into app.memberships (tenant_id, person_id, role, account_id) values (9, 501, 'member', 10)$$);
select is(pg_temp.sees('ten', 501, 101), '1', 'when she is back, hers are');
select is(pg_temp.sees('ten', 501, 103), '1', 'all of them');
select is(pg_temp.at('ten', 509, $$select app.mention(101, app.add_comment(101, false, 'Hi @Ada shared', '<p>Hi @Ada shared</p>', 'share-030', null), '[501]')->>'comment' is not null$$), 'true',
  'one more than may join: who mentions those that are there is not refused for it');
select pg_temp.as_superuser($$delete from app.memberships where tenant_id = 9 and person_id = 507$$);
select is((select count(*)::int from app.ticket_access where tenant_id = 9 and principal = app.principal(507, 0)), 0, 'whoever leaves the staff leaves the tickets');
select * from finish();
