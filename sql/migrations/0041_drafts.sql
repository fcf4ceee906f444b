-- Drafts are on the server, too.
set role sportello_owner;
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
reset role;
