-- Who can see a ticket, and by which rule; and who no longer could. Whether
-- somebody does is asked of app.sees_as(), what the policies ask.

-- By which ways somebody may come to see it: a row of their own (opened, added),
-- their account's (shared with all of it, all of its tickets), their partner's,
-- the desk's. Each is then tried: ten thousand and one at most, those last whom
-- it is shown to with all of the account, so that it costs no more for larger ones.
create or replace function app.ticket_readers(ticket bigint)
returns table (person bigint, name text, principals bigint[], rank smallint, rules text[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  me bigint := auth.person_id();
begin
  return query
    with t as materialized (select x.id, x.requester_id, x.at_desk from app.tickets x
      where x.tenant_id = auth.tenant_id() and x.id = ticket),
    shown as materialized (select a.principal / 4 as id, a.principal % 4 as kind from app.ticket_access a
      where a.tenant_id = auth.tenant_id() and a.ticket_id = ticket),
    ways as (
      select s.id, case when s.id = t.requester_id then 'opened' else 'added' end as rule from shown s, t where s.kind = 0
      union all
      select m.person_id, 'account' from shown s join app.memberships m
        on m.tenant_id = auth.tenant_id() and m.account_id = s.id where s.kind = 1
      union all
      select m.person_id, 'main_user' from shown s join app.memberships m
        on m.tenant_id = auth.tenant_id() and m.account_id = s.id and m.role in ('main_user', 'account_admin') where s.kind = 2
      union all
      select m.person_id, 'partner' from shown s join app.memberships m
        on m.tenant_id = auth.tenant_id() and m.account_id = s.id and m.role = 'partner' where s.kind = 3
      union all
      select p.id, 'desk' from t join app.people p on p.tenant_id = auth.tenant_id() and p.rank >= 2 where t.at_desk),
    known as materialized (
      select w.id, array_agg(distinct w.rule) as rules from ways w group by w.id
      order by w.id is distinct from me, bool_or(w.rule <> 'account') desc, w.id limit 10001)
    select p.id, p.name, p.principals, p.rank, k.rules
    from known k join app.people p on p.tenant_id = auth.tenant_id() and p.id = k.id
    where p.rank > 0 and app.sees_as(ticket, p.rank, p.principals);
end $$;

-- A ticket that the asker sees, or the refusal.
create or replace function app.seen_ticket(ticket bigint) returns app.tickets
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
begin
  select x.* into t from app.tickets x
    where x.tenant_id = auth.tenant_id() and x.id = ticket and app.sees(ticket);
  if not found then
    raise exception using errcode = 'PT404', message = 'no such ticket';
  end if;
  return t;
end $$;

-- Whose side a reader of an account's ticket is on.
create or replace function app.side_of(principals bigint[], account bigint) returns text
language sql stable
return case when app.principal(account, 1) = any (principals) then 'account'
  when app.principal(app.account_partner(account), 3) = any (principals) then 'partner' else 'desk' end;

-- The asker's own side, as said of people to whom they may be named.
create or replace function app.my_side(account bigint) returns text
language sql stable
return app.side_of(auth.principals(), account);

-- Who can see it: by name those of one's own side and those who are in the
-- ticket themselves, fifty a page; of the other sides how many. Of more than ten
-- thousand it says so (more) and shows as many.
create or replace function app.who_sees(ticket bigint, last bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  mine text := app.my_side(t.account_id);
begin
  return (
    with r as materialized (
      select x.person, x.name, x.rules, app.side_of(x.principals, t.account_id) as side from app.ticket_readers(ticket) x),
    named as (
      select r.*, row_number() over (order by r.name, r.person) as n from r
      where r.side = mine or r.rules && '{opened,added}'),
    page as (
      select n.* from named n
      where n.n > coalesce((select l.n from named l where l.person = last), 0) order by n.n limit 51)
    select json_build_object(
      'items', (select coalesce(json_agg(json_build_object('person', p.person, 'side', p.side, 'rules', p.rules) order by p.n), '[]')
        from (select * from page order by n limit 50) p),
      'others', (select coalesce(json_agg(json_build_object('side', o.side, 'name', case o.side
          when 'account' then app.account_name(t.account_id) when 'partner' then app.account_name(app.account_partner(t.account_id))
          else app.tenant_name() end, 'count', o.n) order by o.side), '[]')
        from (select r.side, count(*) as n from r where r.side <> mine and not r.rules && '{opened,added}' group by r.side) o),
      'count', (select least(count(*), 10000) from r), 'more', (select count(*) > 10000 from r),
      'people', app.names((select array_agg(p.person) from page p), t.account_id),
      'next', (select p.person from (select * from page order by n limit 50) p
        where (select count(*) from page) > 50 order by p.n desc limit 1)));
end $$;

-- Who would not see it any more without one of its rows: a person's own, or an
-- account's. Named as above, twenty of them.
create or replace function app.who_loses(ticket bigint, person bigint, account bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  mine text := app.my_side(t.account_id);
  gone bigint := coalesce(app.principal(person, 0), app.principal(account, 1));
begin
  if gone is null or person is not null and account is not null then
    raise exception using errcode = 'PT422', constraint = 'tickets_person.required', message = 'a person or an account';
  end if;
  return (
    with r as materialized (select x.*, app.side_of(x.principals, t.account_id) as side from app.ticket_readers(ticket) x),
    lost as materialized (
      select r.person, r.name, r.rules, r.side from r
      where exists (select from app.ticket_access a
          where a.tenant_id = t.tenant_id and a.ticket_id = t.id and a.principal = gone and gone = any (r.principals))
        and not app.sees_as(ticket, r.rank, array_remove(r.principals, gone))),
    named as (select l.* from lost l where l.side = mine or l.rules && '{opened,added}' order by l.name, l.person limit 20)
    select json_build_object(
      'count', (select count(*) from lost), 'more', account is not null and (select count(*) > 10000 from r),
      'me', exists (select from lost l where l.person = auth.person_id()),
      'items', (select coalesce(json_agg(n.person order by n.name, n.person), '[]') from named n),
      'people', app.names((select array_agg(n.person) from named n), t.account_id)));
end $$;
