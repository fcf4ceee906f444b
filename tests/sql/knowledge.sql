-- The knowledge base (K1–K4): who reads what, by an oracle of its own; drafts beside what is
-- live, review, publishing, and what was before. In the tenant 38, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (38, 'books', 'Books');
select fixture.fill(38, 'books') \g /dev/null
select * from no_plan();
set story.tenant = 38;
set story.slug = 'books';
\ir lib/story.sql
begin;
select auth.set_context(38, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.deflections where tenant_id = 38;
delete from app.articles where tenant_id = 38;
delete from app.sections where tenant_id = 38 and id = 3;
delete from app.sections where tenant_id = 38 and id = 2;
delete from app.sections where tenant_id = 38;
delete from app.audiences where tenant_id = 38;
delete from app.knowledge where tenant_id = 38;
commit;

create function pg_temp.desk(statement text, variadic args text[] default '{}') returns text
language sql as $$ select pg_temp.at('desk', 507, format(statement, variadic args)) $$;
create function pg_temp.section(parent text, name text, audience text) returns text
language sql as $$ select pg_temp.at('desk', 507, format('select app.save_section(null, %L, %L, null, %L, null)->>''id''', parent, jsonb_build_object('en', name), audience)) $$;
create function pg_temp.write(section text, lang text, title text, html text) returns text
language sql as $$ select pg_temp.at('desk', 507, format('select app.make_article(%L, %L, %L, %L, %L)->>''id''', section, lang, title, html, gen_random_uuid())) $$;
create function pg_temp.act(article text, lang text, act text, person int default 507, at timestamptz default null) returns text
language sql as $$ select coalesce(left(pg_temp.at('desk', person, format('select app.act_on_text(%s, %L, %L, %L)', article, lang, act, at)), 40), '') $$;
create function pg_temp.titles(portal text, person int) returns text
language sql as $$ select pg_temp.at(portal, person, 'select string_agg(title, '', '' order by title collate "C") from app.article_texts') $$;
create function pg_temp.visitor(statement text) returns text
language sql as $$ select pg_temp.as_role('sportello_api', $q$select auth.enter('ten.books.test', null, 0::smallint, false)$q$, statement) $$;

-- ---- K1: a tree, and an audience from where it is set downwards --------------------------------

select is(pg_temp.at('ten', 501, $$select app.save_section(null, null, '{"en": "x"}', null, null, null)$$), 'PT403', 'customers write nothing');
create temp table made as select pg_temp.section(null, 'Open', '{"level": "public"}') as open;
alter table made add closed text, add own text, add inner_ text, add a text, add b text, add c text, add d text;
update made set closed = pg_temp.section(null, 'Staff', '{"level": "agents"}');
update made set own = pg_temp.section(open, 'Account ten', '{"level": "signed_in", "accounts": [10]}');
update made set inner_ = pg_temp.section(own, 'Below', null);
select is((select array_agg(level order by level) from app.audiences where tenant_id = 38), '{1,2,2,3}'::smallint[], 'each audience is there once, with that of the root');
update made set a = pg_temp.write(open, 'en', 'Alpha', '<h2 id="one">One</h2><p>For all</p><h3 id="two">Two</h3><p>more</p>');
update made set b = pg_temp.write(inner_, 'en', 'Beta', '<p>For account ten</p>');
update made set c = pg_temp.write(closed, 'en', 'Gamma', '<p>For staff</p>');
update made set d = pg_temp.write(null, 'en', 'Delta', '<p>For who is signed in</p>');
select is(pg_temp.titles('ten', 501), null, 'a draft is nobody''s');
select is(pg_temp.desk('select count(*) from app.article_drafts'), '42501', 'and drafts are told by functions alone');
select pg_temp.act(a, 'en', 'publish') from made \g /dev/null
select pg_temp.act(b, 'en', 'publish') from made \g /dev/null
select pg_temp.act(c, 'en', 'publish') from made \g /dev/null
select pg_temp.act(d, 'en', 'publish') from made \g /dev/null
select is(pg_temp.titles('ten', 501), 'Alpha, Beta, Delta', 'somebody of the account');
select is(pg_temp.titles('thirty', 505), 'Alpha, Delta', 'of another');
select is(pg_temp.titles('desk', 507), 'Alpha, Beta, Delta, Gamma', 'who writes it');
select is(pg_temp.visitor('select string_agg(title, '', '') from app.article_texts'), 'Alpha', 'a visitor');
select is(pg_temp.visitor('select string_agg(names->>''en'', '', '') from app.sections where parent_id is not null'), 'Open', 'sections, too');
select is(pg_temp.section('1', 'x', null), 'PT422 sections_parent.unknown', 'no such parent');
select is(pg_temp.desk('select app.save_section(%s, %s, ''{"en": "x"}'', null, null, null)', open, inner_), 'PT422 sections_parent.circle', 'nothing lies in itself') from made;
select format('select is(pg_temp.section(null, ''x'', %L), %L, %L)', v.said, 'PT422 knowledge_audience.' || v.code, v.said) from (values
  ('[]', 'type'), ('{"level": "x"}', 'type'), ('{"level": "signed_in", "accounts": [999999]}', 'unknown'), ('{"level": "signed_in", "roles": ["x"]}', 'choice'),
  ('{"level": "public", "accounts": [10]}', 'signed_in'), ('{"level": "signed_in", "accounts": ["10"]}', 'type'), ('{"level": "public", "x": []}', 'type')) v (said, code) \gexec
select is(pg_temp.desk('select app.save_section(%s, null, ''{"en": "Open"}'', null, ''{"level": "agents"}'', null) is not null', open), 'true', 'narrowed') from made;
select is(pg_temp.visitor('select count(*) from app.article_texts'), '0', 'at once');
select is(pg_temp.titles('ten', 501), 'Beta, Delta', 'but what is opened again below');
select is(pg_temp.desk('select app.save_section(%s, null, ''{"en": "Open"}'', null, ''{"level": "public", "portals": [110]}'', null) is not null', open), 'true', 'for one portal') from made;
select is(pg_temp.visitor('select count(*) from app.article_texts'), '1', 'there for everybody');
select is(pg_temp.titles('thirty', 505), 'Delta', 'elsewhere for nobody');
select is(pg_temp.desk('select app.change_article(%s, ''{"audience": {"level": "agents"}}'') is not null', a), 'true', 'an article has its own') from made;
select is(pg_temp.visitor('select count(*) from app.article_texts'), '0', 'which counts');
select is(pg_temp.desk('select app.change_article(%s, ''{"audience": null}'') is not null', a), 'true', 'or not') from made;
select is(pg_temp.visitor('select count(*) from app.article_texts'), '1', 'again');

-- Random trees and readers against a rule of its own, which climbs by hand.
create function pg_temp.expected(article bigint, signed_in boolean, agent boolean, account bigint, portals bigint[], roles text[]) returns boolean
language plpgsql as $$
declare
  audience bigint;
  section bigint;
  u app.audiences;
begin
  select x.audience_id, x.section_id into audience, section from app.articles x where x.tenant_id = 38 and x.id = article;
  while audience is null loop
    select x.audience_id, x.parent_id into audience, section from app.sections x where x.tenant_id = 38 and x.id = section;
  end loop;
  select * into u from app.audiences x where x.tenant_id = 38 and x.id = audience;
  if u.level = 3 and not agent or u.level = 2 and not signed_in then return false; end if;
  if cardinality(u.portals) > 0 and not exists (select unnest(u.portals) intersect select unnest(portals)) then return false; end if;
  if cardinality(u.accounts) > 0 and (account is null or array_position(u.accounts, account) is null) then return false; end if;
  return cardinality(u.roles) = 0 or exists (select unnest(u.roles) intersect select unnest(roles));
end $$;
select setseed(0.38) \g /dev/null
create temp table node (n int, id text);
create function pg_temp.audience_of_chance() returns text language sql volatile as $$
  select (array[null, '{"level": "public"}', '{"level": "signed_in"}', '{"level": "agents"}', '{"level": "signed_in", "accounts": [10]}',
    '{"level": "signed_in", "accounts": [30]}', '{"level": "signed_in", "roles": ["main_user"]}', '{"level": "signed_in", "portals": [111]}',
    '{"level": "public", "portals": [110]}', '{"level": "signed_in", "accounts": [10, 30], "roles": ["account_admin", "member"]}'])[1 + floor(random() * 10)::int] $$;
create procedure pg_temp.grow() language plpgsql as $$
declare
  parent text;
  made text;
begin
  for n in 1 .. 25 loop
    select x.id into parent from node x order by random() limit 1;
    made := pg_temp.section(case when random() < 0.7 then parent end, 'S' || n, pg_temp.audience_of_chance());
    commit;
    if made ~ '^[0-9]+$' then insert into node values (n, made); end if;
  end loop;
  for n in 1 .. 60 loop
    select x.id into parent from node x order by random() limit 1;
    made := pg_temp.write(parent, 'en', 'T' || n || ' plumtree', '<p>About kiwis</p>');
    commit;
    perform pg_temp.act(made, 'en', 'publish');
    commit;
    perform pg_temp.desk('select app.change_article(%s, %L) is not null', made, jsonb_build_object('audience', pg_temp.audience_of_chance()::jsonb)::text);
    commit;
  end loop;
  -- Moved about: audiences go along.
  for n in 1 .. 20 loop
    select x.id into made from node x order by random() limit 1;
    select x.id into parent from node x order by random() limit 1;
    perform pg_temp.desk('select app.save_section(%s, %s, ''{"en": "Moved"}'', null, %L, null) is not null', made, parent, pg_temp.audience_of_chance());
    commit;
  end loop;
end $$;
call pg_temp.grow();
select is((select count(*)::int from app.sections s where s.tenant_id = 38 and s.path[cardinality(s.path)] <> s.id), 0, 'each path ends with itself');
select ok((select count(*) from app.articles where tenant_id = 38) >= 60, 'there are many');
create temp table reader (portal text, person int, account bigint, agent boolean);
insert into reader values ('ten', 501, 10, false), ('ten', 502, 10, false), ('sub', 503, 10, false), ('thirty', 505, 30, false), ('desk', 507, null, true), ('ten', null, 10, false);
create function pg_temp.reads(r reader) returns text language sql as $$
  select coalesce(case when r.person is null then pg_temp.visitor('select string_agg(id::text, '' '' order by id) from app.articles')
    else pg_temp.at(r.portal, r.person, 'select string_agg(id::text, '' '' order by id) from app.articles') end, '') $$;
create function pg_temp.should(r reader) returns text language plpgsql as $$
declare
  portal app.portals;
  up bigint[];
  roles text[];
begin
  select p.* into portal from app.portals p join app.hosts h on h.tenant_id = p.tenant_id and h.portal_id = p.id
    where p.tenant_id = 38 and h.host = r.portal || '.books.test';
  up := array(with recursive u as (select portal.id, portal.parent_id union all
    select p.id, p.parent_id from u join app.portals p on p.tenant_id = 38 and p.id = u.parent_id) select id from u);
  roles := array(select m.role from app.memberships m where m.tenant_id = 38 and m.person_id = r.person and m.account_id = r.account);
  return coalesce((select string_agg(a.id::text, ' ' order by a.id) from app.articles a where a.tenant_id = 38 and a.is_live
    and (r.agent or pg_temp.expected(a.id, r.person is not null, r.agent, r.account, up, roles))), '');
end $$;
alter table reader add reads text;
select format('update reader r set reads = pg_temp.reads(r) where person is not distinct from %L and portal = %L', person, portal) from reader \gexec
select is(r.reads, pg_temp.should(r), format('%s at %s reads what the rule says', coalesce(r.person::text, 'a visitor'), r.portal)) from reader r;
select ok((select count(distinct reads) from reader r) >= 4, 'which is not the same for all');
-- What is searched and suggested is the same; nobody is told by a typing error of what is not theirs.
create function pg_temp.ask(r reader, q text) returns text language sql as $$
  select case when r.person is null then pg_temp.visitor(q) else pg_temp.at(r.portal, r.person, q) end $$;
alter table reader add finds text, add guesses text, add suggested text;
select format('update reader set %I = coalesce(pg_temp.ask(reader, %L), '''') where person is not distinct from %L and portal = %L', c, q, person, portal) from reader, (values
  ('finds', 'select string_agg(i::text, '' '' order by i) from unnest((app.find_texts(''kiwi'', ''en'', ''all'', 100)).ids) i'),
  ('guesses', 'select string_agg(i::text, '' '' order by i) from unnest((app.find_texts(''plumtre tomato'', ''sv'', ''some'', 100)).ids) i'),
  ('suggested', 'select string_agg(t.n::text, '' '' order by t.n) from generate_series(1, 60) t (n) where exists (
    select from json_array_elements(app.suggest_articles(''T'' || t.n || '' plum'', ''en'')->''suggestions'') s
      where (select string_agg(p->>0, '''') from json_array_elements(s->''title'') p) = ''T'' || t.n || '' plumtree'')')) v (c, q) \gexec
