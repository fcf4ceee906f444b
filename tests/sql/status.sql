-- Service status: parts, incidents, maintenance. In the tenant 39, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (39, 'service', 'Service');
select fixture.fill(39, 'service') \g /dev/null
select * from no_plan();
set story.tenant = 39;
set story.slug = 'service';
\ir lib/story.sql
begin;
select auth.set_context(39, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.incidents where tenant_id = 39;
delete from app.components where tenant_id = 39;
insert into app.components (tenant_id, id, parent_id, position, names, portals) values
  (39, 1, null, 2, '{"en": "Mail"}', '{}'), (39, 2, 1, 1, '{"en": "Inbound", "de": "Eingang"}', '{}'),
  (39, 3, null, 1, '{"en": "Print"}', '{111}'), (39, 4, 3, 3, '{"en": "Queue"}', '{}');
insert into app.incidents (tenant_id, id, kind, state, titles, impact, portals, components, starts_at, ends_at) values
  (39, 1, 'incident', 1, '{"en": "Slow", "de": "Langsam"}', 1, '{}', '{}', now() - interval '1 hour', null),
  (39, 2, 'incident', 2, '{"en": "Below"}', 2, '{111}', '{}', now() - interval '1 hour', null),
  (39, 3, 'incident', 4, '{"en": "Over"}', 1, '{}', '{}', now() - interval '2 hours', now() - interval '1 hour'),
  (39, 4, 'maintenance', null, '{"en": "Soon"}', 1, '{}', '{2}', now() + interval '6 days', now() + interval '7 days'),
  (39, 5, 'maintenance', null, '{"en": "Late"}', 1, '{}', '{}', now() + interval '8 days', now() + interval '9 days'),
  (39, 6, 'incident', 1, '{"en": "Jam"}', 3, '{}', '{4}', now() - interval '1 minute', null),
  (39, 7, 'incident', 1, '{"de": "Nur deutsch"}', 2, '{}', '{2}', now() - interval '3 hours', null),
  (39, 8, 'incident', 4, '{"en": "Old"}', 1, '{}', '{}', now() - interval '95 days', now() - interval '91 days'),
  (39, 9, 'maintenance', null, '{"en": "Was"}', 1, '{}', '{}', now() - interval '9 days', now() - interval '8 days');
insert into app.incident_updates (tenant_id, incident_id, n, state, texts) values
  (39, 1, 1, 1, '{"en": "We look"}'), (39, 1, 2, 1, '{"en": "Still", "de": "Noch immer"}');
commit;
create function pg_temp.shown(portal text, person int, lang text default 'en') returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select string_agg(s->>'title', ' ') from json_array_elements(app.incidents_here(%L)) s$q$, lang)) $$;
create function pg_temp.page(portal text, person int, part text, lang text default 'en') returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select string_agg(concat_ws('/', s#>>'{title,text}', s->>'state'), ', ') from json_array_elements(app.status_page(%L)->%L) s$q$, lang, part)) $$;
create function pg_temp.parts(portal text, person int, lang text default 'en') returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select string_agg(concat_ws('/', c#>>'{name,text}', c->>'state')
    || coalesce((select ' (' || string_agg(concat_ws('/', p#>>'{name,text}', p->>'state'), ' ') || ')' from json_array_elements(nullif(c->>'parts', '')::json) p), ''), ', ')
    from json_array_elements(app.status_page(%L)->'components') c$q$, lang)) $$;

-- ---- T8: what readers are told ------------------------------------------------------------

select is(pg_temp.shown('ten', 501), 'Slow Nur deutsch Soon', 'what is now, and what comes within a week; no product that is not there');
select is(pg_temp.shown('ten', 501, 'de'), 'Langsam Nur deutsch Soon', 'in the language that is asked for, as far as it goes');
select is(pg_temp.shown('sub', 503), 'Jam Slow Below Nur deutsch Soon', 'a sub-portal has its own, and its products'', too');
select is(pg_temp.as_role('sportello_api', $$select auth.enter('ten.service.test', null, 0::smallint, false)$$,
  $$select string_agg(s->>'title', ' ') from json_array_elements(app.incidents_here('en')) s$$), 'Slow Nur deutsch Soon', 'visitors are told');
select is(pg_temp.at('ten', 501, $$select app.incidents_here('de')->0->>'text'$$), 'Noch immer', 'the newest that was said');
select is(pg_temp.at('ten', 501, $$select concat_ws(' ', app.incidents_here('en')->1->>'lang', coalesce(app.incidents_here('en')->0->>'lang', 'own'))$$), 'de own', 'of another language it says which');
select is(pg_temp.page('ten', 501, 'now'), 'Nur deutsch/investigating, Slow/investigating', 'the page has the worst first');
select is(pg_temp.page('ten', 501, 'planned'), 'Soon/planned, Late/planned', 'all that is planned');
select is(pg_temp.page('ten', 501, 'past'), 'Over/resolved', 'and what ended within a week');
select is(pg_temp.parts('ten', 501), 'Mail/major (Inbound/major)', 'a part is as its parts are; a product is where it is');
select is(pg_temp.parts('sub', 503, 'de'), 'Print/critical (Queue/critical), Mail/major (Eingang/major)', 'in their order');
select is(pg_temp.at('ten', 501, $$select string_agg(s#>>'{title,text}', ' ') from json_array_elements(app.status_history('en', null)->'incidents') s$$), 'Over Was', 'ninety days back');
select is(pg_temp.at('ten', 501, 'select app.status_incident(2, ''en'')'), 'PT404', 'another portal''s is not there');
select is(pg_temp.at('ten', 501, $$select app.status_incident(1, 'en')#>>'{incidents,0,updates,1,text}'$$), 'We look', 'one with all that was said');
select is(pg_temp.at('ten', 501, $$select string_agg(concat_ws('/', e#>>'{title,text}', e->>'n', e->>'state', e#>>'{said,text}'), ', ') from json_array_elements(app.status_feed('en')->'entries') e$$),
  'Slow/2/investigating/Still, Slow/1/investigating/We look', 'a feed of what was said, the newest first');
select is(pg_temp.at('ten', 501, $$select concat_ws('/', b->>'kind', b#>>'{title,text}', b#>>'{title,lang}') from app.service_banner('en') b$$), 'incident/Nur deutsch/de', 'the worst is on every page');
select is(pg_temp.at('sub', 503, $$select app.service_banner('en')#>>'{title,text}'$$), 'Jam', 'of that portal');
select is(pg_temp.at('ten', 501, 'select app.status_incident(6, ''en'')'), 'PT404', 'nor one of a product that is not here');
begin;
insert into app.incidents (tenant_id, id, kind, state, titles, starts_at, ends_at)
  select 39, 100 + n, 'incident', 4, '{"en": "Many"}', now() - interval '20 days', now() - interval '10 days' from generate_series(1, 45) n;
commit;
select is(pg_temp.at('ten', 501, $$with recursive w as (select app.status_history('en', null) as a
    union all select app.status_history('en', split_part(a->>'next', '=', 2)) from w where a->>'next' is not null)
  select count(*) || ' ' || sum(json_array_length(a->'incidents')) from w$$), '3 47', 'a page of twenty after the other, each once');
delete from app.incidents where tenant_id = 39 and id > 100;

-- ---- T8: a title finds what is amiss -----------------------------------------------------------

create function pg_temp.known(portal text, person int, q text, lang text default 'en') returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select string_agg(concat_ws(' ', s->>'kind', s->>'title'), ', ') from json_array_elements(app.spares_ticket(%L, %L)->'incidents') s$q$, q, lang)) $$;
select is(pg_temp.known('ten', 501, 'it is slow and soon over'), 'incident Slow, maintenance Soon', 'what is amiss, and what comes; not what is over');
select is(pg_temp.known('ten', 501, 'everything is slowing late'), 'incident Slow', 'by a stem; not what is told later');
select is(pg_temp.known('ten', 501, 'so langsam', 'de'), 'incident Langsam', 'as the reader is shown it');
select is(pg_temp.known('ten', 501, 'below'), null, 'another portal''s is not told');
select is(pg_temp.known('sub', 503, 'below'), 'incident Below', 'but there');

-- ---- T8: who keeps it, and what cannot be ---------------------------------------------------------

create function pg_temp.make(portal text, person int, more text default '', key text default null) returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select case when (app.make_incident(kind => %L, titles => '{"en": "New"}', texts => '{"en": "It is new"}', stage => %s, impact => 'major',
    portals => %s, components => %s, starts_at => %s, ends_at => %s, key => %L)->>'made')::bigint > 0 then 'ok' end$q$,
    case when more ~ 'maintenance' then 'maintenance' else 'incident' end, coalesce('''' || substring(more from 'stage=(\w+)') || '''', 'null'),
    coalesce('''' || substring(more from 'portals=(\S+)') || '''', 'null'), coalesce('''' || substring(more from 'components=(\S+)') || '''', 'null'),
    coalesce('now() + interval ''' || substring(more from 'from=(\S+)') || ' hours''', 'null'),
    coalesce('now() + interval ''' || substring(more from 'to=(\S+)') || ' hours''', 'null'),
    coalesce(key, 'status-' || md5(more || portal || person)))) $$;
select is(pg_temp.make('desk', 507), 'ok', 'an agent makes one');
select is(pg_temp.make('ten', 509), 'PT403', 'an account''s administrator does not');
select is(pg_temp.make('desk', 507, 'from=1'), 'PT422 incidents_starts_at.future', 'an incident has begun');
select is(pg_temp.make('desk', 507, 'maintenance from=1'), 'PT422 incidents_ends_at.required', 'maintenance has an end');
select is(pg_temp.make('desk', 507, 'maintenance from=2 to=1'), 'PT422 incidents_ends_at.ends_first', 'behind its beginning');
select is(pg_temp.make('desk', 507, 'maintenance from=2 to=30000'), 'PT422 incidents_starts_at.two_years', 'not too far');
select is(pg_temp.make('desk', 507, 'maintenance from=2 to=3'), 'ok', 'so it is');
select is(pg_temp.make('desk', 507, 'portals=[999]'), 'PT422 incidents_portals.unknown', 'no such portal');
select is(pg_temp.make('desk', 507, 'components=[999]'), 'PT422 incidents_components.unknown', 'no such component');
select is(pg_temp.make('desk', 507, 'components={}'), 'PT422 incidents_components.type', 'no list');
select is(pg_temp.make('desk', 507, '', 'status-twice-1'), 'ok', 'sent');
select is(pg_temp.make('desk', 507, '', 'status-twice-1'), 'ok', 'and sent again');
select is((select count(*) from app.incidents where tenant_id = 39 and titles->>'en' = 'New')::int, 3, 'it is made once');
create function pg_temp.say(incident bigint, stage text, key text) returns text
language sql as $$
  select pg_temp.at('desk', 507, format($q$select concat_ws(' ', x.i->>'state', x.i->>'ends_at' is not null, json_array_length(x.i->'updates')) from (select app.update_incident(%s, %s, '{"en": "More"}', %L) as i) x$q$,
    incident, coalesce('''' || stage || '''', 'null'), key)) $$;
select is(pg_temp.say(1, 'resolved', 'status-say-1'), 'resolved t 3', 'resolved it has ended');
select is(pg_temp.say(1, 'resolved', 'status-say-1'), 'resolved t 3', 'said once');
select is(pg_temp.say(1, 'monitoring', 'status-say-2'), 'monitoring f 4', 'and goes on again');
select is(pg_temp.say(4, 'resolved', 'status-say-3'), 'planned t 1', 'maintenance goes by its times');
select is(pg_temp.at('desk', 507, $$select app.change_incident(1, null, null, null, null, null, now(), null)->>'ends_at' is null$$), 'true', 'what goes on has no end');
select is(pg_temp.at('desk', 507, $$select app.change_incident(1, null, 'critical', '[110]', '[1]', null, null, '{"en": "A cable"}')#>>'{postmortems,en}'$$), 'A cable', 'what it came of');
select is(pg_temp.at('desk', 507, $$select app.status_time('2026-02-30T00:00Z', 'ends_at')$$), 'PT422 incidents_ends_at.date', 'no such day');
select is(pg_temp.at('desk', 507, $$select app.status_time('tomorrow', 'starts_at')$$), 'PT422 incidents_starts_at.date', 'no moment');
select is(pg_temp.at('desk', 507, $$select json_array_length(app.save_component(2, '{"en": "Inbound"}', 3, '[]', null)->'components')$$), '4', 'a part moves to another');
select is(pg_temp.at('desk', 507, $$select app.save_component(3, '{"en": "Print"}', 1, '[]', null)$$), 'PT422 components_parent.one_level', 'what has parts is none');
select is(pg_temp.at('desk', 507, $$select app.save_component(2, '{"en": "Print"}', 4, '[]', null)$$), 'PT422 components_parent.one_level', 'a part has none');
select is(pg_temp.at('desk', 507, $$select app.remove_component(1)->'components' is not null$$), 'true', 'one is taken away');
select is((select components from app.incidents where tenant_id = 39 and id = 1), '{}'::bigint[], 'and out of its incidents');
select is(pg_temp.at('ten', 509, 'select app.list_status()'), 'PT403', 'nobody else lists it');
select is(pg_temp.at('ten', 509, 'select app.get_incident(1)'), 'PT403', 'or reads one so');
select is(pg_temp.at('desk', 507, 'select app.remove_incident(1)->''incidents'' is not null'), 'true', 'one that should not have been');
select is(pg_temp.at('desk', 507, 'select app.remove_incident(1)'), 'PT404', 'once');
insert into app.incidents (tenant_id, id, kind, state, titles) select 39, 200 + n, 'incident', 1, '{"en": "Many"}' from generate_series(1, 45) n;
select is(pg_temp.make('desk', 507, 'stage=identified'), 'PT422 incidents_titles.too_many', 'fifty at once');
select * from finish();
