-- Schemas, ids, and checks that several tables share.

create schema if not exists app authorization sportello_owner;
create schema if not exists auth authorization sportello_auth;
create schema if not exists jobs authorization sportello_owner;
create schema if not exists operator authorization sportello_owner;

set role sportello_owner;

-- Random, so that an id tells nothing about how many others there are, and
-- below 2^51, so that a principal made of it (see below) is below 2^53 and
-- JavaScript can hold either.
create or replace function app.new_id() returns bigint
language sql volatile parallel safe
return floor(random() * 2251799813685247)::bigint + 1;

-- Increasing with time (milliseconds since 2024, then ten random bits), so
-- that comments are stored and paged in their order without another index.
create or replace function app.new_time_id() returns bigint
language sql volatile parallel safe
return (floor(extract(epoch from clock_timestamp()) * 1000)::bigint - 1704067200000) * 1024
  + floor(random() * 1024)::bigint;

-- Increasing with time and never the same twice, for rows that many requests write in
-- one moment and that only the tenant's own staff sees (its last bits count).
create sequence app.id_ticks minvalue 0 maxvalue 1023 cycle;
create or replace function app.new_tick_id() returns bigint
language sql volatile
return (floor(extract(epoch from clock_timestamp()) * 1000)::bigint - 1704067200000) * 1024
  + nextval('app.id_ticks');

-- Who a row of ticket_access admits: an id and a kind in one number. Kinds:
-- 0 one person, 1 everybody of an account, 2 the main users and
-- administrators of an account, 3 the staff of a partner account.
create or replace function app.principal(id bigint, kind int) returns bigint
language sql immutable parallel safe
return id * 4 + kind;

-- Text that every output can carry: no character outside XML 1.0.
create or replace function app.is_text(t text) returns boolean
language sql immutable parallel safe
return t !~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]';

-- One line of it.
create or replace function app.is_line(t text) returns boolean
language sql immutable parallel safe
return t !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]';

-- An address as we store it: lower case, one @, nothing that could break out
-- of a mail header or an SMTP command.
create or replace function app.is_email(t text) returns boolean
language sql immutable parallel safe
return char_length(t) <= 254 and t = lower(t)
  and t ~ '^[a-z0-9.!#$%&''*+/=?^_`{|}~-]{1,64}@[a-z0-9](-?[a-z0-9])*(\.[a-z0-9](-?[a-z0-9])*)+$';

-- 256 random bits as text.
create or replace function app.new_token() returns text
language sql volatile parallel safe
return translate(rtrim(encode(sha256(convert_to(
  gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'base64'), '='), '+/', '-_');

-- What is wrong with a name, for a host of a customer's own, in its canonical
-- form (fcgi/host.h); null: nothing. A proof's name, _sportello.<host>, may
-- have 253 characters.
create or replace function app.host_fault(host text) returns text
language sql immutable parallel safe
return case
  when char_length(host) > 242 then 'too_long'
  when host !~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$' then 'host'
  when host ~ '\.[0-9]+$' then 'address'
  when host ~ '(^|\.)(localhost|local|internal|invalid|onion|arpa)$' then 'reserved'
end;

-- What a host lies below: 'base.example' of 'portal.base.example'.
create or replace function app.domain_of(host text) returns text
language sql immutable parallel safe
return regexp_replace(host, '^[^.]*\.?', '');

reset role;
