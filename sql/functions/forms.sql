-- Forms: what is asked when a ticket is opened, what a ticket shows of it, and
-- how the tenant's administrators make them.

-- A field as pages know it: its texts in all languages, and what may be chosen.
create or replace function app.field_json(f app.fields) returns jsonb
language sql immutable parallel safe
return jsonb_build_object('key', f.key, 'kind', f.kind, 'labels', f.labels, 'help', f.help, 'options', f.options);

-- The fields of a type that are asked of somebody with these roles in a new ticket:
-- not those that hang on what is not.
create or replace function app.asked_by(type text, held jsonb, roles text[]) returns text[]
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  asked text[] := array(select x.field from app.type_fields x
    join app.fields f on f.tenant_id = x.tenant_id and f.key = x.field and f.archived_at is null
    where x.tenant_id = auth.tenant_id() and x.type = asked_by.type and app.access_by(held, x.field, roles) = 2);
  rest text[];
begin
  loop
    rest := array(select x.field from app.type_fields x
      where x.tenant_id = auth.tenant_id() and x.type = asked_by.type and x.field = any (asked)
        and app.condition_seen(x.condition, asked, '{}') is distinct from '{"any": []}');
    exit when cardinality(rest) = cardinality(asked);
    asked := rest;
  end loop;
  return asked;
end $$;

-- The forms that the asker may open a ticket by here, in their order: each with
-- the fields that they may fill in. Other fields are not named.
create or replace function app.forms_here() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  account bigint := auth.account_id();
  portal bigint := auth.portal_id();
  mine text[];
  held jsonb;
begin
  if account is null or auth.grant_id() is not null then
    return json_build_object('types', json_build_array(), 'priority', null);
  end if;
  mine := app.roles_with(portal, account);
  held := app.held_policies(mine, account, portal);
  return json_build_object(
    'priority', case when app.access_by(held, 'priority', mine) = 2
      then json_build_object('required', coalesce((held->'priority'->>'required')::boolean, false)) end,
    'types', (select coalesce(json_agg(json_build_object(
        'key', case when app.access_by(held, 'type', mine) > 0 then y.key end, 'labels', y.labels, 'help', y.help,
        'fields', (select coalesce(json_agg(app.field_json(f) || jsonb_build_object('weight', x.weight, 'condition', app.condition_seen(x.condition, a.asked, '{}'),
            'required', x.required or coalesce((held->x.field->>'required')::boolean, false)) order by x.position, x.field), '[]')
          from app.type_fields x join app.fields f on f.tenant_id = x.tenant_id and f.key = x.field
          where x.tenant_id = y.tenant_id and x.type = y.key and x.field = any (a.asked)))
        order by y.position, y.key), '[]')
      from (select * from app.ticket_types t where t.tenant_id = auth.tenant_id() and app.may_open(t)
        order by t.position, t.key
        -- Who doesn't see types chooses none: theirs is the first.
        limit case when app.access_by(held, 'type', mine) > 0 then 100 else 1 end) y
        cross join lateral (select app.asked_by(y.key, held, mine) as asked) a));
end $$;

