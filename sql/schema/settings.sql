-- What a tenant, an account or a portal has set for itself: the nearest wins
-- (functions/settings.sql has the names, kinds and defaults). Scope: 0 the
-- tenant, twice an account's id, or twice a portal's and one.
create table app.settings (
  tenant_id bigint not null references app.tenants,
  scope bigint not null,
  name text not null check (name ~ '^[a-z][a-z_]{1,60}$'),
  value text not null check (char_length(value) <= 8000 and app.is_text(value)),
  account_id bigint,
  portal_id bigint,
  set_by bigint,
  set_at timestamptz not null default now(),
  primary key (tenant_id, scope, name),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  foreign key (tenant_id, set_by) references app.people on delete set null (set_by),
  constraint settings_scope_check check (
    scope = coalesce(portal_id * 2 + 1, account_id * 2, 0)
    and (account_id is null or portal_id is null)));
