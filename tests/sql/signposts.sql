-- What stands before a new ticket. In the tenant 14, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (14, 'signs', 'Signs');
select fixture.fill(14, 'signs') \g /dev/null
select * from no_plan();
set story.tenant = 14;
set story.slug = 'signs';
\ir lib/story.sql
begin;
select auth.set_context(14, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.signposts where tenant_id = 14;
delete from app.articles where tenant_id = 14;
insert into app.signposts (tenant_id, id, kind, position, portal_id, titles, url, contact, roles) values
  (14, 6, 'first_aid', 7, null, '{"en": "Second"}', null, null, '{}'),
  (14, 7, 'first_aid', 6, 110, '{"en": "First"}', null, null, '{}'),
  (14, 8, 'elsewhere', 8, null, '{"en": "Wish"}', 'https://ideas.example', null, '{}'),
  (14, 9, 'elsewhere', 9, null, '{"en": "Delivery"}', null, 'delivery', '{}'),
  (14, 10, 'elsewhere', 10, null, '{"en": "Key"}', null, 'key_account', '{}'),
  (14, 11, 'elsewhere', 11, null, '{"en": "Main"}', 'https://main.example', null, '{main_user}');
-- A text that is live: of everybody (1), who is signed in (2), agents (3), at a portal.
create function pg_temp.live(article int, lang text, title text, words text, audience int) returns void language sql as $$
  insert into app.articles (tenant_id, id, key, section_id, language, is_live, audience_id) values (14, article, 'n' || article, 1, lang, true, audience)
    on conflict (tenant_id, id) do nothing;
  insert into app.article_versions (tenant_id, article_id, language, number, title, html, from_change) values (14, article, lang, 1, title, '<p>x</p>', 1);
  insert into app.article_texts (tenant_id, article_id, language, number, title, slug, about, toc, minutes, words)
    values (14, article, lang, 1, title, 'x', 'x', '[]', 1, words);
$$;
insert into app.audiences (tenant_id, id, level, portals) values (14, 11, 1, '{}'), (14, 12, 2, '{}'), (14, 13, 3, '{}'), (14, 14, 1, '{111}');
select pg_temp.live(a, l, title, app.more_words(' ', app.words_of(title || ' ' || said, l)), u)
  from (values (1, 'en', 11, 'Printer does not print', 'Paper, toner, cable.'), (1, 'ja', 11, '印刷できません', '紙を確認'),
    (2, 'en', 12, 'Printers on the network', 'Ask for the address.'), (3, 'en', 13, 'Printer, for agents', 'x'),
    (5, 'en', 14, 'Printer below', 'x'), (6, 'en', 11, 'Password', 'Does not arrive?')) v (a, l, u, title, said) \g /dev/null
commit;
create function pg_temp.shown(portal text, person int, kinds text, lang text default 'en') returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select string_agg(s->>'title', ' ') from json_array_elements(app.signposts_here(%L, %L)) s$q$, kinds, lang)) $$;
create function pg_temp.found(portal text, person int, q text, lang text default 'en') returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select string_agg(s->>'id', ' ') from json_array_elements(app.spares_ticket(%L, %L)->'articles') s$q$, q, lang)) $$;
-- ---- N2: what to try first ------------------------------------------

select is(pg_temp.shown('ten', 501, '{first_aid}'), 'First Second', 'what to try, in its order');
select is(pg_temp.shown('thirty', 505, '{first_aid}'), 'Second', 'another portal has none of its own');

-- ---- N3: what leads elsewhere --------------------------------------------------------------

select is(pg_temp.shown('ten', 501, '{elsewhere}'), 'Wish Delivery', 'a page, and staff of that kind named to the account');
select is(pg_temp.shown('ten', 502, '{elsewhere}'), 'Wish Delivery Main', 'a role has its own');
select is(pg_temp.shown('thirty', 505, '{elsewhere}'), 'Wish', 'nobody is named to another account');
select is(pg_temp.at('ten', 501, $$select app.signposts_here('{elsewhere}', 'en')->1->'people'->0->>'email'$$),
  (select email from app.people where tenant_id = 14 and id = 507), 'who is named, and where to write');

-- ---- N5: while a title is typed --------------------------------------------------------------

select is(pg_temp.found('ten', 501, 'printer print'), '1 2', 'what has more of the words comes first');
select is(pg_temp.found('ten', 501, 'Printer and password'), '6 1 2', 'not all words need be there, and a rare one counts for more');
select is(pg_temp.found('ten', 501, 'Printer does nothing'), '1 2', 'little words alone are no reason');
select is(pg_temp.found('ten', 501, 'does not'), '1 6', 'unless there are no others');
select is(pg_temp.found('ten', 501, 'pri'), '1 2', 'a part of a word will do');
select is(pg_temp.found('ten', 501, '印刷', 'ja'), '1', 'Japanese, too');
select is(pg_temp.found('ten', 501, 'プリンターで印刷できない', 'ja'), '1', 'however the sentence ends');
select is(pg_temp.found('ten', 501, 'printer print ' || (select string_agg('unheard' || n, ' ') from generate_series(1, 15) n)), '1 2', 'of a long title the first sixteen words');
select is(pg_temp.found('ten', 501, 'xyzzy'), null, 'nothing where there is nothing');
select is(pg_temp.found('sub', 503, 'printer below'), '5 1 2', 'a portal''s own where it is');
select is(pg_temp.at('ten', 501, $$select app.open_ticket('Printer on fire', 'x', '<p>x</p>', 'signs-001', null)->>'number'$$), '101', 'Ada has a ticket');
begin;
select auth.set_context(14, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
select app.take_words(101, 0) \g /dev/null
commit;
select is(pg_temp.at('ten', 501, $$select string_agg(t->>'number', ' ') from json_array_elements(app.spares_ticket('printer', 'en')->'tickets') t$$), '101', 'which is offered as well');
select is(pg_temp.at('ten', 501, $$select string_agg(t->>'number', ' ') from json_array_elements(app.spares_ticket('There is a fire in the printer', 'en')->'tickets') t$$), '101', 'little words need not be in it');
select is(pg_temp.at('ten', 502, $$select string_agg(t->>'number', ' ') from json_array_elements(app.spares_ticket('printer', 'en')->'tickets') t$$), null, 'to nobody else');
-- Bob's own is older than sixty of Ada's that he sees, one that has ended is newer.
begin;
select auth.set_context(14, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, status, at_desk, created_at, updated_at, desk_updated_at)
  select 14, 200 + n, 110, 10, case when n < 3 then 502 else 501 end, 'Heater', case n when 2 then 5 else 1 end, true, d, d, d
  from generate_series(1, 62) n, lateral (select timestamptz '2026-02-01' + n * interval '1 hour') x (d);
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at)
  select 14, t.id, p, t.updated_at from app.tickets t, unnest(array[app.principal(t.requester_id, 0), app.principal(10, 2)]) p where t.tenant_id = 14 and t.title = 'Heater';
