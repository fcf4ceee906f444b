-- Accounts and their support contacts, the partner's turn and the tenant's, and
-- contacts that stop working. In the tenant 8, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (8, 'partnered', 'Partnered');
select fixture.fill(8, 'partnered') \g /dev/null
select * from no_plan();
set story.tenant = 8;
set story.slug = 'partnered';
\ir lib/story.sql
create function pg_temp.own(statement text) returns void language plpgsql as $$
begin
  perform auth.set_context(8, null, null, null, null, 0::smallint, '{}', false);
  execute statement;
end $$;

-- ---- A1: making one --------------------------------------------------------------

create function pg_temp.make(host text, person int, slug text, contacts text, key text, partner text default 'null') returns text language sql as $$
  select pg_temp.at(host, person, format('select app.create_account(%L, %L, %L, %s, false, null, null, %L)->>''host''', 'Fresh ' || slug, slug, contacts, partner, key)) $$;
select is(pg_temp.make('partner', 504, 'fresh', '["pam@x.example", "New@X.example"]', 'accounts-01'), 'fresh.partnered.test', 'a partner makes an account, with a host');
select is(pg_temp.make('partner', 504, 'fresh', '["pam@x.example", "New@X.example"]', 'accounts-01'), 'fresh.partnered.test', 'the same key again: the same one');
create temp table fresh as select a.* from app.accounts a where a.tenant_id = 8 and a.name = 'Fresh fresh';
select is((select count(*) || ' ' || bool_and(partner_id = 20 and routing = 2 and by_partner) from fresh), '1 true', 'one, which is the partner''s and its first');
select is((select string_agg(email || ' ' || coalesce(person_id::text, '-'), ', ' order by email) from app.support_contacts
  where tenant_id = 8 and account_id = (select id from fresh)), 'new@x.example -, pam@x.example 504', 'its contacts: a bare address, and staff');
select is((select locale from app.portals where tenant_id = 8 and account_id = (select id from fresh)), 'en', 'and a portal');
select is(pg_temp.make('partner', 504, 'other', '[]', 'accounts-02'), 'PT422 accounts_contacts.required', 'not without a contact');
select is(pg_temp.make('partner', 504, 'other', '["nobody"]', 'accounts-02'), 'PT422 accounts_contacts.email', 'nor with a bad one');
select is(pg_temp.make('partner', 504, 'other', '[7]', 'accounts-02'), 'PT422 accounts_contacts.email', 'or a number');
select is(pg_temp.make('partner', 504, 'other', '{"a": 1}', 'accounts-02'), 'PT422 accounts_contacts.email', 'or no list');
select is(pg_temp.make('partner', 504, 'other', '["' || repeat('a', 300) || '@x.example"]', 'accounts-02'), 'PT422 accounts_contacts.email', 'or one of 300 characters');
select is(pg_temp.make('partner', 504, 'fresh', '["a@x.example"]', 'accounts-03'), 'PT422 portals_slug.taken', 'a slug that is taken');
select is(pg_temp.make('partner', 504, 'www', '["a@x.example"]', 'accounts-03'), 'PT422 portals_slug.reserved', 'a reserved one');
select is((select count(*)::int from app.accounts where tenant_id = 8 and name like 'Fresh %'), 1, 'of all that nothing is left');
select is(pg_temp.make('thirty', 506, 'mine', '["a@x.example"]', 'accounts-04'), 'PT403', 'a main user makes none');
select is(pg_temp.make('ten', 509, 'mine', '["a@x.example"]', 'accounts-04'), 'PT403', 'nor an account''s administrator');
select is(pg_temp.make('desk', 507, 'mine', '["a@x.example"]', 'accounts-04'), 'PT403', 'nor an agent');
select is(pg_temp.make('desk', 508, 'ours', '["a@x.example"]', 'accounts-05', '20'), 'ours.partnered.test', 'a tenant_admin does, for a partner');
select is(pg_temp.make('desk', 508, 'wrong', '["a@x.example"]', 'accounts-06', '10'), 'PT422 accounts_partner_check', 'that is one');

-- ---- A2, A3: its contacts --------------------------------------------------------

create function pg_temp.change(host text, person int, account bigint, added text, removed text, key text) returns text language sql as $$
  select pg_temp.at(host, person, format('select json_array_length(app.change_contacts(%s, %L, %L, %L)->''contacts'')', account, added, removed, key)) $$;
