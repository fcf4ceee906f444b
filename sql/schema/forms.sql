-- Ticket types, the fields of their forms, who sees and changes which, and what
-- was answered. Each has a key that never changes, by which programs, exports
-- and rules name it; what people read are labels, {"en": "…", "it": "…"}.

-- What can be asked. Three keys are columns of tickets, and no fields here:
-- status, type and priority. 'impact' and 'product_family' are fields like any.
create table app.fields (
  tenant_id bigint not null references app.tenants,
  key text not null constraint fields_key_check check (key ~ '^[a-z][a-z0-9_]{0,39}$'
    and key not in ('status', 'type', 'priority')),
  kind text not null constraint fields_kind_check check (kind in ('text', 'long_text', 'number', 'date',
    'one_of', 'several_of', 'yes_no', 'person', 'facts')),
  labels jsonb not null constraint fields_labels_check check (labels <> '{}' and app.texts_fit(labels, 120, true)),
  help jsonb not null default '{}' constraint fields_help_check check (app.texts_fit(help, 600, false)),
  -- Of those that choose: [{"key": "…", "labels": {…}, "archived": true?}]. A
  -- key that was once given stays, since answers name it.
  options jsonb not null default '[]',
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, key));

-- What a ticket can be. Of an account's tickets those whose type is a problem
-- go to its support contacts, and to its partner first where that is so. roles:
-- who may open one; none named: whoever may use support.
create table app.ticket_types (
  tenant_id bigint not null references app.tenants,
  key text not null constraint types_key_check check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  position int not null default 0,
  labels jsonb not null constraint types_labels_check check (labels <> '{}' and app.texts_fit(labels, 120, true)),
  help jsonb not null default '{}' constraint types_help_check check (app.texts_fit(help, 600, false)),
  is_problem boolean not null default true,
  roles text[] not null default '{}' constraint types_roles_check check (
    roles <@ array['account_admin', 'portal_admin', 'main_user', 'member', 'support_user', 'partner']),
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, key));

-- The form of a type. condition: null, or {"all": [{"field": "…", "is": [values]}]}
-- or the same with "any". weight: how much it counts for a complete report.
create table app.type_fields (
  tenant_id bigint not null references app.tenants,
  type text not null,
  field text not null,
  position int not null default 0,
  required boolean not null default false,
  weight smallint not null default 1 constraint asks_weight_check check (weight between 0 and 10),
  condition jsonb,
  primary key (tenant_id, type, field),
  foreign key (tenant_id, type) references app.ticket_types on delete cascade,
  foreign key (tenant_id, field) references app.fields);
create index type_fields_field on app.type_fields (tenant_id, field);

-- Which answers propose which priority: the first rule of a type that holds.
create table app.priority_rules (
  tenant_id bigint not null references app.tenants,
  type text not null,
  position int not null,
  condition jsonb not null,
  priority smallint not null check (priority between 1 and 4),
  primary key (tenant_id, type, position),
  foreign key (tenant_id, type) references app.ticket_types on delete cascade);

-- Who may do what with a field, where it is not as usual (app.usual_access()).
-- Scope as in app.settings, the nearest wins. access: 0 hidden, 1 view, 2 edit.
create table app.field_policies (
  tenant_id bigint not null references app.tenants,
  scope bigint not null,
  field text not null,
  role text not null check (role in ('tenant_admin', 'agent', 'partner', 'account_admin',
    'portal_admin', 'main_user', 'member')),
  access smallint not null check (access between 0 and 2),
  -- When a ticket is opened, by whoever may edit it.
  required boolean not null default false,
  account_id bigint,
  portal_id bigint,
  primary key (tenant_id, scope, field, role),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  constraint policies_required_check check (access = 2 or not required),
  constraint policies_scope_check check (
    scope = coalesce(portal_id * 2 + 1, account_id * 2, 0)
    and (account_id is null or portal_id is null)));

-- The answers, as app.field_value() makes them: value is what is shown, word
-- and number what lists are to filter by.
create table app.ticket_values (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  field text not null,
  value jsonb not null,
  word text,
  number double precision,
  primary key (tenant_id, ticket_id, field),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, field) references app.fields);
create index ticket_values_field on app.ticket_values (tenant_id, field, word);

alter table app.tickets add foreign key (tenant_id, type) references app.ticket_types;
create index tickets_type on app.tickets (tenant_id, type) where type is not null;

-- Are there types, or answers that must be given? In the row that opening a
-- ticket reads anyway.
alter table app.ticket_counters add column has_forms boolean not null default false;
