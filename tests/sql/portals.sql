-- The tree of portals and the settings inherited down it, as administrators use
-- them. In the tenant 6, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (6, 'tree', 'Tree');
select fixture.fill(6, 'tree') \g /dev/null
select * from no_plan();
set story.tenant = 6;
set story.slug = 'tree';
\ir lib/story.sql
-- Cy (503) administers the sub-portal 111 beside being its member.
begin;
select auth.set_context(6, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.memberships (tenant_id, id, person_id, role, account_id, portal_id) values (6, 92, 503, 'portal_admin', 10, 111);
delete from app.settings where tenant_id = 6;
commit;

-- ---- a portal below another -------------------------------------------------------

select is(pg_temp.at('ten', 509, $$select app.portal_tree()->'portals'->1->>'name'$$), 'Ten, sub tree', 'the account''s administrator reads its tree');
select is(pg_temp.at('ten', 509, $$select json_array_length(app.portal_tree()->'portals')$$), '2', 'all of it');
select is(pg_temp.at('sub', 503, $$select json_array_length(app.portal_tree()->'portals')$$), '1', 'a portal''s own its portal');
select is(pg_temp.at('ten', 501, 'select app.portal_tree()'), 'PT403', 'a member none');
select is(pg_temp.at('desk', 508, 'select app.portal_tree()'), 'PT403', 'nor the tenant''s administrator: it is the account''s');
select ok(pg_temp.at('ten', 509, $$select app.create_portal(110, 'Branch', 'branch', 'en', 'portal-01')->>'id'$$) ~ '^[0-9]+$', 'one more is made');
select is(pg_temp.at('ten', 509, $$select app.create_portal(110, 'Branch', 'branch', 'en', 'portal-01')->>'id'$$),
  (select portal_id::text from app.hosts where host = 'branch.tree.test'), 'the same key again: the same one, at its host');
select is((select count(*)::int from app.events where tenant_id = 6 and kind = 'portal.created' and account_id = 10), 1, 'one event of the account''s');
select format('select is(pg_temp.at(%L, 509, %L), %L, %L)', 'ten',
    format('select app.create_portal(110, %L, %L, %L, %L)', 'x', v.slug, 'en', 'portal-02'), v.wants, v.says)
  from (values ('branch', 'PT422 portals_slug.taken', 'a slug that is taken'),
    ('www', 'PT422 portals_slug.reserved', 'one that is reserved'),
    ('xn--bcher-kva', 'PT422 portals_slug_check', 'punycode'), ('Branch2', 'PT422 portals_slug_check', 'capitals'),
    ('a.b', 'PT422 portals_slug_check', 'a dot'), (repeat('a', 41), 'PT422 portals_slug_check', 'one that is too long')) v(slug, wants, says) \gexec
insert into app.hosts (tenant_id, host, portal_id, is_canonical) values (1, 'theirs.tree.test', 110, false);
select is(pg_temp.at('ten', 509, $$select app.create_portal(110, 'x', 'theirs', 'en', 'portal-03')$$), 'PT422 portals_slug.taken', 'one that another tenant has: no more is said');
delete from app.hosts where host = 'theirs.tree.test';
select is(pg_temp.at('ten', 509, $$select app.create_portal(130, 'x', 'foreign', 'en', 'portal-04')$$), 'PT404', 'below another account''s portal');
select is(pg_temp.at('ten', 509, $$select app.create_portal(110, 'x', 'lang', 'xx', 'portal-05')$$), 'PT422 portals_language.choice', 'in a language it does not have');
select is(pg_temp.at('ten', 509, $$select app.create_portal(110, E'a\nb', 'lines', 'en', 'portal-06')$$), '23514 portals_name_check', 'a name of two lines');
select is(pg_temp.at('sub', 503, $$select app.create_portal(111, 'x', 'deeper', 'en', 'portal-07')$$), 'PT403', 'a portal''s administrator makes none');
create function pg_temp.below(above text, slug text) returns text language sql as $$
  select pg_temp.at('ten', 509, format('select (app.create_portal(%s, %L, %L, %L, %L)->>%L)::bigint > 0',
    (select portal_id from app.hosts where host = above || '.tree.test'), 'D', slug, 'en', 'portal-' || slug || '-deep', 'id')) $$;
select is(pg_temp.below('ten', 'lv2'), 'true', 'two deep');
select is(pg_temp.below('lv2', 'lv3'), 'true', 'three deep');
select is(pg_temp.below('lv3', 'lv4'), 'true', 'four');
select is(pg_temp.below('lv4', 'lv5'), 'true', 'five');
select is(pg_temp.below('lv5', 'lv6'), 'PT422 portals_parent.too_deep', 'no deeper');
insert into app.portals (tenant_id, id, account_id, parent_id, name) select 6, 5000 + n, 10, 110, 'Many' from generate_series(1, 193) n;
select is(pg_temp.at('ten', 509, $$select app.portal_tree()->>'left'$$), '0', 'two hundred');
select is(pg_temp.below('ten', 'one-more'), 'PT422 portals_parent.too_many', 'is the most');
delete from app.portals where tenant_id = 6 and id between 5001 and 5193;

select is(pg_temp.at('sub', 503, $$select app.change_portal(111, 'Ten, north', 'de')->>'name'$$), 'Ten, north', 'its administrator names it anew');
select is((select locale from app.portals where tenant_id = 6 and id = 111), 'de', 'and chooses its language');
select is(pg_temp.at('sub', 503, $$select app.change_portal(110, 'Mine', null)$$), 'PT404', 'not the one above');
select is(pg_temp.at('ten', 509, $$select app.change_portal(130, 'Mine', null)$$), 'PT404', 'not another account''s');
select is(pg_temp.at('ten', 509, $$select app.change_portal(110, '', null)$$), '23514 portals_name_check', 'no portal without a name');

-- ---- T6: settings, nearest wins ------------------------------------------------------

create function pg_temp.holds(portal text, person int, at text) returns text language sql as $$
  select pg_temp.at(portal, person, format('select concat_ws(%L, s->>%L, s->>%L, s->%L->%L->>%L) from json_array_elements(app.list_settings(%s)->%L) s where s->>%L = %L',
    ' ', 'value', 'own', 'inherited', 'from', 'kind', at, 'settings', 'name', 'registration')) $$;
select is(pg_temp.holds('ten', 509, 'null'), 'invitation false', 'the default');
select is(left(pg_temp.at('desk', 508, $$select app.set_setting('registration', 'closed', false, null)$$), 5), '{"at"', 'the tenant sets it');
select is(pg_temp.holds('ten', 509, 'null'), 'closed false tenant', 'the account inherits it');
select is(left(pg_temp.at('ten', 509, $$select app.set_setting('registration', 'open', false, null)$$), 5), '{"at"', 'the account sets its own');
select is(pg_temp.holds('ten', 509, 'null'), 'open true tenant', 'which shows, and what is behind');
select is(pg_temp.holds('sub', 503, '111'), 'open false account', 'its portal inherits it');
select is(left(pg_temp.at('sub', 503, $$select app.set_setting('registration', 'domain', false, 111)$$), 5), '{"at"', 'and sets its own');
select is(pg_temp.at('sub', 503, $$select app.setting('registration')$$), 'domain', 'the nearest wins');
select is(pg_temp.at('ten', 509, $$select app.setting('registration')$$), 'open', 'there, and not above');
select is(left(pg_temp.at('sub', 503, $$select app.set_setting('registration', null, true, 111)$$), 5), '{"at"', 'the inherited one again');
select is(pg_temp.at('sub', 503, $$select app.setting('registration')$$), 'open', 'holds');
select is((select count(*)::int from app.events where tenant_id = 6 and kind = 'setting.changed'), 4, 'four events');
select is((select count(*)::int from app.events where tenant_id = 6 and kind = 'setting.changed' and account_id = 10), 3, 'three are the account''s');
select is(left(pg_temp.at('ten', 509, $$select app.set_setting('registration', 'open', false, null)$$), 5), '{"at"', 'what is so already');
select is((select count(*)::int from app.events where tenant_id = 6 and kind = 'setting.changed'), 4, 'is no event');

-- Who changed what from what to what, and where.
create function pg_temp.log(portal text, person int, at text) returns text language sql as $$
  select pg_temp.at(portal, person, format('select string_agg(concat_ws('' '', i->>''person'', i->>''portal'', coalesce(i->>''name'', i->>''fields''),
    coalesce(i->>''was'', ''-''), coalesce(i->>''value'', ''-'')), '', '') from json_array_elements(app.list_settings(%s)->''log''->''items'') i', at)) $$;
select is(pg_temp.log('desk', 508, 'null'), '508 registration - closed', 'the tenant''s record has its own');
select is(pg_temp.log('sub', 503, '111'), '503 Ten, north registration domain -, 503 Ten, north registration - domain', 'a portal''s those of the portal');
select is(pg_temp.at('ten', 509, $$select app.change_look(111, '{"brand": "#123456", "headline": {"en": "Hello"}}')->>'at'$$), '111', 'a look is changed');
select is(pg_temp.at('ten', 509, $$select app.change_look(111, '{"brand": "#123456"}')->>'at'$$), '111', 'once, and not again');
select is(pg_temp.at('ten', 509, $$select app.change_look(null, '{"round": 2}')->>'at'$$), null, 'and the account''s');
select is(pg_temp.log('ten', 509, 'null'), '509 ["round"] {"round": null} {"round": 2}, 509 Ten, north ["brand", "headline"] {"brand": "#778899"} {"brand": "#123456"}, '
  || '503 Ten, north registration domain -, 503 Ten, north registration - domain, 509 registration - open', 'the account''s record has all of them, texts by name');

select is(pg_temp.at('sub', 503, $$select app.set_setting('registration', 'open', false, null)$$), 'PT403', 'a portal''s administrator, for the account');
select is(pg_temp.at('ten', 501, $$select app.set_setting('registration', 'open', false, null)$$), 'PT403', 'a member');
select is(pg_temp.at('ten', 501, 'select app.list_settings(null)'), 'PT403', 'who does not read them either');
select is(pg_temp.at('desk', 507, $$select app.set_setting('registration', 'open', false, null)$$), 'PT403', 'an agent');
select is(pg_temp.at('desk', 508, $$select app.set_setting('registration', 'open', false, 110)$$), 'PT404', 'the tenant''s administrator, for an account''s portal');
select is(pg_temp.at('ten', 509, $$select app.set_setting('registration', 'open', false, 130)$$), 'PT404', 'another account''s portal');
select is(pg_temp.at('ten', 509, $$select app.set_setting('grant_days_most', '5', false, null)$$), 'PT403', 'what is the tenant''s alone');
select is(left(pg_temp.at('desk', 508, $$select app.set_setting('grant_days_most', '5', false, null)$$), 5), '{"at"', 'the tenant sets that');
select format('select is(pg_temp.at(%L, 509, %L), %L, %L)', 'ten',
    format('select app.set_setting(%L, %L, false, null)', v.name, v.value), v.wants, v.name || ': ' || v.value)
  from (values ('nonsense', 'x', 'PT422 settings_name.choice'), ('registration', 'maybe', 'PT422 settings_value.choice'),
    ('inviters', 'account_admin root', 'PT422 settings_value.choice'), ('registration_domains', 'no domain', 'PT422 settings_value.choice'),
    ('languages', '', 'PT422 settings_value.choice'), ('languages', 'en eo', 'PT422 settings_value.choice'), ('languages', 'en; drop', 'PT422 settings_value.choice'), ('tickets_on_white_label', E'yes\n', 'PT422 settings_value.choice')) v(name, value, wants) \gexec
create function pg_temp.choices() returns text language sql as $$
  select pg_temp.at('ten', 509, $q$select concat_ws(' ', s->>'value', 'of', s->>'choices') from json_array_elements(app.list_settings(null)->'settings') s where s->>'name' = 'languages'$q$) $$;
select is(pg_temp.choices(), 'de en es fr it ja pt sv of ["de","en","es","fr","it","ja","pt","sv"]', 'by itself all languages that there are');
select pg_temp.as_role('sportello_jobs', null, 'select jobs.know_languages(''en eo it'')') \g /dev/null
select is(pg_temp.choices(), 'en eo it of ["en","eo","it"]', 'a new one is among them, an old one is not');
select is(left(pg_temp.at('ten', 509, $$select app.set_setting('languages', 'en eo', false, null)$$), 5), '{"at"', 'and may be set');
select is(pg_temp.at('ten', 509, $$select app.set_setting('languages', 'de', false, null)$$), 'PT422 settings_value.choice', 'not so the old one');
select is(pg_temp.at('ten', 509, $$select (app.portal_tree()->'languages')::text$$), '["en","eo"]', 'a portal may then be in it');
select pg_temp.as_role('sportello_jobs', null, 'select jobs.know_languages(''de en es fr it ja pt sv'')') \g /dev/null
select is(left(pg_temp.at('ten', 509, $$select app.set_setting('languages', null, true, null)$$), 5), '{"at"', 'back');
select is(pg_temp.at('ten', 509, $$select app.set_setting('inviters', null, false, null)$$), 'PT422 settings_value.required', 'neither a value nor inherit');
select is(pg_temp.at('ten', 509, $$select app.set_setting('inviters', 'member', true, null)$$), 'PT422 settings_value.required', 'both');
select is(pg_temp.as_role('sportello_api', $$select auth.set_context(6, 110, 10, 507, 1990, 1::smallint, '{}', false, 1)$$, 'select 1'), '42501', 'no pool sets a context');

-- Support that was let in reads them and sets nothing.
create function pg_temp.support(statement text) returns text language sql as $$
  select pg_temp.as_role('sportello_api', format('select auth.enter(%L, %L, 1::smallint, false, %L)', 'ten.tree.test', '6/support', '/'), statement) $$;
select is(pg_temp.support($$select app.list_settings(null)->>'at' is null$$), 'true', 'support reads them');
select is(pg_temp.support($$select app.list_settings(null)->>'log' is null$$), 'true', 'but not who changed them');
select is(pg_temp.support($$select bool_or((s->>'can')::boolean) from json_array_elements(app.list_settings(110)->'settings') s$$), 'false', 'and can set none');
select is(pg_temp.support($$select app.set_setting('registration', 'open', false, null)$$), 'PT403', 'nor is let to');
select is(pg_temp.support($$select json_array_length(app.portal_tree()->'portals') > 1$$), 'true', 'it reads the tree');
select * from finish();
