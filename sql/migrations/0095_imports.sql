-- The knowledge base is taken in from bundles and other forms; what was elsewhere before leads to what is here.
set role sportello_owner;
-- Where something was before it was taken in from elsewhere, and leads to now: an article or a section; language:
-- the one it was in there.
create table app.redirects (
  tenant_id bigint not null references app.tenants,
  path text collate "C" not null constraint redirects_path_check check (path ~ '^/' and char_length(path) <= 500 and app.is_line(path)),
  article_id bigint,
  section_id bigint,
  language text constraint redirects_language_check check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  primary key (tenant_id, path),
  foreign key (tenant_id, article_id) references app.articles on delete cascade,
  foreign key (tenant_id, section_id) references app.sections on delete cascade,
  constraint redirects_one_check check (num_nonnulls(article_id, section_id) = 1));
create index redirects_article on app.redirects (tenant_id, article_id);
create index redirects_section on app.redirects (tenant_id, section_id);

-- What is being taken in, one of a tenant at a time; at: when something came last. file_id: of which the bytes come.
create table app.imports (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  person_id bigint not null,
  dry boolean not null,
  file_id bigint,
  at timestamptz not null default now(),
  primary key (tenant_id));
create index imports_age on app.imports (at);

-- Kept aside until all of it is there and compared. kind: 0 what lies over all, 1 section, 2 text, 3 article, 4 file,
-- 5 redirect, 6 synonyms, 7 a file whose bytes have come. entry: the file that it came from. fault: why it is refused; what: new, changed, same; said: what
-- is told of it. readers: an audience here that it is to have; 0: what lies over it.
create table app.import_rows (
  tenant_id bigint not null references app.tenants,
  n int not null,
  kind smallint not null,
  entry text not null,
  key text collate "C",
  language text collate "C",
  number int,
  about jsonb not null,
  html text,
  fault text,
  what text,
  said text,
  readers bigint,
  primary key (tenant_id, n),
  foreign key (tenant_id) references app.imports on delete cascade);
create index import_rows_key on app.import_rows (tenant_id, kind, key, language, number);
reset role;
