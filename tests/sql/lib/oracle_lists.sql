-- Lists by filters and orders, searches, counts and CSV for matrix.sql: fields and who does
-- not see them, drawn at random; what is asked; and what it must answer, said anew
-- of memberships and the places where a policy stands.

-- Each ticket has a priority, most a colour; some roles see neither somewhere.
set session_replication_role = replica;
insert into app.fields (tenant_id, key, kind, labels, options)
  values (60, 'colour', 'one_of', '{"en": "Colour"}', '[{"key": "red", "labels": {"en": "Red"}}, {"key": "blue", "labels": {"en": "Blue"}}]');
update app.tickets set priority = 1 + id % 4 where tenant_id = 60;
insert into app.ticket_values (tenant_id, ticket_id, field, value, word)
  select 60, id, 'colour', to_jsonb(c), c from app.tickets, lateral (select case id % 3 when 0 then 'red' when 1 then 'blue' end) x (c) where tenant_id = 60 and c is not null;
insert into app.field_policies (tenant_id, scope, field, role, access, account_id, portal_id)
  select 60, coalesce(portal * 2 + 1, account * 2, 0), matrix.any_of('{priority,colour}'::text[]),
    matrix.any_of('{agent,partner,account_admin,portal_admin,main_user,member,member}'::text[]), (random() < 0.3)::int, account, portal
  from generate_series(1, 120) n, lateral (select
    case when n % 3 = 1 then 1 + n % 27 end as account, case when n % 3 = 2 then 1001 + n % 27 end as portal) x
  on conflict do nothing;
insert into app.field_policies (tenant_id, scope, field, role, access) values (60, 0, 'colour', 'member', 0) on conflict do nothing;
-- The three who always see some (lib/world.sql).
delete from app.field_policies f using app.portals po where f.tenant_id = 60 and f.role = 'main_user' and po.tenant_id = 60 and po.account_id <= 3 and f.portal_id = po.id;
insert into app.field_policies (tenant_id, scope, field, role, access, account_id) select 60, a * 2, f, 'main_user', 1, a from generate_series(1, 3) a, unnest('{priority,colour}'::text[]) f
  on conflict on constraint field_policies_pkey do update set access = 1;
set session_replication_role = origin;

-- The portals where a field is hidden from somebody: of each role that they have
-- there the nearest word counts, and of several roles the one that may most.
create function matrix.hidden_at(p matrix.person, asked text) returns bigint[] language sql stable as $$
  with places as (select distinct d.portal, d.account from matrix.did d where d.ticket = any (p.seen)),
  near as (
    select l.portal, l.account, n.scope, n.turn from places l join app.portals po on po.tenant_id = 60 and po.id = l.portal
    left join app.portals up on up.tenant_id = 60 and up.id = po.parent_id
    cross join lateral (values (l.portal * 2 + 1, 1), (up.id * 2 + 1, 2), (up.parent_id * 2 + 1, 3), (l.account * 2, 4), (0, 5)) n (scope, turn)),
  roles as (
    select l.portal, r.role from places l cross join lateral (
      select case when p.boss then 'tenant_admin' else 'agent' end where p.staff
      union select m.role from app.memberships m where m.tenant_id = 60 and m.person_id = p.me and not p.staff
        and (m.account_id = l.account and (m.portal_id is null or m.portal_id = l.portal)
          or m.role = 'partner' and m.account_id = (select a.partner_id from app.accounts a where a.tenant_id = 60 and a.id = l.account))) r (role)
    where r.role is not null),
  all_roles as (select portal, role from roles union all
    select l.portal, 'member' from places l where not p.staff and not exists (select from roles r where r.portal = l.portal)),
  said as (select distinct on (r.portal, r.role) r.portal, r.role, f.access from all_roles r
    join near n on n.portal = r.portal join app.field_policies f on f.tenant_id = 60 and f.scope = n.scope and f.field = asked and f.role = r.role
    order by r.portal, r.role, n.turn)
  select array(select r.portal from all_roles r left join said s using (portal, role) group by r.portal having max(coalesce(s.access, 2)) = 0) $$;

-- What each must answer.
create function matrix.wanted_more(p matrix.person) returns setof matrix.answer language plpgsql as $$
declare
  no_priority bigint[] := matrix.hidden_at(p, 'priority');
  no_colour bigint[] := matrix.hidden_at(p, 'colour');
  org bigint[] := array(select d.ticket from matrix.did d where d.ticket = any (p.own) and d.account = any (p.main || p.cared));
  desk bigint[] := case when p.staff then matrix.at_desk() else '{}' end;
  mine bigint[] := array(select d.ticket from matrix.did d where d.ticket = any (p.own) and d.requester = p.me);
  shared bigint[] := array(select d.ticket from matrix.did d where d.ticket = any (p.own) and d.requester <> p.me
    and (exists (select from matrix.inside i where i.ticket = d.ticket and i.person = p.me) or d.everybody and d.account = any (p.belongs)));
  followed bigint[] := array(select d.ticket from matrix.did d where d.ticket = any (p.own)
    and (d.requester = p.me or exists (select from matrix.follows f where f.ticket = d.ticket and f.person = p.me)));
  red bigint[] := array(select d.ticket from matrix.did d where d.ticket % 3 = 0 and d.portal <> all (no_colour));
  urgent bigint[] := array(select d.ticket from matrix.did d where d.ticket % 4 = 3 and d.portal <> all (no_priority));