insert into app.ticket_words (tenant_id, ticket_id, is_internal, words) select 14, id, false, ' heater ' from app.tickets where tenant_id = 14 and title = 'Heater';
commit;
select is(pg_temp.at('ten', 502, $$select string_agg(t->>'number', ' ') from json_array_elements(app.spares_ticket('heater', 'en')->'tickets') t$$), '201', 'one''s own, however many newer ones of others one sees');
select is(pg_temp.at('ten', 501, $$select app.spares_ticket('?!', 'en')$$), 'PT422 search_q.required', 'signs are no words');

select is(pg_temp.at('ten', 501, 'select app.article_solved(1)->>''id'''), '1', 'one that was enough');
select is(pg_temp.at('ten', 501, 'select app.article_solved(1)->>''id'''), '1', 'twice in a day');
select is(pg_temp.at('ten', 502, 'select app.article_solved(1)->>''id'''), '1', 'for somebody else as well');
select is((select count from app.deflections where tenant_id = 14 and article_id = 1), 2, 'counted once a person');
select is(pg_temp.at('ten', 501, 'select app.article_solved(3)'), 'PT404', 'what one does not read was not enough');

-- ---- who writes it ---------------------------------------------------------------------------

create function pg_temp.put(portal text, person int, kind text, more text) returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select 'ok' from app.save_signpost(signpost => null, kind => %L, titles => '{"en": "x"}', texts => '{}',
    url => null, contact => null, roles => '[]', portal => null, before => null) x$q$, kind)) $$;
select is(pg_temp.put('desk', 507, 'first_aid', ''), 'ok', 'an agent writes one');
select is(pg_temp.put('ten', 509, 'first_aid', ''), 'PT403', 'an account''s administrator does not');
select is(pg_temp.put('desk', 507, 'elsewhere', ''), '23514 signposts_leads_check', 'what leads elsewhere leads somewhere');
select is(pg_temp.at('desk', 507, format($q$select app.save_signpost(null, 'elsewhere', '{"en": "x"}', '{}', %L, null, '[]', null, null)$q$, u)), '23514 signposts_url_check', u)
  from (values ('http://plain.example')) v (u);
select is(pg_temp.at('desk', 507, $q$select app.save_signpost(6, null, null, null, null, null, null, null, 7)->'languages' is not null$q$), 'true', 'an order');
select is(pg_temp.shown('ten', 501, '{first_aid}'), 'Second First x', 'is shown, what is new last');
select is(pg_temp.at('desk', 507, $q$select app.remove_signpost(6)->'languages' is not null$q$), 'true', 'one is taken away');
select is(pg_temp.at('desk', 507, 'select app.remove_signpost(6)'), 'PT404', 'once');
select is(pg_temp.at('ten', 501, $q$select app.list_signposts()$q$), 'PT403', 'nobody else lists it');
select is(pg_temp.at('desk', 507, $q$select app.act_on_text(1, 'en', 'unpublish', null)->>'id'$q$), '1', 'an article is taken back');
select is(pg_temp.found('ten', 501, 'printer print'), '2', 'so it is not found');
select is(pg_temp.at('desk', 507, $q$select app.make_signpost('first_aid', '{"en": "Sent twice"}', null, null, null, null, null, 'signs-key-3')->'languages' is not null$q$), 'true', 'what stands before a ticket');
select is(pg_temp.at('desk', 507, $q$select app.make_signpost('first_aid', '{"en": "Sent twice"}', null, null, null, null, null, 'signs-key-3')->'languages' is not null$q$), 'true', 'sent again');
select is((select count(*)::int from app.signposts where tenant_id = 14 and titles->>'en' = 'Sent twice'), 1, 'is there once');
select is(pg_temp.at('ten', 509, $q$select app.make_signpost('first_aid', '{"en": "x"}', null, null, null, null, null, 'signs-key-4')$q$), 'PT403', 'an account''s administrator makes none');

-- Many that have a word, and one that has more of them; many that one does not read.
select pg_temp.live(1000 + n, 'en', 'Many', case when n < 250 then ' zebra ' when n = 250 then ' zebra stripes ' else ' giraffe ' end,
  case when n <= 250 or n = 600 then 11 else 13 end) from generate_series(1, 600) n \g /dev/null
select is(pg_temp.found('ten', 501, 'zebra stripes') ~ '^1250 ', true, 'the best of many comes first');
select is(pg_temp.found('ten', 501, 'giraffe'), '1600', 'what others read hides none');

select * from finish();
