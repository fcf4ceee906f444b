-- What `sportello hosts` does for customers' own hosts: looks for proofs, sees
-- to certificates. A name may be claimed in several tenants, and so these are
-- the door's owner's.

-- When to look again for who waits: soon at first, at last only when asked.
create or replace function jobs.next_look(asked_at timestamptz) returns timestamptz
language sql stable
set search_path = pg_catalog, pg_temp as $$
  select now() + case
    when now() < asked_at + interval '10 minutes' then interval '30 seconds'
    when now() < asked_at + interval '2 hours' then interval '5 minutes'
    when now() < asked_at + interval '2 days' then interval '1 hour'
    when now() < asked_at + interval '30 days' then interval '12 hours' end
$$;

-- Names that are due, for the length of a lease.
create or replace function jobs.take_hosts(most int, lease interval) returns json
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  with due as materialized (
    select c.tenant_id, c.id from app.host_claims c
    where c.check_at <= now()
    order by c.check_at limit most for update skip locked),
  taken as (
    update app.host_claims c set check_at = now() + lease
    from due d where c.tenant_id = d.tenant_id and c.id = d.id
    returning c.host)
  select json_agg(distinct t.host) from taken t
$$;

-- Tells the administrators of a claim's account, or of the tenant's desk.
create or replace function jobs.tell_of_host(kind text, c app.host_claims) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  with e as (
    insert into app.events (tenant_id, kind, account_id, data)
    select c.tenant_id, kind, c.account_id, jsonb_build_object(
      'portal', c.portal_id, 'path', case when c.account_id is null then '/agent/hosts' else '/admin/hosts' end, 'args', jsonb_build_object('host', c.host),
      'people', (select coalesce(jsonb_agg(distinct m.person_id), '[]') from app.memberships m
        where m.tenant_id = c.tenant_id and case when c.account_id is null then m.role = 'tenant_admin'
          else m.role = 'account_admin' and m.account_id = c.account_id end))
    returning tenant_id, id)
  insert into app.event_queue (tenant_id, event_id) select e.tenant_id, e.id from e
$$;

-- A proven name opens its portal.
create or replace function jobs.switch_on(c app.host_claims) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.hosts h where h.host = c.host;
  insert into app.hosts (tenant_id, host, portal_id, is_canonical, is_suspended, has_tickets)
    select c.tenant_id, c.host, c.portal_id, false, t.suspended_at is not null,
      auth.serves_tickets(c.tenant_id, c.portal_id)
    from app.tenants t where t.tenant_id = c.tenant_id;
  update app.host_claims x set state = 2, proven_at = now(), certificate_due_at = now(), certificate_tries = 0,
      certificate_ends_at = null, certificate_answer = null
    where x.tenant_id = c.tenant_id and x.id = c.id;
  perform jobs.tell_of_host('host.on', c);
end $$;

-- It leads nowhere until there is a proof again, its own or another's.
create or replace function jobs.switch_off(c app.host_claims) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  update app.hosts h set is_on = false where h.tenant_id = c.tenant_id and h.host = c.host;
  update app.host_claims x set state = 3, asked_at = now(), certificate_due_at = null
    where x.tenant_id = c.tenant_id and x.id = c.id;
  perform jobs.tell_of_host('host.off', c);
end $$;