-- What a ticket shows the asker of its form: what its type asks, answered or not,
-- and what was answered before.
create or replace function app.ticket_form(ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
  mine text[];
  held jsonb := '{}';
  answers jsonb;
  whole jsonb;
  known text[];
  may_write boolean;
begin
  select x.* into t from app.tickets x where x.tenant_id = auth.tenant_id() and x.id = ticket and app.sees(x.id);
  if not found then
    return null;
  end if;
  mine := app.roles_with(t.portal_id, t.account_id);
  if app.has_field_policies() then
    held := app.held_policies(mine, t.account_id, t.portal_id);
  end if;
  answers := app.seen_answers(t, held, mine);
  whole := app.all_answers(t.id);
  known := array(select f.key from app.fields f where f.tenant_id = t.tenant_id and app.access_by(held, f.key, mine) > 0);
  may_write := app.support_state() = 'ok' and (not auth.is_agent() or t.at_desk);
  return json_build_object(
    'type', case when app.access_by(held, 'type', mine) > 0 then (select json_build_object('key', y.key, 'labels', y.labels)
      from app.ticket_types y where y.tenant_id = t.tenant_id and y.key = t.type) end,
    'can', json_build_object('type', may_write and app.access_by(held, 'type', mine) = 2,
      'priority', may_write and app.access_by(held, 'priority', mine) = 2),
    'types', case when may_write and app.access_by(held, 'type', mine) = 2 then (select json_agg(json_build_object(
        'key', y.key, 'labels', y.labels) order by y.position, y.key)
      from app.ticket_types y where y.tenant_id = t.tenant_id and (y.key = t.type or app.may_become(y, t, mine))) end,
    'proposal', case when auth.is_agent() and app.access_by(held, 'type', mine) > 0 and app.access_by(held, 'priority', mine) > 0
      then app.proposal(t.type, whole, known) end,
    'fields', (select coalesce(json_agg(app.field_json(f) || jsonb_build_object('value', answers->f.key,
        'condition', c.seen, 'required', coalesce(x.required, false) or coalesce((held->f.key->>'required')::boolean, false),
        'can', may_write and app.access_by(held, f.key, mine) = 2) order by x.position, f.key), '[]')
      from app.fields f left join app.type_fields x on x.tenant_id = f.tenant_id and x.type = t.type and x.field = f.key
      cross join lateral (select app.condition_seen(x.condition, known, whole) as seen) c
      where f.tenant_id = t.tenant_id and f.key = any (known)
        and (answers ? f.key or x.field is not null and f.archived_at is null and c.seen is distinct from '{"any": []}')),
    'people', app.names(array(select (answers->>f.key)::bigint from app.fields f
      where f.tenant_id = t.tenant_id and f.kind = 'person' and answers ? f.key)));
end $$;

-- The priority that answers propose, and the rule that does: its condition, as far
-- as the asker sees what it asks after.
create or replace function app.proposal(type text, answers jsonb, seen text[]) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select json_build_object('priority', app.priority_name(r.priority), 'because', app.condition_seen(r.condition, seen, answers))
    from app.priority_rules r
    where r.tenant_id = auth.tenant_id() and r.type = proposal.type and app.condition_holds(r.condition, answers)
    order by r.position limit 1);
end $$;

-- ---- by the tenant's administrators ----------------------------------------------

create or replace function app.must_keep_forms() returns void
language plpgsql stable as $$
begin
  if auth.account_id() is not null or auth.rank() < 3 then
    raise exception using errcode = 'PT403', message = 'forms are the tenant''s to keep';
  end if;
end $$;

-- Everything there is of forms, as the page that makes them shows it; used: in
-- how many tickets, counted to a hundred.
create or replace function app.list_forms() returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_keep_forms();
  return json_build_object('languages', coalesce(auth.languages(), '{en}'),
    'fields', (select coalesce(json_agg(app.field_json(f) || jsonb_build_object('archived', f.archived_at is not null,
        'used', (select count(*) from (select from app.ticket_values v
          where v.tenant_id = f.tenant_id and v.field = f.key limit 100) u),
        'types', (select coalesce(jsonb_agg(x.type order by x.type), '[]') from app.type_fields x
          where x.tenant_id = f.tenant_id and x.field = f.key)) order by f.created_at, f.key), '[]')
      from app.fields f where f.tenant_id = auth.tenant_id()),
    'types', (select coalesce(json_agg(json_build_object('key', y.key, 'labels', y.labels, 'help', y.help,
        'is_problem', y.is_problem, 'roles', y.roles, 'archived', y.archived_at is not null,
        'used', (select count(*) from (select from app.tickets t
          where t.tenant_id = y.tenant_id and t.type = y.key limit 100) u),
        'fields', (select coalesce(json_agg(json_build_object('field', x.field, 'required', x.required,
            'weight', x.weight, 'condition', x.condition) order by x.position, x.field), '[]')
          from app.type_fields x where x.tenant_id = y.tenant_id and x.type = y.key),
        'rules', (select coalesce(json_agg(json_build_object('condition', r.condition,
            'priority', app.priority_name(r.priority)) order by r.position), '[]')
          from app.priority_rules r where r.tenant_id = y.tenant_id and r.type = y.key)) order by y.position, y.key), '[]')
      from app.ticket_types y where y.tenant_id = auth.tenant_id()),
    'policies', (select coalesce(json_agg(json_build_object('field', p.field, 'role', p.role,
        'access', (array['hidden', 'view', 'edit'])[p.access + 1], 'required', p.required,
        'account', p.account_id, 'portal', p.portal_id, 'at', app.scope_name(p.scope)) order by p.scope, p.field, p.role), '[]')
      from app.field_policies p where p.tenant_id = auth.tenant_id()));
end $$;

