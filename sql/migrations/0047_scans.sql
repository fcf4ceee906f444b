-- Files that a virus scanner is to look at.
-- It is made anew with the other functions; a table that it takes a row of can get no column.
drop function if exists app.shown_file(app.files);
alter table app.files add column scan_at timestamptz, add column scans smallint not null default 0;
create index files_scan on app.files (scan_at) where state = 2;
