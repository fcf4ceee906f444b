-- Rules of :tenant: one for who is late, one for who waits, one that nobody has turned on.
begin;
select auth.set_context(t.tenant_id, null, null, min(p.id), null, 3::smallint, '{}', false)
  from app.tenants t join app.people p on p.tenant_id = t.tenant_id and p.rank = 3
  where t.slug = :'tenant' group by t.tenant_id \g /dev/null
do $$
declare
  id bigint;
begin
  id := app.save_rule(null, 'Three quarters of the time are over', '{"when": {"time": "due", "clock": "resolution", "used": 75}, "if": {"field": "group", "is": ["open"]}, "do": [{"level": 1}]}', '[null]', 0)->'item'->>'id';
  perform app.turn_rule(id, true, false);
  id := app.save_rule(null, 'Late: tell who works on it', '{"when": {"event": "late"}, "if": {"not": {"field": "priority", "is": ["low"]}}, "do": [{"level": 2}, {"mail": {"to": ["assignee", "key_account"], "text": "It is late: please look at it now."}}]}', '[null, null]', 0)->'item'->>'id';
  perform app.turn_rule(id, true, false);
  perform app.save_rule(null, 'Nobody answered for a fortnight', '{"when": {"time": "status", "minutes": 20160, "counted": "all"}, "if": {"all": [{"field": "status", "is": ["blocked"]}, {"field": "priority", "is": ["low", "normal", null]}]}, "do": [{"status": "solved"}, {"note": "Solved by itself: its customer has not answered."}]}',
    '[null, {"": {"source": "Solved by itself: its customer has not answered.", "html": "<p>Solved by itself: its customer has not answered.</p>"}}]', 0);
end $$;
-- Nobody is told of it.
delete from app.event_queue where tenant_id = auth.tenant_id();
commit;
