-- What is told of quotas is told of each kind.
alter table app.quotas add column people_told_at timestamptz, add column storage_told_at timestamptz, add column mails_told_at timestamptz;
update app.quotas set people_told_at = told_at;
alter table app.quotas drop column told_at;
