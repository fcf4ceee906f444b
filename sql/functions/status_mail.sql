-- Service status by mail (T8): who subscribes at a portal, who is affected by an
-- incident, and what jobs tell them all. Nobody learns from a page who subscribes: every
-- address that is asked for is sent the same link.

-- What the form shows: the components here in the order of their tree, thirty at most
-- (what a form can send), products alone where there are more; and those that whoever is
-- signed in has chosen.
create or replace function app.status_form(lang text) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  here bigint[] := app.scopes(null, auth.portal_id());
  parts bigint[] := app.components_here(here);
  fallback text := app.language_of(auth.portal_id());
  most constant int := 30;
  s app.status_subscribers;
begin
  select x.* into s from app.status_subscribers x
    where x.tenant_id = auth.tenant_id() and x.person_id = auth.person_id() and x.portal_id = auth.portal_id();
  return jsonb_build_object('form', true, 'subscribed', s.id is not null,
    'email', (select p.email from app.people p where p.tenant_id = auth.tenant_id() and p.id = auth.person_id()),
    'components', (select jsonb_agg(jsonb_build_object('id', c.id, 'name', app.said_in(c.names, lang, fallback), 'sub', c.sub,
        'chosen', coalesce(c.id = any (s.components), false)) order by c.turn)
      from (select k.id, k.names, u.id is not null as sub,
          row_number() over (order by coalesce(u.position, k.position), coalesce(u.id, k.id), u.id is not null, k.position, k.id) as turn
        from app.components k left join app.components u on u.tenant_id = k.tenant_id and u.id = k.parent_id
        where k.tenant_id = auth.tenant_id() and k.id = any (parts) and (u.id is null or cardinality(parts) <= most)
        order by turn limit most) c));
end $$;

-- Components by what a form sent, of those that there are here.
create or replace function app.status_choice(components jsonb) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  here bigint[] := app.components_here(app.scopes(null, auth.portal_id()));
begin
  return array(select h from unnest(here) h
    where h::text in (select e from jsonb_array_elements_text(coalesce(components, '[]')) e) order by 1);
end $$;

