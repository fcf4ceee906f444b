-- Words that agents put on tickets, to find them again (W1). Nobody else hears of them.

create table app.ticket_tags (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  tag text collate "C" not null constraint tags_tag_check check (char_length(tag) between 1 and 40 and app.is_line(tag) and tag = btrim(tag)),
  primary key (tenant_id, ticket_id, tag),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade);
create index ticket_tags_tag on app.ticket_tags (tenant_id, tag, ticket_id);
