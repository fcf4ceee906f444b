-- Service status by mail: whom an update reaches, in turns, and in which language. In the
-- tenant 49, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (49, 'updates', 'Updates');
select fixture.fill(49, 'updates') \g /dev/null
select * from no_plan();
set story.tenant = 49;
set story.slug = 'updates';
\ir lib/story.sql
begin;
select auth.set_context(49, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.incidents where tenant_id = 49;
delete from app.components where tenant_id = 49;
delete from app.status_subscribers where tenant_id = 49;
delete from app.settings where tenant_id = 49;
delete from app.event_queue;
insert into app.components (tenant_id, id, parent_id, position, names, portals) values
  (49, 1, null, 1, '{"en": "Mail"}', '{}'), (49, 2, 1, 1, '{"en": "Inbound"}', '{}'), (49, 3, null, 2, '{"en": "Print"}', '{111}');
insert into app.incidents (tenant_id, id, kind, state, titles, portals, components, starts_at, ends_at) values
  (49, 1, 'incident', 1, '{"en": "Slow", "de": "Langsam"}', '{}', '{2}', now() - interval '1 hour', null),
  (49, 2, 'incident', 1, '{"en": "Below"}', '{111}', '{}', now() - interval '1 hour', null),
  (49, 3, 'incident', 4, '{"en": "Over"}', '{}', '{}', now() - interval '2 hours', now() - interval '1 hour'),
  (49, 4, 'maintenance', null, '{"en": "Soon"}', '{}', '{}', now() + interval '1 day', now() + interval '2 days');
-- All of ten, of the sub-portal, some who chose.
insert into app.status_subscribers (tenant_id, id, portal_id, email, language, components, since)
  select 49, n, 110, 'reader-' || n || '@x.example', 'de', '{}'::bigint[], now() - interval '1 day' from generate_series(1, 1200) n
  union all values (49, 2001, 110, 'mail@x.example', 'en', '{1}'::bigint[], now() - interval '1 day'), (49, 2002, 110, 'inbound@x.example', 'en', '{2}', now() - interval '1 day'),
    (49, 2003, 110, 'print@x.example', 'en', '{3}', now() - interval '1 day'), (49, 2004, 111, 'sub@x.example', 'it', '{}', now() - interval '1 day'),
    (49, 2005, 111, 'mail@x.example', 'en', '{}', now() - interval '1 day'), (49, 2006, 120, 'away@x.example', 'en', '{3}', now() - interval '1 day');
insert into app.status_subscribers (tenant_id, id, portal_id, person_id, since) values (49, 2007, 110, 501, now() - interval '1 day'), (49, 2008, 110, 510, now() - interval '1 day');
update app.people set locale = 'sv' where tenant_id = 49 and id = 501;
commit;

create function pg_temp.fan_out() returns json
language sql as $$ select pg_temp.as_role('sportello_jobs', null, 'select jobs.fan_out()')::json $$;
-- Works out all that waits, and keeps how many mails each call made that made any.
create procedure pg_temp.turns() language plpgsql as $$
declare
  before bigint := (select count(*) from app.deliveries where tenant_id = 49);
  now_there bigint;
  made text := '';
begin
  for i in 1..50 loop
    update app.event_queue set not_before = '-infinity' where tenant_id = 49;
    -- One context a transaction.
    commit;
    exit when pg_temp.fan_out() is null;
    now_there := (select count(*) from app.deliveries where tenant_id = 49);
    if now_there > before then made := made || ' ' || now_there - before; end if;
    before := now_there;
  end loop;
  perform set_config('test.turns', btrim(made), false);
end $$;
create function pg_temp.say(incident bigint, texts text, stage text default null) returns text language sql as $$
  select pg_temp.at('desk', 507, format('select app.update_incident(%s, %L, %L, %L)->>''id''', incident, stage, texts, 'updates-' || md5(texts || incident))) $$;
-- Who got a mail of the newest update, but for the many.
create function pg_temp.told() returns text language sql as $$
  select string_agg(d.email, ' ' order by d.email) from app.deliveries d
  where d.tenant_id = 49 and d.reason = 'status' and d.email !~ '^reader-' and d.event_id = (select max(e.id) from app.events e where e.tenant_id = 49 and e.kind = 'status.updated') $$;
create function pg_temp.letter(address text, path text) returns text language sql as $$
  select pg_temp.job(format($q$select app.status_mail((select d.id from app.deliveries d where d.email = %L and d.reason = 'status' order by d.event_id desc limit 1), 'https', '')#>>%L$q$, address, path)) $$;

-- ---- T8: whom an update reaches ------------------------------------------------------------

select is(pg_temp.say(1, '{"en": "We look", "de": "Wir sehen nach"}'), '1', 'something is told');
call pg_temp.turns();
select is(current_setting('test.turns'), '500 500 204', 'five hundred at a time, and others'' events between them');
select is((select count(*) from app.deliveries where tenant_id = 49 and email ~ '^reader-')::int, 1200, 'each once');
select is(pg_temp.told(), 'ada@x.example inbound@x.example mail@x.example sub@x.example', 'who chose it, what it is part of, or everything; once, however often they subscribe');
select is((select sum(mails)::int from app.usage where tenant_id = 49 and day = current_date), 1204, 'they count as mails of the tenant');
select is(pg_temp.letter('reader-7@x.example', '{lang}'), 'de', 'in the language that they subscribed in');
select is(pg_temp.letter('reader-7@x.example', '{notice,args,said}'), 'Wir sehen nach', 'what was said in it');
select is(pg_temp.letter('sub@x.example', '{notice,args,title}'), 'Slow', 'or in one that there is');
select is(pg_temp.letter('ada@x.example', '{lang}'), 'sv', 'a person''s own');
select is(pg_temp.letter('ada@x.example', '{host}'), 'ten.updates.test', 'of the portal where they subscribe');
select matches(pg_temp.letter('mail@x.example', '{mute}'), '^https://ten.updates.test/status/leave/s2001-[A-Za-z0-9_-]{43}$', 'each has its own way out');
select is(pg_temp.say(2, '{"en": "Only below"}'), '2', 'another portal''s');
call pg_temp.turns();
select is(current_setting('test.turns'), '2', 'reaches those of that one');
select is(pg_temp.told(), 'mail@x.example sub@x.example', 'alone');
select is(pg_temp.letter('mail@x.example', '{host}'), 'sub.updates.test', 'from there');
select is(pg_temp.say(4, '{"en": "Moved by a day"}'), '4', 'maintenance, too');
call pg_temp.turns();
select is(current_setting('test.turns'), '500 500 206', 'of no part: of all');
select is(pg_temp.letter('print@x.example', '{notice,kind}'), 'status_maintenance', 'with its times');
delete from app.status_subscribers where tenant_id = 49 and email ~ '^reader-|^print';
select is(pg_temp.letter('reader-7@x.example', '{may_see}'), 'false', 'who left meanwhile gets none');

-- ---- T8: who is affected --------------------------------------------------------------------

create function pg_temp.affect(portal text, person int, incident int, yes boolean default true) returns text language sql as $$
  select pg_temp.at(portal, person, format('select app.be_affected(%s, %L)->>''to''', incident, yes)) $$;
select is(pg_temp.affect('ten', 502, 1), '/status/1', 'somebody says so');
select is(pg_temp.affect('ten', 502, 1), '/status/1', 'and again');
select is(pg_temp.affect('ten', 501, 1), '/status/1', 'and who subscribes');
select is(pg_temp.affect('ten', 502, 2), 'PT404', 'not of what is not told there');
select is(pg_temp.affect('ten', 502, 4), 'PT404', 'nor of maintenance');
select is(pg_temp.affect('ten', 502, 3), '/status/3', 'what is over');
select is((select string_agg(incident_id || ' ' || person_id, ', ' order by person_id) from app.incident_people where tenant_id = 49), '1 501, 1 502', 'affects nobody any more');
select is(pg_temp.at('desk', 507, $$select app.get_incident(1)->>'affected'$$), '2', 'agents see how many');
select is(pg_temp.at('ten', 502, $$select app.status_incident(1, 'en')->>'affected'$$), 'true', 'and oneself that one did');
select is(pg_temp.say(1, '{"en": "Found"}', 'identified'), '1', 'more is told');
call pg_temp.turns();
select is(current_setting('test.turns'), '4 1', 'subscribers first, then who is affected');
select is(pg_temp.told(), 'ada@x.example bob@x.example inbound@x.example mail@x.example sub@x.example', 'once each');
select is(pg_temp.letter('bob@x.example', '{reason}'), 'affected', 'and why');
select is(pg_temp.letter('ada@x.example', '{reason}'), 'status', 'each by the first of their reasons');
select is(pg_temp.affect('ten', 502, 1, false), '/status/1', 'taken back');
select is(pg_temp.letter('bob@x.example', '{may_see}'), 'false', 'is taken back at once');
-- ---- T8: tickets that come of it -----------------------------------------------------------

delete from app.incident_people where tenant_id = 49;
delete from app.followers where tenant_id = 49 and ticket_id = 1;
create function pg_temp.link(portal text, person int, ticket int, incident text) returns text language sql as $$
  select pg_temp.at(portal, person, format('select app.set_incident(%s, %s)#>>''{incident,title,text}''', ticket, incident)) $$;
delete from app.incident_tickets where tenant_id = 49;
select is(pg_temp.at('desk', 507, $$select string_agg(i#>>'{title,text}', ' ') from json_array_elements(app.incidents_for(1)->'items') i$$), 'Slow Over', 'what goes on or has just ended where the ticket is');
select is(pg_temp.link('ten', 501, 1, '1'), 'PT403', 'agents say it');
select is(pg_temp.link('desk', 507, 3, '1'), 'PT404', 'of what is at the desk');
select is(pg_temp.link('desk', 507, 1, '2'), 'PT422 tickets_incident.choice', 'of what is told at its portal');
select is(pg_temp.link('desk', 507, 1, '77'), 'PT422 tickets_incident.choice', 'and is there');
select is(pg_temp.link('desk', 507, 1, '1'), 'Slow', 'so it is');
select is(pg_temp.link('desk', 507, 1, '1'), 'Slow', 'said again it stays');
select is(pg_temp.link('desk', 507, 2, '2'), 'Below', 'a sub-portal''s ticket of its own');
select is(pg_temp.at('ten', 501, $$select app.ticket_incident(1, 110)#>>'{url}'$$), '/status/1', 'its people see it');
select is(pg_temp.at('thirty', 505, $$select app.ticket_incident(1, 110)$$), null, 'and no others');
create function pg_temp.lines(portal text, person int, ticket int) returns text language sql as $$
  select pg_temp.at(portal, person, format($q$select string_agg(concat_ws(' ', l->>'kind', l->>'incident'), ', ') from json_array_elements(app.ticket_history(%s)->'lines') l where l->>'kind' ~ 'incident'$q$, ticket)) $$;
select is(pg_temp.lines('ten', 501, 1), 'incident_linked Slow', 'the ticket says so, once');
call pg_temp.turns();
select is(current_setting('test.turns'), '', 'nobody is written to for that');
select is(pg_temp.say(1, '{"en": "Nearly"}', 'monitoring'), '1', 'as long as it goes on');
call pg_temp.turns();
select is(current_setting('test.turns'), '4', 'subscribers alone are told');
delete from app.status_subscribers where tenant_id = 49 and person_id = 501;

create function pg_temp.audience(asked text) returns text language sql as $$
  select pg_temp.at('desk', 507, format($q$select concat_ws(' ', a->>'all', a->>'subscribers', a->>'affected', a->>'tickets', (select string_agg(concat_ws('/', p->>'name', p->>'n'), ',') from json_array_elements(a->'portals') p)) from app.status_audience(%s) a$q$, asked)) $$;
select is(pg_temp.audience($$1, null, null, false$$), '3 3 0 0 Ten updates/2,Ten, sub updates/1', 'an agent sees before how many it reaches, and where');
select is(pg_temp.audience($$1, null, null, true$$), '4 3 0 1 Ten updates/3,Ten, sub updates/1', 'its tickets'' people when it is resolved');
select is(pg_temp.audience($$null, '[111]', '[]', false$$), '2 2 0 0 Ten, sub updates/2', 'of a new one, where it is to be told');
select is(pg_temp.audience($$null, '[120]', '[2]', false$$), '0 0 0 0', 'nobody');
select is(pg_temp.audience($$77, null, null, false$$), 'PT404', 'of none there is nothing');
select is(pg_temp.at('ten', 509, $$select app.status_audience(1, null, null, false)$$), 'PT403', 'it is the desk''s to know');

select is(pg_temp.say(1, '{"en": "Mended"}', 'resolved'), '1', 'it is resolved');
call pg_temp.turns();
select is(current_setting('test.turns'), '3 1', 'and the ticket''s people hear of it: as many as was said');
select is(pg_temp.letter('ada@x.example', '{reason}'), 'status_ticket', 'and why');
select is(pg_temp.letter('ada@x.example', '{notice,args,ticket}'), '1', 'by which');
select matches(pg_temp.letter('ada@x.example', '{mute}'), '^https://ten.updates.test/mute/1-501-', 'by what they follow it with');
select is(pg_temp.lines('ten', 501, 1), 'incident_linked Slow, incident_over Slow', 'the ticket says it, too');
select is(pg_temp.link('desk', 507, 1, 'null'), null, 'an agent takes it back');
select is(pg_temp.lines('desk', 507, 1), 'incident_linked Slow, incident_over Slow, incident_unlinked Slow', 'which is told as well');
select is(pg_temp.letter('ada@x.example', '{may_see}'), 'false', 'and what was on its way ends');

-- ---- T8: what comes back ------------------------------------------------------------------

create function pg_temp.refuse(address text, answer text) returns text language sql as $$
  select pg_temp.job(format('select jobs.finish(d.id, 3::smallint, %L, null, true)::text from app.deliveries d where d.email = %L and d.state = 1 limit 1', answer, address)) $$;
select is(pg_temp.refuse('sub@x.example', '450 later'), '', 'a mail is given up');
select is((select count(*) from app.status_subscribers where tenant_id = 49 and email = 'sub@x.example')::int, 1, 'a full mailbox is no reason');
select is(pg_temp.refuse('sub@x.example', '550 nobody here'), '', 'another, since there is no such address');
select is((select count(*) from app.status_subscribers where tenant_id = 49 and email = 'sub@x.example')::int, 0, 'an address that is none subscribes no more');

-- ---- T8: who subscribes ---------------------------------------------------------------------

create function pg_temp.ask(portal text, person int, address text, parts text default '[]', leaves text default null) returns text language sql as $$
  select pg_temp.as_role('sportello_api', format('select auth.enter(%L, %s, 0::smallint, true)', portal || '.updates.test', case when person is null then 'null' else '''49/' || person || '''' end),
    format('select app.subscribe_status(%L, %L, %L, ''de'', ''192.0.2.49'')', address, parts, leaves)) $$;
select matches(pg_temp.ask('ten', null, ' New@X.example', '["1", "3", "99", "x"]'), '"sent" : true', 'an address is sent a link');
select is((select concat_ws(' ', o.email, o.data->>'components', o.data->>'lang', o.expires_at - o.created_at) from app.one_time o where o.tenant_id = 49 and o.kind = 'status'),
  'new@x.example [1] de 7 days', 'which knows what was chosen of what is there');
select matches(pg_temp.ask('ten', null, 'no address'), '"status": 422', 'a wrong one is not');
select matches(pg_temp.ask('ten', 509, null, '["2"]'), '"saved": true', 'whoever is signed in subscribes at once');
select is((select concat_ws(' ', email, person_id, components) from app.status_subscribers where tenant_id = 49 and person_id = 509), '509 {2}', 'as themselves');
select matches(pg_temp.ask('ten', 509, 'else@x.example', '[]'), '"saved": true', 'and changes it');
select is((select concat_ws(' ', email, person_id, components) from app.status_subscribers where tenant_id = 49 and person_id = 509), '509 {}', 'whatever address came along');
select matches(pg_temp.ask('ten', 509, null, '[]', 'yes'), '"left": true', 'and no more');
delete from app.confirmations where tenant_id = 49 and person_id = 509;
select matches(pg_temp.ask('ten', 509, null), '"sent" : true', 'who has not proven their address is sent the link');
select is((select count(*) from app.status_subscribers where tenant_id = 49 and person_id = 509)::int, 0, 'and subscribes by it alone');

-- ---- T8: maintenance that begins and ends ----------------------------------------------------------

create function pg_temp.clock() returns bigint language plpgsql as $$
begin
  perform auth.set_context(49, null, null, null, null, 0::smallint, '{}', false);
  return app.tell_maintenance();
end $$;
create function pg_temp.said() returns text language sql as $$
  select string_agg(concat_ws(' ', u.texts->>'en', u.author_id), ', ' order by u.n) from app.incident_updates u where u.tenant_id = 49 and u.incident_id = 4 and u.n > 1 $$;
select is((select clock_at = starts_at from app.incidents where tenant_id = 49 and id = 4), true, 'its beginning is waited for');
select is(pg_temp.clock(), 0::bigint, 'not before its time');
update app.incidents set starts_at = now() - interval '1 minute', ends_at = now() + interval '1 hour' where tenant_id = 49 and id = 4;
select is((select clock_at = ends_at from app.incidents where tenant_id = 49 and id = 4), true, 'of what is made to begin now, its end');
update app.incidents set clock_at = starts_at where tenant_id = 49 and id = 4;
select is(pg_temp.clock(), 1::bigint, 'it begins');
select is(pg_temp.clock(), 0::bigint, 'once');
select is(pg_temp.said(), auth.said('service.begun', 'en'), 'in nobody''s name');
call pg_temp.turns();
select is(pg_temp.told() ~ 'mail@x.example', true, 'who subscribes is told');
select is(pg_temp.letter('mail@x.example', '{notice,kind}'), 'status_maintenance', 'as of maintenance');
update app.incidents set ends_at = now() where tenant_id = 49 and id = 4;
update app.incidents set clock_at = ends_at where tenant_id = 49 and id = 4;
select is(pg_temp.clock(), 1::bigint, 'it ends');
select is(pg_temp.said(), concat_ws(', ', auth.said('service.begun', 'en'), auth.said('service.ended', 'en')), 'and that is said');
select is((select clock_at from app.incidents where tenant_id = 49 and id = 4), null, 'and nothing more');
update app.incidents set starts_at = now() - interval '3 days', ends_at = now() - interval '2 days' where tenant_id = 49 and id = 4;
update app.incidents set clock_at = now() where tenant_id = 49 and id = 4;
select is(pg_temp.clock(), 1::bigint, 'what was over long ago');
select is(pg_temp.said(), concat_ws(', ', auth.said('service.begun', 'en'), auth.said('service.ended', 'en')), 'is not told any more');
select * from finish();
