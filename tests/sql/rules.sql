-- W2, S4: rules. In the tenant 26, made like the two of fixtures.sql: each thing that is
-- asked and done, what stops them, what time does, and replay against what happened.
set search_path = pgtap, pg_catalog;
insert into app.tenants (tenant_id, slug, name) values (26, 'rules', 'Rules');
select fixture.fill(26, 'rules') \g /dev/null
select * from no_plan();
set story.tenant = 26;
set story.slug = 'rules';
\ir lib/story.sql
begin;
select auth.set_context(26, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.rule_alarms where tenant_id = 26;
delete from app.rule_runs where tenant_id = 26;
delete from app.rules where tenant_id = 26;
delete from app.rule_turns where tenant_id = 26;
delete from app.ticket_levels where tenant_id = 26;
delete from app.field_policies where tenant_id = 26;
delete from app.event_queue where tenant_id = 26;
commit;

-- The texts are made by the workers; here as they are.
create function pg_temp.said(body jsonb) returns jsonb language sql as $$
  select coalesce(jsonb_agg(case when a ? 'note' then jsonb_build_object('', jsonb_build_object('source', a->'note', 'html', '<p>' || (a->>'note') || '</p>'))
    when a ? 'reply' then (select jsonb_object_agg(k, jsonb_build_object('source', v, 'html', '<p>' || v || '</p>')) from jsonb_each_text(case jsonb_typeof(a->'reply') when 'object' then a->'reply' else '{}' end) t (k, v)) end order by n), '[]')
  from jsonb_array_elements(case jsonb_typeof(body->'do') when 'array' then body->'do' else '[]' end) with ordinality x (a, n) $$;
create function pg_temp.save(rule text, name text, body jsonb, based int default 0, who int default 508) returns text language sql as $$
  select pg_temp.at('desk', who, format('select app.save_rule(%s, %L, %L, %L, %s)->''item''->>''id''', coalesce(rule, 'null'), name, body, pg_temp.said(body), based)) $$;
-- Once a transaction.
create function pg_temp.inside(statement text default 'select 1') returns text language plpgsql as $$
declare
  answer text;
begin
  if auth.tenant_id() is null then
    perform auth.set_context(26, null, null, null, null, 0::smallint, '{}', false);
  end if;
  execute statement into answer;
  return answer;
end $$;
-- A rule that is on; its number is test.rule.
create procedure pg_temp.rule(body jsonb, past boolean default false) language plpgsql as $$
begin
  perform set_config('test.rule', pg_temp.save(null, 'Rule', body), false);
  commit;
  perform pg_temp.at('desk', 508, format('select app.turn_rule(%s, true, %L)', current_setting('test.rule'), past));
  commit;
end $$;
create function pg_temp.made() returns text language sql as $$ select current_setting('test.rule') $$;
create procedure pg_temp.off() language plpgsql as $$
begin
  perform pg_temp.inside();
  update app.rules set is_on = false, removed_at = now() where tenant_id = 26 and removed_at is null;
  delete from app.rule_alarms where tenant_id = 26;
  delete from app.event_queue where tenant_id = 26;
  delete from app.rule_runs where tenant_id = 26;
end $$;
-- What waits is worked out, and what follows from that; for how many events.
create procedure pg_temp.work() language plpgsql as $$
declare
  n int := 0;
begin
  while exists (select from app.event_queue where tenant_id = 26 and not_before <= now()) and n < 100 loop
    perform set_config('jobs.turn_event', '25', false);
    perform pg_temp.as_role('sportello_jobs', null, 'select jobs.fan_out()');
    commit;
    n := n + 1;
  end loop;
  perform set_config('test.worked', n::text, false);
  if exists (select from app.event_queue where tenant_id = 26) then
    raise exception 'an event was put off';
  end if;
end $$;
create function pg_temp.ran(ticket bigint) returns text language sql as $$
  select coalesce(string_agg(concat_ws(' ', x.outcome, (select string_agg(d->>'what', ',') from jsonb_array_elements(x.did) d)), '; ' order by x.id), '') from app.rule_runs x where x.tenant_id = 26 and x.ticket_id = ran.ticket $$;

-- ---- W2: what may be a rule --------------------------------------------------------------

create function pg_temp.faults(body jsonb) returns text language sql as $$
  select pg_temp.inside(format('select string_agg(concat_ws('' '', f->>''field'', f->>''code''), ''; '') from jsonb_array_elements(app.rule_faults(%L)) f', body)) $$;
select is(pg_temp.faults(v.body::jsonb), v.fault, v.what) from (values
  ('"x"', 'rule type', 'a rule is an object'),
  ('{"when": {"event": "opened"}, "do": [{"status": "solved"}]}', null, 'a small one'),
  ('{"when": {"event": "sung"}, "do": [{"status": "solved"}]}', 'when.event choice', 'no such event'),
  ('{"when": {"event": "opened", "by": "you"}, "do": [{"status": "solved"}]}', 'when.by choice', 'nobody'),
  ('{"when": {"event": "opened", "time": "status"}, "do": [{"status": "solved"}]}', 'when type', 'one of both'),
  ('{"when": {"time": "status", "minutes": 0, "counted": "all"}, "do": [{"status": "solved"}]}', 'when.minutes range', 'no time'),
  ('{"when": {"time": "status", "minutes": 600000, "counted": "all"}, "do": [{"status": "solved"}]}', 'when.minutes range', 'more than a year'),
  ('{"when": {"time": "agent", "minutes": 60, "counted": "some"}, "do": [{"status": "solved"}]}', 'when.counted choice', 'counted somehow'),
  ('{"when": {"time": "due", "clock": "first", "used": 100}, "do": [{"level": 1}]}', 'when.minutes range', 'less than all of it'),
  ('{"when": {"time": "due", "clock": "tea", "after": 1}, "do": [{"level": 1}]}', 'when.clock choice', 'no such clock'),
  ('{"when": {"event": "late"}, "do": []}', 'do required', 'it does something'),
  ('{"when": {"event": "late"}, "do": [{"level": 6}]}', 'do.0.level choice', 'five levels'),
  ('{"when": {"event": "late"}, "do": [{"level": 1}, {"status": "closed_escalated"}]}', 'do.1.status choice', 'without an item nothing is escalated'),
  ('{"when": {"event": "late"}, "do": [{"assignee": 501}]}', 'do.0.assignee choice', 'customers have no tickets to work on'),
  ('{"when": {"event": "late"}, "do": [{"fly": 1}]}', 'do.0.fly unknown', 'no such action'),
  ('{"when": {"event": "late"}, "do": [{"note": " "}]}', 'do.0.note required', 'a note says something'),
  ('{"when": {"event": "late"}, "do": [{"reply": {"en": "Hi {you}"}}]}', 'do.0.reply.en placeholder', 'nobody knows {you}'),
  ('{"when": {"event": "late"}, "do": [{"mail": {"to": ["boss"], "text": "x"}}]}', 'do.0.mail.to choice', 'to nobody'),
  ('{"when": {"event": "late"}, "do": [{"mail": {"to": [501], "text": "x"}}]}', 'do.0.mail.to choice', 'nor to customers'),
  ('{"when": {"event": "late"}, "do": [{"mail": {"to": ["team", "team:1"], "text": "x"}}]}', null, 'to teams'),
  ('{"when": {"event": "late"}, "do": [{"mail": {"to": ["team:999999"], "text": "x"}}]}', 'do.0.mail.to choice', 'of which there is none'),
  ('{"when": {"event": "late"}, "do": [{"mail": {"to": ["team:x"], "text": "x"}}]}', 'do.0.mail.to choice', 'or which is no number'),
  ('{"when": {"event": "late"}, "do": [{"team": 999999}, {"tags": {"add": ["a,b"]}}, {"tags": {}}]}', 'do.0.team choice; do.1.tags invalid; do.2.tags required', 'no such team, no such tags'),
  ('{"when": {"event": "late"}, "if": {"field": "secret", "is": [1]}, "do": [{"level": 1}]}', 'if.field unknown', 'no such field'),
  ('{"when": {"event": "late"}, "if": {"field": "status", "is": ["odd"]}, "do": [{"level": 1}]}', 'if.is choice', 'no such status'),
  ('{"when": {"event": "late"}, "if": {"field": "account", "is": [999999]}, "do": [{"level": 1}]}', 'if.is choice', 'no such account'),
  ('{"when": {"event": "late"}, "if": {"field": "status", "has": ["x"]}, "do": [{"level": 1}]}', 'if condition', 'a status has no words'),
  ('{"when": {"event": "late"}, "if": {"all": [{"any": []}]}, "do": [{"level": 1}]}', 'if.all.0.any condition', 'any of nothing'),
  ('{"when": {"event": "late"}, "if": {"all": [{"any": [{"not": {"all": [{"any": [{"field": "status", "is": ["new"]}]}]}}]}]}, "do": [{"level": 1}]}', 'if.all.0.any.0.not.all.0.any.0 too_deep', 'four deep'),
  ('{"when": {"event": "late"}, "if": {"all": [{"field": "title", "has": []}, {"not": {"field": "x", "is": [1]}}]}, "do": [{"level": 9}]}', 'if.all.0.has required; if.all.1.not.field unknown; do.0.level choice', 'all faults at once, with their paths')) v (body, fault, what);
select is(pg_temp.faults(jsonb_build_object('when', '{"event": "late"}'::jsonb, 'do', '[{"level": 1}]'::jsonb, 'if', jsonb_build_object('all',
    (select jsonb_agg('{"any": [{"field": "status", "is": ["new"]}, {"field": "group", "is": ["open"]}, {"field": "level", "at_least": 1}]}'::jsonb) from generate_series(1, 17))))), 'if too_many', 'fifty parts');
select is(pg_temp.faults(jsonb_build_object('when', '{"event": "late"}'::jsonb, 'do', (select jsonb_agg('{"level": 1}'::jsonb) from generate_series(1, 11)))), 'do too_many', 'ten actions');
select is(pg_temp.faults(jsonb_build_object('when', '{"event": "late"}'::jsonb, 'do', jsonb_build_array(jsonb_build_object('note', repeat('x', 4001))))), 'do.0.note too_long', 'of four thousand letters');

-- ---- W2: what a condition asks -----------------------------------------------------------

create function pg_temp.holds(condition jsonb) returns text language sql as $$
  select pg_temp.inside(format('select (app.rule_holds(%L, %L)).holds', condition,
    '{"status": "blocked", "group": "pending", "priority": null, "role": ["member", "main_user"], "level": 2, "title": "Printer on FIRE", "message": "help", "assignee": 507, "fields.n": 7, "fields.colour": "red", "fields.many": ["a", "b"]}')) $$;
select is(pg_temp.holds(v.condition::jsonb), v.holds::text, v.condition) from (values
  ('null', true), ('{"field": "status", "is": ["new", "blocked"]}', true), ('{"field": "status", "is": ["new"]}', false),
  ('{"field": "priority", "is": [null]}', true), ('{"field": "priority", "is": ["high"]}', false), ('{"field": "assignee", "is": [null]}', false), ('{"field": "assignee", "is": [507]}', true),
  ('{"field": "role", "is": ["main_user"]}', true), ('{"field": "role", "is": ["partner"]}', false),
  ('{"field": "title", "has": ["water", "fire"]}', true), ('{"field": "title", "has": ["water"]}', false),
  ('{"field": "level", "at_least": 2}', true), ('{"field": "level", "at_least": 3}', false), ('{"field": "level", "at_most": 1}', false), ('{"field": "fields.n", "at_most": 7.5}', true),
  ('{"field": "fields.colour", "at_most": 9}', false), ('{"field": "fields.many", "is": ["b"]}', true), ('{"field": "fields.none", "is": [null]}', true), ('{"field": "fields.none", "has": ["x"]}', false),
  ('{"not": {"field": "status", "is": ["new"]}}', true), ('{"not": {"not": {"field": "status", "is": ["new"]}}}', false),
  ('{"all": [{"field": "group", "is": ["pending"]}, {"any": [{"field": "level", "at_least": 5}, {"not": {"field": "title", "has": ["water"]}}]}]}', true),
  ('{"any": [{"field": "group", "is": ["open"]}, {"all": [{"field": "level", "at_least": 1}, {"field": "message", "has": ["nothing"]}]}]}', false)) v (condition, holds);
select is(pg_temp.inside($$select (app.rule_holds('{"all": [{"field": "status", "is": ["new"]}, {"not": {"field": "level", "at_least": 1}}]}', '{"status": "blocked", "level": 0}')).why$$)::jsonb,
  '[{"field": "status", "given": "blocked", "holds": false}, {"field": "level", "given": 0, "holds": false}]', 'each thing that it asked is told');

-- ---- W2: who keeps them ------------------------------------------------------------------

select is(pg_temp.save(null, 'x', '{"when": {"event": "opened"}, "do": [{"level": 1}]}', 0, 507), 'PT403', 'an agent writes none');
select is(pg_temp.at('ten', 509, 'select app.list_rules()'), 'PT403', 'customers read none');
select is(pg_temp.at('ten', 501, 'select app.ticket_rules(1)'), 'PT403', 'nor what they did');
select is(pg_temp.at('desk', 507, 'select app.ticket_rules(3)'), 'PT404', 'nor agents where they see no ticket');
select set_config('test.rule', pg_temp.save(null, 'Thanks', '{"when": {"event": "opened"}, "if": null, "do": [{"priority": "high"}]}'), false) \g /dev/null
select is(pg_temp.at('desk', 508, format('select app.get_rule(%s)->''item''->>''on''', pg_temp.made())), 'false', 'a new one is off');
select is(pg_temp.save(pg_temp.made(), 'Thanks', '{"when": {"event": "opened"}, "if": null, "do": [{"priority": "low"}]}', 1), pg_temp.made(), 'said anew');
select is(pg_temp.save(pg_temp.made(), 'Thanks', '{"when": {"event": "opened"}, "if": null, "do": [{"priority": "urgent"}]}', 1), 'PT409 conflict', 'not over what somebody else saved');
select is(pg_temp.save(pg_temp.made(), 'Thanks', '{"when": {"event": "opened"}, "if": null, "do": [{"priority": "high"}]}', 2), pg_temp.made(), 'back as it was: a version of its own');
select is(pg_temp.at('desk', 508, format($$select string_agg(v->>'version' || (v #>> '{rule,do,0,priority}') || (v->>'by'), ' ') from json_array_elements(app.get_rule(%s)->'versions') v$$, pg_temp.made())),
  (select string_agg(x || p.name, ' ') from unnest('{3high,2low,1high}'::text[]) x, app.people p where p.tenant_id = 26 and p.id = 508), 'versions: what, who');
select set_config('test.other', pg_temp.save(null, 'Second', '{"when": {"event": "opened"}, "if": {"field": "priority", "is": ["high"]}, "do": [{"level": 3}]}'), false) \g /dev/null
select is(pg_temp.at('desk', 508, format($$select string_agg(r->>'name', ' ') from json_array_elements(app.order_rules('[%s, %s]')->'rules') r$$, current_setting('test.other'), pg_temp.made())), 'Second Thanks', 'in another order');
select is(pg_temp.at('desk', 508, format($$select app.order_rules('[%s]')$$, pg_temp.made())), 'PT422 rules_ids.choice', 'each of them once');
select is(pg_temp.at('desk', 508, format($$select app.order_rules('[%s, %s]')$$, pg_temp.made(), pg_temp.made())), 'PT422 rules_ids.choice', 'not one of them twice');
select is(pg_temp.at('desk', 508, 'select app.turn_rule(77, true, false)'), 'PT404', 'no such rule is turned on');

-- ---- W2: after an event ------------------------------------------------------------------

create function pg_temp.opened(title text default 'Title') returns bigint language sql as $$
  select (pg_temp.at('ten', 501, format('select app.open_ticket(%L, ''x'', ''<p>x</p>'', ''rules-'' || app.new_id())->>''number''', title)))::bigint $$;
call pg_temp.work();
create temp table made (n bigint);
create function pg_temp.t() returns bigint language sql as $$ select max(n) from made $$;
-- In their order: the second asks for what the first does, and finds it.
select pg_temp.at('desk', 508, format('select app.turn_rule(%s, true, false)', pg_temp.made())) \g /dev/null
select pg_temp.at('desk', 508, format('select app.turn_rule(%s, true, false)', current_setting('test.other'))) \g /dev/null
insert into made select pg_temp.opened();
call pg_temp.work();
select is(pg_temp.ran(pg_temp.t()), 'ran done', 'the one that asks first did not find it');
select pg_temp.at('desk', 508, format($$select app.order_rules('[%s, %s]')$$, pg_temp.made(), current_setting('test.other'))) \g /dev/null
insert into made select pg_temp.opened();
call pg_temp.work();
select is(pg_temp.ran(pg_temp.t()), 'ran done; ran done', 'after the other it does');
select is((select level from app.ticket_levels where tenant_id = 26 and ticket_id = pg_temp.t())::int, 3, 'the level is 3');
select is((select data - 'version' - 'chain' - 'root' - 'rule' from app.events where tenant_id = 26 and ticket_id = pg_temp.t() and kind = 'ticket.changed'), '{"by": "rule", "priority": [null, "high"]}', 'recorded as a rule''s');
select is((select string_agg(actor_id::text, '') from app.events where tenant_id = 26 and ticket_id = pg_temp.t() and kind <> 'ticket.opened'), null, 'and nobody''s');
select is(pg_temp.at('desk', 507, format($$select string_agg(concat_ws(' ', r->>'name', r->>'version', r->'why'->0->>'given', r->'did'->0->>'what'), '; ') from json_array_elements(app.ticket_rules(%s)->'runs') r$$, pg_temp.t())),
  'Second 1 high done; Thanks 3 done', 'agents read which did what, and why');
-- What is hidden from agents there, they do not read here either.
select pg_temp.at('desk', 508, $$select app.set_field_policy('priority', 'agent', 'hidden', null, null, null)$$) \g /dev/null
select is(pg_temp.at('desk', 507, format($$select string_agg(concat_ws(' ', r->>'name', r->'why', r->'did'), '; ') from json_array_elements(app.ticket_rules(%s)->'runs') r$$, pg_temp.t())) !~ 'high|priority', true, 'nothing hidden is named');
select pg_temp.at('desk', 508, $$select app.set_field_policy('priority', 'agent', null, null, null, null)$$) \g /dev/null
-- Each thing that a condition may ask, of a line of the log: what is read of it where one is hidden.
insert into app.fields (tenant_id, key, kind, labels) select 26, k, 'text', '{"en": "F"}' from unnest('{user_group,group,clock,status_page}'::text[]) k;
insert into app.rule_runs (tenant_id, ticket_id, rule_id, version, event_id, root, outcome, why, did)
  select 26, pg_temp.t(), pg_temp.made()::bigint, 1, 1, 1, 'ran', jsonb_agg(jsonb_build_object('field', w.field, 'holds', true, 'given', coalesce(w.given, '"x"')) order by w.n), '[]'
  from jsonb_each('{"status": null, "group": null, "was.status": null, "was.priority": null, "priority": null, "clock": "first", "type": null, "title": null,
    "fields.user_group": null, "fields.group": null, "fields.clock": null, "fields.status_page": null, "changed": ["status", "assignee", "priority"]}') with ordinality w (field, given, n);
insert into app.rule_runs (tenant_id, ticket_id, rule_id, version, event_id, root, outcome, why, did)
  values (26, pg_temp.t(), pg_temp.made()::bigint, 1, 1, 1, 'ran', '[{"field": "changed", "holds": true, "given": ["status"]}, {"field": "changed", "holds": false, "given": []}]', '[]');
create function pg_temp.read_why(hidden text) returns text language plpgsql as $$
declare
  said text;
begin
  insert into app.field_policies (tenant_id, scope, field, role, access) select 26, 0, hidden, 'agent', 0 where hidden is not null on conflict (tenant_id, scope, field, role) do update set access = 0;
  said := pg_temp.at('desk', 507, format($q$select string_agg(x.line, ' / ' order by x.line collate "C") from (select r.n, string_agg((w->>'field') || case when w->>'field' = 'changed' then w->>'given' else '' end, ' ' order by w->>'field') as line
    from json_array_elements(app.ticket_rules(%s)->'runs') with ordinality r (run, n) cross join json_array_elements(run->'why') w where n <= 2 group by r.n) x$q$, pg_temp.t()));
  delete from app.field_policies where tenant_id = 26 and field = hidden and scope = 0 and role = 'agent';
  return said;
end $$;
select is(pg_temp.read_why(null), 'changed["status", "assignee", "priority"] clock fields.clock fields.group fields.status_page fields.user_group group priority status title type was.priority was.status / changed["status"] changed[]', 'all of it where nothing is hidden');
select is(pg_temp.read_why('status'), 'changed["assignee", "priority"] clock fields.clock fields.group fields.status_page fields.user_group priority title type was.priority / changed[]', 'with a status its group goes, and that it changed');
select is(pg_temp.read_why('priority'), 'changed["status", "assignee"] fields.clock fields.group fields.status_page fields.user_group group status title type was.status / changed["status"] changed[]', 'with a priority the clocks');
select is(pg_temp.read_why('user_group'), replace('changed["status", "assignee", "priority"] clock fields.clock fields.group fields.status_page fields.user_group group priority status title type was.priority was.status / changed["status"] changed[]', ' fields.user_group', ''), 'an answer alone: user_group');
select is(pg_temp.read_why('group'), replace('changed["status", "assignee", "priority"] clock fields.clock fields.group fields.status_page fields.user_group group priority status title type was.priority was.status / changed["status"] changed[]', ' fields.group', ''), 'an answer alone: group');
select is(pg_temp.read_why('clock'), replace('changed["status", "assignee", "priority"] clock fields.clock fields.group fields.status_page fields.user_group group priority status title type was.priority was.status / changed["status"] changed[]', ' fields.clock', ''), 'an answer alone: clock');
select is(pg_temp.at('desk', 507, format($$select string_agg(concat_ws(' ', l->>'rule', l->>'level'), '; ') from json_array_elements(app.ticket_history(%s)->'lines') l$$, pg_temp.t())), 'Thanks; Second 3', 'and between the messages');
select is(pg_temp.at('ten', 501, format($$select count(*) from json_array_elements(app.ticket_history(%s)->'lines') l$$, pg_temp.t())), '0', 'which customers do not');
select is(pg_temp.at('desk', 507, format('select app.change_ticket(%s, ''{"status": "solved"}'')', pg_temp.t())), '', 'solved');
select is((select count(*) from app.ticket_levels where tenant_id = 26 and ticket_id = pg_temp.t()), 0::bigint, 'what is solved has no level');
call pg_temp.off();

-- Each action, and what it leaves to be seen.
call pg_temp.rule('{"when": {"event": "replied", "by": "customer"}, "if": {"field": "message", "has": ["REFUND"]}, "do": [{"status": "on_hold"}, {"priority": "urgent"}, {"assignee": 507}, {"assignee": 507},
  {"note": "Money: {requester.name}"}, {"reply": {"en": "We got #{ticket.number} {ticket.title}"}}, {"mail": {"to": ["assignee", 508], "text": "Look"}}, {"follow": 508}, {"level": 2}]}');
insert into made select pg_temp.opened('A *star* {agent.name} <b>');
call pg_temp.work();
select is(pg_temp.ran(pg_temp.t()), '', 'nobody replied');
select is(pg_temp.at('desk', 507, format('select app.add_comment(%s, false, ''refund?'', ''<p>refund?</p>'', ''rules-a1'', null)', pg_temp.t())) ~ 'refund', true, 'an agent does');
call pg_temp.work();
select is(pg_temp.ran(pg_temp.t()), '', 'which is not a customer''s reply');
select is(pg_temp.at('ten', 501, format('select app.add_comment(%s, false, ''a Refund!'', ''<p>a Refund!</p>'', ''rules-a2'', null)', pg_temp.t())) ~ 'Refund', true, 'and a customer');
call pg_temp.work();
select is(pg_temp.ran(pg_temp.t()), 'ran done,done,same,same,done,done,done,done,done', 'each does its part, once');
select is((select concat_ws(' ', status, priority, assignee_id) from app.tickets where tenant_id = 26 and id = pg_temp.t()), '4 4 507', 'on hold, urgent, and the agent''s who replied');
select is((select string_agg(concat_ws(' ', is_internal, source, html), '; ' order by id) from app.comments where tenant_id = 26 and ticket_id = pg_temp.t() and about = 'rule'),
  (select format('t Money: %1$s <p>Money: %1$s</p>; f We got #\#%2$s A \*star\* {agent\.name\} \<b\> <p>We got ##%2$s A *star* {agent.name} &lt;b&gt;</p>', p.name, pg_temp.t()) from app.people p where p.tenant_id = 26 and p.id = 501), 'texts: what others wrote is text in them');
select is((select string_agg(concat_ws(' ', f.person_id), ' ') from app.followers f where f.tenant_id = 26 and f.ticket_id = pg_temp.t()), '508', 'a follower');
select is((select data->'people' from app.events where tenant_id = 26 and ticket_id = pg_temp.t() and kind = 'rule.mailed'), '[507, 508]', 'mail to two');
select is((select array_agg(distinct d.person_id order by d.person_id) from app.deliveries d join app.events e on e.tenant_id = 26 and e.id = d.event_id and e.kind = 'rule.mailed' where d.tenant_id = 26), (select array_agg(c.person_id order by c.person_id) from app.confirmations c join app.people p on p.tenant_id = 26 and p.id = c.person_id and p.email = c.email where c.tenant_id = 26 and c.person_id in (507, 508)), 'who is told');
select is((select string_agg(state::text, ' ' order by kind) from app.ticket_clocks where tenant_id = 26 and ticket_id = pg_temp.t()), null, 'no service level, no clocks');
-- Notes, levels and rules stay the desk's.
select is(pg_temp.at('ten', 501, format('select count(*) from app.comments where ticket_id = %s and is_internal', pg_temp.t())), '0', 'customers read no note of a rule''s');
select is(pg_temp.inside(format($$select app.is_desks_alone('ticket.levelled', '{}', 10, 110)::text || app.is_desks_alone('rule.mailed', '{}', 10, 110)$$)), 'truetrue', 'nor hear of levels');
select is(pg_temp.as_role('sportello_api', $$select auth.enter('ten.rules.test', '26/501', 1::smallint, false)$$, 'select count(*) from app.ticket_levels'), '42501', 'nor read them');
call pg_temp.off();

-- Teams and tags, asked for and given.
begin;
select auth.set_context(26, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.teams (tenant_id, id, name) values (26, 77, 'Ovens');
commit;
call pg_temp.rule('{"when": {"event": "changed", "by": "agent"}, "if": {"all": [{"field": "team", "is": [77]}, {"not": {"field": "tags", "is": ["hot"]}}]}, "do": [{"tags": {"add": ["Hot", "oven"], "remove": ["cold"]}}, {"tags": {"add": ["hot"]}}]}');
call pg_temp.rule('{"when": {"event": "opened"}, "do": [{"team": 77}, {"tags": {"add": ["cold"]}}]}');
insert into made select pg_temp.opened();
call pg_temp.work();
select is((select concat_ws(' ', team_id, (select string_agg(g.tag, ',') from app.ticket_tags g where g.tenant_id = 26 and g.ticket_id = t.id)) from app.tickets t where t.tenant_id = 26 and t.id = pg_temp.t()), '77 cold', 'a team and a tag');
select is(pg_temp.at('desk', 507, format('select app.change_ticket(%s, ''{"priority": "low"}'')', pg_temp.t())), '', 'changed');
call pg_temp.work();
select is((select string_agg(g.tag, ',' order by g.tag) from app.ticket_tags g where g.tenant_id = 26 and g.ticket_id = pg_temp.t()), 'hot,oven', 'other tags');
select is(pg_temp.ran(pg_temp.t()), 'ran done,done; ran done,same', 'once');
select is(pg_temp.at('desk', 507, format('select app.change_ticket(%s, ''{"priority": "high"}'')', pg_temp.t())), '', 'changed again');
call pg_temp.work();
select is(pg_temp.ran(pg_temp.t()), 'ran done,done; ran done,same', 'it is hot already');
call pg_temp.off();
-- Mail to a team: to a named one's members, and to those of the one that has the ticket.
begin;
select auth.set_context(26, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.team_members (tenant_id, team_id, person_id) values (26, 77, 508);
commit;
call pg_temp.rule('{"when": {"event": "opened"}, "do": [{"mail": {"to": ["team"], "text": "None yet"}}, {"team": 77}, {"mail": {"to": ["team"], "text": "Its own"}}, {"mail": {"to": ["team:1", "team:77"], "text": "Both"}}]}');
insert into made select pg_temp.opened();
call pg_temp.work();
select is(pg_temp.ran(pg_temp.t()), 'ran nobody,done,done,done', 'while no team has it there is nobody to write to');
select is((select string_agg(data->>'people' || (data #>> '{args,text}'), '; ' order by id) from app.events where tenant_id = 26 and ticket_id = pg_temp.t() and kind = 'rule.mailed'), '[508]Its own; [507, 508]Both', 'each member once');
call pg_temp.off();
-- Of a team that is no more, nobody; who has left the staff is none of it.
begin;
select auth.set_context(26, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.teams set archived_at = now() where tenant_id = 26 and id = 77;
commit;
select is((select app.rule_readers(t, '["team:77"]') from app.tickets t where t.tenant_id = 26 and t.id = pg_temp.t()), '[]', 'an archived team has no mail');

-- What is refused takes nothing else back.
call pg_temp.rule('{"when": {"event": "opened"}, "do": [{"note": "one"}, {"assignee": 507}, {"note": "two"}]}');
begin;
select auth.set_context(26, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.people set rank = 1 where tenant_id = 26 and id = 507;
commit;
insert into made select pg_temp.opened();
call pg_temp.work();
select is(pg_temp.ran(pg_temp.t()), 'ran done,refused,done', 'and the rest is done');
select is((select did #>> '{1,fault}' from app.rule_runs where tenant_id = 26 and ticket_id = pg_temp.t()), 'value', 'the log has a word for why');
select is((select string_agg(app.rule_trouble(v.state, v.named, v.detail, 'said'), ' ') from (values ('PT422', 'tickets_status.transition', ''), ('PT422', 'tickets_team.choice', ''), ('PT422', null, '[{"code": "too_long", "field": "x"}]'), ('PT422', null, null), ('PT403', null, null), ('PT404', null, null), ('23503', 'x', ''), ('PT409', 'conflict', ''), ('22P02', '', ''), ('23514', 'x_check', ''), ('XX000', '', ''), ('53100', '', '')) v (state, named, detail)),
  'transition gone too_long value forbidden gone gone conflict value value other other', 'and never a code of the database');
begin;
select auth.set_context(26, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.people set rank = 2 where tenant_id = 26 and id = 507;
commit;
-- Not before it reaches the desk, not of a suspended tenant, and not of what was before.
select is((select count(*) from app.tickets where tenant_id = 26 and not at_desk and id = 3), 1::bigint, 'one is with its partner');
call pg_temp.off();
call pg_temp.rule('{"when": {"event": "replied"}, "do": [{"note": "seen"}]}');
select is(pg_temp.at('partner', 504, $$select app.add_comment(3, false, 'y', '<p>y</p>', 'rules-p2', null)$$) ~ 'comment', true, 'again');
call pg_temp.work();
select is(pg_temp.ran(3), '', 'no rule looks at it');
begin;
select auth.set_context(26, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.tenants set suspended_at = now() where tenant_id = 26;
select app.record('ticket.replied', 1, 1, '{"by": "customer"}') \g /dev/null
commit;
call pg_temp.work();
select is(pg_temp.ran(1), '', 'none works');
update app.tenants set suspended_at = null where tenant_id = 26;
call pg_temp.off();

-- ---- W2: what goes in circles ends -------------------------------------------------------

-- Two that undo each other; each runs once, and what stopped them is told.
call pg_temp.rule('{"when": {"event": "changed"}, "if": {"field": "status", "is": ["on_hold"]}, "do": [{"status": "blocked"}]}');
call pg_temp.rule('{"when": {"event": "changed"}, "if": {"field": "status", "is": ["blocked"]}, "do": [{"status": "on_hold"}]}');
insert into made select pg_temp.opened();
select is(pg_temp.at('desk', 507, format('select app.change_ticket(%s, ''{"status": "on_hold"}'')', pg_temp.t())), '', 'on hold');
call pg_temp.work();
select cmp_ok(current_setting('test.worked')::int, '<', 60, 'it ends');
select is(pg_temp.ran(pg_temp.t()), 'ran done; ran done; again', 'each once, then it is stopped');
select is(pg_temp.at('desk', 508, $$select sum((r #>> '{runs,stopped}')::int) from json_array_elements(app.list_rules()->'rules') r$$), '1', 'which the administrator is shown');
call pg_temp.off();
-- Seven in a row, the last ones first in order: five of them.
select format('call pg_temp.rule(%L)', format('{"when": {"event": "changed", "by": "%s"}, "if": {"all": [{"field": "priority", "is": [%s]}, {"field": "status", "is": ["%s"]}]}, "do": [{"%s": "%s"}]}', v.by, v.priority, v.status, v.field, v.goal))
  from (values ('rule', '"high"', 'new', 'priority', 'urgent'), ('rule', '"high"', 'in_progress', 'status', 'new'), ('rule', '"normal"', 'in_progress', 'priority', 'high'), ('rule', '"normal"', 'blocked', 'status', 'in_progress'),
    ('rule', '"low"', 'blocked', 'priority', 'normal'), ('rule', '"low"', 'on_hold', 'status', 'blocked'), ('agent', 'null', 'on_hold', 'priority', 'low')) v (by, priority, status, field, goal) \gexec
insert into made select pg_temp.opened();
select is(pg_temp.at('desk', 507, format('select app.change_ticket(%s, ''{"status": "on_hold"}'')', pg_temp.t())), '', 'the first of a chain');
call pg_temp.work();
select cmp_ok(current_setting('test.worked')::int, '<', 60, 'it ends');
select is(pg_temp.ran(pg_temp.t()), 'ran done; ran done; ran done; ran done; ran done; depth', 'five deep');
call pg_temp.off();
-- Twenty a day.
call pg_temp.rule('{"when": {"event": "replied", "by": "customer"}, "do": [{"level": 1}]}');
insert into made select pg_temp.opened();
create procedure pg_temp.often(n int) language plpgsql as $$
begin
  for i in 1..n loop
    perform pg_temp.at('ten', 501, format('select app.add_comment(%s, false, ''more'', ''<p>more</p>'', ''rules-often-%s'', null)', (select max(m.n) from made m), i));
    commit;
    call pg_temp.work();
  end loop;
end $$;
call pg_temp.often(24);
select is((select count(*) from app.rule_runs where tenant_id = 26 and outcome = 'ran'), 20::bigint, 'twenty times');
select is((select count(*) from app.rule_runs where tenant_id = 26 and outcome = 'daily'), 1::bigint, 'and told once');
call pg_temp.off();

-- ---- W2: what time does ------------------------------------------------------------------

-- Moves all that happened to a ticket back in time.
create procedure pg_temp.back(ticket bigint, how interval) language plpgsql as $$
begin
  perform pg_temp.inside();
  update app.events e set created_at = e.created_at - how where e.tenant_id = 26 and e.ticket_id = back.ticket;
  update app.tickets t set created_at = t.created_at - how where t.tenant_id = 26 and t.id = back.ticket;
  perform app.set_alarms(ticket);
end $$;
-- Looks until nothing is due; test.sounded says at how many.
create procedure pg_temp.sound() language plpgsql as $$
declare
  n int := 0;
  one text;
begin
  loop
    update app.rule_turns set next_at = now() where tenant_id = 26 and next_at <= now() + interval '3 seconds';
    commit;
    one := pg_temp.as_role('sportello_jobs', null, 'select jobs.sound_rules()');
    commit;
    exit when one = '0' or n > 50;
    n := n + one::int;
  end loop;
  perform set_config('test.sounded', n::text, false);
end $$;
call pg_temp.rule('{"when": {"time": "status", "minutes": 60, "counted": "all"}, "if": {"field": "status", "is": ["blocked"]}, "do": [{"status": "solved"}, {"reply": {"en": "Nobody answered"}}]}');
update app.rules set since = now() - interval '1 day' where tenant_id = 26 and id = pg_temp.made()::bigint;
insert into made select pg_temp.opened();
select is(pg_temp.at('desk', 507, format('select app.change_ticket(%s, ''{"status": "blocked"}'')', pg_temp.t())), '', 'it waits for its customer');
call pg_temp.work();
select is((select due_at - base from app.rule_alarms where tenant_id = 26 and ticket_id = pg_temp.t()), interval '1 hour', 'an alarm in an hour');
call pg_temp.sound();
select is(current_setting('test.sounded'), '0', 'nothing is due');
call pg_temp.back(pg_temp.t(), '59 minutes');
call pg_temp.sound();
select is(current_setting('test.sounded'), '0', 'nor a minute before');
-- Its time comes, and its status changed just now: jobs have not come to that.
call pg_temp.back(pg_temp.t(), '1 minute');
select is(pg_temp.at('desk', 507, format('select app.change_ticket(%s, ''{"status": "in_progress"}'')', pg_temp.t())), '', 'it goes on');
select is(pg_temp.at('desk', 507, format('select app.change_ticket(%s, ''{"status": "blocked"}'')', pg_temp.t())), '', 'and waits anew');
call pg_temp.sound();
select is(pg_temp.ran(pg_temp.t()), '', 'and an alarm of before does nothing');
call pg_temp.work();
call pg_temp.back(pg_temp.t(), '1 hour');
call pg_temp.sound();
select is(current_setting('test.sounded'), '1', 'then one is');
select is(pg_temp.ran(pg_temp.t()), 'ran done,done', 'and is done');
select is((select status::int from app.tickets where tenant_id = 26 and id = pg_temp.t()), 5, 'solved');
call pg_temp.work();
call pg_temp.back(pg_temp.t(), '2 hours');
call pg_temp.sound();
select is(current_setting('test.sounded'), '1', 'an hour after that it looks again');
select is(pg_temp.ran(pg_temp.t()), 'ran done,done', 'and finds nothing to do');
call pg_temp.off();
-- Of what was there before only where that is asked; ten at a time.
begin;
select auth.set_context(26, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
insert into app.tickets (tenant_id, id, portal_id, account_id, requester_id, title, status, at_desk, created_at)
  select 26, 5000 + n, 110, 10, 501, 'Old ' || n, 4, true, now() - interval '9 days' from generate_series(1, 25) n;
commit;
call pg_temp.rule('{"when": {"time": "customer", "minutes": 60, "counted": "all"}, "if": {"field": "status", "is": ["on_hold"]}, "do": [{"level": 1}]}');
select is((select count(*) from app.rule_alarms where tenant_id = 26), 0::bigint, 'no alarms of what was before');
call pg_temp.off();
select is(pg_temp.at('desk', 508, format($$select app.replay_rule(%L, 30)->'now'->>'count'$$, '{"when": {"time": "status", "minutes": 60, "counted": "all"}, "if": {"field": "title", "has": ["old "]}, "do": [{"level": 1}]}')), '25', 'how many there are is told before');
call pg_temp.rule('{"when": {"time": "status", "minutes": 60, "counted": "all"}, "if": {"field": "title", "has": ["old "]}, "do": [{"level": 1}]}', true);
select is(pg_temp.as_role('sportello_jobs', null, 'select jobs.sound_rules()') ~ '^[0-9]+$', true, 'a part');
select cmp_ok((select count(*) from app.rule_runs where tenant_id = 26), '<=', 10::bigint, 'ten at a time');
select is((select next_at > now() from app.rule_turns where tenant_id = 26), true, 'then after a while');
call pg_temp.sound();
select cmp_ok(current_setting('test.sounded')::int, '>=', 15, 'and so on');
select is((select count(*) from app.ticket_levels where tenant_id = 26 and ticket_id > 5000), 25::bigint, 'until all are done');
call pg_temp.off();
-- One rule of which many wait, all of them for longer: each other one has its turn in the first part.
delete from app.ticket_levels where tenant_id = 26;
call pg_temp.rule('{"when": {"time": "status", "minutes": 60, "counted": "all"}, "if": {"field": "title", "has": ["old "]}, "do": [{"level": 1}]}', true);
select format('call pg_temp.rule(%L)', format('{"when": {"time": "customer", "minutes": 60, "counted": "all"}, "if": {"field": "title", "has": ["other"]}, "do": [{"note": "%s"}]}', n)) from generate_series(1, 12) n \gexec
update app.rules set since = now() - interval '1 day' where tenant_id = 26 and is_on;
insert into made select pg_temp.opened('Other');
call pg_temp.work();
select pg_temp.inside('select app.reach_back()::text') \g /dev/null

call pg_temp.back(pg_temp.t(), '61 minutes');
select is((select count(*) from app.rule_alarms where tenant_id = 26 and due_at <= now() and ticket_id > 5000 and ticket_id <= 5025), 25::bigint, 'twenty-five wait');
select pg_temp.as_role('sportello_jobs', null, 'select jobs.sound_rules()') \g /dev/null
select is(pg_temp.ran(pg_temp.t()), (select string_agg('ran done', '; ') from generate_series(1, 12)), 'and the twelve others have run');
select cmp_ok((select count(*) from app.ticket_levels where tenant_id = 26 and ticket_id > 5000), '<=', 1::bigint, 'with one of those at most');
call pg_temp.sound();
select is((select count(*) from app.ticket_levels where tenant_id = 26 and ticket_id > 5000), 25::bigint, 'the others follow');
call pg_temp.off();

-- ---- S4: levels, by the clocks -----------------------------------------------------------

begin;
select auth.set_context(26, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
delete from app.sla_versions where tenant_id = 26;
delete from app.ticket_levels where tenant_id = 26;
insert into app.sla_versions (tenant_id, version, valid_from, body) values (26, 1, '2020-01-01', '{"shown": true, "escalated_runs": false, "warn": 10, "priorities": {}, "matrix": {},
  "plans": [{"key": "standard", "names": {"en": "x"}, "targets": {"normal": {"first": 120, "calendar": null}}}]}');
commit;
call pg_temp.rule('{"when": {"time": "due", "clock": "first", "used": 75}, "do": [{"level": 1}]}');
call pg_temp.rule('{"when": {"event": "late"}, "if": {"field": "clock", "is": ["first"]}, "do": [{"level": 2}]}');
call pg_temp.rule('{"when": {"time": "due", "clock": "first", "after": 120}, "do": [{"level": 3}]}');
update app.rules set since = now() - interval '1 day' where tenant_id = 26 and is_on;
insert into made select pg_temp.opened();
call pg_temp.work();
select is((select string_agg((extract(epoch from a.due_at - c.started_at) / 60)::int::text, ' ' order by a.due_at) from app.rule_alarms a join app.ticket_clocks c on c.tenant_id = 26 and c.ticket_id = a.ticket_id and c.kind = 1
  where a.tenant_id = 26 and a.ticket_id = pg_temp.t()), '90 240', 'after three quarters of two hours, and two hours late');
create procedure pg_temp.clocks_back(how interval) language plpgsql as $$
begin
  perform pg_temp.inside();
  call pg_temp.back(pg_temp.t(), how);
  perform app.keep_clocks(pg_temp.t());
  perform app.set_alarms(pg_temp.t());
end $$;
create function pg_temp.level() returns int language sql as $$ select level::int from app.ticket_levels where tenant_id = 26 and ticket_id = pg_temp.t() $$;
call pg_temp.clocks_back('91 minutes');
call pg_temp.sound();
select is(pg_temp.level(), 1, 'three quarters are over');
call pg_temp.clocks_back('30 minutes');
select set_config('jobs.turn_alarm', '25', false) \g /dev/null
select pg_temp.as_role('sportello_jobs', null, 'select jobs.sound_alarms()') \g /dev/null
call pg_temp.work();
select is(pg_temp.level(), 2, 'it is late');
call pg_temp.clocks_back('2 hours');
call pg_temp.sound();
select is(pg_temp.level(), 3, 'by two hours');
call pg_temp.off();
-- An automatic reply is no answer.
call pg_temp.rule('{"when": {"event": "opened"}, "do": [{"reply": {"en": "Got it"}}]}');
insert into made select pg_temp.opened();
call pg_temp.work();
select is((select concat_ws(' ', t.status, t.assignee_id, c.state) from app.tickets t join app.ticket_clocks c on c.tenant_id = 26 and c.ticket_id = t.id and c.kind = 1 where t.tenant_id = 26 and t.id = pg_temp.t()), '1 1',
  'its first response is still awaited, it is new, and nobody''s');
select is((select reason from app.deliveries d join app.events e on e.tenant_id = 26 and e.id = d.event_id and e.kind = 'ticket.replied' and e.ticket_id = pg_temp.t() where d.tenant_id = 26 and d.person_id = 501), 'requester', 'but its customer has mail of it');
select is((select count(*) from app.deliveries d join app.events e on e.tenant_id = 26 and e.id = d.event_id and e.kind = 'ticket.replied' and e.ticket_id = pg_temp.t() where d.tenant_id = 26 and d.reason = 'desk'), 0::bigint, 'and the desk has not');
call pg_temp.off();

-- ---- W2: replay is what happened ---------------------------------------------------------

-- Random histories under a random rule that is on; then the same rule replayed.
create temp table compared (rule text, happened jsonb, replayed jsonb);
create procedure pg_temp.random_history(rule jsonb, n int) language plpgsql as $$
declare
  t bigint[] := '{}';
  which bigint;
  said jsonb;
begin
  call pg_temp.rule(rule);
  for g in 1..4 loop
    t := t || pg_temp.opened((array['Old printer', 'New phone'])[1 + g % 2]);
    commit;
  end loop;
  call pg_temp.work();
  for i in 1..n loop
    which := t[1 + floor(random() * 4)];
    if random() < 0.3 then
      perform pg_temp.at('ten', 501, format('select app.add_comment(%s, false, %L, ''<p>x</p>'', ''rules-r-'' || app.new_id(), null)', which, (array['thanks', 'still broken'])[1 + floor(random() * 2)]));
    elsif random() < 0.4 then
      perform pg_temp.at('desk', 507, format('select app.add_comment(%s, %L, ''x'', ''<p>x</p>'', ''rules-r-'' || app.new_id(), null)', which, random() < 0.5));
    else
      perform pg_temp.at('desk', 507, format('select app.change_ticket(%s, %L)', which, jsonb_build_object((array['status', 'priority'])[1 + i % 2],
        case i % 2 when 0 then (array['in_progress', 'blocked', 'on_hold', 'solved'])[1 + floor(random() * 4)] else (array['low', 'normal', 'high'])[1 + floor(random() * 3)] end)));
    end if;
    commit;
    call pg_temp.work();
  end loop;
  said := pg_temp.at('desk', 508, format('select app.replay_rule(%L, 1, %s)', rule, pg_temp.made()))::jsonb;
  commit;
  insert into compared select rule, (select coalesce(jsonb_agg(x.event_id order by x.event_id), '[]') from app.rule_runs x where x.tenant_id = 26 and x.rule_id = pg_temp.made()::bigint and x.outcome = 'ran'),
    (select coalesce(jsonb_agg(r->'event' order by (r->>'event')::bigint), '[]') from jsonb_array_elements(said->'rows') r where (r->>'number')::bigint = any (t));
  commit;
  call pg_temp.off();
end $$;
select format('call pg_temp.random_history(%L, 14)', r) from unnest(array[
  '{"when": {"event": "changed"}, "if": {"field": "status", "is": ["blocked", "on_hold"]}, "do": [{"note": "x"}]}',
  '{"when": {"event": "changed", "by": "agent"}, "if": {"all": [{"field": "changed", "is": ["priority"]}, {"not": {"field": "was.priority", "is": [null]}}]}, "do": [{"level": 1}]}',
  '{"when": {"event": "replied", "by": "customer"}, "if": {"any": [{"field": "message", "has": ["broken"]}, {"field": "status", "is": ["solved"]}]}, "do": [{"status": "in_progress"}]}',
  '{"when": {"event": "replied", "by": "agent"}, "if": {"all": [{"field": "title", "has": ["old"]}, {"field": "group", "is": ["open", "pending"]}]}, "do": [{"priority": "high"}]}',
  '{"when": {"event": "changed"}, "if": {"any": [{"field": "was.status", "is": ["solved"]}, {"field": "priority", "is": ["high"]}]}, "do": [{"status": "on_hold"}]}',
  '{"when": {"event": "opened"}, "if": {"field": "priority", "is": [null]}, "do": [{"priority": "low"}]}']) r \gexec
select is(c.replayed, c.happened, 'replayed: ' || c.rule) from compared c;
select cmp_ok((select count(*) from compared where happened <> '[]'), '>=', 3::bigint, 'most of them did something');
-- The same of rules by a clock: tickets grow older between what happens to them.
create temp table clocked (rule text, happened jsonb, replayed jsonb);
create procedure pg_temp.older(t bigint[], how interval) language plpgsql as $$
declare
  one bigint;
begin
  perform pg_temp.inside();
  foreach one in array t loop
    update app.rule_alarms a set ran_for = a.ran_for - how where a.tenant_id = 26 and a.ticket_id = one;
    update app.events e set created_at = e.created_at - how where e.tenant_id = 26 and e.ticket_id = one;
    update app.tickets x set created_at = x.created_at - how where x.tenant_id = 26 and x.id = one;
    perform app.keep_clocks(one);
    perform app.set_alarms(one);
  end loop;
end $$;
create procedure pg_temp.random_clocks(rule jsonb, n int) language plpgsql as $$
declare
  t bigint[] := '{}';
  which bigint;
  said jsonb;
begin
  call pg_temp.rule(rule);
  update app.rules set since = now() - interval '10 days' where tenant_id = 26 and is_on;
  for g in 1..4 loop
    t := t || pg_temp.opened('Clock');
    commit;
  end loop;
  call pg_temp.work();
  for i in 1..n loop
    call pg_temp.older(t, floor(random() * 50) * interval '1 minute' + interval '7 seconds');
    commit;
    call pg_temp.sound();
    call pg_temp.work();
    which := t[1 + floor(random() * 4)];
    if random() < 0.25 then
      perform pg_temp.at('ten', 501, format('select app.add_comment(%s, false, ''x'', ''<p>x</p>'', ''rules-c-'' || app.new_id(), null)', which));
    elsif random() < 0.25 then
      perform pg_temp.at('desk', 507, format('select app.add_comment(%s, false, ''x'', ''<p>x</p>'', ''rules-c-'' || app.new_id(), null)', which));
    else
      perform pg_temp.at('desk', 507, format('select app.change_ticket(%s, %L)', which, jsonb_build_object((array['status', 'priority'])[1 + i % 2],
        case i % 2 when 0 then (array['in_progress', 'blocked', 'on_hold', 'solved'])[1 + floor(random() * 4)] else (array['low', 'normal', 'high'])[1 + floor(random() * 3)] end)));
    end if;
    commit;
    call pg_temp.work();
    call pg_temp.sound();
    call pg_temp.work();
  end loop;
  said := pg_temp.at('desk', 508, format('select app.replay_rule(%L, 30, %s)', rule, pg_temp.made()))::jsonb;
  commit;
  insert into clocked select rule, (select coalesce(jsonb_agg(x.ticket_id order by x.ticket_id), '[]') from app.rule_runs x where x.tenant_id = 26 and x.rule_id = pg_temp.made()::bigint and x.outcome = 'ran'),
    (select coalesce(jsonb_agg(r->'number' order by (r->>'number')::bigint), '[]') from jsonb_array_elements(said->'rows') r where (r->>'number')::bigint = any (t));
  commit;
  call pg_temp.off();
end $$;
begin;
select auth.set_context(26, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.sla_versions set body = jsonb_set(body, '{plans,0,targets}', '{"low": {"first": 300, "next": 120, "resolution": 900, "calendar": null}, "normal": {"first": 120, "next": 60, "resolution": 400, "calendar": null},
  "high": {"first": 30, "next": 20, "resolution": 90, "calendar": null}}') where tenant_id = 26;
commit;
select setseed(0.42) \g /dev/null
select format('call pg_temp.random_clocks(%L, 10)', r) from unnest(array[
  '{"when": {"time": "due", "clock": "first", "used": 50}, "if": {"not": {"field": "status", "is": ["new"]}}, "do": [{"note": "x"}]}',
  '{"when": {"time": "due", "clock": "next", "before": 10}, "do": [{"note": "x"}]}',
  '{"when": {"time": "due", "clock": "resolution", "after": 30}, "if": {"field": "priority", "is": ["high", "low"]}, "do": [{"note": "x"}]}',
  '{"when": {"time": "due", "clock": "resolution", "used": 25}, "if": {"field": "group", "is": ["open"]}, "do": [{"note": "x"}]}']) r \gexec
select is(c.replayed, c.happened, 'replayed: ' || c.rule) from clocked c;
select cmp_ok((select sum(jsonb_array_length(happened)) from clocked), '>=', 3::bigint, 'some of them ran');
-- However many are over, it ends in its time and says that it did not get to the end.
begin;
create or replace function app.trial_time() returns interval language sql immutable parallel safe return interval '0 seconds';
set local session_replication_role = replica;
update app.tickets set status = 6, desk_updated_at = now() - interval '40 days' where tenant_id = 26;
set local session_replication_role = origin;
select is(pg_temp.at('desk', 508, $$select concat_ws(' ', r->>'whole', r->>'tickets') from app.replay_rule('{"when": {"time": "due", "clock": "first", "used": 50}, "do": [{"note": "x"}]}', 30) r$$), 'false 0', 'what needs no look takes time, too');
rollback;
-- It writes nothing: under a reader's context anything else would be refused.
select is(pg_temp.as_role('sportello_api', $$select auth.enter('desk.rules.test', '26/508', 3::smallint, false)$$,
  $$select app.replay_rule('{"when": {"event": "changed"}, "if": null, "do": [{"note": "x"}, {"status": "solved"}]}', 90)->>'whole'$$), 'true', 'replay only reads');
select is(pg_temp.at('desk', 507, $$select app.replay_rule('{"when": {"event": "changed"}, "do": [{"note": "x"}]}', 9)$$), 'PT403', 'and is the administrators''');
-- Nothing is due when others look.
begin;
select auth.set_context(26, null, null, null, null, 0::smallint, '{}', false) \g /dev/null
update app.ticket_clocks set alarm_at = null where tenant_id = 26;
update app.rule_turns set next_at = null where tenant_id = 26;
delete from app.event_queue where tenant_id = 26;
commit;
select * from finish();
