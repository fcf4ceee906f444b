-- T9: what a tenant may use: counted, told at 80 %, refused above. In the tenant 7,
-- made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (7, 'full', 'Full');
select fixture.fill(7, 'full') \g /dev/null
select * from no_plan();
set story.tenant = 7;
set story.slug = 'full';
\ir lib/story.sql
create function pg_temp.operates(statement text) returns text
language sql as $$ select pg_temp.as_role('sportello_operator', 'select auth.operator_enter(''full'', false)', statement) $$;
create function pg_temp.told() returns bigint
language sql as $$ select count(*) from app.events where tenant_id = 7 and kind = 'quota.near' $$;
create function pg_temp.kinds() returns text
language sql as $$ select string_agg(data->>'what', ' ' order by id) from app.events where tenant_id = 7 and kind = 'quota.near' $$;
create function pg_temp.open(key text, words text) returns text
language sql as $$ select pg_temp.at('ten', 501, format('select app.open_ticket(%L, %L, %L, %L)', 'x', words, words, key)) $$;

select matches(pg_temp.operates('select operator.set_quota(null, null, null)'), '^people +11 used of 1000\nstorage MB +0 used of no limit\nmails today +0 used of no limit$', 'what is used');
select is(pg_temp.operates($$select operator.set_quota('0', null, null)$$), 'PT422', 'no limit of nothing');
select is(pg_temp.operates($$select operator.set_quota('many', null, null)$$), 'PT422', 'nor of a word');
select matches(pg_temp.operates($$select operator.set_quota('12', null, null)$$), '^people +11 used of 12', 'a limit of people');
create function pg_temp.person(address text) returns text
language sql as $$ select pg_temp.as_role('postgres', 'select auth.set_context(7, null, null, null, null, 0::smallint, ''{}'', false)',
  format('insert into app.people (tenant_id, email, name) values (7, %L, %L) returning email', address, 'x')) $$;
select is(pg_temp.person('twelfth@x.example'), 'twelfth@x.example', 'the twelfth');
select is(pg_temp.told(), 1::bigint, 'its administrators are told');
select is((select e.data->'people' from app.events e where tenant_id = 7 and kind = 'quota.near'), '[508]', 'they alone');
select is(pg_temp.person('more@x.example'), 'PT40Q quota-people', 'the thirteenth is refused');
select is(pg_temp.told(), 1::bigint, 'told once');
select matches(pg_temp.operates($$select operator.set_quota('none', null, null)$$), '^people +12 used of no limit', 'no limit any more');
select is(pg_temp.person('more@x.example'), 'more@x.example', 'then there is room');

-- Texts and mails are counted when jobs work out what follows; others' events
-- are out of their way meanwhile.
create temp table waited as select * from app.event_queue where tenant_id <> 7;
delete from app.event_queue where tenant_id <> 7;
create temp table texts as select sum(octet_length(c.source) + octet_length(c.html)
      + case when e.kind = 'ticket.opened' then coalesce((select sum(octet_length(v.value::text)) from app.ticket_values v
        where v.tenant_id = 7 and v.ticket_id = e.ticket_id), 0) else 0 end)::bigint
    + (select storage from app.usage where tenant_id = 7 and day = current_date) as size
  from app.event_queue q join app.events e on e.tenant_id = 7 and e.id = q.event_id join app.comments c on c.tenant_id = 7
    and c.ticket_id = e.ticket_id and c.id = e.comment_id;
create function pg_temp.fan_out() returns int language sql as $$
  select pg_temp.as_role('sportello_jobs', null, 'select jobs.fan_out()->>''deliveries''')::int $$;
create temp table worked (deliveries int);
-- A context is for one transaction.
\set work 'select ''insert into worked select pg_temp.fan_out()'' from generate_series(1, 20)'
:work \gexec
select is((select storage from app.usage where tenant_id = 7 and day = current_date), size, 'texts were counted') from texts;
update app.quotas set storage = (select sum(storage) from app.usage where tenant_id = 7) + 1000 where tenant_id = 7;
select is(pg_temp.open('quota-001', repeat('x', 300)), '{"number" : 101}', 'a text that fits');
:work \gexec
select is(pg_temp.open('quota-002', repeat('x', 300)), 'PT40Q quota-storage', 'one that does not');
select is((select count(*)::int from app.tickets where tenant_id = 7 and id > 101), 0, 'nor the ticket it is of');
select is((select count(*)::int from app.usage where tenant_id = 7 and day = current_date), 1, 'a row a day');

