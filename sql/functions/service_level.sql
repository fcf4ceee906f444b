-- The service level (S1, S3): the table that a tenant keeps, by version, which
-- plan an account has, and what customers are told when a priority is set. A table is
--
--   shown            do customers see until when something is promised?
--   escalated_runs   does the time for a solution run on while it is closed, escalated?
--   warn             minutes before the end of its time that a clock warns
--   priorities       {"high": {"definition": {"en": "…"}, "examples": {"en": "…"}}, …}
--   matrix           {"<impact>": {"<urgency>": "<priority>"}}, each high, medium, low
--   plans            [{"key", "names": {"en": "…"}, "targets": {"high": {"first", "next",
--                    "resolution": minutes, "calendar": id or null: all hours}}}]
--
-- The first plan is that of accounts without one. A target that is left out is not
-- promised. A ticket without a priority is treated as normal.

create or replace function app.priority_names() returns text[]
language sql immutable parallel safe
return array['urgent', 'high', 'normal', 'low'];

create or replace function app.sla_fault(field text, code text) returns jsonb
language sql immutable parallel safe
return jsonb_build_object('field', field, 'code', code);

-- A time that is promised: whole minutes, one to a year of them.
create or replace function app.minutes_fault(given jsonb, field text, least_of int, most int) returns jsonb
language sql immutable parallel safe
return case when jsonb_typeof(given) is distinct from 'number' then app.sla_fault(field, 'type')
  when given::text !~ '^[0-9]{1,8}$' or given::text::int not between least_of and most then app.sla_fault(field, 'range') end;

-- What is wrong with the targets of a plan for one priority.
create or replace function app.target_faults(given jsonb, field text) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  faults jsonb := '[]';
  k text;
begin
  if jsonb_typeof(given) is distinct from 'object' then
    return jsonb_build_array(app.sla_fault(field, 'type'));
  end if;
  for k in select * from jsonb_object_keys(given) loop
    if k in ('first', 'next', 'resolution') then
      faults := faults || coalesce(app.minutes_fault(given->k, field || '.' || k, 1, 525600), '[]');
    elsif k <> 'calendar' then
      faults := faults || app.sla_fault(field || '.' || k, 'unknown');
    elsif given->'calendar' <> 'null' and not app.is_calendar(given->'calendar') then
      faults := faults || app.sla_fault(field || '.calendar', 'unknown');
    end if;
  end loop;
  return faults;
end $$;

create or replace function app.plan_faults(given jsonb, field text) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  faults jsonb := '[]';
  p text;
begin
  if jsonb_typeof(given) is distinct from 'object' then
    return jsonb_build_array(app.sla_fault(field, 'type'));
  end if;
  if jsonb_typeof(given->'key') is distinct from 'string' or given->>'key' !~ '^[a-z][a-z0-9_]{0,39}$' then
    faults := faults || app.sla_fault(field || '.key', 'invalid');
  end if;
  if given->'names' is null or given->'names' = '{}' then
    faults := faults || app.sla_fault(field || '.names', 'required');
  elsif not app.texts_fit(given->'names', 80, true) then
    faults := faults || app.sla_fault(field || '.names', 'too_long');
  end if;
  if jsonb_typeof(given->'targets') is distinct from 'object' then
    return faults || app.sla_fault(field || '.targets', 'type');
  end if;
  for p in select * from jsonb_object_keys(given->'targets') loop
    faults := faults || case when p = any (app.priority_names()) then app.target_faults(given->'targets'->p, field || '.targets.' || p)
      else app.sla_fault(field || '.targets', 'unknown') end;
  end loop;
  return faults;
end $$;

-- What each priority means, as it is told.
create or replace function app.priority_faults(given jsonb) returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
declare
  faults jsonb := '[]';
  p text;
begin
  if jsonb_typeof(given) is distinct from 'object' then
    return jsonb_build_array(app.sla_fault('priorities', 'type'));
  end if;
  for p in select * from jsonb_object_keys(given) loop
    if p <> all (app.priority_names()) or jsonb_typeof(given->p) <> 'object' or (given->p) - '{definition,examples}'::text[] <> '{}' then
      faults := faults || app.sla_fault('priorities', 'unknown');
    else
      faults := faults
        || case when app.texts_fit(coalesce(given->p->'definition', '{}'), 600, false) then '[]' else app.sla_fault('priorities.' || p || '.definition', 'too_long') end
        || case when app.texts_fit(coalesce(given->p->'examples', '{}'), 1000, false) then '[]' else app.sla_fault('priorities.' || p || '.examples', 'too_long') end;
    end if;
  end loop;
  return faults;
end $$;

