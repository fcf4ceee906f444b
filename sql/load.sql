-- A new database, from nothing: psql -v context=extension
--   -v context_library=/path/sportello_context -f sql/load.sql
-- as a superuser, in an empty database.

\set ON_ERROR_STOP on
\set QUIET on
set client_min_messages = warning;
\ir roles.sql
begin;
-- Functions begin with no right for PUBLIC, whoever makes them.
alter default privileges revoke execute on functions from public;
\ir schema/base.sql
set role sportello_owner;
alter default privileges revoke execute on functions from public;
\ir schema/tenants.sql
\ir schema/people.sql
\ir schema/tickets.sql
\ir schema/files.sql
\ir schema/followers.sql
\ir schema/closing.sql
\ir schema/mentions.sql
\ir schema/grants.sql
\ir schema/settings.sql
\ir schema/looks.sql
\ir schema/one_time.sql
\ir schema/hosts.sql
\ir schema/factors.sql
\ir schema/providers.sql
\ir schema/events.sql
\ir schema/quotas.sql
\ir schema/invitations.sql
\ir schema/pending.sql
\ir schema/webhooks.sql
\ir schema/forms.sql
\ir schema/live.sql
\ir schema/drafts.sql
\ir schema/search.sql
\ir schema/lists.sql
\ir schema/knowledge.sql
\ir schema/signposts.sql
\ir schema/status.sql
\ir schema/calendars.sql
\ir schema/statuses.sql
\ir schema/macros.sql
\ir schema/tags.sql
\ir schema/bulk.sql
\ir schema/teams.sql
\ir schema/service_levels.sql
\ir schema/releases.sql
\ir schema/reports.sql
\ir schema/rules.sql
\ir migrated.sql
reset role;
\ir apply.sql
select format('revoke temporary, create, connect on database %I from public', current_database()) \gexec
select format('grant connect on database %I to sportello_app, sportello_jobs, sportello_operator', current_database()) \gexec
commit;
