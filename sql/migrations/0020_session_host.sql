-- A session is good at the host it was made at.
set role sportello_owner;
alter table app.sessions add column host text check (char_length(host) <= 253);
reset role;
drop function if exists auth.arrive(text, text, text, bytea, bytea);
drop function if exists auth.set_context(bigint, bigint, bigint, bigint, bigint, smallint, bigint[], boolean, bigint, boolean);