select is(pg_temp.change('partner', 504, 30, '["a@x.example", "b@x.example"]', '["pam@x.example"]', 'contacts-01'), '2', 'the partner changes them');
select is(pg_temp.change('partner', 504, 30, '[]', '["a@x.example", "b@x.example"]', 'contacts-02'), 'PT422 accounts_contacts.required', 'one stays at least');
select is(pg_temp.change('partner', 504, 30, '["pam@x.example"]', '["a@x.example", "b@x.example", "pam@x.example"]', 'contacts-03'), '1', 'what is added and removed is there');
select is(pg_temp.change('partner', 504, 10, '["a@x.example"]', '[]', 'contacts-04'), 'PT403', 'not of an account it does not look after');
select is(pg_temp.change('desk', 508, 10, '["a@x.example"]', '[]', 'contacts-05'), '2', 'a tenant_admin of any');
select is(pg_temp.change('desk', 507, 10, '["b@x.example"]', '[]', 'contacts-06'), 'PT403', 'an agent of none');
select is(pg_temp.change('ten', 509, 10, '["b@x.example"]', '[]', 'contacts-07'), 'PT403', 'its administrator, if the tenant made it, neither');
begin;
select pg_temp.own('update app.accounts set by_partner = true, partner_id = 20 where tenant_id = 8 and id = 10') \g /dev/null
commit;
select is(pg_temp.change('ten', 509, 10, '["b@x.example"]', '[]', 'contacts-08'), '3', 'but of one that its partner made');
select is(pg_temp.change('ten', 502, 10, '["c@x.example"]', '[]', 'contacts-09'), 'PT403', 'a main user does not');
select is(pg_temp.at('ten', 509, $$select app.find_contacts('pa', 10, null)->'items'->0->>'email'$$), 'pam@x.example', 'whose search finds the partner''s people');
select is(pg_temp.at('ten', 509, $$select json_array_length(app.find_contacts('bo', 10, null)->'items')$$), '0', 'and nobody else, not of the own account');
select is(pg_temp.at('ten', 509, $$select app.find_contacts('pa', 30, null)$$), 'PT403', 'nor for another account');
select ok(app.begins('Åsa Östberg asa.o@x.example', 'ostb') and app.begins('Åsa Östberg asa.o@x.example', 'ÅSA Ö') and not app.begins('Åsa Östberg', 'berg'), 'words by their beginning, without accents');
begin;
select pg_temp.own('update app.accounts set by_partner = false, partner_id = null where tenant_id = 8 and id = 10') \g /dev/null
commit;

-- ---- A4: whose turn --------------------------------------------------------------

