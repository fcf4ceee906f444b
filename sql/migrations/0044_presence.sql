-- Who reads a ticket, and types in it.
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
-- A reply says what it has seen; channels are taken off when they are closed.
drop function if exists app.add_comment(bigint, boolean, text, text, text, text, jsonb);
drop function if exists jobs.take_closed_channels();
