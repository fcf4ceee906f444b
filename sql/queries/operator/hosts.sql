-- Hosts whose certificates are looked at, a line each; a customer's own: ~host.
-- => text
-- reads
select auth.operator_hosts()
