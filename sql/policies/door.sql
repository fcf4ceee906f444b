-- The door's owner is the one role that looks across tenants, in these tables
-- and for these acts only.

create policy door on app.hosts to sportello_auth using (true) with check (true);
create policy door on app.host_claims to sportello_auth using (true) with check (true);
create policy door on app.tenants for select to sportello_auth using (true);
create policy door on app.memberships for select to sportello_auth using (true);
create policy door on app.settings for select to sportello_auth using (true);
create policy door on app.portals for select to sportello_auth using (true);
create policy door on app.people for select to sportello_auth using (true);
create policy door on app.credentials for select to sportello_auth using (true);
create policy door on app.sessions to sportello_auth using (true) with check (true);
create policy door on app.grants to sportello_auth using (true);
create policy door on app.grant_keys to sportello_auth using (true) with check (true);
create policy door on app.webhooks to sportello_auth using (true);
create policy door on app.webhook_deliveries to sportello_auth using (true);
create policy door on app.grant_visits for insert to sportello_auth with check (true);
create policy door on app.one_time to sportello_auth using (true) with check (true);
create policy door on app.totps to sportello_auth using (true) with check (true);
create policy door on app.passkeys to sportello_auth using (true) with check (true);
create policy door on app.recovery_codes to sportello_auth using (true) with check (true);
create policy door on app.providers to sportello_auth using (true) with check (true);
create policy door on app.identities to sportello_auth using (true) with check (true);
create policy door on app.events to sportello_auth using (true) with check (true);
create policy door on app.event_queue to sportello_auth using (true) with check (true);
create policy door on app.deliveries to sportello_auth using (true) with check (true);
create policy door on app.idempotency_keys to sportello_auth using (true);
create policy door on app.email_changes for select to sportello_auth using (true);
create policy door on app.files to sportello_auth using (true) with check (true);
create policy door on app.drafts to sportello_auth using (true);
create policy door on app.held_comments to sportello_auth using (true);
create policy door on app.listeners to sportello_auth using (true);
create policy door on app.article_texts for select to sportello_auth using (true);
create policy door on app.ticket_words for select to sportello_auth using (true);
create policy door on app.search_queue to sportello_auth using (true);
create policy door on app.presence to sportello_auth using (true) with check (true);
create policy door on app.seen to sportello_auth using (true);
create policy door on app.calendars to sportello_auth using (true) with check (true);
create policy door on app.ticket_clocks to sportello_auth using (true);
create policy door on app.rule_turns to sportello_auth using (true);
create policy door on app.bulk_jobs to sportello_auth using (true) with check (true);
create policy door on app.closed_channels to sportello_auth using (true) with check (true);

grant select on app.tenants, app.hosts, app.portals, app.people, app.credentials to sportello_auth;
grant insert, delete, update (is_on) on app.hosts to sportello_auth;
grant select, update on app.host_claims to sportello_auth;
grant select on app.memberships, app.settings to sportello_auth;
grant select, insert, delete, update (seen_at, root_id, expires_at, proved_at) on app.sessions to sportello_auth;
grant select on app.email_changes to sportello_auth;
grant select, delete on app.listeners to sportello_auth;
grant select (tenant_id, person_id, portal_id, place, updated_at), delete on app.drafts to sportello_auth;
grant select (tenant_id, id, author_id, out_at, held_at, stopped), update (tries), delete on app.held_comments to sportello_auth;
grant select, delete on app.seen to sportello_auth;
grant select, insert, delete, update on app.closed_channels to sportello_auth;
grant select, update (told) on app.presence to sportello_auth;
grant select (tenant_id, id, feed_url, due_at), update (due_at, feed_asked_at) on app.calendars to sportello_auth;
grant update (scan_at, scans) on app.files to sportello_auth;
grant select, update (ended_at) on app.grants to sportello_auth;
grant select, insert, update (public) on app.grant_keys to sportello_auth;
grant select, update (next_at) on app.webhooks to sportello_auth;
grant select, update (attempts, next_try_at) on app.webhook_deliveries to sportello_auth;
grant insert on app.grant_visits to sportello_auth;
grant select, insert, update, delete on app.one_time to sportello_auth;
grant select, insert, update, delete on app.totps, app.passkeys, app.recovery_codes,
  app.identities to sportello_auth;
grant select, update (parts, keys, keys_at, state, fault, ask_at, asked_at) on app.providers to sportello_auth;
grant insert, select (tenant_id, id, created_at) on app.events to sportello_auth;
grant select, insert, update, delete on app.event_queue to sportello_auth;
grant select (tenant_id, id, state, attempts, next_try_at),
  update (attempts, next_try_at) on app.deliveries to sportello_auth;
grant select (tenant_id, person_id, route, key, created_at), delete
  on app.idempotency_keys to sportello_auth;
grant select (tenant_id, id, ticket_id, created_at, state, size, scan_at, scans) on app.files to sportello_auth;
grant select (tenant_id, ticket_id, kind, alarm_at), update (alarm_at) on app.ticket_clocks to sportello_auth;
grant select, update on app.rule_turns to sportello_auth;
grant select (tenant_id, id, person_id, state, due_at), update (due_at) on app.bulk_jobs to sportello_auth;
grant select on app.ticket_words to sportello_auth;
grant select (tenant_id, article_id, words) on app.article_texts to sportello_auth;
grant select, update, delete on app.search_queue to sportello_auth;