-- [{"key": "…", "labels": {…}}]: at most 200, each once.
create or replace function app.check_options(options jsonb) returns void
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  if jsonb_typeof(options) <> 'array' or exists (select from jsonb_array_elements(options) o where not coalesce(
      jsonb_typeof(o) = 'object' and o->>'key' ~ '^[a-z0-9][a-z0-9_]{0,39}$' and jsonb_typeof(o->'key') = 'string'
      and o->'labels' <> '{}' and app.texts_fit(o->'labels', 120, true)
      and (not o ? 'archived' or o->'archived' = 'true') and o - '{key,labels,archived}'::text[] = '{}', false)) then
    raise exception using errcode = 'PT422', constraint = 'fields_options.type', message = 'options have keys and labels';
  elsif jsonb_array_length(options) > 200 then
    raise exception using errcode = 'PT422', constraint = 'fields_options.too_many', message = 'two hundred at most';
  elsif jsonb_array_length(options) > (select count(distinct o->>'key') from jsonb_array_elements(options) o) then
    raise exception using errcode = 'PT422', constraint = 'fields_options.taken', message = 'a key stands for one';
  end if;
end $$;

-- A new field, or texts and options of one. What is archived is asked no more and
-- stays where it was answered; an option that is left out is archived.
create or replace function app.save_field(key text, is_new boolean, kind text, labels jsonb, help jsonb, options jsonb, archived boolean)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  f app.fields;
begin
  perform app.must_keep_forms();
  perform app.check_options(coalesce(options, '[]'));
  select x.* into f from app.fields x where x.tenant_id = auth.tenant_id() and x.key = save_field.key for update;
  if is_new and found then
    raise exception using errcode = 'PT422', constraint = 'fields_key.taken', message = 'a key stands for one field';
  elsif not is_new and not found then
    raise exception using errcode = 'PT404', message = 'no such field';
  elsif is_new and (select count(*) from app.fields x where x.tenant_id = auth.tenant_id()) >= 500 then
    raise exception using errcode = 'PT422', constraint = 'fields_key.too_many', message = 'five hundred at most';
  elsif coalesce(f.kind, kind) in ('one_of', 'several_of') and (is_new or options is not null)
      and jsonb_array_length(coalesce(options, '[]')) = 0 then
    raise exception using errcode = 'PT422', constraint = 'fields_options.required', message = 'something to choose from';
  elsif coalesce(f.kind, kind) not in ('one_of', 'several_of') and jsonb_array_length(coalesce(options, '[]')) > 0 then
    raise exception using errcode = 'PT422', constraint = 'fields_options.unknown', message = 'nothing is chosen there';
  end if;
  if is_new then
    insert into app.fields (tenant_id, key, kind, labels, help, options)
      values (auth.tenant_id(), key, kind, labels, coalesce(help, '{}'), coalesce(options, '[]'));
  else
    options := options || (select coalesce(jsonb_agg(o || '{"archived": true}'), '[]') from jsonb_array_elements(f.options) o
      where not options @> jsonb_build_array(jsonb_build_object('key', o->'key')));
    update app.fields x set labels = coalesce(save_field.labels, x.labels), help = coalesce(save_field.help, x.help),
        options = coalesce(save_field.options, x.options),
        archived_at = case when archived then coalesce(x.archived_at, now()) when not archived then null else x.archived_at end
      where x.tenant_id = auth.tenant_id() and x.key = save_field.key;
  end if;
  perform app.record_account('form.changed', null, jsonb_build_object('field', key));
  return app.list_forms();
end $$;

-- A new type, or what is said of one. order: its fields' keys as they are to stand;
-- rules: what proposes a priority.
create or replace function app.save_type(key text, is_new boolean, labels jsonb, help jsonb, is_problem boolean,
  roles jsonb, archived boolean, "order" jsonb, rules jsonb, before text)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  may text[] := case jsonb_typeof(roles) when 'array' then array(select jsonb_array_elements_text(roles)) end;
  y app.ticket_types;
