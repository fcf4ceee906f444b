-- T6: the four ways in of a portal, and what each lets whom do. In tenant 72.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (72, 'ways', 'Ways');
select fixture.fill(72, 'ways') \g /dev/null
select * from no_plan();
set story.tenant = 72;
set story.slug = 'ways';
\ir lib/story.sql
create function pg_temp.set_to(name text, value text) returns void
language sql as $$
  insert into app.settings (tenant_id, scope, name, value, account_id) values (72, 20, name, value, 10)
  on conflict (tenant_id, scope, name) do update set value = excluded.value $$;
select pg_temp.set_to('inviters', 'main_user portal_admin');
select pg_temp.set_to('registration_domains', 'town.example');

begin;
select auth.set_context(72, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.memberships set role = 'portal_admin' where tenant_id = 72 and id = 3;
commit;

-- Who invites whom: always another address of the one domain.
create function pg_temp.invites(portal text, person int, scope text) returns text
language sql as $$ select pg_temp.at(portal, person, format('select app.invite(%L, %L, 10, %s, false, %L) is not null',
  gen_random_uuid() || '@town.example', 'member', scope, gen_random_uuid())) $$;
create function pg_temp.registers(domain text) returns text
language sql as $$ select pg_temp.as_role('sportello_login', $q$select auth.enter('ten.ways.test', null, 0::smallint, true)$q$,
  format($q$select coalesce(app.register(%L, '192.0.2.1')->>'asked', 'PT403')$q$, gen_random_uuid() || '@' || domain)) $$;
-- Somebody's invitation of before is accepted now.
create function pg_temp.accepted(inviter bigint) returns text language plpgsql as $$
declare
  address text := gen_random_uuid() || '@town.example';
begin
  perform auth.set_context(72, 110, 10, null, null, 0::smallint, '{}', false);
  insert into app.invitations (tenant_id, email, role, account_id, portal_id, invited_by, expires_at)
    values (72, address, 'member', 10, 110, inviter, now() + interval '1 day');
  return case when app.accept_invitations(address, null, 'New') is null then 'PT403' else 'true' end;
end $$;

create temp table acts (n int, act text, statement text);
insert into acts values (1, 'a main user invites', $$pg_temp.invites('ten', 502, 'null')$$),
  (2, 'a portal''s administrator does', $$pg_temp.invites('sub', 503, '111')$$),
  (3, 'the account''s administrator does', $$pg_temp.invites('ten', 509, 'null')$$),
  (4, 'somebody of the domain registers', $$pg_temp.registers('town.example')$$),
  (5, 'somebody else does', $$pg_temp.registers('other.example')$$),
  (6, 'what a main user offered before is accepted', 'pg_temp.accepted(502)'),
  (7, 'what an administrator offered is', 'pg_temp.accepted(509)');
create temp table modes (mode text, ways text);
insert into modes values ('closed', '0110001'), ('invitation', '1110011'), ('domain', '1111011'), ('open', '1111111');
-- Each act is a request of its own.
select x.statement from modes m, lateral (
  select 0 as n, format('select pg_temp.set_to(%L, %L)', 'registration', m.mode) as statement
  union all select 0, 'delete from auth.buckets'
  union all select a.n, format('select is(%s, %L, %L)', a.statement,
    case substr(m.ways, a.n, 1) when '1' then 'true' else 'PT403' end,
    format('T6 %s: %s%s', m.mode, a.act, case substr(m.ways, a.n, 1) when '1' then '' else ', refused' end)) from acts a) x
order by m.mode, x.n \gexec

-- A sub-portal is closed by itself.
delete from auth.buckets;
select pg_temp.set_to('registration', 'invitation');
insert into app.settings (tenant_id, scope, name, value, portal_id) values (72, 223, 'registration', 'closed', 111);
select is(pg_temp.invites('ten', 502, '111'), 'PT403', 'into a closed sub-portal nobody is invited from above');
select is(pg_temp.invites('ten', 502, 'null'), 'true', 'while the account takes people in');
select * from finish();
