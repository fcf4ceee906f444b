-- Readers say whether an article was helpful.
set role sportello_owner;
-- Was it helpful? One answer a person, which they may change.
create table app.votes (
  tenant_id bigint not null references app.tenants,
  article_id bigint not null,
  person_id bigint not null,
  language text not null,
  is_helpful boolean not null,
  comment text constraint votes_comment_check check (char_length(comment) between 1 and 2000 and app.is_text(comment)),
  at timestamptz not null default now(),
  primary key (tenant_id, article_id, person_id),
  foreign key (tenant_id, article_id) references app.articles on delete cascade,
  foreign key (tenant_id, person_id) references app.people);
create index votes_person on app.votes (tenant_id, person_id);
create index votes_newest on app.votes (tenant_id, article_id, at);
reset role;