select is(pg_temp.at('thirty', 505, $$select app.open_ticket('Phone', 'x', '<p>x</p>', 'accounts-11')$$), '{"number" : 101}', 'a report at the partner''s');
select is(pg_temp.at('desk', 507, 'select app.escalate(101)'), 'PT404', 'no agent takes it');
select is(pg_temp.at('thirty', 505, 'select app.escalate(101)'), 'PT403', 'nor hands its author it on');
select is(pg_temp.at('partner', 504, $$select app.add_comment(101, false, 'Solved', '<p>Solved</p>', 'accounts-12', 'solved')::json #>> '{comment,internal}'$$), 'false', 'the partner answers, and solves it');
select is(pg_temp.at('thirty', 505, $$select app.add_comment(101, false, 'No', '<p>No</p>', 'accounts-13', null)::json #>> '{comment,internal}'$$), 'false', 'the customer is not content');
select is(pg_temp.at('thirty', 505, 'select app.status_name(status) from app.tickets where id = 101'), 'in_progress', 'and it is open again');
select is((select string_agg(data->>'by', ' ' order by id) from app.events where tenant_id = 8 and ticket_id = 101 and kind = 'ticket.replied'), 'partner customer', 'the record knows who spoke');
create function pg_temp.written(kind text, ticket int) returns text language sql as $$
  select pg_temp.job(format($q$select string_agg(split_part(email, '@', 1) || ' ' || reason, ', ' order by email) from (
    select * from jobs.ticket_recipients(%1$s) union all select * from jobs.notice_recipients(%1$s)) r$q$,
    (select id from app.events e where tenant_id = 8 and e.kind = written.kind and ticket_id = ticket order by id desc limit 1))) $$;
select is(pg_temp.written('ticket.replied', 101), 'pam support_contact', 'her answer is mailed to the partner, to no agent');
select is(pg_temp.at('partner', 504, 'select app.escalate(101)->>''with'''), 'Partnered', 'the partner hands it on');
select is(pg_temp.at('partner', 504, 'select app.escalate(101)->>''with'''), 'Partnered', 'twice is once');
select is((select count(*)::int from app.events where tenant_id = 8 and ticket_id = 101 and kind = 'ticket.escalated'), 1, 'one event');
select is(pg_temp.written('ticket.escalated', 101), 'admin desk, agent desk, dee notice, only desk', 'the desk is told of a ticket, its author who has it');
select is(pg_temp.sees('partner', 504, 101), '1', 'the partner keeps it');
select is(pg_temp.sees('desk', 507, 101), '1', 'and the desk sees it');
select is(pg_temp.at('partner', 504, $$select app.add_comment(101, false, 'x', '<p>x</p>', 'accounts-14', 'solved')$$), 'PT403', 'the status is the desk''s now');
select is(pg_temp.at('partner', 504, 'select app.change_account(30, null, ''tenant'', null)->>''id'''), '30', 'the partner lets the tenant come first');
select is(pg_temp.at('thirty', 505, $$select app.open_ticket('Fax', 'x', '<p>x</p>', 'accounts-15')$$), '{"number" : 102}', 'then a report');
select is(pg_temp.sees('desk', 507, 102), '1', 'is at the desk from the beginning');
select is(pg_temp.at('partner', 504, 'select app.change_account(30, null, ''partner'', null)->>''id'''), '30', 'and back');
select is(pg_temp.at('partner', 504, $$select app.change_account(30, null, null, '[{"kind": "delivery", "person": 507}]')$$), 'PT403', 'staff is named by tenant_admins');
select is(pg_temp.at('desk', 508, $$select app.change_account(30, null, null, '[{"kind": "delivery", "person": 507}]')->>'id'$$), '30', 'as here');
select is(pg_temp.at('desk', 508, $$select app.change_account(30, null, null, '[{"kind": "delivery", "person": 505}]')$$), 'PT422 accounts_named_check', 'and only staff');
select is(pg_temp.at('thirty', 505, $$select app.named_contacts(30)->0->>'name'$$), 'Agent partnered', 'the account''s people see whom');
select is(pg_temp.at('ten', 501, $$select app.named_contacts(30)::text$$), '[]', 'others don''t');

-- ---- A7: contacts that stop working ------------------------------------------------

select is(pg_temp.change('partner', 504, 30, '["second@x.example"]', '[]', 'contacts-11'), '2', 'two contacts');
begin;
select pg_temp.own($$update app.support_contacts set state = 1 where tenant_id = 8 and email = 'second@x.example'$$) \g /dev/null
commit;
select is(pg_temp.at('thirty', 505, $$select app.open_ticket('Beeper', 'x', '<p>x</p>', 'accounts-16')$$), '{"number" : 103}', 'a report at the partner''s');
create temp table beeper as select id from app.events where tenant_id = 8 and ticket_id = 103 and kind = 'ticket.opened';
create function pg_temp.comes_back(address text, answer text) returns void language plpgsql as $$
#variable_conflict use_variable
begin
  perform jobs.enter(8);
  insert into app.deliveries (tenant_id, event_id, email, reason) select 8, id, address, 'support_contact' from beeper
    on conflict (tenant_id, event_id, email) do update set state = 1;
  perform jobs.finish(d.id, case when answer like '2%' then 2 else 3 end::smallint, answer, null, true)
    from app.deliveries d where d.tenant_id = 8 and d.email = address and d.event_id = (select id from beeper);
end $$;
create function pg_temp.states() returns text language sql as $$
  select string_agg(split_part(email, '@', 1) || ' ' || state, ', ' order by email) from app.support_contacts where tenant_id = 8 and account_id = 30 $$;
create function pg_temp.told(kind text) returns text language sql as $$
  select string_agg(e.data->>'path' || ' ' || (select string_agg(split_part(p.email, '@', 1), '+' order by p.email) from app.people p
    where p.tenant_id = 8 and e.data->'people' @> to_jsonb(p.id)), ', ' order by e.id)
  from app.events e where e.tenant_id = 8 and e.kind = told.kind and e.account_id = 30 and e.data->'people' <> '[]' $$;
begin;
select pg_temp.comes_back('second@x.example', '550 5.1.1 no such mailbox') \g /dev/null
commit;
select is(pg_temp.states(), 'pam 1, second 2', 'mail that comes back flags its contact');
select is(pg_temp.told('contact.bounced'), '/accounts/30 pam', 'the partner is told (the account has no administrator)');
select is(pg_temp.sees('desk', 507, 103), '0', 'the report stays: one contact works');
begin;
select pg_temp.comes_back('second@x.example', '250 2.0.0 ok') \g /dev/null
commit;
select is(pg_temp.states(), 'pam 1, second 1', 'mail that is taken unflags it');
begin;
select pg_temp.comes_back('second@x.example', 'not made: the template') \g /dev/null
commit;
select is(pg_temp.states(), 'pam 1, second 1', 'what was our own fault does not');
begin;
select pg_temp.comes_back('second@x.example', '552 mailbox full') \g /dev/null
commit;
select is((select answer from app.support_contacts where tenant_id = 8 and email = 'second@x.example'), '552 mailbox full', 'the page says what the server said');
-- A second one of the staff, so that Pam can leave.
begin;
select pg_temp.own($$insert into app.memberships (tenant_id, id, person_id, role, account_id) values (8, 20, 510, 'partner', 20);
  insert into app.memberships (tenant_id, person_id, role, account_id) values (8, 506, 'account_admin', 30);
  insert into app.memberships (tenant_id, person_id, role, account_id) values (8, 509, 'account_admin', 20)$$) \g /dev/null
commit;
select is(pg_temp.at('thirty', 506, 'select app.end_membership(4)'), 'PT404', 'an administrator of a looked-after account ends nobody of the partner''s');
select is(pg_temp.at('desk', 508, 'select app.change_membership(4, ''member'', null, false)'), 'PT404', 'nor does a tenant_admin make something else of them');
select is(pg_temp.at('partner', 504, 'select app.end_membership(20)'), 'PT404', 'nor one of the staff');
select is(pg_temp.at('partner', 509, 'select app.change_membership(4, ''member'', null, false)'), '{"id" : 4}', 'the partner''s own administrator does');
select is(pg_temp.states(), 'pam 3, second 2', 'who leaves the partner is flagged');
select is(pg_temp.told('contact.departed'), '/accounts/30 nobody, /admin/contacts eve', 'partner and administrator are told');
select is(pg_temp.told('account.unreachable'), '/agent/accounts/30 admin', 'and, as none works now, the tenant_admins');
select is(pg_temp.sees('desk', 507, 103), '1', 'who have the open report');
select is((select data->>'by' from app.events where tenant_id = 8 and ticket_id = 103 and kind = 'ticket.escalated'), 'unreachable', 'on record as such');
select is(pg_temp.written('ticket.opened', 103), 'admin desk, agent desk, only desk, second support_contact', 'who has left gets no mail');
select is(pg_temp.at('thirty', 505, $$select app.open_ticket('Pager', 'x', '<p>x</p>', 'accounts-17')$$), '{"number" : 104}', 'a new one');
select is(pg_temp.sees('desk', 507, 104), '1', 'is the tenant''s from the beginning');
select is(pg_temp.at('partner', 509, 'select app.change_membership(4, ''partner'', null, false)'), '{"id" : 4}', 'made staff again');
select is(pg_temp.states(), 'pam 1, second 2', 'who comes back works again');
select is(pg_temp.at('ten', 509, 'select app.change_membership(1, ''partner'', null, false)'), 'PT422 memberships_role_check', 'only a partner has such staff');
select is(pg_temp.at('thirty', 505, $$select app.open_ticket('Modem', 'x', '<p>x</p>', 'accounts-18')$$), '{"number" : 105}', 'and a report');
select is(pg_temp.sees('desk', 507, 105), '0', 'is the partner''s');
select is(pg_temp.at('desk', 508, 'select app.end_membership(4)'), '', 'a tenant_admin ends one of its staff');
select is(pg_temp.as_role('sportello_api', $$select auth.enter('partner.partnered.test', '8/504', 1::smallint, false)$$, 'select 1'), 'PT401', 'who is out at once');
select is(pg_temp.at('partner', 509, 'select app.end_membership(20)'), '', 'and its administrator the last');
select is(pg_temp.sees('desk', 507, 105), '1', 'until its last staff is gone');
select * from finish();
