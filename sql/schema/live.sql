-- Who has a page open, and hears there that a ticket changed. Unlogged: after a
-- crash the browsers come again.

-- One row for each principal by which a session sees tickets (0: the tenant's
-- desk), so that whom a change is told is a join with ticket_access. The channel
-- is the session's, and the live server's word for it.
create unlogged table app.listeners (
  tenant_id bigint not null references app.tenants,
  principal bigint not null,
  session_id bigint not null,
  channel text not null check (channel ~ '^[0-9a-f]{32}$'),
  expires_at timestamptz not null,
  primary key (tenant_id, principal, session_id),
  foreign key (tenant_id, session_id) references app.sessions on delete cascade);
create index listeners_session on app.listeners (tenant_id, session_id);
create index listeners_expiry on app.listeners (expires_at);

-- Channels that are over, until the live server is told.
create unlogged table app.closed_channels (
  tenant_id bigint not null references app.tenants,
  channel text not null,
  closed_at timestamptz not null default now(),
  primary key (tenant_id, channel));

-- Which agents have a ticket before them, and which of them type; `told`: the
-- others who have it know. Theirs alone, and over after half a minute.
create unlogged table app.presence (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  person_id bigint not null,
  types boolean not null,
  told boolean not null default false,
  expires_at timestamptz not null,
  primary key (tenant_id, ticket_id, person_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index presence_untold on app.presence (tenant_id, ticket_id) where not told;
create index presence_over on app.presence (tenant_id, expires_at);
