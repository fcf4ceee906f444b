-- What engineers work on, which tickets wait for it, and the releases that bring it
-- (functions/releases.sql).

-- said: what its tickets are told, by language, {"en": {"source": "…", "html": "…"}}; the
-- worker, which has the texts, makes it of name and notes (fcgi/handlers/releases.c).
create table app.releases (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  name text not null constraint releases_name_check check (char_length(name) between 1 and 80 and app.is_line(name) and name = btrim(name)),
  notes jsonb not null default '{}' constraint releases_notes_check check (app.texts_fit(notes, 2000, false)),
  said jsonb not null,
  created_at timestamptz not null default now(),
  published_at timestamptz,
  published_by bigint,
  primary key (tenant_id, id),
  constraint releases_name_key unique (tenant_id, name),
  foreign key (tenant_id, published_by) references app.people,
  check ((published_at is null) = (published_by is null)));
create index releases_created on app.releases (tenant_id, created_at);
create index releases_published_by on app.releases (tenant_id, published_by) where published_by is not null;

-- key: what engineers call it, as ENG-123.
create table app.engineering_items (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  key text not null constraint items_key_check check (char_length(key) between 1 and 40 and app.is_line(key) and key = btrim(key)),
  title text not null constraint items_title_check check (char_length(title) between 1 and 200 and app.is_line(title) and title = btrim(title)),
  url text constraint items_url_check check (url ~ '^https://' and app.is_link(url)),
  state text not null default 'open' constraint items_state_check check (state in ('open', 'done', 'dropped')),
  release_id bigint,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint items_key_key unique (tenant_id, key),
  foreign key (tenant_id, release_id) references app.releases);
create index engineering_items_release on app.engineering_items (tenant_id, release_id) where release_id is not null;
create index engineering_items_created on app.engineering_items (tenant_id, created_at);

-- What a ticket waits for, one at a time. told_at: since when its comment names the
-- release; fixed: what its customer said then, null as long as nobody did.
create table app.ticket_items (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  item_id bigint not null,
  linked_at timestamptz not null default now(),
  told_at timestamptz,
  comment_id bigint,
  fixed boolean,
  answered_by bigint,
  primary key (tenant_id, ticket_id),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, item_id) references app.engineering_items,
  foreign key (tenant_id, answered_by) references app.people);
create index ticket_items_item on app.ticket_items (tenant_id, item_id, ticket_id);
create index ticket_items_answered_by on app.ticket_items (tenant_id, answered_by) where answered_by is not null;
