-- Articles have pictures and files.
set role sportello_owner;
drop index app.files_loose;
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
reset role;
