-- The rules of the business, told as what people do. Each step is a
-- transaction of its own, as a real role through the door. In the tenant 5,
-- made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (5, 'story', 'Story');
select fixture.fill(5, 'story') \g /dev/null
select * from no_plan();

set story.tenant = 5;
set story.slug = 'story';
\ir lib/story.sql

-- ---- a ticket at an account that stands alone ------------------------------------

select is(pg_temp.at('ten', 501, $$select app.open_ticket('Printer', '**hi**', '<p><strong>hi</strong></p>', 'key-00001')$$),
  '{"number" : 101}', 'Ada opens a ticket: the next number of her tenant');
select is(pg_temp.at('ten', 501, $$select app.open_ticket('Printer', '**hi**', '<p><strong>hi</strong></p>', 'key-00001')$$),
  '{"number" : 101}', 'the same key again: the same answer');
select is((select count(*)::int from app.tickets where tenant_id = 5 and title = 'Printer'), 1, 'and one ticket');
select is((select count(*)::int from app.events where tenant_id = 5 and kind = 'ticket.opened' and ticket_id = 101), 1, 'one event');
select is((select count(*)::int from app.event_queue q join app.events e on e.tenant_id = 5 and e.id = q.event_id
  where q.tenant_id = 5 and e.ticket_id = 101), 1, 'which waits');
select is(pg_temp.at('ten', 501, $$select app.open_ticket('Scanner', '**hi**', '<p><strong>hi</strong></p>', 'key-00001')$$),
  'PT409 idempotency-key-reused', 'the key with another title is a mistake');
select is(pg_temp.at('ten', 502, $$select app.open_ticket('Toner', 'x', '<p>x</p>', 'key-00001')$$),
  '{"number" : 102}', 'but it is Ada''s key: Bob''s is another');
select is(pg_temp.at('ten', 501, $$select app.open_ticket('', 'x', '<p>x</p>', 'key-00002')$$),
  '23514 tickets_title_check', 'an empty title');
select is(pg_temp.at('ten', 501, $$select app.open_ticket(E'a\nb', 'x', '<p>x</p>', 'key-00002')$$),
  '23514 tickets_title_check', 'a title of two lines');
select is(pg_temp.at('ten', 501, $$select app.open_ticket('a', E' \n\t', '<p>x</p>', 'key-00002')$$),
  '23514 comments_body_check', 'a description of blanks');
select is(pg_temp.at('ten', 501, $$select app.open_ticket('a', repeat('è', 32769), '<p>x</p>', 'key-00002')$$),
  '23514 comments_body_check', 'one of more than 65,536 bytes');
select is(pg_temp.at('ten', 501, $$select app.open_ticket('a', 'x', '<p>x</p>', 'short')$$),
  '23514 idempotency_keys_key_check', 'a key that is too short');
select is(pg_temp.at('ten', 501, $$select app.open_ticket('印刷できません', repeat('字', 6667), '<p>x</p>', 'key-00002')$$),
  '{"number" : 103}', 'Japanese, 20 kB: and what failed took no number');
select is((select last from app.ticket_counters where tenant_id = 1) || ' ' || (select last from app.ticket_counters where tenant_id = 2),
  '100 100', 'other tenants count for themselves');
select matches(pg_temp.at('desk', 507, $$select app.open_ticket('a', 'x', '<p>x</p>', 'key-00003')$$),
  '^PT4', 'nobody opens tickets at the desk');

select is(pg_temp.sees('ten', 501, 101), '1', 'Ada sees it');
select is(pg_temp.sees('sub', 501, 101), '1', 'at the sub-portal too');
select is(pg_temp.sees('ten', 502, 101), '1', 'Bob, main user of her account, sees it');
select is(pg_temp.sees('ten', 509, 101), '1', 'so does the account''s administrator');
select is(pg_temp.sees('sub', 503, 101), '0', 'Cy, a member as she is, does not');
select is(pg_temp.sees('thirty', 505, 101), '0', 'Dee of another account does not');
select is(pg_temp.sees('thirty', 506, 101), '0', 'nor that account''s main user');
select is(pg_temp.sees('partner', 504, 101), '0', 'nor a partner who does not look after it');
select is(pg_temp.sees('desk', 507, 101), '1', 'the agent sees it');
select is(pg_temp.sees('desk', 508, 101), '1', 'and the tenant''s administrator');
select is(pg_temp.sees('ten', 507, 101), 'PT401', 'who has no session at her portal');

