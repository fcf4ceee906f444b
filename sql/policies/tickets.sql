-- Tickets and their conversation.

create policy visible on app.tickets for select to sportello_app using (
  (at_desk and (select auth.is_agent()))
  or exists (select from app.ticket_access a
    where a.tenant_id = tickets.tenant_id and a.ticket_id = tickets.id
      and a.principal = any ((select auth.principals())::bigint[])));
create policy desk on app.tickets for update to sportello_app
  using (at_desk and (select auth.is_agent()))
  with check (at_desk and (select auth.is_agent()));
-- What has not come to the desk is its partner's to work on.
create policy partner on app.tickets for update to sportello_app
  using (not at_desk and app.principal(app.account_partner(account_id), 3)
    = any ((select auth.principals())::bigint[]))
  with check (not at_desk);
grant select on app.tickets to sportello_app;
grant update (status, priority, assignee_id) on app.tickets to sportello_api;

-- A comment is seen by whoever sees its ticket; an internal note by agents.
-- app.sees() is in sql/context/: as a subquery in the policy, asked anew for
-- each comment, this was the dearest part of a ticket's page.
create policy public on app.comments for select to sportello_app using (
  not is_internal and app.sees(ticket_id));
create policy internal on app.comments for select to sportello_app using (
  is_internal and (select auth.is_agent()) and app.sees(ticket_id));
create policy author on app.comments for insert to sportello_app with check (
  author_id = (select auth.person_id())
  and (not is_internal or (select auth.is_agent()))
  and app.sees(ticket_id));
grant select on app.comments to sportello_app;
grant insert (tenant_id, ticket_id, author_id, is_internal, source, html)
  on app.comments to sportello_api;

create policy own on app.ticket_access for select to sportello_app using (
  principal = any ((select auth.principals())::bigint[]));
grant select on app.ticket_access to sportello_app;

-- Who else follows is told by app.ticket_lists().
create policy own on app.followers for select to sportello_app using (
  person_id = (select auth.person_id()));
grant select on app.followers to sportello_app;

-- pending_shares: app.ticket_lists() tells who is asked.

-- Of two tickets that belong together each shows where both are seen. What follows
-- up or rates one tells that it has ended: not whom that is hidden from. Where a
-- duplicate goes on, everybody must find. What agents link is read by functions alone.
create policy visible on app.ticket_links for select to sportello_app using (
  app.sees(from_id) and app.sees(to_id)
  and (kind in ('split', 'duplicate') or kind = 'follow_up' and (not (select app.has_field_policies()) or app.reads_field(to_id, 'status'))));
grant select on app.ticket_links to sportello_app;
create policy visible on app.ratings for select to sportello_app using (
  app.sees(ticket_id) and (not (select app.has_field_policies()) or app.reads_field(ticket_id, 'status')));
grant select on app.ratings to sportello_app;

-- What one has read, and one's own lists (functions/views.sql).
create policy own on app.seen for select to sportello_app using (
  person_id = (select auth.person_id()));
grant select on app.seen to sportello_app;
-- What is put aside is the desk's to know.
create policy desk on app.snoozes for select to sportello_app using ((select auth.is_agent()));
grant select on app.snoozes to sportello_app;
create policy own on app.views for select to sportello_app using (
  person_id = (select auth.person_id()));
grant select on app.views to sportello_app;

-- ticket_counters: only app.open_ticket().

create policy own on app.idempotency_keys to sportello_app
  using (person_id = (select auth.person_id()))
  with check (person_id = (select auth.person_id()));
grant select, insert on app.idempotency_keys to sportello_api;