begin
  perform app.must_keep_forms();
  select x.* into y from app.ticket_types x where x.tenant_id = auth.tenant_id() and x.key = save_type.key for update;
  if is_new and found then
    raise exception using errcode = 'PT422', constraint = 'types_key.taken', message = 'a key stands for one type';
  elsif not is_new and not found then
    raise exception using errcode = 'PT404', message = 'no such type';
  elsif is_new and (select count(*) from app.ticket_types x where x.tenant_id = auth.tenant_id()) >= 100 then
    raise exception using errcode = 'PT422', constraint = 'types_key.too_many', message = 'a hundred at most';
  end if;
  if is_new then
    insert into app.ticket_types (tenant_id, key, position, labels, help, is_problem, roles)
      values (auth.tenant_id(), key, (select coalesce(max(x.position), 0) + 1 from app.ticket_types x where x.tenant_id = auth.tenant_id()),
        labels, coalesce(help, '{}'), coalesce(is_problem, true), coalesce(may, '{}'));
  else
    update app.ticket_types x set labels = coalesce(save_type.labels, x.labels), help = coalesce(save_type.help, x.help),
        is_problem = coalesce(save_type.is_problem, x.is_problem), roles = coalesce(may, x.roles),
        archived_at = case when archived then coalesce(x.archived_at, now()) when not archived then null else x.archived_at end
      where x.tenant_id = auth.tenant_id() and x.key = save_type.key;
  end if;
  if "order" is not null then
    update app.type_fields x set position = o.n
      from jsonb_array_elements_text("order") with ordinality o (field, n)
      where x.tenant_id = auth.tenant_id() and x.type = save_type.key and x.field = o.field;
  end if;
  if before is not null then
    -- Numbered anew, with room for it in front of that one.
    with turns as (
      select x.key, row_number() over (order by x.position, x.key) * 2 as turn from app.ticket_types x where x.tenant_id = auth.tenant_id())
    update app.ticket_types x set position = case when x.key = save_type.key
        then coalesce((select b.turn - 1 from turns b where b.key = before), 1000) else t.turn end
      from turns t where x.tenant_id = auth.tenant_id() and x.key = t.key;
  end if;
  if rules is not null then
    perform app.set_priority_rules(key, rules);
  end if;
  perform app.record_account('form.changed', null, jsonb_build_object('type', key));
  return app.list_forms();
end $$;

create or replace function app.set_priority_rules(type text, rules jsonb) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  r record;
begin
  if jsonb_typeof(rules) <> 'array' or jsonb_array_length(rules) > 20 then
    raise exception using errcode = 'PT422', constraint = 'types_rules.too_many', message = 'a list of twenty at most';
  end if;
  delete from app.priority_rules x where x.tenant_id = auth.tenant_id() and x.type = set_priority_rules.type;
  for r in select e, n from jsonb_array_elements(rules) with ordinality x (e, n) loop
    if app.priority_number(r.e->>'priority') is null or app.condition_fault(type, r.e->'condition') is not null then
      raise exception using errcode = 'PT422', constraint = 'types_rules.condition', message = 'a condition and a priority';
    end if;
    insert into app.priority_rules (tenant_id, type, position, condition, priority)
      values (auth.tenant_id(), type, r.n, r.e->'condition', app.priority_number(r.e->>'priority'));
  end loop;
end $$;

-- What is wrong with a condition in a type's form: it asks after one to eight of
-- its fields that choose, each by answers that these have.
create or replace function app.condition_fault(type text, condition jsonb) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  parts jsonb := coalesce(condition->'all', condition->'any');
begin
  if jsonb_typeof(condition) is distinct from 'object' or jsonb_typeof(parts) is distinct from 'array'
      or condition - 'all' <> '{}' and condition - 'any' <> '{}' or jsonb_array_length(parts) not between 1 and 8 then
    return 'condition';
  end if;
  return (select 'condition' from jsonb_array_elements(parts) p
    where not coalesce(jsonb_typeof(p) = 'object' and p - '{field,is}'::text[] = '{}' and jsonb_typeof(p->'is') = 'array'
      and jsonb_array_length(p->'is') between 1 and 50
      and exists (select from app.type_fields x join app.fields f on f.tenant_id = x.tenant_id and f.key = x.field
        where x.tenant_id = auth.tenant_id() and x.type = condition_fault.type and x.field = p->>'field'
          and case f.kind when 'yes_no' then p->'is' <@ '[true, false]'
            when 'one_of' then p->'is' <@ (select jsonb_agg(o->'key') from jsonb_array_elements(f.options) o)
            when 'several_of' then p->'is' <@ (select jsonb_agg(o->'key') from jsonb_array_elements(f.options) o)
            else false end), false) limit 1);
end $$;

-- What hangs on what in a form: refused where it goes round, or deeper than eight.
create or replace function app.check_depth(type text) returns void
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  rest text[] := array(select x.field from app.type_fields x where x.tenant_id = auth.tenant_id() and x.type = check_depth.type);
  later text[];
