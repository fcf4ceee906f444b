-- Secrets that are good once: links and codes in mails, hand-overs between
-- hosts. The secret itself is not stored: it is an HMAC of the row's id
-- (door/one_time.sql), so that jobs can write the mail and a copy of this
-- table opens nothing.
create table app.one_time (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  kind text not null check (kind ~ '^[a-z_]{3,40}$'),
  portal_id bigint,
  person_id bigint,
  email text check (app.is_email(email)),
  data jsonb not null default '{}' check (octet_length(data::text) <= 8192),
  tries smallint not null default 0,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index one_time_email on app.one_time (tenant_id, kind, email);
create index one_time_age on app.one_time (expires_at);
