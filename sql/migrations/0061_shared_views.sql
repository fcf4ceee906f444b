-- Agents share lists of the queue with each other.
set role sportello_owner;
alter table app.views add is_shared boolean not null default false check (not is_shared or place = 'queue');
create index views_shared on app.views (tenant_id) where is_shared;
drop function if exists app.change_view(bigint, text, text, bigint);
reset role;
