-- People's photos.
set role sportello_owner;
alter table app.people add photo text check (photo ~ '^[0-9a-f]{32}$');
alter table app.pictures add person_id bigint,
  add constraint pictures_person_key unique (tenant_id, person_id),
  add foreign key (tenant_id, person_id) references app.people on delete cascade;
drop index app.pictures_age;
create index pictures_age on app.pictures (tenant_id, created_at) where person_id is null;
reset role;
