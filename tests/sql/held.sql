-- What agents send is held for a few seconds. In the tenant 23, made like the two of fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (23, 'desk', 'Desk');
select fixture.fill(23, 'desk') \g /dev/null
select * from no_plan();
set story.tenant = 23;
set story.slug = 'desk';
\ir lib/story.sql
delete from app.held_comments where tenant_id = 23;
create function pg_temp.hold(person int, ticket int, said text, key text) returns text
language sql as $$
  select pg_temp.at(case when person < 507 then 'ten' else 'desk' end, person, format($q$select coalesce(a #>> '{held,id}', 'out ' || (a #>> '{comment,id}'))
    from app.hold_comment(%s, false, %L, '<p>x</p>', %L, null, null, null, null, 10) a$q$, ticket, said, key)) $$;
-- With a status, a file and somebody's name.
create function pg_temp.full(key text) returns text language sql as $$
  select pg_temp.at('desk', 507, format($q$select a #>> '{held,id}' from app.hold_comment(1, false, 'With @Ada desk', '<p>x</p>', %L, 'blocked', '[60]', null, '[501]', 10) a$q$, key)) $$;
-- The clock goes on: what is held is due, and jobs come by.
create function pg_temp.later() returns text language plpgsql as $$
begin
  update app.held_comments set out_at = clock_timestamp() where tenant_id = 23 and stopped is null;
  return pg_temp.as_role('sportello_jobs', null, 'select jobs.send_held()');
end $$;
create function pg_temp.said(ticket int) returns text language sql as $$
  select coalesce(string_agg(c.source, ', ' order by c.id), '') from app.comments c where c.tenant_id = 23 and c.ticket_id = ticket and c.id > 3 $$;
create function pg_temp.mine(person int) returns text language sql as $$
  select pg_temp.at('desk', person, $q$select string_agg(concat_ws(' ', i->>'text', i->>'stopped'), ', ') from json_array_elements(app.list_held()->'items') i$q$) $$;
create function pg_temp.dates(ticket int) returns text language sql as $$
  select concat_ws(' ', t.updated_at, t.desk_updated_at, t.status) from app.tickets t where t.tenant_id = 23 and t.id = ticket $$;

-- ---- W1: nothing is out before it is ---------------------------------------------------

select max(id) as before from app.events where tenant_id = 23 \gset
select pg_temp.dates(1) as was \gset
select pg_temp.hold(507, 1, 'Soon', 'held-0001') as held \gset
select ok(:'held' ~ '^[0-9]+$', 'what an agent sends is held');
select is(pg_temp.hold(507, 1, 'Soon', 'held-0001'), :'held', 'sent again it is the same');
select is(pg_temp.hold(507, 1, 'Other', 'held-0001'), 'PT409 idempotency-key-reused', 'another text is not');
select is(pg_temp.said(1), '', 'there is no comment');
select is((select count(*)::int from app.events where tenant_id = 23 and id > :before), 0, 'no event, so neither mail nor hint');
select is(pg_temp.dates(1), :'was', 'the ticket is as it was');
select is(pg_temp.mine(507), 'Soon', 'its author knows it');
select is(pg_temp.mine(508), null, 'nobody else does, the administrator neither');
select is(pg_temp.at('desk', 508, format('select app.take_back(%s)', :'held')), 'PT404', 'or takes it back');
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.send_held()'), '0', 'it is not due');
select is(pg_temp.later(), '1', 'then it goes');
select is(pg_temp.said(1), 'Soon', 'as it was written');
select is((select c.author_id || ' ' || c.is_internal from app.comments c where c.tenant_id = 23 and c.source = 'Soon'), '507 false', 'in its author''s name');
select is((select string_agg(e.data->>'by', ', ') from app.events e where e.tenant_id = 23 and e.id > :before and e.kind = 'ticket.replied'), 'desk', 'and it is told');
select is(pg_temp.later(), '0', 'once');
select is(pg_temp.mine(507), null, 'it is held no more');
select is(pg_temp.hold(507, 1, 'Soon', 'held-0001'), :'held', 'a page that lost the answer is answered as before');
select is(pg_temp.later() || pg_temp.said(1), '0Soon', 'and nothing goes twice');
select is(pg_temp.at('desk', 507, $$select app.add_comment(1, false, 'Soon', '<p>x</p>', 'held-0001', null) #>> '{comment,id}' is not null$$), 'true', 'nor when it is sent without being held');
select is(pg_temp.said(1), 'Soon', 'by the same key');
select is(pg_temp.at('desk', 507, format('select app.take_back(%s)', :'held')), 'PT404', 'what is out is not taken back');

-- ---- taken back -------------------------------------------------------------------------

select pg_temp.hold(507, 1, 'Oh no', 'held-0002') as held \gset
select is(pg_temp.at('desk', 507, format('select app.take_back(%s)->>%L', :'held', 'body')), 'Oh no', 'its author has it again');
select is(pg_temp.later() || pg_temp.said(1), '0Soon', 'and it does not go');
insert into app.files (tenant_id, id, owner_id, name, type, size, received, sha256, state) values (23, 60, 507, 'a.txt', 'text/plain', 5, 5, sha256('a'), 3);
select pg_temp.full('held-0004') as held \gset
select is((select ticket_id from app.files where tenant_id = 23 and id = 60), null, 'a file is its owner''s until it goes');
select is(pg_temp.at('desk', 507, format($q$select concat_ws(' ', b->>'status', b #>> '{files,0,name}', b #>> '{mentions,0,id}') from app.take_back(%s) b$q$, :'held')), 'blocked a.txt 501', 'status, files and names come back with the text');
select pg_temp.full('held-0005') as held \gset
select is(pg_temp.later(), '1', 'or go with it');
select is((select concat_ws(' ', t.status, f.ticket_id, m.person_id) from app.tickets t join app.files f on f.tenant_id = 23 and f.id = 60
  join app.mentions m on m.tenant_id = 23 and m.ticket_id = 1 and m.comment_id = f.comment_id where t.tenant_id = 23 and t.id = 1), '3 1 501', 'all of them');

-- ---- what is refused is refused at once, or stops --------------------------------------------

select is(pg_temp.at('desk', 507, $$select app.hold_comment(1, false, 'x', '<p>x</p>', 'held-0006', null, '[60]', null, null, 10)$$), 'PT422 files_files.choice', 'a file that is gone is said at once');
select is(pg_temp.hold(507, 3, 'x', 'held-0007'), 'PT404', 'a ticket that is not the desk''s is none');
select ok(pg_temp.hold(501, 1, 'I write', 'held-0008') ~ '^out', 'what customers send is not held');
select max(id) as seen from app.comments where tenant_id = 23 and ticket_id = 1 \gset
select pg_temp.at('desk', 507, format($q$select a #>> '{held,id}' from app.hold_comment(1, false, 'Unaware', '<p>x</p>', 'held-0009', null, null, %s, null, 10) a$q$, :seen)) as held \gset
select ok(pg_temp.hold(501, 1, 'Meanwhile', 'held-0010') ~ '^out', 'a customer writes in these seconds');
select is(pg_temp.later(), '1', 'it is looked at');
select is(pg_temp.said(1), 'Soon, With @Ada desk, I write, Meanwhile', 'and stops at what its author has not seen');
select is(pg_temp.mine(507), 'Unaware unseen', 'who is told why');
select is((select string_agg(app.is_desks_alone(e.kind, e.data, 10, 110)::text, '') from app.events e where e.tenant_id = 23 and e.kind = 'ticket.held_back'), 'true', 'no customer hears of that');
select is(pg_temp.later(), '0', 'it is not tried again');
select is(pg_temp.at('desk', 507, format('select app.take_back(%s)->>%L', :'held', 'stopped')), 'unseen', 'its author has it again');
select pg_temp.hold(507, 2, 'Left', 'held-0011') as held \gset
update app.people set rank = 0 where tenant_id = 23 and id = 507;
select is(pg_temp.later() || pg_temp.said(2), '1', 'who is no agent any more sends nothing');
select is((select stopped from app.held_comments where tenant_id = 23), 'refused', 'it is kept');
update app.people set rank = 2 where tenant_id = 23 and id = 507;
delete from app.held_comments where tenant_id = 23;
-- An agent's session ends: what they sent goes all the same.
select pg_temp.hold(508, 2, 'From an ended session', 'held-0012') as held \gset
update app.sessions set expires_at = now() where tenant_id = 23 and person_id = 508;
select is(pg_temp.later() || pg_temp.said(2), '1From an ended session', 'the end of a session stops nothing');
-- A job that is killed leaves it as it was.
select pg_temp.hold(507, 2, 'Whole', 'held-0013') as held \gset
update app.held_comments set out_at = clock_timestamp() where tenant_id = 23;
begin;
select jobs.send_held() \g /dev/null
rollback;
select is(concat_ws(' / ', pg_temp.said(2), pg_temp.mine(507)), 'From an ended session / Whole', 'nothing of it is there, and it is held still');
select is(pg_temp.later() || pg_temp.said(2), '1From an ended session, Whole', 'it goes the next time');
select pg_temp.hold(507, 2, 'Waits', 'held-0014') as held \gset
update app.tenants set suspended_at = now() where tenant_id = 23;
select is(pg_temp.later(), '0', 'in a suspended tenant it waits');
update app.tenants set suspended_at = null where tenant_id = 23;
select is(pg_temp.later(), '1', 'until that is over');
insert into app.held_comments (tenant_id, ticket_id, author_id, is_internal, source, html, key, out_at)
  select 23, 2, 507, true, 'x', 'x', 'many-' || n, now() + interval '1 hour' from generate_series(1, 50) n;
select ok(pg_temp.hold(507, 2, 'At once', 'held-0015') ~ '^out', 'with fifty of them held, the next goes at once');

-- ---- how long ----------------------------------------------------------------------------

select is(pg_temp.at('desk', 507, $$select app.profile()->>'hold'$$), '10', 'ten seconds');
select is(pg_temp.at('desk', 507, $$select app.choose_hold(30)->>'hold'$$), '30', 'or as long as one says');
select is(pg_temp.at('desk', 507, $$select app.choose_hold(7)$$), 'PT422 people_hold.choice', 'of what there is');
select is(pg_temp.at('ten', 501, $$select app.profile()->>'hold'$$), null, 'customers are not asked');
select * from finish();
