-- Words that agents put on tickets; macros may set them.
set role sportello_owner;
create table app.ticket_tags (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  tag text collate "C" not null constraint tags_tag_check check (char_length(tag) between 1 and 40 and app.is_line(tag) and tag = btrim(tag)),
  primary key (tenant_id, ticket_id, tag),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade);
create index ticket_tags_tag on app.ticket_tags (tenant_id, tag, ticket_id);
alter table app.macros drop constraint macros_change_check;
alter table app.macros add constraint macros_change_check check (jsonb_typeof(change) = 'object' and octet_length(change::text) <= 2000);
reset role;
