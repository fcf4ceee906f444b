-- What an agent sends is held for a few seconds, so that it can be taken back.
set role sportello_owner;
alter table app.people add hold_seconds smallint not null default 10 constraint people_hold_seconds_check check (hold_seconds in (0, 5, 10, 30));

create table app.held_comments (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  ticket_id bigint not null,
  author_id bigint not null,
  is_internal boolean not null,
  source text not null,
  html text not null,
  key text not null,
  sends jsonb not null default '{}' constraint held_comments_sends_check check (jsonb_typeof(sends) = 'object' and octet_length(sends::text) <= 4000),
  held_at timestamptz not null default now(),
  out_at timestamptz not null,
  tries smallint not null default 0,
  stopped text check (stopped in ('unseen', 'refused')),
  primary key (tenant_id, id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, author_id) references app.people on delete cascade);
create index held_comments_author on app.held_comments (tenant_id, author_id, held_at);
create index held_comments_ticket on app.held_comments (tenant_id, ticket_id);
create index held_comments_due on app.held_comments (out_at) where stopped is null;
create index held_comments_age on app.held_comments (held_at) where stopped is not null;
reset role;
