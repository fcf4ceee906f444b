-- The knowledge base: sections, audiences, versions and drafts. Articles that are there are
-- kept: what was published is version 1 and live, what was not is a draft, and who read it reads it.
set role sportello_owner;
drop function if exists app.reads_article(app.articles, bigint[]);
drop function if exists app.article_text(bigint, text);
drop function if exists app.article_page(bigint, text);
drop function if exists app.articles_here(text);
drop function if exists app.get_article(bigint);
drop function if exists app.write_article(bigint, text, text, text, text, text, bigint, boolean);
drop function if exists app.save_article(bigint, text, text, text, text, text, bigint, boolean);
drop function if exists app.make_article(text, text, text, text, text, bigint, boolean, text);
reset role;
create temp table kept_articles as select * from app.articles;
create temp table kept_texts as select * from app.article_texts;
set role sportello_owner;
alter table app.deflections drop constraint deflections_tenant_id_article_id_fkey;
drop table app.article_texts;
drop table app.articles;

-- How often what is published changed in a tenant. Each change takes the row, so that
-- they follow each other and whoever sees number N sees all up to N; an export names it.
create table app.knowledge (
  tenant_id bigint primary key references app.tenants,
  change bigint not null default 0);

-- Who reads something. level: 1 everybody, 2 who is signed in, 3 agents. Where accounts, portals
-- (and those below) or roles are named, who reads has one of each kind that is. Each different
-- one is there once. told: one from elsewhere that means nothing here, as it came.
create table app.audiences (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  level smallint not null constraint audiences_level_check check (level between 1 and 3),
  accounts bigint[] not null default '{}' constraint audiences_accounts_check check (cardinality(accounts) <= 100),
  portals bigint[] not null default '{}' constraint audiences_portals_check check (cardinality(portals) <= 100),
  roles text[] not null default '{}' constraint audiences_roles_check check (
    roles <@ array['account_admin', 'portal_admin', 'main_user', 'member', 'partner']),
  told jsonb constraint audiences_told_check check (pg_column_size(told) <= 8192),
  primary key (tenant_id, id),
  -- An account or a role is somebody's who is signed in.
  constraint audiences_signed_in_check check (level = 2 or accounts = '{}' and roles = '{}'));

-- The root has no parent, its children are the categories. key: what an address and a bundle
-- call it, for ever. audience_id: its own; null: its parent's. shown_to: the one that
-- counts. path: from the root to itself.
create table app.sections (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  key text collate "C" not null constraint sections_key_check check (key ~ '^[a-z0-9]{1,32}$'),
  parent_id bigint,
  position int not null default 0,
  names jsonb not null default '{}' constraint sections_names_check check (app.texts_fit(names, 120, true)),
  abouts jsonb not null default '{}' constraint sections_abouts_check check (app.texts_fit(abouts, 500, false)),
  audience_id bigint,
  shown_to bigint not null,
  path bigint[] not null constraint sections_path_check check (cardinality(path) between 1 and 9),
  changed bigint not null default 0,
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, parent_id) references app.sections,
  foreign key (tenant_id, audience_id) references app.audiences,
  foreign key (tenant_id, shown_to) references app.audiences,
  constraint sections_root_check check (parent_id is not null or audience_id is not null));
create index sections_parent on app.sections (tenant_id, parent_id, position, id);
create unique index sections_root on app.sections (tenant_id) where parent_id is null;
create index sections_audience on app.sections (tenant_id, audience_id);
create index sections_shown_to on app.sections (tenant_id, shown_to);

-- audience_id: its own; null: its section's. language: the one it is written in first, which the
-- others are translations of. is_live: in some language. changed: the last change of what is read.
create table app.articles (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  key text collate "C" not null constraint articles_key_check check (key ~ '^[a-z0-9]{1,32}$'),
  section_id bigint not null,
  position int not null default 0,
  audience_id bigint,
  language text not null constraint articles_language_check check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  is_live boolean not null default false,
  expires_at timestamptz,
  review_by date,
  author_id bigint,
  changed bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, section_id) references app.sections,
  foreign key (tenant_id, audience_id) references app.audiences,
  foreign key (tenant_id, author_id) references app.people);
create index articles_section on app.articles (tenant_id, section_id, position, id);
create index articles_audience on app.articles (tenant_id, audience_id);
create index articles_changed on app.articles (tenant_id, changed);
create index articles_review on app.articles (tenant_id, review_by) where review_by is not null;
create index articles_made on app.articles (tenant_id, created_at, id);
create index articles_expiry on app.articles (expires_at) where is_live and expires_at is not null;
create index articles_author on app.articles (tenant_id, author_id);

-- What was live in a language, from one change to another (null: it is). Its text is never
-- changed. translates: the version in the article's own language that it says in another.
create table app.article_versions (
  tenant_id bigint not null references app.tenants,
  article_id bigint not null,
  language text not null,
  number int not null,
  title text not null,
  html text not null,
  keywords text[] not null default '{}',
  translates int,
  author_id bigint,
  from_change bigint not null,
  until_change bigint,
  from_at timestamptz not null default now(),
  until_at timestamptz,
  primary key (tenant_id, article_id, language, number),
  foreign key (tenant_id, article_id) references app.articles on delete cascade,
  foreign key (tenant_id, author_id) references app.people,
  constraint versions_until_check check ((until_change is null) = (until_at is null) and until_change > from_change));
create unique index article_versions_live on app.article_versions (tenant_id, article_id, language) where until_change is null;
create index article_versions_author on app.article_versions (tenant_id, author_id);

