-- Tickets that belong together. from_id follows up to_id, was split off it, or is
-- what it is a duplicate of: of one at most. And as agents say: it relates to it
-- (the lower number first), blocks it, or is its cause.
create table app.ticket_links (
  tenant_id bigint not null references app.tenants,
  from_id bigint not null,
  to_id bigint not null,
  kind text not null constraint ticket_links_kind_check
    check (kind in ('follow_up', 'split', 'duplicate', 'relates', 'blocks', 'causes')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, from_id, to_id, kind),
  check (from_id <> to_id),
  foreign key (tenant_id, from_id) references app.tickets on delete cascade,
  foreign key (tenant_id, to_id) references app.tickets on delete cascade);
create index ticket_links_to on app.ticket_links (tenant_id, to_id);
create unique index ticket_links_duplicate on app.ticket_links (tenant_id, to_id) where kind = 'duplicate';

-- What people of an account thought of the answer.
create table app.ratings (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  person_id bigint not null,
  score smallint not null constraint ratings_score_check check (score between 1 and 5),
  words text constraint ratings_words_check check (char_length(words) between 1 and 2000 and app.is_text(words)),
  rated_at timestamptz not null default now(),
  primary key (tenant_id, ticket_id, person_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index ratings_person on app.ratings (tenant_id, person_id);
