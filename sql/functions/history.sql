-- What happened to a ticket between its messages, for the lines of its conversation:
-- {"lines": [{id, at, who, kind, …}], "people"}, oldest first, of the newest 300. Who
-- works at the desk reads all of it, customers how the status went. A field that is
-- hidden from the asker is in no line. What became of it elsewhere: app.links_of().

create or replace function app.ticket_history(ticket bigint) returns json
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp as $$
declare
  t app.tickets := app.seen_ticket(ticket);
  desk boolean := auth.is_agent() and auth.grant_id() is null;
  hidden text[] := case when app.has_field_policies() then app.hidden_fields(t.portal_id, t.account_id) else '{}' end;
begin
  return (with newest as (
      select e.id, e.kind, e.actor_id, e.created_at, e.data from app.events e
      where e.tenant_id = t.tenant_id and e.ticket_id = t.id order by e.id desc limit 2000),
    said as (
      -- What came to a team as it arrived, nobody brought there.
      select e.id, e.created_at, case when e.data->>'by' is distinct from 'arrival' then e.actor_id end as actor_id, split_part(e.kind, '.', 2) as kind,
          case when desk and e.data ? 'rule' then (select r.name from app.rules r where r.tenant_id = t.tenant_id and r.id = (e.data->>'rule')::bigint) end as rule, jsonb_strip_nulls(case e.kind
          when 'ticket.changed' then jsonb_build_object(
            'status', case when 'status' <> all (hidden) then e.data->'status' end,
            'priority', case when desk and 'priority' <> all (hidden) then e.data->'priority' end,
            'assignee', case when desk then e.data->'assignee' end,
            'team', case when desk and e.data ? 'team' then jsonb_build_array((select g.name from app.teams g where g.tenant_id = t.tenant_id and g.id = (e.data->'team'->>1)::bigint)) end,
            'turn', case when desk then e.data->'turn' end,
            'writing', case when desk and e.data->>'by' = 'writing' then true end,
            'fields', case when desk then (select jsonb_agg(f) from jsonb_array_elements_text(e.data->'fields') f where f <> all (hidden)) end)
          when 'ticket.tagged' then case when desk then jsonb_build_object('tagged', nullif(e.data->'added', '[]'), 'untagged', nullif(e.data->'removed', '[]')) end
          when 'ticket.reasoned' then case when desk and 'priority' <> all (hidden) then jsonb_build_object('reason', e.data->>'reason') end
          when 'ticket.warned' then case when desk and 'priority' <> all (hidden) then jsonb_build_object('clock', app.clock_name((e.data->>'clock')::smallint)) end
          when 'ticket.late' then case when desk and 'priority' <> all (hidden) then jsonb_build_object('clock', app.clock_name((e.data->>'clock')::smallint)) end
          when 'ticket.levelled' then case when desk then jsonb_build_object('level', e.data->'level'->1) end
          when 'ticket.shared' then case when desk then jsonb_build_object('people', e.data->'joined', 'account', e.data ? 'account') end
          when 'ticket.unshared' then case when desk then jsonb_build_object('people', case when e.data ? 'left' then jsonb_build_array(e.data->'left') end, 'account', e.data ? 'account') end
          when 'ticket.linked' then case when desk then jsonb_build_object('number', e.data->'number') end
          when 'ticket.unlinked' then case when desk then jsonb_build_object('number', e.data->'number') end
          when 'ticket.unmerged' then case when desk then jsonb_build_object('number', e.data->'number') end
          when 'ticket.rated' then case when desk then jsonb_build_object('score', e.data->'score') end
          when 'ticket.snoozed' then case when desk then jsonb_build_object('until', e.data->'until') end
          when 'ticket.woken' then case when desk then jsonb_build_object('why', nullif(e.data->>'why', 'done')) end
          when 'ticket.incident_linked' then app.incident_line(e.data, t.portal_id)
          when 'ticket.incident_unlinked' then app.incident_line(e.data, t.portal_id)
          when 'ticket.incident_over' then app.incident_line(e.data, t.portal_id)
          when 'ticket.escalated' then '{"support": true}' end) as what
      from newest e),
    lines as (select s.* from said s where s.what <> '{}' order by s.id desc limit 300),
    named as (
      select l.actor_id as id from lines l
      union select a::bigint from lines l, jsonb_array_elements_text(l.what->'assignee') a
      union select p::bigint from lines l, jsonb_array_elements_text(l.what->'people') p)
    select json_build_object(
      'lines', coalesce((select json_agg(jsonb_build_object('id', l.id, 'at', l.created_at, 'who', l.actor_id, 'kind', l.kind) || l.what || case when l.rule is not null then jsonb_build_object('rule', l.rule) else '{}' end order by l.id) from lines l), '[]'),
      'people', app.names((select array_agg(n.id) from (select n.id from named n where n.id is not null limit 1000) n), t.account_id)));
end $$;
