-- What happened, and what follows from it.

-- Appended in the transaction of the change. The transaction's own id is
-- kept so that a reader can stop below the oldest one still running.
create table app.events (
  tenant_id bigint not null references app.tenants,
  id bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  kind text not null check (kind ~ '^[a-z]+\.[a-z_]+$'),
  actor_id bigint,
  ticket_id bigint,
  comment_id bigint,
  data jsonb not null default '{}' check (octet_length(data::text) <= 16384),
  created_at timestamptz not null default now(),
  -- Whose part of the record it belongs to, besides the tenant's.
  account_id bigint,
  primary key (tenant_id, id),
  foreign key (tenant_id, actor_id) references app.people,
  foreign key (tenant_id, ticket_id) references app.tickets,
  foreign key (tenant_id, account_id) references app.accounts,
  foreign key (tenant_id, ticket_id, comment_id) references app.comments);
create index events_account on app.events (tenant_id, account_id, id) where account_id is not null;
-- What an account reads of its support access.
create index events_grants on app.events (tenant_id, account_id, created_at desc, id desc)
  where kind in ('grant.opened', 'grant.changed', 'grant.ended', 'grant.requested', 'grant.approved',
    'grant.refused', 'grant.withdrawn', 'grant.entered', 'grant.left');
-- What is shown of changed settings and looks: an account's, or (0) the tenant's.
create index events_settings on app.events (tenant_id, coalesce(account_id, 0), id)
  where kind in ('setting.changed', 'look.changed');
create index events_ticket on app.events (tenant_id, ticket_id, id);

alter table app.support_contacts add foreign key (tenant_id, event_id) references app.events;

-- Events whose deliveries are not worked out yet: a row leaves in the
-- transaction that writes them. What failed is not tried before a while.
create table app.event_queue (
  tenant_id bigint not null references app.tenants,
  event_id bigint not null,
  not_before timestamptz not null default '-infinity',
  primary key (tenant_id, event_id),
  foreign key (tenant_id, event_id) references app.events);

-- One message to one address about one event, and how far it came. The key
-- makes a second one impossible. State: 1 waiting, 2 sent, 3 given up,
-- 4 not sent: the person may not see the ticket any more, or it is too late.
create table app.deliveries (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  event_id bigint not null,
  email text not null check (app.is_email(email)),
  person_id bigint,
  reason text not null check (reason in ('support_contact', 'requester', 'access', 'desk', 'notice', 'status')),
  state smallint not null default 1 check (state between 1 and 4),
  attempts smallint not null default 0,
  next_try_at timestamptz not null default now(),
  answer text check (char_length(answer) <= 500),
  sent_at timestamptz,
  primary key (tenant_id, id),
  constraint deliveries_once unique (tenant_id, event_id, email),
  foreign key (tenant_id, event_id) references app.events,
  foreign key (tenant_id, person_id) references app.people);
create index deliveries_due on app.deliveries (tenant_id, next_try_at) where state = 1;
-- What is over is kept for ninety days (jobs.sweep()).
create index deliveries_age on app.deliveries (next_try_at) where state > 1;

-- The stored answer of a write, so that sending twice does it once. Kept 24 h.
create table app.idempotency_keys (
  tenant_id bigint not null references app.tenants,
  person_id bigint not null,
  route text not null,
  key text not null check (key ~ '^[A-Za-z0-9_-]{8,64}$'),
  -- Of the input: the same key with another body is a mistake to be told.
  fingerprint bytea not null,
  answer json not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, person_id, route, key),
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index idempotency_keys_age on app.idempotency_keys (created_at);
-- A write on its way: what it comes to be remembered by, and the answer when
-- the same was sent before.
create type app.sent as (route text, key text, fingerprint bytea, answer json);

-- Which migrations this database has had.
create table if not exists app.migrations (
  number int primary key,
  applied_at timestamptz not null default now());
