-- What reports of :tenant go by, as if it had been kept when it happened: when each
-- ticket was first answered and when it ended, which promises were kept, and its clocks.
begin;
select auth.set_context(t.tenant_id, null, null, null, null, 0::smallint, '{}', false) from app.tenants t where t.slug = :'tenant' \g /dev/null
update app.tickets t set answered_at = a.answered, done_at = case when t.status >= 5 then coalesce(a.done, t.updated_at) end
  from (select e.ticket_id, min(e.created_at) filter (where e.kind = 'ticket.replied' and p.rank >= 2 or e.data->'status'->>1 = 'solved') as answered,
      max(e.created_at) filter (where e.data->'status'->>1 in ('solved', 'closed', 'closed_escalated') and e.data->'status'->>0 <> 'solved') as done
    from app.events e left join app.people p on p.tenant_id = e.tenant_id and p.id = e.actor_id
    where e.tenant_id = auth.tenant_id() and e.ticket_id is not null group by 1) a
  where t.tenant_id = auth.tenant_id() and t.id = a.ticket_id;
-- And the clocks as of now, by the product's own function.
select app.keep_clocks(t.id) from app.tickets t where t.tenant_id = auth.tenant_id() and t.at_desk \g /dev/null
commit;
