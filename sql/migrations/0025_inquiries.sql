-- Identity providers are asked what they are by a process that nobody waits for.
set role sportello_owner;
alter table app.providers
  add column state smallint not null default 2 check (state between 1 and 3),
  add column fault text check (fault ~ '^[a-z]{1,20}$'),
  add column ask_at timestamptz,
  add column asked_at timestamptz;
create index providers_due on app.providers (ask_at) where ask_at is not null;
reset role;
drop function if exists app.create_provider(text, text, text, bytea, text, boolean, boolean, jsonb, text, text);
drop function if exists app.change_provider(bigint, text, boolean, text, boolean, boolean, boolean);
