-- Rules (W2, S4): when something happens to a ticket, or some time has passed, and
-- a condition holds, something is done. A rule's body is
--
--   when   {"event": "opened|replied|changed|escalated|warned|late", "by": "customer|agent|rule|any"}
--          {"time": "status|customer|agent", "minutes": n, "counted": "open|all"}: since its
--            status began, its customer or an agent last replied
--          {"time": "due", "clock": "first|next|resolution", "before": n | "after": n | "used": %}
--   if     null, {"all": […]}, {"any": […]}, {"not": …}, or one of
--          {"field", "is": [values]}, as conditions of forms have it,
--          {"field", "has": [words]}, {"field", "at_least": n}, {"field", "at_most": n}
--   do     [{"status"}, {"priority"}, {"assignee"}, {"note": text}, {"reply": {language: text}},
--           {"team"}, {"tags": {"add": […], "remove": […]}}, {"mail": {"to": [...], "text"}}
--             (to "assignee", "agents", "key_account", "team": the ticket's, "team:<id>", or somebody of the staff),
--           {"follow": person}, {"level": 0…5}], one each
--
-- Rules run in jobs after the event, in the name of nobody: what they do is recorded
-- with {"by": "rule", "rule", "version", "chain", "root"}. The root is the event of
-- somebody's with which it all began: of one root a rule runs once for a ticket.

create or replace function app.rule_limits() returns json
language sql immutable parallel safe
return json_build_object('rules', 100, 'parts', 50, 'depth', 4, 'actions', 10, 'text', 4000, 'chain', 5, 'daily', 20, 'minutes', 525600, 'days', 90, 'kept', 90);

-- ---- what may be a rule -----------------------------------------------------------------

create or replace function app.rule_fault(field text, code text) returns jsonb
language sql immutable parallel safe
return jsonb_build_array(jsonb_build_object('field', field, 'code', code));

create or replace function app.is_whole(given jsonb, lowest int, highest int) returns boolean
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp as $$
begin
  return jsonb_typeof(given) is not distinct from 'number' and given::text ~ '^[0-9]{1,8}$' and given::text::int between lowest and highest;
end $$;

-- Is a value one that the field can have?
create or replace function app.is_rule_value(field text, given jsonb) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  word text := given #>> '{}';
  known boolean := jsonb_typeof(given) = 'string';
  number bigint := case when jsonb_typeof(given) = 'number' and given::text ~ '^[0-9]{1,18}$' then given::text::bigint end;
begin
  return coalesce(case
    when field in ('status', 'was.status') then known and app.status_number(word) is not null
    when field = 'group' then known and word in ('open', 'pending', 'done')
    when field in ('priority', 'was.priority') then given = 'null' or known and app.priority_number(word) is not null
    when field = 'type' then given = 'null' or known and exists (select from app.ticket_types y where y.tenant_id = auth.tenant_id() and y.key = word)
    when field = 'account' then exists (select from app.accounts a where a.tenant_id = auth.tenant_id() and a.id = number)
    when field = 'portal' then exists (select from app.portals p where p.tenant_id = auth.tenant_id() and p.id = number)
    when field = 'plan' then given = 'null' or known and word ~ '^[a-z][a-z0-9_]{0,39}$'
    when field = 'language' then known and app.are_languages(array[word])
    when field = 'role' then known and word in ('account_admin', 'portal_admin', 'main_user', 'member', 'partner')
    when field = 'assignee' then given = 'null' or exists (select from app.people p where p.tenant_id = auth.tenant_id() and p.id = number and p.rank >= 2)
    when field = 'team' then given = 'null' or exists (select from app.teams g where g.tenant_id = auth.tenant_id() and g.id = number)
    when field = 'tags' then known and app.as_tag(word) = word and char_length(word) between 1 and 40
    when field = 'level' then app.is_whole(given, 0, 5)
    when field = 'by' then known and word in ('customer', 'agent', 'rule')
    when field = 'changed' then known and word in ('status', 'priority', 'assignee', 'team', 'type')
    when field = 'clock' then known and word in ('first', 'next', 'resolution')
    when field ~ '^fields\.' then jsonb_typeof(given) in ('string', 'number', 'boolean', 'null') and octet_length(given::text) <= 400
    else false end, false);
end $$;

-- What is wrong with a part of a condition, and how many parts it has.
create or replace function app.rule_condition_faults(given jsonb, path text, depth int, out faults jsonb, out parts int)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  word text := case when given ? 'all' then 'all' when given ? 'any' then 'any' end;
  inner_one record;
  part jsonb;
  n int := 0;
  asked text := given->>'field';
begin
  faults := '[]';
  parts := 1;
  if jsonb_typeof(given) is distinct from 'object' then
    faults := app.rule_fault(path, 'type');
  elsif depth > 4 then
    faults := app.rule_fault(path, 'too_deep');
  elsif word is not null then
    if given - word <> '{}' or jsonb_typeof(given->word) <> 'array' or jsonb_array_length(given->word) not between 1 and 50 then
      faults := app.rule_fault(path || '.' || word, 'condition');
      return;
    end if;
    parts := 0;
    for part in select * from jsonb_array_elements(given->word) loop
      inner_one := app.rule_condition_faults(part, path || '.' || word || '.' || n, depth + 1);
      faults := faults || inner_one.faults;
      parts := parts + inner_one.parts;
      n := n + 1;
    end loop;
  elsif given ? 'not' then
    if given - 'not' <> '{}' then
      faults := app.rule_fault(path || '.not', 'condition');
      return;
    end if;
    inner_one := app.rule_condition_faults(given->'not', path || '.not', depth + 1);
    faults := inner_one.faults;
    parts := inner_one.parts;
  elsif jsonb_typeof(given->'field') is distinct from 'string' or not (
      asked = any ('{status,group,priority,type,account,portal,plan,language,role,assignee,team,tags,level,by,changed,clock,was.status,was.priority,title,message}'::text[])
      or asked ~ '^fields\.' and exists (select from app.fields f where f.tenant_id = auth.tenant_id() and f.key = substr(asked, 8))) then
    faults := app.rule_fault(path || '.field', 'unknown');
  elsif given ? 'is' and given - '{field,is}'::text[] = '{}' and asked not in ('title', 'message') then
    if jsonb_typeof(given->'is') <> 'array' or jsonb_array_length(given->'is') not between 1 and 50 then
      faults := app.rule_fault(path || '.is', 'required');
    elsif exists (select from jsonb_array_elements(given->'is') v where not app.is_rule_value(asked, v)) then
      faults := app.rule_fault(path || '.is', 'choice');
    end if;
  elsif given ? 'has' and given - '{field,has}'::text[] = '{}' and (asked in ('title', 'message') or asked ~ '^fields\.') then
    if jsonb_typeof(given->'has') <> 'array' or jsonb_array_length(given->'has') not between 1 and 20 or exists (select from jsonb_array_elements(given->'has') v
        where jsonb_typeof(v) <> 'string' or v #>> '{}' !~ '\S' or char_length(v #>> '{}') > 80) then
      faults := app.rule_fault(path || '.has', 'required');
    end if;
  elsif (given - '{field,at_least}'::text[] = '{}' or given - '{field,at_most}'::text[] = '{}') and (asked = 'level' or asked ~ '^fields\.') then
    if jsonb_typeof(coalesce(given->'at_least', given->'at_most')) is distinct from 'number' or char_length(coalesce(given->>'at_least', given->>'at_most')) > 15 then
      faults := app.rule_fault(path || case when given ? 'at_least' then '.at_least' else '.at_most' end, 'type');
    end if;
  else
    faults := app.rule_fault(path, 'condition');
  end if;
end $$;

create or replace function app.rule_when_faults(given jsonb) returns jsonb
language plpgsql immutable
set search_path = pg_catalog, pg_temp as $$
begin
  if jsonb_typeof(given) is distinct from 'object' or (given ? 'event') = (given ? 'time') then
    return app.rule_fault('when', 'type');
  elsif given ? 'event' then
    return case when given - '{event,by}'::text[] <> '{}' then app.rule_fault('when', 'unknown')
      when coalesce(given->>'event', '') not in ('opened', 'replied', 'changed', 'escalated', 'warned', 'late') then app.rule_fault('when.event', 'choice')
      when given ? 'by' and coalesce(given->>'by', '') not in ('customer', 'agent', 'rule', 'any') then app.rule_fault('when.by', 'choice')
      else '[]' end;
  elsif given->>'time' in ('status', 'customer', 'agent') then
    return case when given - '{time,minutes,counted}'::text[] <> '{}' then app.rule_fault('when', 'unknown')
      when not app.is_whole(given->'minutes', 1, 525600) then app.rule_fault('when.minutes', 'range')
      when coalesce(given->>'counted', '') not in ('open', 'all') then app.rule_fault('when.counted', 'choice')
      else '[]' end;
  elsif given->>'time' = 'due' then
    return case when coalesce(given->>'clock', '') not in ('first', 'next', 'resolution') then app.rule_fault('when.clock', 'choice')
      when given - '{time,clock,before}'::text[] = '{}' and app.is_whole(given->'before', 1, 525600)
        or given - '{time,clock,after}'::text[] = '{}' and app.is_whole(given->'after', 0, 525600)
        or given - '{time,clock,used}'::text[] = '{}' and app.is_whole(given->'used', 1, 99) then '[]'
      else app.rule_fault('when.minutes', 'range') end;
  end if;
  return app.rule_fault('when.time', 'choice');
end $$;

-- A text that is said in a ticket: what stands between braces is known.
create or replace function app.rule_text_fault(given jsonb, path text) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  named text;
begin
  if jsonb_typeof(given) is distinct from 'string' or given #>> '{}' !~ '\S' or not app.is_text(given #>> '{}') then
    return app.rule_fault(path, 'required');
  elsif char_length(given #>> '{}') > 4000 then
    return app.rule_fault(path, 'too_long');
  end if;
  select p.m[1] into named from regexp_matches(given #>> '{}', '\{([^{}\s]{1,60})\}', 'g') p (m) where p.m[1] <> all (app.macro_placeholders()) limit 1;
  return case when named is null then '[]' else jsonb_build_array(jsonb_build_object('field', path, 'code', 'placeholder', 'about', named)) end;
end $$;

create or replace function app.is_staff(given jsonb) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return jsonb_typeof(given) is not distinct from 'number' and given::text ~ '^[0-9]{1,18}$'
    and exists (select from app.people p where p.tenant_id = auth.tenant_id() and p.id = given::text::bigint and p.rank >= 2);
end $$;

create or replace function app.rule_action_faults(given jsonb, path text) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  what text;
  v jsonb;
begin
  if jsonb_typeof(given) is distinct from 'object' or (select count(*) from jsonb_object_keys(given)) <> 1 then
    return app.rule_fault(path, 'type');
  end if;
  select k.key, k.value into what, v from jsonb_each(given) k;
  path := path || '.' || what;
  case
  when what = 'status' then
    return case when jsonb_typeof(v) = 'string' and app.status_number(v #>> '{}') is not null and v #>> '{}' <> 'closed_escalated' then '[]' else app.rule_fault(path, 'choice') end;
  when what = 'priority' then
    return case when app.is_rule_value('priority', v) then '[]' else app.rule_fault(path, 'choice') end;
  when what = 'assignee' then
    return case when v = 'null' or app.is_staff(v) then '[]' else app.rule_fault(path, 'choice') end;
  when what = 'team' then
    return case when app.is_rule_value('team', v) then '[]' else app.rule_fault(path, 'choice') end;
  when what = 'tags' then
    begin
      perform app.must_be_tags(v);
      return case when v = '{}' then app.rule_fault(path, 'required') else '[]' end;
    exception when sqlstate 'PT422' then
      return app.rule_fault(path, 'invalid');
    end;
  when what = 'follow' then
    return case when app.is_staff(v) then '[]' else app.rule_fault(path, 'choice') end;
  when what = 'level' then
    return case when app.is_whole(v, 0, 5) then '[]' else app.rule_fault(path, 'choice') end;
  when what = 'note' then
    return app.rule_text_fault(v, path);
  when what = 'reply' then
    return case when jsonb_typeof(v) <> 'object' or v = '{}' then app.rule_fault(path, 'required')
      when not app.are_languages(array(select jsonb_object_keys(v))) then app.rule_fault(path, 'language')
      else (select coalesce(jsonb_agg(f), '[]') from jsonb_each(v) t cross join lateral jsonb_array_elements(app.rule_text_fault(t.value, path || '.' || t.key)) f) end;
  when what = 'mail' then
    return case when jsonb_typeof(v) <> 'object' or v - '{to,text}'::text[] <> '{}' or jsonb_typeof(v->'to') is distinct from 'array'
        or jsonb_array_length(v->'to') not between 1 and 20 then app.rule_fault(path || '.to', 'required')
      when exists (select from jsonb_array_elements(v->'to') w where w not in ('"assignee"', '"agents"', '"key_account"', '"team"') and not app.is_staff(w)
          and not (w #>> '{}' ~ '^team:[0-9]{1,16}$' and exists (select from app.teams g where g.tenant_id = auth.tenant_id() and g.id = substr(w #>> '{}', 6)::bigint))) then app.rule_fault(path || '.to', 'choice')
      when jsonb_typeof(v->'text') is distinct from 'string' or v->>'text' !~ '\S' or not app.is_text(v->>'text') then app.rule_fault(path || '.text', 'required')
      when char_length(v->>'text') > 500 then app.rule_fault(path || '.text', 'too_long')
      else '[]' end;
  else
    return app.rule_fault(path, 'unknown');
  end case;
end $$;

-- What is wrong with a rule, each with the path to it.
create or replace function app.rule_faults(body jsonb) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  faults jsonb;
  asked record;
begin
  if jsonb_typeof(body) is distinct from 'object' or body - '{when,if,do}'::text[] <> '{}' then
    return app.rule_fault('rule', 'type');
  end if;
  faults := app.rule_when_faults(body->'when');
  if coalesce(body->'if', 'null') <> 'null' then
    asked := app.rule_condition_faults(body->'if', 'if', 0);
    faults := faults || asked.faults || case when asked.parts > 50 then app.rule_fault('if', 'too_many') else '[]' end;
  end if;
  if jsonb_typeof(body->'do') is distinct from 'array' or body->'do' = '[]' then
    return faults || app.rule_fault('do', 'required');
  elsif jsonb_array_length(body->'do') > 10 then
    return faults || app.rule_fault('do', 'too_many');
  end if;
  return faults || (select coalesce(jsonb_agg(f), '[]') from jsonb_array_elements(body->'do') with ordinality a (given, n)
    cross join lateral jsonb_array_elements(app.rule_action_faults(a.given, 'do.' || a.n - 1)) f);
end $$;

-- ---- what a ticket is, to a condition ---------------------------------------------------

-- All that may be asked of a ticket; t says how it is, or was. event: null where none is.
create or replace function app.rule_facts(t app.tickets, event app.events) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  facts jsonb;
begin
  select jsonb_build_object('status', app.status_name(t.status), 'group', app.status_group(t.status), 'priority', app.priority_name(t.priority),
      'type', t.type, 'account', t.account_id, 'portal', t.portal_id, 'assignee', t.assignee_id, 'team', t.team_id, 'title', t.title,
      'tags', (select coalesce(jsonb_agg(g.tag order by g.tag), '[]') from app.ticket_tags g where g.tenant_id = t.tenant_id and g.ticket_id = t.id),
      'language', coalesce(p.locale, app.language_of(t.portal_id)), 'role', to_jsonb(app.roles_of(t.requester_id, t.portal_id, t.account_id)),
      'level', coalesce((select l.level from app.ticket_levels l where l.tenant_id = t.tenant_id and l.ticket_id = t.id), 0),
      'plan', case when app.has_service_level() then app.plan_at(t.account_id, now(), (app.sla_at(now())).body)->>'key' end,
      'message', (select c.source from app.comments c where c.tenant_id = t.tenant_id and c.ticket_id = t.id and not c.is_internal and c.about is null
        and c.created_at <= coalesce(event.created_at, now()) order by c.created_at desc, c.id desc limit 1))
    into facts
    from app.people p where p.tenant_id = t.tenant_id and p.id = t.requester_id;
  if event.id is not null then
    facts := facts || jsonb_build_object('by', app.event_by(event), 'clock', app.clock_name((event.data->>'clock')::smallint),
      'changed', (select coalesce(jsonb_agg(k), '[]') from (select jsonb_object_keys(event.data) as k
        union all select jsonb_array_elements_text(coalesce(event.data->'fields', '[]'))) x where k in ('status', 'priority', 'assignee', 'team', 'type')),
      'was.status', coalesce(event.data->'status'->0, to_jsonb(app.status_name(t.status))),
      'was.priority', case when event.kind = 'ticket.changed' and event.data ? 'priority' then coalesce(event.data->'priority'->0, 'null') else to_jsonb(app.priority_name(t.priority)) end);
  end if;
  return facts || (select coalesce(jsonb_object_agg('fields.' || v.field, v.value), '{}') from app.ticket_values v where v.tenant_id = t.tenant_id and v.ticket_id = t.id);
end $$;

-- Who made an event: of a reply it says so itself.
create or replace function app.event_by(event app.events) returns text
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return case when event.data ? 'rule' then 'rule'
    when event.kind in ('ticket.opened', 'ticket.replied') then case when event.data->>'by' = 'desk' then 'agent' else 'customer' end
    when event.actor_id is null then null
    when exists (select from app.people p where p.tenant_id = event.tenant_id and p.id = event.actor_id and p.rank >= 2) then 'agent' else 'customer' end;
end $$;

-- Does a condition hold, and why: each thing that it asks, and what was found.
create or replace function app.rule_holds(condition jsonb, facts jsonb, out holds boolean, out why jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
declare
  word text := case when condition ? 'all' then 'all' when condition ? 'any' then 'any' end;
  part jsonb;
  one record;
  given jsonb;
begin
  why := '[]';
  if condition is null or condition = 'null' then
    holds := true;
  elsif word is not null then
    holds := word = 'all';
    for part in select * from jsonb_array_elements(condition->word) loop
      one := app.rule_holds(part, facts);
      why := why || one.why;
      holds := case word when 'all' then holds and one.holds else holds or one.holds end;
    end loop;
  elsif condition ? 'not' then
    one := app.rule_holds(condition->'not', facts);
    holds := not one.holds;
    why := one.why;
  else
    given := coalesce(facts->(condition->>'field'), 'null');
    holds := coalesce(case
      when condition ? 'is' then app.condition_holds(jsonb_build_object('all', jsonb_build_array(condition)), facts)
      when condition ? 'has' then exists (select from jsonb_array_elements_text(condition->'has') w where position(lower(w) in lower(given #>> '{}')) > 0)
      when jsonb_typeof(given) <> 'number' then false
      when condition ? 'at_least' then (given #>> '{}')::numeric >= (condition->>'at_least')::numeric
      else (given #>> '{}')::numeric <= (condition->>'at_most')::numeric end, false);
    why := jsonb_build_array(jsonb_build_object('field', condition->'field', 'holds', holds,
      'given', case when char_length(given::text) > 120 then to_jsonb(left(given #>> '{}', 80) || '…') else given end));
  end if;
end $$;

-- ---- what it does -----------------------------------------------------------------------

-- Which rule is at work: marks what is recorded meanwhile. Of jobs only; nobody who asks
-- for something is nobody.
create or replace function app.rule_at_work() returns jsonb
language plpgsql stable
set search_path = pg_catalog, pg_temp as $$
begin
  return case when auth.person_id() is null then nullif(current_setting('app.rule', true), '')::jsonb end;
end $$;

-- A text of a rule's for a ticket, in the language of who opened it or whichever there
-- is; what others wrote is text in it, and no markup.
create or replace function app.rule_says(t app.tickets, texts jsonb, out source text, out html text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  lang text;
  said record;
begin
  select w.lang into lang from (
      select p.locale as lang, 1 as n from app.people p where p.tenant_id = t.tenant_id and p.id = t.requester_id
      union all select split_part(p.locale, '-', 1), 2 from app.people p where p.tenant_id = t.tenant_id and p.id = t.requester_id
      union all select app.language_of(t.portal_id), 3
      union all select 'en', 4
      union all select k.key, 5 from jsonb_each(texts) k) w
    where texts ? w.lang order by w.n, w.lang limit 1;
  source := texts->lang->>'source';
  html := texts->lang->>'html';
  for said in select v.name, replace(coalesce(v.value, ''), '{', E'\u0001') as value from (values
      ('requester.name', (select p.name from app.people p where p.tenant_id = t.tenant_id and p.id = t.requester_id)),
      ('ticket.number', '#' || t.id), ('ticket.title', t.title),
      ('agent.name', coalesce((select p.name from app.people p where p.tenant_id = t.tenant_id and p.id = t.assignee_id), (select n.name from app.tenants n where n.tenant_id = t.tenant_id))),
      ('portal.name', app.portal_name(t.portal_id))) v (name, value) loop
    source := replace(source, '{' || said.name || '}', app.as_markdown(said.value));
    html := replace(html, '{' || said.name || '}', app.as_html(said.value));
  end loop;
  source := replace(source, E'\u0001', '{');
  html := replace(html, E'\u0001', '{');
end $$;

-- Whom a rule's mail reaches: staff, each once.
create or replace function app.rule_readers(t app.tickets, whom jsonb) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(jsonb_agg(x.id), '[]') from (
    select p.id from app.people p where p.tenant_id = t.tenant_id and p.rank >= 2 and (
      whom @> '"agents"' or whom @> '"assignee"' and p.id = t.assignee_id or whom @> to_jsonb(p.id)
      or whom @> '"key_account"' and exists (select from app.named_contacts n where n.tenant_id = t.tenant_id and n.account_id = t.account_id
        and n.kind = 'key_account' and n.person_id = p.id)
      or exists (select from app.team_members m join app.teams g on g.tenant_id = m.tenant_id and g.id = m.team_id and g.archived_at is null
        where m.tenant_id = t.tenant_id and m.person_id = p.id and (whom @> to_jsonb('team:' || m.team_id) or whom @> '"team"' and m.team_id = t.team_id)))
    order by p.id limit 100) x);
end $$;

-- Does one thing; true: it is so now, false: it was so before.
create or replace function app.do_action(r app.rules, t app.tickets, action jsonb, said jsonb, author bigint) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  what text := (select k from jsonb_object_keys(action) k);
  v jsonb := action->what;
  text_of record;
  before smallint;
  people jsonb;
begin
  case what
  when 'status', 'priority', 'assignee', 'team' then
    if v is not distinct from (case what when 'status' then to_jsonb(app.status_name(t.status)) when 'priority' then coalesce(to_jsonb(app.priority_name(t.priority)), 'null')
        when 'team' then coalesce(to_jsonb(t.team_id), 'null') else coalesce(to_jsonb(t.assignee_id), 'null') end) then
      return false;
    end if;
    perform app.change_ticket(t.id, action);
  when 'tags' then
    if not exists (select from jsonb_array_elements_text(coalesce(v->'add', '[]')) a where not exists (select from app.ticket_tags g
          where g.tenant_id = t.tenant_id and g.ticket_id = t.id and g.tag = app.as_tag(a)))
        and not exists (select from jsonb_array_elements_text(coalesce(v->'remove', '[]')) a join app.ticket_tags g on g.tenant_id = t.tenant_id and g.ticket_id = t.id and g.tag = app.as_tag(a)) then
      return false;
    end if;
    perform app.set_tags(t.id, app.tag_list(v->'add'), app.tag_list(v->'remove'));
  when 'note', 'reply' then
    text_of := app.rule_says(t, said);
    insert into app.comments (tenant_id, ticket_id, author_id, is_internal, about, source, html)
      values (t.tenant_id, t.id, author, what = 'note', 'rule', text_of.source, text_of.html);
  when 'mail' then
    people := app.rule_readers(t, v->'to');
    if people = '[]' then
      return false;
    end if;
    perform app.record('rule.mailed', t.id, null, jsonb_build_object('people', people, 'path', '/agent/t/' || t.id,
      'args', jsonb_build_object('number', '#' || t.id, 'rule', r.name, 'text', v->>'text'), 'words', jsonb_build_object('number', '#' || t.id || ' ' || t.title)));
  when 'follow' then
    insert into app.followers (tenant_id, ticket_id, person_id)
      select t.tenant_id, t.id, p.id from app.people p where p.tenant_id = t.tenant_id and p.id = (v #>> '{}')::bigint and p.rank >= 2
      on conflict do nothing;
    return found;
  when 'level' then
    select l.level into before from app.ticket_levels l where l.tenant_id = t.tenant_id and l.ticket_id = t.id;
    if coalesce(before, 0) = (v #>> '{}')::smallint then
      return false;
    end if;
    delete from app.ticket_levels l where l.tenant_id = t.tenant_id and l.ticket_id = t.id;
    insert into app.ticket_levels (tenant_id, ticket_id, level) select t.tenant_id, t.id, (v #>> '{}')::smallint where v <> '0';
    perform app.record('ticket.levelled', t.id, null, jsonb_build_object('level', jsonb_build_array(coalesce(before, 0), v)));
  end case;
  return true;
end $$;

-- Why something could not be done, as a word that pages have a sentence for: the code of a
-- field (of the constraint, or the first in the detail), or what it comes to. What
-- PostgreSQL says of it is in its log.
create or replace function app.rule_trouble(state text, named text, detail text, said text) returns text
language plpgsql volatile
set search_path = pg_catalog, pg_temp as $$
declare
  word text := case when state = 'PT422' and named like '%.choice' then 'gone' when state = 'PT422' then coalesce(nullif(split_part(named, '.', 2), ''), substring(detail from '"code": *"([a-z0-9_]+)"'), 'value')
    when state = 'PT403' then 'forbidden' when state in ('PT404', '23503') then 'gone' when state like 'PT4%' then 'conflict'
    when state like '22%' or state like '23%' then 'value' else 'other' end;
begin
  if word = 'other' then
    raise log 'a rule failed: % %', state, said;
  end if;
  return word;
end $$;

-- A line of the log.
create or replace function app.log_rule(r app.rules, ticket bigint, event bigint, root bigint, outcome text, why jsonb, did jsonb) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
  -- What stops again and again is told once a day.
  if outcome <> 'ran' and exists (select from app.rule_runs x where x.tenant_id = r.tenant_id and x.ticket_id = log_rule.ticket and x.rule_id = r.id
      and x.outcome = log_rule.outcome and x.created_at > now() - interval '1 day') then
    return;
  end if;
  insert into app.rule_runs (tenant_id, ticket_id, rule_id, version, event_id, root, outcome, why, did)
    values (r.tenant_id, log_rule.ticket, r.id, r.version, event, log_rule.root, log_rule.outcome, log_rule.why, log_rule.did);
end $$;

-- Runs a rule whose condition holds: what it does, each by itself, so that what is
-- refused takes nothing else back.
create or replace function app.run_rule(r app.rules, ticket bigint, e app.events, why jsonb) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  chain jsonb := coalesce(e.data->'chain', '[]');
  began bigint := coalesce((e.data->>'root')::bigint, e.id);
  -- Who has left the staff speaks for nobody any more.
  author bigint := coalesce((select v.author_id from app.rule_versions v join app.people p on p.tenant_id = v.tenant_id and p.id = v.author_id and p.rank >= 2
      where v.tenant_id = r.tenant_id and v.rule_id = r.id and v.version = r.version),
    (select min(m.person_id) from app.memberships m where m.tenant_id = r.tenant_id and m.role = 'tenant_admin'));
  t app.tickets;
  a record;
  did jsonb := '[]';
  changed boolean;
  code text;
  trouble text;
  named text;
  detail text;
begin
  if chain @> to_jsonb(r.id) or exists (select from app.rule_runs x where x.tenant_id = r.tenant_id and x.ticket_id = run_rule.ticket
      and x.rule_id = r.id and x.root = began and x.outcome = 'ran') then
    perform app.log_rule(r, ticket, e.id, began, 'again', why, '[]');
    return;
  elsif jsonb_array_length(chain) >= 5 then
    perform app.log_rule(r, ticket, e.id, began, 'depth', why, '[]');
    return;
  elsif (select count(*) from app.rule_runs x where x.tenant_id = r.tenant_id and x.ticket_id = run_rule.ticket and x.rule_id = r.id
      and x.outcome = 'ran' and x.created_at > now() - interval '1 day') >= 20 then
    perform app.log_rule(r, ticket, e.id, began, 'daily', why, '[]');
    return;
  end if;
  perform set_config('app.rule', jsonb_strip_nulls(jsonb_build_object('by', 'rule', 'rule', r.id, 'version', r.version, 'chain', chain || to_jsonb(r.id), 'root', began))::text, true);
  for a in select x.action, r.said->(x.n - 1)::int as said from jsonb_array_elements(r.body->'do') with ordinality x (action, n) order by x.n loop
    select x.* into t from app.tickets x where x.tenant_id = r.tenant_id and x.id = ticket;
    trouble := null;
    begin
      changed := app.do_action(r, t, a.action, a.said, author);
      code := case when changed then 'done' when a.action ? 'mail' then 'nobody' else 'same' end;
    exception when others then
      -- What came of two at once is tried again, all of it.
      if sqlstate like '40%' or sqlstate = '55P03' then
        raise;
      end if;
      code := 'refused';
      get stacked diagnostics named = constraint_name, detail = pg_exception_detail;
      trouble := app.rule_trouble(sqlstate, named, detail, sqlerrm);
    end;
    -- Texts are in the version that it names.
    did := did || jsonb_build_array(jsonb_build_object('do', case when a.action ? 'reply' or a.action ? 'note' or a.action ? 'mail' then (select jsonb_object_agg(k, true) from jsonb_object_keys(a.action) k) else a.action end, 'what', code)
      || case when trouble is not null then jsonb_build_object('fault', trouble) else '{}' end);
  end loop;
  perform set_config('app.rule', '', true);
  perform app.log_rule(r, ticket, e.id, began, 'ran', why, did);
end $$;

-- ---- after an event ---------------------------------------------------------------------

create or replace function app.rule_event(kind text) returns text
language sql immutable parallel safe
return case when kind in ('ticket.opened', 'ticket.replied', 'ticket.changed', 'ticket.escalated', 'ticket.warned', 'ticket.late') then substr(kind, 8) end;

create or replace function app.rule_wants(body jsonb, e app.events) returns boolean
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  of text := coalesce(body->'when'->>'by', 'any');
begin
  return coalesce(body->'when'->>'event' = app.rule_event(e.kind) and (of = 'any' or of = app.event_by(e)), false);
end $$;

-- One rule, where it may be concerned: looks, and runs it. One that can't be done is in the log.
create or replace function app.try_rule(r app.rules, t app.tickets, e app.events) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  looked record;
  named text;
  detail text;
begin
  looked := app.rule_holds(r.body->'if', app.rule_facts(t, e));
  if looked.holds then
    perform app.run_rule(r, t.id, e, looked.why);
  end if;
exception when others then
  if sqlstate like '40%' or sqlstate = '55P03' then
    raise;
  end if;
  get stacked diagnostics named = constraint_name, detail = pg_exception_detail;
  perform app.log_rule(r, t.id, e.id, e.id, 'failed', '[]', jsonb_build_array(jsonb_build_object('what', 'failed', 'fault', app.rule_trouble(sqlstate, named, detail, sqlerrm))));
end $$;

-- What follows from an event by rules, in their order: each sees what those before it did.
create or replace function app.follow_rules(event bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  e app.events;
  r app.rules;
  t app.tickets;
begin
  if not exists (select from app.rules x where x.tenant_id = auth.tenant_id() and x.is_on) then
    return;
  end if;
  select x.* into e from app.events x join app.tenants n on n.tenant_id = x.tenant_id and n.suspended_at is null
    where x.tenant_id = auth.tenant_id() and x.id = event and x.ticket_id is not null
      and (app.rule_event(x.kind) is not null or x.kind = 'ticket.split_off');
  if not found then
    return;
  end if;
  -- Teams are held before tickets (app.hold_team()): those of all that may run.
  perform g.id from app.teams g where g.tenant_id = e.tenant_id and g.turns > 0 and g.id in (
      select (d->>'team')::bigint from app.rules x cross join jsonb_array_elements(x.body->'do') d
      where x.tenant_id = e.tenant_id and x.is_on and d->>'team' is not null and app.rule_wants(x.body, e))
    order by g.id for no key update;
  for r in select x.* from app.rules x where x.tenant_id = e.tenant_id and x.is_on and e.created_at >= x.since
      order by x.position, x.id loop
    if app.rule_wants(r.body, e) then
      begin
        perform app.hold_team((a->>'team')::bigint) from jsonb_array_elements(r.body->'do') a where a->>'team' is not null order by a->>'team';
      exception when sqlstate 'PT422' then
        -- One that is no more: the log says so.
      end;
      -- One after the other: what is counted of its runs is all there is.
      select x.* into t from app.tickets x where x.tenant_id = e.tenant_id and x.id = e.ticket_id and x.at_desk for no key update;
      exit when not found;
      perform app.try_rule(r, t, e);
    end if;
  end loop;
  perform app.set_alarms(e.ticket_id);
end $$;