create function pg_temp.of_chance(ids text) returns text language sql as $$
  select coalesce(string_agg(a.id::text, ' ' order by a.id), '') from app.articles a join app.article_texts t on t.tenant_id = a.tenant_id and t.article_id = a.id
  where a.tenant_id = 38 and a.id::text = any (string_to_array(ids, ' ')) and t.title like 'T%' $$;
select is(r.finds, pg_temp.of_chance(r.reads), format('%s at %s finds that', coalesce(r.person::text, 'a visitor'), r.portal)) from reader r;
select is(r.guesses, pg_temp.of_chance(r.reads), format('%s at %s by typing errors', coalesce(r.person::text, 'a visitor'), r.portal)) from reader r;
select is(r.suggested, (select coalesce(string_agg(substring(t.title from '[0-9]+'), ' ' order by substring(t.title from '[0-9]+')::int), '') from app.article_texts t
  where t.tenant_id = 38 and t.title like 'T%' and t.article_id::text = any (string_to_array(r.reads, ' '))), format('%s at %s has it suggested', coalesce(r.person::text, 'a visitor'), r.portal)) from reader r;
-- And so do pages: by their addresses, in lists, in the feed, and, of what is everybody's, in the sitemap.
create function pg_temp.told(r reader, statement text) returns text language sql as $$
  select coalesce(pg_temp.as_role(case when statement ~ 'export|version' then 'sportello_bulk' else 'sportello_api' end,
    case when r.person is null then 'select auth.enter(''ten.books.test'', null, 0::smallint, false)'
      else format('select auth.enter(%L, %L, 1::smallint, true)', r.portal || '.books.test', '38/' || r.person) end, statement), '') $$;
