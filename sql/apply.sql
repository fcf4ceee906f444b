-- Everything but tables: safe to run again, in one transaction, by a
-- superuser. An upgrade is the new migrations, then roles.sql, then this.
--
-- psql variables: context (extension | hmac), context_library (path without
-- .so, for the extension).

\set ON_ERROR_STOP on
select :'context' = 'hmac' as use_hmac \gset
\if :use_hmac
\ir context/hmac.sql
\else
\ir context/extension.sql
\endif
\ir door/door.sql
\ir door/lookup.sql
\ir door/one_time.sql
\ir door/support.sql
\ir door/product.sql
\ir door/hand_over.sql
\ir door/mute.sql
\ir functions/people.sql
\ir functions/portals.sql
\ir functions/settings.sql
\ir functions/languages.sql
\ir functions/looks.sql
\ir functions/passwords.sql
\ir functions/support.sql
\ir functions/inviting.sql
\ir functions/invitations.sql
\ir functions/profile.sql
\ir functions/addresses.sql
\ir functions/hosts.sql
\ir functions/host_jobs.sql
\ir functions/tickets.sql
\ir functions/statuses.sql
\ir functions/files.sql
\ir functions/scans.sql
\ir functions/field_access.sql
\ir functions/field_values.sql
\ir functions/forms.sql
\ir functions/ready_form.sql
\ir functions/staff.sql
\ir functions/readers.sql
\ir functions/followers.sql
\ir functions/tags.sql
\ir functions/lists.sql
\ir functions/list_pages.sql
\ir functions/desk.sql
\ir functions/changes.sql
\ir functions/teams.sql
\ir functions/macros.sql
\ir functions/views.sql
\ir functions/closing.sql
\ir functions/split.sql
\ir functions/links.sql
\ir functions/shares.sql
\ir functions/mute.sql
\ir functions/pending.sql
\ir functions/mentions.sql
\ir functions/drafts.sql
\ir functions/held.sql
\ir functions/snoozes.sql
\ir functions/grants.sql
\ir functions/access.sql
\ir functions/accounts.sql
\ir functions/proofs.sql
\ir functions/contacts.sql
\ir functions/quotas.sql
\ir functions/factors.sql
\ir door/factors.sql
\ir door/steps.sql
\ir door/sign_on.sql
\ir functions/providers.sql
\ir functions/live.sql
\ir functions/search.sql
\ir functions/phrases.sql
\ir functions/audiences.sql
\ir functions/sections.sql
\ir functions/editions.sql
\ir functions/articles.sql
\ir functions/text_links.sql
\ir functions/kb_exports.sql
\ir functions/imports.sql
\ir functions/votes.sql
\ir functions/status.sql
\ir functions/status_mail.sql
\ir functions/incident_tickets.sql
\ir functions/kb_search.sql
\ir functions/article_files.sql
\ir functions/article_pages.sql
\ir functions/synonyms.sql
\ir functions/kb_searches.sql
\ir functions/signposts.sql
\ir functions/releases.sql
\ir functions/bulk.sql
\ir functions/calendars.sql
\ir functions/service_level.sql
\ir functions/clocks.sql
\ir functions/history.sql
\ir functions/requester.sql
\ir functions/rules.sql
\ir functions/rule_time.sql
\ir functions/rule_pages.sql
\ir functions/reports.sql
\ir functions/simulate.sql
\ir functions/triggers.sql
\ir functions/notices.sql
\ir functions/webhooks.sql
\ir functions/ticket_mail.sql
\ir functions/jobs.sql
\ir functions/operator.sql

-- Each object to its owner: the door's functions and those that find work
-- across tenants to sportello_auth, everything else to sportello_owner.
do $$
declare
  o record;
begin
  for o in select c.oid::regclass as name, n.nspname from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('app', 'auth') and c.relkind = 'r' loop
    execute format('alter table %s owner to %s', o.name,
      case o.nspname when 'auth' then 'sportello_auth' else 'sportello_owner' end);
  end loop;
  for o in select p.oid::regprocedure as name, n.nspname, p.proname, p.prosecdef from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
      where n.nspname in ('app', 'auth', 'jobs', 'operator') loop
    execute format('alter routine %s owner to %s', o.name,
      case when o.nspname = 'auth' or o.nspname = 'jobs' and o.prosecdef
        then 'sportello_auth' else 'sportello_owner' end);
  end loop;
end $$;

\ir policies/template.sql
\ir policies/tenants.sql
\ir policies/people.sql
\ir policies/tickets.sql
\ir policies/files.sql
\ir policies/forms.sql
\ir policies/grants.sql
\ir policies/webhooks.sql
\ir policies/settings.sql
\ir policies/looks.sql
\ir policies/hosts.sql
\ir policies/knowledge.sql
\ir policies/providers.sql
\ir policies/jobs.sql
\ir policies/operator.sql
\ir policies/door.sql
\ir policies/functions.sql