select is(pg_temp.kinds(), 'people storage', 'told of storage too, which has nothing to do with people');
create function pg_temp.used() returns bigint language sql as $$ select sum(storage)::bigint from app.usage where tenant_id = 7 $$;
create function pg_temp.photo(size int) returns text
language sql as $$ select pg_temp.at('ten', 501, format('select app.set_photo(192, 192, convert_to(repeat(%L, %s), %L)) is not null', 'x', size, 'UTF8')) $$;
create function pg_temp.logo(size int) returns text
language sql as $$ select pg_temp.at('desk', 508, format('select app.add_picture(%L, 20, 20, convert_to(repeat(%L, %s), %L)) is not null', 'image/png', 'x', size, 'UTF8')) $$;
update app.quotas set storage = pg_temp.used() + 1000 where tenant_id = 7;
create temp table begun as select pg_temp.used() as storage;
select is(pg_temp.logo(400), 'true', 'a logo that fits');
select is(pg_temp.used() - storage, 400::bigint, 'is counted') from begun;
select is(pg_temp.logo(400), 'true', 'the same again');
select is(pg_temp.used() - storage, 400::bigint, 'is one picture') from begun;
select is(pg_temp.logo(601), 'PT40Q quota-storage', 'one that does not');
select is(pg_temp.photo(600), 'true', 'a photo that just fits');
select is(pg_temp.photo(599), 'true', 'another in its place, which goes first');
select is(pg_temp.used() - storage, 999::bigint, 'what is gone counts no more') from begun;
select is(pg_temp.photo(601), 'PT40Q quota-storage', 'a larger one');
select is((select octet_length(bytes) from app.pictures where tenant_id = 7 and person_id = 501), 599, 'leaves the one before');
update app.pictures set created_at = now() - interval '2 days' where tenant_id = 7;
select is(pg_temp.logo(10), 'true', 'what nobody uses is forgotten when the next comes');
select is(pg_temp.used() - storage, 609::bigint, 'and counts no more') from begun;

-- Files: one that the scanner refuses gives its room back once.
create function pg_temp.file(size int, file_state int) returns bigint language sql as $$
  select auth.set_context(7, null, null, null, null, 0::smallint, '{}', false);
  insert into app.files (tenant_id, owner_id, name, type, size, received, sha256, state)
    values (7, 501, 'x', 'text/plain', file.size, file.size, sha256('x'), file.file_state) returning id $$;
create function pg_temp.scan(file bigint) returns text language sql as $$
  select pg_temp.as_role('sportello_jobs', null, format('select jobs.scanned(7, %s, %L, null)', file, 'refused')) $$;
update app.quotas set storage = null where tenant_id = 7;
update begun set storage = pg_temp.used();
select pg_temp.file(100, 2) as refused \gset
select pg_temp.file(50, 3) as clean \gset
select is(pg_temp.used() - storage, 150::bigint, 'files are counted') from begun;
select is(pg_temp.scan(:refused), '', 'one is refused');
select is(pg_temp.used() - storage, 50::bigint, 'and counts no more') from begun;
update app.files set created_at = created_at - interval '2 days' where tenant_id = 7 and id in (:refused, :clean);
select 'select pg_temp.as_role(''sportello_jobs'', null, ''select jobs.end_file()'') is null as ended' from generate_series(1, 3) \gexec
select is((select count(*) from app.files where tenant_id = 7 and id in (:refused, :clean)), 0::bigint, 'both end with their day');
select is(pg_temp.used() - storage, 0::bigint, 'each once') from begun;

delete from app.event_queue;
update app.quotas set storage = null, mails = 1 where tenant_id = 7;
select is(pg_temp.open('quota-003', 'words'), '{"number" : 102}', 'one more, which two people get mail about');
select ok(pg_temp.fan_out() > 1, 'worked out');
select is((select bool_and(d.next_try_at >= current_date + 1) from app.deliveries d join app.events e on e.tenant_id = 7 and e.id = d.event_id
  where d.tenant_id = 7 and e.ticket_id = 102), true, 'they wait until tomorrow, since only one was left');
select is(pg_temp.kinds(), 'people storage mails', 'and told, from none to more than there may be');
select ok((select mails > 1 from app.usage where tenant_id = 7 and day = current_date), 'and are counted');
select is(pg_temp.at('desk', 508, $$select app.list_settings(null)->'usage'->0->>'what'$$), 'mails', 'an administrator reads what is limited');
select is(pg_temp.at('ten', 509, $$select app.list_settings(null)->>'usage'$$), null, 'a customer''s does not');
-- An operator's new limit that is used up already.
select matches(pg_temp.operates($$select operator.set_quota('5', null, null)$$), 'used of 5', 'fewer people than there are');
select is(pg_temp.kinds(), 'people storage mails people', 'is told at once');
select matches(pg_temp.operates($$select operator.set_quota(null, '900', null)$$), 'used of 900', 'room for many texts');
select is(pg_temp.told(), 4::bigint, 'is not');
select is(pg_temp.person('last@x.example'), 'PT40Q quota-people', 'what is refused');
select is(pg_temp.told(), 4::bigint, 'tells nobody');
insert into app.event_queue table waited;
-- Requests are counted by nginx, which tells the tenant's mark or a host.
create function pg_temp.near(mark text) returns bigint language plpgsql as $$
begin
  perform pg_temp.as_role('sportello_jobs', null, format('select jobs.near_limit(%L)', mark));
  return (select count(*) from app.events where tenant_id = 7 and kind = 'requests.near');
end $$;
select is(pg_temp.near('t999999999999999'), 0::bigint, 'a tenant that is none');
select is(pg_temp.near('nobody.test'), 0::bigint, 'a host that is none');
select is(pg_temp.near('ten.full.test'), 1::bigint, 'a host''s tenant is told');
select is(pg_temp.near('t7'), 1::bigint, 'once a day');
select is((select e.data->'people' from app.events e where tenant_id = 7 and kind = 'requests.near'), '[508]', 'its administrators alone');
select * from finish();
