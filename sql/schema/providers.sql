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
  -- What it says of itself: where its parts are, and its keys, which are asked
  -- for again when a token names another.
  parts jsonb not null check (octet_length(parts::text) <= 12000),
  keys text not null check (octet_length(keys) <= 131072),
  keys_at timestamptz not null default now(),
  -- The mail domains it speaks for, by blanks; none: any. It is then believed
  -- without saying itself that it has verified an address, if so chosen.
  domains text not null default '' constraint providers_domains_check check (char_length(domains) <= 2000
    and (domains = '' or domains ~ '^[a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)+( [a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)+)*$')),
  knows_addresses boolean not null default false,
  -- It asks for a second factor itself: we then do not. Of the tenant's own this
  -- holds at the desk alone.
  has_factor boolean not null default false,
  is_on boolean not null default true,
  -- An account's speaks for nobody until the tenant has agreed to its domains and
  -- to both of these.
  confirmed_at timestamptz,
  created_at timestamptz not null default now(),
  -- 1 is to be asked what it is, 2 has told, 3 could not: why not, a word of
  -- oidc_about.c. When to ask, and when it was asked.
  state smallint not null default 2 check (state between 1 and 3),
  fault text check (fault ~ '^[a-z]{1,20}$'),
  ask_at timestamptz,
  asked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  constraint providers_domains_account_check check (account_id is null or domains <> ''),
  constraint providers_domains_known_check check (not knows_addresses or domains <> ''));
create index providers_account on app.providers (tenant_id, account_id);
-- What jobs ask, of all tenants.
create index providers_due on app.providers (ask_at) where ask_at is not null;

-- Whom a provider means by a subject, since their first sign-in: an address
-- that it gives to somebody else later does not lead to the same person.
create table app.identities (
  tenant_id bigint not null references app.tenants,
  provider_id bigint not null,
  person_id bigint not null,
  subject text not null check (char_length(subject) between 1 and 255),
  created_at timestamptz not null default now(),
  used_at timestamptz not null default now(),
  -- The person has followed a link that we mailed: a tenant's own provider opens
  -- customers' portals to nobody else.
  is_mailed boolean not null default false,
  primary key (tenant_id, provider_id, person_id),
  constraint identities_subject_key unique (tenant_id, provider_id, subject),
  foreign key (tenant_id, provider_id) references app.providers on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index identities_person on app.identities (tenant_id, person_id);