create temp table page (what text, statement text);
insert into page select 'addresses', format('select string_agg(x->>''key'', '' '' order by x->>''key'' collate "C") from unnest(%L::text[]) k cross join lateral app.article_here(k, ''en'', ''en'') x', array_agg(key))
  from app.articles where tenant_id = 38;
insert into page select 'addresses without a title', format('select string_agg(substring(x from ''[^-]+$''), '' '' order by substring(x from ''[^-]+$'') collate "C") from unnest(%L::text[]) k cross join lateral app.article_found(k, ''en'') x', array_agg(key))
  from app.articles where tenant_id = 38;
insert into page select 'lists', format('select string_agg(distinct substring(e->>''url'' from ''[^-]+$'') collate "C", '' '' order by substring(e->>''url'' from ''[^-]+$'') collate "C") from (
    select e from unnest(%L::text[]) k cross join lateral app.section_here(k, ''en'', ''en'', null, null, null, null) x cross join lateral json_array_elements(case json_typeof(x->''articles'') when ''array'' then x->''articles'' else ''[]'' end) e
    union all select e from app.knowledge_home(''en'', ''en'', null, null, null, null) x cross join lateral json_array_elements(x->''others'') e) y', array_agg(key))
  from app.sections where tenant_id = 38;
insert into page values ('the feed', 'select string_agg(e->>''key'', '' '' order by e->>''key'' collate "C") from json_array_elements(app.feed_articles(''en'')->''articles'') e');
-- Each has a picture, and all of it is handed out.
insert into app.files (tenant_id, id, owner_id, article_id, key, name, type, size, received, sha256, state)
  select 38, 9000 + a.id, 507, a.id, 'f' || a.key, 'a.png', 'image/png', 1, 1, sha256('x'), 3 from app.articles a where a.tenant_id = 38;
