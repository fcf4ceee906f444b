-- Idempotency keys are written once, with the answer; texts are counted by jobs.
drop trigger if exists comment_counted on app.comments;
drop function if exists app.comment_counted(), app.count_mails(bigint),
  app.replayed(text, text, text), app.remember(text, text, json);
set role sportello_owner;
delete from app.idempotency_keys where answer is null;
alter table app.idempotency_keys alter column answer set not null;
create type app.sent as (route text, key text, fingerprint bytea, answer json);
reset role;
