-- Whether an export can still be made of an older change is asked by index.
set role sportello_owner;
create index if not exists article_versions_until on app.article_versions (tenant_id, until_change) where until_change is not null;
reset role;
