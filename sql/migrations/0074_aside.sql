-- Where one has read to is told when one reads on; the newest tickets of who opened one are found by an index.
drop function if exists app.mark_seen(bigint, timestamptz);
set role sportello_owner;
create index tickets_opened on app.tickets (tenant_id, requester_id, id desc);
drop index if exists app.tickets_requester;
alter index app.tickets_opened rename to tickets_requester;
reset role;
