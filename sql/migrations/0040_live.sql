-- Live updates: who listens.
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
