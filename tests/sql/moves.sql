-- P2: logins that staff moves for an account it is shown to: by a live grant, or
-- where the account has nobody who could. In the tenant 31, like the two of
-- fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (31, 'moves', 'Moves');
select fixture.fill(31, 'moves') \g /dev/null
select * from no_plan();
set story.tenant = 31;
set story.slug = 'moves';
\ir lib/story.sql
delete from app.email_changes where tenant_id = 31;
create function pg_temp.move(who int, account bigint, person text, address text default 'new@y.example') returns text
language sql as $$ select pg_temp.at('desk', who, format('select app.move_for(%s, %L, %L)->>%L is not null', account, person, address, 'due_at')) $$;
create function pg_temp.open() returns text
language sql as $$ select string_agg(old_email || '>' || new_email, ' ' order by old_email) from app.email_changes where tenant_id = 31 and done_at is null and ended_at is null $$;
create function pg_temp.accounts(who int) returns text
language sql as $$ select pg_temp.at('desk', who, 'select app.moves_here()->>''accounts''') $$;

select is(pg_temp.move(507, 10, 'ADA@x.example '), 'true', 'shown to the account, and let in');
select is(pg_temp.open(), 'ada@x.example>new@y.example', 'begun');
select is((select portal_id from app.email_changes where tenant_id = 31), 110::bigint, 'its links lead to the account''s portal');
select is((select due_at - created_at from app.email_changes where tenant_id = 31), interval '24 hours', 'in a day');
select is((select string_agg(kind || coalesce(data->>'people', ''), ' ' order by id) from app.events where tenant_id = 31 and kind like 'address.%'),
  'address.moving_by_contact address.moving_told[509]', 'the old address and the administrators are told');
select is(pg_temp.accounts(507), '[{"id" : 10, "name" : "Ten moves"}]', 'the page offers it');
select is(pg_temp.at('desk', 508, format('select app.decide_move(%s, false)', (select id from app.email_changes where tenant_id = 31))), 'PT404', 'another of the staff does not stop it');
select is(pg_temp.at('desk', 507, format('select app.decide_move(%s, true)', (select id from app.email_changes where tenant_id = 31))), 'PT404', 'whoever asked does not say yes');
select matches(pg_temp.at('ten', 509, format('select app.decide_move(%s, true)', (select id from app.email_changes where tenant_id = 31))), 'id', 'an administrator does');
select is((select email from app.people where tenant_id = 31 and id = 501), 'new@y.example', 'and it is moved');
update app.people set email = 'ada@x.example' where tenant_id = 31 and id = 501;

select is(pg_temp.move(508, 10, 'ada@x.example'), 'PT403', 'who is not shown to the account');
select is(pg_temp.accounts(508), '[]', 'is offered none');
select is(pg_temp.at('ten', 502, 'select app.move_for(10, ''bob@x.example'', ''new@y.example'')'), 'PT403', 'nor a customer');
select is(pg_temp.move(507, 20, 'pam@x.example'), 'PT403', 'an account one is not shown to');
select is(pg_temp.move(507, 10, 'dee@x.example'), 'PT422 moves_person.unknown', 'somebody of another account');
select is(pg_temp.move(507, 10, 'agent@x.example'), 'PT422 moves_person.unknown', 'staff');
select is(pg_temp.move(507, 10, 'nowhere@x.example'), 'PT422 moves_person.unknown', 'nobody');
select is(pg_temp.move(507, 10, 'ada@x.example', 'no address'), 'PT422 moves_email_check', 'no address');

update app.grants set portals = '{111}' where tenant_id = 31;
select is(pg_temp.move(507, 10, 'ada@x.example'), 'PT422 moves_person.unknown', 'a grant for a sub-portal does not reach all of the account');
select is(pg_temp.move(507, 10, 'cy@x.example'), 'true', 'but who is of that portal');
update app.grants set ends_at = created_at + interval '1 second', created_at = created_at - interval '1 day' where tenant_id = 31;
update app.grants set ends_at = now() - interval '1 minute' where tenant_id = 31;
select is(pg_temp.move(507, 10, 'cy@x.example'), 'PT403', 'a grant that is over');
select is(pg_temp.accounts(507), '[]', 'is offered no more');

delete from app.credentials where tenant_id = 31 and person_id = 509;
select is(pg_temp.move(507, 10, 'chief@x.example', 'chief@y.example'), 'true', 'without an administrator who can sign in');
insert into app.identities (tenant_id, provider_id, person_id, subject) values (31, 1, 509, 'chief');
select is(pg_temp.move(507, 10, 'chief@x.example', 'chief@y.example'), 'PT403', 'one who signs in elsewhere can');

-- ---- what lets somebody move a login lets it be moved -----------------------------

insert into app.credentials (tenant_id, person_id, salt, passes, memory_kib, verifier)
  select 31, 509, salt, passes, memory_kib, verifier from app.credentials where tenant_id = 31 and person_id = 501;
