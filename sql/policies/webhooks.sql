-- What the tenant's product is told. The public halves of keys are for
-- anybody; the rest is for its administrators' functions, and jobs.

create policy published on app.grant_keys for select to sportello_app using (
  public is not null and retired_at is null);
grant select on app.grant_keys to sportello_app;

create policy jobs on app.webhooks for select to sportello_jobs using (true);
create policy jobs_update on app.webhooks for update to sportello_jobs using (true) with check (true);
grant select, update (is_on, next_at) on app.webhooks to sportello_jobs;
create policy jobs on app.webhook_deliveries for select to sportello_jobs using (true);
create policy jobs_insert on app.webhook_deliveries for insert to sportello_jobs with check (true);
create policy jobs_update on app.webhook_deliveries for update to sportello_jobs using (true) with check (true);
grant select, insert (tenant_id, event_id, kind, body), update (state, status, answer, next_try_at, sent_at)
  on app.webhook_deliveries to sportello_jobs;
create policy jobs on app.grants for select to sportello_jobs using (true);
grant select on app.grants to sportello_jobs;
