-- What people could do to others with what they may. In the tenants 70 and 71,
-- made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (70, 'wary', 'Wary'), (71, 'other', 'Other');
select fixture.fill(70, 'wary') \g /dev/null
select fixture.fill(71, 'other') \g /dev/null
select * from no_plan();
set story.tenant = 70;
set story.slug = 'wary';
\ir lib/story.sql
create function pg_temp.set_to(name text, value text) returns void
language sql as $$
  insert into app.settings (tenant_id, scope, name, value, account_id) values (70, 20, name, value, 10)
  on conflict (tenant_id, scope, name) do update set value = excluded.value $$;

-- ---- T9: what one does too often, others may go on with --------------------------------

create function pg_temp.invited(n int) returns text
language sql as $$ select pg_temp.at('ten', 509,
  format($q$select coalesce(app.invite('i%s@x.example', 'member', 10, null, false, 'misuse-%s')->>'wait', 'sent')$q$, n, n)) $$;
create temp table asked (n int, answer text);
select format('insert into asked values (%s, pg_temp.invited(%s))', n, n) from generate_series(1, 31) n \gexec
select is((select string_agg(answer, ' ' order by n) from asked where n > 29), 'sent 3600', 'P1: thirty invitations an hour, and then a wait');
set story.tenant = 71;
set story.slug = 'other';
select is(pg_temp.invited(1), 'sent', 'T9: which the other tenant knows nothing of');
set story.tenant = 70;
set story.slug = 'wary';
select is(pg_temp.at('ten', 502, $$select coalesce(app.invite('b@x.example', 'member', 10, null, false, 'misuse-b')->>'wait', 'sent')$$),
  'PT403', 'somebody else answers to their own rules');

-- Codes for one address: few at a tenant, and no word of what it gets elsewhere.
create function pg_temp.forgot() returns text
language sql as $$ select pg_temp.as_role('sportello_login', format('select auth.enter(%L, null, 0::smallint, true)',
    'ten.' || current_setting('story.slug') || '.test'),
  $q$select coalesce(app.ask_reset('ada@x.example', '192.0.2.1')->>'wait', 'asked')$q$) $$;
create temp table forgotten (n int, answer text);
select format('insert into forgotten values (%s, pg_temp.forgot())', n) from generate_series(1, 6) n \gexec
select is((select string_agg(answer, ' ' order by n) from forgotten where n > 4), 'asked 900', 'P3: five codes an hour for an address');
set story.tenant = 71;
set story.slug = 'other';
select is(pg_temp.forgot(), 'asked', 'the same address at the other tenant');
set story.tenant = 70;
set story.slug = 'wary';

-- ---- P2: a login is moved by whoever answers for all that it opens -----------------------

