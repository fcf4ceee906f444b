-- A tenant's own provider opens customers' portals to those who followed a link from our mail.
set role sportello_owner;
alter table app.identities add column is_mailed boolean not null default false;
reset role;
drop function if exists auth.sign_on(bigint, text, text, boolean, text, bytea, bytea, text);
drop function if exists auth.sign_on_note(bigint, bigint, text);
