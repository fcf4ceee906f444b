-- P9: whom mail goes to: support contacts are asked first, and nobody
-- reads what people wrote at an address that is not proven. In the tenant 44,
-- like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (44, 'proofs', 'Proofs');
select fixture.fill(44, 'proofs') \g /dev/null
select * from no_plan();
set story.tenant = 44;
set story.slug = 'proofs';
\ir lib/story.sql
create function pg_temp.own(statement text) returns void language plpgsql as $$
begin
  perform auth.set_context(44, null, null, null, null, 0::smallint, '{}', false);
  execute statement;
end $$;
create function pg_temp.change(added text, removed text, key text, account bigint default 30) returns text language sql as $$
  select pg_temp.at(case account when 30 then 'partner' else 'desk' end, case account when 30 then 504 else 508 end,
    format('select json_array_length(app.change_contacts(%s, %L, %L, %L)->''contacts'')', account, added, removed, key)) $$;
create function pg_temp.states(account bigint default 30) returns text language sql as $$
  select string_agg(split_part(email, '@', 1) || ' ' || state, ', ' order by email) from app.support_contacts where tenant_id = 44 and account_id = account $$;
create function pg_temp.shown(address text) returns text language sql as $$
  select pg_temp.at('partner', 504, format($q$select concat_ws(' ', c->>'state', c->>'mail')
    from json_array_elements(app.contacts_of(30)) c where c->>'email' = %L$q$, address)) $$;
create function pg_temp.again(address text, who int default 504) returns text language sql as $$
  select pg_temp.at('partner', who, format('select coalesce(x->>''wait'', ''asked'') from app.ask_contact_again(30, %L) x', address)) $$;
-- The newest link that went to an address.
create function pg_temp.link(address text) returns text language sql as $$
  select auth.one_time_token(44, 'contact', id) from app.one_time where tenant_id = 44 and kind = 'contact' and email = address
  order by created_at desc, id desc limit 1 $$;
