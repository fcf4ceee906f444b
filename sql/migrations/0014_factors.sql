-- Second factors and single sign-on.
set role sportello_owner;
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
-- Identity providers for single sign-on (OpenID Connect): the tenant's own, for
-- all of its portals, and an account's, for its portals alone.
create table app.providers (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  account_id bigint,
  name text not null constraint providers_name_check
    check (char_length(name) between 1 and 60 and app.is_line(name)),
  issuer text not null constraint providers_issuer_check
    check (char_length(issuer) <= 500 and issuer ~ '^https://[!-~]+$'),
  client_id text not null constraint providers_client_id_check
    check (char_length(client_id) between 1 and 300 and app.is_line(client_id)),
  -- Sealed under a key that is not in the database. Null: a public client.
  client_secret bytea check (octet_length(client_secret) between 32 and 1200),
  -- What it says of itself, asked when it was set up: where its parts are, and
  -- its keys, which are asked for again when a token names another.
  parts jsonb not null check (octet_length(parts::text) <= 12000),
  keys text not null check (octet_length(keys) <= 131072),
  keys_at timestamptz not null default now(),
  -- The mail domains it speaks for, by blanks; none: any. It is then believed
  -- without saying itself that it has verified an address, if so chosen.
  domains text not null default '' constraint providers_domains_check check (char_length(domains) <= 2000
    and (domains = '' or domains ~ '^[a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)+( [a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)+)*$')),
  knows_addresses boolean not null default false,
  -- It asks for a second factor itself: we then do not.
  has_factor boolean not null default false,
  is_on boolean not null default true,
  -- An account's speaks for nobody until the tenant has agreed to its domains.
  confirmed_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  constraint providers_domains_account_check check (account_id is null or domains <> ''),
  constraint providers_domains_known_check check (not knows_addresses or domains <> ''));
create index providers_account on app.providers (tenant_id, account_id);

-- Whom a provider means by a subject, since their first sign-in: an address
-- that it gives to somebody else later does not lead to the same person.
create table app.identities (
  tenant_id bigint not null references app.tenants,
  provider_id bigint not null,
  person_id bigint not null,
  subject text not null check (char_length(subject) between 1 and 255),
  created_at timestamptz not null default now(),
  used_at timestamptz not null default now(),
  primary key (tenant_id, provider_id, person_id),
  constraint identities_subject_key unique (tenant_id, provider_id, subject),
  foreign key (tenant_id, provider_id) references app.providers on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index identities_person on app.identities (tenant_id, person_id);
alter table app.sessions add column proved_at timestamptz not null default now();
reset role;
drop function if exists auth.let_in(bigint, bytea, bytea, text);