begin
  return query values
    ('found', array(select t::text from unnest(p.seen) t where matrix.says(t, p.staff, 'kiwi'))),
    ('found by two words', array(select t::text from unnest(p.seen) t where matrix.says(t, p.staff, 'kiwi') and matrix.says(t, p.staff, 'plumtree'))),
    ('found in Japanese', array(select t::text from unnest(p.seen) t where matrix.says(t, p.staff, '請求書')));
  return query select x.what, array(select t.id::text from app.tickets t where t.tenant_id = 60 and t.id = any (x.list))
    from (values ('list, mine', mine), ('list, shared', shared), ('list, followed', followed), ('list, organisation', org),
      ('list, red', array(select unnest(p.own) intersect select unnest(red))),
      ('list, urgent', array(select unnest(p.own) intersect select unnest(urgent))),
      ('queue, red and urgent', array(select unnest(desk) intersect select unnest(red) intersect select unnest(urgent)))) x (what, list);
  return query select 'order by priority', array[coalesce((select string_agg(d.ticket::text, ' '
      order by case when d.portal = any (no_priority) then 0 else 1 + d.ticket % 4 end desc, d.ticket desc)
    from matrix.did d where d.ticket = any (p.own)), '')];
  return query select 'counted', array(select format('%s %s %s', x.what, least(n, 99), n > 99)
    from (select x.what, cardinality(array(select unnest(x.list) intersect select unnest(red))) as n
      from (values ('all', p.own), ('mine', mine), ('shared', shared), ('followed', followed), ('organisation', org)) x (what, list)) x
    where x.what <> 'organisation' or p.main || p.staffed <> '{}' and not p.no_tickets);
  return query select 'csv', array(select concat_ws(' ', d.ticket, case when d.portal <> all (no_priority) then (array['low', 'normal', 'high', 'urgent'])[1 + d.ticket % 4] end,
      case when d.portal <> all (no_colour) then (array['red', 'blue'])[1 + d.ticket % 3] end)
    from matrix.did d where d.ticket = any (p.own));
end $$;

-- What is asked, as the workers' roles.
create function matrix.more_lists(desk boolean) returns matrix.answer[] language plpgsql as $$
declare
  red constant text := '''{"colour": ["red"]}''';
  counts jsonb := matrix.ask('tickets_counts(_fields => ' || red || ')');
  lines text[];
  known boolean;
begin
  perform set_config('session_authorization', 'sportello_bulk', true);
  lines := array(select app.ticket_csv('{"list": "all"}', 'en'));
  perform set_config('session_authorization', 'sportello_api', true);
  known := lines[1] like '%Colour';
  return array[
    ('found', matrix.pages('tickets_search(_q => ''kiwi'', _after => %s, _limit => 50)')),
    ('found by two words', matrix.pages('tickets_search(_q => ''lumtr kiwi'', _after => %s, _limit => 50)')),
    ('found in Japanese', matrix.pages('tickets_search(_q => ''求書'', _after => %s, _limit => 50)')),
    ('list, mine', matrix.pages('tickets_list_filtered(_list => ''mine'', _after => %s, _limit => 100)')),
    ('list, shared', matrix.pages('tickets_list_filtered(_list => ''shared'', _after => %s, _limit => 100)')),
    ('list, followed', matrix.pages('tickets_list_filtered(_list => ''followed'', _after => %s, _limit => 100)')),
    ('list, organisation', matrix.pages('tickets_list_filtered(_list => ''organisation'', _after => %s, _limit => 100)')),
    ('list, red', matrix.pages('tickets_list_filtered(_fields => ' || red || ', _after => %s, _limit => 100)')),
    ('list, urgent', matrix.pages('tickets_list_filtered(_priority => ''urgent'', _sort => ''title'', _after => %s, _limit => 100)')),
    ('queue, red and urgent', case when desk then matrix.pages('tickets_queue_filtered(_fields => ' || red || ', _priority => ''urgent'', _after => %s, _limit => 100)') end),
    ('order by priority', array[array_to_string(matrix.pages('tickets_list_filtered(_sort => ''priority'', _after => %s, _limit => 100)'), ' ')]),
    ('counted', array(select format('%s %s %s', c.key, c.value->>'n', (c.value->>'more')::boolean) from jsonb_each(counts->'lists') c)),
    ('csv', array(select concat_ws(' ', f[1], nullif(split_part(f[4], '.', 2), ''), case when known then nullif(lower(f[cardinality(f)]), '') end)
      from (select string_to_array(l, U&'\001F') as f from unnest(lines[2:]) l) x))]::matrix.answer[];
end $$;
