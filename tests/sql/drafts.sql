-- Drafts on the server. In the tenant 15, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (15, 'drafts', 'Drafts');
select fixture.fill(15, 'drafts') \g /dev/null
select * from no_plan();
set story.tenant = 15;
set story.slug = 'drafts';
\ir lib/story.sql
begin;
select auth.set_context(15, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.drafts where tenant_id = 15;
commit;
create function pg_temp.save(portal text, person int, place text, words text, version text default 'null') returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select coalesce(a->>'version', 'there: ' || (a->'draft'->'body'->>'body'), 'none')
    from app.save_draft(%L, jsonb_build_object('body', %L), %s) a$q$, place, words, version)) $$;
create function pg_temp.there(portal text, person int, place text) returns text
language sql as $$
  select pg_temp.at(portal, person, format($q$select app.draft(%L)->'draft'->'body'->>'body'$q$, place)) $$;

-- ---- N8: what is begun is kept ------------------------------------------------------

select pg_temp.save('ten', 501, 'new.ticket', 'Begun') as v1 \gset
select ok(:'v1' ~ '^[0-9]+$', 'a draft is kept, and has a version');
select is(pg_temp.there('ten', 501, 'new.ticket'), 'Begun', 'it is there again');
select is(pg_temp.save('ten', 501, 'new.ticket', 'On another device'), 'there: Begun', 'who did not know of it is told what is there');
select is(pg_temp.save('ten', 501, 'new.ticket', 'Late', '1'), 'there: Begun', 'so is who knew an older one');
select isnt(pg_temp.save('ten', 501, 'new.ticket', 'Begun and more', :'v1'), :'v1', 'who knew it writes on, by a new version');
select is(pg_temp.there('ten', 501, 'new.ticket'), 'Begun and more', 'that is kept');
select is(pg_temp.there('ten', 502, 'new.ticket'), null, 'nobody else has it');
select is(pg_temp.there('desk', 508, 'new.ticket'), null, 'the tenant''s administrator neither');
select is(pg_temp.there('partner', 504, 'new.ticket'), null, 'a new ticket''s draft is of its portal');
select isnt(pg_temp.save('ten', 501, '1.reply', 'To one'), null, 'a ticket''s is another one');
select is(pg_temp.at('ten', 501, $$select string_agg(i->>'place', ' ' order by i->>'place') from json_array_elements(app.list_drafts()->'items') i$$), '1.reply new.ticket', 'both are listed');
select is(pg_temp.at('ten', 501, $$select app.end_draft('new.ticket')$$), '', 'one is sent');
select is(pg_temp.there('ten', 501, 'new.ticket'), null, 'then it is gone');
select is(pg_temp.there('ten', 501, '1.reply'), 'To one', 'the other is not');
select isnt(pg_temp.save('ten', 501, 'new.ticket', 'Kept', '1'), null, 'what was ended elsewhere and is written on begins anew');

-- A ticket's is for who sees it, where tickets are.
create function pg_temp.listed(portal text, person int) returns text language sql as $$
  select pg_temp.at(portal, person, $q$select string_agg(i->>'place', ' ' order by i->>'place') from json_array_elements(app.list_drafts()->'items') i$q$) $$;
select is(pg_temp.save('ten', 501, '3.reply', 'x'), 'PT404', 'nothing is kept for a ticket that one does not see');
insert into app.drafts (tenant_id, person_id, portal_id, place, body) values (15, 501, 0, '3.reply', '{"body": "Once"}');
select is(pg_temp.there('ten', 501, '3.reply'), null, 'nor shown');
select is(pg_temp.listed('ten', 501), '1.reply new.ticket', 'nor listed');
select is(pg_temp.at('ten', 501, $$select app.end_draft('3.reply')$$), '', 'ending it');
select is((select count(*)::int from app.drafts where tenant_id = 15 and place = '3.reply'), 1, 'does nothing');
insert into app.hosts (tenant_id, host, portal_id, is_canonical, has_tickets) values (15, 'own.drafts.test', 110, false, false);
select is(pg_temp.listed('own', 501), 'new.ticket', 'at a host without tickets there are none of them');
select is(pg_temp.there('own', 501, '1.reply'), null, 'nor any to read');
select is(pg_temp.save('own', 501, '1.reply', 'x'), 'PT404', 'or to write');
select is(pg_temp.at('own', 501, $$select app.end_draft('1.reply')$$), '', 'or to end');
select is(pg_temp.there('ten', 501, '1.reply'), 'To one', 'elsewhere it is as it was');

select is(pg_temp.save('ten', 501, '../1.reply', 'x'), '23514 drafts_place_check', 'a place that is none is told at its field');
select throws_ok(format('insert into app.drafts (tenant_id, person_id, portal_id, place, body) values (15, 501, 0, %L, ''{}'')', p), '23514', null, 'no place: ' || p)
  from unnest(array['', 'new', 'new.', 'new.other', '1.', '.reply', '1.reply2', '-1.reply', '12345678901234567.reply', 'new.follows-', E'1.reply\n']) p;
select throws_ok(format('insert into app.drafts (tenant_id, person_id, portal_id, place, body) values (15, 501, 0, ''2.reply'', %L)', b), '23514', null, 'no draft: ' || left(b, 20))
  from unnest(array['[]', '"x"', '1', 'null', format('{"body": "%s"}', repeat('x', 102400))]) b;

-- A hundred and one: the oldest goes.
begin;
select auth.set_context(15, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.drafts (tenant_id, person_id, portal_id, place, body, updated_at)
  select 15, 502, 0, n || '.reply', '{}', now() - n * interval '1 hour' from generate_series(1, 100) n;
commit;
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, at_desk) values (15, 101, 110, 10, 502, 'Kept', true);
insert into app.ticket_access (tenant_id, ticket_id, principal, updated_at) values (15, 101, app.principal(502, 0), now());
select isnt(pg_temp.save('ten', 502, '101.reply', 'x'), null, 'a hundred and first');
select is((select count(*)::int from app.drafts where tenant_id = 15 and person_id = 502), 100, 'a hundred stay');
select is((select count(*)::int from app.drafts where tenant_id = 15 and person_id = 502 and place = '100.reply'), 0, 'the oldest went');

select * from finish();
