-- People added to a ticket who are not there yet. In the tenant 80, made like the
-- two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (80, 'asked', 'Asked');
select fixture.fill(80, 'asked') \g /dev/null
select * from no_plan();
set story.tenant = 80;
set story.slug = 'asked';
\ir lib/story.sql
begin;
select auth.set_context(80, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.settings where tenant_id = 80;
delete from app.pending_shares where tenant_id = 80;
commit;
create function pg_temp.set_to(name text, value text) returns void
language sql as $$
  insert into app.settings (tenant_id, scope, name, value, account_id) values (80, 20, name, value, 10)
  on conflict (tenant_id, scope, name) do update set value = excluded.value $$;
create function pg_temp.within(statement text) returns void
language plpgsql as $$
begin
  perform auth.set_context(80, null, null, null, null, 0::smallint, '{}', false);
  execute statement;
end $$;
-- The codes that a list of addresses is refused with.
create function pg_temp.refused(person int, statement text) returns text
language plpgsql as $$
declare
  boss text := session_user;
  said text;
begin
  perform set_config('session_authorization', 'sportello_api', true);
  perform auth.enter('ten.asked.test', ('80/' || person)::bytea, 1::smallint, true);
  execute statement;
  perform set_config('session_authorization', boss, true);
  return 'nothing';
exception when others then
  get stacked diagnostics said = pg_exception_detail;
  return (select string_agg((x->>'detail') || ' ' || (x->>'code'), ', ') from jsonb_array_elements(nullif(said, '')::jsonb) x);
end $$;
create function pg_temp.open(key text, cc text) returns text
language sql as $$ select format('select app.open_ticket(%L, %L, %L, %L, %L)->>%L', 'Secret boiler', 'x', '<p>x</p>', key, cc, 'number') $$;
create function pg_temp.add(number int, cc text, wants text default 'shared') returns text
language sql as $$ select format('select app.share_ticket(%s, %L)->%L', number, cc, wants) $$;
create function pg_temp.pending(portal text, person int, number int) returns text
language sql as $$ select pg_temp.at(portal, person, format(
  'select string_agg((p->>%L) || %L || (p->>%L), %L) from json_array_elements(app.ticket_lists(%s)->%L) p', 'email', ' by ', 'by', ', ', number, 'pending')) $$;
create function pg_temp.invitation(address text) returns bigint
language sql as $$ select max(id) from app.invitations where tenant_id = 80 and email = address and accepted_at is null and withdrawn_at is null $$;
-- What the link of an invitation does, at the portal that it is for.
create function pg_temp.accepts(address text) returns text
language plpgsql as $$
declare
  portal bigint := (select portal_id from app.invitations where tenant_id = 80 and email = address order by created_at desc limit 1);
  who bigint := (select id from app.people where tenant_id = 80 and email = address);
begin
  perform auth.set_context(80, portal, 10, null, null, 0::smallint, '{}', false);
  who := app.accept_invitations(address, who, 'New');
  perform app.confirm_address(who, address);
  return 'joined ' || coalesce((select string_agg((a.ticket_id - 100)::text, ' ' order by a.ticket_id) from app.ticket_access a
    join app.followers f on f.tenant_id = a.tenant_id and f.ticket_id = a.ticket_id and f.person_id = who
    where a.tenant_id = 80 and a.principal = app.principal(who, 0)), 'none');
end $$;
create function pg_temp.change(portal text, person int, number int, address text, again boolean) returns text
language sql as $$ select pg_temp.at(portal, person, format('select coalesce(x->>%L, %L) from app.change_pending(%s, %s, %s) x',
  'wait', 'done', number, pg_temp.invitation(address), again::text)) $$;

-- ---- who may, and what it says -----------------------------------------------------

select is(pg_temp.at('ten', 501, pg_temp.open('pending-01', null)), '101', 'Ada opens one');
select is(pg_temp.refused(501, pg_temp.add(101, '["new1@y.example"]')), 'new1@y.example outside', 'N6: who may not invite adds nobody new');
select is(pg_temp.at('ten', 501, 'select app.find_colleagues(null, 101)->>''invite'''), 'false', 'and is told so before');
select is(pg_temp.at('ten', 509, 'select app.find_colleagues(null, 102)->>''invite'''), 'PT403', 'nobody by what is not there');
select is(pg_temp.at('ten', 509, pg_temp.open('pending-02', '["new1@y.example", "NEW1@y.example ", "cy@x.example"]')), '102', 'Chief, who may, opens one with somebody new');
select is(pg_temp.at('ten', 509, 'select app.find_colleagues(null, 102)->>''invite'''), 'true', 'who may, reads so before');
select is(pg_temp.pending('ten', 509, 102), 'new1@y.example by 509', 'who is listed, once, with who asked them');
select is(pg_temp.pending('sub', 503, 102), 'new1@y.example by 509', 'to Cy, who is in it');
select is(pg_temp.pending('desk', 507, 102), 'new1@y.example by 509', 'and to the desk');
select is(pg_temp.pending('ten', 501, 102), 'PT404', 'to nobody who does not see the ticket');
select is(pg_temp.at('ten', 501, 'select count(*) from app.pending_shares'), '42501', 'and no table tells it');
select is((select role || ' ' || account_id || ' ' || portal_id || coalesce(' ' || scope_id, '') from app.invitations where id = pg_temp.invitation('new1@y.example')),
  'member 10 110', 'it is an invitation as any other');
select is((select string_agg(kind || ' ' || coalesce(ticket_id::text, '-'), ', ' order by id) from app.events where tenant_id = 80 and data ? 'one_time'),
  'person.invited -', 'whose mail knows no ticket');
select ok(not exists (select from app.events e where e.tenant_id = 80 and e.data ? 'one_time' and e.data::text ~ 'boiler|"ticket'), 'and none of its words');
select is((select count(*)::int from app.people where tenant_id = 80 and email = 'new1@y.example'), 0, 'nobody is made before');

-- P7: who would come in as what may not use support is not invited to it.
select pg_temp.set_to('support_users', 'account_admin');
select is(pg_temp.refused(509, pg_temp.add(102, '["new2@y.example", "bob@x.example"]')), 'bob@x.example not_allowed', 'P7: a colleague who may not use support is refused');
select is(pg_temp.refused(509, pg_temp.add(102, '["new2@y.example"]')), 'new2@y.example members', 'P7: and who would be no use as a member');
select is(pg_temp.invitation('new2@y.example'), null, 'without an invitation');
delete from app.settings where tenant_id = 80;

-- ---- one invitation for several tickets ---------------------------------------------

select pg_temp.set_to('inviters', 'account_admin main_user');
select is(pg_temp.at('ten', 502, pg_temp.add(101, '["new1@y.example"]')), '[501]', 'Bob does, and adds the same address');
select is(pg_temp.at('ten', 502, pg_temp.add(101, '["new1@y.example"]')), '[501]', 'twice is once');
select is(pg_temp.pending('ten', 501, 101), 'new1@y.example by 502', 'it is listed there too');
select is((select count(*)::int from app.events where tenant_id = 80 and kind = 'person.invited'), 1, 'by the same invitation and the same mail');
select is(pg_temp.accepts('new1@y.example'), 'joined 1 2', 'accepted: in both, by their own access, and following');
select is(pg_temp.pending('ten', 501, 101), null, 'and pending no more');
select is((select string_agg(ticket_id - 100 || ' ' || actor_id || ' ' || (comment_id is not null), ', ' order by ticket_id)
  from app.events where tenant_id = 80 and kind = 'ticket.shared'), '1 502 true, 2 509 true', 'their mail says who wanted them, with what was asked');
select is(pg_temp.job(format($q$select string_agg(split_part(email, '@', 1) || ' ' || reason, ', ') from jobs.ticket_recipients(%s)$q$,
  (select max(id) from app.events where tenant_id = 80 and kind = 'ticket.shared'))), 'new1 access', 'which nobody else gets');
select is(pg_temp.accepts('new1@y.example'), 'joined 1 2', 'accepted twice is once');

-- ---- what ends it --------------------------------------------------------------------

create function pg_temp.ask(address text) returns text
language sql as $$ select pg_temp.at('ten', 502, pg_temp.add(101, format('["%s"]', address), 'mine')) $$;
select pg_temp.ask('out@y.example') \g /dev/null
select is(pg_temp.change('thirty', 505, 101, 'out@y.example', false), 'PT404', 'who does not see the ticket removes nobody');
select is(pg_temp.change('ten', 501, 101, 'out@y.example', false), 'done', 'Ada, who does, takes them off again');
select is(pg_temp.pending('ten', 502, 101), null, 'for everybody');
select is(pg_temp.accepts('out@y.example'), 'joined none', 'the invitation was not hers to withdraw: they come in, and into no ticket');
select pg_temp.ask('typo@y.example') \g /dev/null
select is(pg_temp.change('ten', 502, 101, 'typo@y.example', false), 'done', 'Bob takes his own off');
select is(pg_temp.invitation('typo@y.example'), null, 'and the invitation with it, which was for this alone');
select is(pg_temp.at('ten', 502, $$select app.change_pending(101, 1, false)->'pending'$$), '[]', 'what is not there is gone already');
select is(pg_temp.at('ten', 502, $$select app.change_pending(101, 1, true)$$), 'PT404', 'and is not sent again');
select pg_temp.ask('back@y.example') \g /dev/null
select is(pg_temp.at('ten', 502, format('select (app.change_invitation(%s, false)->>%L) is not null', pg_temp.invitation('back@y.example'), 'id')), 'true', 'Bob withdraws an invitation');
select is(pg_temp.pending('ten', 502, 101), null, 'which ends it at the ticket');
select is((select count(*)::int from app.pending_shares where tenant_id = 80), 0, 'leaving nothing');
select pg_temp.ask('late@y.example') \g /dev/null
select is(pg_temp.change('ten', 501, 101, 'late@y.example', true), 'PT403', 'Ada, who may bring nobody in, sends none again');
select is(pg_temp.change('desk', 507, 101, 'late@y.example', true), 'PT403', 'support neither');
select is(pg_temp.at('ten', 501, $$select app.ticket_lists(101) #>> '{pending,0,again}'$$), 'false', 'as she reads before');
select is(pg_temp.at('ten', 502, $$select app.ticket_lists(101) #>> '{pending,0,again}'$$), 'true', 'and Bob, who may');
select is(pg_temp.change('ten', 509, 101, 'late@y.example', true), 'done', 'Chief, who may, does, though it is Bob''s');
create temp table again (n int, answer text);
select format($$insert into again values (%s, pg_temp.change('ten', 502, 101, 'late@y.example', true))$$, n) from generate_series(1, 4) n \gexec
select is((select string_agg(answer, ' ' order by n) from again), 'done done done 3600', 'not for ever');
update app.invitations set expires_at = now() - interval '1 minute' where tenant_id = 80 and email = 'late@y.example';
select is(pg_temp.pending('ten', 502, 101), null, 'an expired one is no more');
select pg_temp.within($$update app.invitations set expires_at = now() + interval '1 day' where tenant_id = 80 and email = 'late@y.example'$$);
select is(pg_temp.accepts('late@y.example'), 'joined none', 'and sent anew it is for no ticket');
select is(pg_temp.refused(502, pg_temp.add(101, '["often@y.example", "ok@y.example"]')), 'nothing', 'two are asked');
select format($$select pg_temp.change('ten', 502, 101, 'often@y.example', true) || %L$$, n) from generate_series(1, 4) n \gexec
select pg_temp.change('ten', 502, 101, 'often@y.example', false) \g /dev/null
select is(pg_temp.refused(502, pg_temp.add(101, '["more@y.example", "often@y.example"]')), 'often@y.example wait', 'an address is invited five times an hour');
select is(pg_temp.invitation('more@y.example'), null, 'and then nobody of the list is');

-- ---- what may have changed when they accept --------------------------------------------

select pg_temp.ask('closed@y.example') \g /dev/null
select pg_temp.within($$update app.tickets set status = 6 where tenant_id = 80 and id = 101$$);
select is(pg_temp.accepts('closed@y.example'), 'joined 1', 'a ticket that is closed meanwhile is there to read');
select pg_temp.within($$update app.tickets set status = 1 where tenant_id = 80 and id = 101$$);
select is(pg_temp.accepts('ok@y.example'), 'joined 1', 'the other one');
select pg_temp.set_to('inviters', 'account_admin main_user member');
select is(pg_temp.at('ten', 502, pg_temp.open('pending-03', '["ada@x.example"]')), '103', 'Bob opens one with Ada');
select is(pg_temp.at('ten', 501, pg_temp.add(103, '["guest@y.example"]', 'mine')), '"all"', 'who asks somebody');
select is(pg_temp.pending('ten', 502, 103), 'guest@y.example by 501', 'as he sees');
select is(pg_temp.at('ten', 502, 'select app.unshare_ticket(103, 501)->''pending'''), '[]', 'and is taken out: nobody joins by her');
select is(pg_temp.accepts('guest@y.example'), 'joined none', 'but to the portal');
select is(pg_temp.at('ten', 502, pg_temp.open('pending-04', '["guest2@y.example"]')), '104', 'Bob opens another');
select pg_temp.set_to('support_users', 'member');
select is(pg_temp.accepts('guest2@y.example'), 'joined none', 'nor by who may not use support any more');
delete from app.settings where tenant_id = 80 and name = 'support_users';
select is(pg_temp.at('ten', 502, pg_temp.open('pending-05', '["guest3@y.example"]')), '105', 'Bob opens one');
select pg_temp.within($$update app.memberships set role = 'member' where tenant_id = 80 and id = 2$$);
select is(pg_temp.pending('ten', 502, 105), null, 'who is less now: what he offered counts no more');
select is((select count(*)::int from app.pending_shares where tenant_id = 80 and added_by = 502), 1, 'until he has what he had');
select pg_temp.within($$delete from app.memberships where tenant_id = 80 and id = 2$$);
select is((select count(*)::int from app.pending_shares where tenant_id = 80 and added_by = 502), 0, 'with their membership goes whom they asked');

-- ---- how many --------------------------------------------------------------------------

select is(pg_temp.at('ten', 509, pg_temp.open('pending-06', (select json_agg('crowd' || i || '@y.example')::text from generate_series(1, 20) i))), '106', 'twenty are asked');
select is(pg_temp.at('ten', 509, pg_temp.add(106, '["cy@x.example"]')), 'PT422 tickets_cc.too_many', 'and not one more, who is here');
select is(pg_temp.at('ten', 509, pg_temp.add(106, '["crowd21@y.example"]')), 'PT422 tickets_cc.too_many', 'or not');
select is(pg_temp.accepts('crowd1@y.example'), 'joined 6', 'they come in');
update app.invitations set expires_at = now() - interval '1 minute' where tenant_id = 80 and email = 'crowd2@y.example';
select is(pg_temp.at('ten', 509, pg_temp.add(106, '["cy@x.example"]', 'mine')), '"all"', 'one whose time is over takes no room');
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at) values (80, 106, app.principal(501, 0), now());
select is(pg_temp.accepts('crowd3@y.example'), 'joined none', 'where there is one too many they come in all the same, and not into it');
delete from app.ticket_access where tenant_id = 80 and ticket_id = 106 and principal = app.principal(501, 0);

-- ---- at a sub-portal ------------------------------------------------------------------

select pg_temp.set_to('inviters', 'account_admin member');
select is(pg_temp.at('sub', 503, pg_temp.open('pending-07', '["below@y.example"]')), '107', 'Cy, of a sub-portal, asks somebody');
select is((select role || ' ' || portal_id || ' ' || scope_id from app.invitations where id = pg_temp.invitation('below@y.example')), 'member 111 111', 'to that alone');
select is(pg_temp.accepts('below@y.example'), 'joined 7', 'who joins');

-- ---- N7: split and merged ---------------------------------------------------------------

select pg_temp.set_to('inviters', 'account_admin member');
select count(*) as mails from app.events where tenant_id = 80 and kind = 'person.invited' \gset
select is(pg_temp.at('ten', 501, pg_temp.open('pending-08', '["two@y.example"]')), '108', 'Ada asks somebody to one with two problems');
select is(pg_temp.at('desk', 507, format('select app.split_ticket(108, %L, %L, %L)->>%L', 'The other', (select jsonb_agg(id) from app.comments where tenant_id = 80 and ticket_id = 108), 'pending-09', 'number')), '109', 'which is split');
select is(pg_temp.pending('ten', 501, 109), 'two@y.example by 501', 'they are asked to both');
select is((select count(*)::int from app.events where tenant_id = 80 and kind = 'person.invited'), :mails + 1, 'by one mail');
select is(pg_temp.at('ten', 509, pg_temp.open('pending-10', '["same@y.example"]')), '110', 'Chief opens the same');
select is(pg_temp.at('ten', 509, pg_temp.add(108, '["bobs@y.example"]', 'mine')), '"none"', 'and asks somebody to Ada''s');
create function pg_temp.would(kept int) returns text language sql as $$
  select pg_temp.at('desk', 507, format('select string_agg(concat_ws(%L, p->>%L, p->>%L), %L) from json_array_elements(app.see_merge(108, %s)->%L) p', ' by ', 'email', 'by', ', ', kept, 'pending')) $$;
select is(pg_temp.would(110), 'two@y.example by 501, bobs@y.example', 'who would be asked to the other one is told before: Ada''s only if she sees it');
select is(pg_temp.at('desk', 507, $$select app.merge_ticket(108, 110, '[]')->>'number'$$), '110', 'merged without her');
select is(pg_temp.pending('ten', 509, 110), 'same@y.example by 509, bobs@y.example by 509', 'Chief''s go along');
select is(pg_temp.pending('ten', 501, 108), 'two@y.example by 501, bobs@y.example by 509', 'and are where they were');
select is(pg_temp.accepts('bobs@y.example'), 'joined 8 10', 'they join both');
select is(pg_temp.accepts('two@y.example'), 'joined 8 9', 'Ada''s does not come into what she does not see');
select is(pg_temp.at('ten', 501, pg_temp.open('pending-11', '["three@y.example", "same@y.example"]')), '111', 'Ada opens it once more');
select is(pg_temp.at('desk', 507, $$select app.merge_ticket(111, 110, '[501]')->>'number'$$), '110', 'merged with her');
select is(pg_temp.pending('ten', 501, 110), 'same@y.example by 509, three@y.example by 501', 'hers go along then, each once');
select is(pg_temp.at('ten', 509, pg_temp.open('pending-12', (select json_agg('crowd' || i || '@y.example')::text from generate_series(3, 20) i))), '112', 'a full one');
select is(pg_temp.at('desk', 507, $$select app.merge_ticket(112, 110, '[]')->>'number'$$), '110', 'is merged too');
select is((select count(*)::int from app.ticket_access where tenant_id = 80 and ticket_id = 110 and principal % 4 = 0) + (select count(*)::int from app.pending_shares where tenant_id = 80 and ticket_id = 110), 21, 'as far as there is room');

-- V7: open pages hear of it.
create function pg_temp.hinted(number int) returns bigint language sql as $$
  select count(*) from app.events where tenant_id = 80 and ticket_id = number and kind = 'ticket.asked' $$;
select is(pg_temp.at('ten', 509, pg_temp.open('pending-13', null)), '113', 'one with nobody');
select is(pg_temp.at('ten', 509, pg_temp.add(113, '["live@y.example"]', 'mine')), '"all"', 'somebody is asked');
select is(pg_temp.hinted(113), 1::bigint, 'V7: whoever has it open hears of that');
select is(pg_temp.change('ten', 509, 113, 'live@y.example', false), 'done', 'taken off');
select is(pg_temp.hinted(113), 2::bigint, 'and of that');
select is(pg_temp.job(format('select count(*) from jobs.ticket_recipients(%s)', (select max(id) from app.events where tenant_id = 80 and kind = 'ticket.asked'))), '0', 'nobody has mail of it');
select is(pg_temp.job(format('select app.is_desks_alone(%L, %L, 10, 110)', 'ticket.asked', '{}')), 'false', 'and it is not the desk''s alone');
select * from finish();
