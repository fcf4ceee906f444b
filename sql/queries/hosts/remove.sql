-- Takes a host back: it leads nowhere from the next request on.
-- => void
-- writes
-- :claim path bigint
select app.remove_host(:'claim')
