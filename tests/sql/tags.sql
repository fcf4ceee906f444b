-- Tags (W1): words of the desk's alone, kept alike, and limited. In the tenant 29, made
-- like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (29, 'words', 'Words');
select fixture.fill(29, 'words') \g /dev/null
select * from no_plan();
set story.tenant = 29;
set story.slug = 'words';
\ir lib/story.sql
begin;
select auth.set_context(29, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.ticket_tags where tenant_id = 29;
delete from app.field_policies where tenant_id = 29;
delete from app.event_queue where tenant_id = 29;
commit;

create function pg_temp.tag(person int, ticket int, tags text) returns text language sql as $$
  select pg_temp.at('desk', person, format('select app.change_ticket(%s, %L)', ticket, jsonb_build_object('tags', tags::jsonb))) $$;
create function pg_temp.tags(ticket int) returns text language sql as $$
  select pg_temp.at('desk', 507, format('select array_to_string(tags, ''|'') from app.tags_of(array[%s])', ticket)) $$;

select is(pg_temp.tag(507, 1, '{"add": ["  Rush\t ORDER ", "ﬁre", "緊急", "Öl"]}'), '', 'an agent puts tags on a ticket');
select is(pg_temp.tags(1), 'fire|rush order|öl|緊急', 'kept alike, in any script');
select is(pg_temp.tag(507, 1, '{"add": ["RUSH order"], "remove": ["ÖL", "nowhere"]}'), '', 'the same again is nothing new');
select is(pg_temp.tags(1), 'fire|rush order|緊急', 'what is taken off is gone');
select is((select count(*)::int from app.events where tenant_id = 29 and kind = 'ticket.tagged'), 2, 'each change is one event');
select is((select data from app.events where tenant_id = 29 and kind = 'ticket.tagged' order by id desc limit 1),
  '{"internal": true, "added": [], "removed": ["öl"]}', 'that says what changed');
select is(pg_temp.tag(507, 1, '{"add": ["fire"]}'), '', 'and nothing');
select is((select count(*)::int from app.events where tenant_id = 29 and kind = 'ticket.tagged'), 2, 'is no event');

-- ---- W1: whose they are ----------------------------------------------------------------------

select is((select app.is_desks_alone(e.kind, e.data, 10, 110) from app.events e where e.tenant_id = 29 and e.kind = 'ticket.tagged' limit 1), true, 'the desk alone is told of it');
select is(pg_temp.job(format('select count(*) from jobs.ticket_recipients(%s)', (select max(id) from app.events where tenant_id = 29 and kind = 'ticket.tagged'))), '0', 'nobody by mail');
select is(pg_temp.at('ten', 501, $$select count(*) from app.tags_of('{1}')$$), '0', 'customers read none');
select is(pg_temp.at('ten', 501, $$select app.list_tags(null)$$), 'PT403', 'nor which there are');
select is(pg_temp.at('ten', 501, $$select app.change_tags(1, '{"add": ["x"]}')$$), 'PT403', 'nor put one');
select is(pg_temp.at('ten', 501, 'select from app.ticket_tags'), '42501', 'and the table is nobody''s');
select is(pg_temp.at('desk', 507, 'select from app.ticket_tags'), '42501', 'an agent''s neither');
select is(pg_temp.at('partner', 504, $$select app.change_ticket(3, '{"tags": {"add": ["x"]}}')$$), 'PT403', 'a partner''s ticket has none');
select is(pg_temp.tag(507, 3, '{"add": ["x"]}'), 'PT404', 'by agents neither');
select is(pg_temp.at('desk', 507, 'select app.set_tags(1, ''{x}'', ''{}'')'), '42501', 'what does not look who asks is not for requests');
begin;
select auth.set_context(29, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
create temp table was as select updated_at, desk_updated_at, changed_by, desk_changed_by from app.tickets where tenant_id = 29 and id = 2;
commit;
select is(pg_temp.tag(507, 2, '{"add": ["vip", "fire"]}'), '', 'another ticket');
select is((select row(t.updated_at, t.desk_updated_at, t.changed_by, t.desk_changed_by)::text from app.tickets t where tenant_id = 29 and id = 2),
  (select row(w.*)::text from was w), 'whose dates and marks stay as they are');

select is(pg_temp.at('desk', 507, $$select string_agg(l->>'tagged', ' ') || ' ' || string_agg(l->>'untagged', ' ') from json_array_elements(app.ticket_history(1)->'lines') l$$), '["fire", "rush order", "öl", "緊急"] ["öl"]', 'between its messages the desk reads of it');
select is(pg_temp.at('ten', 501, $$select app.ticket_history(1)::text ~ 'tagged|rush'$$), 'false', 'and nobody else');

-- ---- W1: what is refused -----------------------------------------------------------------------

select format('select is(pg_temp.tag(507, 1, %L), %L, %L)', v.said, 'PT422 tickets_tags.' || v.code, v.what) from (values
  ('{"add": "x"}', 'type', 'a word is no list'), ('{"add": [1]}', 'type', 'nor a number a word'), ('["x"]', 'type', 'what is added is said so'),
  ('{"put": ["x"]}', 'type', 'or removed'), ('{"add": [" "]}', 'required', 'an empty one is none'), ('{"add": ["a,b"]}', 'characters', 'a comma parts two'),
  (format('{"add": ["%s"]}', repeat('x', 41)), 'too_long', 'forty characters'), (format('{"add": %s}', (select jsonb_agg('t' || n) from generate_series(1, 21) n)), 'too_many', 'twenty at once'),
  (format('{"add": %s}', (select jsonb_agg('t' || n) from generate_series(1, 18) n)), 'too_many', 'twenty on a ticket')) v (said, code, what) \gexec
select is(pg_temp.tags(1), 'fire|rush order|緊急', 'and it is as it was');
select is(pg_temp.at('desk', 507, $$select app.change_ticket(1, '{"status": "solved", "tags": {"add": ["a,b"]}}')$$), 'PT422 tickets_tags.characters', 'what comes with one that is refused');
select isnt((select status from app.tickets where tenant_id = 29 and id = 1), 5::smallint, 'is not done either');
begin;
select auth.set_context(29, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, status, at_desk)
  select 29, 1000 + n, 110, 10, 501, 'Oven ' || n, 2, true from generate_series(1, 1100) n;
insert into app.ticket_tags (tenant_id, ticket_id, tag) select 29, 1000 + n, 'w' || n * 2 + k from generate_series(1, 998) n, generate_series(0, 1) k;
insert into app.ticket_tags (tenant_id, ticket_id, tag) select 29, 1000 + n, 'rush order' from generate_series(1, 1100) n;
analyze app.tickets, app.ticket_tags;
commit;
select is((select count(*)::int from (select distinct tag from app.ticket_tags where tenant_id = 29) x), 2000, 'of two thousand different ones');
select is(pg_temp.tag(507, 2, '{"add": ["one more"]}'), 'PT422 tickets_tags.tags_full', 'none is new');
select is(pg_temp.tag(507, 2, '{"add": ["w77"]}'), '', 'but one that there is may be put');
begin;
select auth.set_context(29, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.ticket_tags where tenant_id = 29 and tag = 'w2';
commit;
select is(pg_temp.tag(507, 2, '{"add": ["one more"]}'), '', 'and once one is on no ticket, a new one');

-- ---- W1: found again ---------------------------------------------------------------------------

create function pg_temp.found(w text) returns text language sql as $$
  select pg_temp.at('desk', 507, format('select array_to_string((app.pick_tickets(''{"list": "desk"}''::jsonb || %L, 20, 10000)).ids, '' '')', w)) $$;
select is(pg_temp.found('{"tag": "FIRE", "sort": "title", "dir": "asc"}'), (select string_agg(id::text, ' ' order by title collate "und-x-icu") from app.tickets where tenant_id = 29 and id in (1, 2)), 'by a seldom one, however it is written');
select is(pg_temp.found('{"tag": "vip"}'), '2', 'one ticket');
select is(pg_temp.found('{"tag": "nowhere"}'), '', 'none');
select is(pg_temp.found('{"tag": "rush order", "sort": "created", "dir": "asc", "group": "open"}'),
  (select string_agg(id::text, ' ') from (select id from app.tickets where tenant_id = 29 and (id > 1000 or id = 1) and status <= 2 order by created_at, id limit 20) x), 'and by one that very many have');
select is(pg_temp.at('ten', 501, $$select array_to_string((app.pick_tickets('{"list": "mine", "tag": "nowhere"}', 5, 100)).ids, ' ')$$), '99 1', 'a customer asks in vain');
select is(pg_temp.at('desk', 507, $$select app.list_tags('RUSH')#>>'{items,0,n}'$$), '1000', 'counted as far as a thousand');
select is(pg_temp.at('desk', 507, $$select string_agg(i->>'tag', ' ') from json_array_elements(app.list_tags('re')->'items') i$$), 'fire one more', 'by letters within');
select is(pg_temp.at('desk', 507, $$select json_array_length(app.list_tags(null)->'items') || ' ' || (app.list_tags(null)->>'more')$$), '50 true', 'fifty at a time');
select is(pg_temp.at('desk', 507, $$select i->>'tags' from json_array_elements((app.ticket_items('desk', '{2}')).items) i$$), '["fire","one more","vip","w77"]', 'shown in the queue');
select is(pg_temp.at('ten', 501, $$select (app.ticket_items('mine', '{1,2}')).items::text ~ 'fire|tags'$$), 'false', 'and in no list of a customer''s');
select is(pg_temp.as_role('sportello_bulk', $$select auth.enter('desk.words.test', '29/507', 2::smallint, false)$$, $$select string_agg(l, E'\n') from app.ticket_csv('{"list": "desk", "tag": "vip"}', 'en') l$$) ~ 'fire, one more, vip, w77', true, 'the desk''s CSV has them');
select is(pg_temp.as_role('sportello_bulk', $$select auth.enter('ten.words.test', '29/501', 1::smallint, false)$$, $$select string_agg(l, E'\n') from app.ticket_csv('{"list": "all"}', 'en') l$$) ~ 'fire|vip|tags', false, 'a customer''s does not');

-- ---- W1: macros --------------------------------------------------------------------------------

create function pg_temp.macro(tags text) returns text language sql as $$
  select pg_temp.at('desk', 507, format('select i->''change'' from json_array_elements(app.save_macro(null, ''Tags'', false, ''{}'', %L)->''items'') i where i->>''name'' = ''Tags''', format('{"tags": %s}', tags))) $$;
select is(pg_temp.macro('["vip", "Öl"]'), '{"tags": ["vip", "Öl"]}', 'a macro may put some');
select is(pg_temp.macro('["a,b"]'), 'PT422', 'which are some');
select is(pg_temp.macro('{"add": ["x"]}'), 'PT422', 'and a list');
select * from finish();