-- ---- the conversation ----------------------------------------------------------

-- Some time passes; comments in the transaction of the ticket are its own.
select is(pg_temp.at('desk', 507, $$select app.add_comment(101, true, 'It is the toner', '<p>It is the toner</p>', 'key-00004', null)::json
  #>> '{comment,internal}'$$), 'true', 'the agent notes something');
select is((select updated_at = created_at and desk_updated_at > created_at from app.tickets where tenant_id = 5 and id = 101),
  true, 'which moves the desk''s date and not the customers''');
select is((select bool_and(a.updated_at = t.updated_at) from app.tickets t join app.ticket_access a
  on a.tenant_id = t.tenant_id and a.ticket_id = t.id where t.tenant_id = 5 and t.id = 101), true, 'nor that of their lists');
select is((select status from app.tickets where tenant_id = 5 and id = 101), 1::smallint, 'nor the status');
select is(pg_temp.at('ten', 501, 'select count(*) from app.comments where ticket_id = 101 and is_internal'), '0', 'a note is not for 501');
select is(pg_temp.at('ten', 502, 'select count(*) from app.comments where ticket_id = 101 and is_internal'), '0', 'a note is not for 502');
select is(pg_temp.at('ten', 509, 'select count(*) from app.comments where ticket_id = 101 and is_internal'), '0', 'a note is not for 509');
select is(pg_temp.at('ten', 501, 'select string_agg(html, '''') from app.comments where ticket_id = 101'),
  '<p><strong>hi</strong></p>', 'Ada''s conversation is hers alone so far');
select is(pg_temp.at('desk', 508, 'select count(*) from app.comments where ticket_id = 101 and is_internal'), '1', 'it is for the desk');
select is(pg_temp.at('ten', 501, $$select app.add_comment(101, true, 'x', '<p>x</p>', 'key-00005', null)$$), '42501', 'Ada writes no notes');

select is(pg_temp.at('desk', 507, $$select app.add_comment(101, false, 'Which toner?', '<p>Which toner?</p>', 'key-00006', 'blocked')::json
  #>> '{people,507,side}'$$), 'support', 'the agent asks, and waits for the customer');
select is(pg_temp.at('ten', 501, 'select app.status_name(status) from app.tickets where id = 101'), 'blocked', 'Ada sees so');
select is((select bool_and(a.updated_at = t.updated_at) and bool_and(t.updated_at > t.created_at) from app.tickets t
  join app.ticket_access a on a.tenant_id = t.tenant_id and a.ticket_id = t.id where t.tenant_id = 5 and t.id = 101),
  true, 'it is the newest in the lists');
select is(pg_temp.at('ten', 501, $$select app.add_comment(101, false, 'Black', '<p>Black</p>', 'key-00007', null)::json #>> '{people,501,side}'$$),
  'customer', 'Ada answers');
select is(pg_temp.at('ten', 501, 'select app.status_name(status) from app.tickets where id = 101'), 'in_progress', 'and it is in progress again');
select is(pg_temp.at('ten', 501, $$select (app.add_comment(101, false, 'Black', '<p>Black</p>', 'key-00007', null)::json #>> '{comment,id}')::bigint
    = (select max(id) from app.comments where ticket_id = 101)$$), 'true', 'her answer sent twice is one answer');
select is(pg_temp.at('ten', 501, $$select app.add_comment(101, false, 'White', '<p>White</p>', 'key-00007', null)$$),
  'PT409 idempotency-key-reused', 'with other words it is a mistake');
select is(pg_temp.at('ten', 502, 'select count(*) from app.comments where ticket_id = 101'), '3', 'Bob reads the three public ones');
select is(pg_temp.at('ten', 501, $$select app.add_comment(101, false, 'x', '<p>x</p>', 'key-00008', 'solved')$$), 'PT403', 'Ada sets no status');
select is((select count(*)::int from app.comments where tenant_id = 5 and ticket_id = 101 and source = 'x'), 0, 'nor is half of it kept');
select is(pg_temp.at('ten', 501, $$select app.change_ticket(101, '{"priority": "urgent"}')$$), 'PT404', 'nor a priority');
select is(pg_temp.at('thirty', 505, $$select app.add_comment(101, false, 'x', '<p>x</p>', 'key-00009', null)$$), 'PT404', 'Dee can''t answer what she can''t see');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(101, '{"assignee": "me", "priority": "high"}')$$), '', 'the agent takes it');
select is(pg_temp.at('desk', 508, $$select assignee_id || ' ' || app.priority_name(priority) || ' ' || app.status_name(status) from app.tickets where id = 101$$),
  '507 high in_progress', 'with a priority and no other status');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(101, '{"assignee": 501}')$$), 'PT422 tickets_assignee_check', 'customers are assigned nothing');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(101, '{"status": "lost"}')$$), 'PT422 tickets_status_check', 'no such status');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(101, '{"assignee": null}')$$), '', 'gives it back');
select is(pg_temp.at('desk', 508, 'select assignee_id is null and priority = 3 from app.tickets where id = 101'), 'true', 'the priority stays');
select is(pg_temp.at('desk', 507, $$select app.add_comment(101, false, 'Sent', '<p>Sent</p>', 'key-00010', 'solved')::json #>> '{comment,internal}'$$), 'false', 'solved');
select is(pg_temp.at('ten', 501, $$select app.add_comment(101, false, 'No', '<p>No</p>', 'key-00011', null)::json #>> '{comment,internal}'$$), 'false', 'not quite');
select is(pg_temp.at('ten', 501, 'select app.status_group(status) from app.tickets where id = 101'), 'open', 'an answer opens it again');
select is((select array_agg(data->'status' order by id) from app.events where tenant_id = 5 and ticket_id = 101 and kind = 'ticket.changed' and data ? 'status'),
  array['["new", "in_progress"]', '["in_progress", "blocked"]', '["blocked", "in_progress"]', '["in_progress", "solved"]', '["solved", "in_progress"]']::jsonb[],
  'the record has each change of status');

-- ---- A4: partner first ---------------------------------------------------------

select is(pg_temp.at('thirty', 505, $$select app.open_ticket('Phone', 'x', '<p>x</p>', 'key-00001')$$), '{"number" : 104}', 'Dee reports to her partner');
select is(pg_temp.sees('partner', 504, 104), '1', 'the partner sees it');
select is(pg_temp.sees('thirty', 506, 104), '1', 'her main user too');
select is(pg_temp.sees('desk', 507, 104), '0', 'the desk does not');
select is(pg_temp.at('desk', 507, 'select count(*) from app.comments where ticket_id = 104'), '0', 'nor a word of it');
select is(pg_temp.at('desk', 507, $$select app.add_comment(104, true, 'x', '<p>x</p>', 'key-00012', null)$$), 'PT404', 'nor may it answer');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(104, '{"status": "closed"}')$$), 'PT404', 'or close it');
select is(pg_temp.at('partner', 504, $$select app.add_comment(104, false, 'Hello', '<p>Hello</p>', 'key-00013', null)::json #>> '{people,504,side}'$$),
  'support', 'the partner answers, for the customer as support');
begin;
select auth.set_context(5, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tickets set at_desk = true where tenant_id = 5 and id = 104;
commit;
select is(pg_temp.sees('desk', 507, 104), '1', 'once it is escalated the desk sees it');
select is(pg_temp.at('desk', 507, 'select count(*) from app.comments where ticket_id = 104'), '2', 'and all that was said');

-- ---- T1: which door is whose ---------------------------------------------------

create temp table entered (who text);
do $$
declare
  p text;
  i int;
begin
  foreach p in array array['desk', 'ten', 'sub', 'partner', 'thirty'] loop
    foreach i in array array[501, 503, 504, 505, 507, 508] loop
      if pg_temp.at(p, i, 'select 1') = '1' then insert into entered values (i || ' ' || p); end if;
      commit;
    end loop;
  end loop;
end $$;
select is(array(select who from entered order by 1),
  array['501 sub', '501 ten', '503 sub', '504 partner', '505 thirty', '507 desk', '508 desk'], 'who may enter where');

create function pg_temp.sign_in(host text, address text, key text) returns text language sql as $$
  select pg_temp.as_role('sportello_login', format('select auth.enter(%L, null, 0::smallint, true)', host),
    format('select auth.sign_in(%L, %s, sha256(%L))::jsonb - ''mark''', address, key, clock_timestamp()::text)) $$;
select is(pg_temp.sign_in('ten.story.test', 'ada@x.example', $$sha256('5:501')$$), '{"rank": 1, "seconds": 1209600}', 'a customer, for 14 days');
select is(pg_temp.sign_in('ten.story.test', 'Ada@X.Example', $$sha256('5:501')$$), '{"rank": 1, "seconds": 1209600}', 'in capitals too');
select is(pg_temp.sign_in('desk.story.test', 'agent@x.example', $$sha256('5:507')$$), '{"rank": 2, "seconds": 43200}', 'an agent, for 12 hours');
select is(pg_temp.sign_in('ten.story.test', 'ada@x.example', $$sha256('5:502')$$), null, 'a wrong password');
select is(pg_temp.sign_in('ten.story.test', 'who@x.example', $$sha256('5:501')$$), null, 'an unknown address');
select is(pg_temp.sign_in('ten.story.test', 'nobody@x.example', $$sha256('5:510')$$), null, 'no password at all');
select is(pg_temp.sign_in('thirty.story.test', 'ada@x.example', $$sha256('5:501')$$), null, 'another account''s portal');
select is(pg_temp.sign_in('desk.story.test', 'ada@x.example', $$sha256('5:501')$$), null, 'the desk');
select is(pg_temp.sign_in('ten.story.test', 'agent@x.example', $$sha256('5:507')$$), null, 'an agent at a portal');
select is(pg_temp.sign_in('ten.north.test', 'ada@x.example', $$sha256('5:501')$$), null, 'another tenant, the same address');
select is(pg_temp.sign_in('ten.west.test', 'ada@x.example', $$sha256('5:501')$$), 'PT404', 'an unknown host');
select is((select count(*)::int from app.sessions where tenant_id = 5 and created_at > now() - interval '1 minute' and id > 2000), 3, 'three sessions came of it');
select is((select count(*)::int from app.events where tenant_id = 5 and kind = 'session.opened' and id > 3), 3, 'and three events');

-- Wrong passwords from everywhere shut nobody out of a browser that they know.
create function pg_temp.sign_in_with(mark text, key text, address text default 'ada@x.example', host text default 'ten.story.test') returns text language sql as $$
  select pg_temp.as_role('sportello_login', format('select auth.enter(%L, null, 0::smallint, true)', host),
    format('select concat_ws('' '', j->>''rank'', j->>''wait'') from (select auth.sign_in(%L, %s, sha256(%L), null, ''192.0.2.9'', null, %L) as j) x', address, key, clock_timestamp()::text, mark)) $$;
select pg_temp.as_role('sportello_login', 'select auth.enter(''ten.story.test'', null, 0::smallint, true)',
  $$select auth.sign_in('ada@x.example', sha256('5:501'), sha256('marked'))->>'mark'$$) as mark \gset
select is(:'mark' ~ '^[0-9a-f]{32}-[A-Za-z0-9_-]{43}$', true, 'signing in leaves a mark');
select count(auth.take('sign-in', k, n, per)) from (values ('5|ada@x.example', 60, interval '1 hour'), ('5|bob@x.example', 60, '1 hour'), ('192.0.2.9', 60, '15 minutes')) v (k, n, per), generate_series(1, 61) \g /dev/null
select is(pg_temp.sign_in_with(null, $$sha256('5:501')$$), '60', 'too many were wrong: who has none waits');
select is(pg_temp.sign_in_with(:'mark', $$sha256('5:501')$$), '1', 'who has it does not');
select format('select is(pg_temp.sign_in_with(%L, %L, %L), %L, %L)', v.mark, v.key, v.address, '60', v.what) from (values
  (:'mark', $$sha256('5:502')$$, 'bob@x.example', 'it is nothing to another person'),
  (:'mark', $$sha256('5:501')$$, 'who@x.example', 'or to nobody'),
  (overlay(:'mark' placing 'f' || chr(97 + (:'mark' ~ '^.a')::int) from 1 for 2), $$sha256('5:501')$$, 'ada@x.example', 'another word'),
  (left(:'mark', 75) || '!', $$sha256('5:501')$$, 'ada@x.example', 'no mark'), ('', $$sha256('5:501')$$, 'ada@x.example', 'an empty one')) v (mark, key, address, what) \gexec
select is(pg_temp.sign_in_with(:'mark', $$sha256('5:501')$$, 'ada@x.example', 'ten.north.test'), '60', 'or to another tenant');
select format('select is(pg_temp.sign_in_with(%L, %L), %L, %L)', :'mark', $$sha256('x')$$, '', 'wrong with it') from generate_series(1, 10) \gexec
select is(pg_temp.sign_in_with(:'mark', $$sha256('5:501')$$), '60', 'ten times is enough there too');
delete from auth.buckets;
select count(auth.take('sign-in', '5|ada@x.example', 60, '1 hour')) from generate_series(1, 61) \g /dev/null
update app.credentials set set_at = now() + interval '1 second' where tenant_id = 5 and person_id = 501;
select is(pg_temp.sign_in_with(:'mark', $$sha256('5:501')$$), '60', 'another password, and it says nothing any more');
delete from auth.buckets;

create function pg_temp.salt(host text, address text) returns json language sql as $$
  select pg_temp.as_role('sportello_login', null, format('select auth.password_salt(%L, %L)', host, address))::json $$;
select is(pg_temp.salt('ten.story.test', 'ada@x.example')->>'salt', encode(substr(sha256('salt5501'), 1, 16), 'hex'), 'the salt of a known address');
select is(pg_temp.salt('ten.story.test', 'who@x.example')::text, pg_temp.salt('ten.story.test', 'Who@X.example')::text, 'an unknown one has always the same');
select isnt(pg_temp.salt('ten.story.test', 'who@x.example')->>'salt', pg_temp.salt('ten.story.test', 'why@x.example')->>'salt', 'and not everyone''s');
select isnt(pg_temp.salt('ten.story.test', 'who@x.example')->>'salt', pg_temp.salt('ten.north.test', 'who@x.example')->>'salt', 'nor another tenant''s');
select is(array(select json_object_keys(pg_temp.salt('ten.story.test', 'who@x.example'))),
  array(select json_object_keys(pg_temp.salt('ten.story.test', 'ada@x.example'))), 'and looks the same');
select is(octet_length(decode(pg_temp.salt('ten.story.test', 'who@x.example')->>'salt', 'hex')), 16, '16 bytes of it');
select is(pg_temp.as_role('sportello_login', null, $$select auth.password_salt('ten.west.test', 'ada@x.example')$$), 'PT404', 'no portal, no salt');

select is(pg_temp.at('ten', 502, 'select auth.sign_out()'), '', 'Bob signs out');
select is(pg_temp.at('ten', 502, 'select 1'), 'PT401', 'and is out');
select is(pg_temp.at('ten', 501, 'select 1'), '1', 'Ada is not');

-- ---- standing ------------------------------------------------------------------

begin;
select auth.set_context(5, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (5, 90, 510, 'member', 10);
select is((select rank || ' ' || principals::text || ' ' || doors::text from app.people where tenant_id = 5 and id = 510),
  '1 {2040,41} {20}', 'a membership gives rank, principals and doors');
delete from app.memberships where tenant_id = 5 and id = 90;
select is((select rank || ' ' || principals::text || ' ' || doors::text from app.people where tenant_id = 5 and id = 510),
  '0 {2040} {}', 'and takes them away');
delete from app.memberships where tenant_id = 5 and id = 5;
commit;
select is(pg_temp.at('thirty', 505, 'select 1'), 'PT401', 'who has lost the last one is out at once');

-- ---- M1: who is written to -----------------------------------------------------

create function pg_temp.of(what text, number int, nth int default 1) returns bigint language sql as $$
  select id from app.events where tenant_id = 5 and kind = what and ticket_id = number order by id offset nth - 1 limit 1 $$;
create function pg_temp.written(event bigint) returns text language sql as $$
  select pg_temp.job(format($q$select string_agg(split_part(email, '@', 1) || ' ' || reason, ', ' order by email) from jobs.ticket_recipients(%s)$q$, event)) $$;
select is((select assignee_id from app.tickets where tenant_id = 5 and id = 101), 507::bigint, 'whoever of the desk answers first has it');
begin;
select auth.set_context(5, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tickets set assignee_id = null where tenant_id = 5 and id = 101;
commit;
select is(pg_temp.written(pg_temp.of('ticket.opened', 101)),
  'admin desk, agent desk, contact support_contact, only desk', 'a new ticket: contacts and the desk, not its author');
select is(pg_temp.written(pg_temp.of('ticket.replied', 101)), 'ada requester, contact support_contact', 'the agent''s reply: its requester and contacts');
select is(pg_temp.written(pg_temp.of('ticket.replied', 101, 2)), 'admin desk, agent desk, contact support_contact, only desk', 'hers: the desk');
select is(pg_temp.written(pg_temp.of('ticket.noted', 101)), null, 'a note: nobody');
select is(pg_temp.written(pg_temp.of('ticket.changed', 101)), null, 'a change of status: nobody yet');
begin;
select auth.set_context(5, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tickets set assignee_id = 507 where tenant_id = 5 and id = 101;
insert into app.support_contacts (tenant_id, account_id, email, person_id) values (5, 10, 'ada@x.example', 501);
commit;
select is(pg_temp.written(pg_temp.of('ticket.replied', 101, 2)), 'agent desk, contact support_contact', 'when somebody has it, they alone of the desk; a contact who wrote it is not written to');
select is(pg_temp.written(pg_temp.of('ticket.replied', 101)), 'ada support_contact, contact support_contact', 'and nobody twice');
-- Pam wrote it herself; Dee has lost her membership.
select is(pg_temp.written(pg_temp.of('ticket.replied', 104)), 'admin desk, agent desk, only desk', 'the desk once a ticket is there, nobody who is gone');

-- ---- the queues ----------------------------------------------------------------

delete from app.event_queue where tenant_id <> 5;
delete from app.deliveries;
-- The planner thinks the queue is one row: then it may run a subquery again
-- for each row, and one turn would take everything.
create temp table waiting as table app.event_queue;
delete from app.event_queue where (tenant_id, event_id) not in (select tenant_id, event_id from waiting limit 1);
analyze app.event_queue;
insert into app.event_queue select * from waiting on conflict do nothing;
select cmp_ok((select count(*) from waiting), '>', 10::bigint, 'events wait');
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.fan_out()->>''event'''), (select min(event_id)::text from waiting), 'the oldest goes first');
select is((select count(*) from app.event_queue), (select count(*) - 1 from waiting), 'and alone');
do $$
begin
  for i in 1..100 loop
    perform pg_temp.as_role('sportello_jobs', null, 'select jobs.fan_out()');
    commit;
  end loop;
end $$;
select is((select count(*)::int from app.event_queue), 0, 'until none waits');
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.fan_out()'), null, 'then there is none');
select is((select count(*) from app.deliveries), (select count(distinct (event_id, email)) from app.deliveries), 'one delivery an event and address');
select cmp_ok((select count(*) from app.deliveries), '>', 10::bigint, 'and there are some');
select is((select count(*)::int from app.deliveries d join app.events e on e.tenant_id = d.tenant_id and e.id = d.event_id
    left join app.comments c on c.tenant_id = e.tenant_id and c.ticket_id = e.ticket_id and c.id = e.comment_id
    join app.people p on p.tenant_id = d.tenant_id and p.id = c.author_id where p.email = d.email or c.is_internal), 0, 'none to an author, none of a note');
begin;
insert into app.event_queue select 5, pg_temp.of('ticket.opened', 101);
select count(*) as before from app.deliveries \gset
commit;
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.fan_out()->>''deliveries'''), '0', 'an event that comes again makes none');
select is((select count(*)::int from app.deliveries), :before, 'really');

update app.deliveries set next_try_at = now() + interval '1 hour' where id <> (select id from app.deliveries
  where email = 'ada@x.example' and event_id = pg_temp.of('ticket.replied', 101));
delete from app.deliveries where next_try_at > now() and id not in (select id from app.deliveries where next_try_at > now() limit 1);
analyze app.deliveries;
select id as due from app.deliveries where next_try_at <= now() \gset
select is(pg_temp.as_role('sportello_jobs', null, $$select jobs.take_delivery('1 hour')$$), :'due', 'the one that is due is taken');
select is((select attempts from app.deliveries where id = :due), 1::smallint, 'which is an attempt');
select is(pg_temp.as_role('sportello_jobs', null, $$select jobs.take_delivery('1 hour')$$), null, 'and not taken again');
update app.deliveries set next_try_at = now() where id = :due;
select is(pg_temp.as_role('sportello_jobs', null, $$select jobs.take_delivery('1 hour')$$), :'due', 'until its lease is over');
select is(pg_temp.job(format($$select jobs.finish(%s, 2::smallint, '250 ok', null, true)$$, :due)), '', 'it is sent');
update app.deliveries set next_try_at = now() where id = :due;
select is(pg_temp.as_role('sportello_jobs', null, $$select jobs.take_delivery('1 hour')$$), null, 'and done');
select is((select state || ' ' || attempts || ' ' || answer || ' ' || (sent_at is not null) from app.deliveries where id = :due), '2 2 250 ok true', 'as the record says');
select is(pg_temp.as_role('sportello_jobs', null, format($$select jobs.finish_mail(1, %s, 1::smallint, '', null, true)$$, :due)), '', 'another tenant''s number');
select is((select state from app.deliveries where id = :due), 2::smallint, 'changes nothing');

-- A mail, and one to somebody who may not see the ticket any more.
update app.deliveries set state = 1, attempts = 0, next_try_at = now(), reason = 'requester', person_id = 501 where id = :due;
select is(m.mail->>'to' || ' ' || (m.mail#>>'{ticket,number}') || ' ' || (m.mail#>>'{portal,url}') || ' ' || (m.mail#>>'{ticket,url}'),
  'ada@x.example 101 https://ten.story.test:8443 https://ten.story.test:8443/t/101', 'a mail has what its templates want')
from (select pg_temp.as_role('sportello_jobs', null, $$select jobs.take_mail('1 hour', 'https', ':8443')$$)::json as mail) m;
update app.deliveries set next_try_at = now() where id = :due;
delete from app.ticket_access where tenant_id = 5 and ticket_id = 101 and principal = 501 * 4;
select is((pg_temp.as_role('sportello_jobs', null, $$select jobs.take_mail('1 hour', 'https', '')$$)::json)->>'skipped', :'due', 'who lost access is not written to');
select is((select state from app.deliveries where id = :due), 4::smallint, 'for good');

select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.sweep()'),
  (select count(*)::text from (select from app.sessions where expires_at < now()
    union all select from app.listeners where expires_at < now()
    union all select from app.drafts where updated_at < now() - interval '30 days'
    union all select from app.seen where seen_at < now() - interval '30 days'
    union all select from app.deliveries where state > 1 and next_try_at < now() - interval '90 days'
    union all select from app.rule_runs where created_at < now() - interval '90 days'
    union all select from app.imports where at < now() - interval '1 day'
    union all select from app.import_rows r join app.imports i on i.tenant_id = r.tenant_id where i.at < now() - interval '1 day'
    union all select from app.kb_searches where day < current_date - 90
    union all select from app.idempotency_keys where created_at < now() - interval '24 hours') x), 'sweeping takes what has had its time');
select is((select count(*)::int from app.sessions where expires_at < now())
  + (select count(*)::int from app.idempotency_keys where created_at < now() - interval '24 hours'), 0, 'all of it');
select is((select count(*)::int from app.idempotency_keys where tenant_id = 1), 1, 'and no more');

-- ---- the door in C and the question it answers ---------------------------------

-- Every host with every token, some of no session: what auth.enter() sets is
-- what auth.lookup() finds.
create temp table door_differs (host text, token bytea);
create temp table door_asked (n int);
do $$
declare
  h text;
  t bytea;
  found record;
  n int := 0;
begin
  foreach h in array array(select host from app.hosts where tenant_id in (1, 2, 5)) loop
    foreach t in array array(select convert_to(s.tenant_id || '/' || who, 'UTF8')
        from (values (1), (2), (5)) s (tenant_id), (values ('501'), ('502'), ('503'), ('504'), ('505'), ('507'), ('508'), ('old'), ('support'), ('nobody')) w (who)) loop
      perform auth.enter(h, t, 0::smallint, false);
      select * into found from auth.lookup(h, t);
      if (auth.tenant_id(), auth.portal_id(), auth.account_id(), auth.person_id(), auth.session_id(), auth.grant_id(), auth.rank(), auth.principals())
        is distinct from (found.tenant_id, found.portal_id, found.account_id, found.person_id, found.session_id, found.grant_id, found.rank, found.principals) then
        rollback;
        insert into door_differs values (h, t);
      end if;
      commit;
      n := n + 1;
    end loop;
  end loop;
  insert into door_asked values (n);
end $$;
select is((select count(*)::int from door_differs), 0, 'auth.enter() and auth.lookup() agree');
select ok((select n > 300 from door_asked), 'on hundreds of hosts and tokens');

-- ---- what hangs on a ticket ------------------------------------------------------

-- app.sees(), which the policies of comments ask, says what the policy of
-- tickets says: for everybody, at every portal, of every ticket.
create temp table sees_differs (who text, ticket bigint);
create temp table sees_asked (n int, yes int);
do $$
declare
  p text;
  i int;
  n int := 0;
  yes int := 0;
  r record;
begin
  create temp table numbers as select id from app.tickets where tenant_id = 5 union select 999999;
  grant select on numbers to public;
  foreach p in array array['desk', 'ten', 'sub', 'partner', 'thirty'] loop
    for i in 501..508 loop
      perform auth.enter(p || '.story.test', convert_to('5/' || i, 'UTF8'), 0::smallint, false);
      set local role sportello_api;
      for r in execute 'select k.id, app.sees(k.id) as one, exists (select from app.tickets t
          where t.tenant_id = auth.tenant_id() and t.id = k.id) as other from pg_temp.numbers k' loop
        n := n + 1;
        yes := yes + r.one::int;
        if r.one <> r.other then
          reset role;
          insert into sees_differs values (i || ' ' || p, r.id);
          set local role sportello_api;
        end if;
      end loop;
      reset role;
      commit;
    end loop;
  end loop;
  insert into sees_asked values (n, yes);
end $$;
select is((select count(*)::int from sees_differs), 0, 'app.sees() and the policy of tickets agree');
select ok((select n > 100 and yes > 20 and yes < n from sees_asked), 'on yes and no');

-- ---- an agent who is a customer too ----------------------------------------------

begin;
select auth.set_context(5, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (5, 91, 507, 'member', 10);
commit;
select is(pg_temp.at('ten', 507, 'select auth.rank() || auth.is_agent()::text'), '1false', 'at a customer''s portal nobody is an agent');
select is(pg_temp.at('ten', 507, 'select count(*) from app.tickets'), '0', 'nor sees the desk''s tickets there');
select is(pg_temp.at('desk', 507, 'select auth.rank() || auth.is_agent()::text'), '2true', 'at the desk they are');
select is(auth.may_enter(1::smallint, array[20::bigint], 10, 7), true, 'an account''s door opens its portals');
select is(auth.may_enter(1::smallint, array[21::bigint], 10, 7), false, 'the door of a portal with the same id does not');
select is(auth.may_enter(1::smallint, array[21::bigint], 30, 10), true, 'it opens that portal');

-- ---- dates only go forward -------------------------------------------------------

begin;
select auth.set_context(5, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
alter table app.tickets disable trigger user;
update app.tickets set updated_at = now() + interval '1 hour', desk_updated_at = now() + interval '1 hour', changed_by = 501, desk_changed_by = 501 where tenant_id = 5 and id = 101;
alter table app.tickets enable trigger user;
commit;
select is(left(pg_temp.at('desk', 507, $$select app.add_comment(101, false, 'Later', '<p>Later</p>', 'key-00077', null)$$), 11), '{"comment" ', 'a reply that was begun earlier');
select ok((select updated_at > now() + interval '50 minutes' and desk_updated_at >= updated_at from app.tickets where tenant_id = 5 and id = 101), 'takes no date back');
select is((select changed_by || ' ' || desk_changed_by from app.tickets where tenant_id = 5 and id = 101), '507 507', 'V1: and is unread by who wrote meanwhile');

select * from finish();
