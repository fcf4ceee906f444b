-- A part of a change of many tickets that fails is counted; what fails for a lock comes again soon.
set role sportello_owner;
alter table app.bulk_jobs add column tries smallint not null default 0;
drop function if exists app.set_alarm(app.rules, app.tickets);
reset role;
drop function if exists jobs.put_off(bigint);
