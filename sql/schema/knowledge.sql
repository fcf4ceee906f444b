-- The knowledge base (K1–K4): a tree of sections with articles, who may read them, and
-- what is live, is being written, and was live before.

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
  -- What visitors said (app.rate_article()), null: nothing; who is signed in has a row of votes.
  rated_helpful int,
  rated_unhelpful int,
  primary key (tenant_id, id),
  unique (tenant_id, key),
  foreign key (tenant_id, section_id) references app.sections,
  foreign key (tenant_id, audience_id) references app.audiences,
  foreign key (tenant_id, author_id) references app.people);
create index articles_section on app.articles (tenant_id, section_id, position, id);
-- What of a section is somebody's.
create index articles_read on app.articles (tenant_id, section_id, audience_id) where is_live;
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
create index article_versions_until on app.article_versions (tenant_id, until_change) where until_change is not null;
create index article_versions_author on app.article_versions (tenant_id, author_id);

-- The live ones by what they are found by. about: how it begins. slug: its title in an address.
-- toc: its headings of the second and third level, [{"level", "id", "text"}]. heads: the words of
-- title and keywords, which words has as well. place: who reads it, as app.readable_places()
-- says it: twice an audience of its own, or one more than twice its section.
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
  heads text not null default ' ',
  place bigint not null default 0,
  primary key (tenant_id, article_id, language),
  foreign key (tenant_id, article_id, language, number) references app.article_versions on delete cascade);
-- The pieces of a text's words (app.word_pieces(), schema/search.sql), and behind '=' each of them whole: a text that has a word
-- is told from one that has its pieces in others, without being read. A change of this needs the index made anew.
create or replace function app.article_pieces(tenant bigint, words text) returns tsvector
language sql immutable strict parallel safe
return (
  select coalesce(array_to_tsvector(case when length(words) < 30000 then array_agg(p.key || p.piece)
    else (array_agg(distinct p.key || p.piece collate "C"))[:30000] end), '')
  from (
    select k.key, case when n < 0 then '=' || w.word when w.first between 65 and 90 then left(w.word, 16)
        when w.first >= 11904 then substr(w.word, n / 2 + 1, n % 2 + 1)
        when n < 2 then '^' || left(w.word, n + 1)
        else substr(w.word, n - 1, 3) end as piece
    from (select app.words_key(tenant) || '+' as key offset 0) k
    cross join (select word, ascii(word) as first from string_to_table(trim(words), ' ') x (word) where word <> '') w
    cross join lateral generate_series(case when w.first between 65 and 90 or w.first >= 11904 then 0 else -1 end, case when w.first between 65 and 90 then 0
      when w.first >= 11904 then 2 * length(w.word) - 2 else greatest(length(w.word) - 1, 1) end) n) p);
create index article_texts_pieces on app.article_texts
  using gin (app.article_pieces(tenant_id, words)) with (fastupdate = off);
create index article_texts_heads on app.article_texts
  using gin (app.word_pieces(tenant_id, true, heads)) with (fastupdate = off);

-- What is left of a word without one of its letters, each as a number of the tenant's, and the
-- word: two that differ by one letter have one of them in common. A change of this needs the index made anew.
create or replace function app.slips(tenant bigint, word text) returns bigint[]
language sql immutable strict parallel safe
return (select array_agg(distinct hashtextextended(left(word, n - 1) || substr(word, n + 1), tenant)) from generate_series(1, length(word) + 1) n);

-- The words that texts of articles were ever found by, for who makes a typing error.
create table app.article_words (
  tenant_id bigint not null references app.tenants,
  word text collate "C" not null check (char_length(word) between 4 and 24),
  primary key (tenant_id, word));
create index article_words_slips on app.article_words using gin (app.slips(tenant_id, word)) with (fastupdate = off);

-- Words of a language that mean the same, a group an id. word: as it was written; root: as it is looked up.
create table app.synonyms (
  tenant_id bigint not null references app.tenants,
  id bigint not null,
  language text not null constraint synonyms_language_check check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  position int not null,
  word text not null constraint synonyms_words_check check (char_length(word) between 1 and 60 and app.is_line(word)),
  root text collate "C" not null,
  primary key (tenant_id, id, position));
