-- Somebody who is not there yet can be added to a ticket.
set role sportello_owner;
create table app.pending_shares (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  invitation_id bigint not null,
  added_by bigint not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, ticket_id, invitation_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, invitation_id) references app.invitations on delete cascade,
  foreign key (tenant_id, added_by) references app.people on delete cascade);
create index pending_shares_invitation on app.pending_shares (tenant_id, invitation_id);
create index pending_shares_adder on app.pending_shares (tenant_id, added_by);
reset role;
-- It tells who is to be invited, too.
drop function if exists app.chosen_people(jsonb, bigint, bigint, boolean);