create function pg_temp.follow(address text, no boolean) returns text language sql as $$
  select pg_temp.as_role('sportello_api', 'select auth.enter(''thirty.proofs.test'', null, 0::smallint, true)',
    format('select coalesce(x->>''status'', concat_ws('' '', case when (x->>''accepted'')::boolean then ''yes'' end, case when (x->>''refused'')::boolean then ''no'' end))
      from app.follow_link(%L, %L) x', pg_temp.link(address), no)) $$;
create function pg_temp.told(at_desk text, account int default 30) returns text language sql as $$
  select pg_temp.at('thirty', 505, format($q$select string_agg(i->>'name', ', ') from json_array_elements(app.written_to_instead(%s, %s)) i$q$, account, at_desk)) $$;
create function pg_temp.written(kind text, ticket int) returns text language sql as $$
  select pg_temp.job(format($q$select string_agg(split_part(email, '@', 1) || ' ' || reason, ', ' order by email) from jobs.ticket_recipients(%s)$q$,
    (select id from app.events e where tenant_id = 44 and e.kind = written.kind and ticket_id = ticket order by id desc limit 1))) $$;

-- ---- a bare address is asked -----------------------------------------------------

select is(pg_temp.change('["nis@y.example"]', '[]', 'proofs-001'), '2', 'a partner names an address that nobody knows');
select is(pg_temp.states(), 'nis 4, pam 1', 'which is asked; staff, whose address is proven, works at once');
select is((select data->'args' || jsonb_build_object('account_of_the_record', account_id, 'path', data->>'path') from app.events where tenant_id = 44 and kind = 'contact.asked'),
  '{"by": "pam@x.example", "contact": "nis@y.example", "account_of_the_record": 30, "path": "/confirm/"}', 'the mail says whose address named them, and not for whom');
select is(pg_temp.job(format('select string_agg(email || '' '' || reason, '','') from jobs.notice_recipients(%s)',
  (select max(id) from app.events where tenant_id = 44 and kind = 'contact.asked'))), 'nis@y.example notice', 'it goes there and nowhere else');
select is(pg_temp.shown('nis@y.example'), 'asked sending', 'the page says how far it is');
select is(pg_temp.at('thirty', 505, $$select app.open_ticket('Phone', 'x', '<p>x</p>', 'proofs-002')$$), '{"number" : 101}', 'a report');
select is(pg_temp.written('ticket.opened', 101), 'pam support_contact', 'goes to who has said yes only');
select is(pg_temp.follow('nis@y.example', false), 'yes', 'yes');
select is(pg_temp.states(), 'nis 1, pam 1', 'then it works');
select is(pg_temp.written('ticket.opened', 101), 'nis support_contact, pam support_contact', 'and gets them');
select is(pg_temp.again('nis@y.example'), 'PT404', 'and is asked no more');
select is(pg_temp.at('ten', 509, $$select app.ask_contact_again(30, 'nis@y.example')$$), 'PT403', 'by nobody who does not keep the account''s contacts');
select is(pg_temp.follow('nis@y.example', true), 'no', 'the link also takes it back');
select is(pg_temp.states(), 'nis 5, pam 1', 'and keeps it');
select is(pg_temp.shown('nis@y.example'), 'declined', 'administrators see that, and no more');
select is(pg_temp.written('ticket.opened', 101), 'pam support_contact', 'nothing goes there');
select is(pg_temp.again('nis@y.example'), 'PT404', 'nor is it asked');
select is(pg_temp.change('[]', '["nis@y.example"]', 'proofs-003'), '1', 'removed');
select is(pg_temp.change('["nis@y.example"]', '[]', 'proofs-004'), '2', 'and named again');
select is(pg_temp.states(), 'nis 5, pam 1', 'it still does not want it');
select is((select count(*)::int from app.events where tenant_id = 44 and kind = 'contact.asked'), 1, 'and is not asked');
select is(pg_temp.change('["nis@y.example"]', '[]', 'proofs-005', 10), '2', 'another account names it');
select is(pg_temp.states(10), 'contact 1, nis 4', 'where nobody learns of that');
select is(pg_temp.job(format('select jobs.may_write_to(''nis@y.example'', %s)', (select max(id) from app.events where tenant_id = 44 and kind = 'contact.asked'))),
  'false', 'but nothing is sent: never is never');
select is(pg_temp.job(format('select jobs.may_write_to(''other@y.example'', %s)', (select max(id) from app.events where tenant_id = 44 and kind = 'contact.asked'))),
  'true', 'others are asked');

-- ---- how often -------------------------------------------------------------------

select is(pg_temp.change('["slow@y.example"]', '["nis@y.example"]', 'proofs-006'), '2', 'one who takes their time');
select format('select is(pg_temp.again(%L), %L, %L)', 'slow@y.example', case when i < 5 then 'asked' else '3600' end, 'mail ' || i + 1 || ' in an hour') from generate_series(1, 6) i \gexec
select is((select count(*)::int from app.one_time where tenant_id = 44 and email = 'slow@y.example' and used_at is null), 1, 'the newest link is the one that works');
select is(pg_temp.change('[' || (select string_agg(format('"p%s@y.example"', i), ', ') from generate_series(1, 40) i) || ']', '[]', 'proofs-007'), '42', 'forty at once');
select is((select count(*) filter (where event_id is not null) || ' of ' || count(*) from app.support_contacts where tenant_id = 44 and email like 'p%@y.example'),
  '22 of 40', 'are there, and thirty mails an hour are all that one person sends');
select is((select pg_temp.shown(min(email)) from app.support_contacts where tenant_id = 44 and email like 'p%@y.example' and event_id is null),
  'asked', 'of the others the page says that they were not asked yet');
select is(pg_temp.job(format('select count(*) from generate_series(1, 25) where jobs.may_write_to(''slow@y.example'', %s)',
  (select max(id) from app.events where tenant_id = 44 and kind = 'contact.asked'))), '20', 'an address gets twenty a day from all tenants');
select is(pg_temp.change('[]', (select json_agg(format('p%s@y.example', i))::text from generate_series(1, 40) i), 'proofs-008'), '2', 'away with them');

-- ---- while nobody has said yes --------------------------------------------------

select is(pg_temp.change('[]', '["pam@x.example"]', 'proofs-009'), '1', 'one who was asked is enough to be the only one');
select is(pg_temp.change('[]', '["slow@y.example"]', 'proofs-010'), 'PT422 accounts_contacts.required', 'and can''t be removed');
select is(pg_temp.states(), 'slow 4', 'nobody has said yes');
select is(pg_temp.sees('desk', 507, 101), '0', 'the report stays the partner''s');
select is(pg_temp.written('ticket.opened', 101), 'pam access', 'whose staff is written to instead');
select is(pg_temp.told('false'), 'Partner proofs', 'as the ticket says');
select is(pg_temp.told('null'), 'Partner proofs', 'and the page of support');
select is(pg_temp.told('true'), 'Partner proofs, Proofs', 'a ticket at the desk: the tenant too');
select is(pg_temp.told('null', 10), null, 'of an account whose contact has said yes nobody');
select pg_temp.own('update app.confirmations set email = ''was'' || email where tenant_id = 44 and person_id = 504') \g /dev/null
select is(pg_temp.told('null'), 'Proofs', 'where nobody stands in, the tenant alone');
select pg_temp.own('update app.confirmations set email = substr(email, 4) where tenant_id = 44 and person_id = 504') \g /dev/null
select is(pg_temp.at('thirty', 505, $$select app.open_ticket('Fax', 'x', '<p>x</p>', 'proofs-011')$$), '{"number" : 102}', 'so is a new one');
select is(pg_temp.sees('desk', 507, 102), '0', 'which is the partner''s too');
select is(pg_temp.follow('slow@y.example', true), 'no', 'when the only one says no');
select is(pg_temp.sees('desk', 507, 101), '1', 'the tenant has it');
select is(pg_temp.told('true'), null, 'and nothing is awaited');
select is(pg_temp.sees('desk', 507, 102), '1', 'and the other');
select is((select count(*)::int from app.events where tenant_id = 44 and kind = 'account.unreachable' and account_id = 30), 1, 'and its administrators are told');
select is(pg_temp.change('["pam@x.example"]', '["slow@y.example"]', 'proofs-012'), '1', 'back to Pam');

-- ---- whose address others moved --------------------------------------------------

-- As when an administrator of account 10 has moved it; who may is in moves.sql.
create function pg_temp.move(person bigint, name text) returns void language sql as $$
  select pg_temp.own(format($q$insert into app.email_changes (tenant_id, person_id, account_id, portal_id, old_email, new_email, asked_by, due_at)
      values (44, %s, 10, 110, %L, %L, 509, now());
    select app.carry_out_move(c) from app.email_changes c where c.tenant_id = 44 and c.person_id = %1$s and c.done_at is null$q$,
    person, name || '@x.example', name || '@y.example')) $$;

select is(pg_temp.at('thirty', 505, $$select app.open_ticket('Pager', 'x', '<p>x</p>', 'proofs-013')$$), '{"number" : 103}', 'a report');
select pg_temp.move(504, 'pam') \g /dev/null
select is(pg_temp.states(), 'pam 4', 'a contact goes along with a login that was moved');
select is((select email from app.support_contacts where tenant_id = 44 and account_id = 30), 'pam@y.example', 'to the new address');
select is(pg_temp.written('ticket.opened', 103), 'admin desk, agent desk, only desk', 'which reads nothing before it is proven: there is nobody else, so the tenant has it');
select pg_temp.own($$insert into app.confirmations (tenant_id, person_id, portal_id, email) values (44, 504, 120, 'pam@y.example')$$) \g /dev/null
select is(pg_temp.states(), 'pam 1', 'proven, it works');
select is(pg_temp.written('ticket.opened', 103), 'admin desk, agent desk, only desk, pam support_contact', 'as before');
begin;
select pg_temp.own($$insert into app.deliveries (tenant_id, event_id, email, person_id, reason)
  select 44, max(id), 'dee@x.example', 505, 'requester' from app.events where tenant_id = 44 and kind = 'ticket.opened'$$) \g /dev/null
commit;
create function pg_temp.may_see(address text) returns text language sql as $$
  select pg_temp.job(format('select jobs.ticket_mail(%s, ''https'', '''')->>''may_see''', id)) from app.deliveries where tenant_id = 44 and email = address order by id desc limit 1 $$;
select is(pg_temp.may_see('dee@x.example'), 'true', 'a mail that waits');
select pg_temp.move(505, 'dee') \g /dev/null
select is(pg_temp.may_see('dee@x.example'), 'false', 'does not go to an address that was given up');

-- ---- notices carry nobody's words to such an address ------------------------------

create function pg_temp.notice(what text, address text) returns jsonb language sql as $$
  select (pg_temp.job(format($q$insert into app.deliveries (tenant_id, event_id, email, person_id, reason)
      select 44, %1$s, r.email, r.person_id, r.reason from jobs.notice_recipients(%1$s) r on conflict do nothing;
    select coalesce((m->'notice'->'args')::jsonb, '{}') || jsonb_build_object('name', m->'recipient'->>'name') from app.deliveries d, jobs.notice_mail(d.id, 'https', '') m
      where d.tenant_id = 44 and d.event_id = %1$s and d.email = %2$L$q$, max(e.id), address)))::jsonb
  from app.events e where e.tenant_id = 44 and e.kind = what $$;
select pg_temp.own('select app.hand_over(103, ''partner'')') \g /dev/null
select is(pg_temp.notice('ticket.escalated', 'dee@y.example') @> '{"title": "#103", "number": "103", "tenant": "Proofs", "name": null}', true, 'an address nobody has proven reads no title and no name');
select pg_temp.own($$insert into app.confirmations (tenant_id, person_id, portal_id, email) values (44, 505, 130, 'dee@y.example')$$) \g /dev/null
select is(pg_temp.notice('ticket.escalated', 'dee@y.example') @> '{"title": "Pager", "name": "Dee proofs"}', true, 'proven, it does');
select is(pg_temp.at('ten', 509, $$select app.move_login(502, 10, 'bob3@y.example')->>'due_at' is not null$$), 'true', 'a login is to be moved');
select is(pg_temp.notice('address.moving_told', 'chief@x.example')->>'person', 'Bob proofs', 'administrators read whose');
select pg_temp.own($$delete from app.confirmations where tenant_id = 44 and person_id = 509$$) \g /dev/null
select is(pg_temp.notice('address.moving_told', 'chief@x.example')->>'person', 'bob@x.example', 'by the name, or else by the address');

-- ---- P1: how far an invitation's mail is -------------------------------------------

select is(pg_temp.at('ten', 509, $$select app.invite('guest@y.example', 'member', 10, null, false, 'proofs-020')->>'email'$$), 'guest@y.example', 'somebody is invited');
create function pg_temp.state() returns text language sql as $$
  select pg_temp.at('ten', 509, $q$select app.invitation_state(i) from app.invitations i where i.email = 'guest@y.example'$q$) $$;
select is(pg_temp.state(), 'sending', 'the mail is on its way');
begin;
select pg_temp.own($$insert into app.deliveries (tenant_id, event_id, email, reason) select 44, event_id, email, 'notice' from app.invitations where tenant_id = 44 and email = 'guest@y.example'$$) \g /dev/null
commit;
select format('update app.deliveries set state = %s, answer = %L where tenant_id = 44 and email = %L; select is(pg_temp.state(), %L, %L)',
    v.state, v.answer, 'guest@y.example', v.wants, v.says)
  from (values (2, '250 ok', 'sent', 'taken'), (3, '550 5.1.1 nobody', 'bounced', 'what a server refused has bounced'),
    (3, 'not made: the template', 'unsent', 'what never came to one has not'), (3, 'timed out', 'unsent', 'nor what nobody took in three days'),
    (4, 'not sent: too late', 'late', 'nor what was too late'), (1, '450 later', 'sending', 'it is tried again')) v (state, answer, wants, says) \gexec
create function pg_temp.held() returns text language sql as $$
  select concat_ws(' ', state, attempts, case when next_try_at > now() + interval '50 minutes' then 'in an hour' end) from app.deliveries where tenant_id = 44 and email = 'guest@y.example' $$;
update app.deliveries set attempts = 1 where tenant_id = 44 and email = 'guest@y.example';
select is(pg_temp.job(format('select jobs.hold(%s)', (select id from app.deliveries where tenant_id = 44 and email = 'guest@y.example'))), '', 'too much mail to that address');
select is(pg_temp.held(), '1 0 in an hour', 'it waits, and that was no try');
update app.events set created_at = now() - interval '2 days' where tenant_id = 44 and id = (select event_id from app.invitations where tenant_id = 44 and email = 'guest@y.example');
select is(pg_temp.job(format('select jobs.hold(%s)', (select id from app.deliveries where tenant_id = 44 and email = 'guest@y.example'))), '', 'after a day');
select is(pg_temp.state(), 'late', 'it is too late');
update app.deliveries set next_try_at = now() - interval '89 days' where tenant_id = 44 and email = 'guest@y.example';
select pg_temp.as_role('sportello_jobs', null, 'select jobs.sweep()') \g /dev/null
select is(pg_temp.state(), 'late', 'which is known for ninety days');
update app.deliveries set next_try_at = now() - interval '91 days' where tenant_id = 44 and email = 'guest@y.example';
insert into app.deliveries (tenant_id, event_id, email, reason, next_try_at) select 44, event_id, 'waits@y.example', 'notice', now() - interval '91 days' from app.invitations where tenant_id = 44 and email = 'guest@y.example';
select pg_temp.as_role('sportello_jobs', null, 'select jobs.sweep()') \g /dev/null
select is((select string_agg(email, ' ') from app.deliveries d where tenant_id = 44 and event_id = (select i.event_id from app.invitations i where i.tenant_id = 44 and i.email = 'guest@y.example')),
  'waits@y.example', 'then it is forgotten, but for what still waits');
delete from app.deliveries where tenant_id = 44 and email = 'waits@y.example';
update app.events set created_at = now() - interval '91 days' where tenant_id = 44 and id = (select event_id from app.invitations where tenant_id = 44 and email = 'guest@y.example');
select is(pg_temp.at('ten', 509, format('select coalesce(app.mail_state(%s), ''-'')', (select event_id from app.invitations where tenant_id = 44 and email = 'guest@y.example'))), '-', 'and what is that old is not said to be on its way');
select * from finish();