create index synonyms_root on app.synonyms (tenant_id, language, root);

-- What readers looked for, by day and in which language; nothing of who. hits: what it found the last time.
create table app.kb_searches (
  tenant_id bigint not null references app.tenants,
  day date not null default current_date,
  language text not null,
  q text collate "C" not null check (char_length(q) between 1 and 200),
  count int not null default 1,
  hits int not null,
  clicks int not null default 0,
  primary key (tenant_id, day, language, q));
create index kb_searches_age on app.kb_searches (day);

-- Which articles they went to from there.
create table app.kb_clicks (
  tenant_id bigint not null references app.tenants,
  day date not null default current_date,
  language text not null,
  q text collate "C" not null,
  article_id bigint not null,
  count int not null default 1,
  primary key (tenant_id, day, language, q, article_id),
  foreign key (tenant_id, day, language, q) references app.kb_searches on delete cascade,
  foreign key (tenant_id, article_id) references app.articles on delete cascade);
create index kb_clicks_article on app.kb_clicks (tenant_id, article_id);

-- Where live texts lead, as jobs take it out of them (K3). kind: 1 an article, 2 a picture or file, 3 a heading of its own, 4 elsewhere;
-- key: of what it leads to. trouble: what is amiss, since since. fails: how often in turn it did not answer. It follows from the texts
-- and ties to none, so that jobs and who writes hold nothing that the other one waits for.
create table app.text_links (
  tenant_id bigint not null references app.tenants,
  article_id bigint not null,
  language text not null,
  href text collate "C" not null check (octet_length(href) between 1 and 2000),
  kind smallint not null check (kind between 1 and 4),
  key text collate "C",
  trouble text collate "C" check (trouble in ('gone', 'unpublished', 'narrower', 'heading', 'missing', 'unreachable')),
  since timestamptz,
  asked_at timestamptz,
  fails smallint not null default 0,
  due_at timestamptz,
  primary key (tenant_id, article_id, language, href),
  check ((trouble is null) = (since is null)));
create index text_links_to on app.text_links (tenant_id, key) where key is not null;
create index text_links_trouble on app.text_links (tenant_id, since) where trouble is not null;
create index text_links_elsewhere on app.text_links (tenant_id, href) where kind = 4;
create index text_links_due on app.text_links (due_at) where due_at is not null;

-- What changed since, for that: an article, or a section that others read now, as far as its articles were looked at.
create table app.link_queue (
  tenant_id bigint not null references app.tenants,
  of_section boolean not null,
  id bigint not null,
  after bigint not null default 0,
  primary key (tenant_id, of_section, id));

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

-- Was it helpful? One answer a person, which they may change.
create table app.votes (
  tenant_id bigint not null references app.tenants,
  article_id bigint not null,
  person_id bigint not null,
  language text not null,
  is_helpful boolean not null,
  comment text constraint votes_comment_check check (char_length(comment) between 1 and 2000 and app.is_text(comment)),
  at timestamptz not null default now(),
  primary key (tenant_id, article_id, person_id),
  foreign key (tenant_id, article_id) references app.articles on delete cascade,
  foreign key (tenant_id, person_id) references app.people);
create index votes_person on app.votes (tenant_id, person_id);
create index votes_newest on app.votes (tenant_id, article_id, at);

-- What an article shows or offers, /kb/f/<key>; pictures with their size, where it could be told.
alter table app.files
  add article_id bigint,
  add key text collate "C" constraint files_key_check check (key ~ '^[a-z0-9]{1,32}$'),
  add width int constraint files_width_check check (width between 1 and 9999),
  add height int constraint files_height_check check (height between 1 and 9999),
  add foreign key (tenant_id, article_id) references app.articles on delete set null (article_id),
  add constraint files_article_check check (article_id is null or ticket_id is null and key is not null and state <> 1);
create index files_article on app.files (tenant_id, article_id) where article_id is not null;
create unique index files_key on app.files (tenant_id, key) where key is not null;
-- What nobody has attached ends after a day, in whichever tenant.
create index files_loose on app.files (created_at) where ticket_id is null and article_id is null;

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
