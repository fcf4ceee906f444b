-- What jobs read and write inside the tenant they entered.

do $$
declare
  t text;
begin
  foreach t in array array['tenants', 'accounts', 'portals', 'hosts', 'people',
      'support_contacts', 'contact_refusals', 'invitations', 'confirmations', 'tickets', 'comments', 'ticket_items', 'files', 'ticket_access', 'followers', 'mentions', 'events', 'deliveries', 'listeners'] loop
    execute format('create policy jobs on app.%I for select to sportello_jobs using (true)', t);
    execute format('grant select on app.%I to sportello_jobs', t);
  end loop;
end $$;
create policy jobs_insert on app.deliveries for insert to sportello_jobs with check (true);
create policy jobs_update on app.deliveries for update to sportello_jobs using (true) with check (true);
grant insert (tenant_id, event_id, email, person_id, reason) on app.deliveries to sportello_jobs;
grant update (state, attempts, answer, next_try_at, sent_at) on app.deliveries to sportello_jobs;
