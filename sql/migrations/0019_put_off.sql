-- An event that fails is put off by itself, whoever finds it next.
set role sportello_owner;
alter table app.event_queue add column not_before timestamptz not null default '-infinity';
reset role;
drop function if exists jobs.fan_out(bigint);
drop function if exists jobs.take_event(bigint);