-- Whoever is signed in with an address that they have proven subscribes, changes what
-- they chose, or (leaves) subscribes no more, at once. Any other address is sent a link,
-- good for a week and once: the same answer and work whether it subscribes already or not.
create or replace function app.subscribe_status(address text, components jsonb, leaves text, lang text, client text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  given text := lower(btrim(coalesce(address, '')));
  chosen bigint[] := app.status_choice(components);
  me app.people;
begin
  if auth.grant_id() is not null then
    raise exception using errcode = 'PT403', message = 'support only reads';
  elsif auth.person_id() is not null then
    select p.* into me from app.people p where p.tenant_id = auth.tenant_id() and p.id = auth.person_id();
    given := me.email;
    if leaves = 'yes' then
      delete from app.status_subscribers s
        where s.tenant_id = me.tenant_id and s.portal_id = auth.portal_id() and (s.person_id = me.id or s.email = me.email and app.is_proven(me.id, me.email));
      return app.status_form(lang) || '{"left": true}';
    elsif app.is_proven(me.id, me.email) then
      insert into app.status_subscribers (tenant_id, portal_id, person_id, components)
        values (me.tenant_id, auth.portal_id(), me.id, chosen)
        on conflict on constraint status_subscribers_person do update set components = excluded.components;
      return app.status_form(lang) || '{"saved": true}';
    end if;
  end if;
  if not app.is_email(given) then
    return app.status_form(lang) || jsonb_build_object('status', 422, 'email', left(address, 254), 'faults', '{"email": true}'::jsonb);
  elsif not auth.may_ask('status', given, case when me.id is null then client end) then
    return json_build_object('wait', 900);
  end if;
  perform app.record('status.asked', null, null, jsonb_build_object('path', '/status/subscribe/', 'portal', auth.portal_id(), 'lang', lang,
    'one_time', auth.make_secret('status', auth.portal_id(), null, given, jsonb_build_object('components', chosen, 'lang', lang), interval '7 days')));
  return json_build_object('sent', true, 'email', given);
end $$;

-- What a link asks; it is good at the portal that it was asked for at.
create or replace function app.see_subscription(token text, lang text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  o app.one_time := auth.spend_secret('status', token, false);
  fallback text := app.language_of(auth.portal_id());
begin
  if o.portal_id is distinct from auth.portal_id() then
    return json_build_object('over', true);
  end if;
  return json_build_object('open', true, 'email', o.email,
    'components', (select json_agg(app.said_in(c.names, lang, fallback) order by c.position, c.id) from app.components c
      where c.tenant_id = auth.tenant_id() and c.id::text in (select jsonb_array_elements_text(o.data->'components'))));
end $$;

-- Yes, by the link. It subscribes no login: whoever has the mail need not be signed in.
create or replace function app.confirm_subscription(token text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  most constant int := 50000;
  o app.one_time := auth.spend_secret('status', token, false);
begin
  if o.portal_id is distinct from auth.portal_id() then
    return json_build_object('status', 410, 'over', true);
  end if;
  if not exists (select from app.status_subscribers s where s.tenant_id = o.tenant_id and s.email = o.email and s.portal_id = o.portal_id)
      and (select count(*) from (select from app.status_subscribers s where s.tenant_id = o.tenant_id limit most) x) >= most then
    return json_build_object('status', 422, 'full', true);
  end if;
  perform auth.spend_secret('status', token, true);
  insert into app.status_subscribers (tenant_id, portal_id, email, language, components)
    values (o.tenant_id, o.portal_id, o.email, o.data->>'lang', array(select e::bigint from jsonb_array_elements_text(o.data->'components') e))
    on conflict on constraint status_subscribers_email do update set components = excluded.components, language = excluded.language;
  return json_build_object('done', true, 'email', o.email);
end $$;

-- ---- no more of it ---------------------------------------------------------------------

-- What a link in a mail ends: a subscription, or being told of one incident. Null: it is
-- no link of this portal's. One that was used says the same again.
create or replace function app.leave_of(token text, out subscriber bigint, out incident bigint, out person bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  what text := substring(token from '^(s[0-9]{1,18}|i[0-9]{1,18}-[0-9]{1,18})-[A-Za-z0-9_-]{43}$');
begin
  if what is null or sha256(convert_to(token, 'UTF8')) <> sha256(convert_to(auth.leave_token(auth.portal_id(), what), 'UTF8')) then
    return;
  elsif left(what, 1) = 's' then
    subscriber := substr(what, 2)::bigint;
  else
    incident := split_part(substr(what, 2), '-', 1)::bigint;
    person := split_part(what, '-', 2)::bigint;
  end if;
end $$;

create or replace function app.see_leave(token text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  l record := app.leave_of(token);
begin
  return json_build_object('open', coalesce(l.subscriber, l.incident) is not null, 'one', l.incident is not null);
end $$;

create or replace function app.leave_status(token text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  l record := app.leave_of(token);
begin
  if coalesce(l.subscriber, l.incident) is null then
    return json_build_object('status', 410, 'open', false);
  end if;
  delete from app.status_subscribers s where s.tenant_id = auth.tenant_id() and s.id = l.subscriber;
  delete from app.incident_people x where x.tenant_id = auth.tenant_id() and x.incident_id = l.incident and x.person_id = l.person;
  return json_build_object('done', true, 'one', l.incident is not null);
end $$;

-- A bare address that its server refuses for good subscribes no more.
create or replace function app.status_bounced() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  delete from app.status_subscribers s where s.tenant_id = new.tenant_id and s.email = new.email;
  return null;
end $$;

-- ---- 'I'm affected too' ------------------------------------------------------------------

-- Says so of an incident that goes on here, or takes it back.
create or replace function app.be_affected(incident bigint, affected boolean) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  most constant int := 50000;
  here bigint[] := app.scopes(null, auth.portal_id());
  i app.incidents;
begin
  if auth.grant_id() is not null then
    raise exception using errcode = 'PT403', message = 'support only reads';
  end if;
  select x.* into i from app.incidents x where x.tenant_id = auth.tenant_id() and x.id = incident
    and x.kind = 'incident' and app.concerns(x, here, app.components_here(here));
  if not found then
    raise exception using errcode = 'PT404', message = 'no such incident';
  elsif not affected then
    delete from app.incident_people x where x.tenant_id = i.tenant_id and x.incident_id = i.id and x.person_id = auth.person_id();
  elsif i.state < 4 and (select count(*) from (select from app.incident_people x where x.tenant_id = i.tenant_id and x.incident_id = i.id limit most) n) < most then
    insert into app.incident_people (tenant_id, incident_id, person_id, portal_id)
      values (i.tenant_id, i.id, auth.person_id(), auth.portal_id()) on conflict do nothing;
  end if;
  return json_build_object('to', '/status/' || i.id, 'affected', exists (select from app.incident_people x
    where x.tenant_id = i.tenant_id and x.incident_id = i.id and x.person_id = auth.person_id()));
end $$;

-- ---- whom an update reaches ----------------------------------------------------------------

-- The components that an incident is about, what they are part of, and their parts.
create or replace function app.components_about(components bigint[]) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return array(select c.id from app.components c where c.tenant_id = auth.tenant_id()
    and (c.id = any (components) or c.parent_id = any (components)
      or exists (select from app.components k where k.tenant_id = c.tenant_id and k.parent_id = c.id and k.id = any (components))));
end $$;

create or replace function app.wants(chosen bigint[], components bigint[], about bigint[]) returns boolean
language sql immutable parallel safe
return chosen = '{}' or components = '{}' or chosen && about;

-- Works out the mails of what was said of an incident, five hundred people at a time: true
-- says that there may be more, and that the event comes again for them, after what others
-- wait for. How far it came stands with the update, so that each is told once. First
-- subscribers, then who is affected, and once it is resolved who follows its tickets.
create or replace function app.tell_status(event bigint) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  most constant int := 500;
  i app.incidents;
  u app.incident_updates;
  about bigint[];
  came int;
  -- A ticket has many.
  at_once int;
  told int := 0;
  last bigint;
begin
  select y.* into u from app.events e
    join app.incident_updates y on y.tenant_id = e.tenant_id and y.incident_id = (e.data->>'incident')::bigint and y.n = (e.data->>'n')::int
    where e.tenant_id = auth.tenant_id() and e.id = event and e.kind = 'status.updated' and y.told_step <= 3;
  if not found then
    return false;
  end if;
  select x.* into strict i from app.incidents x where x.tenant_id = u.tenant_id and x.id = u.incident_id;
  about := app.components_about(i.components);
  at_once := case u.told_step when 3 then most / 5 else most end;
  with walked as materialized (
    (select s.id, s.portal_id, coalesce(p.email, s.email) as email, p.id as person_id,
        s.since <= u.said_at and app.wants(s.components, i.components, about) and (s.person_id is null or p.rank > 0 and app.is_proven(p.id, p.email)) as hears
      from app.status_subscribers s left join app.people p on p.tenant_id = s.tenant_id and p.id = s.person_id
      where u.told_step = 1 and s.tenant_id = u.tenant_id and s.id > u.told_after order by s.id limit at_once)
    union all
    (select x.person_id, x.portal_id, p.email, p.id, x.since <= u.said_at and p.rank > 0 and app.is_proven(p.id, p.email)
      from app.incident_people x join app.people p on p.tenant_id = x.tenant_id and p.id = x.person_id
      where u.told_step = 2 and x.tenant_id = u.tenant_id and x.incident_id = u.incident_id and x.person_id > u.told_after order by x.person_id limit at_once)
    union all
    (select x.ticket_id, t.portal_id, null, null, u.state = 4
      from app.incident_tickets x join app.tickets t on t.tenant_id = x.tenant_id and t.id = x.ticket_id
      where u.told_step = 3 and x.tenant_id = u.tenant_id and x.incident_id = u.incident_id and x.ticket_id > u.told_after order by x.ticket_id limit at_once)),
  places as materialized (
    select p.portal_id from (select distinct w.portal_id, app.scopes(null, w.portal_id) as here from (select distinct k.portal_id from walked k where k.hears) w) p
      where app.concerns(i, p.here, app.components_here(p.here))),
  reached as (
    select w.email, w.person_id from walked w join places p on p.portal_id = w.portal_id where w.hears and w.email is not null
    union
    select h.email, h.person_id from walked w join places p on p.portal_id = w.portal_id cross join lateral app.ticket_hearers(w.id) h
      where w.hears and u.told_step = 3),
  mails as (
    insert into app.deliveries (tenant_id, event_id, email, person_id, reason)
      select u.tenant_id, event, r.email, (array_agg(r.person_id order by r.person_id))[1], 'status' from reached r group by r.email
      on conflict do nothing returning 1)
  select (select count(*) from walked), (select max(w.id) from walked w), (select count(*) from mails) into came, last, told;
  if told > 0 then
    perform app.count_mails(event, told);
  end if;
  if u.told_step = 3 and u.state = 4 then
    perform app.record('ticket.incident_over', x.ticket_id, null, jsonb_build_object('incident', i.id)) from app.incident_tickets x
      where x.tenant_id = u.tenant_id and x.incident_id = u.incident_id and x.ticket_id > u.told_after and x.ticket_id <= last;
  end if;
  -- A part of them is done when fewer came than may.
  update app.incident_updates x set told_step = x.told_step + case when came < at_once then 1 else 0 end,
      told_after = case when came < at_once then 0 else last end
    where x.tenant_id = u.tenant_id and x.incident_id = u.incident_id and x.n = u.n;
  if came < at_once and u.told_step = 3 then
    return false;
  end if;
  insert into app.event_queue (tenant_id, event_id, not_before)
    values (auth.tenant_id(), event, now() + case when came < at_once then interval '0' else interval '1 second' end);
  return true;
end $$;

-- When maintenance begins or ends next.
create or replace function app.incident_clock() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp as $$
begin
  new.clock_at := case when new.kind <> 'maintenance' then null when new.starts_at > now() then new.starts_at when new.ends_at > now() then new.ends_at end;
  return new;
end $$;

-- Says of maintenance that it has begun, or is over, in every language: an update as staff's are, in nobody's name. What was
-- over a day ago when jobs come to it, nobody wants to hear any more. How many.
create or replace function app.tell_maintenance() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  i app.incidents;
  n bigint := 0;
begin
  for i in select x.* from app.incidents x where x.tenant_id = auth.tenant_id() and x.clock_at <= now() order by x.clock_at limit 20 for update skip locked loop
    begin
      if i.ends_at > now() - interval '1 day' then
        perform app.say_of(i, null, (select jsonb_object_agg(l, auth.said(case when now() < i.ends_at then 'service.begun' else 'service.ended' end, l))
          from unnest(coalesce(auth.languages(), '{en}')) l));
      end if;
    exception when query_canceled or others then
      raise log 'maintenance % of tenant % is not told: %', i.id, i.tenant_id, sqlerrm;
    end;
    update app.incidents x set clock_at = case when now() < x.ends_at then x.ends_at end where x.tenant_id = i.tenant_id and x.id = i.id;
    n := n + 1;
  end loop;
  return n;
end $$;

-- By `sportello events`: of a tenant whose turn it is. How many.
create or replace function jobs.tell_maintenance() returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  turn record;
  whose bigint;
begin
  for turn in select * from jobs.turns('maintenance') loop
    select i.tenant_id into whose from app.incidents i
      where i.clock_at <= now() and i.tenant_id >= turn.lowest and i.tenant_id < turn.below
        and (select t.suspended_at from app.tenants t where t.tenant_id = i.tenant_id) is null
      order by i.tenant_id limit 1;
    exit when found;
  end loop;
  if whose is null then
    return 0;
  end if;
  perform jobs.had_turn('maintenance', whose);
  perform jobs.enter(whose);
  return app.tell_maintenance();
end $$;

-- The customers who follow a ticket, and have proven their address.
create or replace function app.ticket_hearers(ticket bigint) returns table (email text, person_id bigint)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
begin
  select x.* into t from app.tickets x where x.tenant_id = auth.tenant_id() and x.id = ticket;
  return query select p.email, p.id from app.following(t) f join app.people p on p.tenant_id = t.tenant_id and p.id = f.person
    where p.rank = 1 and 'solved' <> all (p.muted) and app.is_proven(p.id, p.email);
end $$;

-- What one of these mails says, as www/templates/DATA.md has a notice: in the reader's
-- language, as far as there are texts. Why they get it is asked anew: who subscribes no
-- more gets none.
create or replace function app.status_mail(delivery bigint, scheme text, port text) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  d app.deliveries;
  i app.incidents;
  u app.incident_updates;
  p app.people;
  w record;
  l text;
  place record;
  fallback text;
begin
  select x.* into d from app.deliveries x where x.tenant_id = auth.tenant_id() and x.id = delivery and x.reason = 'status';
  if not found then
    return null;
  end if;
  select y.* into u from app.events e
    join app.incident_updates y on y.tenant_id = e.tenant_id and y.incident_id = (e.data->>'incident')::bigint and y.n = (e.data->>'n')::int
    where e.tenant_id = d.tenant_id and e.id = d.event_id;
  select x.* into i from app.incidents x where x.tenant_id = u.tenant_id and x.id = u.incident_id;
  select x.* into p from app.people x where x.tenant_id = d.tenant_id and x.id = d.person_id;
  select c.why, c.portal, c.what, c.ticket, c.lang into w from (
    select 'status' as why, s.portal_id as portal, 's' || s.id as what, null::bigint as ticket, s.language as lang, 1 as n
      from app.status_subscribers s cross join lateral (select app.scopes(null, s.portal_id) as here offset 0) h
      where s.tenant_id = d.tenant_id and (s.email = d.email or s.person_id = d.person_id)
        and app.wants(s.components, i.components, app.components_about(i.components)) and app.concerns(i, h.here, app.components_here(h.here))
    union all
    select 'affected', x.portal_id, 'i' || i.id || '-' || x.person_id, null, null, 2
      from app.incident_people x where x.tenant_id = d.tenant_id and x.incident_id = i.id and x.person_id = d.person_id
    union all
    select 'status_ticket', t.portal_id, null, t.id, null, 3
      from app.incident_tickets x join app.tickets t on t.tenant_id = x.tenant_id and t.id = x.ticket_id
      where u.state = 4 and d.person_id is not null and x.tenant_id = d.tenant_id and x.incident_id = i.id
        and exists (select from app.ticket_hearers(t.id) h where h.person_id = d.person_id)) c
    order by c.n, c.portal, c.ticket limit 1;
  if not found or p.id is not null and (p.rank = 0 or p.email <> d.email) then
    return json_build_object('tenant', d.tenant_id, 'delivery', d.id, 'attempts', d.attempts, 'may_see', false);
  end if;
  select po.name, h.host, scheme || '://' || h.host || port as base into place
    from app.portals po left join app.hosts h on h.tenant_id = po.tenant_id and h.portal_id = po.id and h.is_canonical
    where po.tenant_id = d.tenant_id and po.id = w.portal;
  fallback := app.language_of(w.portal);
  l := coalesce(p.locale, w.lang, fallback);
  return json_build_object('tenant', d.tenant_id, 'delivery', d.id, 'attempts', d.attempts, 'event', 'status.updated', 'to', d.email, 'host', place.host,
    'reason', w.why, 'recipient', json_build_object('name', p.name), 'lang', l, 'time_zone', coalesce(p.time_zone, 'UTC'),
    'zone', case when coalesce(p.time_zone, 'UTC') = 'UTC' then 'UTC' end,
    'message_id', left(encode(sha256(convert_to('delivery|' || d.tenant_id || '|' || d.id, 'UTF8')), 'hex'), 32) || '@' || place.host,
    'thread_id', left(encode(sha256(convert_to('incident|' || d.tenant_id || '|' || i.id, 'UTF8')), 'hex'), 32) || '@' || place.host,
    'portal', json_build_object('name', place.name, 'lang', fallback, 'look', app.mail_look(w.portal, l, place.base), 'url', place.base),
    'notice', json_build_object('kind', case i.kind when 'maintenance' then 'status_maintenance' else 'status_updated' end, 'url', place.base || '/status/' || i.id,
      'state', coalesce((array['investigating', 'identified', 'monitoring', 'resolved'])[u.state], app.state_of(i)),
      'starts_at', to_char(i.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'ends_at', to_char(i.ends_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
      'args', json_build_object('portal', place.name, 'title', app.in_language(i.titles, l, fallback), 'said', app.in_language(u.texts, l, fallback), 'ticket', w.ticket::text)),
    'mute', place.base || case when w.ticket is null then '/status/leave/' || auth.leave_token(w.portal, w.what) else '/mute/' || auth.mute_token(w.portal, w.ticket, d.person_id) end,
    'may_see', true);
end $$;
