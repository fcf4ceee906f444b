-- Hosts of one's own for the portals here that one administers.
-- => json
-- reads
select app.list_hosts()