update app.email_changes set ended_at = now() where tenant_id = 31 and done_at is null and ended_at is null;
begin;
select auth.set_context(31, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.people (tenant_id, id, email, name) values (31, 520, 'rogue@x.example', 'Rogue');
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (31, 20, 520, 'account_admin', 10);
insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at) values (31, 1520, 520, sha256('31/520'), now() + interval '1 day');
commit;
create function pg_temp.by_admin(address text) returns text
language sql as $$ select pg_temp.at('ten', 520, format('select app.move_login(502, 10, %L)->>%L is not null', address, 'due_at')) $$;
create function pg_temp.fares(address text) returns text
language sql as $$ select case when c.done_at is not null then 'moved' when c.ended_at is not null then 'stopped' else 'open' end
  from app.email_changes c where c.tenant_id = 31 and c.new_email = address order by c.created_at desc limit 1 $$;
create function pg_temp.let_in(portals text) returns text
language sql as $$ select pg_temp.at('ten', 509, format('select app.open_grant(%L, to_char(now() + interval %L, %L), %L, null, %L)->>%L',
  portals, '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"', 'x', md5(random()::text), 'id')) $$;
-- Its day has passed, and jobs look.
create function pg_temp.falls_due(address text) returns text
language plpgsql as $$ begin
  update app.email_changes set due_at = now() - interval '1 day' where tenant_id = 31 and new_email = address;
  perform pg_temp.as_role('sportello_jobs', null, 'select jobs.move_login()');
  return pg_temp.fares(address); end $$;

select is(pg_temp.by_admin('a@y.example'), 'true', 'an administrator begins');
select is(pg_temp.at('ten', 509, 'select app.end_membership(20)'), '', 'and is one no more');
select is(pg_temp.fares('a@y.example'), 'stopped', 'which stops it at once');
select is((select count(*) from app.events where tenant_id = 31 and kind = 'address.move_stopped' and data->'people' @> '[502, 509]'), 1::bigint, 'as it was, and whom it was about and the others are told');
begin;
select auth.set_context(31, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (31, 20, 520, 'account_admin', 10);
commit;
select is(pg_temp.by_admin('b@y.example'), 'true', 'again');
begin;
select auth.set_context(31, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (31, 21, 502, 'member', 30);
commit;
select is(pg_temp.falls_due('b@y.example'), 'stopped', 'who is somebody elsewhere by then keeps the login');
delete from app.memberships where tenant_id = 31 and id = 21;
begin;
select auth.set_context(31, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
select app.refresh_standing(502) \g /dev/null
commit;
select is(pg_temp.by_admin('c@y.example'), 'true', 'once more');
begin;
select auth.set_context(31, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.memberships (tenant_id, id, person_id, role) values (31, 22, 502, 'agent');
commit;
select is(pg_temp.at('ten', 509, format('select app.decide_move(%s, true)->>%L', (select id from app.email_changes where tenant_id = 31 and new_email = 'c@y.example'), 'done')), 'false', 'nor does a yes move it, of one who is staff by then');
select is(pg_temp.fares('c@y.example'), 'stopped', 'it ends it');
begin;
select auth.set_context(31, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.memberships where tenant_id = 31 and id = 22;
commit;
select is(pg_temp.by_admin('d@y.example'), 'true', 'while nothing has changed');
select is(pg_temp.falls_due('d@y.example'), 'moved', 'it is moved');

select matches(pg_temp.let_in('all'), '^[0-9]+$', 'let in');
select is(pg_temp.move(507, 10, 'ada@x.example', 'e@y.example'), 'true', 'staff begins');
select is(pg_temp.at('ten', 509, format('select app.end_grant(%s)', max(id))), '', 'and is out') from (select id from app.grants where tenant_id = 31 and ended_at is null order by created_at desc limit 1) g;
select is(pg_temp.fares('e@y.example'), 'stopped', 'which stops it');
select matches(pg_temp.let_in('all'), '^[0-9]+$', 'in again');
select is(pg_temp.move(507, 10, 'ada@x.example', 'f@y.example'), 'true', 'and begun');
update app.grants set ends_at = now() - interval '1 hour' where tenant_id = 31 and ended_at is null;
select matches(pg_temp.as_role('sportello_jobs', null, 'select jobs.end_grants()'), '^[1-9]', 'its time is over');
select is(pg_temp.fares('f@y.example'), 'stopped', 'and so is that of what was begun');
select matches(pg_temp.let_in('all'), '^[0-9]+$', 'in a third time');
select is(pg_temp.move(507, 10, 'ada@x.example', 'g@y.example'), 'true', 'and begun');
select is(pg_temp.at('desk', 508, $$select app.change_account(10, null, null, '[]')->>'id'$$), '10', 'who is shown to the account no more');
select is(pg_temp.fares('g@y.example'), 'stopped', 'moves nothing there');
select is(pg_temp.at('desk', 508, $$select app.change_account(10, null, null, '[{"kind": "delivery", "person": 507}]')->>'id'$$), '10', 'shown again');
select is(pg_temp.move(507, 10, 'ada@x.example', 'h@y.example'), 'true', 'a last one');
select is(pg_temp.falls_due('h@y.example'), 'moved', 'stands as long as the grant does');
select * from finish();
