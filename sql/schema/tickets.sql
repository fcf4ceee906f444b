-- Tickets, their conversation, and who may see them.

create table app.ticket_counters (
  tenant_id bigint primary key references app.tenants,
  last bigint not null default 0);

-- Status: 1 new, 2 in progress, 3 blocked (waits for the customer), 4 on hold,
-- 5 solved, 6 closed, 7 closed – escalated. Priority: 1 low … 4 urgent.
-- Numbers, not enums: an enum's = is not leakproof and so of no use to an
-- index under row-level security.
create table app.tickets (
  tenant_id bigint not null references app.tenants,
  id bigint not null,  -- the number people see, counted per tenant
  portal_id bigint not null,
  account_id bigint not null,
  requester_id bigint not null,
  assignee_id bigint,
  title text not null constraint tickets_title_check
    check (char_length(title) between 1 and 200 and app.is_line(title)),
  status smallint not null default 1 check (status between 1 and 7),
  priority smallint check (priority between 1 and 4),
  -- False for a partner-first report until it is escalated: agents then do
  -- not see it at all.
  at_desk boolean not null,
  created_at timestamptz not null default now(),
  -- The last change a customer may know of; and the last of any kind, so that
  -- an internal note does not show in the customer's dates.
  updated_at timestamptz not null default now(),
  desk_updated_at timestamptz not null default now(),
  type text,  -- schema/forms.sql has what it may be
  -- Any at all: whoever opens one of the many without is not kept waiting.
  has_files boolean not null default false,
  -- Since when it is solved or closed.
  done_at timestamptz,
  -- Was there ever another ticket, or an incident, that it belongs to?
  has_links boolean not null default false,
  -- Who made those two changes; null: who opened it, 0: jobs.
  changed_by bigint,
  desk_changed_by bigint,
  primary key (tenant_id, id),
  foreign key (tenant_id, portal_id, account_id)
    references app.portals (tenant_id, id, account_id),
  foreign key (tenant_id, requester_id) references app.people,
  foreign key (tenant_id, assignee_id) references app.people);
-- The agents' queue, whole and by what it is filtered by.
create index tickets_desk on app.tickets (tenant_id, desk_updated_at desc, id desc) where at_desk;
create index tickets_created on app.tickets (tenant_id, created_at desc, id desc) where at_desk;
create index tickets_assignee on app.tickets (tenant_id, assignee_id, desk_updated_at desc, id desc) where at_desk;
create index tickets_priority on app.tickets (tenant_id, priority, created_at desc, id desc) where at_desk;
create index tickets_requester on app.tickets (tenant_id, requester_id, id desc);
-- What is worked on, counted.
create index tickets_active on app.tickets (tenant_id, status, priority) where at_desk and status <= 4;
-- What is open of an account: listed, and counted.
create index tickets_account on app.tickets (tenant_id, account_id, updated_at desc, id desc) where status <= 4;

-- Public replies and internal notes. What the person wrote (Markdown) and its
-- canonical form (the XHTML subset of fcgi/markup.h) are both kept.
create table app.comments (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  id bigint not null default app.new_time_id(),
  author_id bigint not null,
  is_internal boolean not null default false,
  source text not null constraint comments_body_check
    check (source ~ '\S' and octet_length(source) <= 65536 and app.is_text(source)),
  html text not null check (octet_length(html) <= 524288),
  created_at timestamptz not null default now(),
  primary key (tenant_id, ticket_id, id),
  foreign key (tenant_id, ticket_id) references app.tickets,
  foreign key (tenant_id, author_id) references app.people);
-- What somebody wrote in a time: agents' answers are counted.
create index comments_author on app.comments (tenant_id, author_id, created_at);

-- The flattened answer to 'who may see this ticket': written only by
-- app.open_ticket() and its like, checked by the policies, and where lists
-- and counts begin. updated_at is the ticket's, so that a list is one walk
-- of an index a principal.
create table app.ticket_access (
  tenant_id bigint not null references app.tenants,
  principal bigint not null,
  ticket_id bigint not null,
  updated_at timestamptz not null,
  primary key (tenant_id, ticket_id, principal),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade);
create index ticket_access_newest on app.ticket_access
  (tenant_id, principal, updated_at desc, ticket_id desc);
