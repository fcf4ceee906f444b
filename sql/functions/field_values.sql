-- Answers to what a form asks: what is one, what is asked, what is kept.

-- Does a condition hold for these answers? None always does.
create or replace function app.condition_holds(condition jsonb, answers jsonb) returns boolean
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
declare
  part jsonb;
  given jsonb;
  holds boolean;
begin
  if condition is null then
    return true;
  end if;
  for part in select * from jsonb_array_elements(coalesce(condition->'all', condition->'any')) loop
    given := answers->(part->>'field');
    holds := coalesce(exists (select from jsonb_array_elements(
        case jsonb_typeof(given) when 'array' then given else jsonb_build_array(given) end) g
      where part->'is' @> jsonb_build_array(g)), false);
    if holds and condition ? 'any' then
      return true;
    elsif not holds and condition ? 'all' then
      return false;
    end if;
  end loop;
  return condition ? 'all';
end $$;

-- A condition as it is told to somebody who sees these fields alone: what hangs on
-- others is worked out here, by all answers, and they are not named. Null: always;
-- any of nothing: never.
create or replace function app.condition_seen(condition jsonb, seen text[], answers jsonb) returns jsonb
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
declare
  word text := case when condition ? 'all' then 'all' else 'any' end;
  told jsonb := '[]';
  part jsonb;
begin
  for part in select * from jsonb_array_elements(condition->word) loop
    if part->>'field' = any (seen) then
      told := told || jsonb_build_array(part);
    elsif app.condition_holds(jsonb_build_object('all', jsonb_build_array(part)), answers) <> (word = 'all') then
      return case word when 'any' then null else '{"any": []}' end;
    end if;
  end loop;
  return case when condition is not null and (told <> '[]' or word = 'any') then jsonb_build_object(word, told) end;
end $$;

-- A date of the calendar, from the year 1000 on: '0000-00-00' and 30 February are none.
create or replace function app.is_date(t text) returns boolean
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
begin
  return t ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
    and right(t, 2)::int <= extract(day from make_date(left(t, 4)::int, substr(t, 6, 2)::int, 1) + interval '1 month' - interval '1 day');
end $$;

-- What a browser says of itself; each can be corrected by hand.
create or replace function app.fact_names() returns text[]
language sql immutable parallel safe
return array['browser', 'version', 'system', 'device', 'screen', 'window', 'language', 'time_zone', 'app', 'page', 'portal', 'portal_id'];

