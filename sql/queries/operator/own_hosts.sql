-- The customers' own hosts of the tenant that was entered, a line each.
-- => text
-- reads
select operator.own_hosts()
