-- A title that was suggested while somebody typed, and taken, is counted as well (kb_searches.sql).
drop function if exists app.search_went(text, text, text, boolean);
-- Links of live texts are looked at: those of all articles that there are, first.
set role sportello_owner;
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
insert into app.link_queue (tenant_id, of_section, id) select a.tenant_id, false, a.id from app.articles a where a.is_live;
reset role;
