-- Forms are read by functions alone, which show what the asker may know of
-- (functions/forms.sql). An answer is seen where its ticket is, by whom its field
-- is not hidden from.

create policy visible on app.ticket_values for select to sportello_app using (
  app.sees(ticket_id) and (not (select app.has_field_policies()) or app.reads_field(ticket_id, field)));
grant select on app.ticket_values to sportello_app;

-- For mails: is it a problem?
create policy jobs on app.ticket_types for select to sportello_jobs using (true);
grant select (tenant_id, key, is_problem) on app.ticket_types to sportello_jobs;
