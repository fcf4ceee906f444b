-- Links of articles that lead nowhere, or further than their readers may follow (K3). In the tenant 51, made like the
-- two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (51, 'leading', 'Leading');
select fixture.fill(51, 'leading') \g /dev/null
select * from no_plan();
set story.tenant = 51;
set story.slug = 'leading';
\ir lib/story.sql
begin;
select auth.set_context(51, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.deflections where tenant_id = 51;
delete from app.articles where tenant_id = 51;
delete from app.text_links where tenant_id = 51;
delete from app.link_queue where tenant_id = 51;
commit;
create function pg_temp.desk(statement text, variadic args text[] default '{}') returns text
language sql as $$ select pg_temp.at('desk', 507, format(statement, variadic args)) $$;
create function pg_temp.write(title text, html text, audience text default '{"level": "public"}', section text default null) returns text
language sql as $$ select pg_temp.at('desk', 507, format('select app.make_article(%L, ''en'', %L, %L, %L, %L, true, null)->>''id''', section, title, html, gen_random_uuid(), audience)) $$;
create function pg_temp.change(article text, html text) returns text
language sql as $$ select pg_temp.at('desk', 507, format('select app.save_draft(%s, ''en'', ''A'', %L, null, null, true)->>''id''', article, html)) $$;
-- As jobs do, until nothing is queued.
create function pg_temp.work() returns bigint language plpgsql as $$
declare
  n bigint := 0;
  m bigint;
begin
  perform auth.set_context(51, null, null, null, null, 0::smallint, '{}', false);
  loop
    m := app.work_links();
    exit when m = 0;
    n := n + m;
  end loop;
  return n;
end $$;
create function pg_temp.amiss(trouble text default null) returns text language sql as $$
  select coalesce(pg_temp.desk($q$select string_agg(concat_ws(' ', l->>'kind', l->>'trouble', right(l->>'href', 6)), ', ' order by l->>'href') from json_array_elements(app.link_report(%L, null)->'links') l$q$, trouble), '') $$;

create temp table made as select pg_temp.write('Place', '<p>x</p>') as place;
alter table made add b text, add c text, add a text, add b_key text, add c_key text, add section text;
update made set section = pg_temp.desk($$select app.save_section(null, null, '{"en": "S"}', null, '{"level": "public"}', null)->>'id'$$);
update made set b = pg_temp.write('B', '<h2 id="one">One</h2><p>x</p>', null, section);
update made set c = pg_temp.write('C', '<p>x</p>', '{"level": "agents"}');
update made set b_key = (select key from app.articles where tenant_id = 51 and id = b::bigint), c_key = (select key from app.articles where tenant_id = 51 and id = c::bigint);
update made set a = pg_temp.write('A', format('<h2 id="mine">Mine</h2><p><a href="/kb/a/%1$s">b</a> <a href="/kb/a/%1$s#one">b</a> <a href="/kb/a/%1$s#nine">b</a> <a href="/kb/a/%2$s">c</a> <a href="/kb/a/000000">d</a>'
  ' <a href="#mine">e</a> <a href="#nought">f</a> <a href="https://x.example/?a=1&amp;b=2#z">g</a> <a href="mailto:x@x.example">h</a> <a href="http://x.example/">i</a> <a href="/status">j</a> <img alt="" src="/kb/f/000111"/></p>', b_key, c_key));
select is(pg_temp.at('ten', 501, 'select app.link_report(null, null)'), 'PT403', 'customers are told nothing of it');
select is(pg_temp.desk('select app.link_report(null, null)->>''waiting'''), '4', 'what was published waits');
select is(pg_temp.amiss(), '', 'nothing is said before somebody looked');
select is(pg_temp.work() > 0, true, 'looked at');
select is((select string_agg(format('%s %s', kind, href), ', ' order by kind, href) from app.text_links where tenant_id = 51 and kind > 1), '2 /kb/f/000111, 3 #mine, 3 #nought, 4 https://x.example/?a=1&b=2#z', 'ours, and those by https');
select is(pg_temp.amiss(), (select format('heading heading nought, article gone 000000, article heading %s, article narrower %s, file gone 000111', right(b_key || '#nine', 6), right(c_key, 6)) from made where b_key < c_key
  union all select format('heading heading nought, article gone 000000, article narrower %s, article heading %s, file gone 000111', right(c_key, 6), right(b_key || '#nine', 6)) from made where b_key > c_key), 'what is not there, and what is others''');
select is(pg_temp.amiss('gone'), 'article gone 000000, file gone 000111', 'of one kind');
select is(pg_temp.desk('select app.link_report(''narrower'', null)->''links''->0->''to''->>''title'''), 'C', 'with what it is called');

-- What changes is looked at from both its sides.
select pg_temp.desk('select app.act_on_text(%s, ''en'', ''unpublish'', null) is null', b) from made \g /dev/null
select is(pg_temp.work(), 1::bigint, 'one changed');
select is(pg_temp.amiss('unpublished'), (select concat_ws(', ', 'article unpublished ' || b_key6, 'article unpublished ' || right(b_key || '#nine', 6), 'article unpublished ' || right(b_key || '#one', 6)) from (select b_key, right(b_key, 6) as b_key6 from made) x), 'taken back');
select pg_temp.desk('select app.act_on_text(%s, ''en'', ''publish'', null) is null', b) from made \g /dev/null
select pg_temp.work() \g /dev/null
select is(pg_temp.amiss('unpublished'), '', 'there again');
select is(pg_temp.desk('select app.link_report(null, null)->>''count'''), '5', 'but for what was before');
select pg_temp.desk($$select app.save_section(%s, null, null, null, '{"level": "signed_in"}', null) is null$$, section) from made \g /dev/null
select is(pg_temp.work(), 1::bigint, 'a section');
select is(pg_temp.desk('select json_array_length(app.link_report(''narrower'', null)->''links'')'), '4', 'whose articles fewer read than find the link');
create temp table since as select href, since from app.text_links where tenant_id = 51 and trouble = 'narrower';
select pg_temp.change(a, (select html from app.article_versions v where v.tenant_id = 51 and v.article_id = a::bigint and v.until_change is null) || '<p>More</p>') from made \g /dev/null
select pg_temp.work() \g /dev/null
select is((select count(*) from since s join app.text_links l on l.tenant_id = 51 and l.href = s.href and l.since = s.since), 4::bigint, 'since when stays while it stays so');
select pg_temp.change(a, '<p>Nothing <a href="https://x.example/?a=1&amp;b=2#z">g</a></p>') from made \g /dev/null
select pg_temp.work() \g /dev/null
select is((select string_agg(href, ' ') from app.text_links where tenant_id = 51), 'https://x.example/?a=1&b=2#z', 'what is not written any more is over');

-- Elsewhere: nothing is said of one try.
create function pg_temp.asked(fault text) returns text language plpgsql as $$
begin
  perform auth.set_context(51, null, null, null, null, 0::smallint, '{}', false);
  perform app.link_asked('https://x.example/?a=1&b=2#z', fault);
  return (select concat_ws(' ', l.trouble, l.fails, case when l.due_at > now() + interval '5 days' then 'week' else 'day' end) from app.text_links l where l.tenant_id = 51);
end $$;
select is(array[pg_temp.asked('missing')], '{"1 day"}', 'once');
select is(array[pg_temp.asked('missing')], '{"missing 2 day"}', 'twice');
select is(pg_temp.amiss(), 'elsewhere missing &b=2#z', 'it is said');
select is(array[pg_temp.asked(null)], '{"0 week"}', 'it is there');
select is(array[pg_temp.asked('unreachable')], '{"1 day"}', 'away');
select is(array[pg_temp.asked('unreachable')], '{"2 day"}', 'again');
select is(array[pg_temp.asked('unreachable')], '{"unreachable 3 day"}', 'three times');

-- Whoever is of one audience is of each that it is said to be within, whatever they are.
begin;
select auth.set_context(51, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
create temp table kinds as select row_number() over () + 5000 as id, l, a, p, r
  from generate_series(1, 3) l, (values ('{}'::bigint[]), ('{10}'), ('{10,20}')) x (a), (values ('{}'::bigint[]), ('{100}'), ('{110}'), ('{100,200}')) y (p), (values ('{}'::text[]), ('{member}'), ('{member,main_user}')) z (r)
  where l = 2 or a = '{}' and r = '{}';
insert into app.audiences (tenant_id, id, level, accounts, portals, roles) select 51, id, l, a, p, r from kinds on conflict do nothing;
create temp table pairs as select x.id as one, y.id as other, app.is_within(x.id, y.id) as within from app.audiences x, app.audiences y where x.tenant_id = 51 and y.tenant_id = 51;
create temp table readers as select po.account_id, app.portals_up(po.id) as at, r.mine, r.mine is not null as signed_in
  from app.portals po, (values (null::text[]), ('{}'), ('{member}'), ('{main_user}'), ('{partner}')) r (mine) where po.tenant_id = 51 and po.account_id is not null;
select is((select count(*) from pairs p join app.audiences a on a.tenant_id = 51 and a.id = p.one join app.audiences b on b.tenant_id = 51 and b.id = p.other join readers r
    on app.is_of_audience(a, r.signed_in, false, r.account_id, r.at, coalesce(r.mine, '{}')) and not app.is_of_audience(b, r.signed_in, false, r.account_id, r.at, coalesce(r.mine, '{}'))
  where p.within), 0::bigint, 'nobody is left out who is said to read it');
select is((select count(*) > 200 and count(*) filter (where not within) > 200 from pairs), true, 'of many pairs');
select is((select count(*) from pairs p join app.audiences a on a.tenant_id = 51 and a.id = p.one join app.audiences b on b.tenant_id = 51 and b.id = p.other
  where not p.within and (a.level = 3 or b.level = 1 and b.portals = '{}' or b.level = 2 and a.level = 2 and b.portals = '{}' and b.accounts = '{}' and b.roles = '{}')), 0::bigint, 'and nobody is said to be who is not');
commit;
select * from finish();
