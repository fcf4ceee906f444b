-- What a person has begun to write, so that it is there on another device and
-- after the session has ended. place: 'new.ticket' and its like at a portal, or
-- '42.reply'. version: a new one at each change, so that a device which writes on
-- what it saw last is told apart from one that missed something.
create table app.drafts (
  tenant_id bigint not null references app.tenants,
  person_id bigint not null,
  -- 0 where it is a ticket's: that is the same at every portal.
  portal_id bigint not null,
  place text not null constraint drafts_place_check check (
    place ~ '^(new\.(ticket|language|follows-[0-9]{1,16})|[0-9]{1,16}\.(reply|note))$'),
  version bigint not null default app.new_id(),
  body jsonb not null constraint drafts_draft_check check (
    jsonb_typeof(body) = 'object' and octet_length(body::text) <= 102400),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, person_id, portal_id, place),
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index drafts_age on app.drafts (updated_at);

-- What an agent has sent and may still take back: it goes at out_at, as if it had
-- been sent then. sends: {status, files, mentions, seen}, as they came. stopped: why
-- it did not go; 'taken': its author wants it back, and has not said yet that they have it.
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
  stopped text check (stopped in ('unseen', 'refused', 'taken')),
  primary key (tenant_id, id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, author_id) references app.people on delete cascade);
create index held_comments_author on app.held_comments (tenant_id, author_id, held_at);
create index held_comments_ticket on app.held_comments (tenant_id, ticket_id);
create index held_comments_due on app.held_comments (out_at) where stopped is null;
create index held_comments_age on app.held_comments (held_at) where stopped is not null;

-- What an agent changed and its readers are not told of yet: what is so at out_at is told
-- then, where it is not what they were told last (told; null: no priority). what: the field.
create table app.held_tellings (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  what text not null check (what in ('priority', 'status')),
  person_id bigint not null,
  told smallint,
  out_at timestamptz not null,
  tries smallint not null default 0,
  primary key (tenant_id, ticket_id, what),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index held_tellings_person on app.held_tellings (tenant_id, person_id);
create index held_tellings_due on app.held_tellings (out_at);