begin
  for depth in 0..8 loop
    -- What still hangs on something that is not placed.
    later := array(select x.field from app.type_fields x
      where x.tenant_id = auth.tenant_id() and x.type = check_depth.type and x.field = any (rest)
        and exists (select from jsonb_array_elements(coalesce(x.condition->'all', x.condition->'any')) p
          where p->>'field' = any (rest)));
    exit when later = '{}';
    if cardinality(later) = cardinality(rest) then
      raise exception using errcode = 'PT422', constraint = 'asks_condition.circular', message = 'it hangs on itself';
    elsif depth = 8 then
      raise exception using errcode = 'PT422', constraint = 'asks_condition.too_deep', message = 'eight deep at most';
    end if;
    rest := later;
  end loop;
end $$;

-- Puts a field into a type's form, or changes how it is asked there; {} is no condition.
create or replace function app.save_type_field(type text, field text, required boolean, weight smallint, condition jsonb)
returns json language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_keep_forms();
  -- Two at once could hang on each other.
  perform from app.ticket_types y where y.tenant_id = auth.tenant_id() and y.key = type for update;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such type';
  elsif not exists (select from app.fields f where f.tenant_id = auth.tenant_id() and f.key = field and f.archived_at is null) then
    raise exception using errcode = 'PT422', constraint = 'asks_field.choice', message = 'no such field';
  elsif (select count(*) from app.type_fields x where x.tenant_id = auth.tenant_id() and x.type = save_type_field.type
      and x.field <> save_type_field.field) >= 200 then
    raise exception using errcode = 'PT422', constraint = 'asks_field.too_many', message = 'two hundred at most';
  elsif condition <> '{}' and app.condition_fault(type, condition) is not null then
    raise exception using errcode = 'PT422', constraint = 'asks_condition.condition', message = 'not a condition';
  end if;
  insert into app.type_fields as x (tenant_id, type, field, position, required, weight, condition)
    values (auth.tenant_id(), type, field, (select coalesce(max(o.position), 0) + 1 from app.type_fields o
        where o.tenant_id = auth.tenant_id() and o.type = save_type_field.type),
      coalesce(required, false), coalesce(weight, 1), nullif(condition, '{}'))
    on conflict on constraint type_fields_pkey do update set
      required = coalesce(save_type_field.required, x.required), weight = coalesce(save_type_field.weight, x.weight),
      condition = case when save_type_field.condition is null then x.condition else excluded.condition end;
  perform app.check_depth(type);
  perform app.record_account('form.changed', null, jsonb_build_object('type', type, 'field', field));
  return app.list_forms();
end $$;

-- Takes one out. What hung on it, or was proposed by it, has to go first.
create or replace function app.remove_type_field(type text, field text) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  perform app.must_keep_forms();
  perform from app.ticket_types y where y.tenant_id = auth.tenant_id() and y.key = type for update;
  if exists (select from (
      select x.condition from app.type_fields x where x.tenant_id = auth.tenant_id() and x.type = remove_type_field.type
      union all select r.condition from app.priority_rules r where r.tenant_id = auth.tenant_id() and r.type = remove_type_field.type) c,
      jsonb_array_elements(coalesce(c.condition->'all', c.condition->'any')) p
      where p->>'field' = remove_type_field.field) then
    raise exception using errcode = 'PT422', constraint = 'asks_field.used', message = 'others hang on it';
  end if;
  delete from app.type_fields x where x.tenant_id = auth.tenant_id() and x.type = remove_type_field.type
    and x.field = remove_type_field.field;
  if not found then
    raise exception using errcode = 'PT404', message = 'no such field in it';
  end if;
  perform app.record_account('form.changed', null, jsonb_build_object('type', type, 'field', field));
  return app.list_forms();
end $$;

-- Must app.open_ticket() look at forms? Kept where it looks anyway.
create or replace function app.forms_changed() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  update app.ticket_counters c set has_forms = has.forms
    from (select exists (select from app.ticket_types y where y.tenant_id = coalesce(new.tenant_id, old.tenant_id) and y.archived_at is null)
      or exists (select from app.field_policies p where p.tenant_id = coalesce(new.tenant_id, old.tenant_id) and p.required) as forms) has
    where c.tenant_id = coalesce(new.tenant_id, old.tenant_id) and c.has_forms <> has.forms;
  return null;
end $$;
