-- W1: what the desk's views count is what their lists hold, by whichever index they are
-- counted, and where fields are hidden from who asks. In the tenant 41, made like the two of
-- fixtures.sql.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (41, 'counts', 'Counts');
select fixture.fill(41, 'counts') \g /dev/null
select * from no_plan();
set story.tenant = 41;
set story.slug = 'counts';
\ir lib/story.sql
-- Three hundred tickets: the newest hundred at one portal, so that a walk of sixty comes to
-- no other; a third has something due, half of these before now. Two teams, both 507's.
set session_replication_role = replica;
delete from app.field_policies where tenant_id = 41;
delete from app.snoozes where tenant_id = 41;
delete from app.ticket_clocks where tenant_id = 41;
update app.tickets set at_desk = false where tenant_id = 41;
delete from app.team_members where tenant_id = 41;
insert into app.teams (tenant_id, id, name) values (41, 41, 'One'), (41, 42, 'Two');
insert into app.team_members (tenant_id, team_id, person_id) values (41, 41, 507), (41, 42, 507);
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, assignee_id, team_id, title, status, priority, type, at_desk, created_at, updated_at, desk_updated_at)
  select 41, 1000 + n, p.portal, p.account, p.requester, (array[null, 507, 508])[1 + n / 2 % 3], (array[null, 41, 42, null])[1 + n % 4], 'Ticket ' || n, 1 + n % 7,
    nullif(n % 5, 0), case when n % 2 = 0 then 'problem' end, true, now() - n * interval '1 hour', now() - n * interval '1 hour', now() - n * interval '1 hour'
  from generate_series(1, 300) n cross join lateral (select case when n <= 100 then 110 when n % 2 = 0 then 111 else 130 end as portal,
    case when n <= 100 or n % 2 = 0 then 10 else 30 end as account, case when n <= 100 then 501 when n % 2 = 0 then 503 else 505 end as requester) p;
insert into app.ticket_clocks (tenant_id, ticket_id, kind, state, started_at, due_at, is_next)
  select 41, 1000 + n, 1, 1, now() - n * interval '1 hour', now() + case when n % 2 = 0 then -1 else 1 end * n * interval '1 minute', true from generate_series(1, 300) n where n % 3 = 0;
reset session_replication_role;

-- All that is asked of views: each part that an index is chosen by, with others; and what
-- their lists hold, all of them.
create temp table asked as
  select jsonb_strip_nulls(jsonb_build_object('list', 'desk', 'group', g, 'priority', p) || whose || more) as w, null::int as n
  from unnest('{NULL,open,pending,done}'::text[]) g, unnest('{NULL,urgent,low}'::text[]) p,
    unnest(array['{}', '{"requester": "505"}', '{"account": "10"}']::jsonb[]) whose,
    unnest(array['{}', '{"assignee": "none"}', '{"team": "mine"}', '{"due": "late"}', '{"sort": "due"}']::jsonb[]) more;
grant select, update on asked to public;
-- Counts over so many rows; many are of a list with something in it, to the end.
create function pg_temp.unlike(reach int, listed boolean) returns text language plpgsql as $$
declare
  a record;
  c record;
  wrong text;
  exact int := 0;
  boss text := session_user;
begin
  perform set_config('session_authorization', 'sportello_api', true);
  perform auth.enter('desk.counts.test', convert_to('41/507', 'UTF8'), 1::smallint, true);
  if listed then
    update asked x set n = cardinality((app.pick_tickets(x.w, 501, null)).ids);
  end if;
  for a in select x.* from asked x loop
    c := app.pick_tickets(a.w, 501, reach, true);
    if not (case when c.beyond then c.n <= a.n else c.n = a.n end) then
      wrong := concat(wrong, format(E'%s: %s, its list %s\n', a.w, c.n, a.n));
    end if;
    exact := exact + (a.n > 0 and not c.beyond)::int;
  end loop;
  perform set_config('session_authorization', boss, true);
  return nullif(concat(left(wrong, 2000), case when exact < 40 then format('%s were exact', exact) end), '');
end $$;

-- ---- W1: counts are of what lists show

select is(pg_temp.unlike(60, true), null, 'each count is that of its list, and where its walk ends early no more');
insert into app.field_policies (tenant_id, scope, field, role, access, portal_id) select 41, 261, f, 'agent', 0, 130 from unnest('{status,priority}'::text[]) f;
select is(pg_temp.unlike(10000, true), null, 'where status and priority are hidden at a portal, none of its tickets is counted by them');
select is(pg_temp.unlike(60, false), null, 'also where the newest that changed are none of its');
-- ---- W1: all that match are those that the list shows

-- By what is due first, a list has only what something is promised of.
create table pg_temp.unlike_all (query text, shown int, counted int, matching int);
create function pg_temp.each_way() returns void language plpgsql as $$
declare
  q text;
  w jsonb;
begin
  foreach q in array '{sort=due,group=open&sort=due,sort=due&dir=desc,requester=503&sort=due,sort=due&priority=low,due=late&sort=title,sort=title,assignee=none&due=late}'::text[] loop
    w := (select jsonb_object_agg(split_part(p, '=', 1), split_part(p, '=', 2)) from unnest(string_to_array(q, '&')) p) || '{"list": "desk"}';
    insert into pg_temp.unlike_all values (q, cardinality((app.pick_tickets(w, 501, null)).ids), (app.count_view(q)->>'n')::int, (app.count_bulk(q)->>'n')::int);
  end loop;
end $$;
grant execute on function pg_temp.each_way() to public;
grant insert on pg_temp.unlike_all to public;
select is(pg_temp.at('desk', 507, 'select pg_temp.each_way()'), '', 'asked in each way');
select is((select string_agg(format('%s: %s, counted %s, matching %s', query, shown, counted, matching), E'\n') from pg_temp.unlike_all where shown <> counted or shown <> matching), null, 'all that match, and what a view counts, is what the list shows');
select is((select count(distinct shown)::int > 4 and min(shown) > 0 from pg_temp.unlike_all), true, 'of some a part');
select * from finish();