insert into page values ('pictures', 'select string_agg(substr(f.key, 2), '' '' order by f.key collate "C") from app.files f where f.article_id is not null'),
  ('exports', 'select string_agg(a.key, '' '' order by a.key collate "C") from app.export_list(''jsonl'', null, null, null, null, null, null, null) l
    cross join lateral unnest(case when l ~ ''^a'' then string_to_array(substr(l, 2), '','')::bigint[] end) i join app.articles a on a.id = i'),
  ('texts of exports', 'select string_agg(distinct a.key, '' '') from app.article_versions v join app.articles a on a.id = v.article_id where v.until_change is null');
create temp table said (portal text, person int, what text, keys text);
select format('insert into said select %L, %L, %L, pg_temp.told(r, %L) from reader r where person is not distinct from %L and portal = %L', r.portal, r.person, p.what, p.statement, r.person, r.portal)
  from reader r, page p \gexec
create function pg_temp.keys_of(ids text) returns text language sql as $$
  select coalesce(string_agg(a.key, ' ' order by a.key), '') from app.articles a where a.tenant_id = 38 and a.id = any (string_to_array(ids, ' ')::bigint[]) $$;
select is(s.keys, pg_temp.keys_of(r.reads), format('%s at %s: %s', coalesce(r.person::text, 'a visitor'), r.portal, s.what))
  from said s join reader r on r.portal = s.portal and r.person is not distinct from s.person::int where s.what <> 'the feed' or array_length(string_to_array(r.reads, ' '), 1) <= 50;
select is(pg_temp.as_role('sportello_bulk', $q$select auth.enter('ten.books.test', null, 0::smallint, false)$q$, 'select string_agg(x::json->>''key'', '' '' order by x::json->>''key'' collate "C") from app.sitemap_lines(null) x'),
  pg_temp.keys_of(reads), 'the sitemap') from reader where person is null;

-- ---- K3: a draft beside what is live, review, times, what was before ----------------------------

create function pg_temp.said(article text, lang text, title text, html text, edit text, person int default 507) returns text language sql as $$
  select coalesce(left(pg_temp.at('desk', person, format('select app.save_draft(%s, %L, %L, %L, ''["b", "a", "a"]'', %s) is not null', article, lang, title, html, edit)), 60), '') $$;
select is(pg_temp.said(a, 'en', 'Alpha two', '<p>New</p>', 'null'), 'true', 'a draft') from made;
select is(pg_temp.visitor('select string_agg(title, '''') from app.article_texts where title like ''Alpha%'''), 'Alpha', 'beside what is read') from made;
select is(pg_temp.said(a, 'en', 'Other', '<p>Other</p>', 'null'), 'PT409 conflict', 'two who write hear of each other') from made;
select is(pg_temp.said(a, 'en', 'Alpha two', '<p>Newer</p>', '1', 508), 'true', 'who knows it goes on') from made;
select is(pg_temp.act(a, 'en', 'review', 508) ~ '^\{', true, 'it is to be read') from made;
select is(pg_temp.act(a, 'en', 'approve', 508), 'PT422 articles_act.own_work', 'by somebody else') from made;
select is(pg_temp.act(a, 'en', 'approve', 507) ~ '^\{', true, 'who says so') from made;
select is(pg_temp.act(a, 'en', 'publish') ~ '^\{', true, 'and it goes live') from made;
select is(pg_temp.visitor(format('select app.article_here((select key from app.articles where id = %s), ''en'', ''en'')->>''html''', a)), '<p>Newer</p>', 'for readers') from made;
select is(pg_temp.desk('select string_agg(v->>''title'', '', '') from json_array_elements(app.article_history(%s, ''en'', null)->''versions'') v', a), 'Alpha two, Alpha', 'both versions are there') from made;
select is(pg_temp.desk('select app.restore_version(%s, ''en'', 1, null)->''texts''->''en''->''draft''->>''title''', a), 'Alpha', 'the first becomes the draft') from made;
select is(pg_temp.visitor('select count(*) from app.article_versions where title = ''Alpha'''), '1', 'what was replaced an hour ago is read on by exports');
select is(pg_temp.act(a, 'en', 'unpublish') ~ '^\{', true, 'taken back') from made;
select is(pg_temp.visitor('select count(*) from app.article_versions where title like ''Alpha%'''), '0', 'it is in no version');
select is(pg_temp.act(a, 'en', 'unpublish'), 'PT422 articles_act.state', 'once') from made;
select is(pg_temp.act(a, 'en', 'publish', 507, now() + interval '1 hour') ~ '^\{', true, 'for later') from made;
select is(pg_temp.visitor('select count(*) from app.article_texts where title = ''Alpha'''), '0', 'is not yet');
select is(pg_temp.act(a, 'en', 'publish', 507, now() + interval '3 years'), 'PT422 articles_at.too_late', 'not for years') from made;

-- ---- K4: languages -----------------------------------------------------------------------------

select is(pg_temp.act(a, 'en', 'publish') ~ '^\{', true, 'English is live') from made;
select is(pg_temp.said(a, 'sv', 'Alfa', '<p>Svenska</p>', 'null'), 'true', 'a translation') from made;
select is(pg_temp.act(a, 'sv', 'publish') ~ '^\{', true, 'goes live') from made;
select is(pg_temp.desk('select app.article_desk(%s)->''texts''->''sv''->''live''->>''outdated''', a), null, 'up to date') from made;
select is(pg_temp.said(a, 'en', 'Alpha four', '<p>Four</p>', 'null'), 'true', 'English goes on') from made;
select pg_temp.act(a, 'en', 'publish') from made \g /dev/null
select is(pg_temp.desk('select app.article_desk(%s)->''texts''->''sv''->''live''->>''outdated''', a), 'true', 'which makes it outdated') from made;
select format('select is(pg_temp.visitor(%L), %L, %L)', format('select concat_ws('' '', x->>''title'', x->>''other'') from app.article_here((select key from app.articles where id = %s), %L, ''en'') x', a, l), w, 'read in ' || l)
  from made, (values ('sv', 'Alfa'), ('ja', 'Alpha four true'), ('sv-FI', 'Alfa')) v (l, w) \gexec
select is(app.slug('  Größe & Länge: "so"? '), 'grosse-lange-so', 'an address from a title');
select is(app.slug('ログインできない'), 'ログインできない', 'of any script');
select is(app.slug('!!'), 'a', 'of none');
select * from finish();
