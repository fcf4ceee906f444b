-- Files are looked at by turns of the tenants.
set role sportello_owner;
drop index app.files_scan;
create index files_scan on app.files (tenant_id, scan_at) where state = 2;
reset role;
