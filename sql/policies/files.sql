-- Files: what is not attached is its owner's; what is, is seen as its comment
-- is. What is in one is read by the pool that hands it out, once it may be had.

create policy own on app.files for select to sportello_app using (
  ticket_id is null and owner_id = (select auth.person_id()));
create policy public on app.files for select to sportello_app using (
  ticket_id is not null and not is_internal and app.sees(ticket_id));
create policy internal on app.files for select to sportello_app using (
  is_internal and (select auth.is_agent()) and app.sees(ticket_id));
grant select on app.files to sportello_app;

create policy ready on app.file_chunks for select to sportello_app using (
  exists (select from app.files f where f.tenant_id = file_chunks.tenant_id
    and f.id = file_chunks.file_id and f.state = 3));
grant select on app.file_chunks to sportello_bulk;
