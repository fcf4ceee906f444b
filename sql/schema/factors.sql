-- What proves, besides a password, who somebody is. Read by the door alone.

-- A secret shared with an authenticator app, sealed under a key that is not in
-- the database (fcgi/secret.h). Not confirmed: one that is being set up.
create table app.totps (
  tenant_id bigint not null references app.tenants,
  person_id bigint not null,
  secret bytea not null check (octet_length(secret) between 32 and 200),
  -- The half minute whose code was taken last: a code is good once.
  last_step bigint not null default 0,
  created_at timestamptz not null default now(),
  confirmed_at timestamptz,
  used_at timestamptz,
  primary key (tenant_id, person_id),
  foreign key (tenant_id, person_id) references app.people on delete cascade);

-- A passkey belongs to the host that it was made at and works nowhere else.
create table app.passkeys (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  person_id bigint not null,
  host text not null check (char_length(host) <= 253),
  credential bytea not null check (octet_length(credential) between 1 and 1023),
  algorithm int not null check (algorithm in (-7, -8, -257)),
  public_key bytea not null check (octet_length(public_key) between 32 and 1100),
  -- The authenticator's own count; many keep it at 0.
  uses bigint not null default 0,
  name text not null constraint passkeys_name_check
    check (char_length(name) between 1 and 60 and app.is_line(name)),
  created_at timestamptz not null default now(),
  used_at timestamptz,
  primary key (tenant_id, id),
  constraint passkeys_credential_key unique (tenant_id, host, credential),
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index passkeys_person on app.passkeys (tenant_id, person_id);

-- For whoever has lost the rest. 80 random bits each, so a plain hash will do.
create table app.recovery_codes (
  tenant_id bigint not null references app.tenants,
  person_id bigint not null,
  hash bytea not null check (octet_length(hash) = 32),
  used_at timestamptz,
  primary key (tenant_id, person_id, hash),
  foreign key (tenant_id, person_id) references app.people on delete cascade);