delete from app.email_changes where tenant_id = 70;
create function pg_temp.moved(person int) returns text
language sql as $$ select pg_temp.at('ten', 509, format($q$select app.move_login(%s, 10, 'taken@x.example')->>'due_at' is not null$q$, person)) $$;
begin;
select auth.set_context(70, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (70, 40, 502, 'partner', 20), (70, 41, 503, 'member', 30);
commit;
select is(pg_temp.moved(502), 'PT422 moves_email.elsewhere', 'not of somebody who looks after accounts for a partner');
select is(pg_temp.moved(503), 'PT422 moves_email.elsewhere', 'nor of a member of another account');
select is(pg_temp.moved(501), 'true', 'of their own people they may');

-- ---- P9: how much mail an address gets -----------------------------------------------

create function pg_temp.mails(address text, n int) returns text
language sql as $$ select pg_temp.job(format('select count(*) from generate_series(1, %s) where jobs.may_write_to(%L, %s)', n, address,
    (select max(e.id) from app.events e where e.tenant_id = 70 and e.kind = 'address.moving_told'))) $$;
select is(pg_temp.mails('stranger@x.example', 25), '20', 'twenty a day where nobody has proven the address');
select is(pg_temp.mails('ada@x.example', 25), '25', 'people are told what concerns them, however often others make that happen');

-- ---- P7: replies go to those who may use support ---------------------------------------

select is(pg_temp.at('ten', 501, $$select app.open_ticket('Oven', 'x', '<p>x</p>', 'misuse-open')$$), '{"number" : 101}', 'Ada opens one');
select is(pg_temp.at('desk', 507, $$select app.add_comment(101, false, 'x', '<p>x</p>', 'misuse-reply', null) is not null$$), 'true', 'the agent answers');
create function pg_temp.recipients() returns text
language sql as $$ select pg_temp.job(format($q$select string_agg(email, ' ' order by email) from jobs.ticket_recipients(%s)$q$, max(e.id)))
  from app.events e where e.tenant_id = 70 and e.ticket_id = 101 and e.kind = 'ticket.replied' $$;
select matches(pg_temp.recipients(), 'ada@x.example', 'who asked gets the answer');
select pg_temp.set_to('support_users', 'main_user');
select doesnt_match(pg_temp.recipients(), 'ada@x.example', 'but not who may not use support any more');
delete from app.settings where tenant_id = 70 and name = 'support_users';

-- ---- T6: new tickets for everybody of the account ----------------------------------------

select is(pg_temp.sees('sub', 503, 101), '0', 'a ticket is its opener''s and the main users''');
select pg_temp.set_to('share_new_tickets', 'yes');
select is(pg_temp.at('ten', 501, $$select app.open_ticket('Stove', 'x', '<p>x</p>', 'misuse-all')$$), '{"number" : 102}', 'with the setting');
select is(pg_temp.sees('sub', 503, 102), '1', 'everybody of the account sees a new one');
select is(pg_temp.sees('thirty', 505, 102), '0', 'and nobody of another');

-- ---- P1: nobody offers more than they may, nor takes an offer of more away -------------------

delete from auth.buckets;
select pg_temp.set_to('inviters', 'main_user');
create function pg_temp.offer(person int, address text, role text, support text) returns text
language sql as $$ select pg_temp.at('ten', person, format(
  $q$select app.invite(%L, %L, 10, null, %s, %L) is not null$q$, address, role, support, gen_random_uuid())) $$;
create function pg_temp.offered(address text) returns text
language sql as $$ select concat_ws(' ', i.role, i.invited_by, case when i.is_support then 'support' end) from app.invitations i
  where i.tenant_id = 70 and i.email = address and i.withdrawn_at is null $$;
select is(pg_temp.offer(502, 'own@x.example', 'member', 'true'), 'PT422 invitations_support.administrators', 'a main user appoints nobody for support');
select is(pg_temp.offer(502, 'own@x.example', 'member', 'false'), 'true', 'they invite a member');
select is(pg_temp.offer(509, 'own@x.example', 'main_user', 'true'), 'true', 'of which an administrator makes more');
select is(pg_temp.offered('own@x.example'), 'main_user 509 support', 'so it is theirs now');
select is(pg_temp.offer(502, 'own@x.example', 'member', 'false'), 'PT422 invitations_email.stronger', 'and is not made less again');
select is(pg_temp.offered('own@x.example'), 'main_user 509 support', 'nor another''s');
select is(pg_temp.offer(509, 'flag@x.example', 'member', 'true'), 'true', 'a member appointed for support');
select is(pg_temp.offer(502, 'flag@x.example', 'member', 'false'), 'PT422 invitations_email.stronger', 'stays that too');
select is(pg_temp.offer(509, 'plain@x.example', 'member', 'false'), 'true', 'a plain member');
select is(pg_temp.offer(502, 'plain@x.example', 'member', 'false'), 'true', 'may be invited by both');
select is(pg_temp.at('desk', 508, $$select app.invite('boss@x.example', 'account_admin', 30, null, true, 'offer-boss')$$),
  'PT422 invitations_support.administrators', 'the tenant''s administrators appoint nobody in an account');
delete from app.settings where tenant_id = 70 and name = 'inviters';

-- ---- P1: who goes takes their invitations along -------------------------------------------

select is((select withdrawn_at is null from app.invitations where tenant_id = 70 and id = 1), true, 'Bob has invited somebody');
begin;
select auth.set_context(70, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.memberships where tenant_id = 70 and id = 40;
commit;
select is(pg_temp.at('ten', 509, $$select app.change_membership(2, 'main_user', null, true) is not null$$), 'true', 'he is appointed for support');
select is((select withdrawn_at is null from app.invitations where tenant_id = 70 and id = 1), true, 'which takes nothing back');
select is(pg_temp.at('ten', 509, 'select app.end_membership(2) is not null'), 'true', 'his membership is ended');
select is((select withdrawn_at is null from app.invitations where tenant_id = 70 and id = 1), false, 'what he offered is no longer on offer');

-- ---- G1: nobody makes themselves an account's administrator ---------------------------------

delete from auth.buckets;
create function pg_temp.brings(portal text, person int, address text, account bigint, role text default 'account_admin') returns text
language sql as $$ select pg_temp.at(portal, person, format('select app.invite(%L, %L, %s, null, false, %L)->>%L',
  address, role, coalesce(account::text, 'null'), 'brings-' || split_part(address, '@', 1), 'email')) $$;
create function pg_temp.invitation(address text) returns app.invitations
language sql as $$ select i from app.invitations i where i.tenant_id = 70 and i.email = address order by i.created_at desc limit 1 $$;
create function pg_temp.accepts(address text) returns text language plpgsql as $$
declare
  i app.invitations := pg_temp.invitation(address);
begin
  perform auth.set_context(70, i.portal_id, i.account_id, null, null, 0::smallint, '{}', false);
  return case when app.accept_invitations(address, null, 'New') is null then 'over' else 'joined' end;
end $$;
select is(pg_temp.brings('desk', 508, 'own2@x.example', 10), 'PT422 invitations_account.has_admin', 'not the tenant''s administrator, where somebody administers it');
select is(pg_temp.brings('partner', 504, 'first@x.example', 30), 'first@x.example', 'its partner does, while nobody does');
select is(pg_temp.brings('desk', 508, 'second@x.example', 30), 'second@x.example', 'and so does the tenant''s, a second one');
select is(pg_temp.brings('partner', 504, 'lost@x.example', 30, 'main_user'), 'lost@x.example', 'and the partner a main user');
select is(pg_temp.accepts('first@x.example'), 'joined', 'the first comes');
select is(pg_temp.brings('partner', 504, 'third@x.example', 30), 'third@x.example', 'who has no way to sign in yet');
insert into app.credentials (tenant_id, person_id, salt, passes, memory_kib, verifier)
  select 70, p.id, c.salt, c.passes, c.memory_kib, c.verifier from app.people p, app.credentials c
  where p.tenant_id = 70 and p.email = 'first@x.example' and c.tenant_id = 70 and c.person_id = 501;
select is(pg_temp.brings('partner', 504, 'fourth@x.example', 30), 'PT422 invitations_account.has_admin', 'and when there is one, no more');
select is(pg_temp.brings('partner', 504, 'fourth@x.example', 30, 'member'), 'PT422 invitations_account.has_admin', 'in no role');
select is(pg_temp.at('desk', 508, $$select app.may_invite('partner', 20, null)$$), 'true', 'a partner account without an administrator gets staff from the tenant');
select matches(pg_temp.at('partner', 504, format('select app.change_invitation(%s, true)', (pg_temp.invitation('lost@x.example')).id)), 'id', 'what was sent before may be sent again');
select is(pg_temp.accepts('second@x.example'), 'joined', 'and is good');
select is((select string_agg(p.email || ' by ' || (e.data #>> '{args,by}'), ' ' order by p.email) from app.events e, jsonb_array_elements_text(e.data->'people') v
    join app.people p on p.tenant_id = 70 and p.id = v::bigint
    where e.tenant_id = 70 and e.kind = 'person.joined' and e.data #>> '{args,email}' = 'second@x.example'),
  'first@x.example by admin@x.example', 'the other administrators are told of it, and who invited them');
select is((select count(*) from app.events e where e.tenant_id = 70 and e.kind = 'person.joined' and e.data ? 'people' and e.data->>'role' <> 'account_admin'), 0::bigint, 'of administrators alone');

-- ---- P1: who is dismissed has invited nobody, in no account ----------------------------------

begin;
select auth.set_context(70, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.accounts (tenant_id, id, name, partner_id) values (70, 31, 'New', 20);
insert into app.support_contacts (tenant_id, account_id, email) values (70, 31, 'contact@x.example');
insert into app.portals (tenant_id, id, account_id, name) values (70, 131, 31, 'New');
insert into app.memberships (tenant_id, id, person_id, role, account_id) values (70, 50, 507, 'tenant_admin', null), (70, 51, 510, 'partner', 20);
insert into app.sessions (tenant_id, id, person_id, token_hash, expires_at) values (70, 1510, 510, sha256('70/510'), now() + interval '1 day');
commit;
select is(pg_temp.brings('desk', 507, 'mole@x.example', 31), 'mole@x.example', 'a tenant_admin for a time invites');
select is(pg_temp.brings('desk', 507, 'staff2@x.example', null, 'agent'), 'staff2@x.example', 'for the desk too');
select is(pg_temp.brings('partner', 510, 'mole2@x.example', 31), 'mole2@x.example', 'one of the partner''s staff does');
select is(pg_temp.at('desk', 508, 'select app.change_membership(50, ''agent'', null, false)'), '23505 memberships_tenant_id_person_id_role_account_id_portal_id_key', 'is an agent already');
select is(pg_temp.at('desk', 508, 'select app.end_membership(50)'), '', 'is an agent again');
select is((pg_temp.invitation(a)).withdrawn_at is not null, true, a || ' is withdrawn') from unnest(array['mole@x.example', 'staff2@x.example']) a;
select is(pg_temp.accepts('mole@x.example'), 'over', 'and comes to nothing');
select is(pg_temp.at('desk', 508, 'select app.end_membership(51)'), '', 'the partner''s goes');
select is(pg_temp.accepts('mole2@x.example'), 'over', 'and so does what they offered');
select is(pg_temp.brings('partner', 504, 'kept@x.example', 31), 'kept@x.example', 'another of the staff');
begin;
select auth.set_context(70, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.memberships set account_id = 20, role = 'member' where tenant_id = 70 and id = 4;
commit;
select is(pg_temp.accepts('kept@x.example'), 'over', 'whoever has lost what entitled them, however, is asked again at the end');
begin;
select auth.set_context(70, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.memberships set role = 'partner' where tenant_id = 70 and id = 4;
commit;
select is(pg_temp.accepts('kept@x.example'), 'joined', 'and has it back');

-- ---- T7: a suspended tenant's product hears nothing ---------------------------------------

create function pg_temp.webhook() returns text
language sql as $$ select pg_temp.as_role('sportello_jobs', null, $q$select (jobs.take_webhook('1 second')->>'tenant') = '70'$q$) $$;
create temp table before as select tenant_id, id, state, next_try_at from app.webhook_deliveries;
update app.webhook_deliveries set next_try_at = 'infinity' where tenant_id <> 70;
update app.webhook_deliveries set state = 1, next_try_at = now() - interval '1 hour' where tenant_id = 70;
update app.tenants set suspended_at = now() where tenant_id = 70;
select is(pg_temp.webhook(), null, 'suspended: nothing goes out');
update app.tenants set suspended_at = null where tenant_id = 70;
update app.webhooks set is_on = false where tenant_id = 70;
select is(pg_temp.webhook(), null, 'switched off: neither');
update app.webhooks set is_on = true where tenant_id = 70;
select is(pg_temp.webhook(), 'true', 'then it goes on');
update app.webhook_deliveries set state = 1, next_try_at = now() - interval '1 hour' where tenant_id = 70;
select is(pg_temp.webhook(), null, 'one of a tenant is on its way at a time');
update app.webhooks set next_at = '-infinity' where tenant_id = 70;
select is(pg_temp.webhook(), 'true', 'then the next');
update app.webhooks set next_at = '-infinity' where tenant_id = 70;
update app.webhook_deliveries w set state = b.state, next_try_at = b.next_try_at from before b
  where b.tenant_id = w.tenant_id and b.id = w.id;

-- ---- T9: jobs work by turns ------------------------------------------------------------------

\set busy 700000000000000
\set calm 700000000000001
insert into app.tenants (tenant_id, slug, name) values (:busy, 'busy', 'Busy'), (:calm, 'calm', 'Calm');
create temp table waited as table app.event_queue;
delete from app.event_queue;
with e as (insert into app.events (tenant_id, kind) select case when n <= 200 then :busy else :calm end, 'person.joined'
  from generate_series(1, 201) n returning tenant_id, id)
insert into app.event_queue select tenant_id, id from e;
create temp table taken (n int, tenant bigint);
select format('insert into taken select %s, %L from (select pg_temp.as_role(''sportello_jobs'', null,
  ''select jobs.take_event()'')::bigint as id) x join app.events e on e.id = x.id and e.tenant_id = %L', n, :calm, :calm)
  from generate_series(1, 60) n \gexec
select is((select count(*) || ' ' || (min(n) <= 2) from taken), '1 true', 'one event of a calm tenant is worked on while 200 of another wait, next door to it too');
select cmp_ok((select count(*) from app.event_queue where tenant_id = :busy), '=', 141::bigint, 'which go on meanwhile');
with e as (select tenant_id, max(id) as id from app.events where tenant_id in (:busy, :calm) group by 1)
insert into app.deliveries (tenant_id, event_id, email, reason, next_try_at)
  select e.tenant_id, e.id, format('m%s@x.example', n), 'notice', now() - interval '1 hour' - n * interval '1 second'
  from e cross join generate_series(1, 200) n where e.tenant_id = :busy or n = 1;
update app.deliveries set next_try_at = next_try_at + interval '1 minute' where tenant_id = :calm;
create temp table held as select tenant_id, id, next_try_at from app.deliveries where tenant_id < 1000;
update app.deliveries set next_try_at = 'infinity' where tenant_id < 1000;
create temp table sent (n serial, id text);
select $$insert into sent (id) select pg_temp.as_role('sportello_jobs', null, $q$select jobs.take_delivery('1 hour')$q$)$$ from generate_series(1, 60) \gexec
select is((select count(*) || ' ' || (min(s.n) <= 2) from sent s join app.deliveries d on d.id::text = s.id and d.tenant_id = :calm), '1 true',
  'and so are mails, however long those of another have been due');
select is((select count(*) from sent), 60::bigint, 'each turn takes one');
update app.deliveries d set next_try_at = h.next_try_at from held h where h.tenant_id = d.tenant_id and h.id = d.id;
delete from app.deliveries where tenant_id in (:busy, :calm);
delete from app.event_queue;
-- A scanner, too.
insert into app.people (tenant_id, id, email, name) select t, 501, 'ada@x.example', 'Ada' from unnest(array[:busy, :calm]) t;
create temp table scanned as select tenant_id, id, scan_at from app.files where state = 2;
update app.files set scan_at = null where state = 2;
insert into app.files (tenant_id, id, owner_id, name, type, size, received, sha256, state, scan_at)
  select case when n <= 100 then :busy else :calm end, 9000 + n, 501, 'x', 'text/plain', 1, 1, sha256('x'), 2, now() - interval '1 hour' + n * interval '1 second' from generate_series(1, 101) n;
create temp table looked (n serial, tenant text);
select $$insert into looked (tenant) select pg_temp.as_role('sportello_jobs', null, $q$select jobs.take_scan('1 hour')->>'tenant'$q$)$$ from generate_series(1, 40) \gexec
select is((select count(*) || ' ' || (min(n) <= 2) from looked where tenant = :'calm'), '1 true', 'and so is a file, while a hundred of another tenant wait to be scanned');
select is((select count(*) from looked), 40::bigint, 'one a turn');
delete from app.files where tenant_id in (:busy, :calm) and id > 9000;
update app.files f set scan_at = s.scan_at from scanned s where s.tenant_id = f.tenant_id and s.id = f.id;
-- One that fails lets those behind it and those of others go first.
select e.id as poison from app.events e where e.tenant_id = 70 and e.ticket_id = 101 and e.kind = 'ticket.opened' \gset
select e.id as behind from app.events e where e.tenant_id = 70 and e.ticket_id = 101 and e.kind = 'ticket.replied' \gset
delete from app.deliveries where tenant_id = 70 and event_id in (:poison, :behind);
insert into app.event_queue values (70, :poison), (70, :behind);
create function public.spoilt() returns trigger language plpgsql as $$ begin raise 'spoilt'; end $$;
create trigger spoilt before insert on app.deliveries for each row when (new.event_id = :poison) execute function public.spoilt();
create function pg_temp.fan_out() returns json
language sql as $$ select pg_temp.as_role('sportello_jobs', null, 'select jobs.fan_out()')::json $$;
select is(pg_temp.fan_out()->>'failed', 'P0001', 'the oldest fails');
select is(pg_temp.fan_out()->>'event', :'behind', 'the next is worked out');
select is(pg_temp.fan_out()::text, null, 'and no other for now');
drop trigger spoilt on app.deliveries;
update app.event_queue set not_before = now() where event_id = :poison;
select ok((pg_temp.fan_out()->>'deliveries')::int > 0, 'a minute later it is tried again, and nothing is lost');
drop function public.spoilt();
-- A tenant without administrators has nobody to tell.
insert into app.events (tenant_id, kind, data) values (70, 'quota.near', '{"what": "storage", "people": null}') returning id as nobodys \gset
insert into app.event_queue values (70, :nobodys);
select is((select concat_ws(' ', x->>'event', x->>'deliveries') from pg_temp.fan_out() x), :'nobodys' || ' 0', 'what is for nobody is worked out, too');
insert into app.event_queue table waited;
select * from finish();
