-- Answers that agents give again and again, and what they change of a ticket (W1).

-- A name, texts by language with placeholders, and {status, priority, assignee, tags, team}, each
-- only where it is changed (tags: what is added). Without a person it is the team's.
create table app.macros (
  tenant_id bigint not null references app.tenants,
  id bigint not null default app.new_id(),
  person_id bigint,
  name text not null constraint macros_name_check check (char_length(name) between 1 and 80 and app.is_line(name)),
  texts jsonb not null default '{}' constraint macros_texts_check check (app.texts_fit(texts, 8000, false)),
  change jsonb not null default '{}' constraint macros_change_check check (jsonb_typeof(change) = 'object' and octet_length(change::text) <= 2000),
  primary key (tenant_id, id),
  foreign key (tenant_id, person_id) references app.people on delete cascade);
create index macros_person on app.macros (tenant_id, person_id);
