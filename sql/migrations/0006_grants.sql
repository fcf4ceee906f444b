-- Support access that an account opens and ends, and agents ask for.
set role sportello_owner;
-- Those that nobody has ended: few, and sought by ticket and by their end too.
create index grants_live on app.grants (tenant_id, account_id) where ended_at is null;
create index grants_ticket on app.grants (tenant_id, ticket_id) where ended_at is null;
create index grants_due on app.grants (ends_at) where ended_at is null;

-- An agent asks for one, from a ticket. Only an administrator of the account
-- opens it. State: 1 open, 2 approved, 3 refused, 4 withdrawn, or lapsed with
-- its ticket.
create table app.grant_requests (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  account_id bigint not null,
  ticket_id bigint not null,
  portals bigint[] check (cardinality(portals) between 1 and 200),
  reason text not null constraint grants_reason_check
    check (char_length(reason) between 1 and 500 and app.is_text(reason)),
  days int not null constraint grants_days_check check (days between 1 and 365),
  asked_by bigint not null,
  created_at timestamptz not null default now(),
  state smallint not null default 1 check (state between 1 and 4),
  decided_by bigint,
  decided_at timestamptz,
  grant_id bigint,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, ticket_id) references app.tickets,
  foreign key (tenant_id, asked_by) references app.people,
  foreign key (tenant_id, decided_by) references app.people,
  foreign key (tenant_id, grant_id) references app.grants);
-- One at a time of an agent and a ticket.
create unique index grant_requests_open on app.grant_requests (tenant_id, ticket_id, asked_by) where state = 1;
create index grant_requests_account on app.grant_requests (tenant_id, account_id, created_at) where state = 1;
create index grant_requests_ticket on app.grant_requests (tenant_id, ticket_id, created_at);

drop index app.grant_visits_account;
create index grant_visits_account on app.grant_visits (tenant_id, account_id, created_at desc, id desc);
-- What an account reads of its support access.
create index events_grants on app.events (tenant_id, account_id, created_at desc, id desc)
  where kind in ('grant.opened', 'grant.changed', 'grant.ended', 'grant.requested', 'grant.approved',
    'grant.refused', 'grant.withdrawn', 'grant.entered', 'grant.left');
reset role;
