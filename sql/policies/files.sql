-- Files: what is not attached is its owner's, for a day; what is, is seen as its comment
-- is, or read as its article is, and by who writes that. What is in one is read by the pool that hands it out, once it may be had.

create policy own on app.files for select to sportello_app using (
  ticket_id is null and article_id is null and owner_id = (select auth.person_id()) and created_at > now() - interval '24 hours');
create policy public on app.files for select to sportello_app using (
  ticket_id is not null and not is_internal and app.sees(ticket_id));
create policy internal on app.files for select to sportello_app using (
  is_internal and (select auth.is_agent()) and app.sees(ticket_id));
create policy article on app.files for select to sportello_app using (
  article_id is not null and ((select app.writes_articles())
    or exists (select from app.articles a where a.tenant_id = files.tenant_id and a.id = files.article_id)));
grant select on app.files to sportello_app;

-- A value, not `exists`: of that the planner makes a list of all the tenant's files.
create policy ready on app.file_chunks for select to sportello_app using (
  coalesce((select f.state = 3 from app.files f where f.tenant_id = file_chunks.tenant_id
    and f.id = file_chunks.file_id), false));
grant select on app.file_chunks to sportello_bulk;