-- The live ones by what they are found by. about: how it begins. slug: its title in an address.
-- toc: its headings of the second and third level, [{"level", "id", "text"}].
create table app.article_texts (
  tenant_id bigint not null references app.tenants,
  article_id bigint not null,
  language text not null constraint articles_language_check check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  number int not null,
  title text not null constraint articles_title_check check (char_length(title) between 1 and 200 and app.is_line(title)),
  slug text not null,
  about text not null,
  toc jsonb not null,
  minutes int not null,
  words text not null,
  primary key (tenant_id, article_id, language),
  foreign key (tenant_id, article_id, language, number) references app.article_versions on delete cascade);
-- As that of tickets' words (schema/search.sql).
create index article_texts_pieces on app.article_texts
  using gin (app.word_pieces(tenant_id, false, words)) with (fastupdate = off);

-- What is being written, beside what is live. state: 1 draft, 2 to be reviewed, 3 approved.
-- edit: counts what is stored, so that two who write see it. publish_at: goes live by itself.
create table app.article_drafts (
  tenant_id bigint not null references app.tenants,
  article_id bigint not null,
  language text not null constraint articles_language_check check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  title text not null constraint articles_title_check check (char_length(title) between 1 and 200 and app.is_line(title)),
  html text not null constraint articles_html_check check (octet_length(html) <= 1048576 and app.is_text(html)),
  keywords text[] not null default '{}',
  translates int,
  state smallint not null default 1 constraint articles_state_check check (state between 1 and 3),
  edit int not null default 1,
  publish_at timestamptz,
  author_id bigint,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, article_id, language),
  foreign key (tenant_id, article_id) references app.articles on delete cascade,
  foreign key (tenant_id, author_id) references app.people);
create index article_drafts_due on app.article_drafts (publish_at) where publish_at is not null;
create index article_drafts_state on app.article_drafts (tenant_id, state, updated_at);
create index article_drafts_author on app.article_drafts (tenant_id, author_id);
reset role;

insert into app.knowledge (tenant_id, change) select distinct tenant_id, 1 from pg_temp.kept_articles;
insert into app.audiences (tenant_id, level) select tenant_id, 2 from app.knowledge;
insert into app.audiences (tenant_id, level, portals)
  select distinct k.tenant_id, k.audience, case when k.portal_id is null then '{}' else array[k.portal_id] end from pg_temp.kept_articles k
  where k.audience <> 2 or k.portal_id is not null;
insert into app.sections (tenant_id, id, key, audience_id, shown_to, path)
  select a.tenant_id, x.id, 'root', a.id, a.id, array[x.id]
  from (select k.tenant_id, app.new_id() as id from app.knowledge k offset 0) x
  join app.audiences a on a.tenant_id = x.tenant_id and a.level = 2 and a.portals = '{}';
-- Ten letters and digits of which none is taken for another.
insert into app.articles (tenant_id, id, key, section_id, position, audience_id, language, is_live, changed, created_at, updated_at)
  select k.tenant_id, k.id, (select string_agg(substr('23456789abcdefghjkmnpqrstuvwxyz', 1 + floor(random() * 31)::int, 1), '')
      from generate_series(1, 10) where k.id is not null),
    s.id, row_number() over (partition by k.tenant_id order by k.created_at, k.id),
    case when k.audience <> 2 or k.portal_id is not null then a.id end, coalesce(t.language, 'en'), k.published_at is not null and t.language is not null, 1, k.created_at, k.updated_at
  from pg_temp.kept_articles k
  join app.sections s on s.tenant_id = k.tenant_id
  join app.audiences a on a.tenant_id = k.tenant_id and a.level = k.audience
    and a.portals = case when k.portal_id is null then '{}' else array[k.portal_id] end
  left join lateral (select x.language from pg_temp.kept_texts x where x.tenant_id = k.tenant_id and x.article_id = k.id
    order by x.language = 'en' desc, x.language limit 1) t on true;
insert into app.article_versions (tenant_id, article_id, language, number, title, html, translates, from_change, from_at)
  select a.tenant_id, a.id, t.language, 1, t.title, t.html, case when t.language <> a.language then 1 end, 1, k.updated_at
  from app.articles a join pg_temp.kept_articles k using (tenant_id, id)
  join pg_temp.kept_texts t on t.tenant_id = a.tenant_id and t.article_id = a.id where a.is_live;
insert into app.article_texts (tenant_id, article_id, language, number, title, slug, about, toc, minutes, words)
  select t.tenant_id, t.article_id, t.language, 1, t.title,
    coalesce(nullif(btrim(left(regexp_replace(lower(normalize(t.title, NFKC)), '[^[:alnum:]]+', '-', 'g'), 80), '-'), ''), 'a'),
    left(replace(replace(replace(replace(replace(btrim(regexp_replace(t.html, '(<[^>]*>|\s)+', ' ', 'g')),
      '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&'), 300),
    '[]', greatest(1, ceil(case when t.language = 'ja' then length(t.source) / 500.0
      else cardinality(regexp_split_to_array(t.source, '\s+')) / 200.0 end))::int, t.words
  from pg_temp.kept_texts t join app.articles a on a.tenant_id = t.tenant_id and a.id = t.article_id where a.is_live;
insert into app.article_drafts (tenant_id, article_id, language, title, html, translates)
  select t.tenant_id, t.article_id, t.language, t.title, t.html, null
  from pg_temp.kept_texts t join app.articles a on a.tenant_id = t.tenant_id and a.id = t.article_id where not a.is_live;
drop table pg_temp.kept_texts, pg_temp.kept_articles;
set role sportello_owner;
alter table app.deflections add foreign key (tenant_id, article_id) references app.articles on delete cascade;
reset role;
