-- What can't be taken in is tried less and less often.
drop function if exists app.queue_again(bigint, bigint, boolean, interval);
alter table app.search_queue add column tries smallint not null default 0;
