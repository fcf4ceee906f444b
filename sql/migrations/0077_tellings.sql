-- What an agent's change tells people waits as a reply does, and is dropped with it.
drop function if exists app.state_priority(app.tickets);
drop function if exists app.start_bulk(jsonb, text, jsonb, text);
drop function if exists app.make_bulk(bigint[], jsonb, bigint);
drop function if exists app.change_answers(bigint, jsonb, jsonb);
set role sportello_owner;
alter table app.bulk_jobs add hold smallint not null default 0 check (hold between 0 and 30);

-- What an agent changed and its readers are not told of yet: what is so at out_at is told
-- then, where it is not what they were told last (told; null: no priority). what: the field.
create table app.held_tellings (
  tenant_id bigint not null references app.tenants,
  ticket_id bigint not null,
  what text not null check (what in ('priority', 'status')),
  person_id bigint not null,
  told smallint,
  out_at timestamptz not null,
  tries smallint not null default 0,
  primary key (tenant_id, ticket_id, what),
  foreign key (tenant_id, ticket_id) references app.tickets on delete cascade,
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index held_tellings_person on app.held_tellings (tenant_id, person_id);
create index held_tellings_due on app.held_tellings (out_at);
reset role;