-- Which priority follows from impact and urgency: each of the nine, or none of them.
create or replace function app.matrix_faults(given jsonb) returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(app.sla_fault(format('matrix.%s.%s', i, u), 'choice')), '[]')
    from unnest('{high,medium,low}'::text[]) i cross join unnest('{high,medium,low}'::text[]) u
    where coalesce(given, '{}') <> '{}' and app.priority_number(given->i->>u) is null);
end $$;

-- All that is wrong with a table, at once.
create or replace function app.sla_faults(body jsonb) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  faults jsonb := '[]';
  plans jsonb := body->'plans';
begin
  if jsonb_typeof(body) is distinct from 'object' then
    return jsonb_build_array(app.sla_fault('table', 'type'));
  end if;
  faults := faults || (select coalesce(jsonb_agg(app.sla_fault(k, 'unknown')), '[]') from jsonb_object_keys(body) k
      where k <> all (array['shown', 'escalated_runs', 'warn', 'priorities', 'matrix', 'plans']))
    || (select coalesce(jsonb_agg(app.sla_fault(k, 'type')), '[]') from unnest(array['shown', 'escalated_runs']) k
      where jsonb_typeof(body->k) is distinct from 'boolean')
    || coalesce(app.minutes_fault(body->'warn', 'warn', 0, 10080), '[]')
    || app.priority_faults(body->'priorities') || app.matrix_faults(body->'matrix');
  if jsonb_typeof(plans) is distinct from 'array' or jsonb_array_length(plans) = 0 then
    return faults || app.sla_fault('plans', 'required');
  elsif jsonb_array_length(plans) > 20 then
    return faults || app.sla_fault('plans', 'too_many');
  end if;
  return faults || (select jsonb_path_query_array(coalesce(jsonb_agg(app.plan_faults(p, 'plans.' || n - 1)), '[]'), '$[*][*]')
      from jsonb_array_elements(plans) with ordinality x (p, n))
    || (select coalesce(jsonb_agg(app.sla_fault(format('plans.%s.key', n - 1), 'taken')), '[]')
      from (select n, row_number() over (partition by p->>'key' order by n) as nth
        from jsonb_array_elements(plans) with ordinality x (p, n)) y where nth > 1);
end $$;

-- Does the tenant keep that calendar?
create or replace function app.is_calendar(given jsonb) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return jsonb_typeof(given) = 'number' and given::text ~ '^[0-9]{1,16}$' and exists (select from app.calendars c
    where c.tenant_id = auth.tenant_id() and c.id = given::text::bigint);
end $$;

-- The version that was valid at a time.
create or replace function app.sla_at(at timestamptz) returns app.sla_versions
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  v app.sla_versions;
begin
  select x.* into v from app.sla_versions x where x.tenant_id = auth.tenant_id() and x.valid_from <= at
    order by x.version desc limit 1;
  return v;
end $$;

-- The plan of an account at a time, of those that a table has.
create or replace function app.plan_at(account bigint, at timestamptz, body jsonb) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  wanted text := (select p.plan from app.account_plans p
    where p.tenant_id = auth.tenant_id() and p.account_id = account and p.since <= at order by p.since desc limit 1);
begin
  return coalesce((select p from jsonb_array_elements(body->'plans') p where p->>'key' = wanted limit 1), body->'plans'->0);
end $$;

-- ---- who reads it ------------------------------------------------------------------

