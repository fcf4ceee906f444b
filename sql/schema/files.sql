-- Files that people send with what they write. One comes in parts and is kept
-- in chunks of 256 KB; until a comment or an article has it, it is its owner's alone.

-- State: 1 comes, 2 whole and to be looked at by a virus scanner, 3 to be had,
-- 4 refused by the scanner. `sum` is how far the hash has come of what is
-- there, `writer` who may add to it: the request that last asked.
create table app.files (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  owner_id bigint not null,
  ticket_id bigint,
  comment_id bigint,
  is_internal boolean not null default false,  -- as its comment is
  name text not null constraint files_name_check
    check (char_length(name) between 1 and 200 and app.is_line(name)),
  type text constraint files_type_check check (char_length(type) <= 100),
  size bigint not null constraint files_size_check check (size > 0),
  received bigint not null default 0 check (received between 0 and size),
  sum bytea,
  sha256 bytea check (octet_length(sha256) = 32),
  writer bigint,
  state smallint not null default 1 check (state between 1 and 4),
  created_at timestamptz not null default now(),
  scan_at timestamptz,                         -- when the scanner looks at it (again)
  scans smallint not null default 0,           -- how often it was asked
  primary key (tenant_id, id),
  foreign key (tenant_id, owner_id) references app.people,
  foreign key (tenant_id, ticket_id, comment_id) references app.comments,
  check ((ticket_id is null) = (comment_id is null)),
  check (state = 1 or received = size and sha256 is not null and type is not null),
  check (state <> 1 or ticket_id is null));
create index files_comment on app.files (tenant_id, ticket_id, comment_id) where ticket_id is not null;
create index files_owner on app.files (tenant_id, owner_id);
create index files_scan on app.files (tenant_id, scan_at) where state = 2;

create table app.file_chunks (
  tenant_id bigint not null references app.tenants,
  file_id bigint not null,
  seq int not null check (seq >= 0),
  data bytea not null check (octet_length(data) between 1 and 262144),
  primary key (tenant_id, file_id, seq),
  foreign key (tenant_id, file_id) references app.files on delete cascade);
-- Pictures and videos do not get smaller, and pieces are read as they lie.
alter table app.file_chunks alter column data set storage external;
