-- Hosts of customers' own: claims, their proofs and certificates; whether
-- tickets are used at a host; sessions that were handed over between hosts.
create or replace function app.new_token() returns text
language sql volatile parallel safe
return translate(rtrim(encode(sha256(convert_to(
  gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'base64'), '='), '+/', '-_');
create or replace function app.host_fault(host text) returns text
language sql immutable parallel safe
return case
  when char_length(host) > 242 then 'too_long'
  when host !~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$' then 'host'
  when host ~ '\.[0-9]+$' then 'address'
  when host ~ '(^|\.)(localhost|local|internal|invalid|onion|arpa)$' then 'reserved'
end;
create or replace function app.domain_of(host text) returns text
language sql immutable parallel safe
return regexp_replace(host, '^[^.]*\.?', '');
alter function app.new_token() owner to sportello_owner;
alter function app.host_fault(text) owner to sportello_owner;
alter function app.domain_of(text) owner to sportello_owner;

set role sportello_owner;
-- Punycode has two hyphens in a row.
alter table app.hosts drop constraint hosts_host_check,
  add constraint hosts_host_check check (host ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$'
    and char_length(host) <= 253),
  add column has_tickets boolean not null default true;
create index hosts_domain on app.hosts (app.domain_of(host)) where is_canonical;
create index tenants_base_domain on app.tenants (base_domain) where base_domain is not null;
alter table app.sessions add column root_id bigint;

-- Names of their own that customers want for a portal, proven or not. A name
-- counts once a record of its domain names the claim's token; then it has a
-- row in app.hosts too.
create table app.host_claims (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  account_id bigint,
  portal_id bigint not null,
  host text not null check (app.host_fault(host) is null),
  -- What a TXT record of _sportello.<host> must say. Random: nobody can have
  -- another one's published for them.
  token text not null default app.new_token() check (token ~ '^[A-Za-z0-9_-]{43}$'),
  -- 1 waits for its proof, 2 on, 3 switched off since the proof is gone,
  -- 4 proven too, but the name is on for another claim whose proof is there.
  state smallint not null default 1 check (state between 1 and 4),
  -- What the last look found: 1 the proof, 2 no record, 3 only others, 4 no
  -- answer. One of the tries that found neither 1 nor 4 is a miss.
  found smallint check (found between 1 and 4),
  checked_at timestamptz,
  check_at timestamptz default now(),
  misses smallint not null default 0,
  missing_since timestamptz,
  proven_at timestamptz,
  -- When somebody last had to do with it: looks become rare with time.
  asked_at timestamptz not null default now(),
  -- Its certificate: when to ask for one, until when it is good, how the last
  -- tries went.
  certificate_due_at timestamptz,
  certificate_ends_at timestamptz,
  certificate_tried_at timestamptz,
  certificate_tries smallint not null default 0,
  certificate_answer text check (char_length(certificate_answer) <= 300 and app.is_line(certificate_answer)),
  added_by bigint,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  constraint host_claims_host_key unique nulls not distinct (tenant_id, account_id, host),
  foreign key (tenant_id, account_id) references app.accounts on delete cascade,
  foreign key (tenant_id, portal_id) references app.portals on delete cascade,
  foreign key (tenant_id, added_by) references app.people on delete set null (added_by));
create index host_claims_portal on app.host_claims (tenant_id, portal_id);
-- What jobs look for, of all tenants; and all who claim one name.
create index host_claims_name on app.host_claims (host);
create index host_claims_due on app.host_claims (check_at) where check_at is not null;
create index host_claims_certificate on app.host_claims (certificate_due_at) where certificate_due_at is not null;
reset role;
update app.hosts set has_tickets = false where not is_canonical;
drop function if exists auth.enter(text, bytea, smallint, boolean, text);
drop function if exists auth.set_context(bigint, bigint, bigint, bigint, bigint, smallint, bigint[], boolean, bigint);
drop function if exists auth.lookup(text, bytea);
