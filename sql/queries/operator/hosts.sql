-- Hosts whose certificates are looked at, a line each.
-- => text
-- reads
select auth.operator_hosts()
