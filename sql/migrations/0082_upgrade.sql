-- What versions before this had otherwise: two functions that answer something else now,
-- two ways for a held answer to stop where there are three, and tickets whose first answer
-- was a partner's, who had them then.
set role sportello_owner;
drop function if exists app.wake(bigint, text), app.take_back(bigint);
alter table app.held_comments drop constraint held_comments_stopped_check;
alter table app.held_comments add constraint held_comments_stopped_check check (stopped in ('unseen', 'refused', 'taken'));
reset role;
-- No change that anybody made.
set session_replication_role = replica;
update app.tickets t set answered_at = a.at
  from (select e.tenant_id, e.ticket_id, min(e.created_at) as at from app.events e
    where e.kind = 'ticket.replied' and e.data->>'by' = 'partner' and not exists (select from app.events x
      where x.tenant_id = e.tenant_id and x.ticket_id = e.ticket_id and x.kind = 'ticket.escalated' and x.id < e.id)
    group by 1, 2) a
  where t.tenant_id = a.tenant_id and t.id = a.ticket_id and (t.answered_at is null or t.answered_at > a.at);
reset session_replication_role;