-- The table as it holds where the asker is: agents see all plans, others that of
-- their account; with a ticket, everybody that of its account. Null: there is none,
-- or priorities are not for them.
create or replace function app.service_level_here(ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  v app.sla_versions := app.sla_at(now());
  account bigint := auth.account_id();
  portal bigint := auth.portal_id();
  t app.tickets;
begin
  if ticket is not null then
    t := app.seen_ticket(ticket);
    account := t.account_id;
    portal := t.portal_id;
  end if;
  if v.version is null or account is null and not auth.is_agent()
      or account is not null and app.has_field_policies() and app.hides('priority', portal, account) then
    return json_build_object('table', null);
  end if;
  return json_build_object(
    'table', v.body || jsonb_build_object('version', v.version, 'since', v.valid_from,
      'plans', case when account is null then v.body->'plans' else jsonb_build_array(app.plan_at(account, now(), v.body)) end),
    'calendars', app.calendars_of(v.body));
end $$;

-- What the calendars of a table are called: {"<id>": "…"}.
create or replace function app.calendars_of(body jsonb) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(jsonb_object_agg(c.id, c.name), '{}') from app.calendars c
    where c.tenant_id = auth.tenant_id() and c.id in (select (p #>> '{}')::bigint
      from jsonb_path_query(body, '$.plans[*].targets.*.calendar ? (@ != null)') p));
end $$;

-- ---- who keeps it ------------------------------------------------------------------

create or replace function app.must_keep_service_level() returns void
language plpgsql stable as $$
begin
  if auth.account_id() is not null or auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'the service level is the tenant''s to keep';
  end if;
end $$;

-- Its versions, newest first, one of them whole (null: the newest), and the calendars to choose from.
create or replace function app.service_level(wanted int) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  newest int := (select max(v.version) from app.sla_versions v where v.tenant_id = auth.tenant_id());
begin
  perform app.must_keep_service_level();
  if wanted is not null and not exists (select from app.sla_versions v where v.tenant_id = auth.tenant_id() and v.version = wanted) then
    raise exception using errcode = 'PT404', message = 'no such version';
  end if;
  return (select json_build_object('languages', coalesce(auth.languages(), '{en}'), 'newest', newest,
    'version', coalesce(wanted, newest),
    'body', (select v.body from app.sla_versions v where v.tenant_id = auth.tenant_id() and v.version = coalesce(wanted, newest)),
    'calendars', app.calendars_to_choose(),
    'versions', (select coalesce(json_agg(json_build_object('version', v.version, 'since', v.valid_from, 'author', p.name) order by v.version desc), '[]')
      from (select * from app.sla_versions x where x.tenant_id = auth.tenant_id() order by x.version desc limit 50) v
      left join app.people p on p.tenant_id = v.tenant_id and p.id = v.author_id)));
end $$;

create or replace function app.calendars_to_choose() returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) order by c.name), '[]')
    from (select * from app.calendars x where x.tenant_id = auth.tenant_id() and x.archived_at is null order by x.name limit 200) c);
end $$;

-- A new version, valid from now on. based: which one its writer had before them (0:
-- none). What is as it was makes no new one.
create or replace function app.save_service_level(body jsonb, based int) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  last app.sla_versions;
  faults jsonb;
begin
  perform app.must_keep_service_level();
  perform pg_advisory_xact_lock(hashtextextended('service level/' || auth.tenant_id(), 0));
  select x.* into last from app.sla_versions x where x.tenant_id = auth.tenant_id() order by x.version desc limit 1;
  faults := app.sla_faults(body);
  if faults <> '[]' then
    raise exception using errcode = 'PT422', message = 'not a table', detail = (select jsonb_agg(f)
      from (select f from jsonb_array_elements(faults) f limit 50) x)::text;
  elsif body = last.body then
    return app.service_level(null);
  elsif coalesce(last.version, 0) <> based then
    raise exception using errcode = 'PT409', constraint = 'conflict', message = 'saved by somebody else meanwhile';
  elsif last.version >= 1000 then
    raise exception using errcode = 'PT422', message = 'a thousand at most', detail = jsonb_build_array(app.sla_fault('plans', 'too_many'))::text;
  end if;
  insert into app.sla_versions (tenant_id, version, valid_from, author_id, body)
    values (auth.tenant_id(), coalesce(last.version, 0) + 1, greatest(now(), last.valid_from + interval '1 microsecond'), auth.person_id(), body);
  perform app.record_account('tenant.service_level', null, jsonb_build_object('version', coalesce(last.version, 0) + 1));
  return app.service_level(null);
end $$;