-- Who has the name now, of all who claim it. A proof that is there keeps it or
-- gets it; one that is gone keeps it through a time of grace, unless another
-- one is there.
create or replace function jobs.settle_host(name text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  holder app.host_claims;
  proven app.host_claims;
begin
  select c.* into holder from app.host_claims c where c.host = name and c.state = 2;
  select c.* into proven from app.host_claims c where c.host = name and c.found = 1
      and not exists (select from app.hosts h where h.host = name and h.is_canonical)
    order by c.state = 2 desc, c.created_at, c.tenant_id, c.id limit 1;
  if proven.id is not null and (proven.tenant_id, proven.id) is distinct from (holder.tenant_id, holder.id) then
    if holder.id is not null then
      perform jobs.switch_off(holder);
    end if;
    perform jobs.switch_on(proven);
  elsif holder.found > 1 and holder.misses >= 4 and holder.missing_since <= now() - app.host_grace() then
    perform jobs.switch_off(holder);
  elsif holder.found > 1 and holder.misses = 1 then
    perform jobs.tell_of_host('host.missing', holder);
  end if;
  update app.host_claims c set
      state = case when c.state = 2 or c.state = 3 and c.found > 1 then c.state when c.found = 1 then 4 else 1 end,
      check_at = case when c.state <> 2 then jobs.next_look(c.asked_at)
        when c.found = 1 then now() + interval '20 hours' + random() * interval '8 hours'
        else now() + interval '6 hours' end
    where c.host = name;
end $$;

-- What a look at a name found: its proofs with commas between ('' for none), or
-- null when nobody answered, which proves nothing and is tried again.
create or replace function jobs.host_checked(name text, proofs text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  tokens text[] := string_to_array(proofs, ',');
begin
  perform from app.host_claims c where c.host = name order by c.tenant_id, c.id for update;
  if proofs is null then
    update app.host_claims c set checked_at = now(), found = 4,
        check_at = case when c.state = 2 then now() + interval '1 hour' else jobs.next_look(c.asked_at) end
      where c.host = name;
    return;
  end if;
  update app.host_claims c set checked_at = now(), found = f.found,
      misses = case when f.found = 1 then 0 else least(c.misses + 1, 1000) end,
      missing_since = case when f.found > 1 then coalesce(c.missing_since, now()) end
    from (select x.tenant_id, x.id, case when x.token = any (tokens) then 1 when tokens = '{}' then 2 else 3 end as found
      from app.host_claims x where x.host = name) f
    where c.tenant_id = f.tenant_id and c.id = f.id;
  perform jobs.settle_host(name);
end $$;

-- ---- certificates ----------------------------------------------------------------

-- A host that wants one, for the length of a lease: of the tenant whose last
-- try is longest ago, so that many of one don't hold up the others.
create or replace function jobs.take_certificate(lease interval) returns json
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  with waiting as materialized (
    select c.tenant_id, c.id, c.certificate_due_at from app.host_claims c
    where c.certificate_due_at <= now() and c.state = 2
    order by c.certificate_due_at limit 200),
  next as materialized (
    select c.tenant_id, c.id from waiting w
    join app.host_claims c on c.tenant_id = w.tenant_id and c.id = w.id
    order by (select max(x.certificate_tried_at) from app.host_claims x where x.tenant_id = w.tenant_id) nulls first,
      w.certificate_due_at
    limit 1 for update of c skip locked)
  update app.host_claims c set certificate_due_at = now() + lease, certificate_tried_at = now(),
      certificate_tries = least(c.certificate_tries + 1, 1000)
    from next n where c.tenant_id = n.tenant_id and c.id = n.id
    returning json_build_object('tenant', c.tenant_id, 'claim', c.id, 'host', c.host)
$$;

-- How it went: until when it is good, in seconds since 1970, or null and why.
-- Renewed thirty days before its end, or when half of a shorter life is over.
create or replace function jobs.finish_certificate(tenant bigint, claim bigint, ends bigint, answer text) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  update app.host_claims c set
      certificate_ends_at = coalesce(to_timestamp(ends), c.certificate_ends_at),
      certificate_answer = case when ends is null then left(answer, 300) end,
      certificate_tries = case when ends is null then c.certificate_tries else 0 end,
      certificate_due_at = case
        when ends is not null then greatest(to_timestamp(ends) - interval '30 days', now() + (to_timestamp(ends) - now()) / 2)
        else now() + (array['10 minutes', '1 hour', '6 hours'])[least(c.certificate_tries, 3)]::interval
          * case when c.certificate_tries > 6 then 4 else 1 end end
    where c.tenant_id = tenant and c.id = claim and c.state = 2
$$;

-- The hosts behind one, in their order, that have a certificate.
create or replace function jobs.certified_hosts(after text) returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select json_agg(x.host order by x.host) from (
    select c.host from app.host_claims c
    where c.host > certified_hosts.after and c.state = 2 and c.certificate_ends_at > now()
    order by c.host limit 1000) x
$$;

-- The hosts behind one, in their order, of tenants that have several, each with
-- its tenant's mark: their requests are counted together.
create or replace function jobs.marked_hosts(after text) returns json
language sql stable security definer
set search_path = pg_catalog, pg_temp as $$
  select json_agg(x.host || ' t' || x.tenant_id order by x.host) from (
    select h.host, h.tenant_id from app.hosts h
    where h.host > split_part(marked_hosts.after, ' ', 1)
      and (select count(*) from (select from app.hosts o where o.tenant_id = h.tenant_id limit 2) x) > 1
    order by h.host limit 1000) x
$$;

-- The tenant of that mark, or of that host, makes nearly as many requests as
-- it may: its administrators are told, once a day.
create or replace function jobs.near_limit(mark text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t bigint := coalesce(substring(mark from '^t([0-9]{1,18})$')::bigint,
    (select h.tenant_id from app.hosts h where h.host = mark));
begin
  if not exists (select from app.tenants x where x.tenant_id = t)
      or not auth.take('requests-near', t::text, 1, interval '1 day') then
    return;
  end if;
  with e as (
    insert into app.events (tenant_id, kind, data)
    values (t, 'requests.near', jsonb_build_object('people', (select coalesce(jsonb_agg(distinct m.person_id), '[]')
      from app.memberships m where m.tenant_id = t and m.role = 'tenant_admin')))
    returning tenant_id, id)
  insert into app.event_queue (tenant_id, event_id) select e.tenant_id, e.id from e;
end $$;

-- Its file is gone.
create or replace function jobs.certificate_lost(host text) returns void
language sql volatile security definer
set search_path = pg_catalog, pg_temp as $$
  update app.host_claims c set certificate_ends_at = null, certificate_due_at = now()
    where c.host = certificate_lost.host and c.state = 2
$$;
