-- The database's time, in seconds.
-- => text
-- reads
select extract(epoch from clock_timestamp())::bigint::text