-- An account's plan, and those that there are.
create or replace function app.account_plan(account bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  v app.sla_versions := app.sla_at(now());
begin
  perform app.must_keep_service_level();
  if not exists (select from app.accounts a where a.tenant_id = auth.tenant_id() and a.id = account) then
    raise exception using errcode = 'PT404', message = 'no such account';
  end if;
  return json_build_object('plan', case when v.version is not null then app.plan_at(account, now(), v.body)->>'key' end,
    'plans', (select coalesce(json_agg(json_build_object('key', p->'key', 'names', p->'names')), '[]') from jsonb_array_elements(v.body->'plans') p));
end $$;

create or replace function app.set_account_plan(account bigint, plan text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  now_is text := app.account_plan(account)->>'plan';
begin
  if not exists (select from jsonb_array_elements((app.sla_at(now())).body->'plans') p where p->>'key' = set_account_plan.plan) then
    raise exception using errcode = 'PT422', constraint = 'accounts_plan.choice', message = 'no such plan';
  elsif plan is distinct from now_is then
    perform from app.accounts a where a.tenant_id = auth.tenant_id() and a.id = account for no key update;
    insert into app.account_plans (tenant_id, account_id, since, plan, author_id)
      values (auth.tenant_id(), account, greatest(now(), (select max(p.since) + interval '1 microsecond' from app.account_plans p
        where p.tenant_id = auth.tenant_id() and p.account_id = account)), plan, auth.person_id());
    perform app.record_account('account.plan', account, jsonb_build_object('plan', plan));
  end if;
  return app.account_plan(account);
end $$;

-- ---- a priority is set ---------------------------------------------------------------

-- Minutes as hours and minutes.
create or replace function app.said_time(minutes int, lang text) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return concat_ws(' ', case when minutes >= 60 then replace(auth.said('levels.hours', lang), '{n}', (minutes / 60)::text) end,
    case when minutes % 60 > 0 then replace(auth.said('levels.minutes', lang), '{n}', (minutes % 60)::text) end);
end $$;

-- A text of a table's, as one line of Markdown.
create or replace function app.as_markdown(said text) returns text
language sql immutable parallel safe
return regexp_replace(regexp_replace(said, '\s+', ' ', 'g'), '([\\`*_{}\[\]()#+.!|<>~&:@/-])', '\\\1', 'g');

create or replace function app.as_html(said text) returns text
language sql immutable parallel safe
return replace(replace(replace(replace(regexp_replace(said, '\s+', ' ', 'g'), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;');

-- What customers are told of a priority, in a language: its name, what it means and
-- what is promised: the first line, and the others. Nothing where it is hidden from one of their roles.
create or replace function app.priority_lines(t app.tickets, lang text, out title text, out definition text, out promises text[])
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  v app.sla_versions := app.sla_at(now());
  name text := app.priority_name(t.priority);
  target jsonb := app.plan_at(t.account_id, now(), v.body)->'targets'->name;
begin
  if not app.customers_see('priority', t.account_id, t.portal_id) then
    return;
  elsif t.priority is null then
    title := auth.said('levels.said.none', lang);
    return;
  end if;
  title := replace(auth.said('levels.said', lang), '{priority}', auth.said('priority.' || name, lang));
  definition := app.in_language(v.body->'priorities'->name->'definition', lang, 'en');
  promises := array(select replace(auth.said('levels.said.' || k, lang), '{time}', app.said_time((target->>k)::int, lang))
      || case when target->'calendar' <> 'null' then ' ' || auth.said('levels.said.open', lang) else '' end
    from unnest('{first,next,resolution}'::text[]) with ordinality x (k, n) where target ? k order by n);
end $$;

-- Why it is another one than was proposed: the desk's to know.
create or replace function app.give_reason(ticket bigint, priority text, reason text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if auth.is_agent() and app.sees(ticket) then
    perform app.record('ticket.reasoned', ticket, null, jsonb_build_object('priority', priority, 'reason', btrim(reason)));
  end if;
end $$;

-- A priority that an agent sets is stated in the conversation, with its row of the
-- table, to customers who are shown priorities; that there is none any more, where one was
-- stated. was: the one before. author: whose it is, where jobs state it.
create or replace function app.state_priority(t app.tickets, was smallint, author bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  lang text;
  row record;
begin
  if not t.at_desk or t.status in (5, 6) or not (author is not null or auth.is_agent() or app.rule_at_work() is not null) or not app.has_service_level()
      or t.priority is null and (was is null or not exists (select from app.comments c
        where c.tenant_id = t.tenant_id and c.ticket_id = t.id and c.about = 'priority')) then
    return;
  end if;
  lang := coalesce((select p.locale from app.people p where p.tenant_id = t.tenant_id and p.id = t.requester_id), app.language_of(t.portal_id));
  row := app.priority_lines(t, lang);
  if row.title is null then
    return;
  end if;
  insert into app.comments (tenant_id, ticket_id, author_id, is_internal, about, source, html)
    -- A rule's is said in the name of who wrote it.
    values (t.tenant_id, t.id, coalesce(author, auth.person_id(), (select v.author_id from app.rule_versions v where v.tenant_id = t.tenant_id
        and v.rule_id = (app.rule_at_work()->>'rule')::bigint and v.version = (app.rule_at_work()->>'version')::int)), false, 'priority',
      concat_ws(E'\n\n', '**' || app.as_markdown(row.title) || '**', app.as_markdown(row.definition),
        (select string_agg('- ' || app.as_markdown(p), E'\n' order by n) from unnest(row.promises) with ordinality x (p, n))),
      concat('<p><strong>', app.as_html(row.title), '</strong></p>', '<p>' || app.as_html(row.definition) || '</p>',
        (select '<ul>' || string_agg('<li>' || app.as_html(p) || '</li>', '' order by n) || '</ul>' from unnest(row.promises) with ordinality x (p, n))));
end $$;
