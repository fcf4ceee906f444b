-- Two at once at one ticket: whoever changes a field says what they took it for, and is
-- told where somebody else has made something else of it since. Who begins to write a
-- reply has the ticket, where the tenant wants that and nobody had it.

-- Who made a field of a ticket what it is, and when: {by, name, rule, at}; null: nobody that
-- the newest two thousand events know of. Rules have their names at the desk alone.
create or replace function app.who_changed(t app.tickets, field text, is_answer boolean) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_strip_nulls(jsonb_build_object('by', e.actor_id, 'at', e.created_at,
      'name', app.names(array[e.actor_id], t.account_id)->(e.actor_id::text)->>'name',
      'rule', case when auth.is_agent() then (select r.name from app.rules r where r.tenant_id = t.tenant_id and r.id = (e.data->>'rule')::bigint) end))
    from (select n.* from app.events n where n.tenant_id = t.tenant_id and n.ticket_id = t.id order by n.id desc limit 2000) e
    where e.kind = 'ticket.changed' and case when is_answer then e.data->'fields' ? who_changed.field else e.data ? who_changed.field end
    order by e.id desc limit 1);
end $$;

-- What is told of a field that is not what the asker took it for; null: nothing, since it
-- is that, or what they make of it, or they have changed it themselves.
create or replace function app.change_fault(t app.tickets, field text, named text, now_is jsonb, was jsonb, wanted jsonb, is_answer boolean) returns jsonb
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb;
begin
  if now_is = was or now_is = wanted then
    return null;
  end if;
  who := app.who_changed(t, field, is_answer);
  if (who->>'by')::bigint = auth.person_id() then
    return null;
  end if;
  return jsonb_build_object('field', named, 'code', 'changed', 'now', now_is, 'who', who);
end $$;

-- A change says in `was` what its author took the fields for. Held until it is made, so
-- that of two at once the second is told. Of what is hidden nothing is.
create or replace function app.must_be_as_seen(ticket bigint, change jsonb) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
  hidden text[];
  faults jsonb;
begin
  perform app.must_be_at_desk();
  t := app.held_ticket(ticket);
  hidden := case when app.has_field_policies() then app.hidden_fields(t.portal_id, t.account_id) else '{}' end;
  if jsonb_typeof(change->'was') <> 'object' then
    raise exception using errcode = 'PT422', constraint = 'tickets_was.type', message = 'a value for each field';
  elsif (change->'was') - '{status,priority,assignee,team}'::text[] <> '{}' then
    raise exception using errcode = 'PT422', constraint = 'tickets_was.unknown', message = 'status, priority, assignee, team';
  end if;
  faults := (select jsonb_agg(x.fault || case when x.called is not null then jsonb_build_object('called', x.called) else '{}' end)
    from (
      select app.change_fault(t, f.name, f.name, f.is, change->'was'->f.name,
          case when f.name = 'assignee' and change->>'assignee' = 'me' then to_jsonb(auth.person_id()) else change->f.name end, false) as fault, f.called
      from (values
        ('status', to_jsonb(app.status_name(t.status)), null),
        ('priority', coalesce(to_jsonb(app.priority_name(t.priority)), 'null'), null),
        ('assignee', coalesce(to_jsonb(t.assignee_id), 'null'), app.names(array[t.assignee_id])->(t.assignee_id::text)->>'name'),
        ('team', coalesce(to_jsonb(t.team_id), 'null'), (select g.name from app.teams g where g.tenant_id = t.tenant_id and g.id = t.team_id))) f (name, "is", called)
      where change ? f.name and change->'was' ? f.name and f.name <> all (hidden)) x
    where x.fault is not null);
  if faults is not null then
    raise exception using errcode = 'PT422', message = 'changed meanwhile', detail = faults::text;
  end if;
end $$;

-- The same of a ticket's answers, its type and its priority, by whoever may change them. A
-- field that is hidden is as one that there is none of.
create or replace function app.must_be_answers_as_seen(t app.tickets, answers jsonb, was jsonb) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  given jsonb;
  faults jsonb;
begin
  if jsonb_typeof(was) <> 'object' then
    raise exception using errcode = 'PT422', constraint = 'tickets_was.type', message = 'a value for each field';
  end if;
  given := app.all_answers(t.id) || jsonb_strip_nulls(jsonb_build_object('type', t.type, 'priority', app.priority_name(t.priority)));
  faults := (select jsonb_agg(x.fault) from (
    select app.change_fault(t, w.key, 'fields.' || w.key,
        coalesce(given->w.key, 'null'), w.value, coalesce(answers->w.key, 'null'), w.key <> 'priority') as fault
    from jsonb_each(was) w
    where answers ? w.key and not app.hides(w.key, t.portal_id, t.account_id)
      and (w.key in ('type', 'priority') or exists (select from app.fields f where f.tenant_id = t.tenant_id and f.key = w.key))) x
    where x.fault is not null);
  if faults is not null then
    raise exception using errcode = 'PT422', message = 'changed meanwhile', detail = faults::text;
  end if;
end $$;

-- An agent begins to write a reply: a ticket that nobody has is theirs, where the setting
-- assign_on_reply says so. Of two at once the first has it. Answers who has it then.
create or replace function app.take_by_writing(ticket bigint) returns json
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets;
  takes boolean;
begin
  perform app.must_be_at_desk();
  t := app.held_ticket(ticket);
  takes := t.at_desk and t.assignee_id is null and app.setting_at('assign_on_reply', null, null) = 'yes';
  if takes then
    -- As app.ticket_changed() records it.
    perform set_config('app.writing', 'on', true);
    update app.tickets x set assignee_id = auth.person_id()
      where x.tenant_id = t.tenant_id and x.id = t.id returning x.* into t;
    perform set_config('app.writing', '', true);
  end if;
  return json_build_object('taken', takes, 'assignee', t.assignee_id, 'people', app.names(array[t.assignee_id]));
end $$;
