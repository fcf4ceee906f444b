-- Of maintenance it is said when it begins and when it ends: of what is to come.
set role sportello_owner;
alter table app.incidents add column clock_at timestamptz;
update app.incidents set clock_at = case when starts_at > now() then starts_at else ends_at end where kind = 'maintenance' and ends_at > now();
create index incidents_clock on app.incidents (clock_at) where clock_at is not null;
reset role;