-- An answer as it is kept; or what is wrong with it (fault).
create or replace function app.field_value(f app.fields, given jsonb, account bigint,
  out value jsonb, out word text, out number double precision, out fault text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  kind text := jsonb_typeof(given);
  said text := given #>> '{}';
  keys text[] := array(select o->>'key' from jsonb_array_elements(f.options) o where o->'archived' is null);
begin
  if given is null then
    return;
  end if;
  fault := case f.kind
    when 'text' then case when kind <> 'string' then 'type' when char_length(said) > 500 then 'too_long' when not app.is_line(said) then 'characters' end
    when 'long_text' then case when kind <> 'string' then 'type' when char_length(said) > 8000 then 'too_long' when not app.is_text(said) then 'characters' end
    when 'number' then case when kind <> 'number' then 'type' when char_length(said) > 24 or abs(said::numeric) > 1e15 then 'range' end
    when 'date' then case when kind <> 'string' then 'type' when not app.is_date(said) then 'date' end
    when 'one_of' then case when kind <> 'string' then 'type' when said <> all (keys) then 'choice' end
    when 'yes_no' then case when kind <> 'boolean' then 'type' end
    when 'several_of' then case when kind <> 'array' then 'type'
      when exists (select from jsonb_array_elements(given) g where jsonb_typeof(g) <> 'string') then 'type'
      when not array(select jsonb_array_elements_text(given)) <@ keys then 'choice' end
    when 'person' then case when kind <> 'number' or said !~ '^[0-9]{1,16}$' then 'type'
      when not exists (select from app.memberships m where m.tenant_id = auth.tenant_id()
        and m.person_id = said::bigint and m.account_id = field_value.account) then 'outside' end
    when 'facts' then case when kind <> 'object' then 'type'
      when exists (select from jsonb_each(given) g where g.key <> all (app.fact_names())) then 'unknown'
      when exists (select from jsonb_each(given) g where jsonb_typeof(g.value) <> 'string' or not app.is_line(g.value #>> '{}')) then 'type'
      when exists (select from jsonb_each(given) g where char_length(g.value #>> '{}') > 300) then 'too_long' end
  end;
  if fault is not null then
    return;
  end if;
  -- Several in the order of the options, each once; nothing said is no answer.
  value := case
    when f.kind in ('text', 'long_text') then to_jsonb(nullif(regexp_replace(said, '^\s+|\s+$', '', 'g'), ''))
    when f.kind = 'several_of' then (select jsonb_agg(k order by n) from unnest(keys) with ordinality o (k, n) where given ? k)
    when f.kind = 'facts' then (select jsonb_object_agg(g.key, trim(g.value #>> '{}')) from jsonb_each(given) g where trim(g.value #>> '{}') <> '')
    else given end;
  word := case when f.kind in ('one_of', 'date', 'person', 'yes_no') then said
    when f.kind = 'text' then lower(left(value #>> '{}', 100)) end;
  number := case when f.kind = 'number' then said::double precision end;
end $$;

-- One fault, as problem.c takes them.
create or replace function app.field_fault(field text, code text) returns jsonb
language sql immutable parallel safe
return jsonb_build_object('field', 'fields.' || field, 'code', code);

-- The answers of a ticket that the asker may see.
create or replace function app.seen_answers(t app.tickets, held jsonb, roles text[]) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(jsonb_object_agg(v.field, v.value), '{}') from app.ticket_values v
    where v.tenant_id = auth.tenant_id() and v.ticket_id = t.id and app.access_by(held, v.field, roles) > 0);
end $$;

-- An object, of no more answers than a form can ask for.
create or replace function app.must_be_answers(answers jsonb) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  if jsonb_typeof(answers) <> 'object' then
    raise exception using errcode = 'PT422', constraint = 'tickets_fields.type', message = 'answers have names';
  elsif (select count(*) from jsonb_object_keys(answers)) > 250 then
    raise exception using errcode = 'PT422', constraint = 'tickets_fields.too_many', message = 'two hundred and fifty at most';
  end if;
end $$;

-- Takes answers of the asker for a ticket: {"<field>": value, null: none any more}.
-- opening: what is required must be there. What is asked no more, since another
-- answer has changed, goes.
create or replace function app.take_answers(t app.tickets, given jsonb, opening boolean) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  roles text[] := app.roles_with(t.portal_id, t.account_id);
  held jsonb := case when app.has_field_policies() then app.held_policies(roles, t.account_id, t.portal_id) else '{}' end;
  -- What hangs on an answer that is hidden from the asker hangs on it all the same.
  answers jsonb := case when opening then '{}' else app.all_answers(t.id) end;
  before jsonb := answers;
  faults jsonb := '[]';
  kept jsonb := '{}';
  asked boolean;
  was_asked boolean;
  gone text[];
  a record;
  v record;
begin
  -- What each answer is worth by itself.
  for a in select g.key, g.value as given, f, f.key is not null as known, y.field is not null as asked
      from jsonb_each(given) g
      left join app.fields f on f.tenant_id = auth.tenant_id() and f.key = g.key and f.archived_at is null
      left join app.type_fields y on y.tenant_id = auth.tenant_id() and y.type = t.type and y.field = g.key
      where g.key <> 'priority' loop
    -- Whoever may not see a field is not told that there is one.
    if not a.known or app.access_by(held, a.key, roles) = 0 or not a.asked and not answers ? a.key then
      faults := faults || app.field_fault(a.key, 'unknown');
    elsif app.access_by(held, a.key, roles) < 2 then
      faults := faults || app.field_fault(a.key, 'read_only');
    else
      v := app.field_value(a.f, case when a.given <> 'null' then a.given end, t.account_id);
      if (a.f).kind = 'person' and v.word::bigint <> all (app.nameable(t.id, t.account_id, held, roles)) then
        v.fault := 'outside';
      end if;
      if v.fault is not null then
        faults := faults || app.field_fault(a.key, v.fault);
      elsif v.value is null then
        answers := answers - a.key;
        kept := kept || jsonb_build_object(a.key, null);
      else
        answers := answers || jsonb_build_object(a.key, v.value);
        kept := kept || jsonb_build_object(a.key, jsonb_build_object('value', v.value, 'word', v.word, 'number', v.number));
      end if;
    end if;
  end loop;
  -- And together: with an answer goes what was asked because of it, and so on;
  -- what is asked must be answered.
  loop
    gone := array(select y.field from app.type_fields y
      where y.tenant_id = auth.tenant_id() and y.type = t.type and answers ? y.field and not coalesce(kept->y.field <> 'null', false)
        and app.access_by(held, y.field, roles) = 2
        and app.condition_holds(y.condition, before) and not app.condition_holds(y.condition, answers));
    exit when gone = '{}';
    answers := answers - gone;
    kept := kept || (select jsonb_object_agg(g, null) from unnest(gone) g);
  end loop;
  for a in select y.field, y.condition, y.required or coalesce((held->y.field->>'required')::boolean, false) as required
      from app.type_fields y
      join app.fields f on f.tenant_id = y.tenant_id and f.key = y.field and f.archived_at is null
      where y.tenant_id = auth.tenant_id() and y.type = t.type and app.access_by(held, y.field, roles) = 2
      order by y.position, y.field loop
    asked := app.condition_holds(a.condition, answers);
    was_asked := app.condition_holds(a.condition, before);
    if not asked and kept->a.field <> 'null' then
      faults := faults || app.field_fault(a.field, 'not_asked');
    elsif asked and a.required and not answers ? a.field and (opening or kept ? a.field or not was_asked)
        and not faults @> jsonb_build_array(jsonb_build_object('field', 'fields.' || a.field)) then
      faults := faults || app.field_fault(a.field, 'required');
    end if;
  end loop;
  perform app.take_priority(t, given->'priority', held, roles, opening, faults);
  delete from app.ticket_values x using jsonb_each(kept) k
    where x.tenant_id = auth.tenant_id() and x.ticket_id = t.id and x.field = k.key and k.value = 'null';
  insert into app.ticket_values (tenant_id, ticket_id, field, value, word, number)
    select auth.tenant_id(), t.id, k.key, k.value->'value', k.value->>'word', (k.value->>'number')::double precision
    from jsonb_each(kept) k where k.value <> 'null'
    on conflict (tenant_id, ticket_id, field) do update set value = excluded.value, word = excluded.word, number = excluded.number;
  if kept <> '{}' then
    perform app.quota_take('storage', octet_length(kept::text));
  end if;
end $$;

-- The priority that is given with the answers, and all faults of them at once.
create or replace function app.take_priority(t app.tickets, given jsonb, held jsonb, roles text[], opening boolean, faults jsonb)
returns void language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  access smallint := app.access_by(held, 'priority', roles);
  wanted smallint := app.priority_number(given #>> '{}');
begin
  faults := faults || case
    when given is null and not opening then '[]'
    when access = 2 and coalesce(given, 'null') = 'null' and (held->'priority'->>'required')::boolean then app.field_fault('priority', 'required')
    when given is null then '[]'
    when access < 2 then app.field_fault('priority', case access when 0 then 'unknown' else 'read_only' end)
    when wanted is null and given <> 'null' then app.field_fault('priority', 'choice')
    else '[]' end;
  if faults <> '[]' then
    raise exception using errcode = 'PT422', message = 'some answers are none', detail = faults::text;
  end if;
  if given is not null then
    update app.tickets x set priority = wanted where x.tenant_id = auth.tenant_id() and x.id = t.id;
  end if;
end $$;

-- ---- when a ticket is opened --------------------------------------------------------

-- Whom somebody who is not of a ticket's account may name in it: those whom it shows,
-- who are in it or named by an answer (G2). Null: the asker is, and may name
-- anybody of the account.
create or replace function app.nameable(ticket bigint, account bigint, held jsonb, roles text[]) returns bigint[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if app.may_share(account) then
    return null;
  end if;
  return coalesce(app.ticket_people(ticket), '{}') || array(
    select v.word::bigint from app.ticket_values v
    join app.fields f on f.tenant_id = v.tenant_id and f.key = v.field and f.kind = 'person'
    where v.tenant_id = auth.tenant_id() and v.ticket_id = ticket and app.access_by(held, v.field, roles) > 0);
end $$;

-- Twenty of an account's people, as far as the asker may name them, whose name begins
-- so, for an answer that names one: of a ticket whose form lets the asker give such
-- an answer, or (null) of a new one here. one: by their id, whom a draft has.
create or replace function app.find_members(question text, ticket bigint, one bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := auth.account_id();
  portal bigint := auth.portal_id();
  form text;
  roles text[];
  held jsonb;
  named bigint[];
  t app.tickets;
begin
  if ticket is not null then
    t := app.seen_ticket(ticket);
    account := t.account_id;
    portal := t.portal_id;
    form := t.type;
  end if;
  perform app.must_use_support();
  roles := app.roles_with(portal, account);
  held := app.held_policies(roles, account, portal);
  if account is null or auth.grant_id() is not null or not exists (select from app.fields f
      join app.type_fields x on x.tenant_id = f.tenant_id and x.field = f.key and (ticket is null or x.type = form)
      where f.tenant_id = auth.tenant_id() and f.kind = 'person' and f.archived_at is null and app.access_by(held, f.key, roles) = 2) then
    -- Nothing asks for a person.
    return '{"items": []}';
  end if;
  named := app.nameable(ticket, account, held, roles);
  return (select json_build_object('items', coalesce(json_agg(json_build_object('id', f.id, 'name', f.name) order by f.name, f.id), '[]'))
    from (select p.id, p.name
      from (select distinct m.person_id from app.memberships m where m.tenant_id = auth.tenant_id() and m.account_id = account
        and (named is null or m.person_id = any (named))) m
      join app.people p on p.tenant_id = auth.tenant_id() and p.id = m.person_id
      where p.id = one or app.begins(p.name, question)
      order by p.name, p.id limit 20) f);
end $$;

-- May the asker open a ticket of that type here?
create or replace function app.may_open(y app.ticket_types) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  offered text := app.set_value('ticket_types', auth.account_id(), auth.portal_id());
begin
  return y.archived_at is null and (y.roles = '{}' or y.roles && app.roles_here())
    and (offered is null or y.key = any (string_to_array(offered, ' ')));
end $$;

-- Gives a new ticket the type that is wanted, or else the first that its requester
-- may open, and the answers to its form.
-- Is it at the desk then? What is no problem is the tenant's own to answer.
create or replace function app.fill_form(ticket bigint, wanted text, answers jsonb) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
  y app.ticket_types;
begin
  select x.* into y from app.ticket_types x
    where x.tenant_id = auth.tenant_id() and (wanted is null or x.key = wanted) and app.may_open(x)
    order by x.position, x.key limit 1;
  if wanted is not null and (not found or app.hides('type', auth.portal_id(), auth.account_id())) then
    raise exception using errcode = 'PT422', constraint = 'tickets_type.choice', message = 'no such type here';
  end if;
  update app.tickets x set type = y.key, at_desk = x.at_desk or not coalesce(y.is_problem, true)
    where x.tenant_id = auth.tenant_id() and x.id = ticket returning x.* into t;
  perform app.take_answers(t, coalesce(answers, '{}'), true);
  return t.at_desk;
end $$;

-- ---- afterwards ------------------------------------------------------------------------

-- Changes answers, the type and the priority of a ticket, each as its policy lets
-- the asker; answers with the ticket's form as it is then. was: what they took these for,
-- where another's change meanwhile is to stop it; hold: so many seconds nobody is told of it.
create or replace function app.change_answers(ticket bigint, answers jsonb, was jsonb default null, hold int default null) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
  before jsonb;
  now_is jsonb;
  changed text[];
begin
  if not app.sees(ticket) then
    raise exception using errcode = 'PT404', message = 'no such ticket';
  end if;
  perform app.must_use_support();
  select x.* into strict t from app.tickets x where x.tenant_id = auth.tenant_id() and x.id = ticket for no key update;
  if auth.is_agent() and not t.at_desk then
    raise exception using errcode = 'PT403', message = 'it is its partner''s still';
  end if;
  perform app.must_be_answers(answers);
  if was is not null then
    perform app.must_be_answers_as_seen(t, answers, was);
  end if;
  if answers ? 'type' then
    t := app.change_type(t, answers->>'type');
  end if;
  before := app.all_answers(ticket);
  perform app.hold_tellings(hold);
  perform app.take_answers(t, answers - 'type', false);
  perform app.hold_tellings(null);
  now_is := app.all_answers(ticket);
  select array_agg(k order by k) into changed from (
    select jsonb_object_keys(before || now_is) as k) x
    where before->k is distinct from now_is->k;
  if changed is not null then
    update app.tickets x set desk_updated_at = greatest(now(), x.desk_updated_at),
        updated_at = case when exists (select from unnest(changed) k where app.customers_see(k, t.account_id, t.portal_id))
          then greatest(now(), x.updated_at) else x.updated_at end
      where x.tenant_id = auth.tenant_id() and x.id = ticket;
    perform app.record('ticket.changed', ticket, null, jsonb_build_object('fields', changed));
  end if;
  return app.ticket_form(ticket);
end $$;

create or replace function app.all_answers(ticket bigint) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(jsonb_object_agg(v.field, v.value), '{}') from app.ticket_values v
    where v.tenant_id = auth.tenant_id() and v.ticket_id = ticket);
end $$;

-- May a ticket become of that type by the asker? Its customers choose of what they
-- may open; the desk sorts, and has all that there are.
create or replace function app.may_become(y app.ticket_types, t app.tickets, roles text[]) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  offered text;
begin
  if y.archived_at is not null or auth.is_agent() then
    return y.archived_at is null;
  end if;
  offered := app.set_value('ticket_types', t.account_id, t.portal_id);
  return (offered is null or y.key = any (string_to_array(offered, ' ')))
    and (y.roles = '{}' or y.roles && roles or 'support_user' = any (y.roles) and exists (select from app.memberships m
      where m.tenant_id = auth.tenant_id() and m.person_id = auth.person_id() and m.is_support
        and m.account_id = t.account_id and (m.portal_id is null or m.portal_id = t.portal_id)));
end $$;

-- What is no problem is the tenant's own to answer, from then on.
create or replace function app.change_type(t app.tickets, wanted text) returns app.tickets
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  mine text[] := app.roles_with(t.portal_id, t.account_id);
  y app.ticket_types;
begin
  if app.field_access('type', t.portal_id, t.account_id) < 2 then
    raise exception using errcode = 'PT422', message = 'not theirs to change',
      detail = jsonb_build_array(app.field_fault('type', 'read_only'))::text;
  end if;
  select x.* into y from app.ticket_types x
    where x.tenant_id = auth.tenant_id() and x.key = wanted and (x.key = t.type or app.may_become(x, t, mine));
  if not found then
    raise exception using errcode = 'PT422', message = 'no such type',
      detail = jsonb_build_array(app.field_fault('type', 'choice'))::text;
  end if;
  if wanted is distinct from t.type then
    update app.tickets x set type = wanted where x.tenant_id = t.tenant_id and x.id = t.id returning x.* into t;
    perform app.record('ticket.changed', t.id, null, '{"fields": ["type"]}');
    if not y.is_problem and not t.at_desk then
      perform app.hand_over(t.id, app.side_in(t.account_id));
      t.at_desk := true;
    end if;
  end if;
  return t;
end $$;
