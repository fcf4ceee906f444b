-- Tenants, their accounts, and the front doors: portals and hosts.

create table app.tenants (
  tenant_id bigint primary key default app.new_id(),
  slug text not null unique check (slug ~ '^[a-z0-9](-?[a-z0-9]){1,40}$'),
  name text not null check (char_length(name) between 1 and 200 and app.is_line(name)),
  created_at timestamptz not null default now(),
  -- Since when nobody gets in: app.hosts.is_suspended is what the door reads.
  suspended_at timestamptz,
  -- Below which its portals get their hosts; null: what the desk's is below.
  base_domain text check (base_domain ~ '^[a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)*$'
    and char_length(base_domain) <= 200));
create index tenants_base_domain on app.tenants (base_domain) where base_domain is not null;

-- A customer of the tenant, or (is_partner) one that looks after others.
create table app.accounts (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id() check (id between 1 and 2251799813685247),
  name text not null check (char_length(name) between 1 and 200 and app.is_line(name)),
  is_partner boolean not null default false,
  partner_id bigint,
  -- Whose queue a problem report enters: 1 tenant first, 2 partner first.
  routing smallint not null default 1 check (routing in (1, 2)),
  created_at timestamptz not null default now(),
  -- Made by its partner: then its own administrators keep its contacts too.
  by_partner boolean not null default false,
  primary key (tenant_id, id),
  foreign key (tenant_id, partner_id) references app.accounts,
  constraint accounts_routing_check2 check (routing = 1 or partner_id is not null));
create index accounts_partner on app.accounts (tenant_id, partner_id);
create index accounts_name on app.accounts (tenant_id, name, id);

-- A front door. Without an account it is the tenant's own desk, where agents
-- sign in; with one it is the account's top portal or, below another, a
-- sub-portal.
create table app.portals (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  account_id bigint,
  parent_id bigint,
  name text not null check (char_length(name) between 1 and 200 and app.is_line(name)),
  locale text not null default 'en' check (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, id, account_id),
  foreign key (tenant_id, account_id) references app.accounts,
  foreign key (tenant_id, parent_id, account_id)
    references app.portals (tenant_id, id, account_id));
create index portals_account on app.portals (tenant_id, account_id);

-- The map from a request's host to tenant and portal. A host name is unique
-- in the world, so its index is one of the two that do not begin with the
-- tenant (the other is tenants.slug).
create table app.hosts (
  tenant_id bigint not null references app.tenants,
  host text not null check (host ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$'
    and char_length(host) <= 253),
  portal_id bigint not null,
  is_canonical boolean not null default true,
  -- The door opens when the first is true and the second is not: a name is on
  -- once it is proven to be the customer's, and all of a suspended tenant's
  -- are closed without forgetting which were on.
  is_on boolean not null default true,
  is_suspended boolean not null default false,
  -- Whether tickets are used here, which a canonical host always says, others
  -- as the setting tickets_on_white_label does for their portal.
  has_tickets boolean not null default true,
  primary key (tenant_id, host),
  constraint hosts_host_key unique (host),
  foreign key (tenant_id, portal_id) references app.portals);
create unique index hosts_canonical on app.hosts (tenant_id, portal_id) where is_canonical;
-- Which domains are ours to give names below, and to nobody else.
create index hosts_domain on app.hosts (app.domain_of(host)) where is_canonical;
