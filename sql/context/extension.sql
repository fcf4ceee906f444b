-- The context in a backend variable: context.h. One function here, one there.

create or replace function auth.set_context(
  tenant bigint, portal bigint, account bigint, person bigint, session bigint,
  rank smallint, principals bigint[], read_only boolean, support_grant bigint default null,
  tickets boolean default true, host text default null)
returns void language c volatile as :'context_library', 'sportello_set_context';

create or replace function auth.enter(
  host text, token bytea, who smallint, writes boolean, page text default null,
  tickets boolean default false)
returns void language c volatile security definer
as :'context_library', 'sportello_enter';

create or replace function auth.tenant_id() returns bigint
language c stable leakproof parallel restricted
as :'context_library', 'sportello_tenant_id';

create or replace function auth.portal_id() returns bigint
language c stable leakproof parallel restricted
as :'context_library', 'sportello_portal_id';

create or replace function auth.account_id() returns bigint
language c stable leakproof parallel restricted
as :'context_library', 'sportello_account_id';

create or replace function auth.person_id() returns bigint
language c stable leakproof parallel restricted
as :'context_library', 'sportello_person_id';

create or replace function auth.session_id() returns bigint
language c stable leakproof parallel restricted
as :'context_library', 'sportello_session_id';

create or replace function auth.grant_id() returns bigint
language c stable leakproof parallel restricted
as :'context_library', 'sportello_grant_id';

create or replace function auth.rank() returns smallint
language c stable leakproof parallel restricted
as :'context_library', 'sportello_rank';

create or replace function auth.is_agent() returns boolean
language c stable leakproof parallel restricted
as :'context_library', 'sportello_is_agent';

create or replace function auth.host() returns text
language c stable leakproof parallel restricted
as :'context_library', 'sportello_host';

create or replace function auth.has_tickets() returns boolean
language c stable leakproof parallel restricted
as :'context_library', 'sportello_has_tickets';

create or replace function auth.principals() returns bigint[]
language c stable leakproof parallel restricted
as :'context_library', 'sportello_principals';

-- Is a ticket seen, as its policy says; and names for ids that came out of
-- rows the asker may see. Ids are random, so the last resolves what one has
-- and lists nothing.
create or replace function app.sees(ticket bigint) returns boolean
language c stable strict parallel restricted cost 30
as :'context_library', 'sportello_sees';

-- The same of anybody: for the owner's functions.
create or replace function app.sees_as(ticket bigint, rank smallint, principals bigint[]) returns boolean
language c stable strict parallel restricted cost 30
as :'context_library', 'sportello_sees_as';

create or replace function app.names(ids bigint[], account bigint default null) returns json
language c stable parallel restricted
as :'context_library', 'sportello_names';

create or replace function app.ticket_people(ticket bigint) returns bigint[]
language c stable strict parallel restricted
as :'context_library', 'sportello_ticket_people';

create or replace function app.tenant_name() returns text
language c stable parallel restricted
as :'context_library', 'sportello_tenant_name';

create or replace function app.account_name(id bigint) returns text
language c stable strict parallel restricted
as :'context_library', 'sportello_account_name';

create or replace function app.account_partner(id bigint) returns bigint
language c stable strict parallel restricted
as :'context_library', 'sportello_account_partner';

create or replace function app.portal_name(id bigint) returns text
language c stable strict parallel restricted
as :'context_library', 'sportello_portal_name';

-- Are contacts of an account asked, and has none said yes yet?
create or replace function app.awaits_contacts(account bigint) returns boolean
language c stable strict parallel restricted
as :'context_library', 'sportello_awaits_contacts';

-- Has the tenant any word on who sees which field?
create or replace function app.has_field_policies() returns boolean
language c stable parallel restricted
as :'context_library', 'sportello_has_field_policies';

-- Does the tenant keep a service level?
create or replace function app.has_service_level() returns boolean
language c stable parallel restricted
as :'context_library', 'sportello_has_service_level';

-- Where a setting is set nearest to a portal; the asker's roles where they are,
-- and whether they confirmed their address there.
create or replace function app.set_value(name text, account bigint, portal bigint) returns text
language c stable parallel restricted
as :'context_library', 'sportello_set_value';

create or replace function app.roles_here() returns text[]
language c stable parallel restricted
as :'context_library', 'sportello_roles_here';

create or replace function app.is_confirmed() returns boolean
language c stable parallel restricted
as :'context_library', 'sportello_is_confirmed';
