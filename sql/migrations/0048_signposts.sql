-- What stands before a new ticket: signposts, articles, and how often these were enough.
set role sportello_owner;
create table app.signposts (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  kind text not null constraint signposts_kind_check check (kind in ('incident', 'maintenance', 'first_aid', 'elsewhere')),
  position int not null default 0,
  portal_id bigint,
  titles jsonb not null constraint signposts_titles_check check (titles <> '{}' and app.texts_fit(titles, 120, true)),
  texts jsonb not null default '{}' constraint signposts_texts_check check (app.texts_fit(texts, 2000, false)),
  url text constraint signposts_url_check check (url ~ '^https://' and app.is_link(url)),
  contact text constraint signposts_contact_check check (contact in ('customer_success', 'implementation', 'key_account', 'delivery')),
  roles text[] not null default '{}' constraint signposts_roles_check check (
    roles <@ array['account_admin', 'portal_admin', 'main_user', 'member', 'partner']),
  starts_at timestamptz not null default now(),
  ends_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  constraint signposts_ends_at_check check (ends_at > starts_at),
  constraint signposts_leads_check check (case kind
    when 'elsewhere' then (url is null) <> (contact is null)
    when 'first_aid' then contact is null else url is null and contact is null end));
create index signposts_kind on app.signposts (tenant_id, kind, position, id);

create table app.articles (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  audience smallint not null default 2 constraint articles_audience_check check (audience between 1 and 3),
  portal_id bigint,
  published_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, portal_id) references app.portals on delete cascade);

create table app.article_texts (
  tenant_id bigint not null references app.tenants,
  article_id bigint not null,
  language text not null constraint articles_language_check check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  title text not null constraint articles_title_check check (char_length(title) between 1 and 200 and app.is_line(title)),
  source text not null constraint articles_body_check check (octet_length(source) between 1 and 65536 and app.is_text(source)),
  html text not null,
  words text not null,
  primary key (tenant_id, article_id, language),
  foreign key (tenant_id, article_id) references app.articles on delete cascade);
create index article_texts_pieces on app.article_texts
  using gin (app.word_pieces(tenant_id, false, words)) with (fastupdate = off);

create table app.deflections (
  tenant_id bigint not null references app.tenants,
  article_id bigint not null,
  day date not null default current_date,
  count int not null default 1,
  primary key (tenant_id, article_id, day),
  foreign key (tenant_id, article_id) references app.articles on delete cascade);
reset role;
