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
select * from finish();
